//! Methods, addresses, the state and the description of the server.

use super::*;

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
