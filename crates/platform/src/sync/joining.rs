//! Joining a board that is stored at an endpoint.

use super::Syncing;
use super::endpoint::Reply;
use super::run::Seed;
use super::{Endpoint, NO_ANSWER};
use crate::settings;
use cruxboard_domain::document::Document;
use cruxboard_domain::log::Entry;
use cruxboard_domain::sync::{Sync, SyncRequest, refusal};
use cruxboard_domain::t;
use cruxboard_domain::translation::translated;
use cruxboard_domain::{BoardId, ChangeId};
use cruxboard_session::EndpointDraft;
use cruxboard_session::ports::PortError;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// A board to join, as read from its endpoint.
#[derive(Clone)]
pub(super) struct Joining {
    pub(super) endpoint: Endpoint,
    pub(super) seed: Seed,
    pub(super) document: Document,
}

/// The outcome of joining.
pub enum Joined {
    /// The board is open and syncs with the endpoint.
    Open(BoardId),
    /// This browser has the board already. The sentences describe the effect of joining, for the
    /// person to confirm. Nothing has changed yet.
    Asks(Vec<String>),
}

/// Reads a whole board for somebody who joins it.
pub(super) async fn read_to_join(
    endpoint: Endpoint,
    on_progress: &dyn Fn(usize),
) -> Result<Joining, PortError> {
    let get = SyncRequest::Get {
        tag: None,
        after: None,
    };
    let reply = endpoint.send(&get, on_progress).await;
    let Reply { answer, present } = reply.ok_or_else(|| translated(NO_ANSWER))?;
    match answer.status {
        200 if !answer.body.is_empty() => {}
        200 | 204 | 404 | 410 => return Err(t!("There is no board at that address.").into()),
        status => return Err(refusal(status, &answer.body).to_string().into()),
    }
    let (sync, document) = Sync::joined(answer).map_err(|refused| refused.to_string())?;
    if document.entries.is_empty() && sync.ahead() > 0 {
        return Err(t!("Everything on that board is dated more than 30 days ahead of this device’s clock. Set the clock right, and join again.").into());
    }
    Ok(Joining {
        endpoint,
        seed: Seed { sync, present },
        document,
    })
}

impl Syncing {
    /// Fetches the board at an endpoint and connects it. `is_sure` confirms joining a board that is
    /// here already with another endpoint or none. `on_progress` is called with the number of bytes
    /// so far.
    ///
    /// # Errors
    /// [`PortError`]: a sentence that says why joining failed; nothing has changed then.
    pub async fn join(
        self,
        draft: EndpointDraft,
        is_sure: bool,
        on_progress: &dyn Fn(usize),
    ) -> Result<Joined, PortError> {
        let endpoint = Endpoint(draft);
        let read = self.joining.try_update_value(Option::take).flatten();
        let read = read.filter(|read| is_sure && read.endpoint == endpoint);
        let joining = match read {
            Some(read) => read,
            None => read_to_join(endpoint, on_progress).await?,
        };
        let board = joining.document.board;
        if !is_sure && let Some(words) = self.would_change(&joining).await {
            self.joining.set_value(Some(joining));
            return Ok(Joined::Asks(words));
        }
        let (endpoint, document) = (joining.endpoint.clone(), joining.document.clone());
        // Stored before the board is opened, so that it syncs from the first moment and is not read
        // again.
        settings::endpoint(board).set(&endpoint);
        self.joining.set_value(Some(joining));
        let was_open = self.session.open.get_untracked() == Some(board);
        self.persistence.import_document(document).await;
        if was_open {
            self.follow(Some(board));
        }
        Ok(Joined::Open(board))
    }

    /// Describes the effect of joining on a board that is here already. `None` if the board is not
    /// here, or syncs with that address already.
    pub(super) async fn would_change(self, joining: &Joining) -> Option<Vec<String>> {
        let board = joining.document.board;
        let to = &joining.endpoint.0.address;
        let now = settings::endpoint(board).get().map(|it| it.0.address);
        if now.as_ref() == Some(to) {
            return None;
        }
        let here = self.ids_here(board).await;
        if here.is_empty() && now.is_none() {
            return None;
        }
        let there: BTreeSet<ChangeId> = joining.document.entries.iter().map(Entry::id).collect();
        let sent = here.difference(&there).count();
        let new = there.difference(&here).count();
        Some(vec![
            match now {
                None => {
                    t!("This board is here already. It is stored in this browser only.").to_owned()
                }
                Some(now) => t!("This board is here already. It syncs with {now}.", now),
            },
            t!(
                "Joining keeps it in step with {to} instead: {new} changes from there would come here, and {sent} from here would be sent there.",
                to,
                new,
                sent
            ),
        ])
    }

    /// Returns the ids of a board's changes in this browser.
    pub(super) async fn ids_here(self, board: BoardId) -> BTreeSet<ChangeId> {
        if self.session.open.get_untracked() == Some(board) {
            return self
                .session
                .read_untracked(|board| board.log().entries().map(Entry::id).collect());
        }
        let loaded = self.persistence.journal().load(board).await;
        let loaded = loaded.unwrap_or_default();
        if loaded.is_forgotten {
            return BTreeSet::new();
        }
        loaded.entries.iter().map(Entry::id).collect()
    }
}
