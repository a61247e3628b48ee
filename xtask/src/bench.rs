//! Measures size and speed. Not part of the tests, since a busy machine would make them fail.

use std::path::Path;

use anyhow::Result;
use clap::{Args, ValueEnum};
use xshell::{Shell, cmd};

use crate::{
    app, browser,
    check::{self, Tests},
    peers, serve,
    size::Transfers,
    step::Steps,
};

/// The arguments of `cargo xtask bench`.
#[derive(Args)]
pub(crate) struct Bench {
    /// The part to measure; all by default
    part: Option<Part>,
}

/// A part that can be measured alone.
#[derive(Clone, Copy, ValueEnum)]
enum Part {
    /// The rules, without a browser
    Domain,
    /// Our server
    Server,
    /// Our server beside others
    Peers,
    /// Our logs beside other libraries' documents
    Merging,
    /// The app in a browser
    Browser,
}

impl Bench {
    pub(crate) fn run(self) -> Result<()> {
        match self.part {
            Some(Part::Domain) => domain(),
            Some(Part::Server) => server(),
            Some(Part::Peers) => peers(),
            Some(Part::Merging) => merging(),
            Some(Part::Browser) => {
                app()?;
                browser()
            }
            None => {
                app()?;
                domain()?;
                server()?;
                peers()?;
                merging()?;
                browser()
            }
        }
    }
}

/// Prints the size of the release app, and what a first visit transfers.
fn app() -> Result<()> {
    if !app::is_ready()? {
        app::build(&mut Steps::new(app::STEPS))?;
    }
    Transfers::of(Path::new(app::DIST))?.print();
    Ok(())
}

fn domain() -> Result<()> {
    println!("\n== Domain");
    let shell = Shell::new()?;
    // The server's profile, optimized for speed; the app's own profile is optimized for size.
    let bench = cmd!(
        shell,
        "cargo run --quiet --package cruxboard-domain --example bench_apply --profile server"
    );
    Ok(bench.quiet().run()?)
}

fn browser() -> Result<()> {
    println!("\n== Browser");
    let all = Tests {
        // One at a time, so that the measurements do not affect each other.
        filter: ["--nocapture", "--test-threads=1"]
            .map(str::to_owned)
            .to_vec(),
        long: false,
    };
    browser::test("bench", &all)
}

fn peers() -> Result<()> {
    println!("\n== Our server beside Kinto and armadietto, which are started for it");
    peers::bench()
}

/// Compiles the other libraries, which no other task does.
fn merging() -> Result<()> {
    println!("\n== Merging, beside Automerge, Loro and Yrs");
    let (shell, merging) = (Shell::new()?, check::MERGING);
    let bench = cmd!(shell, "cargo run --release --quiet {merging...}");
    Ok(bench.quiet().run()?)
}

fn server() -> Result<()> {
    println!("\n== Server, with its load generator on the same machine");
    let (shell, program) = (Shell::new()?, serve::build_server()?);
    let bench = cmd!(
        shell,
        "cargo run --quiet --package cruxboard-server --example bench_server --profile server -- {program}"
    );
    Ok(bench.quiet().run()?)
}
