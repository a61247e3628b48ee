//! The compiled tools: found where they are, installed once where they are not.

use std::{
    env,
    ffi::OsString,
    fs::{self, File, TryLockError},
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use xshell::{Shell, cmd};

use crate::step::{Step, Steps, cargo, spoken};

const TRUNK: &str = "0.21.14";
const CARGO_FUZZ: &str = "0.13.2";
const CARGO_DENY: &str = "0.20.2";
/// From npm, since Debian's own is years older. A line of its own in the cache, like the others.
const BINARYEN: &str = "132";
/// Takes the app apart as `wasm_split_helpers` marks it.
const SPLITTER: &str = "0.2.4";
const TARGET: &str = "wasm32-unknown-unknown";

/// How many steps [`Tools::ready`] takes.
pub(crate) const STEPS: usize = 5;

/// The folders to put in front of the PATH.
pub(crate) struct Tools {
    folders: Vec<PathBuf>,
}

impl Tools {
    /// Finds each tool or installs it.
    pub(crate) fn ready(steps: &mut Steps) -> Result<Self> {
        let cache = Cache::open()?;
        let mut folders = Vec::new();
        target(&steps.next(format!("target {TARGET}")))?;
        for tool in [
            Tool::trunk(),
            Tool::wasm_bindgen(locked_version("wasm-bindgen")?),
            Tool::splitter(),
            Tool::wasm_opt(),
        ] {
            let step = steps.next(format!("{} {}", tool.program, tool.version));
            folders.extend(cache.find_or_install(&tool, &step)?);
        }
        Ok(Self { folders })
    }

    /// Finds what fuzzing takes besides, or installs it.
    pub(crate) fn for_fuzzing(steps: &mut Steps) -> Result<Self> {
        Self::one(Tool::cargo_fuzz(), steps)
    }

    /// Finds what looks at licences and sources, or installs it.
    pub(crate) fn for_supply_chain(steps: &mut Steps) -> Result<Self> {
        Self::one(Tool::cargo_deny(), steps)
    }

    fn one(tool: Tool, steps: &mut Steps) -> Result<Self> {
        let step = steps.next(format!("{} {}", tool.program, tool.version));
        let folder = Cache::open()?.find_or_install(&tool, &step)?;
        Ok(Self {
            folders: folder.into_iter().collect(),
        })
    }

    /// The PATH on which the tools come first.
    pub(crate) fn path(&self) -> Result<OsString> {
        let inherited = env::var_os("PATH").unwrap_or_default();
        let folders = self.folders.iter().cloned();
        Ok(env::join_paths(
            folders.chain(env::split_paths(&inherited)),
        )?)
    }
}

/// The versions that a build depends on, for telling whether an earlier one still stands.
pub(crate) fn versions() -> Result<String> {
    let wasm_bindgen = locked_version("wasm-bindgen")?;
    Ok(format!(
        "trunk {TRUNK}, wasm-bindgen {wasm_bindgen}, wasm-split {SPLITTER}, wasm-opt {BINARYEN}"
    ))
}

struct Tool {
    program: &'static str,
    version: String,
    source: Source,
}

enum Source {
    Crate {
        name: &'static str,
        /// Whether the versions its author tested with can be had: wasm-bindgen-cli's lock file
        /// names one that was withdrawn.
        locked: bool,
        /// What of it is not there unless asked for.
        features: &'static str,
        /// Whether it knows `--version`. If not, what cargo noted down when it installed it counts.
        tells_version: bool,
    },
    Npm {
        package: String,
    },
}

impl Tool {
    fn trunk() -> Self {
        Self {
            program: "trunk",
            version: TRUNK.to_owned(),
            source: Source::Crate {
                name: "trunk",
                locked: true,
                features: "",
                tells_version: true,
            },
        }
    }

    fn cargo_fuzz() -> Self {
        Self {
            program: "cargo-fuzz",
            version: CARGO_FUZZ.to_owned(),
            source: Source::Crate {
                name: "cargo-fuzz",
                locked: true,
                features: "",
                tells_version: true,
            },
        }
    }

    fn cargo_deny() -> Self {
        Self {
            program: "cargo-deny",
            version: CARGO_DENY.to_owned(),
            source: Source::Crate {
                name: "cargo-deny",
                locked: true,
                features: "",
                tells_version: true,
            },
        }
    }

    fn wasm_bindgen(version: String) -> Self {
        Self {
            program: "wasm-bindgen",
            version,
            source: Source::Crate {
                name: "wasm-bindgen-cli",
                locked: false,
                features: "",
                tells_version: true,
            },
        }
    }

    fn splitter() -> Self {
        Self {
            program: "wasm-split-cli",
            version: SPLITTER.to_owned(),
            source: Source::Crate {
                name: "wasm_split_cli_support",
                locked: true,
                features: "build-binary",
                tells_version: false,
            },
        }
    }

    fn wasm_opt() -> Self {
        Self {
            program: "wasm-opt",
            version: BINARYEN.to_owned(),
            source: Source::Npm {
                package: format!("binaryen@{BINARYEN}.0.0"),
            },
        }
    }

    /// Whether `program` runs and is the right version.
    fn is(&self, program: &Path) -> bool {
        if let Source::Crate {
            name,
            tells_version: false,
            ..
        } = self.source
        {
            let root = program.parent().and_then(Path::parent);
            let noted = root.map(|root| fs::read_to_string(root.join(".crates.toml")));
            let line = format!("\"{name} {} ", self.version);
            return program.is_file()
                && noted.is_some_and(|noted| noted.is_ok_and(|noted| noted.contains(&line)));
        }
        let output = Command::new(program)
            .arg("--version")
            .stdin(Stdio::null())
            .output();
        output.is_ok_and(|output| {
            output.status.success()
                && String::from_utf8_lossy(&output.stdout)
                    .split_whitespace()
                    .any(|word| word == self.version)
        })
    }
}

/// One folder per user, shared by all clones.
pub(crate) struct Cache {
    folder: PathBuf,
}

impl Cache {
    pub(crate) fn open() -> Result<Self> {
        let folder = if let Some(chosen) = env::var_os("CRUXBOARD_TOOLS") {
            PathBuf::from(chosen)
        } else if let Some(cache) = env::var_os("XDG_CACHE_HOME") {
            Path::new(&cache).join("cruxboard/tools")
        } else {
            let home = env::home_dir().context("there is no home folder; set CRUXBOARD_TOOLS")?;
            home.join(".cache/cruxboard/tools")
        };
        fs::create_dir_all(&folder)
            .with_context(|| format!("creating {}; set CRUXBOARD_TOOLS", folder.display()))?;
        Ok(Self {
            folder: fs::canonicalize(folder)?,
        })
    }

    /// The folder that holds the tool, or nothing when the PATH has it already.
    fn find_or_install(&self, tool: &Tool, step: &Step) -> Result<Option<PathBuf>> {
        if tool.is(Path::new(tool.program)) {
            step.say("found on the PATH");
            return Ok(None);
        }
        let name = match &tool.source {
            Source::Crate { .. } => tool.program,
            Source::Npm { .. } => "binaryen",
        };
        let root = self.folder.join(format!("{name}-{}", tool.version));
        let folder = match &tool.source {
            Source::Crate { .. } => root.join("bin"),
            Source::Npm { .. } => root.join("node_modules/.bin"),
        };
        if tool.is(&folder.join(tool.program)) {
            step.say("installed");
            return Ok(Some(folder));
        }

        let _lock = self.lock(step)?;
        // Whoever held the lock may have installed this very tool.
        if !tool.is(&folder.join(tool.program)) {
            self.install(tool, &root, step)?;
            if !tool.is(&folder.join(tool.program)) {
                bail!(
                    "{} was installed into {} but does not run as version {}",
                    tool.program,
                    folder.display(),
                    tool.version
                );
            }
        }
        step.say(&format!("installed in {}", spoken(step.elapsed())));
        Ok(Some(folder))
    }

    /// Held until dropped, and by the system let go when this program dies.
    pub(crate) fn lock(&self, step: &Step) -> Result<File> {
        let file = File::create(self.folder.join("lock"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                step.say("waiting for another installation to finish");
                file.lock()?;
            }
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        Ok(file)
    }

    /// A folder that `fill` fills once for each content of what it is filled from. Besides the folder
    /// it is given the step, for saying how far it is, and a file for what is printed.
    pub(crate) fn filled(
        &self,
        step: &Step,
        name: &str,
        content: &[u8],
        fill: fn(&Path, &Step, &Path) -> Result<()>,
    ) -> Result<PathBuf> {
        let mut hasher = DefaultHasher::new();
        content.hash(&mut hasher);
        let folder = self.folder.join(format!("{name}-{:016x}", hasher.finish()));
        let is_whole = folder.join("is-whole");
        if is_whole.is_file() {
            step.say("installed");
            return Ok(folder);
        }
        let _lock = self.lock(step)?;
        // Whoever held the lock may have done it.
        if !is_whole.is_file() {
            if folder.is_dir() {
                fs::remove_dir_all(&folder)?;
            }
            fs::create_dir_all(&folder)?;
            fill(&folder, step, &self.folder.join(format!("{name}.log")))?;
            fs::write(&is_whole, "")?;
            step.say(&format!("installed in {}", spoken(step.elapsed())));
        }
        Ok(folder)
    }

    fn install(&self, tool: &Tool, root: &Path, step: &Step) -> Result<()> {
        let log = self.folder.join(format!("{}.log", tool.program));
        let (mut command, doing) = match &tool.source {
            Source::Npm { package } => {
                let mut command = Command::new("npm");
                command.args(["install", "--no-audit", "--no-fund", "--prefix"]);
                command.arg(root).arg(package);
                (command, "downloading from npm")
            }
            Source::Crate {
                name,
                locked,
                features,
                ..
            } => {
                if self.install_prebuilt(name, tool, root, step)? {
                    return Ok(());
                }
                let mut command = cargo();
                command.args(["install", name, "--version", &tool.version]);
                // Compiling takes a third of the time without optimisation, and the tools stay quick enough.
                command.args(["--debug", "--no-default-features", "--force", "--root"]);
                command.arg(root).args(["--features", features]);
                if *locked {
                    command.arg("--locked");
                }
                // One target folder for all, so that what they share is compiled once.
                command.env("CARGO_TARGET_DIR", self.folder.join("target"));
                // Nor is anything compiled into them for finding faults of theirs: that is a fifth of the time.
                for (setting, value) in [
                    ("CARGO_INCREMENTAL", "0"),
                    ("CARGO_PROFILE_DEV_DEBUG", "0"),
                    ("CARGO_PROFILE_DEV_DEBUG_ASSERTIONS", "false"),
                    ("CARGO_PROFILE_DEV_OVERFLOW_CHECKS", "false"),
                    ("CARGO_PROFILE_DEV_PANIC", "abort"),
                ] {
                    command.env(setting, value);
                }
                // The tools are not part of the workspace, and its settings are none of theirs.
                command.current_dir(&self.folder);
                (command, "compiling")
            }
        };
        step.run_logged(&mut command, &log, doing)
            .with_context(|| format!("installing {} {}", tool.program, tool.version))?;
        Ok(())
    }

    /// Tries `cargo binstall` where it is installed. Not having it, or the network not allowing it, is no failure.
    fn install_prebuilt(&self, name: &str, tool: &Tool, root: &Path, step: &Step) -> Result<bool> {
        let probe = cargo()
            .args(["binstall", "-V"])
            .stdin(Stdio::null())
            .output();
        if !probe.is_ok_and(|output| output.status.success()) {
            return Ok(false);
        }
        let log = self.folder.join("binstall.log");
        let mut command = cargo();
        command.args([
            "binstall",
            "--no-confirm",
            "--disable-strategies",
            "compile",
        ]);
        command.args(["--maximum-resolution-timeout", "15", "--root"]);
        command.arg(root).arg(format!("{name}@{}", tool.version));
        let limit = Some(Duration::from_secs(60));
        let fetched = step.run_quietly(&mut command, &log, "looking for a prebuilt one", limit)?;
        if !fetched {
            step.say("no prebuilt one within reach");
        }
        Ok(fetched && tool.is(&root.join("bin").join(tool.program)))
    }
}

/// The standard library for the browser. rustup usually brings it along because of rust-toolchain.toml,
/// but not where installing by itself is switched off.
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

/// The version of a crate that Cargo.lock names.
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
