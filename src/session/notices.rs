use crate::prelude::*;
use cruxboard_domain::decide::Refusal;

/// What a notice is about, which decides how it looks and how long it stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// Something was done; it can be undone.
    Done,
    /// Something was done outside of the board.
    Told,
    /// Something was not done, and why.
    Refused,
    /// Something is wrong and stays so until somebody acts.
    Problem,
}

/// Something the person should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Counts up; tells two notices with one text apart.
    pub id: u32,
    /// What it is about.
    pub kind: NoticeKind,
    /// A sentence or two.
    pub text: String,
}

/// The one place that tells the person what was done and what went wrong.
#[derive(Clone, Copy)]
pub struct Notices {
    shown: RwSignal<Vec<Notice>>,
    next: StoredValue<u32>,
}

impl Notices {
    pub(super) fn new() -> Self {
        Self {
            shown: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
        }
    }

    /// What is shown now, oldest first.
    #[must_use]
    pub fn shown(&self) -> Vec<Notice> {
        self.shown.get()
    }

    /// Something was done.
    pub fn acted(&self, text: String) {
        self.show(NoticeKind::Done, text);
    }

    /// Something was done that is not on the board, so that there is nothing to take back.
    pub fn told(&self, text: impl Into<String>) {
        self.show(NoticeKind::Told, text.into());
    }

    /// Something was not done. What changes nothing says nothing.
    pub fn refuse(&self, refusal: &Refusal) {
        if *refusal != Refusal::NothingToDo {
            self.show(NoticeKind::Refused, refusal.to_string());
        }
    }

    /// Something is wrong.
    pub fn problem(&self, text: impl Into<String>) {
        let text = text.into();
        let is_shown = self
            .shown
            .with_untracked(|shown| shown.iter().any(|n| n.text == text));
        if !is_shown {
            self.show(NoticeKind::Problem, text);
        }
    }

    /// Takes everything away: something else is begun, and what was said of the last thing is old.
    pub fn clear(&self) {
        self.shown.update(Vec::clear);
    }

    /// Takes a notice away.
    pub fn dismiss(&self, id: u32) {
        self.shown
            .update(|shown| shown.retain(|notice| notice.id != id));
    }

    fn show(&self, kind: NoticeKind, text: String) {
        self.next.update_value(|next| *next += 1);
        let notice = Notice {
            id: self.next.get_value(),
            kind,
            text,
        };
        self.shown.update(|shown| {
            // The latest deed or refusal replaces the one before; problems stay.
            shown.retain(|other| other.kind == NoticeKind::Problem);
            shown.push(notice);
        });
    }
}
