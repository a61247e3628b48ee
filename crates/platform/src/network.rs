//! All network requests of the app: one request and its whole response, through `reqwest`.
//!
//! `reqwest` cannot tell a browser not to follow redirects. The page's `fetch`, as replaced by
//! `boot.js`, does not follow them for any request made here; the status is then 302. See
//! `docs/decisions/0018-network.md`.

use cruxboard_domain::t;
use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use futures::StreamExt as _;
use futures::future::{Either, select};
use leptos::prelude::window;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method, RequestBuilder, Response};
use wasm_bindgen::JsCast as _;

use super::clock;

/// A request to any server.
#[derive(Clone, Debug, Default)]
pub struct HttpRequest<'a> {
    /// The method, such as `GET`.
    pub method: &'a str,
    /// The absolute URL.
    pub address: &'a str,
    /// Names and values. A repeated name replaces the earlier value.
    pub headers: Vec<(&'a str, String)>,
    /// The text to send.
    pub body: Option<&'a str>,
    /// Maximum number of bytes of a response body; a longer body is dropped.
    pub max_bytes: usize,
    /// Timeout of the response, and then of each part of its body.
    pub timeout: Duration,
}

/// A response with its whole body.
#[derive(Clone, Debug)]
pub struct HttpResponse {
    /// The status code. 302 stands for every redirect, since none is followed.
    pub status: u16,
    /// The body as text, without a byte order mark.
    pub body: String,
    /// Whether the body was longer than `max_bytes`; `body` is then empty.
    pub is_too_long: bool,
    headers: HeaderMap,
}

impl HttpResponse {
    /// Returns a header that the page may read and that is plain ASCII, as needed to send it back.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        Some(self.headers.get(name)?.to_str().ok()?.to_owned())
    }
}

/// Sends a request and reads the response. `on_progress` is called for each part of the body, with
/// the number of bytes so far.
///
/// `None` if there is no complete response: no network, a timeout, or a response that the browser
/// does not let the page read. Dropping the future aborts the request.
pub async fn send(request: HttpRequest<'_>, on_progress: &dyn Fn(usize)) -> Option<HttpResponse> {
    let timeout = request.timeout;
    let builder = builder(&request)?;
    let response = within(timeout, builder.send()).await?.ok()?;
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let body = read_body(response, request.max_bytes, timeout, on_progress).await?;
    Some(HttpResponse {
        status,
        is_too_long: body.is_none(),
        body: body.unwrap_or_default(),
        headers,
    })
}

fn builder(request: &HttpRequest<'_>) -> Option<RequestBuilder> {
    let client = Client::builder().build().ok()?;
    let method = Method::from_bytes(request.method.as_bytes()).ok()?;
    let mut headers = HeaderMap::new();
    for (name, value) in &request.headers {
        headers.insert(
            HeaderName::try_from(*name).ok()?,
            HeaderValue::try_from(value).ok()?,
        );
    }
    let builder = client.request(method, request.address).headers(headers);
    let builder = with_fetch_options(builder);
    Some(match request.body {
        Some(body) => builder.body(body.to_owned()),
        None => builder,
    })
}

/// Sends cookies only to the page's own origin, where a proxy may know its users by them. Keeps responses out
/// of the HTTP cache, because a cached board may be an old one.
#[cfg(target_family = "wasm")]
fn with_fetch_options(builder: RequestBuilder) -> RequestBuilder {
    builder
        .fetch_credentials_same_origin()
        .fetch_cache_no_store()
        .fetch_referrer_policy("no-referrer")
}

/// Variant for the native unit tests of this crate, which send nothing: the options exist only in
/// browsers.
#[cfg(not(target_family = "wasm"))]
fn with_fetch_options(builder: RequestBuilder) -> RequestBuilder {
    builder
}

/// Returns the whole body, `Some(None)` if it is longer than `max_bytes`, or `None` if it breaks
/// off.
async fn read_body(
    response: Response,
    max_bytes: usize,
    timeout: Duration,
    on_progress: &dyn Fn(usize),
) -> Option<Option<String>> {
    // Dropping the stream aborts the rest of the transfer.
    let mut parts = response.bytes_stream();
    let mut bytes = Vec::new();
    while let Some(part) = within(timeout, parts.next()).await? {
        let part = part.ok()?;
        if bytes.len() + part.len() > max_bytes {
            return Some(None);
        }
        bytes.extend_from_slice(&part);
        on_progress(bytes.len());
    }
    Some(Some(decoded(bytes)))
}

/// Decodes UTF-8 with replacement characters, and drops a byte order mark.
fn decoded(bytes: Vec<u8>) -> String {
    let text = String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    // A long text is copied only if it begins with a byte order mark.
    match text.strip_prefix('\u{feff}') {
        Some(unmarked) => unmarked.to_owned(),
        None => text,
    }
}

/// Returns the output of a future, or `None` if it takes longer than `timeout`.
async fn within<F: Future>(timeout: Duration, future: F) -> Option<F::Output> {
    match select(pin!(future), pin!(clock::sleep(timeout))).await {
        Either::Left((output, _)) => Some(output),
        Either::Right(_) => None,
    }
}

/// The reason why a file beside the page could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageFileError {
    /// No response arrived.
    #[error("{}", t!("There was no answer. Please check the connection and try again."))]
    Unreachable,
    /// The server refused with this status.
    #[error("{}", t!("The server answered with the status {status}.", status = .0))]
    Refused(u16),
}

/// Reads a text file that is published beside the page, such as `example.cruxboard.json`.
///
/// It calls the browser's `fetch` directly: the first screen needs it before any chunk is loaded,
/// and `reqwest` would add a third to the first visit.
///
/// # Errors
/// [`PageFileError`] if the file was not read.
pub async fn read_page_file(name: &str) -> Result<String, PageFileError> {
    let response = fetch_page_file(name).await;
    let response = response.ok_or(PageFileError::Unreachable)?;
    if !response.ok() {
        return Err(PageFileError::Refused(response.status()));
    }
    page_file_text(&response)
        .await
        .ok_or(PageFileError::Unreachable)
}

/// The browser resolves the name against the page's address.
async fn fetch_page_file(name: &str) -> Option<web_sys::Response> {
    let response = window().fetch_with_str(name).await.ok()?;
    response.dyn_into().ok()
}

async fn page_file_text(response: &web_sys::Response) -> Option<String> {
    response.text().ok()?.await.ok()?.as_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_is_dropped_and_bytes_that_are_no_text_are_replaced() {
        for (bytes, text) in [
            (&b"\xef\xbb\xbf{}"[..], "{}"),
            (b"{}", "{}"),
            (b"", ""),
            (b"a\xff", "a\u{fffd}"),
        ] {
            assert_eq!(decoded(bytes.to_vec()), text);
        }
    }

    #[test]
    fn a_header_or_an_address_that_cannot_be_sent_sends_nothing() {
        let request = |address: &'static str, name: &'static str, value: &str| HttpRequest {
            method: "GET",
            address,
            headers: vec![(name, value.to_owned())],
            ..HttpRequest::default()
        };
        let is_built = |request: HttpRequest<'_>| {
            builder(&request).is_some_and(|builder| builder.build().is_ok())
        };
        assert!(is_built(request("https://x.test/b", "X-Key", "sesame")));
        assert!(!is_built(request("https://x.test/b", "X Key", "sesame")));
        assert!(!is_built(request("https://x.test/b", "X-Key", "a\nb")));
        assert!(!is_built(request("/boards/1", "X-Key", "sesame")));
    }
}
