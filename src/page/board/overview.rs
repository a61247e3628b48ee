//! The overview of a board: in words, as a bar, on a timeline, and in counts.

use cruxboard_domain::record::Stage;
use cruxboard_domain::status::status_words;
use cruxboard_domain::summary::{OptionCase, Summary};
use cruxboard_domain::trigger_state::TriggerState;
use cruxboard_domain::view::{Facet, Filter, Sort};
use cruxboard_domain::{t, tn};

use super::pointing::PointingBar;
use super::timeline::TimelineStrip;
use crate::component::{MarkGlyph, Section, live};
use crate::page::{Services, href, mark_of};
use crate::route::Screen;
use crate::t_view;
use cruxboard_session::Session;
use leptos::prelude::*;

/// The state of the board. The states of triggers and the options in detail are folded.
#[component]
pub(super) fn Overview(session: Session) -> impl IntoView {
    let services = Services::from_context();
    let summed = Memo::new(move |_| session.find(|_, found| found.summary()));
    let words = Memo::new(move |_| {
        let viewpoint = session.viewpoint();
        summed.with(|summed| session.read_all(|board| status_words(board, summed, viewpoint)))
    });
    let pointing = Signal::derive(move || summed.with(|summed| summed.pointing.clone()));
    let name = "board-details";
    let is_open = RwSignal::new(services.device.remembered.run(name).unwrap_or_default());
    let on_toggle = Callback::new(move |open| {
        is_open.set(open);
        services.device.remember.run((name, open));
    });
    view! {
        <section class="overview" aria-label=t!("Status of the board")>
            <p class="status-words">{live(move || words.get())}</p>
            <PointingBar session pointing />
            <TimelineStrip session />
            <Counts session summed />
            <Section title=t!("Details") is_open on_toggle>
                <Details session summed />
            </Section>
        </section>
    }
}

/// The numbers of due items, each linked to the items.
#[component]
fn Counts(session: Session, summed: Memo<Summary>) -> impl IntoView {
    let count = Memo::new(move |_| session.find(|_, found| found.count()));
    let counts = move || {
        let count = count.get();
        let one_sided = summed.with(|summed| summed.one_sided);
        let link = |words: &'static str, count: usize, screen: Screen, is_late: bool| {
            view! {
                <li class:none=count == 0 class:late=is_late && count != 0>
                    <a href=href(session, screen)>{words} " " <b>{count}</b></a>
                </li>
            }
        };
        view! {
            {link(t!("Due"), count.waiting, Screen::Due, false)}
            {link(t!("Overdue"), count.overdue, Screen::Due, true)}
            {link(t!("One-sided"), one_sided, one_sided_cruxes(), false)}
        }
    };
    view! { <ul class="counts">{live(counts)}</ul> }
}

/// The triggers by state, the open items, and the standing of each option.
#[component]
fn Details(session: Session, summed: Memo<Summary>) -> impl IntoView {
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
                    TriggerState::Undecided => t!("overdue"),
                    state => state.label(),
                };
                let screen = open_cruxes(Facet::Trigger, &[state.key()]);
                tile(session, triggers.of(*state), words.to_owned(), screen)
            };
            states.map(tile).collect_view()
        })
    };
    let waiting = move || {
        summed.with(|summed| {
            let payloads = [
                (
                    summed.one_sided,
                    t!("with evidence on one side").to_owned(),
                    one_sided_cruxes(),
                ),
                (
                    summed.stale,
                    tn!(summed.stale, "outdated credence", "outdated credences"),
                    open_cruxes(Facet::Stale, &["stale"]),
                ),
                (
                    summed.owed,
                    tn!(summed.owed, "follow-up owed", "follow-ups owed"),
                    Screen::FollowUps(Filter::default()),
                ),
            ];
            payloads
                .map(|(count, words, screen)| tile(session, count, words, screen))
                .collect_view()
        })
    };
    view! {
        <div class="overview-details">
            <div class="tiles">
                <h3>{t!("Triggers")}</h3>
                <ul>{live(counts)}</ul>
            </div>
            <div class="tiles">
                <h3>{t!("Waiting")}</h3>
                <ul>{live(waiting)}</ul>
            </div>
            <div class="options">
                <h3>{t!("Where each option stands")}</h3>
                <ul>{live(options)} {live(for_no_option)}</ul>
            </div>
        </div>
    }
}

/// Returns the screen with the open cruxes that have one of these values.
fn open_cruxes(facet: Facet, values: &[&str]) -> Screen {
    let mut filter = Filter::default();
    for value in values {
        filter.toggle(facet, value);
    }
    filter.toggle(Facet::Stage, Stage::Open.key());
    Screen::Cruxes(filter, Sort::Own)
}

fn one_sided_cruxes() -> Screen {
    open_cruxes(Facet::Sides, &["for-only", "against-only"])
}

fn tile(session: Session, count: usize, words: String, screen: Screen) -> AnyView {
    view! {
        <li class:none=count == 0>
            <a href=href(session, screen)><b>{count}</b> " " {words}</a>
        </li>
    }
    .into_any()
}

#[component]
fn OptionLine(session: Session, case: OptionCase) -> impl IntoView {
    let (name, mark, likeliest) = session.read_untracked(|board| {
        let likeliest = case.likeliest.and_then(|(crux, aggregate)| {
            let name = board.crux(crux)?.name().into_owned();
            // The number stays on one line with its sign.
            Some((crux, name, aggregate.rounded(&[])))
        });
        let option = case.option.and_then(|option| board.option(option));
        (
            option.map_or_else(|| t!("No option").to_owned(), |option| option.name.clone()),
            case.option.map(|option| mark_of(board, Some(option))),
            likeliest,
        )
    });
    let has_several = case.cruxes.total() > 1;
    // A trigger may name no option, if it only calls for a discussion.
    let cruxes = (case.option.is_some() || case.has_cruxes()).then(|| case.cruxes_words());
    view! {
        <li>
            {match mark {
                Some(mark) => view! { <b class=crate::component::mark_class(mark)><MarkGlyph mark /> {name}</b> }.into_any(),
                None => view! { <b>{name}</b> }.into_any(),
            }}
            <span>{cruxes}</span>
            <span>
                {likeliest.map(|(crux, name, number)| {
                    let crux = view! {
                        <a href=href(session, Screen::Crux(crux))>{name}</a>
                        " "
                        <span translate="no">{number}</span>
                    };
                    if has_several {
                        t_view!("likeliest: {crux}", crux)
                    } else {
                        crux.into_any()
                    }
                })}
            </span>
            <span class="soft">{case.triggers.words()}</span>
        </li>
    }
}
