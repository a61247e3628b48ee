//! Users whom a trusted proxy names.

use super::*;

/// Returns a request of a user named by the proxy.
fn named(server: &Server, method: Method, board: BoardId, name: &str) -> RequestBuilder {
    let request = server.request(method, &format!("/boards/{board}"));
    request
        .header("x-forwarded-user", name)
        .header(header::CONTENT_TYPE, "application/json")
        .body(document(board, &options(0..1)))
}

async fn behind(proxy: &str) -> Server {
    Server::start_with(Wishes {
        proxies: Some(vec![proxy.to_owned()]),
        origins: vec!["https://board.example.org".to_owned()],
        ..Wishes::default()
    })
    .await
}

#[tokio::test]
async fn a_user_named_by_the_trusted_proxy_has_their_rights() {
    let server = behind("127.0.0.0/8").await;
    let board = board();
    // Ben may write, but only Ana may create a board.
    assert_eq!(
        status(named(&server, Method::PATCH, board, "ben")).await,
        403
    );
    assert_eq!(
        status(named(&server, Method::PATCH, board, "ana")).await,
        201
    );
    assert_eq!(
        status(named(&server, Method::PATCH, board, "ben")).await,
        200
    );
    assert_eq!(status(named(&server, Method::GET, board, "ben")).await, 200);
    // Without a name there is no user. A token still works.
    assert_eq!(status(named(&server, Method::GET, board, "")).await, 401);
    assert_eq!(
        status(server.board(Method::GET, board, "", &server.admin)).await,
        200
    );
    let reader = server.token(Rights::Read, Some(board)).await;
    let both = named(&server, Method::PATCH, board, "ana").bearer_auth(&reader);
    assert_eq!(status(both).await, 403);
    // A proxy that adds its header to that of the client names two users.
    let two = named(&server, Method::GET, board, "ana").header("x-forwarded-user", "ben");
    assert_eq!(status(two).await, 403);
    // They invite others, whose tokens are listed and revoked under their name.
    let invited = server
        .request(Method::POST, &format!("/boards/{board}/tokens"))
        .header("x-forwarded-user", "ben")
        .header(header::CONTENT_TYPE, "application/json")
        .body(r#"{"rights":"read"}"#);
    assert_eq!(status(invited).await, 201);
    let list = async |name: &str| {
        let request = server.request(Method::GET, &format!("/boards/{board}/tokens"));
        let list = request.header("x-forwarded-user", name).send().await;
        let list = list.unwrap().text().await.unwrap();
        list.matches("\"id\"").count()
    };
    assert_eq!((list("ben").await, list("eve").await), (1, 0));
    // Revoking their name revokes the tokens of their guests.
    let guests = server.store.tokens_of(board, Some("proxy:ben")).await;
    let guest = &guests.unwrap()[0];
    assert!(guest.is_valid(unix_now()));
    assert!(server.store.revoke_token("proxy:ben".into()).await.unwrap());
    let guest = server.store.token_by_id(&guest.id).await.unwrap().unwrap();
    assert!(!guest.is_valid(unix_now()));
    assert!(!server.store.revoke_token("proxy:eve".into()).await.unwrap());
    let mut stream = named(&server, Method::GET, board, "ben")
        .header(header::ACCEPT, "text/event-stream")
        .send()
        .await
        .unwrap();
    assert_eq!(events(&mut stream, 1).await[0].0, "1");
}

#[tokio::test]
async fn a_name_from_anywhere_else_than_the_trusted_proxy_is_refused() {
    let server = behind("192.0.2.7").await;
    for name in ["ana", "ben"] {
        for method in [Method::GET, Method::PATCH] {
            assert_eq!(
                status(named(&server, method, board(), name)).await,
                403,
                "{name}"
            );
        }
    }
    let request = server.board(Method::GET, board(), "", &server.admin);
    assert_eq!(status(request).await, 404, "a token is not affected");
    // Without a configured proxy, the header is ignored.
    let server = Server::start().await;
    assert_eq!(
        status(named(&server, Method::GET, board(), "ana")).await,
        401
    );
}

#[tokio::test]
async fn another_sites_page_cannot_write_in_the_name_that_the_proxy_knows() {
    let server = behind("127.0.0.1").await;
    let host = server.address.to_string();
    let own = format!("http://{host}");
    for (site, origin, expected) in [
        (Some("same-origin"), Some(own.as_str()), 201),
        (Some("none"), None, 200),
        (None, None, 200),
        (None, Some(own.as_str()), 200),
        (Some("cross-site"), Some("https://board.example.org"), 200),
        (Some("cross-site"), Some("https://evil.example.org"), 403),
        (Some("same-site"), Some("https://evil.example.org"), 403),
        (Some("cross-site"), None, 403),
        (None, Some("https://evil.example.org"), 403),
        (None, Some("null"), 403),
    ] {
        let mut request = named(&server, Method::PATCH, board(), "ana");
        if let Some(site) = site {
            request = request.header("sec-fetch-site", site);
        }
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        assert_eq!(status(request).await, expected, "{site:?} {origin:?}");
    }
}

#[tokio::test]
async fn wrong_tokens_are_counted_by_the_client_behind_the_proxy() {
    let server = behind("127.0.0.1").await;
    let guess = async |from: &str| {
        let request = server.board(Method::GET, board(), "", "wrong");
        status(request.header("x-forwarded-for", from)).await
    };
    for _ in 0..30 {
        assert_eq!(guess("203.0.113.9").await, 401);
    }
    assert_eq!(guess("198.51.100.1, 203.0.113.9").await, 429);
    assert_eq!(guess("203.0.113.10").await, 401);
}
