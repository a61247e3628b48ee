//! An endpoint: its address, its credential, and how requests are sent to it.

use std::fmt::{self, Display};
use std::str::FromStr;

use cruxboard_domain::sync::{MOST_BYTES, Request, SyncRequest, SyncResponse, patience};

use crate::clock;
use crate::network::{self, HttpRequest};
use cruxboard_session::EndpointDraft;

/// Time that an endpoint is asked to wait for new changes (long polling), in seconds.
const LISTEN_SECONDS: u64 = 25;

/// The endpoint of a board as stored in this browser: three lines of text.
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
    /// Sends a request and returns the response; `None` if there is none. `on_progress` is called
    /// with the number of bytes so far. Dropping the future aborts the request.
    pub(super) async fn send(
        &self,
        asked: &SyncRequest,
        on_progress: &dyn Fn(usize),
    ) -> Option<Reply> {
        let request = Request::of(asked, &self.0.address)?;
        self.exchange(request, None, on_progress).await
    }

    /// Sends a long-polling request: the endpoint answers when there is something new, or after a
    /// while. `present` announces this person to an endpoint that reports presence.
    pub(super) async fn listen(
        &self,
        asked: &SyncRequest,
        present: Option<String>,
    ) -> Option<Reply> {
        let request = Request::of(asked, &self.0.address)?.waiting(LISTEN_SECONDS);
        self.exchange(request, present, &|_| ()).await
    }

    /// Returns a request to another address of the same server, with the credential.
    pub(super) fn request<'a>(&'a self, method: &'a str, address: &'a str) -> HttpRequest<'a> {
        HttpRequest {
            method,
            address,
            headers: self.signed(vec![("Accept", "application/json".to_owned())]),
            max_bytes: MOST_BYTES,
            timeout: patience(0),
            body: None,
        }
    }

    async fn exchange(
        &self,
        request: Request<'_>,
        present: Option<String>,
        on_progress: &dyn Fn(usize),
    ) -> Option<Reply> {
        let mut headers: Vec<(&str, String)> = request.headers;
        headers.extend(present.map(|present| ("Present", present)));
        let request = HttpRequest {
            method: request.method,
            address: &request.address,
            headers: self.signed(headers),
            body: request.body,
            max_bytes: MOST_BYTES,
            timeout: patience(request.body.map_or(0, str::len)),
        };
        let response = network::send(request, on_progress).await?;
        let answer = SyncResponse::of(
            response.status,
            &|name| response.header(name),
            clock::now_millis(),
        );
        Some(Reply {
            present: response.header("Present"),
            answer: SyncResponse {
                body: response.body,
                is_too_long: response.is_too_long,
                ..answer
            },
        })
    }

    fn signed<'a>(&'a self, mut headers: Vec<(&'a str, String)>) -> Vec<(&'a str, String)> {
        let EndpointDraft { header, value, .. } = &self.0;
        if !header.is_empty() {
            headers.push((header, value.clone()));
        }
        headers
    }
}

/// A response, with the presence reported in it.
pub(super) struct Reply {
    pub(super) answer: SyncResponse,
    /// The others who have the board open, if the endpoint reports presence.
    pub(super) present: Option<String>,
}
