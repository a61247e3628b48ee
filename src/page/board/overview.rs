use cruxboard_domain::record::Stage;
use cruxboard_domain::summary::{OptionCase, summary};
use cruxboard_domain::text::plural;
use cruxboard_domain::trigger_state::TriggerState;
use cruxboard_domain::view::{Facet, Filter, Sort};

use crate::component::MarkGlyph;
use crate::component::live;
use crate::page::{href, mark_of, short};
use crate::route::Screen;
use crate::session::Session;
use leptos::prelude::*;

/// How the board stands: triggers by state, what is open, where each option stands.
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
    let for_no_option = move || {
        let case = summed.with(|summed| summed.for_no_option.clone());
        case.holds_something()
            .then(|| view! { <OptionLine session case /> })
    };
    let counts = move || {
        summed.with(|summed| {
            let triggers = &summed.triggers;
            let always = [
                TriggerState::Armed,
                TriggerState::Near,
                TriggerState::Met,
                TriggerState::Undecided,
            ];
            let states = TriggerState::ALL.iter();
            let states = states.filter(|state| always.contains(state) || triggers.of(**state) > 0);
            let tile = |state: &TriggerState| {
                let words = match state {
                    TriggerState::Undecided => "overdue",
                    state => state.label(),
                };
                let facet = Some((Facet::Trigger, state.key()));
                tile(session, triggers.of(*state), words, facet)
            };
            states.map(tile).collect_view()
        })
    };
    let waiting = move || {
        summed.with(|summed| {
            let payloads = [
                (
                    summed.one_sided,
                    "with evidence on one side",
                    Some((Facet::Sides, "for-only")),
                ),
                (
                    summed.stale,
                    plural(summed.stale, "outdated credence", "outdated credences"),
                    Some((Facet::Stale, "stale")),
                ),
                (
                    summed.owed,
                    plural(summed.owed, "follow-up owed", "follow-ups owed"),
                    None,
                ),
            ];
            payloads
                .map(|(count, words, facet)| tile(session, count, words, facet))
                .collect_view()
        })
    };
    view! {
        <section class="overview" aria-label="Status of the board">
            <div class="tiles">
                <h2>"Triggers"</h2>
                <ul>{live(counts)}</ul>
            </div>
            <div class="tiles">
                <h2>"Waiting"</h2>
                <ul>{live(waiting)}</ul>
            </div>
            <div class="options">
                <h2>"Where each option stands"</h2>
                <ul>{live(options)} {live(for_no_option)}</ul>
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
    let (name, mark, likeliest, met) = session.with(|board| {
        let likeliest = case.cruxes.first().and_then(|(crux, aggregate)| {
            let name = board.crux(*crux)?.name().into_owned();
            // The number stays with its sign at the end of a line.
            let number = (*aggregate)?.rounded(&[]);
            Some((*crux, name, number))
        });
        let met = case.met.iter().filter_map(|trigger| {
            let trigger = board.trigger(*trigger)?;
            Some((trigger.crux, trigger.headline()))
        });
        let option = case.option.and_then(|option| board.option(option));
        (
            option.map_or_else(|| "No option".to_owned(), |option| option.name.clone()),
            case.option.map(|option| mark_of(board, Some(option))),
            likeliest,
            met.collect::<Vec<_>>(),
        )
    });
    let has_several = case.cruxes.len() > 1;
    // Triggers alone may name no option, as one that only calls for a talk.
    let cruxes = (case.option.is_some() || case.has_cruxes()).then(|| case.cruxes_words());
    let met = met.into_iter().map(|(crux, headline)| {
        view! {
            <b class="met">
                "Met: " <a href=href(session, Screen::Crux(crux))>{short(&headline, 90).into_owned()}</a>
            </b>
            " "
        }
    });
    view! {
        <li>
            {match mark {
                Some(mark) => view! { <b class=crate::component::mark_class(mark)><MarkGlyph mark /> {name}</b> }.into_any(),
                None => view! { <b>{name}</b> }.into_any(),
            }}
            <span>{cruxes}</span>
            <span>
                {likeliest.map(|(crux, name, number)| view! {
                    {has_several.then_some("likeliest: ")}
                    <a href=href(session, Screen::Crux(crux))>{name}</a>
                    " "
                    <span translate="no">{number}</span>
                })}
            </span>
            <span class="soft">{met.collect_view()} {case.triggers.words()}</span>
        </li>
    }
}
