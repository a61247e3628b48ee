//! A server on a free port with a database of its own.

use std::{fs, net::SocketAddr, sync::Arc};

use cruxboard_domain::BoardId;
use cruxboard_server::{
    http::{
        self, Endpoint,
        cors::AllowedOrigins,
        identity::{Identity, Proxies},
    },
    listener::{self, Listener},
    metrics::Metrics,
    site::site,
    store::{self, DatabaseUrl, NewToken, Store},
    token::Rights,
};
use reqwest::{Client, Method, RequestBuilder, Response, header};
use tempfile::TempDir;
use tokio::{sync::oneshot, task::JoinHandle};

use crate::support::document;

pub struct Server {
    pub address: SocketAddr,
    pub store: Store,
    pub admin: String,
    pub place: DatabaseUrl,
    client: Client,
    dir: TempDir,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

/// Options of a test's server.
#[derive(Default)]
pub struct Wishes {
    /// A database of its own by default.
    pub place: Option<DatabaseUrl>,
    /// An existing token; by default one is created.
    pub admin: Option<String>,
    pub origins: Vec<String>,
    /// Proxies that may name users by `X-Forwarded-User`.
    pub proxies: Option<Vec<String>>,
    pub endpoint: http::HttpLimits,
    pub store: store::StoreLimits,
    pub listener: listener::ListenerLimits,
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
        let place = match wishes.place {
            Some(place) => place,
            None => crate::place(dir.path()).await,
        };
        let store = Store::open(&place, wishes.store, Arc::clone(&metrics))
            .await
            .unwrap();
        let admin = match wishes.admin {
            Some(admin) => admin,
            None => make_token(&store, Rights::Admin, None, None).await,
        };
        let origins = AllowedOrigins::parse(&wishes.origins).unwrap();
        let (endpoint, stop_waiting) =
            Endpoint::new(store.clone(), metrics, origins, wishes.endpoint);
        let endpoint = match wishes.proxies {
            Some(proxies) => endpoint.behind(
                Proxies::parse(&proxies).unwrap(),
                Some(
                    Identity::new("x-forwarded-user", Rights::Write, vec!["ana".to_owned()])
                        .unwrap(),
                ),
            ),
            None => endpoint,
        };
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
            place,
            client: Client::new(),
            dir,
            stop,
            task,
        }
    }

    /// Returns all bytes of the store.
    pub async fn stored_bytes(&self) -> Vec<u8> {
        crate::stored_bytes(&self.place).await
    }

    pub async fn token(&self, rights: Rights, board: Option<BoardId>) -> String {
        make_token(&self.store, rights, board, None).await
    }

    pub async fn token_until(&self, rights: Rights, expires_at: i64) -> String {
        make_token(&self.store, rights, None, Some(expires_at)).await
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("http://{}{path}", self.address))
    }

    /// Returns a request for a board, with a token.
    pub fn board(
        &self,
        method: Method,
        board: BoardId,
        query: &str,
        token: &str,
    ) -> RequestBuilder {
        self.request(method, &format!("/boards/{board}{query}"))
            .bearer_auth(token)
    }

    pub async fn get(&self, board: BoardId) -> Response {
        let request = self.board(Method::GET, board, "", &self.admin);
        request.send().await.unwrap()
    }

    pub async fn after(&self, board: BoardId, cursor: i64) -> Response {
        let query = format!("?after={cursor}");
        let request = self.board(Method::GET, board, &query, &self.admin);
        request.send().await.unwrap()
    }

    pub async fn patch(&self, board: BoardId, changes: &[String]) -> Response {
        self.patch_as(&self.admin, board, changes).await
    }

    pub async fn patch_as(&self, token: &str, board: BoardId, changes: &[String]) -> Response {
        let request = self.board(Method::PATCH, board, "", token);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        request.body(document(board, changes)).send().await.unwrap()
    }

    pub async fn put(
        &self,
        board: BoardId,
        condition: (header::HeaderName, &str),
        changes: &[String],
    ) -> Response {
        let request = self.board(Method::PUT, board, "", &self.admin);
        let request = request
            .header(header::CONTENT_TYPE, "application/json")
            .header(condition.0, condition.1);
        request.body(document(board, changes)).send().await.unwrap()
    }

    /// Stops the server, and returns the folder with its database, which is deleted on drop.
    pub async fn stop(self) -> TempDir {
        self.stop.send(()).unwrap();
        self.task.await.unwrap();
        self.store.close().await;
        self.dir
    }
}

async fn make_token(
    store: &Store,
    rights: Rights,
    board: Option<BoardId>,
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
