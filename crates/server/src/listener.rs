//! Takes connections, and lets them go in time.
//!
//! `axum::serve` is not used, because it waits for ever for the headers of a request: a few hundred
//! silent connections would then hold every place.

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
    connection_limit::{Crowds, Member},
    write_timeout::Patient,
};

/// Who is at the other end of a request's connection: a client, or a proxy in front.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// Bytes that a connection may keep us remembering before we have understood a request.
const LARGEST_HEADERS: usize = 64 * 1024;

/// A bound address, not yet answering.
pub struct Listener {
    socket: TcpListener,
    limits: Limits,
    is_proxy: Box<dyn Fn(IpAddr) -> bool + Send>,
}

/// How patient the server is.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// From the first moment of a connection, or the end of its last response, to the end of the
    /// next request's headers.
    pub headers: Duration,
    /// How long a client may take nothing, or next to nothing, of an answer that is on its way to it.
    pub write: Duration,
    /// What open requests get to finish in when the server is told to stop.
    pub drain: Duration,
    /// Open connections at one time; later ones wait their turn.
    pub connections: usize,
    /// Open connections of one address, or of one network of version 6; later ones are refused. 0: any
    /// number.
    pub connections_per_address: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            headers: Duration::from_secs(15),
            write: Duration::from_secs(30),
            drain: Duration::from_secs(10),
            // Whoever follows a board holds one for as long as a meeting lasts.
            connections: 8192,
            // An office behind one address, each with a few boards open.
            connections_per_address: 512,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum BindError {
    #[error("{host} is not the name of an address: {source}")]
    UnknownHost { host: String, source: io::Error },
    #[error(
        "port {port} is taken: another program, perhaps another Cruxboard, listens there; stop it or choose another with --port"
    )]
    PortTaken { port: u16 },
    #[error("port {port} may not be used by this account; choose one above 1023 with --port")]
    PortForbidden { port: u16 },
    #[error("cannot listen at {host}:{port}: {source}")]
    Other {
        host: String,
        port: u16,
        source: io::Error,
    },
}

impl Listener {
    /// Takes the address, so that a failure is known before anything else begins. Port 0 takes any free one.
    pub async fn bind(host: &str, port: u16, limits: Limits) -> Result<Self, BindError> {
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

    /// The same, with proxies in front, which may have any number of connections.
    #[must_use]
    pub fn behind(self, is_proxy: impl Fn(IpAddr) -> bool + Send + 'static) -> Self {
        Self {
            is_proxy: Box::new(is_proxy),
            ..self
        }
    }

    /// The address with the port that was really taken.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Answers until `stop` is ready, then lets open requests finish.
    pub async fn run(self, app: Router, stop: impl Future<Output = ()>) {
        let Self {
            socket,
            limits,
            is_proxy,
        } = self;
        let crowds = Crowds::of_at_most(limits.connections_per_address);
        let places = Arc::new(Semaphore::new(limits.connections));
        let open = GracefulShutdown::new();
        let mut stop = std::pin::pin!(stop);

        loop {
            let accepted = tokio::select! {
                accepted = accept(&socket, &places) => accepted,
                () = &mut stop => break,
            };
            let Some((stream, peer, place)) = accepted else {
                continue;
            };
            let member = if is_proxy(peer.ip()) {
                None
            } else if let Some(member) = crowds.enter(peer.ip()) {
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
            let stream = Patient::new(stream, limits.write);
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(limits.headers)
                .max_buf_size(LARGEST_HEADERS)
                .serve_connection(TokioIo::new(stream), service);
            let connection = open.watch(connection);
            tokio::spawn(async move {
                if let Err(error) = connection.await {
                    tracing::debug!(%error, "a connection ended early");
                }
                drop::<(Option<Member>, Place)>((member, place));
            });
        }

        drop(socket);
        if time::timeout(limits.drain, open.shutdown()).await.is_err() {
            tracing::warn!("some requests did not finish in time and were cut off");
        }
    }
}

/// Says once why nothing else comes. A client that sends much before it reads may miss it.
fn refuse(stream: &TcpStream) {
    const ANSWER: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 30\r\n\
        Content-Type: text/plain\r\nConnection: close\r\nContent-Length: 54\r\n\r\n\
        There are too many connections from your address here.";
    if let Err(error) = stream.try_write(ANSWER) {
        tracing::debug!(%error, "a connection was refused without a word");
    }
}

type Place = tokio::sync::OwnedSemaphorePermit;

/// The next connection with a place for it, or nothing when there is a reason to try again.
async fn accept(
    socket: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, Place)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match socket.accept().await {
        Ok((stream, peer)) => {
            // Small answers must not wait for the acknowledgement of those before them.
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "a connection stays with delayed answers");
            }
            Some((stream, peer, place))
        }
        Err(error) => {
            // Mostly "too many open files": trying again at once would burn a core until one is closed.
            tracing::warn!(%error, "could not take a connection");
            time::sleep(Duration::from_millis(100)).await;
            None
        }
    }
}
