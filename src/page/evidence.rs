//! Evidence: the list, the screen of an item, and the form for a new one.

mod bears_on;
mod fields;
mod item;
mod new;
mod save;

use cruxboard_domain::VagueDate;
use cruxboard_domain::board::{Board, RecordRef};
use cruxboard_domain::record::{Direction, Evidence, EvidenceId, Visibility};
use cruxboard_domain::text::joined;
use cruxboard_domain::view::{Filter, evidence_facets, shown_evidence};
use cruxboard_domain::{t, tn};
use leptos::prelude::*;

use crate::component::live;
use crate::t_view;

use super::crux::Remembered;
use super::filters::{Chosen, Filters};
use super::{Services, href};
use crate::route::{Route, Screen};
use cruxboard_session::Session;

pub use self::item::EvidenceItemPage;
pub use self::new::NewEvidencePage;
pub use self::save::{NewEvidenceFromPage, SavePage};

/// The list of evidence of the open board, latest first.
#[component]
pub fn EvidencePage(session: Session) -> impl IntoView {
    let services = Services::from_context();
    let filter = services.navigation.filter;
    let on_filter = Callback::new(move |filter: Filter| {
        if let Some(board) = session.open.get_untracked() {
            let to = Route::Board(board, Screen::Evidence(filter));
            services.navigation.go.run((to, true));
        }
    });
    let ids = Memo::new(move |_| {
        let shown = filter.with(|filter| session.read_all(|board| shown_evidence(board, filter)));
        shown.into_iter().map(|id| id.0).collect::<Vec<_>>()
    });
    let sharing = Memo::new(move |_| session.read_all(Board::sharing_origin));
    let values = Callback::new(move |()| {
        session.read_untracked(|board| {
            let sharing = board.sharing_origin();
            let all = board.all_evidence();
            all.flat_map(|evidence| evidence_facets(evidence, &sharing))
                .collect()
        })
    });
    let is_filtered = move || filter.with(|filter| !filter.is_empty());
    view! {
        <div class="page">
            <div class="panel-head">
                <h1>{t!("Evidence")}</h1>
                <p class="actions">
                    <a class="button" href=href(session, Screen::Reading)>{t!("Reading list")}</a>
                    <a class="button primary" href=href(session, Screen::NewEvidence(None))>{t!("+ Evidence")}</a>
                </p>
            </div>
            <div class="toolbar flush">
                <input
                    id="search"
                    type="search"
                    placeholder=t!("Search  /")
                    aria-label=t!("Search evidence")
                    prop:value=move || filter.with(|filter| filter.search.clone())
                    on:input:target=move |event| on_filter.run(Filter {
                        search: event.target().value(),
                        ..filter.get_untracked()
                    })
                />
                <Filters session filter on_filter values />
                <span class="soft" role="status">{live(move || tn!(ids.with(Vec::len), "{count} item", "{count} items"))}</span>
            </div>
            <Chosen session filter on_filter />
            <Show when=move || ids.with(Vec::is_empty) && is_filtered()>
                <div class="empty">
                    <p>{t!("No evidence matches the filters.")}</p>
                    <button on:click=move |_| on_filter.run(Filter::default())>{t!("Show all evidence")}</button>
                </div>
            </Show>
            <Show when=move || ids.with(Vec::is_empty) && !is_filtered()>
                <p class="empty">{t!("No evidence yet. Add each item once, and select the cruxes it bears on.")}</p>
            </Show>
            <ul class="items">
                <For each=move || ids.get() key=|id| *id let(id)><ItemLine session id=EvidenceId(id) shares_origin=Signal::derive(move || sharing.with(|ids| ids.contains(&EvidenceId(id)))) /></For>
            </ul>
            <Remembered name="evidence-bookmarklet" title=t!("Save from other pages")>
                <Bookmarklet />
            </Remembered>
        </div>
    }
}

/// A link for the bookmarks bar. On another page it opens the form for new evidence, with that page's address
/// and title and the selected text as a quote.
#[component]
fn Bookmarklet() -> impl IntoView {
    let address = (Services::from_context().device.app_address)();
    let script = bookmarklet(&address);
    let link = view! {
        <a class="button" href=script draggable="true" on:click=|event| event.prevent_default()>{t!("Save to Cruxboard")}</a>
    };
    view! {
        <p>{t_view!("Drag this link to your bookmarks bar: {link}", link)}</p>
        <p class="soft">
            {t!("On any page, select the words that matter and press the bookmark. A text or link can also be pasted anywhere on a board’s screens.")}
        </p>
    }
}

fn bookmarklet(address: &str) -> String {
    // An apostrophe in the address would end the string literal of the script.
    let address = address.replace('\'', "%27");
    format!(
        "javascript:void open('{address}#/save?url='+encodeURIComponent(location.href)\
         +'&title='+encodeURIComponent(document.title)\
         +'&quote='+encodeURIComponent(getSelection()))"
    )
}

/// Describes the source and the place in it: "A study, p. 4".
fn from_whom(evidence: &Evidence) -> String {
    joined(&[&evidence.source, &evidence.message], ", ")
}

/// Describes the date of the event, or else the date of the source.
fn dated(evidence: &Evidence) -> String {
    match (evidence.event_date, evidence.source_date) {
        (VagueDate::Unknown, VagueDate::Unknown) => t!("no date").into(),
        (VagueDate::Unknown, said) => t!("said {date}", date = said.spelled()),
        (happened, _) => happened.spelled(),
    }
}

#[component]
fn ItemLine(session: Session, id: EvidenceId, shares_origin: Signal<bool>) -> impl IntoView {
    let line = move || {
        session.read(RecordRef::Evidence(id), |board| {
            let evidence = board.evidence(id)?;
            let bears_on = evidence.bears_on.iter().filter_map(|(crux, bears_on)| {
                let crux = board.crux(*crux)?;
                let crux = view! { <a href=href(session, Screen::Crux(crux.id))>{crux.name().into_owned()}</a> };
                let words = match bears_on.direction {
                    Direction::For => t_view!("for {crux}", crux),
                    Direction::Against => t_view!("against {crux}", crux),
                    Direction::Neutral => t_view!("neutral on {crux}", crux),
                };
                Some(view! { <span class="bears">{words}</span> })
            });
            let badges = [
                (evidence.visibility() != Visibility::Public).then(|| evidence.visibility().label()),
                evidence.not_in_hand.then_some(t!("not obtained")),
                shares_origin.get().then_some(t!("shares an origin")),
                evidence.kind.map(|kind| kind.label()),
            ];
            let bears_on = bears_on.collect_view();
            let is_idle = evidence.bears_on.is_empty();
            Some(view! {
                <a class="headline" href=href(session, Screen::EvidenceItem(id))>{evidence.headline().to_owned()}</a>
                <p class="soft">
                    {joined(&[from_whom(evidence), dated(evidence)], " · ")}
                    {badges.into_iter().flatten().map(|badge| view! { " " <span class="badge">{badge}</span> }).collect_view()}
                </p>
                <p class="bears-line">{bears_on} {is_idle.then(|| view! { <span class="soft">{t!("no cruxes selected")}</span> })}</p>
            })
        })
    };
    view! { <li>{live(line)}</li> }
}
