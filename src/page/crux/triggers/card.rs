//! The card of a trigger.

use cruxboard_domain::board::Board;
use cruxboard_domain::completeness::trigger_lacks;
use cruxboard_domain::date::{Now, Viewpoint, spelled};
use cruxboard_domain::format::{
    NO_OPTION, dispute_words, finding_words, goalpost_fields, measured_words,
};
use cruxboard_domain::met_trigger::{call_words, is_answered};
use cruxboard_domain::record::{GoalpostMove, Mark, PersonId, Record, Trigger, TriggerId, Verdict};
use cruxboard_domain::t;
use cruxboard_domain::translation::translated;
use cruxboard_domain::trigger_state::{TriggerState, counted_reviews, measured, trigger_state};
use leptos::prelude::*;

use crate::component::{DateText, StateGlyph, mark_class};
use crate::page::{mark_of, person_name, short};
use crate::t_view;

/// The content of a trigger's card.
#[derive(Clone, PartialEq)]
pub(super) struct Card {
    mark: Mark,
    option: String,
    state: TriggerState,
    pub(super) trigger: Trigger,
    lacks: Vec<&'static str>,
    judged: Vec<(Judged, String)>,
    measured: Option<String>,
    reviews: Vec<String>,
    dispute: Option<String>,
    /// The action that a met trigger asks for, or the decision that has answered it.
    call: Option<String>,
    /// Whether it calls for a decision that has not been made.
    pub(super) calls: bool,
    moved: Vec<(String, String, String)>,
}

/// A recorded outcome: verdict, author, date and basis.
#[derive(Clone, PartialEq)]
struct Judged {
    /// Whether it no longer counts.
    is_over: bool,
    verdict: &'static str,
    who: String,
    when: String,
    reason: String,
    evidence: String,
}

/// Maximum number of reviews listed on a card.
const REVIEWS: usize = 6;

impl Card {
    pub(super) fn read(
        board: &Board,
        trigger: &Record<TriggerId, Trigger>,
        viewpoint: Viewpoint,
    ) -> Self {
        let now = viewpoint.now;
        let state = trigger_state(board, trigger, viewpoint);
        let is_met = state == TriggerState::Met;
        let standing: Vec<_> = trigger.standing().iter().map(|one| one.id).collect();
        Self {
            mark: mark_of(board, trigger.toward),
            option: trigger
                .toward
                .and_then(|option| board.option(option))
                .map(|option| option.name.clone())
                .unwrap_or_default(),
            state,
            call: is_met.then(|| call_words(board, trigger, viewpoint)),
            calls: is_met
                && trigger.calls_for_decision()
                && !is_answered(board, trigger, viewpoint),
            measured: measured(board, trigger, viewpoint)
                .map(|measured| measured_words(&measured, viewpoint.with_stale)),
            reviews: counted_reviews(board, trigger)
                .iter()
                .rev()
                .take(REVIEWS)
                .filter_map(|found| finding_words(trigger, found, now))
                .collect(),
            dispute: dispute_words(board, trigger),
            trigger: Trigger::clone(trigger),
            lacks: trigger_lacks(trigger)
                .into_iter()
                .map(|lack| lack.label())
                .collect(),
            judged: trigger
                .judgements
                .iter()
                .rev()
                .map(|judged| {
                    let evidence = judged.evidence.iter().filter_map(|id| board.evidence(*id));
                    let evidence: Vec<_> = evidence.map(|e| short(e.headline(), 60)).collect();
                    let when = spelled(now.day_of(judged.id.millis()));
                    let note = if judged.of_draft {
                        t!("given on a draft: does not count")
                    } else if !standing.contains(&judged.id) {
                        t!("corrected since")
                    } else if !judged.settles.is_empty() {
                        t!("settles the dispute")
                    } else {
                        ""
                    };
                    let is_over = judged.of_draft || !standing.contains(&judged.id);
                    let judged = Judged {
                        is_over,
                        verdict: judged.verdict.label(),
                        who: author(board, judged.by),
                        when,
                        reason: judged.reason.clone(),
                        evidence: evidence.join("; "),
                    };
                    (judged, note.to_owned())
                })
                .collect(),
            moved: trigger
                .goalposts
                .iter()
                .rev()
                .map(|moved| moved_words(board, moved, now))
                .collect(),
        }
    }
}

/// Returns the differences between the terms before and after a change, its reason, and its author and date.
fn moved_words(board: &Board, moved: &GoalpostMove, now: Now) -> (String, String, String) {
    let fields = goalpost_fields(board, moved).into_iter();
    let fields = fields.map(|(field, before, after)| {
        t!("{field}: “{before}” became “{after}”", field, before, after)
    });
    let what = fields.collect::<Vec<_>>().join("; ");
    let day = spelled(now.day_of(moved.id.millis()));
    let who = format!("{}, {day}", author(board, moved.by));
    (what, moved.reason.clone(), who)
}

fn author(board: &Board, person: Option<PersonId>) -> String {
    person.map_or_else(
        || t!("somebody").into(),
        |person| person_name(board, person),
    )
}

impl Judged {
    fn view(self, note: &str) -> AnyView {
        let evidence = (!self.evidence.is_empty()).then(|| format!(" [{}]", self.evidence));
        let note = (!note.is_empty()).then(|| format!(" ({note})"));
        view! {
            <li class:corrected=self.is_over>
                <b>{self.verdict}</b> ", " {self.who} ", " {self.when} ": " {self.reason} {evidence} {note}
            </li>
        }
        .into_any()
    }
}

pub(super) fn view_card(card: Card, today: Signal<chrono::NaiveDate>) -> AnyView {
    let Card {
        mark,
        option,
        state,
        trigger,
        lacks,
        judged,
        measured,
        reviews,
        dispute,
        call,
        calls: _,
        moved,
    } = card;
    let toward = if option.is_empty() {
        translated(NO_OPTION).to_owned()
    } else {
        option
    };
    let shown = |verdict| {
        let shows = trigger.shows(verdict);
        shows.map_or_else(String::new, |shows| {
            t!("the claim counts as {outcome}", outcome = shows.label())
        })
    };
    let line = |label: &'static str, text: String| {
        (!text.is_empty()).then(|| view! { <div><dt>{label}</dt><dd>{text}</dd></div> })
    };
    let date = |label: &'static str, day: Option<chrono::NaiveDate>| {
        day.map(|day| view! { <div><dt>{label}</dt><dd><DateText day today /></dd></div> })
    };
    let judged = judged.into_iter().map(|(judged, note)| judged.view(&note));
    let moved = moved.into_iter().map(|(what, reason, who)| {
        let why = (!reason.is_empty()).then(|| format!(" {}", t!("Why: {reason}", reason)));
        let heading = view! { <b>{t!("Goalpost moved")}</b> };
        view! { <li>{t_view!("{heading} by {who}. {changes}.", heading, who, changes = what)} {why}</li> }
    });
    let reviews = (!reviews.is_empty()).then(|| {
        let lines = reviews.into_iter().map(|words| view! { <li>{words}</li> });
        view! { <div><dt>{t!("Reviews")}</dt><dd><ul>{lines.collect_view()}</ul></dd></div> }
    });
    let disputed = (state == TriggerState::Disputed).then(|| {
        let why = dispute.map(|why| format!("{why} "));
        view! { <p class="late">{why} {t!("It counts for no option until the dispute is settled.")}</p> }
    });
    view! {
        <h3>
            <span translate="no" class=format!("chip is-{}", state.key())>
                <StateGlyph mark state />
                <span class=mark_class(mark)>{toward} ": "</span>
                <b>{state.label()}</b>
            </span>
        </h3>
        <p class="observable">{trigger.headline()}</p>
        <dl class="terms-list">
            {trigger.rule.map(|rule| view! { <div><dt>{t!("Watches")}</dt><dd>{rule.to_string()}</dd></div> })}
            {measured.map(|words| view! { <div><dt>{t!("Now")}</dt><dd translate="no">{words}</dd></div> })}
            {reviews}
            {line(t!("Threshold"), trigger.threshold.clone())}
            {line(t!("Seen in"), trigger.source.clone())}
            {date(t!("date" => "By"), trigger.by_date)}
            {line(t!("person" => "Judge"), trigger.judge.clone())}
            {line(t!("Then"), trigger.action.clone())}
            {line(t!("If met"), shown(Verdict::Met))}
            {line(t!("If not met"), shown(Verdict::NotMet))}
            {date(t!("date" => "Review"), trigger.review_on)}
        </dl>
        {(state == TriggerState::Undecided).then(|| view! {
            <p class="late">{t!("Its date has passed without a recorded outcome. It counts for no option until one is recorded.")}</p>
        })}
        {disputed}
        {call.map(|words| view! { <p class="called">{words}</p> })}
        <ul class="judged">{judged.collect_view()}</ul>
        <ul class="goalposts">{moved.collect_view()}</ul>
        {(!lacks.is_empty()).then(|| view! {
            <ul class="lack-hints soft">{lacks.into_iter().map(|lack| view! { <li>{lack}</li> }).collect_view()}</ul>
        })}
    }
    .into_any()
}
