//! Somebody writes what nobody wants, and the board is brought back.

use cruxboard_domain::{Stamp, document::Document, log::Log};
use reqwest::{Client, StatusCode};

use super::{
    changes_in, field, header_of, option,
    program::{Home, Program, get, patch},
    redaction, retraction, stamp,
};

/// Told once with a file and once with a database.
pub async fn a_hostile_write_is_undone(home: Home) {
    let client = Client::new();
    let board = stamp(7, 0);
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
        // In somebody else's name.
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
    // The version, the day, the time, what was added and what was erased.
    assert_eq!(
        (latest[3].as_str(), latest[4].as_str()),
        ("3", "3"),
        "{versions}"
    );
    let version = words(lines[2])[0].clone();
    assert_eq!(version, "6");

    // A device follows meanwhile, and has taken nothing in yet.
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
        said.contains(
            "2 changes were taken back, 3 have their content again, 1 erasures were taken out"
        ),
        "{said}"
    );
    assert!(said.contains("undo them when they next connect"), "{said}");

    let program = home.serve();
    let after = whole(&client, &program, &admin, &path).await;
    for row in &good[..3] {
        assert!(after.contains(row), "{after}");
    }
    // What was erased before stays so, and a device with the log of then and of now sees one board.
    assert!(!after.contains("Good 3"), "{after}");
    let counting = |text: &str| counted(text);
    assert_eq!(counting(&after), counting(&before));
    // Nobody is left with half of it: an old cursor gets everything.
    let news = get(
        &client,
        program.address,
        &admin,
        &format!("{path}?after={cursor}"),
    )
    .await;
    assert_eq!(changes_in(news).await, rows(&after));

    // A device that has it all sends it again, as devices do; it is told, and nothing comes of it.
    let sent = send(&program, guest, &hostile).await;
    assert_eq!(sent.status(), StatusCode::OK);
    let conflicts = field(sent, "conflicts").await;
    for id in [stamp(9, 51), stamp(7, 0)] {
        assert!(conflicts.contains(&id.to_string()), "{conflicts}");
    }
    assert_eq!(whole(&client, &program, &admin, &path).await, after);
    // Whoever has reason to can erase what was put back, and what was to be erased can come.
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
    let verdict = home.said(&["check"]);
    assert!(verdict.contains(" 0 faults"), "{verdict}");
}

async fn whole(client: &Client, program: &Program, token: &str, path: &str) -> String {
    let got = get(client, program.address, token, path).await;
    got.text().await.unwrap()
}

fn rows(text: &str) -> Vec<String> {
    let document = Document::from_json(text).unwrap();
    document
        .entries
        .iter()
        .map(|entry| entry.to_json())
        .collect()
}

/// The changes that count, apart from those about changes.
fn counted(text: &str) -> Vec<(Stamp, String)> {
    let document = Document::from_json(text).unwrap();
    let mut log = Log::default();
    for entry in document.entries {
        log.add(entry);
    }
    log.changes()
        .filter(|change| log.counts(change.id) && !change.fact.is_about_changes())
        .map(|change| (change.id, change.to_json()))
        .collect()
}
