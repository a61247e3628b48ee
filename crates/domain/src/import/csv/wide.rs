//! Wide tables: a column for each person or each question, turned into a row for each number.

use super::scale::is_figure;
use super::{Columns, Format, Meaning, Sheet, SheetError, folded, format};
use crate::board::Board;
use crate::record::keyed_enum;

keyed_enum! {
    /// How the numbers of a table are laid out.
    #[derive(Default)]
    Layout {
        /// One number a row.
        #[default]
        Rows = "rows", "One credence a row";
        /// A column of numbers for each person.
        PersonColumns = "person-columns", "One column per person";
        /// A column of numbers for each question.
        QuestionColumns = "question-columns", "One column per question";
    }
}

impl Sheet {
    /// The columns that hold mostly numbers and have no meaning yet.
    pub(super) fn number_columns(&self, columns: &Columns) -> Vec<usize> {
        let holds_numbers = |place: &usize| {
            let cells = self.rows.iter().map(|row| row[*place].trim());
            let (mut filled, mut figures) = (0, 0);
            for cell in cells.filter(|cell| !cell.is_empty()) {
                filled += 1;
                figures += usize::from(is_figure(cell));
            }
            figures * 2 > filled
        };
        let is_free = |place: &usize| !columns.values().any(|taken| taken == place);
        // The points of a quiz that was made as a form.
        let is_points = |place: &usize| {
            self.format == Some(Format::GoogleForms) && self.head[*place].trim() == "Score"
        };
        let places = (0..self.head.len()).filter(|place| is_free(place) && !is_points(place));
        places.filter(holds_numbers).collect()
    }

    /// The headings of the columns that are not taken in.
    #[must_use]
    pub fn left_out(&self, columns: &Columns, layout: Layout) -> Vec<String> {
        let wide = match layout {
            Layout::Rows => Vec::new(),
            _ => self.number_columns(columns),
        };
        let is_out =
            |place: &usize| !wide.contains(place) && !columns.values().any(|taken| taken == place);
        let is_filled = |place: &usize| self.rows.iter().any(|row| !row[*place].trim().is_empty());
        (0..self.head.len())
            .filter(is_out)
            .filter(is_filled)
            .map(|place| self.column_label(place))
            .collect()
    }
}

/// Guesses the layout. Columns of numbers are people only if the board has one of that name, and
/// questions only if it has one or their headings are questions: a column may count anything.
#[must_use]
pub fn guess_layout(board: &Board, sheet: &Sheet, columns: &Columns) -> Layout {
    if let Some(layout) = format::layout(sheet, columns) {
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

/// Whether a table looks wide but nothing says of what its columns are.
#[must_use]
pub fn may_be_wide(sheet: &Sheet, columns: &Columns) -> bool {
    !columns.contains_key(&Meaning::Chance) && !sheet.number_columns(columns).is_empty()
}

/// A wide table as a long one. Of the other columns only those with a meaning stay.
///
/// # Errors
/// [`SheetError::TooLong`] when it has more numbers than rows are taken in at once.
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
    // A column that was chosen for what the headings say is a column of numbers again.
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
        // A question without a number is one all the same.
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
