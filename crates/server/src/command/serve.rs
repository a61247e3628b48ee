//! `cruxboard serve`

use std::{io::Write as _, path::PathBuf, process::ExitCode, sync::Arc};

use anyhow::{Context as _, ensure};
use clap::Args;
use cruxboard_server::{
    endpoint::{self, Endpoint, cors::AllowedOrigins},
    listener::{self, Listener},
    metrics::Metrics,
    site::site,
    store::{self, Store},
};

use super::Database;

#[derive(Args)]
pub(crate) struct Serve {
    /// The folder with the built app
    #[arg(long, env = "CRUXBOARD_DIR", default_value = "dist")]
    dir: PathBuf,
    /// The address to listen at; 0.0.0.0 for every one of this machine
    #[arg(long, env = "CRUXBOARD_HOST", default_value = "127.0.0.1")]
    host: String,
    /// The port to listen at; 0 for any free one
    #[arg(long, env = "CRUXBOARD_PORT", default_value_t = 4173)]
    port: u16,
    #[command(flatten)]
    database: Database,
    /// Another origin whose pages may use this server's boards, such as https://board.example.org; * for
    /// every one. Can be given several times
    #[arg(
        long,
        env = "CRUXBOARD_ALLOW_ORIGIN",
        value_delimiter = ',',
        value_name = "ORIGIN"
    )]
    allow_origin: Vec<String>,
}

impl Serve {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let runtime = tokio::runtime::Runtime::new().context("starting the threads")?;
        runtime.block_on(self.serve())?;
        Ok(ExitCode::SUCCESS)
    }

    async fn serve(self) -> anyhow::Result<()> {
        ensure!(
            self.dir.join("index.html").is_file(),
            "there is no index.html in {}; `cargo xtask build` puts the app in dist/",
            self.dir.display()
        );
        let origins = AllowedOrigins::parse(&self.allow_origin)?;
        if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
            tracing::warn!(%error, "there may be too few places for connections");
        }
        let listener = Listener::bind(&self.host, self.port, listener::Limits::default()).await?;
        let address = listener.address().context("asking for the address")?;

        let database = self.database.place()?;
        let metrics = Arc::new(Metrics::default());
        let store = Store::open(&database, store::Limits::default(), Arc::clone(&metrics)).await?;
        let admin = store.make_first_token().await?;

        // Before anybody is told that the server is there, and may want it to stop.
        let stopped = stopped().context("listening for the signal to stop")?;

        // On the standard output and not in the log, so that a script can wait for the first line and read the port.
        let mut out = std::io::stdout();
        writeln!(out, "Cruxboard is at http://{address} (Ctrl+C stops it)")?;
        writeln!(out, "Boards are kept in {database}")?;
        if let Some(admin) = admin {
            writeln!(
                out,
                "Admin token, shown only this once: {}\n\
                 Whoever holds it may do everything here, so keep it in a password manager. \
                 `cruxboard token create` makes others, `cruxboard token revoke` ends them.",
                admin.reveal()
            )?;
        }
        out.flush()?;

        let limits = endpoint::Limits::default();
        let (endpoint, stop) = Endpoint::new(store, metrics, origins, limits);
        let app = endpoint.router().merge(site(&self.dir));
        let stopped = async {
            stopped.await;
            stop.now();
        };
        listener.run(app, stopped).await;
        Ok(())
    }
}

/// Listens from now on for somebody who wants the server to stop; what it returns is ready when they do.
#[cfg(unix)]
fn stopped() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stopped() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupted = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupted.recv().await;
    })
}
