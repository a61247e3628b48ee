//! Builds the web app into dist/, unless the one there is still right.

use std::{
    env, fs,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use xshell::{Cmd, Shell, cmd};

use crate::{
    size::Transfers,
    step::{Steps, in_ci, spoken},
    tools::{self, Tools},
};

pub(crate) const DIST: &str = "dist";
/// What the app in dist/ was built from. Outside dist/, which is served as it is.
const STAMP: &str = "target/xtask/dist.stamp";
/// What the app is not made of. A list of exceptions, so that a new kind of source cannot be forgotten.
const OTHERS: [&str; 10] = [
    ".ci",
    ".git",
    "crates/server",
    "dist",
    "docs",
    "fuzz",
    "node_modules",
    "target",
    "tests",
    "xtask/clippy.toml",
];

/// How many steps [`build`] takes.
pub(crate) const STEPS: usize = tools::STEPS + 1;

pub(crate) fn run() -> Result<()> {
    if is_ready()? {
        println!("The app in {DIST}/ is up to date.");
    } else {
        build(&mut Steps::new(STEPS))?;
    }
    let transfers = Transfers::of(Path::new(DIST))?;
    transfers.print();
    transfers.hold_against_budget()
}

/// Whether dist/ holds what a build would put there.
pub(crate) fn is_ready() -> Result<bool> {
    Ok(fs::read_to_string(STAMP).is_ok_and(|stamp| stamp == stamp_now().unwrap_or_default()))
}

pub(crate) fn build(steps: &mut Steps) -> Result<()> {
    let tools = Tools::ready(steps)?;
    let step = steps.next("release app");
    step.say("fetching crates");
    let (shell, locked) = (Shell::new()?, in_ci().then_some("--locked"));
    cmd!(shell, "cargo fetch --quiet {locked...}")
        .quiet()
        .run()?;

    step.say("compiling, binding and shrinking it");
    // Without a stamp until it is done, so that a build cut short is not taken for a whole one.
    if Path::new(STAMP).exists() {
        fs::remove_file(STAMP)?;
    }
    // Offline because Trunk would otherwise download tools of its own choosing.
    let locked: &[&str] = if in_ci() { &["--locked", "true"] } else { &[] };
    let trunk = cmd!(
        shell,
        "trunk build --release --offline true --dist {DIST} {locked...}"
    );
    let trunk = trunk.env(RUSTFLAGS, without_paths()?);
    with_tools(trunk, &tools)?.quiet().run()?;
    fs::create_dir_all(Path::new(STAMP).parent().unwrap_or(Path::new(".")))?;
    fs::write(STAMP, stamp_now()?)?;
    step.say(&format!("built in {}", spoken(step.elapsed())));
    Ok(())
}

/// Added by Cargo to what `.cargo/config.toml` says.
const RUSTFLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";

/// What panics say names files. It need not tell the world where the builder keeps theirs, and two
/// machines should build the same bytes.
fn without_paths() -> Result<String> {
    let home = env::var_os("CARGO_HOME").map_or_else(
        || env::home_dir().unwrap_or_default().join(".cargo"),
        PathBuf::from,
    );
    let here = env::current_dir()?;
    Ok(format!(
        "--remap-path-prefix={}=cargo --remap-path-prefix={}=.",
        home.display(),
        here.display()
    ))
}

/// Sets what Trunk needs to find around it.
pub(crate) fn with_tools<'a>(command: Cmd<'a>, tools: &Tools) -> Result<Cmd<'a>> {
    Ok(command
        .env("PATH", tools.path()?)
        // Trunk reads this variable as an option of its own and refuses most values it may have.
        .env_remove("NO_COLOR")
        // The compiler's message is what matters when a build fails, not where in Trunk it was passed on.
        .env("RUST_BACKTRACE", "0")
        // Its minifier does not know some of what wasm-bindgen writes, leaves the file as it is and warns each time.
        .env(
            "RUST_LOG",
            "error,trunk=info,trunk::processing::minify=error",
        ))
}

/// One line for what the app is made of and one for what lies in dist/, so that neither can change unnoticed.
fn stamp_now() -> Result<String> {
    if !Path::new(DIST).join("index.html").is_file() {
        bail!("{DIST}/ holds no page");
    }
    let sources = fingerprint(Path::new("."), &|path| {
        let other = OTHERS.iter().any(|other| path == Path::new(other));
        !other && path.extension().is_none_or(|end| end != "md")
    })?;
    let built = fingerprint(Path::new(DIST), &|_| true)?;
    Ok(format!(
        "{sources:016x}\n{built:016x}\n{}",
        tools::versions()?
    ))
}

fn fingerprint(folder: &Path, counts: &dyn Fn(&Path) -> bool) -> Result<u64> {
    let mut files = Vec::new();
    collect(folder, counts, &mut files)?;
    files.sort();
    let mut hasher = DefaultHasher::new();
    for path in files {
        path.hash(&mut hasher);
        fs::read(&path)
            .with_context(|| format!("reading {}", path.display()))?
            .hash(&mut hasher);
    }
    Ok(hasher.finish())
}

fn collect(folder: &Path, counts: &dyn Fn(&Path) -> bool, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        let path = path.strip_prefix(".").unwrap_or(&path).to_owned();
        if !counts(&path) {
            continue;
        }
        if path.is_dir() {
            collect(&path, counts, files)?;
        } else if path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}
