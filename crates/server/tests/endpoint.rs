//! The HTTP interface with an SQLite file.
#![allow(
    clippy::unwrap_used,
    reason = "the helpers are outside of a test function, where clippy's own exception does not reach"
)]

#[path = "endpoint/proxies.rs"]
mod proxies;
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

use cruxboard_domain::BoardId;
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

async fn status(request: RequestBuilder) -> u16 {
    request.send().await.unwrap().status().as_u16()
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
    let board: BoardId = BOARD.parse().unwrap();
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
