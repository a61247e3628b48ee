//! Pages of other origins (CORS).

use super::*;

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
