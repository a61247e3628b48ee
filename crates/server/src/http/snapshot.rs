//! Hosted snapshots, for readers without an account: `/snapshots`.
//!
//! The browser encrypts a snapshot, and the key stays in the fragment of the link, which browsers do not
//! send. The server stores only the ciphertext.

use axum::{
    Json,
    extract::{FromRequestParts, State},
    http::{StatusCode, header, request::Parts},
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};

use super::{
    Endpoint,
    access::Authenticated,
    extract::{Ciphertext, Path, Query},
    problem::Problem,
    response::NO_STORE,
};
use crate::{
    store::{NewSnapshot, Snapshot, SnapshotScope},
    token::{Rights, Token, unix_now},
};

/// Default lifetime in seconds.
const MONTH: i64 = 30 * 86_400;
/// Longest lifetime in seconds.
const YEAR: i64 = 366 * 86_400;

/// A snapshot in a response, without its content.
#[derive(Serialize)]
struct SnapshotView {
    id: String,
    made_at: i64,
    expires_at: i64,
    outlives_token: bool,
    bytes: usize,
}

impl From<Snapshot> for SnapshotView {
    fn from(snapshot: Snapshot) -> Self {
        Self {
            id: snapshot.id,
            made_at: snapshot.made_at,
            expires_at: snapshot.expires_at,
            outlives_token: snapshot.outlives_token,
            bytes: snapshot.bytes,
        }
    }
}

/// A token that may store snapshots.
pub(super) struct Publisher(Token);

impl FromRequestParts<Endpoint> for Publisher {
    type Rejection = Problem;

    /// # Errors
    /// 403 when the token allows only reading, and as [`Authenticated`].
    async fn from_request_parts(parts: &mut Parts, endpoint: &Endpoint) -> Result<Self, Problem> {
        let Authenticated(token) = Authenticated::from_request_parts(parts, endpoint).await?;
        if token.rights < Rights::Write {
            return Err(Problem::forbidden(
                "This token allows only reading, so it cannot store snapshots here. Share the board as a file or a link instead.",
            ));
        }
        Ok(Self(token))
    }
}

impl Publisher {
    /// Returns the snapshots that the token may list and delete: its own, those of its board for an admin of
    /// one board, all for an admin of all boards.
    fn scope(&self) -> SnapshotScope {
        match (self.0.rights, self.0.board) {
            (Rights::Admin, None) => SnapshotScope::All,
            (Rights::Admin, Some(board)) => SnapshotScope::Board(board),
            _ => SnapshotScope::MadeBy(self.0.id.clone()),
        }
    }
}

/// Handles `GET /snapshots`.
pub(super) async fn list(
    State(endpoint): State<Endpoint>,
    publisher: Publisher,
) -> Result<impl IntoResponse, Problem> {
    let snapshots = endpoint.store.snapshots(&publisher.scope()).await?;
    let views: Vec<_> = snapshots.into_iter().map(SnapshotView::from).collect();
    Ok(Json(views))
}

/// The query of a request that stores a snapshot.
#[derive(Deserialize)]
pub(super) struct Options {
    #[serde(default = "month")]
    expires_in_secs: i64,
    /// Whether the snapshot stays when its maker's token ends.
    #[serde(default)]
    outlives_token: bool,
}

fn month() -> i64 {
    MONTH
}

/// Handles `POST /snapshots`.
pub(super) async fn create(
    State(endpoint): State<Endpoint>,
    Publisher(maker): Publisher,
    Query(options): Query<Options>,
    Ciphertext(content): Ciphertext,
) -> Result<impl IntoResponse, Problem> {
    if !(1..=YEAR).contains(&options.expires_in_secs) {
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("`expires_in_secs` must be a number from 1 to {YEAR}."),
        ));
    }
    let wanted_end = unix_now() + options.expires_in_secs;
    let end_of_token = maker.expires_at.filter(|_| !options.outlives_token);
    let new = NewSnapshot {
        made_by: maker.id,
        board: maker.board,
        expires_at: end_of_token.map_or(wanted_end, |end| wanted_end.min(end)),
        outlives_token: options.outlives_token,
    };
    let stored = endpoint.store.store_snapshot(new, content).await?;
    let stored = stored.ok_or_else(|| {
        Problem::new(
            StatusCode::INSUFFICIENT_STORAGE,
            "The storage quota for snapshots is used up: it is shared by all tokens that come from the same first token. DELETE some snapshots, or wait until some expire.",
        )
    })?;
    let location = [(header::LOCATION, format!("/snapshots/{}", stored.id))];
    Ok((
        StatusCode::CREATED,
        location,
        Json(SnapshotView::from(stored)),
    ))
}

/// Handles `GET /snapshots/{snapshot}`. Public, without a token: the id is unguessable.
pub(super) async fn get(
    State(endpoint): State<Endpoint>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let content = endpoint.store.snapshot(&id).await?.ok_or_else(gone)?;
    let kind = [(header::CONTENT_TYPE, "application/octet-stream")];
    // A snapshot can be deleted, and then no cache may still have it.
    Ok((kind, NO_STORE, content))
}

/// Handles `DELETE /snapshots/{snapshot}`.
pub(super) async fn delete(
    State(endpoint): State<Endpoint>,
    publisher: Publisher,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let scope = publisher.scope();
    if endpoint.store.remove_snapshot(id, scope).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(gone())
    }
}

fn gone() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "There is no such snapshot: it has expired or was deleted. Ask the person who sent you the link.",
    )
}
