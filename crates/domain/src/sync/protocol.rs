//! Requests to an endpoint, its responses, and the state of syncing.

use core::time::Duration;

use super::backoff::Pause;
use super::endpoint_error::EndpointError;
use crate::Millis;

/// The next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncRequest {
    /// Read the document. The tag and the cursor are those of the last read.
    Get {
        /// The value for `If-None-Match`.
        tag: Option<String>,
        /// The value for `?after=`, if the endpoint supports it.
        after: Option<String>,
    },
    /// Store the whole document.
    Put {
        /// The precondition of the request.
        condition: Condition,
        /// The document.
        body: String,
        /// Number of changes in it that the endpoint lacks.
        count: usize,
    },
    /// Append changes.
    Patch {
        /// A document with only these changes.
        body: String,
        /// Number of changes.
        count: usize,
    },
    /// Pause.
    Pause(Pause),
    /// Rest until something happens on one side, since both sides have the same changes.
    Rest,
}

/// The precondition of storing a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// No document exists: `If-None-Match: *`.
    Absent,
    /// The document still has this tag: `If-Match`.
    Unchanged(String),
    /// No precondition, since the endpoint has no tags.
    None,
}

/// A response of the endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncResponse {
    /// The HTTP status.
    pub status: u16,
    /// The `ETag`, if readable.
    pub tag: Option<String>,
    /// The `Cursor`, if there is one.
    pub cursor: Option<String>,
    /// Whether the endpoint accepts single changes (`Accept-Patch`).
    pub takes_patches: bool,
    /// Whether the endpoint may be written to, if it reports that (`Allow`).
    pub allows_writes: Option<bool>,
    /// The `Retry-After`.
    pub retry_after: Option<Duration>,
    /// Time of the response by this device's clock.
    pub now: Option<Millis>,
    /// Time of the response by the endpoint's clock (`Date`), if readable.
    pub date: Option<Millis>,
    /// The body.
    pub body: String,
    /// Whether the body has more bytes than are accepted; it is then empty.
    pub is_too_long: bool,
}

/// The state of syncing, for display.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// There was no response yet.
    Unknown,
    /// The last request was answered.
    Reached,
    /// The last request was not answered.
    Unreached,
    /// The endpoint is busy, or keeps losing what it is sent.
    Struggling,
    /// The endpoint refuses, for this reason. It is asked again with back-off.
    Refused(EndpointError),
}
