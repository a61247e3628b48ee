//! Requests to an endpoint, its responses, and the state of syncing.

use super::backoff::Pause;
use super::endpoint_error::EndpointError;

/// The next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncRequest {
    /// Read the document. The tag and the cursor are of what was read last.
    Get {
        /// To be sent as `If-None-Match`.
        tag: Option<String>,
        /// To be sent as `?after=`, where the endpoint offers it.
        after: Option<String>,
    },
    /// Store the whole document.
    Put {
        /// The precondition of the request.
        condition: Condition,
        /// The document.
        body: String,
        /// How many changes in it the endpoint lacks.
        count: usize,
    },
    /// Add changes to what is there.
    Patch {
        /// A document that holds only these.
        body: String,
        /// How many they are.
        count: usize,
    },
    /// Nothing for a while.
    Pause(Pause),
    /// Both sides have the same: nothing, until something happens on one of them.
    Rest,
}

/// When a document may be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// While none is there: `If-None-Match: *`.
    Absent,
    /// While it still has this tag: `If-Match`.
    Unchanged(String),
    /// In any case: the endpoint shows no tag to go by.
    None,
}

/// The response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncResponse {
    /// The HTTP status.
    pub status: u16,
    /// `ETag`, if it can be read.
    pub tag: Option<String>,
    /// `Cursor`, if there is one.
    pub cursor: Option<String>,
    /// Whether it offers to take changes one by one (`Accept-Patch`).
    pub takes_patches: bool,
    /// Whether it may be written to, where it says so (`Allow`).
    pub allows_writes: Option<bool>,
    /// `Retry-After`, in milliseconds.
    pub retry_after_millis: Option<u64>,
    /// When it came, by this device's clock, in Unix milliseconds.
    pub now_millis: Option<u64>,
    /// `Date`: the same by the endpoint's clock, if it can be read.
    pub date_millis: Option<u64>,
    /// The body.
    pub body: String,
    /// Whether the body has more bytes than are accepted; it is empty then.
    pub is_too_long: bool,
}

/// How things stand, for whoever looks on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing was heard yet.
    Unknown,
    /// The last question was answered.
    Reached,
    /// The last question was not answered.
    Unreached,
    /// It is busy, or keeps losing what it is sent.
    Struggling,
    /// It refuses for this reason. It is asked again by itself, ever more rarely.
    Refused(EndpointError),
}
