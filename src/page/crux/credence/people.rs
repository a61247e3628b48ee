//! Everybody’s latest credence, as a table.

use super::super::claim::{rewording, words_stated_on};
use crate::component::live;
use crate::page::{person_name, short};
use cruxboard_domain::board::CurrentView;
use cruxboard_domain::date::{relative, spelled};
use cruxboard_domain::record::CruxId;
use cruxboard_domain::{t, translation};
use cruxboard_session::Session;
use leptos::prelude::*;

/// Everybody's latest credence.
#[component]
pub(in crate::page) fn People(
    session: Session,
    id: CruxId,
    views: Signal<Vec<CurrentView>>,
) -> impl IntoView {
    let rows = move || {
        let today = session.now.get().today();
        let views = views.get();
        let rows = views.into_iter().map(|view| {
            let day = session.day_of(view.statement.at);
            let (name, is_red_team, evidence) = session.read_untracked(|board| {
                let evidence = view.statement.evidence.iter().filter_map(|id| board.evidence(*id));
                let evidence: Vec<_> = evidence.map(|e| short(e.headline(), 50)).collect();
                let person = view.statement.person;
                let is_red_team = board.person(person).is_some_and(|it| it.red_team);
                (person_name(board, person), is_red_team, evidence.join("; "))
            });
            let previous = view.previous.map(|previous| format!("{} → ", translation::number(previous)));
            let words = words_stated_on(session, id, view.id).map(|words| view! {
                <details>
                    <summary>{t!("Stated on other words")}</summary>
                    {rewording(session, &words)}
                </details>
            });
            view! {
                <tr class:stale=view.is_stale>
                    <th scope="row">
                        {name} {is_red_team.then(|| view! { <small>{t!("red team")}</small> })}
                    </th>
                    <td class="number" translate="no"><span class="soft">{previous}</span> {view.statement.credence.shown()}</td>
                    <td>
                        {spelled(day)} <span class="soft">" · " {relative(day, today)}</span>
                        {view.is_stale.then(|| view! { <b class="stale-mark">" " {t!("stale")}</b> })}
                        {view.statement.reaffirms.then(|| format!(" · {}", t!("confirmed")))}
                    </td>
                    <td>
                        {view.statement.reason.clone()}
                        {(!evidence.is_empty()).then(|| view! { <span class="soft">" [" {evidence} "]"</span> })}
                        {words}
                    </td>
                </tr>
            }
        });
        rows.collect_view()
    };
    view! {
        <Show when=move || views.with(|views| !views.is_empty())>
            <div class="scroll" tabindex="0" role="region" aria-label=t!("Everybody's credence")>
                <table class="data people">
                    <thead>
                        <tr>
                            <th scope="col">{t!("Who")}</th>
                            <th scope="col" class="number">{t!("Credence")}</th>
                            <th scope="col">{t!("When")}</th>
                            <th scope="col">{t!("Why [evidence]")}</th>
                        </tr>
                    </thead>
                    <tbody>{live(rows)}</tbody>
                </table>
            </div>
        </Show>
    }
}
