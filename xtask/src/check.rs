//! The quick loop: what can be told without a browser.

use std::{process::Command, time::Instant};

use anyhow::{Result, bail};

use crate::{
    database, no_more,
    step::{Steps, cargo, in_ci, output_of, run as run_program, spoken},
    tools::Tools,
};

/// What the domain must do without, so that it stays pure.
const IMPURE: [&str; 10] = [
    "getrandom",
    "js-sys",
    "leptos",
    "rand",
    "reqwest",
    "rusqlite",
    "sqlx",
    "tokio",
    "wasm-bindgen",
    "web-sys",
];

/// The workspace of what is only measured against, compiled into a folder beside ours.
pub(crate) const MERGING: [&str; 4] = [
    "--manifest-path",
    "tests/merging/Cargo.toml",
    "--target-dir",
    "target/merging",
];

/// Which tests of a package to run, and for how long.
#[derive(Default)]
pub(crate) struct Tests {
    /// Only those whose name holds one of these; all when empty.
    pub(crate) filter: Vec<String>,
    /// With many more cases and repetitions, for a night rather than for a coffee.
    pub(crate) long: bool,
}

impl Tests {
    pub(crate) fn run(&self, which: &[&str]) -> Result<()> {
        run_program(&mut self.command(which))
    }

    pub(crate) fn command(&self, which: &[&str]) -> Command {
        let mut command = cargo();
        command.arg("test").args(which);
        command.arg("--").args(&self.filter);
        if self.long {
            command.env("CRUXBOARD_LONG", "1");
        }
        command
    }
}

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    no_more(arguments)?;
    let started = Instant::now();
    formatted()?;
    clippy_native()?;
    clippy_wasm()?;
    let tests = Tests::default();
    domain(&tests)?;
    session(&tests)?;
    server(&tests)?;
    println!("\nAll checks passed in {}.", spoken(started.elapsed()));
    Ok(())
}

pub(crate) fn format() -> Result<()> {
    run_program(cargo().args(["fmt", "--all"]))
}

pub(crate) fn formatted() -> Result<()> {
    let checked = run_program(cargo().args(["fmt", "--all", "--check"]));
    if checked.is_err() {
        bail!("the code is not formatted; `cargo xtask fmt` does it");
    }
    Ok(())
}

pub(crate) fn clippy_native() -> Result<()> {
    clippy(&["--workspace", "--all-targets"])
}

pub(crate) fn clippy_wasm() -> Result<()> {
    clippy(&[
        "--package",
        "cruxboard",
        "--package",
        "cruxboard-domain",
        "--target",
        "wasm32-unknown-unknown",
    ])
}

/// What is compiled for its benchmark only, and takes minutes.
pub(crate) fn clippy_merging() -> Result<()> {
    clippy(&[&["--release"], MERGING.as_slice()].concat())
}

fn clippy(which: &[&str]) -> Result<()> {
    let mut command = cargo();
    command.arg("clippy").args(which);
    if in_ci() {
        // Not through RUSTFLAGS, which would compile every dependency once more.
        command.args(["--", "--deny", "warnings"]);
    }
    run_program(&mut command)
}

/// Rules, by table and by property, in a profile that makes ten thousand cases quick.
pub(crate) fn domain(tests: &Tests) -> Result<()> {
    tests.run(&["--package", "cruxboard-domain", "--profile", "checked"])
}

/// The web app's code that needs no browser.
pub(crate) fn session(tests: &Tests) -> Result<()> {
    tests.run(&["--package", "cruxboard", "--lib"])
}

/// The server over real sockets, on both kinds of database, and the tools' own tests.
pub(crate) fn server(tests: &Tests) -> Result<()> {
    database::ready()?;
    tests.run(&["--package", "cruxboard-server", "--package", "xtask"])
}

/// The documentation builds without a warning: no link in it leads nowhere.
pub(crate) fn docs() -> Result<()> {
    run_program(
        cargo()
            .args([
                "doc",
                "--workspace",
                "--no-deps",
                "--document-private-items",
            ])
            .env("RUSTDOCFLAGS", "--deny warnings"),
    )
}

/// The domain depends on nothing that draws, reaches out, waits or guesses.
pub(crate) fn purity() -> Result<()> {
    let tree = output_of(cargo().args([
        "tree",
        "--package",
        "cruxboard-domain",
        "--edges",
        "normal",
        "--target",
        "all",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]))?;
    let impure: Vec<_> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .filter(|name| IMPURE.contains(name))
        .collect();
    if !impure.is_empty() {
        bail!(
            "cruxboard-domain must stay pure, but depends on {}",
            impure.join(", ")
        );
    }
    Ok(())
}

/// Licences and sources of what we depend on.
pub(crate) fn supply_chain() -> Result<()> {
    let tools = Tools::for_supply_chain(&mut Steps::new(1))?;
    let mut deny = cargo();
    deny.env("PATH", tools.path()?);
    // Advisories need a database from elsewhere; a build must not fail because that is out of reach.
    run_program(deny.args(["deny", "--offline", "check", "licenses", "bans", "sources"]))
}

/// The image for running the server builds, where there is something to build images with. It takes the
/// app from dist/.
pub(crate) fn container() -> Result<()> {
    let engine = ["podman", "docker"].into_iter().find(|engine| {
        // A client without its daemon is found, too.
        let probe = Command::new(engine).arg("info").output();
        probe.is_ok_and(|output| output.status.success())
    });
    let Some(engine) = engine else {
        println!(
            "Neither podman nor docker is at work here, so deploy/Containerfile is not built."
        );
        return Ok(());
    };
    run_program(Command::new(engine).args([
        "build",
        "--file",
        "deploy/Containerfile",
        "--tag",
        "cruxboard",
        ".",
    ]))
}
