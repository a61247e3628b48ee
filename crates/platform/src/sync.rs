//! Syncs the open board with its endpoint, if it has one.
//!
//! The protocol (requests and the meaning of responses) is in `cruxboard_domain::sync`. This module
//! has the network, the clock and this browser's settings of each board's endpoint.

mod endpoint;
mod joining;
mod run;
pub mod server_features;
mod tab_channel;

use cruxboard_domain::translation::translated;
use cruxboard_domain::{t, tn, translatable};
use cruxboard_session::ports::PortError;
use std::rc::Rc;

use cruxboard_domain::BoardId;
use cruxboard_domain::document::Document;
use cruxboard_domain::sync::{
    EndpointError, Standing, Sync, check_credential, clock_skew_in_words, open,
};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

pub use self::endpoint::Endpoint;
pub use self::joining::Joined;
use self::joining::Joining;
use self::run::Run;
use self::tab_channel::{TabChannel, TabMessage};
use super::persistence::Persistence;
use super::settings;
use cruxboard_session::{
    EndpointDraft, Linked, ServerAnswer, ServerWish, Session, SyncState, Tested,
};

const ONLY_READS: &str = translatable!(
    "It is read-only for you: changes by others arrive here, and yours stay in this browser."
);
const NO_WRITES: &str = translatable!(
    "It answers reads, not writes: the server has to allow PUT from this page (CORS)."
);
const NO_ANSWER: &str = translatable!(
    "There was no answer: the address may be wrong, the network may be down, or the server may not allow pages from elsewhere (CORS)."
);

/// Connects the session to the endpoint of the open board. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Syncing {
    session: Session,
    persistence: Persistence,
    running: StoredValue<Option<Rc<Run>>, LocalStorage>,
    tabs: StoredValue<Option<Rc<TabChannel>>, LocalStorage>,
    /// The board read while joining.
    joining: StoredValue<Option<Joining>, LocalStorage>,
}

impl Syncing {
    /// Starts to follow which board is open. Must be called under the session's owner.
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
            session.track_all();
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
        // A page that is left may go into the back-forward cache with its pending requests. It ends
        // its run, so that another tab can take over.
        std::mem::forget(window_event_listener(ev::pagehide, move |_| {
            syncing.with_run(Run::end);
        }));
        std::mem::forget(window_event_listener(ev::pageshow, move |event| {
            if event.persisted() {
                syncing.follow(session.open.get_untracked());
            }
        }));
        // Another tab has changed or removed the board's endpoint. The storage event is used
        // because it comes when this tab can read the new value; a message could come earlier.
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

    /// Connects the open board to this endpoint.
    pub fn connect(self, draft: EndpointDraft) {
        if let Some(board) = self.session.open.get_untracked() {
            settings::endpoint(board).set(&Endpoint(draft));
            self.follow(Some(board));
        }
    }

    /// Disconnects the open board from its endpoint. The data at the endpoint stays.
    pub fn disconnect(self) {
        if let Some(board) = self.session.open.get_untracked() {
            settings::endpoint(board).clear();
            self.follow(Some(board));
        }
    }

    /// Sends a request to the open board's server that is not about syncing. `link_of` formats
    /// links.
    ///
    /// # Errors
    /// [`PortError`]: a sentence that says why the request failed.
    pub async fn wish(
        self,
        wish: ServerWish,
        link_of: fn(Linked) -> String,
    ) -> Result<ServerAnswer, PortError> {
        let board = self.session.open.get_untracked();
        let endpoint = board.and_then(|board| Some((board, settings::endpoint(board).get()?)));
        let (board, endpoint) =
            endpoint.ok_or_else(|| t!("This board is stored in this browser only."))?;
        endpoint.wish(board, wish, link_of).await
    }

    /// Syncs at once.
    pub fn sync_now(self) {
        self.with_run(Run::look_again);
    }

    /// Reads an endpoint and describes it and the effect of connecting. Changes nothing.
    pub async fn test(self, draft: EndpointDraft) -> Tested {
        let Some(board) = self.session.open.get_untracked() else {
            return Tested::default();
        };
        let endpoint = Endpoint(draft);
        let mut sync = Sync::new(board);
        let ask = self.session.read_untracked(|board| sync.next(board.log()));
        let Some(reply) = endpoint.send(&ask, &|_| ()).await else {
            return said(vec![translated(NO_ANSWER).into()], false);
        };
        let answer = reply.answer;
        let (body, can_patch) = (answer.body.clone(), answer.takes_patches);
        let is_there = answer.status == 200 && !body.trim().is_empty();
        let theirs = sync.answered(answer, 0.0);
        if let Standing::Refused(why) = sync.standing() {
            return said(vec![refusal_in_words(why, &body)], false);
        }
        if *sync.standing() != Standing::Reached {
            let busy = t!("The endpoint is busy or has a fault. Please try again later.");
            return said(vec![busy.into()], false);
        }
        let (ours, new) = self.session.read_untracked(|board| {
            let new = theirs
                .iter()
                .filter(|entry| board.log().entry(entry.id()).is_none());
            (sync.waiting(board.log()), new.count())
        });
        let mut words = vec![found_in_words(is_there.then_some(theirs.len()), new, ours)];
        words.extend(sync.clock_skew_millis().and_then(clock_skew_in_words));
        if can_patch {
            words.push(t!("It accepts single changes, and announces new ones at once.").into());
            if sync.reads_only() {
                words.push(translated(ONLY_READS).into());
            }
            return said(words, true);
        }
        // Tests write access: sends the existing document once more with an ETag that cannot match,
        // or a document without changes if there is none.
        let probe = match is_there {
            true => Sync::stale_write(&body),
            false => sync.probe(),
        };
        let probed = endpoint.send(&probe, &|_| ()).await;
        let Some(probed) = probed else {
            return match is_there {
                true => said(
                    [
                        words,
                        [NO_WRITES, ONLY_READS]
                            .map(|it| translated(it).to_owned())
                            .to_vec(),
                    ]
                    .concat(),
                    true,
                ),
                false => said(vec![translated(NO_WRITES).into()], false),
            };
        };
        match probed.answer.status {
            401 | 403 | 405 | 501 if !is_there => {
                let status = probed.answer.status;
                let why = t!("It answers reads, not writes (it refused with the status {status}): allow PUT there, or put in another credential.", status);
                return said(vec![why], false);
            }
            401 | 403 | 405 | 501 => words.push(translated(ONLY_READS).into()),
            409 | 412 | 428 => words.push(t!("It refuses writes that would overwrite somebody else’s changes. It is checked for changes every 15 seconds.").into()),
            200..=299 => words.push(t!("It cannot refuse writes that overwrite somebody else’s changes: after each write the app checks whether anything was lost, and sends it again.").into()),
            _ => {}
        }
        said(words, true)
    }

    fn with_run(self, run: impl FnOnce(&Run)) {
        // A clone, so that the running task may end the run.
        let running = self.running.try_get_value().flatten();
        if let Some(running) = running {
            run(&running);
        }
    }

    fn on_tab_message(self, board: BoardId, message: TabMessage) {
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

    fn follow(self, board: Option<BoardId>) {
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

fn said(words: Vec<String>, can_connect: bool) -> Tested {
    Tested { words, can_connect }
}

/// Describes the board at an endpoint and the effect of connecting: the number of its changes if it is there,
/// and the numbers of those that only the endpoint and only this browser has.
fn found_in_words(there: Option<usize>, new: usize, ours: usize) -> String {
    match there {
        Some(count) if (new, ours) == (0, 0) => tn!(
            count,
            "This board is there, with the same {count} change as here.",
            "This board is there, with the same {count} changes as here."
        ),
        Some(count) => tn!(
            count,
            "This board has been connected to that address before: it is there, with {count} change. Connecting brings {new} of them here and sends {ours}.",
            "This board has been connected to that address before: it is there, with {count} changes. Connecting brings {new} of them here and sends {ours}.",
            new,
            ours
        ),
        None => tn!(
            ours,
            "Nothing is there yet. Connecting puts this board there, with {count} change.",
            "Nothing is there yet. Connecting puts this board there, with {count} changes."
        ),
    }
}

/// If the document is of another board, names that board.
fn refusal_in_words(why: &EndpointError, body: &str) -> String {
    let is_another = *why == EndpointError::AnotherBoard;
    let another = is_another.then(|| Document::from_json(open(body).document));
    match another {
        Some(Ok(document)) => tn!(
            document.entries.len(),
            "Another board is there, with {count} change. Choose another address.",
            "Another board is there, with {count} changes. Choose another address."
        ),
        _ => why.to_string(),
    }
}
