//! Creates, lists and revokes tokens for one board: `/boards/{board}/tokens`.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use cruxboard_domain::BoardId;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use super::{
    Endpoint,
    access::BoardWriter,
    extract::{self, Path},
    problem::Problem,
    response::NO_STORE,
};
use crate::{
    store::NewToken,
    token::{Rights, Token, unix_now},
};

/// The body of a request for a token.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewTokenBody {
    rights: InvitedRights,
    #[serde(default)]
    note: String,
    #[serde(default, deserialize_with = "whole_number")]
    expires_in_secs: Option<u32>,
}

/// The rights that an invitation can have.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum InvitedRights {
    Read,
    Write,
}

impl From<InvitedRights> for Rights {
    fn from(rights: InvitedRights) -> Self {
        match rights {
            InvitedRights::Read => Self::Read,
            InvitedRights::Write => Self::Write,
        }
    }
}

/// Deserializes a whole number; 60.0 is accepted, since JSON does not tell it from 60.
fn whole_number<'de, D: Deserializer<'de>>(input: D) -> Result<Option<u32>, D::Error> {
    let Some(number) = Option::<f64>::deserialize(input)? else {
        return Ok(None);
    };
    let whole = number as u32;
    if f64::from(whole) != number {
        return Err(D::Error::custom(format_args!(
            "{number} is not a whole number up to {}",
            u32::MAX
        )));
    }
    Ok(Some(whole))
}

/// A token in a response.
#[derive(Serialize)]
struct TokenView {
    id: String,
    /// The secret; only in the response that creates the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    rights: &'static str,
    board: Option<BoardId>,
    note: String,
    made_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<i64>,
}

impl From<Token> for TokenView {
    fn from(token: Token) -> Self {
        Self {
            id: token.id,
            token: None,
            rights: token.rights.name(),
            board: token.board,
            note: token.note,
            made_at: token.made_at,
            expires_at: token.expires_at,
            revoked_at: token.revoked_at,
        }
    }
}

/// Handles `GET /boards/{board}/tokens`.
pub(super) async fn list(
    State(endpoint): State<Endpoint>,
    inviter: BoardWriter,
) -> Result<impl IntoResponse, Problem> {
    let tokens = managed_by(&endpoint, &inviter).await?;
    let views: Vec<_> = tokens.into_iter().map(TokenView::from).collect();
    Ok(Json(views))
}

/// Handles `POST /boards/{board}/tokens`.
pub(super) async fn create(
    State(endpoint): State<Endpoint>,
    BoardWriter {
        board,
        token: maker,
    }: BoardWriter,
    extract::Json(wanted): extract::Json<NewTokenBody>,
) -> Result<Response, Problem> {
    /// Longest note, in characters.
    const MAX_NOTE_CHARS: usize = 200;
    let rights = Rights::from(wanted.rights);
    let wanted_end = wanted
        .expires_in_secs
        .map(|secs| unix_now() + i64::from(secs));
    // A token never outlives the one that it was made with.
    let expires_at = [wanted_end, maker.expires_at].into_iter().flatten().min();
    // A write token for all boards may not create boards, and must not gain that by a token for one.
    if rights == Rights::Write
        && !maker.may_create(board)
        && endpoint.store.cursor(board).await?.is_none()
    {
        return Err(Problem::no_board(board));
    }
    let new = NewToken {
        rights,
        board: Some(board),
        note: wanted.note.chars().take(MAX_NOTE_CHARS).collect(),
        made_by: Some(maker.id),
        expires_at,
    };
    let (token, secret) = endpoint.store.make_token(new).await?;
    let mut view = TokenView::from(token);
    view.token = Some(secret.reveal().to_owned());
    // A secret must not be cached.
    Ok((StatusCode::CREATED, NO_STORE, Json(view)).into_response())
}

#[derive(Deserialize)]
pub(super) struct TokenPath {
    token: String,
}

/// Handles `DELETE /boards/{board}/tokens/{token}`.
pub(super) async fn revoke(
    State(endpoint): State<Endpoint>,
    inviter: BoardWriter,
    Path(TokenPath { token: id }): Path<TokenPath>,
) -> Result<StatusCode, Problem> {
    let tokens = managed_by(&endpoint, &inviter).await?;
    if !tokens.iter().any(|token| token.id == id) {
        return Err(Problem::new(
            StatusCode::NOT_FOUND,
            "You have created no token with this id for this board. GET the list of those that you have created.",
        ));
    }
    endpoint.store.revoke_token(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Returns the tokens that the client may list and revoke: all of the board for an admin, else those it has
/// created.
async fn managed_by(
    endpoint: &Endpoint,
    BoardWriter { board, token }: &BoardWriter,
) -> Result<Vec<Token>, Problem> {
    let made_by = (token.rights != Rights::Admin).then_some(token.id.as_str());
    Ok(endpoint.store.tokens_of(*board, made_by).await?)
}
