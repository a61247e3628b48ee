//! The quick checks, which need no browser.

use std::time::Instant;

use anyhow::{Context as _, Result};
use xshell::{Cmd, Shell, cmd};

use crate::{
    database, layers, modules,
    step::{Steps, in_ci, spoken},
    test_list, texts,
    tools::Tools,
};

/// The workspace of the libraries used only in comparisons, compiled into a folder of its own.
pub(crate) const MERGING: [&str; 4] = [
    "--manifest-path",
    "tests/merging/Cargo.toml",
    "--target-dir",
    "target/merging",
];

/// The selection of a package's tests.
#[derive(Default)]
pub(crate) struct Tests {
    /// Parts of names: only tests whose name contains one of them run; all if empty.
    pub(crate) filter: Vec<String>,
    /// Whether to run many more cases and repetitions, for hours instead of minutes.
    pub(crate) long: bool,
}

impl Tests {
    /// Runs the tests of a package; `which` are arguments of `cargo test`.
    pub(crate) fn run(&self, which: &[&str]) -> Result<()> {
        Ok(self.command(&Shell::new()?, which).run()?)
    }

    pub(crate) fn command<'a>(&self, shell: &'a Shell, which: &[&str]) -> Cmd<'a> {
        let filter = &self.filter;
        let mut command = cmd!(shell, "cargo test {which...} -- {filter...}").quiet();
        if self.long {
            command = command.env("CRUXBOARD_LONG", "1");
        }
        command
    }
}

pub(crate) fn run() -> Result<()> {
    let started = Instant::now();
    formatted()?;
    clippy_native()?;
    clippy_wasm()?;
    layers::check()?;
    modules::check()?;
    test_list::check()?;
    texts::check()?;
    let tests = Tests::default();
    domain(&tests)?;
    session(&tests)?;
    server(&tests)?;
    println!("\nAll checks passed in {}.", spoken(started.elapsed()));
    Ok(())
}

pub(crate) fn format() -> Result<()> {
    cargo(&["fmt", "--all"])
}

pub(crate) fn formatted() -> Result<()> {
    let checked = cargo(&["fmt", "--all", "--check"]);
    checked.context("the code is not formatted; `cargo xtask fmt` does it")
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
        "--package",
        "cruxboard-platform",
        "--package",
        "cruxboard-session",
        "--target",
        "wasm32-unknown-unknown",
    ])
}

/// Checks the code of the comparisons with other libraries, which takes minutes to compile.
pub(crate) fn clippy_merging() -> Result<()> {
    clippy(&[&["--release"], MERGING.as_slice()].concat())
}

fn clippy(which: &[&str]) -> Result<()> {
    // Not through RUSTFLAGS, which would compile every dependency again.
    let deny: &[&str] = if in_ci() {
        &["--", "--deny", "warnings"]
    } else {
        &[]
    };
    cargo(&[&["clippy"], which, deny].concat())
}

/// Runs cargo with these arguments.
fn cargo(arguments: &[&str]) -> Result<()> {
    let shell = Shell::new()?;
    Ok(cmd!(shell, "cargo {arguments...}").quiet().run()?)
}

/// Runs the tests of the domain, in a profile that is fast enough for ten thousand cases.
pub(crate) fn domain(tests: &Tests) -> Result<()> {
    tests.run(&["--package", "cruxboard-domain", "--profile", "checked"])
}

/// Runs the tests of the app's code that need no browser.
pub(crate) fn session(tests: &Tests) -> Result<()> {
    tests.run(&[
        "--package",
        "cruxboard",
        "--package",
        "cruxboard-platform",
        "--package",
        "cruxboard-session",
        "--lib",
    ])
}

/// Runs the tests of the server, over real sockets and on both kinds of database, and those of these tools.
pub(crate) fn server(tests: &Tests) -> Result<()> {
    database::ready()?;
    tests.run(&["--package", "cruxboard-server", "--package", "xtask"])
}

/// Builds the documentation. Fails on warnings, such as a broken link.
pub(crate) fn docs() -> Result<()> {
    let shell = Shell::new()?;
    let doc = cmd!(
        shell,
        "cargo doc --workspace --no-deps --document-private-items"
    );
    Ok(doc.env("RUSTDOCFLAGS", "--deny warnings").quiet().run()?)
}

/// Checks the licences and sources of dependencies.
pub(crate) fn supply_chain() -> Result<()> {
    let tools = Tools::for_supply_chain(&mut Steps::new(1))?;
    let shell = Shell::new()?;
    // Advisories need a database from the network, and a build must not fail without network.
    let deny = cmd!(shell, "cargo deny --offline check licenses bans sources");
    Ok(deny.env("PATH", tools.path()?).quiet().run()?)
}

/// Builds the container image of the server, if a container engine is available. It contains the app from
/// dist/.
pub(crate) fn container() -> Result<()> {
    let shell = Shell::new()?;
    let engine = ["podman", "docker"].into_iter().find(|engine| {
        // The client may be installed without a running daemon.
        let probe = cmd!(shell, "{engine} info").quiet().ignore_stdout();
        probe.ignore_stderr().run().is_ok()
    });
    let Some(engine) = engine else {
        println!("Neither podman nor docker runs here, so deploy/Containerfile is not built.");
        return Ok(());
    };
    let build = cmd!(
        shell,
        "{engine} build --file deploy/Containerfile --tag cruxboard ."
    );
    Ok(build.quiet().run()?)
}
