//! The HTTP interface: boards, tokens and snapshots, as `docs/endpoint.md` describes it.
//!
//! `board` reads and writes boards, `follow` serves long polls and event streams, `presence` tracks the
//! people who have a board open, `tokens` creates and revokes tokens, `snapshot` stores encrypted snapshots,
//! [`identity`] accepts the names that a reverse proxy sends, `auth_rate_limit` slows down wrong tokens.
//! Every error response is a `problem::Problem`; [`cors`] lists the origins whose pages may read responses.

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
use cruxboard_domain::ChangeId;
use tokio::sync::watch;
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer,
    decompression::RequestDecompressionLayer,
};

use self::{
    auth_rate_limit::AuthRateLimit,
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

/// The state of the HTTP interface, shared by all handlers.
#[derive(Clone)]
pub struct Endpoint {
    store: Store,
    metrics: Arc<Metrics>,
    origins: Arc<AllowedOrigins>,
    auth_rate_limit: Arc<AuthRateLimit>,
    presence: Presence,
    /// When the last test write succeeded, for `/readyz`.
    last_test_write: Arc<Mutex<Option<Instant>>>,
    proxies: Arc<Proxies>,
    identity: Option<Arc<Identity>>,
    limits: HttpLimits,
    stopping: watch::Receiver<bool>,
}

/// Limits and timeouts of requests.
#[derive(Clone, Copy, Debug)]
pub struct HttpLimits {
    /// Largest size of a request's body, in bytes.
    pub body: usize,
    /// Timeout for the body, from the end of the headers.
    pub body_time: Duration,
    /// Longest time that a long poll waits.
    pub wait: Duration,
    /// Interval of heartbeats in an event stream.
    pub heartbeat: Duration,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            body: 16 << 20,
            body_time: Duration::from_secs(30),
            wait: Duration::from_secs(60),
            heartbeat: Duration::from_secs(15),
        }
    }
}

/// Ends waiting requests when the server stops, or when it is dropped.
#[derive(Debug)]
pub struct Stop(watch::Sender<bool>);

impl Stop {
    /// Ends all waiting requests now.
    pub fn now(&self) {
        self.0.send_replace(true);
    }
}

impl Endpoint {
    /// Creates the interface, and the handle that ends its waiting requests.
    pub fn new(
        store: Store,
        metrics: Arc<Metrics>,
        origins: AllowedOrigins,
        limits: HttpLimits,
    ) -> (Self, Stop) {
        let (stop, stopping) = watch::channel(false);
        let endpoint = Self {
            presence: Presence::shared_through(&store),
            store,
            metrics,
            origins: Arc::new(origins),
            auth_rate_limit: Arc::default(),
            last_test_write: Arc::default(),
            proxies: Arc::default(),
            identity: None,
            limits,
            stopping,
        };
        (endpoint, Stop(stop))
    }

    /// Trusts reverse proxies to name the client's address, and with `identity` the user.
    #[must_use]
    pub fn behind(self, proxies: Proxies, identity: Option<Identity>) -> Self {
        Self {
            proxies: Arc::new(proxies),
            identity: identity.map(Arc::new),
            ..self
        }
    }

    /// Returns the routes.
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
            // An unknown encoding is passed through; reading the body then refuses it with a problem document.
            .layer(RequestDecompressionLayer::new().pass_through_unaccepted(true))
            .layer(middleware::from_fn_with_state(
                self.clone(),
                set_common_headers,
            ))
            .with_state(self)
    }

    /// Authenticates a request, and returns its token.
    ///
    /// # Errors
    /// 401 when the token is missing or invalid, 429 after too many wrong ones.
    async fn authenticate(&self, credentials: Credentials) -> Result<Token, Problem> {
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
        match from.and_then(|from| self.auth_rate_limit.record_failure(from, Instant::now())) {
            Some(rest) => Err(Problem::too_many_wrong_tokens(rest)),
            None => Err(Problem::wrong_token()),
        }
    }

    /// Completes when the server is about to stop.
    async fn stopping(&self) {
        let mut stopping = self.stopping.clone();
        // An error means that the sender was dropped, which also ends the server.
        stopping.wait_for(|stops| *stops).await.ok();
    }

    fn is_stopping(&self) -> bool {
        *self.stopping.borrow() || self.stopping.has_changed().is_err()
    }
}

/// The credentials of a request.
struct Credentials {
    secret: Option<Secret>,
    /// The user whom a trusted proxy names, as a token.
    named: Result<Option<Token>, Problem>,
    /// The address of the client.
    from: Option<IpAddr>,
}

impl Credentials {
    fn of(request: &Request, endpoint: &Endpoint) -> Self {
        let shown = request.headers().get(header::AUTHORIZATION);
        let secret = shown.and_then(|shown| {
            let (scheme, secret) = shown.to_str().ok()?.split_once(' ')?;
            let is_bearer = scheme.eq_ignore_ascii_case("bearer");
            is_bearer.then(|| Secret::from_request(secret.trim()))
        });
        let peer = request.extensions().get::<Peer>();
        let peer = peer.map(|Peer(address)| address.ip());
        let named = match &endpoint.identity {
            // A token takes precedence over the name from the proxy.
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

/// Middleware that logs and counts requests, and sets the headers common to all responses.
///
/// Error responses need the CORS headers too: without them a page cannot tell an error from a broken network.
async fn set_common_headers(
    State(endpoint): State<Endpoint>,
    request: Request,
    next: Next,
) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let is_preflight = cors::is_preflight(&request);
    let (begun, method, path) = (
        Instant::now(),
        request.method().clone(),
        loggable_path(&request),
    );
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
    // Announces support for the `Present` header.
    headers
        .entry("present")
        .or_insert(HeaderValue::from_static("-"));
    endpoint
        .origins
        .apply(origin.as_ref(), is_preflight, headers);
    response
}

/// Returns the path of a request for the log, without secrets.
///
/// The id of a board is kept. The id of a snapshot, which grants access, and the query are left out.
fn loggable_path(request: &Request) -> String {
    let matched = request.extensions().get::<MatchedPath>();
    let matched = matched.map_or("-", MatchedPath::as_str);
    let board: Option<ChangeId> = request
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
    let reason = match endpoint.not_ready_reason().await {
        None => return "ready\n".into_response(),
        Some(reason) => format!("not ready: {reason}\n"),
    };
    (StatusCode::SERVICE_UNAVAILABLE, reason).into_response()
}

impl Endpoint {
    async fn not_ready_reason(&self) -> Option<&'static str> {
        /// Least time between two test writes: anybody may request `/readyz`.
        const TEST_WRITE_INTERVAL: Duration = Duration::from_secs(1);
        if self.is_stopping() {
            return Some("the server is about to stop");
        }
        match self.store.readiness().await {
            Readiness::Ready => {}
            Readiness::Unavailable => return Some("the database cannot be read"),
            Readiness::DiskLow => {
                return Some("the disk is nearly full, and only erasures are accepted");
            }
        }
        let last_test_write = || {
            self.last_test_write
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        if last_test_write().is_some_and(|at| at.elapsed() < TEST_WRITE_INTERVAL) {
            return None;
        }
        match self.store.try_write().await {
            Ok(()) => {
                *last_test_write() = Some(Instant::now());
                None
            }
            Err(error) => {
                // The writer has logged a failed write already.
                if !matches!(error, StoreError::Write(_)) {
                    tracing::error!(
                        error = with_causes(&error),
                        "not ready, since the database does not accept writes"
                    );
                }
                Some(match error.write_error() {
                    Some(WriteError::DiskFull) => "the disk is full, and nothing can be written",
                    Some(WriteError::ReadOnly) => "the database is read-only",
                    Some(WriteError::Failed) | None => {
                        "the database does not accept writes; see the log"
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
