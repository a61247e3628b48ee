//! The first screen, with the ways to start.

use cruxboard_domain::t;
use leptos::prelude::*;

use super::Ways;
use crate::route::{TO_BACKUPS, TO_JOIN, TO_NEW_BOARD};
use crate::t_view;

/// Offers the worked example, a new board and a file. The boards of this browser are listed below.
///
/// A newcomer loads this screen and no more, so nothing here may depend on boards.
#[component]
pub fn StartPage(ways: Ways, children: Children) -> impl IntoView {
    view! {
        <div class="start">
            <header>
                <p class="wordmark">{t!("Cruxboard")}</p>
                <h1>{t!("Go on only while it is right to go on. Stop if and only if it is right to stop.")}</h1>
                <p class="lead">
                    {t!("List the few claims on which a decision hinges, what would make you stop, what would make you go on, the evidence, and how likely each of you finds each claim. Then keep it current.")}
                </p>
            </header>
            <section
                class="ways"
                aria-label=t!("Begin")
                on:pointerover=move |_| ways.approach.run(())
                on:focusin=move |_| ways.approach.run(())
            >
                <button class="way" on:click=move |_| ways.open_example.run(())>
                    <strong>{t!("Open the worked example")}</strong>
                    <span>{t!("Nine cruxes of a research group that asks whether to keep, change or wind down a line of work. All numbers in it are illustrations.")}</span>
                </button>
                <a class="way" href=TO_NEW_BOARD>
                    <strong>{t!("Start with your question")}</strong>
                    <span>{t!("Three short steps: the question, the people who decide, the first cruxes. Everything else can be added later.")}</span>
                </a>
                <button class="way" on:click=move |_| ways.open_file.run(())>
                    <strong>{t!("Open a file")}</strong>
                    <span>{t!("A board file (.cruxboard.json) that you saved or received. You can also drop it anywhere on this page.")}</span>
                </button>
            </section>
            <footer class="soft">
                <p>{t_view!(
                    "No account, no server: boards are stored in this browser, and you can download them as readable files at any time. Did somebody share a board with you? {link}.",
                    link = view! { <a href=TO_JOIN>{t!("Join it")}</a> },
                )}</p>
                <p>{t_view!(
                    "Browser data can be lost. {link} save all boards as one file, or keep a file on this computer up to date.",
                    link = view! { <a href=TO_BACKUPS>{t!("Backups")}</a> },
                )}</p>
            </footer>
            // Last, because it appears later than the rest, which must not move then.
            {children()}
        </div>
    }
}
