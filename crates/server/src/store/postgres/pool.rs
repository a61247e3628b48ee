//! Connections to the database, kept as long as they work.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_util::{StreamExt as _, stream};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::{Semaphore, mpsc},
    time,
};
use tokio_postgres::{
    AsyncMessage, Client, Config, Connection, NoTls, Row,
    config::SslMode,
    types::{ToSql, Type},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::PostgresError;

/// A value with its type. Stating the type saves the database a question, and lets a pooler stand in between.
pub(super) type Parameter<'a> = (&'a (dyn ToSql + Sync), Type);

/// Connections for reading at a time; who comes later waits.
const MOST: usize = 16;
/// How long a request waits for the database.
const PATIENCE: Duration = Duration::from_secs(10);
const CONNECTING: Duration = Duration::from_secs(5);

#[derive(Clone)]
pub(super) struct Pool(Arc<Shared>);

struct Shared {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    idle: Mutex<Vec<Client>>,
    places: Semaphore,
}

impl Pool {
    pub(super) fn new(mut config: Config) -> Result<Self, PostgresError> {
        config.connect_timeout(CONNECTING);
        config.keepalives_idle(Duration::from_secs(30));
        config.application_name("cruxboard");
        let tls = if config.get_ssl_mode() == SslMode::Disable {
            None
        } else {
            let trusted = MakeRustlsConnect::with_native_certs();
            let (tls, _) = trusted.or(Err(PostgresError::NoCertificates))?;
            Some(tls)
        };
        Ok(Self(Arc::new(Shared {
            config,
            tls,
            idle: Mutex::default(),
            places: Semaphore::new(MOST),
        })))
    }

    /// A connection of one's own. What the database announces on it goes to `notices`.
    pub(super) async fn connect(
        &self,
        notices: Option<mpsc::UnboundedSender<String>>,
    ) -> Result<Client, PostgresError> {
        let connecting = async {
            match &self.0.tls {
                Some(tls) => {
                    let (client, connection) = self.0.config.connect(tls.clone()).await?;
                    tokio::spawn(drive(connection, notices));
                    Ok(client)
                }
                None => {
                    let (client, connection) = self.0.config.connect(NoTls).await?;
                    tokio::spawn(drive(connection, notices));
                    Ok(client)
                }
            }
        };
        // The driver's own limit ends with the socket, and a database that starts may accept and say nothing.
        let connected = time::timeout(2 * CONNECTING, connecting).await;
        connected.or(Err(PostgresError::TimedOut))?
    }

    /// Asks one question, which must change nothing: it may be asked twice.
    pub(super) async fn read(
        &self,
        query: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<Vec<Row>, PostgresError> {
        let reading = async {
            let _place = self.0.places.acquire().await;
            if let Some(client) = self.idle() {
                match client.query_typed(query, parameters).await {
                    Ok(rows) => {
                        self.give_back(client);
                        return Ok(rows);
                    }
                    // The database has been restarted since, or has ended what was idle for long.
                    Err(error) if is_lost(&error) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            let client = self.connect(None).await?;
            let rows = client.query_typed(query, parameters).await?;
            self.give_back(client);
            Ok(rows)
        };
        let read = time::timeout(PATIENCE, reading).await;
        read.or(Err(PostgresError::TimedOut))?
    }

    /// Does one thing, and says how many rows it was done to. After a failure it may be done or not.
    pub(super) async fn write(
        &self,
        query: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<u64, PostgresError> {
        let writing = async {
            let _place = self.0.places.acquire().await;
            let client = match self.idle() {
                Some(client) => client,
                None => self.connect(None).await?,
            };
            let rows = client.execute_typed(query, parameters).await?;
            self.give_back(client);
            Ok(rows)
        };
        let written = time::timeout(PATIENCE, writing).await;
        written.or(Err(PostgresError::TimedOut))?
    }

    fn idle(&self) -> Option<Client> {
        let mut idle = self.0.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|client| !client.is_closed());
        idle.pop()
    }

    fn give_back(&self, client: Client) {
        let mut idle = self.0.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push(client);
    }
}

/// Whether the connection is of no more use; not the question's fault.
pub(super) fn is_lost(error: &tokio_postgres::Error) -> bool {
    // Class 57: an administrator has ended it, or the database is stopping, crashing or starting.
    let is_ended = |code: &str| code.starts_with("57P") || code.starts_with("08");
    error.is_closed() || error.code().is_none_or(|code| is_ended(code.code()))
}

/// Moves bytes until one side has gone.
async fn drive<S, T>(
    mut connection: Connection<S, T>,
    notices: Option<mpsc::UnboundedSender<String>>,
) where
    S: AsyncRead + AsyncWrite + Unpin,
    T: AsyncRead + AsyncWrite + Unpin,
{
    let mut messages = stream::poll_fn(|context| connection.poll_message(context));
    while let Some(message) = messages.next().await {
        match message {
            Ok(AsyncMessage::Notification(notice)) => {
                if let Some(notices) = &notices {
                    // An error means that nobody listens any more.
                    notices.send(notice.payload().to_owned()).ok();
                }
            }
            Ok(_) => {}
            Err(error) => {
                tracing::debug!(%error, "a connection to the database has ended");
                return;
            }
        }
    }
}
