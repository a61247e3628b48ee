//! What the page brings along besides itself.

use leptos::prelude::window;
use wasm_bindgen::JsCast as _;
use web_sys::Response;

/// Why something did not come.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchProblem {
    /// There was no answer.
    #[error("There was no answer. Please check the connection and try again.")]
    Unreachable,
    /// There was one, but not with what was asked for.
    #[error("The server answered with the status {0}.")]
    Refused(u16),
}

/// The text of a file that lies beside the page, such as `example.cruxboard.json`.
///
/// # Errors
/// [`FetchProblem`] when it did not come.
pub async fn text_beside_page(name: &str) -> Result<String, FetchProblem> {
    let response = fetched(name).await.ok_or(FetchProblem::Unreachable)?;
    if !response.ok() {
        return Err(FetchProblem::Refused(response.status()));
    }
    text_of(&response).await.ok_or(FetchProblem::Unreachable)
}

/// The browser itself reads the name as an address relative to the page.
async fn fetched(name: &str) -> Option<Response> {
    let answer = window().fetch_with_str(name).await.ok()?;
    answer.dyn_into().ok()
}

async fn text_of(response: &Response) -> Option<String> {
    response.text().ok()?.await.ok()?.as_string()
}
