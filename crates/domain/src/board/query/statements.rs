//! Statements of credences on cruxes, with their reasons and evidence.

use std::collections::BTreeMap;

use super::present;
use crate::board::Board;
use crate::date::DAY;
use crate::record::{CruxId, PersonId, Record, Statement, StatementId};
use crate::round::sealed_when;
use crate::{ChangeId, Millis};

/// A statement, and the statement whose reason and evidence apply to it.
pub type WithBasis<'a> = (
    &'a Record<StatementId, Statement>,
    &'a Record<StatementId, Statement>,
);

/// One person's latest credence in a crux.
#[derive(Clone, Debug, PartialEq)]
pub struct CurrentView {
    /// The statement itself.
    pub id: StatementId,
    /// The statement. A confirmation has the reason and evidence of the statement it confirms.
    pub statement: Statement,
    /// The person's previous credence, if there was one.
    pub previous: Option<crate::Credence>,
    /// Whether the credence is outdated.
    pub is_stale: bool,
}

impl Board {
    /// Returns the statements on a crux, also those in the trash.
    pub fn statements_ever(&self, crux: CruxId) -> impl Iterator<Item = ChangeId> {
        let linked = self.linked(crux).into_iter();
        linked.flat_map(|linked| linked.statements.iter().map(|id| id.0))
    }

    /// Returns all statements on a crux by people who are not in the trash, earliest first. A confirmation is
    /// left out if its person had already stated another credence on another device.
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

    /// Returns the statements on a crux, each with the statement whose reason and evidence apply. For a
    /// confirmation without its own, that is the statement it confirms; otherwise the statement itself.
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

    /// Returns the statements on a crux by the wall clock, each with the time since which it was held. One
    /// person's statements stay in order: a replaced statement was held no later than the one that replaced
    /// it, whatever the clock of its device showed.
    #[must_use]
    pub fn timeline(&self, crux: CruxId) -> Vec<(Millis, WithBasis<'_>)> {
        self.timed(crux, |said| said.at)
    }

    /// Returns the statements as [`Self::timeline`] does, each with the time at which it was recorded or
    /// sealed, even if it states an earlier date.
    #[must_use]
    pub fn timeline_as_written(&self, crux: CruxId) -> Vec<(Millis, WithBasis<'_>)> {
        self.timed(crux, |said| match sealed_when(self, said) {
            Some(sealed) => said.filed.min(sealed.millis()),
            None => said.filed,
        })
    }

    fn timed(
        &self,
        crux: CruxId,
        time_of: impl Fn(&Record<StatementId, Statement>) -> Millis,
    ) -> Vec<(Millis, WithBasis<'_>)> {
        let with_basis = self.statements_with_basis(crux).into_iter();
        let mut timed: Vec<_> = with_basis.map(|pair| (time_of(pair.0), pair)).collect();
        let mut next: BTreeMap<PersonId, Millis> = BTreeMap::new();
        for (held, (said, _)) in timed.iter_mut().rev() {
            let next = next.entry(said.person).or_insert(Millis::MAX);
            *held = (*held).min(*next);
            *next = *held;
        }
        timed.sort_by_key(|(held, (said, _))| (*held, said.order, said.id));
        timed
    }

    /// Returns the statement whose reason and evidence apply to this one: see
    /// [`Self::statements_with_basis`].
    #[must_use]
    pub fn basis_of(&self, id: StatementId) -> Option<&Record<StatementId, Statement>> {
        let said = self.statement(id)?;
        let statements = self.statements_with_basis(said.crux).into_iter();
        let mut found = statements.filter(|(said, _)| said.id == id);
        Some(found.next().map_or(said, |(_, basis)| basis))
    }

    /// Returns the latest credence in a crux of everybody who has not left, in the order of the board's
    /// people. `now` decides which credences are outdated and who has left.
    #[must_use]
    pub fn current_views(&self, crux: CruxId, now: Millis) -> Vec<CurrentView> {
        self.current_views_until(crux, now, ChangeId::MAX)
    }

    /// Returns the views as [`Self::current_views`] does, counting only statements recorded up to `moment`.
    pub(crate) fn current_views_until(
        &self,
        crux: CruxId,
        now: Millis,
        moment: ChangeId,
    ) -> Vec<CurrentView> {
        let stale_before = now - DAY * self.info().stale_days();
        let mut views: Vec<CurrentView> = Vec::new();
        let statements = self.statements_with_basis(crux).into_iter();
        for (statement, basis) in statements.filter(|(statement, _)| statement.id.0 <= moment) {
            let before = views
                .iter()
                .position(|view| view.statement.person == statement.person)
                .map(|place| views.swap_remove(place));
            let previous = match before {
                // A confirmation is no update, so the previous credence stays visible.
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
        views.retain(|view| !self.has_left(view.statement.person, now));
        views.sort_by_key(|view| view.statement.person);
        views
    }
}

/// Drops each confirmation of an older credence whose person had stated another one before it, by the order
/// of the log. Such a confirmation was made on a device that had not received the update.
///
/// Takes the statements earliest first. A confirmation whose own basis is missing stays.
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
