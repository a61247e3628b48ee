//! The composition root: the first screen, and the way to everything beyond it.
//!
//! Whoever comes for the first time sees a page that explains itself and offers three ways to begin.
//! That page is all this module knows; the rest (session, edges, the screens of a board) is a part of its
//! own, `working`, which comes when somebody takes one of the ways, or has boards here, or opens the
//! address of something.

mod endpoints;
mod keeping;
mod keys;
mod once;
mod outside;
mod parts;
mod tidying;
mod working;

use crate::prelude::*;
use leptos::ev;
use leptos::task::spawn_local;

use self::once::Once;
use self::parts::Parts;
use self::working::Working;
use crate::component::{Show, is_typing, live};
use crate::edge::{address, fetch, files};
use crate::page::{StartPage, Ways};
use crate::route::is_start;

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
    };
    address::on_change(move || entrance.follow_address());
    entrance.listen();
    let ways = Ways {
        approach: Callback::new(move |()| entrance.parts.board.fetch_early()),
        open_example: Callback::new(move |()| entrance.open_example()),
        open_file: Callback::new(move |()| entrance.open_file()),
        found_board: Callback::new(move |(question, people)| {
            entrance.wish(Wish::Found(question, people));
        }),
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

/// What somebody wants at the first screen, for which everything beyond it is needed.
pub(in crate::app) enum Wish {
    /// A board made of a question and names.
    Found(String, Vec<String>),
    /// What is in a file, opened.
    Open(String),
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
}

impl Entrance {
    fn follow_address(self) {
        let at_start = is_start(&address::fragment());
        if !self.working.has_begun() {
            self.at_start.set(at_start);
        }
        if !at_start {
            self.is_entered.set(true);
        }
    }

    /// Keys and drops at the first screen, and what other tabs do. What lies beyond listens for itself.
    fn listen(self) {
        let is_alone = move || !self.working.has_begun();
        window_event_listener(ev::keydown, move |event| {
            if is_alone() && event.key() == "?" && !is_typing(&event) {
                event.prevent_default();
                self.wish(Wish::Keys);
            }
        });
        // A board made in another tab is to be listed in this one.
        window_event_listener(ev::storage, move |_| self.is_entered.set(true));
        window_event_listener(ev::dragover, move |event| {
            if is_alone() && files::holds_files(&event) {
                event.prevent_default();
                self.parts.board.fetch_early();
            }
        });
        window_event_listener(ev::drop, move |event| {
            if is_alone()
                && let Some(file) = files::dropped(&event)
            {
                event.prevent_default();
                spawn_local(async move { self.take(files::read(&file).await) });
            }
        });
    }

    fn open_example(self) {
        self.parts.board.fetch_early();
        spawn_local(async move {
            let text = self.awaited(fetch::text_beside_page(EXAMPLE)).await;
            self.wish(match text {
                Ok(text) => Wish::Open(text),
                Err(problem) => Wish::Say(format!("The example could not be loaded. {problem}")),
            });
        });
    }

    fn open_file(self) {
        self.parts.board.fetch_early();
        spawn_local(async move {
            if let Some(file) = files::pick_file(".json,application/json").await {
                self.take(file);
            }
        });
    }

    fn take(self, file: Result<files::TextFile, files::FileProblem>) {
        self.wish(match file {
            Ok(file) => Wish::Open(file.text),
            Err(problem) => Wish::Say(problem.to_string()),
        });
    }

    /// Has a wish granted as soon as what it takes is here.
    fn wish(self, wish: Wish) {
        spawn_local(async move {
            match self.awaited(self.parts.board.get()).await {
                Ok(part) => {
                    let working = self.enter(part.start);
                    self.is_entered.set(true);
                    (part.grant)(working, wish);
                }
                Err(problem) => self.said.set(Some(Said::Problem(match wish {
                    Wish::Say(earlier) => earlier,
                    _ => problem.to_owned(),
                }))),
            }
        });
    }

    /// Says meanwhile that something is on its way.
    async fn awaited<T>(self, coming: impl Future<Output = T>) -> T {
        self.said.set(Some(Said::Waiting));
        let came = coming.await;
        self.said.set(None);
        came
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
                view! {
                    <div class=class>
                        <span>{words}</span>
                        <button class="quiet" aria-label="Dismiss" on:click=move |_| self.said.set(None)>"×"</button>
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
