//! Tables in Markdown.

use super::sheet::{MOST_ROWS, NumberedRows, SheetError};
use crate::tn;

/// Reads the first table of a Markdown text, if there is one.
pub(super) fn markdown(text: &str) -> Result<Option<(NumberedRows, Vec<String>)>, SheetError> {
    // A heading and a few lines may precede the table.
    const LOOKED_AT: usize = 20;
    let lines = || text.lines().enumerate();
    let below_head = lines()
        .take(LOOKED_AT)
        .skip(1)
        .find(|(_, line)| is_rule(line));
    let Some((rule, _)) = below_head else {
        return Ok(None);
    };
    let mut rows = NumberedRows::new();
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
        remarks.push(tn!(
            left,
            "Only the first table was read: {count} line of another one were left out.",
            "Only the first table was read: {count} lines of another one were left out."
        ));
    }
    Ok(Some((rows, remarks)))
}

/// Returns whether a line separates the headings of a Markdown table from its rows: "|---|:-:|".
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.contains('|')
        && line.contains('-')
        && line
            .chars()
            .all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'))
}

/// Splits a row at its bars; "\|" is a bar in a cell.
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
