use std::any::Any;

use cruxboard_domain::ChangeId;
use cruxboard_domain::record::{
    Crux, CruxEdit, Decision, DecisionEdit, Evidence, EvidenceEdit, FollowUp, FollowUpEdit,
    Position, PositionEdit, Trigger, TriggerEdit,
};
use leptos::prelude::*;

use super::Session;

/// Forms being written. They outlive their screen, and where the device keeps them, a reload. Cheap to
/// copy.
#[derive(Clone, Copy)]
pub struct Drafts {
    kept: StoredValue<Vec<Kept>, LocalStorage>,
    /// Beats when there is another one, or when one was stored.
    more: RwSignal<()>,
    /// A draft outlives the screen that it is written on.
    owner: StoredValue<Option<Owner>, LocalStorage>,
    /// Whether answers of a blind round were given that are not sealed. They are in no storage as plain
    /// text, since the device may go from hand to hand.
    pub has_unsealed: RwSignal<bool>,
    /// Whether the device can be asked for drafts: it knows which of them closed tabs left.
    pub is_ready: RwSignal<bool>,
    /// Reads what the device keeps under a key. Comes in from the edge.
    read: StoredValue<fn(&str) -> Option<String>>,
}

struct Kept {
    key: String,
    signal: Box<dyn Any>,
    is_written: Box<dyn Fn() -> bool>,
    /// What it holds as text; `None` while it is empty.
    text: Box<dyn Fn() -> Option<String>>,
    /// Puts a text of the device in; `false` when it is not of this form.
    fill: Box<dyn Fn(&str) -> bool>,
    /// What this window read or stored under the key last.
    stored: Option<String>,
    /// Whether the device keeps it as it stands.
    is_safe: bool,
}

/// A draft that reads otherwise than the device has it.
pub struct ChangedDraft {
    /// Where the device keeps it: board, form and record.
    pub key: String,
    /// What it holds; `None` when it is empty.
    pub text: Option<String>,
    /// What this window read or stored there last.
    pub stored: Option<String>,
}

/// What a form holds, as text that outlives the page.
pub trait DraftText: Sized {
    /// As text.
    fn to_text(&self) -> String;

    /// Reads the text; `None` when it is not of this form.
    fn from_text(text: &str) -> Option<Self>;
}

impl DraftText for String {
    fn to_text(&self) -> String {
        self.clone()
    }

    fn from_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

impl DraftText for Vec<String> {
    fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

/// Records are kept as the edit that makes them out of an empty one.
macro_rules! record_drafts {
    ($($record:ident: $edit:ident,)*) => {$(
        impl DraftText for $record {
            fn to_text(&self) -> String {
                Self::default().edit_to(self).to_text()
            }

            fn from_text(text: &str) -> Option<Self> {
                let mut record = Self::default();
                record.overlay(&$edit::from_text(text)?);
                Some(record)
            }
        }

        impl DraftText for $edit {
            fn to_text(&self) -> String {
                serde_json::to_string(self).unwrap_or_default()
            }

            fn from_text(text: &str) -> Option<Self> {
                serde_json::from_str(text).ok()
            }
        }
    )*};
}

record_drafts! {
    Crux: CruxEdit,
    Decision: DecisionEdit,
    Evidence: EvidenceEdit,
    FollowUp: FollowUpEdit,
    Position: PositionEdit,
    Trigger: TriggerEdit,
}

impl Drafts {
    pub(super) fn new() -> Self {
        Self {
            kept: StoredValue::new_local(Vec::new()),
            more: RwSignal::new(()),
            owner: StoredValue::new_local(Owner::current()),
            has_unsealed: RwSignal::new(false),
            is_ready: RwSignal::new(false),
            read: StoredValue::new(|_| None),
        }
    }

    /// Drafts begin with what the device keeps of them from now on.
    pub fn read_with(self, read: fn(&str) -> Option<String>) {
        self.read.set_value(read);
    }

    /// The drafts that the device does not have as they stand. Follows all of them.
    #[must_use]
    pub fn changed(self) -> Vec<ChangedDraft> {
        self.more.track();
        self.kept.with_value(|kept| {
            let drafts = kept.iter().map(|kept| ChangedDraft {
                key: kept.key.clone(),
                text: (kept.text)(),
                stored: kept.stored.clone(),
            });
            drafts.filter(|draft| draft.text != draft.stored).collect()
        })
    }

    /// Notes that the device was handed a draft, and whether it keeps it.
    pub fn note_stored(self, key: &str, text: Option<String>, is_safe: bool) {
        self.kept.update_value(|kept| {
            for kept in kept.iter_mut().filter(|kept| kept.key == key) {
                kept.stored.clone_from(&text);
                kept.is_safe = is_safe;
            }
        });
        self.more.set(());
    }

    /// Goes on with what a tab left that was closed since this form was shown last.
    fn fill_if_empty(self, key: &str) {
        let is_empty = self.kept.with_value(|kept| {
            let mut same = kept.iter().filter(|kept| kept.key == key);
            same.any(|kept| kept.stored.is_none() && untrack(|| (kept.text)()).is_none())
        });
        if !is_empty {
            return;
        }
        let Some(text) = self.read.get_value()(key) else {
            return;
        };
        self.kept.update_value(|kept| {
            for kept in kept.iter_mut().filter(|kept| kept.key == key) {
                if (kept.fill)(&text) {
                    kept.stored = Some(text.clone());
                    kept.is_safe = true;
                }
            }
        });
    }

    /// Whether something is written that would be lost with the page, on any board. Follows all drafts.
    #[must_use]
    pub fn is_any_at_risk(self) -> bool {
        self.more.track();
        self.kept.with_value(|kept| {
            // Each is asked, so that each is followed.
            let at_risk = kept.iter().map(|kept| (kept.is_written)() && !kept.is_safe);
            at_risk.fold(self.has_unsealed.get(), |any, one| any | one)
        })
    }
}

impl Session {
    /// What is being written in a form of the open board: what was there when it was left, or `fresh`.
    /// `about` is the record that the form hangs on ([`ChangeId::MIN`]: the board); `is_written` tells
    /// whether anything would be lost with it.
    #[must_use]
    pub fn draft<T: DraftText + Send + Sync + 'static>(
        &self,
        form: &'static str,
        about: ChangeId,
        fresh: T,
        is_written: fn(&T) -> bool,
    ) -> RwSignal<T> {
        self.draft_at(format!("{form}/{about}"), fresh, is_written)
    }

    /// The same for a form that is told from others by more than one record.
    #[must_use]
    pub fn draft_at<T: DraftText + Send + Sync + 'static>(
        &self,
        form: String,
        fresh: T,
        is_written: fn(&T) -> bool,
    ) -> RwSignal<T> {
        let drafts = self.drafts;
        let board = self.open.get_untracked().unwrap_or_default();
        let key = format!("{board}/{form}");
        let found = drafts.kept.with_value(|kept| {
            let mut same = kept.iter().filter(|kept| kept.key == key);
            same.find_map(|kept| kept.signal.downcast_ref::<RwSignal<T>>().copied())
        });
        if let Some(found) = found {
            drafts.fill_if_empty(&key);
            return found;
        }
        let empty = fresh.to_text();
        let stored = drafts.read.get_value()(&key);
        let value = stored.as_deref().and_then(T::from_text);
        // A text that this version cannot read stays there until something else is written.
        let stored = stored.filter(|_| value.is_some());
        let is_safe = stored.is_some();
        let make = || RwSignal::new(value.unwrap_or(fresh));
        let signal = match drafts.owner.with_value(Clone::clone) {
            Some(owner) => owner.with(make),
            None => make(),
        };
        drafts.kept.update_value(|kept| {
            kept.push(Kept {
                key,
                signal: Box::new(signal),
                is_written: Box::new(move || signal.with(is_written)),
                text: Box::new(move || {
                    let text = signal.with(T::to_text);
                    (text != empty).then_some(text)
                }),
                fill: Box::new(move |text| match T::from_text(text) {
                    Some(value) => {
                        signal.set(value);
                        true
                    }
                    None => false,
                }),
                stored,
                is_safe,
            });
        });
        drafts.more.set(());
        signal
    }
}
