//! Tokens and invitations.

use super::*;

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
    let (here, there, new) = (board(), BoardId(stamp(8, 0)), BoardId(stamp(9, 0)));
    server.patch(here, &options(0..1)).await;
    server.patch(there, &[option(there, "x")]).await;
    let status = async |token: &str, method: Method, board: BoardId| {
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
