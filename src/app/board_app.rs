//! The app beyond the first screen: creates the session and connects it to the browser, and renders the
//! pages.

use cruxboard_domain::ChangeId;
use cruxboard_domain::board::RecordRef;
use cruxboard_domain::decide::Command;
use cruxboard_domain::due::{Due, DueKind, due};
use cruxboard_domain::snapshot::{Snapshot, board_key};
use leptos::prelude::*;

use crate::component::live;
use leptos::task::spawn_local;

use super::disk_backup::DiskBackup;
use super::endpoints::Endpoints;
use super::lazy_chunks::LazyChunks;
use super::owned_lazy::OwnedLazy;
use super::services::{open_file, services, show, show_in_place, source};
use super::{StartAction, keys};
use crate::component::{Author, Later};
use crate::edge::persistence::{self, Persistence};
use crate::edge::{address, clock, drafts, offline, settings};
use crate::page::{
    Asking, BoardListSection, BoardPage, Comparison, CopyByHand, Frame, KeysHelp, NoBoard,
    NothingHere, NoticeBar, OwnBoard, QuestionDialog, Services, Source, Tour,
};
use crate::route::{Route, Screen};
use crate::session::{BoardListing, Place, Session};

/// The app beyond the first screen. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct BoardApp {
    session: Session,
    chunks: LazyChunks,
    route: RwSignal<Route>,
    comparison: RwSignal<Option<Comparison>>,
    asks_for_keys: RwSignal<bool>,
    /// The board of the address that could not be opened, and why.
    unopened: RwSignal<Option<(ChangeId, String)>>,
    /// Not created for a reader who only opens a snapshot: their storage stays closed.
    resident: OwnedLazy<Resident>,
}

/// The services for a user with boards of their own.
#[derive(Clone, Copy)]
struct Resident {
    persistence: Persistence,
    backup: LazyBackup,
}

impl BoardApp {
    /// Starts with the screen of the address, and keeps `at_start` in step with it.
    pub(super) fn start(at_start: RwSignal<bool>, chunks: LazyChunks) -> Self {
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
        set_window_title(session, route);
        Self {
            session,
            chunks,
            route,
            comparison: RwSignal::new(None),
            asks_for_keys: RwSignal::new(false),
            unopened: RwSignal::new(None),
            resident: OwnedLazy::new(),
        }
    }

    /// Carries out an action of the first screen.
    pub(super) fn run(self, action: StartAction) {
        let Self {
            session,
            chunks,
            route,
            ..
        } = self;
        let persistence = self.resident().persistence;
        match action {
            StartAction::CreateBoard(question, people) => {
                match session.found_board(&question, &people) {
                    Ok(changes) => {
                        if let Some(board) = persistence.create_board(changes) {
                            show(route, board);
                            drafts::forget_new_board();
                        }
                    }
                    // Screen readers announce a notice only if its live region was there before it.
                    Err(refusal) => clock::soon(move || session.notices.refuse(&refusal)),
                }
            }
            StartAction::OpenFile(file) => open_file(session, persistence, chunks, route, file),
            StartAction::ShowShortcuts => self.asks_for_keys.set(true),
            StartAction::ReportError(problem) => {
                clock::soon(move || session.notices.problem(problem))
            }
        }
    }

    /// Renders the list of boards, and a message if the address leads nowhere.
    pub(super) fn view_board_list(self) -> AnyView {
        let is_lost = move || self.route.with(|route| *route == Route::Unknown);
        self.resident();
        view! {
            <Show when=is_lost>
                <p class="lost" role="alert">"There is nothing at this address. The link may have been cut off or changed on its way: copy it again, as text."</p>
            </Show>
            <BoardListSection session=self.session />
        }
        .into_any()
    }

    /// Renders every screen but the first one, and the dialogs and notices over all of them.
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

    /// Returns the services; opens storage on first use.
    fn resident(self) -> Resident {
        self.resident.get_or_init(|| self.start_services())
    }

    fn start_services(self) -> Resident {
        let Self {
            session,
            chunks,
            route,
            ..
        } = self;
        let persistence = Persistence::start(session);
        let endpoints = Endpoints::start(session, persistence, route, chunks.sync);
        remember_stale_switch(session);
        provide_context(services(session, persistence, endpoints, chunks, route));
        reveal_answers(session, persistence, chunks);
        trash_undone_boards(session);
        let backup = keep_backups(session, persistence, chunks);
        keys::listen(session, route, self.asks_for_keys);
        follow_route(session, persistence, route, self.unopened);
        preload_chunks(session, chunks);
        Resident {
            persistence,
            backup,
        }
    }

    /// Renders the snapshot of the address.
    fn view_snapshot(self) -> AnyView {
        let source = match self.route.get() {
            Route::Snapshot(payload) => source(payload),
            Route::Hosted(link) => Source::Hosted(link),
            _ => return ().into_any(),
        };
        let Self {
            session,
            chunks,
            route,
            comparison,
            ..
        } = self;
        // The comparison may be that of an earlier snapshot.
        comparison.set(None);
        let ask = Asking {
            own_board: Callback::new(move |board_key: u32| self.own_board(board_key)),
            on_adopt: Callback::new(move |snapshot: Snapshot| {
                adopt(session, self.resident().persistence, route, &snapshot);
            }),
            on_compare: Callback::new(move |snapshot| {
                let persistence = self.resident().persistence;
                compare(session, persistence, chunks, snapshot, comparison);
            }),
            on_merge: Callback::new(move |(snapshot, with_latest)| {
                let persistence = self.resident().persistence;
                merge(session, persistence, chunks, route, snapshot, with_latest);
            }),
            comparison: comparison.into(),
        };
        chunks.view_snapshot(source, session.now.get_untracked(), ask)
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
            let boards = session.board_list.boards.get().filter(|_| has_boards)?;
            let own = find_own(&boards, board_key)?;
            Some(OwnBoard {
                id: own.id,
                title: own.title.clone(),
                is_origin: is_of(own.id, board_key),
            })
        })
    }

    /// Renders the screen of the address. It is rendered again for another screen or record, not when
    /// filters change.
    fn view_page(self) -> AnyView {
        let Self {
            session,
            chunks,
            route,
            ..
        } = self;
        let Resident {
            persistence,
            backup,
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
        // Screens read the open board while they are rendered: its id in links and drafts, its people in
        // forms.
        let is_open = Memo::new(move |_| {
            which.with(Route::board) == session.open.get() && session.drafts.is_ready.get()
        });
        let screen = move || match which.get() {
            _ if !is_open.get() => {
                view! { <p class="soft" role="status">"Opening the board…"</p> }.into_any()
            }
            Route::Board(_, Screen::Cruxes(..)) => {
                // Only here, so that it does not cover a screen that was opened by a link.
                view! {
                    <Tour />
                    <BoardPage session route=route.into() />
                }
                .into_any()
            }
            Route::Board(_, Screen::Unknown) => view! { <NothingHere session /> }.into_any(),
            Route::Board(_, screen) => chunks.view(session, persistence, screen),
            _ => ().into_any(),
        };
        let elsewhere = move || match which.get() {
            Route::Board(..) => {
                let why = unopened.get().map(|(_, why)| why);
                view! { <NoBoard why=why.unwrap_or_default() /> }.into_any()
            }
            Route::Backups => chunks.backups.view(move |chunk| {
                (chunk.page)(session, persistence, backup.disk_backup(chunk.start))
            }),
            Route::Join(invitation) => chunks
                .sync
                .view(move |chunk| (chunk.join_page)(invitation.clone())),
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

/// Whether the first screen is shown. It is also shown for unknown addresses.
fn is_start(route: &Route) -> bool {
    matches!(route, Route::Start | Route::Unknown)
}

fn is_snapshot(route: &Route) -> bool {
    matches!(route, Route::Snapshot(_) | Route::Hosted(_))
}

/// Creates a board from a snapshot.
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

/// Finds the user's copy of a snapshot's board: the board itself, or else the last opened one of those
/// created from such a snapshot.
///
/// # Errors
/// A message that says why there is no copy to compare or merge with.
fn own_copy(boards: &[BoardListing], snapshot: &Snapshot) -> Result<ChangeId, String> {
    // The keys of snapshots with aliases do not identify boards.
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

/// Compares a snapshot with the user's copy of its board: the changes since, and those to merge.
fn compare(
    session: Session,
    persistence: Persistence,
    chunks: LazyChunks,
    snapshot: Snapshot,
    comparison: RwSignal<Option<Comparison>>,
) {
    Effect::new(move |was_found: Option<bool>| {
        let Some(boards) = session.board_list.boards.get() else {
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
                Ok(()) => chunks.sharing.get().await.map_err(str::to_owned),
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

/// Merges a snapshot into the user's copy of its board, and shows the board.
fn merge(
    session: Session,
    persistence: Persistence,
    chunks: LazyChunks,
    route: RwSignal<Route>,
    snapshot: Snapshot,
    with_latest: bool,
) {
    let boards = session
        .board_list
        .boards
        .get_untracked()
        .unwrap_or_default();
    let own = match own_copy(&boards, &snapshot) {
        Ok(own) => own,
        Err(problem) => return session.notices.problem(problem),
    };
    spawn_local(async move {
        if let Err(problem) = persistence.open_board(own).await {
            return session.notices.problem(problem.to_string());
        }
        let sharing = match chunks.sharing.get().await {
            Ok(sharing) => sharing,
            Err(problem) => return session.notices.problem(problem),
        };
        let changes = session.with(|board| (sharing.missing)(&snapshot, board, with_latest));
        if session.dispatch(Command::TakeIn(changes)) {
            show_in_place(route, own);
        }
    });
}

/// Publishes the answers that this device gave in blind rounds, once the rounds are closed.
fn reveal_answers(session: Session, persistence: Persistence, chunks: LazyChunks) {
    let revealing = OwnedLazy::new();
    Effect::new(move |_| {
        session.follow_all();
        // Also once a minute: the chunk may have failed to load before.
        session.now.track();
        if revealing.is_initialized() || session.with(|board| board.rounds().next().is_none()) {
            return;
        }
        spawn_local(async move {
            if let Ok(chunk) = chunks.reviews.get().await {
                revealing.get_or_init(|| (chunk.reveal)(session, persistence));
            }
        });
    });
}

/// Starts to keep the backup file up to date, when the browser is first idle.
fn keep_backups(session: Session, persistence: Persistence, chunks: LazyChunks) -> LazyBackup {
    let record = settings::backup().get().unwrap_or_default();
    session.backup.record.set(record);
    let backup = LazyBackup {
        session,
        persistence,
        disk_backup: OwnedLazy::new(),
    };
    if settings::backup_file().get().is_some() {
        clock::on_idle(move || {
            spawn_local(async move {
                // If the chunk fails to load, the backup screen reports it.
                if let Ok(chunk) = chunks.backups.get().await {
                    backup.disk_backup(chunk.start);
                }
            });
        });
    }
    backup
}

/// The backup service; created on first use. Cheap to copy.
#[derive(Clone, Copy)]
struct LazyBackup {
    session: Session,
    persistence: Persistence,
    disk_backup: OwnedLazy<DiskBackup>,
}

impl LazyBackup {
    fn disk_backup(self, start: fn(Session, Persistence) -> DiskBackup) -> DiskBackup {
        self.disk_backup
            .get_or_init(|| start(self.session, self.persistence))
    }
}

/// Moves a board to the trash when its creation is undone.
fn trash_undone_boards(session: Session) {
    let services = Services::from_context();
    Effect::new(move |_| {
        if let Some(board) = session.unmade.get() {
            session.unmade.set(None);
            services.move_board.run((board, Place::Trash));
            services.go.run((Route::Start, true));
        }
    });
}

/// Once the user has chosen an identity, loads every chunk so that the board works offline.
fn preload_chunks(session: Session, chunks: LazyChunks) {
    Effect::new(move |_| {
        if session.me.get().is_some() {
            clock::on_idle(move || {
                chunks.fetch();
                offline::keep_app(session);
            });
        }
    });
}

/// Opens the board of the address, and scrolls each new screen to its top.
fn follow_route(
    session: Session,
    persistence: Persistence,
    route: RwSignal<Route>,
    unopened: RwSignal<Option<(ChangeId, String)>>,
) {
    let services = Services::from_context();
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
    // An action of the first screen can change the route before the effect first runs.
    let first = route.get_untracked();
    Effect::new(move |before: Option<Route>| {
        let now = route.get();
        let before = before.unwrap_or_else(|| first.clone());
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
            services.begin_anew.run(());
        }
        now
    });
}

/// Describes the author of the newest change whose text contains `part`.
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

/// How long the board must rest before the title of the window counts what is due, in milliseconds.
const TITLE_PAUSE: u64 = 400;

/// Counts the met or overdue items of the board, in two words: "1 met", "2 overdue".
fn waiting_words(session: Session) -> Option<String> {
    let viewpoint = session.viewpoint_untracked();
    let today = viewpoint.now.today();
    let waiting = session.with(|board| due(board, viewpoint));
    let met = waiting
        .iter()
        .filter(|due| due.kind == DueKind::Met)
        .count();
    let is_overdue = |due: &&Due| due.date.is_some_and(|date| date < today);
    let overdue = waiting.iter().filter(is_overdue).count();
    match (met, overdue) {
        (0, 0) => None,
        (0, overdue) => Some(format!("{overdue} overdue")),
        (met, _) => Some(format!("{met} met")),
    }
}

/// Keeps the window title in step with the screen.
fn set_window_title(session: Session, route: RwSignal<Route>) {
    // All that is due takes a look along the whole board, which no change is to wait for.
    let alert = RwSignal::new(None::<String>);
    let pause = StoredValue::new_local(None);
    Effect::new(move |_| {
        session.follow_all();
        session.now.track();
        // The pause that runs is dropped, and with it ends.
        pause.set_value(Some(clock::after(TITLE_PAUSE, move || {
            alert.try_set(waiting_words(session));
        })));
    });
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
        let name = name.map_or("Cruxboard".into(), |name| format!("{name} · Cruxboard"));
        let alert = match route.with(|route| matches!(route, Route::Board(..))) {
            true => alert.get(),
            false => None,
        };
        address::set_title(&alert.map_or(name.clone(), |alert| format!("({alert}) {name}")));
    });
}

fn remember_stale_switch(session: Session) {
    let setting = settings::with_stale();
    session.with_stale.set(setting.get().unwrap_or(true));
    Effect::new(move |_| setting.set(&session.with_stale.get()));
}
