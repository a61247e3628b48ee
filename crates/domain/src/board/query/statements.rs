//! Statements of credences: who holds what, and on which basis.

use std::collections::BTreeMap;

use super::present;
use crate::ChangeId;
use crate::board::Board;
use crate::record::{CruxId, PersonId, Record, Statement, StatementId};

/// A statement, and the one whose reason and evidence hold for it.
pub type WithBasis<'a> = (
    &'a Record<StatementId, Statement>,
    &'a Record<StatementId, Statement>,
);

/// One person's latest word on a crux.
#[derive(Clone, Debug, PartialEq)]
pub struct CurrentView {
    /// The statement itself.
    pub id: StatementId,
    /// The statement. A confirmation has the reason and evidence of the statement it confirms.
    pub statement: Statement,
    /// The credence before it, if there was one.
    pub previous: Option<crate::Credence>,
    /// Whether it is older than the board wants statements to be.
    pub is_stale: bool,
}

impl Board {
    /// The statements on a crux, also those in the trash.
    pub fn statements_ever(&self, crux: CruxId) -> impl Iterator<Item = ChangeId> {
        let linked = self.linked(crux).into_iter();
        linked.flat_map(|linked| linked.statements.iter().map(|id| id.0))
    }

    /// All statements on a crux by people who are not in the trash, earliest first. Without the
    /// confirmations of a view that its person had moved meanwhile on another device: the move wins.
    #[must_use]
    pub fn statements_on(&self, crux: CruxId) -> Vec<&Record<StatementId, Statement>> {
        let ids = self
            .linked(crux)
            .into_iter()
            .flat_map(|linked| &linked.statements);
        let mut statements: Vec<_> = present(ids.filter_map(|id| self.statement(*id)))
            .filter(|s| {
                self.person(s.person)
                    .is_some_and(|person| person.trashed.is_none())
            })
            .collect();
        statements.sort_by_key(|statement| (statement.order, statement.id));
        drop_overtaken(&mut statements);
        statements
    }

    /// The same, each with the statement whose reason and evidence hold for it: the one it confirms
    /// if it is a confirmation without any of its own, otherwise itself.
    #[must_use]
    pub fn statements_with_basis(&self, crux: CruxId) -> Vec<WithBasis<'_>> {
        let mut latest: Vec<&Record<StatementId, Statement>> = Vec::new();
        let statements = self.statements_on(crux).into_iter();
        let with_basis = statements.map(|said| {
            let is_bare = said.reaffirms && said.reason.is_empty() && said.evidence.is_empty();
            match latest.iter_mut().find(|basis| basis.person == said.person) {
                Some(basis) if is_bare => (said, *basis),
                Some(basis) => {
                    *basis = said;
                    (said, said)
                }
                None => {
                    latest.push(said);
                    (said, said)
                }
            }
        });
        with_basis.collect()
    }

    /// The same by the wall clock, each with the time since when it was held. Somebody's statements
    /// stay in their order: one that they replaced was held no later than the one that replaced it,
    /// whatever the clock of its device showed.
    #[must_use]
    pub fn timeline(&self, crux: CruxId) -> Vec<(u64, WithBasis<'_>)> {
        let with_basis = self.statements_with_basis(crux).into_iter();
        let mut timed: Vec<_> = with_basis.map(|pair| (pair.0.at, pair)).collect();
        let mut next: BTreeMap<PersonId, u64> = BTreeMap::new();
        for (held, (said, _)) in timed.iter_mut().rev() {
            let next = next.entry(said.person).or_insert(u64::MAX);
            *held = (*held).min(*next);
            *next = *held;
        }
        timed.sort_by_key(|(held, (said, _))| (*held, said.order, said.id));
        timed
    }

    /// The statement whose reason and evidence hold for this one: see
    /// [`Self::statements_with_basis`].
    #[must_use]
    pub fn basis_of(&self, id: StatementId) -> Option<&Record<StatementId, Statement>> {
        let said = self.statement(id)?;
        let statements = self.statements_with_basis(said.crux).into_iter();
        let mut found = statements.filter(|(said, _)| said.id == id);
        Some(found.next().map_or(said, |(_, basis)| basis))
    }

    /// Everybody's latest word on a crux, in the order of the board's people. `now`: Unix
    /// milliseconds, which decides what is stale.
    #[must_use]
    pub fn current_views(&self, crux: CruxId, now: u64) -> Vec<CurrentView> {
        self.current_views_until(crux, now, ChangeId::MAX)
    }

    /// As [`Self::current_views`], with what was written down up to `moment` only.
    pub(crate) fn current_views_until(
        &self,
        crux: CruxId,
        now: u64,
        moment: ChangeId,
    ) -> Vec<CurrentView> {
        let stale_before = now.saturating_sub(u64::from(self.info().stale_days()) * 86_400_000);
        let mut views: Vec<CurrentView> = Vec::new();
        let statements = self.statements_with_basis(crux).into_iter();
        for (statement, basis) in statements.filter(|(statement, _)| statement.id.0 <= moment) {
            let before = views
                .iter()
                .position(|view| view.statement.person == statement.person)
                .map(|place| views.swap_remove(place));
            let previous = match before {
                // "Confirm unchanged" says nothing new: the move before it stays in sight.
                Some(view) if statement.reaffirms => view.previous,
                Some(view) => Some(view.statement.credence),
                None => None,
            };
            let view = CurrentView {
                id: statement.id,
                statement: Statement {
                    reason: basis.reason.clone(),
                    evidence: basis.evidence.clone(),
                    ..statement.value.clone()
                },
                previous,
                is_stale: statement.at < stale_before,
            };
            views.push(view);
        }
        views.sort_by_key(|view| view.statement.person);
        views
    }
}

/// Drops each confirmation whose person had stated another credence before it, as the log has it,
/// while it repeats an earlier one: it was made on a device that had not heard of the move.
///
/// Takes the statements earliest first. A confirmation whose own basis is gone stays.
fn drop_overtaken(statements: &mut Vec<&Record<StatementId, Statement>>) {
    let mut kept: Vec<&Record<StatementId, Statement>> = Vec::with_capacity(statements.len());
    for said in statements.drain(..) {
        let is_overtaken = said.reaffirms && {
            let mut earlier = kept
                .iter()
                .rev()
                .filter(|other| other.person == said.person && other.id < said.id);
            let latest = earlier.next();
            latest.is_some_and(|latest| latest.credence != said.credence)
                && earlier.any(|other| other.credence == said.credence)
        };
        if !is_overtaken {
            kept.push(said);
        }
    }
    *statements = kept;
}
