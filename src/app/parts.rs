//! The parts of the app that come when somebody first asks for them: each is a file of its own in a
//! release build. A development build is all of one piece.
//!
//! What a part holds is found by what its entry point reaches and the app itself does not. So a part
//! stays out of a first visit only while nothing in the app calls its screens but through here.

#![allow(
    unsafe_code,
    reason = "the macro that marks an entry point declares it as foreign"
)]

use std::future::Future;
use std::pin::Pin;

use crate::prelude::*;
use leptos::task::spawn_local;
use wasm_split_helpers::SplitLoaderError;

use crate::component::live;
use crate::page::{
    CruxPage, DecidePage, DecisionsPage, DuePage, EvidenceItemPage, EvidencePage, FollowUpsPage,
    HistoryPage, MinutesPage, NewCruxPage, NewEvidencePage, ReviewPage, ReviewsPage, RoundPage,
    ScoresPage, SetupPage, SharePage, SincePage, TablesPage, WalkPage,
};
use crate::route::Screen;
use crate::session::Session;

/// Makes those screens of a board that are in one part, and nothing of others.
pub(super) type Screens = fn(Session, Screen) -> AnyView;

/// What a part gives when it has come. It lives in the part, so nothing but a pointer can lead there.
type Coming<T> = Pin<Box<dyn Future<Output = Result<T, SplitLoaderError>>>>;

/// Declares the entry point of a part.
macro_rules! entry {
    ($name:ident: $kind:ty = $what:expr) => {
        #[cfg(not(debug_assertions))]
        #[wasm_split_helpers::wasm_split($name, fallible)]
        fn $name() -> Result<$kind, SplitLoaderError> {
            Ok($what)
        }

        #[cfg(debug_assertions)]
        async fn $name() -> Result<$kind, SplitLoaderError> {
            Ok($what)
        }
    };
}

entry!(editing: Screens = view_editing);
entry!(meeting: Screens = view_meeting);
entry!(sharing: Screens = view_sharing);

/// All parts, whether they have come or not.
#[derive(Clone, Copy)]
pub(super) struct Parts {
    editing: Part<Screens>,
    meeting: Part<Screens>,
    sharing: Part<Screens>,
}

impl Parts {
    pub(super) fn new() -> Self {
        Self {
            editing: Part::new(|| Box::pin(editing())),
            meeting: Part::new(|| Box::pin(meeting())),
            sharing: Part::new(|| Box::pin(sharing())),
        }
    }

    /// Gets all that has not come yet, so that it is there when the network is not.
    pub(super) fn fetch(self) {
        for part in [self.editing, self.meeting, self.sharing] {
            part.fetch();
        }
    }

    /// A screen of a board, at once or as soon as its part has come.
    pub(super) fn view(self, session: Session, screen: Screen) -> AnyView {
        let part = match screen {
            Screen::Share(..) | Screen::Tables => self.sharing,
            Screen::Due
            | Screen::Since(..)
            | Screen::Decisions
            | Screen::Decide(..)
            | Screen::Reviews
            | Screen::Review(..)
            | Screen::Walk(..)
            | Screen::Minutes(..)
            | Screen::Scores
            | Screen::Round(..) => self.meeting,
            _ => self.editing,
        };
        part.view(move |screens| screens(session, screen.clone()))
    }
}

fn view_editing(session: Session, screen: Screen) -> AnyView {
    match screen {
        Screen::Crux(id) => view! { <CruxPage session id /> }.into_any(),
        Screen::NewCrux => view! { <NewCruxPage session /> }.into_any(),
        Screen::Evidence => view! { <EvidencePage session /> }.into_any(),
        Screen::NewEvidence(crux) => view! { <NewEvidencePage session crux /> }.into_any(),
        Screen::EvidenceItem(id) => view! { <EvidenceItemPage session id /> }.into_any(),
        Screen::FollowUps => view! { <FollowUpsPage session /> }.into_any(),
        Screen::Setup => view! { <SetupPage session /> }.into_any(),
        Screen::History => view! { <HistoryPage session /> }.into_any(),
        _ => ().into_any(),
    }
}

fn view_meeting(session: Session, screen: Screen) -> AnyView {
    match screen {
        Screen::Due => view! { <DuePage session /> }.into_any(),
        Screen::Since(from, to) => view! { <SincePage session from to /> }.into_any(),
        Screen::Decisions => view! { <DecisionsPage session /> }.into_any(),
        Screen::Decide(trigger) => view! { <DecidePage session trigger /> }.into_any(),
        Screen::Reviews => view! { <ReviewsPage session /> }.into_any(),
        Screen::Review(id) => view! { <ReviewPage session id /> }.into_any(),
        Screen::Walk(id, crux) => view! { <WalkPage session id crux /> }.into_any(),
        Screen::Minutes(id) => view! { <MinutesPage session id /> }.into_any(),
        Screen::Scores => view! { <ScoresPage session /> }.into_any(),
        Screen::Round(id) => view! { <RoundPage session id /> }.into_any(),
        _ => ().into_any(),
    }
}

fn view_sharing(session: Session, screen: Screen) -> AnyView {
    match screen {
        Screen::Share(crux) => view! { <SharePage session crux /> }.into_any(),
        Screen::Tables => view! { <TablesPage session /> }.into_any(),
        _ => ().into_any(),
    }
}

/// Something that comes when it is first asked for. Cheap to copy.
struct Part<T: Copy + Send + Sync + 'static> {
    load: fn() -> Coming<T>,
    state: RwSignal<State<T>>,
}

#[derive(Clone, Copy)]
enum State<T> {
    Away,
    Coming,
    Here(T),
    /// It did not come. Asking again may help.
    Failed,
}

impl<T: Copy + Send + Sync + 'static> Clone for Part<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Copy + Send + Sync + 'static> Copy for Part<T> {}

impl<T: Copy + Send + Sync + 'static> Part<T> {
    fn new(load: fn() -> Coming<T>) -> Self {
        Self {
            load,
            state: RwSignal::new(State::Away),
        }
    }

    /// Gets it, unless it is here or on its way.
    fn fetch(self) {
        if matches!(self.state.get_untracked(), State::Coming | State::Here(_)) {
            return;
        }
        self.state.set(State::Coming);
        let coming = (self.load)();
        spawn_local(async move {
            self.state.set(match coming.await {
                Ok(what) => State::Here(what),
                Err(_) => State::Failed,
            });
        });
    }

    /// What `make` makes of it; until it is here, that it is on its way.
    fn view(self, make: impl Fn(T) -> AnyView + Send + Sync + 'static) -> AnyView {
        self.fetch();
        live(move || match self.state.get() {
            State::Here(what) => make(what),
            State::Away | State::Coming => view! {
                <p class="awaited" role="status">"Loading…"</p>
            }
            .into_any(),
            State::Failed => view! {
                <div class="unloaded" role="alert">
                    <p>"This part of Cruxboard could not be loaded. Your board is safe here. Perhaps there is no connection just now; or a new version is out, which comes with reloading the page."</p>
                    <button on:click=move |_| self.fetch()>"Try again"</button>
                </div>
            }
            .into_any(),
        })
        .into_any()
    }
}
