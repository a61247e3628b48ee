//! Where boards' logs end, for those who wait for more.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use cruxboard_domain::Stamp;
use tokio::sync::watch;

use super::Cursor;

/// One channel per board.
#[derive(Default)]
pub(super) struct Subscriptions(RwLock<HashMap<Stamp, watch::Sender<Tip>>>);

/// The end of a board's log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tip {
    pub cursor: Cursor,
    /// What came last, as a document, with the cursor after which it came. With many followers it
    /// saves each of them a look into the database.
    pub latest: Option<(Cursor, Arc<str>)>,
}

impl Subscriptions {
    fn read(&self) -> std::sync::RwLockReadGuard<'_, HashMap<Stamp, watch::Sender<Tip>>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, HashMap<Stamp, watch::Sender<Tip>>> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where the board's log ends, when it is known here.
    pub(super) fn cursor(&self, board: Stamp) -> Option<Cursor> {
        self.read().get(&board).map(|tip| tip.borrow().cursor)
    }

    /// Tells of every later end of the board's log, when it is known here.
    pub(super) fn follow(&self, board: Stamp) -> Option<watch::Receiver<Tip>> {
        self.read().get(&board).map(watch::Sender::subscribe)
    }

    /// The same, for a board of which nothing may be known here yet.
    pub(super) fn follow_or_create(&self, board: Stamp) -> watch::Receiver<Tip> {
        let mut boards = self.write();
        boards.entry(board).or_default().subscribe()
    }

    pub(super) fn publish(&self, board: Stamp, tip: Tip) {
        if let Some(known) = self.read().get(&board) {
            known.send_replace(tip);
            return;
        }
        self.write().insert(board, watch::Sender::new(tip));
    }

    /// Publishes what may have been overtaken on the way, to those who follow the board now.
    pub(super) fn publish_if_later(&self, board: Stamp, tip: Tip) {
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

    /// Forgets a board; those who follow it hear no more.
    pub(super) fn remove(&self, board: Stamp) {
        self.write().remove(&board);
    }

    pub(super) fn has_followers(&self, board: Stamp) -> bool {
        let boards = self.read();
        boards
            .get(&board)
            .is_some_and(|tip| tip.receiver_count() > 0)
    }

    /// The boards that somebody follows; what nobody follows any more is forgotten.
    pub(super) fn boards(&self) -> Vec<Stamp> {
        let mut boards = self.write();
        boards.retain(|_, tip| tip.receiver_count() > 0);
        let mut boards: Vec<_> = boards.keys().copied().collect();
        boards.sort();
        boards
    }
}
