//! The server against its own description, by Schemathesis in a place of its own.

use std::{
    fs,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Result, bail};

use crate::{
    check::Tests,
    step::{self, Step, Steps, end_of, spoken},
    tools::Cache,
};

const REQUIREMENTS: &str = "crates/server/tests/openapi.requirements.txt";

pub(crate) fn run(tests: &Tests) -> Result<()> {
    let program = schemathesis(&Steps::new(1).next("Schemathesis"))?;
    let mut command = tests.command(&["--package", "cruxboard-server", "--test", "endpoint"]);
    // The only ones here that are left out otherwise.
    command.args(["--ignored", "every_answer"]);
    step::run(command.env("CRUXBOARD_SCHEMATHESIS", program))
}

/// Where it is, once it has been fetched for each content of the requirements.
fn schemathesis(step: &Step) -> Result<PathBuf> {
    let cache = Cache::open()?;
    let requirements = fs::read(REQUIREMENTS)?;
    let mut hasher = DefaultHasher::new();
    requirements.hash(&mut hasher);
    let name = format!("schemathesis-{:016x}", hasher.finish());
    let folder = cache.folder.join(name);
    let program = folder.join("bin/schemathesis");
    let is_whole = folder.join("is-whole");
    if is_whole.is_file() {
        step.say("installed");
        return Ok(program);
    }
    let _lock = cache.lock(step)?;
    // Whoever held the lock may have done it.
    if !is_whole.is_file() {
        let log = cache.folder.join("schemathesis.log");
        let mut venv = Command::new("python3");
        venv.args(["-m", "venv", "--clear"]).arg(&folder);
        quietly(step, &mut venv, &log, "making a place for it")?;
        let mut pip = Command::new(folder.join("bin/pip"));
        pip.args(["install", "--no-deps", "--requirement", REQUIREMENTS]);
        quietly(step, &mut pip, &log, "downloading with pip")?;
        fs::write(&is_whole, "")?;
        step.say(&format!("installed in {}", spoken(step.elapsed())));
    }
    Ok(program)
}

fn quietly(step: &Step, command: &mut Command, log: &Path, doing: &str) -> Result<()> {
    if !step.run_quietly(command, log, doing, None)? {
        bail!(
            "{doing} failed. It takes Python 3.11 or later with venv; on Debian: \
             `sudo apt-get install python3-venv`.\nThe end of {}:\n{}",
            log.display(),
            end_of(log)
        );
    }
    Ok(())
}
