use std::any::Any;

use crate::prelude::*;
use cruxboard_domain::Stamp;

use super::Session;

/// Forms being written, which another screen and a way back cost nothing. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Drafts {
    kept: StoredValue<Vec<Kept>, LocalStorage>,
    /// Beats when there is another one.
    more: RwSignal<()>,
    /// What is kept outlives the screen that it is written on.
    owner: StoredValue<Option<Owner>, LocalStorage>,
}

struct Kept {
    board: Option<Stamp>,
    about: Stamp,
    form: &'static str,
    signal: Box<dyn Any>,
    is_written: Box<dyn Fn() -> bool>,
}

impl Drafts {
    pub(super) fn new() -> Self {
        Self {
            kept: StoredValue::new_local(Vec::new()),
            more: RwSignal::new(()),
            owner: StoredValue::new_local(Owner::current()),
        }
    }

    /// Whether something is written that was not handed in, on any board. Follows what is kept.
    #[must_use]
    pub fn is_any_written(self) -> bool {
        self.more.track();
        self.kept
            .with_value(|kept| kept.iter().any(|kept| (kept.is_written)()))
    }
}

impl Session {
    /// What is being written in a form of the open board: what was there when it was left, or `fresh`.
    /// `about` is the record that the form hangs on ([`Stamp::MIN`]: the board); `is_written` tells
    /// whether anything would be lost with it.
    #[must_use]
    pub fn draft<T: Send + Sync + 'static>(
        &self,
        form: &'static str,
        about: Stamp,
        fresh: T,
        is_written: fn(&T) -> bool,
    ) -> RwSignal<T> {
        let Drafts { kept, more, owner } = self.drafts;
        let board = self.open.get_untracked();
        let found = kept.with_value(|kept| {
            let mut same = kept
                .iter()
                .filter(|kept| (kept.board, kept.about, kept.form) == (board, about, form));
            same.find_map(|kept| kept.signal.downcast_ref::<RwSignal<T>>().copied())
        });
        if let Some(found) = found {
            return found;
        }
        let make = || RwSignal::new(fresh);
        let signal = match owner.with_value(Clone::clone) {
            Some(owner) => owner.with(make),
            None => make(),
        };
        kept.update_value(|kept| {
            kept.push(Kept {
                board,
                about,
                form,
                signal: Box::new(signal),
                is_written: Box::new(move || signal.with(is_written)),
            });
        });
        more.set(());
        signal
    }
}
