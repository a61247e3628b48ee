//! The columns of a table of evidence, by their headings.

use super::column_names::{Names, TAG_NAMES, named};
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
        names: &[
            "evidence",
            "summary",
            "finding",
            "beleg",
            "befund",
            "zusammenfassung",
        ],
        alone: &["text", "item", "evidence text", "belege"],
        never: &[
            "author", "by", "date", "kind", "link", "quote", "source", "tags", "type", "url",
            "art", "autor", "datum", "quelle", "von", "zitat",
        ],
    },
    Names {
        meaning: Meaning::Quote,
        names: &[
            "quote",
            "quotation",
            "excerpt",
            "verbatim",
            "zitat",
            "wortlaut",
            "auszug",
        ],
        alone: &["words"],
        never: &[
            "author", "by", "date", "link", "source", "url", "datum", "quelle", "von",
        ],
    },
    Names {
        meaning: Meaning::Link,
        names: &["link", "url", "address", "adresse"],
        alone: &[],
        never: &["email", "mail", "ip", "street", "straße"],
    },
    Names {
        meaning: Meaning::Kind,
        names: &["kind", "type", "sort"],
        alone: &["art", "typ"],
        never: &["order"],
    },
    Names {
        meaning: Meaning::Source,
        names: &["source", "author", "quelle", "autor", "autorin"],
        alone: &["from", "who", "von", "wer"],
        never: &["date", "email", "link", "type", "url", "art", "datum"],
    },
    Names {
        meaning: Meaning::Message,
        names: &[
            "message",
            "document",
            "publication",
            "page",
            "nachricht",
            "dokument",
            "veröffentlichung",
            "seite",
        ],
        alone: &[],
        never: &["date", "link", "type", "url", "datum"],
    },
    Names {
        meaning: Meaning::EventDate,
        names: &[
            "event date",
            "date of event",
            "happened",
            "date",
            "datum des ereignisses",
            "ereignisdatum",
            "geschehen",
            "datum",
        ],
        alone: &[],
        never: &[
            "created",
            "filed",
            "published",
            "publication",
            "source",
            "updated",
            "erfasst",
            "quelle",
            "veröffentlicht",
        ],
    },
    Names {
        meaning: Meaning::SourceDate,
        names: &[
            "source date",
            "published",
            "publication date",
            "said on",
            "datum der quelle",
            "quelldatum",
            "veröffentlicht",
        ],
        alone: &[],
        never: &["by", "in", "von"],
    },
    Names {
        meaning: Meaning::Visibility,
        names: &["visibility", "who may see it", "audience", "sichtbarkeit"],
        alone: &[],
        never: &[],
    },
    Names {
        meaning: Meaning::Reliability,
        names: &["reliability", "trust", "zuverlässigkeit", "verlässlichkeit"],
        alone: &[],
        never: &[],
    },
    Names {
        meaning: Meaning::Tags,
        names: TAG_NAMES,
        alone: &[],
        never: &[],
    },
    Names {
        meaning: Meaning::BearsOn,
        names: &["bears on", "betrifft"],
        alone: &["cruxes", "crux", "cruxe"],
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
