//! Why an endpoint cannot be used as it is, in words.

use serde_json::Value;

use crate::ChangeId;

/// So small a write is below every limit that is in use.
const SMALL_BYTES: usize = 64 << 10;

/// Why an endpoint cannot be used as it is. None of these is for good: it is asked again, more and more
/// rarely.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// It wants to know who is asking.
    #[error("The endpoint wants a valid token. Put in another one in Setup.")]
    Unauthorized,
    /// The credential does not allow this.
    #[error("The endpoint does not allow this with your token{0}")]
    Forbidden(String),
    /// What it holds is something else.
    #[error("What is at that address is not a board: {0} Nothing was changed there.")]
    NotABoard(String),
    /// It holds another board.
    #[error("Another board is at that address. Nothing was changed there; choose another address.")]
    AnotherBoard,
    /// It holds a document of a version that this app cannot read.
    #[error("A newer version of Cruxboard has written there. Load this page anew to update it.")]
    Newer,
    /// It holds more than anybody's board.
    #[error(
        "What is at that address is too large for a board: more than 64 MB or 200,000 changes. Nothing of it was taken in, and nothing was changed there."
    )]
    TooLarge,
    /// It points to another address, where what was sent along must not follow.
    #[error(
        "The address leads on to another one, perhaps a page to sign in. Sign in there and load this page anew, or put in the address that it leads to."
    )]
    Elsewhere,
    /// Nothing is at that address, and nothing can be put there.
    #[error(
        "Nothing can be put at that address. The folder, bucket or database that it names may have to be made first{0}"
    )]
    NoPlace(String),
    /// It has no room left (507).
    #[error("The endpoint has no room for the board{0}")]
    NoRoom(String),
    /// It takes nothing so large (413).
    #[error(
        "The board is too large for the endpoint: it refused {} with the status 413{detail} The server, or a proxy in front of it, has a limit that its owner can raise.",
        size(*.bytes)
    )]
    LimitReached {
        /// How much was sent.
        bytes: usize,
        /// What it says itself, with its punctuation.
        detail: String,
    },
    /// Reads are answered, and writes are not.
    #[error("{}", no_answer_to_writes(*.bytes))]
    NoAnswerToWrites {
        /// How much was sent.
        bytes: usize,
    },
    /// It refuses each write because of its condition, although nothing there has changed.
    #[error(
        "The endpoint refuses every write although nothing there has changed since it was read: it, or a proxy in front of it, may alter the tags (ETag) of what it sends."
    )]
    Conditions,
    /// This change is dated too far ahead for it; [`super::ahead_in_words`] says what to do.
    #[error("The endpoint takes no change that is dated so far ahead{1}")]
    Ahead(ChangeId, String),
    /// It stored nothing, for a reason of its own.
    #[error("The endpoint refused with the status {0}{1}")]
    Other(u16, String),
}

fn no_answer_to_writes(bytes: usize) -> String {
    if bytes <= SMALL_BYTES {
        return "The endpoint answers reads, not writes: the server has to allow PUT from this page (CORS), or something on the way blocks it.".to_owned();
    }
    format!(
        "Small exchanges go through, but sending {} gets no answer. The server, or a proxy in front of it, may have a limit (often 1 MB) that its owner can raise; it may also not allow PUT from this page (CORS).",
        size(bytes)
    )
}

/// An amount of data as people read it.
fn size(bytes: usize) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

/// Why an endpoint said no, by the status and body of its answer.
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

/// The change that our server names when it is dated too far ahead.
pub(super) fn dated_ahead(body: &str) -> Option<ChangeId> {
    let problem: Value = serde_json::from_str(body).ok()?;
    problem.get("dated_ahead")?.as_str()?.parse().ok()
}

/// The one change that our server names as not to be taken, where it would take the others.
pub(super) fn refused_change(body: &str) -> Option<ChangeId> {
    let problem: Value = serde_json::from_str(body).ok()?;
    problem.get("refused_change")?.as_str()?.parse().ok()
}

/// What a server says of its refusal, after a colon; a full stop where it says nothing. Somebody else's
/// text: as much of it as fits on a line, and only from JSON, which is meant to be read: a problem
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
