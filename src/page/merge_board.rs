//! Merging another board into the open one.

use std::sync::Arc;

use cruxboard_domain::BoardId;
use cruxboard_domain::board::Board;
use cruxboard_domain::decide::Command;
use cruxboard_domain::document::Document;
use cruxboard_domain::import::board_merge::{Apart, BoardMerge, MergeKind, Pair, shared_changes};
use cruxboard_domain::log::Entry;
use cruxboard_domain::view::{Filter, Sort};
use cruxboard_domain::{t, tn};
use cruxboard_session::Session;
use cruxboard_session::ports::{BoardReading, Exchange, PortError};
use leptos::prelude::*;

use super::other_boards::OtherBoardChoice;
use super::{Services, href};
use crate::component::{Check, live};
use crate::route::Screen;

/// Maximum number of records of one kind that are named.
const MOST_NAMED: usize = 200;
/// Maximum number of pairs of one kind that are shown at once.
const MOST_OPEN: usize = 12;

/// The other board, as it was read.
type Other = Option<Result<Arc<Board>, PortError>>;

/// The form for merging another board into the open one.
#[component]
pub fn MergeBoardPage(session: Session) -> impl IntoView {
    let services = Services::from_context();
    let exchange = Exchange::from_context();
    let from = RwSignal::new(String::new());
    let other: RwSignal<Other> = RwSignal::new(None);
    let apart = RwSignal::new(Apart::new());
    let show = move |read: Result<Board, PortError>| {
        apart.set(Apart::new());
        other.set(Some(read.map(Arc::new)));
    };
    let choose = Callback::new(move |key: String| {
        let board = key.parse::<BoardId>().ok();
        from.set(key);
        other.set(None);
        let Some(board) = board else { return };
        services.boards.read.run(BoardReading {
            board,
            done: Box::new(move |read| {
                // The page may have been closed, or another board chosen meanwhile.
                let is_chosen =
                    from.try_with_untracked(|from| from.parse::<BoardId>() == Ok(board));
                if is_chosen == Some(true) {
                    show(read);
                }
            }),
        });
    });
    let picked = Callback::new(move |text: String| {
        from.set(String::new());
        let read = Document::from_json(&text).map_err(|problem| problem.to_string().into());
        show(read.map(|document| document.entries.into_iter().collect::<Board>()));
    });
    let problem = move || {
        let problem = |other: &Other| match other {
            Some(Err(problem)) => Some(problem.to_string()),
            _ => None,
        };
        other.with(problem)
    };
    let effect = move || {
        let other = other.get()?.ok()?;
        let shared = session.read_all(|board| shared_changes(&other, board));
        Some(match shared {
            0 => view! { <Effects session other apart /> }.into_any(),
            shared => copies(session, other, shared),
        })
    };
    view! {
        <div class="page narrow">
            <h1>{t!("Merge another board into this one")}</h1>
            <section class="panel stack" aria-label=t!("Other board")>
                <OtherBoardChoice session label=t!("From") value=from on_commit=choose />
                <p class="actions">
                    <button on:click=move |_| exchange.pick_table.run(picked)>{t!("Choose a board file")}</button>
                </p>
                <p class="problem" role="alert">{live(problem)}</p>
            </section>
            {live(effect)}
        </div>
    }
}

/// Renders the merge of two copies of one board: their logs are joined.
fn copies(session: Session, other: Arc<Board>, shared: usize) -> AnyView {
    let services = Services::from_context();
    let entries: Vec<Entry> = session.read_untracked(|board| {
        let all = other.log().entries();
        let new = all.filter(|entry| board.log().entry(entry.id()).is_none());
        new.cloned().collect()
    });
    let count = entries.len();
    let says = tn!(
        shared,
        "Both are copies of one board: they share {count} change. Their histories are joined, so that nothing is doubled. Where both edited the same field, the later edit counts.",
        "Both are copies of one board: they share {count} changes. Their histories are joined, so that nothing is doubled. Where both edited the same field, the later edit counts."
    );
    let new = match count {
        0 => t!("This board already has everything of the other one.").to_owned(),
        count => tn!(
            count,
            "{count} change is new here. It cannot be undone in one step.",
            "{count} changes are new here. They cannot be undone in one step."
        ),
    };
    let join = move |_| {
        if !entries.is_empty() {
            services.boards.join_log.run(entries.clone());
        }
    };
    view! {
        <section class="panel stack" aria-label=t!("Merge")>
            <p>{says}</p>
            <p role="status">{new}</p>
            <p class="actions">
                <button class="primary" aria-disabled=(count == 0).to_string() on:click=join>{t!("Join the histories")}</button>
            </p>
        </section>
    }
    .into_any()
}

/// Shows the pairs and what is added, and merges.
#[component]
fn Effects(session: Session, other: Arc<Board>, apart: RwSignal<Apart>) -> impl IntoView {
    let services = Services::from_context();
    let question = other.info().question.clone();
    let found = {
        let other = other.clone();
        // The pairs as they would be found, so that one that was unticked can be ticked again.
        session.read_untracked(move |board| BoardMerge::of(&other, board, &Apart::new()).pairs)
    };
    let plan = Memo::new(move |_| {
        apart.with(|apart| session.read_all(|board| BoardMerge::of(&other, board, apart)))
    });
    let is_nothing = move || plan.with(|plan| plan.changes.is_empty());
    let merge = move |_| {
        let changes = plan.with_untracked(|plan| plan.changes.clone());
        if !changes.is_empty() && session.dispatch(Command::MergeBoard(changes)) {
            let cruxes = Screen::Cruxes(Filter::default(), Sort::Own);
            if let Some(board) = session.open.get_untracked() {
                let to = crate::route::Route::Board(board, cruxes);
                services.navigation.go.run((to, false));
            }
        }
    };
    let kinds = [
        MergeKind::Person,
        MergeKind::Option,
        MergeKind::Crux,
        MergeKind::Term,
        MergeKind::Evidence,
    ];
    let sections = kinds.map(|kind| {
        let of_kind = found.iter().filter(|pair| pair.kind == kind);
        pairs_of(kind, of_kind.cloned().collect(), plan, apart)
    });
    let has_pairs = !found.is_empty();
    let none = (!has_pairs).then(|| t!("No record of the other board is on this one too."));
    let rules = t!(
        "“{question}” stays as it is. Where a joined record differs, the field here stays, and empty fields are filled in. Credences keep their person, day and reason. Trigger outcomes and settled cruxes are dated today. The question and the settings here stay, and one undo reverses it.",
        question
    );
    view! {
        <section class="panel stack" aria-labelledby="joined-title">
            <h2 id="joined-title">{t!("merge" => "Joined")}</h2>
            <p class="soft">{none.unwrap_or_else(|| t!("These are on both boards. Untick a pair to keep its two records apart."))}</p>
            {sections.into_iter().collect_view()}
        </section>
        <section class="panel stack" aria-labelledby="added-title">
            <h2 id="added-title">{t!("merge" => "Added")}</h2>
            <div role="status">{live(move || plan.with(added))}</div>
            <p class="soft">{rules}</p>
            <p class="soft">{live(move || plan.with(left_out))}</p>
            <p class="actions">
                <button class="primary" aria-disabled=move || is_nothing().to_string() on:click=merge>{t!("Merge into this board")}</button>
                <a class="button" href=href(session, Screen::Tables)>{t!("Cancel")}</a>
            </p>
        </section>
    }
}

/// Renders the pairs of one kind, each with a checkbox.
fn pairs_of(
    kind: MergeKind,
    pairs: Vec<Pair>,
    plan: Memo<BoardMerge>,
    apart: RwSignal<Apart>,
) -> AnyView {
    if pairs.is_empty() {
        return ().into_any();
    }
    let summary = kind.counted(pairs.len());
    let is_open = pairs.len() <= MOST_OPEN;
    let rows = pairs.into_iter().map(|pair| {
        let key = (pair.theirs, pair.own);
        let label = match pair.their_name == pair.own_name {
            true => pair.own_name.clone(),
            false => t!(
                "“{theirs}” and “{own}”",
                theirs = pair.their_name,
                own = pair.own_name
            ),
        };
        let is_joined = Signal::derive(move || apart.with(|apart| !apart.contains(&key)));
        let toggle = Callback::new(move |joins: bool| {
            apart.update(|apart| {
                match joins {
                    true => apart.remove(&key),
                    false => apart.insert(key),
                };
            });
        });
        let differences = move || {
            plan.with(|plan| {
                let joined = |pair: &&Pair| (pair.theirs, pair.own) == key;
                plan.pairs.iter().find(joined).map(differences_of)
            })
        };
        view! {
            <li>
                <Check label value=is_joined on_commit=toggle />
                <span class="soft">{live(differences)}</span>
            </li>
        }
        .into_any()
    });
    view! {
        <details open=is_open>
            <summary>{summary}</summary>
            <ul class="plain">{rows.collect_view()}</ul>
        </details>
    }
    .into_any()
}

/// Says which fields of a pair are filled in, and which differ.
fn differences_of(pair: &Pair) -> String {
    match (pair.filled.is_empty(), pair.kept.is_empty()) {
        (true, true) => String::new(),
        (false, true) => t!("Filled in: {fields}.", fields = pair.filled.join(", ")),
        (true, false) => t!("Stays as here: {fields}.", fields = pair.kept.join(", ")),
        (false, false) => t!(
            "Filled in: {filled}. Stays as here: {kept}.",
            filled = pair.filled.join(", "),
            kept = pair.kept.join(", ")
        ),
    }
}

/// Renders the names of what is added, by kind.
fn added(plan: &BoardMerge) -> AnyView {
    if plan.changes.is_empty() {
        return view! { <p>{t!("This board already has everything of the other one.")}</p> }
            .into_any();
    }
    let kinds = plan.coming.iter().map(|(kind, names)| {
        let rest = names.len().saturating_sub(MOST_NAMED);
        let rest = (rest > 0).then(|| {
            let words = t!("and {count} more", count = rest);
            view! { <li>{words}</li> }.into_any()
        });
        let rows = names.iter().take(MOST_NAMED).cloned();
        let rows = rows.map(|name| view! { <li>{name}</li> }.into_any());
        view! {
            <details>
                <summary>{kind.counted(names.len())}</summary>
                <ul class="reading-list plan">{rows.collect_view()} {rest}</ul>
            </details>
        }
        .into_any()
    });
    let filled = plan.pairs.iter().filter(|pair| !pair.filled.is_empty());
    let filled = match filled.count() {
        0 => String::new(),
        count => tn!(
            count,
            "Fields of {count} record here are filled in.",
            "Fields of {count} records here are filled in."
        ),
    };
    view! {
        {kinds.collect_view()}
        <p>{filled}</p>
    }
    .into_any()
}

/// Says what stays on the other board.
fn left_out(plan: &BoardMerge) -> String {
    let counted = plan
        .left_out
        .iter()
        .map(|(what, count)| what.counted(*count));
    let counted: Vec<String> = counted.collect();
    match counted.is_empty() {
        true => t!("Its history of edits and its trash stay out.").to_owned(),
        false => t!(
            "Its history of edits and its trash stay out, and so do: {records}.",
            records = counted.join(", ")
        ),
    }
}
