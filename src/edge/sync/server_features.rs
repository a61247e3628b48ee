//! The features of our own server beyond keeping a board: tokens for guests, and hosted snapshots.

use serde_json::{Value, json};

use cruxboard_domain::ChangeId;
use cruxboard_domain::sync::{EndpointError, MOST_BYTES, refusal};

use super::endpoint::Endpoint;
use crate::edge::network::{self, HttpRequest, HttpResponse};
use crate::edge::{address, clock, settings};
use crate::session::{EndpointDraft, Kept, Linked, ServerAnswer, ServerWish};

const TIMEOUT_MILLIS: u64 = 30_000;
const DAY_SECS: u64 = 86_400;
const NO_ANSWER: &str = "The server does not answer. Nothing was changed; please try again later.";
const NOT_OURS: &str = "This endpoint keeps the board and nothing else.";

impl Endpoint {
    /// Asks the server for something, and then what it keeps of that kind. `link_of` spells links.
    ///
    /// # Errors
    /// A sentence that says why nothing came of it.
    pub(super) async fn wish(
        &self,
        board: ChangeId,
        wish: ServerWish,
        link_of: fn(Linked) -> String,
    ) -> Result<ServerAnswer, String> {
        let at_board = self.0.address.trim_end_matches('/');
        let tokens = format!("{at_board}/tokens");
        // Where the server's other addresses begin. Elsewhere nobody is asked for what they never
        // heard of.
        let root = at_board.strip_suffix(&format!("/boards/{board}"));
        let root = root.ok_or(NOT_OURS)?;
        let snapshots = format!("{root}/snapshots");
        let link = match wish {
            ServerWish::Invitations | ServerWish::Snapshots => String::new(),
            ServerWish::Invite {
                ref name,
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
                link_of(Linked::Invitation(EndpointDraft {
                    address: self.0.address.clone(),
                    header: "Authorization".to_owned(),
                    value: format!("Bearer {token}"),
                }))
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
        let listed = listed.as_array().ok_or(NOT_OURS)?;
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
    ) -> Result<Value, String> {
        let mut request = self.request(method, address);
        request.timeout_millis = TIMEOUT_MILLIS;
        if let Some((content_type, body)) = &body {
            request.body = Some(body);
            let content_type = (*content_type).to_owned();
            request.headers.push(("Content-Type", content_type));
        }
        let response = network::send(request, &|_| ()).await.ok_or(NO_ANSWER)?;
        match response.status {
            204 => Ok(Value::Null),
            200..=299 => {
                serde_json::from_str(&response.body).map_err(|_not_json| NOT_OURS.to_owned())
            }
            status => Err(why(status, &response)),
        }
    }
}

const NOT_REACHED: &str = "The server that keeps this snapshot does not answer. Check your connection, and open the link again later.";

/// What a server keeps under this name: the text of a sealed file. `at`: the server's address, empty
/// for the one that this page came from.
///
/// # Errors
/// A sentence that says why it cannot be had.
pub async fn hosted(at: &str, id: &str) -> Result<String, String> {
    let own = address::origin();
    let root = if at.is_empty() { &own } else { at };
    let address = format!("{}/snapshots/{id}", root.trim_end_matches('/'));
    let request = HttpRequest {
        method: "GET",
        address: &address,
        headers: vec![("Accept", "application/octet-stream".to_owned())],
        max_bytes: MOST_BYTES,
        timeout_millis: TIMEOUT_MILLIS,
        ..HttpRequest::default()
    };
    let response = network::send(request, &|_| ()).await.ok_or(NOT_REACHED)?;
    match response.status {
        200 => Ok(response.body),
        404 | 410 => Err(
            "It has expired, or whoever made it has taken it back. Ask them for a new link."
                .to_owned(),
        ),
        status => Err(format!(
            "The server that keeps this snapshot answered with the status {status}. Open the link again later."
        )),
    }
}

/// A server that is not ours answers in its own way to what it does not know.
fn why(status: u16, response: &HttpResponse) -> String {
    let is_problem = serde_json::from_str::<Value>(&response.body)
        .is_ok_and(|problem| problem.get("detail").is_some());
    if !is_problem && !matches!(status, 401 | 429 | 500..=599) {
        return NOT_OURS.to_owned();
    }
    match refusal(status, &response.body) {
        // What was asked of it is on the screen; its own words say the rest.
        EndpointError::Other(_, detail)
        | EndpointError::Forbidden(detail)
        | EndpointError::NoRoom(detail) => {
            format!("The server refused{detail}")
        }
        why => why.to_string(),
    }
}

fn text(value: &Value, name: &str) -> String {
    let text = value.get(name).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

fn millis(value: &Value, name: &str) -> Option<u64> {
    Some(value.get(name)?.as_u64()?.saturating_mul(1_000))
}

fn invitation(one: &Value) -> Kept {
    Kept {
        id: text(one, "id"),
        name: text(one, "note"),
        what: text(one, "rights"),
        ends_at: millis(one, "expires_at"),
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
        ends_at: millis(one, "expires_at"),
        is_revoked: false,
        link: link.unwrap_or_default().to_owned(),
    }
}

/// Keeps what the server cannot know, so that whoever made a snapshot finds it again: a line with id,
/// end, title and link. What has ended since is forgotten.
fn remember(board: ChangeId, made: &Value, title: &str, link: &str) {
    let now = clock::now_millis();
    let setting = settings::hosted(board);
    let known = setting.get().unwrap_or_default();
    let mut lines: Vec<String> = known
        .lines()
        .filter(|line| {
            let ends_at = line.split('\t').nth(1);
            let ends_at = ends_at.and_then(|ends_at| ends_at.parse::<u64>().ok());
            ends_at.is_some_and(|ends_at| now < ends_at)
        })
        .map(str::to_owned)
        .collect();
    let title = title.replace(['\t', '\n', '\r'], " ");
    let ends_at = millis(made, "expires_at").unwrap_or(now);
    lines.push(format!("{}\t{ends_at}\t{title}\t{link}", text(made, "id")));
    setting.set(&lines.join("\n"));
}
