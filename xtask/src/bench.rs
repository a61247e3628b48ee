//! Size and speed, measured when asked for and never as a test: a busy machine would fail it.

use std::path::Path;

use anyhow::Result;

use crate::{
    app, browser,
    check::{self, Tests},
    no_more, peers, serve,
    size::Transfers,
    step::{self, Steps, cargo},
};

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if let [part] = arguments {
        match part.as_str() {
            "domain" => return domain(),
            "server" => return server(),
            "peers" => return peers(),
            "merging" => return merging(),
            "browser" => {
                app()?;
                return browser();
            }
            _ => {}
        }
    }
    no_more(arguments)?;
    app()?;
    domain()?;
    server()?;
    peers()?;
    merging()?;
    browser()
}

/// The app as it is delivered, and what a first visit transfers.
fn app() -> Result<()> {
    if !app::is_ready()? {
        app::build(&mut Steps::new(app::STEPS))?;
    }
    Transfers::of(Path::new(app::DIST))?.print();
    Ok(())
}

/// The rules, without a browser.
fn domain() -> Result<()> {
    println!("\n== Domain");
    step::run(cargo().args([
        "run",
        "--quiet",
        "--package",
        "cruxboard-domain",
        "--example",
        "bench_apply",
        // Built for speed like the server, where the app's own profile is built for size.
        "--profile",
        "server",
    ]))
}

/// The app in a browser.
fn browser() -> Result<()> {
    println!("\n== Browser");
    let all = Tests {
        // One at a time, or they would measure each other.
        filter: ["--nocapture", "--test-threads=1"]
            .map(str::to_owned)
            .to_vec(),
        long: false,
    };
    browser::test("bench", &all)
}

/// Our server beside others.
fn peers() -> Result<()> {
    println!("\n== Our server beside Kinto and armadietto, which are started for it");
    peers::bench()
}

/// Our logs beside other libraries' documents, which are compiled for it and for nothing else.
fn merging() -> Result<()> {
    println!("\n== Merging, beside Automerge, Loro and Yrs");
    step::run(
        cargo()
            .args(["run", "--release", "--quiet"])
            .args(check::MERGING),
    )
}

/// How much the server can take.
fn server() -> Result<()> {
    println!("\n== Server, with its load generator on the same machine");
    let program = serve::build_server()?;
    let mut bench = cargo();
    bench.args([
        "run",
        "--quiet",
        "--package",
        "cruxboard-server",
        "--example",
        "bench_server",
        "--profile",
        "server",
        "--",
    ]);
    step::run(bench.arg(program))
}
