//! Endpoints: what keeps a board in step comes once a board has one, or somebody asks for it.

use cruxboard_domain::ChangeId;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::once::Once;
use super::outside::{link_of, show_in_place};
use super::parts::Part;
use crate::edge::persistence::Persistence;
use crate::edge::settings;
use crate::edge::sync::{Joined, Syncing};
use crate::page::{JoinPage, ServerAsk};
use crate::route::{Invitation, Route};
use crate::session::{EndpointDraft, Session, SyncState, Tested};

/// What the part for endpoints brings.
#[derive(Clone, Copy)]
pub(super) struct Stepping {
    start: fn(Session, Persistence) -> Syncing,
    carry_out: fn(Endpoints, Syncing, EndpointAsk),
    pub(super) join_page: fn(Invitation) -> AnyView,
}

impl Stepping {
    /// Only for the part itself: whoever else calls this has the whole part in it.
    pub(super) fn new() -> Self {
        Self {
            start: Syncing::start,
            carry_out,
            join_page: |invitation| view! { <JoinPage invitation /> }.into_any(),
        }
    }
}

/// What somebody wants of an endpoint.
pub(super) enum EndpointAsk {
    /// To know what is at an address.
    Test(EndpointDraft, RwSignal<Option<Tested>>),
    /// To keep the open board in step with it, or with none.
    Connect(Option<EndpointDraft>),
    /// To bring the board there here; `true`: also where it is here already with another address.
    Join(EndpointDraft, bool, RwSignal<Option<Tested>>),
    /// Something that only our own server has.
    Server(ServerAsk),
    /// To have it looked at now.
    Now,
}

/// The way to endpoints, whether what it takes has come or not. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Endpoints {
    session: Session,
    persistence: Persistence,
    route: RwSignal<Route>,
    part: Part<Stepping>,
    syncing: Once<Syncing>,
}

impl Endpoints {
    /// Begins to look whether the open board has an endpoint. Must be called where the session was
    /// made.
    pub(super) fn start(
        session: Session,
        persistence: Persistence,
        route: RwSignal<Route>,
        part: Part<Stepping>,
    ) -> Self {
        let endpoints = Self {
            session,
            persistence,
            route,
            part,
            syncing: Once::new(),
        };
        Effect::new(move |_| {
            // Once a minute too: the part may not have come the last time.
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

    /// The endpoint of the open board, if it has one.
    pub(super) fn of_open_board(self) -> Option<EndpointDraft> {
        let board = self.session.open.get_untracked()?;
        Some(settings::endpoint(board).get()?.0)
    }

    /// Does what somebody wants, as soon as what it takes is here.
    pub(super) fn ask(self, ask: EndpointAsk) {
        spawn_local(async move {
            match self.syncing().await {
                Ok((part, syncing)) => (part.carry_out)(self, syncing, ask),
                Err(problem) => self.refuse(ask, problem),
            }
        });
    }

    fn look(self, board: ChangeId) {
        if self.syncing.has_begun() {
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

    async fn syncing(self) -> Result<(Stepping, Syncing), &'static str> {
        let part = self.part.get().await?;
        let syncing = self
            .syncing
            .get(|| (part.start)(self.session, self.persistence));
        Ok((part, syncing))
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
