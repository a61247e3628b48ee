//! The character between the cells of a table.

use super::headings;

/// Length of the beginning in which the separator is searched, in bytes.
const SNIFFED_BYTES: usize = 64 * 1024;
/// Maximum number of rows in which the separator is searched.
const SNIFFED_ROWS: usize = 50;

/// Parses the line that tells Excel the separator: "sep=;".
pub(super) fn told_separator(text: &str) -> Option<(u8, &str)> {
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

/// Returns the separator with which most rows are as wide as the first one, respecting quotes. A table with
/// one column has none; for it, returns a character that occurs in no text.
pub(super) fn separator(text: &str) -> u8 {
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
        // The last row may be incomplete here.
        let is_cut = end < text.len() && widths.len() > 1 && widths.len() < SNIFFED_ROWS;
        let widths = &widths[..widths.len() - usize::from(is_cut)];
        let first = widths.first().copied().unwrap_or(0);
        // A comma in a heading makes no second column if no row has one.
        let is_in_rows = widths.len() < 2 || widths[1..].iter().any(|width| *width > 1);
        let is_known = || records[0].iter().any(headings::is_known);
        if first < 2 || !(is_in_rows || is_known()) {
            continue;
        }
        let same = widths.iter().filter(|width| **width == first).count();
        // Shorter rows lack empty cells at their end, which is usual; longer rows are split wrongly.
        let longer = widths.iter().filter(|width| **width > first).count();
        let agree = (same * 2 + widths.len() - longer) * 1_000 / widths.len();
        best = best.max((agree, first, mark));
    }
    best.2
}

/// Returns whether each quotation mark at the beginning of a cell has a counterpart at its end. Spreadsheets
/// copy cells that merely contain quotation marks as they are.
pub(super) fn quotes_enclose(text: &str, mark: u8) -> bool {
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

/// Returns a reader of records of any width with this separator.
pub(super) fn reader(mark: u8) -> csv::ReaderBuilder {
    let mut builder = csv::ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(mark);
    builder
}
