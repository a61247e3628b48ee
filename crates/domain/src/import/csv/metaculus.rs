//! The export of Metaculus: questions and forecasts joined into one table by the question's id.

use crate::translatable;
use std::collections::BTreeMap;

use super::records::records;
use super::{MOST_BYTES, MOST_ROWS, SheetError};
use crate::export::csv::written;

const NOT_METACULUS: SheetError = SheetError::Archive(translatable!(
    "This archive has the names of a Metaculus export, and its tables have other columns. Please unpack it, and bring them in one by one."
));

/// The headings of the joined table, which identify [`super::Format::Metaculus`].
const HEAD: [&str; 12] = [
    "Question ID",
    "Question Title",
    "Question Type",
    "MC Option",
    "Forecaster",
    "Probability Yes (scale = 0-1)",
    "Forecast Start Time",
    "Question URL",
    "Default Project",
    "Scheduled Close Time",
    "Resolution",
    "Resolution Known Time",
];

/// A table by headings.
struct Table {
    head: BTreeMap<String, usize>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn read(text: &str) -> Result<Self, SheetError> {
        let mut rows = records(text)?;
        if rows.is_empty() {
            return Err(SheetError::Empty);
        }
        let head = rows.remove(0).into_iter().enumerate();
        Ok(Self {
            head: head.map(|(place, name)| (name, place)).collect(),
            rows,
        })
    }

    fn has(&self, heading: &str) -> bool {
        self.head.contains_key(heading)
    }

    fn cell<'a>(&self, row: &'a [String], heading: &str) -> &'a str {
        let place = self.head.get(heading);
        place
            .and_then(|place| row.get(*place))
            .map_or("", |cell| cell.trim())
    }
}

/// One answer of a question, or the question itself.
struct Claim {
    option: String,
    resolution: String,
}

struct Question {
    cells: Vec<String>,
    claims: Vec<Claim>,
    has_forecasts: bool,
}

/// Joins questions and forecasts. Aggregates are left out, and so are questions for a number or a date.
///
/// # Errors
/// [`SheetError`] if one of the tables cannot be read, or the joined table would be too large.
pub(super) fn joined(questions: &str, forecasts: &str) -> Result<String, SheetError> {
    let (questions, forecasts) = (Table::read(questions)?, Table::read(forecasts)?);
    let are_known = questions.has("Question ID")
        && questions.has("Question Title")
        && forecasts.has("Question ID")
        && forecasts.has("Probability Yes");
    if !are_known {
        return Err(NOT_METACULUS);
    }
    let mut known: BTreeMap<&str, Question> = BTreeMap::new();
    let mut order = Vec::new();
    for row in &questions.rows {
        let cell = |heading| questions.cell(row, heading);
        let kind = cell("Question Type");
        let resolution = cell("Resolution");
        let claims = match kind {
            "binary" | "" => vec![Claim {
                option: String::new(),
                resolution: resolution.to_owned(),
            }],
            "multiple_choice" => options(cell("MC Options"), resolution),
            _ => continue,
        };
        let id = cell("Question ID");
        order.push(id);
        let own = ["Question URL", "Default Project", "Scheduled Close Time"];
        known.insert(
            id,
            Question {
                cells: [id, cell("Question Title"), kind]
                    .into_iter()
                    .chain(own.map(cell))
                    .chain([cell("Resolution Known Time")])
                    .map(str::to_owned)
                    .collect(),
                claims,
                has_forecasts: false,
            },
        );
    }
    let mut rows = vec![HEAD.map(str::to_owned).to_vec()];
    for row in &forecasts.rows {
        let cell = |heading| forecasts.cell(row, heading);
        let Some(name) = forecaster(&cell) else {
            continue;
        };
        let Some(question) = known.get_mut(cell("Question ID")) else {
            continue;
        };
        let chances = match cell("Probability Yes") {
            "" => numbers(cell("Probability Yes Per Category")),
            chance => vec![chance.to_owned()],
        };
        // Options are added and removed over time. A forecast for other options than the present ones is left
        // out.
        if chances.len() != question.claims.len() {
            continue;
        }
        question.has_forecasts = true;
        for (claim, chance) in question.claims.iter().zip(chances) {
            if !chance.is_empty() {
                rows.push(question.row(claim, &name, &chance, cell("Start Time")));
            }
        }
    }
    for id in order {
        let Some(question) = known.get(id).filter(|question| !question.has_forecasts) else {
            continue;
        };
        for claim in &question.claims {
            rows.push(question.row(claim, "", "", ""));
        }
    }
    if rows.len() > MOST_ROWS + 1 {
        return Err(SheetError::TooLong);
    }
    let text = written(&rows);
    if text.len() > MOST_BYTES {
        return Err(SheetError::TooLarge);
    }
    Ok(text)
}

impl Question {
    fn row(&self, claim: &Claim, name: &str, chance: &str, start: &str) -> Vec<String> {
        let own = |place: usize| self.cells.get(place).map_or("", String::as_str);
        [
            own(0),
            own(1),
            own(2),
            &claim.option,
            name,
            chance,
            start,
            own(3),
            own(4),
            own(5),
            &claim.resolution,
            own(6),
        ]
        .map(str::to_owned)
        .to_vec()
    }
}

/// Returns the name of a forecaster; `None` for an aggregate, which has a number of forecasters and no id.
fn forecaster<'a>(cell: &impl Fn(&'static str) -> &'a str) -> Option<String> {
    if !cell("Forecaster Count").is_empty() {
        return None;
    }
    match cell("Forecaster (Anonymized)") {
        "" => {
            let (id, name) = (cell("Forecaster ID"), cell("Forecaster Username"));
            let is_somebody = !id.is_empty() && !name.is_empty();
            is_somebody.then(|| name.to_owned())
        }
        // A SHA-256 hash; its beginning is enough to tell people apart.
        hash => {
            let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            is_hash.then(|| format!("Forecaster {}", &hash[..8]))
        }
    }
}

/// Returns the options of a question, each with its resolution.
fn options(list: &str, resolution: &str) -> Vec<Claim> {
    let options = strings(list);
    let has_winner = options.iter().any(|option| option == resolution);
    let claim = |option: String| Claim {
        resolution: match resolution {
            resolution if !has_winner => resolution.to_owned(),
            resolution if resolution == option => "yes".to_owned(),
            _ => "no".to_owned(),
        },
        option,
    };
    options.into_iter().map(claim).collect()
}

/// Parses a list of texts in Python's notation: `['A', "B's"]`.
fn strings(list: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut letters = list.chars();
    while let Some(quote) = letters.next() {
        if !matches!(quote, '\'' | '"') {
            continue;
        }
        let mut text = String::new();
        while let Some(letter) = letters.next() {
            match letter {
                '\\' => text.extend(letters.next().map(|letter| match letter {
                    'n' | 'r' | 't' => ' ',
                    letter => letter,
                })),
                letter if letter == quote => break,
                letter => text.push(letter),
            }
        }
        found.push(text);
    }
    found
}

/// Parses a list of numbers in Python's notation: `[0.25, None, 0.75]`. Anything else becomes an empty text.
fn numbers(list: &str) -> Vec<String> {
    let inside = list.trim_start_matches('[').trim_end_matches(']');
    if inside.trim().is_empty() {
        return Vec::new();
    }
    let number = |text: &str| match text.trim().parse::<f64>() {
        Ok(number) if number.is_finite() => text.trim().to_owned(),
        _ => String::new(),
    };
    inside.split(',').map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_as_python_writes_them() {
        assert_eq!(
            strings("['A', \"B's\", 'C\\'d', '']"),
            ["A", "B's", "C'd", ""]
        );
        assert_eq!(strings("None"), [""; 0]);
        assert_eq!(
            numbers("[0.25, None, 1e-05, nan]"),
            ["0.25", "", "1e-05", ""]
        );
        assert_eq!(numbers(""), [""; 0]);
    }
}
