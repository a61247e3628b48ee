//! The program `cruxboard`.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, ensure};
use clap::{Parser, Subcommand};
use cruxboard_server::{
    listener::{Limits, Listener},
    site::site,
};
use tokio::signal;
use tracing_subscriber::EnvFilter;

#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the built app
    Serve {
        /// The folder with the built app
        #[arg(long, env = "CRUXBOARD_DIR", default_value = "dist")]
        dir: PathBuf,
        /// The address to listen at; 0.0.0.0 for every one of this machine
        #[arg(long, env = "CRUXBOARD_HOST", default_value = "127.0.0.1")]
        host: String,
        /// The port to listen at; 0 for any free one
        #[arg(long, env = "CRUXBOARD_PORT", default_value_t = 4173)]
        port: u16,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()))
        .with_writer(std::io::stderr)
        .init();

    let Command::Serve { dir, host, port } = Arguments::parse().command;
    match serve(&dir, &host, port).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // By ourselves, because `main` returning the error would print a backtrace below the message.
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(dir: &Path, host: &str, port: u16) -> anyhow::Result<()> {
    ensure!(
        dir.join("index.html").is_file(),
        "there is no index.html in {}; `cargo xtask build` puts the app in dist/",
        dir.display()
    );
    let listener = Listener::bind(host, port, Limits::default()).await?;
    let address = listener.address().context("asking for the address")?;
    // On the standard output and not in the log, so that a script can wait for this line and read the port.
    writeln!(
        std::io::stdout(),
        "Cruxboard is at http://{address} (Ctrl+C stops it)"
    )?;
    listener.run(site(dir), stopped()).await;
    Ok(())
}

/// Ready when somebody wants the server to stop.
async fn stopped() {
    let interrupted = async {
        if let Err(error) = signal::ctrl_c().await {
            tracing::warn!(%error, "Ctrl+C will not be noticed");
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut signals) => {
                signals.recv().await;
            }
            Err(error) => {
                tracing::warn!(%error, "SIGTERM will not be noticed");
                std::future::pending::<()>().await;
            }
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
