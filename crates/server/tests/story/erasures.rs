//! Erasures.

use super::*;

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
async fn a_read_token_may_not_erase() {
    let server = Server::start().await;
    let there = BoardId(stamp(8, 0));
    server.patch(board(), &options(0..3)).await;
    server.patch(there, &[option(there, "x")]).await;
    let reader = server.token(Rights::Read, Some(board())).await;
    let stranger = server.token(Rights::Write, Some(there)).await;
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
        .patch_as(&stranger, there, std::slice::from_ref(&erasing))
        .await;
    assert_eq!(sent.status(), StatusCode::OK);
    assert_eq!(changes_in(server.get(board()).await).await, options(0..3));
}
