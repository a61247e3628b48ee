//! Blind rounds.

use super::Entity;
use crate::ChangeId;
use crate::board::RecordRef;
use crate::board::tables::{Table, Tables};
use crate::change::{Change, Payload, RoundClosed, RoundRevealed, RoundSaid, RoundSealed};
use crate::record::{Closing, Revealed, Round, RoundId, Said, Sealed};

impl Entity for Round {
    type Id = RoundId;

    fn id(id: ChangeId) -> RoundId {
        RoundId(id)
    }
    fn table(tables: &mut Tables) -> &mut Table<RoundId, Self> {
        &mut tables.rounds
    }
    fn begin(change: &Change) -> Option<Self> {
        let Payload::RoundOpened(first) = &change.payload else {
            return None;
        };
        let mut round = Self::default();
        round.overlay(first);
        Some(round)
    }
    fn touches(_: RoundId) -> Option<RecordRef> {
        Some(RecordRef::Board)
    }
}

impl Round {
    pub(super) fn say(&mut self, said: &RoundSaid, change: &Change) {
        self.said.push(Said {
            id: change.id,
            by: change.by,
            text: said.text.clone(),
        });
    }

    pub(super) fn seal(&mut self, sealed: &RoundSealed, change: &Change) {
        self.sealed.push(Sealed {
            id: change.id,
            person: sealed.person,
            seal: sealed.seal.clone(),
        });
    }

    pub(super) fn close(&mut self, closed: &RoundClosed, change: &Change) {
        self.closings.push(Closing {
            id: change.id,
            by: change.by,
            without: closed.without.clone(),
            seals: closed.seals.clone(),
        });
    }

    pub(super) fn reveal(&mut self, revealed: &RoundRevealed, change: &Change) {
        self.revealed.push(Revealed {
            id: change.id,
            person: revealed.person,
            salt: revealed.salt.clone(),
            answers: revealed.answers.clone(),
        });
    }
}
