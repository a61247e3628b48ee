use cruxboard_domain::record::Stage;
use cruxboard_domain::summary::{OptionCase, TriggerCount, summary};
use cruxboard_domain::trigger_state::TriggerState;
use cruxboard_domain::view::{Facet, Filter, Sort};

use crate::component::MarkGlyph;
use crate::component::live;
use crate::component::rounded;
use crate::page::{href, mark_of};
use crate::prelude::*;
use crate::route::Screen;
use crate::session::Session;

/// How the board stands: triggers by state, what is open, what each option has going for it.
#[component]
pub(super) fn Overview(session: Session) -> impl IntoView {
    let summed = Memo::new(move |_| {
        session.follow_all();
        let (now, with_stale) = (session.now.get(), session.with_stale.get());
        session.with(|board| summary(board, now, with_stale))
    });
    let options = move || {
        let cases = summed.with(|summed| summed.options.clone());
        cases
            .into_iter()
            .map(|case| view! { <OptionLine session case /> })
            .collect_view()
    };
    let counts = move || {
        summed.with(|summed| {
            let triggers = &summed.triggers;
            let facts = [
                (
                    triggers.of(TriggerState::Armed),
                    "armed",
                    Some((Facet::Trigger, "armed")),
                ),
                (
                    triggers.of(TriggerState::Near),
                    "near",
                    Some((Facet::Trigger, "near")),
                ),
                (
                    triggers.of(TriggerState::Met),
                    "met",
                    Some((Facet::Trigger, "met")),
                ),
                (
                    summed.past_date,
                    "past their date",
                    Some((Facet::Trigger, "undecided")),
                ),
            ];
            facts
                .map(|(count, words, facet)| tile(session, count, words, facet))
                .collect_view()
        })
    };
    let waiting = move || {
        summed.with(|summed| {
            let facts = [
                (
                    summed.one_sided,
                    "with evidence on one side",
                    Some((Facet::Sides, "for-only")),
                ),
                (
                    summed.stale,
                    "stale credences",
                    Some((Facet::Stale, "stale")),
                ),
                (summed.owed, "follow-ups owed", None),
            ];
            facts
                .map(|(count, words, facet)| tile(session, count, words, facet))
                .collect_view()
        })
    };
    view! {
        <section class="overview" aria-label="How the board stands">
            <div class="tiles">
                <h2>"Triggers"</h2>
                <ul>{live(counts)}</ul>
            </div>
            <div class="tiles">
                <h2>"Waiting"</h2>
                <ul>{live(waiting)}</ul>
            </div>
            <div class="options">
                <h2>"What each option has going for it"</h2>
                <ul>{live(options)}</ul>
            </div>
        </section>
    }
}

fn tile(
    session: Session,
    count: usize,
    words: &'static str,
    facet: Option<(Facet, &'static str)>,
) -> AnyView {
    let screen = match facet {
        Some((facet, value)) => {
            let mut filter = Filter::default();
            filter.toggle(facet, value);
            // Only those that still wait are counted.
            filter.toggle(Facet::Stage, Stage::Open.key());
            if value == "for-only" {
                filter.toggle(facet, "against-only");
            }
            Screen::Cruxes(filter, Sort::Own)
        }
        None => Screen::FollowUps(Filter::default()),
    };
    view! {
        <li class:none=count == 0>
            <a href=href(session, screen)><b>{count}</b> " " {words}</a>
        </li>
    }
    .into_any()
}

#[component]
fn OptionLine(session: Session, case: OptionCase) -> impl IntoView {
    let (name, mark, likeliest) = session.with(|board| {
        let likeliest = case.cruxes.first().and_then(|(crux, aggregate)| {
            let name = board.crux(*crux)?.name().into_owned();
            Some((*crux, name, (*aggregate)?))
        });
        let name = board.option(case.option).map(|option| option.name.clone());
        (
            name.unwrap_or_default(),
            mark_of(board, Some(case.option)),
            likeliest,
        )
    });
    let count = case.cruxes.len();
    let likely = case
        .cruxes
        .iter()
        .filter(|(_, a)| a.is_some_and(|a| a.percent() >= 50.0))
        .count();
    let claims = match (count, likely) {
        (0, _) => "no crux points here".to_owned(),
        (1, 0) => "1 crux, not likely so far".to_owned(),
        (1, _) => "1 crux, and it is likely".to_owned(),
        (n, 0) => format!("{n} cruxes, none likely so far"),
        (n, likely) => format!("{n} cruxes, {likely} of them likely"),
    };
    view! {
        <li>
            <b class=crate::component::mark_class(mark)><MarkGlyph mark /> {name}</b>
            <span>{claims}</span>
            <span>
                {likeliest.map(|(crux, name, aggregate)| view! {
                    {(count > 1).then_some("likeliest: ")}
                    <a href=href(session, Screen::Crux(crux))>{name}</a>
                    // The number stays with its sign at the end of a line.
                    {format!(" {}\u{a0}%", rounded(aggregate.percent()))}
                })}
            </span>
            <span class="soft">{states(&case.triggers)}</span>
        </li>
    }
}

/// "18 triggers: 17 armed, 1 near".
fn states(triggers: &TriggerCount) -> String {
    if triggers.total() == 0 {
        return "no triggers".into();
    }
    let states = TriggerState::ALL
        .iter()
        .filter(|state| triggers.of(**state) > 0);
    let states = states.map(|state| format!("{} {}", triggers.of(*state), state.label()));
    format!(
        "{} triggers: {}",
        triggers.total(),
        states.collect::<Vec<_>>().join(", ")
    )
}
