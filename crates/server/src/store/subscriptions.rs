//! Notifies followers of boards about new changes, by one watch channel per board.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use cruxboard_domain::BoardId;
use tokio::sync::watch;

use super::Cursor;

/// The watch channels, by board.
#[derive(Default)]
pub(super) struct Subscriptions(RwLock<HashMap<BoardId, watch::Sender<Tip>>>);

/// The tip of a board's log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tip {
    pub cursor: Cursor,
    /// The latest changes as a document, with the cursor before them. Saves each follower a query.
    pub latest: Option<(Cursor, Arc<str>)>,
}

impl Subscriptions {
    fn read(&self) -> std::sync::RwLockReadGuard<'_, HashMap<BoardId, watch::Sender<Tip>>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, HashMap<BoardId, watch::Sender<Tip>>> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the cursor of a board, if it is known here.
    pub(super) fn cursor(&self, board: BoardId) -> Option<Cursor> {
        self.read().get(&board).map(|tip| tip.borrow().cursor)
    }

    /// Subscribes to a board, if it is known here.
    pub(super) fn follow(&self, board: BoardId) -> Option<watch::Receiver<Tip>> {
        self.read().get(&board).map(watch::Sender::subscribe)
    }

    /// Subscribes to a board that may not be known here yet.
    pub(super) fn follow_or_create(&self, board: BoardId) -> watch::Receiver<Tip> {
        let mut boards = self.write();
        boards.entry(board).or_default().subscribe()
    }

    /// Publishes the tip of a board.
    pub(super) fn publish(&self, board: BoardId, tip: Tip) {
        if let Some(known) = self.read().get(&board) {
            known.send_replace(tip);
            return;
        }
        self.write().insert(board, watch::Sender::new(tip));
    }

    /// Publishes a tip to the board's followers, unless a later one is known.
    pub(super) fn publish_if_later(&self, board: BoardId, tip: Tip) {
        if let Some(known) = self.read().get(&board) {
            known.send_if_modified(|present| {
                let is_later = tip.cursor > present.cursor;
                if is_later {
                    *present = tip;
                }
                is_later
            });
        }
    }

    /// Removes a board, which closes its channel.
    pub(super) fn remove(&self, board: BoardId) {
        self.write().remove(&board);
    }

    /// Returns whether somebody follows the board.
    pub(super) fn has_followers(&self, board: BoardId) -> bool {
        let boards = self.read();
        boards
            .get(&board)
            .is_some_and(|tip| tip.receiver_count() > 0)
    }

    /// Returns the boards with followers, sorted, and removes the others.
    pub(super) fn boards(&self) -> Vec<BoardId> {
        let mut boards = self.write();
        boards.retain(|_, tip| tip.receiver_count() > 0);
        let mut boards: Vec<_> = boards.keys().copied().collect();
        boards.sort();
        boards
    }
}
