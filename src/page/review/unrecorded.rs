//! Parts of a review that were begun and are not recorded: a decision, actions, outcomes, reasons, evidence, and
//! blind rounds that are still open.

use cruxboard_domain::board::Board;
use cruxboard_domain::record::{CruxId, FollowUp, Review, ReviewId, RoundId, TriggerId};
use cruxboard_domain::t;
use leptos::prelude::*;

use super::follow_meeting;
use super::statements::{CREDENCE_FORM, EVIDENCE_FORM, evidence_draft, reason_draft};
use super::step::Step;
use super::trigger_line::{OutcomeDraft, outcome_form_id};
use crate::component::{Later, is_plain, live};
use crate::page::decisions::{DECISION_FORM, DecisionDraft, action_row_id, written_actions};
use crate::page::{Services, href, short};
use crate::route::{ReviewStep, Route, Screen};
use cruxboard_session::Session;

/// A form of a review, or a blind round of it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    /// A round that is still open. Nothing of it is a draft.
    Round(RoundId),
    Decision,
    Actions,
    Outcome(TriggerId),
    Reason(CruxId),
    Evidence(CruxId),
}

/// A form that was begun and is not recorded, or a round that is still open.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Unrecorded {
    form: Form,
    /// The step of the review where it is recorded.
    pub(super) step: Step,
    /// Names it: "A decision is not recorded yet".
    pub(super) words: String,
}

impl Unrecorded {
    /// Returns whether it is a blind round that is still open, instead of a draft.
    pub(super) const fn is_round(&self) -> bool {
        matches!(self.form, Form::Round(_))
    }

    /// Returns the id of its form, or of an element in it.
    fn form_id(&self) -> Option<String> {
        match self.form {
            Form::Round(_) => None,
            Form::Decision => Some(DECISION_FORM.to_owned()),
            Form::Actions => Some(action_row_id(0)),
            Form::Outcome(trigger) => Some(outcome_form_id(trigger)),
            Form::Reason(_) => Some(CREDENCE_FORM.to_owned()),
            Form::Evidence(_) => Some(EVIDENCE_FORM.to_owned()),
        }
    }

    /// Returns the screen where it is recorded, or where the round is revealed.
    fn screen(&self, review: ReviewId) -> Screen {
        match self.form {
            Form::Round(round) => Screen::Round(round),
            _ => self.step.screen(review),
        }
    }
}

impl Form {
    /// Returns whether anything was typed into the form. Follows its draft.
    fn is_begun(self, session: Session, review: ReviewId) -> bool {
        match self {
            Self::Round(_) => true,
            Self::Decision => DecisionDraft::of(session, None).is_begun(),
            Self::Actions => {
                actions_draft(session, review).with(|rows| !written_actions(rows).is_empty())
            }
            Self::Outcome(trigger) => OutcomeDraft::of(session, trigger).is_begun(),
            Self::Reason(crux) => reason_draft(session, review, crux).with(|it| !it.is_empty()),
            Self::Evidence(crux) => {
                evidence_draft(session, crux).with(|it| *it != Default::default())
            }
        }
    }

    fn discard(self, session: Session, review: ReviewId) {
        match self {
            Self::Round(_) => {}
            Self::Decision => DecisionDraft::of(session, None).discard(),
            Self::Actions => actions_draft(session, review).set(Vec::new()),
            Self::Outcome(trigger) => OutcomeDraft::of(session, trigger).discard(),
            Self::Reason(crux) => reason_draft(session, review, crux).set(Vec::new()),
            Self::Evidence(crux) => evidence_draft(session, crux).set(Default::default()),
        }
    }

    fn step(self, board: &Board, review: &Review) -> Step {
        match self {
            Self::Round(round) => board
                .round(round)
                .map_or(Step::Agenda, |round| Step::of_round(round)),
            Self::Decision => Step::Later(ReviewStep::Decision),
            Self::Actions => Step::Later(ReviewStep::Actions),
            Self::Reason(crux) | Self::Evidence(crux) => Step::Crux(crux),
            Self::Outcome(trigger) => {
                let crux = board.trigger(trigger).map(|trigger| trigger.crux);
                let mut agenda = review.agenda.iter();
                match agenda.find(|item| Some(item.crux) == crux) {
                    Some(item) => Step::Crux(item.crux),
                    None => Step::Later(ReviewStep::Triggers),
                }
            }
        }
    }

    fn words(self, board: &Board) -> String {
        let on = |crux: CruxId| {
            let crux = board.crux(crux);
            crux.map_or_else(
                || t!("Deleted crux").into(),
                |it| short(&it.name(), 60).into_owned(),
            )
        };
        match self {
            Self::Round(round) => {
                let step = board.round(round).map(|round| Step::of_round(round));
                match step {
                    Some(Step::Crux(crux)) => {
                        t!("A blind round is still open: {crux}", crux = on(crux))
                    }
                    _ => t!("A blind round is still open").to_owned(),
                }
            }
            Self::Decision => t!("A decision is not recorded yet").to_owned(),
            Self::Actions => t!("Actions are not saved yet").to_owned(),
            Self::Outcome(trigger) => {
                let headline = board.trigger(trigger).map(|trigger| trigger.headline());
                let headline = headline.unwrap_or_default();
                t!(
                    "An outcome is not saved yet: {trigger}",
                    trigger = short(&headline, 60)
                )
            }
            Self::Reason(crux) => t!("A reason has no credence yet: {crux}", crux = on(crux)),
            Self::Evidence(crux) => t!("Evidence is not saved yet: {crux}", crux = on(crux)),
        }
    }
}

/// Returns the draft of the actions that are added to a review.
pub(super) fn actions_draft(session: Session, id: ReviewId) -> RwSignal<Vec<FollowUp>> {
    session.draft("review-actions", id.0, Vec::<FollowUp>::new(), |it| {
        !it.is_empty()
    })
}

/// Returns the forms of an open review that were begun and are not recorded, and its open blind rounds; none once
/// it is closed.
pub(super) fn unrecorded(session: Session, id: ReviewId) -> Memo<Vec<Unrecorded>> {
    Memo::new(move |_| {
        let review = follow_meeting(session, id);
        if review.closed().is_some() {
            return Vec::new();
        }
        let mut forms = vec![Form::Decision, Form::Actions];
        session.read_all(|board| {
            let rounds = board.rounds();
            let open = rounds.filter(|it| it.held_at == Some(id) && it.closing().is_none());
            forms.extend(open.map(|round| Form::Round(round.id)));
            for item in &review.agenda {
                forms.push(Form::Reason(item.crux));
                forms.push(Form::Evidence(item.crux));
            }
            forms.extend(board.triggers().map(|trigger| Form::Outcome(trigger.id)));
        });
        let begun = forms.into_iter().filter(|form| form.is_begun(session, id));
        let begun: Vec<_> = begun.collect();
        session.read_untracked(|board| {
            let named = begun.into_iter().map(|form| Unrecorded {
                form,
                step: form.step(board, &review),
                words: form.words(board),
            });
            named.collect()
        })
    })
}

/// The list of what is not recorded, each with the way to record it and a button that discards it.
#[component]
pub(super) fn UnrecordedList(
    session: Session,
    id: ReviewId,
    all: Memo<Vec<Unrecorded>>,
) -> impl IntoView {
    let (services, later) = (Services::from_context(), Later::from_context());
    let line = move |one: Unrecorded| {
        let (screen, is_round) = (one.screen(id), one.is_round());
        let (to, form_id) = (href(session, screen.clone()), one.form_id());
        let go = move |event: leptos::ev::MouseEvent| {
            // Another window shows the step from its top.
            let Some(form_id) = form_id.clone().filter(|_| is_plain(&event)) else {
                return;
            };
            event.prevent_default();
            if let Some(board) = session.open.get_untracked() {
                let route = Route::Board(board, screen.clone());
                services.navigation.go.run((route, false));
            }
            later.run(0, move || services.navigation.focus.run(form_id));
        };
        let Unrecorded { form, words, .. } = one;
        let label = if is_round {
            t!("To the round")
        } else {
            t!("verb" => "Record")
        };
        let record = format!("{label}: {words}");
        // The answers of others are not this reader's to discard.
        let discard = (!is_round).then(|| {
            let label = t!("Discard: {words}", words);
            view! { <button class="quiet" aria-label=label on:click=move |_| session.discard_draft(|| form.discard(session, id), || ())>{t!("Discard")}</button> }
        });
        view! {
            <li>
                <span>{words}</span>
                <span class="actions">
                    <a class="button" href=to aria-label=record on:click=go>{label}</a>
                    {discard}
                </span>
            </li>
        }
    };
    let lines = move || all.get().into_iter().map(line).collect_view();
    view! {
        <Show when=move || all.with(|all| !all.is_empty())>
            <section class="unrecorded" aria-label=t!("Not recorded yet")>
                <h2>{t!("Not recorded yet")}</h2>
                <ul>{live(lines)}</ul>
            </section>
        </Show>
    }
}
