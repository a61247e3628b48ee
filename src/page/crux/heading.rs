use cruxboard_domain::completeness::lacks;
use cruxboard_domain::record::{Crux, CruxId, Mark, Record, Stage};
use cruxboard_domain::t;
use leptos::prelude::*;

use crate::component::live;
use crate::t_view;

use crate::component::{MarkGlyph, mark_class};
use crate::page::{href, mark_of, read_crux};
use crate::route::Screen;
use cruxboard_session::Session;

/// The heading of a crux: title, claim and the main facts.
#[component]
pub(super) fn Heading(session: Session, id: CruxId) -> impl IntoView {
    let read = move || {
        read_crux(session, id, |board, crux| {
            let option = crux.if_true.and_then(|option| board.option(option));
            let split_from = crux.split_from.and_then(|whole| board.crux(whole));
            let separate = crux.separate_from.iter();
            let separate = separate.filter_map(|other| board.crux(*other));
            let text = [crux.claim.as_str(), &crux.conditions.join("\n")].join("\n");
            Said {
                name: crux.name().into_owned(),
                claim: crux.claim.clone(),
                option: option.map(|option| option.name.clone()),
                option_note: crux.if_true_note.clone(),
                mark: mark_of(board, crux.if_true),
                stage: crux.stage(),
                stage_reason: crux.stage_reason.clone(),
                conditions: crux.conditions.clone(),
                hedge: crux.hedge.clone(),
                implication: crux.implication.clone(),
                terms: board
                    .terms()
                    .filter(|term| term.occurs_in(&text))
                    .map(|term| (term.term.clone(), term.meaning.clone(), term.source.clone()))
                    .collect(),
                split_from: named(split_from),
                split_off: named(board.parts_of(id)),
                separate_from: named(separate),
                is_trashed: crux.trashed.is_some(),
            }
        })
    };
    let said = Memo::new(move |_| read());
    view! { {live(move || said.get().map(|said| heading(session, said)))} }
}

#[derive(Clone, PartialEq)]
struct Said {
    name: String,
    claim: String,
    option: Option<String>,
    option_note: String,
    mark: Mark,
    stage: Stage,
    stage_reason: String,
    conditions: Vec<String>,
    hedge: String,
    implication: String,
    terms: Vec<(String, String, String)>,
    split_from: Vec<(CruxId, String)>,
    split_off: Vec<(CruxId, String)>,
    separate_from: Vec<(CruxId, String)>,
    is_trashed: bool,
}

fn named<'a>(cruxes: impl IntoIterator<Item = &'a Record<CruxId, Crux>>) -> Vec<(CruxId, String)> {
    let named = cruxes
        .into_iter()
        .map(|crux| (crux.id, crux.name().into_owned()));
    named.collect()
}

fn heading(session: Session, said: Said) -> AnyView {
    let closed = (said.stage != Stage::Open)
        .then(|| view! { <p class="closed-note"><b>{said.stage.label()}</b> ": " {said.stage_reason}</p> });
    let conditions = (!said.conditions.is_empty())
        .then(|| view! { <ul class="conditions">{said.conditions.into_iter().map(|c| view! { <li>{c}</li> }).collect_view()}</ul> });
    let terms = (!said.terms.is_empty()).then(|| {
        let items = said.terms.into_iter().map(|(term, meaning, source)| {
            let source =
                (!source.is_empty()).then(|| view! { <span class="soft">" — " {source}</span> });
            view! { <dt>{term}</dt> <dd>{meaning} {source}</dd> }
        });
        view! { <dl class="terms">{items.collect_view()}</dl> }
    });
    let links = |cruxes: Vec<(CruxId, String)>| {
        let links = cruxes.into_iter().enumerate().map(|(index, (crux, name))| {
            view! { {(index > 0).then_some(", ")} <a href=href(session, Screen::Crux(crux))>{name}</a> }
        });
        let links = links.collect::<Vec<_>>();
        (!links.is_empty()).then_some(links)
    };
    let linked = [
        links(said.split_from).map(|cruxes| t_view!("Split from {cruxes}", cruxes)),
        links(said.split_off).map(|cruxes| t_view!("Split off: {cruxes}", cruxes)),
        links(said.separate_from).map(|cruxes| t_view!("Separate argument from {cruxes}", cruxes)),
    ];
    let linked = linked
        .into_iter()
        .flatten()
        .map(|line| view! { <li>{line}</li> });
    view! {
        <header class="crux-heading">
            {said.is_trashed.then(|| view! { <p class="closed-note">{t!("This crux is in the trash.")}</p> })}
            <h1>{said.name}</h1>
            <p class="claim">{said.claim}</p>
            <p class="if-true">
                {match said.option {
                    Some(option) => t_view!("If true: {option}", option = view! {
                        <MarkGlyph mark=said.mark />
                        <b class=mark_class(said.mark)>{option}</b>
                        {(!said.option_note.is_empty()).then(|| format!(", {}", said.option_note))}
                    }),
                    None => view! { <span class="soft">{t!("No option is set for the case that it is true.")}</span> }.into_any(),
                }}
            </p>
            {closed}
            {conditions}
            {(!said.hedge.is_empty()).then(|| view! {
                <p class="hedge">{t_view!("Hedged by its source: {words}", words = view! { <q>{said.hedge}</q> })}</p>
            })}
            {(!said.implication.is_empty()).then(|| view! { <p class="implication"><b>{t!("If we continue:")} " "</b> {said.implication}</p> })}
            {terms}
            <ul class="linked soft">{linked.collect_view()}</ul>
        </header>
    }
    .into_any()
}

/// The gaps of the crux, as advice.
#[component]
pub(super) fn LackList(session: Session, id: CruxId) -> impl IntoView {
    let found = Memo::new(move |_| read_crux(session, id, lacks).unwrap_or_default());
    let items = move || {
        found
            .get()
            .into_iter()
            .map(|lack| view! { <li>{lack.label()}</li> })
            .collect_view()
    };
    view! {
        <section class="panel lacks" aria-labelledby="lacks-title">
            <h2 id="lacks-title">{t!("Gaps")}</h2>
            <Show
                when=move || found.with(|found| !found.is_empty())
                fallback=|| view! { <p class="soft">{t!("No gaps: this crux is complete.")}</p> }
            >
                <ul>{live(items)}</ul>
            </Show>
        </section>
    }
}
