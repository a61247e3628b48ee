//! Snapshot files: readable JSON, one line for each record.

use serde::Deserialize;

use super::Snapshot;
use super::link::{LinkError, Parcel};
use crate::file_kind::format_name;
use crate::t;

/// The format name in every snapshot file.
pub const FORMAT: &str = format_name::SNAPSHOT;
/// The format version written here.
pub const VERSION: u32 = 1;
/// Maximum number of records in a file.
pub const MOST_RECORDS: usize = 200_000;

/// The content of a snapshot file.
#[derive(Clone, Debug, PartialEq)]
pub enum SnapshotFile {
    /// A snapshot that anybody can read.
    Open(Box<Snapshot>),
    /// An encrypted snapshot, which takes a passphrase or a key.
    Sealed(Parcel),
}

/// The reason why a snapshot file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// The text does not claim to be a snapshot.
    #[error("{}", t!(
        "This file is no snapshot."
    ))]
    NotOurs,
    /// The file was made by a newer version of the app.
    #[error("{}", t!(
        "This snapshot was made by a newer version of Cruxboard (file format {version}). Reload the page to get the newest version.",
        version = .0
    ))]
    Newer(u32),
    /// The end of the file is missing.
    #[error("{}", t!(
        "This file is cut off: its end is missing, and nothing of the snapshot is shown. Ask for it again."
    ))]
    CutOff,
    /// A part of the file was altered.
    #[error("{}", t!(
        "This snapshot is damaged: something in it was altered. Ask for it again."
    ))]
    Damaged,
    /// The file contains more than any snapshot.
    #[error("{}", t!(
        "This snapshot holds more than {most_records} records, and no board is that large.",
        most_records = MOST_RECORDS
    ))]
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
    /// Formats the snapshot as a file. Equal snapshots give equal texts.
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
    /// Formats an encrypted snapshot as a file.
    #[must_use]
    pub fn sealed(parcel: &Parcel) -> String {
        let sealed = parcel.to_text();
        format!("{{\"format\":\"{FORMAT}\",\"version\":{VERSION},\"sealed\":\"{sealed}\"}}\n")
    }

    /// Returns whether a text claims to be a snapshot, complete or not.
    #[must_use]
    pub fn is_one(text: &str) -> bool {
        text.get(..200.min(text.len()))
            .unwrap_or(text)
            .contains(FORMAT)
    }

    /// Parses a file.
    ///
    /// # Errors
    /// [`SnapshotError`] if the file cannot be read.
    pub fn from_json(text: &str) -> Result<Self, SnapshotError> {
        let text = text.trim_start_matches('\u{feff}');
        let damaged = |error: serde_json::Error| {
            // If a disk was full, zeros may replace the end.
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
