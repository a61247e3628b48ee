//! The composition root: the first screen, and the way to everything beyond it.
//!
//! Whoever comes for the first time sees a page that explains itself and offers three ways to begin.
//! That page is all this module knows; the rest (session, edges, the screens of a board) is a part of its
//! own, `working`, which comes when somebody takes one of the ways, or has boards here, or opens the
//! address of something.

mod endpoints;
mod file_name;
mod file_text;
mod keeping;
mod keys;
mod once;
mod outside;
mod parts;
mod tidying;
mod working;

use std::future::ready;

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

use self::once::Once;
use self::parts::Parts;
use self::working::Working;
use crate::component::{is_typing, live};
use crate::edge::{address, clock, drafts, fetch, files};
use crate::page::{StartPage, Ways};
use crate::route::is_start;

/// How everything begins that we keep in local storage; `boot.js` goes by it, too.
const OURS: &str = "cruxboard/";
/// The worked example, beside the page.
const EXAMPLE: &str = "example.cruxboard.json";

/// The whole app.
#[component]
pub fn App() -> impl IntoView {
    let at_start = is_start(&address::fragment());
    let entrance = Entrance {
        at_start: RwSignal::new(at_start),
        is_entered: RwSignal::new(!at_start || !address::is_first_visit()),
        parts: Parts::new(),
        working: Once::new(),
        said: RwSignal::new(None),
        turn: StoredValue::new(0),
        missed: StoredValue::new_local(None),
    };
    address::on_change(move || entrance.follow_address());
    entrance.listen();
    let ways = Ways {
        approach: Callback::new(move |()| entrance.parts.board.fetch_early()),
        open_example: Callback::new(move |()| entrance.open_example()),
        open_file: Callback::new(move |()| entrance.open_file()),
        found_board: Callback::new(move |(question, people)| {
            entrance.want(ready(Wish::Found(question, people)));
        }),
        withdraw: Callback::new(move |()| entrance.withdraw()),
        recall: Callback::new(|on_ready: Callback<()>| {
            drafts::recall_new_board(move || on_ready.run(()));
        }),
        kept: drafts::of_new_board,
        keep: drafts::keep_new_board,
    };
    let Entrance {
        at_start,
        is_entered,
        ..
    } = entrance;
    view! {
        <a class="skip" href="#main" on:click=|event| { event.prevent_default(); address::focus("main"); }>"To the content"</a>
        <Show when=move || at_start.get()>
            <main id="main" tabindex="-1">
                <StartPage ways>
                    <Show when=move || is_entered.get()>{entrance.view_shelves()}</Show>
                </StartPage>
            </main>
        </Show>
        <Show when=move || is_entered.get()>{entrance.view_beyond()}</Show>
        {entrance.view_said()}
    }
}

fn opened(file: Result<files::RawFile, files::FileProblem>) -> Wish {
    match file {
        Ok(file) => Wish::Open(file),
        Err(problem) => Wish::Say(problem.to_string()),
    }
}

/// What somebody wants at the first screen, for which everything beyond it is needed.
pub(in crate::app) enum Wish {
    /// A board made of a question and names.
    Found(String, Vec<String>),
    /// What is in a file, opened.
    Open(files::RawFile),
    /// The list of keys.
    Keys,
    /// To be told what went wrong.
    Say(String),
}

/// What is said at the first screen while nothing else is there yet.
#[derive(Clone)]
enum Said {
    /// It is on its way.
    Waiting,
    /// It did not come.
    Problem(String),
}

/// The first screen, and the way to what lies beyond it. Cheap to copy.
#[derive(Clone, Copy)]
struct Entrance {
    /// Whether the address is that of the first screen.
    at_start: RwSignal<bool>,
    /// Whether what lies beyond is wanted: a newcomer at the first screen does without.
    is_entered: RwSignal<bool>,
    parts: Parts,
    working: Once<Working>,
    said: RwSignal<Option<Said>>,
    /// How many wishes there have been; only the last of them is granted.
    turn: StoredValue<u32>,
    /// The wish that could not be granted because what it takes did not come.
    missed: StoredValue<Option<Wish>, LocalStorage>,
}

impl Entrance {
    fn follow_address(self) {
        let at_start = is_start(&address::fragment());
        self.withdraw();
        if !self.working.has_begun() && self.at_start.get_untracked() != at_start {
            self.at_start.set(at_start);
            address::begin_anew();
            // What stands here meanwhile goes, too, and may have the keyboard.
            spawn_local(async move {
                if self.parts.board.get().await.is_ok() {
                    clock::soon(|| address::focus_if_lost("main"));
                }
            });
        }
        if !at_start {
            self.is_entered.set(true);
        }
    }

    /// A file dropped anywhere, the list of keys, and what other tabs do. Other keys are for what lies
    /// beyond.
    fn listen(self) {
        window_event_listener(ev::keydown, move |event| {
            let is_plain = !event.ctrl_key() && !event.meta_key();
            let is_asked = event.key() == "?" && is_plain && !is_typing(&event);
            if is_asked && !self.working.has_begun() {
                event.prevent_default();
                self.want(ready(Wish::Keys));
            }
        });
        // A board made in another tab is to be listed in this one. Others may share the storage.
        window_event_listener(ev::storage, move |event| {
            if event.key().is_some_and(|key| key.starts_with(OURS)) {
                self.is_entered.set(true);
            }
        });
        window_event_listener(ev::pageshow, move |event| {
            // While the page was put aside it was told of nothing.
            if event.persisted() {
                self.is_entered.set(true);
            }
        });
        window_event_listener(ev::dragover, move |event| {
            // Only files: cruxes are dragged too.
            if files::holds_files(&event) {
                event.prevent_default();
                self.parts.board.fetch_early();
            }
        });
        window_event_listener(ev::drop, move |event| {
            if let Some(file) = files::dropped(&event) {
                event.prevent_default();
                self.want(async move { opened(files::read(&file).await) });
            }
        });
    }

    fn open_example(self) {
        self.want(async {
            match fetch::text_beside_page(EXAMPLE).await {
                Ok(text) => Wish::Open(files::RawFile {
                    name: EXAMPLE.to_owned(),
                    bytes: text.into_bytes(),
                }),
                Err(problem) => Wish::Say(format!("The example could not be loaded. {problem}")),
            }
        });
    }

    fn open_file(self) {
        self.parts.board.fetch_early();
        spawn_local(async move {
            if let Some(file) = files::pick_file(".json,application/json").await {
                self.want(ready(opened(file)));
            }
        });
    }

    /// Has a wish granted as soon as it is known and what it takes is here, unless there is another by
    /// then. Says meanwhile that something is on its way.
    fn want(self, wish: impl Future<Output = Wish> + 'static) {
        self.withdraw();
        let turn = self.turn.get_value();
        self.parts.board.fetch_early();
        self.said.set(Some(Said::Waiting));
        spawn_local(async move {
            let wish = wish.await;
            let part = self.parts.board.get().await;
            if self.turn.get_value() != turn {
                return;
            }
            self.said.set(None);
            match (part, wish) {
                (Ok(part), wish) => {
                    let working = self.enter(part.start);
                    self.is_entered.set(true);
                    (part.grant)(working, wish);
                }
                (Err(_), Wish::Say(earlier)) => self.said.set(Some(Said::Problem(earlier))),
                (Err(problem), wish) => {
                    self.missed.set_value(Some(wish));
                    self.said.set(Some(Said::Problem(problem.to_owned())));
                }
            }
        });
    }

    /// Whatever was wanted is wanted no more.
    fn withdraw(self) {
        self.turn.update_value(|turn| *turn += 1);
        self.missed.set_value(None);
        self.said.set(None);
    }

    fn try_again(self) {
        if let Some(wish) = self.missed.try_update_value(Option::take).flatten() {
            self.want(ready(wish));
        }
    }

    /// What lies beyond the first screen, begun when it is first needed.
    fn enter(self, start: fn(RwSignal<bool>, Parts) -> Working) -> Working {
        self.working.get(|| start(self.at_start, self.parts))
    }

    /// The boards of this browser, below the ways to begin.
    fn view_shelves(self) -> AnyView {
        let make = move |part: parts::BoardPart| (part.shelves)(self.enter(part.start));
        self.parts.board.view_within(|view| view, make)
    }

    /// Every screen but the first one.
    fn view_beyond(self) -> AnyView {
        let around = move |waiting: AnyView| {
            let at_start = self.at_start.get();
            (!at_start)
                .then(|| view! { <main id="main" tabindex="-1">{waiting}</main> })
                .into_any()
        };
        let make = move |part: parts::BoardPart| (part.beyond)(self.enter(part.start));
        self.parts.board.view_within(around, make)
    }

    fn view_said(self) -> AnyView {
        let notice = move || {
            self.said.get().map(|said| {
                let (class, words) = match said {
                    Said::Waiting => ("notice is-late", "Loading…".to_owned()),
                    Said::Problem(words) => ("notice problem", words),
                };
                let is_missed = self.missed.with_value(Option::is_some);
                let again = is_missed.then(|| {
                    view! { <button on:click=move |_| self.try_again()>"Try again"</button> }
                });
                view! {
                    <div class=class>
                        <span>{words}</span>
                        {again}
                        <button class="quiet" aria-label="Dismiss" on:click=move |_| self.withdraw()>"×"</button>
                    </div>
                }
            })
        };
        // Then there are other notices, and these come no more.
        view! {
            <Show when=move || !self.parts.board.is_here()>
                <div class="notices" aria-live="polite">{live(notice)}</div>
            </Show>
        }
        .into_any()
    }
}
