//! `cruxboard serve`

use std::{io::Write as _, path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use anyhow::{Context as _, bail, ensure};
use clap::Args;
use cruxboard_server::{
    http::{
        self, Endpoint,
        cors::AllowedOrigins,
        identity::{Identity, Proxies},
    },
    listener::{self, Listener},
    metrics::Metrics,
    site::site,
    store::{Opened, Store, StoreLimits},
};

use super::{
    Database,
    token::{RightsName, seconds},
};

#[derive(Args)]
pub(crate) struct Serve {
    /// Folder with the built app
    #[arg(long, env = "CRUXBOARD_DIR", default_value = "dist")]
    dir: PathBuf,
    /// Address to listen on; 0.0.0.0 for all addresses of this machine
    #[arg(long, env = "CRUXBOARD_HOST", default_value = "127.0.0.1")]
    host: String,
    /// Port to listen on; 0 for any free port
    #[arg(long, env = "CRUXBOARD_PORT", default_value_t = 4173)]
    port: u16,
    #[command(flatten)]
    database: Database,
    /// Other origin whose pages may use this server's boards, such as https://board.example.org; * for
    /// all. Can be given several times
    #[arg(
        long,
        env = "CRUXBOARD_ALLOW_ORIGIN",
        value_delimiter = ',',
        value_name = "ORIGIN"
    )]
    allow_origin: Vec<String>,
    /// How long `cruxboard rewind` can restore erased texts, as in 12h, 7d or 8w; 0 to keep none
    #[arg(
        long,
        env = "CRUXBOARD_KEEP_ERASED",
        value_name = "TIME",
        default_value = "7d"
    )]
    keep_erased: String,
    /// Space to leave free on the disk of the database file, as in 64M or 2G; 0 for no limit. With less,
    /// the server accepts only erasures
    #[arg(
        long,
        env = "CRUXBOARD_KEEP_FREE",
        value_name = "SIZE",
        default_value = "64M"
    )]
    keep_free: String,
    /// Largest number of connections per address; 0 for no limit. Trusted proxies have no limit
    #[arg(
        long,
        env = "CRUXBOARD_CONNECTIONS_PER_ADDRESS",
        value_name = "NUMBER",
        default_value_t = 512
    )]
    connections_per_address: usize,
    /// Header in which a reverse proxy names the user who signed in there, such as X-Forwarded-User.
    /// Accepted from --trusted-proxy only
    #[arg(long, env = "CRUXBOARD_IDENTITY_HEADER", value_name = "NAME")]
    identity_header: Option<String>,
    /// Address of that proxy, or a range such as 10.0.0.0/8. Can be given several times
    #[arg(
        long,
        env = "CRUXBOARD_TRUSTED_PROXY",
        value_delimiter = ',',
        value_name = "ADDRESS"
    )]
    trusted_proxy: Vec<String>,
    /// Rights of users named by the proxy, for all boards
    #[arg(
        long,
        env = "CRUXBOARD_IDENTITY_RIGHTS",
        value_enum,
        default_value = "write"
    )]
    identity_rights: RightsName,
    /// Name of a user who is an admin when the proxy names them. Can be given several times
    #[arg(
        long,
        env = "CRUXBOARD_IDENTITY_ADMIN",
        value_delimiter = ',',
        value_name = "NAME"
    )]
    identity_admin: Vec<String>,
}

impl Serve {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let runtime = tokio::runtime::Runtime::new().context("starting the threads")?;
        runtime.block_on(self.serve())?;
        Ok(ExitCode::SUCCESS)
    }

    /// Returns the header with the name of the user, and the rights of users, if a proxy names them.
    fn identity(&self) -> anyhow::Result<Option<Identity>> {
        let Some(header) = &self.identity_header else {
            return Ok(None);
        };
        ensure!(
            !self.trusted_proxy.is_empty(),
            "--identity-header needs --trusted-proxy, since any client could send that header"
        );
        let (rights, admins) = (self.identity_rights.rights(), self.identity_admin.clone());
        Ok(Some(Identity::new(header, rights, admins)?))
    }

    fn store_limits(&self) -> anyhow::Result<StoreLimits> {
        let keep_erased = if self.keep_erased == "0" {
            0
        } else {
            seconds(&self.keep_erased)?
        };
        Ok(StoreLimits {
            keep_erased: Duration::from_secs(keep_erased.unsigned_abs()),
            keep_free: bytes(&self.keep_free)?,
            ..StoreLimits::default()
        })
    }

    async fn serve(self) -> anyhow::Result<()> {
        ensure!(
            self.dir.join("index.html").is_file(),
            "there is no index.html in {}; `cargo xtask build` builds the app into dist/",
            self.dir.display()
        );
        let origins = AllowedOrigins::parse(&self.allow_origin)?;
        if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
            tracing::warn!(%error, "could not raise the limit of open files; there may be too few connections");
        }
        let proxies = Proxies::parse(&self.trusted_proxy)?;
        let identity = self.identity()?;
        let limits = self.store_limits()?;
        let listening = listener::ListenerLimits {
            connections_per_address: self.connections_per_address,
            ..listener::ListenerLimits::default()
        };
        let listener = Listener::bind(&self.host, self.port, listening).await?;
        let trusted = proxies.clone();
        let listener = listener.behind(move |address| trusted.has(address));
        let address = listener.address().context("asking for the address")?;

        let database = self.database.url()?;
        let metrics = Arc::new(Metrics::default());
        // Before the address is printed: a script may send the signal right after that.
        let signal = shutdown_signal().context("listening for the signal to stop")?;
        let store = Store::open(&database, limits, Arc::clone(&metrics)).await?;
        let served = async {
            let admin = store.make_first_token().await?;
            // On standard output, not in the log: scripts wait for the first line and read the port from it.
            let mut out = std::io::stdout();
            writeln!(out, "Cruxboard is at http://{address} (Ctrl+C stops it)")?;
            writeln!(out, "Boards are stored in {database}")?;
            if let Some(lines) = without_boards(store.opened()) {
                writeln!(out, "{lines}")?;
            }
            if let Some(admin) = admin {
                writeln!(
                    out,
                    "Admin token, shown only once: {}\n\
                     It gives full access to all boards, so keep it in a password manager. \
                     `cruxboard token create` creates others, `cruxboard token revoke` revokes them.",
                    admin.reveal()
                )?;
            }
            out.flush()?;

            let limits = http::HttpLimits::default();
            let (endpoint, stop) = Endpoint::new(store.clone(), metrics, origins, limits);
            let endpoint = endpoint.behind(proxies, identity);
            let app = endpoint.router().merge(site(&self.dir));
            let stopped = async {
                signal.await;
                stop.now();
            };
            listener.run(app, stopped).await;
            anyhow::Ok(())
        };
        let served = served.await;
        store.close().await;
        served
    }
}

/// Parses a size in bytes: 0, 512K, 64M or 2G.
fn bytes(size: &str) -> anyhow::Result<u64> {
    let end = size.find(|letter: char| !letter.is_ascii_digit());
    let (number, unit) = size.split_at(end.unwrap_or(size.len()));
    let unit = match unit {
        "" if number == "0" => 1,
        "K" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        _ => bail!("{size} is not a size; write 512K, 64M or 2G"),
    };
    let number: u32 = number
        .parse()
        .with_context(|| format!("{size} is not a size; write 512K, 64M or 2G"))?;
    Ok(u64::from(number) * unit)
}

/// Returns a warning for a database without boards: it may be the wrong one.
fn without_boards(opened: Opened) -> Option<&'static str> {
    match opened {
        Opened {
            has_boards: true, ..
        } => None,
        Opened {
            had_boards: true, ..
        } => Some(
            "WARNING: THERE ARE NO BOARDS IN THIS DATABASE, but there were some when a server last had it \
             open.\nUnless you have deleted them, stop this server now. Check whether the file was moved or \
             replaced, and whether its disk is mounted. `cruxboard restore` restores a backup.",
        ),
        Opened { is_new: true, .. } => Some(
            "This database is new and has no boards. If this server had boards before, stop it now: check \
             --database, and whether its disk or volume is mounted.",
        ),
        Opened { .. } => None,
    }
}

/// Installs signal handlers, and returns a future that completes at SIGINT or SIGTERM.
#[cfg(unix)]
fn shutdown_signal() -> std::io::Result<impl Future<Output = ()>> {
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
fn shutdown_signal() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupted = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupted.recv().await;
    })
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn a_size_is_a_number_with_its_unit() {
        for (size, expected) in [
            ("0", Some(0)),
            ("512K", Some(524_288)),
            ("64M", Some(67_108_864)),
            ("2G", Some(2_147_483_648)),
            ("", None),
            ("64", None),
            ("M", None),
            ("-1M", None),
            ("1.5G", None),
            ("64 M", None),
            ("9999999999G", None),
        ] {
            assert_eq!(bytes(size).ok(), expected, "{size}");
        }
    }
}
