//! A snapshot as a file: readable JSON, one line for each record.

use serde::Deserialize;

use super::Snapshot;
use super::link::{LinkError, Parcel};

/// What every snapshot calls itself.
pub const FORMAT: &str = "cruxboard-snapshot";
/// The version written here.
pub const VERSION: u32 = 1;
/// The most records that a file may hold.
pub const MOST_RECORDS: usize = 200_000;

/// What a file holds.
#[derive(Clone, Debug, PartialEq)]
pub enum SnapshotFile {
    /// A snapshot that anybody can read.
    Open(Box<Snapshot>),
    /// One that takes a passphrase or a key.
    Sealed(Parcel),
}

/// Why a file that says it is a snapshot is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// It does not say that it is one.
    #[error("This file is no snapshot.")]
    NotOurs,
    /// It was made by a newer version of the app.
    #[error(
        "This snapshot was made by a newer version of Cruxboard (file format {0}). Reload the page to get the newest version."
    )]
    Newer(u32),
    /// Its end is missing.
    #[error(
        "This file is cut off: its end is missing, and nothing of the snapshot is shown. Ask for it again."
    )]
    CutOff,
    /// Something in it was altered.
    #[error("This snapshot is damaged: something in it was altered. Ask for it again.")]
    Damaged,
    /// It holds more than any snapshot.
    #[error("This snapshot holds more than {MOST_RECORDS} records, and no board is that large.")]
    TooLarge,
}

#[derive(Deserialize)]
struct Heading {
    format: String,
    #[serde(default)]
    version: u32,
    #[serde(default)]
    sealed: String,
}

impl Snapshot {
    /// The file's text. Equal snapshots give equal texts.
    #[must_use]
    pub fn to_json(&self) -> String {
        let bare = Self {
            changes: Vec::new(),
            ..self.clone()
        };
        let head = serde_json::to_string(&bare).unwrap_or_default();
        let head = head.trim_start_matches('{').trim_end_matches("[]}");
        let rows: Vec<String> = self
            .changes
            .iter()
            .map(crate::change::Change::to_json)
            .collect();
        let rows = rows.join(",\n");
        format!("{{\"format\":\"{FORMAT}\",\"version\":{VERSION},{head}[\n{rows}\n]}}\n")
    }
}

impl SnapshotFile {
    /// The text of a locked one.
    #[must_use]
    pub fn sealed(parcel: &Parcel) -> String {
        let sealed = parcel.to_text();
        format!("{{\"format\":\"{FORMAT}\",\"version\":{VERSION},\"sealed\":\"{sealed}\"}}\n")
    }

    /// Whether a text says that it is a snapshot, be it a whole one or not.
    #[must_use]
    pub fn is_one(text: &str) -> bool {
        text.get(..200.min(text.len()))
            .unwrap_or(text)
            .contains(FORMAT)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`SnapshotError`] says what is wrong with it.
    pub fn from_json(text: &str) -> Result<Self, SnapshotError> {
        let text = text.trim_start_matches('\u{feff}');
        let damaged = |error: serde_json::Error| {
            // Where a disk was full, zeros stand in place of the end.
            if error.is_eof() || text.ends_with('\0') {
                SnapshotError::CutOff
            } else {
                SnapshotError::Damaged
            }
        };
        let heading: Heading = serde_json::from_str(text).map_err(|error| {
            if Self::is_one(text) {
                damaged(error)
            } else {
                SnapshotError::NotOurs
            }
        })?;
        if heading.format != FORMAT {
            return Err(SnapshotError::NotOurs);
        }
        if heading.version > VERSION {
            return Err(SnapshotError::Newer(heading.version));
        }
        if !heading.sealed.is_empty() {
            let parcel = Parcel::from_file(&heading.sealed);
            return parcel.map(Self::Sealed).map_err(|problem| match problem {
                LinkError::CutOff { .. } | LinkError::AllCutOff => SnapshotError::CutOff,
                LinkError::Newer(version) => SnapshotError::Newer(version.into()),
                LinkError::TooLong => SnapshotError::TooLarge,
                _ => SnapshotError::Damaged,
            });
        }
        let snapshot: Snapshot = serde_json::from_str(text).map_err(damaged)?;
        if snapshot.changes.len() > MOST_RECORDS {
            return Err(SnapshotError::TooLarge);
        }
        Ok(Self::Open(Box::new(snapshot)))
    }
}
