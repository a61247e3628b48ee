//! Reading and writing documents.

use super::*;

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
