//! The fields for the terms of a trigger, existing or new.

use cruxboard_domain::Credence;
use cruxboard_domain::board::{Board, RecordRef};
use cruxboard_domain::change::Edited;
use cruxboard_domain::decide::{Command, CommandError};
use cruxboard_domain::record::table::{Field, assert_shown, pick};
use cruxboard_domain::record::{
    Comparison, CredenceRule, CruxId, Measure, Trigger, TriggerEdit, TriggerId,
};
use cruxboard_domain::{t, translation};
use leptos::prelude::*;

use crate::component::{
    Check, Choice, DraftBanner, FieldErrors, Form, TextArea, TextField, focus_invalid,
};
use crate::page::{dispatch_from, option_choices, word_choices};
use cruxboard_session::Session;

/// The terms of a trigger. Changing those of an armed one asks for a reason first.
#[component]
pub(super) fn EditTerms(session: Session, crux: CruxId, id: TriggerId) -> impl IntoView {
    // The changed terms that wait for a reason; unset fields stay as they are.
    let is_changed = |terms: &TriggerEdit| *terms != TriggerEdit::default();
    let pending = session.draft("goalpost", id.0, TriggerEdit::default(), is_changed);
    let reason = session.draft("goalpost-reason", id.0, String::new(), |text| {
        !text.is_empty()
    });
    let find = move |board: &Board| board.trigger(id).map(|trigger| Trigger::clone(trigger));
    let stored = move || session.read_untracked(find).unwrap_or_default();
    // The fields show the pending terms, so that a second term can be changed together with the first.
    // Leaving the form shows the stored terms again.
    let trigger = Signal::derive(move || {
        let mut trigger = session
            .read(RecordRef::Crux(crux), find)
            .unwrap_or_default();
        pending.with(|pending| trigger.overlay(pending));
        trigger
    });
    let errors = FieldErrors::provide();
    let set = Callback::new(move |set: TriggerEdit| {
        let mut wanted = trigger.get_untracked();
        wanted.overlay(&set);
        let set = stored().edit_to(&wanted);
        let edited = Edited {
            of: id,
            set: set.clone(),
            reason: String::new(),
        };
        match session.try_dispatch(Command::EditTrigger(edited)) {
            Err(CommandError::GoalpostNeedsReason) => pending.set(set),
            Err(CommandError::NothingToDo) | Ok(_) => pending.set(TriggerEdit::default()),
            Err(refusal) => {
                session.notices.refuse(&refusal);
                if let Some(field) = refusal.field() {
                    errors.note(field, refusal.to_string());
                }
            }
        }
    });
    let leave = move || {
        pending.set(TriggerEdit::default());
        reason.set(String::new());
    };
    let confirm = move |_| {
        let set = pending.get_untracked();
        let edited = Edited {
            of: id,
            set,
            reason: reason.get_untracked(),
        };
        if dispatch_from(session, errors, Command::EditTrigger(edited)) {
            leave();
        }
    };
    view! {
        <TermFields session trigger set />
        <Show when=move || pending.with(is_changed)>
            <div class="goalpost-ask" role="group" aria-label=t!("Change of terms after arming")>
                <TextArea
                    label=t!("This trigger has been armed. Why are its terms changed?")
                    name="reason"
                    hint=t!("The old terms and this reason stay visible.")
                    value=reason
                    on_commit=Callback::new(move |text| reason.set(text))
                />
                <p class="actions">
                    <button class="primary" on:click=confirm>{t!("Change the terms")}</button>
                    <button on:click=move |_| leave()>{t!("Keep the old terms")}</button>
                </p>
            </div>
        </Show>
        <p class="actions">
            <button class="danger" on:click=move |_| { session.dispatch(Command::Trash(id.0)); }>{t!("Move to the trash")}</button>
        </p>
    }
}

/// The fields of a trigger, existing or new.
#[component]
fn TermFields(
    session: Session,
    #[prop(into)] trigger: Signal<Trigger>,
    set: Callback<TriggerEdit>,
) -> impl IntoView {
    let options = Signal::derive(move || session.read(RecordRef::Board, option_choices));
    let form = Form::of(trigger, set).with_options(options);
    let is_rule = move || trigger.with(|trigger| trigger.rule.is_some());
    view! {
        {form.fields(TOWARD)}
        <Show when=is_rule fallback=move || form.fields(EVENT)>
            <RuleFields trigger set />
        </Show>
        {form.fields(ACTION)}
        <Show when=move || !is_rule()>{form.fields(SHOWS)}</Show>
    }
}

const TOWARD: &[Field] = &pick(Trigger::FORM, ["toward"]);

const EVENT: &[Field] = &pick(
    Trigger::FORM,
    ["observable", "threshold", "source", "by_date", "judge"],
);

/// The fields for what outcomes show, which only event triggers have.
const SHOWS: &[Field] = &pick(Trigger::FORM, ["if_met", "if_not_met"]);

const ACTION: &[Field] = &pick(Trigger::FORM, ["action", "review_on", "armed"]);

const _: () = assert_shown(Trigger::FORM, &[TOWARD, EVENT, SHOWS, ACTION], &[]);

#[component]
fn RuleFields(trigger: Signal<Trigger>, set: Callback<TriggerEdit>) -> impl IntoView {
    let rule = move || trigger.with(|t| t.rule).unwrap_or(FIRST_RULE);
    let put = move |rule: CredenceRule| {
        set.run(TriggerEdit {
            rule: Some(Some(rule)),
            ..TriggerEdit::default()
        })
    };
    let on_measure = Callback::new(move |key: String| {
        put(CredenceRule {
            measure: Measure::from_key(&key).unwrap_or(rule().measure),
            ..rule()
        });
    });
    let on_side = Callback::new(move |key: String| {
        put(CredenceRule {
            comparison: Comparison::from_key(&key).unwrap_or(rule().comparison),
            ..rule()
        });
    });
    let on_value = Callback::new(move |text: String| {
        put(CredenceRule {
            value: text.parse().unwrap_or(rule().value),
            ..rule()
        });
    });
    let quorum = Signal::derive(move || {
        let quorum = trigger.with(|t| t.quorum);
        quorum.map(|quorum| quorum.to_string()).unwrap_or_default()
    });
    let on_quorum = Callback::new(move |text: String| {
        set.run(TriggerEdit {
            quorum: Some(text.trim().parse().ok()),
            ..TriggerEdit::default()
        });
    });
    let on_reviews = Callback::new(move |text: String| {
        put(CredenceRule {
            reviews: text.parse().unwrap_or(rule().reviews),
            ..rule()
        });
    });
    view! {
        <Choice label=t!("Watches the") options=Signal::stored(word_choices!(Measure)) value=Signal::derive(move || rule().measure.key().to_owned()) on_commit=on_measure none="" />
        <Choice label=t!("When it is") options=Signal::stored(word_choices!(Comparison)) value=Signal::derive(move || rule().comparison.key().to_owned()) on_commit=on_side none="" />
        <TextField label=t!("Value, in % or points") value=Signal::derive(move || translation::number(rule().value)) on_commit=on_value check=Some(no_credence as fn(&str) -> Option<String>) />
        <TextField label=t!("From at least how many people") hint=t!("Empty: more than half of the board’s people, at least two.") kind="number" value=quorum on_commit=on_quorum check=Some(no_quorum as fn(&str) -> Option<String>) />
        <TextField label=t!("At how many reviews in a row") hint=t!("0: as soon as it holds.") kind="number" value=Signal::derive(move || rule().reviews.to_string()) on_commit=on_reviews check=Some(no_count as fn(&str) -> Option<String>) />
    }
}

fn no_credence(text: &str) -> Option<String> {
    let problem = text.parse::<Credence>().err()?;
    Some(t!("Not stored: {problem}.", problem))
}

fn no_count(text: &str) -> Option<String> {
    let is_count = text.parse::<u8>().is_ok();
    (!is_count).then(|| t!("Not stored: enter how many, such as 2; 255 at most.").to_owned())
}

fn no_quorum(text: &str) -> Option<String> {
    let text = text.trim();
    let is_quorum = text.is_empty() || text.parse::<u16>().is_ok_and(|quorum| quorum > 1);
    (!is_quorum).then(|| {
        t!("Not stored: enter a number of people, at least 2, or leave it empty.").to_owned()
    })
}

const FIRST_RULE: CredenceRule = CredenceRule {
    measure: Measure::Aggregate,
    comparison: Comparison::AtLeast,
    value: Credence::HALF,
    reviews: 2,
};

/// A draft of a trigger, which is added to the board by a button.
#[component]
pub(super) fn NewTrigger(session: Session, crux: CruxId) -> impl IntoView {
    let fresh = move || Trigger {
        armed: true,
        ..Trigger::default()
    };
    let is_written = |trigger: &Trigger| {
        let texts = [&trigger.observable, &trigger.threshold, &trigger.action];
        trigger.rule.is_some() || texts.iter().any(|text| !text.is_empty())
    };
    let errors = FieldErrors::provide();
    let trigger = session.draft("trigger", crux.0, fresh(), is_written);
    let is_kept = trigger.with_untracked(is_written);
    let discard = Callback::new(move |()| trigger.set(fresh()));
    let set =
        Callback::new(move |set: TriggerEdit| trigger.update(|trigger| trigger.overlay(&set)));
    let watches = Signal::derive(move || trigger.with(|t| t.rule.is_some()));
    let on_kind = Callback::new(move |is_rule: bool| {
        trigger.update(|trigger| trigger.rule = is_rule.then_some(FIRST_RULE));
    });
    let add = move |event: leptos::ev::MouseEvent| {
        if focus_invalid(&event) {
            return;
        }
        let edit = Trigger::default().edit_to(&trigger.get_untracked());
        let command = Command::AddTrigger(TriggerEdit {
            crux: Some(crux),
            ..edit
        });
        if dispatch_from(session, errors, command) {
            discard.run(());
        }
    };
    view! {
        <DraftBanner is_kept on_discard=discard />
        <Check label=t!("Computed from credences instead of judged") value=watches on_commit=on_kind />
        <TermFields session trigger set />
        <p class="actions"><button class="primary" on:click=add>{t!("Add the trigger")}</button></p>
    }
}
