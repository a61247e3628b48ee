//! Our own server behind nginx and Caddy, with the settings in `deploy/`.
//!
//! `cargo xtask test peers` fetches the proxies and runs these.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "the helpers are outside of a test function, where clippy's own exception does not reach"
)]

use std::time::Duration;

use cruxboard_domain::{BoardId, ChangeId, Millis, document::Document, id::Replica};
use cruxboard_peers::{Door, Peer, Proxy};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, header};
use tokio::time::timeout;

/// Long enough for a slow machine, and shorter than any wait that the server or a proxy ends itself.
const SOON: Duration = Duration::from_secs(8);

struct Way {
    client: Client,
    door: Door,
}

impl Way {
    fn to(door: &Door) -> Self {
        Self {
            client: Client::builder().no_proxy().build().expect("a client"),
            door: door.clone(),
        }
    }

    fn request(&self, method: Method, query: &str) -> RequestBuilder {
        let request = self
            .client
            .request(method, format!("{}{query}", self.door.address));
        match &self.door.key {
            Some((name, value)) => request.header(*name, value),
            None => request,
        }
    }

    async fn get(&self, query: &str, headers: &[(&'static str, &str)]) -> Response {
        sent(self.request(Method::GET, query), headers).await
    }

    async fn put(&self, body: String, condition: (&'static str, &str)) -> Response {
        let request = self.request(Method::PUT, "").body(body);
        let headers = [("content-type", "application/json"), condition];
        sent(request, &headers).await
    }

    /// Returns the status of another path of the server.
    async fn at(&self, path: &str) -> StatusCode {
        let end = self.door.address.find("/boards/").expect("a board");
        let address = format!("{}{path}", &self.door.address[..end]);
        self.client
            .get(address)
            .send()
            .await
            .expect("an answer")
            .status()
    }
}

async fn sent(mut request: RequestBuilder, headers: &[(&'static str, &str)]) -> Response {
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.expect("an answer")
}

fn header_of(response: &Response, name: &str) -> String {
    let value = response.headers().get(name);
    let value = value.and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

/// Number of changes in the large body: some 13 MB, each within the limits of its field.
const COUNT: u64 = 7_000;

fn stamp(n: u64) -> ChangeId {
    ChangeId::new(Millis(1_795_429_733_409 + n), 0, Replica::new(7, 1))
}

fn change(n: u64, text: &str) -> String {
    format!(
        r#"{{"id":"{}","fact":{{"option-added":{{"name":"{text}"}}}}}}"#,
        stamp(n)
    )
}

fn document(changes: &[String]) -> String {
    format!(
        r#"{{"format":"cruxboard","version":1,"board":"{}","changes":[{}]}}"#,
        stamp(0),
        changes.join(",")
    )
}

/// Reads a stream until it contains a text, which must be soon.
async fn until(stream: &mut Response, wanted: &str) {
    let mut read = String::new();
    let reading = async {
        while !read.contains(wanted) {
            let chunk = stream.chunk().await.expect("a stream");
            let chunk = chunk.expect("it to go on");
            read.push_str(&String::from_utf8_lossy(&chunk));
        }
    };
    let held = timeout(SOON, reading).await;
    assert!(held.is_ok(), "the stream is held back before {wanted:?}");
}

async fn serves_everything(proxy: &Proxy, server: &Peer) {
    let direct = Way::to(&server.door);
    let way = Way::to(&proxy.way_to(&server.door).expect("a way"));

    // A large body, in one request.
    let text = "0123456789".repeat(180);
    let mut changes: Vec<String> = (0..COUNT).map(|n| change(n, &text)).collect();
    let body = document(&changes);
    assert!(body.len() > 12_000_000);
    let put = way.put(body, ("if-none-match", "*")).await;
    assert_eq!(put.status(), StatusCode::CREATED, "{}", proxy.last_words());

    // The server's tags are preserved, also on compressed responses, and preconditions use them.
    let tag = header_of(&direct.get("", &[]).await, "etag");
    assert_eq!(header_of(&put, "etag"), tag);
    for packing in ["identity", "gzip", "gzip, br, zstd"] {
        let accept = ("accept-encoding", packing);
        let got = way.get("", &[accept]).await;
        assert_eq!(header_of(&got, "etag"), tag, "{packing}");
        let is_packed = header_of(&got, "content-encoding") == "gzip";
        assert_eq!(is_packed, packing != "identity", "{packing}");
        assert_eq!(header_of(&got, "cursor"), COUNT.to_string());
        let unchanged = way.get("", &[accept, ("if-none-match", &tag)]).await;
        assert_eq!(unchanged.status(), StatusCode::NOT_MODIFIED, "{packing}");
        assert_eq!(header_of(&unchanged, "etag"), tag, "{packing}");
    }
    let whole = way.get("", &[]).await.text().await.expect("a body");
    let whole = Document::from_json(&whole).expect("a board");
    assert_eq!(whole.entries.len() as u64, COUNT);
    let head = sent(way.request(Method::HEAD, ""), &[]).await;
    assert_eq!(head.status(), StatusCode::OK);
    assert_eq!(header_of(&head, "etag"), tag);
    changes.push(change(COUNT, "One more"));
    let put = way.put(document(&changes), ("if-match", &tag)).await;
    assert_eq!(put.status(), StatusCode::OK);
    let stale = way.put(document(&changes), ("if-match", &tag)).await;
    assert_eq!(stale.status(), StatusCode::PRECONDITION_FAILED);
    let media = header_of(&stale, "content-type");
    assert_eq!(media, "application/problem+json");

    // A stream delivers each change when it is made.
    let stream = [("accept", "text/event-stream"), ("accept-encoding", "gzip")];
    let mut stream = way.get(&format!("?after={}", COUNT + 1), &stream).await;
    until(&mut stream, "retry: ").await;
    for n in COUNT + 1..COUNT + 4 {
        let added = direct.request(Method::PATCH, "");
        let added = added.body(document(&[change(n, "Later")]));
        let added = sent(added, &[("content-type", "application/json")]).await;
        assert_eq!(added.status(), StatusCode::OK);
        until(&mut stream, &stamp(n).to_string()).await;
    }
    drop(stream);
    // A long-polling request is passed on too; without news it ends by itself.
    let waited = way
        .get(&format!("?after={}", COUNT + 4), &[("prefer", "wait=1")])
        .await;
    assert_eq!(waited.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(header_of(&waited, "preference-applied"), "wait=1");

    assert_eq!(way.at("/").await, StatusCode::OK);
    assert_eq!(way.at("/healthz").await, StatusCode::OK);
    for path in ["/metrics", "/readyz"] {
        assert_eq!(direct.at(path).await, StatusCode::OK);
        assert_eq!(way.at(path).await, StatusCode::NOT_FOUND, "{path}");
    }

    // User names in headers are not accepted from clients, although the server would trust the proxy.
    for (way, expected) in [(&direct, 200), (&way, 401)] {
        let claim = way.client.get(&way.door.address);
        let claim = claim.header("x-forwarded-user", "ana").send().await;
        assert_eq!(claim.expect("an answer").status().as_u16(), expected);
    }

    // Wrong tokens are counted by the address that the proxy saw, whatever the client claims.
    let mut statuses = Vec::new();
    for n in 0..35 {
        let from = format!("203.0.113.{n}");
        let guess = way.client.get(&way.door.address);
        let guess = guess.bearer_auth("wrong").header("x-forwarded-for", from);
        let refused = guess.send().await.expect("an answer");
        statuses.push(refused.status().as_u16());
    }
    assert_eq!(statuses.first(), Some(&401));
    assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
    let valid = way.get("", &[(header::IF_NONE_MATCH.as_str(), "*")]).await;
    assert_eq!(valid.status(), StatusCode::NOT_MODIFIED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn our_server_does_everything_behind_nginx_too() {
    let server = Peer::ours_behind_a_proxy(BoardId(stamp(0))).expect("our server");
    let proxy = Proxy::nginx(&server.door).expect("nginx");
    serves_everything(&proxy, &server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn our_server_does_everything_behind_caddy_too() {
    let server = Peer::ours_behind_a_proxy(BoardId(stamp(0))).expect("our server");
    let proxy = Proxy::caddy(&server.door).expect("Caddy");
    serves_everything(&proxy, &server).await;
}
