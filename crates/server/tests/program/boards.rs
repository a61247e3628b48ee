//! Listing, deleting and restoring boards.

use super::*;

fn described(board: BoardId, question: &str) -> String {
    format!(r#"{{"id":"{board}","fact":{{"board-described":{{"question":"{question}"}}}}}}"#)
}

/// Returns the error of a run that must fail.
fn refusal(home: &Home, arguments: &[&str]) -> String {
    let output = home.run(arguments);
    assert!(!output.status.success(), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

async fn delete(client: &Client, program: &Program, admin: &str, board: BoardId) -> StatusCode {
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
    let [one, other] = [7, 8].map(|device| BoardId(stamp(device, 0)));
    for (board, question) in [(one, "Stop the trial?"), (other, "Move?")] {
        let changes = [described(board, question), option(stamp(9, 1), "Yes")];
        let sent = patch(&client, program.address, &admin, board, &changes).await;
        assert!(sent.unwrap().status().is_success());
    }
    let line = |board: BoardId| {
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
    let [one, other] = [7, 8].map(|device| BoardId(stamp(device, 0)));
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
