//! The program itself: killed, started twice, backed up, restored.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    reason = "the helpers are outside of a test function, where clippy's own exception does not reach"
)]

mod support;

use std::{fs, io::BufRead as _, os::unix::fs::PermissionsExt as _, path::Path, time::Duration};

use cruxboard_domain::document::Document;
use reqwest::{Client, StatusCode};
use support::{
    header_of,
    load::Load,
    option,
    program::{Dice, Home, get, is_long, patch},
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
    let board = stamp(7, 0);
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
    let verdict = home.said(&["check"]);
    assert!(verdict.contains(" 0 faults"), "{verdict}");
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
        format!("Boards are kept in {}", home.database.display())
    );
    assert_eq!(program.stop(), "", "a token was printed again");
}

#[test]
fn two_servers_cannot_have_one_database() {
    let home = Home::new();
    let first = home.serve();
    let dist = home.path("dist");
    let second = home.run(&["serve", "--port", "0", "--dir", dist.to_str().unwrap()]);
    assert!(!second.status.success());
    let errors = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(
        errors.contains("in use by another Cruxboard server"),
        "{errors}"
    );
    let copy = home.path("copy.sqlite");
    fs::copy(&home.database, &copy).unwrap();
    assert!(
        !home
            .run(&["restore", copy.to_str().unwrap()])
            .status
            .success()
    );
    first.kill();
    home.serve().stop();
}

#[tokio::test]
async fn tokens_are_made_listed_and_revoked_while_the_server_runs() {
    let home = Home::new();
    let mut program = home.serve();
    let admin = program.admin();
    let client = Client::new();
    let board = stamp(7, 0);
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
    // Neither the database nor the log of anything holds a secret.
    let stored = fs::read(&home.database).unwrap();
    let wal = fs::read(home.database.with_extension("sqlite-wal")).unwrap_or_default();
    for secret in [token.as_bytes(), admin.as_bytes()] {
        for bytes in [&stored, &wal] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret));
        }
    }
    program.kill();
}

#[tokio::test]
async fn a_backup_of_a_running_server_can_be_restored() {
    let home = Home::new();
    let mut program = home.serve();
    let admin = program.admin();
    let client = Client::new();
    let board = stamp(7, 0);
    let path = format!("/boards/{board}");
    let secret = option(stamp(7, 1), "Utterly-private-name");
    let changes = [option(board, "Board"), secret, option(stamp(7, 2), "Kept")];
    patch(&client, program.address, &admin, board, &changes)
        .await
        .unwrap();
    let guest = home.said(&["token", "create", "--rights", "read", "--note", "guest"]);
    let copy = home.path("copy.sqlite");
    let said = home.said(&["backup", copy.to_str().unwrap()]);
    assert!(said.contains("1 boards, 3 changes"), "{said}");
    assert_eq!(rights_of(&copy), 0o600);
    assert_eq!(rights_of(&home.database), 0o600);
    let again = home.run(&["backup", copy.to_str().unwrap()]);
    assert!(
        !again.status.success(),
        "a backup must not overwrite another"
    );

    // What happens afterwards: more changes, an erasure, a revocation.
    let later = [
        option(stamp(7, 3), "Later"),
        redaction(stamp(7, 4), &[stamp(7, 1)]),
    ];
    patch(&client, program.address, &admin, board, &later)
        .await
        .unwrap();
    let list = home.said(&["token", "list"]);
    let line = list.lines().find(|line| line.contains("guest")).unwrap();
    home.said(&["token", "revoke", line.split(' ').next().unwrap()]);
    let before = get(&client, program.address, &admin, &path).await;
    let (tag, cursor) = (
        header_of(&before, "etag").to_owned(),
        header_of(&before, "cursor").to_owned(),
    );
    assert_eq!(cursor, "6");
    program.stop();

    // Whoever kept it may have been careless.
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o644)).unwrap();
    let said = home.said(&["restore", copy.to_str().unwrap()]);
    assert!(said.contains("What was there before is in"), "{said}");
    assert_eq!(rights_of(&home.database), 0o600);
    let program = home.serve();
    let got = get(&client, program.address, &admin, &path).await;
    assert_ne!(header_of(&got, "etag"), tag);
    let text = got.text().await.unwrap();
    assert!(text.contains("Kept") && !text.contains("Later"), "{text}");
    // What was erased and whom one has shut out since stays so.
    assert!(!text.contains("private"), "{text}");
    let refused = get(&client, program.address, guest.trim(), &path).await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);

    // New changes get numbers that the lost ones cannot have had: a follower's old cursor is unknown.
    let more = [option(stamp(7, 5), "More"), option(stamp(7, 6), "And more")];
    patch(&client, program.address, &admin, board, &more)
        .await
        .unwrap();
    patch(&client, program.address, &admin, board, &later)
        .await
        .unwrap();
    let followed = get(
        &client,
        program.address,
        &admin,
        &format!("{path}?after={cursor}"),
    )
    .await;
    let text = followed.text().await.unwrap();
    assert_eq!(Document::from_json(&text).unwrap().entries.len(), 7);
    program.stop();
    let verdict = home.said(&["check"]);
    assert!(verdict.contains(" 0 faults"), "{verdict}");
}

/// Changes a database behind the server's back.
fn meddle(file: &Path, statement: &str) {
    let connection = rusqlite::Connection::open(file).unwrap();
    connection.execute_batch(statement).unwrap();
}

#[tokio::test]
async fn a_check_finds_what_is_wrong_and_a_faulty_backup_is_not_restored() {
    let home = Home::new();
    let mut program = home.serve();
    let admin = program.admin();
    let client = Client::new();
    let board = stamp(7, 0);
    let changes: Vec<_> = (0..3).map(|n| option(stamp(7, n), "x")).collect();
    patch(&client, program.address, &admin, board, &changes)
        .await
        .unwrap();
    program.kill();
    assert!(home.said(&["check"]).contains(" 0 faults"));

    let id = stamp(7, 1);
    for (statement, expected) in [
        (
            format!("UPDATE changes SET json = '{{' WHERE id = '{id}'"),
            "cannot be read",
        ),
        (
            format!("DELETE FROM changes WHERE id = '{id}'"),
            "are counted",
        ),
        (
            format!(
                "UPDATE changes SET id = '{}' WHERE id = '{id}'",
                stamp(9, 9)
            ),
            "calls itself",
        ),
        ("UPDATE boards SET cursor = 1".to_owned(), "past its cursor"),
        (
            format!("INSERT INTO erasures SELECT number, '{id}' FROM boards"),
            "no content any more",
        ),
        ("UPDATE tokens SET rights = 'all'".to_owned(), "token"),
    ] {
        let copy = home.path("meddled.sqlite");
        fs::copy(&home.database, &copy).unwrap();
        let wal = home.database.with_extension("sqlite-wal");
        if wal.exists() {
            fs::copy(wal, copy.with_extension("sqlite-wal")).unwrap();
        }
        meddle(&copy, &statement);
        let checked = home.run(&["check", "--database", copy.to_str().unwrap()]);
        assert!(!checked.status.success(), "{statement}");
        let said = String::from_utf8(checked.stdout).unwrap();
        assert!(said.contains(expected), "{statement}: {said}");
        let restored = home.run(&["restore", copy.to_str().unwrap()]);
        assert!(!restored.status.success(), "{statement}");
    }
    assert!(home.said(&["check"]).contains("1 boards, 3 changes"));
    // Something else than a database of ours is not touched.
    let other = home.path("other.sqlite");
    meddle(&other, "CREATE TABLE mine (x)");
    let opened = home.run(&["check", "--database", other.to_str().unwrap()]);
    assert!(String::from_utf8_lossy(&opened.stderr).contains("something else than boards"));
    let missing = home.run(&["check", "--database", "/nowhere/at/all.sqlite"]);
    assert!(String::from_utf8_lossy(&missing.stderr).contains("there is no database"));
    let elsewhere = home.run(&["check", "--database", "mysql://db/boards"]);
    assert!(String::from_utf8_lossy(&elsewhere.stderr).contains("is not known"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hostile_write_is_undone_in_a_file() {
    support::hostile::a_hostile_write_is_undone(Home::new()).await;
}
