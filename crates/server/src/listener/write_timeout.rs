//! A connection that is given up when its client takes too little for too long.
//!
//! Reading has its own deadlines, per request; without this one, somebody who asks for a large answer
//! and never reads it, or a byte now and then, would hold it in memory for as long as they like.

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

/// Bytes that make up for a second of waiting: what the slowest line of today carries in one.
const BYTES_A_SECOND: u64 = 4 * 1024;

/// A leaky bucket: it fills with the time that the client lets us wait, and every byte that it takes lets
/// a little out. Once it holds more than `patience`, the connection has ended.
pub(super) struct Patient<S> {
    stream: S,
    patience: Duration,
    waited: Duration,
    /// Set while the client takes nothing: since when, and how long it still may.
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl<S: AsyncWrite + Unpin> Patient<S> {
    pub(super) fn new(stream: S, patience: Duration) -> Self {
        Self {
            stream,
            patience,
            waited: Duration::ZERO,
            waiting: None,
        }
    }

    fn wait_for<T>(
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
            let made_up = Duration::from_micros(bytes * 1_000_000 / BYTES_A_SECOND);
            self.waited = self.waited.saturating_sub(made_up);
            return Poll::Ready(done);
        }
        let rest = self.patience.saturating_sub(self.waited);
        let (_, deadline) = self
            .waiting
            .get_or_insert_with(|| (Instant::now(), Box::pin(sleep(rest))));
        ready!(deadline.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.wait_for(
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
        self.wait_for(
            cx,
            |stream, cx| stream.poll_write_vectored(cx, bytes),
            |taken| *taken,
        )
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.wait_for(cx, |stream, cx| stream.poll_flush(cx), |()| 0)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.wait_for(cx, |stream, cx| stream.poll_shutdown(cx), |()| 0)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    /// How an answer ends whose client takes so many bytes after each pause.
    async fn ends(bytes: usize, pause: Duration) -> io::Result<()> {
        let (ours, mut theirs) = duplex(bytes);
        let client = tokio::spawn(async move {
            let mut taken = vec![0; bytes];
            while theirs.read_exact(&mut taken).await.is_ok() {
                sleep(pause).await;
            }
        });
        let mut patient = Patient::new(ours, Duration::from_secs(30));
        let written = patient.write_all(&vec![7; 256 * 1024]).await;
        client.abort();
        written
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_takes_a_little_now_and_then_is_let_go_and_a_slow_one_is_not() {
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
            let written = ends(bytes, pause).await;
            assert_eq!(written.is_ok(), expected, "{bytes} bytes each {pause:?}");
        }
    }
}
