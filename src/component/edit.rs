//! The text of a field while it is edited, and changes of its stored value from elsewhere
//! meanwhile.

use super::{Author, live};
use cruxboard_domain::t;
use leptos::prelude::*;

/// The text of one field. Cheap to copy.
///
/// A field that is being edited keeps its text when the stored value changes. The new stored text
/// is offered beside the field: see [`Theirs`].
#[derive(Clone, Copy)]
pub(super) struct Edit {
    value: Signal<String>,
    on_commit: Callback<String>,
    /// The text to put into the field. Each time it is set, the field is written.
    pub(super) shown: RwSignal<String>,
    /// The typed text that is not stored yet; `None` while the field shows the stored value.
    typed: StoredValue<Option<String>>,
    /// Whether the typed text cannot be stored.
    is_refused: StoredValue<bool>,
    /// The value last stored from this field.
    mine: StoredValue<Option<String>>,
    /// The value stored elsewhere during the edit.
    theirs: RwSignal<Option<String>>,
}

impl Edit {
    /// Follows the stored `value`. Committed texts go to `on_commit`.
    pub(super) fn new(value: Signal<String>, on_commit: Callback<String>) -> Self {
        let edit = Self {
            value,
            on_commit,
            shown: RwSignal::new(value.get_untracked()),
            typed: StoredValue::new(None),
            is_refused: StoredValue::new(false),
            mine: StoredValue::new(None),
            theirs: RwSignal::new(None),
        };
        Effect::new(move |before: Option<String>| {
            let now = value.get();
            edit.take(before.as_deref(), &now);
            now
        });
        // A field may be removed while it is edited, for which browsers fire no event.
        on_cleanup(move || {
            if !edit.is_refused.get_value() {
                edit.commit_kept();
            }
        });
        edit
    }

    /// Takes in the stored value `now`, which replaced `before`.
    fn take(self, before: Option<&str>, now: &str) {
        let is_typed = |typed: &Option<String>| typed.as_deref().is_some_and(|it| it.trim() != now);
        if self.typed.with_value(is_typed) {
            if before.is_some_and(|before| before != now) {
                self.theirs.set(Some(now.to_owned()));
            }
            return;
        }
        self.typed.set_value(None);
        let is_mine = self.mine.with_value(|mine| mine.as_deref() == Some(now));
        if !is_mine && self.theirs.with_untracked(Option::is_some) {
            self.theirs.set(None);
        }
        // Written only if different: a partly typed date has no value yet, and writing the field
        // would clear it.
        if self.shown.with_untracked(|shown| shown != now) {
            self.shown.set(now.to_owned());
        }
    }

    /// Returns whether a text differs from the stored value.
    pub(super) fn is_new(self, text: &str) -> bool {
        let stored = self.value.try_get_untracked();
        stored.is_some_and(|stored| stored != text.trim())
    }

    /// Returns whether the field holds a text that is not stored.
    pub(super) fn is_edited(self) -> bool {
        self.typed.try_with_value(Option::is_some) == Some(true)
    }

    /// Keeps the field's text, which is not stored yet.
    pub(super) fn keep(self, text: String) {
        // The page may have been closed meanwhile.
        let is_offered = self.theirs.try_with_untracked(Option::is_some) == Some(true);
        let is_edited = is_offered || self.is_new(&text);
        drop(self.typed.try_set_value(is_edited.then_some(text)));
        self.is_refused.set_value(false);
    }

    /// Keeps a text that cannot be stored.
    pub(super) fn refuse(self, text: String) {
        self.keep(text);
        self.is_refused.set_value(true);
    }

    /// Stores a text if it differs from the stored value.
    pub(super) fn commit(self, text: &str) {
        let text = text.trim();
        // The page may have been closed meanwhile.
        if self.typed.try_set_value(None).is_some() {
            return;
        }
        self.shown.set(text.to_owned());
        if self.is_new(text) {
            self.mine.set_value(Some(text.to_owned()));
            self.on_commit.run(text.to_owned());
        }
    }

    /// Stores the field's text.
    pub(super) fn commit_kept(self) {
        if let Some(text) = self.typed.get_value() {
            self.commit(&text);
        }
    }

    /// Restores the stored value.
    pub(super) fn let_go(self) {
        self.typed.set_value(None);
        self.theirs.set(None);
        self.shown.set(self.value.get_untracked());
    }

    /// Stores the field's text over the one stored elsewhere. The history has both.
    fn keep_mine(self) {
        self.commit_kept();
        self.theirs.set(None);
    }

    /// Stores the text from elsewhere over the field's own. The history has both.
    fn take_theirs(self) {
        self.commit_kept();
        if let Some(theirs) = self.theirs.get_untracked() {
            self.theirs.set(None);
            self.commit(&theirs);
        }
    }
}

/// The longest text that is shown in full beside a field, in characters.
const SHOWN_LENGTH: usize = 400;

/// Offers the text that was stored elsewhere while the field was being edited.
#[component]
pub(super) fn Theirs(edit: Edit, spelled: Option<Callback<String, String>>) -> impl IntoView {
    let author = Author::from_context();
    let offer = move || {
        let theirs = edit.theirs.get()?;
        let part = match spelled {
            Some(spelled) => spelled.run(theirs.clone()),
            None => serde_json::to_string(&theirs).unwrap_or_default(),
        };
        let who = author.of(&part);
        let mut shown: String = theirs.chars().take(SHOWN_LENGTH).collect();
        if shown.len() < theirs.len() {
            shown.push('…');
        }
        let to = match shown.is_empty() {
            true => t!("Cleared {who}.", who),
            false => t!("Changed {who} to “{text}”.", who, text = shown),
        };
        Some(view! {
            <div class="theirs" role="alert">
                <p>{to} " " {t!("Your text stays in the field; both stand in History.")}</p>
                <p class="actions">
                    <button type="button" on:click=move |_| edit.keep_mine()>{t!("Keep mine")}</button>
                    <button type="button" on:click=move |_| edit.take_theirs()>{t!("Take theirs")}</button>
                </p>
            </div>
        })
    };
    live(offer)
}
