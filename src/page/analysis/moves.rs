//! Movements: the group's timeline, the largest updates of a quarter, and the people who changed their mind.

use chrono::{Months, NaiveDate, NaiveTime};
use cruxboard_domain::Credence;
use cruxboard_domain::board::Board;
use cruxboard_domain::date::{Now, spelled};
use cruxboard_domain::format::short;
use cruxboard_domain::movement::{Movement, Movements, Trajectory, movements, quarter_start};
use cruxboard_domain::percent::points;
use cruxboard_domain::record::PersonId;
use cruxboard_domain::{Millis, t, tn};
use leptos::prelude::*;

use super::crux_name;
use super::group_time::GroupTime;
use super::limit::{Limit, more_cruxes};
use crate::component::{Choice, live, plain};
use crate::page::{href, kept_choice, people_choices, person_name};
use crate::route::{AnalysisPart, Screen};
use cruxboard_session::Session;

/// Maximum number of updates.
const MOST_UPDATES: usize = 15;

/// The screen of movements.
#[component]
pub fn MovesPage(session: Session) -> impl IntoView {
    let found = Memo::new(move |_| session.read_all(movements));
    view! {
        <div class="page analysis">
            <h1>{t!("Movements")}</h1>
            <p><a href=href(session, Screen::Analysis(AnalysisPart::Overview))>{t!("Back to the analysis")}</a></p>
            <GroupTime session found />
            <Biggest session found />
            <Minds session found />
            <Trajectories session found />
        </div>
    }
}

/// Returns the beginning of a day in the reader's time zone.
fn start_of(day: NaiveDate, now: Now) -> Millis {
    let midnight = day.and_time(NaiveTime::MIN).and_utc().timestamp_millis();
    let ahead = i64::from(now.offset_minutes) * 60_000;
    Millis(u64::try_from(midnight - ahead).unwrap_or_default())
}

/// Returns the quarters from the first update to today, latest first: first day and name.
fn quarters(found: &Movements, now: Now) -> Vec<(NaiveDate, String)> {
    let first = found.updates.first().map_or(now.millis, |update| update.at);
    let first = quarter_start(now.day_of(first));
    let mut all = Vec::new();
    let mut day = quarter_start(now.today());
    while day >= first && all.len() < 40 {
        all.push((
            day,
            t!(
                "{from} to {to}",
                from = spelled(day),
                to = spelled(last_day(day))
            ),
        ));
        let Some(before) = day.checked_sub_months(Months::new(3)) else {
            break;
        };
        day = before;
    }
    all
}

fn last_day(quarter: NaiveDate) -> NaiveDate {
    let next = quarter.checked_add_months(Months::new(3));
    next.and_then(|next| next.pred_opt()).unwrap_or(quarter)
}

/// The largest updates of a quarter.
#[component]
fn Biggest(session: Session, found: Memo<Movements>) -> impl IntoView {
    let chosen = kept_choice(session, "moves-quarter", String::new());
    let all = Memo::new(move |_| found.with(|found| quarters(found, session.now.get())));
    let options = Signal::derive(move || {
        let all = all.get().into_iter();
        all.map(|(day, name)| (day.to_string(), name))
            .collect::<Vec<_>>()
    });
    let quarter = Memo::new(move |_| {
        let chosen = chosen.get().parse::<NaiveDate>().ok();
        let latest = all.with(|all| all.first().map(|(day, _)| *day));
        chosen.or(latest)
    });
    let value =
        Signal::derive(move || quarter.get().map(|day| day.to_string()).unwrap_or_default());
    let rows = move || {
        let now = session.now.get();
        let day = quarter.get()?;
        let end = last_day(day).succ_opt().unwrap_or(day);
        let biggest = found.with(|found| found.biggest(start_of(day, now), start_of(end, now)));
        if biggest.is_empty() {
            return Some(
                view! { <p>{t!("Nobody updated a credence in this quarter.")}</p> }.into_any(),
            );
        }
        let hidden = biggest.len().saturating_sub(MOST_UPDATES);
        let rows = biggest.iter().take(MOST_UPDATES);
        let rows =
            rows.map(|update| session.read_untracked(|board| view_update(session, board, update)));
        let rows = rows.collect_view();
        Some(view! {
            <div class="scroll" tabindex="0" role="region" aria-label=t!("Biggest updates")>
                <table class="data folds">
                    <thead>
                        <tr>
                            <th scope="col">{t!("Crux")}</th>
                            <th scope="col">{t!("Who")}</th>
                            <th scope="col">{t!("When")}</th>
                            <th scope="col" class="number">{t!("noun" => "Update")}</th>
                            <th scope="col" class="number">{t!("Points")}</th>
                            <th scope="col">{t!("Why")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {(hidden > 0).then(|| view! { <p class="soft">{tn!(hidden, "{count} smaller update is not shown.", "{count} smaller updates are not shown.")}</p> })}
        }
        .into_any())
    };
    view! {
        <section class="panel" aria-labelledby="biggest-title">
            <h2 id="biggest-title">{t!("Biggest updates")}</h2>
            <Choice label=t!("Quarter") options value on_commit=Callback::new(move |key| chosen.set(key)) none="" />
            {live(rows)}
        </section>
    }
}

fn view_update(session: Session, board: &Board, update: &Movement) -> AnyView {
    let basis = board.statement(update.basis);
    let why = basis.map(|basis| {
        let evidence = basis.evidence.iter().filter_map(|id| board.evidence(*id));
        let evidence = evidence.map(|item| short(item.headline(), 60).into_owned());
        let mut parts = vec![short(&basis.reason, 160).into_owned()];
        parts.extend(evidence);
        parts.retain(|part| !part.is_empty());
        parts.join("; ")
    });
    let side = update
        .changes_side()
        .then(|| view! { <b>" " {t!("across 50%")}</b> });
    view! {
        <tr>
            <th scope="row"><a href=href(session, Screen::Crux(update.crux))>{crux_name(board, update.crux)}</a></th>
            <td data-label=t!("Who")>{person_name(board, update.person)}</td>
            <td data-label=t!("When")>{spelled(session.day_of(update.at))}</td>
            <td class="number" translate="no" data-label=t!("noun" => "Update")>{way(update.from, update.to)}</td>
            <td class="number" data-label=t!("Distance")>{points(update.points(), &[])} {side}</td>
            <td class="words">{why}</td>
        </tr>
    }
    .into_any()
}

fn way(from: Credence, to: Credence) -> String {
    format!("{} → {}", from.shown(), to.shown())
}

/// The people who changed their mind, and those who never did.
#[component]
fn Minds(session: Session, found: Memo<Movements>) -> impl IntoView {
    let rows = move || {
        let people = session.read_all(|board| {
            let people = board.people();
            people
                .map(|person| (person.id, person.name.clone()))
                .collect::<Vec<_>>()
        });
        let rows = people.into_iter().map(|(person, name)| {
            let count = found.with(|found| found.of(person));
            let words = match count {
                count if count.stated == 0 => t!("has stated no credence"),
                count if count.updated == 0 => t!("never moved"),
                count if count.changed_side == 0 => t!("moved, and stays on the same side of 50%"),
                _ => t!("changed their mind"),
            };
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td class="number" translate="no" data-label=t!("Cruxes")>{count.stated}</td>
                    <td class="number" translate="no" data-label=t!("cruxes" => "Updated")>{count.updated}</td>
                    <td class="number" translate="no" data-label=t!("Now across 50%")>{count.changed_side}</td>
                    <td class="words">{words}</td>
                </tr>
            }
        });
        rows.collect_view()
    };
    view! {
        <section class="panel" aria-labelledby="minds-title">
            <h2 id="minds-title">{t!("Who changed their mind")}</h2>
            <div class="scroll" tabindex="0" role="region" aria-label=t!("Who changed their mind")>
                <table class="data folds">
                    <thead>
                        <tr>
                            <th scope="col">{t!("Who")}</th>
                            <th scope="col" class="number">{t!("Cruxes")}</th>
                            <th scope="col" class="number">{t!("cruxes" => "Updated")}</th>
                            <th scope="col" class="number">{t!("Now across 50%")}</th>
                            <th scope="col">{t!("In words")}</th>
                        </tr>
                    </thead>
                    <tbody>{live(rows)}</tbody>
                </table>
            </div>
            <p class="soft">{t!("Across 50%: the latest credence is on the other side of 50% than the first one. A first estimate is no update.")}</p>
        </section>
    }
}

/// One person's credences in every crux, on one axis of time.
#[component]
fn Trajectories(session: Session, found: Memo<Movements>) -> impl IntoView {
    let chosen = kept_choice(session, "moves-person", String::new());
    let people = Signal::derive(move || session.read_all(people_choices));
    let value = Signal::derive(move || {
        let me = session.me.get().map(|me| me.to_string());
        let first = people.with(|people| people.first().map(|(key, _)| key.clone()));
        let chosen = Some(chosen.get()).filter(|chosen| !chosen.is_empty());
        chosen.or(me).or(first).unwrap_or_default()
    });
    let limit = Limit::new();
    let ways = Memo::new(move |_| {
        let person = value.get().parse::<PersonId>().ok();
        found.with(|found| {
            let ways = found.trajectories.iter();
            ways.filter(|way| Some(way.person) == person)
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    let told = move || {
        let now = session.now.get().millis;
        let ways = ways.get();
        let first = ways.iter().filter_map(|way| way.said.first());
        let Some(first) = first.map(|(at, _)| *at).min() else {
            return view! { <p>{t!("No credence has been stated yet.")}</p> }.into_any();
        };
        let shown = ways.iter().take(limit.get());
        let shown = shown.map(|way| view_trajectory(session, way, first, now));
        let shown = shown.collect_view();
        view! {
            <ul class="trajectories">{shown}</ul>
            <p class="soft">{t!("Each from 0% to 100%, on one axis from {day} to today.", day = spelled(session.day_of(first)))}</p>
        }
        .into_any()
    };
    view! {
        <section class="panel" aria-labelledby="trajectories-title">
            <h2 id="trajectories-title">{t!("One person’s way on all cruxes")}</h2>
            <Choice label=t!("Who") options=people value on_commit=Callback::new(move |key| chosen.set(key)) none="" />
            {live(told)}
            {limit.more(move || ways.with(Vec::len), more_cruxes)}
        </section>
    }
}

fn view_trajectory(session: Session, way: &Trajectory, first: Millis, now: Millis) -> AnyView {
    let span = now.millis_since(first).max(1) as f64;
    let x = |at: Millis| 100.0 * at.millis_since(first) as f64 / span;
    let y = |credence: Credence| 40.0 - 0.4 * credence.percent();
    let mut path = String::new();
    for (place, (at, credence)) in way.said.iter().enumerate() {
        let (x, y) = (plain(x(*at)), plain(y(*credence)));
        path += &match place {
            0 => format!("M{x} {y}"),
            _ => format!("H{x}V{y}"),
        };
    }
    path += "H100";
    let words = match (way.said.first(), way.said.last()) {
        (Some((_, from)), Some((_, to))) if from != to => Some(self::way(*from, *to)),
        (Some((_, from)), _) => Some(from.shown()),
        _ => None,
    };
    let words = words.map(|way_of| {
        let count = way.said.len();
        tn!(
            count,
            "{credences}, {count} statement",
            "{credences}, {count} statements",
            credences = way_of
        )
    });
    let name = session.read_untracked(|board| crux_name(board, way.crux));
    view! {
        <li>
            <a href=href(session, Screen::Crux(way.crux))>{name}</a>
            <svg viewBox="0 0 100 40" preserveAspectRatio="none" aria-hidden="true">
                <path class="middle" d="M0 20H100" />
                <path d=path />
            </svg>
            <span class="soft" translate="no">{words}</span>
        </li>
    }
    .into_any()
}
