//! Decisions: the one that stands, the form for the next, and the log of all with what stood behind
//! each.

use cruxboard_domain::ChangeId;
use cruxboard_domain::board::{Board, RecordRef};
use cruxboard_domain::date::{Now, Viewpoint, spelled};
use cruxboard_domain::decide::Command;
use cruxboard_domain::due::is_answered;
use cruxboard_domain::estimate::estimate;
use cruxboard_domain::record::{
    Decision, DecisionEdit, DecisionId, PersonId, Record, TriggerId, Voice,
};
use cruxboard_domain::text::counted;
use cruxboard_domain::trigger_state::{TriggerState, trigger_state};
use leptos::prelude::*;

use super::{Services, href, mark_of, option_choices, person_name, short, today};
use crate::component::{
    Choice, DateField, DateText, DraftBanner, FieldErrors, MarkGlyph, Pick, Section, TextArea,
    TextField, focus_invalid, live, mark_class,
};
use crate::route::{Route, Screen};
use crate::session::Session;

fn option_name(board: &Board, decision: &Decision) -> String {
    decision
        .option
        .and_then(|option| board.option(option))
        .map_or_else(|| "Deleted option".into(), |o| o.name.clone())
}

/// The decision that stands, above the board; past its day it says so and does nothing by itself.
#[component]
pub(super) fn Standing(session: Session) -> impl IntoView {
    let standing = move || {
        session.follow(RecordRef::Board);
        let day = today(session).get();
        session.with(|board| {
            let decision = board.standing_decision()?;
            let is_past = decision.until.is_some_and(|until| until <= day);
            let name = option_name(board, decision);
            let mark = mark_of(board, decision.option);
            let why = short(&decision.why, 160).into_owned();
            let until = decision.until.map(|day| {
                view! { ", until " <DateText day today=today(session) /> }
            });
            Some(view! {
                <section class="standing" class:late=is_past aria-label="Standing decision">
                    <p>
                        "Standing decision: "
                        <b class=mark_class(mark)><MarkGlyph mark /> " " {name}</b>
                        {until} " — " {why}
                    </p>
                    {is_past.then(|| view! {
                        <p class="late"><b>"It is time to decide again. The decision neither continues nor lapses by itself."</b></p>
                    })}
                    <p class="actions">
                        <a href=href(session, Screen::Decisions)>"Basis at the time"</a>
                        {is_past.then(|| view! { <a class="button primary" href=href(session, Screen::Decide(None))>"Decide again"</a> })}
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
        session.follow(RecordRef::Board);
        session.with(|board| {
            let decisions = board.decisions().rev();
            decisions.map(|decision| decision.id.0).collect::<Vec<_>>()
        })
    });
    let card = move |id| view! { <DecisionCard session id=DecisionId(id) /> }.into_any();
    view! {
        <div class="page narrow">
            <div class="panel-head">
                <h1>"Decisions"</h1>
                <a class="button primary" href=href(session, Screen::Decide(None))>"Record a decision"</a>
            </div>
            <p class="soft">"A decision stands until the next one. On its revisit date the board asks for a new one; it neither continues nor lapses by itself."</p>
            <Show when=move || ids.with(Vec::is_empty)>
                <p class="empty">"Nothing has been decided yet."</p>
            </Show>
            <For each=move || ids.get() key=|id| *id let(id)>{card(id)}</For>
        </div>
    }
}

#[component]
fn DecisionCard(session: Session, id: DecisionId) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let content = move || {
        session.follow(RecordRef::Board);
        session.with(|board| board.decision(id).map(|d| view_decision(session, board, d)))
    };
    view! {
        <article class="panel decision">
            {live(content)}
            <Section title="Basis at the time" is_open on_toggle=Callback::new(move |open| is_open.set(open))>
                {live(move || session.with(|board| behind(session, board, id)))}
            </Section>
            <p class="actions">
                <button class="danger" on:click=move |_| { session.dispatch(Command::Trash(id.0)); }>"Move to the trash"</button>
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
    let by = decision
        .by
        .map_or_else(|| "somebody".into(), |by| person_name(board, by));
    let is_standing = board
        .standing_decision()
        .is_some_and(|d| d.id == decision.id);
    let voices = decision.voices.iter().map(|voice| {
        let said = if voice.agrees { "agreed" } else { "did not agree" };
        let because = if voice.reason.is_empty() { "" } else { ": " };
        view! { <li>{person_name(board, voice.person)} " " <b>{said}</b> {because} {voice.reason.clone()}</li> }
    });
    let triggers = |label: &'static str, ids: &[TriggerId]| {
        let found = ids.iter().filter_map(|id| board.trigger(*id));
        let items = found.map(|t| {
            // Many triggers read alike but for what they are about.
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
            {is_standing.then(|| view! { <span class="badge">"stands"</span> })}
        </h2>
        <p class="soft">{spelled(session.day_of(decision.id.0.millis()))} ", recorded by " {by}</p>
        <p class="prose">{decision.why.clone()}</p>
        <ul>{voices.collect_view()}</ul>
        <dl class="terms-list">
            {decision.until.map(|day| view! { <div><dt>"Decide again"</dt><dd><DateText day today=today(session) /></dd></div> })}
            {triggers("Answers", &decision.answers)}
            {triggers("Reversed by", &decision.reversed_by)}
            {(!decision.reversal.is_empty()).then(|| view! { <div><dt>"Reversed if"</dt><dd>{decision.reversal.clone()}</dd></div> })}
        </dl>
    }
    .into_any()
}

/// Every crux as it stood when the decision was taken, beside how it stands now.
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
        let estimate = estimate(&board.current_views(crux, now), with_stale);
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
                <td class="number" translate="no">{format!("{pro} for, {con} against")}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let arrived = (then.log().len() as u64).saturating_sub(u64::from(decision.known) + 1);
    let since = Screen::Since(Some(id.0), None);
    view! {
        <div class="scroll wide" tabindex="0" role="region" aria-label="What stood behind the decision">
            <table class="data">
                <thead>
                    <tr>
                        <th scope="col">"Crux"</th>
                        <th scope="col" class="number">"Then"</th>
                        <th scope="col" class="number">"Now"</th>
                        <th scope="col">"Triggers then"</th>
                        <th scope="col" class="number">"Evidence then"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {(arrived > 0).then(|| view! {
            <p class="soft wide">
                {counted(
                    arrived as usize,
                    "change made before it has arrived since, and is counted here.",
                    "changes made before it have arrived since, and are counted here.",
                )}
            </p>
        })}
        <p class="wide"><a href=href(session, since)>"What changed since this decision"</a></p>
    }
    .into_any()
}

/// The form for a decision. A trigger that calls it is answered by it, also by going on in spite of
/// it.
#[component]
pub fn DecidePage(session: Session, trigger: Option<TriggerId>) -> impl IntoView {
    view! {
        <div class="page narrow">
            <h1>"Record a decision"</h1>
            <DecideForm session trigger on_done=Callback::new(move |()| {
                let services = Services::from_context();
                if let Some(board) = session.open.get_untracked() {
                    services.go.run((Route::Board(board, Screen::Decisions), false));
                }
            }) />
        </div>
    }
}

/// Triggers to choose from: key and what they wait for.
fn trigger_choices(
    board: &Board,
    is_wanted: impl Fn(TriggerState) -> bool,
    viewpoint: Viewpoint,
) -> Vec<(String, String)> {
    let wanted = board
        .triggers()
        .filter(|trigger| is_wanted(trigger_state(board, trigger, viewpoint)));
    wanted
        .map(|trigger| {
            let crux = board
                .crux(trigger.crux)
                .map(|crux| short(&crux.name(), 60).into_owned());
            let text = trigger.headline();
            let label = format!("{}: {}", crux.unwrap_or_default(), short(&text, 120));
            (trigger.id.to_string(), label)
        })
        .collect()
}

/// The fields of a decision, and the button that records it.
#[component]
pub(super) fn DecideForm(
    session: Session,
    trigger: Option<TriggerId>,
    on_done: Callback<()>,
) -> impl IntoView {
    let met = session.with(|board| {
        let viewpoint = session.viewpoint_untracked();
        let open = trigger_choices(board, |state| state == TriggerState::Met, viewpoint);
        let is_open = |(key, _): &(String, String)| {
            let id = key.parse().ok().map(TriggerId);
            id.and_then(|id| board.trigger(id))
                .is_some_and(|t| !is_answered(board, t, viewpoint))
        };
        open.into_iter().filter(is_open).collect::<Vec<_>>()
    });
    let called: Vec<String> = met
        .iter()
        .map(|(key, _)| key.clone())
        .filter(|key| trigger.is_none_or(|id| id.to_string() == *key))
        .collect();
    let has_met = !met.is_empty();
    let fresh = Decision {
        answers: trigger_ids(&called),
        ..Decision::default()
    };
    let about = trigger.map_or(ChangeId::MIN, |trigger| trigger.0);
    let draft = session.draft("decision", about, Decision::default(), is_begun);
    let is_kept = draft.with_untracked(is_begun);
    let discard = Callback::new(move |()| draft.set(fresh.clone()));
    if !is_kept {
        discard.run(());
    }
    // The triggers that call a decision are no draft of it.
    on_cleanup(move || {
        if !draft.with_untracked(is_begun) {
            draft.set(Decision::default());
        }
    });
    let options = Signal::derive(move || {
        session.follow(RecordRef::Board);
        session.with(option_choices)
    });
    let waiting = Signal::derive(move || {
        session.follow_all();
        let viewpoint = session.viewpoint();
        let is_waiting = |state| matches!(state, TriggerState::Armed | TriggerState::Near);
        session.with(|board| trigger_choices(board, is_waiting, viewpoint))
    });
    let people = Memo::new(move |_| {
        session.follow(RecordRef::Board);
        session.with(|board| board.people().map(|person| person.id.0).collect::<Vec<_>>())
    });
    let errors = FieldErrors::provide();
    let record = move |event: leptos::ev::MouseEvent| {
        if focus_invalid(&event) {
            return;
        }
        let mut decision = draft.get_untracked();
        decision.held_at = session.with(|board| {
            let open = board
                .reviews()
                .rev()
                .find(|meeting| meeting.closed().is_none());
            open.map(|meeting| meeting.id)
        });
        let edit: DecisionEdit = Decision::default().edit_to(&decision);
        match session.try_dispatch(Command::RecordDecision(edit)) {
            Ok(_) => {
                discard.run(());
                on_done.run(());
            }
            Err(refusal) => {
                session.notices.refuse(&refusal);
                let is_silent = |voice: &&Voice| !voice.agrees && voice.reason.trim().is_empty();
                let field = match refusal.field() {
                    Some("voices") => decision.voices.iter().find(is_silent).map(voice_field),
                    field => field.map(str::to_owned),
                };
                if let Some(field) = field {
                    errors.refuse(field, refusal.to_string());
                }
            }
        }
    };
    let said = move |id| {
        let person = PersonId(id);
        let name = session.with(|board| person_name(board, person));
        view! { <VoiceField person name draft /> }.into_any()
    };
    let picked = move |read: fn(&Decision) -> &Vec<TriggerId>| {
        Signal::derive(move || {
            let ids = draft.with(|draft| read(draft).clone());
            ids.iter().map(ToString::to_string).collect::<Vec<_>>()
        })
    };
    let pick = move |write: fn(&mut Decision, Vec<TriggerId>)| {
        Callback::new(move |keys: Vec<String>| {
            draft.update(|draft| write(draft, trigger_ids(&keys)));
        })
    };
    let put = move |write: fn(&mut Decision, String)| {
        Callback::new(move |text: String| draft.update(|draft| write(draft, text)))
    };
    view! {
        <DraftBanner is_kept on_discard=discard />
        <section class="panel">
            <div class="form-grid">
                <Choice
                    label="Chosen option"
                    name="option"
                    options
                    value=Signal::derive(move || draft.with(|d| d.option.map(|o| o.to_string()).unwrap_or_default()))
                    on_commit=put(|d, key| d.option = key.parse().ok())
                />
                <DateField
                    label="Decide again on"
                    name="until"
                    hint="On that day the board asks for a new decision."
                    value=Signal::derive(move || draft.with(|d| d.until))
                    on_commit=Callback::new(move |day| draft.update(|d| d.until = day))
                />
                <TextArea
                    label="Reason"
                    name="reason"
                    value=Signal::derive(move || draft.with(|d| d.why.clone()))
                    on_commit=put(|d, text| d.why = text)
                />
            </div>
        </section>
        {has_met.then(|| view! {
            <section class="panel">
                <h2>"Triggers that call this decision"</h2>
                <p class="soft">"Tick the triggers that this decision answers, also if you continue in spite of them; give the reason above."</p>
                <Pick label="Triggers answered" options=Signal::stored(met.clone()) value=picked(|d| &d.answers) on_commit=pick(|d, ids| d.answers = ids) />
            </section>
        })}
        <section class="panel voices">
            <h2>"Agreement and dissent"</h2>
            <For each=move || people.get() key=|id| *id let(id)>{said(id)}</For>
        </section>
        <section class="panel">
            <h2>"What would reverse this decision"</h2>
            <TextArea
                label="In words"
                value=Signal::derive(move || draft.with(|d| d.reversal.clone()))
                on_commit=put(|d, text| d.reversal = text)
            />
            <Section title="Triggers" is_open=Signal::stored(false) on_toggle=Callback::new(|_| {})>
                <Pick label="Any of these triggers, when met" options=waiting value=picked(|d| &d.reversed_by) on_commit=pick(|d, ids| d.reversed_by = ids) />
            </Section>
        </section>
        <p class="actions sticky">
            <button class="primary" on:click=record>"Record the decision"</button>
        </p>
    }
}

fn trigger_ids(keys: &[String]) -> Vec<TriggerId> {
    keys.iter().filter_map(|key| key.parse().ok()).collect()
}

/// Whether anything was written of a decision. The triggers that call it are ticked by themselves.
fn is_begun(decision: &Decision) -> bool {
    let Decision {
        option,
        why,
        until,
        voices,
        reversed_by,
        reversal,
        ..
    } = decision;
    option.is_some()
        || until.is_some()
        || !(why.is_empty() && reversal.is_empty())
        || !(voices.is_empty() && reversed_by.is_empty())
}

/// How the name begins of the field with the reason of one person.
const VOICE: &str = "voices/";

fn voice_field(voice: &Voice) -> String {
    format!("{VOICE}{}", voice.person)
}

/// What one person says to it.
#[component]
fn VoiceField(person: PersonId, name: String, draft: RwSignal<Decision>) -> impl IntoView {
    let own = move |voices: &[Voice]| voices.iter().find(|v| v.person == person).cloned();
    let choice = Signal::derive(move || {
        let own = draft.with(|draft| own(&draft.voices));
        own.map_or("", |voice| if voice.agrees { "yes" } else { "no" })
            .to_owned()
    });
    let reason = Signal::derive(move || {
        let own = draft.with(|draft| own(&draft.voices));
        own.map(|voice| voice.reason).unwrap_or_default()
    });
    let on_choice = Callback::new(move |key: String| {
        draft.update(|draft| {
            let voices = &mut draft.voices;
            let reason = own(voices).map(|voice| voice.reason).unwrap_or_default();
            voices.retain(|voice| voice.person != person);
            if !key.is_empty() {
                voices.push(Voice {
                    person,
                    agrees: key == "yes",
                    reason,
                });
            }
        });
    });
    let on_reason = Callback::new(move |reason: String| {
        draft.update(|draft| {
            let voices = draft.voices.iter_mut();
            for voice in voices.filter(|voice| voice.person == person) {
                voice.reason.clone_from(&reason);
            }
        });
    });
    let answers = [("yes", "agrees"), ("no", "does not agree")];
    let options = answers.map(|(key, label)| (key.to_owned(), label.to_owned()));
    let because = format!("{name}: because");
    let field = format!("{VOICE}{person}");
    view! {
        <div class="form-grid record">
            <Choice label=name options=Signal::stored(options.to_vec()) value=choice on_commit=on_choice none="No position" />
            <Show when=move || choice.with(|choice| !choice.is_empty())>
                <TextField label=because.clone() name=field.clone() value=reason on_commit=on_reason />
            </Show>
        </div>
    }
}
