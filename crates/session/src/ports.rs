//! Ports: functions that pages call to reach the world outside the board. The composition root
//! implements them by the platform and provides them as context.

mod board;

use std::fmt;
use std::str::FromStr;

use cruxboard_domain::record::{Answer, PersonId, RoundId};
use cruxboard_domain::snapshot::link::{Folded, Parcel};
use cruxboard_domain::t;
use leptos::prelude::*;

pub use self::board::{BoardPort, BoardReading, CopyAsk, CopyOnto};
use crate::{EndpointDraft, ServerAnswer, ServerWish, Tested};

/// Files, the clipboard and paper.
#[derive(Clone, Copy)]
pub struct FilePort {
    /// Downloads the open board as a file.
    pub download: Callback<()>,
    /// Downloads the damaged rows that were set aside.
    pub download_set_aside: Callback<()>,
    /// Downloads a text as a file. Arguments: file name without extension, kind of file, text.
    pub save: Callback<(String, FileSort, String)>,
    /// Copies a text to the clipboard and confirms it with a notice.
    pub copy: Callback<String>,
    /// Prints the page.
    pub print: Callback<()>,
}

/// The endpoint of the open board.
#[derive(Clone, Copy)]
pub struct EndpointPort {
    /// Tests an endpoint and writes the result into the signal.
    pub test: Callback<(EndpointDraft, RwSignal<Option<Tested>>)>,
    /// Connects the open board to an endpoint; `None` disconnects it.
    pub connect: Callback<Option<EndpointDraft>>,
    /// Fetches the board at an endpoint and connects it.
    pub join: Callback<JoinAsk>,
    /// Sends a request to the open board's server that is not about syncing, such as for an
    /// invitation.
    pub ask_server: Callback<ServerAsk>,
    /// Returns a link that connects somebody else to the open board's endpoint, with this browser's
    /// credential. The argument is the name of the person on the board whom it is for, or empty.
    pub own_invitation: Callback<String, String>,
    /// Syncs with the endpoint at once.
    pub sync_now: Callback<()>,
    /// Returns the address under which a server that also serves the app would store the open
    /// board.
    pub own_address: Callback<(), String>,
}

/// A request to join the board at an endpoint.
#[derive(Clone)]
pub struct JoinAsk {
    /// The endpoint.
    pub endpoint: EndpointDraft,
    /// The name of the person on the board whom the invitation is for; empty if nobody was chosen.
    pub guest: String,
    /// Whether joining a board that is here already with another address is confirmed.
    pub is_sure: bool,
    /// Receives the progress, and the reason of a failure.
    pub said: RwSignal<Option<Tested>>,
}

/// The colours of the page on this device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// All themes.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// Returns the name under which it is stored.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Returns the name that people see.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::System => t!("System"),
            Self::Light => t!("Light"),
            Self::Dark => t!("Dark"),
        }
    }
}

impl fmt::Display for Theme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl FromStr for Theme {
    type Err = ();

    fn from_str(key: &str) -> Result<Self, ()> {
        let theme = Self::ALL.into_iter().find(|theme| theme.key() == key);
        theme.ok_or(())
    }
}

/// The language of the app on this device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// The first of the browser's languages that the app has.
    #[default]
    System,
    /// English, the language of the texts in the code.
    English,
    /// German.
    German,
}

impl Language {
    /// All languages.
    pub const ALL: [Self; 3] = [Self::System, Self::English, Self::German];

    /// Returns the name under which it is stored, and for a language that of its file.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// Returns the name that people see: that of a language is in the language itself.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::System => t!("As the browser"),
            Self::English => "English",
            Self::German => "Deutsch",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl FromStr for Language {
    type Err = ();

    fn from_str(key: &str) -> Result<Self, ()> {
        let language = Self::ALL.into_iter().find(|it| it.key() == key);
        language.ok_or(())
    }
}

/// Settings of this device.
#[derive(Clone, Copy)]
pub struct DevicePort {
    /// Returns the chosen language.
    pub language: fn() -> Language,
    /// Stores a language, and loads the page anew in it.
    pub choose_language: fn(Language),
    /// The chosen theme, also if it was chosen in another tab.
    pub theme: RwSignal<Theme>,
    /// Stores a theme for all tabs, and applies it.
    pub choose_theme: Callback<Theme>,
    /// Chooses the person who edits on this device.
    pub choose_me: Callback<Option<PersonId>>,
    /// Returns a remembered yes or no by its name, such as whether the tour was seen or a section
    /// is open.
    pub remembered: Callback<&'static str, Option<bool>>,
    /// Stores a yes or no under a name.
    pub remember: Callback<(&'static str, bool)>,
    /// Returns a choice on a screen by its key, as it was last left in this tab.
    pub choice: Callback<String, Option<String>>,
    /// Keeps a choice under its key until the tab is closed.
    pub keep_choice: Callback<(String, String)>,
    /// Hides the reminder of backups for a week.
    pub put_reminder_off: Callback<()>,
    /// Reloads the tab with the newer build of the app, which is stored already.
    pub reload_into_update: Callback<()>,
    /// Returns the address of the app, without the fragment.
    pub app_address: fn() -> String,
}

/// The answers of a person in a round to be sealed, and a callback that is told whether it worked.
pub type SealAnswers = ((RoundId, PersonId), Vec<Answer>, Callback<bool>);

/// A failed request to the world outside the board: the reason, in words for the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortError(String);

impl From<String> for PortError {
    fn from(words: String) -> Self {
        Self(words)
    }
}

impl From<&str> for PortError {
    fn from(words: &str) -> Self {
        Self(words.to_owned())
    }
}

impl fmt::Display for PortError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PortError {}

/// Receives the result of a request. A plain function, since each kind of Leptos callback adds a
/// kilobyte to the download.
pub type Done<T> = Box<dyn FnOnce(Result<T, PortError>)>;

/// Content to encrypt.
pub struct Sealing {
    /// The bytes to encrypt.
    pub content: Folded,
    /// The passphrase; `None` to generate a key.
    pub passphrase: Option<String>,
    /// Receives the encrypted parcel and the generated key (empty with a passphrase).
    pub done: Done<(Parcel, String)>,
}

/// An encrypted parcel to decrypt.
pub struct Unsealing {
    /// The encrypted parcel.
    pub parcel: Parcel,
    /// The passphrase or the key.
    pub secret: String,
    /// Receives the decrypted bytes.
    pub done: Done<Folded>,
}

/// A request to the open board's server.
pub struct ServerAsk {
    /// The request.
    pub wish: ServerWish,
    /// Receives the server's answer.
    pub done: Done<ServerAnswer>,
}

/// A snapshot to fetch from a server.
pub struct Fetching {
    /// The address of the board on its server.
    pub at: String,
    /// The snapshot's id on that server.
    pub id: String,
    /// Receives the text of the encrypted file.
    pub done: Done<String>,
}

/// The kind of a downloaded file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileSort {
    /// A snapshot, as readable JSON.
    Snapshot,
    /// An HTML page that opens from a disk.
    Html,
    /// Markdown.
    Markdown,
    /// A table for spreadsheets (CSV).
    Csv,
    /// Dates for a calendar (iCalendar).
    Calendar,
    /// A picture (SVG).
    Svg,
}

/// Size in bytes from which a pasted text is set as the field's value. As an insertion that the
/// browser can undo, many lines would take minutes.
const SET_AT_ONCE: usize = 20_000;

/// Files and encryption, for the screens that share and import.
#[derive(Clone, Copy)]
pub struct Exchange {
    /// Returns the HTML in the clipboard that accompanies the pasted text.
    pub pasted_markup: fn(&leptos::ev::ClipboardEvent) -> Option<String>,
    /// Returns the pasted text.
    pub pasted_text: fn(&leptos::ev::ClipboardEvent) -> Option<String>,
    /// Lets the person choose a table file, and passes its text on.
    pub pick_table: Callback<Callback<String>>,
    /// Encrypts the content of a snapshot.
    pub seal: fn(Sealing),
    /// Runs a function after the browser has painted the present state.
    pub soon: fn(Box<dyn FnOnce()>),
    /// Runs a function after a pause that is longer than between two keys of somebody who types.
    pub after_pause: fn(Box<dyn FnOnce()>),
}

impl Exchange {
    /// Returns the pasted text if it is at least `SET_AT_ONCE` bytes long.
    #[must_use]
    pub fn long_paste(&self, event: &leptos::ev::ClipboardEvent) -> Option<String> {
        (self.pasted_text)(event).filter(|text| text.len() >= SET_AT_ONCE)
    }

    /// Returns the instance that the composition root has provided.
    #[must_use]
    pub fn from_context() -> Self {
        #[expect(
            clippy::expect_used,
            reason = "the composition root provides it before any page"
        )]
        use_context().expect("the outside of the app")
    }
}

/// Pictures, for the screens that share and that show charts.
#[derive(Clone, Copy)]
pub struct Drawing {
    /// Downloads a picture as PNG, or copies it. Arguments: file name, SVG, whether to copy.
    pub picture: Callback<(String, String, bool)>,
    /// Returns an address under which an SVG picture can be shown.
    pub address: fn(&str) -> String,
}

impl Drawing {
    /// Returns the instance that the composition root has provided.
    #[must_use]
    pub fn from_context() -> Self {
        #[expect(
            clippy::expect_used,
            reason = "the composition root provides it before any page"
        )]
        use_context().expect("the outside of the app")
    }
}

/// Answers of blind rounds, for the screens of reviews.
#[derive(Clone, Copy)]
pub struct Secrets {
    /// Stores a person's answers of a blind round on this device, seals them, and reports whether
    /// that worked.
    pub seal_answers: Callback<SealAnswers>,
    /// Returns the answers of a person that are stored on this device and not yet revealed.
    pub kept_answers: Callback<(RoundId, PersonId), Vec<Answer>>,
}

impl Secrets {
    /// Returns the instance that the composition root has provided.
    #[must_use]
    pub fn from_context() -> Self {
        #[expect(
            clippy::expect_used,
            reason = "the composition root provides it before any page"
        )]
        use_context().expect("the outside of the app")
    }
}
