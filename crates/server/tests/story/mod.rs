//! The story: tests of the HTTP interface over a socket, run with each database.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each program that tells it takes what it needs of this"
)]

pub mod server;

use std::time::Duration;

use crate::support::{changes_in, document, field, header_of, option, redaction, stamp};
use cruxboard_domain::ChangeId;
use cruxboard_server::{
    http, listener, store,
    token::{Rights, unix_now},
};
use reqwest::{Method, Response, StatusCode, header};
use server::{Server, Wishes};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, timeout},
};

const ABSENT: (header::HeaderName, &str) = (header::IF_NONE_MATCH, "*");

pub fn board() -> ChangeId {
    stamp(7, 0)
}

/// Returns changes of device 7 with these numbers; number 0 names the board.
pub fn options(range: std::ops::Range<u64>) -> Vec<String> {
    range
        .map(|n| option(stamp(7, n), &format!("Option {n}")))
        .collect()
}

async fn detail_of(response: Response) -> String {
    assert_eq!(
        header_of(&response, "content-type"),
        "application/problem+json"
    );
    let status = response.status().as_u16().to_string();
    let text = response.text().await.unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["status"].to_string(), status);
    value["detail"].as_str().unwrap().to_owned()
}

/// Starts a server that archives no erased texts.
pub fn forgetful() -> Wishes {
    Wishes {
        store: store::StoreLimits {
            keep_erased: Duration::ZERO,
            ..store::StoreLimits::default()
        },
        ..Wishes::default()
    }
}

#[tokio::test]
async fn a_board_is_read_back_as_it_was_put() {
    let server = Server::start().await;
    let missing = server.get(board()).await;
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
    assert!(detail_of(missing).await.contains("does not exist"));

    let changes = options(0..3);
    let put = server.put(board(), ABSENT, &changes).await;
    assert_eq!(put.status(), StatusCode::CREATED);
    let tag = header_of(&put, "etag").to_owned();

    let got = server.get(board()).await;
    assert_eq!(got.status(), StatusCode::OK);
    assert_eq!(header_of(&got, "content-type"), "application/json");
    assert_eq!(header_of(&got, "cache-control"), "no-cache");
    assert_eq!(header_of(&got, "accept-patch"), "application/json");
    assert_eq!(header_of(&got, "cursor"), "3");
    assert_eq!(header_of(&got, "etag"), tag);
    assert!(tag.starts_with("\"3-") && tag.ends_with('"'), "{tag}");
    assert_eq!(got.text().await.unwrap(), document(board(), &changes));
}

#[tokio::test]
async fn the_worked_example_survives_the_journey() {
    let server = Server::start().await;
    let example = include_str!("../../../domain/tests/golden/v1-example.json");
    let board = cruxboard_domain::document::Document::from_json(example)
        .unwrap()
        .board;
    let put = server
        .board(Method::PUT, board, "", &server.admin)
        .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
        .header(header::IF_NONE_MATCH, "*")
        .body(example);
    assert_eq!(put.send().await.unwrap().status(), StatusCode::CREATED);
    let got = server.get(board).await.text().await.unwrap();
    assert_eq!(got.trim(), example.trim());
}

#[tokio::test]
async fn a_put_without_a_condition_is_refused_and_a_stale_one_too() {
    let server = Server::start().await;
    let request = server.board(Method::PUT, board(), "", &server.admin);
    let request = request.header(header::CONTENT_TYPE, "application/json");
    let refused = request
        .body(document(board(), &options(0..1)))
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), StatusCode::PRECONDITION_REQUIRED);
    assert!(detail_of(refused).await.contains("If-Match"));

    let put = server.put(board(), ABSENT, &options(0..1)).await;
    let first = header_of(&put, "etag").to_owned();
    let again = server.put(board(), ABSENT, &options(0..2)).await;
    assert_eq!(again.status(), StatusCode::PRECONDITION_FAILED);
    assert_eq!(header_of(&again, "etag"), first);

    fn if_match(tag: &str) -> (header::HeaderName, &str) {
        (header::IF_MATCH, tag)
    }
    let second = server.put(board(), if_match(&first), &options(0..2)).await;
    assert_eq!(second.status(), StatusCode::OK);
    let current = header_of(&second, "etag").to_owned();
    let weak = format!("W/{current}");
    for stale in [&first, "\"2-000000000000\"", &weak, "\"2\"", "2", ""] {
        let refused = server.put(board(), if_match(stale), &options(0..3)).await;
        assert_eq!(refused.status(), StatusCode::PRECONDITION_FAILED, "{stale}");
        assert_eq!(header_of(&refused, "etag"), current);
        assert!(detail_of(refused).await.contains("has changed"));
    }
    let listed = format!("\"x\", {current}");
    let third = server.put(board(), if_match(&listed), &options(0..3)).await;
    assert_eq!(third.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_put_never_takes_anything_away() {
    let server = Server::start().await;
    server.put(board(), ABSENT, &options(0..3)).await;
    let tag = header_of(&server.get(board()).await, "etag").to_owned();
    let put = server
        .put(board(), (header::IF_MATCH, &tag), &options(3..4))
        .await;
    assert_eq!(put.status(), StatusCode::OK);
    // The stored document differs from the sent one, so the response has no ETag.
    assert_eq!(header_of(&put, "etag"), "");
    assert_eq!(changes_in(server.get(board()).await).await, options(0..4));
}

#[tokio::test]
async fn patching_adds_and_the_same_again_adds_nothing() {
    let server = Server::start().await;
    let first = server.patch(board(), &options(0..2)).await;
    assert_eq!(first.status(), StatusCode::CREATED);
    assert_eq!(first.text().await.unwrap(), r#"{"cursor":2,"added":2}"#);
    let again = server.patch(board(), &options(0..2)).await;
    assert_eq!(again.status(), StatusCode::OK);
    assert_eq!(again.text().await.unwrap(), r#"{"cursor":2,"added":0}"#);
    let more = server.patch(board(), &options(1..3)).await;
    assert_eq!(more.text().await.unwrap(), r#"{"cursor":3,"added":1}"#);
    // Also within one request.
    let twice = [options(5..6), options(5..6)].concat();
    let twice = server.patch(board(), &twice).await;
    assert_eq!(twice.text().await.unwrap(), r#"{"cursor":4,"added":1}"#);
}

#[tokio::test]
async fn an_unchanged_board_is_not_sent_again() {
    let server = Server::start().await;
    server.patch(board(), &options(0..2)).await;
    let tag = header_of(&server.get(board()).await, "etag").to_owned();
    let ask = async |condition: &str| {
        let request = server.board(Method::GET, board(), "", &server.admin);
        request
            .header(header::IF_NONE_MATCH, condition)
            .send()
            .await
            .unwrap()
    };
    for condition in [
        tag.clone(),
        format!("W/{tag}"),
        format!("\"x\", {tag}"),
        "*".into(),
    ] {
        let unchanged = ask(&condition).await;
        assert_eq!(unchanged.status(), StatusCode::NOT_MODIFIED, "{condition}");
        assert_eq!(header_of(&unchanged, "etag"), tag);
        assert_eq!(header_of(&unchanged, "cursor"), "2");
    }
    server.patch(board(), &options(2..3)).await;
    assert_eq!(ask(&tag).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn only_changes_after_the_cursor_are_sent() {
    let server = Server::start().await;
    server.patch(board(), &options(0..3)).await;
    let later = server.after(board(), 2).await;
    assert_eq!(header_of(&later, "cursor"), "3");
    assert_eq!(changes_in(later).await, options(2..3));
    let nothing = server.after(board(), 3).await;
    assert_eq!(nothing.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(header_of(&nothing, "cursor"), "3");
    for unknown in ["4", "-1", "x", "", "0", "9999999999999999999"] {
        let request = server.board(
            Method::GET,
            board(),
            &format!("?after={unknown}"),
            &server.admin,
        );
        let everything = request.send().await.unwrap();
        assert_eq!(changes_in(everything).await, options(0..3), "{unknown}");
    }
}

#[tokio::test]
async fn head_tells_the_place_and_sends_nothing() {
    let server = Server::start().await;
    server.patch(board(), &options(0..2)).await;
    let head = server
        .board(Method::HEAD, board(), "", &server.admin)
        .send()
        .await
        .unwrap();
    assert_eq!(head.status(), StatusCode::OK);
    assert_eq!(header_of(&head, "cursor"), "2");
    assert_ne!(header_of(&head, "etag"), "");
    assert_eq!(head.text().await.unwrap(), "");
}

#[tokio::test]
async fn the_first_content_of_an_id_stays_and_the_other_is_reported() {
    let server = Server::start().await;
    let first = option(stamp(7, 1), "First");
    let other = option(stamp(7, 1), "Other");
    server
        .patch(board(), &[options(0..1), vec![first.clone()]].concat())
        .await;
    let answer = server
        .patch(board(), &[other, option(stamp(7, 2), "Third")])
        .await;
    assert_eq!(answer.status(), StatusCode::OK);
    let expected = format!(
        r#"{{"cursor":3,"added":1,"conflicts":["{}"]}}"#,
        stamp(7, 1)
    );
    assert_eq!(answer.text().await.unwrap(), expected);
    assert!(changes_in(server.get(board()).await).await.contains(&first));
}

#[tokio::test]
async fn an_id_that_is_taken_cannot_be_turned_into_an_erasure() {
    let server = Server::start().await;
    server.patch(board(), &options(0..3)).await;
    let forged = redaction(stamp(7, 2), &[stamp(7, 1)]);
    let answer = server.patch(board(), &[forged]).await;
    assert!(answer.text().await.unwrap().contains("conflicts"));
    assert_eq!(changes_in(server.get(board()).await).await, options(0..3));
}

#[tokio::test]
async fn an_erasure_takes_the_content_out_of_answers_and_files() {
    let server = Server::start_with(forgetful()).await;
    let secret = option(stamp(7, 1), "Utterly-private-name");
    server
        .patch(board(), &[options(0..1), vec![secret.clone()]].concat())
        .await;
    let holds = |bytes: &[u8]| {
        bytes
            .windows(20)
            .any(|window| window == b"Utterly-private-name")
    };
    assert!(holds(&server.stored_bytes().await));

    let erasing = redaction(stamp(7, 5), &[stamp(7, 1)]);
    let answer = server.patch(board(), std::slice::from_ref(&erasing)).await;
    assert_eq!(answer.text().await.unwrap(), r#"{"cursor":4,"added":1}"#);
    let blank = format!(r#"{{"id":"{}","fact":"blank"}}"#, stamp(7, 1));
    // Followers receive both.
    let news = changes_in(server.after(board(), 2).await).await;
    assert_eq!(news, [erasing.clone(), blank.clone()]);
    assert!(!holds(&server.stored_bytes().await));

    // A device that still has the text cannot restore it, and gets no error.
    let again = server.patch(board(), &[secret]).await;
    assert_eq!(again.text().await.unwrap(), r#"{"cursor":4,"added":0}"#);
    assert!(!holds(&server.stored_bytes().await));
    let expected = [options(0..1), vec![blank, erasing]].concat();
    assert_eq!(changes_in(server.get(board()).await).await, expected);
}

#[tokio::test]
async fn an_erased_text_is_in_no_response_and_is_removed_in_the_end() {
    let server = Server::start().await;
    let secret = option(stamp(7, 1), "Utterly-private-name");
    server
        .patch(board(), &[options(0..1), vec![secret]].concat())
        .await;
    server
        .patch(board(), &[redaction(stamp(7, 5), &[stamp(7, 1)])])
        .await;
    for answer in [server.get(board()).await, server.after(board(), 1).await] {
        assert!(!answer.text().await.unwrap().contains("Utterly"));
    }
    let holds = |bytes: &[u8]| {
        bytes
            .windows(20)
            .any(|window| window == b"Utterly-private-name")
    };
    // The text is archived for a while. A server without an archive removes it at its start.
    assert!(holds(&server.stored_bytes().await));
    let place = server.place.clone();
    let folder = server.stop().await;
    let server = Server::start_with(Wishes {
        place: Some(place),
        ..forgetful()
    })
    .await;
    let until = Instant::now() + Duration::from_secs(10);
    while holds(&server.stored_bytes().await) {
        assert!(Instant::now() < until, "it is still there");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    drop(folder);
}

#[tokio::test]
async fn an_erasure_applies_to_a_change_that_arrives_later() {
    let server = Server::start().await;
    let erasing = redaction(stamp(7, 5), &[stamp(7, 1)]);
    server
        .patch(board(), &[options(0..1), vec![erasing]].concat())
        .await;
    server
        .patch(board(), &[option(stamp(7, 1), "Utterly-private-name")])
        .await;
    let got = server.get(board()).await.text().await.unwrap();
    assert!(!got.contains("private"), "{got}");
    assert!(got.contains(&format!(r#"{{"id":"{}","fact":"blank"}}"#, stamp(7, 1))));
}

#[tokio::test]
async fn a_blank_change_erases_the_copy_that_still_has_content() {
    let server = Server::start().await;
    server.patch(board(), &options(0..2)).await;
    let blank = format!(r#"{{"id":"{}","fact":"blank"}}"#, stamp(7, 1));
    let answer = server.patch(board(), std::slice::from_ref(&blank)).await;
    assert_eq!(answer.text().await.unwrap(), r#"{"cursor":3,"added":0}"#);
    assert_eq!(changes_in(server.after(board(), 2).await).await, [blank]);
}

#[tokio::test]
async fn a_change_of_a_newer_version_comes_back_byte_for_byte() {
    let server = Server::start().await;
    let newer = format!(r#"{{ "new":[1e2,{{}}],"id" : "{}" }}"#, stamp(7, 1));
    server
        .patch(board(), &[options(0..1), vec![newer.clone()]].concat())
        .await;
    let got = server.get(board()).await.text().await.unwrap();
    assert!(got.contains(&newer), "{got}");
}

#[tokio::test]
async fn waiting_ends_with_the_next_change_or_with_the_time() {
    let server = Server::start().await;
    server.patch(board(), &options(0..1)).await;
    let wait = |seconds: &str| {
        server
            .board(Method::GET, board(), "?after=1", &server.admin)
            .header("prefer", format!("respond-async, wait={seconds}"))
            .send()
    };
    let (answer, _) = tokio::join!(wait("20"), async {
        // The wait ends however late this comes.
        server.patch(board(), &options(1..2)).await
    });
    let answer = answer.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(header_of(&answer, "preference-applied"), "wait=20");
    assert_eq!(header_of(&answer, "cursor"), "2");
    assert_eq!(changes_in(answer).await, options(1..2));

    let request = server.board(Method::GET, board(), "?after=2", &server.admin);
    let begun = Instant::now();
    let answer = request.header("prefer", "wait=1").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_MODIFIED);
    assert!(begun.elapsed() >= Duration::from_millis(900));
}

#[tokio::test]
async fn a_waiting_user_is_told_the_other_users() {
    let server = Server::start().await;
    server.patch(board(), &options(0..1)).await;
    let ann = "01M83T4CM00001000000000001";
    let wait = |present: String, seconds: u32| {
        server
            .board(Method::GET, board(), "?after=1", &server.admin)
            .header("prefer", format!("wait={seconds}"))
            .header("present", present)
            .send()
    };
    // A response without announcement shows the support for presence, but no names.
    let plain = server.get(board()).await;
    assert_eq!(header_of(&plain, "present"), "-");

    let begun = Instant::now();
    let first = wait(format!("a1 {ann} -"), 20).await.unwrap();
    assert_eq!(header_of(&first, "present"), "0");
    let (seen, bob) = tokio::join!(wait(format!("a1 {ann} 0"), 20), async {
        wait("b2 - 0".into(), 20).await.unwrap()
    });
    // Both waits end early, with the new users.
    assert_eq!(header_of(&seen.unwrap(), "present"), "1 -");
    assert_eq!(header_of(&bob, "present"), format!("1 {ann}"));
    assert_eq!(bob.status(), StatusCode::NOT_MODIFIED);
    // Bob sends no more requests, and is gone within seconds.
    let alone = wait(format!("a1 {ann} 1 -"), 20).await.unwrap();
    assert_eq!(header_of(&alone, "present"), "0");
    assert!(begun.elapsed() < Duration::from_secs(15));
    // Presence is not in the log.
    let log = server.get(board()).await;
    assert_eq!(changes_in(log).await, options(0..1));
}

/// Reads a stream until it holds `count` events, and returns their ids and data.
pub async fn events(stream: &mut Response, count: usize) -> Vec<(String, String)> {
    let mut text = String::new();
    loop {
        let events: Vec<_> = text
            .split_inclusive("\n\n")
            .filter(|event| event.ends_with("\n\n"))
            .filter_map(|event| {
                let (id, data) = event.strip_prefix("id: ")?.split_once('\n')?;
                Some((
                    id.to_owned(),
                    data.strip_prefix("data: ")?.trim().to_owned(),
                ))
            })
            .collect();
        if events.len() >= count {
            return events;
        }
        let chunk = timeout(Duration::from_secs(10), stream.chunk())
            .await
            .unwrap()
            .unwrap();
        text.push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
    }
}

#[tokio::test]
async fn a_stream_sends_each_change_with_its_cursor() {
    let server = Server::start().await;
    server.patch(board(), &options(0..3)).await;
    let mut stream = server
        .board(Method::GET, board(), "?after=1", &server.admin)
        .header(header::ACCEPT, "text/event-stream")
        .header(header::ACCEPT_ENCODING, "gzip")
        .send()
        .await
        .unwrap();
    assert_eq!(header_of(&stream, "content-type"), "text/event-stream");
    // A compressed stream would be buffered.
    assert_eq!(header_of(&stream, "content-encoding"), "");
    let first = events(&mut stream, 1).await;
    assert_eq!(first[0].0, "3");
    assert_eq!(
        first[0].1,
        document(board(), &options(1..3)).replace('\n', " ")
    );
    for n in 3..6 {
        server.patch(board(), &options(n..n + 1)).await;
        let next = events(&mut stream, 1).await;
        assert_eq!(next[0].0, (n + 1).to_string());
        assert_eq!(next[0].1, document(board(), &options(n..n + 1)));
    }
    // Continues after the last event.
    drop(stream);
    server.patch(board(), &options(6..7)).await;
    let mut stream = server
        .board(Method::GET, board(), "?after=1", &server.admin)
        .header(header::ACCEPT, "text/event-stream")
        .header("last-event-id", "6")
        .send()
        .await
        .unwrap();
    let next = events(&mut stream, 1).await;
    assert_eq!(next[0].1, document(board(), &options(6..7)));
}

#[tokio::test]
async fn a_follower_never_misses_a_change_though_many_write() {
    let server = Server::start().await;
    server.patch(board(), &options(0..1)).await;
    let mut stream = server
        .board(Method::GET, board(), "?after=1", &server.admin)
        .header(header::ACCEPT, "text/event-stream")
        .send()
        .await
        .unwrap();
    let write = async |device: u32| {
        for n in 0..25 {
            let change = option(stamp(device, n), "x");
            assert!(server.patch(board(), &[change]).await.status().is_success());
        }
    };
    let read = async {
        let mut found = std::collections::BTreeSet::new();
        let mut text = String::new();
        while found.len() < 100 {
            let chunk = timeout(Duration::from_secs(20), stream.chunk())
                .await
                .unwrap()
                .unwrap();
            text.push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
            for device in 11..15 {
                for n in 0..25 {
                    if text.contains(&format!("\"id\":\"{}\"", stamp(device, n))) {
                        found.insert((device, n));
                    }
                }
            }
        }
    };
    tokio::join!(write(11), write(12), write(13), write(14), read);
}

#[tokio::test]
async fn a_quiet_stream_shows_that_it_is_alive_and_ends_with_its_token() {
    let wishes = Wishes {
        endpoint: http::HttpLimits {
            heartbeat: Duration::from_millis(20),
            ..http::HttpLimits::default()
        },
        ..Wishes::default()
    };
    let server = Server::start_with(wishes).await;
    server.patch(board(), &options(0..1)).await;
    let invited = invite(&server, &server.admin, r#"{"rights":"read"}"#).await;
    let (id, token) = (invited["id"].clone(), invited["token"].clone());
    let mut stream = server
        .board(Method::GET, board(), "?after=1", token.as_str().unwrap())
        .header(header::ACCEPT, "text/event-stream")
        .send()
        .await
        .unwrap();
    let mut text = String::new();
    while !text.contains(": still here") {
        let chunk = stream.chunk().await.unwrap().unwrap();
        text.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    let path = format!("/boards/{}/tokens/{}", board(), id.as_str().unwrap());
    let revoked = server
        .request(Method::DELETE, &path)
        .bearer_auth(&server.admin);
    assert_eq!(
        revoked.send().await.unwrap().status(),
        StatusCode::NO_CONTENT
    );
    while timeout(Duration::from_secs(10), stream.chunk())
        .await
        .unwrap()
        .unwrap()
        .is_some()
    {}
}

#[tokio::test]
async fn stopping_the_server_ends_waiting_requests() {
    let server = Server::start().await;
    server.patch(board(), &options(0..1)).await;
    let waiting = server
        .board(Method::GET, board(), "?after=1", &server.admin)
        .header("prefer", "wait=60");
    let waiting = tokio::spawn(waiting.send());
    let mut stream = server
        .board(Method::GET, board(), "?after=1", &server.admin)
        .header(header::ACCEPT, "text/event-stream")
        .send()
        .await
        .unwrap();
    // Waits until the metric shows both followers.
    loop {
        let metrics = server
            .request(Method::GET, "/metrics")
            .send()
            .await
            .unwrap();
        if metrics
            .text()
            .await
            .unwrap()
            .contains("cruxboard_followers 2")
        {
            break;
        }
    }
    let begun = Instant::now();
    server.stop().await;
    assert!(begun.elapsed() < Duration::from_secs(5));
    let answer = waiting.await.unwrap().unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_MODIFIED);
    while stream.chunk().await.unwrap().is_some() {}
}

#[tokio::test]
async fn nothing_is_answered_without_a_valid_token() {
    let server = Server::start().await;
    server.patch(board(), &options(0..1)).await;
    let expired = server.token_until(Rights::Admin, unix_now()).await;
    let valid = server.token_until(Rights::Admin, unix_now() + 3_600).await;
    let path = format!("/boards/{}", board());
    let ask = async |authorization: Option<String>| {
        let mut request = server.request(Method::GET, &path);
        if let Some(authorization) = authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        request.send().await.unwrap()
    };
    for wrong in [
        None,
        Some(String::new()),
        Some("Bearer".into()),
        Some("Bearer ".into()),
        Some("Bearer wrong".into()),
        Some(format!("Basic {}", server.admin)),
        Some(server.admin.clone()),
        Some(format!("Bearer {}x", server.admin)),
        Some(format!("Bearer {}", server.admin.to_lowercase())),
        Some(format!("Bearer {expired}")),
    ] {
        let refused = ask(wrong.clone()).await;
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED, "{wrong:?}");
        assert!(header_of(&refused, "www-authenticate").starts_with("Bearer"));
        assert!(detail_of(refused).await.contains("token"));
    }
    for right in [&server.admin, &valid] {
        assert_eq!(
            ask(Some(format!("bearer {right}"))).await.status(),
            StatusCode::OK
        );
    }
}

#[tokio::test]
async fn a_token_gives_access_to_its_board_and_nothing_else() {
    let server = Server::start().await;
    let (here, there, new) = (board(), stamp(8, 0), stamp(9, 0));
    server.patch(here, &options(0..1)).await;
    server.patch(there, &[option(there, "x")]).await;
    let status = async |token: &str, method: Method, board: ChangeId| {
        let request = server.board(method, board, "", token);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let body = document(
            board,
            &[option(board, if board == here { "Option 0" } else { "x" })],
        );
        request.body(body).send().await.unwrap().status().as_u16()
    };
    let cases = [
        // rights, board, read here, write here, read there, write there, make a new one
        (Rights::Read, None, [200, 403, 200, 403, 403]),
        (Rights::Write, None, [200, 200, 200, 200, 403]),
        (Rights::Read, Some(here), [200, 403, 403, 403, 403]),
        (Rights::Write, Some(here), [200, 200, 403, 403, 403]),
        (Rights::Write, Some(new), [403, 403, 403, 403, 201]),
        (Rights::Admin, None, [200, 200, 200, 200, 200]),
    ];
    for (rights, of, expected) in cases {
        let token = server.token(rights, of).await;
        let found = [
            status(&token, Method::GET, here).await,
            status(&token, Method::PATCH, here).await,
            status(&token, Method::GET, there).await,
            status(&token, Method::PATCH, there).await,
            status(&token, Method::PATCH, new).await,
        ];
        assert_eq!(found, expected, "{rights:?} {of:?}");
    }
}

async fn invite(server: &Server, token: &str, body: &str) -> serde_json::Value {
    let request = server.request(Method::POST, &format!("/boards/{}/tokens", board()));
    let request = request
        .bearer_auth(token)
        .header(header::CONTENT_TYPE, "application/json");
    let response = request.body(body.to_owned()).send().await.unwrap();
    let status = response.status().as_u16();
    let mut value: serde_json::Value =
        serde_json::from_str(&response.text().await.unwrap()).unwrap();
    value["status"] = status.into();
    value
}

#[tokio::test]
async fn an_invitation_lets_somebody_in_and_ends_with_its_maker() {
    let server = Server::start().await;
    server.patch(board(), &options(0..1)).await;
    let ana = invite(&server, &server.admin, r#"{"rights":"write","note":"Ana"}"#).await;
    assert_eq!(ana["status"], 201);
    assert_eq!(ana["board"], board().to_string());
    let ana_token = ana["token"].as_str().unwrap();
    let ben = invite(
        &server,
        ana_token,
        r#"{"rights":"write","expires_in_secs":60}"#,
    )
    .await;
    let ben_token = ben["token"].as_str().unwrap();
    let cat = invite(
        &server,
        ben_token,
        r#"{"rights":"read","expires_in_secs":86400}"#,
    )
    .await;
    let cat_token = cat["token"].as_str().unwrap();
    // A token never outlives the one that it was made with.
    assert_eq!(cat["expires_at"], ben["expires_at"]);

    let opens = async |token: &str| {
        let request = server.board(Method::GET, board(), "", token);
        request.send().await.unwrap().status() == StatusCode::OK
    };
    assert!(opens(ana_token).await && opens(ben_token).await && opens(cat_token).await);
    // A read token cannot create tokens, and no token can create an admin token.
    assert_eq!(
        invite(&server, cat_token, r#"{"rights":"read"}"#).await["status"],
        403
    );
    assert_eq!(
        invite(&server, ana_token, r#"{"rights":"admin"}"#).await["status"],
        422
    );
    assert_eq!(invite(&server, ana_token, "[]").await["status"], 422);

    // Each sees and revokes their own tokens, an admin all.
    let list = async |token: &str| {
        let request = server.request(Method::GET, &format!("/boards/{}/tokens", board()));
        let text = request
            .bearer_auth(token)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        assert!(!text.contains(ana_token), "secrets are shown once");
        serde_json::from_str::<Vec<serde_json::Value>>(&text)
            .unwrap()
            .len()
    };
    assert_eq!(list(ana_token).await, 1);
    assert_eq!(list(&server.admin).await, 3);
    let end = async |token: &str, id: &serde_json::Value| {
        let path = format!("/boards/{}/tokens/{}", board(), id.as_str().unwrap());
        let request = server.request(Method::DELETE, &path).bearer_auth(token);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(end(ben_token, &ana["id"]).await, 404);
    assert_eq!(end(&server.admin, &ana["id"]).await, 204);
    assert!(!opens(ana_token).await && !opens(ben_token).await && !opens(cat_token).await);
}

#[tokio::test]
async fn a_page_of_another_origin_reads_every_answer_if_it_is_listed() {
    let wishes = Wishes {
        origins: vec!["https://board.example.org".to_owned()],
        endpoint: http::HttpLimits {
            body: 1_000,
            ..http::HttpLimits::default()
        },
        ..Wishes::default()
    };
    let server = Server::start_with(wishes).await;
    let path = format!("/boards/{}", board());
    let ask = async |method: Method, origin: &str, token: &str, body: String| {
        let request = server.request(method, &path).header(header::ORIGIN, origin);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        request.bearer_auth(token).body(body).send().await.unwrap()
    };
    let listed = "https://board.example.org";
    let large = " ".repeat(2_000);
    for (method, token, body, status) in [
        (
            Method::PATCH,
            server.admin.as_str(),
            document(board(), &options(0..1)),
            201,
        ),
        (Method::GET, &server.admin, String::new(), 200),
        (Method::GET, "wrong", String::new(), 401),
        (Method::PUT, &server.admin, String::new(), 428),
        (Method::PATCH, &server.admin, large, 413),
        (Method::POST, &server.admin, String::new(), 405),
    ] {
        let answer = ask(method, listed, token, body).await;
        assert_eq!(answer.status().as_u16(), status);
        assert_eq!(header_of(&answer, "access-control-allow-origin"), listed);
        let exposed = header_of(&answer, "access-control-expose-headers");
        for name in ["etag", "cursor", "accept-patch", "retry-after"] {
            assert!(exposed.contains(name), "{status}: {exposed}");
        }
        assert_eq!(header_of(&answer, "accept-patch"), "application/json");
        assert_eq!(header_of(&answer, "x-content-type-options"), "nosniff");
        let vary = answer.headers().get_all(header::VARY);
        assert!(vary.iter().any(|value| value == "origin"));
    }
    // A preflight request needs no token.
    for (origin, allowed) in [
        (listed, true),
        ("https://evil.example.org", false),
        ("null", false),
    ] {
        let request = server
            .request(Method::OPTIONS, &path)
            .header(header::ORIGIN, origin);
        let answer = request
            .header("access-control-request-method", "PATCH")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert!(header_of(&answer, "access-control-allow-methods").contains("PATCH"));
        let found = !header_of(&answer, "access-control-allow-origin").is_empty();
        assert_eq!(found, allowed, "{origin}");
    }
}

#[tokio::test]
async fn a_page_of_another_origin_reads_that_it_has_guessed_too_often() {
    let wishes = Wishes {
        origins: vec!["https://board.example.org".to_owned()],
        ..Wishes::default()
    };
    let server = Server::start_with(wishes).await;
    let guess = async || {
        let request = server.board(Method::GET, board(), "", "wrong");
        let request = request.header(header::ORIGIN, "https://board.example.org");
        request.send().await.unwrap()
    };
    let mut answer = guess().await;
    for _ in 0..30 {
        answer = guess().await;
    }
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        header_of(&answer, "access-control-allow-origin"),
        "https://board.example.org"
    );
    assert!(header_of(&answer, "access-control-expose-headers").contains("retry-after"));
}

#[tokio::test]
async fn a_read_token_may_not_erase() {
    let server = Server::start().await;
    server.patch(board(), &options(0..3)).await;
    server.patch(stamp(8, 0), &[option(stamp(8, 0), "x")]).await;
    let reader = server.token(Rights::Read, Some(board())).await;
    let stranger = server.token(Rights::Write, Some(stamp(8, 0))).await;
    let erasing = redaction(stamp(9, 5), &[stamp(7, 1)]);
    let blank = format!(r#"{{"id":"{}","fact":"blank"}}"#, stamp(7, 1));
    for change in [&erasing, &blank] {
        for token in [&reader, &stranger, "wrong"] {
            let refused = server
                .patch_as(token, board(), std::slice::from_ref(change))
                .await;
            assert!(refused.status().is_client_error(), "{change}");
        }
    }
    // An erasure on one board does not affect another.
    let sent = server
        .patch_as(&stranger, stamp(8, 0), std::slice::from_ref(&erasing))
        .await;
    assert_eq!(sent.status(), StatusCode::OK);
    assert_eq!(changes_in(server.get(board()).await).await, options(0..3));
}

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
    let now = u64::try_from(unix_now()).unwrap() * 1_000;
    let ahead = ChangeId::new(now + 86_400_000, 0, board().replica());
    let behind = ChangeId::new(1_000, 0, board().replica());
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
async fn without_a_list_no_other_origin_is_allowed() {
    let server = Server::start().await;
    let request = server.request(Method::OPTIONS, &format!("/boards/{}", board()));
    let answer = request
        .header(header::ORIGIN, "https://board.example.org")
        .send()
        .await
        .unwrap();
    assert_eq!(header_of(&answer, "access-control-allow-origin"), "");
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
    let elsewhere = document(stamp(8, 0), &options(0..1));
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
    let other = stamp(8, 0);
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

/// Sends raw bytes over a socket, and returns the whole response.
async fn send_raw(server: &Server, request: &str) -> String {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    timeout(Duration::from_secs(10), stream.read_to_end(&mut answer))
        .await
        .unwrap()
        .ok();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn tricks_with_paths_lead_nowhere() {
    let server = Server::start().await;
    for path in [
        "/boards/",
        "/boards/..",
        "/boards/../boards.sqlite",
        "/boards/..%2f..%2fboards.sqlite",
        "/boards/%2e%2e/boards.sqlite",
        "/boards/01m83t4cm00000000000000000",
        "/boards/01M83T4CM0000000000000000",
        "/boards/01M83T4CM00000000000000000%00",
        "/boards/01M83T4CM00000000000000000'--",
        "/boards/01M83T4CM00000000000000000/",
        "/boards/01M83T4CM00000000000000000/tokens/..%2f..",
        "/boards.sqlite",
        "/../boards.sqlite",
    ] {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\r\n",
            server.admin
        );
        let answer = send_raw(&server, &request).await;
        assert!(answer.starts_with("HTTP/1.1 4"), "{path}: {answer}");
        assert!(!answer.contains("SQLite format"), "{path}");
    }
}

#[tokio::test]
async fn a_body_that_never_ends_is_given_up_and_others_are_served_meanwhile() {
    let wishes = Wishes {
        endpoint: http::HttpLimits {
            body_time: Duration::from_millis(100),
            ..http::HttpLimits::default()
        },
        listener: listener::ListenerLimits {
            headers: Duration::from_secs(2),
            ..listener::ListenerLimits::default()
        },
        ..Wishes::default()
    };
    let server = Server::start_with(wishes).await;
    let head = format!(
        "PATCH /boards/{} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{",
        board(),
        server.admin
    );
    let changes = options(0..1);
    let (slow, quick) = tokio::join!(send_raw(&server, &head), server.patch(board(), &changes));
    assert_eq!(quick.status(), StatusCode::CREATED);
    assert!(slow.starts_with("HTTP/1.1 408"), "{slow}");
    // Without a token, the body is not even read.
    let head = head.replace(&server.admin, "wrong");
    assert!(send_raw(&server, &head).await.starts_with("HTTP/1.1 401"));
}

#[tokio::test]
async fn of_sixty_four_writers_with_one_tag_exactly_one_wins_each_round() {
    let server = Server::start().await;
    let rounds = 1_000;
    server.patch(board(), &options(0..1)).await;
    let url = format!("http://{}/boards/{}", server.address, board());
    let client = reqwest::Client::new();
    for round in 0..rounds {
        let tag = header_of(&server.get(board()).await, "etag").to_owned();
        let writers = (0..64).map(|writer| {
            let change = option(stamp(100 + writer, round), "x");
            let request = client.put(&url).bearer_auth(&server.admin);
            let request = request
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::IF_MATCH, &tag);
            tokio::spawn(request.body(document(board(), &[change])).send())
        });
        let writers: Vec<_> = writers.collect();
        let mut statuses = Vec::new();
        for writer in writers {
            statuses.push(writer.await.unwrap().unwrap().status().as_u16());
        }
        let won = statuses.iter().filter(|status| **status == 200).count();
        let lost = statuses.iter().filter(|status| **status == 412).count();
        assert_eq!((won, lost), (1, 63), "round {round}: {statuses:?}");
    }
    assert_eq!(
        changes_in(server.get(board()).await).await.len() as u64,
        1 + rounds
    );
}

#[tokio::test]
async fn the_state_of_the_server_can_be_asked_for() {
    let server = Server::start().await;
    server.patch(board(), &options(0..3)).await;
    server.patch(board(), &options(0..4)).await;
    let get = async |path: &str| server.request(Method::GET, path).send().await.unwrap();
    assert_eq!(get("/healthz").await.status(), StatusCode::OK);
    assert_eq!(get("/readyz").await.status(), StatusCode::OK);
    let metrics = get("/metrics").await;
    assert!(header_of(&metrics, "content-type").starts_with("text/plain"));
    let metrics = metrics.text().await.unwrap();
    assert!(
        metrics.contains("\ncruxboard_changes_added_total 4\n"),
        "{metrics}"
    );
    assert!(
        metrics.contains("\ncruxboard_answers_total{status=\"2xx\"} 4\n"),
        "{metrics}"
    );
    assert!(!metrics.contains(&board().to_string()));
}

#[tokio::test]
async fn the_problem_of_a_conflict_names_the_board_s_place() {
    let server = Server::start().await;
    let none = server
        .put(board(), (header::IF_MATCH, "*"), &options(0..1))
        .await;
    assert_eq!(none.status(), StatusCode::PRECONDITION_FAILED);
    assert!(field(none, "detail").await.contains("If-None-Match: *"));
}

fn packed(text: &str) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut packer, text.as_bytes()).unwrap();
    packer.finish().unwrap()
}

#[tokio::test]
async fn documents_travel_packed_both_ways() {
    let server = Server::start().await;
    let changes = options(0..100);
    let whole = document(board(), &changes);
    let send = async |body: Vec<u8>| {
        let request = server.board(Method::PATCH, board(), "", &server.admin);
        let request = request
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::CONTENT_ENCODING, "gzip");
        request.body(body).send().await.unwrap()
    };
    assert_eq!(send(packed(&whole)).await.status(), StatusCode::CREATED);
    let request = server.board(Method::GET, board(), "", &server.admin);
    let got = request
        .header(header::ACCEPT_ENCODING, "gzip")
        .send()
        .await
        .unwrap();
    assert_eq!(header_of(&got, "content-encoding"), "gzip");
    assert_ne!(header_of(&got, "etag"), "");
    let bytes = got.bytes().await.unwrap();
    assert!(
        bytes.len() * 4 < whole.len(),
        "{} of {}",
        bytes.len(),
        whole.len()
    );
    let mut text = String::new();
    let mut unpacker = flate2::read::GzDecoder::new(bytes.as_ref());
    std::io::Read::read_to_string(&mut unpacker, &mut text).unwrap();
    assert_eq!(text, whole);

    // A gzip bomb of 16 kB, and a truncated body.
    let bomb = packed(&" ".repeat((16 << 20) + 1));
    assert!(bomb.len() < 20_000);
    assert_eq!(send(bomb).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let mut cut = packed(&whole);
    cut.truncate(cut.len() / 2);
    assert_eq!(send(cut).await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_client_with_many_wrong_tokens_is_limited_and_others_are_not() {
    let server = Server::start().await;
    server.patch(board(), &options(0..1)).await;
    let mut last = StatusCode::OK;
    for guess in 0..40 {
        let request = server.board(Method::GET, board(), "", &format!("guess{guess}"));
        let answer = request.send().await.unwrap();
        last = answer.status();
        if last == StatusCode::TOO_MANY_REQUESTS {
            let seconds: u64 = header_of(&answer, "retry-after").parse().unwrap();
            assert!((1..=60).contains(&seconds));
        }
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(server.get(board()).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn an_encrypted_snapshot_is_fetched_without_a_token_until_it_is_deleted() {
    let server = Server::start().await;
    let ana = server.token(Rights::Write, Some(board())).await;
    let ben = server.token(Rights::Write, Some(board())).await;
    let reader = server.token(Rights::Read, None).await;
    let sealed: Vec<u8> = (0..=255).cycle().take(5_000).collect();
    let post = async |token: &str, query: &str, body: Vec<u8>| {
        let request = server.request(Method::POST, &format!("/snapshots{query}"));
        let request = request.bearer_auth(token);
        let request = request.header(header::CONTENT_TYPE, "application/octet-stream");
        request.body(body).send().await.unwrap()
    };
    let made = post(&ana, "", sealed.clone()).await;
    assert_eq!(made.status(), StatusCode::CREATED);
    let path = header_of(&made, "location").to_owned();
    assert_eq!(path.len(), "/snapshots/".len() + 20);

    let got = server.request(Method::GET, &path).send().await.unwrap();
    assert_eq!(got.status(), StatusCode::OK);
    assert_eq!(header_of(&got, "cache-control"), "no-store");
    assert_eq!(header_of(&got, "content-type"), "application/octet-stream");
    assert_eq!(header_of(&got, "referrer-policy"), "no-referrer");
    assert_eq!(got.bytes().await.unwrap(), sealed);

    assert_eq!(
        post(&reader, "", sealed.clone()).await.status(),
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        post("wrong", "", sealed.clone()).await.status(),
        StatusCode::UNAUTHORIZED
    );
    let large = vec![0; 256 * 1024 + 1];
    assert_eq!(
        post(&ana, "", large).await.status(),
        StatusCode::PAYLOAD_TOO_LARGE
    );
    assert_eq!(
        post(&ana, "", Vec::new()).await.status(),
        StatusCode::UNPROCESSABLE_ENTITY
    );
    for wrong in ["0", "-1", "x", "99999999999"] {
        let refused = post(&ana, &format!("?expires_in_secs={wrong}"), sealed.clone()).await;
        assert_eq!(
            refused.status(),
            StatusCode::UNPROCESSABLE_ENTITY,
            "{wrong}"
        );
    }

    // Listed for its maker and an admin, and deleted by them only.
    for (token, expected) in [(&ana, 1), (&ben, 0), (&server.admin, 1)] {
        let list = server.request(Method::GET, "/snapshots").bearer_auth(token);
        let list = list.send().await.unwrap().text().await.unwrap();
        let list: Vec<serde_json::Value> = serde_json::from_str(&list).unwrap();
        assert_eq!(list.len(), expected);
    }
    let delete = async |token: &str| {
        let request = server.request(Method::DELETE, &path).bearer_auth(token);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(delete(&ben).await, 404);
    assert_eq!(delete(&ana).await, 204);
    assert_eq!(delete(&ana).await, 404);
    let gone = server.request(Method::GET, &path).send().await.unwrap();
    assert_eq!(gone.status(), StatusCode::NOT_FOUND);
    assert!(detail_of(gone).await.contains("was deleted"));
    let part = &sealed[1_000..1_200];
    assert!(
        !server
            .stored_bytes()
            .await
            .windows(200)
            .any(|window| window == part)
    );
}

#[tokio::test]
async fn a_snapshot_expires_and_makes_room() {
    let server = with_room_for_snapshots(100).await;
    let soon = unix_now() + 3_600;
    let keep = async |expires_at, bytes| keep_snapshot(&server, "ana", expires_at, bytes).await;
    let expired = keep(unix_now(), 60).await.unwrap();
    assert_eq!(server.store.snapshot(&expired.id).await.unwrap(), None);
    // The expired snapshot no longer counts.
    let kept = keep(soon, 60).await.unwrap();
    assert!(server.store.snapshot(&kept.id).await.unwrap().is_some());
    assert_eq!(keep(soon, 60).await, None);
    assert!(keep(soon, 40).await.is_some());
}

async fn with_room_for_snapshots(bytes: i64) -> Server {
    Server::start_with(Wishes {
        store: store::StoreLimits {
            snapshot_bytes: bytes,
            ..store::StoreLimits::default()
        },
        ..Wishes::default()
    })
    .await
}

async fn keep_snapshot(
    server: &Server,
    made_by: &str,
    expires_at: i64,
    bytes: usize,
) -> Option<store::Snapshot> {
    let new = store::NewSnapshot {
        made_by: made_by.to_owned(),
        board: None,
        expires_at,
        outlives_token: false,
    };
    let kept = server.store.store_snapshot(new, vec![7; bytes].into());
    kept.await.unwrap()
}

#[tokio::test]
async fn the_snapshots_of_all_descendant_tokens_count_toward_one_quota() {
    let server = with_room_for_snapshots(100).await;
    server.patch(board(), &options(0..1)).await;
    let soon = unix_now() + 3_600;
    let token = async |made_by: Option<&str>| {
        let new = store::NewToken {
            rights: Rights::Write,
            board: Some(board()),
            note: String::new(),
            made_by: made_by.map(str::to_owned),
            expires_at: None,
        };
        server.store.make_token(new).await.unwrap().0.id
    };
    let ana = token(None).await;
    let ben = token(Some(&ana)).await;
    let cat = token(Some(&ben)).await;
    let stranger = token(None).await;
    let of_proxy = token(Some("proxy:eve")).await;
    assert!(keep_snapshot(&server, &cat, soon, 60).await.is_some());
    for maker in [&ana, &ben, &cat] {
        assert_eq!(keep_snapshot(&server, maker, soon, 60).await, None);
    }
    assert!(keep_snapshot(&server, &ben, soon, 40).await.is_some());
    assert!(keep_snapshot(&server, &stranger, soon, 60).await.is_some());
    assert!(keep_snapshot(&server, &of_proxy, soon, 60).await.is_some());
    assert_eq!(keep_snapshot(&server, "proxy:eve", soon, 60).await, None);
    // Removing a snapshot makes room.
    let of = store::SnapshotScope::MadeBy(cat.clone());
    let cats = server.store.snapshots(&of).await.unwrap();
    let removed = server.store.remove_snapshot(cats[0].id.clone(), of).await;
    assert!(removed.unwrap());
    assert!(keep_snapshot(&server, &ana, soon, 60).await.is_some());
}

/// Stores a snapshot by a request, and returns the response.
async fn post_snapshot(server: &Server, token: &str, query: &str) -> serde_json::Value {
    let request = server.request(Method::POST, &format!("/snapshots{query}"));
    let request = request
        .bearer_auth(token)
        .header(header::CONTENT_TYPE, "application/octet-stream");
    let made = request.body("sealed").send().await.unwrap();
    assert_eq!(made.status(), StatusCode::CREATED);
    serde_json::from_str(&made.text().await.unwrap()).unwrap()
}

async fn opens_snapshot(server: &Server, id: &str) -> bool {
    let path = format!("/snapshots/{id}");
    let got = server.request(Method::GET, &path).send().await.unwrap();
    got.status() == StatusCode::OK
}

#[tokio::test]
async fn an_admin_of_one_board_sees_and_removes_the_snapshots_of_that_board_only() {
    let server = Server::start().await;
    let (here, there) = (board(), stamp(8, 0));
    let mut ids = Vec::new();
    for (rights, of) in [
        (Rights::Write, Some(here)),
        (Rights::Write, Some(there)),
        (Rights::Write, None),
        (Rights::Admin, Some(here)),
    ] {
        let token = server.token(rights, of).await;
        let made = post_snapshot(&server, &token, "").await;
        ids.push(made["id"].as_str().unwrap().to_owned());
    }
    let list = async |token: &str| {
        let list = server.request(Method::GET, "/snapshots").bearer_auth(token);
        let list = list.send().await.unwrap().text().await.unwrap();
        let list: Vec<serde_json::Value> = serde_json::from_str(&list).unwrap();
        let seen = list.iter().map(|made| made["id"].as_str().unwrap());
        let seen: Vec<_> = seen
            .map(|id| ids.iter().position(|i| i == id).unwrap())
            .collect();
        seen.into_iter().collect::<std::collections::BTreeSet<_>>()
    };
    let of_here = server.token(Rights::Admin, Some(here)).await;
    let of_there = server.token(Rights::Admin, Some(there)).await;
    assert_eq!(list(&of_here).await, [0, 3].into());
    assert_eq!(list(&of_there).await, [1].into());
    assert_eq!(list(&server.admin).await, [0, 1, 2, 3].into());
    let delete = async |token: &str, id: &str| {
        let request = server.request(Method::DELETE, &format!("/snapshots/{id}"));
        let deleted = request.bearer_auth(token).send().await.unwrap();
        deleted.status().as_u16()
    };
    assert_eq!(delete(&of_there, &ids[0]).await, 404);
    assert_eq!(delete(&of_here, &ids[1]).await, 404);
    assert_eq!(delete(&of_here, &ids[2]).await, 404);
    assert_eq!(delete(&of_here, &ids[0]).await, 204);
    assert_eq!(delete(&server.admin, &ids[2]).await, 204);
    for (id, expected) in ids.iter().zip([false, true, false, true]) {
        assert_eq!(opens_snapshot(&server, id).await, expected);
    }
}

#[tokio::test]
async fn a_snapshot_ends_with_the_token_of_its_maker_unless_it_was_to_outlive_that() {
    let server = Server::start().await;
    server.patch(board(), &options(0..1)).await;
    let ana = invite(&server, &server.admin, r#"{"rights":"write"}"#).await;
    let ana_token = ana["token"].as_str().unwrap();
    let ben = invite(
        &server,
        ana_token,
        r#"{"rights":"write","expires_in_secs":600}"#,
    )
    .await;
    let ben_token = ben["token"].as_str().unwrap();
    // It cannot live longer than the token.
    let short = post_snapshot(&server, ben_token, "").await;
    assert_eq!(short["expires_at"], ben["expires_at"]);
    assert_eq!(short["outlives_token"], false);
    let long = post_snapshot(&server, ben_token, "?outlives_token=true").await;
    assert!(long["expires_at"].as_i64() > ben["expires_at"].as_i64());
    assert_eq!(long["outlives_token"], true);
    let anas = post_snapshot(&server, ana_token, "?outlives_token=false").await;
    let admins = post_snapshot(&server, &server.admin, "").await;
    let request = server.request(Method::POST, "/snapshots?outlives_token=perhaps");
    let request = request
        .bearer_auth(ana_token)
        .header(header::CONTENT_TYPE, "application/octet-stream");
    let refused = request.body("sealed").send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);

    let all = [&short, &long, &anas, &admins].map(|made| made["id"].as_str().unwrap());
    for id in all {
        assert!(opens_snapshot(&server, id).await);
    }
    let id = ana["id"].as_str().unwrap().to_owned();
    assert!(server.store.revoke_token(id).await.unwrap());
    for (id, expected) in all.into_iter().zip([false, true, false, true]) {
        assert_eq!(opens_snapshot(&server, id).await, expected);
    }
    let left = server.store.snapshots(&store::SnapshotScope::All).await;
    assert_eq!(left.unwrap().len(), 2);
}

#[tokio::test]
async fn an_admin_deletes_a_board_and_its_address_reports_that() {
    let server = Server::start().await;
    server.patch(board(), &options(0..3)).await;
    let other = stamp(8, 0);
    server.patch(other, &[option(other, "Other")]).await;
    let ask = async |method: Method, board: ChangeId, token: &str| {
        let request = server.board(method, board, "", token);
        request.send().await.unwrap()
    };
    let owner = server.token(Rights::Admin, Some(board())).await;
    let neighbour = server.token(Rights::Admin, Some(other)).await;
    let writer = server.token(Rights::Write, Some(board())).await;
    let reader = server.token(Rights::Read, Some(board())).await;
    for token in [&neighbour, &writer, &reader] {
        let refused = ask(Method::DELETE, board(), token).await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    }
    for (token, allowed) in [
        (&owner, "GET, HEAD, PUT, PATCH, DELETE, OPTIONS"),
        (&writer, "GET, HEAD, PUT, PATCH, OPTIONS"),
        (&reader, "GET, HEAD, OPTIONS"),
    ] {
        let got = ask(Method::GET, board(), token).await;
        assert_eq!(got.status(), StatusCode::OK);
        assert_eq!(header_of(&got, "allow"), allowed);
    }
    let tag = header_of(&server.get(board()).await, "etag").to_owned();
    let stream = server.board(Method::GET, board(), "?after=3", &reader);
    let stream = stream.header(header::ACCEPT, "text/event-stream").send();
    let mut stream = stream.await.unwrap();

    let deleted = ask(Method::DELETE, board(), &owner).await;
    assert_eq!(deleted.status(), StatusCode::NO_CONTENT);
    let ending = async { while stream.chunk().await.unwrap().is_some() {} };
    let ended = timeout(Duration::from_secs(10), ending).await;
    assert!(ended.is_ok(), "the stream goes on");
    for token in [&server.admin, &owner, &writer, &reader] {
        let gone = ask(Method::GET, board(), token).await;
        assert_eq!(gone.status(), StatusCode::GONE);
        assert!(detail_of(gone).await.contains("deleted"));
    }
    let head = ask(Method::HEAD, board(), &owner).await;
    assert_eq!(head.status(), StatusCode::GONE);
    // No device restores the board by sending its copy.
    for token in [&server.admin, &writer] {
        let patched = server.patch_as(token, board(), &options(0..4)).await;
        assert_eq!(patched.status(), StatusCode::GONE);
    }
    let put = server.put(board(), ABSENT, &options(0..4)).await;
    assert_eq!(put.status(), StatusCode::GONE);
    let again = ask(Method::DELETE, board(), &owner).await;
    assert_eq!(again.status(), StatusCode::GONE);
    let never = ask(Method::DELETE, stamp(9, 0), &server.admin).await;
    assert_eq!(never.status(), StatusCode::NOT_FOUND);
    // An admin of the board can restore it as it was.
    let restore = async |board: ChangeId, token: &str| {
        let request = server.board(Method::POST, board, "/restore", token);
        request.send().await.unwrap().status().as_u16()
    };
    for token in [&neighbour, &writer, &reader] {
        assert_eq!(restore(board(), token).await, 403);
    }
    assert_eq!(restore(stamp(9, 0), &server.admin).await, 404);
    for _ in 0..2 {
        assert_eq!(restore(board(), &owner).await, 204);
        let back = ask(Method::GET, board(), &reader).await;
        assert_eq!(header_of(&back, "etag"), tag);
        assert_eq!(changes_in(back).await, options(0..3));
    }
    let sent = server.patch_as(&writer, board(), &options(3..4)).await;
    assert_eq!(sent.text().await.unwrap(), r#"{"cursor":4,"added":1}"#);
    let later = server.after(board(), 3).await;
    assert_eq!(changes_in(later).await, options(3..4));
    let deleted = ask(Method::DELETE, board(), &owner).await;
    assert_eq!(deleted.status(), StatusCode::NO_CONTENT);
    // Other tokens are not told that the board existed.
    let stranger = ask(Method::GET, board(), &neighbour).await;
    assert_eq!(stranger.status(), StatusCode::FORBIDDEN);
    let left = ask(Method::GET, other, &neighbour).await;
    assert_eq!(left.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_removed_board_leaves_no_text_and_its_cursors_are_not_reused() {
    let server = Server::start_with(forgetful()).await;
    let secret = option(stamp(7, 1), "Utterly-private-name");
    let sent = server
        .patch(board(), &[options(0..1), vec![secret]].concat())
        .await;
    assert_eq!(sent.status(), StatusCode::CREATED);
    let tag = header_of(&server.get(board()).await, "etag").to_owned();
    let guest = server.token(Rights::Write, Some(board())).await;
    let snapshot = post_snapshot(&server, &guest, "").await;
    let snapshot = snapshot["id"].as_str().unwrap();
    assert!(opens_snapshot(&server, snapshot).await);
    let delete = async || {
        let request = server.board(Method::DELETE, board(), "", &server.admin);
        request.send().await.unwrap().status()
    };
    assert_eq!(delete().await, StatusCode::NO_CONTENT);
    assert_eq!(delete().await, StatusCode::NOT_FOUND);
    assert_eq!(server.get(board()).await.status(), StatusCode::NOT_FOUND);
    let bytes = server.stored_bytes().await;
    let text = String::from_utf8_lossy(&bytes);
    assert!(!text.contains("Utterly") && !text.contains("Option 0"));
    // Its tokens are revoked, so that no device recreates it, and their snapshots are deleted.
    let refused = server.patch_as(&guest, board(), &options(0..1)).await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    assert!(!opens_snapshot(&server, snapshot).await);

    // An admin can create a board with the same id. Old cursors and ETags are unknown to it.
    let made = server.patch(board(), &options(0..2)).await;
    assert_eq!(made.status(), StatusCode::CREATED);
    let request = server.board(Method::GET, board(), "", &server.admin);
    let got = request.header(header::IF_NONE_MATCH, &tag).send().await;
    assert_eq!(got.unwrap().status(), StatusCode::OK);
    for cursor in 0..3 {
        let got = server.after(board(), cursor).await;
        assert_eq!(got.status(), StatusCode::OK, "{cursor}");
        assert_eq!(changes_in(got).await, options(0..2), "{cursor}");
    }
    let cursor = header_of(&server.get(board()).await, "cursor").to_owned();
    let unchanged = server.after(board(), cursor.parse().unwrap()).await;
    assert_eq!(unchanged.status(), StatusCode::NOT_MODIFIED);
    let more = server.patch(board(), &options(2..3)).await;
    assert_eq!(more.status(), StatusCode::OK);
    let got = server.after(board(), cursor.parse().unwrap()).await;
    assert_eq!(changes_in(got).await, options(2..3));
}

#[tokio::test]
async fn a_wrong_method_is_answered_with_the_allowed_ones() {
    let server = Server::start().await;
    server.patch(board(), &options(0..1)).await;
    let board = format!("/boards/{}", board());
    for (path, allowed) in [
        (board.clone(), "GET,HEAD,PUT,PATCH,DELETE"),
        (format!("{board}/restore"), "POST"),
        (format!("{board}/tokens"), "GET,HEAD,POST"),
        (format!("{board}/tokens/none"), "DELETE"),
        ("/snapshots".to_owned(), "GET,HEAD,POST"),
        ("/snapshots/none".to_owned(), "GET,HEAD,DELETE"),
        ("/openapi.json".to_owned(), "GET,HEAD"),
        ("/healthz".to_owned(), "GET,HEAD"),
        ("/readyz".to_owned(), "GET,HEAD"),
        ("/metrics".to_owned(), "GET,HEAD"),
    ] {
        for method in ["TRACE", "PROPFIND"] {
            let request = server.request(method.parse().unwrap(), &path);
            let refused = request.bearer_auth(&server.admin).send().await.unwrap();
            assert_eq!(refused.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
            assert_eq!(header_of(&refused, "allow"), allowed, "{method} {path}");
            assert_is_problem(refused, 405).await;
        }
    }
}

async fn assert_is_problem(response: Response, status: u16) {
    assert_eq!(response.status().as_u16(), status, "{}", response.url());
    let kind = header_of(&response, "content-type");
    assert_eq!(kind, "application/problem+json", "{}", response.url());
    assert!(!detail_of(response).await.is_empty());
}

#[tokio::test]
async fn an_address_query_or_body_that_cannot_be_read_is_answered_with_a_problem() {
    let server = Server::start().await;
    server.patch(board(), &options(0..1)).await;
    let tokens = format!("/boards/{}/tokens", board());
    for (method, path, kind, status) in [
        (Method::GET, "/boards/%ff".to_owned(), "", 404),
        (Method::GET, "/boards/none".to_owned(), "", 404),
        (Method::GET, "/snapshots/%ff".to_owned(), "", 400),
        (Method::DELETE, format!("{tokens}/%ff"), "", 404),
        (
            Method::GET,
            format!("/boards/{}?after=1&after=2", board()),
            "",
            422,
        ),
        (
            Method::POST,
            "/snapshots?expires_in_secs=long".to_owned(),
            "application/octet-stream",
            422,
        ),
        (Method::POST, tokens.clone(), "application/json", 400),
    ] {
        let request = server.request(method, &path).bearer_auth(&server.admin);
        let request = request.header(header::CONTENT_TYPE, kind).body("{");
        assert_is_problem(request.send().await.unwrap(), status).await;
    }
}

#[tokio::test]
async fn each_response_has_an_id_of_its_own_and_none_that_the_client_chose() {
    let server = Server::start().await;
    let ask = async || {
        let request = server.request(Method::GET, "/healthz");
        let request = request.header("x-request-id", "chosen");
        header_of(&request.send().await.unwrap(), "x-request-id").to_owned()
    };
    let (one, other) = (ask().await, ask().await);
    assert_eq!((one.len(), other.len()), (16, 16));
    assert_ne!(one, other);
}

#[tokio::test]
async fn every_described_request_is_answered_as_described() {
    let server = Server::start().await;
    server.patch(board(), &options(0..1)).await;
    let description = server
        .request(Method::GET, "/openapi.json")
        .send()
        .await
        .unwrap();
    let description = description.text().await.unwrap();
    let description: serde_json::Value = serde_json::from_str(&description).unwrap();
    let mut asked = 0;
    for (path, operations) in description["paths"].as_object().unwrap() {
        let path = path
            .replace("{board}", &board().to_string())
            .replace("{token}", "none")
            .replace("{snapshot}", "none");
        for (method, operation) in operations.as_object().unwrap() {
            if method == "parameters" {
                continue;
            }
            let method: Method = method.to_uppercase().parse().unwrap();
            for (token, kind) in [
                (server.admin.as_str(), "application/json"),
                (&server.admin, "application/octet-stream"),
                ("wrong", "text/plain"),
            ] {
                let request = server.request(method.clone(), &path).bearer_auth(token);
                let request = request.header(header::CONTENT_TYPE, kind);
                let answer = request.body(document(board(), &options(0..1))).send();
                let answer = answer.await.unwrap();
                let status = answer.status().as_u16().to_string();
                let described = &operation["responses"][&status];
                assert!(!described.is_null(), "{method} {path} answers {status}");
                let described = match described["$ref"].as_str() {
                    Some(reference) => description.pointer(&reference[1..]).unwrap(),
                    None => described,
                };
                let kind = header_of(&answer, "content-type")
                    .split(';')
                    .next()
                    .unwrap();
                let kinds = described["content"].as_object();
                assert_eq!(
                    kinds.is_some_and(|kinds| kinds.contains_key(kind)),
                    !kind.is_empty() && method != Method::HEAD,
                    "{method} {path} answers {status} with {kind:?}"
                );
                asked += 1;
            }
        }
    }
    assert!(asked >= 48, "{asked}");
}
