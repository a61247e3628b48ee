//! Refusals of an endpoint, and the messages about them.

use cruxboard_domain::date::DAY;

use super::*;

#[test]
fn nothing_is_ever_written_over_what_is_no_board_another_board_or_a_newer_one() {
    let (id, devices) = devices(1);
    let board = &devices[0].board;
    let ours = Document::to_json(BoardId(id), board.log());
    let other = ours.replace(&id.to_string(), "01M83T4CM00000000000000009");
    let newer = ours.replace("\"version\":1", "\"version\":2");
    for (body, why) in [
        ("<html>Sign in to the network</html>", None),
        ("{\"hello\":\"world\"}", None),
        ("[]", None),
        (&ours[..40], None),
        (other.as_str(), Some(EndpointError::AnotherBoard)),
        (newer.as_str(), Some(EndpointError::Newer)),
    ] {
        let mut sync = Sync::new(BoardId(id));
        let next = read(&mut sync, board, 200, body);
        assert!(matches!(next, SyncRequest::Pause(_)), "{body}: {next:?}");
        let refused = refused(&sync);
        match why {
            Some(why) => assert_eq!(refused, why),
            None => assert!(
                matches!(refused, EndpointError::NotABoard(_)),
                "{body}: {refused:?}"
            ),
        }
    }
}

#[test]
fn refusals_are_said_in_words_and_followed_by_a_pause() {
    let (id, devices) = devices(1);
    let board = &devices[0].board;
    let problem = r#"{"title":"x","detail":"This token may only read."}"#;
    for (status, words) in [
        (401, "valid token"),
        (403, "This token may only read."),
        (507, "no room"),
        (428, "428"),
        (302, "leads on"),
    ] {
        let mut sync = Sync::new(BoardId(id));
        let next = read(&mut sync, board, status, problem);
        assert!(matches!(next, SyncRequest::Pause(_)), "{status}: {next:?}");
        let refused = refused(&sync);
        assert!(refused.to_string().contains(words), "{refused}");
        sync.wake();
        assert!(matches!(sync.next(board.log()), SyncRequest::Get { .. }));
    }
}

#[test]
fn of_a_change_dated_too_far_ahead_it_is_said_whose_clock_it_was_and_what_to_do() {
    let (id, mut devices) = devices(2);
    let year = 365 * DAY;
    let name = "{\"person-added\":{\"name\":\"Ann\"}}";
    let ann = devices[0].says(name, NOW);
    let ahead = devices[0].says("{\"option-added\":{\"name\":\"far\"}}", NOW + year);
    let json = devices[0].board.log().entry(ahead).unwrap().to_json();
    let signed = json.replacen(",", &format!(",\"by\":\"{ann}\","), 1);
    let with_name = Entry::from_json(&signed).unwrap();
    let of_ann = devices[0].board.log().entry(ann).unwrap().clone();
    let unsigned = devices[0].board.clone();
    let signed: Board = [of_ann, with_name].into_iter().collect();
    let problem = format!(
        "{{\"status\":422,\"detail\":\"Change {ahead} is dated 365 days ahead.\",\"dated_ahead\":\"{ahead}\"}}"
    );
    let mut sync = Sync::new(BoardId(id));
    read(&mut sync, &unsigned, 422, &problem);
    let EndpointError::Ahead(change, _) = refused(&sync) else {
        panic!("{:?}", sync.standing());
    };
    assert_eq!(change, ahead);
    let here = ahead.replica().device();
    let (then, now) = (ahead.millis(), ahead.millis() - year);
    for (board, device, now, words) in [
        (
            &signed,
            here,
            now,
            [
                "made on this device is dated 365 days ahead",
                "Set this device’s clock",
            ],
        ),
        (
            &signed,
            here + 1,
            now,
            [
                "made by Ann on another device is",
                "Set that device’s clock",
            ],
        ),
        (
            &unsigned,
            here + 1,
            now,
            ["made on another device is", "Set that device’s clock"],
        ),
        (
            &signed,
            here,
            then,
            ["too far ahead of the server’s clock", "join it again"],
        ),
    ] {
        let said = ahead_in_words(board, change, device, now);
        for word in words {
            assert!(said.contains(word), "{said}");
        }
    }
    // For other refusals with this status, the endpoint's own message is shown.
    let refused = sync_refusal(422, "{\"detail\":\"No.\"}");
    assert_eq!(refused, "The endpoint refused with the status 422: No.");
}
