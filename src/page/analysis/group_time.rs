//! The group's timeline: evidence, updates, triggers, reviews and decisions on one axis.

use cruxboard_domain::board::Board;
use cruxboard_domain::date::{DAY, spelled};
use cruxboard_domain::movement::Movements;
use cruxboard_domain::timeline::ticks;
use cruxboard_domain::{Millis, t, tn};
use leptos::prelude::*;

use crate::component::{live, plain};
use cruxboard_session::Session;

/// Height of a lane, and width of the names, in units of the SVG.
const LANE: f64 = 28.0;
const NAMES: f64 = 120.0;
const WIDTH: f64 = 900.0;

/// A lane: its name, its name with a number of events, and their times.
type Lane = (&'static str, String, Vec<Millis>);

/// The group's events by kind, on a linear axis of time.
#[component]
pub(super) fn GroupTime(session: Session, found: Memo<Movements>) -> impl IntoView {
    let lanes =
        Memo::new(move |_| found.with(|found| session.read_all(|board| lanes(board, found))));
    let told = move || {
        let lanes = lanes.get();
        let all = lanes.iter().flat_map(|(.., moments)| moments.iter());
        let Some(first) = all.min().copied() else {
            return view! { <p>{t!("Nothing has happened yet.")}</p> }.into_any();
        };
        view_lanes(session, &lanes, first)
    };
    view! {
        <section class="panel" aria-labelledby="time-title">
            <h2 id="time-title">{t!("What happened when")}</h2>
            {live(told)}
        </section>
    }
}

fn lanes(board: &Board, found: &Movements) -> Vec<Lane> {
    let evidence = board.all_evidence().map(|item| item.id.0.millis());
    let judged = board.triggers().flat_map(|trigger| {
        let judged = trigger.judgements.iter().filter(|one| !one.of_draft);
        judged.map(|one| one.id.millis()).collect::<Vec<_>>()
    });
    let reviews = board.review_moments().into_iter();
    let decisions = board.decisions().map(|decision| decision.id.0.millis());
    let lane = |name: &'static str, words: fn(usize) -> String, moments: Vec<Millis>| {
        (name, words(moments.len()), moments)
    };
    vec![
        lane(
            t!("Evidence"),
            |count| tn!(count, "Evidence: {count} item", "Evidence: {count} items"),
            evidence.collect(),
        ),
        lane(
            t!("Updates"),
            |count| tn!(count, "Updates: {count} update", "Updates: {count} updates"),
            found.updates.iter().map(|update| update.at).collect(),
        ),
        lane(
            t!("Triggers"),
            |count| {
                tn!(
                    count,
                    "Triggers: {count} outcome",
                    "Triggers: {count} outcomes"
                )
            },
            judged.collect(),
        ),
        lane(
            t!("Reviews"),
            |count| tn!(count, "Reviews: {count} review", "Reviews: {count} reviews"),
            reviews.map(|review| review.millis()).collect(),
        ),
        lane(
            t!("Decisions"),
            |count| {
                tn!(
                    count,
                    "Decisions: {count} decision",
                    "Decisions: {count} decisions"
                )
            },
            decisions.collect(),
        ),
    ]
}

fn view_lanes(session: Session, lanes: &[Lane], first: Millis) -> AnyView {
    let now = session.now.get();
    let span = now.millis.since(first).max(DAY).as_secs_f64();
    let x =
        |at: Millis| NAMES + 8.0 + (WIDTH - NAMES - 24.0) * at.since(first).as_secs_f64() / span;
    let height = LANE * lanes.len() as f64;
    let rows = lanes.iter().zip(0..).map(|((name, _, moments), place)| {
        let y = LANE * (f64::from(place) + 0.5);
        let mut places: Vec<i64> = moments.iter().map(|at| x(*at).round() as i64).collect();
        places.sort_unstable();
        places.dedup();
        let marks = places.into_iter().map(|x| {
            view! { <path d=format!("M{x} {}V{}", plain(y - 8.0), plain(y + 8.0)) /> }
        });
        view! {
            <path class="lane" d=format!("M{NAMES} {y}H{WIDTH}") />
            <text x="0" y=plain(y + 5.0)>{*name}</text>
            <g class="marks">{marks.collect_view()}</g>
        }
    });
    let rows = rows.collect_view();
    let axis = ticks(now.day_of(first), now.today())
        .into_iter()
        .filter_map(|day| {
            let x = plain(x(Millis::beginning_of(day)?));
            Some(view! { <text class="tick" x=x y=plain(height + 16.0)>{spelled(day)}</text> })
        });
    let axis: Vec<_> = axis.collect();
    let (from, to) = (spelled(now.day_of(first)), spelled(now.today()));
    let ends = axis.is_empty().then(|| {
        view! {
            <text class="tick first" x=NAMES y=plain(height + 16.0)>{from.clone()}</text>
            <text class="tick last" x=WIDTH y=plain(height + 16.0)>{to.clone()}</text>
        }
    });
    let words = lanes.iter().filter(|(.., moments)| !moments.is_empty());
    let words = words.map(|(_, words, _)| words.as_str());
    let words = words.collect::<Vec<_>>().join("; ");
    let label = t!("From {from} to {to}. {words}.", from, to, words);
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=t!("What happened when")>
            <svg class="lanes" viewBox=format!("0 0 {WIDTH} {}", height + 24.0) role="img" aria-label=label.clone()>
                {rows} {axis} {ends}
            </svg>
        </div>
        <p>{label}</p>
    }
    .into_any()
}
