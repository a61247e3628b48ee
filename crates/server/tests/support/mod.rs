//! A server on a free port with a database of its own, and changes to send it.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test program takes what it needs of this"
)]
#![allow(
    clippy::unwrap_used,
    reason = "the helpers are outside of a test function, where clippy's own exception does not reach"
)]

use std::{fs, net::SocketAddr, path::PathBuf, sync::Arc};

use cruxboard_domain::{Stamp, document::Document, stamp::Replica};
use cruxboard_server::{
    endpoint::{self, Endpoint, cors::AllowedOrigins},
    listener::{self, Listener},
    metrics::Metrics,
    site::site,
    store::{self, NewToken, Store},
    token::Rights,
};
use reqwest::{Client, Method, RequestBuilder, Response, header};
use tempfile::TempDir;
use tokio::{sync::oneshot, task::JoinHandle};

pub struct Server {
    pub address: SocketAddr,
    pub store: Store,
    pub admin: String,
    client: Client,
    dir: TempDir,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

/// What a test wants otherwise.
#[derive(Default)]
pub struct Wishes {
    pub origins: Vec<String>,
    pub endpoint: endpoint::Limits,
    pub store: store::Limits,
    pub listener: listener::Limits,
}

impl Server {
    pub async fn start() -> Self {
        Self::start_with(Wishes::default()).await
    }

    pub async fn start_with(wishes: Wishes) -> Self {
        let dir = TempDir::new().unwrap();
        Self::start_in(dir, wishes).await
    }

    async fn start_in(dir: TempDir, wishes: Wishes) -> Self {
        let dist = dir.path().join("dist");
        fs::create_dir_all(&dist).unwrap();
        fs::write(dist.join("index.html"), "<!doctype html>").unwrap();
        let metrics = Arc::new(Metrics::default());
        let file = dir.path().join("boards.sqlite");
        let store = Store::open(&file, wishes.store, Arc::clone(&metrics)).unwrap();
        let admin = make_token(&store, Rights::Admin, None, None).await;
        let origins = AllowedOrigins::parse(&wishes.origins).unwrap();
        let (endpoint, stop_waiting) =
            Endpoint::new(store.clone(), metrics, origins, wishes.endpoint);
        let listener = Listener::bind("127.0.0.1", 0, wishes.listener)
            .await
            .unwrap();
        let address = listener.address().unwrap();
        let (stop, stopped) = oneshot::channel();
        let app = endpoint.router().merge(site(&dist));
        let task = tokio::spawn(listener.run(app, async move {
            stopped.await.ok();
            stop_waiting.now();
        }));
        Self {
            address,
            store,
            admin,
            client: Client::new(),
            dir,
            stop,
            task,
        }
    }

    pub fn database(&self) -> PathBuf {
        self.dir.path().join("boards.sqlite")
    }

    /// Everything that the database's files hold, as bytes.
    pub fn stored_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for file in fs::read_dir(self.dir.path()).unwrap() {
            let path = file.unwrap().path();
            if path.is_file() {
                bytes.extend(fs::read(path).unwrap());
            }
        }
        bytes
    }

    pub async fn token(&self, rights: Rights, board: Option<Stamp>) -> String {
        make_token(&self.store, rights, board, None).await
    }

    pub async fn token_until(&self, rights: Rights, expires_at: i64) -> String {
        make_token(&self.store, rights, None, Some(expires_at)).await
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("http://{}{path}", self.address))
    }

    /// A request about a board, with a token.
    pub fn board(&self, method: Method, board: Stamp, query: &str, token: &str) -> RequestBuilder {
        self.request(method, &format!("/boards/{board}{query}"))
            .bearer_auth(token)
    }

    pub async fn get(&self, board: Stamp) -> Response {
        let request = self.board(Method::GET, board, "", &self.admin);
        request.send().await.unwrap()
    }

    pub async fn after(&self, board: Stamp, cursor: i64) -> Response {
        let query = format!("?after={cursor}");
        let request = self.board(Method::GET, board, &query, &self.admin);
        request.send().await.unwrap()
    }

    pub async fn patch(&self, board: Stamp, changes: &[String]) -> Response {
        self.patch_as(&self.admin, board, changes).await
    }

    pub async fn patch_as(&self, token: &str, board: Stamp, changes: &[String]) -> Response {
        let request = self.board(Method::PATCH, board, "", token);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        request.body(document(board, changes)).send().await.unwrap()
    }

    pub async fn put(
        &self,
        board: Stamp,
        condition: (header::HeaderName, &str),
        changes: &[String],
    ) -> Response {
        let request = self.board(Method::PUT, board, "", &self.admin);
        let request = request
            .header(header::CONTENT_TYPE, "application/json")
            .header(condition.0, condition.1);
        request.body(document(board, changes)).send().await.unwrap()
    }

    /// Says that the server is to stop, and waits until it has.
    pub async fn stop(self) {
        self.stop.send(()).unwrap();
        self.task.await.unwrap();
    }
}

async fn make_token(
    store: &Store,
    rights: Rights,
    board: Option<Stamp>,
    expires_at: Option<i64>,
) -> String {
    let new = NewToken {
        rights,
        board,
        note: "test".to_owned(),
        made_by: None,
        expires_at,
    };
    let (_, secret) = store.make_token(new).await.unwrap();
    secret.reveal().to_owned()
}

/// The stamp number `n` of a device.
pub fn stamp(device: u32, n: u64) -> Stamp {
    Stamp::new(1_795_429_733_409 + n, 0, Replica::new(device, 1))
}

pub fn option(id: Stamp, name: &str) -> String {
    format!(r#"{{"id":"{id}","fact":{{"option-added":{{"name":"{name}"}}}}}}"#)
}

pub fn redaction(id: Stamp, targets: &[Stamp]) -> String {
    let targets: Vec<String> = targets
        .iter()
        .map(|target| format!("\"{target}\""))
        .collect();
    format!(
        r#"{{"id":"{id}","fact":{{"redacted":[{}]}}}}"#,
        targets.join(",")
    )
}

pub fn document(board: Stamp, changes: &[String]) -> String {
    format!(
        r#"{{"format":"cruxboard","version":1,"board":"{board}","changes":[{}]}}"#,
        changes.join(",\n")
    )
}

pub fn header_of<'a>(response: &'a Response, name: &str) -> &'a str {
    response
        .headers()
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

/// The changes in an answer, in its order.
pub async fn changes_in(response: Response) -> Vec<String> {
    let text = response.text().await.unwrap();
    let document = Document::from_json(&text).unwrap();
    assert_eq!(document.damaged, Vec::<String>::new());
    document
        .entries
        .iter()
        .map(|entry| entry.to_json())
        .collect()
}

/// One field of a JSON answer, as text.
pub async fn field(response: Response, name: &str) -> String {
    let text = response.text().await.unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    match &value[name] {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
