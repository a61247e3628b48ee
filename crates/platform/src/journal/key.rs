//! The keys of rows: the board, a slash, the change.

use cruxboard_domain::record::{PersonId, RoundId};
use cruxboard_domain::{BoardId, ChangeId, Millis};
use wasm_bindgen::JsValue;
use web_sys::IdbKeyRange;

use super::StorageProblem;

pub(super) fn start(board: BoardId) -> String {
    format!("{board}/")
}

fn end(board: BoardId) -> String {
    // "0" is the character after "/".
    format!("{board}0")
}

pub(super) fn row(board: BoardId, id: ChangeId) -> String {
    format!("{board}/{id}")
}

pub(super) fn forgotten(board: BoardId) -> String {
    format!("forgotten/{board}")
}

/// Returns the key of one seal of a person. Keys of later seals sort after those of earlier ones.
pub(super) fn sealed(board: BoardId, round: RoundId, person: PersonId, at: Millis) -> String {
    format!("sealed/{board}/{round}/{person}/{at:016}")
}

/// Returns the round and the person of a seal's key.
pub(super) fn round_and_person(key: &str) -> Option<(RoundId, PersonId)> {
    let mut parts = key.split('/').skip(2);
    let (round, person) = (parts.next()?, parts.next()?);
    Some((round.parse().ok()?, person.parse().ok()?))
}

/// Returns the range of all seals of a board.
pub(super) fn all_sealed(board: BoardId) -> Result<IdbKeyRange, StorageProblem> {
    below(&format!("sealed/{board}"))
}

/// Returns the range of all seals of one person in one round.
pub(super) fn sealed_by(
    board: BoardId,
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

pub(super) fn rows_of(board: BoardId) -> Result<IdbKeyRange, StorageProblem> {
    Ok(IdbKeyRange::bound_with_lower_open_and_upper_open(
        &start(board).into(),
        &end(board).into(),
        false,
        true,
    )?)
}

pub(super) fn rows_after(board: BoardId, last: &JsValue) -> Result<IdbKeyRange, StorageProblem> {
    Ok(IdbKeyRange::bound_with_lower_open_and_upper_open(
        last,
        &end(board).into(),
        true,
        true,
    )?)
}
