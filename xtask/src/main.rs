//! What a contributor types: `cargo xtask run`, `test`, `check`, `build`, `dev`, `bench`, `fmt`.
//!
//! Where to start: [`HELP`] lists them; each is the `run` of the module with that name. [`step`] is
//! how they tell what they do, [`tools`] how they come by Trunk, wasm-bindgen and wasm-opt, [`app`] how
//! the web app is built and when that can be skipped, [`page`] what Trunk calls back for,
//! [`lazy_chunks`] how the app is split.
//!
//! Never here: a dependency that takes long to compile. This is built before anything else can begin.
#![allow(
    clippy::print_stdout,
    reason = "talking to the person at the keyboard is what this program is for"
)]

mod app;
mod apt;
mod bench;
mod browser;
mod check;
mod database;
mod fuzz;
mod lazy_chunks;
mod markdown;
mod openapi;
mod page;
mod peers;
mod python;
mod serve;
mod size;
mod step;
mod test;
mod tools;

use std::{env, path::Path, process::ExitCode};

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask <command>

  run    [--port 4173] [--host 127.0.0.1]
                        build the release app and serve it; installs what is missing
  test   [--long] [<stage> [<filter>]]
                        run everything, or one stage and of it the tests whose name holds the filter
  check                 the quick loop: format, clippy for this machine and for wasm32, tests without a browser
  build                 leave the release app in dist/, print what a first visit transfers, fail above the budget
  dev    [trunk serve options]
                        `trunk serve` with the right tools: rebuilds and reloads on every change
  bench  [domain|server|peers|merging|browser]
                        measure size and speed; or only the rules, what the server can take, beside other
                        servers, merging beside other libraries, or the app in a browser
  fmt                   format the code

Tools are taken from the PATH when they have the right version; otherwise they are installed once into
${CRUXBOARD_TOOLS:-~/.cache/cruxboard/tools} and reused.";

fn main() -> ExitCode {
    match command(env::args().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn command(arguments: Vec<String>) -> Result<()> {
    // Every path below is relative to the repository, wherever the command was typed.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    env::set_current_dir(root)?;

    let Some((command, rest)) = arguments.split_first() else {
        println!("{HELP}");
        return Ok(());
    };
    match command.as_str() {
        "run" => serve::run(rest),
        "test" => test::run(rest),
        "check" => check::run(rest),
        "build" => app::run(rest),
        "dev" => serve::dev(rest),
        "bench" => bench::run(rest),
        "fmt" => check::format(),
        "hook" => page::hook(rest),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        unknown => bail!("there is no command {unknown}\n\n{HELP}"),
    }
}

/// Refuses words after a command that takes none.
fn no_more(arguments: &[String]) -> Result<()> {
    if let Some(word) = arguments.first() {
        bail!("did not expect {word}\n\n{HELP}");
    }
    Ok(())
}
