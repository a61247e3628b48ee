//! How rows are found: the board, a slash, the change.

use cruxboard_domain::ChangeId;
use cruxboard_domain::record::{PersonId, RoundId};
use wasm_bindgen::JsValue;
use web_sys::IdbKeyRange;

use super::StorageProblem;

pub(super) fn start(board: ChangeId) -> String {
    format!("{board}/")
}

fn end(board: ChangeId) -> String {
    // "0" is the character after "/".
    format!("{board}0")
}

pub(super) fn row(board: ChangeId, id: ChangeId) -> String {
    format!("{board}/{id}")
}

pub(super) fn forgotten(board: ChangeId) -> String {
    format!("forgotten/{board}")
}

/// One seal of somebody's; later ones stand behind earlier ones.
pub(super) fn sealed(board: ChangeId, round: RoundId, person: PersonId, millis: u64) -> String {
    format!("sealed/{board}/{round}/{person}/{millis:016}")
}

/// Whose seal of which round it is.
pub(super) fn round_and_person(key: &str) -> Option<(RoundId, PersonId)> {
    let mut parts = key.split('/').skip(2);
    let (round, person) = (parts.next()?, parts.next()?);
    Some((round.parse().ok()?, person.parse().ok()?))
}

/// All seals of a board.
pub(super) fn all_sealed(board: ChangeId) -> Result<IdbKeyRange, StorageProblem> {
    below(&format!("sealed/{board}"))
}

/// All seals of one person in one round.
pub(super) fn sealed_by(
    board: ChangeId,
    round: RoundId,
    person: PersonId,
) -> Result<IdbKeyRange, StorageProblem> {
    below(&format!("sealed/{board}/{round}/{person}"))
}

fn below(folder: &str) -> Result<IdbKeyRange, StorageProblem> {
    Ok(IdbKeyRange::bound(
        &format!("{folder}/").into(),
        &format!("{folder}0").into(),
    )?)
}

pub(super) fn rows_of(board: ChangeId) -> Result<IdbKeyRange, StorageProblem> {
    Ok(IdbKeyRange::bound_with_lower_open_and_upper_open(
        &start(board).into(),
        &end(board).into(),
        false,
        true,
    )?)
}

pub(super) fn rows_after(board: ChangeId, last: &JsValue) -> Result<IdbKeyRange, StorageProblem> {
    Ok(IdbKeyRange::bound_with_lower_open_and_upper_open(
        last,
        &end(board).into(),
        true,
        true,
    )?)
}
