//! What readers of a board may not see: one rule for snapshots, minutes and the calendar.

use std::collections::{BTreeMap, BTreeSet};

use super::table::{ENTITIES, Form, Goes};
use super::{Audience, RedactionReason};
use crate::ChangeId;
use crate::board::Board;
use crate::record::{EvidenceId, FollowUp, Visibility};

/// The evidence of one board that one audience may not see.
pub(crate) struct Secrets<'a> {
    board: &'a Board,
    audience: Audience,
    hidden: BTreeMap<EvidenceId, RedactionReason>,
    trash: BTreeSet<ChangeId>,
}

impl<'a> Secrets<'a> {
    /// Finds what is private or internal, and what answers it.
    pub(crate) fn of(board: &'a Board, audience: Audience) -> Self {
        let mut secrets = Self {
            board,
            audience,
            hidden: BTreeMap::new(),
            trash: board.trash().into_iter().map(|(id, ..)| id).collect(),
        };
        for evidence in board.all_evidence() {
            let why = match (evidence.visibility(), audience) {
                (Visibility::Private, _) => RedactionReason::PrivateEvidence,
                (Visibility::Internal, Audience::Public) => RedactionReason::InternalEvidence,
                _ => continue,
            };
            secrets.hidden.insert(evidence.id, why);
        }
        // What answers a hidden item tells of it, and so does what answers that.
        loop {
            let found = board.all_evidence().find(|evidence| {
                !secrets.hidden.contains_key(&evidence.id)
                    && evidence.answers.is_some_and(|of| secrets.is_secret(of))
            });
            let Some(found) = found else { break };
            secrets
                .hidden
                .insert(found.id, RedactionReason::AboutWithheld);
        }
        secrets
    }

    /// Whether a record lies in the trash.
    pub(crate) fn is_in_trash(&self, id: ChangeId) -> bool {
        self.trash.contains(&id)
    }

    /// Why an item that is there must not be seen; `None`: it may be.
    pub(crate) fn why_hidden(&self, id: EvidenceId) -> Option<RedactionReason> {
        self.hidden.get(&id).copied()
    }

    /// Whether an item must not be seen: hidden, in the trash, erased, or never heard of.
    pub(crate) fn is_secret(&self, id: EvidenceId) -> bool {
        self.hidden.contains_key(&id)
            || self
                .board
                .evidence(id)
                .is_none_or(|evidence| evidence.trashed.is_some())
    }

    /// Whether it is an item of the board that must not be seen.
    pub(crate) fn hides(&self, id: EvidenceId) -> bool {
        self.board.evidence(id).is_some() && self.is_secret(id)
    }

    /// Whether one of them must not be seen. A reason that cites it may quote it.
    pub(crate) fn cites_secret(&self, evidence: &[EvidenceId]) -> bool {
        evidence.iter().any(|id| self.is_secret(*id))
    }

    /// Why a follow-up must not be seen: work in hand concerns nobody outside, and what is owed on
    /// something hidden tells of it.
    pub(crate) fn why_hidden_follow_up(&self, follow_up: &FollowUp) -> Option<RedactionReason> {
        let board = self.board;
        let is_in_trash = follow_up
            .crux
            .is_some_and(|crux| board.crux(crux).is_none_or(|crux| crux.trashed.is_some()));
        if is_in_trash || follow_up.evidence.is_some_and(|of| self.is_secret(of)) {
            return Some(RedactionReason::AboutWithheld);
        }
        (self.audience == Audience::Public).then_some(RedactionReason::FollowUp)
    }
}

/// How a field may be told to anybody, of a change in the record of the noun with this tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Telling {
    /// Not at all.
    RedactionReason,
    /// As it reads now. What it said before is history, which never goes.
    Now,
    /// With what it said before, which is a word, a number or a day.
    BeforeAndNow,
}

/// How the table lets a field be told to anybody.
pub(crate) fn public_telling(tag: &str, field: &str) -> Telling {
    let entity = ENTITIES.iter().find(|entity| entity.tag == tag);
    let fields = entity.map(|entity| entity.fields).unwrap_or_default();
    match fields.iter().find(|known| known.name == field) {
        None => Telling::RedactionReason,
        Some(field) if field.goes == Goes::Inside => Telling::RedactionReason,
        Some(field) => match field.form {
            Form::Flag
            | Form::Number
            | Form::Percent
            | Form::Day
            | Form::VagueDay
            | Form::Word(_) => Telling::BeforeAndNow,
            _ => Telling::Now,
        },
    }
}
