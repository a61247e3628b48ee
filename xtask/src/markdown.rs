//! Tests the Markdown texts of the domain with the renderers cmark-gfm, mistune and markdown-it.

use std::fs;

use anyhow::{Context as _, Result};
use xshell::{Shell, cmd};

use crate::{browser, check::Tests, python, step::Steps, tools::Cache};

const FOLDER: &str = "tests/markdown";
const REQUIREMENTS: &str = "tests/markdown/requirements.txt";

pub(crate) fn run(_: &Tests) -> Result<()> {
    browser::from_npm()?;
    let place = Cache::open()?.filled(
        &Steps::new(1).next("renderers of Markdown"),
        "markdown",
        &fs::read(REQUIREMENTS)?,
        |folder, step, log| python::install(REQUIREMENTS, &["--no-deps"], folder, step, log),
    )?;
    let shell = Shell::new()?;
    let cases = cmd!(
        shell,
        "cargo run --quiet --package cruxboard-domain --example markdown_cases"
    );
    let cases = cases.quiet().read()?;
    let python = place.join("bin/python");
    let check = cmd!(shell, "{python} {FOLDER}/check.py {FOLDER}");
    check
        .stdin(cases)
        .quiet()
        .run()
        .context("a text became more or less than itself in Markdown")
}
