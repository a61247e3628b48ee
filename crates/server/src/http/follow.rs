//! For those who want what comes after a cursor: at once, when it comes, or as a stream.

use std::{convert::Infallible, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use cruxboard_domain::Stamp;
use futures_util::stream;
use tokio::{sync::watch, time};

use super::{
    Endpoint, board, identity,
    presence::{Announced, Here},
    problem::Problem,
};
use crate::{
    metrics::Entered,
    store::{Cursor, Tip},
    token::{Token, unix_now},
};

/// The cursor a request names; one that is no number is one that was never given.
pub(super) fn after(request: &Parts) -> Option<Cursor> {
    let last_event = request.headers.get("last-event-id");
    let last_event = last_event.map(|id| id.to_str().unwrap_or_default());
    let in_query = || {
        let pairs = request.uri.query()?.split('&');
        pairs
            .filter_map(|pair| pair.split_once('='))
            .find_map(|(name, value)| (name == "after").then_some(value))
    };
    let after = last_event.or_else(in_query)?;
    Some(after.parse().unwrap_or(0))
}

pub(super) fn wants_stream(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT);
    let accepted = accepted
        .and_then(|accepted| accepted.to_str().ok())
        .unwrap_or_default();
    accepted
        .split(',')
        .any(|kind| kind.split(';').next().unwrap_or_default().trim() == "text/event-stream")
}

/// How long the client is willing to wait.
fn patience(headers: &HeaderMap, longest: Duration) -> Option<Duration> {
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

/// What came after a cursor, or as soon as something does.
pub(super) async fn page(
    endpoint: &Endpoint,
    board: Stamp,
    token: &Token,
    after: Cursor,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let mut tips = endpoint
        .store
        .follow(board)
        .await?
        .ok_or_else(|| Problem::no_board(board))?;
    let mut here = Announced::of(headers).map(|said| endpoint.presence.enter(board, said));
    let patience = patience(headers, endpoint.limits.wait);
    let mut cursor = tips.borrow_and_update().cursor;
    if cursor == after
        && let Some(patience) = patience
    {
        let _waiting = endpoint.metrics.followers.enter();
        let later = async {
            tips.wait_for(|tip| tip.cursor != after)
                .await
                .ok()
                .map(|tip| tip.cursor)
        };
        tokio::select! {
            later = later => cursor = later.unwrap_or(cursor),
            () = others_differ(here.as_mut()) => {}
            () = time::sleep(patience) => {}
            () = endpoint.stopping() => {}
        }
        if !is_still_valid(endpoint, token).await {
            return Err(Problem::wrong_token());
        }
    }
    let mut response = if cursor == after {
        board::unchanged(endpoint, cursor)
    } else {
        let page = endpoint.store.after(board, after).await?;
        board::document(endpoint, page.ok_or_else(|| Problem::no_board(board))?)
    };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("prefer"));
    if let Some(here) = here
        && let Ok(others) = HeaderValue::from_str(&here.others())
    {
        headers.insert("present", others);
    }
    if let Some(patience) = patience
        && let Ok(applied) = HeaderValue::from_str(&format!("wait={}", patience.as_secs()))
    {
        headers.insert("preference-applied", applied);
    }
    Ok(response)
}

/// Ready when others are there than whom the client was told of; never for who did not ask.
async fn others_differ(here: Option<&mut Here>) {
    match here {
        Some(here) => here.differs().await,
        None => std::future::pending().await,
    }
}

/// Everything after a cursor, for as long as the connection holds.
pub(super) async fn stream(
    endpoint: &Endpoint,
    board: Stamp,
    token: Token,
    after: Cursor,
) -> Result<Response, Problem> {
    let tips = endpoint
        .store
        .follow(board)
        .await?
        .ok_or_else(|| Problem::no_board(board))?;
    let follower = Follower {
        _waiting: endpoint.metrics.followers.enter(),
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
        // A proxy that gathers an answer before it passes it on would gather this one for ever.
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, Body::from_stream(events)).into_response())
}

struct Follower {
    endpoint: Endpoint,
    board: Stamp,
    token: Token,
    after: Cursor,
    tips: watch::Receiver<Tip>,
    greeted: bool,
    _waiting: Entered,
}

/// Keeps proxies from taking a quiet stream for a dead one.
const HEARTBEAT: Bytes = Bytes::from_static(b": still here\n\n");
/// Lets the client see at once that it is connected, and tells it when to come again.
const GREETING: Bytes = Bytes::from_static(b"retry: 2000\n\n");

impl Follower {
    /// The next thing to send; `None` ends the stream, and the client comes again with its cursor.
    ///
    /// It is asked for only when the connection can take it, so a slow client costs no memory.
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
        // A line break in JSON stands between its parts only, and would end the event's data.
        let data = document.replace(['\n', '\r'], " ");
        Some(format!("id: {cursor}\ndata: {data}\n\n").into())
    }
}

/// A token can be revoked, or expire, while somebody waits.
async fn is_still_valid(endpoint: &Endpoint, token: &Token) -> bool {
    if let Some(may_stay) = identity::may_stay(token) {
        return may_stay;
    }
    let token = endpoint.store.token_by_id(&token.id).await;
    matches!(token, Ok(Some(token)) if token.is_valid(unix_now()))
}
