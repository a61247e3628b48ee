//! A board's document: reading it, adding to it.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use cruxboard_domain::Stamp;
use http_body_util::LengthLimitError;
use serde::Serialize;
use tokio::time;

use super::{Credentials, Endpoint, follow, problem::Problem};
use crate::{
    changes_body::Offer,
    store::{BoardState, Condition, Cursor, Outcome, Page, Refusal},
    token::{Rights, Token, now_millis},
};

const METHODS: &str = "GET, HEAD, PUT, PATCH, DELETE, OPTIONS";
const WRITING: &str = "GET, HEAD, PUT, PATCH, OPTIONS";
const READING: &str = "GET, HEAD, OPTIONS";

pub(super) async fn answer(
    State(endpoint): State<Endpoint>,
    Path(board): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let board = named(&board)?;
    let token = endpoint.token(Credentials::of(&request, &endpoint)).await?;
    if !token.may_read(board) {
        return Err(Problem::other_board());
    }
    match *request.method() {
        Method::GET | Method::HEAD => {
            // The body is left behind: it cannot be shared between threads, and nobody reads it.
            let (request, _) = request.into_parts();
            // So a guest is told that they may only read before they write something.
            let allowed = HeaderValue::from_static(match token.rights {
                Rights::Read => READING,
                Rights::Write => WRITING,
                Rights::Admin => METHODS,
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
                // Adding cannot overwrite anything, so it needs no condition.
                Err(_) if !is_conditional(request.headers()) => Condition::Any,
                Err(problem) => return Err(problem),
            };
            let outcome = write(&endpoint, board, &token, condition, request).await?;
            Ok(stored(&endpoint, &outcome))
        }
        Method::DELETE => delete(&endpoint, board, &token).await,
        _ => Err(Problem::method(METHODS)),
    }
}

async fn delete(endpoint: &Endpoint, board: Stamp, token: &Token) -> Result<Response, Problem> {
    if token.rights < Rights::Admin {
        return Err(Problem::forbidden(
            "Only an admin of the board may delete it. What you wrote yourself you can erase.",
        ));
    }
    match endpoint.store.delete_board(board).await? {
        BoardState::Present => Ok(StatusCode::NO_CONTENT.into_response()),
        BoardState::Deleted => Err(Problem::deleted()),
        BoardState::Absent => Err(Problem::no_board(board)),
    }
}

/// `/boards/{board}/restore`
pub(super) async fn restore(
    State(endpoint): State<Endpoint>,
    Path(board): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let board = named(&board)?;
    let token = endpoint.token(Credentials::of(&request, &endpoint)).await?;
    if !token.may_read(board) {
        return Err(Problem::other_board());
    }
    if request.method() != Method::POST {
        return Err(Problem::method("POST, OPTIONS"));
    }
    if token.rights < Rights::Admin {
        return Err(Problem::forbidden(
            "Only an admin of the board may bring it back.",
        ));
    }
    match endpoint.store.restore_board(board).await? {
        // The same again is a success that changes nothing.
        BoardState::Deleted | BoardState::Present => Ok(StatusCode::NO_CONTENT.into_response()),
        BoardState::Absent => Err(Problem::no_board(board)),
    }
}

/// Says why there is no board to be read at an address.
pub(super) async fn missing(endpoint: &Endpoint, board: Stamp) -> Problem {
    match endpoint.store.board_state(board).await {
        Ok(BoardState::Deleted) => Problem::deleted(),
        Ok(_) => Problem::no_board(board),
        Err(error) => error.into(),
    }
}

/// The board that an address names.
pub(super) fn named(board: &str) -> Result<Stamp, Problem> {
    board.parse().or(Err(Problem::no_board_id()))
}

async fn read(
    endpoint: &Endpoint,
    board: Stamp,
    token: Token,
    request: &Parts,
) -> Result<Response, Problem> {
    let headers = &request.headers;
    let present = endpoint.store.cursor(board).await?;
    let Some(cursor) = present else {
        return Err(missing(endpoint, board).await);
    };
    // HEAD answers with GET's headers, its length included; the body is left out below. It never waits.
    let is_head = request.method == Method::HEAD;
    let after = follow::after(request).filter(|_| !is_head);
    if follow::wants_stream(headers) && !is_head {
        return follow::stream(endpoint, board, token, after.unwrap_or(0)).await;
    }
    if let Some(after) = after {
        return follow::page(endpoint, board, &token, after, headers).await;
    }
    if let Some(tags) = headers.get(header::IF_NONE_MATCH)
        && matches(tags, &tag(endpoint, cursor))
    {
        return Ok(unchanged(endpoint, cursor));
    }
    let page = endpoint.store.after(board, 0).await?;
    let page = page.ok_or_else(|| Problem::no_board(board))?;
    Ok(document(endpoint, page))
}

pub(super) fn document(endpoint: &Endpoint, page: Page) -> Response {
    with_place(endpoint, page.cursor, json(page.document.into()))
}

pub(super) fn unchanged(endpoint: &Endpoint, cursor: Cursor) -> Response {
    with_place(endpoint, cursor, StatusCode::NOT_MODIFIED.into_response())
}

fn json(body: Body) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// Says where the log ends, in both ways.
fn with_place(endpoint: &Endpoint, cursor: Cursor, mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert("cursor", HeaderValue::from(cursor));
    if let Ok(tag) = HeaderValue::from_str(&tag(endpoint, cursor)) {
        headers.insert(header::ETAG, tag);
    }
    headers.append(header::VARY, HeaderValue::from_static("accept"));
    response
}

/// Strong: two documents with one tag are equal, even if a backup was restored in between.
fn tag(endpoint: &Endpoint, cursor: Cursor) -> String {
    format!("\"{cursor}-{}\"", endpoint.store.nonce())
}

/// Whether a list of tags holds this one, or is the star. A weak tag is as good for reading.
fn matches(tags: &HeaderValue, tag: &str) -> bool {
    let tags = tags.to_str().unwrap_or_default();
    tags.split(',')
        .map(str::trim)
        .any(|listed| listed == "*" || listed.strip_prefix("W/").unwrap_or(listed) == tag)
}

fn is_conditional(headers: &HeaderMap) -> bool {
    headers.contains_key(header::IF_MATCH) || headers.contains_key(header::IF_NONE_MATCH)
}

/// What the request asks to be so before anything is stored.
fn condition(endpoint: &Endpoint, headers: &HeaderMap) -> Result<Condition, Problem> {
    let text = |name| headers.get(name).map(|value: &HeaderValue| value.to_str());
    match (text(header::IF_MATCH), text(header::IF_NONE_MATCH)) {
        (Some(Ok(tags)), None) if tags.trim() == "*" => Ok(Condition::Present),
        (Some(Ok(tags)), None) => {
            // A tag that this store did not give matches nothing, and neither does a weak one.
            let cursors = tags.split(',').filter_map(|tag| {
                let (cursor, nonce) = tag
                    .trim()
                    .strip_prefix('"')?
                    .strip_suffix('"')?
                    .split_once('-')?;
                (nonce == &*endpoint.store.nonce()).then(|| cursor.parse().ok())?
            });
            Ok(Condition::At(cursors.collect()))
        }
        (None, Some(Ok("*"))) => Ok(Condition::Absent),
        (None, None) => Err(Problem::new(
            StatusCode::PRECONDITION_REQUIRED,
            "PUT needs a condition: GET the board, take in what is new, and send the ETag that came with it as `If-Match`; or send `If-None-Match: *` for a board that is not here yet.",
        )),
        _ => Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "Send either `If-Match` with an ETag, or `If-None-Match: *`, and not both.",
        )),
    }
}

async fn write(
    endpoint: &Endpoint,
    board: Stamp,
    token: &Token,
    condition: Condition,
    request: Request,
) -> Result<Outcome, Problem> {
    if !token.may_write(board) {
        return Err(Problem::forbidden("This token may read, and not write."));
    }
    let body = body(endpoint, request).await?;
    let offer = offer(board, body).await?.dated_by(now_millis())?;
    let added = endpoint
        .store
        .add(offer, condition, token.may_create(board), &token.id);
    let added = added
        .await?
        .and_then(|mut outcome| match outcome.left_out.take() {
            // An erasure is always taken, whatever came with it.
            Some(refusal) => Err(refusal),
            None => Ok(outcome),
        });
    added.map_err(|refusal| match refusal {
        Refusal::Stale(cursor) => {
            let detail = match cursor {
                Some(_) => "The board has changed since. GET it again, take in what is new, and send yours with the new ETag; or PATCH only your own changes, which always fits.",
                None => "There is no such board here yet. Send `If-None-Match: *` instead.",
            };
            let problem = Problem::new(StatusCode::PRECONDITION_FAILED, detail);
            match cursor.map(|cursor| HeaderValue::from_str(&tag(endpoint, cursor))) {
                Some(Ok(tag)) => problem.with(header::ETAG, tag),
                _ => problem,
            }
        }
        Refusal::MayNotCreate => Problem::forbidden(
            "There is no such board here yet, and this token may not make one. That takes an admin token, or one that was made for this board.",
        ),
        Refusal::Full => Problem::new(
            StatusCode::INSUFFICIENT_STORAGE,
            "The board would become larger than this server lets one be: 80,000 changes, or 32 MiB together with what was erased in the last week. Only erasures are taken. Begin a new board, or ask whoever runs the server to go back to a version before it grew.",
        ),
        Refusal::DiskLow => Problem::disk_low(),
        Refusal::Deleted => Problem::deleted(),
    })
}

/// The whole body, which must be JSON, small enough and in time.
pub(super) async fn body(endpoint: &Endpoint, request: Request) -> Result<Bytes, Problem> {
    let limit = endpoint.limits.body;
    body_of(endpoint, request, "application/json", limit).await
}

/// The whole body, which must be of this type, small enough and in time.
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
                "The body was cut off on the way. Send it again.",
            ))
        }
        Err(_) => Err(Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            "The body took too long to arrive. Send less at a time.",
        )),
    }
}

async fn offer(board: Stamp, body: Bytes) -> Result<Offer, Problem> {
    /// What is read in less than a millisecond is not worth another thread.
    const SMALL: usize = 64 * 1024;
    if body.len() <= SMALL {
        return Ok(Offer::read(board, &body)?);
    }
    let reading = tokio::task::spawn_blocking(move || Offer::read(board, &body));
    Ok(reading.await.map_err(|error| {
        tracing::error!(%error, "reading a body failed");
        Problem::internal()
    })??)
}

#[derive(Serialize)]
struct Stored<'a> {
    cursor: Cursor,
    added: usize,
    #[serde(skip_serializing_if = "<[Stamp]>::is_empty")]
    conflicts: &'a [Stamp],
}

fn stored(endpoint: &Endpoint, outcome: &Outcome) -> Response {
    let body = Stored {
        cursor: outcome.cursor,
        added: outcome.added,
        conflicts: &outcome.conflicts,
    };
    // Serialising numbers and ids cannot fail.
    let body = serde_json::to_string(&body).unwrap_or_default();
    let mut response = json(body.into());
    if outcome.created {
        *response.status_mut() = StatusCode::CREATED;
    }
    // Only then is it the tag of what the sender holds.
    if outcome.is_whole
        && let Ok(tag) = HeaderValue::from_str(&tag(endpoint, outcome.cursor))
    {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}
