//! Error responses: problem documents (RFC 9457) whose `detail` tells the client what to do.

use std::time::Duration;

use axum::{
    extract::rejection::{JsonRejection, PathRejection, QueryRejection},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use cruxboard_domain::{BoardId, ChangeId};
use serde::Serialize;

use crate::{
    changes_body::ChangesBodyError,
    error_chain::with_causes,
    store::{StoreError, WriteError},
};

/// An error response. Boxed, to keep `Result` small.
#[derive(Debug)]
pub(super) struct Problem(Box<Parts>);

#[derive(Debug)]
struct Parts {
    status: StatusCode,
    detail: String,
    /// The change that is dated too far ahead, if that is the error.
    dated_ahead: Option<ChangeId>,
    /// The change whose text is too long. The server would accept the other changes of the request.
    refused_change: Option<ChangeId>,
    headers: HeaderMap,
}

#[derive(Serialize)]
struct Body<'a> {
    r#type: &'a str,
    title: &'a str,
    status: u16,
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    dated_ahead: Option<ChangeId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused_change: Option<ChangeId>,
}

impl Problem {
    pub(super) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self(Box::new(Parts {
            status,
            detail: detail.into(),
            dated_ahead: None,
            refused_change: None,
            headers: HeaderMap::new(),
        }))
    }

    pub(super) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.insert(name, value);
        self
    }

    pub(super) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Internal error of the server. Your changes are not lost; try again, and tell the server's operator.",
        )
    }

    pub(super) fn no_token() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "This needs a token: send it in the header `Authorization: Bearer …`. The server's operator, or somebody who may write to the board, can create one.",
        )
        .with(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
    }

    pub(super) fn wrong_token() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "This token is unknown, has expired or was revoked. Ask the person who gave it to you for a new one.",
        )
        .with(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer error=\"invalid_token\""),
        )
    }

    pub(super) fn too_many_wrong_tokens(rest: Duration) -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "Too many requests with a wrong token came from your network. Stop using this token, and ask the person who gave it to you for a new one.",
        )
        .with(header::RETRY_AFTER, HeaderValue::from(rest.as_secs().max(1)))
    }

    pub(super) fn forbidden(detail: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, detail)
    }

    /// The response for a board that the token is not for. It does not tell whether the board exists: a token
    /// must reveal nothing about other boards.
    pub(super) fn other_board() -> Self {
        Self::forbidden("This token is for another board.")
    }

    pub(super) fn no_board(board: BoardId) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            format!(
                "Board {board} does not exist here yet. PATCH or PUT its document to this address."
            ),
        )
    }

    pub(super) fn deleted() -> Self {
        Self::new(
            StatusCode::GONE,
            "This board was deleted here. Your own copy is unchanged. For some days an admin of the board can restore it: send POST to this address with `/restore` appended, or run `cruxboard board restore`.",
        )
    }

    pub(super) fn no_board_id() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "The address of a board ends in its id: 26 digits and capital letters, as in the `board` of its document.",
        )
    }

    /// The response for an unsupported method. axum adds the header `Allow`.
    pub(super) fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "This address does not accept this method. The header `Allow` lists those that it accepts.",
        )
    }

    pub(super) fn unsupported_type(wanted: &'static str) -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            format!("Send the header `Content-Type: {wanted}`, and the body as it is or with `Content-Encoding: gzip`."),
        )
        .with(header::ACCEPT, HeaderValue::from_static(wanted))
    }

    pub(super) fn too_large(limit: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!(
                "The limit of a request here is {limit} bytes. Send less; changes can be sent in several requests."
            ),
        )
    }
}

impl From<PathRejection> for Problem {
    fn from(rejection: PathRejection) -> Self {
        Self::new(
            rejection.status(),
            format!("The address cannot be read: {}", rejection.body_text()),
        )
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("The query cannot be read: {}", rejection.body_text()),
        )
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        Self::new(
            rejection.status(),
            format!(
                "The body cannot be read ({}). `/openapi.json` describes what this address takes.",
                rejection.body_text()
            ),
        )
    }
}

impl From<ChangesBodyError> for Problem {
    fn from(error: ChangesBodyError) -> Self {
        let status = match error {
            ChangesBodyError::NotJson(_) => StatusCode::BAD_REQUEST,
            ChangesBodyError::TooMany(_) | ChangesBodyError::ChangeTooLarge { .. } => {
                StatusCode::PAYLOAD_TOO_LARGE
            }
            ChangesBodyError::NotADocument
            | ChangesBodyError::FromTheFuture { .. }
            | ChangesBodyError::TextTooLong { .. }
            | ChangesBodyError::TooNew(_)
            | ChangesBodyError::OtherBoard { .. }
            | ChangesBodyError::Damaged { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let dated_ahead = match error {
            ChangesBodyError::FromTheFuture { id, .. } => Some(id),
            _ => None,
        };
        let refused_change = match error {
            ChangesBodyError::TextTooLong { id, .. } => Some(id),
            _ => None,
        };
        let mut detail = error.to_string();
        if let Some(first) = detail.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        detail.push('.');
        let mut problem = Self::new(status, detail);
        problem.0.dated_ahead = dated_ahead;
        problem.0.refused_change = refused_change;
        problem
    }
}

impl Problem {
    pub(super) fn disk_low() -> Self {
        Self::new(
            StatusCode::INSUFFICIENT_STORAGE,
            "The server's disk is nearly full, so it accepts only erasures. Your changes are not lost: they stay on your device. Tell the server's operator.",
        )
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::DiskLow) {
            return Self::disk_low();
        }
        // The writer has logged a failed write already.
        if !matches!(error, StoreError::Write(_)) {
            tracing::error!(error = with_causes(&error), "a request failed");
        }
        match error.write_error() {
            Some(WriteError::DiskFull) => return Self::new(
                StatusCode::INSUFFICIENT_STORAGE,
                "The server's disk is full, so it cannot store anything. Your changes are not lost: they stay on your device. Tell the server's operator.",
            ),
            Some(WriteError::ReadOnly) => return Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "The server's database is read-only at the moment. Your changes are not lost: they stay on your device. Tell the server's operator.",
            )
            .with(header::RETRY_AFTER, HeaderValue::from_static("30")),
            Some(WriteError::Failed) | None => {}
        }
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "The server cannot reach its database at the moment, or is about to stop. Send this again in a moment; a change is never stored twice.",
        )
        .with(header::RETRY_AFTER, HeaderValue::from_static("5"))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Parts {
            status,
            detail,
            dated_ahead,
            refused_change,
            headers,
        } = *self.0;
        let body = Body {
            r#type: "about:blank",
            title: status.canonical_reason().unwrap_or_default(),
            status: status.as_u16(),
            detail: &detail,
            dated_ahead,
            refused_change,
        };
        // Serializing text cannot fail.
        let body = serde_json::to_string(&body).unwrap_or_default();
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        (status, headers, kind, body).into_response()
    }
}
