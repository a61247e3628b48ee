//! What pages ask of the world, answered by the edges.

use cruxboard_domain::Stamp;
use cruxboard_domain::document::Document;
use cruxboard_domain::view::{Filter, Sort};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::edge::persistence::Persistence;
use crate::edge::{address, fetch, files, sealed, settings};
use crate::page::Outside;
use crate::route::{Route, Screen};
use crate::session::Session;

const FILE_ENDING: &str = ".cruxboard.json";
const EXAMPLE: &str = "example.cruxboard.json";

pub(super) fn outside(
    session: Session,
    persistence: Persistence,
    route: RwSignal<Route>,
) -> Outside {
    let open_example = Callback::new(move |()| {
        spawn_local(async move {
            match fetch::text_beside_page(EXAMPLE).await {
                Ok(text) => open_text(session, persistence, route, &text).await,
                Err(problem) => {
                    session
                        .notices
                        .problem(format!("The example could not be loaded. {problem}"));
                }
            }
        });
    });
    let open_file = Callback::new(move |()| {
        spawn_local(async move {
            match files::pick_file(".json,application/json").await {
                Some(Ok(file)) => open_text(session, persistence, route, &file.text).await,
                Some(Err(problem)) => session.notices.problem(problem.to_string()),
                None => {}
            }
        });
    });
    let found_board =
        Callback::new(move |(question, people): (String, Vec<String>)| {
            match session.found_board(&question, &people) {
                Ok(changes) => {
                    if let Some(board) = persistence.create_board(changes) {
                        show(route, board);
                    }
                }
                Err(refusal) => session.notices.refuse(&refusal),
            }
        });
    Outside {
        open_example,
        open_file,
        found_board,
        trash_board: Callback::new(move |(board, is_trashed)| {
            spawn_local(async move {
                if let Err(problem) = persistence.set_trashed(board, is_trashed).await {
                    session.notices.problem(problem.to_string());
                }
            });
        }),
        download: Callback::new(move |()| {
            let Some(text) = session.document() else {
                return;
            };
            let name = session.with(|board| file_name(&board.info().question));
            if let Err(problem) = files::download(&name, "application/json", &text) {
                session.notices.problem(problem.to_string());
            }
        }),
        download_set_aside: Callback::new(move |()| {
            spawn_local(async move {
                let found = persistence
                    .set_aside()
                    .await
                    .map_err(|problem| problem.to_string());
                let saved = found.and_then(|rows| {
                    let text = serde_json::to_string_pretty(&rows).unwrap_or_default();
                    files::download("cruxboard-set-aside.json", "application/json", &text)
                        .map_err(|problem| problem.to_string())
                });
                if let Err(problem) = saved {
                    session.notices.problem(problem);
                }
            });
        }),
        go: Callback::new(move |(to, replaces): (Route, bool)| {
            address::go(&to.href(), replaces);
            route.set(to);
        }),
        remembered: Callback::new(|name: &'static str| settings::section_open(name).get()),
        remember: Callback::new(|(name, is_open): (&'static str, bool)| {
            settings::section_open(name).set(&is_open);
        }),
        focus: Callback::new(|id: String| address::focus(&id)),
        seal_answers: Callback::new(move |(round, person, answers)| {
            sealed::seal_answers(session, round, person, answers)
        }),
        kept_answers: Callback::new(|(round, person)| sealed::kept_answers(round, person)),
        save_text: Callback::new(move |(name, kind, text): (String, &'static str, String)| {
            if let Err(problem) = files::download(&name, kind, &text) {
                session.notices.problem(problem.to_string());
            }
        }),
        copy_text: Callback::new(move |text: String| {
            spawn_local(async move {
                match files::copy(&text).await {
                    Ok(()) => session.notices.said("Copied"),
                    Err(problem) => session.notices.problem(problem.to_string()),
                }
            });
        }),
        print: Callback::new(|()| files::print()),
        choose_me: Callback::new(move |me| session.me.set(me)),
    }
}

/// Opens what is in a file, or says why it cannot be opened. Nothing changes then.
pub(super) async fn open_text(
    session: Session,
    persistence: Persistence,
    route: RwSignal<Route>,
    text: &str,
) {
    let document = match Document::from_json(text) {
        Ok(document) => document,
        Err(problem) => {
            session
                .notices
                .problem(format!("{problem} Nothing was changed."));
            return;
        }
    };
    let imported = persistence.import_document(document).await;
    show(route, imported.board);
    if imported.damaged > 0 {
        session.notices.problem(format!(
            "{} damaged changes in this file were left out; everything else was taken in. The file itself is as it was.",
            imported.damaged
        ));
    }
    if imported.foreign > 0 {
        session.notices.problem(format!(
            "{} changes come from a newer version of Cruxboard: they are kept and passed on, but not shown here.",
            imported.foreign
        ));
    }
}

fn show(route: RwSignal<Route>, board: Stamp) {
    let to = Route::Board(board, Screen::Cruxes(Filter::default(), Sort::Own));
    address::go(&to.href(), false);
    route.set(to);
}

/// A file name out of the board's question: letters, digits and hyphens.
fn file_name(question: &str) -> String {
    let words = question
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let name: Vec<String> = words.take(8).map(str::to_lowercase).collect();
    let name: String = if name.is_empty() {
        "board".into()
    } else {
        // File systems take 255 bytes; browsers download nothing under a longer name.
        name.join("-").chars().take(60).collect()
    };
    format!("{name}{FILE_ENDING}")
}
