//! Size and speed, measured when asked for and never as a test: a busy machine would fail it.

use std::path::Path;

use anyhow::Result;

use crate::{
    app, browser,
    check::{self, Tests},
    no_more, peers, serve,
    size::FirstVisit,
    step::{self, Steps, cargo},
};

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    match arguments {
        [part] if part == "server" => return server(),
        [part] if part == "peers" => return peers(),
        [part] if part == "merging" => return merging(),
        _ => {}
    }
    no_more(arguments)?;
    if !app::is_ready()? {
        app::build(&mut Steps::new(app::STEPS))?;
    }
    FirstVisit::of(Path::new(app::DIST))?.print();

    println!("\n== Domain");
    if Path::new("crates/domain/examples/bench_apply.rs").exists() {
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
        ]))?;
    } else {
        println!("Nothing to measure yet.");
    }

    server()?;
    peers()?;
    merging()?;

    println!("\n== Browser");
    if Path::new("tests/bench.rs").exists() {
        let all = Tests {
            filter: vec!["--nocapture".to_owned()],
            long: false,
        };
        browser::test("bench", &all)?;
    } else {
        println!("Nothing to measure yet.");
    }
    Ok(())
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
    serve::build_server(None)?;
    step::run(cargo().args([
        "run",
        "--quiet",
        "--package",
        "cruxboard-server",
        "--example",
        "bench_server",
        "--profile",
        "server",
        "--",
        serve::SERVER,
    ]))
}
