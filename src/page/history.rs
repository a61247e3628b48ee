//! The history of the board, and its trash.

use cruxboard_domain::change::ReviewHeld;
use cruxboard_domain::decide::Command;
use cruxboard_domain::{t, tn};
use leptos::prelude::*;

use crate::component::live;

use super::Services;
use super::changes::ChangeList;
use cruxboard_session::Session;

/// Every change of the board, latest first, its trash, and its damaged or foreign rows.
#[component]
pub fn HistoryPage(session: Session) -> impl IntoView {
    let services = Services::from_context();
    let changes = Signal::derive(move || {
        session.read_all(|board| {
            board
                .log()
                .entries()
                .rev()
                .map(|entry| entry.id())
                .collect::<Vec<_>>()
        })
    });
    let foreign = Memo::new(move |_| session.read_all(|board| board.log().foreign_count()));
    let review = move |_| {
        let now = session.now.get_untracked().millis;
        let people =
            session.read_untracked(|board| board.people_at(now).map(|person| person.id).collect());
        session.dispatch(Command::HoldReview(ReviewHeld {
            people,
            note: String::new(),
        }));
    };
    view! {
        <div class="page narrow">
            <h1>{t!("History")}</h1>
            <section class="panel">
                <h2>{t!("Reviews")}</h2>
                <p class="soft">{t!("A credence trigger can require to hold at several reviews in a row. Record a review when you have met and gone through the board: it counts for every crux. Two within a day count as one.")}</p>
                <p class="actions"><button on:click=review>{t!("Record that a review was held now")}</button></p>
            </section>
            <Trash session />
            <section class="panel">
                <h2>{t!("Changes")} " " <span class="soft">{live(move || changes.with(Vec::len))}</span></h2>
                <Show when=move || { foreign.get() > 0 }>
                    <p class="late">{live(move || foreign_words(foreign.get()))}</p>
                </Show>
                <ChangeList session changes />
            </section>
            <Show when=move || { session.board_list.set_aside.get() > 0 }>
                <section class="panel">
                    <h2>{t!("Set aside")}</h2>
                    <p>{live(move || set_aside_words(session.board_list.set_aside.get()))}</p>
                    <p class="actions"><button on:click=move |_| services.files.download_set_aside.run(())>{t!("Download what was set aside")}</button></p>
                </section>
            </Show>
        </div>
    }
}

fn foreign_words(count: usize) -> String {
    tn!(
        count,
        "{count} change cannot be read by this version of Cruxboard: a newer version wrote it, or it is damaged. It is kept and synced unchanged.",
        "{count} changes cannot be read by this version of Cruxboard: a newer version wrote them, or they are damaged. They are kept and synced unchanged.",
    )
}

fn set_aside_words(count: usize) -> String {
    tn!(
        count,
        "{count} stored row was damaged and set aside, not deleted.",
        "{count} stored rows were damaged and set aside, not deleted.",
    )
}

#[component]
fn Trash(session: Session) -> impl IntoView {
    let trash = Memo::new(move |_| session.read_all(cruxboard_domain::board::Board::trash));
    let items = move || {
        let items = trash.get().into_iter().map(|(id, kind, name)| {
            let label = t!("Restore {name}", name);
            view! {
                <li>
                    <span><span class="badge">{kind}</span> " " {name}</span>
                    <button aria-label=label on:click=move |_| { session.dispatch(Command::Restore(id)); }>{t!("Restore")}</button>
                </li>
            }
        });
        items.collect_view()
    };
    view! {
        <section class="panel boards">
            <h2>{t!("Trash")}</h2>
            <Show
                when=move || trash.with(|trash| !trash.is_empty())
                fallback=|| view! { <p class="soft">{t!("The trash is empty.")}</p> }
            >
                <ul>{live(items)}</ul>
            </Show>
        </section>
    }
}
