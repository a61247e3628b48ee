//! One endpoint: its address, what it wants to see, and how it is asked.

use std::fmt::{self, Display};
use std::str::FromStr;

use cruxboard_domain::sync::{Answer, Ask, Condition};
use web_sys::AbortController;

use crate::edge::http::{Answered, Asking, ask};
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
    /// Asks it, and waits for the answer; `None` when there is none. `on_part` is told how many bytes
    /// have come.
    pub(super) async fn send(
        &self,
        asked: &Ask,
        abort: &AbortController,
        on_part: &dyn Fn(usize),
    ) -> Option<Reply> {
        let mut asking = self.asking();
        let address;
        match asked {
            Ask::Get { tag, after } => {
                asking.method = "GET";
                if let Some(after) = after {
                    address = self.address_after(after);
                    asking.address = &address;
                }
                if let Some(tag) = tag {
                    asking.headers.push(("If-None-Match", tag.clone()));
                }
            }
            Ask::Put {
                condition, body, ..
            } => {
                asking.method = "PUT";
                asking.body = Some(body);
                match condition {
                    Condition::Absent => asking.headers.push(("If-None-Match", "*".into())),
                    Condition::Unchanged(tag) => asking.headers.push(("If-Match", tag.clone())),
                    Condition::None => {}
                }
            }
            Ask::Patch { body, .. } => {
                asking.method = "PATCH";
                asking.body = Some(body);
            }
            Ask::Pause(_) | Ask::Rest | Ask::Stop(_) => return None,
        }
        if asking.body.is_some() {
            asking
                .headers
                .push(("Content-Type", "application/json".into()));
        }
        ask(asking, abort, on_part).await.map(reply)
    }

    /// Asks it to answer only when there is something new, or after a while. `present`: who is here,
    /// for an endpoint that tells who else is.
    pub(super) async fn listen(
        &self,
        after: &str,
        present: Option<String>,
        abort: &AbortController,
    ) -> Option<Reply> {
        let address = self.address_after(after);
        let mut asking = self.asking();
        asking.method = "GET";
        asking.address = &address;
        asking
            .headers
            .push(("Prefer", format!("wait={LISTEN_SECONDS}")));
        asking
            .headers
            .extend(present.map(|present| ("Present", present)));
        ask(asking, abort, &|_| ()).await.map(reply)
    }

    /// Whether it refuses a write that goes by a tag it never gave. What is written is what it has.
    pub(super) async fn refuses_stale_writes(&self, body: &str, abort: &AbortController) -> bool {
        let put = Ask::Put {
            condition: Condition::Unchanged("\"cruxboard-asks-whether-this-is-refused\"".into()),
            body: body.to_owned(),
            count: 0,
        };
        let answer = self.send(&put, abort, &|_| ()).await;
        answer.is_some_and(|reply| matches!(reply.answer.status, 409 | 412 | 428))
    }

    pub(super) fn asking(&self) -> Asking<'_> {
        let EndpointDraft {
            address,
            header,
            value,
        } = &self.0;
        let mut headers = vec![("Accept", "application/json".to_owned())];
        if !header.is_empty() {
            headers.push((header, value.clone()));
        }
        Asking {
            address,
            headers,
            patience_millis: PATIENCE_MILLIS,
            ..Asking::default()
        }
    }

    fn address_after(&self, after: &str) -> String {
        let address = &self.0.address;
        let mark = if address.contains('?') { '&' } else { '?' };
        format!("{address}{mark}after={after}")
    }
}

/// What came back.
pub(super) struct Reply {
    pub(super) answer: Answer,
    /// Who else is there, where the endpoint tells.
    pub(super) present: Option<String>,
}

fn reply(answered: Answered) -> Reply {
    let present = answered.header("Present");
    let answer = Answer {
        status: answered.status,
        tag: answered.header("ETag"),
        cursor: answered.header("Cursor"),
        takes_patches: answered
            .header("Accept-Patch")
            .is_some_and(|kinds| kinds.contains("application/json")),
        retry_after_millis: answered
            .header("Retry-After")
            .and_then(|seconds| seconds.trim().parse::<u64>().ok())
            .map(|seconds| seconds.saturating_mul(1_000)),
        body: answered.body,
    };
    Reply { answer, present }
}
