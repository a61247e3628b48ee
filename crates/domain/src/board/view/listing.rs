//! The listing of cruxes by a filter and a sort, kept up to date change by change.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::sort::sort_key;
use super::{Filter, Sort};
use crate::board::Board;
use crate::date::Viewpoint;
use crate::findings::Reread;
use crate::record::{CruxId, Record};

/// The cruxes that match a filter, in the order of a sort. Equal to what [`shown`](super::shown) returns
/// after each [`Self::update`].
#[derive(Clone, Debug)]
pub struct Listing {
    filter: Filter,
    sort: Sort,
    /// The cruxes in order: by sort key, then in the manual order.
    order: BTreeSet<(u128, Arc<str>, CruxId)>,
    /// The sort key and rank of each crux that is listed.
    places: BTreeMap<CruxId, (u128, Arc<str>)>,
    ids: Arc<[CruxId]>,
}

impl Listing {
    /// Lists the cruxes of a board.
    #[must_use]
    pub fn new(board: &Board, filter: Filter, sort: Sort, viewpoint: Viewpoint) -> Self {
        let mut listing = Self {
            filter,
            sort,
            order: BTreeSet::new(),
            places: BTreeMap::new(),
            ids: Arc::default(),
        };
        listing.update(board, viewpoint, &Reread::All);
        listing
    }

    /// Returns whether the listing is by this filter and sort.
    #[must_use]
    pub fn is_by(&self, filter: &Filter, sort: Sort) -> bool {
        self.filter == *filter && self.sort == sort
    }

    /// Returns the cruxes in order. As long as they are the same, so is the pointer.
    #[must_use]
    pub fn cruxes(&self) -> Arc<[CruxId]> {
        self.ids.clone()
    }

    /// Looks again at the cruxes that were read again.
    pub fn update(&mut self, board: &Board, viewpoint: Viewpoint, reread: &Reread) {
        match reread {
            Reread::All => {
                self.order.clear();
                self.places.clear();
                for crux in board.cruxes() {
                    self.put(board, crux.id, viewpoint);
                }
                if !self.order.iter().map(|(.., id)| id).eq(self.ids.iter()) {
                    self.ids = self.order.iter().map(|(.., id)| *id).collect();
                }
            }
            Reread::Some(cruxes) => {
                let mut is_changed = false;
                for crux in cruxes {
                    is_changed |= self.put(board, *crux, viewpoint);
                }
                if is_changed {
                    self.ids = self.order.iter().map(|(.., id)| *id).collect();
                }
            }
        }
    }

    /// Puts a crux where it belongs now. Returns whether it was elsewhere before.
    fn put(&mut self, board: &Board, id: CruxId, viewpoint: Viewpoint) -> bool {
        let crux = board.crux(id).filter(|crux| crux.trashed.is_none());
        let is_listed = |crux: &&Record<_, _>| {
            self.filter.is_empty() || self.filter.lets_through(board, crux, viewpoint)
        };
        let now = crux.filter(is_listed).map(|crux| {
            let key = sort_key(board, crux, self.sort, viewpoint);
            (key, Arc::from(crux.rank.as_str()))
        });
        let before = self.places.get(&id);
        if before == now.as_ref() {
            return false;
        }
        if let Some((key, rank)) = self.places.remove(&id) {
            self.order.remove(&(key, rank, id));
        }
        if let Some((key, rank)) = now {
            self.order.insert((key, rank.clone(), id));
            self.places.insert(id, (key, rank));
        }
        true
    }
}
