//! Credences on cruxes, in options, and the joint effects of two cruxes.

use std::collections::BTreeMap;

use super::adding::Adding;
use super::known::keys;
use super::{LeftOut, MergeKind};
use crate::board::Board;
use crate::change::{CredenceStated, JointCredenceStated, OptionCredenceStated, Payload};
use crate::date::spelled;
use crate::format::{joint_credence_words, option_credence_words, person_name};
use crate::record::{CruxId, Given, StatementId};
use crate::round::sealed_when;
use crate::{ChangeId, Credence, Millis};

impl Adding<'_> {
    /// Adds the credences on cruxes, with their dates, reasons and evidence.
    pub(super) fn add_credences(&mut self) {
        for crux in self.theirs.cruxes() {
            let Some(new) = self.new_id(crux.id.0) else {
                continue;
            };
            let own = self.own.statements_on(CruxId(new));
            let held = |at: Millis, filed: Millis| at.min(filed);
            // A credence that was merged by a device whose clock is behind is held since the time that it states.
            let known = keys(own.iter().flat_map(|said| {
                let times = [held(said.at, said.filed), said.order];
                times.map(|at| (said.person.0, said.credence, at, said.reason.as_str()))
            }));
            // A confirmation is identified by its number and time, since its reason may be that of what it confirms.
            let known_bare = keys(
                known
                    .iter()
                    .map(|(person, credence, at, _)| (*person, *credence, *at)),
            );
            let stated_here = keys(own.iter().map(|said| said.person.0));
            let mut all = self.theirs.statements_with_basis(crux.id);
            // In the order of the log, by which an overtaken confirmation is recognised.
            all.sort_by_key(|(said, _)| said.id);
            let mut by_time: BTreeMap<_, (Credence, &str)> = BTreeMap::new();
            for (said, basis) in all {
                let Some(person) = self.new_id(said.person.0) else {
                    continue;
                };
                let sealed = sealed_when(self.theirs, said).map(ChangeId::millis);
                let filed = said.filed.min(sealed.unwrap_or(Millis::MAX));
                let at = held(said.at, filed);
                let bare = (person, said.credence, at);
                let is_known = match said.reaffirms {
                    true => known_bare.contains(&bare),
                    false => known.contains(&(person, said.credence, at, said.reason.as_str())),
                };
                if is_known {
                    continue;
                }
                // By the times that are kept, or between credences of one's own board, a confirmation may no longer
                // follow what it confirms.
                let moment = (person, at, said.id);
                let mut before =
                    by_time.range((person, Millis(0), StatementId(ChangeId::MIN))..moment);
                let confirmed = before.next_back().map(|(_, confirmed)| *confirmed);
                let follows = confirmed == Some((said.credence, basis.reason.as_str()));
                let is_apart = said.reaffirms && (stated_here.contains(&person) || !follows);
                by_time.insert(moment, (said.credence, basis.reason.as_str()));
                let source = if is_apart { basis } else { said };
                let stated = CredenceStated {
                    crux: crux.id,
                    person: said.person,
                    credence: said.credence,
                    reason: source.reason.clone(),
                    reason_salt: String::new(),
                    evidence: source.evidence.clone(),
                    reaffirms: said.reaffirms && !is_apart,
                    at: Some(at),
                    wall_clock: Some(filed),
                };
                let name = format!(
                    "{}: {} on {}, {}",
                    person_name(self.theirs, said.person),
                    said.credence.shown(),
                    crux.name(),
                    spelled(at.day())
                );
                let payload = Payload::CredenceStated(Box::new(stated));
                self.add(said.id.0, MergeKind::Credence, name, payload);
            }
        }
    }

    /// Adds the credences in options. The latest that was recorded counts, so that an older one than the
    /// person's own here stays out.
    pub(super) fn add_option_credences(&mut self) {
        let mut latest = BTreeMap::new();
        let own = self.own.option_credences();
        let known = keys(own.flat_map(|said| {
            let about = (
                said.option.0,
                said.if_true.map(|crux| crux.0),
                said.person.0,
            );
            latest.insert(about, said.at);
            let times = [
                said.at,
                stated_clock(self.own, said.id.0).unwrap_or(said.at),
            ];
            times.map(|at| (about, said.credence, at, said.reason.as_str()))
        }));
        for said in self.theirs.option_credences() {
            let (option, person) = (self.new_id(said.option.0), self.new_id(said.person.0));
            let if_true = said.if_true.map(|crux| self.new_id(crux.0));
            let (Some(option), Some(person)) = (option, person) else {
                continue;
            };
            // Without its crux, a credence would be about the option as things stand.
            if if_true == Some(None) {
                continue;
            }
            let about = (option, if_true.flatten(), person);
            if known.contains(&(about, said.credence, said.at, said.reason.as_str())) {
                continue;
            }
            if latest.get(&about).is_some_and(|latest| *latest > said.at) {
                self.leave_out(LeftOut::OptionCredence);
                continue;
            }
            let stated = OptionCredenceStated {
                option: said.option,
                if_true: said.if_true,
                person: said.person,
                credence: said.credence,
                reason: said.reason.clone(),
                reason_salt: String::new(),
                evidence: said.evidence.clone(),
                wall_clock: Some(said.at),
            };
            let name = option_credence_words(self.theirs, said);
            let payload = Payload::OptionCredenceStated(Box::new(stated));
            self.add(said.id.0, MergeKind::OptionCredence, name, payload);
        }
    }

    /// Adds the joint effects of two cruxes, as [`Self::add_option_credences`] does.
    pub(super) fn add_joint_credences(&mut self) {
        let mut latest = BTreeMap::new();
        let own = self.own.joint_credences();
        let known = keys(own.flat_map(|said| {
            let about = (said.option.0, said.given, said.person.0);
            latest.insert(about, said.at);
            let times = [
                said.at,
                stated_clock(self.own, said.id.0).unwrap_or(said.at),
            ];
            times.map(|at| (about, said.credence, at, said.reason.as_str()))
        }));
        for said in self.theirs.joint_credences() {
            let (option, person) = (self.new_id(said.option.0), self.new_id(said.person.0));
            let crux = |given: Given| self.new_id(given.crux.0).map(CruxId);
            let cruxes = said.given.map(crux);
            let (Some(option), Some(person), [Some(one), Some(other)]) = (option, person, cruxes)
            else {
                continue;
            };
            let [first, second] = said.given;
            let mut given = [
                Given { crux: one, ..first },
                Given {
                    crux: other,
                    ..second
                },
            ];
            given.sort();
            let about = (option, given, person);
            if known.contains(&(about, said.credence, said.at, said.reason.as_str())) {
                continue;
            }
            if latest.get(&about).is_some_and(|latest| *latest > said.at) {
                self.leave_out(LeftOut::OptionCredence);
                continue;
            }
            let stated = JointCredenceStated {
                option: said.option,
                given: said.given,
                person: said.person,
                credence: said.credence,
                reason: said.reason.clone(),
                evidence: said.evidence.clone(),
                wall_clock: Some(said.at),
            };
            let name = joint_credence_words(self.theirs, said);
            let payload = Payload::JointCredenceStated(Box::new(stated));
            self.add(said.id.0, MergeKind::OptionCredence, name, payload);
        }
    }
}

/// Returns the wall clock that a statement was recorded with, which is later than its id if it was merged by a device
/// whose clock is behind.
fn stated_clock(board: &Board, id: ChangeId) -> Option<Millis> {
    match &board.log().change(id)?.payload {
        Payload::OptionCredenceStated(stated) => stated.wall_clock,
        Payload::JointCredenceStated(stated) => stated.wall_clock,
        _ => None,
    }
}
