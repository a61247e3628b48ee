use std::rc::Rc;
use std::sync::Arc;

use cruxboard_domain::decide::CommandError;
use leptos::prelude::*;

/// What a notice is about, which decides how it looks and how long it stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// Something was done; it can be undone.
    Done,
    /// Something was done outside of the board.
    Told,
    /// Something was not done, and why.
    Refused,
    /// Something is wrong that is not about the last deed.
    Problem,
}

impl NoticeKind {
    /// How long a notice stays, in milliseconds: errors longer, since they are read and acted on.
    #[must_use]
    pub const fn stays_millis(self) -> u32 {
        match self {
            Self::Done | Self::Told => 10_000,
            Self::Refused => 20_000,
            Self::Problem => 60_000,
        }
    }
}

/// Something the person should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Counts up; tells two notices with one text apart.
    pub id: u32,
    /// The heading.
    pub kind: NoticeKind,
    /// A sentence or two.
    pub text: String,
}

/// How many notices are shown at most: the oldest problem gives way.
const MOST_SHOWN: usize = 3;

/// A text that the browser did not copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uncopied {
    /// Why not, as a sentence.
    pub why: String,
    /// The text.
    pub text: String,
}

/// Something to be chosen before a file is read or taken in.
#[derive(Clone)]
pub struct Question {
    /// What it is about.
    pub title: String,
    /// The explanation, in sentences.
    pub words: Vec<String>,
    /// The choices besides leaving it.
    pub choices: Vec<QuestionChoice>,
}

/// One thing that can be done.
#[derive(Clone)]
pub struct QuestionChoice {
    /// As a button says it.
    pub label: String,
    /// A sample of the outcome; may be empty.
    pub sample: String,
    /// Does it.
    pub take: Arc<dyn Fn() + Send + Sync>,
}

/// The notice, and what takes back what it is about.
type WayBack = (u32, Rc<dyn Fn()>);

/// The one place that tells the person what was done and what went wrong.
#[derive(Clone, Copy)]
pub struct Notices {
    /// A text that the person is to copy by hand.
    pub to_copy: RwSignal<Option<Uncopied>>,
    /// A question that is to be answered first.
    pub question: RwSignal<Option<Question>>,
    shown: RwSignal<Vec<Notice>>,
    next: StoredValue<u32>,
    /// How to take back what the latest notice is about, if undo on the board is not the way.
    way_back: StoredValue<Option<WayBack>, LocalStorage>,
}

impl Notices {
    pub(super) fn new() -> Self {
        Self {
            to_copy: RwSignal::new(None),
            question: RwSignal::new(None),
            shown: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
            way_back: StoredValue::new_local(None),
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

    /// Something was done to boards as a whole, with the way to take it back.
    pub fn acted_with(&self, text: impl Into<String>, take_back: impl Fn() + 'static) {
        self.show(NoticeKind::Done, text.into());
        let way_back: Rc<dyn Fn()> = Rc::new(take_back);
        self.way_back
            .set_value(Some((self.next.get_value(), way_back)));
    }

    /// How to take back what a notice is about; `None`: by undo on the board.
    #[must_use]
    pub fn way_back(&self, id: u32) -> Option<Rc<dyn Fn()>> {
        self.way_back.with_value(|way_back| {
            let (of, take_back) = way_back.as_ref()?;
            (*of == id).then(|| take_back.clone())
        })
    }

    /// Something was done that is not on the board, so that there is nothing to take back.
    pub fn told(&self, text: impl Into<String>) {
        self.show(NoticeKind::Told, text.into());
    }

    /// Something was not done. What changes nothing says nothing.
    pub fn refuse(&self, refusal: &CommandError) {
        if *refusal != CommandError::NothingToDo {
            self.refused(refusal.to_string());
        }
    }

    /// Something was not done, and why: a sentence. The next deed or refusal replaces it.
    pub fn refused(&self, why: impl Into<String>) {
        self.show(NoticeKind::Refused, why.into());
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
            let surplus = (shown.len() + 1).saturating_sub(MOST_SHOWN);
            shown.drain(..surplus);
            shown.push(notice);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notice_goes_by_itself_and_three_stand_at_most() {
        let owner = Owner::new();
        owner.set();
        let notices = Notices::new();
        let texts = || {
            let shown = untrack(|| notices.shown()).into_iter();
            shown.map(|notice| notice.text).collect::<Vec<_>>()
        };
        for problem in ["one", "two", "two", "three", "four"] {
            notices.problem(problem);
        }
        assert_eq!(texts(), ["two", "three", "four"], "the oldest gives way");
        notices.refused("no");
        notices.refused("no, because");
        assert_eq!(texts(), ["three", "four", "no, because"]);
        notices.acted("done".into());
        assert_eq!(texts(), ["three", "four", "done"], "a deed answers it");
        for kind in [
            NoticeKind::Done,
            NoticeKind::Told,
            NoticeKind::Refused,
            NoticeKind::Problem,
        ] {
            assert!((10_000..=60_000).contains(&kind.stays_millis()));
        }
    }
}
