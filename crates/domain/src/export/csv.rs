//! Writes tables in which a spreadsheet runs no formula, and takes the guards off again.
//!
//! A cell that begins like a formula gets an apostrophe before it. A spreadsheet in a semicolon locale
//! splits our lines at semicolons, and at line breaks inside a cell: each piece that would then become
//! a cell of its own is guarded in the same way.
//!
//! `csv::Writer` is not used here: it quotes for one delimiter, and a cell with a semicolon or a tab
//! has to be quoted as well, for spreadsheets that split there. Tables are read by `csv::Reader`.

/// Where a spreadsheet that reads the file with other rules may begin a new cell.
const BREAKS: [char; 4] = [';', '\t', '\n', '\r'];

/// A table as RFC 4180 has it, with a byte-order mark, by which Excel knows UTF-8.
pub(crate) fn written(rows: &[Vec<String>]) -> String {
    let mut text = String::from('\u{feff}');
    for row in rows {
        for (place, cell) in row.iter().enumerate() {
            if place > 0 {
                text.push(',');
            }
            let cell = guarded(cell);
            if cell.contains(['"', ',', ';', '\n', '\r', '\t']) {
                text.push('"');
                text.push_str(&cell.replace('"', "\"\""));
                text.push('"');
            } else {
                text.push_str(&cell);
            }
        }
        text.push_str("\r\n");
    }
    text
}

fn guarded(cell: &str) -> String {
    let mut guarded = String::with_capacity(cell.len() + 1);
    for piece in cell.split_inclusive(BREAKS) {
        if may_run(piece) {
            guarded.push('\'');
        }
        guarded.push_str(piece);
    }
    // A break at the very beginning is a formula's sign by itself.
    if guarded.starts_with(BREAKS) {
        guarded.insert(0, '\'');
    }
    guarded
}

/// Takes the guard off the beginning of a cell, as every spreadsheet writes it.
pub(crate) fn unguarded(cell: &str) -> Option<&str> {
    cell.strip_prefix('\'').filter(|rest| {
        runs(rest.split(BREAKS).next().unwrap_or_default()) || rest.starts_with(BREAKS)
    })
}

/// Takes all guards off that [`written`] puts in: only for tables that it wrote.
pub(crate) fn all_unguarded(cell: &str) -> String {
    let cell = match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(BREAKS) => rest,
        _ => cell,
    };
    let mut plain = String::with_capacity(cell.len());
    for piece in cell.split_inclusive(BREAKS) {
        let guarded = piece.strip_prefix('\'');
        plain.push_str(match guarded {
            Some(rest) if may_run(rest) => rest,
            _ => piece,
        });
    }
    plain
}

/// Whether a piece may be taken for a formula: quotation marks before it may be read as enclosing it.
fn may_run(piece: &str) -> bool {
    runs(piece.trim_end_matches(BREAKS).trim_start_matches('"'))
}

/// Whether a spreadsheet would take the text for a formula. One that begins with an apostrophe counts
/// too: it gets one more, so that none is lost on the way back.
fn runs(text: &str) -> bool {
    let is_number = !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+'))
        && text.parse::<f64>().is_ok();
    text.starts_with([
        '=', '+', '-', '@', '\'', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ]) && !is_number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_piece_that_may_become_a_cell_is_guarded_and_comes_back() {
        for (cell, safe) in [
            ("a;=1+1;b", "a;'=1+1;b"),
            ("=1+1", "'=1+1"),
            ("a\n=1+1", "a\n'=1+1"),
            ("a\r\n@x", "a\r\n'@x"),
            ("\tx", "'\tx"),
            ("\t=x", "'\t'=x"),
            ("-5", "-5"),
            ("a;-5;b", "a;-5;b"),
            ("'x", "''x"),
            ("a;'x", "a;''x"),
            ("it's", "it's"),
            ("a;\"=1+1;b", "a;'\"=1+1;b"),
            ("\"so\"", "\"so\""),
            ("-inf", "'-inf"),
            ("", ""),
        ] {
            assert_eq!(guarded(cell), safe, "{cell:?}");
            assert_eq!(all_unguarded(safe), cell, "{safe:?}");
        }
    }
}
