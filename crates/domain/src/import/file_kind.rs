//! Recognizes the kind of files and pasted texts by first bytes and keys, and decodes bytes to text.

mod encoding;

mod binary;

pub mod format_name;

mod json;

#[cfg(test)]
mod tests;

use self::binary::packed;
use crate::translatable;
use crate::translation::translated;

use self::json::json;

pub use self::encoding::{Encoding, TextError, text_of};

pub(crate) use self::binary::is_packed_document;

/// A kind of content, for messages about content that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileKind {
    /// The name with an article: "a spreadsheet (.xlsx)".
    pub name: &'static str,
    /// One sentence on what to do instead.
    pub advice: &'static str,
}

/// Length of the beginning that is inspected, in bytes.
const LOOKED_AT: usize = 64 * 1024;

const SAVE_AS_CSV: &str =
    translatable!("Open it in a spreadsheet program, save the sheet as CSV, and import that.");
const UNPACK: &str = translatable!("Unpack it first, and import the file inside.");
const NO_TEXT: &str = translatable!("There is no text in it that could be read here.");
const COPY_THE_CHAT: &str = translatable!(
    "Open the conversation itself, select and copy it, and paste it into the reading list."
);
const COPY_ITS_TEXT: &str = translatable!("Copy its text, and paste that.");
const OPEN_IT: &str =
    translatable!("Open it with “Open a file” on the first screen, or drop it anywhere.");
const IMPORT_IT: &str = translatable!(
    "Import tables on a board, under “Export / import”; paste texts into its reading list."
);

/// Returns a kind in the language of the reader.
fn kind(name: &'static str, advice: &'static str) -> FileKind {
    FileKind {
        name: translated(name),
        advice: translated(advice),
    }
}

/// Returns the kind of a text that is neither a table nor a page: a workbook, an archive, a picture, a file
/// of this app, or a program's JSON export. `None` if it may be either.
#[must_use]
pub fn file_kind(text: &str) -> Option<FileKind> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    packed(text.as_bytes()).or_else(|| json(text))
}

/// Returns the kind of any text that is not a file of this app.
#[must_use]
pub fn text_kind(text: &str) -> FileKind {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.is_empty() {
        return kind(
            translatable!("an empty file"),
            translatable!("Choose another one."),
        );
    }
    if let Some(kind) = file_kind(text) {
        return kind;
    }
    let start: String = text.chars().take(2_000).collect::<String>();
    let start = start.to_ascii_lowercase();
    if start.starts_with("<!doctype html") || start.starts_with('<') && start.contains("<html") {
        return kind(
            translatable!("a web page"),
            translatable!(
                "Open the page itself, copy it, and paste it into the reading list of a board."
            ),
        );
    }
    if start.starts_with('<') && start.contains("<svg") {
        return kind(translatable!("a picture (.svg)"), NO_TEXT);
    }
    if start.starts_with("<?xml") {
        return kind(translatable!("an XML file"), NO_TEXT);
    }
    if start.starts_with("begin:vcalendar") {
        return kind(
            translatable!("a calendar file"),
            translatable!("Open it in a calendar."),
        );
    }
    let mut lines = start.lines();
    let (first, second) = (lines.next(), lines.next());
    let is_table = [',', ';', '\t', '|'].iter().any(|mark| {
        let count = |line: Option<&str>| line.unwrap_or_default().matches(*mark).count();
        count(first) > 0 && count(first) == count(second)
    });
    if is_table {
        kind(translatable!("a table"), IMPORT_IT)
    } else {
        kind(translatable!("a text"), IMPORT_IT)
    }
}
