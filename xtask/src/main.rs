//! The tasks of a contributor: `cargo xtask run`, `test`, `check`, `build`, `dev`, `bench`, `fmt`.
//!
//! Where to start: [`Command`] lists the tasks; each is the `run` of the module with that name. [`step`]
//! shows progress. [`tools`] finds or installs Trunk, wasm-bindgen and wasm-opt. [`app`] builds the web app
//! unless it is up to date. [`page`] has the hooks that Trunk calls. [`lazy_chunks`] splits the app.
//! [`layers`] checks the dependencies of packages, and [`modules`] those of modules.
//!
//! This package has no dependency that takes long to compile, since it is built before anything else.
#![allow(
    clippy::print_stdout,
    reason = "this program talks to the person at the keyboard"
)]

mod app;
mod apt;
mod bench;
mod browser;
mod check;
mod database;
mod fuzz;
mod layers;
mod lazy_chunks;
mod markdown;
mod modules;
mod openapi;
mod page;
mod peers;
mod python;
mod serve;
mod size;
mod step;
mod test;
mod test_list;
mod texts;
mod tools;
mod wasm;

use std::{env, path::Path, process::ExitCode};

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    bin_name = "cargo xtask",
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "Tools are taken from the PATH when they have the right version. Otherwise they are installed \
        once into\n${CRUXBOARD_TOOLS:-~/.cache/cruxboard/tools}, and reused."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the release app and serve it; installs what is missing
    Run(serve::Run),
    /// Run all tests, or one stage of them
    Test(test::Test),
    /// Run the quick tests: format, clippy for this machine and for wasm32, layers, modules, tests without a browser
    Check,
    /// Build the release app into dist/, print what a first visit transfers, fail above the budget
    Build,
    /// Run `trunk serve` with the right tools: rebuilds and reloads on every change
    Dev(serve::Dev),
    /// Measure size and speed, of all parts or of one
    Bench(bench::Bench),
    /// Draw the pictures in docs/images, from the release app
    Pictures,
    /// Print the texts that a language in lang/ lacks, as JSON for its file
    Texts,
    /// Format the code
    Fmt,
    /// Run a hook of Trunk
    #[command(hide = true)]
    Hook { hook: page::Hook },
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    // All paths below are relative to the repository.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    env::set_current_dir(root)?;

    match command {
        Command::Run(run) => run.run(),
        Command::Test(test) => test.run(),
        Command::Check => check::run(),
        Command::Build => app::run(),
        Command::Dev(dev) => dev.run(),
        Command::Bench(bench) => bench.run(),
        Command::Pictures => browser::test("pictures", &check::Tests::default()),
        Command::Texts => texts::print(),
        Command::Fmt => check::format(),
        Command::Hook { hook } => page::run(hook),
    }
}
