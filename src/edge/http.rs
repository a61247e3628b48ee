//! One request and its answer.

use js_sys::Reflect;
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortController, Headers, Request, RequestInit, Response};

use super::clock;

/// A request to somebody else's server.
#[derive(Clone, Debug, Default)]
pub struct Asking<'a> {
    /// `GET` and so on.
    pub method: &'a str,
    /// The whole address.
    pub address: &'a str,
    /// Names and values.
    pub headers: Vec<(&'a str, String)>,
    /// What is sent along.
    pub body: Option<&'a str>,
    /// How long to wait for all of the answer.
    pub patience_millis: u64,
}

/// What came back, whole.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The status; 302 for every redirection, which is never followed: what is sent along is for
    /// this address alone.
    pub status: u16,
    /// What stood in the body.
    pub body: String,
    headers: Headers,
}

impl Answered {
    /// A header, where the page may read it.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).ok().flatten()
    }
}

/// Asks. `None` when there was no answer: no network, none in time, broken off by `abort`, or one that
/// the page is not allowed to see.
pub async fn ask(asking: Asking<'_>, abort: &AbortController) -> Option<Answered> {
    let init = RequestInit::new();
    init.set_method(asking.method);
    init.set_signal(Some(&abort.signal()));
    if let Some(body) = asking.body {
        init.set_body(&JsValue::from_str(body));
    }
    // Cookies of that server are none of our business, a copy in the cache may be an old one, and
    // credentials must not follow to wherever it points.
    for (option, value) in [
        ("credentials", "omit"),
        ("cache", "no-store"),
        ("redirect", "manual"),
        ("referrerPolicy", "no-referrer"),
    ] {
        Reflect::set(&init, &option.into(), &value.into()).ok()?;
    }
    let request = Request::new_with_str_and_init(asking.address, &init).ok()?;
    for (name, value) in &asking.headers {
        request.headers().set(name, value).ok()?;
    }
    let give_up = {
        let abort = abort.clone();
        clock::after(asking.patience_millis, move || abort.abort())
    };
    let answered = answered(&request).await;
    drop(give_up);
    answered
}

async fn answered(request: &Request) -> Option<Answered> {
    let response = window().fetch_with_request(request);
    let response = response.await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    let kind = Reflect::get(&response, &"type".into()).ok()?;
    if kind.as_string().as_deref() == Some("opaqueredirect") {
        return Some(Answered {
            status: 302,
            body: String::new(),
            headers: response.headers(),
        });
    }
    let body = response.text().ok()?;
    let body = body.await.ok()?.as_string()?;
    Some(Answered {
        status: response.status(),
        body,
        headers: response.headers(),
    })
}

/// Text as base64 of its UTF-8, as `Basic` credentials are sent.
#[must_use]
pub fn base64(text: &str) -> String {
    // `btoa` takes one character for one byte.
    let bytes: String = text.bytes().map(char::from).collect();
    window().btoa(&bytes).unwrap_or_default()
}
