//! The program itself: killed, started twice, backed up, restored.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    reason = "the helpers are outside of a test function, where clippy's own exception does not reach"
)]

mod support;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{BufRead as _, BufReader, Read as _},
    net::SocketAddr,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Output, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use cruxboard_domain::{Stamp, document::Document};
use reqwest::{Client, Response, StatusCode, header};
use support::{document, header_of, option, redaction, stamp};
use tempfile::TempDir;
use tokio::{sync::watch, time};

/// A folder with an app and a place for a database.
struct Place {
    dir: TempDir,
    database: PathBuf,
}

impl Place {
    fn new() -> Self {
        let dir = TempDir::new().unwrap();
        fs::create_dir(dir.path().join("dist")).unwrap();
        fs::write(dir.path().join("dist/index.html"), "<!doctype html>").unwrap();
        let database = dir.path().join("data/boards.sqlite");
        Self { dir, database }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cruxboard"));
        command
            .args(arguments)
            .env("CRUXBOARD_DATABASE", &self.database)
            .env("RUST_LOG", "warn");
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// What a run prints, which must succeed.
    fn said(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn serve(&self) -> Program {
        let dist = self.dir.path().join("dist");
        let begun = Instant::now();
        let arguments = ["serve", "--port", "0", "--dir", dist.to_str().unwrap()];
        let mut child = self
            .command(&arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        let address = line.strip_prefix("Cruxboard is at http://").unwrap();
        Program {
            address: address.split(' ').next().unwrap().parse().unwrap(),
            started_in: begun.elapsed(),
            child,
            lines,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }
}

struct Program {
    address: SocketAddr,
    started_in: Duration,
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Program {
    /// The token that the first start prints.
    fn admin(&mut self) -> String {
        loop {
            let mut line = String::new();
            assert_ne!(
                self.lines.read_line(&mut line).unwrap(),
                0,
                "no token was printed"
            );
            if let Some((_, token)) = line.split_once("shown only this once: ") {
                return token.trim().to_owned();
            }
        }
    }

    /// As `kill -9` does it.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// As a supervisor does it. Returns what else it has printed.
    fn stop(mut self) -> String {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").arg(&pid).status().unwrap().success());
        let mut rest = String::new();
        self.lines.read_to_string(&mut rest).unwrap();
        assert!(self.child.wait().unwrap().success());
        rest
    }
}

async fn patch(
    client: &Client,
    address: SocketAddr,
    token: &str,
    board: Stamp,
    changes: &[String],
) -> reqwest::Result<Response> {
    let url = format!("http://{address}/boards/{board}");
    let request = client.patch(url).bearer_auth(token);
    let request = request.header(header::CONTENT_TYPE, "application/json");
    request.body(document(board, changes)).send().await
}

async fn get(client: &Client, address: SocketAddr, token: &str, path: &str) -> Response {
    let request = client.get(format!("http://{address}{path}"));
    request.bearer_auth(token).send().await.unwrap()
}

fn is_long() -> bool {
    std::env::var_os("CRUXBOARD_LONG").is_some()
}

fn rights_of(file: &Path) -> u32 {
    fs::metadata(file).unwrap().permissions().mode() & 0o777
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % end
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_has_lost_nothing_that_it_acknowledged() {
    let kills = if is_long() { 500 } else { 200 };
    let place = Place::new();
    let mut program = place.serve();
    let admin: Arc<str> = program.admin().into();
    let board = stamp(7, 0);
    let client = Client::new();
    let changes = [option(board, "Board")];
    let first = patch(&client, program.address, &admin, board, &changes);
    assert!(first.await.unwrap().status().is_success());

    let (at, address) = watch::channel(program.address);
    let done = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..8_u32)
        .map(|writer| {
            let (address, done, admin) = (address.clone(), Arc::clone(&done), Arc::clone(&admin));
            tokio::spawn(async move {
                let client = Client::builder()
                    .timeout(Duration::from_secs(10))
                    .build()
                    .unwrap();
                let mut acknowledged = BTreeMap::new();
                let mut next = 0;
                while !done.load(Ordering::Relaxed) {
                    let changes: Vec<_> = (next..next + 1 + next % 3)
                        .map(|n| (stamp(100 + writer, n), format!("{writer}-{n}")))
                        .collect();
                    let rows: Vec<_> = changes.iter().map(|(id, name)| option(*id, name)).collect();
                    let to = *address.borrow();
                    // Sent again until there is an answer, as a device does.
                    match patch(&client, to, &admin, board, &rows).await {
                        Ok(answer) if answer.status().is_success() => {
                            next += changes.len() as u64;
                            acknowledged.extend(changes);
                        }
                        Ok(answer) => {
                            assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
                        }
                        Err(_) => time::sleep(Duration::from_millis(5)).await,
                    }
                }
                acknowledged
            })
        })
        .collect();

    let mut dice = Dice(1);
    let mut starts = Vec::new();
    for _ in 0..kills {
        time::sleep(Duration::from_millis(10 + dice.below(120))).await;
        program = tokio::task::block_in_place(|| {
            program.kill();
            place.serve()
        });
        starts.push(program.started_in);
        at.send_replace(program.address);
    }
    done.store(true, Ordering::Relaxed);
    let mut acknowledged = BTreeMap::from([(board, "Board".to_owned())]);
    for writer in writers {
        acknowledged.extend(writer.await.unwrap());
    }
    starts.sort();
    eprintln!(
        "{kills} kills, {} acknowledged changes, started again in {:?} (median), {:?} (longest)",
        acknowledged.len(),
        starts[starts.len() / 2],
        starts[starts.len() - 1]
    );
    assert!(acknowledged.len() > kills, "hardly anything was written");
    assert!(starts[starts.len() / 2] < Duration::from_secs(1));

    let got = get(
        &client,
        program.address,
        &admin,
        &format!("/boards/{board}"),
    )
    .await;
    let cursor: usize = header_of(&got, "cursor").parse().unwrap();
    let text = got.text().await.unwrap();
    let rows = Document::from_json(&text).unwrap().entries;
    let ids: BTreeSet<_> = rows.iter().map(|entry| entry.id()).collect();
    assert_eq!(ids.len(), rows.len(), "a change is there twice");
    assert_eq!(cursor, rows.len(), "a change has taken two places");
    let rows: BTreeMap<_, _> = rows
        .iter()
        .map(|entry| (entry.id(), entry.to_json()))
        .collect();
    for (id, name) in &acknowledged {
        assert_eq!(rows.get(id), Some(&option(*id, name)), "lost");
    }
    program.kill();
    let verdict = place.said(&["check"]);
    assert!(verdict.contains(" 0 faults"), "{verdict}");
}

#[tokio::test]
async fn a_stopped_server_ends_well_and_a_second_start_prints_no_token() {
    let place = Place::new();
    let mut program = place.serve();
    let admin = program.admin();
    assert_eq!(admin.len(), 32);
    program.stop();
    let mut program = place.serve();
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
        format!("Boards are kept in {}", place.database.display())
    );
    assert_eq!(program.stop(), "", "a token was printed again");
}

#[test]
fn two_servers_cannot_have_one_database() {
    let place = Place::new();
    let first = place.serve();
    let dist = place.path("dist");
    let second = place.run(&["serve", "--port", "0", "--dir", dist.to_str().unwrap()]);
    assert!(!second.status.success());
    let errors = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(
        errors.contains("in use by another Cruxboard server"),
        "{errors}"
    );
    let copy = place.path("copy.sqlite");
    fs::copy(&place.database, &copy).unwrap();
    assert!(
        !place
            .run(&["restore", copy.to_str().unwrap()])
            .status
            .success()
    );
    first.kill();
    place.serve().stop();
}

#[tokio::test]
async fn tokens_are_made_listed_and_revoked_while_the_server_runs() {
    let place = Place::new();
    let mut program = place.serve();
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
    let token = place.said(&arguments);
    let token = token.trim();
    let path = format!("/boards/{board}");
    let ask = async || get(&client, program.address, token, &path).await.status();
    assert_eq!(ask().await, StatusCode::OK);
    let writing = patch(&client, program.address, token, board, &changes)
        .await
        .unwrap();
    assert_eq!(writing.status(), StatusCode::FORBIDDEN);

    let list = place.said(&["token", "list"]);
    assert!(!list.contains(token) && !list.contains(&admin), "{list}");
    let line = list.lines().find(|line| line.contains("Ana")).unwrap();
    assert!(
        line.contains("read") && line.contains(&id) && line.contains("until 20"),
        "{line}"
    );
    let name = line.split(' ').next().unwrap();
    place.said(&["token", "revoke", name]);
    assert_eq!(ask().await, StatusCode::UNAUTHORIZED);
    assert!(place.said(&["token", "list"]).contains("revoked 20"));
    assert!(!place.run(&["token", "revoke", "nobody"]).status.success());
    assert!(
        !place
            .run(&["token", "create", "--rights", "all"])
            .status
            .success()
    );
    assert!(
        !place
            .run(&["token", "create", "--rights", "read", "--board", "x"])
            .status
            .success()
    );
    // Neither the database nor the log of anything holds a secret.
    let stored = fs::read(&place.database).unwrap();
    let wal = fs::read(place.database.with_extension("sqlite-wal")).unwrap_or_default();
    for secret in [token.as_bytes(), admin.as_bytes()] {
        for bytes in [&stored, &wal] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret));
        }
    }
    program.kill();
}

#[tokio::test]
async fn a_backup_of_a_running_server_can_be_restored() {
    let place = Place::new();
    let mut program = place.serve();
    let admin = program.admin();
    let client = Client::new();
    let board = stamp(7, 0);
    let path = format!("/boards/{board}");
    let secret = option(stamp(7, 1), "Utterly-private-name");
    let changes = [option(board, "Board"), secret, option(stamp(7, 2), "Kept")];
    patch(&client, program.address, &admin, board, &changes)
        .await
        .unwrap();
    let guest = place.said(&["token", "create", "--rights", "read", "--note", "guest"]);
    let copy = place.path("copy.sqlite");
    let said = place.said(&["backup", copy.to_str().unwrap()]);
    assert!(said.contains("1 boards, 3 changes"), "{said}");
    assert_eq!(rights_of(&copy), 0o600);
    assert_eq!(rights_of(&place.database), 0o600);
    let again = place.run(&["backup", copy.to_str().unwrap()]);
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
    let list = place.said(&["token", "list"]);
    let line = list.lines().find(|line| line.contains("guest")).unwrap();
    place.said(&["token", "revoke", line.split(' ').next().unwrap()]);
    let before = get(&client, program.address, &admin, &path).await;
    let (tag, cursor) = (
        header_of(&before, "etag").to_owned(),
        header_of(&before, "cursor").to_owned(),
    );
    assert_eq!(cursor, "6");
    program.stop();

    // Whoever kept it may have been careless.
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o644)).unwrap();
    let said = place.said(&["restore", copy.to_str().unwrap()]);
    assert!(said.contains("What was there before is in"), "{said}");
    assert_eq!(rights_of(&place.database), 0o600);
    let program = place.serve();
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
    let verdict = place.said(&["check"]);
    assert!(verdict.contains(" 0 faults"), "{verdict}");
}

/// Changes a database behind the server's back.
fn meddle(file: &Path, statement: &str) {
    let connection = rusqlite::Connection::open(file).unwrap();
    connection.execute_batch(statement).unwrap();
}

#[tokio::test]
async fn a_check_finds_what_is_wrong_and_a_faulty_backup_is_not_restored() {
    let place = Place::new();
    let mut program = place.serve();
    let admin = program.admin();
    let client = Client::new();
    let board = stamp(7, 0);
    let changes: Vec<_> = (0..3).map(|n| option(stamp(7, n), "x")).collect();
    patch(&client, program.address, &admin, board, &changes)
        .await
        .unwrap();
    program.kill();
    assert!(place.said(&["check"]).contains(" 0 faults"));

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
        let copy = place.path("meddled.sqlite");
        fs::copy(&place.database, &copy).unwrap();
        let wal = place.database.with_extension("sqlite-wal");
        if wal.exists() {
            fs::copy(wal, copy.with_extension("sqlite-wal")).unwrap();
        }
        meddle(&copy, &statement);
        let checked = place.run(&["check", "--database", copy.to_str().unwrap()]);
        assert!(!checked.status.success(), "{statement}");
        let said = String::from_utf8(checked.stdout).unwrap();
        assert!(said.contains(expected), "{statement}: {said}");
        let restored = place.run(&["restore", copy.to_str().unwrap()]);
        assert!(!restored.status.success(), "{statement}");
    }
    assert!(place.said(&["check"]).contains("1 boards, 3 changes"));
    // Something else than a database of ours is not touched.
    let other = place.path("other.sqlite");
    meddle(&other, "CREATE TABLE mine (x)");
    let opened = place.run(&["check", "--database", other.to_str().unwrap()]);
    assert!(String::from_utf8_lossy(&opened.stderr).contains("something else than boards"));
    let missing = place.run(&["check", "--database", "/nowhere/at/all.sqlite"]);
    assert!(String::from_utf8_lossy(&missing.stderr).contains("there is no database"));
    let elsewhere = place.run(&["check", "--database", "postgres://db/boards"]);
    assert!(String::from_utf8_lossy(&elsewhere.stderr).contains("not supported"));
}
