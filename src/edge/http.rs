//! One request and its answer.

use std::cell::Cell;

use js_sys::{Reflect, Uint8Array};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    AbortController, Headers, ReadableStreamDefaultReader, Request, RequestInit, Response,
};

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
    /// So many bytes of the answer are read; of a longer one nothing is kept.
    pub most_bytes: usize,
    /// How long to wait for the answer, and then for each part of it.
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
    /// Whether there was more than was wanted, so that the body is empty.
    pub is_too_long: bool,
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
/// the page is not allowed to see. `on_part` is told how many bytes have come, again and again.
pub async fn ask(
    asking: Asking<'_>,
    abort: &AbortController,
    on_part: &dyn Fn(usize),
) -> Option<Answered> {
    let init = RequestInit::new();
    init.set_method(asking.method);
    init.set_signal(Some(&abort.signal()));
    if let Some(body) = asking.body {
        init.set_body(&JsValue::from_str(body));
    }
    // A proxy in front of the page's own server may know its users by a cookie or a certificate; cookies of
    // other servers are none of our business. A copy in the cache may be an old one, and credentials must
    // not follow to wherever it points.
    for (option, value) in [
        ("credentials", "same-origin"),
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
    // Each part that comes is given as long again.
    let give_up = Cell::new(None);
    let wait_on = || {
        let abort = abort.clone();
        give_up.set(Some(clock::after(asking.patience_millis, move || {
            abort.abort()
        })));
    };
    wait_on();
    let on_part = |bytes| {
        wait_on();
        on_part(bytes);
    };
    let answered = answered(&request, asking.most_bytes, &on_part).await?;
    if answered.is_too_long {
        // The rest need not come.
        abort.abort();
    }
    Some(answered)
}

async fn answered(
    request: &Request,
    most_bytes: usize,
    on_part: &dyn Fn(usize),
) -> Option<Answered> {
    let response = window().fetch_with_request(request);
    let response = response.await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    let kind = Reflect::get(&response, &"type".into()).ok()?;
    if kind.as_string().as_deref() == Some("opaqueredirect") {
        return Some(Answered {
            status: 302,
            body: String::new(),
            is_too_long: false,
            headers: response.headers(),
        });
    }
    let body = body_of(&response, most_bytes, on_part).await?;
    Some(Answered {
        status: response.status(),
        is_too_long: body.is_none(),
        body: body.unwrap_or_default(),
        headers: response.headers(),
    })
}

/// The whole body as it comes, or `Some(None)` when it has too much; `None` when it breaks off.
async fn body_of(
    response: &Response,
    most_bytes: usize,
    on_part: &dyn Fn(usize),
) -> Option<Option<String>> {
    let Some(body) = response.body() else {
        return Some(Some(String::new()));
    };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut bytes = Vec::new();
    loop {
        let read = reader.read().await.ok()?;
        let part = Reflect::get(&read, &"value".into()).ok()?;
        // At the end there is none.
        let Ok(part) = part.dyn_into::<Uint8Array>() else {
            break;
        };
        let start = bytes.len();
        if start + part.length() as usize > most_bytes {
            return Some(None);
        }
        bytes.resize(start + part.length() as usize, 0);
        part.copy_to(&mut bytes[start..]);
        on_part(bytes.len());
    }
    let text = String::from_utf8(bytes)
        .unwrap_or_else(|not_utf8| String::from_utf8_lossy(not_utf8.as_bytes()).into_owned());
    // A long text is not copied for a mark that hardly any has.
    let unmarked = text.strip_prefix('\u{feff}').map(str::to_owned);
    Some(Some(unmarked.unwrap_or(text)))
}

/// Text as base64 of its UTF-8, as `Basic` credentials are sent.
#[must_use]
pub fn base64(text: &str) -> String {
    // `btoa` takes one character for one byte.
    let bytes: String = text.bytes().map(char::from).collect();
    window().btoa(&bytes).unwrap_or_default()
}
