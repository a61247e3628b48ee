//! The server against its own description, by Schemathesis in a place of its own.

use std::fs;

use anyhow::Result;

use crate::{
    check::Tests,
    python,
    step::{self, Steps},
    tools::Cache,
};

const REQUIREMENTS: &str = "crates/server/tests/openapi.requirements.txt";

pub(crate) fn run(tests: &Tests) -> Result<()> {
    let place = Cache::open()?.filled(
        &Steps::new(1).next("Schemathesis"),
        "schemathesis",
        &fs::read(REQUIREMENTS)?,
        |folder, step, log| python::install(REQUIREMENTS, &["--no-deps"], folder, step, log),
    )?;
    let mut command = tests.command(&["--package", "cruxboard-server", "--test", "endpoint"]);
    // The only ones here that are left out otherwise.
    command.args(["--ignored", "every_answer"]);
    step::run(command.env("CRUXBOARD_SCHEMATHESIS", place.join("bin/schemathesis")))
}
