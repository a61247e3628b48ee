//! A TCP relay to a server that counts every byte.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use anyhow::{Context as _, Result};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy},
    net::{TcpListener, TcpStream},
    spawn,
};

use crate::Door;

/// Relays everything, and counts the bytes sent to the server: request lines, headers and bodies.
#[derive(Debug)]
pub struct Counted {
    /// The door of the relay, which leads to the same board.
    pub door: Door,
    sent: Arc<AtomicUsize>,
}

impl Counted {
    /// Creates a relay to a door.
    ///
    /// # Errors
    /// If there is no free port.
    pub async fn way_to(door: &Door) -> Result<Self> {
        let rest = door.address.strip_prefix("http://").context("no address")?;
        let (server, path) = rest.split_once('/').context("no path")?;
        let server: SocketAddr = server.parse()?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}/{path}", listener.local_addr()?);
        let sent = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&sent);
        spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                spawn(carry(client, server, Arc::clone(&count)));
            }
        });
        let door = Door {
            address,
            ..door.clone()
        };
        Ok(Self { door, sent })
    }

    /// Returns the bytes sent since the last call.
    pub fn sent(&self) -> usize {
        self.sent.swap(0, Ordering::SeqCst)
    }
}

async fn carry(client: TcpStream, server: SocketAddr, count: Arc<AtomicUsize>) -> Result<()> {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = TcpStream::connect(server).await?.into_split();
    spawn(async move { copy(&mut from_server, &mut to_client).await });
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let length = from_client.read(&mut buffer).await?;
        if length == 0 {
            return Ok(());
        }
        count.fetch_add(length, Ordering::SeqCst);
        to_server.write_all(&buffer[..length]).await?;
    }
}
