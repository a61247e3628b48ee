//! Load test of the server over loopback, with the load generator on the same machine:
//! `bench_server <the program cruxboard>`. `cargo xtask bench` runs it.
#![allow(
    clippy::print_stdout,
    reason = "printing figures is what this program is for"
)]

mod client;

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use cruxboard_domain::{BoardId, ChangeId, Millis, id::Replica};
use tokio::task::JoinSet;

use self::client::{Client, header};

const ROUNDS: usize = 3;
const ROUND: Duration = Duration::from_secs(3);
const LISTENERS: usize = 5_000;

fn main() -> Result<()> {
    let program = std::env::args().nth(1);
    let program = program.context("name the program, as in target/server/cruxboard")?;
    rlimit::increase_nofile_limit(u64::MAX)?;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(bench(&program))
}

async fn bench(program: &str) -> Result<()> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("index.html"), "<!doctype html>")?;
    let mut starts = Vec::new();
    for _ in 0..9 {
        let file = folder.path().join("start.sqlite");
        starts.push(Server::start(program, folder.path(), &file)?.started_in);
    }
    starts.sort();
    println!(
        "  start                         {:>8.0} ms (median of 9)",
        starts[4].as_secs_f64() * 1e3
    );

    let file = folder.path().join("boards.sqlite");
    let server = Server::start(program, folder.path(), &file)?;
    println!(
        "  idle memory                   {:>8.1} MB",
        server.memory()?
    );

    let mut appends = Vec::new();
    let mut puts = Vec::new();
    let mut unchanged = Vec::new();
    for round in 0..ROUNDS {
        appends.push(measure(&server, 64, move |at| Append::new(at, round)).await?);
        puts.push(measure(&server, 8, move |at| Put::new(at, round)).await?);
        unchanged.push(measure(&server, 64, |_| Unchanged::default()).await?);
    }
    report("durable appends", appends);
    report("conditional PUT of 20 kB", puts);
    report("304 Not Modified", unchanged);
    println!(
        "  memory after that             {:>8.1} MB",
        server.memory()?
    );
    drop(server);
    let server = Server::start(program, folder.path(), &file)?;
    listeners(&server).await
}

struct Server {
    child: Child,
    address: SocketAddr,
    admin: String,
    started_in: Duration,
}

impl Server {
    fn start(program: &str, dist: &Path, file: &Path) -> Result<Self> {
        let begun = Instant::now();
        let mut child = Command::new(program)
            .args(["serve", "--port", "0", "--connections-per-address", "0"])
            .arg("--dir")
            .arg(dist)
            .arg("--database")
            .arg(file)
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("starting {program}"))?;
        let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
        let line = lines.next().context("it said nothing")??;
        let address = line.strip_prefix("Cruxboard is at http://");
        let address = address.context("it did not say where it is")?;
        let address = address.split(' ').next().unwrap_or_default().parse()?;
        let started_in = begun.elapsed();
        let made = Command::new(program)
            .args(["token", "create", "--rights", "admin", "--database"])
            .arg(file)
            .output()?;
        ensure!(made.status.success(), "no token was made");
        Ok(Self {
            child,
            address,
            admin: String::from_utf8(made.stdout)?.trim().to_owned(),
            started_in,
        })
    }

    /// Resident memory of the server, in megabytes.
    fn memory(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes: f64 = line
            .and_then(|line| line.trim().strip_suffix(" kB"))
            .context("no VmRSS")?
            .trim()
            .parse()?;
        Ok(kilobytes / 1_000.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The request that a connection repeats.
trait Work: Send + 'static {
    /// Sends the request once. Fails on any other response than the expected one.
    fn once(&mut self, client: &mut Client) -> impl Future<Output = Result<()>> + Send;
}

struct Round {
    per_second: f64,
    median: Duration,
    slow: Duration,
}

async fn measure<W: Work>(
    server: &Server,
    connections: usize,
    work: impl Fn(usize) -> W,
) -> Result<Round> {
    let mut running = JoinSet::new();
    for at in 0..connections {
        let mut client = Client::connect(server.address, &server.admin).await?;
        let mut work = work(at);
        running.spawn(async move {
            // One round before the measurement, so that the boards exist.
            work.once(&mut client).await?;
            let begun = Instant::now();
            let mut times = Vec::new();
            while begun.elapsed() < ROUND {
                let asked = Instant::now();
                work.once(&mut client).await?;
                times.push(asked.elapsed());
            }
            Ok::<_, anyhow::Error>(times)
        });
    }
    let mut times = Vec::new();
    while let Some(done) = running.join_next().await {
        times.extend(done??);
    }
    times.sort();
    Ok(Round {
        per_second: times.len() as f64 / ROUND.as_secs_f64(),
        median: times[times.len() / 2],
        slow: times[times.len() * 99 / 100],
    })
}

fn report(what: &str, mut rounds: Vec<Round>) {
    rounds.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
    let middle = &rounds[rounds.len() / 2];
    println!(
        "  {what:<28}  {:>8.0} a second, median {:.2} ms, 99 of 100 within {:.2} ms",
        middle.per_second,
        middle.median.as_secs_f64() * 1e3,
        middle.slow.as_secs_f64() * 1e3
    );
}

fn stamp(device: usize, n: u64) -> ChangeId {
    ChangeId::new(
        Millis(1_795_429_733_409 + n),
        0,
        Replica::new(device as u32, 1),
    )
}

/// A statement of credence with a sentence of reason, as a person writes it.
fn change(id: ChangeId) -> String {
    let crux = stamp(1, 1);
    format!(
        r#"{{"id":"{id}","by":"{crux}","fact":{{"credence-stated":{{"crux":"{crux}","person":"{crux}","credence":70,"reason":"The pilot took nine days, less than I had thought it would."}}}}}}"#
    )
}

fn document(board: BoardId, changes: &[String]) -> String {
    let rows = changes.join(",\n");
    format!(r#"{{"format":"cruxboard","version":1,"board":"{board}","changes":[{rows}]}}"#)
}

/// Appends one change per request, with four writers per board.
struct Append {
    board: BoardId,
    device: usize,
    next: u64,
}

impl Append {
    fn new(at: usize, round: usize) -> Self {
        Self {
            board: BoardId(stamp(10 + at / 4, 0)),
            device: 1_000 * (round + 1) + at,
            next: 0,
        }
    }
}

impl Work for Append {
    async fn once(&mut self, client: &mut Client) -> Result<()> {
        self.next += 1;
        let body = document(self.board, &[change(stamp(self.device, self.next))]);
        let line = format!("PATCH /boards/{}", self.board);
        let answer = client.ask(&line, "", &body).await?;
        ensure!(matches!(answer.status, 200 | 201), "{}", answer.head);
        Ok(())
    }
}

/// Puts a whole document with one more change each time. Starts a new board before it gets long.
struct Put {
    device: usize,
    board: BoardId,
    changes: Vec<String>,
    next: u64,
    tag: Option<String>,
}

impl Put {
    fn new(at: usize, round: usize) -> Self {
        Self {
            device: 100_000 * (round + 1) + at,
            board: BoardId::default(),
            changes: Vec::new(),
            next: 0,
            tag: None,
        }
    }
}

impl Work for Put {
    async fn once(&mut self, client: &mut Client) -> Result<()> {
        if self.tag.is_none() || self.changes.len() > 100 {
            self.board = BoardId(stamp(self.device, self.next));
            self.changes.clear();
            while self.changes.iter().map(String::len).sum::<usize>() < 20_000 {
                self.changes.push(change(stamp(self.device, self.next)));
                self.next += 1;
            }
            self.tag = None;
        }
        self.changes.push(change(stamp(self.device, self.next)));
        self.next += 1;
        let condition = match &self.tag {
            Some(tag) => format!("If-Match: {tag}\r\n"),
            None => "If-None-Match: *\r\n".to_owned(),
        };
        let line = format!("PUT /boards/{}", self.board);
        let body = document(self.board, &self.changes);
        let answer = client.ask(&line, &condition, &body).await?;
        ensure!(matches!(answer.status, 200 | 201), "{}", answer.head);
        self.tag = header(&answer.head, "etag: ").map(str::to_owned);
        Ok(())
    }
}

/// Requests an unchanged board, with `If-None-Match`.
#[derive(Default)]
struct Unchanged {
    tag: Option<String>,
}

impl Work for Unchanged {
    async fn once(&mut self, client: &mut Client) -> Result<()> {
        let line = format!("GET /boards/{}", stamp(10, 0));
        let Some(tag) = &self.tag else {
            let answer = client.ask(&line, "", "").await?;
            self.tag = header(&answer.head, "etag: ").map(str::to_owned);
            return Ok(());
        };
        let answer = client
            .ask(&line, &format!("If-None-Match: {tag}\r\n"), "")
            .await?;
        ensure!(answer.status == 304, "{}", answer.head);
        Ok(())
    }
}

/// Measures many followers of one board: their memory, and the time until all have received a change.
async fn listeners(server: &Server) -> Result<()> {
    let board = stamp(5, 0);
    let line = format!("PATCH /boards/{board}");
    let mut writer = Client::connect(server.address, &server.admin).await?;
    let first = document(BoardId(board), &[change(board)]);
    let answer = writer.ask(&line, "", &first).await?;
    ensure!(answer.status == 201, "{}", answer.head);
    let mut followers = Vec::new();
    for _ in 0..LISTENERS {
        let mut client = Client::connect(server.address, &server.admin).await?;
        client.buffer = Vec::new();
        let line = format!("GET /boards/{board}?after=1");
        client
            .send(&line, "Accept: text/event-stream\r\n", "")
            .await?;
        let head = client.read_head().await?;
        ensure!(head.starts_with("HTTP/1.1 200"), "{head}");
        followers.push(client);
    }
    println!(
        "  memory with {LISTENERS} listeners    {:>8.1} MB",
        server.memory()?
    );

    let mut times = Vec::new();
    for n in 1..=5 {
        let begun = Instant::now();
        let body = document(BoardId(board), &[change(stamp(5, n))]);
        let mut hearing = JoinSet::new();
        let id = stamp(5, n).to_string();
        for mut follower in followers.drain(..) {
            let id = id.clone();
            hearing.spawn(async move {
                loop {
                    let heard = follower
                        .buffer
                        .windows(26)
                        .any(|window| window == id.as_bytes());
                    if heard && follower.buffer.ends_with(b"\n\n\r\n") {
                        follower.buffer.clear();
                        return Ok::<_, anyhow::Error>((follower, Instant::now()));
                    }
                    follower.fill().await?;
                }
            });
        }
        writer.ask(&line, "", &body).await?;
        let mut last = begun;
        while let Some(heard) = hearing.join_next().await {
            let (follower, at) = heard??;
            last = last.max(at);
            followers.push(follower);
        }
        times.push(last - begun);
    }
    times.sort();
    println!(
        "  until all of them have heard  {:>8.0} ms (median of 5)",
        times[2].as_secs_f64() * 1e3
    );
    println!(
        "  memory after that             {:>8.1} MB",
        server.memory()?
    );
    Ok(())
}
