use std::rc::Rc;
use std::sync::Arc;

use cruxboard_domain::decide::CommandError;
use leptos::prelude::*;

/// The kind of a notice, which decides its look and how long it stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// An action that can be undone.
    Done,
    /// An action that leaves the board unchanged, so that there is nothing to undo.
    Told,
    /// An action that was refused, and why.
    Refused,
    /// A fault that is not caused by the last action.
    Problem,
}

impl NoticeKind {
    /// Returns how long a notice stays, in milliseconds; `None` for errors, which stay until they are
    /// dismissed or replaced by the notice of the next action.
    #[must_use]
    pub const fn stays_millis(self) -> Option<u32> {
        match self {
            Self::Done | Self::Told => Some(6_000),
            Self::Refused | Self::Problem => None,
        }
    }
}

/// A message to the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// A serial number that tells apart two notices with the same text.
    pub id: u32,
    /// The kind, which is also the heading.
    pub kind: NoticeKind,
    /// The message: one or two sentences.
    pub text: String,
    /// The label of the button that reverses the action.
    pub reverse: &'static str,
}

impl Notice {
    /// Returns how long the notice stays, in milliseconds; `None` until it is dismissed or replaced. Only the
    /// notice itself offers to restore a draft, so it stays longer than one whose action undo reverses.
    #[must_use]
    pub fn stays_millis(&self) -> Option<u32> {
        match self.reverse {
            RESTORE => Some(20_000),
            _ => self.kind.stays_millis(),
        }
    }
}

/// The label of the button of a notice whose action is reversed like one on the board.
const UNDO: &str = "Undo";
/// The same for a draft, which undo on the board does not bring back.
const RESTORE: &str = "Restore draft";

/// Maximum number of notices shown at once. The oldest problem is dropped first.
const MOST_SHOWN: usize = 3;

/// A text that the browser failed to copy to the clipboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uncopied {
    /// The reason, as a sentence.
    pub why: String,
    /// The text.
    pub text: String,
}

/// A question that the person answers before a file is read or imported.
#[derive(Clone)]
pub struct Question {
    /// The dialog's title.
    pub title: String,
    /// The explanation, in sentences.
    pub words: Vec<String>,
    /// The choices; leaving the dialog is always possible besides.
    pub choices: Vec<QuestionChoice>,
}

/// One answer to a [`Question`].
#[derive(Clone)]
pub struct QuestionChoice {
    /// The button's label.
    pub label: String,
    /// A sample of the outcome; may be empty.
    pub sample: String,
    /// Carries out this choice.
    pub take: Arc<dyn Fn() + Send + Sync>,
}

/// A notice's id, and the function that reverses the action it reports.
type WayBack = (u32, Rc<dyn Fn()>);

/// The notices: the only place that tells the person about actions and faults.
#[derive(Clone, Copy)]
pub struct Notices {
    /// A text that the person has to copy by hand.
    pub to_copy: RwSignal<Option<Uncopied>>,
    /// A question that the person has to answer first.
    pub question: RwSignal<Option<Question>>,
    shown: RwSignal<Vec<Notice>>,
    next: StoredValue<u32>,
    /// Reverses the action of the latest notice where undo on the board does not.
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

    /// Returns the notices shown now, oldest first.
    #[must_use]
    pub fn shown(&self) -> Vec<Notice> {
        self.shown.get()
    }

    /// Reports an action that undo on the board reverses.
    pub fn acted(&self, text: String) {
        self.show(NoticeKind::Done, text);
    }

    /// Reports an action on whole boards; `take_back` reverses it.
    pub fn acted_with(&self, text: impl Into<String>, take_back: impl Fn() + 'static) {
        self.acted_reversibly(text.into(), UNDO, take_back);
    }

    /// Says that a draft is discarded; `restore` brings it back.
    pub fn offer_draft(&self, restore: impl Fn() + 'static) {
        self.acted_reversibly("Draft discarded.".to_owned(), RESTORE, restore);
    }

    fn acted_reversibly(
        &self,
        text: String,
        reverse: &'static str,
        take_back: impl Fn() + 'static,
    ) {
        self.show_with(NoticeKind::Done, text, reverse);
        let way_back: Rc<dyn Fn()> = Rc::new(take_back);
        self.way_back
            .set_value(Some((self.next.get_value(), way_back)));
    }

    /// Returns the function that reverses the action of a notice; `None` if undo on the board does.
    #[must_use]
    pub fn way_back(&self, id: u32) -> Option<Rc<dyn Fn()>> {
        self.way_back.with_value(|way_back| {
            let (of, take_back) = way_back.as_ref()?;
            (*of == id).then(|| take_back.clone())
        })
    }

    /// Reports an action that leaves the board unchanged, so that there is nothing to undo.
    pub fn told(&self, text: impl Into<String>) {
        self.show(NoticeKind::Told, text.into());
    }

    /// Reports a refused command. A command without effect ([`CommandError::NothingToDo`]) is not
    /// reported.
    pub fn refuse(&self, refusal: &CommandError) {
        if *refusal != CommandError::NothingToDo {
            self.refused(refusal.to_string());
        }
    }

    /// Reports a refused action; `why` is a sentence. The next action or refusal replaces the
    /// notice.
    pub fn refused(&self, why: impl Into<String>) {
        self.show(NoticeKind::Refused, why.into());
    }

    /// Reports a fault, unless a notice with the same text is shown already.
    pub fn problem(&self, text: impl Into<String>) {
        let text = text.into();
        let is_shown = self
            .shown
            .with_untracked(|shown| shown.iter().any(|n| n.text == text));
        if !is_shown {
            self.show(NoticeKind::Problem, text);
        }
    }

    /// Removes all notices. Called when the person begins something else.
    pub fn clear(&self) {
        self.shown.update(Vec::clear);
    }

    /// Dismisses the latest notice. Returns whether there was one.
    pub fn dismiss_latest(&self) -> bool {
        self.shown.try_update(Vec::pop).flatten().is_some()
    }

    /// Removes one notice.
    pub fn dismiss(&self, id: u32) {
        self.shown
            .update(|shown| shown.retain(|notice| notice.id != id));
    }

    fn show(&self, kind: NoticeKind, text: String) {
        self.show_with(kind, text, UNDO);
    }

    fn show_with(&self, kind: NoticeKind, text: String, reverse: &'static str) {
        self.next.update_value(|next| *next += 1);
        let notice = Notice {
            id: self.next.get_value(),
            kind,
            text,
            reverse,
        };
        self.shown.update(|shown| {
            // The latest notice replaces the one before, except problems, which stay.
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
    fn a_notice_goes_by_itself_an_error_when_it_is_dismissed_and_three_stand_at_most() {
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
        for kind in [NoticeKind::Done, NoticeKind::Told] {
            assert!(kind.stays_millis().is_some_and(|stays| stays <= 6_000));
        }
        for kind in [NoticeKind::Refused, NoticeKind::Problem] {
            assert_eq!(kind.stays_millis(), None);
        }
        assert!(notices.dismiss_latest());
        assert_eq!(texts(), ["three", "four"], "Escape takes the latest first");
        assert!(notices.dismiss_latest() && notices.dismiss_latest());
        assert!(!notices.dismiss_latest());
    }
}
