//! The app beyond the first screen: creates the session and connects it to the browser, and renders the
//! pages.

use std::time::Duration;

use super::background::{
    LazyBackup, discarding, keep_backups, preload_chunks, remember_stale_switch, reveal_answers,
    trash_undone_boards,
};
use super::own_copy::{adopt, compare, find_own, is_of, merge};
use super::window::{author_of, follow_route, set_window_title};
use cruxboard_domain::BoardId;
use cruxboard_domain::snapshot::Snapshot;
use cruxboard_domain::t;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::chunks::EditingChunk;
use super::endpoints::Endpoints;
use super::lazy_chunks::LazyChunks;
use super::opening::{open_file, source};
use super::owned_lazy::OwnedLazy;
use super::services::{copying, saving, services};
use super::{StartAction, keys};
use crate::component::{Author, Later, PutRight, Today, live};
use crate::page::{
    Asking, BoardListSection, BoardPage, Comparison, CopyByHand, Frame, KeysHelp, NoBoard, NoPage,
    NothingHere, NoticeBar, OwnBoard, PaletteAsks, QuestionDialog, Sending, Source, Tour,
};
use crate::route::{Route, Screen};
use cruxboard_platform::persistence::{self, Persistence};
use cruxboard_platform::{address, clock, files, settings};
use cruxboard_session::{BoardLocation, Session};

/// Everything but the first screen. All other chunks depend on it.
#[derive(Clone, Copy)]
pub(super) struct BoardChunk {
    /// Starts the app under the current owner. The app keeps the signal up to date, which says whether the
    /// address is that of the first screen.
    pub(super) start: fn(RwSignal<bool>, LazyChunks) -> BoardApp,
    pub(super) run: fn(BoardApp, StartAction),
    /// Renders the boards of this browser, for the first screen.
    pub(super) board_list: fn(BoardApp) -> AnyView,
    /// Renders all other screens.
    pub(super) screens: fn(BoardApp) -> AnyView,
}

/// The app beyond the first screen. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct BoardApp {
    session: Session,
    chunks: LazyChunks,
    route: RwSignal<Route>,
    comparison: RwSignal<Option<Comparison>>,
    palette: PaletteAsks,
    /// The board of the address that could not be opened, and why.
    unopened: RwSignal<Option<(BoardId, String)>>,
    /// The services for boards. Not created for a reader who only opens a snapshot, so that storage
    /// stays closed.
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
        address::on_leave(address::leave_finished_field);
        provide_context(Later(|millis, run| {
            // Dropping the handle would stop the timer.
            std::mem::forget(clock::after(Duration::from_millis(millis.into()), run));
        }));
        session
            .notices
            .on_screens(move || route.with_untracked(Route::unfiltered).href());
        Effect::new(move |_| {
            route.track();
            session.notices.leave_screens();
        });
        provide_context(PutRight(Callback::new(move |told: String| {
            session.notices.put_right_as_told(&told);
        })));
        provide_context(Today(Signal::derive(move || session.now.get().today())));
        provide_context(Author(Callback::new(move |part: String| {
            author_of(session, &part)
        })));
        provide_context(discarding(session));
        Effect::new(move |_| at_start.set(route.with(is_start)));
        set_window_title(session, route);
        Self {
            session,
            chunks,
            route,
            comparison: RwSignal::new(None),
            palette: PaletteAsks {
                is_open: RwSignal::new(false),
                asks_for_keys: RwSignal::new(false),
            },
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
            StartAction::OpenFile(file) => open_file(session, persistence, chunks, route, file),
            StartAction::ShowShortcuts => self.palette.asks_for_keys.set(true),
            StartAction::ReportError(problem) => {
                clock::soon(move || session.notices.failed("open-file", problem))
            }
        }
    }

    /// Renders the list of boards.
    pub(super) fn view_board_list(self) -> AnyView {
        self.resident();
        view! { <BoardListSection session=self.session /> }.into_any()
    }

    /// Renders every screen but the first one, and the dialogs and notices over all of them.
    pub(super) fn view(self) -> AnyView {
        let is_read = Memo::new(move |_| self.route.with(is_snapshot));
        view! {
            <Show when=move || is_read.get() fallback=move || self.view_page()>
                {live(move || self.view_snapshot())}
            </Show>
            <KeysHelp is_open=self.palette.asks_for_keys />
            <Show when=move || self.palette.is_open.get()>{self.view_palette()}</Show>
            <CopyByHand session=self.session />
            <QuestionDialog session=self.session />
            <NoticeBar session=self.session />
        }
        .into_any()
    }

    fn view_palette(self) -> AnyView {
        let (session, route, asks) = (self.session, self.route.into(), self.palette);
        let make = move |chunk: EditingChunk| (chunk.palette)(session, route, asks);
        self.chunks.editing.view(make)
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
        provide_context(services(
            session,
            persistence,
            endpoints,
            chunks,
            route,
            self.palette.is_open,
        ));
        reveal_answers(session, persistence, chunks);
        trash_undone_boards(session);
        let backup = keep_backups(session, persistence, chunks);
        keys::listen(session, route, self.palette);
        keys::take_pasted_text(session, route);
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
            sending: Sending {
                app_address: address::without_fragment,
                read_draft: |key| settings::answer_draft(key).get(),
                keep_draft: |key, draft| match draft {
                    Some(draft) => settings::answer_draft(key).set(&draft),
                    None => settings::answer_draft(key).clear(),
                },
                copy: copying(session),
                save: saving(session),
            },
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
            on_open_file: Callback::new(move |()| self.open_file()),
            comparison: comparison.into(),
            screen_name: session.screen_name,
        };
        chunks.view_snapshot(source, session.now.get_untracked(), ask)
    }

    /// Asks for a file, and opens it.
    fn open_file(self) {
        spawn_local(async move {
            match files::pick_file(".json,application/json").await {
                Some(Ok(file)) => self.run(StartAction::OpenFile(file)),
                Some(Err(problem)) => self.run(StartAction::ReportError(problem.to_string())),
                None => {}
            }
        });
    }

    /// Returns the board of this browser from which the snapshot with this key was taken. A browser
    /// without boards is not asked, so that reading a snapshot stores nothing.
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
                is_in_trash: own.place() == BoardLocation::Trash,
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
            let is_other = which.with(|which| {
                matches!(
                    which,
                    Route::Backups | Route::Join(_) | Route::Save(_) | Route::Unknown
                )
            });
            is_other || is_unopened.get()
        });
        // Screens read the open board while they are rendered: its id in links and drafts, its people in
        // forms.
        let is_open = Memo::new(move |_| {
            which.with(Route::board) == session.open.get() && session.drafts.is_ready.get()
        });
        let screen = move || match which.get() {
            _ if !is_open.get() => {
                view! { <p class="soft" role="status">{t!("Opening the board…")}</p> }.into_any()
            }
            Route::Board(_, Screen::Cruxes(..)) => {
                // Not over the other screens, so that the tour does not cover a screen opened by a
                // link.
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
            Route::Save(clipping) => chunks
                .editing
                .view(move |chunk| (chunk.save)(session, clipping.clone())),
            Route::Join(invitation) => chunks
                .sync
                .view(move |chunk| (chunk.join_page)(invitation.clone())),
            Route::Unknown => view! { <NoPage /> }.into_any(),
            _ => ().into_any(),
        };
        view! {
            <Show when=move || is_board.get() && !is_unopened.get()>
                <Frame session route=route.into()>{live(screen)}</Frame>
            </Show>
            <Show when=move || is_elsewhere.get()>
                <main id="main" tabindex="-1">{live(elsewhere)}</main>
            </Show>
            {self.view_new_board()}
        }
        .into_any()
    }

    /// Renders the steps of beginning a board, as one screen, so that it knows whether its draft is of an
    /// earlier visit.
    fn view_new_board(self) -> AnyView {
        let Self {
            session,
            chunks,
            route,
            ..
        } = self;
        let step = Memo::new(move |_| {
            route.with(|route| match route {
                Route::NewBoard(step) => Some(*step),
                _ => None,
            })
        });
        let form = move || {
            let step = Signal::derive(move || step.get().unwrap_or_default());
            chunks
                .editing
                .view(move |chunk| (chunk.new_board)(session, step))
        };
        view! {
            <Show when=move || step.get().is_some()>
                <main id="main" tabindex="-1">
                    <Show when=move || session.drafts.is_ready.get()>{form()}</Show>
                </main>
            </Show>
        }
        .into_any()
    }
}

fn is_start(route: &Route) -> bool {
    *route == Route::Start
}

fn is_snapshot(route: &Route) -> bool {
    matches!(route, Route::Snapshot(_) | Route::Hosted(_))
}
