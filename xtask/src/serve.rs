//! Serves the app: the release build through our own server, or a development build through Trunk.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};

use crate::{
    app,
    size::Transfers,
    step::{self, Steps, cargo, spoken},
    tools::{self, Tools},
};

/// For a first run: it compiles a minute and a half sooner than the optimised one, and takes thousands
/// of requests a second all the same.
const LOCAL: Build = Build {
    profile: "dev",
    folder: "target/debug",
};
/// What deploy/Containerfile has.
const DEPLOYED: Build = Build {
    profile: "server",
    folder: "target/server",
};

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let Address { host, port } = Address::parse(arguments)?;
    if app::is_ready()? {
        println!("The app in {}/ is up to date.", app::DIST);
        LOCAL.compile(&mut Steps::new(1))?;
    } else {
        let mut steps = Steps::new(app::STEPS + 1);
        // Beside the app, whose building keeps one core busy for minutes.
        let step = steps.next("server");
        let server = step.start_beside(&LOCAL.command(), &server_log()?, "compiling")?;
        app::build(&mut steps)?;
        server.finish()?;
    }
    println!("{}", Transfers::of(Path::new(app::DIST))?.summary());

    let mut server = Command::new(LOCAL.program());
    server.args([
        "serve",
        "--dir",
        app::DIST,
        "--host",
        &host,
        "--port",
        &port,
    ]);
    become_program(&mut server)
}

/// Trunk's own server, with every option it takes.
pub(crate) fn dev(arguments: &[String]) -> Result<()> {
    let tools = Tools::ready(&mut Steps::new(tools::STEPS))?;
    step::run(cargo().args(["fetch", "--quiet"]))?;
    let mut trunk = Command::new("trunk");
    // Not into dist/, where it would overwrite the release app.
    trunk.args(["serve", "--offline", "true", "--dist", "target/dev"]);
    trunk.args(arguments);
    become_program(app::with_tools(&mut trunk, &tools)?)
}

/// The server as it is deployed, for measuring: where its program is.
pub(crate) fn build_server() -> Result<PathBuf> {
    DEPLOYED.compile(&mut Steps::new(1))?;
    Ok(DEPLOYED.program())
}

/// One of the ways to compile the server.
struct Build {
    profile: &'static str,
    /// What Cargo puts into it.
    folder: &'static str,
}

impl Build {
    /// Compiles it, and says how far it is while that takes time.
    fn compile(&self, steps: &mut Steps) -> Result<()> {
        let step = steps.next("server");
        step.run_logged(&mut self.command(), &server_log()?, "compiling")?;
        step.say(&format!("built in {}", spoken(step.elapsed())));
        Ok(())
    }

    fn command(&self) -> Command {
        let mut build = cargo();
        build.args(["build", "--package", "cruxboard-server"]);
        // Where `program` says, whatever the person's own settings are.
        build.args(["--profile", self.profile, "--target-dir", "target"]);
        build
    }

    fn program(&self) -> PathBuf {
        Path::new(self.folder).join("cruxboard")
    }
}

fn server_log() -> Result<PathBuf> {
    fs::create_dir_all("target/xtask")?;
    Ok(PathBuf::from("target/xtask/server.log"))
}

struct Address {
    host: String,
    port: String,
}

impl Address {
    fn parse(arguments: &[String]) -> Result<Self> {
        let mut address = Self {
            host: "127.0.0.1".to_owned(),
            port: "4173".to_owned(),
        };
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (word.as_str(), words.next().cloned()),
            };
            let value = value.with_context(|| format!("{name} needs a value"))?;
            match name {
                "--host" => address.host = value,
                "--port" => {
                    value
                        .parse::<u16>()
                        .with_context(|| format!("{value} is not a port"))?;
                    address.port = value;
                }
                _ => bail!("run takes --host and --port, not {name}"),
            }
        }
        Ok(address)
    }
}

/// Lets the program take this one's place, so that Ctrl+C and a supervisor's signals reach it directly.
fn become_program(command: &mut Command) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        Err(command.exec()).context("starting the server")
    }
    #[cfg(not(unix))]
    step::run(command)
}
