//! The decisions and follow-ups of a review, for its minutes.

use super::text::Text;
use crate::ChangeId;
use crate::date::spelled;
use crate::format::{decision_sentence, person_name};
use crate::record::{DecisionId, FollowUp, ReviewId};
use crate::t;
use crate::translation::in_sentence;

/// Writes the decisions of a review with their actions, and returns the decisions.
pub(super) fn decisions(
    text: &mut Text<'_>,
    review: ReviewId,
    closed: ChangeId,
) -> Vec<DecisionId> {
    let board = text.board;
    let taken = board.decisions().filter(|decision| {
        decision.held_at == Some(review)
            || (decision.held_at.is_none() && decision.id.0 > review.0 && decision.id.0 <= closed)
    });
    let taken: Vec<_> = taken.collect();
    if !taken.is_empty() {
        text.heading(t!("Decisions"));
    }
    for decision in &taken {
        text.line("- ", &decision_sentence(board, decision, &decision.why));
        for voice in &decision.voices {
            let who = person_name(board, voice.person);
            let reason = &voice.reason;
            let said = match (voice.agrees, reason.is_empty()) {
                (true, true) => t!("{who} agreed", who),
                (true, false) => t!("{who} agreed: {reason}", who, reason),
                (false, true) => t!("{who} did not agree", who),
                (false, false) => t!("{who} did not agree: {reason}", who, reason),
            };
            text.line("- ", &said);
        }
        for trigger in text.triggers(&decision.answers) {
            text.line("- ", &t!("The decision answers: {trigger}", trigger));
        }
        for trigger in text.triggers(&decision.reversed_by) {
            text.line("- ", &t!("Reversed by: {trigger}", trigger));
        }
        if !decision.reversal.is_empty() {
            text.line("- ", &t!("Reversed if: {event}", event = decision.reversal));
        }
        if text.secrets.is_none() {
            for action in board.actions_of(decision.id) {
                text.line("- ", &t!("Action: {action}", action = in_one_line(action)));
            }
        }
    }
    taken.iter().map(|decision| decision.id).collect()
}

/// Writes the open follow-ups, without the actions of this review's decisions.
pub(super) fn follow_ups(text: &mut Text<'_>, taken: &[DecisionId]) {
    let board = text.board;
    let mut open: Vec<_> = board.follow_ups().filter(|f| f.is_open()).collect();
    if text.secrets.is_none() {
        open.retain(|it| {
            it.decision
                .is_none_or(|decision| !taken.contains(&decision))
        });
    }
    if open.is_empty() {
        return;
    }
    if text.secrets.is_some() {
        text.withheld
            .extend(open.iter().map(|follow_up| follow_up.id.0));
        return;
    }
    text.heading(t!("Follow-ups"));
    for follow_up in open {
        text.line("- ", &in_one_line(follow_up));
    }
}

fn in_one_line(follow_up: &FollowUp) -> String {
    let mut line = format!(
        "{} ({}",
        follow_up.what,
        in_sentence(follow_up.state().label())
    );
    if !follow_up.owner.is_empty() {
        line += ", ";
        line += &follow_up.owner;
    }
    if let Some(day) = follow_up.by_date {
        line += ", ";
        line += &t!("by {day}", day = spelled(day));
    }
    line + ")"
}
