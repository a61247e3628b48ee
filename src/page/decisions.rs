//! Decisions: the standing one, the form for the next, and the list of all with their basis at the time.

mod actions;
mod form;
mod voices;

use cruxboard_domain::board::{Board, RecordRef};
use cruxboard_domain::date::{Now, Viewpoint, spelled};
use cruxboard_domain::decide::Command;
use cruxboard_domain::estimate::estimate;
use cruxboard_domain::record::{Decision, DecisionId, Record, TriggerId};
use cruxboard_domain::status::decision_words;
use cruxboard_domain::trigger_state::{TriggerState, trigger_state};
use cruxboard_domain::view::Filter;
use cruxboard_domain::{t, tn};
use leptos::prelude::*;

pub(super) use self::actions::{
    ActionFields, action_row_id, track_actions, unnamed_field, view_actions, written_actions,
};
pub use self::form::DecidePage;
pub(super) use self::form::{DECISION_FORM, DecideForm, DecisionDraft};
use super::{href, mark_of, person_name, short, today};
use crate::component::{DateText, MarkGlyph, Section, live, mark_class};
use crate::route::Screen;
use cruxboard_session::Session;

fn option_name(board: &Board, decision: &Decision) -> String {
    decision
        .option
        .and_then(|option| board.option(option))
        .map_or_else(|| t!("Deleted option").into(), |o| o.name.clone())
}

/// The standing decision, above the board. After its revisit date it says so, and changes nothing.
#[component]
pub(super) fn Standing(session: Session) -> impl IntoView {
    let standing = move || {
        let day = today(session).get();
        let latest = session.read(RecordRef::Board, |board| {
            board.standing_decision().map(|decision| decision.id)
        });
        if let Some(latest) = latest {
            track_actions(session, latest);
        }
        session.read_untracked(|board| {
            let decision = board.standing_decision()?;
            let is_past = decision.until.is_some_and(|until| until <= day);
            // On the day itself it is due and not yet overdue.
            let is_overdue = decision.until.is_some_and(|until| until < day);
            let mark = mark_of(board, decision.option);
            let words = decision_words(board)?;
            let answered = decision.answers.iter().filter_map(|id| board.trigger(*id));
            // Many triggers read alike, so their crux is named too.
            let named = answered.map(|trigger| {
                let crux = board.crux(trigger.crux).map(|crux| short(&crux.name(), 60).into_owned());
                let crux = crux.unwrap_or_else(|| t!("Deleted crux").into());
                format!("{crux}: {}", short(&trigger.headline(), 90))
            });
            let answered: Vec<_> = named.collect();
            let answered = (!answered.is_empty()).then(|| {
                let answers = t!("Answers: {triggers}", triggers = answered.join("; "));
                view! { <span class="soft">" " {answers}</span> }
            });
            let open = board.actions_of(decision.id).filter(|it| it.is_open());
            let open = open.count();
            let actions = (open > 0).then(|| {
                view! { <a href=href(session, Screen::FollowUps(Filter::default()))>{tn!(open, "{count} open action", "{count} open actions")}</a> }
            });
            Some(view! {
                <section class="standing" class:late=is_overdue aria-label=t!("Standing decision")>
                    <p>
                        <MarkGlyph mark />
                        " "
                        <b class=mark_class(mark)>{t!("Decided:")} " "</b>
                        {words}
                        {answered}
                    </p>
                    {is_past.then(|| view! {
                        <p class:late=is_overdue><b>{t!("It is time to decide again. The decision neither continues nor lapses by itself.")}</b></p>
                    })}
                    <p class="actions">
                        {actions}
                        <a href=href(session, Screen::Decisions)>{t!("Decision")}</a>
                        {is_past.then(|| view! { <a class="button primary" href=href(session, Screen::Decide(None))>{t!("Decide again")}</a> })}
                    </p>
                </section>
            })
        })
    };
    live(standing)
}

/// All decisions, latest first.
#[component]
pub fn DecisionsPage(session: Session) -> impl IntoView {
    let ids = Memo::new(move |_| {
        session.read(RecordRef::Board, |board| {
            let decisions = board.decisions().rev();
            decisions.map(|decision| decision.id.0).collect::<Vec<_>>()
        })
    });
    let card = move |id| view! { <DecisionCard session id=DecisionId(id) /> }.into_any();
    view! {
        <div class="page narrow">
            <div class="panel-head">
                <h1>{t!("Decisions")}</h1>
                <a class="button primary" href=href(session, Screen::Decide(None))>{t!("Record a decision")}</a>
            </div>
            <p class="soft">{t!("A decision stands until the next one. On its revisit date the board asks for a new one; it neither continues nor lapses by itself.")}</p>
            <Show when=move || ids.with(Vec::is_empty)>
                <p class="empty">{t!("Nothing has been decided yet.")}</p>
            </Show>
            <For each=move || ids.get() key=|id| *id let(id)>{card(id)}</For>
        </div>
    }
}

#[component]
fn DecisionCard(session: Session, id: DecisionId) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let content = move || {
        track_actions(session, id);
        session.read(RecordRef::Board, |board| {
            board.decision(id).map(|d| view_decision(session, board, d))
        })
    };
    view! {
        <article class="panel decision">
            {live(content)}
            <Section title=t!("Basis at the time") is_open on_toggle=Callback::new(move |open| is_open.set(open))>
                {live(move || session.read_untracked(|board| behind(session, board, id)))}
            </Section>
            <p class="actions">
                <button class="danger" on:click=move |_| { session.dispatch(Command::Trash(id.0)); }>{t!("Move to the trash")}</button>
            </p>
        </article>
    }
}

fn view_decision(
    session: Session,
    board: &Board,
    decision: &Record<DecisionId, Decision>,
) -> AnyView {
    let mark = mark_of(board, decision.option);
    let day = spelled(decision.day(session.now.get_untracked()));
    let recorded = match decision.by {
        Some(by) => t!(
            "{day}, recorded by {name}",
            day,
            name = person_name(board, by)
        ),
        None => t!("{day}, recorded by somebody", day),
    };
    let is_standing = board
        .standing_decision()
        .is_some_and(|d| d.id == decision.id);
    let voices = decision.voices.iter().map(|voice| {
        let said = if voice.agrees { t!("agreed") } else { t!("did not agree") };
        let because = if voice.reason.is_empty() { "" } else { ": " };
        view! { <li>{person_name(board, voice.person)} " " <b>{said}</b> {because} {voice.reason.clone()}</li> }
    });
    let triggers = |label: &'static str, ids: &[TriggerId]| {
        let found = ids.iter().filter_map(|id| board.trigger(*id));
        let items = found.map(|t| {
            // Many triggers read alike, so their crux is named too.
            let crux = board.crux(t.crux).map(|crux| format!("{}: ", crux.name()));
            view! { <li><a href=href(session, Screen::Crux(t.crux))>{crux} {t.headline()}</a></li> }
        });
        let items: Vec<_> = items.collect();
        (!items.is_empty()).then(|| view! { <div><dt>{label}</dt><dd><ul>{items}</ul></dd></div> })
    };
    view! {
        <h2>
            <span class=mark_class(mark)><MarkGlyph mark /> " " {option_name(board, decision)}</span>
            " "
            {is_standing.then(|| view! { <span class="badge">{t!("stands")}</span> })}
        </h2>
        <p class="soft">{recorded}</p>
        <p class="prose">{decision.why.clone()}</p>
        <ul>{voices.collect_view()}</ul>
        <dl class="terms-list">
            {decision.until.map(|day| view! { <div><dt>{t!("Decide again")}</dt><dd><DateText day today=today(session) /></dd></div> })}
            {triggers(t!("decision" => "Answers"), &decision.answers)}
            {triggers(t!("Reversed by"), &decision.reversed_by)}
            {(!decision.reversal.is_empty()).then(|| view! { <div><dt>{t!("Reversed if")}</dt><dd>{decision.reversal.clone()}</dd></div> })}
        </dl>
        {view_actions(session, board, decision.id)}
    }
    .into_any()
}

/// Renders every crux in its state when the decision was made, beside its present state.
fn behind(session: Session, board: &Board, id: DecisionId) -> AnyView {
    let Some(decision) = board.decision(id) else {
        return ().into_any();
    };
    let then = board.at(id.0);
    let now = session.now.get_untracked();
    let with_stale = session.with_stale.get_untracked();
    let viewpoint_then = Viewpoint {
        now: Now {
            millis: id.0.millis(),
            ..now
        },
        with_stale,
    };
    let all = |board: &Board, crux, now| {
        let estimate = estimate(board, &board.current_views(crux, now), with_stale);
        estimate.map_or("—".to_owned(), |all| {
            all.figures(&board.credence_rules(crux)).aggregate
        })
    };
    let rows = then.cruxes().into_iter().map(|crux| {
        let mut states = std::collections::BTreeMap::<TriggerState, usize>::new();
        for trigger in then.triggers_of(crux.id) {
            let state = trigger_state(&then, trigger, viewpoint_then);
            *states.entry(state).or_default() += 1;
        }
        let states = states
            .into_iter()
            .map(|(state, count)| format!("{count} {}", state.label()));
        let (pro, con) = then.evidence_balance(crux.id);
        view! {
            <tr>
                <th scope="row"><a href=href(session, Screen::Crux(crux.id))>{crux.name().into_owned()}</a></th>
                <td class="number" translate="no">{all(&then, crux.id, id.0.millis())}</td>
                <td class="number" translate="no">{all(board, crux.id, now.millis)}</td>
                <td>{states.collect::<Vec<_>>().join(", ")}</td>
                <td class="number" translate="no">{t!("{pro} for, {con} against", pro, con)}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let arrived = (then.log().len() as u64).saturating_sub(u64::from(decision.known) + 1);
    let since = Screen::Since(Some(id.0), None);
    view! {
        <div class="scroll wide" tabindex="0" role="region" aria-label=t!("What stood behind the decision")>
            <table class="data">
                <thead>
                    <tr>
                        <th scope="col">{t!("Crux")}</th>
                        <th scope="col" class="number">{t!("time" => "Then")}</th>
                        <th scope="col" class="number">{t!("Now")}</th>
                        <th scope="col">{t!("Triggers then")}</th>
                        <th scope="col" class="number">{t!("Evidence then")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {(arrived > 0).then(|| view! {
            <p class="soft wide">
                {tn!(
                    arrived as usize,
                    "{count} change made before it has arrived since, and is counted here.",
                    "{count} changes made before it have arrived since, and are counted here.",
                )}
            </p>
        })}
        <p class="wide"><a href=href(session, since)>{t!("What changed since this decision")}</a></p>
    }
    .into_any()
}
