//! Evidence: the values of its facets, its text for the search, and the items that match a filter.

use std::collections::BTreeSet;

use super::Filter;
use super::facet::{Facet, FacetValues};
use crate::board::Board;
use crate::date::VagueDate;
use crate::record::{Evidence, EvidenceId, Record, Visibility};

/// Adds the values that a crux also has, through its evidence.
pub(super) fn add_evidence(evidence: &Evidence, values: &mut FacetValues) {
    values.add(Facet::Visibility, evidence.visibility().key());
    if let Some(kind) = evidence.kind {
        values.add(Facet::Kind, kind.key());
    }
    if let Some(reliability) = evidence.reliability {
        values.add(Facet::Reliability, reliability.key());
    }
    if let Some(inference) = evidence.inference {
        values.add(Facet::Inference, inference.key());
    }
    if !evidence.source.is_empty() {
        values.add(Facet::Source, &evidence.source);
    }
    let is_private = evidence.visibility() == Visibility::Private;
    let is_undated =
        evidence.event_date == VagueDate::Unknown && evidence.source_date == VagueDate::Unknown;
    let is_answered = !evidence.exceptions.is_empty() || evidence.answers.is_some();
    for (key, is_so) in [
        ("private-evidence", is_private),
        ("rivals", !evidence.rivals.is_empty()),
        ("exceptions", is_answered),
        ("second-hand", !evidence.passed_on_by.is_empty()),
        ("not-in-hand", evidence.not_in_hand),
        ("already-read", evidence.already_read),
        ("seen-by", !evidence.seen_by.is_empty()),
        ("undated", is_undated),
    ] {
        if is_so {
            values.add(Facet::Has, key);
        }
    }
}

/// Returns the values of every facet that an item of evidence has, each once, by key. `sharing` has the items
/// of its board that [share an origin](Board::sharing_origin).
#[must_use]
pub fn evidence_facets(
    evidence: &Record<EvidenceId, Evidence>,
    sharing: &BTreeSet<EvidenceId>,
) -> Vec<(Facet, String)> {
    let mut values = FacetValues::default();
    add_evidence(evidence, &mut values);
    if let Some(origin) = evidence.origin {
        values.add(Facet::Origin, origin.key());
    }
    for tag in &evidence.tags {
        values.add(Facet::Tag, tag);
    }
    if sharing.contains(&evidence.id) {
        values.add(Facet::Has, "same-origin");
    }
    if evidence.bears_on.is_empty() {
        values.add(Facet::Has, "idle");
    }
    values.into_vec()
}

/// Returns the evidence that matches the filter, latest first.
#[must_use]
pub fn shown_evidence(board: &Board, filter: &Filter) -> Vec<EvidenceId> {
    let sharing = board.sharing_origin();
    let shown = board.all_evidence().rev().filter(|evidence| {
        filter.agrees(|| evidence_facets(evidence, &sharing))
            && filter.finds(|| {
                let mut texts = Vec::new();
                evidence.add_search_texts(&mut texts);
                texts.join("\n")
            })
    });
    shown.map(|evidence| evidence.id).collect()
}
