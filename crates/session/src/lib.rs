//! The session: the only writer of the open board.
//!
//! Every action of the person goes through [`Session::dispatch`], every change from elsewhere
//! (another tab, storage, an endpoint) through [`Session::receive`]. Both end in the same `apply`,
//! and then notify exactly the readers of the records that changed.

mod backup;
mod board_list;
mod drafts;
mod findings;
mod notices;
mod other_boards;
mod outbox;
pub mod ports;
mod records;
mod server;
mod state;
mod sync;
#[cfg(test)]
mod tests;
mod undo;

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use cruxboard_domain::board::{Board, RecordRef, Touched};
use cruxboard_domain::change::Change;
use cruxboard_domain::date::{Now, Viewpoint};
use cruxboard_domain::decide::{Command, CommandError, Issuer, decide};
use cruxboard_domain::document::Document;
use cruxboard_domain::findings::{Findings, Reread};
use cruxboard_domain::id::{Clock, Replica};
use cruxboard_domain::log::Entry;
use cruxboard_domain::record::PersonId;
use cruxboard_domain::undo::{UndoStack, describe};
use cruxboard_domain::{BoardId, Millis};

use leptos::prelude::*;

use self::state::{State, merge, notify};

pub use self::backup::{Arriving, BackupFile, BackupRecord, BackupStatus, ago};
pub use self::board_list::{BoardList, BoardListing, BoardLocation, BoardSize};
pub use self::drafts::{ChangedDraft, DraftText, Drafts, NEW_BOARD, Unsealed};
pub use self::notices::{Notice, NoticeKind, Notices, Question, QuestionChoice, Uncopied};
pub use self::outbox::{Outbox, Row, SaveState};
pub use self::records::Records;
pub use self::server::{Kept, Linked, ServerAnswer, ServerWish};
pub use self::sync::{EndpointDraft, SyncRecord, SyncState, SyncStatus, Tested};

/// The open board, the person who edits it on this device, and the signals that follow it. Cheap to
/// copy.
#[derive(Clone, Copy)]
pub struct Session {
    state: StoredValue<State, LocalStorage>,
    /// Changes that are not stored yet.
    pub outbox: Outbox,
    /// Messages to the person.
    pub notices: Notices,
    /// The boards kept in this browser.
    pub board_list: BoardList,
    /// The contents of forms that are not submitted yet.
    pub drafts: Drafts,
    /// The state of backups.
    pub backup: BackupStatus,
    /// The state of syncing with the open board's endpoint.
    pub sync: SyncStatus,
    /// The open board's id; `None` while no board is open.
    pub open: RwSignal<Option<BoardId>>,
    /// The open board's id after its creation was undone. The app then moves the board to the
    /// trash.
    pub unmade: RwSignal<Option<BoardId>>,
    /// The person of the board who edits on this device; `None` until a name was chosen.
    pub me: RwSignal<Option<PersonId>>,
    /// The name of the present screen, for the title of the window: set by the screen itself.
    pub screen_name: RwSignal<String>,
    /// Whether a newer build of the app is stored and waits for a reload of this tab.
    pub update_is_ready: RwSignal<bool>,
    /// Whether outdated credences count in the aggregate.
    pub with_stale: RwSignal<bool>,
    /// The wall clock as of the last tick of the minute.
    pub now: RwSignal<Now>,
}

impl Session {
    /// Creates a session with no open board. It mints ids as `replica` and reads the time by
    /// `read_clock`.
    #[must_use]
    pub fn new(replica: Replica, read_clock: fn() -> Now) -> Self {
        Self {
            state: StoredValue::new_local(State {
                board: Board::default(),
                findings: Findings::default(),
                listing: None,
                clock: Clock::new(replica),
                clocks: BTreeMap::new(),
                founding: Clock::new(replica),
                undo: UndoStack::default(),
                pulses: HashMap::new(),
                any: ArcTrigger::new(),
                read_clock,
            }),
            outbox: Outbox::new(),
            notices: Notices::new(),
            board_list: BoardList::new(),
            drafts: Drafts::new(),
            backup: BackupStatus::new(),
            sync: SyncStatus::new(),
            open: RwSignal::new(None),
            unmade: RwSignal::new(None),
            screen_name: RwSignal::new(String::new()),
            update_is_ready: RwSignal::new(false),
            me: RwSignal::new(None),
            with_stale: RwSignal::new(true),
            now: RwSignal::new(read_clock()),
        }
    }

    /// Returns the current viewpoint. Follows the clock and the choice whether outdated credences
    /// count.
    #[must_use]
    pub fn viewpoint(&self) -> Viewpoint {
        Viewpoint {
            now: self.now.get(),
            with_stale: self.with_stale.get(),
        }
    }

    /// Returns the current viewpoint without following it.
    #[must_use]
    pub fn viewpoint_untracked(&self) -> Viewpoint {
        Viewpoint {
            now: self.now.get_untracked(),
            with_stale: self.with_stale.get_untracked(),
        }
    }

    /// Opens a board with the entries known so far; further ones may arrive through
    /// [`Self::receive`].
    pub fn open_board(&self, id: BoardId, entries: Vec<Entry>) {
        let mut read = Touched::default();
        let before = self.open.get_untracked();
        self.state.update_value(|state| {
            state.switch_clock(before, id);
            state.board = Board::default();
            state.findings.forget();
            read = state.board.receive(entries);
            state.clock.observe(state.board.log().last());
            state.undo = UndoStack::of(state.board.log(), state.clock.replica().device());
        });
        self.me.set(None);
        self.open.set(Some(id));
        // An entry may have been read in full although another copy of the app redacted it. Store
        // the erased form.
        self.put_rewritten(&read);
        self.wake(&Touched {
            everything: true,
            is_new: true,
            ..Touched::default()
        });
    }

    /// Closes the open board, if any.
    pub fn close_board(&self) {
        let before = self.open.get_untracked();
        self.state.update_value(|state| {
            if let Some(before) = before {
                state.clocks.insert(before, state.clock);
            }
            state.board = Board::default();
            state.findings.forget();
            state.undo = UndoStack::default();
        });
        self.open.set(None);
        self.wake(&Touched {
            everything: true,
            is_new: true,
            ..Touched::default()
        });
    }

    /// Reads the board. The running effect or memo runs again when one of `records` changes.
    pub fn read<T>(&self, records: impl Into<Records>, read: impl FnOnce(&Board) -> T) -> T {
        self.track(records);
        self.read_untracked(read)
    }

    /// Reads the board. The running effect or memo runs again after every change.
    pub fn read_all<T>(&self, read: impl FnOnce(&Board) -> T) -> T {
        self.track_all();
        self.read_untracked(read)
    }

    /// Reads the board without following it.
    pub fn read_untracked<T>(&self, read: impl FnOnce(&Board) -> T) -> T {
        self.state.with_value(|state| read(&state.board))
    }

    /// Makes the running effect or memo run again when one of `records` changes. For boards that
    /// are read later; otherwise [`Self::read`] does both.
    pub fn track(&self, records: impl Into<Records>) {
        let Records(records) = records.into();
        for record in records.into_iter().flatten() {
            if let Some(pulse) = self.state.try_update_value(|state| state.pulse(record)) {
                pulse.track();
            }
        }
    }

    /// Makes the running effect or memo run again after every change.
    pub fn track_all(&self) {
        self.state.with_value(|state| state.any.clone()).track();
    }

    /// Carries out a command. Returns whether it succeeded; if not, a notice says why.
    pub fn dispatch(&self, command: Command) -> bool {
        self.try_dispatch(command)
            .map_err(|refusal| self.notices.refuse(&refusal))
            .is_ok()
    }

    /// Carries out a command, for callers that show the error beside the field it concerns.
    ///
    /// # Errors
    /// [`CommandError`] if the command is refused; the board is then unchanged.
    pub fn try_dispatch(&self, command: Command) -> Result<Vec<Change>, CommandError> {
        let by = self.me.get_untracked();
        let mut touched = Touched::default();
        let decided = self.state.try_update_value(|state| {
            let now = (state.read_clock)();
            let mut issuer = Issuer {
                by,
                now,
                clock: &mut state.clock,
            };
            let changes = decide(&state.board, command, &mut issuer)?;
            for change in &changes {
                state.undo.note(change);
                merge(&mut touched, state.board.apply(change.clone()));
            }
            Ok::<_, CommandError>(changes)
        });
        let changes = decided.unwrap_or(Ok(Vec::new()))?;
        if let Some(board) = self.open.get_untracked() {
            self.outbox
                .put_own(board, changes.iter().cloned().map(Entry::Known));
        }
        self.put_rewritten(&touched);
        self.wake(&touched);
        self.tell_done(&changes);
        Ok(changes)
    }

    /// Shows a notice that describes these changes. It offers "Undo" only if undo would retract
    /// these changes.
    pub fn tell_done(&self, changes: &[Change]) {
        let is_next_undo = self.state.with_value(|state| {
            let next = state.undo.next_undo().unwrap_or_default();
            changes
                .first()
                .is_some_and(|first| next.contains(&first.id))
        });
        if is_next_undo {
            self.notices.acted(describe(changes));
        } else {
            // "Undo" would retract other changes here.
            self.notices.told(describe(changes));
        }
    }

    /// Adds changes from elsewhere to the board. Returns how many of them were new.
    pub fn receive(&self, entries: impl IntoIterator<Item = Entry>) -> usize {
        let mut touched = Touched::default();
        let mut count = 0;
        self.state.update_value(|state| {
            let mut entries: Vec<Entry> = entries.into_iter().collect();
            entries.sort_by_key(Entry::id);
            for entry in entries {
                let id = entry.id();
                state.clock.observe(id);
                let one = state.board.apply_entry(entry);
                if one.is_new {
                    count += 1;
                    // Taken from the log, since a redaction may have erased the change on arrival.
                    if let Some(change) = state.board.log().change(id) {
                        state.undo.note(change);
                    }
                }
                merge(&mut touched, one);
            }
        });
        self.put_rewritten(&touched);
        self.wake(&touched);
        count
    }

    /// Returns the open board as a JSON document, for a file or the mirror; `None` while no board
    /// is open.
    #[must_use]
    pub fn document(&self) -> Option<String> {
        let id = self.open.get_untracked()?;
        Some(self.read_untracked(|board| Document::to_json(id, board.log())))
    }

    /// Returns the calendar day of a moment in this device's time zone.
    #[must_use]
    pub fn day_of(&self, millis: Millis) -> NaiveDate {
        self.now.with_untracked(|now| now.day_of(millis))
    }

    /// Returns the present time, which `now` follows once a minute.
    #[must_use]
    pub fn present(&self) -> Now {
        self.state.with_value(|state| (state.read_clock)())
    }

    /// Sets `now` to the present time. Wakes the readers of each crux that reads differently since: of
    /// those with a credence that became outdated, and on a new day of all. Readers of a crux
    /// therefore need not follow `now`.
    pub fn tick(&self) {
        self.now.set(self.present());
        let viewpoint = self.viewpoint_untracked();
        let reread = self
            .state
            .try_update_value(|state| state.update_findings(viewpoint));
        let pulses = self.state.with_value(|state| match reread {
            None | Some(Reread::All) => state.pulses.values().cloned().collect(),
            Some(Reread::Some(cruxes)) => {
                let records = cruxes.into_iter().map(RecordRef::Crux);
                state.pulses_of(records)
            }
        });
        notify(pulses);
    }

    /// Returns the replica that mints ids in this tab.
    #[must_use]
    pub fn replica(&self) -> Replica {
        self.state.with_value(|state| state.clock.replica())
    }

    /// Switches to another replica, for a device that is recognised only after the session has
    /// begun.
    pub fn set_replica(&self, replica: Replica) {
        self.state.update_value(|state| {
            state.clock = Clock::new(replica);
            state.clocks.clear();
            state.founding = Clock::new(replica);
            state.clock.observe(state.board.log().last());
            state.undo = UndoStack::of(state.board.log(), replica.device());
        });
        self.wake(&Touched {
            is_new: true,
            ..Touched::default()
        });
    }

    fn put_rewritten(&self, touched: &Touched) {
        let Some(board) = self.open.get_untracked() else {
            return;
        };
        let entries: Vec<Entry> = self.read_untracked(|board| {
            touched
                .rewritten
                .iter()
                .filter_map(|id| board.log().entry(*id).cloned())
                .collect()
        });
        self.outbox.put_again(board, entries);
    }

    fn wake(&self, touched: &Touched) {
        if !touched.is_new {
            return;
        }
        let mut pulses = Vec::new();
        self.state.update_value(|state| {
            state.findings.mark(touched);
            if touched.everything {
                pulses.extend(state.pulses.values().cloned());
            } else {
                let mut records = touched.records.clone();
                records.sort();
                records.dedup();
                pulses = state.pulses_of(records);
            }
            pulses.push(state.any.clone());
        });
        notify(pulses);
    }
}
