//! Known formats: tables exported by other programs, recognized by their headings.
//!
//! `docs/importing.md` lists for each format the source of its headings, and the parts that are imported and
//! skipped.

use super::column_names::words;
use super::headings::guess_by_words;
use super::{Columns, Format, Layout, Meaning, Sheet};

/// The headings that identify a format, and their meanings. Each heading is compared as a whole, word by
/// word.
struct Known {
    format: Format,
    /// The headings that must all be present.
    required: &'static [&'static str],
    columns: &'static [(Meaning, &'static [&'static str])],
}

const KNOWN: &[Known] = &[
    Known {
        format: Format::Fatebook,
        required: &["Question title", "Forecast (scale = 0-1)"],
        columns: &[
            (Meaning::Question, &["Question title"]),
            (Meaning::Option, &["Multiple choice option"]),
            (Meaning::Person, &["Forecast created by"]),
            (Meaning::Chance, &["Forecast (scale = 0-1)"]),
            (Meaning::Date, &["Forecast created at"]),
            (Meaning::Author, &["Question created by"]),
            (Meaning::Background, &["Question notes"]),
            (Meaning::Tags, &["Question tags"]),
            (Meaning::Comments, &["Question comments"]),
            (Meaning::ResolveBy, &["Question resolve by"]),
            (Meaning::Resolution, &["Resolution", "Question resolution"]),
            (
                Meaning::ResolvedAt,
                &["Resolved at", "Question resolved at"],
            ),
        ],
    },
    Known {
        format: Format::Metaculus,
        required: &["Question ID", "Question Title", "Question Type"],
        columns: &[
            (Meaning::Question, &["Question Title"]),
            (Meaning::Option, &["MC Option"]),
            (Meaning::Person, &["Forecaster"]),
            (Meaning::Chance, &["Probability Yes (scale = 0-1)"]),
            (Meaning::Date, &["Forecast Start Time"]),
            (Meaning::Background, &["Question URL"]),
            (Meaning::Tags, &["Default Project"]),
            (Meaning::ResolveBy, &["Scheduled Close Time"]),
            (Meaning::Resolution, &["Resolution"]),
            (Meaning::ResolvedAt, &["Resolution Known Time"]),
        ],
    },
    Known {
        format: Format::PredictionBook,
        required: &["description", "description_with_group", "mean_confidence"],
        columns: &[
            (Meaning::Question, &["description"]),
            (Meaning::Person, &["user_label"]),
            (Meaning::Chance, &["confidence in percent"]),
            (Meaning::Date, &["response_created_at"]),
            (Meaning::Note, &["comment"]),
            (Meaning::Comments, &["comment without an estimate"]),
            (Meaning::Author, &["creator_label"]),
            (Meaning::Background, &["description_with_group"]),
            (Meaning::ResolveBy, &["deadline"]),
            (Meaning::Resolution, &["outcome"]),
            (Meaning::ResolvedAt, &["last_judgement_at"]),
        ],
    },
    Known {
        format: Format::Okr,
        required: &[],
        columns: &[
            (
                Meaning::Question,
                &[
                    "Key result",
                    "Key results",
                    "Key result title",
                    "Key result name",
                    "KR",
                    "Schlüsselergebnis",
                    "Schlüsselergebnisse",
                ],
            ),
            (
                Meaning::Person,
                &[
                    "Owner",
                    "Key result owner",
                    "KR owner",
                    "Responsible",
                    "Assignee",
                    "Verantwortlich",
                    "Verantwortliche",
                    "Zuständig",
                ],
            ),
            (
                Meaning::Owner,
                &[
                    "Owner",
                    "Key result owner",
                    "KR owner",
                    "Responsible",
                    "Assignee",
                    "Verantwortlich",
                    "Verantwortliche",
                    "Zuständig",
                ],
            ),
            (
                Meaning::Note,
                &[
                    "Comment",
                    "Comments",
                    "Notes",
                    "Check-in",
                    "Kommentar",
                    "Kommentare",
                    "Notizen",
                ],
            ),
            (
                Meaning::Background,
                &["Objective", "Objective title", "Objective name", "Ziel"],
            ),
            (
                Meaning::ResolveBy,
                &[
                    "Due date",
                    "Deadline",
                    "End date",
                    "Target date",
                    "Expected end date",
                    "Fällig am",
                    "Frist",
                    "Zieldatum",
                    "Enddatum",
                ],
            ),
        ],
    },
    Known {
        format: Format::RiskRegister,
        required: &[],
        columns: &[
            (
                Meaning::Question,
                &[
                    "Risk",
                    "Risk name",
                    "Risk title",
                    "Risk event",
                    "Risiko",
                    "Risikobezeichnung",
                ],
            ),
            (
                Meaning::Claim,
                &[
                    "Risk description",
                    "Description",
                    "Risk statement",
                    "Risikobeschreibung",
                    "Beschreibung",
                ],
            ),
            (
                Meaning::Note,
                &["Notes", "Comments", "Notizen", "Anmerkungen", "Kommentare"],
            ),
            (
                Meaning::Tags,
                &["Category", "Risk category", "Kategorie", "Risikokategorie"],
            ),
            (
                Meaning::Owner,
                &[
                    "Owner",
                    "Risk owner",
                    "Verantwortlich",
                    "Verantwortliche",
                    "Risikoverantwortlicher",
                    "Risikoverantwortliche",
                    "Risikoeigner",
                ],
            ),
            (
                Meaning::ResolveBy,
                &[
                    "Review date",
                    "Next review date",
                    "Due date",
                    "Target date",
                    "Überprüfung am",
                    "Nächste Überprüfung",
                    "Fällig am",
                    "Frist",
                ],
            ),
            (
                Meaning::Importance,
                &[
                    "Impact",
                    "Severity",
                    "Risk impact",
                    "Consequence",
                    "Auswirkung",
                    "Auswirkungen",
                    "Schwere",
                    "Schadensausmaß",
                    "Schadenshöhe",
                ],
            ),
            (
                Meaning::Mitigation,
                &[
                    "Mitigation",
                    "Mitigations",
                    "Mitigation strategy",
                    "Mitigation strategies",
                    "Mitigation plan",
                    "Mitigation actions",
                    "Mitigation action",
                    "Risk treatment",
                    "Treatment strategy",
                    "Response",
                    "Risk response",
                    "Maßnahme",
                    "Maßnahmen",
                    "Gegenmaßnahme",
                    "Gegenmaßnahmen",
                    "Risikobehandlung",
                ],
            ),
        ],
    },
];

/// Google Forms' heading for the time of a response, in some of its languages.
const FORM_TIMES: &[&str] = &[
    "Timestamp",
    "Zeitstempel",
    "Horodateur",
    "Marca temporal",
    "Carimbo de data/hora",
];

/// Headings of the column with the respondent's name in forms.
const FORM_PEOPLE: &[&str] = &[
    "Email address",
    "Username",
    "Email",
    "Name",
    "Your name",
    "Full name",
    "E-Mail-Adresse",
    "Adresse e-mail",
    "Dirección de correo electrónico",
    "Endereço de e-mail",
];

/// The headings of Metaculus' forecasts without the questions that they are about.
const METACULUS_FORECASTS: &[&str] = &["Question ID", "Start Time", "Probability Yes"];

/// Returns the index of the first of these headings.
fn place_of(head: &[Vec<String>], names: &[&str]) -> Option<usize> {
    names.iter().find_map(|name| {
        let name = words(name);
        head.iter().position(|heading| *heading == name)
    })
}

fn head_words(head: &[String]) -> Vec<Vec<String>> {
    head.iter().map(|heading| words(heading)).collect()
}

/// Returns the format that these headings identify.
pub(super) fn recognised(head: &[String]) -> Option<Format> {
    let first = head.first()?;
    let head = head_words(head);
    let has = |name: &str| place_of(&head, &[name]).is_some();
    let known = KNOWN
        .iter()
        .find(|known| !known.required.is_empty() && known.required.iter().all(|name| has(name)));
    if let Some(known) = known {
        return Some(known.format);
    }
    let question_of = |format| {
        let known = KNOWN.iter().find(|known| known.format == format);
        known.is_some_and(|known| {
            let is_it = |(meaning, _): &&(Meaning, &[&str])| {
                matches!(meaning, Meaning::Question | Meaning::Claim)
            };
            let mut names = known.columns.iter().filter(is_it);
            names.any(|(_, names)| place_of(&head, names).is_some())
        })
    };
    let has_word = |word: &str| head.iter().any(|heading| heading.iter().any(|w| w == word));
    let has_any = |words: &[&str]| words.iter().any(|word| has_word(word));
    if question_of(Format::Okr) && has_any(&["objective", "confidence", "ziel", "zuversicht"]) {
        return Some(Format::Okr);
    }
    let is_risk = has_any(&["risk", "risiko", "risikobezeichnung", "risikobeschreibung"])
        && has_any(&[
            "likelihood",
            "probability",
            "wahrscheinlichkeit",
            "eintrittswahrscheinlichkeit",
        ]);
    if is_risk && question_of(Format::RiskRegister) {
        return Some(Format::RiskRegister);
    }
    let is_form = FORM_TIMES.iter().any(|name| words(name) == words(first));
    is_form.then_some(Format::GoogleForms)
}

/// Returns whether these are the forecasts of Metaculus without its questions.
pub(super) fn are_forecasts_alone(head: &[String]) -> bool {
    let head = head_words(head);
    METACULUS_FORECASTS
        .iter()
        .all(|name| place_of(&head, &[name]).is_some())
}

/// Returns the columns of a table in a known format; `None` if its headings must be guessed.
pub(super) fn columns(sheet: &Sheet) -> Option<Columns> {
    let format = sheet.format?;
    let head = head_words(&sheet.head);
    if format == Format::GoogleForms {
        return form_columns(sheet, &head);
    }
    // Manifold is only read from JSON, under the headings of Fatebook.
    let known_as = match format {
        Format::Manifold => Format::Fatebook,
        format => format,
    };
    let known = KNOWN.iter().find(|known| known.format == known_as)?;
    let found = known.columns.iter().filter_map(|(meaning, names)| {
        let place = place_of(&head, names)?;
        Some((*meaning, place))
    });
    let mut columns: Columns = found.collect();
    let guessed = guess_by_words(sheet);
    // Some people add a column with reasons.
    if let Some(place) = guessed.get(&Meaning::Note)
        && !columns.values().any(|taken| taken == place)
    {
        columns.entry(Meaning::Note).or_insert(*place);
    }
    if matches!(format, Format::Okr | Format::RiskRegister) {
        if let Some(place) = guessed.get(&Meaning::Chance) {
            columns.insert(Meaning::Chance, *place);
        }
        if format == Format::RiskRegister
            && let Some(place) = guessed.get(&Meaning::Person)
        {
            columns.insert(Meaning::Person, *place);
        }
    }
    if format == Format::RiskRegister && !columns.contains_key(&Meaning::Question) {
        let claim = columns.remove(&Meaning::Claim)?;
        columns.insert(Meaning::Question, claim);
    }
    Some(columns)
}

/// Returns the columns of form responses, unless each response is a question with a number of its own.
fn form_columns(sheet: &Sheet, head: &[Vec<String>]) -> Option<Columns> {
    let guessed = guess_by_words(sheet);
    let has = |meaning| guessed.contains_key(&meaning);
    if has(Meaning::Chance) && (has(Meaning::Question) || has(Meaning::Claim)) {
        return None;
    }
    let mut columns = Columns::from([(Meaning::Date, 0)]);
    if let Some(place) = place_of(head, FORM_PEOPLE) {
        columns.insert(Meaning::Person, place);
    }
    Some(columns)
}

/// Returns the layout of a format; `None` if it must be guessed.
pub(super) fn layout(sheet: &Sheet, columns: &Columns) -> Option<Layout> {
    if sheet.format? != Format::GoogleForms {
        return Some(Layout::Rows);
    }
    let has_question = columns.contains_key(&Meaning::Question);
    let is_wide = !has_question && !sheet.number_columns(columns).is_empty();
    is_wide.then_some(Layout::QuestionColumns)
}
