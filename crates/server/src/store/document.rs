//! Builds the documents that the store returns.

use cruxboard_domain::{
    BoardId,
    document::{FORMAT, VERSION},
};

/// Builds a document from rows of valid JSON, one line each, as the app writes it.
pub(super) struct DocumentText {
    text: String,
    pub(super) changes: usize,
}

impl DocumentText {
    /// Creates a builder with capacity for so many bytes of changes.
    pub(super) fn of(board: BoardId, bytes: usize) -> Self {
        let heading =
            format!(r#"{{"format":"{FORMAT}","version":{VERSION},"board":"{board}","changes":["#);
        let mut text = String::with_capacity(heading.len() + bytes + 2);
        text.push_str(&heading);
        Self { text, changes: 0 }
    }

    pub(super) fn push(&mut self, row: &str) {
        if self.changes > 0 {
            self.text.push_str(",\n");
        }
        self.text.push_str(row);
        self.changes += 1;
    }

    pub(super) fn end(mut self) -> String {
        self.text.push_str("]}");
        self.text
    }
}

/// Builds a document from rows of valid JSON.
pub(super) fn document(board: BoardId, rows: impl Iterator<Item = impl AsRef<str>>) -> String {
    let mut document = DocumentText::of(board, 0);
    for row in rows {
        document.push(row.as_ref());
    }
    document.end()
}
