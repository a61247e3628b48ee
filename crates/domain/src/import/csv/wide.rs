//! Wide tables, with a column for each person or question, converted to one row per number.

use super::planning::folded;
use super::{Columns, Layout, Meaning, Sheet, SheetError, known_formats};
use crate::board::Board;

/// Guesses the layout. Columns of numbers are people only if the board has a person of that name, and
/// questions only if it has such a question or the headings are questions, since a column may count anything.
#[must_use]
pub fn guess_layout(board: &Board, sheet: &Sheet, columns: &Columns) -> Layout {
    if let Some(layout) = known_formats::layout(sheet, columns) {
        return layout;
    }
    let has = |meaning| columns.contains_key(&meaning);
    let has_question = has(Meaning::Question) || has(Meaning::Claim);
    if has(Meaning::Chance) || has_question == has(Meaning::Person) {
        return Layout::Rows;
    }
    let headings = sheet.number_columns(columns);
    let any = |fits: &dyn Fn(&str) -> bool| {
        let mut headings = headings.iter().map(|place| sheet.head[*place].trim());
        headings.any(fits)
    };
    let is_person = |heading: &str| {
        let mut people = board.people();
        people.any(|person| folded(&person.name) == folded(heading))
    };
    let is_question = |heading: &str| {
        heading.ends_with('?')
            || board.cruxes().iter().any(|crux| {
                [&*crux.name(), &crux.claim]
                    .iter()
                    .any(|name| folded(name) == folded(heading))
            })
    };
    if has_question && any(&is_person) {
        Layout::PersonColumns
    } else if !has_question && any(&is_question) {
        Layout::QuestionColumns
    } else {
        Layout::Rows
    }
}

/// Returns whether a table looks wide, but does not show whether its columns are people or questions.
#[must_use]
pub fn may_be_wide(sheet: &Sheet, columns: &Columns) -> bool {
    !columns.contains_key(&Meaning::Chance) && !sheet.number_columns(columns).is_empty()
}

/// Converts a wide table to a long one. Of the other columns, only those with a meaning are kept.
///
/// # Errors
/// [`SheetError::TooLong`] if it has more numbers than one import allows rows.
pub(super) fn long(
    sheet: &Sheet,
    columns: &Columns,
    layout: Layout,
) -> Result<(Sheet, Columns), SheetError> {
    let (heading_is, other) = match layout {
        Layout::QuestionColumns => (Meaning::Question, Meaning::Claim),
        _ => (Meaning::Person, Meaning::Person),
    };
    let is_kept = |meaning: &Meaning| {
        *meaning != heading_is && *meaning != other && *meaning != Meaning::Chance
    };
    let kept: Vec<(Meaning, usize)> = columns
        .iter()
        .filter(|(meaning, _)| is_kept(meaning))
        .map(|(meaning, place)| (*meaning, *place))
        .collect();
    // A column that was chosen for the meaning of the headings is a column of numbers again.
    let wide = sheet.number_columns(&kept.iter().copied().collect());
    let mut long = Sheet {
        head: kept
            .iter()
            .map(|(_, place)| sheet.head[*place].clone())
            .chain([
                heading_is.label().to_owned(),
                Meaning::Chance.label().to_owned(),
            ])
            .collect(),
        has_headings: true,
        format: sheet.format,
        ..Sheet::default()
    };
    let columns = kept
        .iter()
        .map(|(meaning, _)| *meaning)
        .chain([heading_is, Meaning::Chance])
        .enumerate()
        .map(|(place, meaning)| (meaning, place))
        .collect();
    for (place, row) in sheet.rows.iter().enumerate() {
        if sheet.overlong.contains(&place) {
            long.overlong.insert(long.rows.len());
        }
        let mut said = false;
        for column in &wide {
            let number = row[*column].trim();
            if number.is_empty() {
                continue;
            }
            said = true;
            let cells = kept.iter().map(|(_, place)| row[*place].clone());
            let own = [sheet.head[*column].trim().to_owned(), number.to_owned()];
            long.rows.push(cells.chain(own).collect());
            long.numbers.push(sheet.numbers[place]);
        }
        // A question without a number is still imported.
        if !said && layout == Layout::PersonColumns {
            let cells = kept.iter().map(|(_, place)| row[*place].clone());
            long.rows
                .push(cells.chain([String::new(), String::new()]).collect());
            long.numbers.push(sheet.numbers[place]);
        }
        if long.rows.len() > super::MOST_ROWS {
            return Err(SheetError::TooLong);
        }
    }
    Ok((long, columns))
}
