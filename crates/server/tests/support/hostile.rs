//! Hostile writes, and rewinding the board.

use std::collections::{BTreeMap, BTreeSet};

use cruxboard_domain::{BoardId, ChangeId, document::Document, log::Log};
use reqwest::{Client, StatusCode};

use super::{
    changes_in, field, header_of, option,
    program::{Dice, Home, Program, get, patch},
    redaction, retraction, stamp,
};

/// Runs with SQLite and with PostgreSQL.
#[expect(
    clippy::too_many_lines,
    reason = "one attack and its repair, step by step"
)]
pub async fn a_hostile_write_is_undone(home: Home) {
    let client = Client::new();
    let board = BoardId(stamp(7, 0));
    let path = format!("/boards/{board}");
    let mut program = home.serve();
    let admin = program.admin();
    let send = async |program: &Program, token: &str, changes: &[String]| {
        let sent = patch(&client, program.address, token, board, changes).await;
        sent.unwrap()
    };
    let good: Vec<_> = (0..4)
        .map(|n| option(stamp(7, n), &format!("Good {n}")))
        .collect();
    let made = send(&program, &admin, &good).await;
    assert_eq!(field(made, "cursor").await, "4");
    let erased_long_ago = redaction(stamp(7, 5), &[stamp(7, 3)]);
    let sent = send(&program, &admin, std::slice::from_ref(&erased_long_ago)).await;
    assert_eq!(field(sent, "cursor").await, "6");
    let before = whole(&client, &program, &admin, &path).await;

    let guest = home.said(&["token", "create", "--rights", "write", "--note", "Mallory"]);
    let guest = guest.trim();
    let hostile = [
        // In the name of another person.
        option(stamp(9, 50), "Hostile").replacen(
            ",\"fact\"",
            &format!(",\"by\":\"{}\",\"fact\"", stamp(7, 0)),
            1,
        ),
        redaction(stamp(9, 51), &[stamp(7, 1), stamp(7, 2), stamp(7, 30)]),
        retraction(stamp(9, 52), &[stamp(7, 0)]),
        format!(r#"{{"id":"{}","fact":"blank"}}"#, stamp(7, 0)),
    ];
    let sent = send(&program, guest, &hostile).await;
    assert_eq!(sent.status(), StatusCode::OK);
    let spoiled = whole(&client, &program, &admin, &path).await;
    assert!(!spoiled.contains("Good"), "{spoiled}");
    assert!(spoiled.contains(&hostile[0]), "{spoiled}");

    let versions = home.said(&["versions", &board.to_string()]);
    let lines: Vec<_> = versions.lines().collect();
    assert_eq!(lines.len(), 4, "{versions}");
    let words = |line: &str| -> Vec<String> { line.split_whitespace().map(Into::into).collect() };
    let latest = words(lines[1]);
    assert!(lines[1].ends_with("Mallory"), "{versions}");
    // Columns: version, day, time, added, erased.
    assert_eq!(
        (latest[3].as_str(), latest[4].as_str()),
        ("3", "3"),
        "{versions}"
    );
    let version = words(lines[2])[0].clone();
    assert_eq!(version, "6");

    // A device with an old cursor.
    let cursor = header_of(
        &get(&client, program.address, &admin, &path).await,
        "cursor",
    )
    .to_owned();
    program.stop();
    let refused = home.run(&["rewind", &board.to_string(), "--to", "99999"]);
    assert!(!refused.status.success());
    let said = home.said(&["rewind", &board.to_string(), "--to", &version]);
    assert!(
        said.contains("Retracted 2 changes, restored the content of 3 changes, removed 1 erasure."),
        "{said}"
    );
    assert!(said.contains("undo them when they next connect"), "{said}");

    let program = home.serve();
    let after = whole(&client, &program, &admin, &path).await;
    for row in &good[..3] {
        assert!(after.contains(row), "{after}");
    }
    // Earlier erasures stay. The logs of then and now give the same board.
    assert!(!after.contains("Good 3"), "{after}");
    let counting = |text: &str| counted(text);
    assert_eq!(counting(&after), counting(&before));
    // A follower with an old cursor gets the whole board.
    let news = get(
        &client,
        program.address,
        &admin,
        &format!("{path}?after={cursor}"),
    )
    .await;
    assert_eq!(changes_in(news).await, rows::<Vec<_>>(&after));

    // A device sends all hostile changes again. They are refused as conflicts.
    let sent = send(&program, guest, &hostile).await;
    assert_eq!(sent.status(), StatusCode::OK);
    let conflicts = field(sent, "conflicts").await;
    for id in [stamp(9, 51), stamp(7, 0)] {
        assert!(conflicts.contains(&id.to_string()), "{conflicts}");
    }
    assert_eq!(whole(&client, &program, &admin, &path).await, after);
    // Restored content can be erased again, and changes that were to be erased can arrive.
    let sent = send(&program, &admin, &[option(stamp(7, 30), "Late")]).await;
    assert_eq!(field(sent, "added").await, "1");
    let erasing = redaction(stamp(7, 60), &[stamp(7, 1)]);
    assert_eq!(
        field(send(&program, &admin, &[erasing]).await, "added").await,
        "1"
    );
    let last = whole(&client, &program, &admin, &path).await;
    assert!(!last.contains("Good 1") && last.contains("Late") && last.contains("Good 2"));
    program.stop();
    let report = home.said(&["check"]);
    assert!(report.contains(" 0 faults"), "{report}");
}

/// Returns the listed versions, latest first: cursor and token.
fn versions(home: &Home, board: BoardId) -> Vec<(i64, String)> {
    let listed = home.said(&["versions", &board.to_string()]);
    let lines = listed.lines().skip(1);
    let versions = lines.map(|line| {
        let words: Vec<_> = line.split_whitespace().collect();
        (words[0].parse().unwrap(), words[5].to_owned())
    });
    versions.collect()
}

/// Runs with SQLite and with PostgreSQL.
pub async fn every_listed_version_can_be_rewound_to_repeatedly(home: Home) {
    let client = Client::new();
    let board = BoardId(stamp(7, 0));
    let path = format!("/boards/{board}");
    let mut program = home.serve();
    let admin = program.admin();
    let mut said = BTreeMap::new();
    let writes = [
        (0..4)
            .map(|n| option(stamp(7, n), &format!("Good {n}")))
            .collect(),
        vec![
            option(stamp(9, 50), "Hostile"),
            redaction(stamp(9, 51), &[stamp(7, 1), stamp(7, 30)]),
            retraction(stamp(9, 52), &[stamp(7, 0)]),
            format!(r#"{{"id":"{}","fact":"blank"}}"#, stamp(7, 2)),
        ],
        vec![option(stamp(7, 60), "Good again")],
        vec![redaction(stamp(7, 61), &[stamp(7, 3)])],
    ];
    for changes in &writes {
        let sent = patch(&client, program.address, &admin, board, changes).await;
        let cursor: i64 = field(sent.unwrap(), "cursor").await.parse().unwrap();
        let text = whole(&client, &program, &admin, &path).await;
        said.insert(cursor, counted(&text));
    }
    program.stop();

    // Rewinds to each in any order, also to versions made by a rewind.
    let mut dice = Dice(5);
    for round in 0..24 {
        let listed = versions(&home, board);
        let found: BTreeSet<_> = listed.iter().map(|(cursor, _)| *cursor).collect();
        assert_eq!(found, said.keys().copied().collect());
        let (to, _) = listed[dice.below(listed.len() as u64) as usize];
        let mut arguments = vec!["rewind".to_owned(), board.to_string()];
        arguments.extend(["--to".to_owned(), to.to_string()]);
        arguments.extend((dice.below(2) == 0).then(|| "--drop".to_owned()));
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        home.said(&arguments);
        if round == 12 {
            // Also after a restored backup.
            let copy = home.path("copy.sqlite");
            let copy = copy.to_str().unwrap();
            home.said(&["backup", copy]);
            home.said(&["restore", copy]);
        }
        let program = home.serve();
        let text = whole(&client, &program, &admin, &path).await;
        program.stop();
        assert_eq!(counted(&text), said[&to], "{round}: back to {to}");
        let (now, token) = versions(&home, board).remove(0);
        assert_eq!(token, "rewind");
        said.insert(now, counted(&text));
    }
    let report = home.said(&["check"]);
    assert!(report.contains(" 0 faults"), "{report}");
}

/// Runs with SQLite and with PostgreSQL.
pub async fn a_flood_of_changes_can_be_removed(home: Home) {
    let client = Client::new();
    let board = BoardId(stamp(7, 0));
    let path = format!("/boards/{board}");
    let mut program = home.serve();
    let admin = program.admin();
    let send = async |program: &Program, token: &str, changes: &[String]| {
        let sent = patch(&client, program.address, token, board, changes).await;
        sent.unwrap()
    };
    let good = |n: u64| option(stamp(7, n), &format!("Good {n}"));
    send(&program, &admin, &[good(0), good(1)]).await;
    let guest = home.said(&["token", "create", "--rights", "write", "--note", "Mallory"]);
    let guest = guest.trim();
    let flood = |turn: u64| -> Vec<String> {
        let ids = (0..50).map(|n| stamp(9, 100 * turn + n));
        ids.map(|id| format!(r#"{{"id":"{id}"}}"#)).collect()
    };
    send(&program, guest, &flood(1)).await;
    // Others keep working, and one of them erases some of the flood.
    let erasing = redaction(stamp(7, 70), &[stamp(7, 1)]);
    send(&program, &admin, &[good(2), erasing.clone()]).await;
    send(&program, guest, &flood(2)).await;
    send(&program, guest, &[redaction(stamp(9, 900), &[stamp(7, 2)])]).await;
    program.stop();
    let listed = versions(&home, board);
    let (mallory, flooded) = (listed[0].1.clone(), listed[0].0);
    let id = board.to_string();
    let arguments = ["rewind", &id, "--to", "2", "--drop", "--token", &mallory];
    let said = home.said(&arguments);
    assert!(
        said.contains("Removed 100 changes from the board"),
        "{said}"
    );
    assert!(
        said.contains(
            "Retracted 100 changes, restored the content of 1 change, removed 1 erasure."
        ),
        "{said}"
    );

    let program = home.serve();
    let text = whole(&client, &program, &admin, &path).await;
    let ids: BTreeSet<String> = rows(&text);
    assert_eq!(ids.len(), 5, "{text}");
    for row in [&good(0), &good(2), &erasing] {
        assert!(ids.contains(row), "{text}");
    }
    assert!(!text.contains("Good 1"), "{text}");
    // Devices that have received the flood send it again. It is refused, and their copies
    // are retracted.
    let sent = send(&program, guest, &flood(1)).await;
    assert_eq!(sent.status(), StatusCode::OK);
    let conflicts = field(sent, "conflicts").await;
    let is_retracted = |n: u64| {
        let id = stamp(9, 100 + n).to_string();
        conflicts.contains(&id) && text.contains(&id)
    };
    assert!((0..50).all(is_retracted), "{conflicts}");
    assert_eq!(whole(&client, &program, &admin, &path).await, text);
    program.stop();

    // The flood is archived, so that a mistake can be undone.
    let said = home.said(&["rewind", &id, "--to", &flooded.to_string()]);
    assert!(said.contains("before an earlier rewind"), "{said}");
    let program = home.serve();
    let text = whole(&client, &program, &admin, &path).await;
    assert!(rows::<BTreeSet<_>>(&text).is_superset(&flood(2).into_iter().collect()));
    assert!(!text.contains("Good 2"), "{text}");
    let sent = send(&program, guest, &flood(1)).await;
    assert_eq!(field(sent, "conflicts").await, "null");
    program.stop();
    let report = home.said(&["check"]);
    assert!(report.contains(" 0 faults"), "{report}");
}

async fn whole(client: &Client, program: &Program, token: &str, path: &str) -> String {
    let got = get(client, program.address, token, path).await;
    got.text().await.unwrap()
}

fn rows<C: FromIterator<String>>(text: &str) -> C {
    let document = Document::from_json(text).unwrap();
    document
        .entries
        .iter()
        .map(|entry| entry.to_json())
        .collect()
}

/// Returns the effective changes, without retractions and erasures.
fn counted(text: &str) -> Vec<(ChangeId, String)> {
    let document = Document::from_json(text).unwrap();
    let mut log = Log::default();
    for entry in document.entries {
        log.add(entry);
    }
    log.changes()
        .filter(|change| log.counts(change.id) && !change.payload.is_about_changes())
        .map(|change| (change.id, change.to_json()))
        .collect()
}
