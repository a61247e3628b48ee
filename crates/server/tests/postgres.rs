//! The HTTP interface with a PostgreSQL database: the whole story, and tests with several
//! servers and with an interrupted database.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    reason = "the helpers are outside of a test function, where clippy's own exception does not reach"
)]

mod cluster;
#[path = "postgres/commands.rs"]
mod commands;
#[path = "postgres/connections.rs"]
mod connections;
#[path = "postgres/failover.rs"]
mod failover;
mod story;
mod support;

use std::{
    path::Path,
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use cluster::{Cluster, connect};
use cruxboard_domain::BoardId;
use cruxboard_server::{
    store::{self, DatabaseUrl},
    token::Rights,
};
use reqwest::{Client, Method, StatusCode, header};
use story::{
    board, events, options,
    server::{Server, Wishes},
};
use support::{
    changes_in, document, field, header_of,
    load::Load,
    option,
    program::{Dice, Home, ORIGIN, get, is_long, patch},
    redaction, stamp,
};
use tokio::{
    sync::{Mutex, watch},
    task, time,
};

/// One cluster for all tests of the story, with a database for each.
fn shared() -> &'static Cluster {
    static SHARED: OnceLock<Cluster> = OnceLock::new();
    // Without fsync, since nothing in it has to survive.
    SHARED.get_or_init(|| Cluster::start(&["fsync = off", "log_min_messages = warning"]))
}

/// Returns the database of a server of the story.
async fn place(_: &Path) -> DatabaseUrl {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    static MAKING: Mutex<()> = Mutex::const_new(());
    let cluster = tokio::task::spawn_blocking(shared).await.unwrap();
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let _making = MAKING.lock().await;
    cluster.database(&format!("story_{number}")).await
}

/// Returns the rows as text. Old rows stay in the files until PostgreSQL runs VACUUM.
async fn stored_bytes(place: &DatabaseUrl) -> Vec<u8> {
    let shown = place.to_string();
    let name = shown.split(' ').nth(2).unwrap();
    let client = connect(&shared().url(name)).await;
    let query = "SELECT convert_to(json, 'UTF8') FROM cruxboard.changes
        UNION ALL SELECT convert_to(json, 'UTF8') FROM cruxboard.kept
        UNION ALL SELECT content FROM cruxboard.snapshots";
    let rows = client.query(query, &[]).await.unwrap();
    rows.iter()
        .flat_map(|row| row.get::<_, Vec<u8>>(0))
        .collect()
}

async fn two_servers() -> (Server, Server) {
    let place = place(Path::new("")).await;
    let start = async |place: &DatabaseUrl| {
        let place = Some(place.clone());
        Server::start_with(Wishes {
            place,
            ..Wishes::default()
        })
        .await
    };
    (start(&place).await, start(&place).await)
}

#[tokio::test]
async fn a_change_stored_by_one_server_is_at_once_in_another_under_the_same_etag() {
    let (one, other) = two_servers().await;
    let put = one
        .put(board(), (header::IF_NONE_MATCH, "*"), &options(0..3))
        .await;
    assert_eq!(put.status(), StatusCode::CREATED);
    let tag = header_of(&put, "etag").to_owned();
    let got = other.get(board()).await;
    assert_eq!(header_of(&got, "etag"), tag);
    assert_eq!(changes_in(got).await, options(0..3));
    let put = other
        .put(board(), (header::IF_MATCH, &tag), &options(0..4))
        .await;
    assert_eq!(put.status(), StatusCode::OK);
    let stale = one
        .put(board(), (header::IF_MATCH, &tag), &options(0..5))
        .await;
    assert_eq!(stale.status(), StatusCode::PRECONDITION_FAILED);
    assert_eq!(header_of(&stale, "etag"), header_of(&put, "etag"));
    // Tokens are shared by the servers.
    let token = one.token(Rights::Read, None).await;
    let ask = async || {
        let request = other.board(Method::GET, board(), "", &token);
        request.send().await.unwrap().status()
    };
    assert_eq!(ask().await, StatusCode::OK);
}

#[tokio::test]
async fn a_change_is_heard_of_at_the_other_server_though_the_database_may_not_pass_it_on() {
    let (one, other) = two_servers().await;
    one.patch(board(), &options(0..1)).await;
    let mut stream = other
        .board(Method::GET, board(), "?after=1", &other.admin)
        .header(header::ACCEPT, "text/event-stream")
        .send()
        .await
        .unwrap();
    for n in 1..4 {
        one.patch(board(), &options(n..n + 1)).await;
        let next = events(&mut stream, 1).await;
        assert_eq!(next[0].0, (n + 1).to_string());
        assert_eq!(next[0].1, document(board(), &options(n..n + 1)));
    }
    // As behind a pooler: written without NOTIFY.
    let name = one.place.to_string();
    let client = connect(&shared().url(name.split(' ').nth(2).unwrap())).await;
    let silent = format!(
        "INSERT INTO cruxboard.changes SELECT number, '{}', 5, '{}' FROM cruxboard.boards;
        UPDATE cruxboard.boards SET cursor = 5, changes = 5",
        stamp(7, 4),
        options(4..5)[0]
    );
    client.batch_execute(&silent).await.unwrap();
    let next = events(&mut stream, 1).await;
    assert_eq!(next[0].1, document(board(), &options(4..5)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_without_a_notice_is_found_though_notices_of_others_never_pause() {
    let (one, other) = two_servers().await;
    one.patch(board(), &options(0..1)).await;
    let mut stream = other
        .board(Method::GET, board(), "?after=1", &other.admin)
        .header(header::ACCEPT, "text/event-stream")
        .send()
        .await
        .unwrap();
    let name = one.place.to_string();
    let url = shared().url(name.split(' ').nth(2).unwrap());
    let noisy = connect(&url).await;
    let noise = tokio::spawn(async move {
        loop {
            // Several hundred a second, of a board that nobody here follows.
            let notices = "SELECT pg_notify('cruxboard', '01M83T4CM00001000000000009 ' || n)
                FROM generate_series(1, 20) n";
            noisy.batch_execute(notices).await.unwrap();
        }
    });
    tokio::time::sleep(Duration::from_secs(2)).await;
    let silent = format!(
        "INSERT INTO cruxboard.changes SELECT number, '{}', 2, '{}' FROM cruxboard.boards;
        UPDATE cruxboard.boards SET cursor = 2, changes = 2",
        stamp(7, 1),
        options(1..2)[0]
    );
    connect(&url).await.batch_execute(&silent).await.unwrap();
    let found = tokio::time::timeout(Duration::from_secs(10), events(&mut stream, 1)).await;
    assert_eq!(found.unwrap()[0].1, document(board(), &options(1..2)));
    noise.abort();
}

#[tokio::test]
async fn a_user_at_one_server_is_seen_by_those_who_wait_at_another() {
    let (one, other) = two_servers().await;
    one.patch(board(), &options(0..1)).await;
    let (ann, bob) = ("01M83T4CM00001000000000001", "01M83T4CM00002000000000001");
    let wait = async |server: &Server, present: String| {
        let request = server.board(Method::GET, board(), "?after=1", &server.admin);
        let request = request.header("prefer", "wait=20");
        let answer = request.header("present", present).send().await.unwrap();
        header_of(&answer, "present").to_owned()
    };
    let begun = time::Instant::now();
    // Each waits at another server until somebody comes.
    let (seen, told) = tokio::join!(
        wait(&one, format!("a1 {ann} 0")),
        wait(&other, format!("b2 {bob} 0"))
    );
    assert_eq!(seen, format!("1 {bob}"));
    assert_eq!(told, format!("1 {ann}"));
    // Ann switches to the other server, as behind a load balancer: she counts once.
    let (bob_sees, ann_sees) = tokio::join!(
        async {
            let wait = wait(&other, format!("b2 {bob} 1 {ann}"));
            time::timeout(Duration::from_secs(2), wait).await
        },
        async {
            let wait = wait(&other, format!("a1 {ann} 1 {bob}"));
            time::timeout(Duration::from_secs(2), wait).await
        },
    );
    assert!(
        bob_sees.is_err() && ann_sees.is_err(),
        "{bob_sees:?} {ann_sees:?}"
    );
    // Bob leaves, and the other server tells the first one.
    assert_eq!(wait(&one, format!("a1 {ann} 1 {bob}")).await, "0");
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "{:?}",
        begun.elapsed()
    );
    // Presence is not stored.
    let stored = one.stored_bytes().await;
    assert!(!String::from_utf8_lossy(&stored).contains(ann));
}

#[tokio::test]
async fn a_board_deleted_through_one_server_is_deleted_at_the_other_and_can_be_restored() {
    let (one, other) = two_servers().await;
    one.patch(board(), &options(0..2)).await;
    let tag = header_of(&one.get(board()).await, "etag").to_owned();
    let stream = other.board(Method::GET, board(), "?after=2", &other.admin);
    let stream = stream.header(header::ACCEPT, "text/event-stream").send();
    let mut stream = stream.await.unwrap();
    let deleting = one.board(Method::DELETE, board(), "", &one.admin);
    let deleted = deleting.send().await.unwrap();
    assert_eq!(deleted.status(), StatusCode::NO_CONTENT);
    let ending = async { while stream.chunk().await.unwrap().is_some() {} };
    let ended = time::timeout(Duration::from_secs(10), ending).await;
    assert!(ended.is_ok(), "the stream goes on");
    for server in [&one, &other] {
        assert_eq!(server.get(board()).await.status(), StatusCode::GONE);
        let sent = server.patch(board(), &options(0..3)).await;
        assert_eq!(sent.status(), StatusCode::GONE);
    }
    let listed = store::boards(&one.place).await.unwrap();
    assert_eq!((listed.len(), listed[0].changes), (1, 2));
    assert!(listed[0].deleted_at.is_some() && listed[0].written_at.is_some());
    // A backup holds the board too, as deleted.
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.sqlite");
    let report = store::back_up(&one.place, &copy).await.unwrap();
    assert_eq!((report.boards, report.deleted), (0, 1));
    assert_eq!(report.faults, Vec::<String>::new());
    let copied = store::boards(&DatabaseUrl::File(copy)).await.unwrap();
    assert_eq!(copied, listed);

    let before = store::restore_board(&one.place, board()).await.unwrap();
    assert_eq!(before, store::BoardState::Deleted);
    for server in [&one, &other] {
        let got = server.get(board()).await;
        assert_eq!(header_of(&got, "etag"), tag);
        assert_eq!(changes_in(got).await, options(0..2));
    }
    let before = store::delete_board(&one.place, board()).await.unwrap();
    assert_eq!(before, store::BoardState::Present);
    assert_eq!(other.get(board()).await.status(), StatusCode::GONE);
}

#[tokio::test]
async fn a_database_of_an_earlier_version_is_migrated_and_keeps_its_boards() {
    const UNDONE: [(u32, &str); 2] = [
        (
            3,
            "ALTER TABLE cruxboard.boards DROP COLUMN deleted_at; DROP TABLE cruxboard.tombstones",
        ),
        (
            2,
            "ALTER TABLE cruxboard.boards DROP COLUMN kept;
            ALTER TABLE cruxboard.snapshots
                DROP COLUMN board, DROP COLUMN billed_to, DROP COLUMN outlives_token",
        ),
    ];
    let place = place(Path::new("")).await;
    let wishes = || Wishes {
        place: Some(place.clone()),
        ..Wishes::default()
    };
    let server = Server::start_with(wishes()).await;
    server.patch(board(), &options(0..3)).await;
    let erasing = redaction(stamp(7, 5), &[stamp(7, 1)]);
    server.patch(board(), &[erasing]).await;
    let before = server.get(board()).await.text().await.unwrap();
    server.stop().await;
    let shown = place.to_string();
    let name = shown.split(' ').nth(2).unwrap();
    let mut undone = String::new();
    for (version, undo) in UNDONE {
        undone = format!("{undone}{undo};");
        let noted =
            format!("UPDATE cruxboard.store SET value = '{version}' WHERE name = 'version'");
        shared().run(name, &format!("{undone}{noted}")).await;
        let server = Server::start_with(wishes()).await;
        let after = server.get(board()).await.text().await.unwrap();
        assert_eq!(after, before, "{version}");
        let report = store::check(&place).await.unwrap();
        assert_eq!(report.faults, Vec::<String>::new(), "{version}");
        assert_eq!(report.boards, 1);
        server.stop().await;
    }
}

#[tokio::test]
async fn a_server_whose_database_became_read_only_is_not_ready_and_reports_it() {
    let server = Server::start_with(Wishes {
        place: Some(place(Path::new("")).await),
        ..Wishes::default()
    })
    .await;
    server.patch(board(), &options(0..1)).await;
    let ready = server.request(Method::GET, "/readyz").send().await.unwrap();
    assert_eq!(ready.status(), StatusCode::OK);
    let shown = server.place.to_string();
    let name = shown.split(' ').nth(2).unwrap();
    // Open connections keep their settings, so they are closed.
    let read_only = format!(
        "ALTER DATABASE {name} SET default_transaction_read_only = on;
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    );
    shared().run("postgres", &read_only).await;
    let asking = async {
        loop {
            let ready = server.request(Method::GET, "/readyz").send().await.unwrap();
            let is_ready = ready.status().is_success();
            let said = ready.text().await.unwrap();
            if !is_ready && said.contains("read-only") {
                return;
            }
            task::yield_now().await;
        }
    };
    let refused = time::timeout(Duration::from_secs(20), asking).await;
    assert!(refused.is_ok(), "it stayed ready");
    let refused = server.patch(board(), &options(1..2)).await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    let detail = field(refused, "detail").await;
    assert!(detail.contains("read-only"), "{detail}");
    assert_eq!(changes_in(server.get(board()).await).await, options(0..1));
}

#[tokio::test]
async fn of_writers_at_two_servers_exactly_one_wins_each_round() {
    let (one, other) = two_servers().await;
    let rounds = if is_long() { 200 } else { 15 };
    let client = Client::new();
    for round in 0..rounds {
        // In the first round, one server creates the board.
        let tag = header_of(&one.get(board()).await, "etag").to_owned();
        let writers = (0..32_u32).map(|writer| {
            let server = if writer % 2 == 0 { &one } else { &other };
            let request = client
                .put(format!("http://{}/boards/{}", server.address, board()))
                .bearer_auth(&server.admin)
                .header(header::CONTENT_TYPE, "application/json");
            let request = if round == 0 {
                request.header(header::IF_NONE_MATCH, "*")
            } else {
                request.header(header::IF_MATCH, &tag)
            };
            let change = option(stamp(100 + writer, round), "x");
            tokio::spawn(request.body(document(board(), &[change])).send())
        });
        let writers: Vec<_> = writers.collect();
        let mut statuses = Vec::new();
        for writer in writers {
            statuses.push(writer.await.unwrap().unwrap().status().as_u16());
        }
        let won = statuses.iter().filter(|status| **status < 300).count();
        let lost = statuses.iter().filter(|status| **status == 412).count();
        assert_eq!((won, lost), (1, 31), "round {round}: {statuses:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_servers_that_start_at_once_one_makes_the_tables_and_prints_the_token() {
    let cluster = tokio::task::spawn_blocking(shared).await.unwrap();
    for round in 0..3 {
        let name = format!("starts_{round}");
        cluster.database(&name).await;
        let home = Home::with_database(&cluster.url(&name));
        let said = std::thread::scope(|scope| {
            let starts: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| home.serve().stop()))
                .collect();
            let said = starts.into_iter().map(|start| start.join().unwrap());
            said.collect::<Vec<_>>()
        });
        let tokens = said.iter().filter(|said| said.contains("Admin token"));
        assert_eq!(tokens.count(), 1, "{said:?}");
    }
}

/// Starts the program for the first time, and creates a board with one change.
async fn first_board(home: &Home) -> (support::program::Program, String) {
    let mut program = home.serve();
    let admin = program.admin();
    let (client, changes) = (Client::new(), options(0..1));
    let made = patch(&client, program.address, &admin, board(), &changes).await;
    assert_eq!(made.unwrap().status(), StatusCode::CREATED);
    (program, admin)
}
