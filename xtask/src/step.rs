//! Runs programs and shows the progress.

use std::{
    env,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

/// Numbered steps, so that the person waiting knows how many are left.
pub(crate) struct Steps {
    total: usize,
    current: usize,
}

impl Steps {
    pub(crate) fn new(total: usize) -> Self {
        Self { total, current: 0 }
    }

    pub(crate) fn next(&mut self, what: impl Into<String>) -> Step {
        self.current += 1;
        Step {
            label: format!("[{}/{}] {}", self.current, self.total, what.into()),
            started: Instant::now(),
        }
    }
}

/// The step in progress.
pub(crate) struct Step {
    label: String,
    started: Instant,
}

impl Step {
    pub(crate) fn say(&self, what: &str) {
        println!("{}: {what}", self.label);
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Runs a program quietly. On failure, the error contains the end of its output.
    pub(crate) fn run_logged(&self, command: &mut Command, log: &Path, doing: &str) -> Result<()> {
        refuse_failure(self.run_quietly(command, log, doing, None)?, log, doing)
    }

    /// Runs a program with its output in `log`, and prints a line every ten seconds instead. The caller
    /// decides what a failure means.
    pub(crate) fn run_quietly(
        &self,
        command: &mut Command,
        log: &Path,
        doing: &str,
        limit: Option<Duration>,
    ) -> Result<bool> {
        self.say(doing);
        self.wait(&mut spawn_logged(command, log)?, log, doing, limit)
    }

    /// Starts a program in parallel with the following steps, at a lower priority. Its output is kept in
    /// `log`.
    pub(crate) fn start_beside(
        self,
        command: &Command,
        log: &Path,
        doing: &'static str,
    ) -> Result<Beside> {
        self.say(&format!("{doing} beside the other steps"));
        let child = spawn_logged(&mut yielding(command), log)?;
        Ok(Beside {
            step: self,
            child,
            log: log.to_owned(),
            doing,
        })
    }

    /// Waits for a program, and prints a line every ten seconds. Returns whether it succeeded.
    fn wait(
        &self,
        child: &mut Child,
        log: &Path,
        doing: &str,
        limit: Option<Duration>,
    ) -> Result<bool> {
        let (sender, stopped) = mpsc::channel::<()>();
        let (label, doing, log_path) = (self.label.clone(), doing.to_owned(), log.to_owned());
        let started = self.started;
        let ticker = thread::spawn(move || {
            while stopped.recv_timeout(Duration::from_secs(10))
                == Err(mpsc::RecvTimeoutError::Timeout)
            {
                println!(
                    "{label}: {doing}, {} so far{}",
                    spoken(started.elapsed()),
                    crates_so_far(&log_path)
                );
            }
        });
        let status = match limit {
            None => Some(child.wait()?),
            Some(limit) => wait_at_most(child, limit)?,
        };
        drop(sender);
        ticker.join().ok();
        Ok(status.is_some_and(|status| status.success()))
    }
}

/// A program that runs in parallel with other steps. Dropping it before its end kills it.
pub(crate) struct Beside {
    step: Step,
    child: Child,
    log: PathBuf,
    doing: &'static str,
}

impl Beside {
    /// Waits for the program. On failure, the error contains the end of its output.
    pub(crate) fn finish(mut self) -> Result<()> {
        let Self {
            step,
            child,
            log,
            doing,
        } = &mut self;
        let succeeded = step.wait(child, log, doing, None)?;
        refuse_failure(succeeded, log, doing)?;
        step.say(&format!("built in {}", spoken(step.elapsed())));
        Ok(())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // Both calls fail if the program has already ended.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn spawn_logged(command: &mut Command, log: &Path) -> Result<Child> {
    let output = File::create(log).with_context(|| format!("creating {}", log.display()))?;
    command
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output)
        .spawn()
        .with_context(|| format!("starting {}", name_of(command)))
}

/// Returns the same command at a lower priority, if `nice` is available.
fn yielding(command: &Command) -> Command {
    let Some(nice) = on_path(&["nice"]) else {
        let mut same = Command::new(command.get_program());
        same.args(command.get_args());
        return same;
    };
    let mut yielding = Command::new(nice);
    yielding.args(["-n", "19"]).arg(command.get_program());
    yielding.args(command.get_args());
    yielding
}

/// Returns an error with the end of a program's output, unless it succeeded.
fn refuse_failure(succeeded: bool, log: &Path, doing: &str) -> Result<()> {
    if !succeeded {
        bail!(
            "{doing} failed; the end of {}:\n{}",
            log.display(),
            end_of(log)
        );
    }
    Ok(())
}

/// Returns the first program on the PATH with one of these names.
pub(crate) fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    names
        .iter()
        .flat_map(|name| env::split_paths(&path).map(move |folder| folder.join(name)))
        .find(|program| program.is_file())
}

pub(crate) fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Returns whether this runs in CI, where warnings are errors.
pub(crate) fn in_ci() -> bool {
    env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false" && value != "0")
}

/// Formats a duration: "8 s" or "1 min 20 s".
pub(crate) fn spoken(duration: Duration) -> String {
    let secs = duration.as_secs();
    match (secs / 60, secs % 60) {
        (0, 0) => format!("{:.1} s", duration.as_secs_f32()),
        (0, secs) => format!("{secs} s"),
        (mins, secs) => format!("{mins} min {secs} s"),
    }
}

/// Returns the last lines of a log, to show why something failed.
pub(crate) fn end_of(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(25)..].join("\n")
}

fn crates_so_far(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let compiled = text
        .lines()
        .filter(|line| line.trim_start().starts_with("Compiling "));
    match compiled.count() {
        0 => String::new(),
        count => format!(", {count} crates"),
    }
}

fn wait_at_most(child: &mut Child, limit: Duration) -> Result<Option<ExitStatus>> {
    let started = Instant::now();
    while started.elapsed() < limit {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        thread::sleep(Duration::from_millis(100));
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}

fn name_of(command: &Command) -> String {
    let path = Path::new(command.get_program());
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}
