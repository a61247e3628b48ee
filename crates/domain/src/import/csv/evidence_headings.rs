//! The columns of a table of evidence, by their headings.

use super::column_names::{Names, named};
use super::{Columns, Meaning, Sheet};

/// The columns of the table, in order.
pub(super) const COLUMNS: &[(Meaning, &str)] = &[
    (Meaning::Text, "Evidence"),
    (Meaning::Quote, "Quote"),
    (Meaning::Link, "Link"),
    (Meaning::Kind, "Kind"),
    (Meaning::Source, "Source"),
    (Meaning::Message, "Message"),
    (Meaning::EventDate, "Event date"),
    (Meaning::SourceDate, "Source date"),
    (Meaning::Visibility, "Visibility"),
    (Meaning::Reliability, "Reliability"),
    (Meaning::Tags, "Tags"),
    (Meaning::BearsOn, "Bears on"),
];

/// The headings of the columns, in our own table and elsewhere.
pub(super) const NAMES: &[Names] = &[
    Names {
        meaning: Meaning::Id,
        names: &[],
        alone: &["id", "evidence id"],
        never: &[],
    },
    Names {
        meaning: Meaning::Text,
        names: &["evidence", "summary", "finding"],
        alone: &["text", "item", "evidence text"],
        never: &[
            "author", "by", "date", "kind", "link", "quote", "source", "tags", "type", "url",
        ],
    },
    Names {
        meaning: Meaning::Quote,
        names: &["quote", "quotation", "excerpt", "verbatim"],
        alone: &["words"],
        never: &["author", "by", "date", "link", "source", "url"],
    },
    Names {
        meaning: Meaning::Link,
        names: &["link", "url", "address"],
        alone: &[],
        never: &["email", "mail", "ip", "street"],
    },
    Names {
        meaning: Meaning::Kind,
        names: &["kind", "type", "sort"],
        alone: &[],
        never: &["order"],
    },
    Names {
        meaning: Meaning::Source,
        names: &["source", "author"],
        alone: &["from", "who"],
        never: &["date", "email", "link", "type", "url"],
    },
    Names {
        meaning: Meaning::Message,
        names: &["message", "document", "publication", "page"],
        alone: &[],
        never: &["date", "link", "type", "url"],
    },
    Names {
        meaning: Meaning::EventDate,
        names: &["event date", "date of event", "happened", "date"],
        alone: &[],
        never: &[
            "created",
            "filed",
            "published",
            "publication",
            "source",
            "updated",
        ],
    },
    Names {
        meaning: Meaning::SourceDate,
        names: &["source date", "published", "publication date", "said on"],
        alone: &[],
        never: &["by", "in"],
    },
    Names {
        meaning: Meaning::Visibility,
        names: &["visibility", "who may see it", "audience"],
        alone: &[],
        never: &[],
    },
    Names {
        meaning: Meaning::Reliability,
        names: &["reliability", "trust"],
        alone: &[],
        never: &[],
    },
    Names {
        meaning: Meaning::Tags,
        names: &["tags", "labels", "keywords"],
        alone: &[],
        never: &[],
    },
    Names {
        meaning: Meaning::BearsOn,
        names: &["bears on"],
        alone: &["cruxes", "crux"],
        never: &[],
    },
];

/// Returns whether these are the headings of the table that [`evidence_csv`](super::evidence_csv) writes.
pub(super) fn is_ours(head: &[String]) -> bool {
    head.iter().eq(&headings())
}

pub(super) fn headings() -> Vec<String> {
    let names = COLUMNS.iter().map(|(_, name)| *name);
    names.chain(["Filed", "Id"]).map(str::to_owned).collect()
}

/// Guesses the columns of a table of evidence.
#[must_use]
pub fn guess_evidence(sheet: &Sheet) -> Columns {
    named(sheet, NAMES)
}
