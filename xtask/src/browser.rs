//! The release app in a real browser, and what that takes.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, bail};

use crate::{
    app,
    check::Tests,
    step::{self, Steps},
};

const AXE: &str = "node_modules/axe-core/axe.min.js";
/// Debian's two packages, which are always of one version.
const PACKAGES: [&str; 2] = ["chromium", "chromium-driver"];

pub(crate) fn run(tests: &Tests) -> Result<()> {
    test("browser", tests)
}

/// Builds what is missing and runs one of the test programs in tests/.
pub(crate) fn test(program: &str, tests: &Tests) -> Result<()> {
    let browser = Browser::ready()?;
    accessibility_rules()?;
    if !app::is_ready()? {
        app::build(&mut Steps::new(app::STEPS))?;
    }
    let which = ["--package", "cruxboard-tests", "--test", program];
    step::run(
        tests
            .command(&which)
            .env("CRUXBOARD_DIST", fs::canonicalize(app::DIST)?)
            .env("CRUXBOARD_AXE", fs::canonicalize(AXE)?)
            .env("CRUXBOARD_CHROMIUM", browser.chromium)
            .env("CRUXBOARD_CHROMEDRIVER", browser.driver),
    )
}

struct Browser {
    chromium: PathBuf,
    driver: PathBuf,
}

impl Browser {
    /// Finds Chromium and its driver, or installs them where apt can.
    fn ready() -> Result<Self> {
        if let Some(found) = Self::find() {
            return Ok(found);
        }
        println!(
            "Chromium or its driver is missing; installing {}",
            PACKAGES.join(" and ")
        );
        if let Err(error) = install() {
            bail!(
                "the browser tests need Chromium and its driver, and they could not be installed ({error:#}). \
                 On Debian: `sudo apt-get install {}`; elsewhere put `chromium` and `chromedriver` of one version \
                 on the PATH, or name them in CRUXBOARD_CHROMIUM and CRUXBOARD_CHROMEDRIVER",
                PACKAGES.join(" ")
            );
        }
        Self::find().context("chromium and chromedriver are installed but not on the PATH")
    }

    fn find() -> Option<Self> {
        Some(Self {
            chromium: program(
                "CRUXBOARD_CHROMIUM",
                &["chromium", "chromium-browser", "google-chrome"],
            )?,
            driver: program("CRUXBOARD_CHROMEDRIVER", &["chromedriver"])?,
        })
    }
}

/// The program a variable names, or the first on the PATH with one of the names.
fn program(variable: &str, names: &[&str]) -> Option<PathBuf> {
    if let Some(named) = env::var_os(variable) {
        return Some(PathBuf::from(named));
    }
    on_path(names)
}

fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    names
        .iter()
        .flat_map(|name| env::split_paths(&path).map(move |folder| folder.join(name)))
        .find(|program| program.is_file())
}

fn install() -> Result<()> {
    let mut install = as_root()?;
    install.args(["apt-get", "install", "--yes", "--no-install-recommends"]);
    install.args(PACKAGES);
    if step::run(&mut install).is_err() {
        // Mostly because the lists of packages are missing or old.
        step::run(as_root()?.args(["apt-get", "update"]))?;
        step::run(&mut install)?;
    }
    Ok(())
}

/// `env …` as root: directly, or through sudo where that asks for no password.
pub(crate) fn as_root() -> Result<Command> {
    if on_path(&["apt-get"]).is_none() {
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

/// axe-core in the version of package-lock.json.
fn accessibility_rules() -> Result<()> {
    let lock = fs::read_to_string("package-lock.json").context("reading package-lock.json")?;
    // A copy of the lock file that the last installation followed.
    let installed = fs::read_to_string("target/xtask/package-lock.json").unwrap_or_default();
    if lock == installed && Path::new(AXE).is_file() {
        return Ok(());
    }
    println!("Installing the accessibility rules (axe-core) from npm");
    step::run(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]))?;
    fs::create_dir_all("target/xtask")?;
    fs::write("target/xtask/package-lock.json", lock)?;
    Ok(())
}
