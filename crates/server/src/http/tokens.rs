//! Tokens for one board, made by those who may write to it.

use axum::{
    extract::{Path, Request, State},
    http::{Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use cruxboard_domain::Stamp;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use super::{
    Credentials, Endpoint,
    board::{body, named},
    problem::Problem,
};
use crate::{
    store::NewToken,
    token::{Rights, Token, unix_now},
};

/// What an invitation is to be.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    rights: String,
    #[serde(default)]
    note: String,
    #[serde(default, deserialize_with = "whole_number")]
    expires_in_secs: Option<u32>,
}

/// A number without a fraction, however it is spelled: in JSON, 60.0 is 60.
fn whole_number<'de, D: Deserializer<'de>>(input: D) -> Result<Option<u32>, D::Error> {
    let Some(number) = Option::<f64>::deserialize(input)? else {
        return Ok(None);
    };
    let whole = number as u32;
    if f64::from(whole) != number {
        return Err(D::Error::custom(format_args!(
            "{number} is no whole number up to {}",
            u32::MAX
        )));
    }
    Ok(Some(whole))
}

/// A token as its makers see it.
#[derive(Serialize)]
struct Shown<'a> {
    id: &'a str,
    /// Only when it has just been made.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<&'a str>,
    rights: &'a str,
    board: Option<Stamp>,
    note: &'a str,
    made_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<i64>,
}

impl<'a> Shown<'a> {
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

pub(super) async fn tokens(
    State(endpoint): State<Endpoint>,
    Path(board): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let board = named(&board)?;
    let maker = maker(&endpoint, board, Credentials::of(&request, &endpoint)).await?;
    match *request.method() {
        Method::POST => make(&endpoint, board, &maker, request).await,
        Method::GET => {
            let of = (maker.rights != Rights::Admin).then_some(maker.id.as_str());
            let tokens = endpoint.store.tokens_of(board, of).await?;
            let shown: Vec<_> = tokens.iter().map(Shown::of).collect();
            Ok(json(StatusCode::OK, &shown))
        }
        _ => Err(Problem::method("GET, POST, OPTIONS")),
    }
}

pub(super) async fn token(
    State(endpoint): State<Endpoint>,
    Path((board, id)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let board = named(&board)?;
    let maker = maker(&endpoint, board, Credentials::of(&request, &endpoint)).await?;
    if *request.method() != Method::DELETE {
        return Err(Problem::method("DELETE, OPTIONS"));
    }
    let of = (maker.rights != Rights::Admin).then_some(maker.id.as_str());
    let tokens = endpoint.store.tokens_of(board, of).await?;
    if !tokens.iter().any(|token| token.id == id) {
        return Err(Problem::new(
            StatusCode::NOT_FOUND,
            "You have made no token with this name for this board. GET the list of those that you have made.",
        ));
    }
    endpoint.store.revoke_token(id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The token that the request shows, when it may make others.
async fn maker(
    endpoint: &Endpoint,
    board: Stamp,
    credentials: Credentials,
) -> Result<Token, Problem> {
    let maker = endpoint.token(credentials).await?;
    if !maker.may_read(board) {
        return Err(Problem::other_board());
    }
    if !maker.may_write(board) {
        return Err(Problem::forbidden(
            "This token may read, and so cannot let others in. Ask somebody whose token may write.",
        ));
    }
    Ok(maker)
}

async fn make(
    endpoint: &Endpoint,
    board: Stamp,
    maker: &Token,
    request: Request,
) -> Result<Response, Problem> {
    /// A name is short.
    const LONGEST_NOTE: usize = 200;
    let body = body(endpoint, request).await?;
    let wanted: Wanted = serde_json::from_slice(&body).map_err(|error| {
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("Send {{\"rights\":\"read\"}} or {{\"rights\":\"write\"}}, with a \"note\" and \"expires_in_secs\" if you like ({error})."),
        )
    })?;
    let rights = Rights::named(&wanted.rights).filter(|rights| *rights < Rights::Admin);
    let rights = rights.ok_or_else(|| {
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "An invitation can have the rights \"read\" or \"write\".",
        )
    })?;
    let wanted_end = wanted
        .expires_in_secs
        .map(|secs| unix_now() + i64::from(secs));
    // Nobody gives away more time than they have.
    let expires_at = [wanted_end, maker.expires_at].into_iter().flatten().min();
    // A token that writes to all boards may not make new ones, and must not get there by a detour.
    if rights == Rights::Write
        && !maker.may_create(board)
        && endpoint.store.cursor(board).await?.is_none()
    {
        return Err(Problem::no_board(board));
    }
    let new = NewToken {
        rights,
        board: Some(board),
        note: wanted.note.chars().take(LONGEST_NOTE).collect(),
        made_by: Some(maker.id.clone()),
        expires_at,
    };
    let (token, secret) = endpoint.store.make_token(new).await?;
    let mut shown = Shown::of(&token);
    shown.token = Some(secret.reveal());
    let mut response = json(StatusCode::CREATED, &shown);
    // A secret has no place in anybody's cache.
    let never = axum::http::HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, never);
    Ok(response)
}

pub(super) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    // Serialising plain texts and numbers cannot fail.
    let body = serde_json::to_string(body).unwrap_or_default();
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}
