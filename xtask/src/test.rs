//! All stages that a change has to pass, fastest first.

use std::{
    fs,
    io::ErrorKind,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use clap::{Args, builder::PossibleValuesParser};
use xshell::{Shell, cmd};

use crate::{
    app, browser,
    check::{self, Tests},
    fuzz, layers, markdown, modules, openapi, peers,
    step::{in_ci, spoken},
    test_list, texts,
};

/// A stage, which can be run alone by its name.
struct Stage {
    name: &'static str,
    what: &'static str,
    run: fn(&Tests) -> Result<()>,
}

const fn stage(name: &'static str, what: &'static str, run: fn(&Tests) -> Result<()>) -> Stage {
    Stage { name, what, run }
}

const STAGES: [Stage; 15] = [
    stage("format", "the code is formatted", |_| check::formatted()),
    stage(
        "clippy",
        "clippy, for this machine and for the browser",
        |tests| {
            check::clippy_native()?;
            check::clippy_wasm()?;
            if tests.long {
                check::clippy_merging()?;
            }
            Ok(())
        },
    ),
    stage("domain", "the domain's rules and properties", check::domain),
    stage(
        "fuzz",
        "random input to the parsers, for a minute each",
        fuzz::run,
    ),
    stage(
        "session",
        "the web app's code that needs no browser",
        check::session,
    ),
    stage("server", "the server and the tools", check::server),
    stage("peers", "boards synced through other servers", peers::run),
    stage(
        "openapi",
        "the server answers as its description says",
        openapi::run,
    ),
    stage(
        "markdown",
        "texts as Markdown in three renderers",
        markdown::run,
    ),
    stage(
        "docs",
        "the documentation builds, the list of tests is true, and every text is translated",
        |_| {
            test_list::check()?;
            texts::check()?;
            check::docs()
        },
    ),
    stage(
        "purity",
        "no package depends on one that is forbidden to it, and no modules on each other",
        |_| {
            layers::check()?;
            modules::check()
        },
    ),
    stage("supply", "licences and sources of dependencies", |_| {
        check::supply_chain()
    }),
    stage("size", "the release app keeps to its budget", |_| {
        app::run()
    }),
    stage("container", "the image for running the server", |_| {
        check::container()
    }),
    stage("browser", "the release app in a real browser", browser::run),
];

/// Folders that only one stage compiles into. CI has no use for them once the stage has passed, and little room.
const ONE_STAGE: [(&str, &str); 2] = [("domain", "target/checked"), ("fuzz", fuzz::BUILT)];

/// The arguments of `cargo xtask test`.
#[derive(Args)]
pub(crate) struct Test {
    /// Try many more cases and repetitions
    #[arg(long)]
    long: bool,
    /// The stage to run; all by default
    #[arg(value_parser = PossibleValuesParser::new(STAGES.map(|stage| stage.name)))]
    stage: Option<String>,
    /// Run only tests whose name contains one of these
    filter: Vec<String>,
}

impl Test {
    pub(crate) fn run(self) -> Result<()> {
        let tests = Tests {
            filter: self.filter,
            long: self.long,
        };
        match STAGES
            .iter()
            .find(|stage| Some(stage.name) == self.stage.as_deref())
        {
            Some(stage) => (stage.run)(&tests),
            None => all(&tests),
        }
    }
}

fn all(tests: &Tests) -> Result<()> {
    let started = Instant::now();
    let mut times: Vec<(&str, Duration)> = Vec::new();
    for (at, stage) in STAGES.iter().enumerate() {
        println!("\n== [{}/{}] {}", at + 1, STAGES.len(), stage.what);
        let begun = Instant::now();
        let outcome = (stage.run)(tests);
        times.push((stage.name, begun.elapsed()));
        if let Err(error) = outcome {
            print_times(&times);
            print_free_space();
            bail!(
                "stage {name}: {error:#} (alone again: cargo xtask test {name})",
                name = stage.name
            );
        }
        if in_ci() {
            remove_folders_of(stage.name)?;
        }
    }
    print_times(&times);
    println!("\nEverything passed in {}.", spoken(started.elapsed()));
    Ok(())
}

fn remove_folders_of(stage: &str) -> Result<()> {
    for (_, folder) in ONE_STAGE.iter().filter(|(name, _)| *name == stage) {
        match fs::remove_dir_all(folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(error).context(format!("removing {folder}"));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Prints how much space the disk has, since a full one makes compilers fail in many ways.
fn print_free_space() {
    let report = Shell::new().and_then(|shell| cmd!(shell, "df -h .").quiet().read());
    if let Ok(report) = report {
        println!("\n{report}");
    }
}

fn print_times(times: &[(&str, Duration)]) {
    println!("\nTime by stage");
    for (name, duration) in times {
        println!("  {name:<10} {}", spoken(*duration));
    }
}
