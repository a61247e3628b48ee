//! Logs, counts and times requests.
//!
//! Every request has a random id, which its log lines and the response header `X-Request-Id` name. So a
//! person who reports an error can be helped with the log.

use std::time::{Duration, Instant};

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode},
    middleware::Next,
    response::Response,
};
use cruxboard_domain::BoardId;
use tower_http::{
    propagate_header::PropagateHeaderLayer, set_header::SetRequestHeaderLayer, trace::TraceLayer,
};
use tracing::Span;

use super::Endpoint;
use crate::token::random_name;

/// The header of requests and responses with the id of the request.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Target of the log lines about requests.
const TARGET: &str = "cruxboard_server::requests";

/// Gives each request an id and a span, and logs its response at the level `debug`.
///
/// Errors are logged where they occur, within that span.
pub(super) fn traced(routes: Router<Endpoint>) -> Router<Endpoint> {
    let trace = TraceLayer::new_for_http()
        .make_span_with(span)
        .on_request(())
        .on_response(|response: &Response, latency: Duration, _: &Span| {
            let (status, millis) = (response.status().as_u16(), latency.as_millis() as u64);
            tracing::debug!(target: TARGET, status, millis, "answered");
        })
        .on_body_chunk(())
        .on_eos(())
        .on_failure(());
    routes
        .layer(trace)
        .layer(PropagateHeaderLayer::new(REQUEST_ID))
        // Replaces an id that the client sent, since it could be any text.
        .layer(SetRequestHeaderLayer::overriding(
            REQUEST_ID,
            |_: &Request| {
                let id = random_name::<8>().ok()?;
                HeaderValue::try_from(id).ok()
            },
        ))
}

fn span(request: &Request) -> Span {
    let id = request.headers().get(REQUEST_ID);
    let id = id.and_then(|id| id.to_str().ok()).unwrap_or_default();
    let (method, path) = (request.method(), loggable_path(request));
    tracing::info_span!(target: TARGET, "request", %method, %path, %id)
}

/// Marks the response of a long poll that waited: an extension.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waited;

/// Counts responses by the class of their status, and records how long they took.
pub(super) async fn measure(
    State(endpoint): State<Endpoint>,
    route: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let (begun, method) = (Instant::now(), request.method().clone());
    let response = next.run(request).await;
    endpoint.metrics.count_answer(response.status());
    // A method that no route has could be any text, and would be a label of its own.
    let is_known = response.status() != StatusCode::METHOD_NOT_ALLOWED && method != Method::OPTIONS;
    let has_waited = response.extensions().get::<Waited>().is_some();
    if let Some(route) = route.filter(|_| is_known && !has_waited) {
        let route = route.as_str();
        let metrics = &endpoint.metrics;
        metrics.record_request(route, &method, begun.elapsed());
    }
    response
}

/// Returns the path of a request for the log, without secrets.
///
/// The id of a board is kept. The id of a snapshot, which grants access, and the query are left out.
fn loggable_path(request: &Request) -> String {
    let matched = request.extensions().get::<MatchedPath>();
    let matched = matched.map_or("-", MatchedPath::as_str);
    let board: Option<BoardId> = request
        .uri()
        .path()
        .strip_prefix("/boards/")
        .and_then(|rest| rest.split('/').next()?.parse().ok());
    match board {
        Some(board) => matched.replace("{board}", &board.to_string()),
        None => matched.to_owned(),
    }
}
