//! The headings of tables of credences and questions.

use super::column_names::{Names, TAG_NAMES, named, words};
use super::{Columns, Meaning, Sheet, evidence_headings};

/// The headings of the app's own table of credences.
pub(super) const OURS: [&str; 8] = [
    "Question",
    "Claim",
    "Person",
    "Credence in percent",
    "Date",
    "Reason",
    "Option",
    "If true",
];

/// The place of the option in [`OURS`]: empty for a credence in a crux.
const OPTION: usize = 6;

/// Returns whether a row of the app's own table is a credence in an option.
pub(super) fn is_in_option(head: &[String], row: &[String]) -> bool {
    let has_option = || {
        row.get(OPTION)
            .is_some_and(|option| !option.trim().is_empty())
    };
    are_credences_of_ours(head) && has_option()
}

const OF_CREDENCES: &[Names] = &[
    Names {
        meaning: Meaning::Question,
        names: &[
            "question title",
            "question",
            "title",
            "crux",
            "frage",
            "titel",
        ],
        alone: &[
            "topic",
            "issue",
            "question text",
            "thema",
            "frage oder titel",
        ],
        never: &[
            "by",
            "at",
            "author",
            "comment",
            "comments",
            "created",
            "date",
            "description",
            "link",
            "note",
            "notes",
            "resolution",
            "resolved",
            "status",
            "tag",
            "tags",
            "type",
            "url",
            "datum",
            "kommentar",
            "kommentare",
            "notiz",
            "notizen",
            "schlagworte",
            "von",
            "zu",
            "zur",
        ],
    },
    Names {
        meaning: Meaning::Claim,
        names: &[
            "claim",
            "statement",
            "proposition",
            "hypothesis",
            "aussage",
            "behauptung",
            "these",
            "hypothese",
        ],
        alone: &[],
        never: &[
            "by", "at", "author", "created", "date", "link", "type", "url", "datum", "von", "zu",
            "zur",
        ],
    },
    Names {
        meaning: Meaning::Person,
        names: &[
            "forecast created by",
            "forecaster",
            "person",
            "participant",
            "respondent",
            "user name",
            "username",
            "user",
            "voter",
            "estimator",
            "judge",
            "teilnehmer",
            "teilnehmerin",
            "benutzername",
            "benutzer",
            "nutzer",
        ],
        alone: &[
            "who",
            "created by",
            "by",
            "author",
            "your name",
            "full name",
            "wer",
            "von",
            "autor",
            "autorin",
            "dein name",
            "ihr name",
            "vor und nachname",
        ],
        never: &[
            "question", "date", "at", "link", "url", "type", "role", "datum", "frage",
        ],
    },
    Names {
        meaning: Meaning::Chance,
        names: &[
            "credence in percent",
            "forecast",
            "probability",
            "credence",
            "chance",
            "likelihood",
            "prediction",
            "confidence",
            "percentage",
            "percent",
            "einschätzung in prozent",
            "wahrscheinlichkeit",
            "eintrittswahrscheinlichkeit",
            "zuversicht",
            "einschätzung",
            "prognose",
            "vorhersage",
            "prozent",
        ],
        alone: &[
            "p",
            "estimate",
            "how likely",
            "vote",
            "rating",
            "schätzung",
            "wie wahrscheinlich",
            "bewertung",
        ],
        never: &[
            "aggregate",
            "at",
            "average",
            "by",
            "change",
            "comment",
            "comments",
            "community",
            "created",
            "date",
            "link",
            "mean",
            "median",
            "note",
            "notes",
            "question",
            "reason",
            "type",
            "url",
            "datum",
            "durchschnitt",
            "frage",
            "gesamtwert",
            "kommentar",
            "mittelwert",
            "notiz",
            "von",
            "zu",
            "zur",
        ],
    },
    Names {
        meaning: Meaning::Date,
        names: &[
            "forecast created at",
            "date",
            "day",
            "timestamp",
            "created at",
            "datum",
            "zeitstempel",
            "zeitpunkt",
        ],
        alone: &[
            "when",
            "created",
            "time",
            "on",
            "updated",
            "updated at",
            "made at",
            "wann",
            "zeit",
            "erstellt",
            "erstellt am",
            "am",
        ],
        never: &[
            "birth",
            "by",
            "close",
            "closes",
            "deadline",
            "due",
            "end",
            "event",
            "question",
            "resolution",
            "resolve",
            "resolved",
            "resolves",
            "review",
            "start",
            "target",
            "ausgangs",
            "ende",
            "ereignisses",
            "fällig",
            "frage",
            "frist",
            "überprüfung",
        ],
    },
    Names {
        meaning: Meaning::Note,
        names: &[
            "reason",
            "reasons",
            "reasoning",
            "rationale",
            "comment",
            "comments",
            "note",
            "notes",
            "explanation",
            "begründung",
            "grund",
            "gründe",
            "kommentar",
            "kommentare",
            "notiz",
            "notizen",
            "anmerkung",
            "anmerkungen",
            "erläuterung",
        ],
        alone: &["why", "warum", "begründung oder notiz"],
        never: &[
            "question", "by", "at", "date", "link", "url", "datum", "frage", "von",
        ],
    },
    Names {
        meaning: Meaning::Option,
        names: &[],
        alone: &[
            "multiple choice option",
            "answer option",
            "antwortoption",
            "antwortmöglichkeit",
        ],
        never: &[],
    },
    Names {
        meaning: Meaning::Tags,
        names: &[],
        alone: TAG_NAMES,
        never: &[],
    },
    Names {
        meaning: Meaning::ResolveBy,
        names: &[],
        alone: &["resolve by", "deadline", "frist", "zu klären bis"],
        never: &[],
    },
    Names {
        meaning: Meaning::Resolution,
        names: &[],
        alone: &["resolution", "ausgang", "klärung"],
        never: &[],
    },
    Names {
        meaning: Meaning::ResolvedAt,
        names: &[],
        alone: &["resolved at", "resolved on", "entschieden am", "geklärt am"],
        never: &[],
    },
];

/// Guesses the columns by known headings and whole words in them, independent of the format.
pub(super) fn guess_by_words(sheet: &Sheet) -> Columns {
    let mut columns = named(sheet, OF_CREDENCES);
    // "Name" is the question's if there is no other heading for it, and otherwise a person's.
    let name = sheet.head.iter().enumerate().position(|(place, heading)| {
        starts_with(&words(heading), &["name"]) && !columns.values().any(|taken| *taken == place)
    });
    if let Some(place) = name {
        let has_question = columns.contains_key(&Meaning::Question)
            || columns.contains_key(&Meaning::Claim)
            || sheet
                .head
                .iter()
                .any(|heading| heading.trim().ends_with('?'));
        let meaning = if has_question {
            Meaning::Person
        } else {
            Meaning::Question
        };
        columns.entry(meaning).or_insert(place);
    }
    columns
}

fn starts_with(words: &[String], name: &[&str]) -> bool {
    words.len() >= name.len() && words.iter().zip(name).all(|(word, name)| word == name)
}

/// Returns whether a heading is one that the app's own tables, other tools or people use.
pub(super) fn is_known(heading: &str) -> bool {
    let heading = words(heading);
    let is_it = |name: &&str| heading == words(name);
    let all = OF_CREDENCES.iter().chain(evidence_headings::NAMES);
    !heading.is_empty()
        && (all
            .flat_map(|names| names.names.iter().chain(names.alone))
            .any(is_it)
            || heading == ["name"])
}

/// Returns whether these are the headings of the table that [`super::credences_csv`] writes, or wrote before
/// it had credences in options.
pub(super) fn are_credences_of_ours(head: &[String]) -> bool {
    head == OURS || head == &OURS[..OPTION]
}
