//! Commands about cruxes.

use super::action::{Action, ensure_changed, filled};
use super::{CommandError, Move};
use crate::board::Board;
use crate::change::{CredenceStated, Edited, Payload};
use crate::import::claims::{ListedClaim, claims_of};
use crate::record::{Crux, CruxEdit, CruxId, PersonId, Record, Stage, TriggerEdit};
use crate::rewording::is_rewording;
use crate::text::folded_name;
use crate::view::rank_between;

/// Adds a crux with its first triggers.
pub(super) fn add(
    board: &Board,
    mut crux: CruxEdit,
    triggers: Vec<TriggerEdit>,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    filled(crux.claim.as_deref().unwrap_or_default(), "claim")?;
    if crux.rank.is_none() {
        let last = board
            .cruxes()
            .last()
            .map(|last| last.rank.clone())
            .unwrap_or_default();
        crux.rank = Some(rank_between(&last, ""));
    }
    let id = CruxId(action.say(Payload::CruxAdded(Box::new(crux))));
    for trigger in triggers {
        let trigger = TriggerEdit {
            crux: Some(id),
            ..trigger
        };
        action.say(Payload::TriggerAdded(Box::new(trigger)));
    }
    Ok(())
}

/// Adds a crux for each claim of a list that is not on the board yet, and states the credences in it.
pub(super) fn add_listed(
    board: &Board,
    claims: Vec<ListedClaim>,
    person: Option<PersonId>,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    let cruxes = board.cruxes();
    let mut last = cruxes
        .last()
        .map(|last| last.rank.clone())
        .unwrap_or_default();
    let there = claims_of(board);
    for listed in claims {
        if there.contains(&folded_name(&listed.claim)) {
            continue;
        }
        let claim = filled(&listed.claim, "claim")?;
        last = rank_between(&last, "");
        let crux = CruxEdit {
            claim: Some(claim),
            tags: (!listed.tags.is_empty()).then_some(listed.tags),
            rank: Some(last.clone()),
            ..CruxEdit::default()
        };
        let id = CruxId(action.say(Payload::CruxAdded(Box::new(crux))));
        if let (Some(person), Some(credence)) = (person, listed.credence) {
            let moved = Move {
                crux: id,
                person,
                credence,
                reason: String::new(),
            };
            action.state(moved, Vec::new(), false);
        }
    }
    ensure_changed(action.changes.is_empty())
}

/// Edits a crux. Settling or retiring it takes a reason.
pub(super) fn edit(
    board: &Board,
    mut edited: Edited<CruxId, CruxEdit>,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    let crux = board.crux(edited.of).ok_or(CommandError::Gone("crux"))?;
    ensure_changed(edited.set.is_empty())?;
    if let Some(claim) = &edited.set.claim {
        filled(claim, "claim")?;
        let is_explained = !edited.reason.trim().is_empty();
        if !is_explained
            && is_rewording(&crux.claim, claim)
            && !board.statements_on(crux.id).is_empty()
        {
            return Err(CommandError::RewordingNeedsReason);
        }
    }
    let mut after = crux.value.clone();
    after.overlay(&edited.set);
    let is_closed = after.stage() != Stage::Open;
    let is_explained_anew =
        after.stage() != crux.stage() || after.stage_reason != crux.stage_reason;
    if is_explained_anew && is_closed && after.stage_reason.trim().is_empty() {
        return Err(CommandError::StageNeedsReason);
    }
    let is_settled = matches!(after.stage(), Stage::SettledTrue | Stage::SettledFalse);
    let now = action.issuer.now.millis;
    let is_dated_ahead = CredenceStated::wall_clock_beside(board.log().last(), now).is_some();
    if is_settled && after.stage() != crux.stage() && is_dated_ahead {
        // The id of this change will be dated ahead of the wall clock, and so would the last scored day.
        edited.set.scored_until.get_or_insert(Some(now.day()));
    }
    action.say(Payload::CruxEdited(Box::new(edited)));
    Ok(())
}

/// Splits a part of a claim off into a crux that is linked to the first.
pub(super) fn split(
    board: &Board,
    crux: CruxId,
    keep: String,
    part: CruxEdit,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    let whole = board.crux(crux).ok_or(CommandError::Gone("crux"))?;
    let keep = filled(&keep, "claim that stays")?;
    filled(
        part.claim.as_deref().unwrap_or_default(),
        "claim that is split off",
    )?;
    let rank = rank_after(&whole.rank, &board.cruxes());
    if keep != whole.claim {
        action.say(Payload::CruxEdited(Box::new(Edited {
            of: crux,
            set: CruxEdit {
                claim: Some(keep),
                ..CruxEdit::default()
            },
            reason: "split".into(),
        })));
    }
    action.say(Payload::CruxAdded(Box::new(CruxEdit {
        split_from: Some(Some(crux)),
        rank: Some(rank),
        ..part
    })));
    Ok(())
}

/// Moves a crux right behind another one, or to the front.
pub(super) fn move_after(
    board: &Board,
    crux: CruxId,
    after: Option<CruxId>,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    board.crux(crux).ok_or(CommandError::Gone("crux"))?;
    ensure_changed(after == Some(crux))?;
    let mut order = board.cruxes();
    let from = order.iter().position(|other| other.id == crux);
    order.retain(|other| other.id != crux);
    let at = match after {
        None => 0,
        Some(after) => {
            let before = order.iter().position(|other| other.id == after);
            before.ok_or(CommandError::Gone("crux"))? + 1
        }
    };
    ensure_changed(from == Some(at))?;
    let low = at.checked_sub(1).map_or("", |i| &order[i].rank).to_owned();
    let rank = rank_after(&low, &order[at..]);
    action.say(Payload::CruxEdited(Box::new(Edited {
        of: crux,
        set: CruxEdit {
            rank: Some(rank),
            ..CruxEdit::default()
        },
        reason: String::new(),
    })));
    Ok(())
}

/// Returns a rank right after `low`, before the next rank in `order`. Cruxes added at the same moment on two
/// devices can share a rank. The next different rank is then the bound, and the crux lands behind the whole
/// group.
fn rank_after(low: &str, order: &[&Record<CruxId, Crux>]) -> String {
    let mut ranks = order.iter().map(|crux| crux.rank.as_str());
    rank_between(low, ranks.find(|rank| *rank > low).unwrap_or_default())
}
