//! Builds the web app into dist/, unless dist/ is up to date.

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
/// The stamp: hashes of the sources and of dist/ after the last build. It is outside dist/, which is served
/// as it is.
const STAMP: &str = "target/xtask/dist.stamp";
/// Files and folders that the app is not built from. A list of exceptions, so that a new kind of source is
/// included by default.
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

/// Number of steps of [`build`].
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

/// Returns whether dist/ is up to date.
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
    // The stamp is removed until the build is done, so that an interrupted build does not pass for a complete
    // one.
    if Path::new(STAMP).exists() {
        fs::remove_file(STAMP)?;
    }
    // Offline, since Trunk would otherwise download its own choice of tools.
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

/// Cargo adds the flags of this variable to those of `.cargo/config.toml`.
const RUSTFLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";

/// Returns flags that remove the builder's folders from the source paths in panic messages. Two machines then
/// build the same bytes.
fn without_paths() -> Result<String> {
    let home = env::var_os("CARGO_HOME").map_or_else(
        || env::home_dir().unwrap_or_default().join(".cargo"),
        PathBuf::from,
    );
    let here = env::current_dir()?;
    let mut prefixes = vec![(home.clone(), "cargo"), (here, ".")];
    // A registry's folder is its name and a hash of its address. The last matching prefix applies.
    for registry in fs::read_dir(home.join("registry/src"))
        .into_iter()
        .flatten()
    {
        prefixes.push((registry?.path(), "crates"));
    }
    let flag =
        |(from, to): &(PathBuf, &str)| format!("--remap-path-prefix={}={to}", from.display());
    Ok(prefixes.iter().map(flag).collect::<Vec<_>>().join(" "))
}

/// Sets the environment that Trunk needs.
pub(crate) fn with_tools<'a>(command: Cmd<'a>, tools: &Tools) -> Result<Cmd<'a>> {
    Ok(command
        .env("PATH", tools.path()?)
        // Trunk reads this variable as an option of its own, and refuses most of its usual values.
        .env_remove("NO_COLOR")
        // A failed build is explained by the compiler's message, not by Trunk's backtrace.
        .env("RUST_BACKTRACE", "0")
        // Trunk's minifier does not know some of the code that wasm-bindgen writes. It then leaves the file
        // as it is and warns each time.
        .env(
            "RUST_LOG",
            "error,trunk=info,trunk::processing::minify=error",
        ))
}

/// Returns the present stamp: a hash of the sources, a hash of dist/, and the versions of the tools, one per
/// line.
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
