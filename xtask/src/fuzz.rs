//! Fuzzing: runs each target in fuzz/ for a minute.

use std::{
    env,
    fs::{self, File},
    num::NonZero,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use xshell::{Shell, cmd};

use crate::{
    check::Tests,
    step::{Steps, end_of, on_path, spoken},
    tools::Tools,
};

/// Each target, and the folder with its initial inputs.
const TARGETS: [(&str, &str); 5] = [
    ("link", "crates/domain/tests/golden"),
    ("file", "crates/domain/tests/golden"),
    ("document", "crates/domain/tests/golden"),
    ("table", "fuzz/seeds/table"),
    ("page", "crates/domain/tests/pages"),
];

const NIGHTLY: &str = "nightly";
pub(crate) const BUILT: &str = "target/fuzz";
/// Inputs that earlier runs found to reach new code, and inputs that failed.
const CORPUS: &str = "target/fuzz-corpus";
const FOUND: &str = "target/fuzz-found";

const SHORT: Duration = Duration::from_secs(60);
const LONG: Duration = Duration::from_secs(15 * 60);

pub(crate) fn run(tests: &Tests) -> Result<()> {
    let wanted: Vec<_> = TARGETS
        .into_iter()
        .filter(|(name, _)| {
            tests.filter.is_empty() || tests.filter.iter().any(|part| name.contains(part))
        })
        .collect();
    if let Some(lack) = lacking() {
        println!("NOT RUN: fuzzing needs {lack}. Nothing else depends on it.");
        return Ok(());
    }
    let mut steps = Steps::new(2);
    let tools = Tools::for_fuzzing(&mut steps)?;
    let step = steps.next("the targets in fuzz/");
    fs::create_dir_all(FOUND)?;
    let log = Path::new(FOUND).join("build.log");
    let mut build = Command::new("cargo-fuzz");
    // Without the address sanitizer: there is no unsafe code, and it halves the number of runs.
    build.args(["build", "--sanitizer", "none", "--target-dir", BUILT]);
    build
        .env("PATH", tools.path()?)
        .env("RUSTUP_TOOLCHAIN", NIGHTLY)
        // These variables would select the cargo that runs this task, which is not a nightly one.
        .env_remove("CARGO")
        .env_remove("RUSTC");
    step.run_logged(&mut build, &log, "compiling")?;
    step.say(&format!("compiled in {}", spoken(step.elapsed())));
    let length = if tests.long { LONG } else { SHORT };
    let folder = Path::new(BUILT).join(host()?).join("release");
    try_all(&wanted, &folder, length)
}

/// Runs the targets, one more at a time than there are cores. With five targets on two cores, this takes two
/// turns instead of three, and no core is idle in the last one.
fn try_all(wanted: &[(&str, &str)], folder: &Path, length: Duration) -> Result<()> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let at_once = wanted.len().min(cores + 1);
    println!(
        "{} each for {}, {} at a time",
        wanted
            .iter()
            .map(|(name, _)| *name)
            .collect::<Vec<_>>()
            .join(", "),
        spoken(length),
        at_once
    );
    let queue = Mutex::new(wanted.iter());
    let next = || queue.lock().map_or(None, |mut queue| queue.next().copied());
    let outcomes: Vec<Result<()>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..at_once)
            .map(|_| {
                scope.spawn(|| {
                    let mut done = Ok(());
                    while let Some((name, seeds)) = next() {
                        done = done.and(try_one(name, seeds, folder, length));
                    }
                    done
                })
            })
            .collect();
        let ended = workers.into_iter().map(|worker| worker.join());
        ended
            .map(|ended| ended.unwrap_or_else(|_| bail!("a target could not be watched")))
            .collect()
    });
    outcomes.into_iter().collect()
}

fn try_one(name: &str, seeds: &str, folder: &Path, length: Duration) -> Result<()> {
    let corpus = Path::new(CORPUS).join(name);
    fs::create_dir_all(&corpus)?;
    let log = Path::new(FOUND).join(format!("{name}.log"));
    let output = File::create(&log)?;
    let mut command = Command::new(folder.join(name));
    command
        .arg(&corpus)
        .arg(seeds)
        .arg(format!("-max_total_time={}", length.as_secs()))
        // An input that takes too long counts as a failure, since the page would freeze.
        .args(["-timeout=10", "-rss_limit_mb=2048", "-max_len=65536"])
        .args(["-print_final_stats=1", "-verbosity=0"])
        .arg(format!("-artifact_prefix={FOUND}/{name}-"))
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output);
    let begun = Instant::now();
    let status = command
        .status()
        .with_context(|| format!("starting the target {name}"))?;
    if !status.success() {
        bail!(
            "{name} broke after {}; what broke it lies in {FOUND}/{name}-*, and is tried again by \
             `{} {FOUND}/{name}-…`. The end of {}:\n{}",
            spoken(begun.elapsed()),
            folder.join(name).display(),
            log.display(),
            end_of(&log)
        );
    }
    println!(
        "{name}: {} tries in {}",
        tries(&log),
        spoken(begun.elapsed())
    );
    Ok(())
}

/// Returns the number of runs of a target, from the end of its log.
fn tries(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    line.map_or("an unknown number of".to_owned(), |count| {
        count.trim().to_owned()
    })
}

/// Returns the first missing requirement that cannot be installed automatically.
fn lacking() -> Option<&'static str> {
    let nightly = Command::new("rustc")
        .arg("--version")
        .env("RUSTUP_TOOLCHAIN", NIGHTLY)
        // No automatic installation: the owner of the machine decides about another compiler.
        .env("RUSTUP_AUTO_INSTALL", "0")
        .stdin(Stdio::null())
        .output();
    let is_nightly = nightly.is_ok_and(|output| {
        output.status.success() && String::from_utf8_lossy(&output.stdout).contains("nightly")
    });
    if !is_nightly {
        return Some("a nightly compiler (`rustup toolchain install nightly --profile minimal`)");
    }
    let compiler: Option<PathBuf> = env::var_os("CXX").map(PathBuf::from);
    if compiler
        .or_else(|| on_path(&["c++", "g++", "clang++"]))
        .is_none()
    {
        return Some("a C++ compiler, for libFuzzer");
    }
    None
}

fn host() -> Result<String> {
    let shell = Shell::new()?;
    let version = cmd!(shell, "rustc -vV").env("RUSTUP_TOOLCHAIN", NIGHTLY);
    let version = version.quiet().read()?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
        .context("rustc does not say for which machine it compiles")
}
