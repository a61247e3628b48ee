//! Long polls, event streams and presence.

use super::*;

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
