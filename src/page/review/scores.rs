//! The scores of credences in resolved claims.

use cruxboard_domain::Credence;
use cruxboard_domain::board::Board;
use cruxboard_domain::calibration::{Bin, BrierParts, Calibration, ENOUGH, calibration};
use cruxboard_domain::format::{Holder, outcome_words};
use cruxboard_domain::record::PersonId;
use cruxboard_domain::score::{Figures, NotScored, Score, not_scored, scores};
use cruxboard_domain::{t, tn};
use leptos::prelude::*;

use super::round::crux_name;
use crate::component::hundredths;
use crate::component::{Choice, live};
use crate::page::{holder, href, kept_choice, people_choices, person_name};
use crate::route::Screen;
use cruxboard_session::Session;

/// The scores screen: what was scored and why, everybody's scores, and calibration once there are enough
/// claims.
#[component]
pub fn ScoresPage(session: Session) -> impl IntoView {
    let all = Memo::new(move |_| all_scores(session));
    let table = move |name: &'static str, all: &[Score], of: fn(&Figures) -> f64| {
        session.read_untracked(|board| view_scores(board, name, all, of))
    };
    let is_few = move || all.with(|all| all.iter().map(|score| score.cruxes).max()) < Some(ENOUGH);
    let verdicts = move || {
        let lines = all.get().into_iter().filter_map(|score| {
            let words = verdict(&score, &holder(session))?;
            let who = session.read_untracked(|board| who(board, &score));
            Some(view! { <li>{who} ": " {words}</li> })
        });
        view! { <ul class="plain-list">{lines.collect_view()}</ul> }
    };
    let whose = kept_choice(session, "scores-whose", String::new());
    let people = Signal::derive(move || session.read_all(people_choices));
    let of_chosen = move || {
        let person: Option<PersonId> = whose.get().parse().ok();
        calibrated(session, person)
    };
    let told = Memo::new(move |_| {
        session.read_all(|board| {
            let cruxes = board.cruxes().into_iter();
            let told = cruxes.filter_map(|crux| {
                Some((
                    crux.id,
                    crux.name().into_owned(),
                    outcome_words(board, crux)?,
                ))
            });
            told.collect::<Vec<_>>()
        })
    });
    let grounds = move || {
        let lines = told.get().into_iter().map(|(crux, name, words)| {
            view! { <li><a href=href(session, Screen::Crux(crux))>{name}</a> ". " {words}</li> }
        });
        lines.collect_view()
    };
    view! {
        <div class="page narrow scores">
            <h1>{t!("Outcomes and calibration")}</h1>
            <p class="soft">{t!("When a crux is settled as true or false, the credences stated before are scored against it. So they are when an event trigger is judged and its terms say what the verdict shows: that the claim is true, or that it is false.")}</p>
            <Show
                when=move || told.with(|told| !told.is_empty())
                fallback=|| view! { <p class="empty">{t!("No outcomes yet. Settle a crux on its page, or state in the terms of a trigger what its outcome shows of the claim.")}</p> }
            >
                <section class="panel">
                    <h2>{t!("Basis")}</h2>
                    <ul class="grounds">{live(grounds)}</ul>
                </section>
            </Show>
            <Show when=move || all.with(|all| !all.is_empty())>
                <section class="panel">
                    <h2>{t!("Scores")}</h2>
                    <h3>{t!("Brier score")}</h3>
                    {live(move || table(t!("Scores"), &all.get(), |figures| figures.brier))}
                    <h3>{t!("Log score")}</h3>
                    {live(move || table(t!("Log scores"), &all.get(), |figures| figures.log))}
                    <p class="soft">{t!("Brier score: the squared distance from what came true, 0 is best, 1 is worst, and 50% always earns 0.25. Log score: the logarithm of the chance given to what came true, 0 is best, and 50% earns −0.69. “Over time” begins with anybody’s first credence and weighs each by how long it stood; until one’s own first, 50% stands. So being right early counts. “Own days” begin with one’s own first credence, and “group, same days” is the group’s aggregate on those days of the same claims. A credence counts from the day on which it was written down, whatever day it claims for itself.")}</p>
                    {live(verdicts)}
                    <Show when=is_few><p>{t!("With fewer than 10 cruxes much of this is luck, and nothing is concluded from it.")}</p></Show>
                </section>
                <section class="panel">
                    <h2>{t!("Calibration")}</h2>
                    <Choice label=t!("whom" => "Of") options=people value=whose on_commit=Callback::new(move |key| whose.set(key)) none=untrack(|| holder(session)).name() />
                    {live(of_chosen)}
                </section>
            </Show>
            {live(move || view_not_scored(session))}
        </div>
    }
}

/// Renders the calibration of a person or of everybody, or the number of cruxes that it still needs.
fn calibrated(session: Session, person: Option<PersonId>) -> AnyView {
    match session.read_untracked(|board| calibration(board, person)) {
        Ok(found) => view_calibration(found),
        Err(missing) => {
            let needed = tn!(
                missing,
                "{count} more such crux is needed before calibration says anything.",
                "{count} more such cruxes are needed before calibration says anything.",
            );
            view! { <p>{needed}</p> }.into_any()
        }
    }
}

/// Returns everybody's scores and those of the group. Reactive.
fn all_scores(session: Session) -> Vec<Score> {
    let mut all = session.read_all(scores);
    // Of a single person the group's scores would be their own again.
    if holder(session).is_one_person() {
        all.retain(|score| score.person.is_some());
    }
    all
}

/// Lists the cruxes that were not scored, each with the reason; nothing if there are none.
fn view_not_scored(session: Session) -> Option<AnyView> {
    let lines = session.read_all(not_scored).into_iter().map(|(crux, why)| {
        let name = session.read_untracked(|board| crux_name(board, crux));
        let why = match why {
            NotScored::Retired => t!("crux" => "retired"),
            NotScored::Void => t!("a trigger on it was judged void"),
            NotScored::Unclear => t!("its judged triggers do not settle it"),
            NotScored::NoForecast => {
                t!("nobody had stated a credence before the outcome could be known")
            }
        };
        view! { <li><a href=href(session, Screen::Crux(crux))>{name}</a> ": " {why}</li> }
    });
    let lines: Vec<_> = lines.collect();
    if lines.is_empty() {
        return None;
    }
    let section = view! {
        <section class="panel">
            <h2>{t!("Not scored")}</h2>
            <ul class="grounds">{lines.collect_view()}</ul>
        </section>
    };
    Some(section.into_any())
}

fn who(board: &Board, score: &Score) -> String {
    score.person.map_or_else(
        || t!("The group").into(),
        |person| person_name(board, person),
    )
}

/// Describes the scores in words; `None` for fewer than [`ENOUGH`] claims.
fn verdict(score: &Score, holder: &Holder) -> Option<String> {
    if score.cruxes < ENOUGH {
        return None;
    }
    let compared = |other: f64, words: [&'static str; 3]| match score.own_days.brier - other {
        gap if gap < -0.005 => words[0],
        gap if gap > 0.005 => words[1],
        _ => words[2],
    };
    let half = compared(
        Figures::OF_HALF.brier,
        [
            t!("better than always saying 50%"),
            t!("worse than always saying 50%"),
            t!("as good as always saying 50%"),
        ],
    );
    let group = compared(
        score.group_same_days.brier,
        [
            t!("better than the group on the same days"),
            t!("worse than the group on the same days"),
            t!("as good as the group on the same days"),
        ],
    );
    Some(match score.person {
        Some(_) if !holder.is_one_person() => format!("{half}, {group}"),
        _ => half.to_owned(),
    })
}

/// Renders one of the two scores for everybody, with that of always stating 50%.
fn view_scores(
    board: &Board,
    name: &'static str,
    all: &[Score],
    of: fn(&Figures) -> f64,
) -> AnyView {
    let row = |who: String, cruxes: Option<usize>, figures: [Option<&Figures>; 4]| {
        let cells = figures.map(|figures| {
            let shown = figures.map(|figures| hundredths(of(figures)));
            view! { <td class="number" translate="no">{shown}</td> }
        });
        view! {
            <tr>
                <th scope="row">{who}</th>
                <td class="number" translate="no">{cruxes}</td>
                {cells.into_iter().collect_view()}
            </tr>
        }
    };
    let rows = all.iter().map(|score| {
        let beside = score.person.map(|_| &score.group_same_days);
        let own = [&score.last, &score.weighted, &score.own_days].map(Some);
        let [last, weighted, own_days] = own;
        row(
            who(board, score),
            Some(score.cruxes),
            [last, weighted, own_days, beside],
        )
    });
    let rows = rows.collect_view();
    let half = Some(&Figures::OF_HALF);
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=name>
            <table class="data">
                <thead>
                    <tr>
                        <th scope="col">{t!("Who")}</th>
                        <th scope="col" class="number">{t!("Cruxes")}</th>
                        <th scope="col" class="number">{t!("Last word")}</th>
                        <th scope="col" class="number">{t!("Over time")}</th>
                        <th scope="col" class="number">{t!("Own days")}</th>
                        <th scope="col" class="number">{t!("Group, same days")}</th>
                    </tr>
                </thead>
                <tbody>{rows} {row(t!("Always 50%").into(), None, [half, half, half, None])}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Renders credences against outcomes, as dots with intervals around a diagonal, and as a table.
fn view_calibration(found: Calibration) -> AnyView {
    let y = |percent: f64| 100.0 - percent;
    let dots = found.bins.iter().map(|bin| {
        let radius = 1.5 + (bin.count as f64).sqrt();
        let (low, high) = bin.interval;
        view! {
            <path class="interval" d=format!("M{} {:.2}V{:.2}", bin.said, y(low), y(high)) />
            <circle cx=bin.said cy=y(bin.came_true) r=radius />
        }
    });
    let dots = dots.collect_view();
    let rows = found.bins.iter().map(|bin| {
        let percent = |percent: f64| Credence::clamped(percent).rounded(&[]);
        let Bin {
            interval: (low, high),
            ..
        } = *bin;
        view! {
            <tr>
                <th scope="row">{t!("{low} to {high}%", low = bin.range.0, high = bin.range.1)}</th>
                <td class="number" translate="no">{bin.count}</td>
                <td class="number" translate="no">{percent(bin.said)}</td>
                <td class="number" translate="no">{percent(bin.came_true)}</td>
                <td class="number" translate="no">{t!("{low} to {high}", low = percent(low), high = percent(high))}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <svg class="calibration" viewBox="-6 -6 112 112" role="img" aria-label=t!("What was said against what came true; the table below holds the same")>
            <path class="grid" d="M0 0V100H100" />
            <path class="diagonal" d="M0 100 100 0" />
            {dots}
        </svg>
        <p class="soft">{t!("On the line, things came true as often as they were said to: below it they were overestimated, above it underestimated. The bars are 95% intervals (Wilson, 1927): a bar that crosses the line is no sign of miscalibration.")}</p>
        <div class="scroll" tabindex="0" role="region" aria-label=t!("Calibration")>
            <table class="data">
                <thead>
                    <tr>
                        <th scope="col">{t!("Said")}</th>
                        <th scope="col" class="number">{t!("Cruxes")}</th>
                        <th scope="col" class="number">{t!("Mean said")}</th>
                        <th scope="col" class="number">{t!("Came true")}</th>
                        <th scope="col" class="number">{t!("95% interval")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {view_parts(found.parts)}
    }
    .into_any()
}

/// Renders the parts of the Brier score of the last credences.
fn view_parts(parts: BrierParts) -> AnyView {
    let lines = [
        (
            t!("Reliability: how far they are from being calibrated, 0 is best"),
            parts.reliability,
        ),
        (
            t!("minus resolution: how well they tell true claims from false ones, more is better"),
            -parts.resolution,
        ),
        (
            t!("plus uncertainty of the claims, which is nobody’s merit"),
            parts.uncertainty,
        ),
        (t!("plus differences within the rows above"), parts.within),
        (t!("Brier score of the last words"), parts.brier),
    ];
    let rows = lines.into_iter().map(|(name, figure)| view! {
        <tr><th scope="row">{name}</th><td class="number" translate="no">{hundredths(figure)}</td></tr>
    });
    view! {
        <h3>{t!("What the Brier score is made of")}</h3>
        <div class="scroll" tabindex="0" role="region" aria-label=t!("Parts of the Brier score")>
            <table class="data"><tbody>{rows.collect_view()}</tbody></table>
        </div>
        <p class="soft">{t!("Partition of Murphy (1973).")}</p>
    }
    .into_any()
}
