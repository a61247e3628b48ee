//! Follows a board: changes after a cursor at once, by long polling, or as server-sent events.

use std::{convert::Infallible, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use cruxboard_domain::BoardId;
use futures_util::stream;
use serde::Deserialize;
use tokio::{sync::watch, time};

use super::{
    Endpoint,
    access::BoardReader,
    identity,
    presence::{Announcement, PresenceGuard},
    problem::Problem,
    response,
    telemetry::Waited,
};
use crate::{
    metrics::FollowerGuard,
    store::{Cursor, Tip},
    token::{Token, unix_now},
};

/// The query of a request that follows a board.
#[derive(Deserialize)]
pub(super) struct After {
    after: Option<String>,
}

impl After {
    /// Returns the cursor in `Last-Event-ID` or in the query.
    ///
    /// An invalid cursor is 0, which returns the whole board.
    pub(super) fn cursor(&self, headers: &HeaderMap) -> Option<Cursor> {
        let last_event = headers.get("last-event-id");
        let last_event = last_event.map(|id| id.to_str().unwrap_or_default());
        let after = last_event.or(self.after.as_deref())?;
        Some(after.parse().unwrap_or(0))
    }
}

/// Returns whether the client accepts server-sent events.
pub(super) fn wants_stream(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT);
    let accepted = accepted
        .and_then(|accepted| accepted.to_str().ok())
        .unwrap_or_default();
    accepted
        .split(',')
        .any(|kind| kind.split(';').next().unwrap_or_default().trim() == "text/event-stream")
}

/// Returns the time of `Prefer: wait=…`, at most `longest`.
fn preferred_wait(headers: &HeaderMap, longest: Duration) -> Option<Duration> {
    let preferences = headers.get_all("prefer").into_iter();
    let preferences = preferences.filter_map(|value| value.to_str().ok());
    let mut preferences = preferences.flat_map(|value| value.split([',', ';']));
    let seconds = preferences.find_map(|preference| {
        let (name, value) = preference.split_once('=')?;
        let is_wait = name.trim().eq_ignore_ascii_case("wait");
        is_wait.then(|| value.trim().trim_matches('"').parse::<u64>().ok())?
    });
    Some(Duration::from_secs(seconds?).min(longest))
}

/// Responds with the changes after a cursor. With `Prefer: wait`, waits for some (long polling).
pub(super) async fn page(
    endpoint: &Endpoint,
    BoardReader { board, token }: &BoardReader,
    after: Cursor,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let board = *board;
    let mut tips = endpoint
        .store
        .follow(board)
        .await?
        .ok_or_else(|| Problem::no_board(board))?;
    let mut here =
        Announcement::of(headers).map(|announcement| endpoint.presence.enter(board, announcement));
    let wait = preferred_wait(headers, endpoint.limits.wait);
    let mut cursor = tips.borrow_and_update().cursor;
    let mut has_waited = false;
    if cursor == after
        && let Some(wait) = wait
    {
        let _waiting = endpoint.metrics.follow();
        has_waited = true;
        let later = async {
            tips.wait_for(|tip| tip.cursor != after)
                .await
                .ok()
                .map(|tip| tip.cursor)
        };
        tokio::select! {
            later = later => cursor = later.unwrap_or(cursor),
            () = others_differ(here.as_mut()) => {}
            () = time::sleep(wait) => {}
            () = endpoint.stopping() => {}
        }
        if !is_still_valid(endpoint, token).await {
            return Err(Problem::wrong_token());
        }
    }
    let mut response = if cursor == after {
        response::unchanged(endpoint, cursor)
    } else {
        let page = endpoint.store.after(board, after).await?;
        response::document(endpoint, page.ok_or_else(|| Problem::no_board(board))?)
    };
    if has_waited {
        response.extensions_mut().insert(Waited);
    }
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("prefer"));
    if let Some(here) = here
        && let Ok(others) = HeaderValue::from_str(&here.others())
    {
        headers.insert("present", others);
    }
    if let Some(wait) = wait
        && let Ok(applied) = HeaderValue::from_str(&format!("wait={}", wait.as_secs()))
    {
        headers.insert("preference-applied", applied);
    }
    Ok(response)
}

/// Completes when the people present differ from those the client knows of. Never without an announcement.
async fn others_differ(here: Option<&mut PresenceGuard>) {
    match here {
        Some(here) => here.differs().await,
        None => std::future::pending().await,
    }
}

/// Responds with an event stream of the changes after a cursor.
pub(super) async fn stream(
    endpoint: &Endpoint,
    BoardReader { board, token }: BoardReader,
    after: Cursor,
) -> Result<Response, Problem> {
    let tips = endpoint
        .store
        .follow(board)
        .await?
        .ok_or_else(|| Problem::no_board(board))?;
    let follower = Follower {
        _waiting: endpoint.metrics.follow(),
        endpoint: endpoint.clone(),
        board,
        token,
        after,
        tips,
        greeted: false,
    };
    let events = stream::unfold(follower, async |mut follower| {
        let event = follower.next().await?;
        Some((Ok::<_, Infallible>(event), follower))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        // Tells nginx not to buffer the response.
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, Body::from_stream(events)).into_response())
}

/// The state of one event stream.
struct Follower {
    endpoint: Endpoint,
    board: BoardId,
    token: Token,
    after: Cursor,
    tips: watch::Receiver<Tip>,
    greeted: bool,
    _waiting: FollowerGuard,
}

/// A comment that keeps proxies from closing an idle stream.
const HEARTBEAT: Bytes = Bytes::from_static(b": still here\n\n");
/// The first event: shows that the stream is connected, and sets the reconnection time in milliseconds.
const GREETING: Bytes = Bytes::from_static(b"retry: 2000\n\n");

impl Follower {
    /// Returns the next event. `None` ends the stream, and the client reconnects with its cursor.
    ///
    /// The stream calls this only when the connection can send, so a slow client needs no buffer.
    async fn next(&mut self) -> Option<Bytes> {
        if !self.greeted {
            self.greeted = true;
            return Some(GREETING);
        }
        let (tips, after) = (&mut self.tips, self.after);
        let later = async {
            tips.wait_for(|tip| tip.cursor != after)
                .await
                .ok()
                .map(|tip| tip.clone())
        };
        let tip = tokio::select! {
            later = later => Some(later?),
            () = time::sleep(self.endpoint.limits.heartbeat) => None,
            () = self.endpoint.stopping() => return None,
        };
        if !is_still_valid(&self.endpoint, &self.token).await {
            return None;
        }
        let Some(tip) = tip else {
            return Some(HEARTBEAT);
        };
        let (cursor, document) = match tip.latest {
            Some((before, latest)) if before == self.after => (tip.cursor, latest),
            _ => {
                let page = self.endpoint.store.after(self.board, self.after).await;
                let page = page.ok()??;
                (page.cursor, page.document.into())
            }
        };
        self.after = cursor;
        // Line breaks in JSON are only white space, and would end the event's data.
        let data = document.replace(['\n', '\r'], " ");
        Some(format!("id: {cursor}\ndata: {data}\n\n").into())
    }
}

/// Returns whether the token is still valid: it can be revoked, or expire, while a request waits.
async fn is_still_valid(endpoint: &Endpoint, token: &Token) -> bool {
    if let Some(is_valid) = identity::is_session_valid(token) {
        return is_valid;
    }
    let token = endpoint.store.token_by_id(&token.id).await;
    matches!(token, Ok(Some(token)) if token.is_valid(unix_now()))
}
