//! Secrets: records that readers of a board may not see, by one rule for snapshots, minutes and the calendar.

use std::collections::{BTreeMap, BTreeSet};

use super::shared_kind::SharedKind;
use super::table::ENTITIES;
use super::{Audience, RedactionReason};
use crate::ChangeId;
use crate::board::Board;
use crate::record::table::{Inclusion, ValueKind};
use crate::record::{EvidenceId, FollowUp, Visibility};

/// The evidence of one board that one audience may not see.
pub(crate) struct Secrets<'a> {
    board: &'a Board,
    audience: Audience,
    hidden: BTreeMap<EvidenceId, RedactionReason>,
    trash: BTreeSet<ChangeId>,
}

impl<'a> Secrets<'a> {
    /// Collects the evidence that is private or internal, and the evidence that refers to it.
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
        // An item that refers to a hidden one reveals it, and so does one that refers to that.
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

    /// Returns whether a record is in the trash.
    pub(crate) fn is_in_trash(&self, id: ChangeId) -> bool {
        self.trash.contains(&id)
    }

    /// Returns why an existing item is hidden; `None` if it is not.
    pub(crate) fn why_hidden(&self, id: EvidenceId) -> Option<RedactionReason> {
        self.hidden.get(&id).copied()
    }

    /// Returns whether an item is secret: hidden, in the trash, redacted, or unknown.
    pub(crate) fn is_secret(&self, id: EvidenceId) -> bool {
        self.hidden.contains_key(&id)
            || self
                .board
                .evidence(id)
                .is_none_or(|evidence| evidence.trashed.is_some())
    }

    /// Returns whether it is an item of the board that is hidden.
    pub(crate) fn hides(&self, id: EvidenceId) -> bool {
        self.board.evidence(id).is_some() && self.is_secret(id)
    }

    /// Returns whether one of these items is secret. A reason that cites a secret item may quote it.
    pub(crate) fn cites_secret(&self, evidence: &[EvidenceId]) -> bool {
        evidence.iter().any(|id| self.is_secret(*id))
    }

    /// Returns why a follow-up is hidden: it is internal work, or is about a hidden item, which it would
    /// reveal.
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

/// The part of a changed field that the public may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Telling {
    /// Nothing.
    RedactionReason,
    /// The present value. Earlier values are history, which is never public.
    Now,
    /// The present and the earlier value, which are words, numbers or days.
    BeforeAndNow,
}

/// Returns how much of a field the public may read. `kind` is that of its record.
pub(crate) fn public_telling(kind: SharedKind, field: &str) -> Telling {
    let entity = ENTITIES.iter().find(|entity| entity.kind == kind);
    let fields = entity.map(|entity| entity.fields).unwrap_or_default();
    match fields.iter().find(|known| known.name == field) {
        // Of decisions, only the standing one is in snapshots. Minutes have rules of their own for decisions.
        _ if kind == SharedKind::Decision => Telling::RedactionReason,
        None => Telling::RedactionReason,
        Some(field) if matches!(field.goes, Inclusion::Never | Inclusion::Inside) => {
            Telling::RedactionReason
        }
        Some(field) => match field.kind {
            ValueKind::Flag
            | ValueKind::Number
            | ValueKind::Percent
            | ValueKind::Day
            | ValueKind::VagueDay
            | ValueKind::Word(_) => Telling::BeforeAndNow,
            _ => Telling::Now,
        },
    }
}
