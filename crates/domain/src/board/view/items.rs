//! Evidence and follow-ups: what they can be told apart by, and which of them a filter lets through.

use std::collections::BTreeSet;

use super::{Facet, Filter};
use crate::board::Board;
use crate::date::VagueDate;
use crate::record::{Evidence, EvidenceId, FollowUp, FollowUpId, Record, Visibility};

/// Takes the values of facets, one after the other.
pub(super) type Add<'a> = &'a mut dyn FnMut(Facet, &str);

/// What cruxes are told apart by, too, through the evidence on them.
pub(super) fn of_evidence(evidence: &Evidence, add: Add<'_>) {
    add(Facet::Visibility, evidence.visibility().key());
    if let Some(kind) = evidence.kind {
        add(Facet::Kind, kind.key());
    }
    if let Some(reliability) = evidence.reliability {
        add(Facet::Reliability, reliability.key());
    }
    if let Some(inference) = evidence.inference {
        add(Facet::Inference, inference.key());
    }
    if !evidence.source.is_empty() {
        add(Facet::Source, &evidence.source);
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
            add(Facet::Has, key);
        }
    }
}

/// The values of every facet that an item of evidence has, each once, by key. `sharing`: the items of
/// its board that [share an origin](Board::sharing_origin).
#[must_use]
pub fn evidence_facets(
    evidence: &Record<EvidenceId, Evidence>,
    sharing: &BTreeSet<EvidenceId>,
) -> Vec<(Facet, String)> {
    let mut found = Vec::new();
    let add: Add<'_> = &mut |facet, value| found.push((facet, value.to_owned()));
    of_evidence(evidence, add);
    if let Some(origin) = evidence.origin {
        add(Facet::Origin, origin.key());
    }
    for tag in &evidence.tags {
        add(Facet::Tag, tag);
    }
    if sharing.contains(&evidence.id) {
        add(Facet::Has, "same-origin");
    }
    if evidence.bears_on.is_empty() {
        add(Facet::Has, "idle");
    }
    found
}

/// What cruxes are told apart by, too, through what is owed on them.
pub(super) fn of_follow_up(follow_up: &FollowUp, add: Add<'_>) {
    add(Facet::FollowUp, follow_up.state().key());
    if let Some(kind) = follow_up.kind {
        add(Facet::FollowUpKind, kind.key());
    }
}

/// The values of every facet that a follow-up has, each once, by key.
#[must_use]
pub fn follow_up_facets(follow_up: &FollowUp) -> Vec<(Facet, String)> {
    let mut found = Vec::new();
    let add: Add<'_> = &mut |facet, value| found.push((facet, value.to_owned()));
    of_follow_up(follow_up, add);
    for (facet, who) in [
        (Facet::Who, &follow_up.owner),
        (Facet::Whom, &follow_up.whom),
    ] {
        if !who.is_empty() {
            add(facet, who);
        }
    }
    if follow_up.crux.is_none() {
        add(Facet::Has, "no-crux");
    }
    found
}

/// The evidence that the filter lets through, latest first.
#[must_use]
pub fn shown_evidence(board: &Board, filter: &Filter) -> Vec<EvidenceId> {
    let sharing = board.sharing_origin();
    let shown = board.all_evidence().rev().filter(|evidence| {
        filter.agrees(|| evidence_facets(evidence, &sharing))
            && filter.finds(|| {
                let mut texts = Vec::new();
                texts_of(evidence, &mut texts);
                texts.join("\n")
            })
    });
    shown.map(|evidence| evidence.id).collect()
}

/// The follow-ups that the filter lets through, oldest first.
#[must_use]
pub fn shown_follow_ups(board: &Board, filter: &Filter) -> Vec<FollowUpId> {
    let shown = board.follow_ups().filter(|follow_up| {
        filter.agrees(|| follow_up_facets(follow_up))
            && filter.finds(|| texts_of_follow_up(follow_up).join("\n"))
    });
    shown.map(|follow_up| follow_up.id).collect()
}

/// What an item says and where it comes from, to be searched.
pub(super) fn texts_of<'a>(evidence: &'a Evidence, all: &mut Vec<&'a str>) {
    all.extend_from_slice(&[
        &evidence.text,
        &evidence.quote,
        &evidence.url,
        &evidence.source,
        &evidence.message,
    ]);
    for list in [
        &evidence.tags,
        &evidence.exceptions,
        &evidence.passed_on_by,
        &evidence.seen_by,
    ] {
        for text in list {
            all.push(text);
        }
    }
    for rival in &evidence.rivals {
        all.push(&rival.text);
    }
}

/// What a follow-up says and who has to do with it, to be searched.
pub(super) fn texts_of_follow_up(follow_up: &FollowUp) -> [&str; 4] {
    let FollowUp {
        what,
        owner,
        whom,
        outcome,
        ..
    } = follow_up;
    [what, owner, whom, outcome]
}
