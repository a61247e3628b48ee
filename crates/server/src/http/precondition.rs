//! Preconditions of requests: `If-Match` and `If-None-Match`.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
};

use super::{Endpoint, problem::Problem, response::etag};
use crate::store::{Cursor, Precondition};

/// The precondition of a PUT, which must have one.
pub(super) struct Required(pub(super) Precondition);

/// The precondition of a PATCH, which only appends and so needs none.
pub(super) struct Optional(pub(super) Precondition);

/// The header `If-None-Match` of a GET.
pub(super) struct IfNoneMatch(Option<HeaderValue>);

impl FromRequestParts<Endpoint> for Required {
    type Rejection = Problem;

    /// # Errors
    /// 428 when there is none, 400 when the headers are invalid.
    async fn from_request_parts(parts: &mut Parts, endpoint: &Endpoint) -> Result<Self, Problem> {
        let precondition = parse(endpoint, &parts.headers)?;
        precondition.map(Self).ok_or_else(|| {
            Problem::new(
                StatusCode::PRECONDITION_REQUIRED,
                "PUT needs a precondition: GET the board, merge its changes, and send its ETag as `If-Match`. For a board that does not exist here yet, send `If-None-Match: *`.",
            )
        })
    }
}

impl FromRequestParts<Endpoint> for Optional {
    type Rejection = Problem;

    /// # Errors
    /// 400 when the headers are invalid.
    async fn from_request_parts(parts: &mut Parts, endpoint: &Endpoint) -> Result<Self, Problem> {
        let precondition = parse(endpoint, &parts.headers)?;
        Ok(Self(precondition.unwrap_or(Precondition::Any)))
    }
}

impl FromRequestParts<Endpoint> for IfNoneMatch {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Endpoint) -> Result<Self, Infallible> {
        Ok(Self(parts.headers.get(header::IF_NONE_MATCH).cloned()))
    }
}

impl IfNoneMatch {
    /// Returns whether the client has the board at this cursor. Weak comparison, as RFC 9110 demands.
    pub(super) fn has(&self, endpoint: &Endpoint, cursor: Cursor) -> bool {
        let tags = self.0.as_ref().and_then(|tags| tags.to_str().ok());
        let tag = etag(endpoint, cursor);
        let mut tags = tags.unwrap_or_default().split(',').map(str::trim);
        tags.any(|listed| listed == "*" || listed.strip_prefix("W/").unwrap_or(listed) == tag)
    }
}

/// Parses the precondition of a write; `None` when there is none.
fn parse(endpoint: &Endpoint, headers: &HeaderMap) -> Result<Option<Precondition>, Problem> {
    let text = |name| headers.get(name).map(|value: &HeaderValue| value.to_str());
    Ok(Some(
        match (text(header::IF_MATCH), text(header::IF_NONE_MATCH)) {
            (None, None) => return Ok(None),
            (Some(Ok(tags)), None) if tags.trim() == "*" => Precondition::Present,
            (Some(Ok(tags)), None) => Precondition::At(cursors(tags, &endpoint.store.nonce())),
            (None, Some(Ok("*"))) => Precondition::Absent,
            _ => {
                return Err(Problem::new(
                    StatusCode::BAD_REQUEST,
                    "Send either `If-Match` with an ETag, or `If-None-Match: *`, and not both.",
                ));
            }
        },
    ))
}

/// Returns the cursors of the strong ETags of the store with this nonce. Others match nothing.
fn cursors(tags: &str, nonce: &str) -> Vec<Cursor> {
    let tags = tags.split(',').map(str::trim);
    let cursors = tags.filter_map(|tag| {
        let tag = tag.strip_prefix('"')?.strip_suffix('"')?;
        let (cursor, of) = tag.split_once('-')?;
        (of == nonce).then(|| cursor.parse().ok())?
    });
    cursors.collect()
}
