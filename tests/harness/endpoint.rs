//! Somebody else's server that keeps one document, on another origin than the page.

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

/// How it behaves, until it is told otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// Keeps what it is sent, and refuses stale writes.
    Well,
    /// Lets itself be read and not be written.
    ReadOnly,
    /// Answers everything with a server's error.
    Broken,
    /// A network that wants one to sign in first.
    CaptivePortal,
    /// Redirects every request to another server.
    Redirecting,
    /// Answers reads, and redirects writes to another server.
    RedirectingWrites,
    /// Sends a part of a long document, and the rest once it is well again.
    Halting,
    /// A network that is gone: nothing arrives.
    Cut,
    /// A network that comes and goes: one request in three is answered; the others arrive, but their
    /// answers do not.
    Flapping,
    /// Answers, but not at once.
    Slow,
    /// Answers everything with this status, and with this `Retry-After` if it is given one.
    Refusing(u16, Option<&'static str>),
    /// Compressed answers carry tags ending in “-gzip”, which `If-Match` does not match.
    Packing,
    /// Stands behind a proxy that refuses longer bodies than this, without CORS headers.
    Limited(usize),
    /// Lets pages send no `If-None-Match`, as CouchDB does unless told otherwise.
    WithoutTags,
    /// A static host that lets pages of other origins read.
    GetOnly,
}

/// So much of it, in bytes.
const FIRST_PART: usize = 300_000;
/// How long a slow one takes for each answer.
const SLOWNESS: Duration = Duration::from_millis(700);

struct State {
    mood: Mood,
    token: Option<String>,
    document: Option<String>,
    version: u64,
    /// How many writes it has taken.
    writes: usize,
    /// What it calls what it sends.
    content_type: Option<&'static str>,
    /// Method and `Authorization` of each request, in order.
    asked: Vec<(String, Option<String>)>,
    /// The headers of the last request.
    last_headers: HeaderMap,
    /// Where requests are redirected to.
    redirects_to: String,
}

/// An endpoint that runs until the tests end.
#[derive(Clone)]
pub(crate) struct Endpoint {
    state: Arc<Mutex<State>>,
    /// Where it keeps its one document.
    pub(crate) address: String,
}

impl Endpoint {
    /// An empty one; it lets in only who has the token, if it is given one.
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

    /// Redirects there from now on, when the mood is to redirect.
    pub(crate) fn redirect_to(&self, address: &str) {
        let mut state = self.state.lock().expect("no test panicked");
        state.redirects_to = address.to_owned();
    }

    /// A header of the last request.
    pub(crate) fn last_header(&self, name: &str) -> Option<String> {
        let state = self.state.lock().expect("no test panicked");
        Some(state.last_headers.get(name)?.to_str().ok()?.to_owned())
    }

    /// Says of all that it sends from then on that it is of this type.
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

    /// Lets in only who has this token from now on.
    pub(crate) fn set_token(&self, token: &str) {
        let mut state = self.state.lock().expect("no test panicked");
        state.token = Some(token.to_owned());
    }

    /// How many requests with this method there were.
    pub(crate) fn count(&self, method: &str) -> usize {
        let asked = self.asked();
        asked.iter().filter(|(asked, _)| asked == method).count()
    }

    /// How many writes it has taken. Testing a connection sends one that it refuses.
    pub(crate) fn writes(&self) -> usize {
        self.state.lock().expect("no test panicked").writes
    }

    /// Puts something else there, as somebody who restores a backup does.
    pub(crate) fn put(&self, document: Option<String>) {
        let mut state = self.state.lock().expect("no test panicked");
        state.document = document;
        state.version += 1;
    }

    /// Method and `Authorization` of each request so far.
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
    let mut response = Response::builder()
        .status(status)
        .header(header::ACCESS_CONTROL_ALLOW_METHODS, allowed_methods)
        .header(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed_headers)
        .header(header::ACCESS_CONTROL_EXPOSE_HEADERS, "ETag, Retry-After");
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
        | Mood::GetOnly => {}
        // Whoever asks hears nothing of this.
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
    // Unpacked all the same: only the tag matters here.
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
