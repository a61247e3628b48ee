//! Envelopes: the JSON around the document at some endpoints, recognized from their responses.
//!
//! Kinto stores records, CouchDB documents with a revision among their fields. Both can refuse stale writes,
//! which is worth the few lines for writing in their formats.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Condition;
use crate::document::Document;

/// A revision that CouchDB accepts as valid, and that no document has.
const NO_REVISION: &str = "1-00000000000000000000000000000000";

/// The JSON around the document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Envelope {
    /// None.
    #[default]
    Plain,
    /// `{"data": …}`, as in Kinto.
    Kinto,
    /// None, but the revision is a field of the document, as in CouchDB.
    Couch,
}

/// The body of a response to a read, without its envelope.
#[derive(Debug, PartialEq, Eq)]
pub struct Opened<'a> {
    /// The envelope.
    pub envelope: Envelope,
    /// The document, or the content in its place.
    pub document: &'a str,
    /// CouchDB's revision, quoted like an ETag.
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

/// Removes the envelope of a response's body.
#[must_use]
pub fn open(body: &str) -> Opened<'_> {
    let plain = Opened {
        envelope: Envelope::Plain,
        document: body,
        revision: None,
    };
    // Searching for these texts is much faster than parsing everything once more.
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
    /// Returns the envelope of an endpoint that answers in this way while nothing is stored.
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

    /// Returns the condition and the body for sending a document.
    pub(super) fn seal(self, condition: Condition, document: String) -> (Condition, String) {
        match (self, condition) {
            (Self::Plain, condition) => (condition, document),
            (Self::Kinto, condition) => (condition, format!("{{\"data\":{document}}}")),
            // Without a revision, CouchDB stores only documents that do not exist yet.
            (Self::Couch, Condition::Absent | Condition::None) => (Condition::None, document),
            (Self::Couch, Condition::Unchanged(revision)) => {
                let fields = document.strip_prefix('{').unwrap_or(&document);
                (Condition::None, format!("{{\"_rev\":{revision},{fields}"))
            }
        }
    }

    /// Returns the condition and the body of a stale write: by somebody who knows only an old version.
    pub(super) fn stale(self, document: &str) -> (Condition, String) {
        let (tag, document) = match self {
            Self::Plain => ("cruxboard-asks-whether-this-is-refused", document.into()),
            // Kinto's tag is a time in milliseconds, and it refuses anything else.
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
