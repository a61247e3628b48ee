//! Creates, lists and revokes tokens for one board: `/boards/{board}/tokens`.

use axum::{
    extract::{Path, Request, State},
    http::{Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use cruxboard_domain::ChangeId;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use super::{
    Credentials, Endpoint,
    board::{body, parse_board_id},
    problem::Problem,
};
use crate::{
    store::NewToken,
    token::{Rights, Token, unix_now},
};

/// The body of a request for a token.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewTokenBody {
    rights: String,
    #[serde(default)]
    note: String,
    #[serde(default, deserialize_with = "whole_number")]
    expires_in_secs: Option<u32>,
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
struct TokenView<'a> {
    id: &'a str,
    /// The secret; only in the response that creates the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<&'a str>,
    rights: &'a str,
    board: Option<ChangeId>,
    note: &'a str,
    made_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<i64>,
}

impl<'a> TokenView<'a> {
    fn of(token: &'a Token) -> Self {
        Self {
            id: &token.id,
            token: None,
            rights: token.rights.name(),
            board: token.board,
            note: &token.note,
            made_at: token.made_at,
            expires_at: token.expires_at,
            revoked_at: token.revoked_at,
        }
    }
}

/// Handles `/boards/{board}/tokens`.
pub(super) async fn tokens(
    State(endpoint): State<Endpoint>,
    Path(board): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let board = parse_board_id(&board)?;
    let maker = maker(&endpoint, board, Credentials::of(&request, &endpoint)).await?;
    match *request.method() {
        Method::POST => make(&endpoint, board, &maker, request).await,
        Method::GET => {
            let of = (maker.rights != Rights::Admin).then_some(maker.id.as_str());
            let tokens = endpoint.store.tokens_of(board, of).await?;
            let shown: Vec<_> = tokens.iter().map(TokenView::of).collect();
            Ok(json(StatusCode::OK, &shown))
        }
        _ => Err(Problem::method("GET, POST, OPTIONS")),
    }
}

/// Handles `/boards/{board}/tokens/{token}`.
pub(super) async fn token(
    State(endpoint): State<Endpoint>,
    Path((board, id)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let board = parse_board_id(&board)?;
    let maker = maker(&endpoint, board, Credentials::of(&request, &endpoint)).await?;
    if *request.method() != Method::DELETE {
        return Err(Problem::method("DELETE, OPTIONS"));
    }
    let of = (maker.rights != Rights::Admin).then_some(maker.id.as_str());
    let tokens = endpoint.store.tokens_of(board, of).await?;
    if !tokens.iter().any(|token| token.id == id) {
        return Err(Problem::new(
            StatusCode::NOT_FOUND,
            "You have created no token with this id for this board. GET the list of those that you have created.",
        ));
    }
    endpoint.store.revoke_token(id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Authenticates the request, and returns its token if that may create others.
async fn maker(
    endpoint: &Endpoint,
    board: ChangeId,
    credentials: Credentials,
) -> Result<Token, Problem> {
    let maker = endpoint.authenticate(credentials).await?;
    if !maker.may_read(board) {
        return Err(Problem::other_board());
    }
    if !maker.may_write(board) {
        return Err(Problem::forbidden(
            "This token allows only reading, so it cannot invite others. Ask somebody whose token allows writing.",
        ));
    }
    Ok(maker)
}

async fn make(
    endpoint: &Endpoint,
    board: ChangeId,
    maker: &Token,
    request: Request,
) -> Result<Response, Problem> {
    /// Longest note, in characters.
    const MAX_NOTE_CHARS: usize = 200;
    let body = body(endpoint, request).await?;
    let wanted: NewTokenBody = serde_json::from_slice(&body).map_err(|error| {
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("Send {{\"rights\":\"read\"}} or {{\"rights\":\"write\"}}, with a \"note\" and \"expires_in_secs\" if you like ({error})."),
        )
    })?;
    let rights = Rights::from_name(&wanted.rights).filter(|rights| *rights < Rights::Admin);
    let rights = rights.ok_or_else(|| {
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "An invitation can have the rights \"read\" or \"write\".",
        )
    })?;
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
        made_by: Some(maker.id.clone()),
        expires_at,
    };
    let (token, secret) = endpoint.store.make_token(new).await?;
    let mut shown = TokenView::of(&token);
    shown.token = Some(secret.reveal());
    let mut response = json(StatusCode::CREATED, &shown);
    // A secret must not be cached.
    let never = axum::http::HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, never);
    Ok(response)
}

/// Responds with JSON.
pub(super) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    // Serializing texts and numbers cannot fail.
    let body = serde_json::to_string(body).unwrap_or_default();
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}
