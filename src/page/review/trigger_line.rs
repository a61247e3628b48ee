//! A trigger in a review: state, terms, the next review date, and buttons that record the outcome.

use std::fmt;

use chrono::NaiveDate;
use cruxboard_domain::board::{Board, RecordRef};
use cruxboard_domain::date::{relative, spelled};
use cruxboard_domain::decide::Command;
use cruxboard_domain::format::{NO_OPTION, dispute_words, trigger_words};
use cruxboard_domain::record::{Judgement, Record, ReviewId, Trigger, TriggerId, Verdict};
use cruxboard_domain::t;
use cruxboard_domain::translation::translated;
use cruxboard_domain::trigger_review::{TriggersToReview, is_waiting, next_review};
use cruxboard_domain::trigger_state::{dispute, trigger_state};
use leptos::prelude::*;

use super::follow_meeting;
use crate::component::{
    DateField, FieldErrors, Later, Pick, Section, StateGlyph, TextArea, live, mark_class,
};
use crate::page::{Services, dispatch_from, mark_of, person_name, short};
use cruxboard_session::Session;

/// A trigger with its terms, and buttons for its outcome while the review is open.
#[component]
pub(super) fn TriggerLine(session: Session, review: ReviewId, id: TriggerId) -> impl IntoView {
    let line = move || {
        session.track_all();
        let viewpoint = session.viewpoint();
        session.read_untracked(|board| {
            let trigger = board.trigger(id)?;
            let state = trigger_state(board, trigger, viewpoint);
            let mark = mark_of(board, trigger.toward);
            let option = trigger.toward.and_then(|option| board.option(option));
            let option = option.map_or_else(
                || translated(NO_OPTION).into(),
                |option| option.name.clone(),
            );
            let text = trigger_words(board, trigger, viewpoint);
            Some(view! {
                <p>
                    <span translate="no" class=format!("chip is-{}", state.key())>
                        <StateGlyph mark state />
                        <span class=mark_class(mark)>{option} ": "</span>
                        <b>{state.label()}</b>
                    </span>
                    " " {short(&text, 220).into_owned()}
                </p>
                {terms(session, board, trigger)}
            })
        })
    };
    let takes_outcome = Memo::new(move |_| {
        session.track_all();
        let is_open = follow_meeting(session, review).closed().is_none();
        let is_event = |trigger: &Record<_, Trigger>| trigger.rule.is_none() && trigger.armed;
        is_open && session.read_untracked(|board| board.trigger(id).is_some_and(is_event))
    });
    let stays_armed = Memo::new(move |_| {
        session.track_all();
        let viewpoint = session.viewpoint();
        let is_open = follow_meeting(session, review).closed().is_none();
        let waits = |board: &Board| {
            let trigger = board.trigger(id);
            trigger.is_some_and(|trigger| is_waiting(board, trigger, viewpoint))
        };
        is_open && session.read_untracked(waits)
    });
    view! {
        <div class="walk-trigger" id=line_id(id) tabindex="-1">
            {live(line)}
            <Show when=move || takes_outcome.get()><OutcomeButtons session id /></Show>
            <Show when=move || stays_armed.get()><StaysArmed session review id /></Show>
        </div>
    }
}

/// Renders the threshold, date and judge of a trigger, and its latest outcome.
fn terms(session: Session, board: &Board, trigger: &Record<TriggerId, Trigger>) -> AnyView {
    let term = |label: &'static str, text: String| {
        (!text.is_empty()).then(|| view! { <div><dt>{label}</dt><dd>{text}</dd></div> })
    };
    let today = session.now.get_untracked().today();
    let by_date = trigger.by_date.map_or_else(String::new, |day| {
        format!("{} · {}", spelled(day), relative(day, today))
    });
    let review = trigger.review_on.map_or_else(String::new, spelled);
    let told = |judged: &Judgement| {
        let who = judged
            .by
            .map_or_else(|| t!("somebody").into(), |by| person_name(board, by));
        let day = spelled(session.day_of(judged.id.millis()));
        format!(
            "{}, {who}, {day}: {}",
            judged.verdict.label(),
            judged.reason
        )
    };
    // While people disagree, every outcome that stands is shown.
    let (label, outcomes) = match dispute_words(board, trigger) {
        Some(_) => (t!("Outcomes"), trigger.standing()),
        None => (
            t!("Outcome"),
            trigger.judgements.last().into_iter().collect(),
        ),
    };
    let outcomes: Vec<_> = outcomes.into_iter().map(told).collect();
    let outcomes = (!outcomes.is_empty()).then(|| {
        let lines = outcomes.into_iter().map(|words| view! { <dd>{words}</dd> });
        view! { <div class="outcomes"><dt>{label}</dt>{lines.collect_view()}</div> }
    });
    let disputed = dispute_words(board, trigger).map(|why| view! { <p class="late">{why}</p> });
    view! {
        <dl class="walk-terms">
            {term(t!("Threshold"), trigger.threshold.clone())}
            {term(t!("date" => "By"), by_date)}
            {term(t!("person" => "Judge"), trigger.judge.clone())}
            {term(t!("Seen in"), trigger.source.clone())}
            {term(t!("day" => "Review"), review)}
            {outcomes}
        </dl>
        {disputed}
    }
    .into_any()
}

/// The outcomes in the order of their buttons. A trigger can be reopened only after an outcome.
const VERDICTS: [Verdict; 6] = [
    Verdict::Met,
    Verdict::NotMet,
    Verdict::Near,
    Verdict::Void,
    Verdict::Disputed,
    Verdict::Open,
];

/// Returns the id of the form for an outcome.
pub(super) fn outcome_form_id(id: TriggerId) -> String {
    format!("outcome-{id}")
}

/// Returns the id of the line of a trigger.
fn line_id(id: TriggerId) -> String {
    format!("trigger-line-{id}")
}

/// The id of the part of the screen with the triggers.
pub(super) const TRIGGERS: &str = "review-triggers";

/// The draft of an outcome, which the page of the crux shares.
#[derive(Clone, Copy)]
pub(super) struct OutcomeDraft {
    verdict: RwSignal<String>,
    reason: RwSignal<String>,
    evidence: RwSignal<Vec<String>>,
}

impl OutcomeDraft {
    pub(super) fn of(session: Session, id: TriggerId) -> Self {
        let is_written = |text: &String| !text.is_empty();
        Self {
            verdict: session.draft("judgement-verdict", id.0, String::new(), is_written),
            reason: session.draft("judgement-reason", id.0, String::new(), is_written),
            evidence: session.draft("judgement-evidence", id.0, Vec::new(), |_: &Vec<String>| {
                false
            }),
        }
    }

    /// Returns whether an outcome was chosen or its reason was begun. Follows the draft.
    pub(super) fn is_begun(self) -> bool {
        self.verdict.with(|text| !text.is_empty()) || self.reason.with(|text| !text.is_empty())
    }

    pub(super) fn discard(self) {
        self.verdict.set(String::new());
        self.reason.set(String::new());
        self.evidence.set(Vec::new());
    }
}

/// Returns the draft of the day of the next review that was chosen beside `of`: a trigger, or a form for several
/// triggers of a review. Empty while the proposed day stands.
pub(super) fn next_review_draft(
    session: Session,
    review: ReviewId,
    of: impl fmt::Display,
) -> RwSignal<Option<NaiveDate>> {
    session.draft_at(format!("next-review/{review}/{of}"), None, Option::is_some)
}

/// The date of the next review of an armed trigger, and the button that sets it.
#[component]
fn StaysArmed(session: Session, review: ReviewId, id: TriggerId) -> impl IntoView {
    let headline = session.read_untracked(|board| {
        let trigger = board.trigger(id);
        trigger.map(|trigger| short(&trigger.headline(), 60).into_owned())
    });
    let headline = headline.unwrap_or_default();
    let proposed = session.read_untracked(|board| {
        let now = session.now.get_untracked();
        Some(next_review(board, board.trigger(id)?, now))
    });
    let chosen = next_review_draft(session, review, id);
    view! {
        <ReviewedUntil
            session
            next=Signal::derive(move || chosen.get().or(proposed))
            chosen
            triggers=Signal::stored(vec![id])
            label=t!("Next review: {headline}", headline)
            button=t!("Reviewed, still armed: {headline}", headline)
        />
    }
}

/// A date, and the button that sets it as the next review of triggers that stay armed.
#[component]
pub(super) fn ReviewedUntil(
    session: Session,
    /// The chosen day, else the proposed one.
    next: Signal<Option<NaiveDate>>,
    /// The draft of the chosen day.
    chosen: RwSignal<Option<NaiveDate>>,
    triggers: Signal<Vec<TriggerId>>,
    #[prop(into)] label: String,
    /// The accessible name of the button.
    #[prop(into)]
    button: String,
) -> impl IntoView {
    let errors = FieldErrors::provide();
    let save = move |_| {
        let Some(next) = next.get_untracked() else {
            let why = t!("Choose the day of the next review.");
            session.notices.refused(why);
            errors.refuse("next", why);
            return;
        };
        let triggers = triggers.get_untracked();
        let put_off = TriggersToReview { triggers, next };
        if dispatch_from(session, errors, Command::ReviewTriggers(put_off)) {
            chosen.set(None);
        }
    };
    let on_next = Callback::new(move |day| chosen.set(day));
    view! {
        <div class="still-armed" role="group" aria-label=button.clone()>
            <button class="quiet" aria-label=button.clone() on:click=save>{t!("Reviewed, still armed")}</button>
            <DateField label name="next" value=next on_commit=on_next is_due=true />
        </div>
    }
}

/// The buttons for the outcomes. Pressing one asks for the reason, and stores nothing by itself.
#[component]
fn OutcomeButtons(session: Session, id: TriggerId) -> impl IntoView {
    let draft = OutcomeDraft::of(session, id);
    let OutcomeDraft {
        verdict,
        reason,
        evidence,
    } = draft;
    let (headline, crux) = session.read_untracked(|board| {
        let trigger = board.trigger(id);
        let headline = trigger.map(|trigger| short(&trigger.headline(), 60).into_owned());
        (headline.unwrap_or_default(), trigger.map(|it| it.crux))
    });
    let options = Signal::derive(move || {
        session.read_all(|board| {
            let items = crux.into_iter().flat_map(|crux| board.evidence_on(crux));
            let items = items.map(|it| (it.id.to_string(), short(it.headline(), 80).into_owned()));
            items.collect::<Vec<_>>()
        })
    });
    let is_disputed = Memo::new(move |_| {
        session.read(RecordRef::Board, |board| {
            board
                .trigger(id)
                .is_some_and(|it| dispute(board, it).is_some())
        })
    });
    let errors = FieldErrors::provide();
    let (services, later) = (Services::from_context(), Later::from_context());
    let discard = move || draft.discard();
    let save = Callback::new(move |()| {
        let Some(verdict) = Verdict::from_key(&verdict.get_untracked()) else {
            return;
        };
        let evidence = evidence.get_untracked();
        let command = Command::JudgeTrigger {
            trigger: id,
            verdict,
            reason: reason.get_untracked(),
            evidence: evidence.iter().filter_map(|id| id.parse().ok()).collect(),
        };
        if dispatch_from(session, errors, command) {
            discard();
            // The form goes with the outcome; the line may have moved below a fold that is closed.
            let to_line = services.navigation.focus_if_lost;
            later.run(0, move || {
                to_line.run(line_id(id));
                to_line.run(TRIGGERS.to_owned());
            });
        }
    });
    let has_outcome = session.read_untracked(|board| {
        let trigger = board.trigger(id);
        trigger.is_some_and(|trigger| !trigger.judgements.is_empty())
    });
    let offered = VERDICTS
        .iter()
        .filter(|one| has_outcome || **one != Verdict::Open);
    let choices = offered.map(|one| {
        let key = one.key();
        let is_chosen = move || verdict.with(|verdict| verdict == key);
        // Pressing the button again cancels the choice.
        let press = move |_| match is_chosen() {
            // A reason that was written for it can be restored.
            true if reason.with_untracked(|reason| !reason.is_empty()) => {
                session.discard_draft(discard, || ());
            }
            true => discard(),
            false => verdict.set(key.to_owned()),
        };
        view! { <button class="quiet" aria-pressed=move || is_chosen().to_string() on:click=press>{one.label()}</button> }
    });
    let shows_evidence = RwSignal::new(false);
    view! {
        <div class="outcome-buttons" role="group" aria-label=t!("Record outcome: {headline}", headline)>
            <span class="soft">{t!("Record outcome:")}</span>
            {choices.collect_view()}
        </div>
        <Show when=move || verdict.with(|verdict| !verdict.is_empty())>
            <div class="outcome-form" id=outcome_form_id(id)>
                <TextArea label=t!("Reason: {headline}", headline) name="reason" value=reason on_commit=Callback::new(move |text| reason.set(text)) />
                <Show when=move || options.with(|options| !options.is_empty())>
                    <Section title=t!("On which evidence?") is_open=shows_evidence on_toggle=Callback::new(move |open| shows_evidence.set(open))>
                        <Pick label=t!("On which evidence") options value=evidence on_commit=Callback::new(move |ids| evidence.set(ids)) />
                    </Section>
                </Show>
                <p class="actions">
                    <button class="primary" on:click=move |_| save.run(())>
                        {live(move || if is_disputed.get() { t!("Settle the dispute") } else { t!("Save outcome") })}
                    </button>
                </p>
            </div>
        </Show>
    }
}
