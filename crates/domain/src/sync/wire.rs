//! Converts requests to HTTP requests, and HTTP responses to responses, independent of the HTTP client.

use core::time::Duration;

use chrono::NaiveDateTime;

use super::{Condition, SyncRequest, SyncResponse};
use crate::Millis;

/// The three forms of a date in HTTP (RFC 9110, section 5.6.7).
const DATES: [&str; 3] = [
    "%a, %d %b %Y %H:%M:%S GMT",
    "%A, %d-%b-%y %H:%M:%S GMT",
    "%a %b %e %H:%M:%S %Y",
];

/// An HTTP request without the credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request<'a> {
    /// `GET`, `PUT` or `PATCH`.
    pub method: &'static str,
    /// The absolute URL.
    pub address: String,
    /// The headers: names and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Option<&'a str>,
}

impl<'a> Request<'a> {
    /// Returns the HTTP request to the board's address; `None` if there is nothing to request.
    #[must_use]
    pub fn of(ask: &'a SyncRequest, address: &str) -> Option<Self> {
        let mut request = Self {
            method: "GET",
            address: address.to_owned(),
            headers: vec![("Accept", "application/json".into())],
            body: None,
        };
        match ask {
            SyncRequest::Get { tag, after } => {
                if let Some(after) = after {
                    let mark = if address.contains('?') { '&' } else { '?' };
                    request.address = format!("{address}{mark}after={after}");
                }
                if let Some(tag) = tag {
                    request.headers.push(("If-None-Match", tag.clone()));
                }
            }
            SyncRequest::Put {
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
            SyncRequest::Patch { body, .. } => {
                request.method = "PATCH";
                request.body = Some(body);
            }
            SyncRequest::Pause(_) | SyncRequest::Rest => return None,
        }
        if request.body.is_some() {
            request
                .headers
                .push(("Content-Type", "application/json".into()));
        }
        Some(request)
    }

    /// Turns the request into a long-polling one, which is answered when there is something new or after
    /// `seconds`.
    #[must_use]
    pub fn waiting(mut self, seconds: u64) -> Self {
        self.headers.push(("Prefer", format!("wait={seconds}")));
        self
    }
}

impl SyncResponse {
    /// Creates a response without its body. `header` returns the value of a header by its name; `now` is the
    /// time on this device.
    #[must_use]
    pub fn of(status: u16, header: &dyn Fn(&str) -> Option<String>, now: Millis) -> Self {
        let date = header("Date").and_then(|date| date_in(&date));
        // A date in `Retry-After` is relative to the server's own clock.
        let server_now = date.unwrap_or(now);
        Self {
            status,
            tag: header("ETag"),
            cursor: header("Cursor"),
            takes_patches: header("Accept-Patch")
                .is_some_and(|kinds| kinds.contains("application/json")),
            allows_writes: header("Allow").map(|methods| {
                let mut methods = methods.split(',').map(str::trim);
                methods.any(|method| matches!(method, "PUT" | "PATCH"))
            }),
            retry_after: header("Retry-After").and_then(|when| retry_after(&when, server_now)),
            now: Some(now),
            date,
            body: String::new(),
            is_too_long: false,
        }
    }
}

/// Parses `Retry-After` to the time from `now`: seconds, or a date.
fn retry_after(when: &str, now: Millis) -> Option<Duration> {
    let when = when.trim();
    if !when.is_empty() && when.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number with too many digits stands for a very long time.
        let seconds = when.parse::<u64>().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(seconds));
    }
    Some(date_in(when)?.since(now))
}

/// Parses an HTTP date.
fn date_in(text: &str) -> Option<Millis> {
    let text = text.trim();
    let mut dates = DATES.iter();
    let date = dates.find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())?;
    let millis = date.and_utc().timestamp_millis();
    u64::try_from(millis).ok().map(Millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_as_seconds_and_as_a_date() {
        // Sun, 06 Nov 1994 08:49:37 GMT.
        const NOW: Millis = Millis(784_111_777_000);
        for (text, expected) in [
            ("0", Some(0)),
            ("120", Some(120)),
            (" 7 ", Some(7)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60)),
            ("Sunday, 06-Nov-94 08:50:37 GMT", Some(60)),
            ("Sun Nov  6 08:50:37 1994", Some(60)),
            ("Sun, 06 Nov 1994 07:00:00 GMT", Some(0)),
            ("-3", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ] {
            let expected = expected.map(Duration::from_secs);
            assert_eq!(retry_after(text, NOW), expected, "{text}");
        }
    }

    #[test]
    fn a_date_of_retry_after_goes_by_the_server_s_clock_where_that_can_be_read() {
        let header = |name: &str| match name {
            "Date" => Some("Sun, 06 Nov 1994 08:49:37 GMT".to_owned()),
            "Retry-After" => Some("Sun, 06 Nov 1994 08:50:07 GMT".to_owned()),
            _ => None,
        };
        let answer = SyncResponse::of(503, &header, Millis(5));
        assert_eq!(answer.retry_after, Some(Duration::from_secs(30)));
        assert_eq!(answer.date, Some(Millis(784_111_777_000)));
        assert_eq!(answer.now, Some(Millis(5)));
    }

    #[test]
    fn an_endpoint_says_by_the_methods_that_it_allows_whether_it_may_be_written_to() {
        for (methods, expected) in [
            (None, None),
            (Some("GET, HEAD"), Some(false)),
            (Some("GET, HEAD, PUT, PATCH, OPTIONS"), Some(true)),
            (Some("GET,PUT"), Some(true)),
            (Some(""), Some(false)),
        ] {
            let header = |name: &str| methods.filter(|_| name == "Allow").map(str::to_owned);
            assert_eq!(
                SyncResponse::of(200, &header, Millis(0)).allows_writes,
                expected,
                "{methods:?}"
            );
        }
    }
}
