//! Debian's packages, where apt is and may install.

use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::step;

/// Installs packages, or says why not.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    let mut install = as_root()?;
    install.args(["apt-get", "install", "--yes", "--no-install-recommends"]);
    install.args(packages);
    if step::run(&mut install).is_err() {
        // Mostly because the lists of packages are missing or old.
        update()?;
        step::run(&mut install)?;
    }
    Ok(())
}

/// Gets the lists of packages anew.
pub(crate) fn update() -> Result<()> {
    step::run(as_root()?.args(["apt-get", "update"]))
}

/// `env …` as root: directly, or through sudo where that asks for no password.
fn as_root() -> Result<Command> {
    if step::on_path(&["apt-get"]).is_none() {
        bail!("there is no apt-get here");
    }
    let user = step::output_of(Command::new("id").arg("-u"))?;
    let mut command = if user.trim() == "0" {
        Command::new("env")
    } else {
        let sudo = Command::new("sudo")
            .args(["--non-interactive", "true"])
            .stdin(Stdio::null())
            .output();
        if !sudo.is_ok_and(|output| output.status.success()) {
            bail!("this account may not install packages");
        }
        let mut command = Command::new("sudo");
        command.args(["--non-interactive", "env"]);
        command
    };
    command.arg("DEBIAN_FRONTEND=noninteractive");
    Ok(command)
}
