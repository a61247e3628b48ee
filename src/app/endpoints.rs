//! The endpoint of the open board. Loads the sync chunk once a board has an endpoint, or on request.

use cruxboard_domain::ChangeId;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::lazy_chunks::LazyChunk;
use super::owned_lazy::OwnedLazy;
use super::services::{link_of, show_in_place};
use crate::edge::persistence::Persistence;
use crate::edge::settings;
use crate::edge::sync::{Joined, Syncing};
use crate::page::{JoinPage, ServerAsk};
use crate::route::{Invitation, Route};
use crate::session::{EndpointDraft, Session, SyncState, Tested};

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
    /// Joins the board at an endpoint; `true`: also if it is here already with another address.
    Join(EndpointDraft, bool, RwSignal<Option<Tested>>),
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
            // Also once a minute: the chunk may have failed to load before.
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
                Ok((chunk, syncing)) => (chunk.carry_out)(self, syncing, ask),
                Err(problem) => self.refuse(ask, problem),
            }
        });
    }

    fn look(self, board: ChangeId) {
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
            EndpointAsk::Test(_, said) | EndpointAsk::Join(_, _, said) => {
                said.set(Some(not_found(problem.to_owned())));
            }
            EndpointAsk::Server(ServerAsk { done, .. }) => done(Err(problem.to_owned())),
            EndpointAsk::Connect(_) | EndpointAsk::Now => {
                self.session.notices.problem(problem.to_owned());
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
            EndpointAsk::Join(draft, is_sure, said) => {
                let on_part = |bytes: usize| {
                    said.set(Some(not_found(format!(
                        "Receiving: {} kB so far…",
                        bytes / 1_000
                    ))));
                };
                match syncing.join(draft, is_sure, &on_part).await {
                    // The address holds the credential: it leaves the history of this tab.
                    Ok(Joined::Open(board)) => show_in_place(route, board),
                    Ok(Joined::Asks(words)) => said.set(Some(Tested {
                        words,
                        can_connect: true,
                    })),
                    Err(why) => said.set(Some(not_found(why))),
                }
            }
            EndpointAsk::Server(ServerAsk { wish, done }) => {
                done(syncing.wish(wish, link_of).await);
            }
            EndpointAsk::Now => syncing.sync_now(),
        }
    });
}
