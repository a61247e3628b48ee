//! The view of a snapshot for its readers. It looks like the board, but its only controls unfold
//! parts.

use cruxboard_domain::date::spelled;
use cruxboard_domain::record::Direction;
use cruxboard_domain::snapshot::reading::{
    CruxReading, DecisionReading, EvidenceReading, OutsideReading, Reading, TriggerReading,
    ViewReading,
};
use cruxboard_domain::t;
use leptos::prelude::*;

use super::{Dot, ExternalLink, MarkGlyph, Scale, StateGlyph};

/// Shows a snapshot, crux by crux.
#[component]
pub fn ReadingView(reading: Reading) -> impl IntoView {
    let is_one = reading.cruxes.len() == 1;
    let notes = reading
        .notes
        .into_iter()
        .map(|note| view! { <p class="prose">{note}</p> }.into_any());
    let gaps = (!reading.gaps.is_empty()).then(|| {
        view! {
            <details class="reading-gaps">
                <summary>{reading.left_out}</summary>
                <ul class="reading-list">{texts(reading.gaps)}</ul>
            </details>
        }
    });
    let cruxes: Vec<AnyView> = reading
        .cruxes
        .into_iter()
        .map(|crux| one_crux(crux, is_one))
        .collect();
    let options = reading.options.into_iter().map(|(mark, name, means)| {
        view! {
            <li>
                <MarkGlyph mark />
                " "
                <b>{name}</b>
                {(!means.is_empty()).then(|| view! { <span class="soft">": " {means}</span> })}
            </li>
        }
        .into_any()
    });
    let terms = pairs(reading.terms);
    let follow_ups = texts(reading.follow_ups);
    let legend = (!reading.legend.is_empty()).then(|| view! { <p>{reading.legend}</p> });
    view! {
        <div class="reading">
            <div class="soft about">
                <p>{reading.about}</p>
                {legend}
            </div>
            {reading.decision.map(decision)}
            <p class="dated"><b>{reading.dated}</b></p>
            {notes.collect_view()}
            {gaps}
            {cruxes}
            {part(t!("Options"), options.collect(), "ul")}
            {part(t!("Terms"), terms, "dl")}
            {part(t!("Owed and awaited"), follow_ups, "ul")}
        </div>
    }
}

/// Renders the standing decision, before the parts that led to it.
fn decision(decision: DecisionReading) -> AnyView {
    let why = (!decision.why.is_empty()).then(|| view! { <p class="prose">{decision.why}</p> });
    let actions = texts(decision.actions);
    view! {
        <section class="panel reading-decision" aria-label=t!("Decision")>
            <h2><MarkGlyph mark=decision.mark /> " " {decision.headline}</h2>
            {why}
            {payloads(decision.payloads)}
            {(!actions.is_empty()).then(|| view! { <h3>{t!("Actions")}</h3><ul class="reading-list">{actions}</ul> })}
        </section>
    }
    .into_any()
}

/// Renders a titled list at the end, unless it is empty.
fn part(title: &'static str, items: Vec<AnyView>, list: &'static str) -> Option<AnyView> {
    if items.is_empty() {
        return None;
    }
    let list = if list == "dl" {
        view! { <dl class="terms">{items}</dl> }.into_any()
    } else {
        view! { <ul class="reading-list">{items}</ul> }.into_any()
    };
    Some(view! { <section class="panel"><h2>{title}</h2>{list}</section> }.into_any())
}

fn pairs(pairs: Vec<(String, String)>) -> Vec<AnyView> {
    let pair = |(what, text)| view! { <dt>{what}</dt><dd>{text}</dd> }.into_any();
    pairs.into_iter().map(pair).collect()
}

fn payloads(payloads: Vec<(&'static str, String)>) -> AnyView {
    let payloads = payloads
        .into_iter()
        .map(|(what, text)| (what.to_owned(), text));
    view! { <dl class="terms reading-facts">{pairs(payloads.collect())}</dl> }.into_any()
}

fn texts(texts: Vec<String>) -> Vec<AnyView> {
    texts
        .into_iter()
        .map(|text| view! { <li>{text}</li> }.into_any())
        .collect()
}

fn one_crux(crux: CruxReading, is_open: bool) -> AnyView {
    let heading = crux.heading().to_owned();
    let one_line = crux.below_heading().map(str::to_owned);
    let outside = crux.outside.iter();
    let views = crux.views.iter().map(dot);
    let dots: Vec<Dot> = views.chain(outside.clone().map(outside_dot)).collect();
    let estimate = crux.estimate;
    let all = match &crux.figures {
        // One person has no spread.
        Some(all) if estimate.is_none_or(|all| all.spread().is_none()) => all.aggregate.clone(),
        Some(all) => t!(
            "{aggregate}, spread {spread}",
            aggregate = all.aggregate,
            spread = all.spread_number
        ),
        None if crux.outside.is_empty() => t!("no credences").into(),
        None => {
            let stated = outside.map(|one| format!("{}: {}", one.name, one.credence.shown()));
            stated.collect::<Vec<_>>().join(", ")
        }
    };
    let states = crux.triggers_in_words();
    let ends = crux.ends;
    let claim = crux.has_title.then_some(crux.claim);
    view! {
        <details class="reading-crux panel" open=is_open>
            <summary>
                <h2>{heading}</h2>
                {one_line.map(|line| view! { <span class="one-line">{line}</span> })}
                <Scale
                    dots=Signal::derive(move || dots.clone())
                    estimate=Signal::derive(move || estimate)
                    ends=Signal::stored(ends)
                    is_numbered=true
                />
                <span class="all" translate="no">{all}</span>
                <span class="states">{states}</span>
            </summary>
            {claim.map(|claim| view! { <p class="claim">{claim}</p> })}
            {(!crux.points_to.is_empty()).then(|| view! {
                <p class="if-true"><MarkGlyph mark=crux.mark /> " " {crux.points_to}</p>
            })}
            {payloads(crux.payloads)}
            {credences(crux.views)}
            {triggers(crux.triggers)}
            <div class="sides">
                {crux.sides.into_iter().map(|(side, items)| evidence(side, items)).collect_view()}
            </div>
            {(!crux.positions.is_empty()).then(|| view! {
                <h3>{t!("What people outside the board hold")}</h3>
                <ul class="items">{texts(crux.positions)}</ul>
            })}
        </details>
    }
    .into_any()
}

fn dot(view: &ViewReading) -> Dot {
    Dot {
        initials: view.initials.clone(),
        name: view.name.clone(),
        percent: view.credence.percent(),
        previous: view.previous.map(|previous| previous.percent()),
        colour: view.colour,
        is_stale: false,
        is_me: false,
        is_outside: false,
        day: String::new(),
    }
}

/// Returns the dot of somebody outside the board.
pub fn outside_dot(view: &OutsideReading) -> Dot {
    Dot {
        initials: view.initials.clone(),
        name: view.name.clone(),
        percent: view.credence.percent(),
        previous: None,
        colour: 0,
        is_stale: false,
        is_me: false,
        is_outside: true,
        day: String::new(),
    }
}

fn credences(views: Vec<ViewReading>) -> Option<AnyView> {
    if views.is_empty() {
        return None;
    }
    let rows = views.into_iter().map(|view| {
        let why = view.why();
        view! {
            <tr>
                <th scope="row">{view.name}</th>
                <td class="number" translate="no">{view.credence.shown()}</td>
                <td><time datetime=view.day.to_string()>{spelled(view.day)}</time></td>
                <td>{why}</td>
            </tr>
        }
        .into_any()
    });
    Some(
        view! {
            <h3>{t!("Credences")}</h3>
            <table class="data people">
                <thead>
                    <tr>
                        <th scope="col">{t!("Who")}</th>
                        <th scope="col" class="number">{t!("How likely")}</th>
                        <th scope="col">{t!("When")}</th>
                        <th scope="col">{t!("Why")}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        }
        .into_any(),
    )
}

fn triggers(triggers: Vec<TriggerReading>) -> Option<AnyView> {
    if triggers.is_empty() {
        return None;
    }
    let items = triggers.into_iter().map(|trigger| {
        let (mark, state) = (trigger.mark, trigger.state);
        view! {
            <li class="trigger">
                <span translate="no" class=format!("chip is-{}", state.key())>
                    <StateGlyph mark state />
                    {trigger.toward}
                    ": "
                    {state.label()}
                </span>
                <p class="observable">{trigger.headline}</p>
                {payloads(trigger.payloads)}
            </li>
        }
        .into_any()
    });
    Some(view! { <h3>{t!("Triggers")}</h3><ul>{items.collect_view()}</ul> }.into_any())
}

fn evidence(side: Direction, items: Vec<EvidenceReading>) -> Option<AnyView> {
    if items.is_empty() && side == Direction::Neutral {
        return None;
    }
    let class = if side == Direction::Neutral {
        "side neutral"
    } else {
        "side"
    };
    let title = match side {
        Direction::For => t!("Evidence for it"),
        Direction::Against => t!("Evidence against it"),
        Direction::Neutral => t!("Neutral evidence"),
    };
    let is_empty = items.is_empty();
    let items = items.into_iter().map(|item| {
        view! {
            <li>
                <p class="observable">{item.headline}</p>
                <span class="soft">{item.meta}</span>
                {(!item.quote.is_empty()).then(|| view! { <blockquote>{item.quote}</blockquote> })}
                {(!item.url.is_empty()).then(|| view! { <ExternalLink url=item.url /> })}
            </li>
        }
        .into_any()
    });
    Some(
        view! {
            <section class=class>
                <h3>{title}</h3>
                {is_empty.then(|| view! { <p class="soft">{t!("Nothing on this side is shown.")}</p> })}
                <ul class="evidence-list">{items.collect_view()}</ul>
            </section>
        }
        .into_any(),
    )
}
