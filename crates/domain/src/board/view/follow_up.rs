//! Follow-ups: the values of their facets, their text for the search, and those that match a filter.

use super::Filter;
use super::facet::{Facet, FacetValues};
use crate::board::Board;
use crate::record::{FollowUp, FollowUpId};

/// Adds the values that a crux also has, through its follow-ups.
pub(super) fn add_follow_up(follow_up: &FollowUp, values: &mut FacetValues) {
    values.add(Facet::FollowUp, follow_up.state().key());
    if let Some(kind) = follow_up.kind {
        values.add(Facet::FollowUpKind, kind.key());
    }
}

/// Returns the values of every facet that a follow-up has, each once, by key.
#[must_use]
pub fn follow_up_facets(follow_up: &FollowUp) -> Vec<(Facet, String)> {
    let mut values = FacetValues::default();
    add_follow_up(follow_up, &mut values);
    for (facet, who) in [
        (Facet::Who, &follow_up.owner),
        (Facet::Whom, &follow_up.whom),
    ] {
        if !who.is_empty() {
            values.add(facet, who);
        }
    }
    if follow_up.crux.is_none() {
        values.add(Facet::Has, "no-crux");
    }
    values.into_vec()
}

/// Returns the follow-ups that match the filter, oldest first.
#[must_use]
pub fn shown_follow_ups(board: &Board, filter: &Filter) -> Vec<FollowUpId> {
    let shown = board.follow_ups().filter(|follow_up| {
        filter.agrees(|| follow_up_facets(follow_up))
            && filter.finds(|| {
                let mut texts = Vec::new();
                follow_up.add_search_texts(&mut texts);
                texts.join("\n")
            })
    });
    shown.map(|follow_up| follow_up.id).collect()
}
