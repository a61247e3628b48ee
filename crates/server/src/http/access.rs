//! Extractors for the identity of a client and its rights.
//!
//! A handler that takes [`BoardReader`], [`BoardWriter`] or [`BoardAdmin`] runs only for a valid token with
//! those rights for the board in the address. Other requests are answered with a problem document.

use std::{net::IpAddr, time::Instant};

use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, header, request::Parts},
};
use cruxboard_domain::BoardId;
use serde::Deserialize;

use super::{Endpoint, extract::Path, problem::Problem};
use crate::{
    listener::Peer,
    token::{Rights, Secret, Token, unix_now},
};

/// The valid token of a request, or the user whom a trusted proxy names, as a token.
#[derive(Debug)]
pub(super) struct Authenticated(pub(super) Token);

/// The board in the address, and a token that may read it.
#[derive(Debug)]
pub(super) struct BoardReader {
    pub(super) board: BoardId,
    pub(super) token: Token,
}

/// The board in the address, and a token that may write to it.
#[derive(Debug)]
pub(super) struct BoardWriter {
    pub(super) board: BoardId,
    pub(super) token: Token,
}

/// The board in the address, and an admin token for it.
#[derive(Debug)]
pub(super) struct BoardAdmin {
    pub(super) board: BoardId,
}

#[derive(Deserialize)]
struct BoardPath {
    board: BoardId,
}

impl FromRequestParts<Endpoint> for Authenticated {
    type Rejection = Problem;

    /// # Errors
    /// 401 when the token is missing or invalid, 403 when the name of the user is not trustworthy, 429 after
    /// too many wrong tokens.
    async fn from_request_parts(parts: &mut Parts, endpoint: &Endpoint) -> Result<Self, Problem> {
        let peer = parts.extensions.get::<Peer>();
        let peer = peer.map(|Peer(address)| address.ip());
        let Some(secret) = bearer(parts) else {
            let named = named_user(parts, peer, endpoint)?;
            return named.map(Self).ok_or_else(Problem::no_token);
        };
        if let Some(token) = endpoint.store.token(&secret.hash()).await?
            && token.is_valid(unix_now())
        {
            return Ok(Self(token));
        }
        endpoint.metrics.wrong_tokens.increment(1);
        let client = peer.map(|peer| endpoint.proxies.client(peer, &parts.headers));
        let limit = &endpoint.auth_rate_limit;
        match client.and_then(|client| limit.record_failure(client, Instant::now())) {
            Some(rest) => Err(Problem::too_many_wrong_tokens(rest)),
            None => Err(Problem::wrong_token()),
        }
    }
}

/// Returns the secret in `Authorization: Bearer …`.
fn bearer(parts: &Parts) -> Option<Secret> {
    let shown = parts.headers.get(header::AUTHORIZATION)?;
    let (scheme, secret) = shown.to_str().ok()?.split_once(' ')?;
    let is_bearer = scheme.eq_ignore_ascii_case("bearer");
    is_bearer.then(|| Secret::from_request(secret.trim()))
}

/// Returns the token of the user whom a trusted proxy names. A token of the request takes precedence.
fn named_user(
    parts: &Parts,
    peer: Option<IpAddr>,
    endpoint: &Endpoint,
) -> Result<Option<Token>, Problem> {
    let Some(identity) = &endpoint.identity else {
        return Ok(None);
    };
    let is_allowed = |origin: &HeaderValue| endpoint.origins.has(origin);
    identity.of(parts, peer, &endpoint.proxies, is_allowed)
}

impl FromRequestParts<Endpoint> for BoardReader {
    type Rejection = Problem;

    /// # Errors
    /// 404 when the address has no id of a board, 403 when the token is for another board, and as
    /// [`Authenticated`].
    async fn from_request_parts(parts: &mut Parts, endpoint: &Endpoint) -> Result<Self, Problem> {
        let path = Path::from_request_parts(parts, endpoint).await;
        let Path(BoardPath { board }) = path.or(Err(Problem::no_board_id()))?;
        let Authenticated(token) = Authenticated::from_request_parts(parts, endpoint).await?;
        if !token.may_read(board) {
            return Err(Problem::other_board());
        }
        Ok(Self { board, token })
    }
}

impl FromRequestParts<Endpoint> for BoardWriter {
    type Rejection = Problem;

    /// # Errors
    /// 403 when the token allows only reading, and as [`BoardReader`].
    async fn from_request_parts(parts: &mut Parts, endpoint: &Endpoint) -> Result<Self, Problem> {
        let BoardReader { board, token } = BoardReader::from_request_parts(parts, endpoint).await?;
        if !token.may_write(board) {
            return Err(Problem::forbidden(
                "This token allows only reading, so it cannot change the board, and it cannot invite others. Ask somebody whose token allows writing for another one.",
            ));
        }
        Ok(Self { board, token })
    }
}

impl FromRequestParts<Endpoint> for BoardAdmin {
    type Rejection = Problem;

    /// # Errors
    /// 403 when the token is no admin token, and as [`BoardReader`].
    async fn from_request_parts(parts: &mut Parts, endpoint: &Endpoint) -> Result<Self, Problem> {
        let BoardReader { board, token } = BoardReader::from_request_parts(parts, endpoint).await?;
        if token.rights < Rights::Admin {
            return Err(Problem::forbidden(
                "Only an admin of the board may delete or restore it. You can erase what you wrote yourself.",
            ));
        }
        Ok(Self { board })
    }
}
