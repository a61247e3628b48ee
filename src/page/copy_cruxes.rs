//! Copying cruxes to another board.

use std::collections::BTreeSet;

use cruxboard_domain::board::RecordRef;
use cruxboard_domain::import::cruxes::{CopiedCruxes, CopyParts};
use cruxboard_domain::record::CruxId;
use cruxboard_domain::translation::translated;
use cruxboard_domain::{BoardId, ChangeId};
use cruxboard_domain::{t, tn, translatable};
use cruxboard_session::Session;
use cruxboard_session::ports::CopyAsk;
use leptos::prelude::*;

use super::Services;
use super::other_boards::{OtherBoardChoice, other_boards};
use crate::component::{Pick, live};
use crate::route::{NewBoardStep, Route};
use crate::t_view;

/// The keys of the parts that go along when asked for, with their labels.
const PARTS: &[(&str, &str)] = &[
    ("evidence", translatable!("Their evidence")),
    (
        "credences",
        translatable!("Everybody’s credences and reasons"),
    ),
];

/// The form for copying cruxes to another board; `crux` is chosen at first.
#[component]
pub fn CopyCruxesPage(session: Session, crux: Option<CruxId>) -> impl IntoView {
    let services = Services::from_context();
    let about = crux.map_or(ChangeId::MIN, |crux| crux.0);
    let fresh: Vec<String> = crux.map(|crux| crux.to_string()).into_iter().collect();
    let chosen = session.draft("copy", about, fresh.clone(), |_| false);
    let parts: RwSignal<Vec<String>> = session.draft("copy-parts", about, Vec::new(), |_| false);
    let to: RwSignal<String> = session.draft("copy-to", about, String::new(), |_| false);
    let has_boards = move || !other_boards(session).is_empty();
    let cruxes = Signal::derive(move || {
        session.read(RecordRef::Board, |board| {
            let cruxes = board.cruxes().into_iter();
            let choices = cruxes.map(|crux| (crux.id.to_string(), crux.name().into_owned()));
            choices.collect::<Vec<_>>()
        })
    });
    let ids = move || -> BTreeSet<CruxId> {
        let there = cruxes.get();
        let is_there = |key: &&String| there.iter().any(|(id, _)| id == *key);
        let keys = chosen.get();
        keys.iter()
            .filter(is_there)
            .filter_map(|key| key.parse().ok())
            .collect()
    };
    let target = move || to.with(|to| to.parse::<BoardId>().ok());
    let is_ready = move || target().is_some() && !ids().is_empty();
    let copy = Callback::new(move |()| {
        let Some(target) = untrack(target).filter(|_| untrack(is_ready)) else {
            return;
        };
        let has = |part: &str| parts.with_untracked(|parts| parts.iter().any(|it| it == part));
        let with = CopyParts {
            evidence: has("evidence"),
            credences: has("credences"),
        };
        let ids = untrack(ids);
        let copied = session.read_untracked(|board| CopiedCruxes::of(board, &ids, with));
        chosen.set(fresh.clone());
        services.boards.copy_cruxes.run(CopyAsk {
            to: target,
            changes: Box::new(move |board| copied.onto(board)),
        });
    });
    let label = move || label_for(ids().len());
    let lacking = move || lacking_words(target().is_some(), !ids().is_empty());
    let parts_choices = PARTS
        .iter()
        .map(|(key, label)| ((*key).to_owned(), translated(label).to_owned()));
    let parts_choices = Signal::stored(parts_choices.collect::<Vec<_>>());
    let none = move || {
        let new = Route::NewBoard(NewBoardStep::Question).href();
        let link = view! { <a href=new>{t!("Start one")}</a> };
        view! { <p>{t_view!("There is no other board in this browser. {link}.", link)}</p> }
    };
    view! {
        <div class="page narrow">
            <h1>{t!("Copy cruxes to another board")}</h1>
            <Show when=has_boards fallback=none>
                <section class="panel stack" aria-label=t!("Copy cruxes")>
                    <OtherBoardChoice session label=t!("To") value=to on_commit=Callback::new(move |board| to.set(board)) />
                    <Pick label=t!("Cruxes") options=cruxes value=chosen on_commit=Callback::new(move |all| chosen.set(all)) />
                    <Pick label=t!("Copy along") options=parts_choices value=parts on_commit=Callback::new(move |all| parts.set(all)) />
                    <p class="soft">{t!("Claims, criteria, tags and triggers always go along. There the cruxes are open, and their triggers have no outcomes. A crux whose claim is on that board already is left out.")}</p>
                    <p class="actions">
                        <button class="primary" aria-disabled=move || (!is_ready()).to_string() on:click=move |_| copy.run(())>{live(label)}</button>
                        <span class="soft" role="status">{live(lacking)}</span>
                    </p>
                </section>
            </Show>
        </div>
    }
}

fn label_for(count: usize) -> String {
    match count {
        0 => t!("Copy cruxes").to_owned(),
        count => tn!(count, "Copy {count} crux", "Copy {count} cruxes"),
    }
}

/// Says what is still to be chosen.
fn lacking_words(has_board: bool, has_cruxes: bool) -> &'static str {
    match (has_board, has_cruxes) {
        (false, false) => t!("Choose a board and at least one crux."),
        (false, true) => t!("Choose a board."),
        (true, false) => t!("Choose at least one crux."),
        (true, true) => "",
    }
}
