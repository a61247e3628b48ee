//! Debian packages, installed by apt if it exists and the account may install.

use anyhow::{Result, bail};
use xshell::{Shell, cmd};

use crate::step;

/// Installs packages.
///
/// # Errors
/// If apt is missing, this account may not install, or the installation fails.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    let (shell, (program, before)) = (Shell::new()?, as_root()?);
    let install = || {
        let before = &before;
        cmd!(
            shell,
            "{program} {before...} apt-get install --yes --no-install-recommends {packages...}"
        )
        .quiet()
    };
    if install().run().is_err() {
        // Usually the package lists are missing or outdated.
        update()?;
        install().run()?;
    }
    Ok(())
}

/// Updates the package lists.
pub(crate) fn update() -> Result<()> {
    let (shell, (program, before)) = (Shell::new()?, as_root()?);
    Ok(cmd!(shell, "{program} {before...} apt-get update")
        .quiet()
        .run()?)
}

/// Returns the program and the arguments that run a command as root: `env`, or `sudo` if it asks for no
/// password.
fn as_root() -> Result<(&'static str, Vec<&'static str>)> {
    const ENV: &str = "DEBIAN_FRONTEND=noninteractive";
    if step::on_path(&["apt-get"]).is_none() {
        bail!("there is no apt-get here");
    }
    let shell = Shell::new()?;
    if cmd!(shell, "id -u").quiet().read()? == "0" {
        return Ok(("env", vec![ENV]));
    }
    let probe = cmd!(shell, "sudo --non-interactive true").quiet();
    if probe.ignore_stdout().ignore_stderr().run().is_err() {
        bail!("this account may not install packages");
    }
    Ok(("sudo", vec!["--non-interactive", "env", ENV]))
}
