//! What changed between two moments: reviews, days, the beginning and now.

use cruxboard_domain::Stamp;
use cruxboard_domain::board::Board;
use cruxboard_domain::date::spelled;
use cruxboard_domain::record::{BearsOn, FollowUpState, Record, Statement, StatementId};
use cruxboard_domain::since::{About, Group, Line, Since, What};
use cruxboard_domain::stamp::Replica;
use leptos::prelude::*;

use super::changes::{in_words, record_name};
use super::{Outside, href, person_name, short};
use crate::component::{Choice, Show, live};
use crate::route::{Route, Screen};
use crate::session::Session;

/// How many cruxes are shown before one asks for more.
const BATCH: usize = 30;

const DAY: u64 = 86_400_000;

/// What changed after `from` (the last review, unless it says otherwise) up to `to` (now).
#[component]
pub fn SincePage(session: Session, from: Option<Stamp>, to: Option<Stamp>) -> impl IntoView {
    let outside = Outside::from_context();
    let from_now = Memo::new(move |_| {
        session.follow_all();
        from.unwrap_or_else(|| session.with(last_review))
    });
    let moments = Signal::derive(move || {
        session.follow_all();
        let now = session.now.get();
        session.with(|board| moments(board, now))
    });
    let go = move |from: Option<Stamp>, to: Option<Stamp>| {
        if let Some(board) = session.open.get_untracked() {
            outside
                .go
                .run((Route::Board(board, Screen::Since(from, to)), true));
        }
    };
    let on_from = Callback::new(move |key: String| go(key.parse().ok(), to));
    let on_to =
        Callback::new(move |key: String| go(Some(from_now.get_untracked()), key.parse().ok()));
    let until = Signal::derive(move || {
        let now = (Stamp::MAX.to_string(), "now".to_owned());
        let mut all = moments.get();
        all.insert(0, now);
        all
    });
    view! {
        <div class="page narrow">
            <h1>"What changed"</h1>
            <div class="form-grid">
                <Choice label="Since" options=moments value=Signal::derive(move || from_now.get().to_string()) on_commit=on_from none="" />
                <Choice label="Until" options=until value=to.unwrap_or(Stamp::MAX).to_string() on_commit=on_to none="" />
            </div>
            <SinceList session from=from_now.into() to=to.unwrap_or(Stamp::MAX) />
        </div>
    }
}

fn last_review(board: &Board) -> Stamp {
    board.review_moments().pop().unwrap_or_default()
}

/// Key and name of each moment one may want to compare with, latest first.
fn moments(board: &Board, now: u64) -> Vec<(String, String)> {
    let reviews = board.review_moments().into_iter();
    let mut found: Vec<(Stamp, String)> = reviews
        .map(|moment| (moment, format!("the review of {}", spelled(moment.day()))))
        .collect();
    found.extend(board.decisions().map(|decision| {
        let day = spelled(decision.id.0.day());
        (decision.id.0, format!("the decision of {day}"))
    }));
    for (days, words) in [
        (1, "yesterday"),
        (7, "7 days ago"),
        (30, "30 days ago"),
        (90, "90 days ago"),
    ] {
        // The start of a minute, so that the choice stays what it was while one looks.
        let then = Stamp::new((now - days * DAY) / 60_000 * 60_000, 0, Replica::default());
        found.push((then, words.to_owned()));
    }
    found.push((Stamp::MIN, "the beginning".to_owned()));
    found.sort_by_key(|(moment, _)| std::cmp::Reverse(*moment));
    let named = found
        .into_iter()
        .map(|(moment, name)| (moment.to_string(), name));
    named.collect()
}

/// The differences themselves, with their numbers first.
#[component]
pub(super) fn SinceList(session: Session, from: Signal<Stamp>, to: Stamp) -> impl IntoView {
    let since = Memo::new(move |_| {
        session.follow_all();
        let (from, now) = (from.get(), session.now.get());
        session.with(|board| Since::between(board, from, to, now))
    });
    let limit = RwSignal::new(BATCH);
    let tally = move || {
        let owed = session.with(|board| {
            let owed = board
                .follow_ups()
                .filter(|f| f.state() == FollowUpState::Owed);
            owed.count()
        });
        since.with(|since| tally_words(since, owed))
    };
    let groups = move || {
        since.with(|since| {
            let shown = since.groups.iter().take(limit.get());
            session.with(|board| {
                shown
                    .map(|group| view_group(session, board, group))
                    .collect_view()
            })
        })
    };
    view! {
        <p class="tally">{live(tally)}</p>
        <Show when=move || since.with(|since| since.groups.is_empty())>
            <p class="empty">"Nothing changed."</p>
        </Show>
        {live(groups)}
        <Show when=move || since.with(|since| since.groups.len() > limit.get())>
            <button on:click=move |_| limit.update(|limit| *limit += 200)>"Show more"</button>
        </Show>
    }
}

/// "1 item of evidence, 2 moves, 0 triggers met; 2 follow-ups owed now".
pub(super) fn tally_words(since: &Since, owed: usize) -> String {
    let tally = since.tally();
    let counted = |count: usize, one: &str, many: &str| {
        format!("{count} {}", if count == 1 { one } else { many })
    };
    let mut parts = vec![
        counted(tally.evidence, "item of evidence", "items of evidence"),
        counted(tally.moves, "move", "moves"),
        counted(tally.met, "trigger met", "triggers met"),
    ];
    if tally.goalposts > 0 {
        parts.push(counted(
            tally.goalposts,
            "goalpost moved",
            "goalposts moved",
        ));
    }
    if tally.closed > 0 {
        parts.push(counted(
            tally.closed,
            "follow-up closed",
            "follow-ups closed",
        ));
    }
    parts.push(counted(owed, "follow-up owed now", "follow-ups owed now"));
    parts.join(", ")
}

fn view_group(session: Session, board: &Board, group: &Group) -> AnyView {
    let crux = group.crux.and_then(|id| board.crux(id));
    let title = match crux {
        Some(crux) => {
            let name = crux.name().to_owned();
            view! { <a href=href(session, Screen::Crux(crux.id))>{name}</a> }.into_any()
        }
        None if group.crux.is_some() => "A crux that is not there any more".into_any(),
        None => "The board".into_any(),
    };
    let lines = group.lines.iter().map(|line| {
        let to = href(session, screen_of(group, line));
        let (what, rest) = say(board, line);
        view! { <li><a href=to>{what}</a> " " {rest}</li> }
    });
    view! {
        <section class="panel since">
            <h2>{title}</h2>
            <ul>{lines.collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// Where the record of a line is to be seen.
fn screen_of(group: &Group, line: &Line) -> Screen {
    match (line.about, group.crux) {
        (About::Evidence(id), _) => Screen::EvidenceItem(id),
        (About::FollowUp(_), _) => Screen::FollowUps,
        (_, Some(crux)) => Screen::Crux(crux),
        (About::Review(_), _) => Screen::History,
        (About::Decision(_), _) => Screen::Decisions,
        _ => Screen::Setup,
    }
}

/// A line in words: what leads to the record, and the rest.
pub(super) fn say(board: &Board, line: &Line) -> (String, String) {
    let (noun, id) = match line.about {
        About::Board => ("board", Stamp::MIN),
        About::Option(id) => ("option", id.0),
        About::Person(id) => ("person", id.0),
        About::Crux(id) => ("crux", id.0),
        About::Trigger(id) => ("trigger", id.0),
        About::Evidence(id) => ("evidence", id.0),
        About::Statement(id) => ("credence", id.0),
        About::Position(id) => ("position", id.0),
        About::FollowUp(id) => ("follow-up", id.0),
        About::Term(id) => ("term", id.0),
        About::Review(id) => ("review", id),
        About::Decision(id) => ("decision", id.0),
        About::Meeting(id) => ("review", id.0),
        About::Round(id) => ("blind round", id.0),
    };
    let name = record_name(board, id).unwrap_or_default();
    let name = short(&name, 120).to_owned();
    let by = |person: Option<_>| person.map_or("somebody".into(), |p| person_name(board, p));
    match &line.what {
        What::Added => (format!("New {noun}"), name),
        What::Gone => (format!("Gone: {noun}"), name),
        What::Edited(fields) => {
            let fields = fields.iter().map(|field| {
                let words = |value| {
                    let words = in_words(board, value);
                    short(&words, 160).to_owned()
                };
                let name = field.name.replace('_', " ");
                format!(
                    "{name}: “{}” → “{}”",
                    words(&field.before),
                    words(&field.after)
                )
            });
            let fields = fields.collect::<Vec<_>>().join("; ");
            let name = if name.is_empty() {
                name
            } else {
                format!("{name}. ")
            };
            (format!("Edited {noun}"), format!("{name}{fields}"))
        }
        What::Moved {
            person,
            before,
            after,
        } => {
            let percent = |credence: &Option<cruxboard_domain::Credence>| {
                credence.map_or("nothing".into(), |credence| format!("{credence} %"))
            };
            let why = match line.about {
                About::Statement(id) => board.statement(id).map(reasons).unwrap_or_default(),
                _ => String::new(),
            };
            let moved = format!(
                "{}: {} → {}",
                person_name(board, *person),
                percent(before),
                percent(after)
            );
            (moved, why)
        }
        What::Stands(before, after) => (
            format!("Trigger: {} → {}", before.label(), after.label()),
            name,
        ),
        What::Judged(judged) => {
            let who = by(judged.by);
            let verdict = judged.verdict.label().to_lowercase();
            (
                format!("{who} judged: {verdict}"),
                format!("{name}. {}", judged.reason),
            )
        }
        What::Goalpost(moved) => {
            let fields = moved
                .fields
                .iter()
                .map(|(field, before, after)| format!("{field}: “{before}” → “{after}”"));
            let fields = fields.collect::<Vec<_>>().join("; ");
            (
                "Goalpost moved".to_owned(),
                format!("by {}. {fields}. Why: {}", by(moved.by), moved.reason),
            )
        }
        What::Weighed(before, after) => (
            "Evidence weighed".to_owned(),
            format!("{name}: {} → {}", weight(before), weight(after)),
        ),
    }
}

fn weight(bears_on: &Option<BearsOn>) -> String {
    bears_on.map_or("not bearing on it".into(), |bears_on| {
        let strength = bears_on.strength.label().to_lowercase();
        format!("{}, {strength}", bears_on.direction.label().to_lowercase())
    })
}

fn reasons(said: &Record<StatementId, Statement>) -> String {
    if said.reaffirms && said.reason.is_empty() {
        "still their view".into()
    } else {
        said.reason.clone()
    }
}
