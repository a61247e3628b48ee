//! Hosted snapshots, for readers without an account: `/snapshots`.
//!
//! The browser encrypts a snapshot, and the key stays in the fragment of the link, which browsers do not
//! send. The server stores only the ciphertext.

use axum::{
    extract::{Path, Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::Serialize;

use super::{Credentials, Endpoint, board::body_of, problem::Problem, tokens::json};
use crate::{
    store::{NewSnapshot, Snapshot, SnapshotScope},
    token::{Rights, Token, unix_now},
};

/// Largest size of a snapshot in bytes. A large board without its history has a tenth of that.
const MAX_SNAPSHOT_BYTES: usize = 256 * 1024;
const ENCRYPTED: &str = "application/octet-stream";
/// Default lifetime in seconds.
const MONTH: i64 = 30 * 86_400;
/// Longest lifetime in seconds.
const YEAR: i64 = 366 * 86_400;

/// A snapshot in a response, without its content.
#[derive(Serialize)]
struct SnapshotView<'a> {
    id: &'a str,
    made_at: i64,
    expires_at: i64,
    outlives_token: bool,
    bytes: usize,
}

impl<'a> SnapshotView<'a> {
    fn of(snapshot: &'a Snapshot) -> Self {
        Self {
            id: &snapshot.id,
            made_at: snapshot.made_at,
            expires_at: snapshot.expires_at,
            outlives_token: snapshot.outlives_token,
            bytes: snapshot.bytes,
        }
    }
}

/// Handles `/snapshots`.
pub(super) async fn all(
    State(endpoint): State<Endpoint>,
    request: Request,
) -> Result<Response, Problem> {
    let maker = maker(&endpoint, Credentials::of(&request, &endpoint)).await?;
    match *request.method() {
        Method::POST => make(&endpoint, maker, request).await,
        Method::GET => {
            let snapshots = endpoint.store.snapshots(&managed_by(&maker)).await?;
            let shown: Vec<_> = snapshots.iter().map(SnapshotView::of).collect();
            Ok(json(StatusCode::OK, &shown))
        }
        _ => Err(Problem::method("GET, POST, OPTIONS")),
    }
}

/// Handles `/snapshots/{id}`.
pub(super) async fn one(
    State(endpoint): State<Endpoint>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    match *request.method() {
        // Public, without a token: the id is unguessable.
        Method::GET | Method::HEAD => {
            let content = endpoint.store.snapshot(&id).await?.ok_or_else(gone)?;
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static(ENCRYPTED)),
                // A snapshot can be deleted, and then no cache may still have it.
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            ];
            Ok((headers, content).into_response())
        }
        Method::DELETE => {
            let maker = maker(&endpoint, Credentials::of(&request, &endpoint)).await?;
            if endpoint
                .store
                .remove_snapshot(id, managed_by(&maker))
                .await?
            {
                Ok(StatusCode::NO_CONTENT.into_response())
            } else {
                Err(gone())
            }
        }
        _ => Err(Problem::method("GET, HEAD, DELETE, OPTIONS")),
    }
}

/// Authenticates the request, and returns its token if that may store snapshots.
async fn maker(endpoint: &Endpoint, credentials: Credentials) -> Result<Token, Problem> {
    let maker = endpoint.authenticate(credentials).await?;
    if maker.rights < Rights::Write {
        return Err(Problem::forbidden(
            "This token allows only reading, so it cannot store snapshots here. Share the board as a file or a link instead.",
        ));
    }
    Ok(maker)
}

/// Returns the snapshots that a token may list and delete: its own, those of its board for an admin of one
/// board, all for an admin of all boards.
fn managed_by(maker: &Token) -> SnapshotScope {
    match (maker.rights, maker.board) {
        (Rights::Admin, None) => SnapshotScope::All,
        (Rights::Admin, Some(board)) => SnapshotScope::Board(board),
        _ => SnapshotScope::MadeBy(maker.id.clone()),
    }
}

async fn make(endpoint: &Endpoint, maker: Token, request: Request) -> Result<Response, Problem> {
    let query = request.uri().query().unwrap_or_default();
    let wanted_end = unix_now() + lifetime(query)?;
    let outlives_token = outlives_token(query)?;
    let content = body_of(endpoint, request, ENCRYPTED, MAX_SNAPSHOT_BYTES).await?;
    if content.is_empty() {
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "The body is empty. Send the encrypted snapshot.",
        ));
    }
    let end_of_token = maker.expires_at.filter(|_| !outlives_token);
    let new = NewSnapshot {
        made_by: maker.id,
        board: maker.board,
        expires_at: end_of_token.map_or(wanted_end, |end| wanted_end.min(end)),
        outlives_token,
    };
    let kept = endpoint.store.store_snapshot(new, content);
    let kept = kept.await?.ok_or_else(|| {
        Problem::new(
            StatusCode::INSUFFICIENT_STORAGE,
            "The storage quota for snapshots is used up: it is shared by all tokens that come from the same first token. DELETE some snapshots, or wait until some expire.",
        )
    })?;
    let mut response = json(StatusCode::CREATED, &SnapshotView::of(&kept));
    if let Ok(place) = HeaderValue::from_str(&format!("/snapshots/{}", kept.id)) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

fn value_of<'a>(query: &'a str, wanted: &str) -> Option<&'a str> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find_map(|(name, value)| (name == wanted).then_some(value))
}

/// Parses whether the snapshot stays when its maker's token ends.
fn outlives_token(query: &str) -> Result<bool, Problem> {
    match value_of(query, "outlives_token") {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "`outlives_token` must be true or false.",
        )),
    }
}

/// Parses the lifetime, in seconds.
fn lifetime(query: &str) -> Result<i64, Problem> {
    let seconds = value_of(query, "expires_in_secs").map_or(Ok(MONTH), str::parse);
    match seconds {
        Ok(seconds) if (1..=YEAR).contains(&seconds) => Ok(seconds),
        _ => Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("`expires_in_secs` must be a number from 1 to {YEAR}."),
        )),
    }
}

fn gone() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "There is no such snapshot: it has expired or was deleted. Ask the person who sent you the link.",
    )
}
