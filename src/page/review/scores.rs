//! What came of it: how good credences were on the claims of which something came.

use cruxboard_domain::Credence;
use cruxboard_domain::board::Board;
use cruxboard_domain::format::outcome_words;
use cruxboard_domain::record::PersonId;
use cruxboard_domain::score::{Bin, ENOUGH, Score, calibration, scores};
use cruxboard_domain::text::counted;
use leptos::prelude::*;

use crate::component::hundredths;
use crate::component::{Choice, live};
use crate::page::{href, people_choices, person_name};
use crate::route::Screen;
use crate::session::Session;

/// What was scored and why, the scores of everybody, and calibration once there are enough.
#[component]
pub fn ScoresPage(session: Session) -> impl IntoView {
    let all = Memo::new(move |_| {
        session.follow_all();
        session.with(scores)
    });
    let rows = move || {
        let rows = all.get().into_iter();
        session.with(|board| rows.map(|score| row(board, &score)).collect_view())
    };
    let is_few = move || all.with(|all| all.iter().map(|score| score.cruxes).max()) < Some(ENOUGH);
    let whose = RwSignal::new(String::new());
    let people = Signal::derive(move || {
        session.follow_all();
        session.with(people_choices)
    });
    let calibrated = move || {
        session.follow_all();
        let person: Option<PersonId> = whose.get().parse().ok();
        match session.with(|board| calibration(board, person)) {
            Ok(bins) => view_calibration(bins),
            Err(missing) => {
                let needed = counted(missing, "more such crux is", "more such cruxes are");
                view! { <p>{needed} " needed before calibration says anything."</p> }.into_any()
            }
        }
    };
    let told = Memo::new(move |_| {
        session.follow_all();
        session.with(|board| {
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
            <h1>"Outcomes and calibration"</h1>
            <p class="soft">"When a crux is settled as true or false, the credences stated before are scored against it. So they are when an event trigger is judged and its terms say what the verdict shows: that the claim is true, or that it is false."</p>
            <Show
                when=move || told.with(|told| !told.is_empty())
                fallback=|| view! { <p class="empty">"No outcomes yet. Settle a crux on its page, or state in the terms of a trigger what its outcome shows of the claim."</p> }
            >
                <section class="panel">
                    <h2>"Basis"</h2>
                    <ul class="grounds">{live(grounds)}</ul>
                </section>
            </Show>
            <Show when=move || all.with(|all| !all.is_empty())>
                <section class="panel">
                    <h2>"Scores"</h2>
                    <div class="scroll" tabindex="0" role="region" aria-label="Scores">
                        <table class="data">
                            <thead>
                                <tr>
                                    <th scope="col">"Who"</th>
                                    <th scope="col" class="number">"Cruxes"</th>
                                    <th scope="col" class="number">"Brier, last word"</th>
                                    <th scope="col" class="number">"Brier, over time"</th>
                                    <th scope="col" class="number">"Log, last word"</th>
                                    <th scope="col" class="number">"Log, over time"</th>
                                    <th scope="col">"Over time, that is"</th>
                                </tr>
                            </thead>
                            <tbody>{live(rows)}</tbody>
                        </table>
                    </div>
                    <p class="soft">"Brier score: the squared distance from what came true, 0 is best, 1 is worst, and 50% always earns 0.25. Log score: the logarithm of the chance given to what came true, 0 is best, and 50% earns −0.69. “Over time” begins with anybody’s first credence and weighs each by how long it stood; until one’s own first, 50% stands. So being right early counts."</p>
                    <Show when=is_few><p>"With fewer than 10 cruxes much of this is luck."</p></Show>
                </section>
                <section class="panel">
                    <h2>"Calibration"</h2>
                    <Choice label="Of" options=people value=whose on_commit=Callback::new(move |key| whose.set(key)) none="the group" />
                    {live(calibrated)}
                </section>
            </Show>
        </div>
    }
}

fn row(board: &Board, score: &Score) -> AnyView {
    let who = score
        .person
        .map_or_else(|| "The group".into(), |person| person_name(board, person));
    let words = match score.weighted.brier {
        brier if brier < 0.1 => "mostly right, and said so",
        brier if brier < 0.25 => "better than saying 50% to everything",
        brier if brier < 0.26 => "as good as saying 50% to everything",
        _ => "worse than saying 50% to everything",
    };
    view! {
        <tr>
            <th scope="row">{who}</th>
            <td class="number" translate="no">{score.cruxes}</td>
            <td class="number" translate="no">{hundredths(score.last.brier)}</td>
            <td class="number" translate="no">{hundredths(score.weighted.brier)}</td>
            <td class="number" translate="no">{hundredths(score.last.log)}</td>
            <td class="number" translate="no">{hundredths(score.weighted.log)}</td>
            <td class="words">{words}</td>
        </tr>
    }
    .into_any()
}

/// What was said against what came true, as dots near a diagonal, and as a table.
fn view_calibration(bins: Vec<Bin>) -> AnyView {
    let y = |percent: f64| 100.0 - percent;
    let dots = bins.iter().map(|bin| {
        let radius = 1.5 + (bin.count as f64).sqrt();
        view! { <circle cx=bin.said cy=y(bin.came_true) r=radius /> }
    });
    let dots = dots.collect_view();
    let rows = bins.iter().map(|bin| {
        view! {
            <tr>
                <th scope="row">{bin.range.0} " to " {bin.range.1} "%"</th>
                <td class="number" translate="no">{bin.count}</td>
                <td class="number" translate="no">{Credence::clamped(bin.said).rounded(&[])}</td>
                <td class="number" translate="no">{Credence::clamped(bin.came_true).rounded(&[])}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <svg class="calibration" viewBox="-6 -6 112 112" role="img" aria-label="What was said against what came true; the table below holds the same">
            <path class="grid" d="M0 0V100H100" />
            <path class="diagonal" d="M0 100 100 0" />
            {dots}
        </svg>
        <p class="soft">"On the line, things came true as often as they were said to: below it they were overestimated, above it underestimated."</p>
        <div class="scroll" tabindex="0" role="region" aria-label="Calibration">
            <table class="data">
                <thead>
                    <tr>
                        <th scope="col">"Said"</th>
                        <th scope="col" class="number">"Cruxes"</th>
                        <th scope="col" class="number">"Mean said"</th>
                        <th scope="col" class="number">"Came true"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
