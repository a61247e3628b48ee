//! Reviews, both those held in the app and those only recorded.

use super::Entity;
use crate::ChangeId;
use crate::board::RecordRef;
use crate::board::tables::{Table, Tables};
use crate::change::{Change, Payload, ReviewHeld, ReviewNoted};
use crate::record::{Note, Review, ReviewId};

impl Entity for Review {
    type Id = ReviewId;

    fn id(id: ChangeId) -> ReviewId {
        ReviewId(id)
    }
    fn table(tables: &mut Tables) -> &mut Table<ReviewId, Self> {
        &mut tables.reviews
    }
    fn begin(change: &Change) -> Option<Self> {
        let Payload::ReviewStarted(first) = &change.payload else {
            return None;
        };
        let mut review = Self::default();
        review.overlay(first);
        Some(review)
    }
    fn touches(_: ReviewId) -> Option<RecordRef> {
        Some(RecordRef::Board)
    }
}

impl Review {
    pub(super) fn note(&mut self, noted: &ReviewNoted) {
        let note = Note {
            text: noted.text.clone(),
            is_public: noted.is_public,
        };
        self.notes.insert(noted.crux, note);
    }

    pub(super) fn close(&mut self, change: &Change) {
        if self.closings.is_empty() {
            self.closed_agenda = self.agenda.iter().map(|item| item.crux).collect();
        }
        self.closings.push(change.id);
    }
}

impl Entity for ReviewHeld {
    type Id = ChangeId;

    fn id(id: ChangeId) -> ChangeId {
        id
    }
    fn table(tables: &mut Tables) -> &mut Table<ChangeId, Self> {
        &mut tables.recorded_reviews
    }
    fn begin(change: &Change) -> Option<Self> {
        match &change.payload {
            Payload::ReviewHeld(review) => Some(review.as_ref().clone()),
            _ => None,
        }
    }
    fn touches(_: ChangeId) -> Option<RecordRef> {
        Some(RecordRef::Board)
    }
}
