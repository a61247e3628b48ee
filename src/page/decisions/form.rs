//! The form for a decision.

use cruxboard_domain::ChangeId;
use cruxboard_domain::board::{Board, RecordRef};
use cruxboard_domain::date::Viewpoint;
use cruxboard_domain::decide::{Command, CommandError};
use cruxboard_domain::due::is_answered;
use cruxboard_domain::record::{Decision, DecisionEdit, FollowUp, ReviewId, TriggerId, Voice};
use cruxboard_domain::t;
use cruxboard_domain::trigger_state::{TriggerState, trigger_state};
use cruxboard_domain::view::{Filter, Sort};
use leptos::prelude::*;

use super::actions::{ActionFields, unnamed_field, written_actions};
use super::voices::{Voices, voice_field};
use crate::component::{
    Choice, DateField, DraftBanner, FieldErrors, Pick, Section, TextArea, focus_invalid,
};
use crate::page::{Services, option_choices, short};
use crate::route::{Route, Screen};
use cruxboard_session::Session;

/// The screen with the form for a decision. The decision answers the trigger that calls for it, also by
/// continuing in spite of it.
#[component]
pub fn DecidePage(session: Session, trigger: Option<TriggerId>) -> impl IntoView {
    view! {
        <div class="page narrow">
            <h1>{t!("Record a decision")}</h1>
            <DecideForm session trigger on_done=Callback::new(move |answers_triggers: bool| {
                let services = Services::from_context();
                // On the board, the decision is shown in place of the banner of triggers.
                let screen = if answers_triggers {
                    Screen::Cruxes(Filter::default(), Sort::Own)
                } else {
                    Screen::Decisions
                };
                if let Some(board) = session.open.get_untracked() {
                    services.navigation.go.run((Route::Board(board, screen), false));
                }
            }) />
        </div>
    }
}

/// Returns the triggers to choose from: key and condition.
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

/// The draft of a decision with its actions.
#[derive(Clone, Copy)]
pub(in crate::page) struct DecisionDraft {
    decision: RwSignal<Decision>,
    actions: RwSignal<Vec<FollowUp>>,
}

impl DecisionDraft {
    /// Returns the draft of a decision on a trigger, or on the board as a whole.
    pub(in crate::page) fn of(session: Session, trigger: Option<TriggerId>) -> Self {
        let about = trigger.map_or(ChangeId::MIN, |trigger| trigger.0);
        let is_written = |actions: &Vec<_>| !actions.is_empty();
        Self {
            decision: session.draft("decision", about, Decision::default(), is_begun),
            actions: session.draft("decision-actions", about, Vec::new(), is_written),
        }
    }

    /// Returns whether anything of it was written. Follows the draft.
    pub(in crate::page) fn is_begun(self) -> bool {
        let has_actions = self.actions.with(|rows| !written_actions(rows).is_empty());
        self.decision.with(is_begun) || has_actions
    }

    /// Empties the draft.
    pub(in crate::page) fn discard(self) {
        self.decision.set(Decision::default());
        self.actions.set(Vec::new());
    }
}

/// The fields of a decision, and the button that records it.
#[component]
pub(in crate::page) fn DecideForm(
    session: Session,
    trigger: Option<TriggerId>,
    /// The review at which the decision is made; without one, the latest open review.
    #[prop(optional)]
    review: Option<ReviewId>,
    /// Called with whether the decision answers triggers.
    on_done: Callback<bool>,
) -> impl IntoView {
    let met = session.read_untracked(|board| open_triggers(board, session.viewpoint_untracked()));
    // A trigger that asks for another action can be ticked, and is not ticked by itself.
    let is_called = |id: &TriggerId| match trigger {
        Some(only) => *id == only,
        None => session.read_untracked(|board| {
            let trigger = board.trigger(*id);
            trigger.is_some_and(|trigger| trigger.calls_for_decision())
        }),
    };
    let keys: Vec<String> = met.iter().map(|(key, _)| key.clone()).collect();
    let mut called = trigger_ids(&keys);
    called.retain(is_called);
    let has_met = !met.is_empty();
    let fresh = Decision {
        answers: called,
        ..Decision::default()
    };
    let kept = DecisionDraft::of(session, trigger);
    let is_kept = untrack(|| kept.is_begun());
    let DecisionDraft {
        decision: draft,
        actions,
    } = kept;
    let discard = Callback::new(move |()| {
        draft.set(fresh.clone());
        actions.set(Vec::new());
    });
    if !is_kept {
        discard.run(());
    }
    // The triggers that are ticked automatically are no draft.
    on_cleanup(move || {
        if !draft.with_untracked(is_begun) {
            draft.set(Decision::default());
        }
    });
    let errors = FieldErrors::provide();
    let record = move |event: leptos::ev::MouseEvent| {
        if focus_invalid(&event) {
            return;
        }
        let mut decision = draft.get_untracked();
        decision.held_at = review.or_else(|| session.read_untracked(open_review));
        let edit: DecisionEdit = Decision::default().edit_to(&decision);
        let actions = actions.get_untracked();
        let command = Command::RecordDecision {
            decision: edit,
            actions: written_actions(&actions),
        };
        match session.try_dispatch(command) {
            Ok(_) => {
                discard.run(());
                on_done.run(!decision.answers.is_empty());
            }
            Err(refusal) => {
                session.notices.refuse(&refusal);
                if let Some(field) = refused_field(&refusal, &decision, &actions) {
                    errors.refuse(field, refusal.to_string());
                }
            }
        }
    };
    view! {
        <DraftBanner is_kept on_discard=discard />
        <ChoiceFields session draft />
        {has_met.then(|| view! { <AnswerFields draft met=met.clone() /> })}
        <ActionFields session actions />
        <Voices session draft />
        <ReversalFields session draft />
        <p class="actions sticky">
            <button class="primary" on:click=record>{t!("Record the decision")}</button>
        </p>
    }
}

/// The triggers that are met and not answered by a decision: key and condition.
fn open_triggers(board: &Board, viewpoint: Viewpoint) -> Vec<(String, String)> {
    let met = trigger_choices(board, |state| state == TriggerState::Met, viewpoint);
    let is_open = |(key, _): &(String, String)| {
        let id = key.parse().ok().map(TriggerId);
        id.and_then(|id| board.trigger(id))
            .is_some_and(|t| !is_answered(board, t, viewpoint))
    };
    met.into_iter().filter(is_open).collect()
}

/// Returns the latest review that is still open.
fn open_review(board: &Board) -> Option<ReviewId> {
    let mut reviews = board.reviews().rev();
    let open = reviews.find(|review| review.closed().is_none());
    open.map(|review| review.id)
}

/// Returns the name of the field that a refusal is about.
fn refused_field(
    refusal: &CommandError,
    decision: &Decision,
    actions: &[FollowUp],
) -> Option<String> {
    let is_silent = |voice: &&Voice| !voice.agrees && voice.reason.trim().is_empty();
    match refusal.field() {
        Some("voices") => decision.voices.iter().find(is_silent).map(voice_field),
        Some("what") => unnamed_field(actions),
        field => field.map(str::to_owned),
    }
}

/// Returns a callback that puts a text into the draft.
fn put(draft: RwSignal<Decision>, write: fn(&mut Decision, String)) -> Callback<String> {
    Callback::new(move |text: String| draft.update(|draft| write(draft, text)))
}

/// A choice of triggers that is kept in the draft.
fn picked(
    draft: RwSignal<Decision>,
    read: fn(&Decision) -> &[TriggerId],
    write: fn(&mut Decision, Vec<TriggerId>),
) -> (Signal<Vec<String>>, Callback<Vec<String>>) {
    let value = Signal::derive(move || {
        draft.with(|draft| read(draft).iter().map(ToString::to_string).collect())
    });
    let on_commit = Callback::new(move |keys: Vec<String>| {
        draft.update(|draft| write(draft, trigger_ids(&keys)));
    });
    (value, on_commit)
}

/// The id of the form for a decision.
pub(in crate::page) const DECISION_FORM: &str = "decision-form";

/// The chosen option, its reason, and the day of the next decision.
#[component]
fn ChoiceFields(session: Session, draft: RwSignal<Decision>) -> impl IntoView {
    let options = Signal::derive(move || session.read(RecordRef::Board, option_choices));
    view! {
        <section class="panel" id=DECISION_FORM>
            <div class="form-grid">
                <Choice
                    label=t!("Chosen option")
                    name="option"
                    options
                    value=Signal::derive(move || draft.with(|d| d.option.map(|o| o.to_string()).unwrap_or_default()))
                    on_commit=put(draft, |d, key| d.option = key.parse().ok())
                />
                <DateField
                    label=t!("Decide again on")
                    name="until"
                    is_due=true
                    hint=t!("On that day the board asks for a new decision.")
                    value=Signal::derive(move || draft.with(|d| d.until))
                    on_commit=Callback::new(move |day| draft.update(|d| d.until = day))
                />
                <TextArea
                    label=t!("Reason")
                    name="reason"
                    value=Signal::derive(move || draft.with(|d| d.why.clone()))
                    on_commit=put(draft, |d, text| d.why = text)
                />
            </div>
        </section>
    }
}

/// The met triggers that the decision answers.
#[component]
fn AnswerFields(draft: RwSignal<Decision>, met: Vec<(String, String)>) -> impl IntoView {
    let (value, on_commit) = picked(draft, |it| &it.answers, |it, ids| it.answers = ids);
    view! {
    <section class="panel">
        <h2>{t!("Triggers that call this decision")}</h2>
        <p class="soft">{t!("Tick the triggers that this decision answers, also if you continue in spite of them; give the reason above.")}</p>
        <Pick label=t!("Triggers answered") options=Signal::stored(met) value on_commit />
    </section>
        }
}

/// Conditions under which the decision is to be reversed: in words, and as triggers.
#[component]
fn ReversalFields(session: Session, draft: RwSignal<Decision>) -> impl IntoView {
    let waiting = Signal::derive(move || {
        let viewpoint = session.viewpoint();
        let is_waiting = |state| matches!(state, TriggerState::Armed | TriggerState::Near);
        session.read_all(|board| trigger_choices(board, is_waiting, viewpoint))
    });
    let (value, on_commit) = picked(draft, |it| &it.reversed_by, |it, ids| it.reversed_by = ids);
    view! {
        <section class="panel">
            <h2>{t!("What would reverse this decision")}</h2>
            <TextArea
                label=t!("In words")
                value=Signal::derive(move || draft.with(|d| d.reversal.clone()))
                on_commit=put(draft, |d, text| d.reversal = text)
            />
            <Section title=t!("Triggers") is_open=Signal::stored(false) on_toggle=Callback::new(|_| {})>
                <Pick label=t!("Any of these triggers, when met") options=waiting value on_commit />
            </Section>
        </section>
    }
}

fn trigger_ids(keys: &[String]) -> Vec<TriggerId> {
    keys.iter().filter_map(|key| key.parse().ok()).collect()
}

/// Returns whether anything was written of a decision. Triggers that call for one are ticked automatically
/// and do not count.
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
