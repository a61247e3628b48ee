//! The release app in a real browser, and the tools for that.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use xshell::{Shell, cmd};

use crate::{
    app, apt,
    check::Tests,
    step::{self, Steps},
};

const AXE: &str = "node_modules/axe-core/axe.min.js";
const VALIDATOR: &str = "node_modules/html-validate/bin/html-validate.mjs";
const MARKDOWN_IT: &str = "node_modules/markdown-it/package.json";
/// Debian's packages of the browser and its driver, which always have the same version.
const PACKAGES: [&str; 2] = ["chromium", "chromium-driver"];

pub(crate) fn run(tests: &Tests) -> Result<()> {
    test("browser", tests)
}

/// Builds what is missing and runs one of the test programs in tests/.
pub(crate) fn test(program: &str, tests: &Tests) -> Result<()> {
    let browser = Browser::ready()?;
    from_npm()?;
    if !app::is_ready()? {
        app::build(&mut Steps::new(app::STEPS))?;
    }
    let which = ["--package", "cruxboard-tests", "--test", program];
    let shell = Shell::new()?;
    let command = tests
        .command(&shell, &which)
        .env("CRUXBOARD_DIST", fs::canonicalize(app::DIST)?)
        .env("CRUXBOARD_AXE", fs::canonicalize(AXE)?)
        .env("CRUXBOARD_HTML_VALIDATE", fs::canonicalize(VALIDATOR)?)
        .env("CRUXBOARD_CHROMIUM", browser.chromium)
        .env("CRUXBOARD_CHROMEDRIVER", browser.driver);
    Ok(command.run()?)
}

struct Browser {
    chromium: PathBuf,
    driver: PathBuf,
}

impl Browser {
    /// Finds Chromium and its driver, or installs them by apt.
    fn ready() -> Result<Self> {
        if let Some(found) = Self::find() {
            return Ok(found);
        }
        println!(
            "Chromium or its driver is missing; installing {}",
            PACKAGES.join(" and ")
        );
        if let Err(error) = apt::install(&PACKAGES) {
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

/// Returns the program named by a variable, or the first of `names` on the PATH.
fn program(variable: &str, names: &[&str]) -> Option<PathBuf> {
    if let Some(named) = env::var_os(variable) {
        return Some(PathBuf::from(named));
    }
    step::on_path(names)
}

/// Installs axe-core, html-validate and markdown-it in the versions of package-lock.json.
pub(crate) fn from_npm() -> Result<()> {
    let lock = fs::read_to_string("package-lock.json").context("reading package-lock.json")?;
    // A copy of the lock file of the last installation.
    let installed = fs::read_to_string("target/xtask/package-lock.json").unwrap_or_default();
    if lock == installed
        && [AXE, VALIDATOR, MARKDOWN_IT]
            .iter()
            .all(|file| Path::new(file).is_file())
    {
        return Ok(());
    }
    println!("Installing axe-core, html-validate and markdown-it from npm");
    let shell = Shell::new()?;
    cmd!(shell, "npm ci --no-audit --no-fund").quiet().run()?;
    fs::create_dir_all("target/xtask")?;
    fs::write("target/xtask/package-lock.json", lock)?;
    Ok(())
}
