//! What stands around the document at some endpoints, found out from their answers.
//!
//! Kinto keeps records, CouchDB documents with a revision among their fields. Both refuse stale
//! writes, which is worth the few lines it takes to write as they want it.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Condition;
use crate::document::Document;

/// A revision that CouchDB takes for one, and that no document has.
const NO_REVISION: &str = "1-00000000000000000000000000000000";

/// What stands around the document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Envelope {
    /// Nothing.
    #[default]
    Plain,
    /// `{"data": …}`, as in Kinto.
    Kinto,
    /// Nothing, but its revision is a field of it, as in CouchDB.
    Couch,
}

/// An answer to a read, taken out of its envelope.
#[derive(Debug, PartialEq, Eq)]
pub struct Opened<'a> {
    /// What it was in.
    pub envelope: Envelope,
    /// The document, or whatever is there instead.
    pub document: &'a str,
    /// CouchDB's revision, quoted as tags are.
    pub(super) revision: Option<String>,
}

#[derive(Deserialize)]
struct Outside<'a> {
    #[serde(borrow)]
    format: Option<&'a RawValue>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    #[serde(rename = "_rev")]
    revision: Option<String>,
}

/// Takes the body of an answer out of its envelope.
#[must_use]
pub fn open(body: &str) -> Opened<'_> {
    let plain = Opened {
        envelope: Envelope::Plain,
        document: body,
        revision: None,
    };
    // Looking for these is much quicker than going through all of it once more.
    if !body.contains("\"data\"") && !body.contains("\"_rev\"") {
        return plain;
    }
    match serde_json::from_str(body) {
        Ok(Outside {
            format: None,
            data: Some(data),
            ..
        }) => Opened {
            envelope: Envelope::Kinto,
            document: data.get(),
            ..plain
        },
        Ok(Outside {
            revision: Some(revision),
            ..
        }) => Opened {
            envelope: Envelope::Couch,
            revision: Some(format!("\"{revision}\"")),
            ..plain
        },
        _ => plain,
    }
}

impl Envelope {
    /// What an endpoint will want that answers so while there is nothing.
    pub(super) fn of_nothing(body: &str) -> Self {
        let body: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
        let has = |name: &str| body.get(name).is_some();
        if has("errno") && has("code") {
            Self::Kinto
        } else if body.get("error").is_some_and(|error| error == "not_found") && has("reason") {
            Self::Couch
        } else {
            Self::Plain
        }
    }

    /// A document as it is to be sent, and what is to be sent along.
    pub(super) fn seal(self, condition: Condition, document: String) -> (Condition, String) {
        match (self, condition) {
            (Self::Plain, condition) => (condition, document),
            (Self::Kinto, condition) => (condition, format!("{{\"data\":{document}}}")),
            // Without a revision it stores only what was not there yet.
            (Self::Couch, Condition::Absent | Condition::None) => (Condition::None, document),
            (Self::Couch, Condition::Unchanged(revision)) => {
                let fields = document.strip_prefix('{').unwrap_or(&document);
                (Condition::None, format!("{{\"_rev\":{revision},{fields}"))
            }
        }
    }

    /// What is there, as it would be sent by somebody who knows only an old version of it.
    pub(super) fn stale(self, document: &str) -> (Condition, String) {
        let (tag, document) = match self {
            Self::Plain => ("cruxboard-asks-whether-this-is-refused", document.into()),
            // It keeps the time in milliseconds, and refuses what is none.
            Self::Kinto => ("1", document.into()),
            Self::Couch => {
                let document = Document::from_json(document);
                let bare = document.map(|all| Document::of(all.board, all.entries.iter()));
                (NO_REVISION, bare.unwrap_or_default())
            }
        };
        self.seal(Condition::Unchanged(format!("\"{tag}\"")), document)
    }
}
