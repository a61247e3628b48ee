//! Addresses: formats and parses all of them (`boot.js` also knows the address of the first
//! screen).
//!
//! They are in the URL fragment, so the app works from any static file server and in any folder,
//! and an address never reaches a server's log. Example: `#/<board>/crux/<id>?sort=due&tag=x`.

mod mending;
mod parsing;
mod percent;
mod query;
mod screen;
mod spelling;
#[cfg(test)]
mod tests;

use cruxboard_domain::BoardId;
use cruxboard_domain::import::clipping::Clipping;
use cruxboard_domain::view::{Filter, Sort};

pub use self::screen::{AnalysisPart, ReviewStep, Screen};

/// The address of the form for joining a board by its endpoint.
pub const TO_JOIN: &str = "#/join";
/// The address of the first step of beginning a board.
pub const TO_NEW_BOARD: &str = "#/new";
/// The address of backups.
pub const TO_BACKUPS: &str = "#/backups";
/// The first segment of an invitation's address, in place of a board's id.
const JOIN: &str = "join";
/// The header, and the prefix of its value, with which most endpoints authenticate requests.
const AUTHORIZATION: &str = "Authorization";
const BEARER: &str = "Bearer ";
/// The first segment of the address of a snapshot on a server.
const HOSTED: &str = "h";
/// The first segment of the addresses of the steps of beginning a board, in place of a board's id.
const NEW: &str = "new";
/// The first segment of the address of backups, in place of a board's id.
const BACKUPS: &str = "backups";
/// The first segment of the address that adds a shared text or link to a board.
const SAVE: &str = "save";
/// The prefix of the address of a snapshot; no board's id looks like it.
const SNAPSHOT: &str = "/s/";

/// Returns whether a fragment, with its `#`, is the address of the first screen.
#[must_use]
pub fn is_start(fragment: &str) -> bool {
    let address = fragment.strip_prefix('#').unwrap_or(fragment);
    let path = address.split('?').next().unwrap_or_default();
    path.bytes().all(|byte| byte == b'/')
}

/// A screen and its parameters.
#[derive(Clone, Debug, PartialEq)]
pub enum Route {
    /// The first screen: opens the example, a new board, a file, or a board of this browser.
    Start,
    /// A screen of one board.
    Board(BoardId, Screen),
    /// A step of beginning a board.
    NewBoard(NewBoardStep),
    /// An invitation to a board that is stored at an endpoint.
    Join(Invitation),
    /// A snapshot that is contained in the address: see [`cruxboard_domain::snapshot::link`].
    Snapshot(String),
    /// An encrypted snapshot on a server, with the key.
    Hosted(HostedLink),
    /// Backups: export and import of all boards as one file.
    Backups,
    /// A shared text or link, to be saved as evidence on a board of this browser.
    Save(Clipping),
    /// No screen has this address.
    Unknown,
}

/// A board's endpoint, with the credential.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invitation {
    /// The address of the board at the endpoint.
    pub address: String,
    /// The name of the header that carries the credential; empty for none.
    pub header: String,
    /// The header's value.
    pub value: String,
    /// The name of the person on the board whom it is for; empty if nobody was chosen.
    pub guest: String,
}

/// The location of an encrypted snapshot, and its key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostedLink {
    /// The server's address; empty for the one that this page came from.
    pub at: String,
    /// The server's id of the snapshot.
    pub id: String,
    /// The key, which no browser sends to a server; empty if it was handed over separately.
    pub key: String,
}

/// A step of beginning a board.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NewBoardStep {
    /// The decision question.
    #[default]
    Question,
    /// The people.
    People,
    /// The first cruxes.
    Cruxes,
}

impl NewBoardStep {
    /// All steps, in order.
    pub const ALL: [Self; 3] = [Self::Question, Self::People, Self::Cruxes];

    const fn key(self) -> &'static str {
        match self {
            Self::Question => "",
            Self::People => "people",
            Self::Cruxes => "cruxes",
        }
    }

    fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.key() == key)
    }
}

impl Route {
    /// Returns the same screen without filter, in the board's own order.
    #[must_use]
    pub fn unfiltered(&self) -> Self {
        let Self::Board(board, screen) = self else {
            return self.clone();
        };
        let screen = match screen {
            Screen::Cruxes(..) => Screen::Cruxes(Filter::default(), Sort::Own),
            Screen::Evidence(_) => Screen::Evidence(Filter::default()),
            Screen::FollowUps(_) => Screen::FollowUps(Filter::default()),
            other => other.clone(),
        };
        Self::Board(*board, screen)
    }

    /// Returns the filter in the address; empty for a screen without one.
    #[must_use]
    pub fn filter(&self) -> Filter {
        match self {
            Self::Board(
                _,
                Screen::Cruxes(filter, _) | Screen::Evidence(filter) | Screen::FollowUps(filter),
            ) => filter.clone(),
            _ => Filter::default(),
        }
    }

    /// Returns the board that the address is about.
    #[must_use]
    pub fn board(&self) -> Option<BoardId> {
        match self {
            Self::Board(board, _) => Some(*board),
            Self::Start
            | Self::NewBoard(_)
            | Self::Join(_)
            | Self::Snapshot(_)
            | Self::Hosted(_)
            | Self::Backups
            | Self::Save(_)
            | Self::Unknown => None,
        }
    }
}
