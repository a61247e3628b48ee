//! The HTTP interface: boards, tokens and snapshots, as `docs/endpoint.md` describes it.
//!
//! `board` reads and writes boards, `follow` serves long polls and event streams, `presence` tracks the
//! people who have a board open, `tokens` creates and revokes tokens, `snapshot` stores encrypted snapshots,
//! `health` answers for the server itself.
//!
//! Handlers take what they need by extractors: `access` authenticates a client and checks its rights,
//! `precondition` reads `If-Match`, `extract` reads addresses, queries and bodies. [`identity`] accepts the
//! names that a reverse proxy sends, `auth_rate_limit` slows down wrong tokens. `response` builds what
//! several handlers answer. Every error response is a `problem::Problem`; [`cors`] lists the origins whose
//! pages may read responses, and `telemetry` logs and measures requests.

mod access;
mod auth_rate_limit;
mod board;
pub mod cors;
mod extract;
mod follow;
mod health;
pub mod identity;
mod precondition;
mod presence;
mod problem;
mod response;
mod snapshot;
mod telemetry;
mod tokens;

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{
    Router,
    http::{HeaderValue, header},
    middleware,
    response::{IntoResponse as _, Response},
    routing::{delete, get, post},
};
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
use crate::{metrics::Metrics, security_headers, store::Store};

/// The state of the HTTP interface, shared by all handlers.
#[derive(Clone)]
pub struct Endpoint {
    store: Store,
    metrics: Arc<Metrics>,
    origins: Arc<AllowedOrigins>,
    auth_rate_limit: Arc<AuthRateLimit>,
    presence: Presence,
    /// Time of the last successful test write, for `/readyz`.
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
        tokio::spawn(Metrics::keep_up(Arc::downgrade(&metrics)));
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
        let routes = Router::new()
            .route(
                "/boards/{board}",
                get(board::get)
                    .put(board::put)
                    .patch(board::patch)
                    .delete(board::delete),
            )
            .route("/boards/{board}/restore", post(board::restore))
            .route(
                "/boards/{board}/tokens",
                get(tokens::list).post(tokens::create),
            )
            .route("/boards/{board}/tokens/{token}", delete(tokens::revoke))
            .route("/snapshots", get(snapshot::list).post(snapshot::create))
            .route(
                "/snapshots/{snapshot}",
                get(snapshot::get).delete(snapshot::delete),
            )
            .route("/openapi.json", get(health::description))
            .route("/healthz", get(health::alive))
            .route("/readyz", get(health::ready))
            .route("/metrics", get(health::metrics))
            .method_not_allowed_fallback(async || Problem::method_not_allowed());
        // The last layer is the first to see a request, and the last to see its response.
        let routes = routes
            .layer(CatchPanicLayer::custom(|_| {
                Problem::internal().into_response()
            }))
            .layer(CompressionLayer::new())
            // An unknown encoding is passed through; reading the body then refuses it with a problem
            // document.
            .layer(RequestDecompressionLayer::new().pass_through_unaccepted(true))
            // Error responses need the CORS headers too: without them a page cannot tell an error from a
            // broken network.
            .layer(self.origins.layer())
            .layer(middleware::map_response(set_common_headers))
            .layer(middleware::from_fn_with_state(
                self.clone(),
                telemetry::measure,
            ));
        telemetry::traced(routes).with_state(self)
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

/// Sets the headers common to all responses.
async fn set_common_headers(mut response: Response) -> Response {
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
    response
}
