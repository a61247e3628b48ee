//! The first screen: what to open.

use leptos::prelude::*;

use super::Ways;
use crate::component::{DraftBanner, live};
use crate::route::{TO_BACKUPS, TO_JOIN};

/// Offers the worked example, an empty board and a file. Below stands what is here already.
///
/// Whoever comes for the first time loads this and no more, so nothing here may know of boards.
#[component]
pub fn StartPage(ways: Ways, children: Children) -> impl IntoView {
    view! {
        <div class="start">
            <header>
                <p class="wordmark">"Cruxboard"</p>
                <h1>"Go on only while it is right to go on. Stop if and only if it is right to stop."</h1>
                <p class="lead">
                    "List the few claims on which a decision hinges, what would make you stop, what would make you go on, the evidence, and how likely each of you finds each claim. Then keep it current."
                </p>
            </header>
            <section
                class="ways"
                aria-label="Begin"
                on:pointerover=move |_| ways.approach.run(())
                on:focusin=move |_| ways.approach.run(())
            >
                <button class="way" on:click=move |_| ways.open_example.run(())>
                    <strong>"Open the worked example"</strong>
                    <span>"Nine cruxes of a research group that asks whether to keep, change or wind down a line of work. All numbers in it are illustrations."</span>
                </button>
                <NewBoard ways />
                <button class="way" on:click=move |_| ways.open_file.run(())>
                    <strong>"Open a file"</strong>
                    <span>"A board file (.cruxboard.json) that you saved or received. You can also drop it anywhere on this page."</span>
                </button>
            </section>
            {children()}
            <footer class="soft">
                <p>"No account, no server: boards are stored in this browser, and you can download them as readable files at any time. Did somebody share a board with you? " <a href=TO_JOIN>"Join it"</a>"."</p>
                <p>"Browser data can be lost. " <a href=TO_BACKUPS>"Backups"</a>" save all boards as one file, or keep a file on this computer up to date."</p>
            </footer>
        </div>
    }
}

const QUESTION: &str = "question";
const PEOPLE: &str = "people";

#[component]
fn NewBoard(ways: Ways) -> impl IntoView {
    let question = RwSignal::new((ways.kept)(QUESTION));
    let people = RwSignal::new((ways.kept)(PEOPLE));
    let is_written = move || {
        !question.with_untracked(String::is_empty) || !people.with_untracked(String::is_empty)
    };
    let is_kept = RwSignal::new(is_written());
    let is_open = RwSignal::new(is_written());
    ways.recall.run(Callback::new(move |()| {
        if !is_written() {
            question.set((ways.kept)(QUESTION));
            people.set((ways.kept)(PEOPLE));
            is_kept.set(is_written());
            is_open.update(|is_open| *is_open |= is_written());
        }
    }));
    let write = move |key, field: RwSignal<String>, text: String| {
        (ways.keep)(key, &text);
        field.set(text);
    };
    let discard = Callback::new(move |()| {
        write(QUESTION, question, String::new());
        write(PEOPLE, people, String::new());
    });
    let start = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let names = people.get_untracked();
        let names = names.split([',', '\n']).map(|name| name.trim().to_owned());
        let names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
        ways.found_board.run((question.get_untracked(), names));
    };
    let form = move || {
        view! {
            <form class="way" on:submit=start>
                <strong>"Start an empty board"</strong>
                {live(move || view! { <DraftBanner is_kept=is_kept.get() on_discard=discard /> })}
                <div class="field wide">
                    <label for="new-question">"Decision question"</label>
                    <input
                        id="new-question"
                        placeholder="Keep, change or wind down the … line?"
                        prop:value=question
                        on:input:target=move |event| write(QUESTION, question, event.target().value())
                        autofocus
                    />
                </div>
                <div class="field wide">
                    <label for="new-people">"People: names or roles, separated by commas"</label>
                    <input
                        id="new-people"
                        placeholder="Area lead, Researcher, Red-teamer"
                        prop:value=people
                        on:input:target=move |event| write(PEOPLE, people, event.target().value())
                    />
                </div>
                <p class="actions">
                    <button class="primary" type="submit">"Start"</button>
                    <button type="button" on:click=move |_| { ways.withdraw.run(()); is_open.set(false); }>"Not now"</button>
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
                    <span>"Start with the question and the people who decide. Everything else can be added later."</span>
                </button>
            }
        >
            {form()}
        </Show>
    }
}
