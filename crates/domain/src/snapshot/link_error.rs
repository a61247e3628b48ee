//! The reasons why a link cannot be read.

use crate::t;

/// Maximum length of a link that is read, in characters.
pub const MOST_CHARS: usize = 64 * 1024;

/// The reason why a link cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// The text does not begin as a snapshot.
    #[error("{}", t!(
        "This is no link to a snapshot, or its beginning is missing. Please copy the whole link again."
    ))]
    NotOurs,
    /// The end of the link is missing.
    #[error("{}", t!(
        "This link was cut off: {there} of {whole} characters arrived. Ask for it again, best as a file: some programs shorten long links.",
        there, whole
    ))]
    CutOff {
        /// Number of characters that arrived.
        there: usize,
        /// Number of characters of the whole link.
        whole: usize,
    },
    /// The link is so short that its original length is unknown.
    #[error("{}", t!(
        "This link was cut off near its beginning. Ask for it again, best as a file: some programs shorten long links."
    ))]
    AllCutOff,
    /// The link has its full length, but was altered.
    #[error("{}", t!(
        "This link was changed on its way: some character is another one. Ask for it again, best as a file."
    ))]
    Changed,
    /// The link was made by a newer version of the app.
    #[error("{}", t!(
        "This snapshot was made by a newer version of Cruxboard (link format {version}). Reload the page to get the newest version, or ask for it as an HTML page, which needs none.",
        version = .0
    ))]
    Newer(u8),
    /// The link is longer than links can be.
    #[error("{}", t!(
        "This link is longer than any snapshot's: {most_chars} characters are the most.",
        most_chars = MOST_CHARS
    ))]
    TooLong,
    /// The content cannot have been made by the app.
    #[error("{}", t!(
        "This link is no snapshot that Cruxboard could have made. Nothing of it is shown."
    ))]
    Impossible,
}
