//! Collects the records for a snapshot, entity by entity, before they are cleaned.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Row, Taking};
use crate::change::{
    Change, CredenceStated, EvidenceWeighed, OptionCredenceStated, Payload, TriggerJudged,
};
use crate::date::{DAY, spelled};
use crate::format::{decision_headline, joint_credence_words, option_credence_words, short};
use crate::record::table::entity::STATEMENT;
use crate::record::{
    BoardInfo, BoardOption, Crux, CruxId, Decision, Evidence, EvidenceId, FollowUp,
    OptionCredenceId, Person, PersonId, Position, Record, Term, Trigger,
};
use crate::snapshot::table::entity;
use crate::snapshot::{Audience, Depth, RedactionReason, to_minute};
use crate::t;
use crate::{ChangeId, Millis};

impl Taking<'_> {
    fn has_crux(&self, crux: CruxId) -> bool {
        let is_wanted = |wanted: &BTreeSet<CruxId>| wanted.contains(&crux);
        let is_there = |id| {
            self.board
                .crux(id)
                .is_some_and(|crux| crux.trashed.is_none())
        };
        self.wish.cruxes.as_ref().is_none_or(is_wanted) && is_there(crux)
    }

    /// Returns whether an item belongs to the requested cruxes.
    fn concerns(&self, evidence: &Evidence) -> bool {
        self.wish.cruxes.is_none() || evidence.bears_on.keys().any(|crux| self.has_crux(*crux))
    }

    fn withhold(&mut self, what: RedactionReason, name: impl Into<String>) {
        self.withheld.push((what, name.into()));
    }

    fn add(&mut self, id: impl Into<ChangeId>, by: Option<PersonId>, payload: Payload) {
        let id = id.into();
        // Through the canonical JSON, which needs no second serialization of each record.
        let json = Change {
            id,
            by,
            part_of: None,
            payload,
        }
        .to_json();
        let Ok(Value::Object(mut change)) = serde_json::from_str(&json) else {
            return;
        };
        let Some(Value::Object(payload)) = change.remove("fact") else {
            return;
        };
        for (tag, fields) in payload {
            if let (Some((entity, _)), Value::Object(fields)) = (entity(&tag), fields) {
                self.rows.push(Row {
                    entity,
                    id,
                    dated: None,
                    by,
                    fields,
                });
            }
        }
    }

    /// Collects all records of the snapshot, entity by entity.
    pub(super) fn collect(&mut self) {
        let board = self.board;
        self.add(
            self.id,
            None,
            Payload::BoardDescribed(Box::new(BoardInfo::default().edit_to(board.info()))),
        );
        for option in board.options() {
            let edit = BoardOption::default().edit_to(option);
            self.add(option.id, None, Payload::OptionAdded(Box::new(edit)));
        }
        for person in board.people() {
            let edit = Person::default().edit_to(person);
            self.add(person.id, None, Payload::PersonAdded(Box::new(edit)));
        }
        let cruxes = board.cruxes();
        let cruxes: Vec<_> = cruxes.into_iter().filter(|c| self.has_crux(c.id)).collect();
        for (place, crux) in cruxes.iter().enumerate() {
            let mut edit = Crux::default().edit_to(crux);
            edit.rank = Some(short_rank(place, cruxes.len()));
            self.add(crux.id, None, Payload::CruxAdded(Box::new(edit)));
        }
        self.collect_triggers(&cruxes);
        self.collect_evidence();
        self.collect_statements(&cruxes);
        self.collect_follow_ups();
        if self.wish.cruxes.is_none() {
            for term in board.terms() {
                let edit = Term::default().edit_to(term);
                self.add(term.id, None, Payload::TermDefined(Box::new(edit)));
            }
        }
        for review in board.review_moments() {
            self.add(review, None, Payload::ReviewHeld(Box::default()));
        }
        self.collect_decision();
        let shown = self.collect_option_credences();
        self.count_what_stays(&shown);
        for entry in board
            .log()
            .entries()
            .filter(|entry| entry.known().is_none())
        {
            self.withhold(RedactionReason::Unknown, entry.id().to_string());
        }
    }

    /// Collects the triggers of these cruxes, with their outcomes.
    fn collect_triggers(&mut self, cruxes: &[&Record<CruxId, Crux>]) {
        let board = self.board;
        for crux in cruxes {
            for trigger in board.triggers_of(crux.id) {
                let edit = Trigger::default().edit_to(trigger);
                self.add(trigger.id, None, Payload::TriggerAdded(Box::new(edit)));
                for judgement in trigger.judgements.iter().filter(|one| !one.of_draft) {
                    let mut judged = TriggerJudged {
                        trigger: trigger.id,
                        verdict: judgement.verdict,
                        reason: judgement.reason.clone(),
                        evidence: judgement.evidence.clone(),
                        settles: judgement.settles.clone(),
                    };
                    self.clear_reason(&mut judged.reason, &mut judged.evidence, || {
                        t!("a judgement on {trigger}", trigger = trigger.headline())
                    });
                    self.add(
                        judgement.id,
                        judgement.by,
                        Payload::TriggerJudged(Box::new(judged)),
                    );
                }
                for _ in &trigger.goalposts {
                    self.withhold(RedactionReason::Wording, trigger.headline());
                }
            }
        }
    }

    /// Collects the credences and positions on these cruxes.
    fn collect_statements(&mut self, cruxes: &[&Record<CruxId, Crux>]) {
        let board = self.board;
        for crux in cruxes {
            for statement in board.statements_on(crux.id) {
                let mut stated = CredenceStated {
                    crux: statement.crux,
                    reason_salt: String::new(),
                    person: statement.person,
                    credence: statement.credence,
                    reason: statement.reason.clone(),
                    evidence: statement.evidence.clone(),
                    reaffirms: statement.reaffirms,
                    at: Some(to_minute(statement.at))
                        .filter(|at| *at != to_minute(statement.id.0.millis())),
                    wall_clock: None,
                };
                self.clear_reason(&mut stated.reason, &mut stated.evidence, || {
                    let credence = statement.credence.shown();
                    t!("{credence} on {crux}", credence, crux = crux.name())
                });
                self.add(
                    statement.id,
                    None,
                    Payload::CredenceStated(Box::new(stated)),
                );
            }
            for position in board.positions_on(crux.id) {
                // Readers are told that only the people of the board and its organisation see their answers.
                if position.answered_at.is_some() && self.wish.audience == Audience::Public {
                    let name = t!(
                        "{holder} on {crux}",
                        holder = position.holder,
                        crux = crux.name()
                    );
                    self.withhold(RedactionReason::Answer, name);
                    continue;
                }
                let edit = Position::default().edit_to(position);
                self.add(position.id, None, Payload::PositionRecorded(Box::new(edit)));
            }
        }
    }

    /// Collects the standing decision. A snapshot of some cruxes never includes it.
    fn collect_decision(&mut self) {
        let standing = self.board.standing_decision();
        let Some(decision) = standing.filter(|_| self.wish.cruxes.is_none()) else {
            return;
        };
        let mut edit = Decision::default().edit_to(decision);
        if let Some(voices) = &mut edit.voices {
            // Agreement or dissent is meaningless without its person.
            voices.retain(|voice| self.board.people().any(|one| one.id == voice.person));
        }
        self.add(decision.id, None, Payload::DecisionRecorded(Box::new(edit)));
        let midnight = decision.taken_on.and_then(Millis::beginning_of);
        if let Some(row) = self.rows.last_mut() {
            row.dated = midnight.map(|midnight| midnight + DAY / 2);
        }
    }

    /// Collects everybody's latest credences in options, and returns which these are. Like the standing
    /// decision they are about the board as a whole, and stay out of a snapshot of some cruxes; they also
    /// stay out of a short one, and out of a public one that contains nobody's credences.
    fn collect_option_credences(&mut self) -> BTreeSet<OptionCredenceId> {
        let board = self.board;
        let mut shown = BTreeSet::new();
        let has_credences = self.rows.iter().any(|row| row.entity == STATEMENT);
        let is_shown = self.wish.cruxes.is_none()
            && self.wish.depth == Depth::Everything
            && (has_credences || self.wish.audience == Audience::Internal);
        if !is_shown {
            return shown;
        }
        for option in board.options() {
            for said in board.current_option_credences(option.id).into_values() {
                if said.if_true.is_some_and(|crux| !self.has_crux(crux)) {
                    continue;
                }
                let mut stated = OptionCredenceStated {
                    option: option.id,
                    if_true: said.if_true,
                    person: said.person,
                    credence: said.credence,
                    reason: said.reason.clone(),
                    reason_salt: String::new(),
                    evidence: said.evidence.clone(),
                    wall_clock: None,
                };
                self.clear_reason(&mut stated.reason, &mut stated.evidence, || {
                    option_credence_words(board, said)
                });
                let payload = Payload::OptionCredenceStated(Box::new(stated));
                self.add(said.id, None, payload);
                if let Some(row) = self.rows.last_mut() {
                    row.dated = Some(said.at).filter(|at| *at != said.id.0.millis());
                }
                shown.insert(said.id);
            }
        }
        shown
    }

    /// Counts records of the board as a whole that are withheld. A snapshot of some cruxes would never
    /// include them, so it has nothing to count.
    fn count_what_stays(&mut self, shown: &BTreeSet<OptionCredenceId>) {
        let board = self.board;
        if self.wish.cruxes.is_some() {
            return;
        }
        let standing = board.standing_decision().map(|decision| decision.id);
        let earlier = board.decisions().filter(|it| Some(it.id) != standing);
        for decision in earlier {
            self.withhold(
                RedactionReason::Decision,
                decision_headline(board, decision),
            );
        }
        let of = |id: ChangeId| t!("of {day}", day = spelled(id.day()));
        for review in board.reviews() {
            self.withhold(RedactionReason::Review, of(review.id.0));
        }
        for round in board.rounds() {
            self.withhold(RedactionReason::Round, of(round.id.0));
        }
        for said in board
            .option_credences()
            .filter(|said| !shown.contains(&said.id))
        {
            let words = option_credence_words(board, said);
            self.withhold(RedactionReason::OptionCredence, words);
        }
        for said in board.joint_credences() {
            let words = joint_credence_words(board, said);
            self.withhold(RedactionReason::OptionCredence, words);
        }
        for message in board.messages() {
            let name = format!("{}: {}", message.author, short(&message.text, 80));
            self.withhold(RedactionReason::Reading, name);
        }
        for brief_read in board.brief_reads() {
            self.withhold(RedactionReason::Reader, brief_read.who.clone());
        }
    }

    fn collect_evidence(&mut self) {
        let board = self.board;
        for evidence in board.all_evidence() {
            if !self.concerns(evidence) {
                continue;
            }
            if let Some(why) = self.secrets.why_hidden(evidence.id) {
                self.withhold(why, evidence.headline());
                continue;
            }
            let mut edit = Evidence::default().edit_to(evidence);
            if evidence.text.is_empty() {
                // Without a text in our words, the quote is the item's text.
                edit.text = edit.quote.take();
            }
            self.add(evidence.id, None, Payload::EvidenceFiled(Box::new(edit)));
            for (crux, bears_on) in &evidence.bears_on {
                if self.has_crux(*crux) {
                    let weighed = EvidenceWeighed {
                        evidence: evidence.id,
                        crux: *crux,
                        bears_on: Some(*bears_on),
                    };
                    // Under the item's id, so that the weight is sorted beside it.
                    self.add(evidence.id, None, Payload::EvidenceWeighed(weighed));
                }
            }
        }
    }

    fn collect_follow_ups(&mut self) {
        let board = self.board;
        for follow_up in board.follow_ups() {
            let concerns = match (follow_up.crux, &self.wish.cruxes) {
                (_, None) => true,
                (Some(crux), Some(_)) => self.has_crux(crux),
                (None, Some(_)) => false,
            };
            if !concerns {
                continue;
            }
            let is_short = self.wish.depth == Depth::Argument;
            let why_not = self.secrets.why_hidden_follow_up(follow_up);
            let why_not = why_not.or(is_short.then_some(RedactionReason::FollowUp));
            if let Some(why) = why_not {
                self.withhold(why, &follow_up.what);
            } else {
                let edit = FollowUp::default().edit_to(follow_up);
                self.add(follow_up.id, None, Payload::FollowUpAdded(Box::new(edit)));
            }
        }
    }

    /// Removes a reason that cites a withheld item, since it may quote it.
    fn clear_reason(
        &mut self,
        reason: &mut String,
        evidence: &mut Vec<EvidenceId>,
        name: impl FnOnce() -> String,
    ) {
        if self.secrets.cites_secret(evidence) {
            evidence.retain(|id| !self.secrets.is_secret(*id));
            if !reason.is_empty() {
                reason.clear();
                self.withhold(RedactionReason::Reason, name());
            }
        }
    }
}

/// Returns a rank for a position in the board's order, as short as possible.
fn short_rank(place: usize, count: usize) -> String {
    let mut letters = Vec::new();
    let (mut rest, mut count) = (place, count.saturating_sub(1));
    loop {
        letters.push(b'a' + (rest % 26) as u8);
        rest /= 26;
        count /= 26;
        if count == 0 {
            break;
        }
    }
    letters
        .iter()
        .rev()
        .map(|letter| char::from(*letter))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_sort_as_places_do() {
        for count in [1, 9, 26, 27, 700] {
            let ranks: Vec<String> = (0..count).map(|place| short_rank(place, count)).collect();
            assert!(ranks.is_sorted() && ranks.windows(2).all(|pair| pair[0] != pair[1]));
        }
    }
}
