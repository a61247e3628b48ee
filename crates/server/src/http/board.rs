//! Reads and writes the document of a board: `/boards/{board}`.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use cruxboard_domain::ChangeId;
use http_body_util::LengthLimitError;
use serde::Serialize;
use tokio::time;

use super::{Credentials, Endpoint, follow, problem::Problem};
use crate::{
    changes_body::ChangesBody,
    store::{AppendError, AppendOutcome, BoardState, Cursor, Page, Precondition},
    token::{Rights, Token, now_millis},
};

/// Methods that an admin token may use.
const ADMIN_METHODS: &str = "GET, HEAD, PUT, PATCH, DELETE, OPTIONS";
const WRITER_METHODS: &str = "GET, HEAD, PUT, PATCH, OPTIONS";
const READER_METHODS: &str = "GET, HEAD, OPTIONS";

/// Parses the board's id and checks that the token may read the board.
async fn authorize(
    endpoint: &Endpoint,
    board: &str,
    credentials: Credentials,
) -> Result<(ChangeId, Token), Problem> {
    let board = parse_board_id(board)?;
    let token = endpoint.authenticate(credentials).await?;
    if token.may_read(board) {
        Ok((board, token))
    } else {
        Err(Problem::other_board())
    }
}

/// Handles `/boards/{board}`.
pub(super) async fn answer(
    State(endpoint): State<Endpoint>,
    Path(board): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let credentials = Credentials::of(&request, &endpoint);
    let (board, token) = authorize(&endpoint, &board, credentials).await?;
    match *request.method() {
        Method::GET | Method::HEAD => {
            // Without the body, which is not `Sync` and not needed.
            let (request, _) = request.into_parts();
            // `Allow` tells a client that it may only read before it tries to write.
            let allowed = HeaderValue::from_static(match token.rights {
                Rights::Read => READER_METHODS,
                Rights::Write => WRITER_METHODS,
                Rights::Admin => ADMIN_METHODS,
            });
            let answer = read(&endpoint, board, token, &request).await;
            let mut answer = answer.unwrap_or_else(Problem::into_response);
            answer.headers_mut().insert(header::ALLOW, allowed);
            Ok(answer)
        }
        Method::PUT => {
            let condition = condition(&endpoint, request.headers())?;
            let outcome = write(&endpoint, board, &token, condition, request).await?;
            Ok(stored(&endpoint, &outcome))
        }
        Method::PATCH => {
            let condition = match condition(&endpoint, request.headers()) {
                Ok(condition) => condition,
                // PATCH only appends, so it needs no precondition.
                Err(_) if !is_conditional(request.headers()) => Precondition::Any,
                Err(problem) => return Err(problem),
            };
            let outcome = write(&endpoint, board, &token, condition, request).await?;
            Ok(stored(&endpoint, &outcome))
        }
        Method::DELETE => delete(&endpoint, board, &token).await,
        _ => Err(Problem::method(ADMIN_METHODS)),
    }
}

async fn delete(endpoint: &Endpoint, board: ChangeId, token: &Token) -> Result<Response, Problem> {
    if token.rights < Rights::Admin {
        return Err(Problem::forbidden(
            "Only an admin of the board may delete it. You can erase what you wrote yourself.",
        ));
    }
    match endpoint.store.delete_board(board).await? {
        BoardState::Present => Ok(StatusCode::NO_CONTENT.into_response()),
        BoardState::Deleted => Err(Problem::deleted()),
        BoardState::Absent => Err(Problem::no_board(board)),
    }
}

/// Handles `/boards/{board}/restore`.
pub(super) async fn restore(
    State(endpoint): State<Endpoint>,
    Path(board): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let credentials = Credentials::of(&request, &endpoint);
    let (board, token) = authorize(&endpoint, &board, credentials).await?;
    if request.method() != Method::POST {
        return Err(Problem::method("POST, OPTIONS"));
    }
    if token.rights < Rights::Admin {
        return Err(Problem::forbidden(
            "Only an admin of the board may restore it.",
        ));
    }
    match endpoint.store.restore_board(board).await? {
        // Idempotent: restoring a present board succeeds.
        BoardState::Deleted | BoardState::Present => Ok(StatusCode::NO_CONTENT.into_response()),
        BoardState::Absent => Err(Problem::no_board(board)),
    }
}

/// Returns the problem for a board that cannot be read: it was deleted, or it does not exist.
pub(super) async fn missing(endpoint: &Endpoint, board: ChangeId) -> Problem {
    match endpoint.store.board_state(board).await {
        Ok(BoardState::Deleted) => Problem::deleted(),
        Ok(_) => Problem::no_board(board),
        Err(error) => error.into(),
    }
}

/// Parses the id of a board in an address.
pub(super) fn parse_board_id(board: &str) -> Result<ChangeId, Problem> {
    board.parse().or(Err(Problem::no_board_id()))
}

async fn read(
    endpoint: &Endpoint,
    board: ChangeId,
    token: Token,
    request: &Parts,
) -> Result<Response, Problem> {
    let headers = &request.headers;
    let present = endpoint.store.cursor(board).await?;
    let Some(cursor) = present else {
        return Err(missing(endpoint, board).await);
    };
    // HEAD has the headers of GET, its length included; hyper omits the body. It never waits.
    let is_head = request.method == Method::HEAD;
    let after = follow::after(request).filter(|_| !is_head);
    if follow::wants_stream(headers) && !is_head {
        return follow::stream(endpoint, board, token, after.unwrap_or(0)).await;
    }
    if let Some(after) = after {
        return follow::page(endpoint, board, &token, after, headers).await;
    }
    if let Some(tags) = headers.get(header::IF_NONE_MATCH)
        && matches(tags, &etag(endpoint, cursor))
    {
        return Ok(unchanged(endpoint, cursor));
    }
    let page = endpoint.store.after(board, 0).await?;
    let page = page.ok_or_else(|| Problem::no_board(board))?;
    Ok(document(endpoint, page))
}

/// Responds with a document and its ETag.
pub(super) fn document(endpoint: &Endpoint, page: Page) -> Response {
    with_cursor(endpoint, page.cursor, json(page.document.into()))
}

/// Responds with 304 Not Modified.
pub(super) fn unchanged(endpoint: &Endpoint, cursor: Cursor) -> Response {
    with_cursor(endpoint, cursor, StatusCode::NOT_MODIFIED.into_response())
}

fn json(body: Body) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// Sets the headers `Cursor` and `ETag`.
fn with_cursor(endpoint: &Endpoint, cursor: Cursor, mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert("cursor", HeaderValue::from(cursor));
    if let Ok(tag) = HeaderValue::from_str(&etag(endpoint, cursor)) {
        headers.insert(header::ETAG, tag);
    }
    headers.append(header::VARY, HeaderValue::from_static("accept"));
    response
}

/// Returns the strong ETag of a board at a cursor.
///
/// Documents with equal ETags are equal: the nonce of the store changes when a backup is restored.
fn etag(endpoint: &Endpoint, cursor: Cursor) -> String {
    format!("\"{cursor}-{}\"", endpoint.store.nonce())
}

/// Returns whether a list of ETags contains this one, or is `*`. Weak comparison, as `If-None-Match` demands.
fn matches(tags: &HeaderValue, tag: &str) -> bool {
    let tags = tags.to_str().unwrap_or_default();
    tags.split(',')
        .map(str::trim)
        .any(|listed| listed == "*" || listed.strip_prefix("W/").unwrap_or(listed) == tag)
}

fn is_conditional(headers: &HeaderMap) -> bool {
    headers.contains_key(header::IF_MATCH) || headers.contains_key(header::IF_NONE_MATCH)
}

/// Returns the precondition of a write, from `If-Match` and `If-None-Match`.
///
/// # Errors
/// 428 when there is none, 400 when the headers are invalid.
fn condition(endpoint: &Endpoint, headers: &HeaderMap) -> Result<Precondition, Problem> {
    let text = |name| headers.get(name).map(|value: &HeaderValue| value.to_str());
    match (text(header::IF_MATCH), text(header::IF_NONE_MATCH)) {
        (Some(Ok(tags)), None) if tags.trim() == "*" => Ok(Precondition::Present),
        (Some(Ok(tags)), None) => {
            // Strong comparison: weak ETags, and those of another store, match nothing.
            let cursors = tags.split(',').filter_map(|tag| {
                let (cursor, nonce) = tag
                    .trim()
                    .strip_prefix('"')?
                    .strip_suffix('"')?
                    .split_once('-')?;
                (nonce == &*endpoint.store.nonce()).then(|| cursor.parse().ok())?
            });
            Ok(Precondition::At(cursors.collect()))
        }
        (None, Some(Ok("*"))) => Ok(Precondition::Absent),
        (None, None) => Err(Problem::new(
            StatusCode::PRECONDITION_REQUIRED,
            "PUT needs a precondition: GET the board, merge its changes, and send its ETag as `If-Match`. For a board that does not exist here yet, send `If-None-Match: *`.",
        )),
        _ => Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "Send either `If-Match` with an ETag, or `If-None-Match: *`, and not both.",
        )),
    }
}

async fn write(
    endpoint: &Endpoint,
    board: ChangeId,
    token: &Token,
    condition: Precondition,
    request: Request,
) -> Result<AppendOutcome, Problem> {
    if !token.may_write(board) {
        return Err(Problem::forbidden(
            "This token allows reading, but not writing.",
        ));
    }
    let body = body(endpoint, request).await?;
    let body = parse_body(board, body).await?.check_dates(now_millis())?;
    let added = endpoint
        .store
        .append(body, condition, token.may_create(board), &token.id);
    let added = added
        .await?
        .and_then(|mut outcome| match outcome.left_out.take() {
            // The erasures of the body have been stored, although the rest had no room.
            Some(refusal) => Err(refusal),
            None => Ok(outcome),
        });
    added.map_err(|refusal| match refusal {
        AppendError::PreconditionFailed(cursor) => {
            let detail = match cursor {
                Some(_) => "The board has changed since. GET it again, merge its changes, and send yours with the new ETag; or PATCH only your own changes, which needs no ETag.",
                None => "This board does not exist here yet. Send `If-None-Match: *` instead.",
            };
            let problem = Problem::new(StatusCode::PRECONDITION_FAILED, detail);
            match cursor.map(|cursor| HeaderValue::from_str(&etag(endpoint, cursor))) {
                Some(Ok(tag)) => problem.with(header::ETAG, tag),
                _ => problem,
            }
        }
        AppendError::CreationForbidden => Problem::forbidden(
            "This board does not exist here yet, and this token may not create it. That takes an admin token, or a token for this board.",
        ),
        AppendError::BoardFull => Problem::new(
            StatusCode::INSUFFICIENT_STORAGE,
            "The board has reached this server's limit: 80,000 changes, or 32 MiB together with the texts erased in the last week. Only erasures are accepted. Start a new board, or ask the server's operator to rewind this one to an earlier version.",
        ),
        AppendError::DiskLow => Problem::disk_low(),
        AppendError::Deleted => Problem::deleted(),
    })
}

/// Reads the whole body, which must be JSON.
///
/// # Errors
/// As [`body_of`].
pub(super) async fn body(endpoint: &Endpoint, request: Request) -> Result<Bytes, Problem> {
    let limit = endpoint.limits.body;
    body_of(endpoint, request, "application/json", limit).await
}

/// Reads the whole body, which must have the media type `wanted`.
///
/// # Errors
/// 415 for another type, 413 above `limit` bytes, 408 when it takes too long, 400 when it is cut off.
pub(super) async fn body_of(
    endpoint: &Endpoint,
    request: Request,
    wanted: &'static str,
    limit: usize,
) -> Result<Bytes, Problem> {
    let headers = request.headers();
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case(wanted) || headers.contains_key(header::CONTENT_ENCODING) {
        return Err(Problem::unsupported_type(wanted));
    }
    let announced = headers.get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(Problem::too_large(limit));
    }
    let reading = to_bytes(request.into_body(), limit);
    match time::timeout(endpoint.limits.body_time, reading).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(error)) => {
            let source = std::error::Error::source(&error);
            if source.is_some_and(|source| source.is::<LengthLimitError>()) {
                return Err(Problem::too_large(limit));
            }
            Err(Problem::new(
                StatusCode::BAD_REQUEST,
                "The body is incomplete. Send it again.",
            ))
        }
        Err(_) => Err(Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            "The body took too long to arrive. Send less at a time.",
        )),
    }
}

async fn parse_body(board: ChangeId, body: Bytes) -> Result<ChangesBody, Problem> {
    /// Largest body, in bytes, that is parsed on the async thread: it takes less than a millisecond.
    const PARSE_INLINE: usize = 64 * 1024;
    if body.len() <= PARSE_INLINE {
        return Ok(ChangesBody::parse(board, &body)?);
    }
    let reading = tokio::task::spawn_blocking(move || ChangesBody::parse(board, &body));
    Ok(reading.await.map_err(|error| {
        tracing::error!(%error, "the task that parses a body failed");
        Problem::internal()
    })??)
}

#[derive(Serialize)]
struct Stored<'a> {
    cursor: Cursor,
    added: usize,
    #[serde(skip_serializing_if = "<[ChangeId]>::is_empty")]
    conflicts: &'a [ChangeId],
}

fn stored(endpoint: &Endpoint, outcome: &AppendOutcome) -> Response {
    let body = Stored {
        cursor: outcome.cursor,
        added: outcome.added,
        conflicts: &outcome.conflicts,
    };
    // Serializing numbers and ids cannot fail.
    let body = serde_json::to_string(&body).unwrap_or_default();
    let mut response = json(body.into());
    if outcome.created {
        *response.status_mut() = StatusCode::CREATED;
    }
    // Only if the sender now has the whole board is this the ETag of its copy.
    if outcome.is_whole
        && let Ok(tag) = HeaderValue::from_str(&etag(endpoint, outcome.cursor))
    {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}
