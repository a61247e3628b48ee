//! Reading a table: CSV with any usual separator, cells pasted from a spreadsheet, Markdown.

use std::collections::BTreeSet;

use super::scale::is_figure;
use super::{Format, format, headings, json};
use super::{dates, evidence};
use crate::export::csv::{all_unguarded, unguarded};
use crate::file_kind::file_kind;

/// The most rows that are taken in at once.
pub const MOST_ROWS: usize = 100_000;

/// The most columns of a table.
pub const MOST_COLUMNS: usize = 200;

/// The largest table, in bytes.
pub const MOST_BYTES: usize = 20 * 1024 * 1024;

/// How much of a table is looked at to find its separator.
const SNIFFED_BYTES: usize = 64 * 1024;
/// The most rows that are looked at for that.
const SNIFFED_ROWS: usize = 50;

/// A table that was brought in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The headings of its columns; "Column 1" and so on where it has none.
    pub head: Vec<String>,
    /// Whether the headings stand in the table.
    pub has_headings: bool,
    /// Its rows, each as wide as the head.
    pub rows: Vec<Vec<String>>,
    /// The number of each row, as a spreadsheet counts them.
    pub numbers: Vec<usize>,
    /// Places of rows that had more cells than the head.
    pub overlong: BTreeSet<usize>,
    /// The parts that were not read and the format that was recognised, in sentences.
    pub remarks: Vec<String>,
    /// The format, where its headings tell it.
    pub format: Option<Format>,
}

/// Why a text is no table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// There is at most a heading.
    #[error(
        "There is no table in this: it takes a first row with the names of the columns, and rows below it."
    )]
    Empty,
    /// It has more rows than are taken in at once.
    #[error("This table has more than 100,000 rows. Please take it in in parts.")]
    TooLong,
    /// It has more columns than a table may have.
    #[error(
        "This table has {0} columns, and 200 is the most. Please leave some of them out, or bring it in in parts."
    )]
    TooWide(usize),
    /// It has more bytes than are read at once.
    #[error("This table has more than 20 MB. Please take it in in parts.")]
    TooLarge,
    /// A quotation mark is open at the end.
    #[error("This table was cut off, or is none: a quotation mark in row {0} is never closed.")]
    Unclosed(usize),
    /// It is the part of an export that says nothing without the others.
    #[error("{0}")]
    Part(&'static str),
    /// The end of a file is missing.
    #[error(
        "This file is cut off, and nothing of it was read. Please export or download it again."
    )]
    CutOff,
    /// An archive that is not read.
    #[error("{0}")]
    Archive(&'static str),
    /// It is something else that has a name.
    #[error("This is {0}, not a table. {1}")]
    Other(&'static str, &'static str),
}

/// Rows as they stand in the text, each with its number.
type Rows = Vec<(usize, Vec<String>)>;

impl Sheet {
    /// Reads a table, and finds out whether its first row holds headings.
    ///
    /// # Errors
    /// [`SheetError`] says what is wrong with it.
    pub fn read(text: &str) -> Result<Self, SheetError> {
        Self::read_with(text, None)
    }

    /// Reads a table. `has_headings`: whether its first row holds them; `None`: to be found out.
    ///
    /// # Errors
    /// [`SheetError`] says what is wrong with it.
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
        let (mut rows, remarks): (Rows, _) = match markdown(text)? {
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
            // A column without a heading is one all the same.
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
        let format = has_headings.then(|| format::recognised(&head)).flatten();
        if format.is_none() && format::are_forecasts_alone(&head) {
            return Err(SheetError::Part(
                "This is the part of a Metaculus export that holds the forecasts, without their questions. Please bring in the whole .zip file.",
            ));
        }
        // The last one was joined here.
        let is_ours = headings::are_credences_of_ours(&head)
            || evidence::is_ours(&head)
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

    /// The heading of a column, with its number where another one is called the same.
    #[must_use]
    pub fn column_label(&self, place: usize) -> String {
        let name = self.head.get(place).map_or("", |name| name.trim());
        let others = self.head.iter().filter(|other| other.trim() == name);
        if others.count() > 1 {
            format!("{name} (column {})", place + 1)
        } else {
            name.to_owned()
        }
    }
}

fn column_name(place: usize) -> String {
    format!("Column {}", place + 1)
}

/// Whether a first row holds headings: one that is known, or at least no figure and no date.
fn holds_headings(row: &[String]) -> bool {
    let is_value = |cell: &String| is_figure(cell) || dates::is_date(cell);
    row.iter().any(|cell| headings::is_known(cell)) || !row.iter().any(is_value)
}

/// The line that tells Excel the separator: "sep=;".
fn told_separator(text: &str) -> Option<(u8, &str)> {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    let line = line.trim_end_matches('\r').trim_matches('"');
    let mark = match line.split_at_checked(4)? {
        (key, mark) if key.eq_ignore_ascii_case("sep=") => mark,
        _ => return None,
    };
    match mark.as_bytes() {
        [mark] if !mark.is_ascii_alphanumeric() && *mark != b'"' => Some((*mark, rest)),
        _ => None,
    }
}

fn separated(text: &str) -> Result<Rows, SheetError> {
    if let Some((mark, rest)) = told_separator(text) {
        return cells(rest, mark, 2);
    }
    cells(text, separator(text), 1)
}

/// The separator by which most rows are as wide as the first one, quotes respected. A table of one
/// column has none, and is given one that no text holds.
fn separator(text: &str) -> u8 {
    let mut end = text.len().min(SNIFFED_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut best = (0, 0, 0);
    for mark in *b",;\t" {
        let mut reader = reader(mark).from_reader(&text.as_bytes()[..end]);
        let records = reader.records().take(SNIFFED_ROWS);
        let records: Vec<csv::StringRecord> = records.filter_map(Result::ok).collect();
        let widths: Vec<usize> = records.iter().map(csv::StringRecord::len).collect();
        // The last one may be cut off here.
        let is_cut = end < text.len() && widths.len() > 1 && widths.len() < SNIFFED_ROWS;
        let widths = &widths[..widths.len() - usize::from(is_cut)];
        let first = widths.first().copied().unwrap_or(0);
        // A heading with a comma in it makes no two columns where no row has one.
        let is_in_rows = widths.len() < 2 || widths[1..].iter().any(|width| *width > 1);
        let is_known = || records[0].iter().any(headings::is_known);
        if first < 2 || !(is_in_rows || is_known()) {
            continue;
        }
        let same = widths.iter().filter(|width| **width == first).count();
        // Shorter rows lack empty cells at their end, which is usual; longer ones are split wrongly.
        let longer = widths.iter().filter(|width| **width > first).count();
        let agree = (same * 2 + widths.len() - longer) * 1_000 / widths.len();
        best = best.max((agree, first, mark));
    }
    best.2
}

/// Whether each quotation mark at the beginning of a cell has one at the end of the cell. Spreadsheets
/// copy cells that merely hold quotation marks as they are.
fn quotes_enclose(text: &str, mark: u8) -> bool {
    let mut bytes = text.bytes().peekable();
    let mut is_start = true;
    while let Some(byte) = bytes.next() {
        if byte == b'"' && is_start {
            loop {
                match bytes.next() {
                    Some(b'"') if bytes.peek() == Some(&b'"') => drop(bytes.next()),
                    Some(b'"') => break,
                    Some(_) => {}
                    None => return false,
                }
            }
            let next = bytes.peek().copied();
            if next.is_some_and(|next| next != mark && !matches!(next, b'\r' | b'\n')) {
                return false;
            }
        }
        is_start = byte == mark || matches!(byte, b'\r' | b'\n');
    }
    true
}

fn reader(mark: u8) -> csv::ReaderBuilder {
    let mut builder = csv::ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(mark);
    builder
}

/// Stands in a row of its own behind the text: where it does not come back as one, a quotation mark
/// is still open.
const END: &str = "\u{1}";

fn cells(text: &str, mark: u8, first: usize) -> Result<Rows, SheetError> {
    let ended = format!("{text}\r\n{END}");
    let quotes = mark != b'\t' || quotes_enclose(text, mark);
    let mut reader = reader(mark).quoting(quotes).from_reader(ended.as_bytes());
    let mut rows: Rows = Vec::new();
    let mut number = first;
    let mut line = 1;
    let mut record = csv::StringRecord::new();
    // Text is UTF-8 and in memory, so that reading it has no way to fail.
    while reader.read_record(&mut record).unwrap_or(false) {
        // Empty lines before a row count as rows, line breaks inside cells do not.
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
        // The headings, and one too many.
        if rows.len() > MOST_ROWS + 1 {
            return Err(SheetError::TooLong);
        }
        number += 1;
    }
    Err(SheetError::Unclosed(number.saturating_sub(1).max(first)))
}

/// All records of a text that is separated by commas, however wide.
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

/// The first table of a Markdown text, if there is one.
fn markdown(text: &str) -> Result<Option<(Rows, Vec<String>)>, SheetError> {
    // Tables may stand below a heading and a few words.
    const LOOKED_AT: usize = 20;
    let lines = || text.lines().enumerate();
    let below_head = lines()
        .take(LOOKED_AT)
        .skip(1)
        .find(|(_, line)| is_rule(line));
    let Some((rule, _)) = below_head else {
        return Ok(None);
    };
    let mut rows = Rows::new();
    let mut left = 0;
    let mut is_open = true;
    for (place, line) in lines() {
        let is_row = line.contains('|');
        if place + 1 < rule {
            left += usize::from(is_row);
            continue;
        }
        is_open = is_open && is_row;
        if is_open && place != rule {
            rows.push((place + 1, bar_cells(line)));
        } else if !is_open {
            left += usize::from(is_row);
        }
        if rows.len() > MOST_ROWS + 1 {
            return Err(SheetError::TooLong);
        }
    }
    let mut remarks = Vec::new();
    if left > 0 {
        let lines = if left == 1 { "line" } else { "lines" };
        remarks.push(format!(
            "Only the first table was read: {left} {lines} of another one were left out."
        ));
    }
    Ok(Some((rows, remarks)))
}

/// The line between the headings and the rows of a Markdown table: "|---|:-:|".
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.contains('|')
        && line.contains('-')
        && line
            .chars()
            .all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'))
}

/// The cells of a row between bars; "\|" is a bar in a cell.
fn bar_cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut cells = vec![String::new()];
    let mut letters = line.chars().peekable();
    let mut ends_open = false;
    while let Some(letter) = letters.next() {
        let Some(cell) = cells.last_mut() else { break };
        ends_open = false;
        match letter {
            '\\' if letters.peek() == Some(&'|') => {
                letters.next();
                cell.push('|');
            }
            '|' => {
                cells.push(String::new());
                ends_open = true;
            }
            letter => cell.push(letter),
        }
    }
    if ends_open {
        cells.pop();
    }
    let plain = |cell: String| {
        let cell = cell.trim();
        ["<br>", "<br/>", "<br />"]
            .iter()
            .fold(cell.to_owned(), |cell, tag| cell.replace(tag, "\n"))
    };
    cells.into_iter().map(plain).collect()
}
