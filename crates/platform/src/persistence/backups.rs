//! Backups of all boards: writing and importing them.

use cruxboard_domain::t;
use cruxboard_session::ports::PortError;
use std::collections::{BTreeMap, BTreeSet};

use cruxboard_domain::backup::Backup;
use cruxboard_domain::board::Board;
use cruxboard_domain::decide::Command;
use cruxboard_domain::log::Entry;
use cruxboard_domain::{BoardId, ChangeId};
use leptos::prelude::{GetUntracked as _, Set as _};

use super::elsewhere::NotActed;
use super::{NotOpened, Persistence};
use crate::clock;
use crate::disk::DiskFile;
use crate::journal::StorageProblem;
use crate::settings;
use crate::web_lock::lock;
use cruxboard_session::{Arriving, BackupRecord, BoardListing, BoardLocation};

/// The lock held by the tab that writes the file on disk.
const LOCK: &str = "cruxboard/backup";
/// The journal's name for the handle of the file on disk.
const FILE: &str = "backup-file";

/// The effect of importing a backup, which can be undone.
#[derive(Clone, Debug, Default)]
pub struct Brought {
    /// Boards that were new, or restored from the trash.
    pub boards: Vec<BoardId>,
    /// Changes added to boards that were in use before.
    pub changes: Vec<(BoardId, Vec<ChangeId>)>,
}

/// Every board, and which of them are in the archive and in the trash.
#[derive(Default)]
struct All {
    boards: BTreeMap<BoardId, Board>,
    archived: BTreeSet<BoardId>,
    trashed: BTreeSet<BoardId>,
}

impl Persistence {
    /// Returns all boards as one text; `None` if there is no board.
    ///
    /// # Errors
    /// [`NotOpened`] if a board cannot be read, since a backup must be complete.
    pub async fn backup(self) -> Result<Option<String>, NotOpened> {
        let all = self.all_boards().await?;
        let is_empty = all.boards.is_empty();
        Ok((!is_empty).then(|| Backup::to_json(&all.boards, &all.archived, &all.trashed)))
    }

    async fn all_boards(self) -> Result<All, NotOpened> {
        let mut all = All::default();
        let mut listed = self.journal().boards().await?;
        // Without storage, only the open board exists.
        if let Some(open) = self.session.open.get_untracked()
            && listed.iter().all(|listing| listing.id != open)
        {
            listed.push(BoardListing::unknown(open));
        }
        for listing in listed {
            match self.read_board(listing.id).await {
                Ok(board) => {
                    all.boards.insert(listing.id, board);
                }
                Err(NotOpened::Unknown) => continue,
                Err(problem) => return Err(problem),
            }
            if listing.archived_at.is_some() {
                all.archived.insert(listing.id);
            }
            if listing.trashed_at.is_some() {
                all.trashed.insert(listing.id);
            }
        }
        Ok(all)
    }

    /// Returns the effect that importing a backup would have on each board.
    ///
    /// # Errors
    /// [`StorageProblem`] if storage cannot be read.
    pub async fn plan_backup(self, backup: &Backup) -> Result<Vec<Arriving>, StorageProblem> {
        let listed = self.journal().boards().await?;
        let mut plan = Vec::new();
        for document in &backup.boards {
            let id = document.board;
            let mut document = document.clone();
            let here = self.read_board(id).await;
            let differing = here.map_or(0, |here| document.leave_out_clashes(here.log()));
            let stored = self.journal().ids(id).await?.unwrap_or_default();
            let is_open = self.session.open.get_untracked() == Some(id);
            let is_known = |entry: &&Entry| {
                let open = || {
                    self.session
                        .read_untracked(|board| board.log().entry(entry.id()).is_some())
                };
                stored.binary_search(&entry.id()).is_ok() || is_open && open()
            };
            let known = document.entries.iter().filter(is_known).count();
            let board: Board = document.entries.iter().cloned().collect();
            let listing = listed.iter().find(|listing| listing.id == id);
            let place = listing.map(BoardListing::place);
            let is_new = stored.is_empty() && !is_open;
            let comes_back = place == Some(BoardLocation::Trash) && !backup.trashed.contains(&id);
            let lands = match place {
                Some(place) if !is_new && !comes_back => place,
                _ if backup.trashed.contains(&id) => BoardLocation::Trash,
                _ if backup.archived.contains(&id) => BoardLocation::Archive,
                _ => BoardLocation::AtHand,
            };
            plan.push(Arriving {
                board: id,
                title: board.info().question.clone(),
                changes: board.log().len() - known.min(board.log().len()),
                is_new,
                comes_back,
                lands,
                differing,
            });
        }
        Ok(plan)
    }

    /// Imports a backup: adds the changes that each board lacks, and removes none.
    ///
    /// # Errors
    /// [`StorageProblem`] if storage fails; the boards before that one are imported.
    pub async fn bring_in(self, backup: Backup) -> Result<Brought, StorageProblem> {
        let mut brought = Brought::default();
        for mut document in backup.boards {
            let id = document.board;
            self.journal().recall_board(id).await?;
            let is_open = self.session.open.get_untracked() == Some(id);
            let mut board = match self.read_board(id).await {
                Ok(board) => board,
                Err(NotOpened::Unknown) => Board::default(),
                Err(NotOpened::Storage(problem)) => return Err(problem),
            };
            let before: BTreeSet<ChangeId> = board.log().entries().map(Entry::id).collect();
            document.leave_out_clashes(board.log());
            let touched = board.receive(document.entries);
            let mut new: BTreeSet<ChangeId> = board.log().entries().map(Entry::id).collect();
            new.retain(|id| !before.contains(id));
            let listed = self.journal().boards().await?;
            let listed = listed.into_iter().find(|listing| listing.id == id);
            let is_new = before.is_empty();
            if !new.is_empty() {
                let rows = new.iter().chain(&touched.rewritten);
                let rows: Vec<Entry> = rows
                    .filter_map(|id| board.log().entry(*id).cloned())
                    .collect();
                let now = clock::now_millis();
                let listing = listed.clone().unwrap_or_else(|| BoardListing {
                    made_at: now,
                    opened_at: now,
                    archived_at: backup.archived.contains(&id).then_some(now),
                    trashed_at: backup.trashed.contains(&id).then_some(now),
                    ..BoardListing::unknown(id)
                });
                self.store_elsewhere(listing, &board, &rows).await?;
                if is_open {
                    self.session.receive(rows);
                }
            }
            let lay_in_trash =
                listed.is_some_and(|listing| listing.place() == BoardLocation::Trash);
            let comes_back = lay_in_trash && !backup.trashed.contains(&id);
            if comes_back {
                self.move_board(id, BoardLocation::AtHand).await?;
            }
            if is_new || comes_back {
                brought.boards.push(id);
            }
            if !is_new && !new.is_empty() {
                brought.changes.push((id, new.into_iter().collect()));
            }
        }
        self.tell_board_list_changed();
        Ok(brought)
    }

    /// Undoes an import: moves its boards to the trash, and retracts the changes it added to
    /// others. Returns the effect, which [`Self::put_back`] reverses.
    ///
    /// # Errors
    /// [`NotActed`] if a part of it failed.
    pub async fn take_out(self, brought: &Brought) -> Result<Brought, NotActed> {
        for board in &brought.boards {
            self.move_board(*board, BoardLocation::Trash).await?;
        }
        Ok(Brought {
            boards: brought.boards.clone(),
            changes: self.retract_each(&brought.changes).await?,
        })
    }

    /// Redoes an import that was undone.
    ///
    /// # Errors
    /// [`NotActed`] if a part of it failed.
    pub async fn put_back(self, taken: &Brought) -> Result<(), NotActed> {
        for board in &taken.boards {
            self.move_board(*board, BoardLocation::AtHand).await?;
        }
        self.retract_each(&taken.changes).await.map(drop)
    }

    async fn retract_each(
        self,
        changes: &[(BoardId, Vec<ChangeId>)],
    ) -> Result<Vec<(BoardId, Vec<ChangeId>)>, NotActed> {
        let mut done = Vec::new();
        for (board, changes) in changes {
            let made = self
                .act_on(*board, Command::Retract(changes.clone()))
                .await?;
            done.push((*board, made.iter().map(|change| change.id).collect()));
        }
        Ok(done)
    }

    /// Writes all boards to a file on disk, unless the file is up to date. Boards and changes that
    /// only the file has stay in it, since another browser may write to it and this browser may
    /// have lost some. Boards deleted here for good are removed.
    ///
    /// # Errors
    /// [`PortError`]: a sentence that says why the file was not written.
    pub async fn write_backup(self, file: &DiskFile, is_chosen_now: bool) -> Result<(), PortError> {
        // The lock keeps two tabs from overwriting each other between reading and writing.
        let _turn = lock(LOCK, false, || ()).await;
        let there = file.read().await?;
        let unread = |problem: NotOpened| problem.to_string();
        let mut all = self.all_boards().await.map_err(unread)?;
        if all.boards.is_empty() {
            return Ok(());
        }
        match Backup::from_json(&there) {
            Ok(old) if old.unread == 0 && !old.is_single_board => {
                self.keep_what_only_it_has(&mut all, old).await?
            }
            _ if there.trim().is_empty() || is_chosen_now => {}
            _ => {
                return Err(
                    t!("The file holds something that Cruxboard did not write, so it was left as it is. Choose it again to overwrite it, or choose another one.")
                        .into(),
                );
            }
        }
        let text = Backup::to_json(&all.boards, &all.archived, &all.trashed);
        if text == there {
            return Ok(());
        }
        file.write(&text).await
    }

    async fn keep_what_only_it_has(self, all: &mut All, old: Backup) -> Result<(), PortError> {
        for document in old.boards {
            let id = document.board;
            if let Some(board) = all.boards.get_mut(&id) {
                board.receive(document.entries);
                continue;
            }
            let ids = self.journal().ids(id).await;
            let is_deleted = ids.map_err(|problem| problem.to_string())?.is_none();
            if !is_deleted {
                all.boards
                    .insert(id, document.entries.into_iter().collect());
                all.archived.extend(old.archived.get(&id));
                all.trashed.extend(old.trashed.get(&id));
            }
        }
        Ok(())
    }

    /// Returns the file on disk that was chosen earlier.
    pub async fn kept_file(self) -> Option<DiskFile> {
        let kept = self.journal().kept(FILE).await.ok()?;
        DiskFile::from_kept(kept)
    }

    /// Stores the handle of the file on disk for later visits; `None` deletes it.
    ///
    /// # Errors
    /// [`StorageProblem`] if the handle was not stored and lasts for this visit only.
    pub async fn keep_file(self, file: Option<&DiskFile>) -> Result<(), StorageProblem> {
        self.journal().keep(FILE, file.map(DiskFile::to_keep)).await
    }

    /// Updates the record of backups, for all tabs.
    pub fn note_backup(self, note: impl FnOnce(&mut BackupRecord)) {
        let mut record = settings::backup().get().unwrap_or_default();
        note(&mut record);
        settings::backup().set(&record);
        self.session.backup.record.set(record);
    }
}
