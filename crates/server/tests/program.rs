//! Tests of the program: kill, double start, backup, restore, command line.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    reason = "the helpers are outside of a test function, where clippy's own exception does not reach"
)]

#[path = "program/boards.rs"]
mod boards;
#[path = "program/files.rs"]
mod files;
#[path = "program/log.rs"]
mod log;
#[path = "program/settings.rs"]
mod settings;
mod support;

use std::{
    collections::BTreeSet, fs, io::BufRead as _, net::SocketAddr,
    os::unix::fs::PermissionsExt as _, path::Path, time::Duration,
};

use cruxboard_domain::{BoardId, document::Document};
use reqwest::{Client, StatusCode};
use support::{
    field, header_of,
    load::Load,
    option,
    program::{Dice, Home, Program, get, is_long, patch},
    redaction, stamp,
};
use tokio::{sync::watch, time};

fn rights_of(file: &Path) -> u32 {
    fs::metadata(file).unwrap().permissions().mode() & 0o777
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_has_lost_nothing_that_it_acknowledged() {
    let kills = if is_long() { 500 } else { 200 };
    let home = Home::new();
    let mut program = home.serve();
    let admin = program.admin();
    let board = BoardId(stamp(7, 0));
    let client = Client::new();
    let changes = [option(board, "Board")];
    let first = patch(&client, program.address, &admin, board, &changes);
    assert!(first.await.unwrap().status().is_success());

    let (at, addresses) = watch::channel(vec![program.address]);
    let load = Load::start(8, addresses, admin.clone(), board);

    let mut dice = Dice(1);
    let mut starts = Vec::new();
    for _ in 0..kills {
        time::sleep(Duration::from_millis(10 + dice.below(120))).await;
        program = tokio::task::block_in_place(|| {
            program.kill();
            home.serve()
        });
        starts.push(program.started_in);
        at.send_replace(vec![program.address]);
    }
    let acknowledged = load.end().await;
    starts.sort();
    eprintln!(
        "{kills} kills, {} acknowledged changes, started again in {:?} (median), {:?} (longest)",
        acknowledged.0.len(),
        starts[starts.len() / 2],
        starts[starts.len() - 1]
    );
    assert!(acknowledged.0.len() > kills, "hardly anything was written");
    assert!(starts[starts.len() / 2] < Duration::from_secs(1));

    acknowledged
        .are_there_once(program.address, &admin, board)
        .await;
    program.kill();
    let report = home.said(&["check"]);
    assert!(report.contains(" 0 faults"), "{report}");
}

#[tokio::test]
async fn a_stopped_server_ends_well_and_a_second_start_prints_no_token() {
    let home = Home::new();
    let mut program = home.serve();
    let admin = program.admin();
    assert_eq!(admin.len(), 32);
    program.stop();
    let mut program = home.serve();
    let address = program.address;
    let answer = get(
        &Client::new(),
        address,
        &admin,
        &format!("/boards/{}", stamp(7, 0)),
    )
    .await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    let mut line = String::new();
    program.lines.read_line(&mut line).unwrap();
    assert_eq!(
        line.trim(),
        format!("Boards are stored in {}", home.database.display())
    );
    assert_eq!(program.stop(), "", "a token was printed again");
}

/// A running server with a board of 21 changes.
async fn with_a_board(home: &Home) -> (Program, String) {
    let mut program = home.serve();
    let admin = program.admin();
    let client = Client::new();
    for n in 0..21 {
        let change = [option(stamp(7, n), "x")];
        let sent = patch(
            &client,
            program.address,
            &admin,
            BoardId(stamp(7, 0)),
            &change,
        )
        .await;
        assert!(sent.unwrap().status().is_success());
    }
    (program, admin)
}

#[tokio::test]
async fn tokens_are_made_listed_and_revoked_while_the_server_runs() {
    let home = Home::new();
    let mut program = home.serve();
    let admin = program.admin();
    let client = Client::new();
    let board = BoardId(stamp(7, 0));
    let changes = [option(board, "Board")];
    patch(&client, program.address, &admin, board, &changes)
        .await
        .unwrap();

    let id = board.to_string();
    let arguments = [
        "token",
        "create",
        "--rights",
        "read",
        "--board",
        &id,
        "--note",
        "Ana",
        "--expires-in",
        "30d",
    ];
    let token = home.said(&arguments);
    let token = token.trim();
    let path = format!("/boards/{board}");
    let ask = async || get(&client, program.address, token, &path).await.status();
    assert_eq!(ask().await, StatusCode::OK);
    let writing = patch(&client, program.address, token, board, &changes)
        .await
        .unwrap();
    assert_eq!(writing.status(), StatusCode::FORBIDDEN);

    let list = home.said(&["token", "list"]);
    assert!(!list.contains(token) && !list.contains(&admin), "{list}");
    let line = list.lines().find(|line| line.contains("Ana")).unwrap();
    assert!(
        line.contains("read") && line.contains(&id) && line.contains("until 20"),
        "{line}"
    );
    let name = line.split(' ').next().unwrap();
    home.said(&["token", "revoke", name]);
    assert_eq!(ask().await, StatusCode::UNAUTHORIZED);
    assert!(home.said(&["token", "list"]).contains("revoked 20"));
    assert!(!home.run(&["token", "revoke", "nobody"]).status.success());
    assert!(
        !home
            .run(&["token", "create", "--rights", "all"])
            .status
            .success()
    );
    assert!(
        !home
            .run(&["token", "create", "--rights", "read", "--board", "x"])
            .status
            .success()
    );
    // Neither the database nor the log holds a secret.
    let stored = fs::read(&home.database).unwrap();
    let wal = fs::read(home.database.with_extension("sqlite-wal")).unwrap_or_default();
    for secret in [token.as_bytes(), admin.as_bytes()] {
        for bytes in [&stored, &wal] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret));
        }
    }
    program.kill();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hostile_write_is_undone_in_a_file() {
    support::hostile::a_hostile_write_is_undone(Home::new()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_listed_version_of_a_file_can_be_rewound_to_repeatedly() {
    let home = Home::new();
    support::hostile::every_listed_version_can_be_rewound_to_repeatedly(home).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_changes_can_be_removed_from_a_file() {
    let home = Home::new();
    support::hostile::a_flood_of_changes_can_be_removed(home).await;
}

#[tokio::test]
async fn head_has_the_length_of_get() {
    let home = Home::new();
    let mut program = home.serve();
    let admin = program.admin();
    let board = BoardId(stamp(7, 0));
    let client = Client::new();
    let changes = [option(board, "Board")];
    let stored = patch(&client, program.address, &admin, board, &changes);
    assert!(stored.await.unwrap().status().is_success());
    let path = format!("/boards/{board}");
    let got = get(&client, program.address, &admin, &path).await;
    let url = format!("http://{}{path}?after=0&wait=30", program.address);
    let head = client
        .head(&url[..url.find('?').unwrap()])
        .bearer_auth(&admin);
    let head = head.send().await.unwrap();
    for name in ["content-length", "etag", "cursor", "content-type"] {
        assert_eq!(header_of(&head, name), header_of(&got, name), "{name}");
    }
    assert_ne!(header_of(&head, "content-length"), "0");
    assert_eq!(head.bytes().await.unwrap().len(), 0);
    // HEAD never waits, even where GET would.
    let head = client
        .head(url)
        .bearer_auth(&admin)
        .timeout(Duration::from_secs(10));
    assert_eq!(head.send().await.unwrap().status(), StatusCode::OK);
    program.stop();
}
