//! A third party's server that stores one document, on another origin than the page.

use std::{
    convert::Infallible,
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderMap, Method, StatusCode, header},
    response::Response,
    routing::any,
};

use futures_util::{StreamExt as _, stream};

use super::serve;

/// The behaviour of the endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// Stores what it is sent, and refuses stale writes.
    Well,
    /// Allows reading but no writing.
    ReadOnly,
    /// Answers everything with a server error.
    Broken,
    /// A network that requires signing in first.
    CaptivePortal,
    /// Redirects every request to another server.
    Redirecting,
    /// Answers reads, and redirects writes to another server.
    RedirectingWrites,
    /// Sends a part of a long document, and the rest when the mood is `Well` again.
    Halting,
    /// A disconnected network: nothing arrives.
    Cut,
    /// An unreliable network: one request in three is answered; the others arrive, but their responses do
    /// not.
    Flapping,
    /// Answers after a delay.
    Slow,
    /// Answers everything with this status and, if given, this `Retry-After`.
    Refusing(u16, Option<&'static str>),
    /// Compresses responses, with tags ending in “-gzip”, which `If-Match` does not match.
    Packing,
    /// Is behind a proxy that refuses longer bodies than this, without CORS headers.
    Limited(usize),
    /// Does not let pages send `If-None-Match`, like CouchDB by default.
    WithoutTags,
    /// A static host that pages of other origins may read.
    GetOnly,
    /// Reports a date long before the device's.
    InThePast,
}

/// Size of the first part of a halting response, in bytes.
const FIRST_PART: usize = 300_000;
/// Delay of each response of a slow endpoint.
const SLOWNESS: Duration = Duration::from_millis(700);

struct State {
    mood: Mood,
    token: Option<String>,
    document: Option<String>,
    version: u64,
    /// Number of accepted writes.
    writes: usize,
    /// The content type of its responses.
    content_type: Option<&'static str>,
    /// Method and `Authorization` of each request, in order.
    asked: Vec<(String, Option<String>)>,
    /// The headers of the last request.
    last_headers: HeaderMap,
    /// The address to which requests are redirected.
    redirects_to: String,
}

/// An endpoint that runs until the tests end.
#[derive(Clone)]
pub(crate) struct Endpoint {
    state: Arc<Mutex<State>>,
    /// The address of its one document.
    pub(crate) address: String,
}

impl Endpoint {
    /// Starts an empty endpoint. With a token, it requires that token.
    pub(crate) fn start(token: Option<&str>) -> Self {
        let state = Arc::new(Mutex::new(State {
            mood: Mood::Well,
            token: token.map(str::to_owned),
            document: None,
            version: 0,
            writes: 0,
            content_type: None,
            asked: Vec::new(),
            last_headers: HeaderMap::new(),
            redirects_to: "http://127.0.0.1:9/elsewhere".to_owned(),
        }));
        let shared = Arc::clone(&state);
        let app = Router::new().route(
            "/board.json",
            any(move |request: Request| answer(Arc::clone(&shared), request)),
        );
        let address = format!("{}board.json", serve(app));
        Self { state, address }
    }

    pub(crate) fn set_mood(&self, mood: Mood) {
        self.state.lock().expect("no test panicked").mood = mood;
    }

    /// Sets the address to which requests are redirected in the redirecting moods.
    pub(crate) fn redirect_to(&self, address: &str) {
        let mut state = self.state.lock().expect("no test panicked");
        state.redirects_to = address.to_owned();
    }

    /// Returns a header of the last request.
    pub(crate) fn last_header(&self, name: &str) -> Option<String> {
        let state = self.state.lock().expect("no test panicked");
        Some(state.last_headers.get(name)?.to_str().ok()?.to_owned())
    }

    /// Sets the content type of all further responses.
    pub(crate) fn call_it(&self, content_type: &'static str) {
        self.state.lock().expect("no test panicked").content_type = Some(content_type);
    }

    pub(crate) fn document(&self) -> Option<String> {
        self.state
            .lock()
            .expect("no test panicked")
            .document
            .clone()
    }

    /// Requires this token from now on.
    pub(crate) fn set_token(&self, token: &str) {
        let mut state = self.state.lock().expect("no test panicked");
        state.token = Some(token.to_owned());
    }

    /// Returns the number of requests with this method.
    pub(crate) fn count(&self, method: &str) -> usize {
        let asked = self.asked();
        asked.iter().filter(|(asked, _)| asked == method).count()
    }

    /// Returns the number of accepted writes. Testing a connection sends one that is refused.
    pub(crate) fn writes(&self) -> usize {
        self.state.lock().expect("no test panicked").writes
    }

    /// Replaces the document, as somebody who restores a backup does.
    pub(crate) fn put(&self, document: Option<String>) {
        let mut state = self.state.lock().expect("no test panicked");
        state.document = document;
        state.version += 1;
    }

    /// Returns the method and `Authorization` of each request so far.
    pub(crate) fn asked(&self) -> Vec<(String, Option<String>)> {
        self.state.lock().expect("no test panicked").asked.clone()
    }
}

async fn answer(state: Arc<Mutex<State>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 64 << 20).await.expect("a body");
    let body = String::from_utf8(body.to_vec()).expect("text");
    let is_preflight = parts.method == Method::OPTIONS;
    let (status, tag, body) = decide(&state, &parts.method, &parts.headers, body);
    let (mood, content_type, count, redirects_to) = {
        let state = state.lock().expect("no test panicked");
        let to = state.redirects_to.clone();
        (state.mood, state.content_type, state.asked.len(), to)
    };
    if mood == Mood::Slow {
        tokio::time::sleep(SLOWNESS).await;
    }
    let allowed_headers = match mood {
        Mood::WithoutTags => "authorization, content-type, if-match",
        _ => "authorization, content-type, if-match, if-none-match, prefer",
    };
    let allowed_methods = match mood {
        Mood::GetOnly => "GET",
        _ => "GET, PUT, PATCH",
    };
    let exposed = match mood {
        Mood::InThePast => "ETag, Retry-After, Date",
        _ => "ETag, Retry-After",
    };
    let mut response = Response::builder()
        .status(status)
        .header(header::ACCESS_CONTROL_ALLOW_METHODS, allowed_methods)
        .header(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed_headers)
        .header(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    if mood == Mood::InThePast {
        response = response.header(header::DATE, "Sat, 01 Nov 2014 10:00:00 GMT");
    }
    if status != StatusCode::PAYLOAD_TOO_LARGE || !matches!(mood, Mood::Limited(_)) {
        response = response.header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    }
    if let Mood::Refusing(_, Some(retry_after)) = mood {
        response = response.header(header::RETRY_AFTER, retry_after);
    }
    if let Some(content_type) = content_type {
        response = response.header(header::CONTENT_TYPE, content_type);
    }
    if let Some(tag) = tag {
        response = response.header(header::ETAG, tag);
    }
    if status == StatusCode::TEMPORARY_REDIRECT {
        response = response.header(header::LOCATION, redirects_to);
    }
    let is_broken_off = match mood {
        Mood::Cut => true,
        Mood::Flapping => !is_preflight && !count.is_multiple_of(3),
        _ => false,
    };
    let body = if is_broken_off {
        response = response.header(header::CONTENT_LENGTH, body.len() + 1);
        Body::from_stream(stream::once(async {
            Err::<String, _>(io::Error::from(io::ErrorKind::ConnectionReset))
        }))
    } else if is_halting(&state) && body.len() > FIRST_PART {
        in_two_parts(state, body)
    } else {
        Body::from(body)
    };
    response.body(body).expect("a response")
}

fn is_halting(state: &Mutex<State>) -> bool {
    state.lock().expect("no test panicked").mood == Mood::Halting
}

fn in_two_parts(state: Arc<Mutex<State>>, mut body: String) -> Body {
    let rest = body.split_off(FIRST_PART);
    let parts = stream::iter([body, rest])
        .enumerate()
        .then(move |(at, part)| {
            let state = Arc::clone(&state);
            async move {
                while at > 0 && is_halting(&state) {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                Ok::<_, Infallible>(part)
            }
        });
    Body::from_stream(parts)
}

fn decide(
    state: &Mutex<State>,
    method: &Method,
    headers: &HeaderMap,
    body: String,
) -> (StatusCode, Option<String>, String) {
    let mut state = state.lock().expect("no test panicked");
    let header = |name| Some(headers.get(name)?.to_str().ok()?.to_owned());
    if *method == Method::OPTIONS {
        return (StatusCode::NO_CONTENT, None, String::new());
    }
    state
        .asked
        .push((method.to_string(), header(header::AUTHORIZATION)));
    state.last_headers = headers.clone();
    let nothing = |status| (status, None, String::new());
    match state.mood {
        Mood::ReadOnly if *method != Method::GET => return nothing(StatusCode::FORBIDDEN),
        Mood::RedirectingWrites if *method != Method::GET => {
            return nothing(StatusCode::TEMPORARY_REDIRECT);
        }
        Mood::Limited(most) if body.len() > most => {
            return nothing(StatusCode::PAYLOAD_TOO_LARGE);
        }
        Mood::GetOnly if *method != Method::GET => {
            return nothing(StatusCode::METHOD_NOT_ALLOWED);
        }
        Mood::Refusing(status, _) => {
            return nothing(StatusCode::from_u16(status).expect("a status"));
        }
        Mood::Well
        | Mood::ReadOnly
        | Mood::RedirectingWrites
        | Mood::Halting
        | Mood::Flapping
        | Mood::Slow
        | Mood::Packing
        | Mood::Limited(_)
        | Mood::WithoutTags
        | Mood::GetOnly
        | Mood::InThePast => {}
        // The client does not receive this response.
        Mood::Cut => return nothing(StatusCode::OK),
        Mood::Broken => return nothing(StatusCode::INTERNAL_SERVER_ERROR),
        Mood::CaptivePortal => {
            let page = "<!doctype html><title>Sign in</title>".to_owned();
            return (StatusCode::OK, None, page);
        }
        Mood::Redirecting => return nothing(StatusCode::TEMPORARY_REDIRECT),
    }
    let wanted = state.token.as_ref().map(|token| format!("Bearer {token}"));
    if wanted.is_some() && wanted != header(header::AUTHORIZATION) {
        return nothing(StatusCode::UNAUTHORIZED);
    }
    let tag = format!("\"{}\"", state.version);
    if *method == Method::PUT {
        let holds = match (header(header::IF_MATCH), header(header::IF_NONE_MATCH)) {
            (Some(wanted), _) => state.document.is_some() && wanted == tag,
            (None, Some(_)) => state.document.is_none(),
            (None, None) => true,
        };
        if !holds {
            return nothing(StatusCode::PRECONDITION_FAILED);
        }
        state.document = Some(body);
        state.version += 1;
        state.writes += 1;
        return nothing(StatusCode::NO_CONTENT);
    }
    // Not compressed: only the tag matters here.
    let tag = match state.mood {
        Mood::Packing => format!("\"{}-gzip\"", state.version),
        _ => tag,
    };
    match &state.document {
        None => nothing(StatusCode::NOT_FOUND),
        Some(_) if header(header::IF_NONE_MATCH).as_ref() == Some(&tag) => {
            nothing(StatusCode::NOT_MODIFIED)
        }
        Some(document) => (StatusCode::OK, Some(tag), document.clone()),
    }
}
