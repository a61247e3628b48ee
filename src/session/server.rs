use super::EndpointDraft;

/// What the open board's server can be asked for, besides keeping the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerWish {
    /// Which invitations were made here.
    Invitations,
    /// A token of its own for a guest.
    Invite {
        /// For whom.
        name: String,
        /// Whether they may write, or only read.
        may_write: bool,
        /// For how many days; `None`: until it is revoked.
        days: Option<u32>,
    },
    /// That an invitation opens nothing any more.
    Revoke(String),
    /// Which snapshots are kept there.
    Snapshots,
    /// To keep a snapshot.
    Host {
        /// What readers see above it, for the list.
        title: String,
        /// Sealed, as the text of a file.
        sealed: String,
        /// What opens it; not sent.
        key: String,
        /// For how many days.
        days: u32,
    },
    /// That a snapshot is there no more.
    TakeBack(String),
}

/// What the server said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerAnswer {
    /// The link that was made, if one was.
    pub link: String,
    /// All there are now, latest first.
    pub kept: Vec<Kept>,
}

/// An invitation, or a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What the server calls it.
    pub id: String,
    /// What people call it, as far as that is known here.
    pub name: String,
    /// How large it is, of a snapshot; what it allows, of an invitation.
    pub what: String,
    /// When it ends, in Unix milliseconds.
    pub ends_at: Option<u64>,
    /// Whether it was ended before.
    pub is_revoked: bool,
    /// Its link, where this browser knows it.
    pub link: String,
}

/// What a link leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Linked {
    /// A board's endpoint, with what proves that one may come in.
    Invitation(EndpointDraft),
    /// A sealed snapshot on a server.
    Snapshot {
        /// The server's address; empty: the one that the page came from.
        at: String,
        /// What the server calls it.
        id: String,
        /// What opens it.
        key: String,
    },
}
