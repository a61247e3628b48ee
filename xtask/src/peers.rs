//! Other servers to sync boards with, for tests and comparisons. Each has a fixed version, none is started
//! here, and none is installed outside the cache of these tools.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};
use xshell::{Shell, cmd};

use crate::{
    apt,
    check::Tests,
    database, python, serve,
    step::{Step, Steps},
    tools::Cache,
};

const PYTHON: &str = "tests/peers/requirements.txt";
const NODE: [&str; 2] = ["tests/peers/package.json", "tests/peers/package-lock.json"];
/// Apache with its modules, nginx, Caddy, and the libraries that not every Debian has. They have the
/// distribution's versions, which only receive security fixes.
const DEBIAN: [&str; 5] = ["apache2-bin", "caddy", "libapr1", "libaprutil1", "nginx"];

pub(crate) fn run(tests: &Tests) -> Result<()> {
    database::ready()?;
    let peers = Peers::ready()?;
    // Our server too, for comparison; the server's tests have already built it in this profile.
    let shell = Shell::new()?;
    cmd!(shell, "cargo build --quiet --package cruxboard-server")
        .quiet()
        .run()?;
    let command = tests.command(&shell, &["--package", "cruxboard-peers"]);
    let program = fs::canonicalize("target/debug/cruxboard")?;
    let command = command.env("CRUXBOARD_PROGRAM", program);
    Ok(command.envs(peers.variables()).run()?)
}

/// Measures the other servers beside ours.
pub(crate) fn bench() -> Result<()> {
    let peers = Peers::ready()?;
    let server = serve::build_server()?;
    let shell = Shell::new()?;
    let bench = cmd!(
        shell,
        "cargo run --quiet --package cruxboard-peers --example bench_peers --profile server"
    );
    let bench = bench
        .quiet()
        .env("CRUXBOARD_PROGRAM", fs::canonicalize(server)?);
    Ok(bench.envs(peers.variables()).run()?)
}

/// The folders of the servers.
pub(crate) struct Peers {
    python: PathBuf,
    node: PathBuf,
    debian: PathBuf,
}

impl Peers {
    /// Finds the servers, or fetches those that are missing.
    pub(crate) fn ready() -> Result<Self> {
        let cache = Cache::open()?;
        let mut steps = Steps::new(3);
        let listed = read(PYTHON)?;
        let python = cache.filled(&steps.next("Kinto"), "kinto", &listed, kinto)?;
        let listed = NODE.map(read).into_iter().collect::<Result<Vec<_>>>()?;
        let step = steps.next("armadietto and PouchDB");
        let node = cache.filled(&step, "armadietto", &listed.concat(), from_npm)?;
        let step = steps.next("Apache, nginx and Caddy");
        let installed = ["/usr/sbin/apache2", "/usr/sbin/nginx", "/usr/bin/caddy"];
        let debian = if installed.iter().all(|program| Path::new(program).is_file()) {
            step.say("installed");
            PathBuf::from("/")
        } else {
            cache.filled(&step, "debian", DEBIAN.join(" ").as_bytes(), from_debian)?
        };
        Ok(Self {
            python,
            node,
            debian,
        })
    }

    /// Returns the environment variables that tell the tests where the servers are.
    fn variables(&self) -> [(&'static str, PathBuf); 3] {
        [
            ("CRUXBOARD_KINTO", self.python.join("bin/kinto")),
            ("CRUXBOARD_NODE_MODULES", self.node.join("node_modules")),
            ("CRUXBOARD_DEBIAN", self.debian.clone()),
        ]
    }
}

fn read(file: &str) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("reading {file}"))
}

fn kinto(folder: &Path, step: &Step, log: &Path) -> Result<()> {
    python::install(PYTHON, &["--require-hashes"], folder, step, log)
}

fn from_npm(folder: &Path, step: &Step, log: &Path) -> Result<()> {
    for file in NODE {
        let name = Path::new(file).file_name().context("a file has a name")?;
        fs::copy(file, folder.join(name))?;
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
    npm.current_dir(folder);
    step.run_logged(&mut npm, log, "downloading with npm")
        .context("this takes Node 20 or later")
}

/// Unpacks packages without installing them: installing would start the servers on the contributor's machine.
fn from_debian(folder: &Path, step: &Step, log: &Path) -> Result<()> {
    let mut download = Command::new("apt-get");
    download.arg("download").args(DEBIAN).current_dir(folder);
    let doing = "downloading with apt-get";
    if step.run_logged(&mut download, log, doing).is_err() {
        // Usually the package lists are missing or outdated.
        apt::update()?;
        step.run_logged(&mut download, log, doing)
            .with_context(|| {
                format!(
                    "elsewhere than on Debian, install Apache, nginx and Caddy as /usr/sbin/apache2, \
                 /usr/sbin/nginx and /usr/bin/caddy; this takes {}",
                    DEBIAN.join(", ")
                )
            })?;
    }
    let shell = Shell::new()?;
    for file in fs::read_dir(folder)? {
        let file = file?.path();
        if file.extension().is_some_and(|end| end == "deb") {
            cmd!(shell, "dpkg-deb -x {file} {folder}").quiet().run()?;
            fs::remove_file(file)?;
        }
    }
    Ok(())
}
