//! Deleting and restoring boards.

use super::*;

#[tokio::test]
async fn an_admin_deletes_a_board_and_its_address_reports_that() {
    let server = Server::start().await;
    server.patch(board(), &options(0..3)).await;
    let other = BoardId(stamp(8, 0));
    server.patch(other, &[option(other, "Other")]).await;
    let ask = async |method: Method, board: BoardId, token: &str| {
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
    let never = ask(Method::DELETE, BoardId(stamp(9, 0)), &server.admin).await;
    assert_eq!(never.status(), StatusCode::NOT_FOUND);
    // An admin of the board can restore it as it was.
    let restore = async |board: BoardId, token: &str| {
        let request = server.board(Method::POST, board, "/restore", token);
        request.send().await.unwrap().status().as_u16()
    };
    for token in [&neighbour, &writer, &reader] {
        assert_eq!(restore(board(), token).await, 403);
    }
    assert_eq!(restore(BoardId(stamp(9, 0)), &server.admin).await, 404);
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
