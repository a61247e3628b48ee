//! The reasons why an endpoint cannot be used, in words.

use serde_json::Value;

use crate::ChangeId;
use crate::t;
use crate::translation::number;

/// A size in bytes below every limit in use. A refused write of this size is not refused for its size.
const SMALL_BYTES: usize = 64 << 10;

/// The reason why an endpoint cannot be used. None is final: the endpoint is asked again with back-off.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// The endpoint requires a credential.
    #[error("{}", t!("The endpoint wants a valid token. Put in another one in Setup."))]
    Unauthorized,
    /// The credential does not allow this.
    #[error("{}", t!("The endpoint does not allow this with your token{detail}", detail = .0))]
    Forbidden(String),
    /// The endpoint's content is not a board.
    #[error("{}", t!("What is at that address is not a board: {why} Nothing was changed there.", why = .0))]
    NotABoard(String),
    /// The endpoint has another board.
    #[error("{}", t!("Another board is at that address. Nothing was changed there; choose another address."))]
    AnotherBoard,
    /// The endpoint's document has a version that this app cannot read.
    #[error("{}", t!("A newer version of Cruxboard has written there. Load this page anew to update it."))]
    Newer,
    /// The endpoint's content is larger than any board.
    #[error("{}", t!("What is at that address is too large for a board: more than 64 MB or 200,000 changes. Nothing of it was taken in, and nothing was changed there."))]
    TooLarge,
    /// The endpoint redirects to another address, to which the credential must not be sent.
    #[error("{}", t!("The address leads on to another one, perhaps a page to sign in. Sign in there and load this page anew, or put in the address that it leads to."))]
    Elsewhere,
    /// Nothing is at that address, and nothing can be stored there.
    #[error("{}", t!(
        "Nothing can be put at that address. The folder, bucket or database that it names may have to be made first{detail}",
        detail = .0
    ))]
    NoPlace(String),
    /// The endpoint has no space left (507).
    #[error("{}", t!("The endpoint has no room for the board{detail}", detail = .0))]
    NoRoom(String),
    /// The request is too large for the endpoint (413).
    #[error("{}", t!(
        "The board is too large for the endpoint: it refused {size} with the status 413{detail} The server, or a proxy in front of it, has a limit that its owner can raise.",
        size = size(*.bytes),
        detail = .detail
    ))]
    LimitReached {
        /// The size of the request in bytes.
        bytes: usize,
        /// The endpoint's own message, with its punctuation.
        detail: String,
    },
    /// The endpoint answers reads, but not writes.
    #[error("{}", no_answer_to_writes(*.bytes))]
    NoAnswerToWrites {
        /// The size of the request in bytes.
        bytes: usize,
    },
    /// The endpoint refuses each write by its precondition, although its content has not changed.
    #[error("{}", t!("The endpoint refuses every write although nothing there has changed since it was read: it, or a proxy in front of it, may alter the tags (ETag) of what it sends."))]
    Conditions,
    /// This change is dated too far ahead for the endpoint; see [`super::ahead_in_words`].
    #[error("{}", t!("The endpoint takes no change that is dated so far ahead{detail}", detail = .1))]
    Ahead(ChangeId, String),
    /// The endpoint stored nothing, for another reason: status and message.
    #[error("{}", t!("The endpoint refused with the status {status}{detail}", status = .0, detail = .1))]
    Other(u16, String),
}

fn no_answer_to_writes(bytes: usize) -> String {
    if bytes <= SMALL_BYTES {
        return t!("The endpoint answers reads, not writes: the server has to allow PUT from this page (CORS), or something on the way blocks it.").to_owned();
    }
    t!(
        "Small exchanges go through, but sending {size} gets no answer. The server, or a proxy in front of it, may have a limit (often 1 MB) that its owner can raise; it may also not allow PUT from this page (CORS).",
        size = size(bytes)
    )
}

/// Formats an amount of data.
fn size(bytes: usize) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => {
            let megabytes = format!("{}.{}", bytes / 1_000_000, bytes / 100_000 % 10);
            format!("{} MB", number(megabytes))
        }
    }
}

/// Returns the reason of a refusal, by the status and body of the response.
#[must_use]
pub fn refusal(status: u16, body: &str) -> EndpointError {
    let detail = detail_of(body);
    if let Some(change) = dated_ahead(body).filter(|_| status == 422) {
        return EndpointError::Ahead(change, detail);
    }
    match status {
        300..=399 => EndpointError::Elsewhere,
        401 => EndpointError::Unauthorized,
        403 => EndpointError::Forbidden(detail),
        413 | 507 => EndpointError::NoRoom(detail),
        _ => EndpointError::Other(status, detail),
    }
}

/// Returns the change that our server reports as dated too far ahead.
pub(super) fn dated_ahead(body: &str) -> Option<ChangeId> {
    let problem: Value = serde_json::from_str(body).ok()?;
    problem.get("dated_ahead")?.as_str()?.parse().ok()
}

/// Returns the one change that our server reports as unacceptable, if it would accept the others.
pub(super) fn refused_change(body: &str) -> Option<ChangeId> {
    let problem: Value = serde_json::from_str(body).ok()?;
    problem.get("refused_change")?.as_str()?.parse().ok()
}

/// Returns a server's message about its refusal, after a colon; a full stop if it has none. The message is
/// untrusted: it is cut to one line, and taken only from JSON that is meant to be read, which is a problem
/// document (RFC 9457), or the fields that Kinto, CouchDB and many frameworks use.
pub(super) fn detail_of(body: &str) -> String {
    let problem: Option<Value> = serde_json::from_str(body).ok();
    let detail = problem.as_ref().and_then(|problem| {
        [
            "detail",
            "message",
            "reason",
            "error_description",
            "title",
            "error",
        ]
        .iter()
        .find_map(|name| problem.get(name)?.as_str().filter(|text| !text.is_empty()))
    });
    let detail = detail.unwrap_or_default();
    let line: String = detail
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .take(200)
        .collect();
    match line.trim() {
        "" => ".".to_owned(),
        line if line.ends_with(['.', '!', '?']) => format!(": {line}"),
        line => format!(": {line}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_s_own_message_stands_beside_the_status() {
        for (body, expected) in [
            (
                r#"{"detail":"This token may only read."}"#,
                ": This token may only read.",
            ),
            (
                r#"{"title":"Bad","detail":"Too many rows"}"#,
                ": Too many rows.",
            ),
            (
                r#"{"error":"bad_request","reason":"invalid UTF-8 JSON"}"#,
                ": invalid UTF-8 JSON.",
            ),
            (r#"{"message":"Nope!\nReally"}"#, ": Nope! Really."),
            (r#"{"detail":""}"#, "."),
            ("<html>422 Unprocessable</html>", "."),
            ("", "."),
        ] {
            let expected = format!("The endpoint refused with the status 422{expected}");
            assert_eq!(refusal(422, body).to_string(), expected);
        }
        let long = format!("{{\"detail\":\"{}\"}}", "x".repeat(1_000));
        assert!(refusal(422, &long).to_string().len() < 260);
    }

    #[test]
    fn writes_without_an_answer_are_explained_by_their_size() {
        let said = |bytes| EndpointError::NoAnswerToWrites { bytes }.to_string();
        assert!(said(800).contains("answers reads, not writes"));
        assert!(said(2_700_000).contains("sending 2.7 MB"));
        let refused = EndpointError::LimitReached {
            bytes: 2_700_000,
            detail: ".".to_owned(),
        };
        assert!(
            refused
                .to_string()
                .contains("refused 2.7 MB with the status 413.")
        );
    }
}
