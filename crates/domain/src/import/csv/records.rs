//! The rows of a text with a separator between its cells.

use super::separator::{quotes_enclose, reader, separator, told_separator};
use super::sheet::{MOST_COLUMNS, MOST_ROWS, NumberedRows, SheetError};

pub(super) fn separated(text: &str) -> Result<NumberedRows, SheetError> {
    if let Some((mark, rest)) = told_separator(text) {
        return cells(rest, mark, 2);
    }
    cells(text, separator(text), 1)
}

/// A marker in a row of its own after the text. If it is not read back as a row, a quotation mark is still
/// open.
const END: &str = "\u{1}";

fn cells(text: &str, mark: u8, first: usize) -> Result<NumberedRows, SheetError> {
    let ended = format!("{text}\r\n{END}");
    let quotes = mark != b'\t' || quotes_enclose(text, mark);
    let mut reader = reader(mark).quoting(quotes).from_reader(ended.as_bytes());
    let mut rows: NumberedRows = Vec::new();
    let mut number = first;
    let mut line = 1;
    let mut record = csv::StringRecord::new();
    // The text is UTF-8 and in memory, so reading it cannot fail.
    while reader.read_record(&mut record).unwrap_or(false) {
        // Empty lines before a row count as rows; line breaks inside cells do not.
        let next = reader.position().line();
        let inside: usize = record.iter().map(|cell| cell.matches('\n').count()).sum();
        let lines = usize::try_from(next - line).unwrap_or(0);
        line = next;
        number += lines.saturating_sub(inside + 1);
        if record.len() == 1 && &record[0] == END {
            return Ok(rows);
        }
        if record.len() > MOST_COLUMNS {
            let mut beyond = record.iter().skip(MOST_COLUMNS);
            if beyond.any(|cell| !cell.trim().is_empty()) {
                return Err(SheetError::TooWide(record.len()));
            }
        }
        if record.iter().any(|cell| !cell.trim().is_empty()) {
            rows.push((number, record.iter().map(str::to_owned).collect()));
        }
        // The headings, and one row too many.
        if rows.len() > MOST_ROWS + 1 {
            return Err(SheetError::TooLong);
        }
        number += 1;
    }
    Err(SheetError::Unclosed(number.saturating_sub(1).max(first)))
}

/// Reads all records of a text separated by commas, of any width.
pub(super) fn records(text: &str) -> Result<Vec<Vec<String>>, SheetError> {
    let ended = format!("{}\r\n{END}", text.trim_start_matches('\u{feff}'));
    let mut reader = reader(b',').from_reader(ended.as_bytes());
    let mut records = Vec::new();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).unwrap_or(false) {
        if record.len() == 1 && &record[0] == END {
            return Ok(records);
        }
        records.push(record.iter().map(str::to_owned).collect());
    }
    Err(SheetError::CutOff)
}
