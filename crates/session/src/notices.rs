use cruxboard_domain::t;
use std::fmt::Display;
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
    /// An action that failed, and why.
    Failed,
    /// A fault that no action caused.
    Problem,
}

impl NoticeKind {
    /// Returns how long a notice stays, in milliseconds; `None` for errors. The error of an action goes when it
    /// succeeds or its screen is left, and a refusal also with the next action. Other faults stay until they are
    /// dismissed.
    #[must_use]
    pub const fn stays_millis(self) -> Option<u32> {
        match self {
            Self::Done | Self::Told => Some(6_000),
            Self::Refused | Self::Failed | Self::Problem => None,
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
    /// The action that failed; empty for other kinds.
    action: &'static str,
    /// The screen on which the notice appeared.
    screen: String,
}

impl Notice {
    /// Returns how long the notice stays, in milliseconds; `None` until it is dismissed or replaced. Only the
    /// notice itself offers to restore a draft, so it stays longer than one whose action undo reverses.
    #[must_use]
    pub fn stays_millis(&self) -> Option<u32> {
        match self.reverse == restore_label() {
            true => Some(20_000),
            false => self.kind.stays_millis(),
        }
    }
}

/// The label of the button of a notice whose action is reversed like one on the board.
fn undo_label() -> &'static str {
    t!("Undo")
}

/// The same for a draft, which undo on the board does not bring back.
fn restore_label() -> &'static str {
    t!("Restore draft")
}

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

/// Returns a name of the present screen that no other screen has.
type ReadScreen = Rc<dyn Fn() -> String>;

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
    /// Names the present screen.
    screen: StoredValue<Option<ReadScreen>, LocalStorage>,
}

impl Notices {
    pub(super) fn new() -> Self {
        Self {
            to_copy: RwSignal::new(None),
            question: RwSignal::new(None),
            shown: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
            way_back: StoredValue::new_local(None),
            screen: StoredValue::new_local(None),
        }
    }

    /// Sets the function that names the present screen. An error belongs to the screen on which it appears.
    pub fn on_screens(&self, name: impl Fn() -> String + 'static) {
        self.screen.set_value(Some(Rc::new(name)));
    }

    fn present_screen(&self) -> String {
        let name = self.screen.get_value();
        name.map(|name| name()).unwrap_or_default()
    }

    /// Removes the errors that actions caused on other screens. Called when another screen is shown.
    pub fn leave_screens(&self) {
        let screen = self.present_screen();
        self.keep(|notice| match notice.kind {
            NoticeKind::Refused | NoticeKind::Failed => notice.screen == screen,
            NoticeKind::Done | NoticeKind::Told | NoticeKind::Problem => true,
        });
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
        self.acted_reversibly(text.into(), undo_label(), take_back);
    }

    /// Says that a draft is discarded; `restore` brings it back.
    pub fn offer_draft(&self, restore: impl Fn() + 'static) {
        self.acted_reversibly(t!("Draft discarded.").to_owned(), restore_label(), restore);
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
    /// reported: what was refused before has been put right.
    pub fn refuse(&self, refusal: &CommandError) {
        if *refusal == CommandError::NothingToDo {
            self.put_right();
        } else {
            self.refused(refusal.to_string());
        }
    }

    /// Removes a refusal, since what was refused has been put right.
    pub fn put_right(&self) {
        self.keep(|notice| notice.kind != NoticeKind::Refused);
    }

    /// Removes the refusal with this text, since what was refused has been put right.
    pub fn put_right_as_told(&self, text: &str) {
        self.keep(|notice| notice.kind != NoticeKind::Refused || notice.text != text);
    }

    /// Reports that an action failed, or removes the report of an earlier attempt. `action` names the action in the
    /// program. Returns the result of a success.
    pub fn report<T, E: Display>(&self, action: &'static str, outcome: Result<T, E>) -> Option<T> {
        match outcome {
            Ok(done) => {
                self.succeeded(action);
                Some(done)
            }
            Err(why) => {
                self.failed(action, why.to_string());
                None
            }
        }
    }

    /// Reports that an action failed; `why` is a sentence. Replaces the report of an earlier attempt.
    pub fn failed(&self, action: &'static str, why: impl Into<String>) {
        self.succeeded(action);
        self.put(NoticeKind::Failed, why.into(), undo_label(), action);
    }

    /// Removes the report that an action failed, since it has succeeded.
    pub fn succeeded(&self, action: &'static str) {
        self.keep(|notice| notice.kind != NoticeKind::Failed || notice.action != action);
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

    /// Removes the notices that are not wanted. Wakes nobody if there are none.
    fn keep(&self, is_wanted: impl Fn(&Notice) -> bool) {
        let is_any_gone = self
            .shown
            .with_untracked(|shown| !shown.iter().all(&is_wanted));
        if is_any_gone {
            self.shown.update(|shown| shown.retain(is_wanted));
        }
    }

    fn show(&self, kind: NoticeKind, text: String) {
        self.put(kind, text, undo_label(), "");
    }

    fn show_with(&self, kind: NoticeKind, text: String, reverse: &'static str) {
        self.put(kind, text, reverse, "");
    }

    fn put(&self, kind: NoticeKind, text: String, reverse: &'static str, action: &'static str) {
        self.next.update_value(|next| *next += 1);
        let notice = Notice {
            id: self.next.get_value(),
            kind,
            text,
            reverse,
            action,
            screen: self.present_screen(),
        };
        self.shown.update(|shown| {
            // The latest notice replaces the one before, except faults, which stay.
            shown.retain(|other| matches!(other.kind, NoticeKind::Failed | NoticeKind::Problem));
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
        for kind in [NoticeKind::Refused, NoticeKind::Failed, NoticeKind::Problem] {
            assert_eq!(kind.stays_millis(), None);
        }
        assert!(notices.dismiss_latest());
        assert_eq!(texts(), ["three", "four"], "Escape takes the latest first");
        assert!(notices.dismiss_latest() && notices.dismiss_latest());
        assert!(!notices.dismiss_latest());
    }
    #[test]
    fn an_error_goes_when_its_action_succeeds_or_its_screen_is_left() {
        let owner = Owner::new();
        owner.set();
        let notices = Notices::new();
        let screen = Rc::new(std::cell::Cell::new("one"));
        let present = screen.clone();
        notices.on_screens(move || present.get().to_owned());
        let texts = || {
            let shown = untrack(|| notices.shown()).into_iter();
            shown.map(|notice| notice.text).collect::<Vec<_>>()
        };
        let full = Err::<(), _>("full");
        assert_eq!(notices.report("save", full), None);
        notices.failed("open", "no such file");
        assert_eq!(notices.report("save", full), None);
        assert_eq!(texts(), ["no such file", "full"], "each action has one");
        notices.told("copied");
        assert_eq!(texts(), ["no such file", "full", "copied"]);
        assert_eq!(notices.report("save", Ok::<_, &str>(5)), Some(5));
        assert_eq!(texts(), ["no such file", "copied"]);
        notices.problem("cleared");
        notices.refused("no name");
        notices.put_right_as_told("other");
        assert_eq!(texts(), ["no such file", "cleared", "no name"]);
        notices.put_right_as_told("no name");
        notices.refused("no reason");
        notices.leave_screens();
        assert_eq!(texts(), ["no such file", "cleared", "no reason"]);
        screen.set("two");
        notices.failed("copy", "gone");
        notices.leave_screens();
        assert_eq!(
            texts(),
            ["cleared", "gone"],
            "faults without an action stay"
        );
        notices.refused("no");
        notices.refuse(&CommandError::NothingToDo);
        assert_eq!(texts(), ["cleared", "gone"]);
    }
}
