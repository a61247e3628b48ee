//! The built app behind its own server, on a free port.

use std::{
    env,
    future::pending,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock, mpsc},
};

use axum::Router;
use cruxboard_server::{
    endpoint::{self, Endpoint, cors::AllowedOrigins},
    listener::{Limits, Listener},
    site::site,
    store::{self, NewToken, Place, Store},
    token::Rights,
};
use tokio::runtime::Runtime;

/// Runs the server and the talk with the drivers, so that tests themselves need no `await`.
pub(crate) static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Runtime::new().expect("a runtime for the server"));

/// One server for all tests: each has its own browser profile, so they share nothing but files.
pub(crate) static ADDRESS: LazyLock<String> = LazyLock::new(|| serve(site(&dist())));

/// The same app in a sub-folder, as on a static host.
pub(crate) fn serve_in_folder() -> String {
    let app = Router::new().nest_service("/some/folder", site(&dist()));
    format!("{}some/folder/", serve(app))
}

/// The app together with an endpoint for boards, as the server's program has it: their address and a
/// token that opens everything. The database goes with `folder`.
pub(crate) fn serve_with_boards(folder: &Path) -> (String, String) {
    let metrics = Arc::default();
    let place = Place::File(folder.join("boards.sqlite"));
    let store = Store::open(&place, store::Limits::default(), Arc::clone(&metrics));
    let store = RUNTIME.block_on(store).expect("a database");
    let token = RUNTIME.block_on(store.make_token(NewToken {
        rights: Rights::Admin,
        board: None,
        note: "the test".into(),
        expires_at: None,
        made_by: None,
    }));
    let (_, secret) = token.expect("a token");
    let nobody = AllowedOrigins::parse(&[]).expect("no origin");
    let (endpoint, stop) = Endpoint::new(store, metrics, nobody, endpoint::Limits::default());
    // Waits go on for as long as the tests do.
    std::mem::forget(stop);
    let address = serve(endpoint.router().merge(site(&dist())));
    (address, secret.reveal().to_owned())
}

/// Any other site.
pub(crate) fn serve(app: Router) -> String {
    let (tell, told) = mpsc::channel();
    RUNTIME.spawn(async move {
        let listener = Listener::bind("127.0.0.1", 0, Limits::default())
            .await
            .expect("a free port");
        let address = listener.address().expect("the port it got");
        tell.send(format!("http://{address}/"))
            .expect("the test still waits");
        listener.run(app, pending()).await;
    });
    told.recv().expect("the server started")
}

/// The folder with the built app.
pub(crate) fn dist() -> PathBuf {
    named("CRUXBOARD_DIST", "../dist")
}

/// What a variable names, or where it is when tests are run by hand.
pub(crate) fn named(variable: &str, otherwise: &str) -> PathBuf {
    env::var_os(variable).map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(otherwise),
        PathBuf::from,
    )
}
