//! The database file: stopping, copying, checking, backups.

use super::*;

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
async fn a_backup_of_a_running_server_can_be_restored() {
    let home = Home::new();
    let mut program = home.serve();
    let admin = program.admin();
    let client = Client::new();
    let board = BoardId(stamp(7, 0));
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restore_killed_at_any_moment_leaves_the_old_or_the_new_database() {
    let home = Home::new();
    let (program, admin) = with_a_board(&home).await;
    let copy = home.path("copy.sqlite");
    home.said(&["backup", copy.to_str().unwrap()]);
    let later = [option(stamp(7, 50), "Later")];
    let sent = patch(
        &Client::new(),
        program.address,
        &admin,
        BoardId(stamp(7, 0)),
        &later,
    )
    .await;
    assert!(sent.unwrap().status().is_success());
    program.stop();
    let newer = fs::read(&home.database).unwrap();
    let restore = ["restore", copy.to_str().unwrap()];
    let begun = std::time::Instant::now();
    home.said(&restore);
    let whole = begun.elapsed();
    let (mut olds, mut news) = (0, 0);
    let kills = 60;
    for n in 0..=kills {
        fs::write(&home.database, &newer).unwrap();
        let mut running = home
            .command(&restore)
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(whole * n / kills);
        // It may have ended by itself.
        running.kill().ok();
        running.wait().unwrap();
        let said = home.said(&["check"]);
        assert!(said.contains(" 0 faults"), "{said}");
        match (said.contains("22 changes"), said.contains("21 changes")) {
            (true, false) => olds += 1,
            (false, true) => news += 1,
            _ => panic!("neither the old nor the new one: {said}"),
        }
    }
    assert!(olds > 0 && news > 0, "{olds} old, {news} new");
    // Files left by an interrupted restore do not prevent a later one.
    home.said(&restore);
    home.serve().stop();
}

#[tokio::test]
async fn a_check_finds_faults_and_a_faulty_backup_is_not_restored() {
    let home = Home::new();
    let mut program = home.serve();
    let admin = program.admin();
    let client = Client::new();
    let board = BoardId(stamp(7, 0));
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
