//! Commands on a PostgreSQL database.

use super::*;

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
    let (other, changes) = (BoardId(stamp(8, 0)), [option(stamp(8, 0), "x")]);
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
