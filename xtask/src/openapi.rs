//! Tests the server against its OpenAPI description, by Schemathesis.

use std::fs;

use anyhow::Result;
use xshell::Shell;

use crate::{check::Tests, python, step::Steps, tools::Cache};

const REQUIREMENTS: &str = "crates/server/tests/openapi.requirements.txt";

pub(crate) fn run(tests: &Tests) -> Result<()> {
    let place = Cache::open()?.filled(
        &Steps::new(1).next("Schemathesis"),
        "schemathesis",
        &fs::read(REQUIREMENTS)?,
        |folder, step, log| python::install(REQUIREMENTS, &["--no-deps"], folder, step, log),
    )?;
    let shell = Shell::new()?;
    let which = ["--package", "cruxboard-server", "--test", "endpoint"];
    let command = tests.command(&shell, &which);
    // The tests of this name are the only ones here that are ignored by default.
    let command = command.args(["--ignored", "every_answer"]);
    let schemathesis = place.join("bin/schemathesis");
    Ok(command.env("CRUXBOARD_SCHEMATHESIS", schemathesis).run()?)
}
