//! Holes: gaps in the argument that a red team would ask about first.

use std::collections::BTreeSet;

use crate::board::Board;
use crate::record::{
    Basis, Crux, CruxId, Evidence, EvidenceId, FollowUpKind, FollowUpState, Record, Stage,
    Visibility, keyed_enum,
};
use crate::text::folded_name;

keyed_enum! {
    /// The kind of a hole.
    HoleKind {
        /// A crux with evidence for it and none against.
        NoCounterEvidence = "no-counter-evidence", "No counter-evidence";
        /// An item of evidence that no other item answers, and that names no rival explanation.
        Unanswered = "unanswered", "Arguments nobody answered";
        /// A source whose argument is on the board and who got no reply.
        NoReply = "no-reply", "Sources never replied to";
        /// A mitigation without a cost.
        NoCost = "no-cost", "Mitigations without cost";
        /// A comparison without a named alternative.
        NoAlternative = "no-alternative", "Comparisons without a named alternative";
        /// A public claim with evidence that is all private.
        OnlyPrivate = "only-private", "Claims that rest on private evidence only";
    }
}

/// A gap in the argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    /// The kind.
    pub kind: HoleKind,
    /// The crux that has the gap.
    pub crux: Option<CruxId>,
    /// The item of evidence that has the gap.
    pub evidence: Option<EvidenceId>,
    /// The source or mitigation concerned, as written on the board; may be empty.
    pub text: String,
}

/// Returns the holes of the open cruxes, by kind and then in the board's own order. Linear in the number of
/// cruxes, items of evidence and follow-ups.
#[must_use]
pub fn holes(board: &Board) -> Vec<Hole> {
    let cruxes: Vec<_> = board
        .cruxes()
        .into_iter()
        .filter(|crux| crux.stage() == Stage::Open)
        .collect();
    let mut found = Vec::new();
    for crux in &cruxes {
        of_crux(board, crux, &mut found);
    }
    let open: BTreeSet<CruxId> = cruxes.iter().map(|crux| crux.id).collect();
    let bears =
        |item: &&Record<EvidenceId, Evidence>| item.bears_on.keys().any(|crux| open.contains(crux));
    let items: Vec<_> = board.all_evidence().filter(bears).collect();
    let answered: BTreeSet<EvidenceId> = board
        .all_evidence()
        .filter_map(|item| item.answers)
        .collect();
    for item in &items {
        let is_answer = item.answers.is_some();
        if !answered.contains(&item.id) && !is_answer && item.rivals.is_empty() {
            found.push(Hole {
                kind: HoleKind::Unanswered,
                crux: None,
                evidence: Some(item.id),
                text: String::new(),
            });
        }
    }
    found.extend(unreplied(board, &items));
    found.sort_by_key(|hole| hole.kind);
    found
}

fn of_crux(board: &Board, crux: &Record<CruxId, Crux>, found: &mut Vec<Hole>) {
    let mut add = |kind, text: &str| {
        found.push(Hole {
            kind,
            crux: Some(crux.id),
            evidence: None,
            text: text.to_owned(),
        });
    };
    let (pro, con) = board.evidence_balance(crux.id);
    if pro > 0 && con == 0 {
        add(HoleKind::NoCounterEvidence, "");
    }
    for mitigation in &crux.mitigations {
        if mitigation.cost.trim().is_empty() {
            add(HoleKind::NoCost, &mitigation.what);
        }
    }
    if crux.basis == Some(Basis::Compared) && crux.alternative.trim().is_empty() {
        add(HoleKind::NoAlternative, "");
    }
    let mut items = board.evidence_on(crux.id).peekable();
    let is_private = |item: &Record<EvidenceId, Evidence>| item.visibility() == Visibility::Private;
    if items.peek().is_some() && items.all(is_private) {
        add(HoleKind::OnlyPrivate, "");
    }
}

/// Returns the sources of evidence without a reply, each once by name. A reply, call or write-up to the
/// source counts once it is done.
fn unreplied(board: &Board, items: &[&Record<EvidenceId, Evidence>]) -> Vec<Hole> {
    let replies = board.follow_ups().filter(|follow_up| {
        let is_reply = matches!(
            follow_up.kind,
            Some(
                FollowUpKind::Reply
                    | FollowUpKind::Call
                    | FollowUpKind::WriteUp
                    | FollowUpKind::Question
            )
        );
        is_reply && follow_up.state() == FollowUpState::Done
    });
    let replied: BTreeSet<String> = replies.map(|reply| folded_name(&reply.whom)).collect();
    let own: BTreeSet<String> = board
        .people()
        .map(|person| folded_name(&person.name))
        .collect();
    let mut seen = BTreeSet::new();
    let sources = items.iter().filter(|item| {
        let name = folded_name(&item.source);
        !name.is_empty() && !replied.contains(&name) && !own.contains(&name) && seen.insert(name)
    });
    let holes = sources.map(|item| Hole {
        kind: HoleKind::NoReply,
        crux: None,
        evidence: Some(item.id),
        text: item.source.clone(),
    });
    holes.collect()
}
