//! The layout of the numbers in a table, and the columns that contain them.

use super::figure::is_figure;
use super::{Columns, Format, Sheet};
use crate::record::keyed_enum;

keyed_enum! {
    /// The layout of the numbers in a table.
    #[derive(Default)]
    Layout {
        /// One number per row.
        #[default]
        Rows = "rows", "One credence a row";
        /// A column of numbers for each person.
        PersonColumns = "person-columns", "One column per person";
        /// A column of numbers for each question.
        QuestionColumns = "question-columns", "One column per question";
    }
}

impl Sheet {
    /// Returns the columns that contain mostly numbers and have no meaning yet.
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
        // A form that was made as a quiz has a column of points.
        let is_points = |place: &usize| {
            self.format == Some(Format::GoogleForms)
                && ["Score", "Punktzahl"].contains(&self.head[*place].trim())
        };
        let places = (0..self.head.len()).filter(|place| is_free(place) && !is_points(place));
        places.filter(holds_numbers).collect()
    }

    /// Returns the headings of the columns that are not imported.
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
