//! Tests of the server over a socket, as a browser uses it.
#![allow(
    clippy::unwrap_used,
    reason = "the helpers are outside of a test function, where clippy's own exception does not reach"
)]

use std::{fs, net::SocketAddr, time::Duration};

use cruxboard_server::{
    listener::{BindError, Listener, ListenerLimits},
    security_headers,
    site::site,
};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, header};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::oneshot,
    task::JoinHandle,
};

const SCRIPT: &str = "/app-8f14e45fceea167a.js";
const WASM: &str = "/app-8f14e45fceea167a_bg.wasm";

struct Server {
    address: SocketAddr,
    client: Client,
    dir: TempDir,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Server {
    async fn start() -> Self {
        Self::start_with(ListenerLimits::default()).await
    }

    async fn start_with(limits: ListenerLimits) -> Self {
        let parent = TempDir::new().unwrap();
        fs::write(parent.path().join("secret.txt"), "not yours").unwrap();
        let dist = parent.path().join("dist");
        fs::create_dir(&dist).unwrap();
        for (name, content) in [
            ("index.html", "<!doctype html><title>Cruxboard</title>"),
            ("favicon.svg", "<svg/>"),
            ("example.json", "{}"),
            (&SCRIPT[1..], "plain script"),
            (&format!("{}.br", &SCRIPT[1..]), "brotli script"),
            (&format!("{}.gz", &SCRIPT[1..]), "gzip script"),
            (&WASM[1..], "0123456789"),
        ] {
            fs::write(dist.join(name), content).unwrap();
        }
        let listener = Listener::bind("127.0.0.1", 0, limits).await.unwrap();
        let address = listener.address().unwrap();
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(listener.run(site(&dist), async {
            stopped.await.ok();
        }));
        Self {
            address,
            client: Client::new(),
            dir: parent,
            stop,
            task,
        }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("http://{}{path}", self.address))
    }

    async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    /// Sends raw bytes over a socket, and returns the whole response.
    async fn send_raw(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }
}

fn header_of(response: &Response, name: header::HeaderName) -> &str {
    response
        .headers()
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn each_kind_of_file_has_its_type() {
    let server = Server::start().await;
    for (path, expected) in [
        ("/", "text/html"),
        ("/index.html", "text/html"),
        ("/favicon.svg", "image/svg+xml"),
        ("/example.json", "application/json"),
        (SCRIPT, "text/javascript"),
        (WASM, "application/wasm"),
    ] {
        let response = server.get(path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let found = header_of(&response, header::CONTENT_TYPE);
        assert_eq!(found.split(';').next(), Some(expected), "{path}");
    }
}

#[tokio::test]
async fn a_file_goes_out_in_the_best_encoding_the_browser_takes() {
    let server = Server::start().await;
    for (accepted, encoding, body) in [
        ("gzip, deflate, br, zstd", "br", "brotli script"),
        ("gzip", "gzip", "gzip script"),
        ("identity", "", "plain script"),
    ] {
        let response = server
            .request(Method::GET, SCRIPT)
            .header(header::ACCEPT_ENCODING, accepted)
            .send()
            .await
            .unwrap();
        assert_eq!(header_of(&response, header::CONTENT_ENCODING), encoding);
        assert_eq!(header_of(&response, header::VARY), "accept-encoding");
        assert!(header_of(&response, header::CONTENT_TYPE).starts_with("text/javascript"));
        assert_eq!(response.text().await.unwrap(), body);
    }
}

#[tokio::test]
async fn hashed_names_are_kept_for_ever_and_others_are_asked_for_again() {
    let server = Server::start().await;
    for (path, expected) in [
        (SCRIPT, "public, max-age=31536000, immutable"),
        (WASM, "public, max-age=31536000, immutable"),
        ("/", "no-cache"),
        ("/favicon.svg", "no-cache"),
        ("/gone-8f14e45fceea167a.js", "no-cache"),
    ] {
        let response = server.get(path).await;
        assert_eq!(
            header_of(&response, header::CACHE_CONTROL),
            expected,
            "{path}"
        );
    }
}

#[tokio::test]
async fn an_unchanged_page_is_not_sent_again() {
    let server = Server::start().await;
    let first = server.get("/").await;
    for (condition, validator) in [
        (header::IF_NONE_MATCH, header::ETAG),
        (header::IF_MODIFIED_SINCE, header::LAST_MODIFIED),
    ] {
        let again = server
            .request(Method::GET, "/")
            .header(condition, header_of(&first, validator))
            .send()
            .await
            .unwrap();
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(header_of(&again, header::CACHE_CONTROL), "no-cache");
    }
}

#[tokio::test]
async fn a_missing_file_is_404_and_never_the_start_page() {
    let server = Server::start().await;
    for path in ["/gone.js", "/board/7", "/index.html/", "/folder/"] {
        let response = server.get(path).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(response.text().await.unwrap(), "", "{path}");
    }
}

#[tokio::test]
async fn every_response_carries_the_security_headers() {
    let server = Server::start().await;
    for path in ["/", SCRIPT, "/gone.js"] {
        let response = server.get(path).await;
        for (name, expected) in [
            (
                "content-security-policy",
                security_headers::CONTENT_SECURITY_POLICY,
            ),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(response.headers()[name], expected, "{path}");
        }
        assert!(response.headers().contains_key("permissions-policy"));
    }
}

#[test]
fn the_page_and_the_server_state_the_same_policy() {
    let page = include_str!("../../../index.html");
    let shared = security_headers::CONTENT_SECURITY_POLICY
        .strip_suffix("; frame-ancestors 'none'")
        .unwrap();
    assert!(
        page.contains(&format!("content=\"{shared}\"")),
        "index.html states another policy than the server: {shared}"
    );
    for unsafe_word in ["'unsafe-inline'", "'unsafe-eval'"] {
        assert!(!shared.contains(unsafe_word));
    }
}

#[tokio::test]
async fn head_tells_the_size_and_sends_nothing() {
    let server = Server::start().await;
    let response = server.request(Method::HEAD, WASM).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(header_of(&response, header::CONTENT_LENGTH), "10");
    assert_eq!(response.text().await.unwrap(), "");
}

#[tokio::test]
async fn a_part_of_a_file_can_be_asked_for() {
    let server = Server::start().await;
    let response = server
        .request(Method::GET, WASM)
        .header(header::RANGE, "bytes=2-4")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(header_of(&response, header::CONTENT_RANGE), "bytes 2-4/10");
    assert_eq!(response.text().await.unwrap(), "234");
}

#[tokio::test]
async fn nothing_outside_the_folder_can_be_reached() {
    let server = Server::start().await;
    assert!(server.dir.path().join("secret.txt").exists());
    for path in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..%5csecret.txt",
        "/./../secret.txt",
        "//../secret.txt",
        "/index.html/../../secret.txt",
        "/%00",
    ] {
        let answer = server
            .send_raw(&format!(
                "GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
            ))
            .await;
        assert!(answer.starts_with("HTTP/1.1 4"), "{path}: {answer}");
        assert!(!answer.contains("not yours"), "{path}");
    }
}

#[tokio::test]
async fn only_reading_is_allowed() {
    let server = Server::start().await;
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
        let response = server
            .request(method, "/index.html")
            .body("{}")
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    }
}

#[tokio::test]
async fn a_taken_port_is_named_in_the_message() {
    let server = Server::start().await;
    let port = server.address.port();
    let error = Listener::bind("127.0.0.1", port, ListenerLimits::default())
        .await
        .err()
        .unwrap();
    assert!(matches!(error, BindError::PortTaken { .. }));
    assert!(error.to_string().contains(&format!("port {port} is taken")));
}

#[tokio::test]
async fn a_client_that_never_ends_its_headers_is_let_go() {
    let server = Server::start_with(ListenerLimits {
        headers: Duration::from_millis(50),
        ..ListenerLimits::default()
    })
    .await;
    for beginning in ["", "GET / HTTP/1.1\r\nHost: test\r\nX-Slow: "] {
        // Returns when the server has closed the connection.
        let answer = server.send_raw(beginning).await;
        assert!(!answer.contains("Cruxboard"));
    }
}

#[tokio::test]
async fn silent_connections_do_not_keep_others_out() {
    let server = Server::start_with(ListenerLimits {
        headers: Duration::from_millis(50),
        connections: 4,
        ..ListenerLimits::default()
    })
    .await;
    let mut silent = Vec::new();
    for _ in 0..16 {
        silent.push(TcpStream::connect(server.address).await.unwrap());
    }
    assert_eq!(server.get("/").await.status(), StatusCode::OK);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn one_address_cannot_use_all_connections() {
    let server = Server::start_with(ListenerLimits {
        connections_per_address: 3,
        ..ListenerLimits::default()
    })
    .await;
    // Any loopback address can stand for another machine.
    let connect = async |from: &str| {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind(format!("{from}:0").parse().unwrap()).unwrap();
        socket.connect(server.address).await.unwrap()
    };
    let ask = async |stream: &mut TcpStream| {
        let request = b"GET / HTTP/1.1\r\nHost: test\r\n\r\n";
        // A connection that was refused may be closed already.
        stream.write_all(request).await.ok();
        let mut answer = vec![0; 4096];
        let read = stream.read(&mut answer).await.unwrap_or(0);
        String::from_utf8_lossy(&answer[..read]).into_owned()
    };
    let mut held = Vec::new();
    for _ in 0..3 {
        let mut stream = connect("127.0.0.2").await;
        assert!(ask(&mut stream).await.starts_with("HTTP/1.1 200"));
        held.push(stream);
    }
    // A refused connection gets an answer before it is closed.
    let mut refused = connect("127.0.0.2").await;
    let mut answer = String::new();
    refused.read_to_string(&mut answer).await.ok();
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    assert!(answer.ends_with("from your address here."), "{answer}");
    let mut other = connect("127.0.0.3").await;
    assert!(ask(&mut other).await.starts_with("HTTP/1.1 200"));
    // A closed connection makes room for another one.
    held.pop();
    let until = tokio::time::Instant::now() + Duration::from_secs(10);
    while !ask(&mut connect("127.0.0.2").await)
        .await
        .starts_with("HTTP/1.1 200")
    {
        assert!(tokio::time::Instant::now() < until, "it stays taken");
    }
}

#[tokio::test]
async fn stopping_ends_the_server_though_a_browser_keeps_its_connection_open() {
    let server = Server::start().await;
    server.get("/").await.text().await.unwrap();
    server.stop.send(()).unwrap();
    server.task.await.unwrap();
    assert!(TcpStream::connect(server.address).await.is_err());
}

#[tokio::test]
async fn a_client_that_never_reads_its_answer_is_let_go() {
    let server = Server::start_with(ListenerLimits {
        write: Duration::from_millis(100),
        connections: 1,
        ..ListenerLimits::default()
    })
    .await;
    let large = server.dir.path().join("dist/large.bin");
    fs::write(large, vec![0; 64 << 20]).unwrap();
    let mut deaf = TcpStream::connect(server.address).await.unwrap();
    let request = b"GET /large.bin HTTP/1.1\r\nHost: test\r\n\r\n";
    deaf.write_all(request).await.unwrap();
    // The limit is one connection, so this is answered when the other one is closed.
    let answer = tokio::time::timeout(Duration::from_secs(10), server.get("/"));
    assert_eq!(answer.await.unwrap().status(), StatusCode::OK);
}
