//! Serves the built app by its own server, on a free port.

use std::{
    env,
    future::pending,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock, mpsc},
};

use axum::Router;
use cruxboard_server::{
    http::{self, Endpoint, cors::AllowedOrigins},
    listener::{Listener, ListenerLimits},
    site::site,
    store::{self, DatabaseUrl, NewToken, Store},
    token::Rights,
};
use tokio::{runtime::Runtime, sync::oneshot, task::JoinHandle};

/// The runtime for the server and the drivers, so that tests need no `await`.
pub(crate) static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Runtime::new().expect("a runtime for the server"));

/// One server for all tests. Each test uses a host name of its own, so they share nothing but files.
pub(crate) static ADDRESS: LazyLock<String> = LazyLock::new(|| serve(site(&dist())));

/// Serves the same app in a sub-folder, as on a static host.
pub(crate) fn serve_in_folder() -> String {
    let app = Router::new().nest_service("/some/folder", site(&dist()));
    format!("{}some/folder/", serve(app))
}

/// Serves the app together with an endpoint for boards, as the server's program does. Returns the address and
/// an admin token. The database is in `folder`.
pub(crate) fn serve_with_boards(folder: &Path) -> (String, String) {
    let server = BoardServer::start(folder);
    let it = (server.address.clone(), server.token.clone());
    // The server runs as long as the tests.
    std::mem::forget(server);
    it
}

/// A server for the app and boards that can be stopped and restarted.
pub(crate) struct BoardServer {
    pub(crate) address: String,
    /// An admin token.
    pub(crate) token: String,
    place: DatabaseUrl,
    stop: Option<(oneshot::Sender<()>, JoinHandle<()>, Store)>,
}

impl BoardServer {
    pub(crate) fn start(folder: &Path) -> Self {
        let mut server = Self {
            address: String::new(),
            token: String::new(),
            place: DatabaseUrl::File(folder.join("boards.sqlite")),
            stop: None,
        };
        server.go_on();
        server
    }

    /// Runs `work` on the database while the server is stopped.
    pub(crate) fn pause_for<T>(&mut self, work: impl AsyncFnOnce(&DatabaseUrl) -> T) -> T {
        let (stop, stopped, store) = self.stop.take().expect("it runs");
        stop.send(()).expect("it waits for this");
        RUNTIME.block_on(stopped).expect("it ended well");
        // A dropped store would close its file in the background.
        RUNTIME.block_on(store.close());
        let done = RUNTIME.block_on(work(&self.place));
        self.go_on();
        done
    }

    fn go_on(&mut self) {
        let metrics = Arc::default();
        let store = Store::open(
            &self.place,
            store::StoreLimits::default(),
            Arc::clone(&metrics),
        );
        let store = RUNTIME.block_on(store).expect("a database");
        if self.token.is_empty() {
            let token = RUNTIME.block_on(store.make_token(NewToken {
                rights: Rights::Admin,
                board: None,
                note: "the test".into(),
                expires_at: None,
                made_by: None,
            }));
            token
                .expect("a token")
                .1
                .reveal()
                .clone_into(&mut self.token);
        }
        let nobody = AllowedOrigins::parse(&[]).expect("no origin");
        let (endpoint, end_waits) = {
            // The constructor spawns a task.
            let _in_runtime = RUNTIME.enter();
            Endpoint::new(store.clone(), metrics, nobody, http::HttpLimits::default())
        };
        let (stop, stopped) = oneshot::channel();
        // On the previous port, so that the address stays valid.
        let port = self.address.trim_end_matches('/').rsplit(':').next();
        let port = port.and_then(|port| port.parse().ok()).unwrap_or_default();
        let app = endpoint.router().merge(site(&dist()));
        let (address, running) = serve_at(port, app, async move {
            // If the sender is dropped without a message, the server keeps running.
            if stopped.await.is_err() {
                pending::<()>().await;
            }
            end_waits.now();
        });
        self.address = address;
        self.stop = Some((stop, running, store));
    }
}

/// Serves any other site.
pub(crate) fn serve(app: Router) -> String {
    serve_at(0, app, pending()).0
}

/// Serves a site at a port (0 for a free one), until `stop` completes.
fn serve_at(
    port: u16,
    app: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> (String, JoinHandle<()>) {
    let (tell, told) = mpsc::channel();
    let running = RUNTIME.spawn(async move {
        let listener = Listener::bind("127.0.0.1", port, ListenerLimits::default())
            .await
            .expect("a free port");
        let address = listener.address().expect("the port it got");
        tell.send(format!("http://{address}/"))
            .expect("the test still waits");
        listener.run(app, stop).await;
    });
    (told.recv().expect("the server started"), running)
}

/// Returns the folder with the built app.
pub(crate) fn dist() -> PathBuf {
    named("CRUXBOARD_DIST", "../dist")
}

/// Returns the path in a variable, or the default for tests run by hand.
pub(crate) fn named(variable: &str, otherwise: &str) -> PathBuf {
    env::var_os(variable).map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(otherwise),
        PathBuf::from,
    )
}
