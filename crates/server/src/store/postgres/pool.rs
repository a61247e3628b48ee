//! A connection pool.

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

/// A parameter of a query with its type. With the type, no prepared statement is needed, which saves a round
/// trip and works behind PgBouncer.
pub(super) type Parameter<'a> = (&'a (dyn ToSql + Sync), Type);

/// Largest number of connections in use; further requests wait.
const MAX_CONNECTIONS: usize = 16;
/// Timeout of a query, including the wait for a connection.
const QUERY_TIMEOUT: Duration = Duration::from_secs(10);
/// Timeout of opening a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A pool of connections; clones share it.
#[derive(Clone)]
pub(super) struct Pool(Arc<Shared>);

struct Shared {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    idle: Mutex<Vec<Client>>,
    permits: Semaphore,
}

impl Pool {
    pub(super) fn new(mut config: Config) -> Result<Self, PostgresError> {
        config.connect_timeout(CONNECT_TIMEOUT);
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
            permits: Semaphore::new(MAX_CONNECTIONS),
        })))
    }

    /// Opens a connection outside the pool. Sends the payloads of NOTIFY to `notices`.
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
        // The driver's timeout covers only the socket; a starting database may accept and then not answer.
        let connected = time::timeout(2 * CONNECT_TIMEOUT, connecting).await;
        connected.or(Err(PostgresError::TimedOut))?
    }

    /// Runs a query that changes nothing. It is retried once after a lost connection.
    pub(super) async fn read(
        &self,
        query: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<Vec<Row>, PostgresError> {
        let reading = async {
            let _permit = self.0.permits.acquire().await;
            if let Some(client) = self.idle() {
                match client.query_typed(query, parameters).await {
                    Ok(rows) => {
                        self.give_back(client);
                        return Ok(rows);
                    }
                    // The database was restarted, or closed the idle connection.
                    Err(error) if is_lost(&error) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            let client = self.connect(None).await?;
            let rows = client.query_typed(query, parameters).await?;
            self.give_back(client);
            Ok(rows)
        };
        let read = time::timeout(QUERY_TIMEOUT, reading).await;
        read.or(Err(PostgresError::TimedOut))?
    }

    /// Runs a statement, and returns the number of affected rows. It is not retried.
    ///
    /// # Errors
    /// When it failed, or when its result is unknown.
    pub(super) async fn write(
        &self,
        query: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<u64, PostgresError> {
        let writing = async {
            let _permit = self.0.permits.acquire().await;
            let client = match self.idle() {
                Some(client) => client,
                None => self.connect(None).await?,
            };
            let rows = client.execute_typed(query, parameters).await?;
            self.give_back(client);
            Ok(rows)
        };
        let written = time::timeout(QUERY_TIMEOUT, writing).await;
        written.or(Err(PostgresError::TimedOut))?
    }

    /// Takes an idle connection.
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

/// Returns whether the error means that the connection is lost, rather than that the query is wrong.
pub(super) fn is_lost(error: &tokio_postgres::Error) -> bool {
    // Class 57P: ended by an administrator, or the database is stopping or starting. Class 08: connection errors.
    let is_ended = |code: &str| code.starts_with("57P") || code.starts_with("08");
    error.is_closed() || error.code().is_none_or(|code| is_ended(code.code()))
}

/// Drives a connection until it is closed, and forwards notifications.
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
                    // An error means that the receiver was dropped.
                    notices.send(notice.payload().to_owned()).ok();
                }
            }
            Ok(_) => {}
            Err(error) => {
                tracing::debug!(%error, "a connection to the database was lost");
                return;
            }
        }
    }
}
