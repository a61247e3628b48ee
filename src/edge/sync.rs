//! Keeps the open board in step with its endpoint, where it has one.
//!
//! What to ask and what answers mean is for `cruxboard_domain::sync`; here are the network, the clock
//! and what this browser remembers of each board's endpoint.

mod endpoint;
mod run;
pub mod server_features;
mod tab_channel;

use std::collections::BTreeSet;
use std::rc::Rc;

use cruxboard_domain::ChangeId;
use cruxboard_domain::document::Document;
use cruxboard_domain::log::Entry;
use cruxboard_domain::sync::{
    EndpointError, Standing, Sync, SyncRequest, check_credential, clock_skew_in_words, open,
    refusal,
};
use cruxboard_domain::text::counted;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

pub use self::endpoint::Endpoint;
use self::endpoint::Reply;
use self::run::{Run, Seed};
use self::tab_channel::{TabChannel, TabMessage};
use super::persistence::Persistence;
use super::settings;
use crate::session::{EndpointDraft, Linked, ServerAnswer, ServerWish, Session, SyncState, Tested};

const ONLY_READS: &str =
    "It is read-only for you: changes by others arrive here, and yours stay in this browser.";
const NO_WRITES: &str =
    "It answers reads, not writes: the server has to allow PUT from this page (CORS).";
const BUSY: &str = "The endpoint is busy or has a fault. Please try again later.";
const NO_ANSWER: &str = "There was no answer: the address may be wrong, the network may be down, \
    or the server may not allow pages from elsewhere (CORS).";

/// The session's way to the endpoint of whatever board is open. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Syncing {
    session: Session,
    persistence: Persistence,
    running: StoredValue<Option<Rc<Run>>, LocalStorage>,
    tabs: StoredValue<Option<Rc<TabChannel>>, LocalStorage>,
    /// The board read while joining.
    joining: StoredValue<Option<Joining>, LocalStorage>,
}

/// A board that somebody joins, as it was read at its endpoint.
#[derive(Clone)]
struct Joining {
    endpoint: Endpoint,
    seed: Seed,
    document: Document,
}

/// The outcome of joining.
pub enum Joined {
    /// The board is open, and kept in step.
    Open(ChangeId),
    /// It is here already: what joining would change, to be asked first. Nothing has changed yet.
    Asks(Vec<String>),
}

impl Syncing {
    /// Begins to follow which board is open. Must be called where the session was made.
    #[must_use]
    pub fn start(session: Session, persistence: Persistence) -> Self {
        let syncing = Self {
            session,
            persistence,
            running: StoredValue::new_local(None),
            tabs: StoredValue::new_local(None),
            joining: StoredValue::new_local(None),
        };
        let tabs = TabChannel::open(Rc::new(move |board, message| {
            syncing.on_tab_message(board, message);
        }));
        syncing.tabs.set_value(Some(Rc::new(tabs)));
        Effect::new(move |_| syncing.follow(session.open.get()));
        let setting = settings::shows_presence();
        session
            .sync
            .shows_presence
            .set(setting.get().unwrap_or(true));
        Effect::new(move |_| {
            session.follow_all();
            session.me.track();
            session.sync.shows_presence.track();
            syncing.with_run(Run::on_change);
        });
        Effect::new(move |_| setting.set(&session.sync.shows_presence.get()));
        Effect::new(move |_| {
            let status = session.sync;
            status.state.track();
            status.records.track();
            status.present.track();
            syncing.with_run(Run::on_shown);
        });
        // A page that is left may be kept for the back button, with all that it was waiting for: nobody
        // is there any more, and another tab can take over.
        std::mem::forget(window_event_listener(ev::pagehide, move |_| {
            syncing.with_run(Run::end);
        }));
        std::mem::forget(window_event_listener(ev::pageshow, move |event| {
            if event.persisted() {
                syncing.follow(session.open.get_untracked());
            }
        }));
        // Another tab has given the board another endpoint, or none. Local storage says so itself, when
        // this tab can read it: a message could come before that.
        std::mem::forget(window_event_listener(ev::storage, move |event| {
            let board = session.open.get_untracked();
            let is_its = |board| {
                event
                    .key()
                    .is_some_and(|key| settings::endpoint(board).is_at(&key))
            };
            if board.is_some_and(is_its) {
                syncing.follow(board);
            }
        }));
        std::mem::forget(window_event_listener(ev::online, move |_| {
            syncing.with_run(Run::look_again);
        }));
        std::mem::forget(window_event_listener(ev::visibilitychange, move |_| {
            if !document().hidden() {
                syncing.with_run(Run::on_change);
            }
        }));
        std::mem::forget(window_event_listener(ev::focus, move |_| {
            syncing.with_run(Run::on_change);
        }));
        syncing
    }

    /// Keeps the open board in step with this endpoint from now on.
    pub fn connect(self, draft: EndpointDraft) {
        if let Some(board) = self.session.open.get_untracked() {
            settings::endpoint(board).set(&Endpoint(draft));
            self.follow(Some(board));
        }
    }

    /// Brings the board at an address here, and keeps it in step from now on. `is_sure`: also where the board is
    /// here already with another address, or none. `on_progress` is called with the number of bytes so far.
    ///
    /// # Errors
    /// A sentence that says why it did not come; nothing has changed then.
    pub async fn join(
        self,
        draft: EndpointDraft,
        is_sure: bool,
        on_progress: &dyn Fn(usize),
    ) -> Result<Joined, String> {
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
        // Before it is opened, so that it is in step from its first moment, and need not be read again.
        settings::endpoint(board).set(&endpoint);
        self.joining.set_value(Some(joining));
        let was_open = self.session.open.get_untracked() == Some(board);
        self.persistence.import_document(document).await;
        if was_open {
            self.follow(Some(board));
        }
        Ok(Joined::Open(board))
    }

    /// What joining would change for a board that is here already; `None`: it is not here, or in step with that
    /// address.
    async fn would_change(self, joining: &Joining) -> Option<Vec<String>> {
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
        let now = now.map_or_else(
            || "It is stored in this browser only.".to_owned(),
            |now| format!("It syncs with {now}."),
        );
        Some(vec![
            format!("This board is here already. {now}"),
            format!(
                "Joining keeps it in step with {to} instead: {new} changes from there would come here, and {sent} from here would be sent there."
            ),
        ])
    }

    /// The changes of a board that are in this browser.
    async fn ids_here(self, board: ChangeId) -> BTreeSet<ChangeId> {
        if self.session.open.get_untracked() == Some(board) {
            return self
                .session
                .with(|board| board.log().entries().map(Entry::id).collect());
        }
        let loaded = self.persistence.journal().load(board).await;
        let loaded = loaded.unwrap_or_default();
        if loaded.is_forgotten {
            return BTreeSet::new();
        }
        loaded.entries.iter().map(Entry::id).collect()
    }

    /// Leaves the open board's endpoint alone from now on. What is there stays there.
    pub fn disconnect(self) {
        if let Some(board) = self.session.open.get_untracked() {
            settings::endpoint(board).clear();
            self.follow(Some(board));
        }
    }

    /// Asks the open board's server for something. `link_of` spells links.
    ///
    /// # Errors
    /// A sentence that says why nothing came of it.
    pub async fn wish(
        self,
        wish: ServerWish,
        link_of: fn(Linked) -> String,
    ) -> Result<ServerAnswer, String> {
        let board = self.session.open.get_untracked();
        let endpoint = board.and_then(|board| Some((board, settings::endpoint(board).get()?)));
        let (board, endpoint) = endpoint.ok_or("This board is stored in this browser only.")?;
        endpoint.wish(board, wish, link_of).await
    }

    /// Looks at once.
    pub fn sync_now(self) {
        self.with_run(Run::look_again);
    }

    /// Says what is at an address, and what connecting would do; changes nothing.
    pub async fn test(self, draft: EndpointDraft) -> Tested {
        let Some(board) = self.session.open.get_untracked() else {
            return Tested::default();
        };
        let endpoint = Endpoint(draft);
        let mut sync = Sync::new(board);
        let ask = self.session.with(|board| sync.next(board.log()));
        let Some(reply) = endpoint.send(&ask, &|_| ()).await else {
            return said(vec![NO_ANSWER.into()], false);
        };
        let answer = reply.answer;
        let (body, can_patch) = (answer.body.clone(), answer.takes_patches);
        let is_there = answer.status == 200 && !body.trim().is_empty();
        let theirs = sync.answered(answer, 0.0);
        if let Standing::Refused(why) = sync.standing() {
            return said(vec![refusal_in_words(why, &body)], false);
        }
        if *sync.standing() != Standing::Reached {
            return said(vec![BUSY.into()], false);
        }
        let (ours, new) = self.session.with(|board| {
            let new = theirs
                .iter()
                .filter(|entry| board.log().entry(entry.id()).is_none());
            (sync.waiting(board.log()), new.count())
        });
        let mut words = vec![if is_there {
            let there = theirs.len();
            let there = counted(there, "change", "changes");
            if (new, ours) == (0, 0) {
                format!("This board is there, with the same {there} as here.")
            } else {
                format!(
                    "This board has been connected to that address before: it is there, with {there}. Connecting brings {new} of them here and sends {ours}."
                )
            }
        } else {
            let ours = counted(ours, "change", "changes");
            format!("Nothing is there yet. Connecting puts this board there, with {ours}.")
        }];
        words.extend(sync.clock_skew_millis().and_then(clock_skew_in_words));
        if can_patch {
            words.push("It accepts single changes, and announces new ones at once.".into());
            if sync.reads_only() {
                words.push(ONLY_READS.into());
            }
            return said(words, true);
        }
        // Whether it may be written to: what is there already is sent once more with a tag that it cannot
        // have, or a document without changes where nothing is.
        let probe = match is_there {
            true => Sync::stale_write(&body),
            false => sync.probe(),
        };
        let probed = endpoint.send(&probe, &|_| ()).await;
        let Some(probed) = probed else {
            return match is_there {
                true => said(
                    [words, vec![NO_WRITES.into(), ONLY_READS.into()]].concat(),
                    true,
                ),
                false => said(vec![NO_WRITES.into()], false),
            };
        };
        match probed.answer.status {
            401 | 403 | 405 | 501 if !is_there => {
                let status = probed.answer.status;
                let why = format!("It answers reads, not writes (it refused with the status {status}): allow PUT there, or put in another credential.");
                return said(vec![why], false);
            }
            401 | 403 | 405 | 501 => words.push(ONLY_READS.into()),
            409 | 412 | 428 => words.push("It refuses writes that would overwrite somebody else’s changes. It is checked for changes every 15 seconds.".into()),
            200..=299 => words.push("It cannot refuse writes that overwrite somebody else’s changes: after each write the app checks whether anything was lost, and sends it again.".into()),
            _ => {}
        }
        said(words, true)
    }

    fn with_run(self, run: impl FnOnce(&Run)) {
        // A copy, so that what runs may end it.
        let running = self.running.try_get_value().flatten();
        if let Some(running) = running {
            run(&running);
        }
    }

    fn on_tab_message(self, board: ChangeId, message: TabMessage) {
        if self.session.open.get_untracked() != Some(board) {
            return;
        }
        match message {
            TabMessage::Unredacted(pardon) => self.persistence.show_unredacted(board, &pardon),
            TabMessage::StatusWanted { at_once } => {
                self.with_run(|run| run.on_status_wanted(at_once));
            }
            TabMessage::Status(status) => self.with_run(|run| run.on_status(status)),
        }
    }

    fn follow(self, board: Option<ChangeId>) {
        self.with_run(Run::end);
        let endpoint = board.and_then(|board| Some((board, settings::endpoint(board).get()?)));
        let status = self.session.sync;
        status.records.set(Vec::new());
        status.address.set(
            endpoint
                .as_ref()
                .map(|(_, endpoint)| endpoint.0.address.clone()),
        );
        status.present.set(Vec::new());
        let tabs = self.tabs.try_get_value().flatten();
        status.clock.set(Vec::new());
        if let Some((_, Endpoint(draft))) = &endpoint
            && let Err(problem) = check_credential(&draft.header, &draft.value, false)
        {
            self.running.set_value(None);
            return status.state.set(SyncState::Refused(problem.to_string()));
        }
        let run = endpoint.zip(tabs).map(|((board, endpoint), tabs)| {
            let joined = self.joining.try_update_value(Option::take).flatten();
            let joined = joined.filter(|joined| joined.document.board == board);
            let seed = joined.filter(|joined| joined.endpoint == endpoint);
            let seed = seed.map(|joined| joined.seed);
            Run::new(
                (self.session, self.persistence),
                board,
                endpoint,
                seed,
                tabs,
            )
        });
        self.running.set_value(run.clone());
        match run {
            Some(run) => spawn_local(run.run()),
            None => status.state.set(SyncState::Off),
        }
    }
}

/// Reads a whole board for somebody who joins it.
async fn read_to_join(endpoint: Endpoint, on_progress: &dyn Fn(usize)) -> Result<Joining, String> {
    let get = SyncRequest::Get {
        tag: None,
        after: None,
    };
    let reply = endpoint.send(&get, on_progress).await;
    let Reply { answer, present } = reply.ok_or(NO_ANSWER)?;
    match answer.status {
        200 if !answer.body.is_empty() => {}
        200 | 204 | 404 | 410 => return Err("There is no board at that address.".to_owned()),
        status => return Err(refusal(status, &answer.body).to_string()),
    }
    let (sync, document) = Sync::joined(answer).map_err(|refused| refused.to_string())?;
    if document.entries.is_empty() && sync.ahead() > 0 {
        return Err("Everything on that board is dated more than 30 days ahead of this device’s clock. Set the clock right, and join again.".to_owned());
    }
    Ok(Joining {
        endpoint,
        seed: Seed { sync, present },
        document,
    })
}

fn said(words: Vec<String>, can_connect: bool) -> Tested {
    Tested { words, can_connect }
}

/// Of another board one can at least say which.
fn refusal_in_words(why: &EndpointError, body: &str) -> String {
    let is_another = *why == EndpointError::AnotherBoard;
    let another = is_another.then(|| Document::from_json(open(body).document));
    match another {
        Some(Ok(document)) => format!(
            "Another board is there, with {}. Choose another address.",
            counted(document.entries.len(), "change", "changes")
        ),
        _ => why.to_string(),
    }
}
