//! The endpoint of the open board. Loads the sync chunk once a board has an endpoint, or on request.

use cruxboard_domain::BoardId;
use cruxboard_domain::t;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::lazy_chunk::LazyChunk;
use super::owned_lazy::OwnedLazy;
use super::window::link_of;
use super::window::show_in_place;
use crate::page::JoinPage;
use crate::route::{Invitation, Route};
use cruxboard_platform::persistence::Persistence;
use cruxboard_platform::settings;
use cruxboard_platform::sync::{Joined, Syncing};
use cruxboard_session::ports::{JoinAsk, ServerAsk};
use cruxboard_session::{EndpointDraft, Session, SyncState, Tested};

/// The functions of the sync chunk.
#[derive(Clone, Copy)]
pub(super) struct SyncChunk {
    start: fn(Session, Persistence) -> Syncing,
    carry_out: fn(Endpoints, Syncing, EndpointAsk),
    pub(super) join_page: fn(Invitation) -> AnyView,
}

impl SyncChunk {
    /// Called only from the chunk itself. Any other caller would pull the whole chunk into its own.
    pub(super) fn new() -> Self {
        Self {
            start: Syncing::start,
            carry_out,
            join_page: |invitation| view! { <JoinPage invitation /> }.into_any(),
        }
    }
}

/// A request about an endpoint.
pub(super) enum EndpointAsk {
    /// Tests the endpoint at an address.
    Test(EndpointDraft, RwSignal<Option<Tested>>),
    /// Connects the open board to an endpoint, or to none.
    Connect(Option<EndpointDraft>),
    /// Joins the board at an endpoint.
    Join(JoinAsk),
    /// Uses a feature of our own server.
    Server(ServerAsk),
    /// Syncs now.
    Now,
}

/// Handles requests about endpoints, once the sync chunk is loaded. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Endpoints {
    session: Session,
    persistence: Persistence,
    route: RwSignal<Route>,
    chunk: LazyChunk<SyncChunk>,
    syncing: OwnedLazy<Syncing>,
}

impl Endpoints {
    /// Starts to watch whether the open board has an endpoint. Must be called under the owner of the
    /// session.
    pub(super) fn start(
        session: Session,
        persistence: Persistence,
        route: RwSignal<Route>,
        chunk: LazyChunk<SyncChunk>,
    ) -> Self {
        let endpoints = Self {
            session,
            persistence,
            route,
            chunk,
            syncing: OwnedLazy::new(),
        };
        Effect::new(move |_| {
            // Runs once a minute too, since the chunk may have failed to load before.
            session.now.track();
            if let Some(board) = session.open.get() {
                endpoints.look(board);
            }
        });
        // Another tab may have given the board an endpoint.
        std::mem::forget(window_event_listener(ev::storage, move |_| {
            if let Some(board) = session.open.get_untracked() {
                endpoints.look(board);
            }
        }));
        endpoints
    }

    /// Returns the endpoint of the open board.
    pub(super) fn of_open_board(self) -> Option<EndpointDraft> {
        let board = self.session.open.get_untracked()?;
        Some(settings::endpoint(board).get()?.0)
    }

    /// Carries out a request once the chunk is loaded.
    pub(super) fn ask(self, ask: EndpointAsk) {
        spawn_local(async move {
            match self.syncing().await {
                Ok((chunk, syncing)) => {
                    self.session.notices.succeeded("sync");
                    (chunk.carry_out)(self, syncing, ask);
                }
                Err(problem) => self.refuse(ask, problem),
            }
        });
    }

    fn look(self, board: BoardId) {
        if self.syncing.is_initialized() {
            return;
        }
        let Some(endpoint) = settings::endpoint(board).get() else {
            return;
        };
        let status = self.session.sync;
        status.address.set(Some(endpoint.0.address));
        spawn_local(async move {
            if let Err(problem) = self.syncing().await {
                status.state.set(SyncState::Refused(problem.to_owned()));
            }
        });
    }

    async fn syncing(self) -> Result<(SyncChunk, Syncing), &'static str> {
        let chunk = self.chunk.get().await?;
        let syncing = self
            .syncing
            .get_or_init(|| (chunk.start)(self.session, self.persistence));
        Ok((chunk, syncing))
    }

    fn refuse(self, ask: EndpointAsk, problem: &str) {
        match ask {
            EndpointAsk::Test(_, said) | EndpointAsk::Join(JoinAsk { said, .. }) => {
                said.set(Some(not_found(problem.to_owned())));
            }
            EndpointAsk::Server(ServerAsk { done, .. }) => done(Err(problem.into())),
            EndpointAsk::Connect(_) | EndpointAsk::Now => {
                self.session.notices.failed("sync", problem.to_owned());
            }
        }
    }
}

fn not_found(why: String) -> Tested {
    Tested {
        words: vec![why],
        can_connect: false,
    }
}

fn carry_out(endpoints: Endpoints, syncing: Syncing, ask: EndpointAsk) {
    let route = endpoints.route;
    spawn_local(async move {
        match ask {
            EndpointAsk::Test(draft, found) => found.set(Some(syncing.test(draft).await)),
            EndpointAsk::Connect(Some(draft)) => syncing.connect(draft),
            EndpointAsk::Connect(None) => syncing.disconnect(),
            EndpointAsk::Join(JoinAsk {
                endpoint,
                guest,
                is_sure,
                said,
            }) => {
                let on_part = |bytes: usize| {
                    said.set(Some(not_found(t!(
                        "Receiving: {size} so far…",
                        size = format!("{} kB", bytes / 1_000)
                    ))));
                };
                match syncing.join(endpoint, is_sure, &on_part).await {
                    Ok(Joined::Open(board)) => {
                        // The address holds the credential: it leaves the history of this tab.
                        show_in_place(route, board);
                        welcome(endpoints.session, &guest);
                    }
                    Ok(Joined::Asks(words)) => said.set(Some(Tested {
                        words,
                        can_connect: true,
                    })),
                    Err(why) => said.set(Some(not_found(why.to_string()))),
                }
            }
            EndpointAsk::Server(ServerAsk { wish, done }) => {
                done(syncing.wish(wish, link_of).await);
            }
            EndpointAsk::Now => syncing.sync_now(),
        }
    });
}

/// Chooses the person whom an invitation is for, unless somebody was chosen on this device already.
fn welcome(session: Session, guest: &str) {
    let person = session.read_untracked(|board| board.person_named(guest));
    if session.me.get_untracked().is_none() && person.is_some() {
        session.me.set(person);
        session.notices.told(t!(
            "You are invited as {guest}. If that is not you, choose your name at the top.",
            guest
        ));
    }
}
