//! Runs the program: starts, stops, kills it, and sends requests.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    net::SocketAddr,
    path::PathBuf,
    process::{Child, ChildStdout, Command, Output, Stdio},
    time::{Duration, Instant},
};

use cruxboard_domain::BoardId;
use reqwest::{Client, Response, header};
use tempfile::TempDir;

use super::document;

/// Origins whose pages may read the answers of each program.
pub const ORIGIN: &str = "https://board.example.org";

/// A folder with an app and a database.
pub struct Home {
    dir: TempDir,
    pub database: PathBuf,
    /// Value of `RUST_LOG`.
    log: &'static str,
}

impl Home {
    pub fn new() -> Self {
        let dir = TempDir::new().unwrap();
        fs::create_dir(dir.path().join("dist")).unwrap();
        fs::write(dir.path().join("dist/index.html"), "<!doctype html>").unwrap();
        let database = dir.path().join("data/boards.sqlite");
        Self {
            dir,
            database,
            log: "warn",
        }
    }

    /// Uses another database than the file in the folder.
    pub fn with_database(database: &str) -> Self {
        Self {
            database: database.into(),
            // The test stops the database, and each request would log that.
            log: "off",
            ..Self::new()
        }
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cruxboard"));
        command
            .args(arguments)
            .env("CRUXBOARD_DATABASE", &self.database)
            .env("RUST_LOG", self.log)
            .env("CRUXBOARD_ALLOW_ORIGIN", ORIGIN);
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Returns the output of a run that must succeed.
    pub fn said(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    pub fn serve(&self) -> Program {
        let dist = self.dir.path().join("dist");
        let arguments = ["serve", "--port", "0", "--dir", dist.to_str().unwrap()];
        Self::started(self.command(&arguments))
    }

    pub fn started(mut serve: Command) -> Program {
        let begun = Instant::now();
        let mut child = serve.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        let address = line.strip_prefix("Cruxboard is at http://").unwrap();
        Program {
            address: address.split(' ').next().unwrap().parse().unwrap(),
            started_in: begun.elapsed(),
            child,
            lines,
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }
}

pub struct Program {
    pub address: SocketAddr,
    pub started_in: Duration,
    child: Child,
    pub lines: BufReader<ChildStdout>,
}

impl Program {
    /// Reads the admin token that the first start prints.
    pub fn admin(&mut self) -> String {
        loop {
            let mut line = String::new();
            assert_ne!(
                self.lines.read_line(&mut line).unwrap(),
                0,
                "no token was printed"
            );
            if let Some((_, token)) = line.split_once("shown only once: ") {
                return token.trim().to_owned();
            }
        }
    }

    /// Kills the program with SIGKILL.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Stops the program with SIGTERM, and returns the rest of its output.
    pub fn stop(mut self) -> String {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").arg(&pid).status().unwrap().success());
        let mut rest = String::new();
        self.lines.read_to_string(&mut rest).unwrap();
        assert!(self.child.wait().unwrap().success());
        rest
    }
}

pub async fn patch(
    client: &Client,
    address: SocketAddr,
    token: &str,
    board: BoardId,
    changes: &[String],
) -> reqwest::Result<Response> {
    let url = format!("http://{address}/boards/{board}");
    let request = client.patch(url).bearer_auth(token);
    let request = request.header(header::CONTENT_TYPE, "application/json");
    request.body(document(board, changes)).send().await
}

pub async fn get(client: &Client, address: SocketAddr, token: &str, path: &str) -> Response {
    let request = client.get(format!("http://{address}{path}"));
    request.bearer_auth(token).send().await.unwrap()
}

pub fn is_long() -> bool {
    std::env::var_os("CRUXBOARD_LONG").is_some()
}

/// A deterministic generator of pseudo-random numbers.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % end
    }
}
