//! The identity of this tab: its device and its replica.

use super::Persistence;
use crate::clock;
use crate::settings;
use cruxboard_domain::id::Replica;
use leptos::prelude::*;

pub(super) const DEVICE: &str = "device";

/// Returns the replica of this tab. The device's number comes from local storage; if it is missing
/// there, [`Persistence::start`] looks in the journal.
#[must_use]
pub fn replica() -> Replica {
    let device = settings::device().get().unwrap_or_else(clock::random_u32);
    Replica::new(device, clock::random_u32())
}

impl Persistence {
    /// Keeps the device's number in both storages, since it decides which changes can be undone
    /// here.
    pub(super) async fn recognise_device(self) {
        let here = settings::device().get();
        let journal = self.journal();
        let Ok(in_journal) = journal.meta::<u32>(DEVICE).await else {
            return;
        };
        match (here, in_journal) {
            (Some(here), Some(there)) if here == there => {}
            (_, Some(device)) => {
                settings::device().set(&device);
                self.session
                    .set_replica(Replica::new(device, clock::random_u32()));
            }
            (here, None) => {
                let device = here.unwrap_or_else(|| self.session.replica().device());
                settings::device().set(&device);
                // If this fails, the next visit tries again.
                drop(journal.set_meta(DEVICE, &device).await);
            }
        }
    }

    pub(super) fn remember_who_edits(self) {
        let session = self.session;
        Effect::new(move |_| {
            let Some(board) = session.open.get() else {
                return;
            };
            match session.me.get() {
                Some(me) => {
                    settings::me(board).set(&me);
                    settings::me_in_tab(board).set(&me);
                }
                None => {
                    settings::me(board).clear();
                    settings::me_in_tab(board).clear();
                }
            }
        });
    }
}
