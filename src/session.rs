//! The session: the one writer of the open board.
//!
//! Everything a person does goes in by [`Session::dispatch`], everything from elsewhere (another
//! tab, storage, an endpoint) by [`Session::receive`]. Both end in the same `apply`, and then wake
//! exactly the readers of what it touched.

mod backup;
mod board_list;
mod drafts;
mod notices;
mod outbox;
mod server;
mod sync;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use cruxboard_domain::ChangeId;
use cruxboard_domain::board::{Board, RecordRef, Touched};
use cruxboard_domain::change::Change;
use cruxboard_domain::date::{Now, Viewpoint};
use cruxboard_domain::decide::{Command, CommandError, Issuer, decide};
use cruxboard_domain::document::Document;
use cruxboard_domain::id::{Clock, Replica};
use cruxboard_domain::log::Entry;
use cruxboard_domain::record::PersonId;
use cruxboard_domain::undo::{UndoStack, describe};

use leptos::prelude::*;

pub use self::backup::{Arriving, BackupFile, BackupRecord, BackupStatus, ago};
pub use self::board_list::{BoardList, BoardListing, BoardSize, Place};
pub use self::drafts::{ChangedDraft, DraftText, Drafts};
pub use self::notices::{Notice, NoticeKind, Notices, Question, QuestionChoice, Uncopied};
pub use self::outbox::{Outbox, Row, SaveState};
pub use self::server::{Kept, Linked, ServerAnswer, ServerWish};
pub use self::sync::{EndpointDraft, SyncRecord, SyncState, SyncStatus, Tested};

/// The open board, whoever edits it here, and the signals that follow it. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Session {
    state: StoredValue<State, LocalStorage>,
    /// What is not in storage yet.
    pub outbox: Outbox,
    /// What the person should know about.
    pub notices: Notices,
    /// The boards kept in this browser.
    pub board_list: BoardList,
    /// Forms being written.
    pub drafts: Drafts,
    /// How backups stand.
    pub backup: BackupStatus,
    /// How the open board and its endpoint stand.
    pub sync: SyncStatus,
    /// The board that is open; `None` while none is.
    pub open: RwSignal<Option<ChangeId>>,
    /// The open board once its making was taken back: it is to be put in the trash, whole.
    pub unmade: RwSignal<Option<ChangeId>>,
    /// Who edits on this device: a person of the board, or nobody yet.
    pub me: RwSignal<Option<PersonId>>,
    /// A newer build of the app is stored and waits for this tab to be loaded anew.
    pub update_is_ready: RwSignal<bool>,
    /// Whether stale statements count in the aggregate.
    pub with_stale: RwSignal<bool>,
    /// The wall clock as of the last tick of the minute.
    pub now: RwSignal<Now>,
}

struct State {
    board: Board,
    /// Mints the ids of the open board.
    clock: Clock,
    /// The clocks of boards that were open before, so that no id is minted twice on any of them. Each board
    /// has its own: an id from the far future on one must not date what is done on another.
    clocks: BTreeMap<ChangeId, Clock>,
    /// Mints the ids of new boards.
    founding: Clock,
    undo: UndoStack,
    /// One per record that somebody has read.
    pulses: HashMap<RecordRef, ArcTrigger>,
    /// Beats with every change.
    any: ArcTrigger,
    /// How the time is read: comes in from the edge, so that tests can stop it.
    read_clock: fn() -> Now,
}

impl State {
    fn pulse(&mut self, record: RecordRef) -> ArcTrigger {
        self.pulses.entry(record).or_default().clone()
    }

    /// Goes on with the clock of the board `next`, and keeps that of the board `before`.
    fn switch_clock(&mut self, before: Option<ChangeId>, next: ChangeId) {
        if let Some(before) = before {
            self.clocks.insert(before, self.clock);
        }
        let fresh = Clock::new(self.clock.replica());
        self.clock = self.clocks.remove(&next).unwrap_or(fresh);
    }

    /// Lets `work` mint ids of the board `id`, which need not be open.
    fn mint_for<T>(
        &mut self,
        id: ChangeId,
        board: &Board,
        by: Option<PersonId>,
        work: impl FnOnce(&mut Issuer<'_>) -> T,
    ) -> T {
        let fresh = Clock::new(self.clock.replica());
        let clock = self.clocks.entry(id).or_insert(fresh);
        clock.observe(board.log().last());
        let now = (self.read_clock)();
        work(&mut Issuer { by, now, clock })
    }
}

impl Session {
    /// A session with no board open, minting ids as `replica` and reading time by `read_clock`.
    #[must_use]
    pub fn new(replica: Replica, read_clock: fn() -> Now) -> Self {
        Self {
            state: StoredValue::new_local(State {
                board: Board::default(),
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
            update_is_ready: RwSignal::new(false),
            me: RwSignal::new(None),
            with_stale: RwSignal::new(true),
            now: RwSignal::new(read_clock()),
        }
    }

    /// From where the person looks at the board; follows the clock and whether stale credences count.
    #[must_use]
    pub fn viewpoint(&self) -> Viewpoint {
        Viewpoint {
            now: self.now.get(),
            with_stale: self.with_stale.get(),
        }
    }

    /// As [`Self::viewpoint`], without following either.
    #[must_use]
    pub fn viewpoint_untracked(&self) -> Viewpoint {
        Viewpoint {
            now: self.now.get_untracked(),
            with_stale: self.with_stale.get_untracked(),
        }
    }

    /// Opens a board from what is known of it so far; the rest may come by [`Self::receive`].
    pub fn open_board(&self, id: ChangeId, entries: Vec<Entry>) {
        let mut read = Touched::default();
        let before = self.open.get_untracked();
        self.state.update_value(|state| {
            state.switch_clock(before, id);
            state.board = Board::default();
            read = state.board.receive(entries);
            state.clock.observe(state.board.log().last());
            state.undo = UndoStack::of(state.board.log(), state.clock.replica().device());
        });
        self.me.set(None);
        self.open.set(Some(id));
        // What another copy of the app erased may still have lain there in full.
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
            state.undo = UndoStack::default();
        });
        self.open.set(None);
        self.wake(&Touched {
            everything: true,
            is_new: true,
            ..Touched::default()
        });
    }

    /// Reads the board, without following it: see [`Self::follow`].
    pub fn with<T>(&self, read: impl FnOnce(&Board) -> T) -> T {
        self.state.with_value(|state| read(&state.board))
    }

    /// Makes the running effect or memo run again when the record reads otherwise.
    pub fn follow(&self, record: RecordRef) {
        if let Some(pulse) = self.state.try_update_value(|state| state.pulse(record)) {
            pulse.track();
        }
    }

    /// Makes the running effect or memo run again with every change.
    pub fn follow_all(&self) {
        self.state.with_value(|state| state.any.clone()).track();
    }

    /// Carries a command out. Says whether it did; if not, the person has been told why.
    pub fn dispatch(&self, command: Command) -> bool {
        self.try_dispatch(command)
            .map_err(|refusal| self.notices.refuse(&refusal))
            .is_ok()
    }

    /// Carries a command out, for callers that show a refusal beside the field it is about.
    ///
    /// # Errors
    /// [`CommandError`] when it is not carried out; nothing has happened then.
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

    /// Says what these changes did, with the way back where undo takes them back.
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
            // "Undo" beside it would take back something else.
            self.notices.told(describe(changes));
        }
    }

    /// Takes in changes from elsewhere. Says how many of them were new here.
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
                    // As the log has it: it may have been erased on arrival.
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

    /// Takes back the last thing done on this device.
    pub fn undo(&self) {
        let changes = self
            .state
            .with_value(|state| state.undo.next_undo().map(<[ChangeId]>::to_vec));
        // Without its first change a board would be left with nothing on it.
        if changes
            .as_deref()
            .is_some_and(|changes| self.made_it(changes))
        {
            self.unmade.set(self.open.get_untracked());
            return;
        }
        let label = self.undo_label().unwrap_or_default().to_lowercase();
        if self.retract(changes) {
            // Redo takes this back, so the notice offers no undo.
            self.notices.told(format!("Undone: {label}"));
        }
    }

    /// Whether these changes made the open board: it bears the id of its first one.
    fn made_it(&self, changes: &[ChangeId]) -> bool {
        let open = self.open.get_untracked();
        open.is_some_and(|open| changes.contains(&open))
    }

    /// Does again what was last taken back.
    pub fn redo(&self) {
        let retraction = self
            .state
            .with_value(|state| state.undo.next_redo().map(|(by, _)| by));
        let label = self.redo_label().unwrap_or_default().to_lowercase();
        if self.retract(retraction) {
            self.notices.acted(format!("Redone: {label}"));
        }
    }

    /// Retracts changes, if there are any. `false` when there are none or the board refused.
    fn retract(&self, changes: Option<Vec<ChangeId>>) -> bool {
        changes.is_some_and(|changes| self.dispatch(Command::Retract(changes)))
    }

    /// What the next undo takes back, in words. Follows every change.
    #[must_use]
    pub fn undo_label(&self) -> Option<String> {
        self.follow_all();
        self.state.with_value(|state| {
            state.undo.next_undo().map(|ids| {
                if self.made_it(ids) {
                    "Board created".to_owned()
                } else {
                    label(&state.board, ids)
                }
            })
        })
    }

    /// What the next redo does again, in words. Follows every change.
    #[must_use]
    pub fn redo_label(&self) -> Option<String> {
        self.follow_all();
        self.state.with_value(|state| {
            state
                .undo
                .next_redo()
                .map(|(_, ids)| label(&state.board, ids))
        })
    }

    /// The open board as a document, for a file or the mirror.
    #[must_use]
    pub fn document(&self) -> Option<String> {
        let id = self.open.get_untracked()?;
        Some(self.with(|board| Document::to_json(id, board.log())))
    }

    /// The day of a moment as this device's calendar has it.
    #[must_use]
    pub fn day_of(&self, millis: u64) -> NaiveDate {
        self.now.with_untracked(|now| now.day_of(millis))
    }

    /// Takes the clock's reading, so that what depends on the day follows.
    pub fn tick(&self) {
        self.now
            .set(self.state.with_value(|state| (state.read_clock)()));
    }

    /// Mints the ids of a new board and says what its first changes are.
    ///
    /// # Errors
    /// [`CommandError`] when the question is empty or a text too long.
    pub fn found_board(
        &self,
        question: &str,
        people: &[String],
    ) -> Result<Vec<Change>, CommandError> {
        let founded = self.state.try_update_value(|state| {
            let now = (state.read_clock)();
            let mut issuer = Issuer {
                by: None,
                now,
                clock: &mut state.founding,
            };
            cruxboard_domain::decide::found_board(question, people, &mut issuer)
        });
        founded.unwrap_or(Ok(Vec::new()))
    }

    /// The facts of a snapshot as the first changes of a board of one's own.
    #[must_use]
    pub fn adopt(&self, changes: &[Change]) -> Vec<Change> {
        let adopted = self.state.try_update_value(|state| {
            let now = (state.read_clock)();
            let mut issuer = Issuer {
                by: None,
                now,
                clock: &mut state.founding,
            };
            cruxboard_domain::snapshot::adopted(changes, &mut issuer)
        });
        adopted.unwrap_or_default()
    }

    /// What carries a command out on the board `id`, which is not open, for `by`.
    ///
    /// # Errors
    /// [`CommandError`] when it cannot or should not be carried out.
    pub fn decide_on(
        &self,
        id: ChangeId,
        board: &Board,
        command: Command,
        by: Option<PersonId>,
    ) -> Result<Vec<Change>, CommandError> {
        let decided = self.state.try_update_value(|state| {
            state.mint_for(id, board, by, |issuer| decide(board, command, issuer))
        });
        decided.unwrap_or(Ok(Vec::new()))
    }

    /// Who mints here.
    #[must_use]
    pub fn replica(&self) -> Replica {
        self.state.with_value(|state| state.clock.replica())
    }

    /// Goes on as another replica: the device was recognised only after the session had begun.
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
        let entries: Vec<Entry> = self.with(|board| {
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
        self.state.with_value(|state| {
            if touched.everything {
                pulses.extend(state.pulses.values().cloned());
            } else {
                let mut records = touched.records.clone();
                records.sort();
                records.dedup();
                pulses.extend(
                    records
                        .iter()
                        .filter_map(|record| state.pulses.get(record))
                        .cloned(),
                );
            }
            pulses.push(state.any.clone());
        });
        // Services of the borrow: a reader that wakes may read the board at once.
        for pulse in pulses {
            pulse.notify();
        }
    }
}

fn label(board: &Board, ids: &[ChangeId]) -> String {
    describe(ids.iter().filter_map(|id| board.log().change(*id)))
}

fn merge(all: &mut Touched, one: Touched) {
    all.is_new |= one.is_new;
    all.everything |= one.everything;
    all.clashes |= one.clashes;
    all.records.extend(one.records);
    all.rewritten.extend(one.rewritten);
}
