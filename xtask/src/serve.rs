//! Serves the app: the release build through our own server, or a development build through Trunk.

use std::{fs, path::Path, process::Command};

use anyhow::{Context as _, Result, bail};

use crate::{
    app,
    size::Transfers,
    step::{self, Steps, cargo, spoken},
    tools::{self, Tools},
};

pub(crate) const SERVER: &str = "target/server/cruxboard";

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let Address { host, port } = Address::parse(arguments)?;
    if app::is_ready()? {
        println!("The app in {}/ is up to date.", app::DIST);
        build_server(&mut Steps::new(1))?;
    } else {
        let mut steps = Steps::new(app::STEPS + 1);
        app::build(&mut steps)?;
        build_server(&mut steps)?;
    }
    println!("{}", Transfers::of(Path::new(app::DIST))?.summary());

    let mut server = Command::new(SERVER);
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

/// Compiles the server, and says how far it is while that takes time.
pub(crate) fn build_server(steps: &mut Steps) -> Result<()> {
    let step = steps.next("server");
    let log = Path::new("target/xtask/server.log");
    fs::create_dir_all("target/xtask")?;
    let mut build = cargo();
    build.args(["build", "--package", "cruxboard-server"]);
    // Where SERVER says, whatever the person's own settings are.
    build.args(["--profile", "server", "--target-dir", "target"]);
    step.run_logged(&mut build, log, "compiling")?;
    step.say(&format!("built in {}", spoken(step.elapsed())));
    Ok(())
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
