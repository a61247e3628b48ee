//! A write timeout with a minimum rate, as a leaky bucket.
//!
//! Reads have deadlines of their own, per request. Without this one, a client that asks for a large answer
//! and reads nothing, or a byte now and then, would keep the answer in memory for ever.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep},
};

/// Minimum rate in bytes per second: each such amount written makes up for a second of waiting.
const BYTES_PER_SECOND: u64 = 4 * 1024;

/// A stream whose writes fail with `TimedOut` when the client reads too slowly.
///
/// A leaky bucket: time spent waiting for the client fills it, and every byte written drains it a little.
/// The write fails once the bucket holds more than `timeout`.
pub(super) struct WriteTimeout<S> {
    stream: S,
    timeout: Duration,
    waited: Duration,
    /// Set while a write is pending: when that began, and the deadline.
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl<S: AsyncWrite + Unpin> WriteTimeout<S> {
    pub(super) fn new(stream: S, timeout: Duration) -> Self {
        Self {
            stream,
            timeout,
            waited: Duration::ZERO,
            waiting: None,
        }
    }

    fn poll_with_deadline<T>(
        &mut self,
        cx: &mut Context<'_>,
        step: impl FnOnce(Pin<&mut S>, &mut Context<'_>) -> Poll<io::Result<T>>,
        taken: impl FnOnce(&T) -> usize,
    ) -> Poll<io::Result<T>> {
        if let Poll::Ready(done) = step(Pin::new(&mut self.stream), cx) {
            if let Some((since, _)) = self.waiting.take() {
                self.waited += since.elapsed();
            }
            let bytes = done.as_ref().map_or(0, taken) as u64;
            let made_up = Duration::from_micros(bytes * 1_000_000 / BYTES_PER_SECOND);
            self.waited = self.waited.saturating_sub(made_up);
            return Poll::Ready(done);
        }
        let rest = self.timeout.saturating_sub(self.waited);
        let (_, deadline) = self
            .waiting
            .get_or_insert_with(|| (Instant::now(), Box::pin(sleep(rest))));
        ready!(deadline.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for WriteTimeout<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for WriteTimeout<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_with_deadline(
            cx,
            |stream, cx| stream.poll_write(cx, bytes),
            |taken| *taken,
        )
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.poll_with_deadline(
            cx,
            |stream, cx| stream.poll_write_vectored(cx, bytes),
            |taken| *taken,
        )
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_with_deadline(cx, |stream, cx| stream.poll_flush(cx), |()| 0)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_with_deadline(cx, |stream, cx| stream.poll_shutdown(cx), |()| 0)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    /// Writes 256 KiB to a client that reads so many bytes after each pause.
    async fn write_to_slow_client(bytes: usize, pause: Duration) -> io::Result<()> {
        let (ours, mut theirs) = duplex(bytes);
        let client = tokio::spawn(async move {
            let mut taken = vec![0; bytes];
            while theirs.read_exact(&mut taken).await.is_ok() {
                sleep(pause).await;
            }
        });
        let mut stream = WriteTimeout::new(ours, Duration::from_secs(30));
        let written = stream.write_all(&vec![7; 256 * 1024]).await;
        client.abort();
        written
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_below_the_minimum_rate_is_disconnected_and_a_slow_one_is_not() {
        let second = Duration::from_secs(1);
        for (bytes, pause, expected) in [
            (1, second, false),
            (1, 29 * second, false),
            (1_024, second, false),
            (1_024, 40 * second, false),
            (8 * 1_024, second, true),
            (128 * 1_024, 29 * second, true),
            (32 * 1_024, 31 * second, false),
        ] {
            let written = write_to_slow_client(bytes, pause).await;
            assert_eq!(written.is_ok(), expected, "{bytes} bytes each {pause:?}");
        }
    }
}
