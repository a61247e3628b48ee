//! The features of Cruxboard's own server beyond syncing: guest tokens and hosted snapshots.

use std::time::Duration;

use cruxboard_domain::translation::translated;
use cruxboard_domain::{Millis, t, translatable};
use cruxboard_session::ports::PortError;
use serde_json::{Value, json};

use cruxboard_domain::BoardId;
use cruxboard_domain::sync::{EndpointError, MOST_BYTES, refusal};

use super::endpoint::Endpoint;
use crate::network::{self, HttpRequest, HttpResponse};
use crate::{address, clock, settings};
use cruxboard_session::{EndpointDraft, Kept, Linked, ServerAnswer, ServerWish};

const TIMEOUT: Duration = Duration::from_secs(30);
const DAY_SECS: u64 = 86_400;
const NO_ANSWER: &str =
    translatable!("The server does not answer. Nothing was changed; please try again later.");
const NOT_OURS: &str = translatable!("This endpoint keeps the board and nothing else.");

impl Endpoint {
    /// Sends a request to the server, and then lists everything of that kind. `link_of` formats
    /// links.
    ///
    /// # Errors
    /// [`PortError`]: a sentence that says why the request failed.
    pub(super) async fn wish(
        &self,
        board: BoardId,
        wish: ServerWish,
        link_of: fn(Linked) -> String,
    ) -> Result<ServerAnswer, PortError> {
        let at_board = self.0.address.trim_end_matches('/');
        let tokens = format!("{at_board}/tokens");
        // The root of the server's other addresses. Other servers do not know these requests and
        // are not asked.
        let root = at_board.strip_suffix(&format!("/boards/{board}"));
        let root = root.ok_or_else(|| translated(NOT_OURS))?;
        let snapshots = format!("{root}/snapshots");
        let link = match wish {
            ServerWish::Invitations | ServerWish::Snapshots => String::new(),
            ServerWish::Invite {
                ref name,
                ref guest,
                may_write,
                days,
            } => {
                let wanted = json!({
                    "rights": if may_write { "write" } else { "read" },
                    "note": name,
                    "expires_in_secs": days.map(|days| u64::from(days) * DAY_SECS),
                });
                let wanted = Some(("application/json", wanted.to_string()));
                let made = self.call("POST", &tokens, wanted).await?;
                let token = text(&made, "token");
                link_of(Linked::Invitation {
                    endpoint: EndpointDraft {
                        address: self.0.address.clone(),
                        header: "Authorization".to_owned(),
                        value: format!("Bearer {token}"),
                    },
                    guest: guest.clone(),
                })
            }
            ServerWish::Revoke(ref id) => {
                self.call("DELETE", &format!("{tokens}/{id}"), None).await?;
                String::new()
            }
            ServerWish::Host {
                ref title,
                ref sealed,
                ref key,
                days,
            } => {
                let seconds = u64::from(days) * DAY_SECS;
                let to = format!("{snapshots}?expires_in_secs={seconds}");
                let sealed = Some(("application/octet-stream", sealed.clone()));
                let made = self.call("POST", &to, sealed).await?;
                let link = link_of(Linked::Snapshot {
                    at: if root == address::origin() { "" } else { root }.to_owned(),
                    id: text(&made, "id"),
                    key: key.clone(),
                });
                remember(board, &made, title, &link);
                link
            }
            ServerWish::TakeBack(ref id) => {
                self.call("DELETE", &format!("{snapshots}/{id}"), None)
                    .await?;
                String::new()
            }
        };
        let are_invitations = matches!(
            wish,
            ServerWish::Invitations | ServerWish::Invite { .. } | ServerWish::Revoke(_)
        );
        let from = if are_invitations { tokens } else { snapshots };
        let listed = self.call("GET", &from, None).await?;
        let listed = listed.as_array().ok_or_else(|| translated(NOT_OURS))?;
        let known = settings::hosted(board).get().unwrap_or_default();
        let mut kept: Vec<Kept> = listed
            .iter()
            .map(|one| match are_invitations {
                true => invitation(one),
                false => snapshot(one, &known),
            })
            .collect();
        kept.reverse();
        Ok(ServerAnswer { link, kept })
    }

    async fn call(
        &self,
        method: &str,
        address: &str,
        body: Option<(&str, String)>,
    ) -> Result<Value, PortError> {
        let mut request = self.request(method, address);
        request.timeout = TIMEOUT;
        if let Some((content_type, body)) = &body {
            request.body = Some(body);
            let content_type = (*content_type).to_owned();
            request.headers.push(("Content-Type", content_type));
        }
        let response = network::send(request, &|_| ()).await;
        let response = response.ok_or_else(|| translated(NO_ANSWER))?;
        match response.status {
            204 => Ok(Value::Null),
            200..=299 => serde_json::from_str(&response.body)
                .map_err(|_not_json| translated(NOT_OURS).into()),
            status => Err(why(status, &response).into()),
        }
    }
}

/// Fetches the text of an encrypted snapshot from a server. `at` is the server's address; empty for
/// the one that this page came from.
///
/// # Errors
/// [`PortError`]: a sentence that says why the snapshot cannot be fetched.
pub async fn hosted(at: &str, id: &str) -> Result<String, PortError> {
    let own = address::origin();
    let root = if at.is_empty() { &own } else { at };
    let address = format!("{}/snapshots/{id}", root.trim_end_matches('/'));
    let request = HttpRequest {
        method: "GET",
        address: &address,
        headers: vec![("Accept", "application/octet-stream".to_owned())],
        max_bytes: MOST_BYTES,
        timeout: TIMEOUT,
        ..HttpRequest::default()
    };
    let response = network::send(request, &|_| ()).await;
    let response = response.ok_or_else(|| {
        t!("The server that keeps this snapshot does not answer. Check your connection, and open the link again later.")
    })?;
    match response.status {
        200 => Ok(response.body),
        404 | 410 => Err(
            t!("It has expired, or whoever made it has taken it back. Ask them for a new link.")
                .into(),
        ),
        status => Err(t!(
            "The server that keeps this snapshot answered with the status {status}. Open the link again later.",
            status
        )
        .into()),
    }
}

/// Describes a refused request. Other servers answer unknown requests in their own ways.
fn why(status: u16, response: &HttpResponse) -> String {
    let is_problem = serde_json::from_str::<Value>(&response.body)
        .is_ok_and(|problem| problem.get("detail").is_some());
    if !is_problem && !matches!(status, 401 | 429 | 500..=599) {
        return translated(NOT_OURS).to_owned();
    }
    match refusal(status, &response.body) {
        // The screen shows the request, so the server's own message is enough.
        EndpointError::Other(_, detail)
        | EndpointError::Forbidden(detail)
        | EndpointError::NoRoom(detail) => {
            t!("The server refused{detail}", detail)
        }
        why => why.to_string(),
    }
}

fn text(value: &Value, name: &str) -> String {
    let text = value.get(name).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

fn moment(value: &Value, name: &str) -> Option<Millis> {
    let seconds = value.get(name)?.as_u64()?;
    Some(Millis(seconds.saturating_mul(1_000)))
}

fn invitation(one: &Value) -> Kept {
    Kept {
        id: text(one, "id"),
        name: text(one, "note"),
        what: text(one, "rights"),
        ends_at: moment(one, "expires_at"),
        is_revoked: one.get("revoked_at").is_some(),
        link: String::new(),
    }
}

fn snapshot(one: &Value, known: &str) -> Kept {
    let id = text(one, "id");
    let mut known = known.lines().map(|line| line.split('\t'));
    let known = known
        .find_map(|mut parts| (parts.next() == Some(&id)).then(|| (parts.nth(1), parts.next())));
    let (name, link) = known.unwrap_or_default();
    let bytes = one.get("bytes").and_then(Value::as_u64).unwrap_or_default();
    Kept {
        id,
        name: name.unwrap_or_default().to_owned(),
        what: format!("{} kB", bytes.div_ceil(1_000)),
        ends_at: moment(one, "expires_at"),
        is_revoked: false,
        link: link.unwrap_or_default().to_owned(),
    }
}

/// Stores the facts about a snapshot that the server cannot know, so that its creator finds it
/// again. Each snapshot is a line with id, end, title and link. Expired ones are removed.
fn remember(board: BoardId, made: &Value, title: &str, link: &str) {
    let now = clock::now_millis();
    let setting = settings::hosted(board);
    let known = setting.get().unwrap_or_default();
    let mut lines: Vec<String> = known
        .lines()
        .filter(|line| {
            let ends_at = line.split('\t').nth(1);
            let ends_at = ends_at.and_then(|ends_at| ends_at.parse::<Millis>().ok());
            ends_at.is_some_and(|ends_at| now < ends_at)
        })
        .map(str::to_owned)
        .collect();
    let title = title.replace(['\t', '\n', '\r'], " ");
    let ends_at = moment(made, "expires_at").unwrap_or(now);
    lines.push(format!("{}\t{ends_at}\t{title}\t{link}", text(made, "id")));
    setting.set(&lines.join("\n"));
}
