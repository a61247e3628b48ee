//! What the page brings along besides itself.

use leptos::prelude::document;
use web_sys::Url;

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
    // reqwest knows no relative addresses.
    let base = document().base_uri().ok().flatten().unwrap_or_default();
    let address = Url::new_with_base(name, &base).or(Err(FetchProblem::Unreachable))?;
    let response = reqwest::get(address.href())
        .await
        .or(Err(FetchProblem::Unreachable))?;
    if !response.status().is_success() {
        return Err(FetchProblem::Refused(response.status().as_u16()));
    }
    response.text().await.or(Err(FetchProblem::Unreachable))
}
