//! Serves the app: the release build through our own server, or a development build through Trunk.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};
use clap::Args;
use xshell::{Shell, cmd};

use crate::{
    app,
    size::Transfers,
    step::{Steps, cargo, spoken},
    tools::{self, Tools},
};

/// The server for local use. It compiles a minute and a half faster than the optimized one, and still serves
/// thousands of requests a second.
const LOCAL: Build = Build {
    profile: "dev",
    folder: "target/debug",
};
/// The server as built by deploy/Containerfile.
const DEPLOYED: Build = Build {
    profile: "server",
    folder: "target/server",
};

/// The arguments of `cargo xtask run`.
#[derive(Args)]
pub(crate) struct Run {
    #[arg(long, default_value_t = 4173)]
    port: u16,
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
}

impl Run {
    pub(crate) fn run(self) -> Result<()> {
        let Self { host, port } = self;
        if app::is_ready()? {
            println!("The app in {}/ is up to date.", app::DIST);
            LOCAL.compile(&mut Steps::new(1))?;
        } else {
            let mut steps = Steps::new(app::STEPS + 1);
            // In parallel with the app, whose build keeps one core busy for minutes.
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
            &port.to_string(),
        ]);
        become_program(&mut server)
    }
}

/// The arguments of `cargo xtask dev`: those of `trunk serve`.
#[derive(Args)]
pub(crate) struct Dev {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    options: Vec<OsString>,
}

impl Dev {
    pub(crate) fn run(self) -> Result<()> {
        let tools = Tools::ready(&mut Steps::new(tools::STEPS))?;
        let (shell, options) = (Shell::new()?, self.options);
        cmd!(shell, "cargo fetch --quiet").quiet().run()?;
        // A folder of its own, since dist/ has the release app.
        let trunk = cmd!(
            shell,
            "trunk serve --offline true --dist target/dev {options...}"
        );
        become_program(&mut app::with_tools(trunk, &tools)?.into())
    }
}

/// Builds the server as it is deployed, for measurements. Returns the path of its program.
pub(crate) fn build_server() -> Result<PathBuf> {
    DEPLOYED.compile(&mut Steps::new(1))?;
    Ok(DEPLOYED.program())
}

/// A profile in which the server is compiled.
struct Build {
    profile: &'static str,
    /// The folder into which Cargo puts the program.
    folder: &'static str,
}

impl Build {
    /// Compiles the server, and shows the progress.
    fn compile(&self, steps: &mut Steps) -> Result<()> {
        let step = steps.next("server");
        step.run_logged(&mut self.command(), &server_log()?, "compiling")?;
        step.say(&format!("built in {}", spoken(step.elapsed())));
        Ok(())
    }

    fn command(&self) -> Command {
        let mut build = cargo();
        build.args(["build", "--package", "cruxboard-server"]);
        // The target folder of `program`, whatever the contributor's own settings are.
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

/// Replaces this process by the program, so that it receives Ctrl+C and a supervisor's signals directly.
fn become_program(command: &mut Command) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        Err(command.exec()).context("starting the server")
    }
    #[cfg(not(unix))]
    {
        let status = command.status().context("starting the server")?;
        anyhow::ensure!(status.success(), "the server failed");
        Ok(())
    }
}
