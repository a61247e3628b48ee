//! Programs written in Python, each in a virtual environment of its own.

use std::{path::Path, process::Command};

use anyhow::{Context as _, Result};
use xshell::{Shell, cmd};

use crate::{apt, step::Step};

/// The package of Python's `venv`, which Debian's Python does not include.
const PACKAGE: &str = "python3-venv";

/// Installs the packages of a requirements file into a folder, by pip. `options` set how strictly hashes and
/// versions are checked.
pub(crate) fn install(
    requirements: &str,
    options: &[&str],
    folder: &Path,
    step: &Step,
    log: &Path,
) -> Result<()> {
    ready()?;
    let mut venv = Command::new("python3");
    venv.args(["-m", "venv", "--clear"]).arg(folder);
    step.run_logged(&mut venv, log, "making a place for it")?;
    let mut pip = Command::new(folder.join("bin/pip"));
    pip.arg("install").args(options);
    pip.args(["--requirement", requirements]);
    step.run_logged(&mut pip, log, "downloading with pip")
}

/// Installs the missing package by apt.
fn ready() -> Result<()> {
    if is_there() {
        return Ok(());
    }
    println!("Python's venv is missing; installing {PACKAGE}");
    apt::install(&[PACKAGE]).with_context(|| {
        format!(
            "this takes Python 3.11 or later with venv, and it could not be installed. \
             On Debian: `sudo apt-get install {PACKAGE}`"
        )
    })
}

/// Returns whether Python has `venv` and `ensurepip`, which Debian leaves out.
fn is_there() -> bool {
    let probe = || {
        let shell = Shell::new()?;
        let import = "import ensurepip, venv";
        let probe = cmd!(shell, "python3 -c {import}").quiet();
        probe.ignore_stdout().ignore_stderr().run()
    };
    probe().is_ok()
}
