//! Measures how many small changes our server accepts, beside Kinto and armadietto in the same run on the
//! same machine. `cargo xtask bench peers` runs it.
//!
//! Each server gets a change in its smallest form. Ours appends it to a board, and has it on the disk when it
//! answers. Kinto creates a record, in memory. armadietto writes a file and leaves syncing it to the system;
//! each connection has a folder of its own, since armadietto locks folders. Responses with a server error do
//! not count as accepted, and are reported. Requests left without a response are reported too, since their
//! waiting is in no percentile.
#![allow(
    clippy::print_stdout,
    reason = "printing figures is what this program is for"
)]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use cruxboard_domain::{BoardId, ChangeId, Millis, id::Replica};
use cruxboard_peers::{Door, Peer};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::Barrier,
    task::JoinSet,
    time::timeout,
};

const ROUNDS: usize = 3;
const ROUND: Duration = Duration::from_secs(4);
/// Time of waiting at the end of a round after which a change is reported as unanswered.
const LONG: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_secs(60);
/// Ours works best with many connections, the others with fewer: each is compared with each of ours.
const CONNECTIONS: [usize; 2] = [8, 64];

#[tokio::main]
async fn main() -> Result<()> {
    let ours = Peer::ours(BoardId(stamp(1, 0)))?;
    let kinto = Peer::kinto().await?;
    let armadietto = Peer::armadietto().await?;
    println!("  small changes, each in the smallest way there is; medians of {ROUNDS} rounds");
    for connections in CONNECTIONS {
        let mut rounds = [const { Vec::new() }; 3];
        for round in 0..ROUNDS {
            // A board of its own for each round, since a board that has reached its limit accepts nothing
            // more.
            let board = stamp(connections * 10 + round, 0);
            // Alternately, so that a busy moment of the machine affects all of them.
            let all = [
                (&ours, How::Patch),
                (&kinto, How::Record),
                (&armadietto, How::File),
            ];
            for (at, (peer, how)) in all.into_iter().enumerate() {
                let done = measure(&peer.door, how, BoardId(board), connections, round).await?;
                rounds[at].push(done);
            }
        }
        let [ours, kinto, armadietto] = rounds.map(middle);
        println!("  {connections} connections:");
        ours.print("cruxboard serve", None);
        kinto.print("Kinto, in memory", Some(&ours));
        armadietto.print("armadietto", Some(&ours));
    }
    Ok(())
}

/// The way in which a server accepts one change.
#[derive(Clone, Copy)]
enum How {
    Patch,
    Record,
    File,
}

struct Round {
    /// Changes per second; 0 if every connection waited for its first response until the round was over.
    per_second: f64,
    failed: usize,
    /// Number of connections that had waited long for a response when the round was over.
    unanswered: usize,
    median: Duration,
    slow: Duration,
}

impl Round {
    fn print(&self, what: &str, ours: Option<&Self>) {
        let beside = ours.filter(|_| self.per_second > 0.0).map(|ours| {
            format!(
                "; ours takes {:.1} times as many, its 99th percentile is {:.2} of this",
                ours.per_second / self.per_second,
                ours.slow.as_secs_f64() / self.slow.as_secs_f64()
            )
        });
        let said = |count: usize, words: &str| match count {
            0 => String::new(),
            count => format!("; {count} {words}"),
        };
        let failed = said(self.failed, "times it failed")
            + &said(
                self.unanswered,
                "connections were left without an answer for a second or more",
            );
        println!(
            "    {what:<18} {:>8.0} a second, median {:.2} ms, 99 of 100 within {:.2} ms{}{failed}",
            self.per_second,
            self.median.as_secs_f64() * 1e3,
            self.slow.as_secs_f64() * 1e3,
            beside.unwrap_or_default()
        );
    }
}

fn middle(mut rounds: Vec<Round>) -> Round {
    rounds.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
    rounds.swap_remove(rounds.len() / 2)
}

async fn measure(
    door: &Door,
    how: How,
    board: BoardId,
    connections: usize,
    round: usize,
) -> Result<Round> {
    let mut running = JoinSet::new();
    let all_ready = Arc::new(Barrier::new(connections));
    for at in 0..connections {
        let mut client = Client::connect(door).await?;
        let (door, all_ready) = (door.clone(), Arc::clone(&all_ready));
        let device = (round + 1) * 100_000 + connections * 100 + at;
        running.spawn(async move {
            // A first change, which is not counted, creates the container.
            let first = client.write(&door, how, board, device, stamp(device, 0));
            let first = timeout(PATIENCE, first).await;
            // All start at once; otherwise some would run alone at first, and be answered sooner.
            all_ready.wait().await;
            first.context("no answer to the first of its changes")??;
            // While others were waiting, the server may have closed an idle connection.
            client = Client::connect(&door).await?;
            let begun = Instant::now();
            let (mut times, mut failed, mut unanswered) = (Vec::new(), 0, 0);
            for n in 1.. {
                let left = ROUND.saturating_sub(begun.elapsed());
                let asked = Instant::now();
                let write = client.write(&door, how, board, device, stamp(device, n));
                match timeout(left, write).await {
                    Ok(Ok(true)) => times.push(asked.elapsed()),
                    Ok(Ok(false)) => failed += 1,
                    Ok(Err(error)) => return Err(error),
                    // Some servers let a connection wait as long as others send requests.
                    Err(_) => {
                        unanswered = usize::from(asked.elapsed() > LONG);
                        break;
                    }
                }
            }
            Ok::<_, anyhow::Error>((times, failed, unanswered))
        });
    }
    let (mut times, mut failed, mut unanswered) = (Vec::new(), 0, 0);
    while let Some(done) = running.join_next().await {
        let (more, failures, waiting) = done??;
        times.extend(more);
        failed += failures;
        unanswered += waiting;
    }
    times.sort();
    // Without responses, the time is that of the waiting.
    let at = |part: usize| times.get(times.len() * part / 100).copied();
    Ok(Round {
        per_second: times.len() as f64 / ROUND.as_secs_f64(),
        failed,
        unanswered,
        median: at(50).unwrap_or(ROUND),
        slow: at(99).unwrap_or(ROUND),
    })
}

fn stamp(device: usize, n: u64) -> ChangeId {
    ChangeId::new(
        Millis(1_795_429_733_409 + n),
        0,
        Replica::new(device as u32, 1),
    )
}

/// Returns a statement of a credence with a sentence as reason, as a person writes it.
fn change(id: ChangeId) -> String {
    let crux = stamp(1, 1);
    format!(
        r#"{{"id":"{id}","by":"{crux}","fact":{{"credence-stated":{{"crux":"{crux}","person":"{crux}","credence":70,"reason":"The pilot took nine days, less than I had thought it would."}}}}}}"#
    )
}

/// A persistent connection with as little overhead as possible, since it shares the processors with the
/// server.
struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    async fn connect(door: &Door) -> Result<Self> {
        let stream = TcpStream::connect(host(door)).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::new(),
        })
    }

    /// Returns whether the change was accepted.
    async fn write(
        &mut self,
        door: &Door,
        how: How,
        board: BoardId,
        device: usize,
        id: ChangeId,
    ) -> Result<bool> {
        let path = path(door);
        let (folder, _) = path.rsplit_once('/').context("a path")?;
        let change = change(id);
        let (method, path, body) = match how {
            How::Patch => {
                let heading = format!(r#""format":"cruxboard","version":1,"board":"{board}""#);
                let body = format!(r#"{{{heading},"changes":[{change}]}}"#);
                ("PATCH", format!("{folder}/{board}"), body)
            }
            How::Record => {
                // A record's id would have to be a field, so the change's id is not sent twice.
                let body = change.replacen("\"id\"", "\"change\"", 1);
                (
                    "PUT",
                    format!("{folder}/{id}"),
                    format!("{{\"data\":{body}}}"),
                )
            }
            How::File => ("PUT", format!("{folder}/{device}/{id}.json"), change),
        };
        let key = door.key.as_ref().map_or(String::new(), |(name, value)| {
            format!("{name}: {value}\r\n")
        });
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\n{key}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            host(door),
            body.len()
        );
        self.stream.write_all(request.as_bytes()).await?;
        let head = self.head().await?;
        let is_taken = match head.get(9..12) {
            Some("200" | "201") => true,
            Some(status) if status.starts_with('5') => false,
            _ => bail!("{head}"),
        };
        if let Some(length) = header(&head, "content-length:") {
            self.take(length.parse()?).await?;
        } else if header(&head, "transfer-encoding:").is_some() {
            loop {
                let line = self.until(b"\r\n").await?;
                let length = usize::from_str_radix(line.trim(), 16)?;
                self.take(length + 2).await?;
                if length == 0 {
                    break;
                }
            }
        }
        ensure!(
            header(&head, "connection:").is_none_or(|value| value != "close"),
            "it does not keep connections"
        );
        Ok(is_taken)
    }

    async fn head(&mut self) -> Result<String> {
        Ok(self.until(b"\r\n\r\n").await?.to_ascii_lowercase())
    }

    async fn until(&mut self, end: &[u8]) -> Result<String> {
        loop {
            let mut windows = self.buffer.windows(end.len());
            if let Some(at) = windows.position(|window| window == end) {
                let bytes = self.buffer.drain(..at + end.len()).collect();
                return Ok(String::from_utf8(bytes)?);
            }
            self.fill().await?;
        }
    }

    async fn take(&mut self, length: usize) -> Result<()> {
        while self.buffer.len() < length {
            self.fill().await?;
        }
        self.buffer.drain(..length);
        Ok(())
    }

    async fn fill(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the server closed the connection");
        }
        Ok(())
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines()
        .find_map(|line| line.strip_prefix(name))
        .map(str::trim)
}

fn host(door: &Door) -> &str {
    let rest = door.address.trim_start_matches("http://");
    rest.split('/').next().unwrap_or(rest)
}

fn path(door: &Door) -> &str {
    let rest = door.address.trim_start_matches("http://");
    &rest[host(door).len()..]
}
