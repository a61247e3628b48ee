//! Authors of several comments in one cell.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::cell::cell;
use super::{Columns, Meaning, Sheet};

/// The known names that separate the comments which Fatebook writes into one cell: "Ann: so it seems; Bo:
/// hardly".
#[derive(Default)]
pub(super) struct Authors(BTreeSet<String>);

/// Texts that stand for a missing name.
const NAMELESS: [&str; 2] = ["undefined", "null"];

impl Authors {
    /// Collects the names in a table of Fatebook: everybody who forecasts, asks, is asked, or comments first.
    pub(super) fn of(sheet: &Sheet, columns: &Columns) -> Self {
        let mut names: BTreeSet<String> = NAMELESS.map(str::to_owned).into();
        let shared = sheet
            .head
            .iter()
            .position(|heading| heading.trim() == "Question shared with");
        for row in &sheet.rows {
            for meaning in [Meaning::Person, Meaning::Author] {
                names.insert(cell(columns, row, meaning).to_owned());
            }
            let shared = shared.map(|place| row[place].as_str()).unwrap_or_default();
            names.extend(shared.split("; ").map(|name| name.trim().to_owned()));
            let comments = cell(columns, row, Meaning::Comments);
            if let Some((name, _)) = comments.split_once(": ") {
                names.insert(name.to_owned());
            }
        }
        names.remove("");
        Self(names)
    }

    /// Returns the author and the text of each comment in a cell. A new comment begins only with a known
    /// name, since a comment may itself contain both separators.
    pub(super) fn comments<'a>(&self, text: &'a str) -> Vec<(&'a str, Cow<'a, str>)> {
        let mut found: Vec<(&str, Cow<'_, str>)> = Vec::new();
        for piece in text.split("; ") {
            let named = piece.split_once(": ");
            let named = named.filter(|(name, _)| self.0.contains(*name));
            match (named, found.last_mut()) {
                (Some((name, text)), _) => {
                    let name = if NAMELESS.contains(&name) { "" } else { name };
                    found.push((name, text.into()));
                }
                (None, Some((_, text))) => {
                    let text = text.to_mut();
                    text.push_str("; ");
                    text.push_str(piece);
                }
                (None, None) => found.push(("", piece.into())),
            }
        }
        found.retain(|(_, text)| !text.trim().is_empty());
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_told_apart_by_known_names_only() {
        let authors = Authors(["Ann Lee", "Bo", "undefined"].map(str::to_owned).into());
        for (cell, comments) in [
            (
                "Ann Lee: so; Bo: no",
                &[("Ann Lee", "so"), ("Bo", "no")][..],
            ),
            (
                "Ann Lee: first; note: second; Bo: third: yes",
                &[("Ann Lee", "first; note: second"), ("Bo", "third: yes")],
            ),
            ("undefined: who", &[("", "who")]),
            ("no name at all", &[("", "no name at all")]),
            ("Bo: ", &[]),
        ] {
            let found = authors.comments(cell);
            let found: Vec<_> = found.iter().map(|(name, text)| (*name, &**text)).collect();
            assert_eq!(found, comments, "{cell}");
        }
    }
}
