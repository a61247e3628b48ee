//! What a client offers: a document, read strictly, ready to be stored.

use cruxboard_domain::{
    Stamp,
    change::Fact,
    document::{FORMAT, VERSION},
    limits::{Excess, excess_from_elsewhere},
    log::Entry,
};
use serde::Deserialize;
use serde_json::value::RawValue;

/// Changes that one request may carry.
pub const MOST_CHANGES: usize = 100_000;
/// How far the clock of a device may be wrong. Other devices' clocks follow what they see, and one change
/// from the year 9999 would date everybody's so for ever.
pub const MOST_DAYS_AHEAD: u64 = 30;
/// Bytes of one change; a long text of evidence has a few thousand.
pub const LARGEST_CHANGE: usize = 256 * 1024;

/// The changes of a request.
#[derive(Debug)]
pub struct Offer {
    pub board: Stamp,
    pub rows: Vec<Row>,
}

/// One change with the text in which it is stored.
#[derive(Debug)]
pub struct Row {
    pub entry: Entry,
    pub json: String,
}

/// Why a body is no offer.
///
/// Reading is stricter here than in the app, which saves what it can of a damaged file: a sender that
/// is told what is wrong still has the whole.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnOffer {
    #[error(
        "the body is not JSON in UTF-8 ({0}); it may have been cut off on the way: send it again"
    )]
    NotJson(String),
    #[error(
        "the body is not a board's document; send {{\"format\":\"cruxboard\",\"version\":1,\"board\":\"…\",\"changes\":[…]}}"
    )]
    NotADocument,
    #[error(
        "the document has version {0}, and this server reads version {VERSION}; update the server"
    )]
    TooNew(u32),
    #[error(
        "the document is that of board {found}, and this address that of another; send it to the address that ends in its own id"
    )]
    OtherBoard { found: String },
    #[error(
        "change number {number} cannot be read: {why}; leave it out, or send it as it was first written"
    )]
    Damaged { number: usize, why: String },
    #[error(
        "change {id} has {bytes} bytes, and one change may have {LARGEST_CHANGE}; put long texts elsewhere and link to them"
    )]
    ChangeTooLarge { id: Stamp, bytes: usize },
    #[error(
        "the {field} of change {id} is not taken: {excess}; put long texts elsewhere and link to them"
    )]
    TextTooLong {
        id: Stamp,
        field: String,
        excess: Excess,
    },
    #[error(
        "change {id} is dated {days} days ahead of this server's clock, and {MOST_DAYS_AHEAD} are let through; set the clock of the device that wrote it"
    )]
    FromTheFuture { id: Stamp, days: u64 },
    #[error(
        "the document has {0} changes, and one request may carry {MOST_CHANGES}; send the rest in another"
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

impl Offer {
    /// Reads a body that was sent to the address of `board`.
    ///
    /// # Errors
    /// [`NotAnOffer`] says what the sender can do about it.
    pub fn read(board: Stamp, body: &[u8]) -> Result<Self, NotAnOffer> {
        let text = std::str::from_utf8(body).map_err(|e| NotAnOffer::NotJson(e.to_string()))?;
        let body: Body<'_> = serde_json::from_str(text).map_err(|error| {
            if error.is_data() {
                NotAnOffer::NotADocument
            } else {
                NotAnOffer::NotJson(error.to_string())
            }
        })?;
        if body.format != FORMAT {
            return Err(NotAnOffer::NotADocument);
        }
        if body.version > VERSION {
            return Err(NotAnOffer::TooNew(body.version));
        }
        if body.board.parse() != Ok(board) {
            // A short part is enough to recognise it by, and a long one could be anything.
            let found = body.board.chars().take(26).collect();
            return Err(NotAnOffer::OtherBoard { found });
        }
        if body.changes.len() > MOST_CHANGES {
            return Err(NotAnOffer::TooMany(body.changes.len()));
        }
        let rows = body.changes.iter().enumerate();
        let rows = rows.map(|(at, row)| {
            let entry = Entry::from_json(row.get()).map_err(|error| NotAnOffer::Damaged {
                number: at + 1,
                why: error.to_string(),
            })?;
            Row::of(entry)
        });
        Ok(Self {
            board,
            rows: rows.collect::<Result<_, _>>()?,
        })
    }
}

impl Offer {
    /// The same, if nothing in it is dated too far ahead of `now_millis`.
    ///
    /// # Errors
    /// [`NotAnOffer::FromTheFuture`] names the first that is.
    pub fn dated_by(self, now_millis: u64) -> Result<Self, NotAnOffer> {
        const DAY: u64 = 86_400_000;
        let latest = now_millis.saturating_add(MOST_DAYS_AHEAD * DAY);
        let ids = self.rows.iter().map(|row| row.entry.id());
        match ids.into_iter().find(|id| id.millis() > latest) {
            Some(id) => Err(NotAnOffer::FromTheFuture {
                id,
                days: (id.millis() - now_millis) / DAY,
            }),
            None => Ok(self),
        }
    }
}

impl Row {
    fn of(entry: Entry) -> Result<Self, NotAnOffer> {
        let json = entry.to_json();
        if json.len() > LARGEST_CHANGE {
            return Err(NotAnOffer::ChangeTooLarge {
                id: entry.id(),
                bytes: json.len(),
            });
        }
        // What a newer version says is not known here.
        let excess = entry.known().and_then(|_| excess_from_elsewhere(&json));
        if let Some((field, excess)) = excess {
            let id = entry.id();
            return Err(NotAnOffer::TextTooLong { id, field, excess });
        }
        Ok(Self { entry, json })
    }

    /// The changes whose content it takes away.
    pub(crate) fn erases(&self) -> &[Stamp] {
        match self.entry.known().map(|change| &change.fact) {
            Some(Fact::Redacted(targets)) => targets,
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOARD: &str = "01M83T4CM00000000000000000";

    fn read(body: &str) -> Result<usize, NotAnOffer> {
        Offer::read(BOARD.parse().unwrap(), body.as_bytes()).map(|offer| offer.rows.len())
    }

    fn document(changes: &str) -> String {
        format!(r#"{{"format":"cruxboard","version":1,"board":"{BOARD}","changes":[{changes}]}}"#)
    }

    #[test]
    fn the_example_is_read_whole() {
        let example = include_str!("../../domain/tests/golden/v1-example.json");
        let document = cruxboard_domain::document::Document::from_json(example).unwrap();
        let offer = Offer::read(document.board, example.as_bytes()).unwrap();
        assert_eq!(offer.rows.len(), document.entries.len());
        assert!(offer.rows.len() > 100);
    }

    #[test]
    fn a_change_of_a_newer_version_is_kept_byte_for_byte() {
        let row = r#"{ "id" : "01M83T4DK80000000000000000","new":[1e2, {}] }"#;
        let offer = Offer::read(BOARD.parse().unwrap(), document(row).as_bytes()).unwrap();
        assert_eq!(offer.rows[0].json, row);
    }

    #[test]
    fn what_is_no_document_is_refused_with_the_reason() {
        let nested = "[".repeat(100_000) + &"]".repeat(100_000);
        let cases = [
            (String::new(), "not JSON"),
            ("{".into(), "not JSON"),
            (document("")[..60].into(), "not JSON"),
            ("[]".into(), "not a board's document"),
            ("{}".into(), "not a board's document"),
            (
                document("").replace("cruxboard", "other"),
                "not a board's document",
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
            (nested, "not a board's document"),
        ];
        for (body, expected) in cases {
            let found = read(&body).unwrap_err().to_string();
            let start: String = body.chars().take(80).collect();
            assert!(found.contains(expected), "{start}: {found}");
        }
        assert!(Offer::read(BOARD.parse().unwrap(), b"\xff\xfe").is_err());
    }

    #[test]
    fn a_clock_may_be_a_month_ahead_and_not_more() {
        let board: Stamp = BOARD.parse().unwrap();
        let now = board.millis();
        let day = 86_400_000;
        for (now, expected) in [
            (now, true),
            (now + 3_650 * day, true),
            (now - day, true),
            (now - 30 * day, true),
            (now - 30 * day - 1, false),
            (now - 31 * day, false),
            (0, false),
        ] {
            let body = document(&format!(r#"{{"id":"{BOARD}"}}"#));
            let offer = Offer::read(board, body.as_bytes()).unwrap();
            assert_eq!(offer.dated_by(now).is_ok(), expected, "{now}");
        }
    }

    #[test]
    fn too_much_at_once_is_refused() {
        let long = "x".repeat(LARGEST_CHANGE);
        let row = format!(r#"{{"id":"{BOARD}","text":"{long}"}}"#);
        assert!(matches!(
            read(&document(&row)),
            Err(NotAnOffer::ChangeTooLarge { .. })
        ));
        let named = |length| {
            let name = "x".repeat(length);
            let row =
                format!(r#"{{"id":"{BOARD}","fact":{{"person-added":{{"name":"{name}"}}}}}}"#);
            read(&document(&row))
        };
        assert_eq!(named(2_000), Ok(1), "earlier versions let it through");
        assert!(matches!(
            named(2_001),
            Err(NotAnOffer::TextTooLong { field, .. }) if field == "name"
        ));
        let row = format!(r#"{{"id":"{BOARD}"}}"#);
        let rows = vec![row; MOST_CHANGES + 1].join(",");
        assert_eq!(
            read(&document(&rows)),
            Err(NotAnOffer::TooMany(MOST_CHANGES + 1))
        );
    }
}
