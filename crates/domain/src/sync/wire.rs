//! Asks as HTTP requests, and HTTP answers as answers, whatever carries them.

use super::{Answer, Ask, Condition};

/// A request, but for what shows who is asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request<'a> {
    /// `GET`, `PUT` or `PATCH`.
    pub method: &'static str,
    /// The whole address.
    pub address: String,
    /// Names and values.
    pub headers: Vec<(&'static str, String)>,
    /// What is sent along.
    pub body: Option<&'a str>,
}

impl<'a> Request<'a> {
    /// What to send to the board's address; nothing where nothing is to be asked.
    #[must_use]
    pub fn of(ask: &'a Ask, address: &str) -> Option<Self> {
        let mut request = Self {
            method: "GET",
            address: address.to_owned(),
            headers: vec![("Accept", "application/json".into())],
            body: None,
        };
        match ask {
            Ask::Get { tag, after } => {
                if let Some(after) = after {
                    let mark = if address.contains('?') { '&' } else { '?' };
                    request.address = format!("{address}{mark}after={after}");
                }
                if let Some(tag) = tag {
                    request.headers.push(("If-None-Match", tag.clone()));
                }
            }
            Ask::Put {
                condition, body, ..
            } => {
                request.method = "PUT";
                request.body = Some(body);
                match condition {
                    Condition::Absent => request.headers.push(("If-None-Match", "*".into())),
                    Condition::Unchanged(tag) => request.headers.push(("If-Match", tag.clone())),
                    Condition::None => {}
                }
            }
            Ask::Patch { body, .. } => {
                request.method = "PATCH";
                request.body = Some(body);
            }
            Ask::Pause(_) | Ask::Rest | Ask::Stop(_) => return None,
        }
        if request.body.is_some() {
            request
                .headers
                .push(("Content-Type", "application/json".into()));
        }
        Some(request)
    }

    /// The same, to be answered only when there is something new or after so many seconds.
    #[must_use]
    pub fn waiting(mut self, seconds: u64) -> Self {
        self.headers.push(("Prefer", format!("wait={seconds}")));
        self
    }
}

impl Answer {
    /// What came back, but for its body. `header` finds the value of a header by its name.
    #[must_use]
    pub fn of(status: u16, header: &dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            status,
            tag: header("ETag"),
            cursor: header("Cursor"),
            takes_patches: header("Accept-Patch")
                .is_some_and(|kinds| kinds.contains("application/json")),
            retry_after_millis: header("Retry-After")
                .and_then(|seconds| seconds.trim().parse::<u64>().ok())
                .map(|seconds| seconds.saturating_mul(1_000)),
            body: String::new(),
            is_too_long: false,
        }
    }
}
