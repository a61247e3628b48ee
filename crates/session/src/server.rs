use super::EndpointDraft;
use cruxboard_domain::Millis;

/// A request to the open board's server, besides syncing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerWish {
    /// Lists the invitations made in this browser.
    Invitations,
    /// Creates a token for a guest.
    Invite {
        /// The guest's name, for the list of invitations.
        name: String,
        /// The name of the person on the board whom the invitation is for; empty if nobody was chosen. It is
        /// only in the link.
        guest: String,
        /// Whether the guest may write; otherwise the guest may only read.
        may_write: bool,
        /// Number of days that the token is valid; `None` until it is revoked.
        days: Option<u32>,
    },
    /// Revokes the invitation with this id.
    Revoke(String),
    /// Lists the snapshots stored on the server.
    Snapshots,
    /// Stores a snapshot on the server.
    Host {
        /// The snapshot's title, for the list.
        title: String,
        /// The encrypted snapshot, as the text of a file.
        sealed: String,
        /// The key that decrypts the snapshot. It is not sent.
        key: String,
        /// Number of days that the server keeps the snapshot.
        days: u32,
    },
    /// Deletes the snapshot with this id from the server.
    TakeBack(String),
}

/// The server's answer to a [`ServerWish`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerAnswer {
    /// The link that was created; empty if none was.
    pub link: String,
    /// All invitations or snapshots there are now, latest first.
    pub kept: Vec<Kept>,
}

/// An invitation or a snapshot on the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The server's id of it.
    pub id: String,
    /// Its name, as far as this browser knows it.
    pub name: String,
    /// For a snapshot, its size; for an invitation, its rights.
    pub what: String,
    /// Time at which it expires.
    pub ends_at: Option<Millis>,
    /// Whether it was revoked before it expired.
    pub is_revoked: bool,
    /// Its link; empty if this browser does not know it.
    pub link: String,
}

/// The target of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Linked {
    /// A board's endpoint, with the credential.
    Invitation {
        /// The endpoint.
        endpoint: EndpointDraft,
        /// The name of the person on the board whom it is for; empty if nobody was chosen.
        guest: String,
    },
    /// An encrypted snapshot on a server.
    Snapshot {
        /// The server's address; empty for the server that the page came from.
        at: String,
        /// The server's id of the snapshot.
        id: String,
        /// The key that decrypts the snapshot.
        key: String,
    },
}
