//! The composition root: mounts the first screen, and loads everything else on demand.
//!
//! The first screen explains the app and offers three ways to start. It knows nothing about boards.
//! Session, platform and all other screens are in a lazy chunk, `board_app`. The chunk is loaded when
//! the user starts something, has boards in this browser, or opens the address of another screen.

mod background;
mod board_admin;
mod board_app;
mod board_chunk;
mod chunk_screens;
mod chunk_services;
mod chunks;
mod disk_backup;
mod endpoints;
mod file_text;
mod keys;
mod lazy_chunk;
mod lazy_chunks;
mod opening;
mod own_copy;
mod owned_lazy;
mod services;
mod window;

use cruxboard_domain::t;
use std::future::ready;

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

use self::board_app::BoardApp;
use self::board_app::BoardChunk;
use self::board_chunk::board_chunk;
use self::lazy_chunk::LazyChunk;
use self::lazy_chunks::LazyChunks;
use self::owned_lazy::OwnedLazy;
use crate::component::{is_typing, live};
use crate::page::{StartPage, Ways};
use crate::route::is_start;
use cruxboard_platform::{address, clock, files, language, network, place};
use cruxboard_session::ports::Language;

/// The prefix of all keys of the app in local storage. `boot.js` uses it, too.
const OURS: &str = "cruxboard/";

/// Returns the name of the file beside the page that has the worked example in a language.
const fn example_file(language: Language) -> &'static str {
    match language {
        Language::German => "example.de.cruxboard.json",
        Language::System | Language::English => "example.cruxboard.json",
    }
}

/// The whole app.
#[component]
pub fn App() -> impl IntoView {
    let at_start = is_start(&address::fragment());
    let entrance = Entrance {
        at_start: RwSignal::new(at_start),
        is_entered: RwSignal::new(!at_start || !address::is_first_visit()),
        board: board_chunk(),
        chunks: LazyChunks::new(),
        board_app: OwnedLazy::new(),
        said: RwSignal::new(None),
        turn: StoredValue::new(0),
        missed: StoredValue::new_local(None),
    };
    place::start();
    address::on_change(move || entrance.follow_address());
    entrance.listen();
    let ways = Ways {
        approach: Callback::new(move |()| entrance.board.fetch_early()),
        open_example: Callback::new(move |()| entrance.open_example()),
        open_file: Callback::new(move |()| entrance.open_file()),
    };
    let Entrance {
        at_start,
        is_entered,
        ..
    } = entrance;
    view! {
        <a class="skip" href="#main" on:click=|event| { event.prevent_default(); address::focus("main"); }>{t!("To the content")}</a>
        <Show when=move || at_start.get()>
            <main id="main" tabindex="-1">
                <StartPage ways>
                    <Show when=move || is_entered.get()>{entrance.view_board_list()}</Show>
                </StartPage>
            </main>
        </Show>
        <Show when=move || is_entered.get()>{entrance.view_screens()}</Show>
        {entrance.view_said()}
    }
}

fn opened(file: Result<files::RawFile, files::FileProblem>) -> StartAction {
    match file {
        Ok(file) => StartAction::OpenFile(file),
        Err(problem) => StartAction::ReportError(problem.to_string()),
    }
}

/// An action of the first screen that needs the board chunk.
pub(in crate::app) enum StartAction {
    /// Opens a file.
    OpenFile(files::RawFile),
    /// Shows the list of keyboard shortcuts.
    ShowShortcuts,
    /// Reports an error.
    ReportError(String),
}

/// A notice of the first screen, while the board chunk is not loaded.
#[derive(Clone)]
enum Said {
    /// The chunk is being loaded.
    Waiting,
    /// Loading failed.
    Problem(String),
}

/// The first screen, and the loader of the board app. Cheap to copy.
#[derive(Clone, Copy)]
struct Entrance {
    /// Whether the address is that of the first screen.
    at_start: RwSignal<bool>,
    /// Whether the board app is needed. On a first visit it is not, until the user starts something.
    is_entered: RwSignal<bool>,
    board: LazyChunk<BoardChunk>,
    chunks: LazyChunks,
    board_app: OwnedLazy<BoardApp>,
    said: RwSignal<Option<Said>>,
    /// The serial number of the latest action. Earlier actions are not carried out.
    turn: StoredValue<u32>,
    /// The action that failed because the chunk did not load.
    missed: StoredValue<Option<StartAction>, LocalStorage>,
}

impl Entrance {
    fn follow_address(self) {
        let at_start = is_start(&address::fragment());
        self.withdraw();
        if !self.board_app.is_initialized() && self.at_start.get_untracked() != at_start {
            self.at_start.set(at_start);
            address::begin_anew();
            // The placeholder is removed, too, and may have the focus.
            spawn_local(async move {
                if self.board.get().await.is_ok() {
                    clock::soon(|| address::focus_if_lost("main"));
                }
            });
        }
        if !at_start {
            self.is_entered.set(true);
        }
    }

    /// Listens for dropped files, the key of the shortcut list, and other tabs. The board app listens for
    /// the other keys.
    fn listen(self) {
        window_event_listener(ev::keydown, move |event| {
            let is_plain = !event.ctrl_key() && !event.meta_key();
            let is_asked = event.key() == "?" && is_plain && !is_typing(&event);
            if is_asked && !self.board_app.is_initialized() {
                event.prevent_default();
                self.start_action(ready(StartAction::ShowShortcuts));
            }
        });
        // A board created in another tab is listed here. Other apps may share the storage.
        window_event_listener(ev::storage, move |event| {
            if event.key().is_some_and(|key| key.starts_with(OURS)) {
                self.is_entered.set(true);
            }
        });
        window_event_listener(ev::pageshow, move |event| {
            // A page in the back-forward cache receives no events.
            if event.persisted() {
                self.is_entered.set(true);
            }
        });
        window_event_listener(ev::dragover, move |event| {
            // Only files are taken, since cruxes can be dragged too.
            if files::holds_files(&event) {
                event.prevent_default();
                self.board.fetch_early();
            }
        });
        window_event_listener(ev::drop, move |event| {
            if let Some(file) = files::dropped(&event) {
                event.prevent_default();
                self.start_action(async move { opened(files::read(&file).await) });
            }
        });
    }

    fn open_example(self) {
        self.start_action(async {
            let name = example_file(language::of_page());
            match network::read_page_file(name).await {
                Ok(text) => StartAction::OpenFile(files::RawFile {
                    name: name.to_owned(),
                    bytes: text.into_bytes(),
                }),
                Err(problem) => StartAction::ReportError(t!(
                    "The example could not be loaded. {problem}",
                    problem
                )),
            }
        });
    }

    fn open_file(self) {
        self.board.fetch_early();
        spawn_local(async move {
            if let Some(file) = files::pick_file(".json,application/json").await {
                self.start_action(ready(opened(file)));
            }
        });
    }

    /// Carries out an action once it is known and the chunk is loaded, unless a newer action has
    /// replaced it. Shows a notice while loading.
    fn start_action(self, action: impl Future<Output = StartAction> + 'static) {
        self.withdraw();
        let turn = self.turn.get_value();
        self.board.fetch_early();
        self.said.set(Some(Said::Waiting));
        spawn_local(async move {
            let action = action.await;
            let chunk = self.board.get().await;
            if self.turn.get_value() != turn {
                return;
            }
            self.said.set(None);
            match (chunk, action) {
                (Ok(chunk), action) => {
                    let board_app = self.enter(chunk.start);
                    self.is_entered.set(true);
                    (chunk.run)(board_app, action);
                }
                (Err(_), StartAction::ReportError(earlier)) => {
                    self.said.set(Some(Said::Problem(earlier)))
                }
                (Err(problem), action) => {
                    self.missed.set_value(Some(action));
                    self.said.set(Some(Said::Problem(problem.to_owned())));
                }
            }
        });
    }

    /// Cancels the current action.
    fn withdraw(self) {
        self.turn.update_value(|turn| *turn += 1);
        self.missed.set_value(None);
        self.said.set(None);
    }

    fn try_again(self) {
        if let Some(action) = self.missed.try_update_value(Option::take).flatten() {
            self.start_action(ready(action));
        }
    }

    /// Returns the board app; starts it on first use.
    fn enter(self, start: fn(RwSignal<bool>, LazyChunks) -> BoardApp) -> BoardApp {
        self.board_app
            .get_or_init(|| start(self.at_start, self.chunks))
    }

    /// Renders the boards of this browser below the ways to start.
    fn view_board_list(self) -> AnyView {
        let make = move |chunk: BoardChunk| (chunk.board_list)(self.enter(chunk.start));
        self.board.view_within(|view| view, make)
    }

    /// Renders every screen but the first one.
    fn view_screens(self) -> AnyView {
        let around = move |waiting: AnyView| {
            let at_start = self.at_start.get();
            (!at_start)
                .then(|| view! { <main id="main" tabindex="-1">{waiting}</main> })
                .into_any()
        };
        let make = move |chunk: BoardChunk| (chunk.screens)(self.enter(chunk.start));
        self.board.view_within(around, make)
    }

    fn view_said(self) -> AnyView {
        let notice = move || {
            self.said.get().map(|said| {
                let (class, words) = match said {
                    Said::Waiting => ("notice is-late", t!("Loading…").to_owned()),
                    Said::Problem(words) => ("notice problem", words),
                };
                let is_missed = self.missed.with_value(Option::is_some);
                let again = is_missed.then(|| {
                    view! { <button on:click=move |_| self.try_again()>{t!("Try again")}</button> }
                });
                view! {
                    <div class=class>
                        <span>{words}</span>
                        {again}
                        <button class="quiet" aria-label=t!("notice" => "Dismiss") on:click=move |_| self.withdraw()>"×"</button>
                    </div>
                }
            })
        };
        // The board app has notices of its own.
        view! {
            <Show when=move || !self.board.is_loaded()>
                <div class="notices" aria-live="polite">{live(notice)}</div>
            </Show>
        }
        .into_any()
    }
}
