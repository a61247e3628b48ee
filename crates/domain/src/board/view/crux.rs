//! Cruxes: the values of their facets, their text for the search, and whether they match a filter.

use super::Filter;
use super::evidence::add_evidence;
use super::facet::{Facet, FacetValues};
use super::follow_up::add_follow_up;
use crate::board::Board;
use crate::board::query::CurrentView;
use crate::completeness::lacks;
use crate::date::Viewpoint;
use crate::estimate::estimate;
use crate::pointing::Pointing;
use crate::record::{Crux, CruxId, Person, PersonId, Position, Record};
use crate::trigger_state::trigger_state;

impl Filter {
    /// Returns whether a crux matches the filter.
    #[must_use]
    pub fn lets_through(
        &self,
        board: &Board,
        crux: &Record<CruxId, Crux>,
        viewpoint: impl Into<Viewpoint>,
    ) -> bool {
        self.finds(|| searchable_text(board, crux))
            && self.agrees(|| facets(board, crux, viewpoint))
    }
}

/// Returns the values of every facet that a crux has, each once, by key: for people and options their id.
#[must_use]
pub fn facets(
    board: &Board,
    crux: &Record<CruxId, Crux>,
    viewpoint: impl Into<Viewpoint>,
) -> Vec<(Facet, String)> {
    let viewpoint = viewpoint.into();
    let mut values = FacetValues::default();
    add_fields(crux, &mut values);
    for trigger in board.triggers_of(crux.id) {
        let state = trigger_state(board, trigger, viewpoint);
        values.add(Facet::Trigger, state.key());
        if !trigger.goalposts.is_empty() {
            values.add(Facet::Has, "goalposts");
        }
    }
    add_credences(board, crux, viewpoint, &mut values);
    let sides = match board.evidence_balance(crux.id) {
        (0, 0) => "none",
        (_, 0) => "for-only",
        (0, _) => "against-only",
        _ => "both",
    };
    values.add(Facet::Sides, sides);
    for evidence in board.evidence_on(crux.id) {
        add_evidence(evidence, &mut values);
    }
    if board.of_one_origin(crux.id) > 0 {
        values.add(Facet::Has, "same-origin");
    }
    for position in board.positions_on(crux.id) {
        add_position(position, &mut values);
    }
    for follow_up in board.follow_ups_on(crux.id) {
        add_follow_up(follow_up, &mut values);
    }
    for lack in lacks(board, crux) {
        values.add(Facet::Lacks, lack.key());
    }
    for (key, is_there) in sections(board, crux) {
        if is_there {
            values.add(Facet::Has, key);
        }
    }
    values.into_vec()
}

/// Adds the fields of the crux that are filters of their own.
fn add_fields(crux: &Crux, values: &mut FacetValues) {
    for bearing in &crux.bearings {
        values.add(Facet::Bearing, bearing.kind.key());
    }
    if let Some(option) = crux.if_true {
        values.add(Facet::IfTrue, &option.to_string());
    }
    if let Some(owner) = crux.owner {
        values.add(Facet::Owner, &owner.to_string());
    }
    values.add(Facet::Stage, crux.stage().key());
    for tag in &crux.tags {
        values.add(Facet::Tag, tag);
    }
    let words = [
        (Facet::Importance, crux.importance.map(|word| word.key())),
        (Facet::Scope, crux.scope.map(|word| word.key())),
        (Facet::Specificity, crux.specificity.map(|word| word.key())),
        (Facet::Basis, crux.basis.map(|word| word.key())),
        (Facet::Reliance, crux.reliance.map(|word| word.key())),
        (Facet::Modality, crux.modality.map(|word| word.key())),
        (Facet::Origin, crux.origin.map(|word| word.key())),
    ];
    for (facet, word) in words {
        if let Some(word) = word {
            values.add(facet, word);
        }
    }
}

/// Adds the people with a credence, whether one is outdated, and the option that the credences point to.
fn add_credences(
    board: &Board,
    crux: &Record<CruxId, Crux>,
    viewpoint: Viewpoint,
    values: &mut FacetValues,
) {
    let views = board.current_views(crux.id, viewpoint.now.millis);
    let aggregate =
        estimate(board, &views, viewpoint.with_stale).map(|estimate| estimate.aggregate);
    if let Some(pointing) = Pointing::of(board, crux, aggregate) {
        values.add(Facet::PointsTo, &pointing.filter_value());
    }
    for view in &views {
        values.add(Facet::Person, &view.statement.person.to_string());
    }
    if let Some(has_stated) = has_red_team_stated(board, &views) {
        values.add(
            Facet::Has,
            if has_stated {
                "red-team"
            } else {
                "no-red-team"
            },
        );
    }
    if !views.is_empty() {
        let is_stale = views.iter().any(|view| view.is_stale);
        values.add(Facet::Stale, if is_stale { "stale" } else { "fresh" });
    }
}

/// Returns whether somebody of the red team has stated a credence; `None` without a red team.
fn has_red_team_stated(board: &Board, views: &[CurrentView]) -> Option<bool> {
    let mut red_team = board.people().filter(|person| person.red_team).peekable();
    red_team.peek()?;
    let has_stated = |person: &Record<PersonId, Person>| {
        views.iter().any(|view| view.statement.person == person.id)
    };
    Some(red_team.any(has_stated))
}

fn add_position(position: &Position, values: &mut FacetValues) {
    values.add(Facet::Position, &position.holder);
    if let Some(holding) = position.holding {
        values.add(Facet::Holding, holding.key());
    }
    if let Some(restatement) = position.restatement {
        values.add(Facet::Restatement, restatement.key());
    }
    if let Some(grounds) = position.grounds {
        values.add(Facet::Grounds, grounds.key());
    }
    if position.assigned {
        values.add(Facet::Has, "assigned-number");
    }
    if !position.hedge.is_empty() {
        values.add(Facet::Has, "hedge");
    }
}

/// Returns the sections of a crux, and whether each is filled in.
fn sections(board: &Board, crux: &Record<CruxId, Crux>) -> [(&'static str, bool); 16] {
    [
        ("conditions", !crux.conditions.is_empty()),
        ("hedge", !crux.hedge.is_empty()),
        ("implication", !crux.implication.is_empty()),
        ("due-to", !crux.due_to.is_empty()),
        (
            "degree",
            crux.bearings.iter().any(|it| !it.degree.is_empty()),
        ),
        ("alternative", !crux.alternative.is_empty()),
        ("wider-class", !crux.wider_class.is_empty()),
        ("mitigations", !crux.mitigations.is_empty()),
        (
            "mitigation-cost",
            crux.mitigations.iter().any(|it| !it.cost.is_empty()),
        ),
        ("one-liner", !crux.one_liner.is_empty()),
        ("usually-missed", crux.usually_missed),
        (
            "split",
            crux.split_from.is_some() || board.parts_of(crux.id).next().is_some(),
        ),
        ("separate", !crux.separate_from.is_empty()),
        ("hits-alternative", !crux.hits_alternative.is_empty()),
        ("test-cost", !crux.test_cost.is_empty()),
        (
            "definition",
            board.terms().any(|term| term.occurs_in(&crux.claim)),
        ),
    ]
}

/// Returns all texts of a crux and of its triggers, evidence, positions and follow-ups, for the search.
pub(super) fn searchable_text(board: &Board, crux: &Record<CruxId, Crux>) -> String {
    let mut all = Vec::new();
    crux.add_search_texts(&mut all);
    for trigger in board.triggers_of(crux.id) {
        trigger.add_search_texts(&mut all);
    }
    for evidence in board.evidence_on(crux.id) {
        evidence.add_search_texts(&mut all);
    }
    for position in board.positions_on(crux.id) {
        position.add_search_texts(&mut all);
    }
    for follow_up in board.follow_ups_on(crux.id) {
        follow_up.add_search_texts(&mut all);
    }
    all.join("\n")
}
