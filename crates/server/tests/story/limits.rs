//! Limits, and bodies that are refused.

use super::*;
use cruxboard_domain::Millis;
use cruxboard_domain::date::DAY;

#[tokio::test]
async fn a_change_from_the_far_future_is_refused_with_all_that_came_with_it() {
    let server = Server::start().await;
    server.patch(board(), &options(0..1)).await;
    // The largest possible time, and that of a device with a wrong year.
    let year = 365 * 86_400_000;
    for far in [ChangeId::MAX, ChangeId::LAST_FOLLOWED, stamp(7, 50 * year)] {
        let changes = [option(stamp(7, 1), "Good"), option(far, "Far")];
        let refused = server.patch(board(), &changes).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let problem = refused.text().await.unwrap();
        assert!(problem.contains("clock"), "{problem}");
        // The problem names the change.
        let named = format!("\"dated_ahead\":\"{far}\"");
        assert!(problem.contains(&named), "{problem}");
    }
    assert_eq!(changes_in(server.get(board()).await).await, options(0..1));
    // A clock may be a day ahead, or any time behind.
    let now = Millis(u64::try_from(unix_now()).unwrap() * 1_000);
    let ahead = ChangeId::new(now + DAY, 0, board().0.replica());
    let behind = ChangeId::new(Millis(1_000), 0, board().0.replica());
    let sent = server
        .patch(board(), &[option(ahead, "x"), option(behind, "y")])
        .await;
    assert_eq!(field(sent, "added").await, "2");
}

#[tokio::test]
async fn a_change_with_a_text_beyond_every_limit_is_refused_by_its_id_and_field() {
    let server = Server::start().await;
    server.patch(board(), &options(0..1)).await;
    let long = stamp(7, 2);
    for name in ["x".repeat(2_001), format!("a{}", "\u{301}".repeat(1_500))] {
        let changes = [option(stamp(7, 1), "Good"), option(long, &name)];
        let refused = server.patch(board(), &changes).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let problem = refused.text().await.unwrap();
        assert!(problem.contains("The name of change"), "{problem}");
        // The problem names the change, so that a client can send the others.
        let named = format!("\"refused_change\":\"{long}\"");
        assert!(problem.contains(&named), "{problem}");
    }
    assert_eq!(changes_in(server.get(board()).await).await, options(0..1));
    // Texts that earlier versions accepted are accepted: without them a person or an option would be missing.
    let sent = server
        .patch(board(), &[option(long, &"x".repeat(400))])
        .await;
    assert_eq!(field(sent, "added").await, "1");
}

#[tokio::test]
async fn invalid_bodies_are_refused_with_a_remedy() {
    let wishes = Wishes {
        endpoint: http::HttpLimits {
            body: 100_000,
            ..http::HttpLimits::default()
        },
        ..Wishes::default()
    };
    let server = Server::start_with(wishes).await;
    let good = document(board(), &options(0..2));
    let deep = format!(
        r#"{{"id":"{}","x":{}1{}}}"#,
        stamp(7, 1),
        "[".repeat(20_000),
        "]".repeat(20_000)
    );
    let elsewhere = document(BoardId(stamp(8, 0)), &options(0..1));
    let json = "application/json";
    let cases: [(&str, Vec<u8>, u16, &str); 12] = [
        ("text/plain", good.clone().into(), 415, "application/json"),
        (
            "application/x-www-form-urlencoded",
            good.clone().into(),
            415,
            "application/json",
        ),
        ("", good.clone().into(), 415, "application/json"),
        (json, Vec::new(), 400, "not JSON"),
        (json, good[..good.len() - 2].into(), 400, "not JSON"),
        (json, vec![0xff; 50], 400, "not JSON"),
        (json, b"<html>".to_vec(), 400, "not JSON"),
        (json, b"{}".to_vec(), 422, "not the document of a board"),
        (json, elsewhere.into(), 422, "another"),
        (
            json,
            document(board(), &[deep]).into(),
            422,
            "Change number 1",
        ),
        (json, vec![b' '; 100_001], 413, "100000 bytes"),
        (
            json,
            vec![b'['; 100_000],
            422,
            "not the document of a board",
        ),
    ];
    for (kind, body, status, detail) in cases {
        let start = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        let mut request = server.board(Method::PATCH, board(), "", &server.admin);
        if !kind.is_empty() {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let answer = request.body(body).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{kind} {start}");
        let found = detail_of(answer).await;
        assert!(found.contains(detail), "{kind} {start}: {found}");
    }
    let packed = server
        .board(Method::PATCH, board(), "", &server.admin)
        .header(header::CONTENT_TYPE, json)
        .header(header::CONTENT_ENCODING, "br")
        .body(vec![0x1f, 0x8b]);
    assert_eq!(packed.send().await.unwrap().status().as_u16(), 415);
    assert_eq!(server.get(board()).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_board_can_be_full_and_is_still_read_and_repeated() {
    let wishes = Wishes {
        store: store::StoreLimits {
            board_bytes: 500,
            ..store::StoreLimits::default()
        },
        ..Wishes::default()
    };
    let server = Server::start_with(wishes).await;
    assert_eq!(
        server.patch(board(), &options(0..5)).await.status(),
        StatusCode::CREATED
    );
    let full = server.patch(board(), &options(0..20)).await;
    assert_eq!(full.status(), StatusCode::INSUFFICIENT_STORAGE);
    assert_eq!(
        server.patch(board(), &options(0..5)).await.status(),
        StatusCode::OK
    );
    assert_eq!(changes_in(server.get(board()).await).await, options(0..5));
    let other = BoardId(stamp(8, 0));
    let too_large: Vec<String> = (0..20).map(|n| option(stamp(8, n), "x")).collect();
    assert_eq!(
        server.patch(other, &too_large).await.status(),
        StatusCode::INSUFFICIENT_STORAGE
    );
    assert_eq!(server.get(other).await.status(), StatusCode::NOT_FOUND);
}

/// Starts a server whose boards are full after so many changes.
async fn with_small_boards(changes: i64) -> Server {
    Server::start_with(Wishes {
        store: store::StoreLimits {
            board_changes: changes,
            ..store::StoreLimits::default()
        },
        ..Wishes::default()
    })
    .await
}

#[tokio::test]
async fn a_board_can_be_full_of_tiny_changes_too() {
    let server = with_small_boards(10).await;
    let tiny = |n: u64| format!(r#"{{"id":"{}"}}"#, stamp(7, n));
    let patch = async |range: std::ops::Range<u64>| {
        let changes: Vec<_> = range.map(tiny).collect();
        server.patch(board(), &changes).await
    };
    assert_eq!(patch(0..8).await.status(), StatusCode::CREATED);
    // All of it or nothing.
    let full = patch(5..11).await;
    assert_eq!(full.status(), StatusCode::INSUFFICIENT_STORAGE);
    assert!(detail_of(full).await.contains("Only erasures are accepted"));
    assert_eq!(field(patch(5..10).await, "added").await, "2");
    assert_eq!(field(patch(0..10).await, "added").await, "0");
    assert_eq!(
        patch(10..11).await.status(),
        StatusCode::INSUFFICIENT_STORAGE
    );
    assert_eq!(changes_in(server.get(board()).await).await.len(), 10);
}

#[tokio::test]
async fn a_full_board_still_takes_every_erasure_and_nothing_else_with_it() {
    let server = with_small_boards(4).await;
    server.patch(board(), &options(0..4)).await;
    let text = async || server.get(board()).await.text().await.unwrap();
    // Alone, and together with changes that do not fit.
    let first = redaction(stamp(7, 10), &[stamp(7, 1)]);
    let sent = server.patch(board(), std::slice::from_ref(&first)).await;
    assert_eq!(field(sent, "added").await, "1");
    let second = redaction(stamp(7, 11), &[stamp(7, 2)]);
    let mixed = [
        option(stamp(7, 20), "Late"),
        second.clone(),
        option(stamp(7, 21), "Later"),
    ];
    let refused = server.patch(board(), &mixed).await;
    assert_eq!(refused.status(), StatusCode::INSUFFICIENT_STORAGE);
    let there = text().await;
    assert!(there.contains(&first) && there.contains(&second), "{there}");
    assert!(!there.contains("Option 1") && !there.contains("Option 2"));
    assert!(!there.contains("Late"), "{there}");
    // A blank change erases as well.
    let blank = format!(r#"{{"id":"{}","fact":"blank"}}"#, stamp(7, 3));
    let sent = server.patch(board(), &[blank]).await;
    assert_eq!(sent.status(), StatusCode::OK);
    assert!(!text().await.contains("Option 3"));
    // A redaction that erases nothing here, or has much padding, must fit.
    let unknown: Vec<_> = (100..400).map(|n| stamp(8, n)).collect();
    let padded = [&[stamp(7, 0)], &unknown[..]].concat();
    for targets in [&[stamp(7, 1)][..], &unknown, &padded] {
        let sent = server
            .patch(board(), &[redaction(stamp(7, 30), targets)])
            .await;
        assert_eq!(sent.status(), StatusCode::INSUFFICIENT_STORAGE);
    }
    assert!(text().await.contains("Option 0"));
}

#[tokio::test]
async fn archived_erased_texts_count_until_they_are_removed() {
    let long = |n: u64| option(stamp(7, n), &"x".repeat(1_000));
    for keeps in [true, false] {
        let server = Server::start_with(Wishes {
            store: store::StoreLimits {
                board_bytes: 3_000,
                keep_erased: Duration::from_secs(if keeps { 3_600 } else { 0 }),
                ..store::StoreLimits::default()
            },
            ..Wishes::default()
        })
        .await;
        let place = server.place.clone();
        server
            .patch(board(), &[options(0..1), vec![long(1), long(2)]].concat())
            .await;
        let erasing = redaction(stamp(7, 5), &[stamp(7, 1), stamp(7, 2)]);
        let sent = server.patch(board(), &[erasing]).await;
        assert_eq!(sent.status(), StatusCode::OK);
        let again = server.patch(board(), &[long(3)]).await;
        let expected = if keeps {
            StatusCode::INSUFFICIENT_STORAGE
        } else {
            StatusCode::OK
        };
        assert_eq!(again.status(), expected);
        let folder = server.stop().await;
        if keeps {
            // Once the archive is emptied, there is room again.
            let server = Server::start_with(Wishes {
                place: Some(place),
                store: store::StoreLimits {
                    board_bytes: 3_000,
                    ..forgetful().store
                },
                ..Wishes::default()
            })
            .await;
            let until = Instant::now() + Duration::from_secs(10);
            while server.patch(board(), &[long(3)]).await.status() != StatusCode::OK {
                assert!(Instant::now() < until, "there is no room yet");
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        drop(folder);
    }
}
