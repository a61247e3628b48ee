//! Everything beyond the first screen: builds the session and the edges, and lays out the pages.

use cruxboard_domain::ChangeId;
use cruxboard_domain::board::RecordRef;
use cruxboard_domain::decide::Command;
use cruxboard_domain::snapshot::{Snapshot, board_key};
use leptos::prelude::*;

use crate::component::live;
use leptos::task::spawn_local;

use super::endpoints::Endpoints;
use super::keeping::Keeper;
use super::once::Once;
use super::outside::{open_file, outside, show, show_in_place, source};
use super::parts::Parts;
use super::{Wish, keys};
use crate::component::{Author, Later};
use crate::edge::persistence::{self, Persistence};
use crate::edge::{address, clock, drafts, offline, settings};
use crate::page::{
    Asking, BoardPage, Comparison, CopyByHand, Frame, KeysHelp, NoBoard, NothingHere, NoticeBar,
    Outside, OwnBoard, QuestionDialog, Shelves, Source, Tour,
};
use crate::route::{Route, Screen};
use crate::session::{BoardListing, Place, Session};

/// The app beyond the first screen. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Working {
    session: Session,
    parts: Parts,
    route: RwSignal<Route>,
    comparison: RwSignal<Option<Comparison>>,
    asks_for_keys: RwSignal<bool>,
    /// The board of the address that could not be opened, and why.
    unopened: RwSignal<Option<(ChangeId, String)>>,
    /// Whoever only reads a snapshot is a guest: storage is not even opened for them.
    resident: Once<Resident>,
}

/// What is there for somebody with boards of their own, or who is about to have one.
#[derive(Clone, Copy)]
struct Resident {
    persistence: Persistence,
    keeping: Keeping,
}

impl Working {
    /// Begins with what the address names, and keeps `at_start` true to it.
    pub(super) fn start(at_start: RwSignal<bool>, parts: Parts) -> Self {
        let session = Session::new(persistence::replica(), clock::now);
        clock::every_minute(move || session.tick());
        let route = RwSignal::new(Route::parse(&address::fragment()));
        address::on_change(move || {
            let next = Route::parse(&address::fragment());
            if route.get_untracked() != next {
                address::leave_field();
                route.set(next);
            }
        });
        address::on_leave(address::leave_field);
        provide_context(Later(|millis, run| {
            // Dropping the handle would stop the timer.
            std::mem::forget(clock::after(u64::from(millis), run));
        }));
        provide_context(Author(Callback::new(move |part: String| {
            author_of(session, &part)
        })));
        Effect::new(move |_| at_start.set(route.with(is_start)));
        title_window(session, route);
        Self {
            session,
            parts,
            route,
            comparison: RwSignal::new(None),
            asks_for_keys: RwSignal::new(false),
            unopened: RwSignal::new(None),
            resident: Once::new(),
        }
    }

    /// Does what somebody wanted at the first screen.
    pub(super) fn grant(self, wish: Wish) {
        let Self {
            session,
            parts,
            route,
            ..
        } = self;
        let persistence = self.resident().persistence;
        match wish {
            Wish::Found(question, people) => match session.found_board(&question, &people) {
                Ok(changes) => {
                    if let Some(board) = persistence.create_board(changes) {
                        show(route, board);
                        drafts::forget_new_board();
                    }
                }
                // Where the bar for notices is made only now, a reader has to meet it before what it says.
                Err(refusal) => clock::soon(move || session.notices.refuse(&refusal)),
            },
            Wish::Open(file) => open_file(session, persistence, parts, route, file),
            Wish::Keys => self.asks_for_keys.set(true),
            Wish::Say(problem) => clock::soon(move || session.notices.problem(problem)),
        }
    }

    /// The boards of this browser; and where an address has led to nothing, that it has.
    pub(super) fn view_shelves(self) -> AnyView {
        let is_lost = move || self.route.with(|route| *route == Route::Unknown);
        self.resident();
        view! {
            <Show when=is_lost>
                <p class="lost" role="alert">"There is nothing at this address. The link may have been cut off or changed on its way: copy it again, as text."</p>
            </Show>
            <Shelves session=self.session />
        }
        .into_any()
    }

    /// Every screen but the first one, and what lies over all of them.
    pub(super) fn view(self) -> AnyView {
        let is_read = Memo::new(move |_| self.route.with(is_snapshot));
        view! {
            <Show when=move || is_read.get() fallback=move || self.view_page()>
                {live(move || self.view_snapshot())}
            </Show>
            <KeysHelp is_open=self.asks_for_keys />
            <CopyByHand session=self.session />
            <QuestionDialog session=self.session />
            <NoticeBar session=self.session />
        }
        .into_any()
    }

    /// Opens storage, unless it is open.
    fn resident(self) -> Resident {
        self.resident.get(|| self.settle())
    }

    fn settle(self) -> Resident {
        let Self {
            session,
            parts,
            route,
            ..
        } = self;
        let persistence = Persistence::start(session);
        let endpoints = Endpoints::start(session, persistence, route, parts.stepping);
        remember_stale_switch(session);
        provide_context(outside(session, persistence, endpoints, parts, route));
        reveal_answers(session, persistence, parts);
        shelve_what_was_unmade(session);
        let keeping = keep_backups(session, persistence, parts);
        keys::listen(session, route, self.asks_for_keys);
        follow_route(session, persistence, route, self.unopened);
        fetch_the_rest(session, parts);
        Resident {
            persistence,
            keeping,
        }
    }

    /// The snapshot that the address names.
    fn view_snapshot(self) -> AnyView {
        let source = match self.route.get() {
            Route::Snapshot(payload) => source(payload),
            Route::Hosted(link) => Source::Hosted(link),
            _ => return ().into_any(),
        };
        let Self {
            session,
            parts,
            route,
            comparison,
            ..
        } = self;
        // Another one may have been shown before.
        comparison.set(None);
        let ask = Asking {
            own_board: Callback::new(move |board_key: u32| self.own_board(board_key)),
            on_adopt: Callback::new(move |snapshot: Snapshot| {
                adopt(session, self.resident().persistence, route, &snapshot);
            }),
            on_compare: Callback::new(move |snapshot| {
                let persistence = self.resident().persistence;
                compare(session, persistence, parts, snapshot, comparison);
            }),
            on_merge: Callback::new(move |(snapshot, with_latest)| {
                let persistence = self.resident().persistence;
                merge(session, persistence, parts, route, snapshot, with_latest);
            }),
            comparison: comparison.into(),
        };
        parts.view_snapshot(source, session.now.get_untracked(), ask)
    }

    /// The board of this browser that a snapshot with this key is of. A browser without boards is asked for
    /// none, so that reading a snapshot leaves nothing in it.
    fn own_board(self, board_key: u32) -> Signal<Option<OwnBoard>> {
        let session = self.session;
        let has_boards = settings::last_board().get().is_some();
        if has_boards {
            self.resident();
        }
        Signal::derive(move || {
            let boards = session.shelf.boards.get().filter(|_| has_boards)?;
            let own = find_own(&boards, board_key)?;
            Some(OwnBoard {
                id: own.id,
                title: own.title.clone(),
                is_origin: is_of(own.id, board_key),
            })
        })
    }

    /// The screen that the address names. Built anew when another screen or record is asked for, not
    /// when filters change.
    fn view_page(self) -> AnyView {
        let Self {
            session,
            parts,
            route,
            ..
        } = self;
        let Resident {
            persistence,
            keeping,
        } = self.resident();
        let which = Memo::new(move |_| route.with(Route::unfiltered));
        let is_board = Memo::new(move |_| which.with(|which| matches!(which, Route::Board(..))));
        let unopened = self.unopened;
        let is_unopened = Memo::new(move |_| {
            let board = which.with(Route::board);
            unopened.with(|unopened| unopened.as_ref().is_some_and(|(id, _)| board == Some(*id)))
        });
        let is_elsewhere = Memo::new(move |_| {
            let is_other = which.with(|which| matches!(which, Route::Backups | Route::Join(_)));
            is_other || is_unopened.get()
        });
        // Screens read the board as they are built: its id in links and drafts, its people in forms.
        let is_open = Memo::new(move |_| {
            which.with(Route::board) == session.open.get() && session.drafts.is_ready.get()
        });
        let screen = move || match which.get() {
            _ if !is_open.get() => {
                view! { <p class="soft" role="status">"Opening the board…"</p> }.into_any()
            }
            Route::Board(_, Screen::Cruxes(..)) => {
                // Elsewhere it would lie over what somebody has come for, such as a round that waits.
                view! {
                    <Tour />
                    <BoardPage session route=route.into() />
                }
                .into_any()
            }
            Route::Board(_, Screen::Unknown) => view! { <NothingHere session /> }.into_any(),
            Route::Board(_, screen) => parts.view(session, persistence, screen),
            _ => ().into_any(),
        };
        let elsewhere = move || match which.get() {
            Route::Board(..) => {
                let why = unopened.get().map(|(_, why)| why);
                view! { <NoBoard why=why.unwrap_or_default() /> }.into_any()
            }
            Route::Backups => parts
                .keeping
                .view(move |part| (part.page)(session, persistence, keeping.keeper(part.start))),
            Route::Join(invitation) => parts
                .stepping
                .view(move |part| (part.join_page)(invitation.clone())),
            _ => ().into_any(),
        };
        view! {
            <Show when=move || is_board.get() && !is_unopened.get()>
                <Frame session route=route.into()>{live(screen)}</Frame>
            </Show>
            <Show when=move || is_elsewhere.get()>
                <main id="main" tabindex="-1">{live(elsewhere)}</main>
            </Show>
        }
        .into_any()
    }
}

/// Whether the first screen is shown: also where nothing is, so that one can begin.
fn is_start(route: &Route) -> bool {
    matches!(route, Route::Start | Route::Unknown)
}

fn is_snapshot(route: &Route) -> bool {
    matches!(route, Route::Snapshot(_) | Route::Hosted(_))
}

/// Makes a board of one's own of what a snapshot holds.
fn adopt(session: Session, persistence: Persistence, route: RwSignal<Route>, snapshot: &Snapshot) {
    let changes = session.adopt(&snapshot.changes);
    if let Some(board) = persistence.create_board_of(changes, Some(snapshot.board_key)) {
        show_in_place(route, board);
        session
            .notices
            .acted("A board of your own was made of the snapshot".into());
    }
}

fn is_of(board: ChangeId, key: u32) -> bool {
    board_key(board) == key
}

/// The board that a snapshot with this key was taken of, or else the one opened last of those made of such a
/// snapshot. Under aliases each snapshot has a key of its own.
fn find_own(boards: &[BoardListing], key: u32) -> Option<&BoardListing> {
    let made_of_it = || {
        let made = boards.iter().filter(|own| own.made_of == Some(key));
        made.max_by_key(|own| (own.place() != Place::Trash, own.opened_at))
    };
    let origin = boards.iter().find(|own| is_of(own.id, key));
    origin.or_else(made_of_it)
}

/// One's own copy of a snapshot's board, or why there is none to compare or merge with: the board
/// itself, or else the one opened last of those made of such a snapshot.
fn own_copy(boards: &[BoardListing], snapshot: &Snapshot) -> Result<ChangeId, String> {
    // Snapshots with aliases have no key that tells their boards apart.
    let own = match snapshot.aliases {
        true => boards.iter().find(|own| is_of(own.id, snapshot.board_key)),
        false => find_own(boards, snapshot.board_key),
    };
    match own {
        None => Err("You have no copy of this board.".into()),
        Some(own) if own.place() == Place::Trash => Err(
            "Your copy of this board is in the trash. Restore it on the first screen to compare the two."
                .into(),
        ),
        Some(own) => Ok(own.id),
    }
}

/// What changed on one's own copy of a snapshot's board since it was taken, and what could be taken
/// in.
fn compare(
    session: Session,
    persistence: Persistence,
    parts: Parts,
    snapshot: Snapshot,
    comparison: RwSignal<Option<Comparison>>,
) {
    Effect::new(move |was_found: Option<bool>| {
        let Some(boards) = session.shelf.boards.get() else {
            return false;
        };
        if was_found == Some(true) {
            return true;
        }
        let own = match own_copy(&boards, &snapshot) {
            Ok(own) => own,
            Err(problem) => {
                comparison.set(Some(Err(problem)));
                return true;
            }
        };
        let snapshot = snapshot.clone();
        spawn_local(async move {
            let opened = persistence.open_board(own).await;
            let found = match opened {
                Ok(()) => parts.sharing.get().await.map_err(str::to_owned),
                Err(problem) => Err(problem.to_string()),
            };
            let now = session.now.get_untracked();
            let found = found
                .map(|sharing| session.with(|board| (sharing.compare)(&snapshot, board, own, now)));
            comparison.set(Some(found));
        });
        true
    });
}

/// Takes a snapshot into one's own copy of its board, as that stands now, and shows the board.
fn merge(
    session: Session,
    persistence: Persistence,
    parts: Parts,
    route: RwSignal<Route>,
    snapshot: Snapshot,
    with_latest: bool,
) {
    let boards = session.shelf.boards.get_untracked().unwrap_or_default();
    let own = match own_copy(&boards, &snapshot) {
        Ok(own) => own,
        Err(problem) => return session.notices.problem(problem),
    };
    spawn_local(async move {
        if let Err(problem) = persistence.open_board(own).await {
            return session.notices.problem(problem.to_string());
        }
        let sharing = match parts.sharing.get().await {
            Ok(sharing) => sharing,
            Err(problem) => return session.notices.problem(problem),
        };
        let changes = session.with(|board| (sharing.missing)(&snapshot, board, with_latest));
        if session.dispatch(Command::TakeIn(changes)) {
            show_in_place(route, own);
        }
    });
}

/// What was answered here in blind rounds is published once they are closed; where no round was ever
/// opened, nothing was.
fn reveal_answers(session: Session, persistence: Persistence, parts: Parts) {
    let revealing = Once::new();
    Effect::new(move |_| {
        session.follow_all();
        // Once a minute too: the part may not have come the last time.
        session.now.track();
        if revealing.has_begun() || session.with(|board| board.rounds().next().is_none()) {
            return;
        }
        spawn_local(async move {
            if let Ok(part) = parts.meeting.get().await {
                revealing.get(|| (part.reveal)(session, persistence));
            }
        });
    });
}

/// The file on the disk is kept up to date from the first idle moment on.
fn keep_backups(session: Session, persistence: Persistence, parts: Parts) -> Keeping {
    let record = settings::backup().get().unwrap_or_default();
    session.backup.record.set(record);
    let keeping = Keeping {
        session,
        persistence,
        keeper: Once::new(),
    };
    if settings::backup_file().get().is_some() {
        clock::on_idle(move || {
            spawn_local(async move {
                // Without the part, the screen for backups is not there either, and says so.
                if let Ok(part) = parts.keeping.get().await {
                    keeping.keeper(part.start);
                }
            });
        });
    }
    keeping
}

/// The one keeper of backups, made when it is first needed. Cheap to copy.
#[derive(Clone, Copy)]
struct Keeping {
    session: Session,
    persistence: Persistence,
    keeper: Once<Keeper>,
}

impl Keeping {
    fn keeper(self, start: fn(Session, Persistence) -> Keeper) -> Keeper {
        self.keeper.get(|| start(self.session, self.persistence))
    }
}

/// A board whose making was taken back goes to the trash as it is.
fn shelve_what_was_unmade(session: Session) {
    let outside = Outside::from_context();
    Effect::new(move |_| {
        if let Some(board) = session.unmade.get() {
            session.unmade.set(None);
            outside.shelve.run((board, Place::Trash));
            outside.go.run((Route::Start, true));
        }
    });
}

/// Whoever says who they are has come to work, and the rest of the app shall be here before the network
/// may be gone. Whoever only looks gets what they look at.
fn fetch_the_rest(session: Session, parts: Parts) {
    Effect::new(move |_| {
        if session.me.get().is_some() {
            clock::on_idle(move || {
                parts.fetch();
                offline::keep_app(session);
            });
        }
    });
}

/// Opens the board that the address names, and shows each new screen from its top.
fn follow_route(
    session: Session,
    persistence: Persistence,
    route: RwSignal<Route>,
    unopened: RwSignal<Option<(ChangeId, String)>>,
) {
    let outside = Outside::from_context();
    Effect::new(move |before: Option<Option<ChangeId>>| {
        let open = session.open.get();
        let closed = before.flatten().filter(|_| open.is_none());
        if let Some(closed) = closed
            && route.with_untracked(Route::board) == Some(closed)
        {
            unopened.set(Some((
                closed,
                "This board was deleted from this browser.".into(),
            )));
        }
        open
    });
    // Where storage is opened for a wish, its granting changes the screen before this first runs.
    let begun = route.get_untracked();
    Effect::new(move |before: Option<Route>| {
        let now = route.get();
        let before = before.unwrap_or_else(|| begun.clone());
        if let Some(board) = now.board()
            && session.open.get_untracked() != Some(board)
        {
            unopened.set(None);
            let opening = persistence.open_board(board);
            spawn_local(async move {
                if let Err(problem) = opening.await {
                    if session.open.get_untracked() == Some(board) {
                        session.notices.problem(problem.to_string());
                    } else {
                        unopened.set(Some((board, problem.to_string())));
                    }
                }
            });
        }
        let is_filtering = before.unfiltered() == now.unfiltered();
        if !is_filtering {
            outside.begin_anew.run(());
        }
        now
    });
}

/// By whom the newest change was made that holds `part`, in words.
fn author_of(session: Session, part: &str) -> String {
    let me = session.me.get_untracked();
    session.with(|board| {
        let author = board.author_of(part);
        match author.and_then(|author| board.person(author)) {
            Some(author) if Some(author.id) == me => "in another window".to_owned(),
            Some(author) => format!("by {}", author.initials()),
            None => "elsewhere".to_owned(),
        }
    })
}

fn title_window(session: Session, route: RwSignal<Route>) {
    Effect::new(move |_| {
        session.follow(RecordRef::Board);
        let question = session.with(|board| board.info().question.clone());
        let name = route.with(|route| match route {
            Route::Board(_, Screen::Crux(id)) => {
                session.follow(RecordRef::Crux(*id));
                session.with(|board| board.crux(*id).map(|crux| crux.name().into_owned()))
            }
            Route::Board(..) => Some(question),
            Route::Snapshot(_) | Route::Hosted(_) => Some("Snapshot".into()),
            Route::Backups => Some("Backups".into()),
            Route::Start | Route::Join(_) | Route::Unknown => None,
        });
        let name = name.filter(|name| !name.is_empty());
        address::set_title(&name.map_or("Cruxboard".into(), |name| format!("{name} · Cruxboard")));
    });
}

fn remember_stale_switch(session: Session) {
    let setting = settings::with_stale();
    session.with_stale.set(setting.get().unwrap_or(true));
    Effect::new(move |_| setting.set(&session.with_stale.get()));
}
