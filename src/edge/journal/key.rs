//! How rows are found: the board, a slash, the change.

use cruxboard_domain::Stamp;
use wasm_bindgen::JsValue;
use web_sys::IdbKeyRange;

use super::StorageProblem;

pub(super) fn start(board: Stamp) -> String {
    format!("{board}/")
}

fn end(board: Stamp) -> String {
    // "0" is the character after "/".
    format!("{board}0")
}

pub(super) fn row(board: Stamp, id: Stamp) -> String {
    format!("{board}/{id}")
}

pub(super) fn forgotten(board: Stamp) -> String {
    format!("forgotten/{board}")
}

pub(super) fn rows_of(board: Stamp) -> Result<IdbKeyRange, StorageProblem> {
    Ok(IdbKeyRange::bound_with_lower_open_and_upper_open(
        &start(board).into(),
        &end(board).into(),
        false,
        true,
    )?)
}

pub(super) fn rows_after(board: Stamp, last: &JsValue) -> Result<IdbKeyRange, StorageProblem> {
    Ok(IdbKeyRange::bound_with_lower_open_and_upper_open(
        last,
        &end(board).into(),
        true,
        true,
    )?)
}
