use cruxboard_domain::Credence;
use cruxboard_domain::format::outcome_words;
use cruxboard_domain::record::CruxId;
use cruxboard_domain::score::{Score, scores_on};
use cruxboard_domain::t;
use leptos::prelude::*;

use crate::component::{hundredths, live};
use crate::page::{holder, href, person_name, read_crux};
use crate::route::Screen;
use cruxboard_session::Session;

/// The outcome of the claim, and the scores of everybody's credences. Empty while the crux is open.
#[component]
pub(super) fn OutcomePanel(session: Session, id: CruxId) -> impl IntoView {
    let words = Memo::new(move |_| read_crux(session, id, outcome_words).flatten());
    let told = move || {
        let words = words.get()?;
        let is_one_person = holder(session).is_one_person();
        let rows = read_crux(session, id, |board, crux| {
            // Of a single person the group's scores would be their own again.
            let scores = scores_on(board, crux).into_iter();
            let scores = scores.filter(|(_, score)| score.person.is_some() || !is_one_person);
            let row = |(last, score): (Credence, Score)| {
                let who = score.person.map_or_else(
                    || t!("The group").into(),
                    |person| person_name(board, person),
                );
                view! {
                    <tr>
                        <th scope="row">{who}</th>
                        <td class="number" translate="no">{last.rounded(&[])}</td>
                        <td class="number" translate="no">{hundredths(score.last.brier)}</td>
                        <td class="number" translate="no">{hundredths(score.weighted.brier)}</td>
                        <td class="number" translate="no">{hundredths(score.last.log)}</td>
                        <td class="number" translate="no">{hundredths(score.weighted.log)}</td>
                    </tr>
                }
            };
            scores.map(row).collect::<Vec<_>>()
        })?;
        let table = (!rows.is_empty()).then(|| {
            view! {
                <div class="scroll" tabindex="0" role="region" aria-label=t!("Scores on this crux")>
                    <table class="data">
                        <thead>
                            <tr>
                                <th scope="col">{t!("Who")}</th>
                                <th scope="col" class="number">{t!("Last said")}</th>
                                <th scope="col" class="number">{t!("Brier, last word")}</th>
                                <th scope="col" class="number">{t!("Brier, over time")}</th>
                                <th scope="col" class="number">{t!("Log, last word")}</th>
                                <th scope="col" class="number">{t!("Log, over time")}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                <p class="soft">{t!("Brier: 0 is best, 1 is worst, always saying 50% earns 0.25. Log: 0 is best, 50% earns −0.69.")}</p>
            }
        });
        Some(view! {
            <section class="panel outcome" aria-labelledby="outcome-title">
                <h2 id="outcome-title">{t!("Outcomes and calibration")}</h2>
                <p>{words}</p>
                {table}
                <p><a href=href(session, Screen::Scores)>{t!("Scores on all cruxes")}</a></p>
            </section>
        })
    };
    live(told)
}
