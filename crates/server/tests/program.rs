//! Tests of the program: kill, double start, backup, restore, command line.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    reason = "the helpers are outside of a test function, where clippy's own exception does not reach"
)]

mod support;

use std::{
    collections::BTreeSet, fs, io::BufRead as _, net::SocketAddr,
    os::unix::fs::PermissionsExt as _, path::Path, time::Duration,
};

use cruxboard_domain::{ChangeId, document::Document};
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

/// Copies only the database file, without its `-wal`.
fn copy_alone(home: &Home, name: &str) -> String {
    let copy = home.path(name);
    fs::copy(&home.database, &copy).unwrap();
    copy.to_str().unwrap().to_owned()
}

/// Returns the size of the `-wal` file, if it exists.
fn wal_of(file: &Path) -> Option<u64> {
    let mut name = file.as_os_str().to_owned();
    name.push("-wal");
    fs::metadata(name).ok().map(|wal| wal.len())
}

/// A running server with a board of 21 changes.
async fn with_a_board(home: &Home) -> (Program, String) {
    let mut program = home.serve();
    let admin = program.admin();
    let client = Client::new();
    for n in 0..21 {
        let change = [option(stamp(7, n), "x")];
        let sent = patch(&client, program.address, &admin, stamp(7, 0), &change).await;
        assert!(sent.unwrap().status().is_success());
    }
    (program, admin)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopped_server_leaves_one_file_that_is_complete_by_itself() {
    let home = Home::new();
    let (program, _) = with_a_board(&home).await;
    // A connection reads while the server stops, as a check or a backup does.
    let reader = rusqlite::Connection::open(&home.database).unwrap();
    reader
        .execute_batch("BEGIN; SELECT count(*) FROM boards")
        .unwrap();
    let address = program.address;
    let stopping = std::thread::spawn(move || program.stop());
    // The server no longer listens, but cannot close the file yet.
    while std::net::TcpStream::connect(address).is_ok() {
        std::thread::yield_now();
    }
    assert!(wal_of(&home.database).is_some());
    drop(reader);
    stopping.join().unwrap();
    assert_eq!(wal_of(&home.database), None);
    let copy = copy_alone(&home, "stopped.sqlite");
    let said = home.said(&["check", "--database", &copy]);
    assert!(said.contains("1 board, 21 changes"), "{said}");
    assert!(said.contains(" 0 faults"), "{said}");
    // Neither a command nor a short run of the server changes that.
    home.said(&["token", "list"]);
    home.serve().stop();
    let again = copy_alone(&home, "again.sqlite");
    assert_eq!(home.said(&["check", "--database", &again]), said);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_of_only_the_database_file_of_a_running_server_is_refused_with_a_remedy() {
    let home = Home::new();
    let (program, _) = with_a_board(&home).await;
    let copy = copy_alone(&home, "running.sqlite");
    let dist = home.path("dist");
    let dist = dist.to_str().unwrap();
    let elsewhere = home.path("elsewhere.sqlite");
    let elsewhere = elsewhere.to_str().unwrap();
    let refused = |arguments: &[&str]| {
        let run = home.run(arguments);
        assert!(!run.status.success(), "{arguments:?}");
        let said = [run.stdout, run.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        assert!(said.contains("-wal"), "{arguments:?}: {said}");
        assert!(said.contains("cruxboard backup"), "{arguments:?}: {said}");
    };
    // Each time, since none of the commands may make the copy look complete.
    for _ in 0..2 {
        refused(&["check", "--database", &copy]);
        refused(&["serve", "--port", "0", "--dir", dist, "--database", &copy]);
        refused(&["token", "list", "--database", &copy]);
        refused(&["restore", &copy, "--database", elsewhere]);
    }
    // Both files together are complete.
    let whole = home.path("whole.sqlite");
    fs::copy(&home.database, &whole).unwrap();
    let mut wal = home.database.clone().into_os_string();
    wal.push("-wal");
    fs::copy(wal, home.path("whole.sqlite-wal")).unwrap();
    let whole = whole.to_str().unwrap();
    let said = home.said(&["check", "--database", whole]);
    assert!(said.contains("1 board, 21 changes"), "{said}");
    let restored = home.path("restored.sqlite");
    let restored = restored.to_str().unwrap();
    let said = home.said(&["restore", whole, "--database", restored]);
    assert!(said.contains("1 board, 21 changes"), "{said}");
    program.kill();
    // The files of a killed server are complete too, also after a command.
    home.said(&["token", "list"]);
    let said = home.said(&["check"]);
    assert!(said.contains("1 board, 21 changes"), "{said}");

    // Without another copy, `--without-wal` restores this one.
    home.said(&["restore", &copy, "--without-wal", "--database", &copy]);
    let said = home.said(&["check", "--database", &copy]);
    assert!(said.contains(" 0 faults"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_warns_when_its_database_is_new_or_its_boards_are_gone() {
    let home = Home::new();
    let (program, _) = with_a_board(&home).await;
    program.stop();
    assert!(!home.serve().stop().contains("no boards"));
    let moved = home.path("moved.sqlite");
    fs::rename(&home.database, &moved).unwrap();
    let said = home.serve().stop();
    assert!(said.contains("WARNING: THERE ARE NO BOARDS"), "{said}");
    assert!(said.contains("cruxboard restore"), "{said}");
    fs::rename(&moved, &home.database).unwrap();
    assert!(!home.serve().stop().contains("NO BOARDS"));
    // Without a trace of earlier boards, the first start says that the database is new.
    let fresh = Home::new();
    let said = fresh.serve().stop();
    assert!(said.contains("new and has no boards"), "{said}");
    assert!(!fresh.serve().stop().contains("no boards"));
    // A `-wal` without its database is not deleted.
    fs::write(&fresh.database, "").unwrap();
    let mut wal = fresh.database.clone().into_os_string();
    wal.push("-wal");
    fs::write(&wal, "something").unwrap();
    let refused = fresh.run(&["check"]);
    assert!(!refused.status.success());
    assert_eq!(fs::read(&wal).unwrap(), b"something");
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
    assert!(said.contains("1 board, 3 changes"), "{said}");
    assert_eq!(rights_of(&copy), 0o600);
    assert_eq!(rights_of(&home.database), 0o600);
    let again = home.run(&["backup", copy.to_str().unwrap()]);
    assert!(
        !again.status.success(),
        "a backup must not overwrite another"
    );

    // After the backup: more changes, an erasure, a revocation.
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

    // The backup may be readable by everybody.
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o644)).unwrap();
    let said = home.said(&["restore", copy.to_str().unwrap()]);
    assert!(said.contains("The previous database is in"), "{said}");
    assert_eq!(rights_of(&home.database), 0o600);
    let program = home.serve();
    let got = get(&client, program.address, &admin, &path).await;
    assert_ne!(header_of(&got, "etag"), tag);
    let text = got.text().await.unwrap();
    assert!(text.contains("Kept") && !text.contains("Later"), "{text}");
    // Erasures and revocations since the backup stay in force.
    assert!(!text.contains("private"), "{text}");
    let refused = get(&client, program.address, guest.trim(), &path).await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);

    // New changes get numbers that no lost change had, so a follower's old cursor is unknown.
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
    let report = home.said(&["check"]);
    assert!(report.contains(" 0 faults"), "{report}");
}

/// Changes a database without the server.
fn meddle(file: &Path, statement: &str) {
    let connection = rusqlite::Connection::open(file).unwrap();
    connection.execute_batch(statement).unwrap();
}

#[tokio::test]
async fn a_check_finds_faults_and_a_faulty_backup_is_not_restored() {
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
            "the row says",
        ),
        (
            format!(
                "UPDATE changes SET id = '{}' WHERE id = '{id}'",
                stamp(9, 9)
            ),
            "holds the id",
        ),
        (
            "UPDATE boards SET cursor = 1".to_owned(),
            "but the cursor is",
        ),
        (
            format!("INSERT INTO erasures SELECT number, '{id}' FROM boards"),
            "still has content",
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
    assert!(home.said(&["check"]).contains("1 board, 3 changes"));
    // A file that is not a Cruxboard database is not changed.
    let other = home.path("other.sqlite");
    meddle(&other, "CREATE TABLE mine (x)");
    let opened = home.run(&["check", "--database", other.to_str().unwrap()]);
    assert!(String::from_utf8_lossy(&opened.stderr).contains("is not a Cruxboard database"));
    let missing = home.run(&["check", "--database", "/nowhere/at/all.sqlite"]);
    assert!(String::from_utf8_lossy(&missing.stderr).contains("there is no database"));
    let elsewhere = home.run(&["check", "--database", "mysql://db/boards"]);
    assert!(String::from_utf8_lossy(&elsewhere.stderr).contains("is not known"));
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

#[test]
fn the_command_line_overrides_the_environment_and_that_the_file() {
    let home = Home::new();
    let file = home.path("cruxboard.toml");
    fs::write(&file, "database = \"/of/the/file.sqlite\"\n").unwrap();
    let file = file.to_str().unwrap();
    let typed = ["--database", "/of/the/words.sqlite"];
    for (typed, environment, expected) in [
        (
            &typed[..],
            Some("/of/the/environment.sqlite"),
            "/of/the/words.sqlite",
        ),
        (
            &[],
            Some("/of/the/environment.sqlite"),
            "/of/the/environment.sqlite",
        ),
        (&typed, None, "/of/the/words.sqlite"),
        (&[], None, "/of/the/file.sqlite"),
    ] {
        let mut command = home.command(&["check", "--config", file]);
        command.args(typed).env_remove("CRUXBOARD_DATABASE");
        command.envs(environment.map(|database| ("CRUXBOARD_DATABASE", database)));
        let errors = String::from_utf8(command.output().unwrap().stderr).unwrap();
        assert!(
            errors.contains(&format!("no database at {expected}")),
            "{errors}"
        );
    }
    // The environment can name the file too.
    let mut command = home.command(&["check"]);
    command
        .env_remove("CRUXBOARD_DATABASE")
        .env("CRUXBOARD_CONFIG", file);
    let errors = String::from_utf8(command.output().unwrap().stderr).unwrap();
    assert!(errors.contains("/of/the/file.sqlite"), "{errors}");
}

#[tokio::test]
async fn a_server_follows_its_configuration_file_and_refuses_unknown_settings() {
    let home = Home::new();
    let file = home.path("cruxboard.toml");
    let dist = home.path("dist");
    let good = format!(
        "dir = {dist:?}\nport = 0\nkeep_erased = \"0\"\nallow_origin = [\"https://one.example.org\", \"https://two.example.org\"]\n"
    );
    fs::write(&file, &good).unwrap();
    let mut serve = home.command(&["--config", file.to_str().unwrap(), "serve"]);
    serve.env_remove("CRUXBOARD_ALLOW_ORIGIN");
    let program = Home::started(serve);
    let client = Client::new();
    for origin in ["https://one.example.org", "https://two.example.org"] {
        let url = format!("http://{}/boards/{}", program.address, stamp(7, 0));
        let answer = client
            .get(url)
            .header("origin", origin)
            .send()
            .await
            .unwrap();
        assert_eq!(header_of(&answer, "access-control-allow-origin"), origin);
    }
    program.stop();

    for (text, expected) in [
        ("prot = 1", "did you mean port?"),
        ("port = \"many\"", "says port = many"),
        ("port = ", "cruxboard.toml"),
        ("keep_erased = \"soon\"", "soon is not a duration"),
        ("allow_origin = \"board\"", "board is not an origin"),
        ("identity_header = \"X-User\"", "--trusted-proxy"),
        (
            "identity_header = \"X-User\"\ntrusted_proxy = \"proxy\"",
            "not the address of a proxy",
        ),
        (
            "identity_header = \"X User\"\ntrusted_proxy = \"::1\"",
            "header",
        ),
        ("identity_rights = \"all\"", "says identity_rights = all"),
    ] {
        fs::write(&file, format!("dir = {dist:?}\n{text}\n")).unwrap();
        let mut serve = home.command(&["serve", "--config", file.to_str().unwrap()]);
        let refused = serve.env_remove("CRUXBOARD_ALLOW_ORIGIN").output().unwrap();
        assert!(!refused.status.success(), "{text}");
        let errors = String::from_utf8(refused.stderr).unwrap();
        assert!(errors.contains(expected), "{text}: {errors}");
    }
    // Every line of the sample file is valid.
    let example = include_str!("../../../deploy/cruxboard.toml");
    let lines = example.lines().filter_map(|line| line.strip_prefix("# "));
    let mut settings: Vec<_> = lines.filter(|line| line.contains(" = ")).collect();
    settings.sort();
    settings.dedup_by_key(|line| line.split(' ').next());
    assert!(settings.len() >= 10, "{settings:?}");
    let wrong = [settings.join("\n"), "zoo = 1".to_owned()].join("\n");
    fs::write(&file, wrong).unwrap();
    let refused = home.run(&["serve", "--config", file.to_str().unwrap()]);
    let errors = String::from_utf8(refused.stderr).unwrap();
    assert!(errors.contains("no setting zoo"), "{errors}");
    let missing = home.run(&["serve", "--config", "/nowhere.toml"]);
    let errors = String::from_utf8(missing.stderr).unwrap();
    assert!(errors.contains("cannot read /nowhere.toml"), "{errors}");
}

#[test]
fn help_has_first_steps_and_the_variable_of_each_option() {
    let home = Home::new();
    let help = home.said(&["--help"]);
    for word in [
        "cruxboard serve",
        "boards",
        "board  ",
        "token create",
        "rewind",
        "cruxboard backup",
        "-wal",
        "cruxboard.toml",
        "environment",
    ] {
        assert!(help.contains(word), "{word}: {help}");
    }
    let help = home.said(&["serve", "--help"]);
    for word in [
        "--database",
        "postgres://",
        "CRUXBOARD_PORT",
        "--identity-header",
        "--trusted-proxy",
        "--keep-erased",
        "--config",
    ] {
        assert!(help.contains(word), "{word}: {help}");
    }
}

#[tokio::test]
async fn head_has_the_length_of_get() {
    let home = Home::new();
    let mut program = home.serve();
    let admin = program.admin();
    let board = stamp(7, 0);
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

fn described(board: ChangeId, question: &str) -> String {
    format!(r#"{{"id":"{board}","fact":{{"board-described":{{"question":"{question}"}}}}}}"#)
}

/// Returns the error of a run that must fail.
fn refusal(home: &Home, arguments: &[&str]) -> String {
    let output = home.run(arguments);
    assert!(!output.status.success(), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

async fn delete(client: &Client, program: &Program, admin: &str, board: ChangeId) -> StatusCode {
    let url = format!("http://{}/boards/{board}", program.address);
    let request = client.delete(url).bearer_auth(admin);
    request.send().await.unwrap().status()
}

#[tokio::test]
async fn boards_are_listed_deleted_and_restored() {
    let home = Home::new();
    let mut program = home.serve();
    let admin = program.admin();
    let client = Client::new();
    let (one, other) = (stamp(7, 0), stamp(8, 0));
    for (board, question) in [(one, "Stop the trial?"), (other, "Move?")] {
        let changes = [described(board, question), option(stamp(9, 1), "Yes")];
        let sent = patch(&client, program.address, &admin, board, &changes).await;
        assert!(sent.unwrap().status().is_success());
    }
    let line = |board: ChangeId| {
        let list = home.said(&["boards"]);
        let line = list.lines().find(|line| line.contains(&board.to_string()));
        line.map(str::to_owned)
    };
    let listed = line(one).unwrap();
    assert!(listed.ends_with("Stop the trial?"), "{listed}");
    let columns: Vec<&str> = listed.split_whitespace().collect();
    assert_eq!(columns[1..4], ["2", "167", "B"], "{listed}");
    assert!(
        columns[4].starts_with("20") && columns[6] == "present",
        "{listed}"
    );

    // A running server must do it; the command is refused.
    let name = one.to_string();
    let refused = refusal(&home, &["board", "delete", &name]);
    assert!(refused.contains("send it DELETE"), "{refused}");
    let path = format!("/boards/{one}");
    let before = get(&client, program.address, &admin, &path).await;
    let tag = header_of(&before, "etag").to_owned();
    let copy = home.path("before.sqlite");
    let copy = copy.to_str().unwrap();
    home.said(&["backup", copy]);
    assert_eq!(delete(&client, &program, &admin, one).await, 204);
    let listed = line(one).unwrap();
    assert!(listed.contains("deleted 20"), "{listed}");
    let report = home.said(&["check"]);
    assert!(report.starts_with("1 board, 2 changes, "), "{report}");
    assert!(report.contains(" 0 faults\n1 board is deleted"), "{report}");
    program.stop();
    for command in ["versions", "rewind"] {
        let mut arguments = vec![command, &name];
        arguments.extend(if command == "rewind" {
            &["--to", "1"][..]
        } else {
            &[]
        });
        let refused = refusal(&home, &arguments);
        assert!(refused.contains("there is no board"), "{refused}");
    }

    home.said(&["board", "restore", &name]);
    let refused = refusal(&home, &["board", "restore", &name]);
    assert!(refused.contains("is not deleted"), "{refused}");
    let program = home.serve();
    let after = get(&client, program.address, &admin, &path).await;
    assert_eq!(header_of(&after, "etag"), tag);
    assert_eq!(after.text().await.unwrap(), before.text().await.unwrap());
    program.stop();

    home.said(&["board", "delete", &name]);
    let refused = refusal(&home, &["board", "delete", &name]);
    assert!(refused.contains("deleted already"), "{refused}");
    let unknown = stamp(9, 0).to_string();
    let refused = refusal(&home, &["board", "delete", &unknown]);
    assert!(refused.contains("there is no board"), "{refused}");
    // A server does not warn about boards that were deleted.
    home.said(&["board", "delete", &other.to_string()]);
    let said = home.serve().stop();
    assert!(!said.contains("NO BOARDS"), "{said}");

    // Restoring an older backup does not restore the deleted board.
    home.said(&["board", "restore", &other.to_string()]);
    let said = home.said(&["restore", copy]);
    assert!(said.contains("1 board is deleted"), "{said}");
    assert!(line(one).unwrap().contains("deleted"));
    assert!(line(other).unwrap().contains("present"));
    home.said(&["board", "restore", &name]);
    assert!(home.said(&["check"]).starts_with("2 boards, 4 changes, "));
}

#[tokio::test]
async fn a_deleted_board_can_be_restored_for_a_week_and_is_removed_for_good_afterwards() {
    let home = Home::new();
    let mut program = home.serve();
    let admin = program.admin();
    let client = Client::new();
    let (one, other) = (stamp(7, 0), stamp(8, 0));
    for board in [one, other] {
        let changes = [option(board, "Utterly-private-name")];
        let sent = patch(&client, program.address, &admin, board, &changes).await;
        assert!(sent.unwrap().status().is_success());
    }
    program.stop();
    for (board, days) in [(one, 8), (other, 6)] {
        home.said(&["board", "delete", &board.to_string()]);
        let earlier = "UPDATE boards SET deleted_at = deleted_at - 86400 * ?2 WHERE id = ?1";
        let file = rusqlite::Connection::open(&home.database).unwrap();
        file.execute(earlier, (board.to_string(), days)).unwrap();
    }
    let program = home.serve();
    let tidying = async {
        while home.said(&["boards"]).contains(&one.to_string()) {
            time::sleep(Duration::from_millis(20)).await;
        }
    };
    let tidied = time::timeout(Duration::from_secs(20), tidying).await;
    assert!(tidied.is_ok(), "it is still there");
    let path = format!("/boards/{one}");
    let asked = get(&client, program.address, &admin, &path).await;
    assert_eq!(asked.status(), StatusCode::NOT_FOUND);
    let path = format!("/boards/{other}");
    let asked = get(&client, program.address, &admin, &path).await;
    assert_eq!(asked.status(), StatusCode::GONE);
    program.stop();
    let refused = refusal(&home, &["board", "restore", &one.to_string()]);
    assert!(refused.contains("may be in a backup"), "{refused}");
    home.said(&["board", "restore", &other.to_string()]);
    let report = home.said(&["check"]);
    assert!(report.starts_with("1 board, 1 change, ") && report.contains(" 0 faults"));
    // The text of one board is gone from the file; that of the other is there once.
    let stored = fs::read(&home.database).unwrap();
    let texts = stored
        .windows(20)
        .filter(|text| text == b"Utterly-private-name");
    assert_eq!(texts.count(), 1);
}

#[test]
fn a_closed_pipe_is_not_a_failure() {
    let home = Home::new();
    let mut program = home.serve();
    program.admin();
    program.stop();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut list = home.command(&["token", "list"]);
    let output = list
        .stdout(writer)
        .stderr(std::process::Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.status.success());
}

#[tokio::test]
async fn the_log_in_a_file_holds_no_colour_codes() {
    let home = Home::new();
    let mut program = home.serve();
    let admin = program.admin();
    let board = stamp(7, 0);
    let changes = [option(board, "Board")];
    let client = Client::new();
    let stored = patch(&client, program.address, &admin, board, &changes);
    assert!(stored.await.unwrap().status().is_success());
    program.stop();
    // The next start logs a warning.
    let (log, _) = logged(&home, "debug", async |address| {
        get(&client, address, &admin, "/healthz").await;
    })
    .await;
    assert!(log.contains("DEBUG") && log.contains("/healthz"), "{log}");
    assert!(!log.contains('\u{1b}'), "{log}");
}

/// Returns the log of a server in a file during some requests, and its output.
async fn logged(
    home: &Home,
    level: &str,
    asking: impl AsyncFnOnce(SocketAddr),
) -> (String, String) {
    let file = home.path("log");
    let dist = home.path("dist");
    let mut serve = home.command(&["serve", "--port", "0", "--dir", dist.to_str().unwrap()]);
    serve.env("RUST_LOG", level);
    serve.stderr(fs::File::create(&file).unwrap());
    let program = Home::started(serve);
    asking(program.address).await;
    let printed = program.stop();
    (fs::read_to_string(file).unwrap(), printed)
}

#[tokio::test]
async fn the_log_of_requests_holds_no_secret_and_is_written_only_when_asked_for() {
    let home = Home::new();
    let mut program = home.serve();
    let admin = program.admin();
    program.stop();
    let board = stamp(7, 0);
    let client = Client::new();
    let play = async |address: SocketAddr| {
        let changes = [option(board, "Utterly-private-name")];
        let sent = patch(&client, address, &admin, board, &changes).await;
        let sent = sent.unwrap();
        assert!(sent.status().is_success());
        let request_id = header_of(&sent, "x-request-id").to_owned();
        let url = format!("http://{address}/snapshots");
        let kept = client.post(url).bearer_auth(&admin).body("sealed");
        let kept = kept.header("content-type", "application/octet-stream");
        let snapshot = field(kept.send().await.unwrap(), "id").await;
        for path in [
            format!("/boards/{board}?after=0&token=Secret-in-a-query"),
            format!("/boards/{board}/tokens/Secret-in-a-path"),
            "/boards/Secret-in-a-path".to_owned(),
            format!("/snapshots/{snapshot}"),
            "/%23/join?at=https://example.org&token=Secret-in-a-link".to_owned(),
            "/readyz".to_owned(),
        ] {
            get(&client, address, &admin, &path).await;
        }
        get(&client, address, "Secret-of-somebody-else", "/snapshots").await;
        (snapshot, request_id)
    };

    let mut played = (String::new(), String::new());
    let level = "info,cruxboard_server::requests=debug";
    let (log, _) = logged(&home, level, async |address| played = play(address).await).await;
    let (snapshot, request_id) = played;
    let line = |words: &[&str]| {
        let mut lines = log.lines();
        let found = lines.any(|line| words.iter().all(|word| line.contains(word)));
        assert!(found, "{words:?}: {log}");
    };
    let path = format!("path=/boards/{board} ");
    // The id of a request is in its response too.
    let id = format!("id={request_id}");
    line(&[
        "DEBUG",
        "requests",
        "method=PATCH",
        &path,
        &id,
        "status=201",
        "millis=",
    ]);
    line(&["method=GET", &path, "status=200"]);
    line(&["method=GET", "path=/boards/{board} ", "status=404"]);
    line(&["method=POST", "path=/snapshots ", "status=201"]);
    line(&["method=GET", "path=/snapshots/{snapshot} ", "status=200"]);
    line(&["method=GET", "path=/snapshots ", "status=401"]);
    // No log level reveals more.
    let mut other = String::new();
    let (all, _) = logged(&home, "trace", async |address| {
        (other, _) = play(address).await;
    })
    .await;
    assert!(all.contains("DEBUG"), "{all}");
    for secret in [&*admin, &snapshot, &other, "Secret-", "Utterly-private"] {
        assert!(!log.contains(secret) && !all.contains(secret), "{secret}");
    }
    let (log, _) = logged(&home, "info", async |address| drop(play(address).await)).await;
    assert_eq!(log, "");
}

#[tokio::test]
async fn an_error_is_printed_once_with_its_cause() {
    let home = Home::new();
    fs::write(home.path("file"), "no database").unwrap();
    let path = |name: &str| home.path(name).to_str().unwrap().to_owned();
    let (dist, file, below) = (path("dist"), path("file"), path("file/data/boards.sqlite"));
    let nowhere = path("none/copy.sqlite");
    let postgres = "postgres://127.0.0.1:1/boards";
    let serve = ["serve", "--port", "0", "--dir", &dist, "--database"];
    for (arguments, cause) in [
        ([&serve[..], &[&below]].concat(), "os error 20"),
        ([&serve[..], &[&file]].concat(), "file is not a database"),
        ([&serve[..], &[postgres]].concat(), "Connection refused"),
        (vec!["check", "--database", &file], "file is not a database"),
        (vec!["boards", "--database", postgres], "Connection refused"),
        (vec!["backup", &nowhere], "os error 2"),
        (vec!["--config", &nowhere, "serve"], "os error 2"),
        (
            [&serve[..], &[&file, "--trusted-proxy", "1.2.3"]].concat(),
            "invalid IP address",
        ),
    ] {
        let output = home.command(&arguments).env("RUST_LOG", "info").output();
        let output = output.unwrap();
        assert!(!output.status.success(), "{arguments:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(said.lines().count(), 1, "{said}");
        assert_eq!(said.matches(cause).count(), 1, "{said}");
        let parts: Vec<&str> = said.trim().split(": ").collect();
        let different: BTreeSet<&&str> = parts.iter().collect();
        assert_eq!(different.len(), parts.len(), "{said}");
    }
    // The warning about missing boards is printed once, and not logged too.
    let (program, _) = with_a_board(&home).await;
    program.stop();
    fs::remove_file(&home.database).unwrap();
    let (log, printed) = logged(&home, "info", async |_| {}).await;
    assert!(printed.contains("THERE ARE NO BOARDS"), "{printed}");
    assert_eq!(log, "");
}

#[test]
fn a_backup_that_fails_leaves_nothing_behind() {
    let home = Home::new();
    let copy = home.path("copy.sqlite");
    let output = home.run(&["backup", copy.to_str().unwrap()]);
    assert!(!output.status.success());
    let left: Vec<_> = fs::read_dir(home.path("."))
        .unwrap()
        .map(|file| file.unwrap().file_name())
        .filter(|name| name.to_string_lossy().contains("copy"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}
