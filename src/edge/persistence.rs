//! How a change gets into storage and to other tabs, and how a board comes back.
//!
//! - `storing`: the outbox into the journal, one batch at a time, again and again
//!   until it is empty.
//! - `mirroring`: the copy for the first paint.
//! - `keeping_up`: what other tabs did, and what storage turns out to lack.
//! - `backups`: all boards at once.
//! - `unredaction`: redactions that were undone at an endpoint.
//! - `elsewhere`: boards other than the open one.
//! - here: opening, making, bringing in and deleting boards.

mod backups;
mod elsewhere;
mod keeping_up;
mod mirroring;
mod storing;
mod unredaction;
mod words;

use std::collections::BTreeSet;
use std::future::Future;
use std::rc::Rc;

use cruxboard_domain::ChangeId;
use cruxboard_domain::change::Change;
use cruxboard_domain::document::Document;
use cruxboard_domain::id::Replica;
use cruxboard_domain::log::Entry;
use leptos::prelude::*;
use leptos::task::spawn_local;

pub use self::backups::Brought;
pub use self::elsewhere::NotActed;
use super::clock::{self, Timer};
use super::journal::{Journal, SetAside, StorageProblem};
use super::mirror::{self, Mirror};
use super::tabs::Tabs;
use super::{drafts, exit_guard, settings};
use crate::session::{BoardListing, Outbox, Place, Session};

const DEVICE: &str = "device";

/// The session's way to storage and back. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Persistence {
    session: Session,
    state: StoredValue<State, LocalStorage>,
}

struct State {
    journal: Journal,
    tabs: Option<Tabs>,
    mirror: Mirror,
    mirror_timer: Option<Timer>,
    is_storing: bool,
    /// How often storing was tried again in vain.
    retries: u32,
    retry_timer: Option<Timer>,
    /// What the other tabs were told although it is not stored.
    told: BTreeSet<(ChangeId, ChangeId)>,
    /// How often something was put again when the copies of it were last seen to.
    times_put_again: u32,
    /// The board that was asked for last: one that comes later from storage is not shown any more.
    wanted: Option<ChangeId>,
    /// What other tabs said of it before it was there.
    early: Vec<Entry>,
    /// Of the board that is open.
    listing: Option<BoardListing>,
    /// Whether the journal has the listing as it stands here.
    is_listed: bool,
    /// How many characters the open board takes, about.
    length: usize,
    has_asked_to_persist: bool,
}

/// Why a board was not opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotOpened {
    /// This browser has no such board.
    #[error(
        "This browser has no board with this address. It may have been deleted, or made elsewhere."
    )]
    Unknown,
    /// Storage could not be read.
    #[error("The board could not be read: {0}.")]
    Storage(#[from] StorageProblem),
}

/// What bringing in a document did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The board it holds.
    pub board: ChangeId,
    /// How many of its changes were new here.
    pub new: usize,
    /// How many of its changes this version cannot read.
    pub foreign: usize,
}

/// Who this tab is. The device is remembered; where it was not, [`Persistence::start`] looks further.
#[must_use]
pub fn replica() -> Replica {
    let device = settings::device().get().unwrap_or_else(clock::random_u32);
    Replica::new(device, clock::random_u32())
}

impl Persistence {
    /// Begins to store what the session puts in its outbox, and to tell it what other tabs do. Must
    /// be called where the session was made, so that it lives as long.
    #[must_use]
    pub fn start(session: Session) -> Self {
        let state = StoredValue::new_local(State {
            journal: Journal::new(|| ()),
            tabs: None,
            mirror: Mirror::default(),
            mirror_timer: None,
            is_storing: false,
            retries: 0,
            retry_timer: None,
            told: BTreeSet::new(),
            times_put_again: 0,
            wanted: None,
            early: Vec::new(),
            listing: None,
            is_listed: false,
            length: 0,
            has_asked_to_persist: false,
        });
        let persistence = Self { session, state };
        let journal = Journal::new(move || persistence.on_storage_lost());
        let tabs = Tabs::join(Rc::new(move |news| persistence.on_news(news)));
        state.update_value(|state| {
            state.journal = journal;
            state.tabs = Some(tabs);
        });
        drafts::keep(session);
        exit_guard::watch(session);
        persistence.store_what_waits();
        persistence.erase_copies_of_what_is_put_again();
        persistence.mirror_before_leaving();
        persistence.remember_who_edits();
        spawn_local(async move {
            persistence.recognise_device().await;
            persistence.refresh_board_list().await;
        });
        persistence
    }

    /// Opens a board: at once from the mirror where that has it, and whole once the future is done.
    ///
    /// # Errors
    /// [`NotOpened`] when there is no such board, or storage cannot say.
    pub fn open_board(self, board: ChangeId) -> impl Future<Output = Result<(), NotOpened>> {
        self.want(board);
        let is_open = self.session.open.get_untracked() == Some(board);
        if !is_open && let Some(document) = mirror::read(board) {
            self.show(board, document.entries);
        }
        async move {
            let loaded = self.journal().load(board).await;
            if self.state.with_value(|state| state.wanted != Some(board)) {
                return Ok(());
            }
            let loaded = loaded?;
            if loaded.set_aside > 0 {
                spawn_local(self.count_set_aside());
            }
            let is_open = self.session.open.get_untracked() == Some(board);
            if loaded.is_forgotten {
                self.forget_here(board);
                return Err(NotOpened::Unknown);
            }
            if loaded.entries.is_empty() && !is_open {
                return Err(NotOpened::Unknown);
            }
            let length = loaded.length;
            if is_open {
                let ids: Vec<ChangeId> = loaded.entries.iter().map(Entry::id).collect();
                self.session.receive(loaded.entries);
                self.put_what_is_lacking(board, &ids);
            } else {
                self.show(board, loaded.entries);
            }
            self.state.update_value(|state| state.length = length);
            self.list_opened(board).await;
            Ok(())
        }
    }

    /// Opens a board that was just founded, and stores it. Its id is that of its first change.
    pub fn create_board(self, changes: Vec<Change>) -> Option<ChangeId> {
        self.create(changes, None, |outbox, board, entries| {
            outbox.put_own(board, entries)
        })
    }

    /// The same for a board whose content was made before: that of a template, or of a snapshot of the
    /// board with the key `made_of`.
    pub fn create_board_of(self, changes: Vec<Change>, made_of: Option<u32>) -> Option<ChangeId> {
        self.create(changes, made_of, |outbox, board, entries| {
            outbox.put(board, entries)
        })
    }

    fn create(
        self,
        changes: Vec<Change>,
        made_of: Option<u32>,
        put: fn(&Outbox, ChangeId, Vec<Entry>),
    ) -> Option<ChangeId> {
        let board = changes.first()?.id;
        let entries: Vec<Entry> = changes.into_iter().map(Entry::Known).collect();
        self.show(board, entries.clone());
        self.list(BoardListing {
            made_at: clock::now_millis(),
            made_of,
            ..BoardListing::unknown(board)
        });
        put(&self.session.outbox, board, entries);
        Some(board)
    }

    /// Takes in a document, whether or not the board is here already, and opens it.
    pub async fn import_document(self, document: Document) -> Imported {
        let Document { board, entries, .. } = document;
        let ids: Vec<ChangeId> = entries.iter().map(Entry::id).collect();
        let foreign = entries
            .iter()
            .filter(|entry| entry.known().is_none())
            .count();
        // Where storage fails, the outbox holds it until it does not.
        drop(self.journal().recall_board(board).await);
        drop(self.open_board(board).await);
        let is_open = self.session.open.get_untracked() == Some(board);
        let known: Vec<ChangeId> = match is_open {
            true => self
                .session
                .with(|board| board.log().entries().map(Entry::id).collect()),
            false => Vec::new(),
        };
        if is_open {
            self.session.receive(entries);
        } else {
            self.show(board, entries);
            self.list_new(board);
        }
        let new: Vec<Entry> = self.session.with(|board| {
            let new = ids
                .into_iter()
                .filter(|id| known.binary_search(id).is_err());
            new.filter_map(|id| board.log().entry(id).cloned())
                .collect()
        });
        let count = new.len();
        self.session.outbox.put(board, new);
        Imported {
            board,
            new: count,
            foreign,
        }
    }

    /// Moves a board to the archive, to the trash, or back.
    ///
    /// # Errors
    /// [`StorageProblem`] when it stays where it was.
    pub async fn move_board(self, board: ChangeId, place: Place) -> Result<(), StorageProblem> {
        let boards = self.journal().boards().await?;
        let open = self.state.with_value(|state| state.listing.clone());
        // What was made a moment ago may not be listed in the journal yet.
        let listing = boards
            .into_iter()
            .chain(open)
            .find(|listing| listing.id == board);
        let Some(mut listing) = listing else {
            return Ok(());
        };
        listing.put(place, clock::now_millis());
        self.journal().remember_board(&listing).await?;
        self.state.update_value(|state| {
            if let Some(open) = &mut state.listing
                && open.id == board
            {
                open.put(place, clock::now_millis());
            }
        });
        self.tell_board_list_changed();
        Ok(())
    }

    /// Deletes a board from this browser for good.
    ///
    /// # Errors
    /// [`StorageProblem`] when it is still there.
    pub async fn delete_board(self, board: ChangeId) -> Result<(), StorageProblem> {
        self.journal()
            .forget_board(board, clock::now_millis())
            .await?;
        self.forget_here(board);
        self.with_tabs(|tabs| tabs.tell_forgotten(board));
        self.tell_board_list_changed();
        Ok(())
    }

    /// Rows that could not be read and were set aside.
    ///
    /// # Errors
    /// [`StorageProblem`] when they could not be read either.
    pub async fn set_aside(self) -> Result<Vec<SetAside>, StorageProblem> {
        self.journal().set_aside().await
    }

    pub(super) fn journal(self) -> Journal {
        self.state.with_value(|state| state.journal.clone())
    }

    fn with_tabs(self, tell: impl FnOnce(&Tabs)) {
        self.state.with_value(|state| {
            if let Some(tabs) = &state.tabs {
                tell(tabs);
            }
        });
    }

    /// Notes which board is to be shown. Says what other tabs have said of it meanwhile.
    fn want(self, board: ChangeId) -> Vec<Entry> {
        let early = self.state.try_update_value(|state| {
            let was_wanted = state.wanted.replace(board) == Some(board);
            let early = std::mem::take(&mut state.early);
            was_wanted.then_some(early)
        });
        early.flatten().unwrap_or_default()
    }

    /// Makes it the open board.
    fn show(self, board: ChangeId, entries: Vec<Entry>) {
        let early = self.want(board);
        self.session.open_board(board, entries);
        self.session.receive(early);
        let me = settings::me_in_tab(board).get();
        let me = me.or_else(|| settings::me(board).get());
        self.session.me.set(me);
        settings::last_board().set(&board);
        self.state.update_value(|state| {
            state.listing = None;
            state.is_listed = false;
            state.length = 0;
        });
    }

    /// Lists the open board as opened now.
    fn list(self, listing: BoardListing) {
        let listing = BoardListing {
            title: self.session.with(|board| board.info().question.clone()),
            opened_at: clock::now_millis(),
            ..listing
        };
        self.state.update_value(|state| {
            state.listing = Some(listing);
            state.is_listed = false;
        });
    }

    /// Lists the open board, which has just come here.
    fn list_new(self, board: ChangeId) {
        self.list(BoardListing {
            made_at: clock::now_millis(),
            ..BoardListing::unknown(board)
        });
    }

    /// Notes in the journal that the board was opened.
    async fn list_opened(self, board: ChangeId) {
        let listed = self.journal().boards().await.unwrap_or_default();
        let listing = listed.into_iter().find(|listing| listing.id == board);
        if self.session.open.get_untracked() == Some(board) {
            self.list(listing.unwrap_or_else(|| BoardListing::unknown(board)));
            self.store_listing().await;
        }
    }

    /// The list of boards is another one, here and in the other tabs.
    fn tell_board_list_changed(self) {
        self.session.backup.times_stored.update(|times| *times += 1);
        self.with_tabs(Tabs::tell_board_list_changed);
        spawn_local(self.refresh_board_list());
    }

    /// Asks the journal which boards there are.
    async fn refresh_board_list(self) {
        let boards = self.journal().boards().await;
        // Where storage fails, whoever writes next says so, and what was known stays.
        let known = || {
            self.session
                .board_list
                .boards
                .get_untracked()
                .unwrap_or_default()
        };
        let mut boards = boards.unwrap_or_else(|_| known());
        // The mirror may outlive the journal.
        for board in mirror::boards() {
            if boards.iter().all(|listing| listing.id != board) {
                boards.push(BoardListing::unknown(board));
            }
        }
        self.session.board_list.boards.set(Some(boards));
        self.count_set_aside().await;
    }

    async fn count_set_aside(self) {
        if let Ok(rows) = self.journal().set_aside().await {
            self.session.board_list.set_aside.set(rows.len());
        }
    }

    /// Nothing of a deleted board may stay in this tab.
    fn forget_here(self, board: ChangeId) {
        mirror::erase(board);
        settings::me(board).clear();
        settings::endpoint(board).clear();
        settings::hosted(board).clear();
        settings::forget_sealed(board);
        drafts::forget(board);
        if settings::last_board().get() == Some(board) {
            settings::last_board().clear();
        }
        self.session.outbox.forget(board);
        if self.session.open.get_untracked() == Some(board) {
            self.session.close_board();
            self.state.update_value(|state| state.listing = None);
        }
    }

    /// The device's number is kept in both storages: it decides what can be undone here.
    async fn recognise_device(self) {
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
                // Tried again with the next visit.
                drop(journal.set_meta(DEVICE, &device).await);
            }
        }
    }

    fn remember_who_edits(self) {
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
