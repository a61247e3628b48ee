//! Evidence: all of it, one item, and the form that files a new one.

mod fields;
mod item;
mod new;

use crate::prelude::*;
use cruxboard_domain::VagueDate;
use cruxboard_domain::board::RecordRef;
use cruxboard_domain::letters::lower;
use cruxboard_domain::record::{Direction, EvidenceId, Visibility};

use crate::component::Each;

use crate::component::{Show, live};

use super::{counted, href};
use crate::route::Screen;
use crate::session::Session;

pub use self::item::EvidenceItemPage;
pub use self::new::NewEvidencePage;

/// All evidence of the open board, latest first.
#[component]
pub fn EvidencePage(session: Session) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let ids = Memo::new(move |_| {
        session.follow_all();
        let wanted = lower(&search.get());
        session.with(|board| {
            let matching = board.all_evidence().rev().filter(|evidence| {
                let text = format!("{} {} {}", evidence.text, evidence.quote, evidence.source);
                lower(&text).contains(&wanted)
            });
            matching.map(|evidence| evidence.id.0).collect::<Vec<_>>()
        })
    });
    view! {
        <div class="page">
            <div class="panel-head">
                <h1>"Evidence"</h1>
                <p class="actions">
                    <a class="button" href=href(session, Screen::Reading)>"Reading list"</a>
                    <a class="button primary" href=href(session, Screen::NewEvidence(None))>"+ Evidence"</a>
                </p>
            </div>
            <div class="toolbar flush">
                <input
                    id="search"
                    type="search"
                    placeholder="Search  /"
                    aria-label="Search evidence"
                    prop:value=search
                    on:input:target=move |event| search.set(event.target().value())
                />
                <span class="soft" role="status">{live(move || counted(ids.with(Vec::len), "item", "items"))}</span>
            </div>
            <Show when=move || ids.with(Vec::is_empty)>
                <p class="empty">"Nothing here. File evidence once, and say which cruxes it bears on."</p>
            </Show>
            <ul class="items">
                <Each ids=ids view=Callback::new(move |id| { let id = EvidenceId(id); view! {
                    <ItemLine session id />
                }.into_any() }) />
            </ul>
        </div>
    }
}

fn dated(date: VagueDate) -> String {
    if date == VagueDate::Unknown {
        "date unknown".into()
    } else {
        date.to_string()
    }
}

#[component]
fn ItemLine(session: Session, id: EvidenceId) -> impl IntoView {
    let line = move || {
        session.follow(RecordRef::Evidence(id));
        session.with(|board| {
            let evidence = board.evidence(id)?;
            let bears_on = evidence.bears_on.iter().filter_map(|(crux, bears_on)| {
                let sign = match bears_on.direction {
                    Direction::For => "for",
                    Direction::Against => "against",
                    Direction::Neutral => "neither way on",
                };
                let crux = board.crux(*crux)?;
                Some(view! {
                    <span class="bears">
                        {sign} " "
                        <a href=href(session, Screen::Crux(crux.id))>{crux.name().to_owned()}</a>
                    </span>
                })
            });
            let badges = [
                (evidence.visibility() != Visibility::Public).then(|| evidence.visibility().label()),
                evidence.not_in_hand.then_some("not in hand"),
                (!evidence.same_origin_as.is_empty()).then_some("shares an origin"),
                evidence.kind.map(|kind| kind.label()),
            ];
            let bears_on = bears_on.collect_view();
            let is_idle = evidence.bears_on.is_empty();
            Some(view! {
                <a class="headline" href=href(session, Screen::EvidenceItem(id))>{evidence.headline().to_owned()}</a>
                <p class="soft">
                    {evidence.source.clone()}
                    {(!evidence.message.is_empty()).then(|| format!(", {}", evidence.message))}
                    {format!(" · {}", dated(evidence.event_date))}
                    {badges.into_iter().flatten().map(|badge| view! { " " <span class="badge">{badge}</span> }).collect_view()}
                </p>
                <p class="bears-line">{bears_on} {is_idle.then(|| view! { <span class="soft">"bears on no crux yet"</span> })}</p>
            })
        })
    };
    view! { <li>{live(line)}</li> }
}
