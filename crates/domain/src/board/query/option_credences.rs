//! Credences in options: as things stand, if a crux is true, and if two cruxes turn out in a certain way.

use std::collections::BTreeMap;

use super::present;
use crate::board::Board;
use crate::record::{
    CruxId, EvidenceId, Given, JointCredence, JointCredenceId, OptionCredence, OptionCredenceId,
    OptionId, PersonId, Record,
};
use crate::{ChangeId, Millis};

/// Everybody's latest credence in one option, by person and by the crux that is assumed to be true.
pub type CurrentOptionCredences<'a> =
    BTreeMap<(PersonId, Option<CruxId>), &'a Record<OptionCredenceId, OptionCredence>>;

/// Everybody's latest statement of each joint effect on one option, by person and cruxes.
pub type CurrentJointCredences<'a> =
    BTreeMap<(PersonId, [Given; 2]), &'a Record<JointCredenceId, JointCredence>>;

impl Board {
    /// Returns a joint effect, also one in the trash.
    #[must_use]
    pub fn joint_credence(
        &self,
        id: JointCredenceId,
    ) -> Option<&Record<JointCredenceId, JointCredence>> {
        self.tables.joint_credences.get(&id).map(Box::as_ref)
    }

    /// Returns all joint effects stated by people who are not in the trash, earliest first.
    pub fn joint_credences(&self) -> impl Iterator<Item = &Record<JointCredenceId, JointCredence>> {
        present(self.tables.joint_credences.values().map(Box::as_ref)).filter(|said| {
            self.person(said.person)
                .is_some_and(|person| person.trashed.is_none())
        })
    }

    /// Returns the latest statement of each joint effect on an option, of everybody who has not left by
    /// `now`.
    #[must_use]
    pub fn joint_credences_at(&self, option: OptionId, now: Millis) -> CurrentJointCredences<'_> {
        self.joint_credences()
            .filter(|said| said.option == option && !self.has_left(said.person, now))
            .map(|said| ((said.person, said.given), said))
            .collect()
    }

    /// Returns a credence in an option, also one in the trash.
    #[must_use]
    pub fn option_credence(
        &self,
        id: OptionCredenceId,
    ) -> Option<&Record<OptionCredenceId, OptionCredence>> {
        self.tables.option_credences.get(&id).map(Box::as_ref)
    }

    /// Returns all credences in options by people who are not in the trash, earliest first.
    pub fn option_credences(
        &self,
    ) -> impl Iterator<Item = &Record<OptionCredenceId, OptionCredence>> {
        present(self.tables.option_credences.values().map(Box::as_ref)).filter(|said| {
            self.person(said.person)
                .is_some_and(|person| person.trashed.is_none())
        })
    }

    /// Returns the changes that stated a credence in an option, also those in the trash, earliest first.
    pub(crate) fn option_credences_ever(&self, option: OptionId) -> impl Iterator<Item = ChangeId> {
        let all = self.tables.option_credences.iter();
        all.filter(move |(_, said)| said.option == option)
            .map(|(id, _)| id.0)
    }

    /// Returns the latest credence in an option of everybody who has not left by `now`.
    #[must_use]
    pub fn option_credences_at(&self, option: OptionId, now: Millis) -> CurrentOptionCredences<'_> {
        let mut current = self.current_option_credences(option);
        current.retain(|(person, _), _| !self.has_left(*person, now));
        current
    }

    /// Returns one person's latest credences in an option.
    #[must_use]
    pub fn own_option_credences(
        &self,
        option: OptionId,
        person: PersonId,
    ) -> CurrentOptionCredences<'_> {
        let is_here = self.person(person).is_some_and(|it| it.trashed.is_none());
        let all = present(self.tables.option_credences.values().map(Box::as_ref));
        all.filter(|said| is_here && said.person == person && said.option == option)
            .map(|said| ((said.person, said.if_true), said))
            .collect()
    }

    /// Returns everybody's latest credence in an option.
    #[must_use]
    pub fn current_option_credences(&self, option: OptionId) -> CurrentOptionCredences<'_> {
        self.option_credences()
            .filter(|said| said.option == option)
            .map(|said| ((said.person, said.if_true), said))
            .collect()
    }

    /// Returns the reason and evidence of a statement of any kind: on a crux, in an option, or a joint effect.
    #[must_use]
    pub fn basis_stated(&self, id: ChangeId) -> Option<(&str, &[EvidenceId])> {
        let on_crux = self.statement(crate::record::StatementId(id));
        on_crux
            .map(|said| (said.reason.as_str(), said.evidence.as_slice()))
            .or_else(|| {
                let said = self.option_credence(OptionCredenceId(id))?;
                Some((said.reason.as_str(), said.evidence.as_slice()))
            })
            .or_else(|| {
                let said = self.joint_credence(JointCredenceId(id))?;
                Some((said.reason.as_str(), said.evidence.as_slice()))
            })
    }
}
