//! Positions, decisions, follow-ups and messages, and the number of records that stay out.

use std::collections::BTreeSet;

use super::adding::Adding;
use super::known::{Known, keys};
use super::{LeftOut, MergeKind};
use crate::change::Payload;
use crate::date::Now;
use crate::format::{decision_headline, short};
use crate::record::{CruxId, Decision, FollowUp, Message, Position, Record};
use crate::text::{folded, folded_name};
use crate::{ChangeId, Millis};

impl Adding<'_> {
    pub(super) fn add_positions(&mut self) {
        let key = |crux: Option<ChangeId>, it: &Position| {
            (
                (crux, it.credence, it.holding, it.answered_at),
                [&it.holder, &it.note, &it.quote].map(|text| folded_name(text)),
            )
        };
        for crux in self.theirs.cruxes() {
            let Some(new) = self.new_id(crux.id.0) else {
                continue;
            };
            let own = self.own.positions_on(CruxId(new));
            let known = keys(own.map(|it| key(Some(new), it)));
            for position in self.theirs.positions_on(crux.id) {
                if !known.contains(&key(Some(new), position)) {
                    let edit = Position::default().edit_to(position);
                    let name = format!("{}: {}", position.holder, crux.name());
                    let payload = Payload::PositionRecorded(Box::new(edit));
                    self.add(position.id.0, MergeKind::Position, name, payload);
                }
            }
        }
    }

    pub(super) fn add_decisions(&mut self) {
        let day = |it: &Record<_, Decision>| it.day(Now::utc(Millis(0)));
        let key =
            |option: Option<ChangeId>, it: &Record<_, Decision>| (option, folded(&it.why), day(it));
        let own = self.own.decisions();
        let known = Known::of(own.map(|it| (key(it.option.map(|it| it.0), it), it.id.0)));
        let mut taken = BTreeSet::new();
        // The latest that was recorded stands, whatever its day.
        let standing = self.own.standing_decision().map(day);
        for decision in self.theirs.decisions() {
            let option = decision.option.and_then(|option| self.new_id(option.0));
            let key = key(option, decision);
            let found = known.take(&key, decision.id.0, &mut taken, self.apart);
            if self.is_known(decision.id.0, found) {
                continue;
            }
            if standing.is_some_and(|standing| day(decision) < standing) {
                self.leave_out(LeftOut::Decision);
                continue;
            }
            let mut edit = Decision::default().edit_to(decision);
            edit.taken_on = Some(Some(day(decision)));
            (edit.held_at, edit.known) = (None, None);
            let name = decision_headline(self.theirs, decision);
            let payload = Payload::DecisionRecorded(Box::new(edit));
            self.add(decision.id.0, MergeKind::Decision, name, payload);
        }
    }

    pub(super) fn add_follow_ups(&mut self) {
        let key = |crux: Option<ChangeId>, it: &FollowUp| {
            (
                crux,
                [&it.what, &it.owner, &it.whom].map(|text| folded_name(text)),
                it.by_date,
            )
        };
        let own = self.own.follow_ups();
        let known = Known::of(own.map(|it| (key(it.crux.map(|it| it.0), it), it.id.0)));
        let mut taken = BTreeSet::new();
        for follow_up in self.theirs.follow_ups() {
            let crux = follow_up.crux.and_then(|crux| self.new_id(crux.0));
            let key = key(crux, follow_up);
            let found = known.take(&key, follow_up.id.0, &mut taken, self.apart);
            if !self.is_known(follow_up.id.0, found) {
                let edit = FollowUp::default().edit_to(follow_up);
                let name = short(&follow_up.what, 120).into_owned();
                let payload = Payload::FollowUpAdded(Box::new(edit));
                self.add(follow_up.id.0, MergeKind::FollowUp, name, payload);
            }
        }
    }

    pub(super) fn add_messages(&mut self) {
        let key = |it: &Message| [&it.author, &it.text].map(|text| folded_name(text));
        // A message in the trash was dealt with, and is not added again.
        let own = self.own.messages().chain(self.own.trashed_messages());
        let known = keys(own.map(|it| key(it)));
        for message in self.theirs.messages() {
            if !known.contains(&key(message)) {
                let edit = Message::default().edit_to(message);
                let name = format!("{}: {}", message.author, short(&message.text, 80));
                let payload = Payload::MessageListed(Box::new(edit));
                self.add(message.id.0, MergeKind::Message, name, payload);
            }
        }
    }

    pub(super) fn count_what_stays(&mut self) {
        let theirs = self.theirs;
        let unread = theirs.log().entries().filter(|it| it.known().is_none());
        for (what, count) in [
            (LeftOut::Round, theirs.rounds().count()),
            (LeftOut::BriefRead, theirs.brief_reads().count()),
            (LeftOut::Unread, unread.count()),
            (
                LeftOut::Review,
                theirs.reviews().count() + theirs.recorded_reviews().count(),
            ),
        ] {
            if count > 0 {
                self.left_out.insert(what, count);
            }
        }
    }
}
