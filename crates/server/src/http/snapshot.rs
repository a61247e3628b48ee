//! Snapshots for people without an account: the browser seals them, and the key stays in the fragment
//! of the link, which no browser sends. What is kept here is of no use to whoever runs the server.

use axum::{
    extract::{Path, Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::Serialize;

use super::{Credentials, Endpoint, board::body_of, problem::Problem, tokens::json};
use crate::{
    store::{NewSnapshot, Snapshot, Whose},
    token::{Rights, Token, unix_now},
};

/// Bytes of one snapshot; a large board without its history has a tenth of that.
const LARGEST: usize = 256 * 1024;
const SEALED: &str = "application/octet-stream";
const MONTH: i64 = 30 * 86_400;
const YEAR: i64 = 366 * 86_400;

/// A snapshot as its maker sees it.
#[derive(Serialize)]
struct Shown<'a> {
    id: &'a str,
    made_at: i64,
    expires_at: i64,
    outlives_token: bool,
    bytes: usize,
}

impl<'a> Shown<'a> {
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

/// `/snapshots`
pub(super) async fn all(
    State(endpoint): State<Endpoint>,
    request: Request,
) -> Result<Response, Problem> {
    let maker = maker(&endpoint, Credentials::of(&request, &endpoint)).await?;
    match *request.method() {
        Method::POST => make(&endpoint, maker, request).await,
        Method::GET => {
            let snapshots = endpoint.store.snapshots(&those_of(&maker)).await?;
            let shown: Vec<_> = snapshots.iter().map(Shown::of).collect();
            Ok(json(StatusCode::OK, &shown))
        }
        _ => Err(Problem::method("GET, POST, OPTIONS")),
    }
}

/// `/snapshots/{id}`
pub(super) async fn one(
    State(endpoint): State<Endpoint>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    match *request.method() {
        // Whoever has the link may fetch it: they have no token, and the id cannot be guessed.
        Method::GET | Method::HEAD => {
            let content = endpoint.store.snapshot(&id).await?.ok_or_else(gone)?;
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static(SEALED)),
                // It can be taken back, and then no cache must have it.
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            ];
            Ok((headers, content).into_response())
        }
        Method::DELETE => {
            let maker = maker(&endpoint, Credentials::of(&request, &endpoint)).await?;
            if endpoint.store.remove_snapshot(id, those_of(&maker)).await? {
                Ok(StatusCode::NO_CONTENT.into_response())
            } else {
                Err(gone())
            }
        }
        _ => Err(Problem::method("GET, HEAD, DELETE, OPTIONS")),
    }
}

async fn maker(endpoint: &Endpoint, credentials: Credentials) -> Result<Token, Problem> {
    let maker = endpoint.token(credentials).await?;
    if maker.rights < Rights::Write {
        return Err(Problem::forbidden(
            "This token may read, and not keep snapshots here. Share the board as a file or a link instead.",
        ));
    }
    Ok(maker)
}

/// Everybody looks after their own, an administrator of a board after that board's, and one of all boards
/// after all.
fn those_of(maker: &Token) -> Whose {
    match (maker.rights, maker.board) {
        (Rights::Admin, None) => Whose::Everybodys,
        (Rights::Admin, Some(board)) => Whose::OfBoard(board),
        _ => Whose::MadeBy(maker.id.clone()),
    }
}

async fn make(endpoint: &Endpoint, maker: Token, request: Request) -> Result<Response, Problem> {
    let query = request.uri().query().unwrap_or_default();
    let wanted_end = unix_now() + lifetime(query)?;
    let outlives_token = outlives_token(query)?;
    let content = body_of(endpoint, request, SEALED, LARGEST).await?;
    if content.is_empty() {
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "The body is empty. Send the sealed snapshot.",
        ));
    }
    let end_of_token = maker.expires_at.filter(|_| !outlives_token);
    let new = NewSnapshot {
        made_by: maker.id,
        board: maker.board,
        expires_at: end_of_token.map_or(wanted_end, |end| wanted_end.min(end)),
        outlives_token,
    };
    let kept = endpoint.store.keep_snapshot(new, content);
    let kept = kept.await?.ok_or_else(|| {
        Problem::new(
            StatusCode::INSUFFICIENT_STORAGE,
            "There are too many snapshots here of the token that this one comes from, and of those made with it. DELETE some, or wait until some expire.",
        )
    })?;
    let mut response = json(StatusCode::CREATED, &Shown::of(&kept));
    if let Ok(place) = HeaderValue::from_str(&format!("/snapshots/{}", kept.id)) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

fn value_of<'a>(query: &'a str, wanted: &str) -> Option<&'a str> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find_map(|(name, value)| (name == wanted).then_some(value))
}

/// Whether it is to be kept though its maker's token ends before.
fn outlives_token(query: &str) -> Result<bool, Problem> {
    match value_of(query, "outlives_token") {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "`outlives_token` is true or false.",
        )),
    }
}

/// How long it is to be kept.
fn lifetime(query: &str) -> Result<i64, Problem> {
    let seconds = value_of(query, "expires_in_secs").map_or(Ok(MONTH), str::parse);
    match seconds {
        Ok(seconds) if (1..=YEAR).contains(&seconds) => Ok(seconds),
        _ => Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("`expires_in_secs` is a number from 1 to {YEAR}."),
        )),
    }
}

fn gone() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "There is no such snapshot: it has expired, or was taken back. Ask whoever sent you the link.",
    )
}
