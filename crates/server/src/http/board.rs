//! Reads and writes the document of a board: `/boards/{board}`.

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use cruxboard_domain::{BoardId, ChangeId};
use serde::Serialize;

use super::{
    Endpoint,
    access::{BoardAdmin, BoardReader, BoardWriter},
    extract::{JsonText, Query},
    follow::{self, After},
    precondition::{IfNoneMatch, Optional, Required},
    problem::Problem,
    response::{self, etag, set_etag},
};
use crate::{
    changes_body::ChangesBody,
    store::{AppendError, AppendOutcome, BoardState, Cursor, Precondition},
    token::{Rights, now_millis},
};

/// Handles `GET` and `HEAD /boards/{board}`.
pub(super) async fn get(
    State(endpoint): State<Endpoint>,
    reader: BoardReader,
    method: Method,
    Query(query): Query<After>,
    tags: IfNoneMatch,
    headers: HeaderMap,
) -> Response {
    // `Allow` tells a client that it may only read before it tries to write.
    let allowed = match reader.token.rights {
        Rights::Read => "GET, HEAD, OPTIONS",
        Rights::Write => "GET, HEAD, PUT, PATCH, OPTIONS",
        Rights::Admin => "GET, HEAD, PUT, PATCH, DELETE, OPTIONS",
    };
    // HEAD never waits; axum omits the body.
    let after = query.cursor(&headers).filter(|_| method != Method::HEAD);
    let wants_stream = follow::wants_stream(&headers) && method != Method::HEAD;
    let response = async {
        let board = reader.board;
        let Some(cursor) = endpoint.store.cursor(board).await? else {
            return Err(response::missing(&endpoint, board).await);
        };
        if wants_stream {
            return follow::stream(&endpoint, reader, after.unwrap_or(0)).await;
        }
        if let Some(after) = after {
            return follow::page(&endpoint, &reader, after, &headers).await;
        }
        if tags.has(&endpoint, cursor) {
            return Ok(response::unchanged(&endpoint, cursor));
        }
        let page = endpoint.store.after(board, 0).await?;
        let page = page.ok_or_else(|| Problem::no_board(board))?;
        Ok(response::document(&endpoint, page))
    };
    ([(header::ALLOW, allowed)], response.await).into_response()
}

/// Handles `PUT /boards/{board}`.
pub(super) async fn put(
    State(endpoint): State<Endpoint>,
    writer: BoardWriter,
    Required(precondition): Required,
    JsonText(body): JsonText,
) -> Result<Response, Problem> {
    write(&endpoint, &writer, precondition, body).await
}

/// Handles `PATCH /boards/{board}`.
pub(super) async fn patch(
    State(endpoint): State<Endpoint>,
    writer: BoardWriter,
    Optional(precondition): Optional,
    JsonText(body): JsonText,
) -> Result<Response, Problem> {
    write(&endpoint, &writer, precondition, body).await
}

/// Handles `DELETE /boards/{board}`.
pub(super) async fn delete(
    State(endpoint): State<Endpoint>,
    BoardAdmin { board }: BoardAdmin,
) -> Result<StatusCode, Problem> {
    match endpoint.store.delete_board(board).await? {
        BoardState::Present => Ok(StatusCode::NO_CONTENT),
        BoardState::Deleted => Err(Problem::deleted()),
        BoardState::Absent => Err(Problem::no_board(board)),
    }
}

/// Handles `POST /boards/{board}/restore`. Idempotent: restoring a present board succeeds.
pub(super) async fn restore(
    State(endpoint): State<Endpoint>,
    BoardAdmin { board }: BoardAdmin,
) -> Result<StatusCode, Problem> {
    match endpoint.store.restore_board(board).await? {
        BoardState::Deleted | BoardState::Present => Ok(StatusCode::NO_CONTENT),
        BoardState::Absent => Err(Problem::no_board(board)),
    }
}

async fn write(
    endpoint: &Endpoint,
    BoardWriter { board, token }: &BoardWriter,
    precondition: Precondition,
    body: Bytes,
) -> Result<Response, Problem> {
    let body = parse(*board, body).await?.check_dates(now_millis())?;
    let may_create = token.may_create(*board);
    let appended = endpoint
        .store
        .append(body, precondition, may_create, &token.id);
    let outcome = appended
        .await?
        .and_then(|mut outcome| match outcome.left_out.take() {
            // The erasures of the body have been stored, although the rest had no room.
            Some(refusal) => Err(refusal),
            None => Ok(outcome),
        });
    match outcome {
        Ok(outcome) => Ok(stored(endpoint, &outcome)),
        Err(refusal) => Err(refused(endpoint, refusal)),
    }
}

/// Parses a body; a large one on the blocking pool.
async fn parse(board: BoardId, body: Bytes) -> Result<ChangesBody, Problem> {
    /// Largest body, in bytes, that is parsed on the async thread: it takes less than a millisecond.
    const PARSE_INLINE: usize = 64 * 1024;
    if body.len() <= PARSE_INLINE {
        return Ok(ChangesBody::parse(board, &body)?);
    }
    let parsing = tokio::task::spawn_blocking(move || ChangesBody::parse(board, &body));
    Ok(parsing.await.map_err(|error| {
        tracing::error!(%error, "the task that parses a body failed");
        Problem::internal()
    })??)
}

/// The response to a write.
#[derive(Serialize)]
struct Stored<'a> {
    cursor: Cursor,
    added: usize,
    #[serde(skip_serializing_if = "<[ChangeId]>::is_empty")]
    conflicts: &'a [ChangeId],
}

fn stored(endpoint: &Endpoint, outcome: &AppendOutcome) -> Response {
    let body = Json(Stored {
        cursor: outcome.cursor,
        added: outcome.added,
        conflicts: &outcome.conflicts,
    });
    let status = if outcome.created {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let mut response = (status, body).into_response();
    // Only if the sender now has the whole board is this the ETag of its copy.
    if outcome.is_whole {
        set_etag(response.headers_mut(), endpoint, outcome.cursor);
    }
    response
}

fn refused(endpoint: &Endpoint, refusal: AppendError) -> Problem {
    match refusal {
        AppendError::PreconditionFailed(Some(cursor)) => {
            let problem = Problem::new(
                StatusCode::PRECONDITION_FAILED,
                "The board has changed since. GET it again, merge its changes, and send yours with the new ETag; or PATCH only your own changes, which needs no ETag.",
            );
            match HeaderValue::from_str(&etag(endpoint, cursor)) {
                Ok(tag) => problem.with(header::ETAG, tag),
                Err(_) => problem,
            }
        }
        AppendError::PreconditionFailed(None) => Problem::new(
            StatusCode::PRECONDITION_FAILED,
            "This board does not exist here yet. Send `If-None-Match: *` instead.",
        ),
        AppendError::CreationForbidden => Problem::forbidden(
            "This board does not exist here yet, and this token may not create it. That takes an admin token, or a token for this board.",
        ),
        AppendError::BoardFull => Problem::new(
            StatusCode::INSUFFICIENT_STORAGE,
            "The board has reached this server's limit: 80,000 changes, or 32 MiB together with the texts erased in the last week. Only erasures are accepted. Start a new board, or ask the server's operator to rewind this one to an earlier version.",
        ),
        AppendError::DiskLow => Problem::disk_low(),
        AppendError::Deleted => Problem::deleted(),
    }
}
