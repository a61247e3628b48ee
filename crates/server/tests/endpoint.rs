//! The HTTP interface with an SQLite file.
#![allow(
    clippy::unwrap_used,
    reason = "the helpers are outside of a test function, where clippy's own exception does not reach"
)]

mod story;
mod support;

use std::{
    env, fs,
    io::{self, Seek as _, SeekFrom, Write},
    path::{Path, PathBuf},
    process::Command,
    sync::Mutex,
    time::Duration,
};

use cruxboard_domain::ChangeId;
use cruxboard_server::store::{self, DatabaseUrl};
use cruxboard_server::token::{Rights, unix_now};
use reqwest::{Method, RequestBuilder, StatusCode, header};
use story::{
    board, events, forgetful, options,
    server::{Server, Wishes},
};
use support::{changes_in, document, field, option, redaction, stamp};
use tokio::time::Instant;

/// Returns the database of a server of the story.
async fn place(folder: &Path) -> DatabaseUrl {
    DatabaseUrl::File(folder.join("boards.sqlite"))
}

fn file_of(place: &DatabaseUrl) -> &Path {
    match place {
        DatabaseUrl::File(file) => file,
        DatabaseUrl::Postgres(_) => panic!("not a file"),
    }
}

/// Returns the bytes of the database's files.
async fn stored_bytes(place: &DatabaseUrl) -> Vec<u8> {
    let mut bytes = Vec::new();
    for file in fs::read_dir(file_of(place).parent().unwrap()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            bytes.extend(fs::read(path).unwrap());
        }
    }
    bytes
}

#[tokio::test]
async fn a_long_read_delays_the_wal_truncation_but_not_the_writers() {
    let server = Server::start_with(forgetful()).await;
    let secret = option(stamp(7, 1), "Utterly-private-name");
    server
        .patch(board(), &[options(0..1), vec![secret]].concat())
        .await;
    let holds = async || {
        let bytes = server.stored_bytes().await;
        bytes
            .windows(20)
            .any(|window| window == b"Utterly-private-name")
    };
    // Holds a read transaction, as a check or a backup does.
    let reader = rusqlite::Connection::open(file_of(&server.place)).unwrap();
    reader
        .execute_batch("BEGIN; SELECT * FROM changes")
        .unwrap();
    let count = |_: &rusqlite::Row<'_>| Ok(());
    reader
        .query_row("SELECT count(*) FROM changes", [], count)
        .unwrap();
    server
        .patch(board(), &[redaction(stamp(7, 5), &[stamp(7, 1)])])
        .await;
    let begun = Instant::now();
    for n in 10..15 {
        server.patch(board(), &options(n..n + 1)).await;
    }
    assert!(
        begun.elapsed() < Duration::from_secs(2),
        "{:?}",
        begun.elapsed()
    );
    assert!(holds().await, "the reader was not in the way");
    reader.execute_batch("COMMIT").unwrap();
    server.patch(board(), &options(20..21)).await;
    assert!(!holds().await);
}

#[tokio::test]
async fn a_nearly_full_disk_stops_all_writes_but_erasures_and_is_reported() {
    let server = Server::start().await;
    let secret = option(stamp(7, 1), "Utterly-private-name");
    server
        .patch(board(), &[options(0..1), vec![secret]].concat())
        .await;
    let guest = server.token(Rights::Write, Some(board())).await;
    let (place, admin) = (server.place.clone(), server.admin.clone());
    let folder = server.stop().await;
    let start = async |keep_free| {
        Server::start_with(Wishes {
            place: Some(place.clone()),
            // No token can be created either.
            admin: Some(admin.clone()),
            store: store::StoreLimits {
                keep_free,
                ..store::StoreLimits::default()
            },
            ..Wishes::default()
        })
        .await
    };
    let server = start(u64::MAX).await;
    let ready = server.request(Method::GET, "/readyz").send().await.unwrap();
    assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);
    let said = ready.text().await.unwrap();
    assert!(said.contains("disk is nearly full"), "{said}");
    for token in [&admin, &guest] {
        let refused = server.patch_as(token, board(), &options(5..6)).await;
        assert_eq!(refused.status(), StatusCode::INSUFFICIENT_STORAGE);
        let detail = field(refused, "detail").await;
        assert!(detail.contains("disk is nearly full"), "{detail}");
    }
    for (path, kind, body) in [
        (
            format!("/boards/{}/tokens", board()),
            "application/json",
            r#"{"rights":"read"}"#,
        ),
        (
            "/snapshots".to_owned(),
            "application/octet-stream",
            "sealed",
        ),
    ] {
        let request = server.request(Method::POST, &path).bearer_auth(&admin);
        let request = request.header(header::CONTENT_TYPE, kind).body(body);
        assert_eq!(status(request).await, 507, "{path}");
    }
    let erasing = redaction(stamp(7, 5), &[stamp(7, 1)]);
    let sent = server.patch(board(), &[erasing]).await;
    assert_eq!(sent.status(), StatusCode::OK);
    let text = server.get(board()).await.text().await.unwrap();
    assert!(!text.contains("Utterly") && text.contains("Option 0"));
    drop(server.stop().await);
    let server = start(1).await;
    let sent = server.patch(board(), &options(5..6)).await;
    assert_eq!(sent.status(), StatusCode::OK);
    drop(folder);
}

/// The log of the servers in this process, after [`keep_log`].
static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn keep_log() {
    let log = tracing_subscriber::fmt().with_ansi(false);
    log.with_writer(|| Log).init();
}

/// Waits until `/readyz` answers with an error, and returns its text.
async fn why_not_ready(server: &Server) -> String {
    let asking = async {
        loop {
            let ready = server.request(Method::GET, "/readyz").send().await.unwrap();
            if ready.status() == StatusCode::SERVICE_UNAVAILABLE {
                return ready.text().await.unwrap();
            }
            tokio::task::yield_now().await;
        }
    };
    let answered = tokio::time::timeout(Duration::from_secs(20), asking).await;
    answered.unwrap()
}

#[tokio::test]
async fn a_full_disk_is_reported_in_responses_and_log_and_readyz_until_there_is_room() {
    keep_log();
    let server = Server::start_with(Wishes {
        store: store::StoreLimits {
            file_pages: Some(64),
            ..store::StoreLimits::default()
        },
        ..Wishes::default()
    })
    .await;
    let ready = server.request(Method::GET, "/readyz").send().await.unwrap();
    assert_eq!(ready.status(), StatusCode::OK);
    let mut taken = 0;
    let refused = loop {
        let sent = server.patch(board(), &options(taken..taken + 4)).await;
        if !sent.status().is_success() {
            break sent;
        }
        taken += 4;
    };
    assert!(taken > 100, "{taken}");
    assert_eq!(refused.status(), StatusCode::INSUFFICIENT_STORAGE);
    let detail = field(refused, "detail").await;
    assert!(detail.contains("disk is full"), "{detail}");
    let said = why_not_ready(&server).await;
    assert!(said.contains("the disk is full"), "{said}");
    // One line for the change, and one for the test write of `/readyz`.
    let logged = String::from_utf8(LOG.lock().unwrap().clone()).unwrap();
    let of_it = logged.lines().filter(|line| line.contains("disk is full"));
    assert_eq!(of_it.count(), 2, "{logged}");
    assert!(logged.contains("ERROR"), "{logged}");
    // The accepted changes can be read.
    assert_eq!(
        changes_in(server.get(board()).await).await,
        options(0..taken)
    );

    let place = server.place.clone();
    let admin = server.admin.clone();
    let folder = server.stop().await;
    let server = Server::start_with(Wishes {
        place: Some(place),
        admin: Some(admin),
        ..Wishes::default()
    })
    .await;
    let ready = server.request(Method::GET, "/readyz").send().await.unwrap();
    assert_eq!(ready.status(), StatusCode::OK);
    let sent = server.patch(board(), &options(taken..taken + 4)).await;
    assert_eq!(sent.status(), StatusCode::OK);
    drop(folder);
}

/// Makes an open database read-only for every account: the header then claims that a
/// later version of SQLite wrote it, so it can be read but not written.
fn make_read_only(file: &Path) {
    const WRITE_VERSION: u64 = 18;
    let other = rusqlite::Connection::open(file).unwrap();
    let emptied = other.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
    assert_eq!(emptied, Ok(0));
    let mut header = fs::OpenOptions::new().write(true).open(file).unwrap();
    header.seek(SeekFrom::Start(WRITE_VERSION)).unwrap();
    header.write_all(&[3]).unwrap();
}

#[tokio::test]
async fn a_server_whose_file_became_read_only_is_not_ready_and_reports_it() {
    let server = Server::start().await;
    server.patch(board(), &options(0..1)).await;
    make_read_only(file_of(&server.place));
    let said = why_not_ready(&server).await;
    assert!(said.contains("read-only"), "{said}");
    let refused = server.patch(board(), &options(1..2)).await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.headers().contains_key(header::RETRY_AFTER));
    let detail = field(refused, "detail").await;
    assert!(detail.contains("read-only"), "{detail}");
    assert_eq!(changes_in(server.get(board()).await).await, options(0..1));
}

/// Returns a request of a user named by the proxy.
fn named(server: &Server, method: Method, board: ChangeId, name: &str) -> RequestBuilder {
    let request = server.request(method, &format!("/boards/{board}"));
    request
        .header("x-forwarded-user", name)
        .header(header::CONTENT_TYPE, "application/json")
        .body(document(board, &options(0..1)))
}

async fn behind(proxy: &str) -> Server {
    Server::start_with(Wishes {
        proxies: Some(vec![proxy.to_owned()]),
        origins: vec!["https://board.example.org".to_owned()],
        ..Wishes::default()
    })
    .await
}

async fn status(request: RequestBuilder) -> u16 {
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_user_named_by_the_trusted_proxy_has_their_rights() {
    let server = behind("127.0.0.0/8").await;
    let board = board();
    // Ben may write, but only Ana may create a board.
    assert_eq!(
        status(named(&server, Method::PATCH, board, "ben")).await,
        403
    );
    assert_eq!(
        status(named(&server, Method::PATCH, board, "ana")).await,
        201
    );
    assert_eq!(
        status(named(&server, Method::PATCH, board, "ben")).await,
        200
    );
    assert_eq!(status(named(&server, Method::GET, board, "ben")).await, 200);
    // Without a name there is no user. A token still works.
    assert_eq!(status(named(&server, Method::GET, board, "")).await, 401);
    assert_eq!(
        status(server.board(Method::GET, board, "", &server.admin)).await,
        200
    );
    let reader = server.token(Rights::Read, Some(board)).await;
    let both = named(&server, Method::PATCH, board, "ana").bearer_auth(&reader);
    assert_eq!(status(both).await, 403);
    // A proxy that adds its header to that of the client names two users.
    let two = named(&server, Method::GET, board, "ana").header("x-forwarded-user", "ben");
    assert_eq!(status(two).await, 403);
    // They invite others, whose tokens are listed and revoked under their name.
    let invited = server
        .request(Method::POST, &format!("/boards/{board}/tokens"))
        .header("x-forwarded-user", "ben")
        .header(header::CONTENT_TYPE, "application/json")
        .body(r#"{"rights":"read"}"#);
    assert_eq!(status(invited).await, 201);
    let list = async |name: &str| {
        let request = server.request(Method::GET, &format!("/boards/{board}/tokens"));
        let list = request.header("x-forwarded-user", name).send().await;
        let list = list.unwrap().text().await.unwrap();
        list.matches("\"id\"").count()
    };
    assert_eq!((list("ben").await, list("eve").await), (1, 0));
    // Revoking their name revokes the tokens of their guests.
    let guests = server.store.tokens_of(board, Some("proxy:ben")).await;
    let guest = &guests.unwrap()[0];
    assert!(guest.is_valid(unix_now()));
    assert!(server.store.revoke_token("proxy:ben".into()).await.unwrap());
    let guest = server.store.token_by_id(&guest.id).await.unwrap().unwrap();
    assert!(!guest.is_valid(unix_now()));
    assert!(!server.store.revoke_token("proxy:eve".into()).await.unwrap());
    let mut stream = named(&server, Method::GET, board, "ben")
        .header(header::ACCEPT, "text/event-stream")
        .send()
        .await
        .unwrap();
    assert_eq!(events(&mut stream, 1).await[0].0, "1");
}

#[tokio::test]
async fn a_name_from_anywhere_else_than_the_trusted_proxy_is_refused() {
    let server = behind("192.0.2.7").await;
    for name in ["ana", "ben"] {
        for method in [Method::GET, Method::PATCH] {
            assert_eq!(
                status(named(&server, method, board(), name)).await,
                403,
                "{name}"
            );
        }
    }
    let request = server.board(Method::GET, board(), "", &server.admin);
    assert_eq!(status(request).await, 404, "a token is not affected");
    // Without a configured proxy, the header is ignored.
    let server = Server::start().await;
    assert_eq!(
        status(named(&server, Method::GET, board(), "ana")).await,
        401
    );
}

#[tokio::test]
async fn another_sites_page_cannot_write_in_the_name_that_the_proxy_knows() {
    let server = behind("127.0.0.1").await;
    let host = server.address.to_string();
    let own = format!("http://{host}");
    for (site, origin, expected) in [
        (Some("same-origin"), Some(own.as_str()), 201),
        (Some("none"), None, 200),
        (None, None, 200),
        (None, Some(own.as_str()), 200),
        (Some("cross-site"), Some("https://board.example.org"), 200),
        (Some("cross-site"), Some("https://evil.example.org"), 403),
        (Some("same-site"), Some("https://evil.example.org"), 403),
        (Some("cross-site"), None, 403),
        (None, Some("https://evil.example.org"), 403),
        (None, Some("null"), 403),
    ] {
        let mut request = named(&server, Method::PATCH, board(), "ana");
        if let Some(site) = site {
            request = request.header("sec-fetch-site", site);
        }
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        assert_eq!(status(request).await, expected, "{site:?} {origin:?}");
    }
}

#[tokio::test]
async fn wrong_tokens_are_counted_by_the_client_behind_the_proxy() {
    let server = behind("127.0.0.1").await;
    let guess = async |from: &str| {
        let request = server.board(Method::GET, board(), "", "wrong");
        status(request.header("x-forwarded-for", from)).await
    };
    for _ in 0..30 {
        assert_eq!(guess("203.0.113.9").await, 401);
    }
    assert_eq!(guess("198.51.100.1, 203.0.113.9").await, 429);
    assert_eq!(guess("203.0.113.10").await, 401);
}

/// A server for Schemathesis, which tests it against its OpenAPI description: with valid and invalid
/// requests, and whether each response is one that the description names.
const BOARD: &str = "01M83T4CM00000000000000000";
/// The description cannot say that the document must be that of the address, and that a precondition is
/// needed and must hold. The server must accept all else that it allows.
const SETTINGS: &str = r#"
[[operations]]
include-name = ["PUT /boards/{board}", "PATCH /boards/{board}"]
checks.positive_data_acceptance.expected-statuses = [200, 201, 400, 401, 403, 404, 410, 412, 422, 428, 429]
"#;

fn schemathesis(server: &Server, folder: &Path, settings: &str, tested: u32, more: &[&str]) {
    let program = env::var_os("CRUXBOARD_SCHEMATHESIS").map(PathBuf::from);
    let program = program.unwrap_or_else(|| {
        panic!("`cargo xtask test openapi` installs Schemathesis and says where it is")
    });
    let file = folder.join("schemathesis.toml");
    fs::write(&file, settings).unwrap();
    let run = Command::new(program)
        .arg("--config-file")
        .arg(&file)
        .args(["run", &format!("http://{}/openapi.json", server.address)])
        .args([
            "--header",
            &format!("Authorization: Bearer {}", server.admin),
        ])
        // Deterministic requests, in limited number.
        .args([
            "--seed",
            "1",
            "--generation-deterministic",
            "--max-time",
            "15",
        ])
        .args(["--request-timeout", "20", "--no-color", "--warnings", "off"])
        .args(more)
        .current_dir(folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(
        run.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&run.stderr)
    );
    assert!(said.contains(&format!("Tested: {tested}")), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes Schemathesis; `cargo xtask test openapi` installs and runs it"]
async fn every_answer_to_whatever_is_sent_is_one_that_the_description_names() {
    let server = Server::start().await;
    let board: ChangeId = BOARD.parse().unwrap();
    server.patch(board, &[option(board, "Board")]).await;
    let folder = tempfile::tempdir().unwrap();
    let phases = ["--phases", "coverage,fuzzing", "--max-examples", "20"];
    tokio::task::block_in_place(|| {
        // First boards that do not exist, then the one that does, which must stay.
        schemathesis(&server, folder.path(), SETTINGS, 16, &phases);
        let there = format!("[parameters]\nboard = \"{BOARD}\"\n{SETTINGS}");
        let phases = [
            "--phases",
            "coverage,fuzzing,stateful",
            "--max-examples",
            "10",
            "--exclude-operation-id",
            "deleteBoard",
        ];
        schemathesis(&server, folder.path(), &there, 15, &phases);
    });
    // Afterwards the server works as before.
    let kept = server.get(board).await.text().await.unwrap();
    assert!(kept.contains(&option(board, "Board")), "{kept}");
}
