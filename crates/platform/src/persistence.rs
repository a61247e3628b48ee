//! Stores changes, shares them with other tabs, and opens boards.
//!
//! - `storing`: writes the outbox into the journal, batch by batch, until it is empty.
//! - `mirroring`: writes the copy for the first paint.
//! - `keeping_up`: takes in changes of other tabs, and stores again what storage lacks.
//! - `backups`: backups of all boards.
//! - `unredaction`: redactions that were undone at an endpoint.
//! - `elsewhere`: boards that are not open.
//! - This file: opens, creates, imports and deletes boards.

mod backups;
mod board_list;
mod device;
mod elsewhere;
mod keeping_up;
mod mirroring;
mod storing;
mod unredaction;
mod words;

use cruxboard_domain::t;
use std::collections::BTreeSet;
use std::future::Future;
use std::rc::Rc;

use cruxboard_domain::change::Change;
use cruxboard_domain::document::Document;
use cruxboard_domain::log::Entry;
use cruxboard_domain::{BoardId, ChangeId};
use leptos::prelude::*;
use leptos::task::spawn_local;

pub use self::backups::Brought;
pub use self::device::replica;
pub use self::elsewhere::NotActed;
use super::clock::{self, Timer};
use super::journal::{Journal, SetAside, StorageProblem};
use super::mirror::{self, Mirror};
use super::tabs::Tabs;
use super::{drafts, exit_guard, settings};
use cruxboard_session::{BoardListing, BoardLocation, Outbox, Session};

/// Connects the session to storage and to other tabs. Cheap to copy.
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
    /// Number of failed retries of storing.
    retries: u32,
    retry_timer: Option<Timer>,
    /// The unstored changes that the other tabs were told of (board and change).
    told: BTreeSet<(BoardId, ChangeId)>,
    /// The value of [`Outbox::times_put_again`] when copies were last erased.
    times_put_again: u32,
    /// The board that was requested last. A board that is read later than the next request is not
    /// shown.
    wanted: Option<BoardId>,
    /// Changes of the requested board that other tabs reported before it was opened.
    early: Vec<Entry>,
    /// The listing of the open board.
    listing: Option<BoardListing>,
    /// Whether the journal has the listing in its present form.
    is_listed: bool,
    /// The approximate length of the open board in characters.
    length: usize,
    has_asked_to_persist: bool,
}

/// The reason why a board was not opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotOpened {
    /// This browser has no such board.
    #[error("{}", t!("This browser has no board with this address. It may have been deleted, or made elsewhere."))]
    Unknown,
    /// Storage could not be read.
    #[error("{}", t!("The board could not be read: {problem}.", problem = .0))]
    Storage(#[from] StorageProblem),
}

/// The result of importing a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The board in the document.
    pub board: BoardId,
    /// Number of its changes that were new in this browser.
    pub new: usize,
    /// Number of its changes that this version cannot read.
    pub foreign: usize,
}

impl Persistence {
    /// Starts to store the outbox and to receive changes from other tabs. Must be called under the
    /// session's owner, so that both live equally long.
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

    /// Opens a board: at once from the mirror if it has a copy, and completely once the future
    /// resolves.
    ///
    /// # Errors
    /// [`NotOpened`] if there is no such board or storage fails.
    pub fn open_board(self, board: BoardId) -> impl Future<Output = Result<(), NotOpened>> {
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

    /// Opens and stores a newly created board. Its id is the id of its first change.
    pub fn create_board(self, changes: Vec<Change>) -> Option<BoardId> {
        self.create(changes, None, |outbox, board, entries| {
            outbox.put_own(board, entries)
        })
    }

    /// Opens and stores a new board with existing content: a template, or a snapshot of the board
    /// with the key `made_of`.
    pub fn create_board_of(self, changes: Vec<Change>, made_of: Option<u32>) -> Option<BoardId> {
        self.create(changes, made_of, |outbox, board, entries| {
            outbox.put(board, entries)
        })
    }

    fn create(
        self,
        changes: Vec<Change>,
        made_of: Option<u32>,
        put: fn(&Outbox, BoardId, Vec<Entry>),
    ) -> Option<BoardId> {
        let board = BoardId(changes.first()?.id);
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

    /// Imports a document, whether or not this browser has the board, and opens the board.
    pub async fn import_document(self, document: Document) -> Imported {
        let Document { board, entries, .. } = document;
        let ids: Vec<ChangeId> = entries.iter().map(Entry::id).collect();
        let foreign = entries
            .iter()
            .filter(|entry| entry.known().is_none())
            .count();
        // If storage fails, the outbox holds the changes until they are stored.
        drop(self.journal().recall_board(board).await);
        drop(self.open_board(board).await);
        let is_open = self.session.open.get_untracked() == Some(board);
        let known: Vec<ChangeId> = match is_open {
            true => self
                .session
                .read_untracked(|board| board.log().entries().map(Entry::id).collect()),
            false => Vec::new(),
        };
        if is_open {
            self.session.receive(entries);
        } else {
            self.show(board, entries);
            self.list_new(board);
        }
        let new: Vec<Entry> = self.session.read_untracked(|board| {
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
    /// [`StorageProblem`] if the board was not moved.
    pub async fn move_board(
        self,
        board: BoardId,
        place: BoardLocation,
    ) -> Result<(), StorageProblem> {
        let boards = self.journal().boards().await?;
        let open = self.state.with_value(|state| state.listing.clone());
        // A board created a moment ago may not be listed in the journal yet.
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
    /// [`StorageProblem`] if the board is still there.
    pub async fn delete_board(self, board: BoardId) -> Result<(), StorageProblem> {
        self.journal()
            .forget_board(board, clock::now_millis())
            .await?;
        self.forget_here(board);
        self.with_tabs(|tabs| tabs.tell_forgotten(board));
        self.tell_board_list_changed();
        Ok(())
    }

    /// Returns the unreadable rows that were set aside.
    ///
    /// # Errors
    /// [`StorageProblem`] if the rows could not be read.
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

    /// Notes the board to be shown. Returns the changes that other tabs reported of it meanwhile.
    fn want(self, board: BoardId) -> Vec<Entry> {
        let early = self.state.try_update_value(|state| {
            let was_wanted = state.wanted.replace(board) == Some(board);
            let early = std::mem::take(&mut state.early);
            was_wanted.then_some(early)
        });
        early.flatten().unwrap_or_default()
    }

    /// Opens the board in the session.
    fn show(self, board: BoardId, entries: Vec<Entry>) {
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

    async fn count_set_aside(self) {
        if let Ok(rows) = self.journal().set_aside().await {
            self.session.board_list.set_aside.set(rows.len());
        }
    }
}
