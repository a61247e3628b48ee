//! Accepts HTTP/1.1 connections, with timeouts and connection limits.
//!
//! `axum::serve` is not used: it has no timeout for the headers of a request, so a few hundred silent
//! connections would block the server (Slowloris).

mod connection_limit;
mod write_timeout;

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::Router;
use hyper::{
    server::conn::http1,
    service::{Service as _, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream, lookup_host},
    sync::Semaphore,
    time,
};

use self::{
    connection_limit::{ConnectionCounts, ConnectionGuard},
    write_timeout::WriteTimeout,
};

/// The remote address of a request's connection: a client, or a reverse proxy. A request extension.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// Largest size of a request's headers, in bytes.
const MAX_HEADER_BYTES: usize = 64 * 1024;

/// A bound socket that does not accept connections yet.
pub struct Listener {
    socket: TcpListener,
    limits: ListenerLimits,
    is_proxy: Box<dyn Fn(IpAddr) -> bool + Send>,
}

/// Timeouts and limits of connections.
#[derive(Debug, Clone, Copy)]
pub struct ListenerLimits {
    /// Timeout for the headers of a request, from the start of the connection or the end of the last
    /// response.
    pub headers: Duration,
    /// Timeout for a client that reads nothing, or next to nothing, of a response.
    pub write: Duration,
    /// Time that open requests get to finish when the server stops.
    pub drain: Duration,
    /// Largest number of open connections; further ones wait in the kernel's queue.
    pub connections: usize,
    /// Largest number of open connections per IPv4 address or IPv6 /64 network; further ones are refused
    /// with 503. 0 means no limit.
    pub connections_per_address: usize,
}

impl Default for ListenerLimits {
    fn default() -> Self {
        Self {
            headers: Duration::from_secs(15),
            write: Duration::from_secs(30),
            drain: Duration::from_secs(10),
            // Each client that follows a board holds one connection.
            connections: 8192,
            // Enough for an office behind one address, with a few boards open each.
            connections_per_address: 512,
        }
    }
}

/// The reason why the socket could not be bound.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    #[error("cannot resolve {host}: {source}")]
    UnknownHost { host: String, source: io::Error },
    #[error(
        "port {port} is taken by another program, perhaps another Cruxboard server; stop it or choose another port with --port"
    )]
    PortTaken { port: u16 },
    #[error("this account may not listen on port {port}; choose one above 1023 with --port")]
    PortForbidden { port: u16 },
    #[error("cannot listen at {host}:{port}: {source}")]
    Other {
        host: String,
        port: u16,
        source: io::Error,
    },
}

impl Listener {
    /// Binds the address. Port 0 binds any free port.
    ///
    /// # Errors
    /// [`BindError`] when the host is unknown or the port cannot be bound.
    pub async fn bind(host: &str, port: u16, limits: ListenerLimits) -> Result<Self, BindError> {
        let known = lookup_host((host, port)).await;
        let addresses: Vec<_> = known
            .map_err(|source| BindError::UnknownHost {
                host: host.to_owned(),
                source,
            })?
            .collect();
        match TcpListener::bind(addresses.as_slice()).await {
            Ok(socket) => Ok(Self {
                socket,
                limits,
                is_proxy: Box::new(|_| false),
            }),
            Err(source) => Err(match source.kind() {
                io::ErrorKind::AddrInUse => BindError::PortTaken { port },
                io::ErrorKind::PermissionDenied => BindError::PortForbidden { port },
                _ => BindError::Other {
                    host: host.to_owned(),
                    port,
                    source,
                },
            }),
        }
    }

    /// Exempts reverse proxies from the limit of connections per address.
    #[must_use]
    pub fn behind(self, is_proxy: impl Fn(IpAddr) -> bool + Send + 'static) -> Self {
        Self {
            is_proxy: Box::new(is_proxy),
            ..self
        }
    }

    /// Returns the bound address, with the actual port.
    ///
    /// # Errors
    /// When the operating system does not tell it.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Serves `app` until `stop` is ready, then drains open requests (graceful shutdown).
    pub async fn run(self, app: Router, stop: impl Future<Output = ()>) {
        let Self {
            socket,
            limits,
            is_proxy,
        } = self;
        let counts = ConnectionCounts::new(limits.connections_per_address);
        let permits = Arc::new(Semaphore::new(limits.connections));
        let open = GracefulShutdown::new();
        let mut stop = std::pin::pin!(stop);

        loop {
            let accepted = tokio::select! {
                accepted = accept(&socket, &permits) => accepted,
                () = &mut stop => break,
            };
            let Some((stream, peer, permit)) = accepted else {
                continue;
            };
            let member = if is_proxy(peer.ip()) {
                None
            } else if let Some(member) = counts.try_acquire(peer.ip()) {
                Some(member)
            } else {
                refuse(&stream);
                continue;
            };
            let app = TowerToHyperService::new(app.clone());
            let service = service_fn(move |mut request: hyper::Request<_>| {
                request.extensions_mut().insert(Peer(peer));
                app.call(request)
            });
            let stream = WriteTimeout::new(stream, limits.write);
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(limits.headers)
                .max_buf_size(MAX_HEADER_BYTES)
                .serve_connection(TokioIo::new(stream), service);
            let connection = open.watch(connection);
            tokio::spawn(async move {
                if let Err(error) = connection.await {
                    tracing::debug!(%error, "a connection ended early");
                }
                drop::<(Option<ConnectionGuard>, ConnectionPermit)>((member, permit));
            });
        }

        drop(socket);
        if time::timeout(limits.drain, open.shutdown()).await.is_err() {
            tracing::warn!(
                "some requests did not finish before the shutdown timeout and were aborted"
            );
        }
    }
}

/// Sends a minimal 503 response. A client that is still sending may miss it.
fn refuse(stream: &TcpStream) {
    const ANSWER: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 30\r\n\
        Content-Type: text/plain\r\nConnection: close\r\nContent-Length: 54\r\n\r\n\
        There are too many connections from your address here.";
    if let Err(error) = stream.try_write(ANSWER) {
        tracing::debug!(%error, "could not send the refusal of a connection");
    }
}

type ConnectionPermit = tokio::sync::OwnedSemaphorePermit;

/// Accepts the next connection, with a permit for it. `None` when accepting failed; the caller tries again.
async fn accept(
    socket: &TcpListener,
    permits: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, ConnectionPermit)> {
    let permit = Arc::clone(permits).acquire_owned().await.ok()?;
    match socket.accept().await {
        Ok((stream, peer)) => {
            // Without Nagle's algorithm: small responses must not wait for acknowledgements.
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "could not set TCP_NODELAY");
            }
            Some((stream, peer, permit))
        }
        Err(error) => {
            // Mostly "too many open files". Retrying at once would spin until one is closed.
            tracing::warn!(%error, "could not accept a connection");
            time::sleep(Duration::from_millis(100)).await;
            None
        }
    }
}
