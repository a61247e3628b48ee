//! The story: tests of the HTTP interface over a socket, run with each database.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each program that tells it takes what it needs of this"
)]

mod deletion;
mod documents;
mod erasures;
mod following;
mod limits;
mod origins;
mod requests;
pub mod server;
mod snapshots;
mod tokens;

use std::time::Duration;

use crate::support::{changes_in, document, field, header_of, option, redaction, stamp};
use cruxboard_domain::{BoardId, ChangeId};
use cruxboard_server::{
    http, listener, store,
    token::{Rights, unix_now},
};
use reqwest::{Method, Response, StatusCode, header};
use server::{Server, Wishes};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, timeout},
};

const ABSENT: (header::HeaderName, &str) = (header::IF_NONE_MATCH, "*");

pub fn board() -> BoardId {
    BoardId(stamp(7, 0))
}

/// Returns changes of device 7 with these numbers; number 0 names the board.
pub fn options(range: std::ops::Range<u64>) -> Vec<String> {
    range
        .map(|n| option(stamp(7, n), &format!("Option {n}")))
        .collect()
}

async fn detail_of(response: Response) -> String {
    assert_eq!(
        header_of(&response, "content-type"),
        "application/problem+json"
    );
    let status = response.status().as_u16().to_string();
    let text = response.text().await.unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["status"].to_string(), status);
    value["detail"].as_str().unwrap().to_owned()
}

/// Starts a server that archives no erased texts.
pub fn forgetful() -> Wishes {
    Wishes {
        store: store::StoreLimits {
            keep_erased: Duration::ZERO,
            ..store::StoreLimits::default()
        },
        ..Wishes::default()
    }
}

/// Reads a stream until it holds `count` events, and returns their ids and data.
pub async fn events(stream: &mut Response, count: usize) -> Vec<(String, String)> {
    let mut text = String::new();
    loop {
        let events: Vec<_> = text
            .split_inclusive("\n\n")
            .filter(|event| event.ends_with("\n\n"))
            .filter_map(|event| {
                let (id, data) = event.strip_prefix("id: ")?.split_once('\n')?;
                Some((
                    id.to_owned(),
                    data.strip_prefix("data: ")?.trim().to_owned(),
                ))
            })
            .collect();
        if events.len() >= count {
            return events;
        }
        let chunk = timeout(Duration::from_secs(10), stream.chunk())
            .await
            .unwrap()
            .unwrap();
        text.push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
    }
}

async fn invite(server: &Server, token: &str, body: &str) -> serde_json::Value {
    let request = server.request(Method::POST, &format!("/boards/{}/tokens", board()));
    let request = request
        .bearer_auth(token)
        .header(header::CONTENT_TYPE, "application/json");
    let response = request.body(body.to_owned()).send().await.unwrap();
    let status = response.status().as_u16();
    let mut value: serde_json::Value =
        serde_json::from_str(&response.text().await.unwrap()).unwrap();
    value["status"] = status.into();
    value
}

/// Stores a snapshot by a request, and returns the response.
async fn post_snapshot(server: &Server, token: &str, query: &str) -> serde_json::Value {
    let request = server.request(Method::POST, &format!("/snapshots{query}"));
    let request = request
        .bearer_auth(token)
        .header(header::CONTENT_TYPE, "application/octet-stream");
    let made = request.body("sealed").send().await.unwrap();
    assert_eq!(made.status(), StatusCode::CREATED);
    serde_json::from_str(&made.text().await.unwrap()).unwrap()
}

async fn opens_snapshot(server: &Server, id: &str) -> bool {
    let path = format!("/snapshots/{id}");
    let got = server.request(Method::GET, &path).send().await.unwrap();
    got.status() == StatusCode::OK
}
