//! The folder in which tools are installed, one per user and shared by all clones.

use std::env;
use std::fs::{self, File, TryLockError};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::tool::{Source, Tool};
use crate::step::{Step, cargo, spoken};

/// The user's folder of tools.
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

    /// Returns the folder of the tool, after installing it if it is missing. `None` if the PATH has the tool
    /// already.
    pub(super) fn find_or_install(&self, tool: &Tool, step: &Step) -> Result<Option<PathBuf>> {
        if tool.is(Path::new(tool.program)) {
            step.say("found on the PATH");
            return Ok(None);
        }
        let name = match &tool.source {
            Source::Crate { .. } => tool.program,
            Source::Npm { name, .. } => name,
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
        // The process that held the lock may have installed the same tool.
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

    /// Locks the folder until the returned file is dropped. The system releases the lock when this process
    /// dies.
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

    fn build_folder(&self) -> PathBuf {
        self.folder.join("target")
    }

    /// Removes what compiling the tools left, some 1.5 GB, unless another process is compiling one.
    pub(crate) fn remove_build_folder(&self) -> Result<()> {
        let build_folder = self.build_folder();
        if !build_folder.is_dir() {
            return Ok(());
        }
        let lock = File::create(self.folder.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(fs::remove_dir_all(&build_folder)?),
            Err(TryLockError::WouldBlock) => Ok(()),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// Returns a folder that `fill` fills once for each `content`. `fill` is given the folder, the step to
    /// show progress, and a log file.
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
        // The process that held the lock may have filled the folder.
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
            Source::Npm { package, .. } => {
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
                // Without optimization, compiling takes a third of the time, and the tools are still fast
                // enough.
                command.args(["--debug", "--no-default-features", "--force", "--root"]);
                command.arg(root).args(["--features", features]);
                if *locked {
                    command.arg("--locked");
                }
                // One target folder for all tools, so that shared dependencies are compiled once.
                command.env("CARGO_TARGET_DIR", self.build_folder());
                // Without debug information and checks, which saves a fifth of the time.
                for (setting, value) in [
                    ("CARGO_INCREMENTAL", "0"),
                    ("CARGO_PROFILE_DEV_DEBUG", "0"),
                    ("CARGO_PROFILE_DEV_DEBUG_ASSERTIONS", "false"),
                    ("CARGO_PROFILE_DEV_OVERFLOW_CHECKS", "false"),
                    ("CARGO_PROFILE_DEV_PANIC", "abort"),
                ] {
                    command.env(setting, value);
                }
                // Outside the workspace, so that its settings do not apply.
                command.current_dir(&self.folder);
                (command, "compiling")
            }
        };
        step.run_logged(&mut command, &log, doing)
            .with_context(|| format!("installing {} {}", tool.program, tool.version))?;
        Ok(())
    }

    /// Tries `cargo binstall`. Returns `false` if it is not installed or the download fails.
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
