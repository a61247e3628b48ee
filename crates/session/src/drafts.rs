mod unsealed;

use std::any::Any;
use std::rc::Rc;

use chrono::NaiveDate;
use cruxboard_domain::ChangeId;
use cruxboard_domain::import::clipping::Clipping;
use cruxboard_domain::record::{
    Crux, CruxEdit, Decision, DecisionEdit, Evidence, EvidenceEdit, FollowUp, FollowUpEdit,
    Position, PositionEdit, Trigger, TriggerEdit,
};
use cruxboard_domain::what_if::Assumed;
use leptos::prelude::*;

pub use self::unsealed::Unsealed;
use super::Session;

/// The first part of the keys of the form for a new board; other keys begin with the id of a board.
pub const NEW_BOARD: &str = "new";

/// The contents of forms that are not submitted yet. A draft outlives its screen, and also a reload
/// if the device stored it. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Drafts {
    kept: StoredValue<Vec<Kept>, LocalStorage>,
    /// Notifies when a draft is added or stored.
    more: RwSignal<()>,
    /// The owner of the drafts' signals, so that a draft outlives the screen it is written on.
    owner: StoredValue<Option<Owner>, LocalStorage>,
    /// Answers of blind rounds that are not sealed.
    pub unsealed: Unsealed,
    /// Whether the device can be asked for drafts: it then knows which drafts were left by closed
    /// tabs.
    pub is_ready: RwSignal<bool>,
    /// A text that was pasted beside the fields of the open form for new evidence, which takes it.
    pub pasted: RwSignal<Option<Clipping>>,
    /// Reads the stored draft of a key. Set by the platform.
    read: StoredValue<fn(&str) -> Option<String>>,
}

struct Kept {
    key: String,
    signal: Box<dyn Any>,
    is_written: Box<dyn Fn() -> bool>,
    /// Returns the draft as text; `None` while it is empty.
    text: Box<dyn Fn() -> Option<String>>,
    /// Replaces the draft by a stored text. Returns `false` if the text cannot be read as this
    /// form.
    fill: Box<dyn Fn(&str) -> bool>,
    /// The text that this window last read or stored under the key.
    stored: Option<String>,
    /// Whether the device has stored the draft in its present form.
    is_safe: bool,
}

/// A draft that differs from the text the device has stored.
pub struct ChangedDraft {
    /// The key of the stored draft: board, form and record.
    pub key: String,
    /// The draft's present text; `None` if it is empty.
    pub text: Option<String>,
    /// The text that this window last read or stored under the key.
    pub stored: Option<String>,
}

/// The content of a form that can be stored as text.
pub trait DraftText: Sized {
    /// Returns the content as text.
    fn to_text(&self) -> String;

    /// Parses the content; `None` if the text is of another form.
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

/// The cruxes of a scenario with their assumed credences.
impl DraftText for Assumed {
    fn to_text(&self) -> String {
        let all = self.iter().map(|(crux, chance)| format!("{crux} {chance}"));
        all.collect::<Vec<_>>().join("\n")
    }

    fn from_text(text: &str) -> Option<Self> {
        let all = text.lines().map(|line| {
            let (crux, chance) = line.split_once(' ')?;
            Some((crux.parse().ok()?, chance.parse().ok()?))
        });
        all.collect()
    }
}

/// A day that was chosen; the empty text while none is.
impl DraftText for Option<NaiveDate> {
    fn to_text(&self) -> String {
        self.map_or_else(String::new, |day| day.to_string())
    }

    fn from_text(text: &str) -> Option<Self> {
        match text {
            "" => Some(None),
            day => Some(Some(day.parse().ok()?)),
        }
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

/// A record is stored as the edit that turns an empty record into it.
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

/// A form with several records stores a list of edits.
impl DraftText for Vec<FollowUp> {
    fn to_text(&self) -> String {
        let edits = self.iter().map(|it| FollowUp::default().edit_to(it));
        serde_json::to_string(&edits.collect::<Vec<_>>()).unwrap_or_default()
    }

    fn from_text(text: &str) -> Option<Self> {
        let edits: Vec<FollowUpEdit> = serde_json::from_str(text).ok()?;
        let record = |edit: FollowUpEdit| {
            let mut record = FollowUp::default();
            record.overlay(&edit);
            record
        };
        Some(edits.into_iter().map(record).collect())
    }
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
            unsealed: Unsealed::new(),
            is_ready: RwSignal::new(false),
            pasted: RwSignal::new(None),
            read: StoredValue::new(|_| None),
        }
    }

    /// Sets the function that reads a stored draft. New drafts begin with its text.
    pub fn read_with(self, read: fn(&str) -> Option<String>) {
        self.read.set_value(read);
    }

    /// Returns the drafts that differ from their stored text. Follows all drafts.
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

    /// Notes that `text` was handed to the device, and whether the device stored it (`is_safe`).
    pub fn note_stored(self, key: &str, text: Option<String>, is_safe: bool) {
        self.kept.update_value(|kept| {
            for kept in kept.iter_mut().filter(|kept| kept.key == key) {
                kept.stored.clone_from(&text);
                kept.is_safe = is_safe;
            }
        });
        self.more.set(());
    }

    /// Fills an empty draft with the text that another tab stored under its key meanwhile.
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

    /// Returns the written drafts: key and text. Not reactive.
    fn written(self) -> Vec<(String, String)> {
        let drafts = |kept: &Vec<Kept>| {
            let drafts = kept.iter().map(|kept| (kept.key.clone(), (kept.text)()));
            let written = drafts.filter_map(|(key, text)| Some((key, text?)));
            written.collect()
        };
        untrack(|| self.kept.with_value(drafts))
    }

    /// Replaces drafts by these texts.
    fn fill(self, drafts: &[(String, String)]) {
        for (key, text) in drafts {
            self.kept.with_value(|kept| {
                for kept in kept.iter().filter(|kept| kept.key == *key) {
                    (kept.fill)(text);
                }
            });
        }
    }

    /// Returns whether leaving the page would lose a draft, on any board. Follows all drafts.
    #[must_use]
    pub fn is_any_at_risk(self) -> bool {
        self.more.track();
        self.kept.with_value(|kept| {
            // No short-circuit: every draft must be read so that every draft is followed.
            let at_risk = kept.iter().map(|kept| (kept.is_written)() && !kept.is_safe);
            at_risk.fold(self.unsealed.is_any(), |any, one| any | one)
        })
    }
}

impl Session {
    /// Empties a form by `discard`, and offers to restore the drafts that this has emptied or changed.
    /// `restored` is called after they are restored.
    pub fn discard_draft(&self, discard: impl FnOnce(), restored: impl Fn() + 'static) {
        let before = self.drafts.written();
        discard();
        self.offer_lost(before, Rc::new(restored));
    }

    /// Offers to restore those of the drafts that are no longer as they were.
    fn offer_lost(self, before: Vec<(String, String)>, restored: Rc<dyn Fn()>) {
        let after = self.drafts.written();
        let is_lost = |draft: &(String, String)| !after.contains(draft);
        let lost: Vec<_> = before.into_iter().filter(is_lost).collect();
        if lost.is_empty() {
            return;
        }
        self.notices.offer_draft(move || {
            let before = self.drafts.written();
            self.drafts.fill(&lost);
            // Another draft that was begun meanwhile is offered in the same way.
            self.offer_lost(before, Rc::new(|| ()));
            restored();
        });
    }

    /// Returns the draft of a form of the open board, or `fresh` if there is none. `about` is the
    /// record that the form belongs to ([`ChangeId::MIN`]: the board). `is_written` returns whether
    /// losing the content would matter.
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

    /// Returns a draft as [`Self::draft`] does, for a form that is identified by more than one
    /// record.
    #[must_use]
    pub fn draft_at<T: DraftText + Send + Sync + 'static>(
        &self,
        form: String,
        fresh: T,
        is_written: fn(&T) -> bool,
    ) -> RwSignal<T> {
        let board = self.open.get_untracked().unwrap_or_default();
        self.draft_of_key(format!("{board}/{form}"), fresh, is_written)
    }

    /// Returns the draft of a field of the form for a new board, which has no board yet.
    #[must_use]
    pub fn new_board_draft<T: DraftText + Send + Sync + 'static>(
        &self,
        field: &'static str,
        fresh: T,
        is_written: fn(&T) -> bool,
    ) -> RwSignal<T> {
        self.draft_of_key(format!("{NEW_BOARD}/{field}"), fresh, is_written)
    }

    fn draft_of_key<T: DraftText + Send + Sync + 'static>(
        &self,
        key: String,
        fresh: T,
        is_written: fn(&T) -> bool,
    ) -> RwSignal<T> {
        let drafts = self.drafts;
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
        // A stored text that this version cannot read stays in storage until the draft changes.
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
