//! The compiled tools: finds them, or installs them once.

mod cache;
mod tool;

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use xshell::{Shell, cmd};

use self::tool::Tool;
use crate::step::{Step, Steps};

pub(crate) use self::cache::Cache;

const TRUNK: &str = "0.21.14";
const CARGO_FUZZ: &str = "0.13.2";
const CARGO_DENY: &str = "0.20.2";
/// The version of wasm-opt and wasm-merge. From npm, since Debian's version is years older.
const BINARYEN: &str = "132";
/// The minifier of scripts. Trunk's minifier does not know some of the code that wasm-bindgen writes.
const ESBUILD: &str = "0.28.2";
/// The program that splits the app at the marks of `wasm_split_helpers`.
const SPLITTER: &str = "0.2.4";
const TARGET: &str = "wasm32-unknown-unknown";
/// Number of steps of [`Tools::ready`].
pub(crate) const STEPS: usize = 6;

/// The folders to put in front of the PATH.
pub(crate) struct Tools {
    folders: Vec<PathBuf>,
}

impl Tools {
    /// Finds or installs each tool.
    pub(crate) fn ready(steps: &mut Steps) -> Result<Self> {
        let cache = Cache::open()?;
        let mut folders = Vec::new();
        target(&steps.next(format!("target {TARGET}")))?;
        for tool in [
            Tool::trunk(),
            Tool::wasm_bindgen(locked_version("wasm-bindgen")?),
            Tool::splitter(),
            Tool::wasm_opt(),
            Tool::esbuild(),
        ] {
            let step = steps.next(format!("{} {}", tool.program, tool.version));
            folders.extend(cache.find_or_install(&tool, &step)?);
        }
        cache.remove_build_folder()?;
        Ok(Self { folders })
    }

    /// Finds or installs the tool for fuzzing.
    pub(crate) fn for_fuzzing(steps: &mut Steps) -> Result<Self> {
        Self::one(Tool::cargo_fuzz(), steps)
    }

    /// Finds or installs the tool that checks licences and sources.
    pub(crate) fn for_supply_chain(steps: &mut Steps) -> Result<Self> {
        Self::one(Tool::cargo_deny(), steps)
    }

    fn one(tool: Tool, steps: &mut Steps) -> Result<Self> {
        let step = steps.next(format!("{} {}", tool.program, tool.version));
        let cache = Cache::open()?;
        let folder = cache.find_or_install(&tool, &step)?;
        cache.remove_build_folder()?;
        Ok(Self {
            folders: folder.into_iter().collect(),
        })
    }

    /// Returns a PATH on which the tools come first.
    pub(crate) fn path(&self) -> Result<OsString> {
        let inherited = env::var_os("PATH").unwrap_or_default();
        let folders = self.folders.iter().cloned();
        Ok(env::join_paths(
            folders.chain(env::split_paths(&inherited)),
        )?)
    }
}

/// Returns the versions of the tools that affect a build, to tell whether an earlier build is up to date.
pub(crate) fn versions() -> Result<String> {
    let wasm_bindgen = locked_version("wasm-bindgen")?;
    Ok(format!(
        "trunk {TRUNK}, wasm-bindgen {wasm_bindgen}, wasm-split {SPLITTER}, wasm-opt {BINARYEN}, esbuild {ESBUILD}"
    ))
}

/// Installs the standard library for the browser. rustup usually does so because of rust-toolchain.toml, but
/// not if automatic installation is disabled.
fn target(step: &Step) -> Result<()> {
    let shell = Shell::new()?;
    let sysroot = cmd!(shell, "rustc --print sysroot").quiet().read()?;
    let library = Path::new(&sysroot).join("lib/rustlib").join(TARGET);
    if library.is_dir() {
        step.say("installed");
        return Ok(());
    }
    step.say("adding it with rustup");
    cmd!(shell, "rustup target add {TARGET}")
        .quiet()
        .run()
        .with_context(|| format!("the compiler needs the target {TARGET}"))
}

/// Returns the version of a crate in Cargo.lock.
fn locked_version(name: &str) -> Result<String> {
    let lock = fs::read_to_string("Cargo.lock").context("reading Cargo.lock")?;
    let mut lines = lock.lines();
    lines
        .by_ref()
        .find(|line| *line == format!("name = \"{name}\""))
        .and_then(|_| lines.next())
        .and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
        .map(str::to_owned)
        .with_context(|| format!("Cargo.lock does not name {name}"))
}
