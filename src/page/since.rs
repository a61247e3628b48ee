//! The changes between two moments: reviews, dates, the beginning and now.

use cruxboard_domain::board::Board;
use cruxboard_domain::date::{DAY, Now, spelled};
use cruxboard_domain::diff::{About, Group, Line, Since};
use cruxboard_domain::format::{POOLING_NOTE, tally_words, tell};
use cruxboard_domain::id::Replica;
use cruxboard_domain::record::{FollowUpState, ReviewId};
use cruxboard_domain::t;
use cruxboard_domain::translation::translated;
use cruxboard_domain::{ChangeId, Millis};
use leptos::prelude::*;

use super::{Services, href};
use crate::component::{Choice, live};
use crate::route::{AnalysisPart, Route, Screen};
use cruxboard_session::Session;

/// Number of cruxes shown before "more".
const BATCH: usize = 30;

/// The screen of the changes after `from` (by default the last review) up to `to` (by default now).
#[component]
pub fn SincePage(session: Session, from: Option<ChangeId>, to: Option<ChangeId>) -> impl IntoView {
    let services = Services::from_context();
    let from_now = Memo::new(move |_| from.unwrap_or_else(|| session.read_all(last_review)));
    let moments = Signal::derive(move || {
        let now = session.now.get();
        session.read_all(|board| moments(board, now))
    });
    let go = move |from: Option<ChangeId>, to: Option<ChangeId>| {
        if let Some(board) = session.open.get_untracked() {
            services
                .navigation
                .go
                .run((Route::Board(board, Screen::Since(from, to)), true));
        }
    };
    let on_from = Callback::new(move |key: String| go(key.parse().ok(), to));
    let on_to =
        Callback::new(move |key: String| go(Some(from_now.get_untracked()), key.parse().ok()));
    let until = Signal::derive(move || {
        let now = (ChangeId::MAX.to_string(), t!("now").to_owned());
        let mut all = moments.get();
        all.insert(0, now);
        all
    });
    view! {
        <div class="page narrow">
            <h1>{t!("What changed")}</h1>
            <div class="form-grid">
                <Choice label=t!("Since") options=moments value=Signal::derive(move || from_now.get().to_string()) on_commit=on_from none="" />
                <Choice label=t!("Until") options=until value=to.unwrap_or(ChangeId::MAX).to_string() on_commit=on_to none="" />
            </div>
            <SinceList session from=from_now.into() to=to.unwrap_or(ChangeId::MAX) />
        </div>
    }
}

pub(super) fn last_review(board: &Board) -> ChangeId {
    board.review_moments().pop().unwrap_or_default()
}

/// Returns the moments to choose from, latest first: key and name.
fn moments(board: &Board, now: Now) -> Vec<(String, String)> {
    let reviews = board.review_moments().into_iter();
    let mut found: Vec<(ChangeId, String)> = reviews
        .map(|moment| {
            let day = spelled(now.day_of(moment.millis()));
            (moment, t!("the review of {day}", day))
        })
        .collect();
    found.extend(board.decisions().map(|decision| {
        let day = spelled(decision.day(now));
        (decision.id.0, t!("the decision of {day}", day))
    }));
    for (days, words) in [
        (1, t!("yesterday")),
        (7, t!("7 days ago")),
        (30, t!("30 days ago")),
        (90, t!("90 days ago")),
    ] {
        // The start of a minute, so that the choice stays the same for a while.
        let then = ChangeId::new(
            Millis((now.millis - DAY * days).0 / 60_000 * 60_000),
            0,
            Replica::default(),
        );
        found.push((then, words.to_owned()));
    }
    found.push((ChangeId::MIN, t!("the beginning").to_owned()));
    found.sort_by_key(|(moment, _)| std::cmp::Reverse(*moment));
    let named = found
        .into_iter()
        .map(|(moment, name)| (moment.to_string(), name));
    named.collect()
}

/// The differences, with their numbers first.
#[component]
pub(super) fn SinceList(
    session: Session,
    from: Signal<ChangeId>,
    to: ChangeId,
    /// Number of cruxes shown before "more".
    #[prop(default = BATCH)]
    first: usize,
    /// The review that is in progress: cruxes link to their steps in it, and there are no links out of it.
    #[prop(optional)]
    review: Option<ReviewId>,
) -> impl IntoView {
    let since = Memo::new(move |_| {
        let (from, viewpoint) = (from.get(), session.viewpoint());
        session.read_all(|board| Since::between(board, from, to, viewpoint))
    });
    let limit = RwSignal::new(first);
    let tally = move || {
        let owed = session.read_untracked(|board| {
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
            session.read_untracked(|board| {
                shown
                    .map(|group| view_group(session, board, group, review))
                    .collect_view()
            })
        })
    };
    view! {
        <p class="tally">{live(tally)}</p>
        <Show when=move || since.with(Since::changes_pooling)>
            <p class="soft" role="note">
                {t!("The rule for aggregates was changed. {note}", note = translated(POOLING_NOTE))}
            </p>
        </Show>
        <Show when=move || since.with(|since| since.groups.is_empty())>
            <p class="empty">{t!("Nothing changed.")}</p>
        </Show>
        {live(groups)}
        <Show when=move || since.with(|since| since.groups.len() > limit.get())>
            <button on:click=move |_| limit.update(|limit| *limit += 200)>{t!("Show more")}</button>
        </Show>
    }
}

fn view_group(session: Session, board: &Board, group: &Group, review: Option<ReviewId>) -> AnyView {
    let crux = group.crux.and_then(|id| board.crux(id));
    let title = match crux {
        Some(crux) => {
            let name = crux.name().into_owned();
            let to = review.map_or(Screen::Crux(crux.id), |it| Screen::Walk(it, crux.id));
            view! { <a href=href(session, to)>{name}</a> }.into_any()
        }
        None if group.crux.is_some() => t!("Deleted crux").into_any(),
        None => t!("The board").into_any(),
    };
    let lines = group.lines.iter().map(|line| {
        let (what, rest) = tell(board, line);
        let what = match review {
            Some(_) => view! { <b>{what}</b> }.into_any(),
            None => {
                let to = href(session, screen_of(group, line));
                view! { <a href=to>{what}</a> }.into_any()
            }
        };
        view! { <li>{what} " " {rest}</li> }
    });
    view! {
        <section class="panel since">
            <h2>{title}</h2>
            <ul>{lines.collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// Returns the screen of a line's record.
fn screen_of(group: &Group, line: &Line) -> Screen {
    match (line.about, group.crux) {
        (About::Evidence(id), _) => Screen::EvidenceItem(id),
        (About::FollowUp(_), _) => Screen::FollowUps(Default::default()),
        (About::OptionCredence(_) | About::JointCredence(_), _) => {
            Screen::Analysis(AnalysisPart::Overview)
        }
        (_, Some(crux)) => Screen::Crux(crux),
        (About::RecordedReview(_), _) => Screen::History,
        (About::Review(id), _) => Screen::Review(id),
        (About::Round(id), _) => Screen::Round(id),
        (About::Decision(_), _) => Screen::Decisions,
        _ => Screen::Setup,
    }
}
