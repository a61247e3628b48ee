//! The connection pool, and connections outside of it.

use std::time::Duration;

use deadpool_postgres::{Connect, Manager, ManagerConfig, PoolError, RecyclingMethod, Runtime};
use futures_util::{StreamExt as _, future::BoxFuture, stream};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::mpsc,
    task::JoinHandle,
    time,
};
use tokio_postgres::{
    AsyncMessage, Config, Connection, NoTls, Row,
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
pub(super) struct Pool {
    pooled: deadpool_postgres::Pool,
    connector: Connector,
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
        let connector = Connector { tls, config };
        // A connection that the database has closed is not used again. Testing each one by a query would cost
        // a round trip.
        let recycling = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let config = connector.config.clone();
        let manager = Manager::from_connect(config, connector.clone(), recycling);
        let pooled = deadpool_postgres::Pool::builder(manager)
            .max_size(MAX_CONNECTIONS)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(QUERY_TIMEOUT))
            // The driver's timeout covers only the socket; a starting database may accept and then not
            // answer.
            .create_timeout(Some(2 * CONNECT_TIMEOUT))
            .build()
            .or(Err(PostgresError::NoRuntime))?;
        Ok(Self { pooled, connector })
    }

    /// Opens a connection outside the pool. Sends the payloads of NOTIFY to `notices`.
    pub(super) async fn connect(
        &self,
        notices: Option<mpsc::UnboundedSender<String>>,
    ) -> Result<tokio_postgres::Client, PostgresError> {
        let connecting = self.connector.open(notices);
        let connected = time::timeout(2 * CONNECT_TIMEOUT, connecting).await;
        let (client, _) = connected.or(Err(PostgresError::TimedOut))??;
        Ok(client)
    }

    /// Runs a query that changes nothing. It is retried once after a lost connection.
    pub(super) async fn read(
        &self,
        query: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<Vec<Row>, PostgresError> {
        match self.read_once(query, parameters).await {
            // The database was restarted, or closed the idle connection. Then the other ones are lost too.
            Err(PostgresError::Driver(error)) if is_lost(&error) => {
                self.pooled.retain(|_, _| false);
                self.read_once(query, parameters).await
            }
            read => read,
        }
    }

    async fn read_once(
        &self,
        query: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<Vec<Row>, PostgresError> {
        let client = self.pooled.get().await?;
        let reading = client.query_typed(query, parameters);
        let read = time::timeout(QUERY_TIMEOUT, reading).await;
        keep_if_ok(client, read)
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
        let client = self.pooled.get().await?;
        let writing = client.execute_typed(query, parameters);
        let written = time::timeout(QUERY_TIMEOUT, writing).await;
        keep_if_ok(client, written)
    }
}

/// Returns the connection to the pool after a success. After an error or a timeout its state is unknown, and
/// it is closed.
fn keep_if_ok<T>(
    client: deadpool_postgres::Client,
    result: Result<Result<T, tokio_postgres::Error>, time::error::Elapsed>,
) -> Result<T, PostgresError> {
    let result = match result {
        Ok(result) => result.map_err(PostgresError::from),
        Err(_) => Err(PostgresError::TimedOut),
    };
    if result.is_err() {
        drop(deadpool_postgres::Client::take(client));
    }
    result
}

impl From<PoolError> for PostgresError {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) => Self::Driver(error),
            PoolError::Timeout(_) => Self::TimedOut,
            PoolError::NoRuntimeSpecified => Self::NoRuntime,
            // The pool is never closed, and has no hooks.
            PoolError::Closed | PoolError::PostCreateHook(_) => Self::TimedOut,
        }
    }
}

/// Opens connections, with TLS or without.
#[derive(Clone)]
struct Connector {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

impl Connector {
    /// Opens a connection, and spawns the task that drives it.
    async fn open(
        &self,
        notices: Option<mpsc::UnboundedSender<String>>,
    ) -> Result<(tokio_postgres::Client, JoinHandle<()>), tokio_postgres::Error> {
        Ok(match &self.tls {
            Some(tls) => {
                let (client, connection) = self.config.connect(tls.clone()).await?;
                (client, tokio::spawn(drive(connection, notices)))
            }
            None => {
                let (client, connection) = self.config.connect(NoTls).await?;
                (client, tokio::spawn(drive(connection, notices)))
            }
        })
    }
}

impl Connect for Connector {
    fn connect(
        &self,
        _: &Config,
    ) -> BoxFuture<'_, Result<(tokio_postgres::Client, JoinHandle<()>), tokio_postgres::Error>>
    {
        Box::pin(self.open(None))
    }
}

/// Returns whether the error means that the connection is lost, rather than that the query is wrong.
pub(super) fn is_lost(error: &tokio_postgres::Error) -> bool {
    // Class 57P: ended by an administrator, or the database is stopping or starting. Class 08: connection
    // errors.
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
