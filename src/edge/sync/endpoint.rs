//! One endpoint: its address, what it wants to see, and how it is asked.

use std::fmt::{self, Display};
use std::str::FromStr;

use cruxboard_domain::sync::{Answer, Ask, Request, Sync};
use web_sys::AbortController;

use crate::edge::http::{Asking, ask};
use crate::session::EndpointDraft;

const PATIENCE_MILLIS: u64 = 60_000;
/// How long an endpoint is asked to wait for something new, in seconds.
const LISTEN_SECONDS: u64 = 25;

/// Where a board is kept in step, as this browser remembers it: three lines of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(pub EndpointDraft);

impl Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let EndpointDraft {
            address,
            header,
            value,
        } = &self.0;
        write!(f, "{address}\n{header}\n{value}")
    }
}

impl FromStr for Endpoint {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut lines = text.splitn(3, '\n').map(str::to_owned);
        let mut line = || lines.next().ok_or(());
        Ok(Self(EndpointDraft {
            address: line()?,
            header: line()?,
            value: line()?,
        }))
    }
}

impl Endpoint {
    /// Asks it, and waits for the answer; `None` when there is none.
    pub(super) async fn send(&self, asked: &Ask, abort: &AbortController) -> Option<Answer> {
        self.carry(Request::of(asked, &self.0.address)?, abort)
            .await
    }

    /// Asks it to answer only when there is something new, or after a while.
    pub(super) async fn listen(&self, asked: &Ask, abort: &AbortController) -> Option<Answer> {
        let request = Request::of(asked, &self.0.address)?;
        self.carry(request.waiting(LISTEN_SECONDS), abort).await
    }

    /// Whether it refuses a write that goes by a tag it never gave. What is written is what it has,
    /// as it stood in `body`.
    pub(super) async fn refuses_stale_writes(&self, body: &str, abort: &AbortController) -> bool {
        let answer = self.send(&Sync::stale_write(body), abort).await;
        answer.is_some_and(|answer| matches!(answer.status, 409 | 412 | 428))
    }

    async fn carry(&self, request: Request<'_>, abort: &AbortController) -> Option<Answer> {
        let EndpointDraft { header, value, .. } = &self.0;
        let mut headers: Vec<(&str, String)> = request.headers;
        if !header.is_empty() {
            headers.push((header, value.clone()));
        }
        let asking = Asking {
            method: request.method,
            address: &request.address,
            headers,
            body: request.body,
            patience_millis: PATIENCE_MILLIS,
        };
        let answered = ask(asking, abort).await?;
        let answer = Answer::of(answered.status, &|name| answered.header(name));
        Some(Answer {
            body: answered.body,
            ..answer
        })
    }
}
