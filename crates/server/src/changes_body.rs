//! Parses the body of a write request: a document with changes.

use cruxboard_domain::Millis;
use cruxboard_domain::date::DAY;
use cruxboard_domain::{
    BoardId, ChangeId,
    change::Payload,
    document::{FORMAT, VERSION},
    limits::{Excess, excess_from_elsewhere},
    log::Entry,
};
use serde::Deserialize;
use serde_json::value::RawValue;

/// Largest number of changes in one request.
pub const MAX_CHANGES: usize = 100_000;
/// Largest number of days by which a change may be dated ahead of the server's clock.
///
/// The clocks of other devices follow the changes that they receive (hybrid logical clock). A single change
/// from the year 9999 would therefore date all later changes.
pub const MAX_DAYS_AHEAD: u32 = 30;
/// Largest size of one change in bytes. A long text of evidence has a few thousand.
pub const MAX_CHANGE_BYTES: usize = 256 * 1024;

/// The parsed body of a write request.
#[derive(Debug)]
pub struct ChangesBody {
    pub board: BoardId,
    pub rows: Vec<ChangeRow>,
}

/// One change with the JSON text that is stored.
#[derive(Debug)]
pub struct ChangeRow {
    pub entry: Entry,
    pub json: String,
}

/// The reason why a body is refused.
///
/// Parsing is stricter here than in the app, which saves what it can of a damaged file. The sender of a
/// request still has the whole file.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangesBodyError {
    #[error("the body is not JSON in UTF-8 ({0}); it may have been cut off: send it again")]
    NotJson(String),
    #[error(
        "the body is not the document of a board; send {{\"format\":\"cruxboard\",\"version\":1,\"board\":\"…\",\"changes\":[…]}}"
    )]
    NotADocument,
    #[error(
        "the document has version {0}, and this server reads version {VERSION}; update the server"
    )]
    TooNew(u32),
    #[error(
        "the document is of board {found}, but this is the address of another board; send it to the address that ends in its own id"
    )]
    OtherBoard { found: String },
    #[error(
        "change number {number} cannot be read: {reason}; leave it out, or send it as it was first written"
    )]
    Damaged { number: usize, reason: String },
    #[error(
        "change {id} has {bytes} bytes, and the limit is {MAX_CHANGE_BYTES}; put long texts elsewhere and link to them"
    )]
    ChangeTooLarge { id: ChangeId, bytes: usize },
    #[error(
        "the {field} of change {id} is refused: {excess}; put long texts elsewhere and link to them"
    )]
    TextTooLong {
        id: ChangeId,
        field: String,
        excess: Excess,
    },
    #[error(
        "change {id} is dated {days} days ahead of the server's clock, and the limit is {MAX_DAYS_AHEAD}; set the clock of the device that wrote it"
    )]
    FromTheFuture { id: ChangeId, days: u64 },
    #[error(
        "the document has {0} changes, and the limit of a request is {MAX_CHANGES}; send the rest in another request"
    )]
    TooMany(usize),
}

#[derive(Deserialize)]
struct Body<'a> {
    format: String,
    version: u32,
    board: String,
    #[serde(borrow)]
    changes: Vec<&'a RawValue>,
}

impl ChangesBody {
    /// Parses a body that was sent to the address of `board`.
    ///
    /// # Errors
    /// [`ChangesBodyError`], with a message that tells the sender what to do.
    pub fn parse(board: BoardId, body: &[u8]) -> Result<Self, ChangesBodyError> {
        let text =
            std::str::from_utf8(body).map_err(|e| ChangesBodyError::NotJson(e.to_string()))?;
        let body: Body<'_> = serde_json::from_str(text).map_err(|error| {
            if error.is_data() {
                ChangesBodyError::NotADocument
            } else {
                ChangesBodyError::NotJson(error.to_string())
            }
        })?;
        if body.format != FORMAT {
            return Err(ChangesBodyError::NotADocument);
        }
        if body.version > VERSION {
            return Err(ChangesBodyError::TooNew(body.version));
        }
        if body.board.parse() != Ok(board) {
            // An id has 26 characters; the field of a foreign document may be longer.
            let found = body.board.chars().take(26).collect();
            return Err(ChangesBodyError::OtherBoard { found });
        }
        if body.changes.len() > MAX_CHANGES {
            return Err(ChangesBodyError::TooMany(body.changes.len()));
        }
        let rows = body.changes.iter().enumerate();
        let rows = rows.map(|(at, row)| {
            let entry = Entry::from_json(row.get()).map_err(|error| ChangesBodyError::Damaged {
                number: at + 1,
                reason: error.to_string(),
            })?;
            ChangeRow::new(entry)
        });
        Ok(Self {
            board,
            rows: rows.collect::<Result<_, _>>()?,
        })
    }
}

impl ChangesBody {
    /// Returns the body if no change is dated more than [`MAX_DAYS_AHEAD`] days after `now`.
    ///
    /// # Errors
    /// [`ChangesBodyError::FromTheFuture`] with the first change that is.
    pub fn check_dates(self, now: Millis) -> Result<Self, ChangesBodyError> {
        let latest = now + DAY * MAX_DAYS_AHEAD;
        let ids = self.rows.iter().map(|row| row.entry.id());
        match ids.into_iter().find(|id| id.millis() > latest) {
            Some(id) => Err(ChangesBodyError::FromTheFuture {
                id,
                days: id.millis().since(now).as_secs() / DAY.as_secs(),
            }),
            None => Ok(self),
        }
    }
}

impl ChangeRow {
    fn new(entry: Entry) -> Result<Self, ChangesBodyError> {
        let json = entry.to_json();
        if json.len() > MAX_CHANGE_BYTES {
            return Err(ChangesBodyError::ChangeTooLarge {
                id: entry.id(),
                bytes: json.len(),
            });
        }
        // The fields of changes of a newer version are not known here.
        let excess = entry.known().and_then(|_| excess_from_elsewhere(&json));
        if let Some((field, excess)) = excess {
            let id = entry.id();
            return Err(ChangesBodyError::TextTooLong { id, field, excess });
        }
        Ok(Self { entry, json })
    }

    /// Returns the ids of the changes that this one erases.
    pub(crate) fn erased_ids(&self) -> &[ChangeId] {
        match self.entry.known().map(|change| &change.payload) {
            Some(Payload::Redacted(targets)) => targets,
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const BOARD: &str = "01M83T4CM00000000000000000";

    fn read(body: &str) -> Result<usize, ChangesBodyError> {
        ChangesBody::parse(BOARD.parse().unwrap(), body.as_bytes()).map(|offer| offer.rows.len())
    }

    fn document(changes: &str) -> String {
        format!(r#"{{"format":"cruxboard","version":1,"board":"{BOARD}","changes":[{changes}]}}"#)
    }

    #[test]
    fn the_example_is_read_whole() {
        let example = include_str!("../../domain/tests/golden/v1-example.json");
        let document = cruxboard_domain::document::Document::from_json(example).unwrap();
        let offer = ChangesBody::parse(document.board, example.as_bytes()).unwrap();
        assert_eq!(offer.rows.len(), document.entries.len());
        assert!(offer.rows.len() > 100);
    }

    #[test]
    fn a_change_of_a_newer_version_is_kept_byte_for_byte() {
        let row = r#"{ "id" : "01M83T4DK80000000000000000","new":[1e2, {}] }"#;
        let offer = ChangesBody::parse(BOARD.parse().unwrap(), document(row).as_bytes()).unwrap();
        assert_eq!(offer.rows[0].json, row);
    }

    #[test]
    fn an_invalid_document_is_refused_with_the_reason() {
        let nested = "[".repeat(100_000) + &"]".repeat(100_000);
        let cases = [
            (String::new(), "not JSON"),
            ("{".into(), "not JSON"),
            (document("")[..60].into(), "not JSON"),
            ("[]".into(), "not the document of a board"),
            ("{}".into(), "not the document of a board"),
            (
                document("").replace("cruxboard", "other"),
                "not the document of a board",
            ),
            (
                document("").replace("\"version\":1", "\"version\":2"),
                "version 2",
            ),
            (
                document("").replace(BOARD, "01M83T4CM00000000000000001"),
                "another",
            ),
            (document("").replace(BOARD, "../../etc/passwd"), "another"),
            (document("{}"), "change number 1"),
            (document("17"), "change number 1"),
            (
                document(&format!(r#"{{"id":"{BOARD}","x":{nested}}}"#)),
                "change number 1",
            ),
            (nested, "not the document of a board"),
        ];
        for (body, expected) in cases {
            let found = read(&body).unwrap_err().to_string();
            let start: String = body.chars().take(80).collect();
            assert!(found.contains(expected), "{start}: {found}");
        }
        assert!(ChangesBody::parse(BOARD.parse().unwrap(), b"\xff\xfe").is_err());
    }

    #[test]
    fn a_clock_may_be_a_month_ahead_and_not_more() {
        let board: BoardId = BOARD.parse().unwrap();
        let now = board.0.millis();
        let day = DAY;
        for (now, expected) in [
            (now, true),
            (now + 3_650 * day, true),
            (now - day, true),
            (now - 30 * day, true),
            (now - 30 * day - Duration::from_millis(1), false),
            (now - 31 * day, false),
            (Millis(0), false),
        ] {
            let body = document(&format!(r#"{{"id":"{BOARD}"}}"#));
            let offer = ChangesBody::parse(board, body.as_bytes()).unwrap();
            assert_eq!(offer.check_dates(now).is_ok(), expected, "{now}");
        }
    }

    #[test]
    fn too_much_at_once_is_refused() {
        let long = "x".repeat(MAX_CHANGE_BYTES);
        let row = format!(r#"{{"id":"{BOARD}","text":"{long}"}}"#);
        assert!(matches!(
            read(&document(&row)),
            Err(ChangesBodyError::ChangeTooLarge { .. })
        ));
        let named = |length| {
            let name = "x".repeat(length);
            let row =
                format!(r#"{{"id":"{BOARD}","fact":{{"person-added":{{"name":"{name}"}}}}}}"#);
            read(&document(&row))
        };
        assert_eq!(named(2_000), Ok(1), "earlier versions accepted it");
        assert!(matches!(
            named(2_001),
            Err(ChangesBodyError::TextTooLong { field, .. }) if field == "name"
        ));
        let row = format!(r#"{{"id":"{BOARD}"}}"#);
        let rows = vec![row; MAX_CHANGES + 1].join(",");
        assert_eq!(
            read(&document(&rows)),
            Err(ChangesBodyError::TooMany(MAX_CHANGES + 1))
        );
    }
}
