//! The first screen: what to open.

use crate::prelude::*;
use cruxboard_domain::date::{day_of, spelled};

use crate::component::{Show, live};

use super::Outside;
use crate::route::{Route, Screen};
use crate::session::Session;
use cruxboard_domain::view::{Filter, Sort};

/// Offers the worked example, an empty board and a file, and lists the boards of this browser.
#[component]
pub fn StartPage(session: Session) -> impl IntoView {
    let outside = Outside::from_context();
    view! {
        <div class="start">
            <header>
                <p class="wordmark">"Cruxboard"</p>
                <h1>"Go on only while it is right to go on. Stop if and only if it is right to stop."</h1>
                <p class="lead">
                    "Write down the few claims on which a decision hinges, what would make you stop and what would make you go on, what you know, and how likely each of you thinks each claim is. Then keep it true."
                </p>
            </header>
            <section class="ways" aria-label="Begin">
                <button class="way" on:click=move |_| outside.open_example.run(())>
                    <strong>"Open the worked example"</strong>
                    <span>"Nine cruxes of a research group that asks whether to keep, change or wind down a line of work. All numbers in it are illustrations."</span>
                </button>
                <NewBoard />
                <button class="way" on:click=move |_| outside.open_file.run(())>
                    <strong>"Open a file"</strong>
                    <span>"A board that somebody sent you or that you saved, ending in .cruxboard.json. You can also drop it anywhere."</span>
                </button>
            </section>
            <Boards session />
            <footer class="soft">
                <p>"No account, no server: boards are kept in this browser, and you can take them out as a readable file at any time. Does somebody keep a board elsewhere and share it? " <a href=Route::Join(Default::default()).href()>"Join it"</a>"."</p>
            </footer>
        </div>
    }
}

#[component]
fn NewBoard() -> impl IntoView {
    let outside = Outside::from_context();
    let is_open = RwSignal::new(false);
    let question = RwSignal::new(String::new());
    let people = RwSignal::new(String::new());
    let start = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let names = people.get_untracked();
        let names = names.split([',', '\n']).map(|name| name.trim().to_owned());
        let names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
        outside.found_board.run((question.get_untracked(), names));
    };
    let form = move || {
        view! {
            <form class="way" on:submit=start>
                <strong>"Start an empty board"</strong>
                <div class="field wide">
                    <label for="new-question">"What is to be decided?"</label>
                    <input
                        id="new-question"
                        placeholder="Keep, change or wind down the … line?"
                        prop:value=question
                        on:input:target=move |event| question.set(event.target().value())
                        autofocus
                    />
                </div>
                <div class="field wide">
                    <label for="new-people">"Who decides? Names or roles, with commas between"</label>
                    <input
                        id="new-people"
                        placeholder="Area lead, Researcher, Red-teamer"
                        prop:value=people
                        on:input:target=move |event| people.set(event.target().value())
                    />
                </div>
                <p class="actions">
                    <button class="primary" type="submit">"Start"</button>
                    <button type="button" on:click=move |_| is_open.set(false)>"Not now"</button>
                </p>
            </form>
        }
    };
    view! {
        <Show
            when=move || is_open.get()
            fallback=move || view! {
                <button class="way" on:click=move |_| is_open.set(true)>
                    <strong>"Start an empty board"</strong>
                    <span>"Begin with the question to decide and the people who decide it; the rest can wait."</span>
                </button>
            }
        >
            {form()}
        </Show>
    }
}

#[component]
fn Boards(session: Session) -> impl IntoView {
    let outside = Outside::from_context();
    let boards = session.shelf.boards;
    let listed = move |is_trashed: bool| {
        let all = boards.get().unwrap_or_default();
        all.into_iter()
            .filter(move |board| board.trashed_at.is_some() == is_trashed)
    };
    let list = move || {
        let items = listed(false).map(|board| {
            let screen = Screen::Cruxes(Filter::default(), Sort::Own);
            let title = if board.title.is_empty() { "Untitled board".into() } else { board.title };
            let label = format!("Move “{title}” to the trash");
            view! {
                <li>
                    <a href=Route::Board(board.id, screen).href()>{title}</a>
                    <span class="soft">"opened " {spelled(day_of(board.opened_at))}</span>
                    <button class="quiet" aria-label=label on:click=move |_| outside.trash_board.run((board.id, true))>"Trash"</button>
                </li>
            }
        });
        items.collect_view()
    };
    let trashed = move || {
        let items = listed(true).map(|board| {
            view! {
                <li>
                    <span>{board.title}</span>
                    <button on:click=move |_| outside.trash_board.run((board.id, false))>"Restore"</button>
                </li>
            }
        });
        items.collect_view()
    };
    view! {
        <Show when=move || listed(false).next().is_some()>
            <section class="boards" aria-labelledby="boards-title">
                <h2 id="boards-title">"Boards in this browser"</h2>
                <ul>{live(list)}</ul>
            </section>
        </Show>
        <Show when=move || listed(true).next().is_some()>
            <section class="boards" aria-labelledby="trashed-title">
                <h2 id="trashed-title">"In the trash"</h2>
                <ul>{live(trashed)}</ul>
            </section>
        </Show>
        <SetAside session />
    }
}

/// Offers what storage held and nobody can read.
#[component]
fn SetAside(session: Session) -> impl IntoView {
    let outside = Outside::from_context();
    let count = session.shelf.set_aside;
    view! {
        <Show when=move || { count.get() > 0 }>
            <section class="boards" aria-labelledby="aside-title">
                <h2 id="aside-title">"Set aside"</h2>
                <p>
                    {count}
                    " stored rows were damaged and could not be read. Nothing of them was deleted; everything else was loaded."
                </p>
                <button on:click=move |_| outside.download_set_aside.run(())>"Download what was set aside"</button>
            </section>
        </Show>
    }
}
