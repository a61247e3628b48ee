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

use cruxboard_domain::ChangeId;
use cruxboard_domain::board::Board;
use cruxboard_domain::change::Change;
use cruxboard_domain::date::Now;
use cruxboard_domain::record::Direction;
use cruxboard_domain::snapshot::file::SnapshotFile;
use cruxboard_domain::snapshot::{Snapshot, template};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_split_helpers::SplitLoaderError;

use super::Wish;
use super::endpoints::Stepping;
use super::keeping::{self, Keeper};
use super::outside::{exchange, fetch_hosted, secrets, unseal};
use super::tidying::{Tidy, Tidying, tidy};
use super::working::Working;
use crate::component::live;
use crate::edge::persistence::Persistence;
use crate::edge::sealed;
use crate::page::{
    Asking, Compared, CruxPage, DecidePage, DecisionsPage, DuePage, EvidenceItemPage, EvidencePage,
    FollowUpsPage, HistoryPage, MinutesPage, NewCruxPage, NewEvidencePage, Opening, ReadingPage,
    ReviewPage, ReviewsPage, RoundPage, ScoresPage, SetupPage, SharePage, SincePage, SnapshotPage,
    Source, TablesPage, WalkPage,
};
use crate::route::Screen;
use crate::session::Session;

/// Makes those screens of a board that are in one part, and nothing of others.
pub(super) type Screens = fn(Session, Persistence, Screen) -> AnyView;

/// Shows what a snapshot holds at a time, to a reader who can ask for this.
type ViewSnapshot = fn(Source, Now, Asking) -> AnyView;

/// Everything but the first screen, on which all other parts build.
#[derive(Clone, Copy)]
pub(super) struct BoardPart {
    /// Begins it, given whether the address is that of the first screen, which it keeps true. Must be
    /// called where it is to live.
    pub(super) start: fn(RwSignal<bool>, Parts) -> Working,
    pub(super) grant: fn(Working, Wish),
    /// The boards of this browser, for the first screen.
    pub(super) shelves: fn(Working) -> AnyView,
    /// All other screens.
    pub(super) beyond: fn(Working) -> AnyView,
}

/// What has to do with taking out, bringing in and comparing.
#[derive(Clone, Copy)]
pub(super) struct Sharing {
    screens: Screens,
    snapshot: ViewSnapshot,
    /// Reads a snapshot's file, or says what is wrong with it.
    pub(super) read_file: fn(&str) -> Result<SnapshotFile, String>,
    /// Puts one's own copy of a snapshot's board, its id and the time beside the snapshot.
    pub(super) compare: fn(&Snapshot, &Board, ChangeId, Now) -> Compared,
    /// What the snapshot has and one's own copy has not; `true`: also what moves numbers there.
    pub(super) missing: fn(&Snapshot, &Board, bool) -> Vec<Change>,
    /// What a board like this one begins with.
    pub(super) template: fn(&Board, u64) -> Vec<Change>,
}

/// What has to do with meetings.
#[derive(Clone, Copy)]
pub(super) struct Meeting {
    screens: Screens,
    /// Publishes what was answered here in blind rounds, once they are closed.
    pub(super) reveal: fn(Session, Persistence),
}

/// What has to do with backups and with boards as a whole.
#[derive(Clone, Copy)]
pub(super) struct Keeping {
    /// Begins to keep a file on the disk up to date, if one was chosen.
    pub(super) start: fn(Session, Persistence) -> Keeper,
    /// The screen for backups.
    pub(super) page: fn(Session, Persistence, Keeper) -> AnyView,
    /// What is done to whole boards.
    pub(super) tidy: fn(Tidy, Tidying),
}

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

entry!(board: BoardPart = BoardPart {
    start: Working::start,
    grant: Working::grant,
    shelves: Working::view_shelves,
    beyond: Working::view,
});
entry!(editing: Screens = view_editing);
entry!(meeting: Meeting = Meeting {
    screens: view_meeting,
    reveal: sealed::reveal_when_closed,
});
entry!(stepping: Stepping = Stepping::new());
entry!(sharing: Sharing = Sharing {
    screens: view_sharing,
    snapshot: view_snapshot,
    read_file,
    compare,
    missing,
    template,
});

entry!(keeping: Keeping = Keeping {
    start: keeping::start,
    page: keeping::page,
    tidy,
});

/// All parts, whether they have come or not.
#[derive(Clone, Copy)]
pub(super) struct Parts {
    pub(super) board: Part<BoardPart>,
    editing: Part<Screens>,
    pub(super) meeting: Part<Meeting>,
    pub(super) stepping: Part<Stepping>,
    pub(super) sharing: Part<Sharing>,
    pub(super) keeping: Part<Keeping>,
}

impl Parts {
    pub(super) fn new() -> Self {
        Self {
            board: Part::new(|| Box::pin(board())),
            editing: Part::new(|| Box::pin(editing())),
            meeting: Part::new(|| Box::pin(meeting())),
            stepping: Part::new(|| Box::pin(stepping())),
            sharing: Part::new(|| Box::pin(sharing())),
            keeping: Part::new(|| Box::pin(keeping())),
        }
    }

    /// Gets all parts that have not come yet, so that they are there when the network is not.
    pub(super) fn fetch(self) {
        self.editing.fetch();
        self.meeting.fetch();
        self.stepping.fetch();
        self.sharing.fetch();
        self.keeping.fetch();
    }

    /// A screen of a board, at once or as soon as its part has come.
    pub(super) fn view(
        self,
        session: Session,
        persistence: Persistence,
        screen: Screen,
    ) -> AnyView {
        match screen {
            Screen::Share(..) | Screen::Tables | Screen::Reading => {
                let make =
                    move |part: Sharing| (part.screens)(session, persistence, screen.clone());
                self.sharing.view(make)
            }
            Screen::Due
            | Screen::Since(..)
            | Screen::Decisions
            | Screen::Decide(..)
            | Screen::Reviews
            | Screen::Review(..)
            | Screen::Walk(..)
            | Screen::Minutes(..)
            | Screen::Scores
            | Screen::Round(..) => {
                let make =
                    move |part: Meeting| (part.screens)(session, persistence, screen.clone());
                self.meeting.view(make)
            }
            _ => {
                let make = move |screens: Screens| screens(session, persistence, screen.clone());
                self.editing.view(make)
            }
        }
    }

    /// What the reader of a snapshot sees.
    pub(super) fn view_snapshot(self, source: Source, now: Now, ask: Asking) -> AnyView {
        self.sharing
            .view(move |sharing| (sharing.snapshot)(source.clone(), now, ask))
    }
}

fn view_editing(session: Session, _: Persistence, screen: Screen) -> AnyView {
    match screen {
        Screen::Crux(id) => view! { <CruxPage session id /> }.into_any(),
        Screen::NewCrux => view! { <NewCruxPage session /> }.into_any(),
        Screen::Evidence(_) => view! { <EvidencePage session /> }.into_any(),
        Screen::NewEvidence(crux) => {
            view! { <NewEvidencePage session crux side=Direction::For /> }.into_any()
        }
        Screen::NewEvidenceOn(crux, side) => {
            view! { <NewEvidencePage session crux=Some(crux) side /> }.into_any()
        }
        Screen::EvidenceItem(id) => view! { <EvidenceItemPage session id /> }.into_any(),
        Screen::FollowUps(_) => view! { <FollowUpsPage session /> }.into_any(),
        Screen::Setup => view! { <SetupPage session /> }.into_any(),
        Screen::History => view! { <HistoryPage session /> }.into_any(),
        _ => ().into_any(),
    }
}

fn view_meeting(session: Session, persistence: Persistence, screen: Screen) -> AnyView {
    provide_context(secrets(session, persistence));
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

fn view_sharing(session: Session, _: Persistence, screen: Screen) -> AnyView {
    provide_context(exchange(session));
    match screen {
        Screen::Share(crux) => view! { <SharePage session crux /> }.into_any(),
        Screen::Tables => view! { <TablesPage session /> }.into_any(),
        Screen::Reading => view! { <ReadingPage session /> }.into_any(),
        _ => ().into_any(),
    }
}

fn view_snapshot(source: Source, now: Now, ask: Asking) -> AnyView {
    let open = Opening {
        unseal,
        fetch: fetch_hosted,
    };
    view! { <SnapshotPage source now ask open /> }.into_any()
}

fn read_file(text: &str) -> Result<SnapshotFile, String> {
    SnapshotFile::from_json(text).map_err(|problem| problem.to_string())
}

fn compare(snapshot: &Snapshot, own: &Board, id: ChangeId, now: Now) -> Compared {
    Compared {
        question: own.info().question.clone(),
        since: snapshot.since(own, id, now.millis),
        merge: snapshot.merge(own).map_err(|problem| problem.to_string()),
    }
}

fn missing(snapshot: &Snapshot, own: &Board, with_latest: bool) -> Vec<Change> {
    let merge = snapshot.merge(own);
    merge
        .map(|merge| merge.changes(with_latest))
        .unwrap_or_default()
}

/// Something that comes when it is first asked for. Cheap to copy.
pub(super) struct Part<T: Copy + Send + Sync + 'static> {
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

    /// Gets it for whoever may want it soon. If it does not come, the next try is for when they do.
    pub(super) fn fetch_early(self) {
        if matches!(self.state.get_untracked(), State::Away) {
            self.fetch();
        }
    }

    /// Whether it is here. Follows that.
    pub(super) fn is_here(self) -> bool {
        matches!(self.state.get(), State::Here(_))
    }

    /// Gets it, unless it is here or on its way.
    fn fetch(self) {
        if matches!(self.state.get_untracked(), State::Coming | State::Here(_)) {
            return;
        }
        self.state.set(State::Coming);
        let coming = (self.load)();
        spawn_local(async move {
            self.turn(match coming.await {
                Ok(what) => State::Here(what),
                Err(_) => State::Failed,
            });
        });
    }

    /// What is here stays, however many have asked for it: what is made of it would be made anew.
    fn turn(self, state: State<T>) {
        if !matches!(self.state.get_untracked(), State::Here(_)) {
            self.state.set(state);
        }
    }

    /// It, once it is here.
    ///
    /// # Errors
    /// What to tell whoever waits for it.
    pub(super) async fn get(self) -> Result<T, &'static str> {
        if let State::Here(what) = self.state.get_untracked() {
            return Ok(what);
        }
        let what = (self.load)().await.or({
            Err("A part of Cruxboard could not be loaded. Nothing was changed. There may be no connection, or a new version is out: reload the page to get it.")
        })?;
        self.turn(State::Here(what));
        Ok(what)
    }

    /// What `make` makes of it; until it is here, that it is on its way.
    pub(super) fn view(self, make: impl Fn(T) -> AnyView + Send + Sync + 'static) -> AnyView {
        self.view_within(|waiting| waiting, make)
    }

    /// The same, with `around` put around the words that stand there meanwhile.
    pub(super) fn view_within(
        self,
        around: impl Fn(AnyView) -> AnyView + Send + Sync + 'static,
        make: impl Fn(T) -> AnyView + Send + Sync + 'static,
    ) -> AnyView {
        self.fetch();
        live(move || match self.state.get() {
            State::Here(what) => make(what),
            State::Away | State::Coming => {
                let waiting = view! { <p class="awaited" role="status">"Loading…"</p> };
                around(waiting.into_any())
            }
            State::Failed => {
                let failed = view! {
                    <div class="unloaded" role="alert">
                        <p>"This part of Cruxboard could not be loaded. Your boards are safe. There may be no connection, or a new version is out: reload the page to get it."</p>
                        <button on:click=move |_| self.fetch()>"Try again"</button>
                    </div>
                };
                around(failed.into_any())
            }
        })
        .into_any()
    }
}
