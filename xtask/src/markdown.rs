//! Texts that the domain writes as Markdown, rendered with cmark-gfm, mistune and markdown-it.

use std::{
    fs,
    io::Write as _,
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, bail};

use crate::{
    browser,
    check::Tests,
    python,
    step::{Steps, cargo, output_of},
    tools::Cache,
};

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
    let cases = output_of(cargo().args([
        "run",
        "--quiet",
        "--package",
        "cruxboard-domain",
        "--example",
        "markdown_cases",
    ]))?;
    let mut check = Command::new(place.join("bin/python"))
        .args([&format!("{FOLDER}/check.py"), FOLDER])
        .stdin(Stdio::piped())
        .spawn()
        .context("starting the renderers")?;
    if let Some(mut input) = check.stdin.take() {
        input.write_all(cases.as_bytes())?;
    }
    if !check.wait()?.success() {
        bail!("a text became more or less than itself in Markdown");
    }
    Ok(())
}
