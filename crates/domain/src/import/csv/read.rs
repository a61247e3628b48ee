//! Reads tables: CSV with any usual separator, cells pasted from a spreadsheet, Markdown.

use super::figure::is_figure;
use super::markdown_table::markdown;
use super::records::separated;
use super::sheet::{MOST_BYTES, MOST_COLUMNS, MOST_ROWS, NumberedRows, Sheet, SheetError};
use super::{Format, dates, evidence_headings, headings, json, known_formats};
use crate::export::csv::{all_unguarded, unguarded};
use crate::file_kind::file_kind;

impl Sheet {
    /// Reads a table, and determines whether its first row has headings.
    ///
    /// # Errors
    /// [`SheetError`] if the text cannot be read as a table.
    pub fn read(text: &str) -> Result<Self, SheetError> {
        Self::read_with(text, None)
    }

    /// Reads a table. `has_headings` says whether its first row has headings; `None` to determine it.
    ///
    /// # Errors
    /// [`SheetError`] if the text cannot be read as a table.
    pub fn read_with(text: &str, has_headings: Option<bool>) -> Result<Self, SheetError> {
        if text.len() > MOST_BYTES {
            return Err(SheetError::TooLarge);
        }
        let text = text.trim_start_matches('\u{feff}');
        if let Some(sheet) = json::read(text) {
            return sheet;
        }
        if let Some(kind) = file_kind(text) {
            return Err(SheetError::Other(kind.name, kind.advice));
        }
        let (mut rows, remarks): (NumberedRows, _) = match markdown(text)? {
            Some(found) => found,
            None => (separated(text)?, Vec::new()),
        };
        let told = rows.first().map_or(0, |(_, row)| row.len());
        for (_, row) in &mut rows {
            // Spreadsheets write empty cells up to the widest row.
            let filled = row.iter().rposition(|cell| !cell.trim().is_empty());
            row.truncate(filled.map_or(0, |last| last + 1));
        }
        rows.retain(|(_, row)| !row.is_empty());
        let first = rows.first().ok_or(SheetError::Empty)?;
        let has_headings = has_headings.unwrap_or_else(|| holds_headings(&first.1));
        let widest = rows.iter().map(|(_, row)| row.len()).max().unwrap_or(0);
        let head = if has_headings {
            let mut head = rows.remove(0).1;
            // A column without a heading still counts.
            head.resize(told.min(widest).max(head.len()), String::new());
            for (place, name) in head.iter_mut().enumerate() {
                if name.trim().is_empty() {
                    *name = column_name(place);
                }
            }
            head
        } else {
            (0..widest).map(column_name).collect()
        };
        if head.len().max(widest) > MOST_COLUMNS {
            return Err(SheetError::TooWide(head.len().max(widest)));
        }
        if rows.is_empty() {
            return Err(SheetError::Empty);
        }
        if rows.len() > MOST_ROWS {
            return Err(SheetError::TooLong);
        }
        let format = has_headings
            .then(|| known_formats::recognised(&head))
            .flatten();
        if format.is_none() && known_formats::are_forecasts_alone(&head) {
            return Err(SheetError::Part(
                "This is the part of a Metaculus export that holds the forecasts, without their questions. Please bring in the whole .zip file.",
            ));
        }
        // Metaculus' table was joined by this app, so it is not the person's own.
        let is_ours = headings::are_credences_of_ours(&head)
            || evidence_headings::is_ours(&head)
            || format == Some(Format::Metaculus);
        let mut remarks = remarks;
        remarks.extend(format.map(|format| format.remark().to_owned()));
        let mut sheet = Self {
            head,
            has_headings,
            remarks,
            format,
            ..Self::default()
        };
        for (place, (number, mut row)) in rows.into_iter().enumerate() {
            if row.len() > sheet.head.len() {
                sheet.overlong.insert(place);
            }
            row.resize(sheet.head.len(), String::new());
            for cell in &mut row {
                if is_ours {
                    *cell = all_unguarded(cell);
                } else if let Some(plain) = unguarded(cell) {
                    *cell = plain.to_owned();
                }
            }
            sheet.rows.push(row);
            sheet.numbers.push(number);
        }
        Ok(sheet)
    }
}

fn column_name(place: usize) -> String {
    format!("Column {}", place + 1)
}

/// Returns whether a first row has headings: at least one known heading, or no figure and no date.
fn holds_headings(row: &[String]) -> bool {
    let is_value = |cell: &String| is_figure(cell) || dates::is_date(cell);
    row.iter().any(|cell| headings::is_known(cell)) || !row.iter().any(is_value)
}
