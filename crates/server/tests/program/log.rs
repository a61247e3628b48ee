//! The log and error messages.

use super::*;

#[test]
fn a_closed_pipe_is_not_a_failure() {
    let home = Home::new();
    let mut program = home.serve();
    program.admin();
    program.stop();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut list = home.command(&["token", "list"]);
    let output = list
        .stdout(writer)
        .stderr(std::process::Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.status.success());
}

#[tokio::test]
async fn the_log_in_a_file_holds_no_colour_codes() {
    let home = Home::new();
    let mut program = home.serve();
    let admin = program.admin();
    let board = BoardId(stamp(7, 0));
    let changes = [option(board, "Board")];
    let client = Client::new();
    let stored = patch(&client, program.address, &admin, board, &changes);
    assert!(stored.await.unwrap().status().is_success());
    program.stop();
    // The next start logs a warning.
    let (log, _) = logged(&home, "debug", async |address| {
        get(&client, address, &admin, "/healthz").await;
    })
    .await;
    assert!(log.contains("DEBUG") && log.contains("/healthz"), "{log}");
    assert!(!log.contains('\u{1b}'), "{log}");
}

/// Returns the log of a server in a file during some requests, and its output.
async fn logged(
    home: &Home,
    level: &str,
    asking: impl AsyncFnOnce(SocketAddr),
) -> (String, String) {
    let file = home.path("log");
    let dist = home.path("dist");
    let mut serve = home.command(&["serve", "--port", "0", "--dir", dist.to_str().unwrap()]);
    serve.env("RUST_LOG", level);
    serve.stderr(fs::File::create(&file).unwrap());
    let program = Home::started(serve);
    asking(program.address).await;
    let printed = program.stop();
    (fs::read_to_string(file).unwrap(), printed)
}

#[tokio::test]
async fn the_log_of_requests_holds_no_secret_and_is_written_only_when_asked_for() {
    let home = Home::new();
    let mut program = home.serve();
    let admin = program.admin();
    program.stop();
    let board = BoardId(stamp(7, 0));
    let client = Client::new();
    let play = async |address: SocketAddr| {
        let changes = [option(board, "Utterly-private-name")];
        let sent = patch(&client, address, &admin, board, &changes).await;
        let sent = sent.unwrap();
        assert!(sent.status().is_success());
        let request_id = header_of(&sent, "x-request-id").to_owned();
        let url = format!("http://{address}/snapshots");
        let kept = client.post(url).bearer_auth(&admin).body("sealed");
        let kept = kept.header("content-type", "application/octet-stream");
        let snapshot = field(kept.send().await.unwrap(), "id").await;
        for path in [
            format!("/boards/{board}?after=0&token=Secret-in-a-query"),
            format!("/boards/{board}/tokens/Secret-in-a-path"),
            "/boards/Secret-in-a-path".to_owned(),
            format!("/snapshots/{snapshot}"),
            "/%23/join?at=https://example.org&token=Secret-in-a-link".to_owned(),
            "/readyz".to_owned(),
        ] {
            get(&client, address, &admin, &path).await;
        }
        get(&client, address, "Secret-of-somebody-else", "/snapshots").await;
        (snapshot, request_id)
    };

    let mut played = (String::new(), String::new());
    let level = "info,cruxboard_server::requests=debug";
    let (log, _) = logged(&home, level, async |address| played = play(address).await).await;
    let (snapshot, request_id) = played;
    let line = |words: &[&str]| {
        let mut lines = log.lines();
        let found = lines.any(|line| words.iter().all(|word| line.contains(word)));
        assert!(found, "{words:?}: {log}");
    };
    let path = format!("path=/boards/{board} ");
    // The id of a request is in its response too.
    let id = format!("id={request_id}");
    line(&[
        "DEBUG",
        "requests",
        "method=PATCH",
        &path,
        &id,
        "status=201",
        "millis=",
    ]);
    line(&["method=GET", &path, "status=200"]);
    line(&["method=GET", "path=/boards/{board} ", "status=404"]);
    line(&["method=POST", "path=/snapshots ", "status=201"]);
    line(&["method=GET", "path=/snapshots/{snapshot} ", "status=200"]);
    line(&["method=GET", "path=/snapshots ", "status=401"]);
    // No log level reveals more.
    let mut other = String::new();
    let (all, _) = logged(&home, "trace", async |address| {
        (other, _) = play(address).await;
    })
    .await;
    assert!(all.contains("DEBUG"), "{all}");
    for secret in [&*admin, &snapshot, &other, "Secret-", "Utterly-private"] {
        assert!(!log.contains(secret) && !all.contains(secret), "{secret}");
    }
    let (log, _) = logged(&home, "info", async |address| drop(play(address).await)).await;
    assert_eq!(log, "");
}

#[tokio::test]
async fn an_error_is_printed_once_with_its_cause() {
    let home = Home::new();
    fs::write(home.path("file"), "no database").unwrap();
    let path = |name: &str| home.path(name).to_str().unwrap().to_owned();
    let (dist, file, below) = (path("dist"), path("file"), path("file/data/boards.sqlite"));
    let nowhere = path("none/copy.sqlite");
    let postgres = "postgres://127.0.0.1:1/boards";
    let serve = ["serve", "--port", "0", "--dir", &dist, "--database"];
    for (arguments, cause) in [
        ([&serve[..], &[&below]].concat(), "os error 20"),
        ([&serve[..], &[&file]].concat(), "file is not a database"),
        ([&serve[..], &[postgres]].concat(), "Connection refused"),
        (vec!["check", "--database", &file], "file is not a database"),
        (vec!["boards", "--database", postgres], "Connection refused"),
        (vec!["backup", &nowhere], "os error 2"),
        (vec!["--config", &nowhere, "serve"], "os error 2"),
        (
            [&serve[..], &[&file, "--trusted-proxy", "1.2.3"]].concat(),
            "invalid IP address",
        ),
    ] {
        let output = home.command(&arguments).env("RUST_LOG", "info").output();
        let output = output.unwrap();
        assert!(!output.status.success(), "{arguments:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(said.lines().count(), 1, "{said}");
        assert_eq!(said.matches(cause).count(), 1, "{said}");
        let parts: Vec<&str> = said.trim().split(": ").collect();
        let different: BTreeSet<&&str> = parts.iter().collect();
        assert_eq!(different.len(), parts.len(), "{said}");
    }
    // The warning about missing boards is printed once, and not logged too.
    let (program, _) = with_a_board(&home).await;
    program.stop();
    fs::remove_file(&home.database).unwrap();
    let (log, printed) = logged(&home, "info", async |_| {}).await;
    assert!(printed.contains("THERE ARE NO BOARDS"), "{printed}");
    assert_eq!(log, "");
}
