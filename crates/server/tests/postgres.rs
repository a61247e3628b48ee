//! The HTTP interface with a PostgreSQL database: the whole story, and tests with several
//! servers and with an interrupted database.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    reason = "the helpers are outside of a test function, where clippy's own exception does not reach"
)]

mod cluster;
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

/// Starts the program for the first time, and creates a board with one change.
async fn first_board(home: &Home) -> (support::program::Program, String) {
    let mut program = home.serve();
    let admin = program.admin();
    let (client, changes) = (Client::new(), options(0..1));
    let made = patch(&client, program.address, &admin, board(), &changes).await;
    assert_eq!(made.unwrap().status(), StatusCode::CREATED);
    (program, admin)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_restarted_in_mid_load_loses_nothing_and_the_servers_go_on() {
    let cluster = Cluster::start(&[]);
    cluster.database("boards").await;
    let home = Home::with_database(&cluster.url("boards"));
    let (one, admin) = first_board(&home).await;
    let other = home.serve();
    let (_at, addresses) = watch::channel(vec![one.address, other.address]);
    let load = Load::start(8, addresses, admin.clone(), board());
    for mode in ["fast", "immediate", "fast", "immediate"] {
        time::sleep(Duration::from_millis(400)).await;
        tokio::task::block_in_place(|| cluster.control(&["restart", "--mode", mode]));
    }
    time::sleep(Duration::from_millis(400)).await;
    let acknowledged = load.end().await;
    assert!(acknowledged.0.len() > 100, "{}", acknowledged.0.len());
    acknowledged
        .are_there_once(other.address, &admin, board())
        .await;
    let report = home.said(&["check"]);
    assert!(report.contains(" 0 faults"), "{report}");

    // Without the database, the server says so.
    tokio::task::block_in_place(|| cluster.control(&["stop", "--mode", "fast"]));
    let path = format!("/boards/{}", board());
    let asking = Client::new().get(format!("http://{}{path}", one.address));
    let asking = asking.bearer_auth(&admin).header(header::ORIGIN, ORIGIN);
    let refused = asking.send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    // Without CORS headers a page could not tell this from a broken network.
    let allowed = header_of(&refused, "access-control-allow-origin");
    assert_eq!(allowed, ORIGIN);
    assert_ne!(header_of(&refused, "retry-after"), "");
    let ready = get(&Client::new(), one.address, &admin, "/readyz").await;
    assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);
    let alive = get(&Client::new(), one.address, &admin, "/healthz").await;
    assert_eq!(alive.status(), StatusCode::OK);
    one.kill();
    other.kill();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_servers_one_can_be_killed_under_load_and_nothing_is_lost() {
    let kills = if is_long() { 200 } else { 20 };
    let cluster = tokio::task::spawn_blocking(shared).await.unwrap();
    cluster.database("kills").await;
    let home = Home::with_database(&cluster.url("kills"));
    let (first, admin) = first_board(&home).await;
    let mut programs = [first, home.serve()];
    let of =
        |programs: &[support::program::Program; 2]| vec![programs[0].address, programs[1].address];
    let (at, addresses) = watch::channel(of(&programs));
    let load = Load::start(8, addresses, admin.clone(), board());
    let mut dice = Dice(3);
    for _ in 0..kills {
        time::sleep(Duration::from_millis(20 + dice.below(150))).await;
        let [one, other] = programs;
        let (killed, kept) = if dice.below(2) == 0 {
            (one, other)
        } else {
            (other, one)
        };
        let begun = tokio::task::block_in_place(|| {
            killed.kill();
            home.serve()
        });
        programs = [kept, begun];
        at.send_replace(of(&programs));
    }
    let acknowledged = load.end().await;
    assert!(acknowledged.0.len() > kills, "{}", acknowledged.0.len());
    for program in &programs {
        acknowledged
            .are_there_once(program.address, &admin, board())
            .await;
    }
    for program in programs {
        program.kill();
    }
    let report = home.said(&["check"]);
    assert!(report.contains(" 0 faults"), "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_database_fails_over_to_its_standby_nothing_acknowledged_is_lost() {
    let primary = Cluster::start(&["wal_level = replica"]);
    primary.database("boards").await;
    let standby = Cluster::standby_of(&primary);
    // Otherwise the primary acknowledges writes that the standby lacks.
    primary.set(&["synchronous_standby_names = '*'"]);
    primary.control(&["reload"]);
    let url = format!(
        "postgres://postgres@127.0.0.1:{},127.0.0.1:{}/boards?target_session_attrs=read-write",
        primary.port, standby.port
    );
    let home = Home::with_database(&url);
    let (program, admin) = first_board(&home).await;
    let (_at, addresses) = watch::channel(vec![program.address]);
    let load = Load::start(8, addresses, admin.clone(), board());
    time::sleep(Duration::from_millis(600)).await;
    tokio::task::block_in_place(|| {
        primary.control(&["stop", "--mode", "immediate"]);
        standby.control(&["promote"]);
    });
    time::sleep(Duration::from_millis(600)).await;
    let acknowledged = load.end().await;
    assert!(acknowledged.0.len() > 50, "{}", acknowledged.0.len());
    acknowledged
        .are_there_once(program.address, &admin, board())
        .await;
    // Writes were acknowledged after the switch too.
    let (client, changes) = (Client::new(), options(1..2));
    let more = patch(&client, program.address, &admin, board(), &changes).await;
    assert_eq!(more.unwrap().status(), StatusCode::OK);
    program.kill();
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_goes_from_a_file_into_a_database_and_back() {
    let cluster = tokio::task::spawn_blocking(shared).await.unwrap();
    cluster.database("moved").await;
    let path = format!("/boards/{}", board());
    let client = Client::new();

    let file = Home::new();
    let (program, admin) = first_board(&file).await;
    let secret = option(stamp(7, 1), "Utterly-private-name");
    let changes = [secret, option(stamp(7, 2), "Kept")];
    patch(&client, program.address, &admin, board(), &changes)
        .await
        .unwrap();
    let copy = file.path("copy.sqlite");
    let copy = copy.to_str().unwrap();
    file.said(&["backup", copy]);
    program.kill();

    let database = Home::with_database(&cluster.url("moved"));
    let said = database.said(&["restore", copy]);
    assert!(said.contains("1 board, 3 changes"), "{said}");
    assert!(
        said.contains("PostgreSQL database moved at 127.0.0.1:"),
        "{said}"
    );
    let program = database.serve();
    let got = get(&client, program.address, &admin, &path).await;
    let before: i64 = header_of(&got, "cursor").parse().unwrap();
    assert_eq!(changes_in(got).await[1..], changes);
    let guest = database.said(&["token", "create", "--rights", "read", "--note", "Ana"]);
    let reads = async || {
        let got = get(&client, program.address, guest.trim(), &path).await;
        got.status()
    };
    assert_eq!(reads().await, StatusCode::OK);

    // An erasure and a revocation after the backup stay in force; the server keeps running.
    let again = database.path("again.sqlite");
    let again = again.to_str().unwrap();
    database.said(&["backup", again]);
    let erasing = support::redaction(stamp(7, 5), &[stamp(7, 1)]);
    patch(&client, program.address, &admin, board(), &[erasing])
        .await
        .unwrap();
    let list = database.said(&["token", "list"]);
    let line = list.lines().find(|line| line.contains("Ana")).unwrap();
    database.said(&["token", "revoke", line.split(' ').next().unwrap()]);
    let said = database.said(&["restore", again]);
    assert!(said.contains("The previous database is in"), "{said}");
    assert_eq!(reads().await, StatusCode::UNAUTHORIZED);
    let got = get(&client, program.address, &admin, &path).await;
    let after: i64 = header_of(&got, "cursor").parse().unwrap();
    assert!(
        after > before + 10,
        "cursors must start anew: {before}, {after}"
    );
    let text = got.text().await.unwrap();
    assert!(text.contains("Kept") && !text.contains("Utterly-private-name"));
    // New changes can still be added.
    let more = patch(&client, program.address, &admin, board(), &options(9..10)).await;
    assert_eq!(more.unwrap().status(), StatusCode::OK);
    let (other, changes) = (stamp(8, 0), [option(stamp(8, 0), "x")]);
    let new = patch(&client, program.address, &admin, other, &changes);
    assert_eq!(new.await.unwrap().status(), StatusCode::CREATED);
    program.kill();
    let report = database.said(&["check"]);
    assert!(report.contains(" 0 faults"), "{report}");

    // Restores it into a file again.
    let whole = database.path("whole.sqlite");
    let whole = whole.to_str().unwrap();
    database.said(&["backup", whole]);
    file.said(&["restore", whole]);
    let program = file.serve();
    let got = get(&client, program.address, &admin, &path).await;
    assert!(got.text().await.unwrap().contains("Kept"));
    program.kill();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_acknowledges_too_early_or_is_of_a_newer_version_is_refused() {
    let cluster = tokio::task::spawn_blocking(shared).await.unwrap();
    cluster.database("hasty").await;
    let home = Home::with_database(&cluster.url("hasty"));
    home.serve().stop();
    let dist = home.path("dist");
    let errors = || {
        let arguments = ["serve", "--port", "0", "--dir", dist.to_str().unwrap()];
        let output = home.run(&arguments);
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    cluster
        .run("hasty", "ALTER DATABASE hasty SET synchronous_commit = off")
        .await;
    assert!(errors().contains("synchronous_commit"), "{}", errors());
    cluster
        .run(
            "hasty",
            "ALTER DATABASE hasty RESET synchronous_commit;
            UPDATE cruxboard.store SET value = '99' WHERE name = 'version'",
        )
        .await;
    assert!(errors().contains("newer Cruxboard"), "{}", errors());
}

/// Runs `openssl`, on which Debian's PostgreSQL depends.
fn openssl(folder: &Path, arguments: &str) {
    let done = std::process::Command::new("openssl")
        .args(arguments.split(' '))
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_to_another_machine_is_encrypted_and_its_certificate_must_be_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    openssl(
        folder,
        "req -x509 -newkey rsa:2048 -nodes -days 2 -keyout ca.key -out ca.pem -subj /CN=Test-authority -addext keyUsage=keyCertSign",
    );
    openssl(
        folder,
        "req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=db -addext subjectAltName=IP:127.0.0.1",
    );
    openssl(
        folder,
        "x509 -req -days 2 -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -copy_extensions copy -out server.crt",
    );
    let cluster = Cluster::start(&[]);
    cluster.keep("server.crt", &folder.join("server.crt"));
    cluster.keep("server.key", &folder.join("server.key"));
    cluster.set(&["ssl = on"]);
    cluster.control(&["restart", "--mode", "fast"]);
    cluster.database("boards").await;
    // Explicit, since connections within this machine need no encryption by default.
    let home = Home::with_database(&format!("{}?sslmode=require", cluster.url("boards")));
    let run = |trusted: &str| {
        let mut check = home.command(&["check"]);
        let output = check.env("SSL_CERT_FILE", folder.join(trusted)).output();
        output.unwrap()
    };
    let checked = run("ca.pem");
    assert!(checked.status.success(), "{checked:?}");
    openssl(
        folder,
        "req -x509 -newkey rsa:2048 -nodes -days 2 -keyout x.key -out other.pem -subj /CN=Other-authority -addext keyUsage=keyCertSign",
    );
    let refused = run("other.pem");
    assert!(!refused.status.success());
    let errors = String::from_utf8_lossy(&refused.stderr);
    assert!(errors.contains("certificate"), "{errors}");
    // A database without encryption is refused.
    cluster.set(&["ssl = off"]);
    cluster.control(&["restart", "--mode", "fast"]);
    let refused = run("ca.pem");
    let errors = String::from_utf8_lossy(&refused.stderr);
    assert!(
        !refused.status.success() && errors.contains("TLS"),
        "{errors}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hostile_write_is_undone_in_a_database() {
    let cluster = tokio::task::spawn_blocking(shared).await.unwrap();
    cluster.database("hostile").await;
    let home = Home::with_database(&cluster.url("hostile"));
    support::hostile::a_hostile_write_is_undone(home).await;
}

/// Returns a home whose program uses the database of this name.
async fn home_in(name: &str) -> Home {
    let cluster = tokio::task::spawn_blocking(shared).await.unwrap();
    cluster.database(name).await;
    Home::with_database(&cluster.url(name))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_listed_version_in_a_database_can_be_rewound_to_repeatedly() {
    let home = home_in("again").await;
    support::hostile::every_listed_version_can_be_rewound_to_repeatedly(home).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_changes_can_be_removed_from_a_database() {
    let home = home_in("flooded").await;
    support::hostile::a_flood_of_changes_can_be_removed(home).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_warns_when_a_database_is_new_or_its_boards_are_gone() {
    let home = home_in("emptied").await;
    let said = home.serve().stop();
    assert!(said.contains("new and has no boards"), "{said}");
    let admin = home.said(&["token", "create", "--rights", "admin"]);
    let program = home.serve();
    let (client, changes) = (Client::new(), options(0..1));
    let made = patch(&client, program.address, admin.trim(), board(), &changes).await;
    assert_eq!(made.unwrap().status(), StatusCode::CREATED);
    assert!(!program.stop().contains("no boards"));
    let emptying = "TRUNCATE cruxboard.boards CASCADE";
    shared().run("emptied", emptying).await;
    let said = home.serve().stop();
    assert!(said.contains("WARNING: THERE ARE NO BOARDS"), "{said}");
}
