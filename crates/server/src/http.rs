//! Boards under `/boards/{id}`, as `docs/endpoint.md` describes them.
//!
//! `board` answers reading and writing, `follow` whoever waits for more, `presence` knows who that is,
//! `tokens` makes and ends tokens, `snapshot` keeps what browsers have sealed, [`identity`] believes a
//! proxy in front. Every refusal is a `problem::Problem`; [`cors`] says which pages may read the answers.

mod auth_rate_limit;
mod board;
pub mod cors;
mod follow;
pub mod identity;
mod presence;
mod problem;
mod snapshot;
mod tokens;

use std::{
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
    routing::{any, get},
};
use cruxboard_domain::Stamp;
use tokio::sync::watch;
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer,
    decompression::RequestDecompressionLayer,
};

use self::{
    auth_rate_limit::Guesses,
    cors::AllowedOrigins,
    identity::{Identity, Proxies},
    presence::Presence,
    problem::Problem,
};
use crate::{
    error_chain::with_causes,
    listener::Peer,
    metrics::Metrics,
    security_headers,
    store::{Readiness, Store, StoreError, WriteError},
    token::{Secret, Token, unix_now},
};

/// What the endpoint answers from.
#[derive(Clone)]
pub struct Endpoint {
    store: Store,
    metrics: Arc<Metrics>,
    origins: Arc<AllowedOrigins>,
    guesses: Arc<Guesses>,
    presence: Presence,
    /// When the store last took a write that was made to see whether it does.
    written: Arc<Mutex<Option<Instant>>>,
    proxies: Arc<Proxies>,
    identity: Option<Arc<Identity>>,
    limits: Limits,
    stopping: watch::Receiver<bool>,
}

/// How much the endpoint takes, and how long it waits.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a request's body.
    pub body: usize,
    /// From the end of the headers to the end of the body.
    pub body_time: Duration,
    /// The longest wait that a client can ask for.
    pub wait: Duration,
    /// How often a stream says that it is still there.
    pub heartbeat: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 16 << 20,
            body_time: Duration::from_secs(30),
            wait: Duration::from_secs(60),
            heartbeat: Duration::from_secs(15),
        }
    }
}

/// Tells waiting requests that the server is about to stop.
#[derive(Debug)]
pub struct Stop(watch::Sender<bool>);

impl Stop {
    pub fn now(&self) {
        self.0.send_replace(true);
    }
}

impl Endpoint {
    /// An endpoint, and what ends its waiting requests. They also end when that is dropped.
    pub fn new(
        store: Store,
        metrics: Arc<Metrics>,
        origins: AllowedOrigins,
        limits: Limits,
    ) -> (Self, Stop) {
        let (stop, stopping) = watch::channel(false);
        let endpoint = Self {
            presence: Presence::shared_through(&store),
            store,
            metrics,
            origins: Arc::new(origins),
            guesses: Arc::default(),
            written: Arc::default(),
            proxies: Arc::default(),
            identity: None,
            limits,
            stopping,
        };
        (endpoint, Stop(stop))
    }

    /// The same, behind proxies that may say for whom they speak, and perhaps who that is.
    #[must_use]
    pub fn behind(self, proxies: Proxies, identity: Option<Identity>) -> Self {
        Self {
            proxies: Arc::new(proxies),
            identity: identity.map(Arc::new),
            ..self
        }
    }

    /// Its addresses.
    pub fn router(self) -> Router {
        Router::new()
            .route("/boards/{board}", any(board::answer))
            .route("/boards/{board}/restore", any(board::restore))
            .route("/boards/{board}/tokens", any(tokens::tokens))
            .route("/boards/{board}/tokens/{token}", any(tokens::token))
            .route("/snapshots", any(snapshot::all))
            .route("/snapshots/{snapshot}", any(snapshot::one))
            .route("/openapi.json", get(description))
            .route("/healthz", get(async || "alive\n"))
            .route("/readyz", get(ready))
            .route("/metrics", get(metrics))
            .layer(CatchPanicLayer::custom(|_| {
                Problem::internal().into_response()
            }))
            .layer(CompressionLayer::new())
            // What is not unpacked here is refused where the body is read, in words.
            .layer(RequestDecompressionLayer::new().pass_through_unaccepted(true))
            .layer(middleware::from_fn_with_state(self.clone(), finish))
            .with_state(self)
    }

    /// What whoever sends a request may do.
    async fn token(&self, credentials: Credentials) -> Result<Token, Problem> {
        if let Some(named) = credentials.named? {
            return Ok(named);
        }
        let hash = credentials.secret.ok_or_else(Problem::no_token)?.hash();
        if let Some(token) = self.store.token(&hash).await?
            && token.is_valid(unix_now())
        {
            return Ok(token);
        }
        self.metrics.wrong_tokens.add(1);
        let from = credentials.from;
        match from.and_then(|from| self.guesses.count(from, Instant::now())) {
            Some(rest) => Err(Problem::too_many_guesses(rest)),
            None => Err(Problem::wrong_token()),
        }
    }

    /// Ready when the server is about to stop.
    async fn stopping(&self) {
        let mut stopping = self.stopping.clone();
        // An error means that nobody is left to say it, which comes to the same.
        stopping.wait_for(|stops| *stops).await.ok();
    }

    fn is_stopping(&self) -> bool {
        *self.stopping.borrow() || self.stopping.has_changed().is_err()
    }
}

/// What a request says about who sends it.
struct Credentials {
    secret: Option<Secret>,
    /// Somebody whom the proxy in front names.
    named: Result<Option<Token>, Problem>,
    from: Option<IpAddr>,
}

impl Credentials {
    fn of(request: &Request, endpoint: &Endpoint) -> Self {
        let shown = request.headers().get(header::AUTHORIZATION);
        let secret = shown.and_then(|shown| {
            let (scheme, secret) = shown.to_str().ok()?.split_once(' ')?;
            let is_bearer = scheme.eq_ignore_ascii_case("bearer");
            is_bearer.then(|| Secret::shown(secret.trim()))
        });
        let peer = request.extensions().get::<Peer>();
        let peer = peer.map(|Peer(address)| address.ip());
        let named = match &endpoint.identity {
            // A token that is shown goes before the name: somebody has been given it for something.
            Some(identity) if secret.is_none() => {
                let is_allowed = |origin: &HeaderValue| endpoint.origins.has(origin);
                identity.of(request, peer, &endpoint.proxies, is_allowed)
            }
            _ => Ok(None),
        };
        Self {
            secret,
            named,
            from: peer.map(|peer| endpoint.proxies.client(peer, request.headers())),
        }
    }
}

/// What every answer of the endpoint carries, refusals too: without the CORS headers a page could not
/// tell a refusal from a broken network.
async fn finish(State(endpoint): State<Endpoint>, request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let is_preflight = cors::is_preflight(&request);
    let (begun, method, path) = (Instant::now(), request.method().clone(), to_log(&request));
    let mut response = if is_preflight {
        StatusCode::NO_CONTENT.into_response()
    } else {
        next.run(request).await
    };
    let status = response.status();
    endpoint.metrics.count_answer(status);
    let (status, millis) = (status.as_u16(), begun.elapsed().as_millis() as u64);
    tracing::debug!(target: "cruxboard_server::requests", %method, %path, status, millis, "answered");
    let headers = response.headers_mut();
    security_headers::apply(headers);
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-cache"));
    headers.insert("accept-patch", HeaderValue::from_static("application/json"));
    // Says that it tells of others, to whoever tells of themselves.
    headers
        .entry("present")
        .or_insert(HeaderValue::from_static("-"));
    endpoint
        .origins
        .apply(origin.as_ref(), is_preflight, headers);
    response
}

/// Returns the address of a request as it may stand in a log: with the board's id, and without the id of a
/// snapshot, which opens it, and anything else that a client may have put into its address.
fn to_log(request: &Request) -> String {
    let matched = request.extensions().get::<MatchedPath>();
    let matched = matched.map_or("-", MatchedPath::as_str);
    let board: Option<Stamp> = request
        .uri()
        .path()
        .strip_prefix("/boards/")
        .and_then(|rest| rest.split('/').next()?.parse().ok());
    match board {
        Some(board) => matched.replace("{board}", &board.to_string()),
        None => matched.to_owned(),
    }
}

async fn ready(State(endpoint): State<Endpoint>) -> Response {
    let why_not = match endpoint.why_not_ready().await {
        None => return "ready\n".into_response(),
        Some(why_not) => format!("not ready: {why_not}\n"),
    };
    (StatusCode::SERVICE_UNAVAILABLE, why_not).into_response()
}

impl Endpoint {
    async fn why_not_ready(&self) -> Option<&'static str> {
        /// Anybody may ask, and a write costs the disk something.
        const BETWEEN_WRITES: Duration = Duration::from_secs(1);
        if self.is_stopping() {
            return Some("the server is about to stop");
        }
        match self.store.readiness().await {
            Readiness::Ready => {}
            Readiness::Away => return Some("the database cannot be read"),
            Readiness::DiskLow => {
                return Some("the disk is nearly full, and only erasures are taken");
            }
        }
        let written = || self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if written().is_some_and(|at| at.elapsed() < BETWEEN_WRITES) {
            return None;
        }
        match self.store.try_write().await {
            Ok(()) => {
                *written() = Some(Instant::now());
                None
            }
            Err(error) => {
                // What failed in a write to a file is in the log already.
                if !matches!(error, StoreError::Write(_)) {
                    tracing::error!(
                        error = with_causes(&error),
                        "not ready, since nothing can be written"
                    );
                }
                Some(match error.write_error() {
                    Some(WriteError::DiskFull) => "the disk is full, and nothing can be written",
                    Some(WriteError::ReadOnly) => "the database is read only",
                    Some(WriteError::Failed) | None => {
                        "the database takes no writes; the log says why"
                    }
                })
            }
        }
    }
}

async fn description() -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (kind, include_str!("openapi.json")).into_response()
}

async fn metrics(State(endpoint): State<Endpoint>) -> Response {
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    (kind, endpoint.metrics.to_text()).into_response()
}
