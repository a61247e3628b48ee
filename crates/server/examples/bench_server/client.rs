//! The HTTP client of the load test.

use std::{net::SocketAddr, sync::Arc};

use anyhow::{Result, bail};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// A minimal keep-alive client, since it shares the CPUs with the server.
pub(crate) struct Client {
    pub(crate) stream: TcpStream,
    pub(crate) head: Arc<str>,
    pub(crate) buffer: Vec<u8>,
}

/// A response without its body.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr, token: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            head: format!("Host: bench\r\nAuthorization: Bearer {token}\r\n").into(),
            buffer: Vec::with_capacity(64 * 1024),
        })
    }

    pub(crate) async fn send(&mut self, line: &str, headers: &str, body: &str) -> Result<()> {
        let length = match body.len() {
            0 => String::new(),
            length => format!("Content-Type: application/json\r\nContent-Length: {length}\r\n"),
        };
        let head = &self.head;
        let request = format!("{line} HTTP/1.1\r\n{head}{headers}{length}\r\n{body}");
        self.stream.write_all(request.as_bytes()).await?;
        Ok(())
    }

    pub(crate) async fn ask(&mut self, line: &str, headers: &str, body: &str) -> Result<Answer> {
        self.send(line, headers, body).await?;
        let head = self.read_head().await?;
        let status = head.get(9..12).unwrap_or_default().parse()?;
        let length = header(&head, "content-length: ").map_or(Ok(0), str::parse)?;
        while self.buffer.len() < length {
            self.fill().await?;
        }
        self.buffer.drain(..length);
        Ok(Answer { status, head })
    }

    pub(crate) async fn read_head(&mut self) -> Result<String> {
        loop {
            let end = self
                .buffer
                .windows(4)
                .position(|window| window == b"\r\n\r\n");
            if let Some(end) = end {
                let head: Vec<u8> = self.buffer.drain(..end + 4).collect();
                return Ok(String::from_utf8(head)?);
            }
            self.fill().await?;
        }
    }

    pub(crate) async fn fill(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the server closed the connection");
        }
        Ok(())
    }
}

/// Returns the value of a header; `name` includes the colon.
pub(crate) fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| line.strip_prefix(name))
}
