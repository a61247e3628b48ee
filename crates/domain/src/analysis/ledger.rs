//! The ledger of arguments: each crux as an argument with its source, its bearing on the work, the positions
//! on it, and its follow-ups.

use crate::board::Board;
use crate::record::{
    Crux, CruxId, FollowUpKind, FollowUpState, Grounds, Origin, Record, Restatement, Stage,
};
use crate::text::joined;
use crate::{t, tn};

/// A row of the ledger, each cell in words; empty where the board has no data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// The crux.
    pub crux: CruxId,
    /// The origin: "Own research", or the source.
    pub source: String,
    /// The bearing, with size or certainty: "Net-negative: large".
    pub bearing: String,
    /// The people whom the claim is about, and whether it is specific to this work.
    pub scope: String,
    /// The basis: absolute, or compared with an alternative.
    pub basis: String,
    /// The sense: relied on or believed, now or necessarily.
    pub sense: String,
    /// The positions of people outside the board: "2 stated, 1 inferred".
    pub positions: String,
    /// The numbers of restatements that were confirmed, were corrected or await an answer.
    pub restated: String,
    /// The follow-ups that are owed or awaited: "1 reply, 2 calls".
    pub owed: String,
    /// The number of its items of evidence in hand: "3 of 4 in hand".
    pub read: String,
}

/// Returns the arguments of a board, without retired ones, in the board's own order.
#[must_use]
pub fn ledger(board: &Board) -> Vec<Argument> {
    let cruxes = board.cruxes().into_iter();
    let cruxes = cruxes.filter(|crux| crux.stage() != Stage::Retired);
    cruxes.map(|crux| argument(board, crux)).collect()
}

fn argument(board: &Board, crux: &Record<CruxId, Crux>) -> Argument {
    let with = |word: Option<&str>, more: &str| joined(&[word.unwrap_or_default(), more], ": ");
    let bearings = crux.bearings.iter();
    let bearings = bearings.map(|one| with(Some(one.kind.label()), &one.degree));
    let source = match crux.origin {
        Some(Origin::Own) => Origin::Own.label().to_owned(),
        _ => crux.sourced_from.clone(),
    };
    Argument {
        crux: crux.id,
        source,
        bearing: joined(&bearings.collect::<Vec<_>>(), "; "),
        scope: joined(
            &[
                with(crux.scope.map(|it| it.label()), &crux.scope_note),
                with(crux.specificity.map(|it| it.label()), &crux.wider_class),
            ],
            "; ",
        ),
        basis: with(crux.basis.map(|it| it.label()), &crux.alternative),
        sense: joined(
            &[
                crux.reliance.map_or("", |it| it.label()),
                crux.modality.map_or("", |it| it.label()),
            ],
            "; ",
        ),
        positions: positions(board, crux.id),
        restated: restated(board, crux.id),
        owed: owed(board, crux.id),
        read: read(board, crux.id),
    }
}

/// Joins counts in words, without those that are zero.
fn counts(counts: &[(usize, String)]) -> String {
    let there = counts.iter().filter(|(count, _)| *count > 0);
    let words = there.map(|(_, words)| words.as_str());
    words.collect::<Vec<_>>().join(", ")
}

fn positions(board: &Board, crux: CruxId) -> String {
    let count = |grounds| {
        let positions = board.positions_on(crux);
        positions.filter(|it| it.grounds == Some(grounds)).count()
    };
    let (stated, inferred) = (count(Grounds::Stated), count(Grounds::Inferred));
    counts(&[
        (stated, t!("{stated} stated", stated)),
        (inferred, t!("{inferred} inferred", inferred)),
    ])
}

fn restated(board: &Board, crux: CruxId) -> String {
    let count = |restatement| {
        let positions = board.positions_on(crux);
        positions
            .filter(|it| it.restatement == Some(restatement))
            .count()
    };
    let confirmed = count(Restatement::Confirmed);
    let corrected = count(Restatement::Corrected);
    let asked = count(Restatement::Asked);
    counts(&[
        (confirmed, t!("{confirmed} confirmed", confirmed)),
        (corrected, t!("{corrected} corrected", corrected)),
        (asked, t!("{asked} asked", asked)),
    ])
}

fn owed(board: &Board, crux: CruxId) -> String {
    let count = |kind| {
        let open = board.follow_ups_on(crux);
        open.filter(|it| it.kind == Some(kind))
            .filter(|it| matches!(it.state(), FollowUpState::Owed | FollowUpState::Awaited))
            .count()
    };
    let [replies, questions, calls, pointers, write_ups, reading] = [
        FollowUpKind::Reply,
        FollowUpKind::Question,
        FollowUpKind::Call,
        FollowUpKind::Pointer,
        FollowUpKind::WriteUp,
        FollowUpKind::Reading,
    ]
    .map(count);
    counts(&[
        (replies, tn!(replies, "{count} reply", "{count} replies")),
        (
            questions,
            tn!(questions, "{count} question", "{count} questions"),
        ),
        (calls, tn!(calls, "{count} call", "{count} calls")),
        (
            pointers,
            tn!(pointers, "{count} pointer", "{count} pointers"),
        ),
        (
            write_ups,
            tn!(write_ups, "{count} write-up", "{count} write-ups"),
        ),
        (
            reading,
            tn!(reading, "{count} text to read", "{count} texts to read"),
        ),
    ])
}

fn read(board: &Board, crux: CruxId) -> String {
    let all = board.evidence_on(crux).count();
    let in_hand = board.evidence_on(crux).filter(|item| !item.not_in_hand);
    match all {
        0 => String::new(),
        all => t!("{count} of {all} in hand", count = in_hand.count(), all),
    }
}
