//! The state of the server: `/healthz`, `/readyz`, `/metrics`, and the description of the interface.

use std::{
    sync::PoisonError,
    time::{Duration, Instant},
};

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};

use super::Endpoint;
use crate::{
    error_chain::with_causes,
    store::{Readiness, StoreError, WriteError},
};

/// Handles `GET /healthz`.
pub(super) async fn alive() -> &'static str {
    "alive\n"
}

/// Handles `GET /readyz`.
pub(super) async fn ready(State(endpoint): State<Endpoint>) -> (StatusCode, String) {
    match endpoint.not_ready_reason().await {
        None => (StatusCode::OK, "ready\n".to_owned()),
        Some(reason) => (
            StatusCode::SERVICE_UNAVAILABLE,
            format!("not ready: {reason}\n"),
        ),
    }
}

/// Handles `GET /openapi.json`.
pub(super) async fn description() -> impl IntoResponse {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (kind, include_str!("../openapi.json"))
}

/// Handles `GET /metrics`.
pub(super) async fn metrics(State(endpoint): State<Endpoint>) -> impl IntoResponse {
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    (kind, endpoint.metrics.to_text())
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
