//! Encrypted snapshots.

use super::*;

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

#[tokio::test]
async fn an_admin_of_one_board_sees_and_removes_the_snapshots_of_that_board_only() {
    let server = Server::start().await;
    let (here, there) = (board(), BoardId(stamp(8, 0)));
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
