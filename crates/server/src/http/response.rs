//! Builds responses: JSON, and documents with their cursor and ETag.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, IntoResponseParts, Response, ResponseParts},
};
use cruxboard_domain::BoardId;

use super::{Endpoint, problem::Problem};
use crate::store::{BoardState, Cursor, Page};

/// Forbids caches to keep the response.
pub(super) const NO_STORE: [(HeaderName, HeaderValue); 1] =
    [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];

/// The headers `Cursor` and `ETag` of a board.
struct Position<'a> {
    endpoint: &'a Endpoint,
    cursor: Cursor,
}

impl IntoResponseParts for Position<'_> {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Self::Error> {
        let headers = parts.headers_mut();
        headers.insert("cursor", HeaderValue::from(self.cursor));
        set_etag(headers, self.endpoint, self.cursor);
        headers.append(header::VARY, HeaderValue::from_static("accept"));
        Ok(parts)
    }
}

/// Responds with a document and its ETag.
pub(super) fn document(endpoint: &Endpoint, page: Page) -> Response {
    let cursor = page.cursor;
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (Position { endpoint, cursor }, kind, page.document).into_response()
}

/// Responds with 304 Not Modified.
pub(super) fn unchanged(endpoint: &Endpoint, cursor: Cursor) -> Response {
    (StatusCode::NOT_MODIFIED, Position { endpoint, cursor }, ()).into_response()
}

/// Sets the header `ETag` to the tag of a board at a cursor.
pub(super) fn set_etag(headers: &mut HeaderMap, endpoint: &Endpoint, cursor: Cursor) {
    if let Ok(tag) = HeaderValue::from_str(&etag(endpoint, cursor)) {
        headers.insert(header::ETAG, tag);
    }
}

/// Returns the strong ETag of a board at a cursor.
///
/// Documents with equal ETags are equal: the nonce of the store changes when a backup is restored.
pub(super) fn etag(endpoint: &Endpoint, cursor: Cursor) -> String {
    format!("\"{cursor}-{}\"", endpoint.store.nonce())
}

/// Returns the problem for a board that cannot be read: it was deleted, or it does not exist.
pub(super) async fn missing(endpoint: &Endpoint, board: BoardId) -> Problem {
    match endpoint.store.board_state(board).await {
        Ok(BoardState::Deleted) => Problem::deleted(),
        Ok(_) => Problem::no_board(board),
        Err(error) => error.into(),
    }
}
