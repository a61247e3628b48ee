//! Extractors for addresses, queries and bodies, as axum's own, but refused with a problem document.
//!
//! Bodies have a size limit and a deadline.

use axum::{
    body::{Bytes, HttpBody as _, to_bytes},
    extract::{FromRequest, FromRequestParts, Request},
    http::{StatusCode, header, request::Parts},
};
use http_body_util::LengthLimitError;
use serde::de::DeserializeOwned;
use tokio::time;

use super::{Endpoint, problem::Problem};

const JSON: &str = "application/json";
const ENCRYPTED: &str = "application/octet-stream";

/// The parameters in the address.
pub(super) struct Path<T>(pub(super) T);

/// The parameters in the query.
pub(super) struct Query<T>(pub(super) T);

/// The bytes of a JSON body, not parsed yet.
pub(super) struct JsonText(pub(super) Bytes);

/// A parsed JSON body.
pub(super) struct Json<T>(pub(super) T);

/// The bytes of an encrypted snapshot.
pub(super) struct Ciphertext(pub(super) Bytes);

impl<T: DeserializeOwned + Send> FromRequestParts<Endpoint> for Path<T> {
    type Rejection = Problem;

    /// # Errors
    /// 400 when a parameter cannot be read.
    async fn from_request_parts(parts: &mut Parts, endpoint: &Endpoint) -> Result<Self, Problem> {
        let path = axum::extract::Path::from_request_parts(parts, endpoint).await?;
        Ok(Self(path.0))
    }
}

impl<T: DeserializeOwned> FromRequestParts<Endpoint> for Query<T> {
    type Rejection = Problem;

    /// # Errors
    /// 422 when a parameter cannot be read.
    async fn from_request_parts(parts: &mut Parts, endpoint: &Endpoint) -> Result<Self, Problem> {
        let query = axum::extract::Query::from_request_parts(parts, endpoint).await?;
        Ok(Self(query.0))
    }
}

impl FromRequest<Endpoint> for JsonText {
    type Rejection = Problem;

    /// # Errors
    /// As [`read`].
    async fn from_request(request: Request, endpoint: &Endpoint) -> Result<Self, Problem> {
        let limit = endpoint.limits.body;
        read(request, endpoint, JSON, limit).await.map(Self)
    }
}

impl<T: DeserializeOwned> FromRequest<Endpoint> for Json<T> {
    type Rejection = Problem;

    /// # Errors
    /// 400 when the body is not JSON, 422 when it is not what the handler takes, and as [`read`].
    async fn from_request(request: Request, endpoint: &Endpoint) -> Result<Self, Problem> {
        let JsonText(body) = JsonText::from_request(request, endpoint).await?;
        let axum::Json(body) = axum::Json::from_bytes(&body)?;
        Ok(Self(body))
    }
}

impl FromRequest<Endpoint> for Ciphertext {
    type Rejection = Problem;

    /// # Errors
    /// 422 when the body is empty, and as [`read`].
    async fn from_request(request: Request, endpoint: &Endpoint) -> Result<Self, Problem> {
        /// Largest size of a snapshot in bytes. A large board without its history has a tenth of that.
        const MAX_BYTES: usize = 256 * 1024;
        let body = read(request, endpoint, ENCRYPTED, MAX_BYTES).await?;
        if body.is_empty() {
            return Err(Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "The body is empty. Send the encrypted snapshot.",
            ));
        }
        Ok(Self(body))
    }
}

/// Reads a whole body of the media type `wanted`.
///
/// The deadline is for the whole body, so that a client that sends a byte now and then cannot hold a request
/// open. tower-http's body timeout starts anew with every piece.
///
/// # Errors
/// 415 for another type, 413 above `limit` bytes, 408 when it takes too long, 400 when it is cut off.
async fn read(
    request: Request,
    endpoint: &Endpoint,
    wanted: &'static str,
    limit: usize,
) -> Result<Bytes, Problem> {
    let headers = request.headers();
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    // The layer that unpacks gzip removes the header; an encoding that is still there is unknown.
    if !kind.eq_ignore_ascii_case(wanted) || headers.contains_key(header::CONTENT_ENCODING) {
        return Err(Problem::unsupported_type(wanted));
    }
    // Refuses by the announced length, before anything is read.
    if request.body().size_hint().lower() > limit as u64 {
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
