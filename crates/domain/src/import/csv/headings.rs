//! Which column means what, by its heading: known headings first, then whole words in them.

use super::dates::is_date;
use super::scale::is_figure;
use super::{Columns, Meaning, Sheet, format};

/// What a column with some meaning is called.
pub(super) struct Names {
    pub(super) meaning: Meaning,
    /// Headings, the likeliest first. Each also counts as part of a longer heading.
    pub(super) names: &'static [&'static str],
    /// Headings that count only when they stand alone.
    pub(super) alone: &'static [&'static str],
    /// Words that make a longer heading mean something else.
    pub(super) never: &'static [&'static str],
}

/// Words by which a longer heading names another thing than the word beside them: "Author ID" is no
/// author, "Number of users" no user, "Question URL" no question.
const NEVER: &[&str] = &[
    "id", "ids", "uuid", "number", "no", "nr", "count", "total", "index", "rank", "length", "size",
];

/// The most words of a heading that is no sentence: in a longer one a word says little.
const LONGEST: usize = 8;

/// The headings of our own table of credences.
pub(super) const OURS: [&str; 6] = [
    "Question",
    "Claim",
    "Person",
    "Credence in percent",
    "Date",
    "Reason",
];

const OF_CREDENCES: &[Names] = &[
    Names {
        meaning: Meaning::Question,
        names: &["question title", "question", "title", "crux"],
        alone: &["topic", "issue", "question text"],
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
        ],
    },
    Names {
        meaning: Meaning::Claim,
        names: &["claim", "statement", "proposition", "hypothesis"],
        alone: &[],
        never: &[
            "by", "at", "author", "created", "date", "link", "type", "url",
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
        ],
        alone: &[
            "who",
            "created by",
            "by",
            "author",
            "your name",
            "full name",
        ],
        never: &["question", "date", "at", "link", "url", "type", "role"],
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
        ],
        alone: &["p", "estimate", "how likely", "vote", "rating"],
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
        ],
        alone: &[
            "when",
            "created",
            "time",
            "on",
            "updated",
            "updated at",
            "made at",
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
        ],
        alone: &["why"],
        never: &["question", "by", "at", "date", "link", "url"],
    },
    Names {
        meaning: Meaning::Option,
        names: &[],
        alone: &["multiple choice option", "answer option"],
        never: &[],
    },
    Names {
        meaning: Meaning::Tags,
        names: &[],
        alone: &["tags", "labels", "keywords"],
        never: &[],
    },
    Names {
        meaning: Meaning::ResolveBy,
        names: &[],
        alone: &["resolve by", "deadline"],
        never: &[],
    },
    Names {
        meaning: Meaning::Resolution,
        names: &[],
        alone: &["resolution"],
        never: &[],
    },
    Names {
        meaning: Meaning::ResolvedAt,
        names: &[],
        alone: &["resolved at", "resolved on"],
        never: &[],
    },
];

/// Guesses the columns of a table of credences or questions.
#[must_use]
pub fn guess(sheet: &Sheet) -> Columns {
    if !sheet.has_headings {
        return by_content(sheet);
    }
    format::columns(sheet).unwrap_or_else(|| guess_by_words(sheet))
}

/// Guesses the columns by known headings and whole words in them, whatever the format.
pub(super) fn guess_by_words(sheet: &Sheet) -> Columns {
    let mut columns = named(sheet, OF_CREDENCES);
    // "Name" is the question's where nothing else is, and else somebody's.
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

/// Whether a heading is one that our own tables, other tools or people use.
pub(super) fn is_known(heading: &str) -> bool {
    let words = words(heading);
    let is_it = |name: &&str| words == self::words(name);
    let all = OF_CREDENCES.iter().chain(super::evidence::NAMES);
    !words.is_empty()
        && (all
            .flat_map(|names| names.names.iter().chain(names.alone))
            .any(is_it)
            || words == ["name"])
}

/// Whether these are the headings of the table that [`super::credences_csv`] writes.
pub(super) fn are_credences_of_ours(head: &[String]) -> bool {
    head == OURS
}

/// Finds the column of each meaning: by a heading that is one of its names, or else by one that holds
/// a name as whole words. No column has two meanings.
pub(super) fn named(sheet: &Sheet, all: &[Names]) -> Columns {
    let head: Vec<Vec<String>> = sheet.head.iter().map(|heading| words(heading)).collect();
    let mut columns = Columns::new();
    for names in all {
        let mut known = names.names.iter().chain(names.alone);
        let place = known.find_map(|name| {
            let name = words(name);
            free(&head, &columns, |heading| *heading == name)
        });
        if let Some(place) = place {
            columns.insert(names.meaning, place);
        }
    }
    for names in all {
        if columns.contains_key(&names.meaning) {
            continue;
        }
        let place = names.names.iter().find_map(|name| {
            let name = words(name);
            free(&head, &columns, |heading| {
                let is_other = heading.len() > LONGEST
                    || heading.iter().any(|word| {
                        !name.contains(word)
                            && (NEVER.contains(&word.as_str())
                                || names.never.contains(&word.as_str()))
                    });
                !is_other && heading.windows(name.len()).any(|part| *part == name)
            })
        });
        if let Some(place) = place {
            columns.insert(names.meaning, place);
        }
    }
    columns
}

/// The first column that fits and has no meaning yet.
fn free(
    head: &[Vec<String>],
    columns: &Columns,
    fits: impl Fn(&Vec<String>) -> bool,
) -> Option<usize> {
    let is_free = |place: &usize| !columns.values().any(|taken| taken == place);
    let fitting = head.iter().enumerate().filter(|(_, heading)| fits(heading));
    fitting.map(|(place, _)| place).find(is_free)
}

/// The words of a heading in small letters: "createdAt", "created_at" and "Created at" are the same.
pub(super) fn words(heading: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for letter in heading.chars() {
        let starts = was_small && letter.is_uppercase();
        was_small = letter.is_lowercase();
        if (starts || !letter.is_alphanumeric()) && words.last().is_some_and(|w| !w.is_empty()) {
            words.push(String::new());
        }
        let Some(word) = words.last_mut() else { break };
        if letter == '%' {
            word.push_str("percent");
            words.push(String::new());
        } else if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Guesses from what stands in the columns, where there are no headings.
fn by_content(sheet: &Sheet) -> Columns {
    let mut columns = Columns::new();
    let mut texts = Vec::new();
    for place in 0..sheet.head.len() {
        let cells = || {
            let cells = sheet.rows.iter().take(1_000);
            cells
                .map(|row| row[place].trim())
                .filter(|cell| !cell.is_empty())
        };
        let count = cells().count();
        if count == 0 {
            continue;
        }
        if cells().all(is_date) {
            columns.entry(Meaning::Date).or_insert(place);
        } else if cells().all(is_figure) {
            columns.entry(Meaning::Chance).or_insert(place);
        } else {
            let length: usize = cells().map(|cell| cell.chars().count()).sum();
            let different: std::collections::BTreeSet<&str> = cells().collect();
            texts.push((place, length / count, different.len() < count));
        }
    }
    // The longest texts are claims; a short one that comes again is a name.
    let question = texts
        .iter()
        .max_by_key(|(place, length, _)| (*length, usize::MAX - place));
    if let Some((question, ..)) = question.copied() {
        columns.insert(Meaning::Question, question);
        let person = texts
            .iter()
            .find(|(place, length, repeats)| *place != question && *length <= 30 && *repeats);
        if let Some((person, ..)) = person {
            columns.insert(Meaning::Person, *person);
        }
    }
    columns
}
