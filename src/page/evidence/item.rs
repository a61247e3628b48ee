use cruxboard_domain::board::RecordRef;
use cruxboard_domain::change::Edited;
use cruxboard_domain::decide::Command;
use cruxboard_domain::record::{
    BearsOn, CruxId, Direction, Evidence, EvidenceEdit, EvidenceId, Strength,
};
use cruxboard_domain::t;
use cruxboard_domain::text::joined;
use leptos::prelude::*;

use crate::component::live;
use crate::t_view;

use super::fields::{ContentFields, DetailFields};
use super::from_whom;
use crate::component::{Choice, ExternalLink, Markdownish};
use crate::page::changes::ChangeList;
use crate::page::crux::Remembered;
use crate::page::{href, person_name, short, word_choices};
use crate::route::Screen;
use cruxboard_session::Session;

/// The screen of an item of evidence: its content, its weights, and the credences it moved.
#[component]
pub fn EvidenceItemPage(session: Session, id: EvidenceId) -> impl IntoView {
    let evidence = Signal::derive(move || {
        session.read(RecordRef::Evidence(id), |board| {
            board.evidence(id).map(|evidence| Evidence::clone(evidence))
        })
    });
    let filled = Signal::derive(move || evidence.get().unwrap_or_default());
    let is_there = Memo::new(move |_| evidence.with(Option::is_some));
    let set = Callback::new(move |set: EvidenceEdit| {
        session.dispatch(Command::EditEvidence(Edited {
            of: id,
            set,
            reason: String::new(),
        }));
    });
    let changes = Signal::derive(move || {
        let mut ids: Vec<_> = session.read(RecordRef::Evidence(id), |board| {
            board.history(id.0).map(|(change, _)| change.id).collect()
        });
        ids.reverse();
        ids
    });
    view! {
        <Show
            when=move || is_there.get()
            fallback=move || view! {
                <div class="empty">
                    <h1>{t!("There is no such evidence on this board")}</h1>
                    <p>{t!("It may not have arrived yet, or its creation was undone.")}</p>
                    <a class="button" href=href(session, Screen::Evidence(Default::default()))>{t!("All evidence")}</a>
                </div>
            }
        >
            <div class="page narrow">
                {live(move || head(&filled.get(), session, id))}
                <Moved session id />
                <BearsOnList session id evidence=filled />
                <ContentFields evidence=filled set />
                <DetailFields session own=Some(id) evidence=filled set />
                <Remembered name="evidence-log" title=t!("Activity")>
                    <ChangeList session changes />
                </Remembered>
                <p class="actions">
                    <button class="danger" on:click=move |_| { session.dispatch(Command::Trash(id.0)); }>{t!("Move to the trash")}</button>
                </p>
            </div>
        </Show>
    }
}

fn head(evidence: &Evidence, session: Session, id: EvidenceId) -> AnyView {
    let quote = (!evidence.quote.is_empty())
        .then(|| view! { <blockquote>{evidence.quote.clone()}</blockquote> });
    let text =
        (!evidence.text.is_empty()).then(|| view! { <Markdownish text=evidence.text.clone() /> });
    let url = (!evidence.url.is_empty())
        .then(|| view! { <p><ExternalLink url=evidence.url.clone() /></p> });
    let rivals = evidence.rivals.iter().map(|rival| {
        let weight = (!rival.weight.is_empty()).then(|| format!(" ({})", rival.weight));
        view! { <li>{t!("Rival explanation: {text}", text = rival.text)} {weight}</li> }
    });
    let exceptions = evidence
        .exceptions
        .iter()
        .map(|text| view! { <li>{t!("Exception: {text}", text)}</li> });
    view! {
        <header class="item-head">
            <h1>{short(evidence.headline(), 120).into_owned()}</h1>
            {text}
            {quote}
            <p class="soft">
                {joined(&[from_whom(evidence), t!("event date {date}", date = evidence.event_date.spelled())], " · ")}
                " · "
                <span class="badge">{evidence.visibility().label()}</span>
                {evidence.not_in_hand.then(|| view! { " " <span class="badge">{t!("not obtained")}</span> })}
            </p>
            {url}
            <ul>{rivals.collect_view()} {exceptions.collect_view()} {live(move || beside(session, id))}</ul>
        </header>
    }
    .into_any()
}

/// Renders the items with the same origin, whichever of the two says so, and the item's follow-ups.
fn beside(session: Session, id: EvidenceId) -> AnyView {
    session.read_all(|board| {
        let own = board.evidence(id).map(|own| own.same_origin_as.clone());
        let own = own.unwrap_or_default();
        let others = board.all_evidence().filter(|other| {
            other.id != id && (own.contains(&other.id) || other.same_origin_as.contains(&id))
        });
        let others = others.map(|other| {
            let text = short(other.headline(), 80).into_owned();
            let item = view! { <a href=href(session, Screen::EvidenceItem(other.id))>{text}</a> };
            view! { <li>{t_view!("Same origin as {item}", item)}</li> }
        });
        let owed = board
            .follow_ups()
            .filter(|follow_up| follow_up.evidence == Some(id));
        let owed = owed.map(|follow_up| {
            let to = href(session, Screen::FollowUps(Default::default()));
            view! { <li>{follow_up.state().label()} ": " <a href=to>{follow_up.what.clone()}</a></li> }
        });
        let others: Vec<_> = others.collect();
        let owed: Vec<_> = owed.collect();
        view! { {others} {owed} }.into_any()
    })
}

/// The credences whose statements cite this item.
#[component]
fn Moved(session: Session, id: EvidenceId) -> impl IntoView {
    let moves = move || {
        session.read_all(|board| {
            let moved = board.cruxes().into_iter().flat_map(|crux| {
                let statements = board.statements_on(crux.id);
                let citing = statements.iter().enumerate().filter(|(_, s)| s.evidence.contains(&id));
                citing
                    .map(|(at, statement)| {
                        let before = statements[..at].iter().rev().find(|s| s.person == statement.person);
                        let before = before.map_or_else(|| t!("first").into(), |s| s.credence.shown());
                        let reason = (!statement.reason.is_empty()).then(|| format!(": {}", statement.reason));
                        view! {
                            <li>
                                {person_name(board, statement.person)} ", "
                                <a href=href(session, Screen::Crux(crux.id))>{crux.name().into_owned()}</a> ": "
                                <b translate="no">{before} " → " {statement.credence.shown()}</b>
                                {reason}
                            </li>
                        }
                    })
                    .collect::<Vec<_>>()
            });
            let moved: Vec<_> = moved.collect();
            (!moved.is_empty()).then(|| view! {
                <section class="panel">
                    <h2>{t!("Credences it moved")}</h2>
                    <ul class="moves">{moved}</ul>
                </section>
            })
        })
    };
    view! { {live(moves)} }
}

/// The weight of the item on each crux of the board.
#[component]
fn BearsOnList(session: Session, id: EvidenceId, evidence: Signal<Evidence>) -> impl IntoView {
    let cruxes = Memo::new(move |_| {
        session.read_all(|board| {
            board
                .cruxes()
                .into_iter()
                .map(|crux| crux.id.0)
                .collect::<Vec<_>>()
        })
    });
    let row = move |crux: CruxId| {
        let bears_on = Signal::derive(move || evidence.with(|e| e.bears_on.get(&crux).copied()));
        let weigh = move |bears_on: Option<BearsOn>| {
            session.dispatch(Command::WeighEvidence {
                evidence: id,
                crux,
                bears_on,
            });
        };
        let direction = Signal::derive(move || {
            bears_on
                .get()
                .map(|b| b.direction.key().to_owned())
                .unwrap_or_default()
        });
        let strength = Signal::derive(move || {
            bears_on
                .get()
                .map(|b| b.strength.key().to_owned())
                .unwrap_or_default()
        });
        let on_direction = Callback::new(move |key: String| {
            let strength = bears_on
                .get_untracked()
                .map_or(Strength::Moderate, |b| b.strength);
            weigh(Direction::from_key(&key).map(|direction| BearsOn {
                direction,
                strength,
            }));
        });
        let on_strength = Callback::new(move |key: String| {
            let direction = bears_on
                .get_untracked()
                .map_or(Direction::For, |b| b.direction);
            weigh(Strength::from_key(&key).map(|strength| BearsOn {
                direction,
                strength,
            }));
        });
        let name = session
            .read_untracked(|board| board.crux(crux).map(|crux| crux.name().into_owned()))
            .unwrap_or_default();
        let label = name.clone();
        view! {
            <div class="weigh" role="group" aria-label=label>
                <a href=href(session, Screen::Crux(crux))>{name}</a>
                <Choice label=t!("Direction") options=Signal::stored(word_choices!(Direction)) value=direction on_commit=on_direction none=t!("does not bear on it") />
                <Choice label=t!("Strength") options=Signal::stored(word_choices!(Strength)) value=strength on_commit=on_strength none="—" />
            </div>
        }
    };
    view! {
        <section class="panel">
            <h2>{t!("Cruxes")}</h2>
            <For each=move || cruxes.get() key=|id| *id let(crux)>{row(CruxId(crux))}</For>
        </section>
    }
}
