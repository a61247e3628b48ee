//! The first screen, with the ways to start.

use leptos::prelude::*;

use super::Ways;
use crate::route::{TO_BACKUPS, TO_JOIN, TO_NEW_BOARD};

/// Offers the worked example, a new board and a file. The boards of this browser are listed below.
///
/// A newcomer loads this screen and no more, so nothing here may depend on boards.
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
                <a class="way" href=TO_NEW_BOARD>
                    <strong>"Start with your question"</strong>
                    <span>"Three short steps: the question, the people who decide, the first cruxes. Everything else can be added later."</span>
                </a>
                <button class="way" on:click=move |_| ways.open_file.run(())>
                    <strong>"Open a file"</strong>
                    <span>"A board file (.cruxboard.json) that you saved or received. You can also drop it anywhere on this page."</span>
                </button>
            </section>
            <footer class="soft">
                <p>"No account, no server: boards are stored in this browser, and you can download them as readable files at any time. Did somebody share a board with you? " <a href=TO_JOIN>"Join it"</a>"."</p>
                <p>"Browser data can be lost. " <a href=TO_BACKUPS>"Backups"</a>" save all boards as one file, or keep a file on this computer up to date."</p>
            </footer>
            // Last, because it appears later than the rest, which must not move then.
            {children()}
        </div>
    }
}
