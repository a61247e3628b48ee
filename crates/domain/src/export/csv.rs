//! Writes tables in which a spreadsheet runs no formula, and removes the guards again.
//!
//! A cell that begins like a formula gets an apostrophe before it. A spreadsheet in a semicolon locale splits
//! lines at semicolons, and at line breaks inside a cell. Each piece that would then become a cell of its own
//! is guarded in the same way.
//!
//! `csv::Writer` is not used: it quotes for one delimiter, but a cell with a semicolon or a tab must be
//! quoted too, for spreadsheets that split there. Tables are read by `csv::Reader`.

/// Characters after which a spreadsheet with other rules may begin a new cell.
const BREAKS: [char; 4] = [';', '\t', '\n', '\r'];

/// Writes a table as in RFC 4180, with a byte-order mark, by which Excel recognizes UTF-8.
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
    // A break at the very beginning counts as the sign of a formula itself.
    if guarded.starts_with(BREAKS) {
        guarded.insert(0, '\'');
    }
    guarded
}

/// Removes the guard at the beginning of a cell, as every spreadsheet writes it.
pub(crate) fn unguarded(cell: &str) -> Option<&str> {
    cell.strip_prefix('\'').filter(|rest| {
        runs(rest.split(BREAKS).next().unwrap_or_default()) || rest.starts_with(BREAKS)
    })
}

/// Removes all guards that [`written`] adds. Only for tables written by it.
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

/// Returns whether a piece may be run as a formula, also behind quotation marks that may be read as enclosing
/// it.
fn may_run(piece: &str) -> bool {
    runs(piece.trim_end_matches(BREAKS).trim_start_matches('"'))
}

/// Returns whether a spreadsheet would run the text as a formula. A text that begins with an apostrophe
/// counts too: it gets another one, so that none is lost when the table is read back.
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
