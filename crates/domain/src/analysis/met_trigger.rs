//! The call of a met trigger: for a decision, or for an action of its own; and the decision that answers it.

use crate::board::Board;
use crate::date::{Viewpoint, spelled};
use crate::record::{Decision, DecisionId, Record, Trigger, TriggerId};
use crate::t;
use crate::text::folded;
use crate::trigger_state::met_since;

impl Trigger {
    /// Returns whether it calls for a decision when it is met: it speaks for an option, or its action is a
    /// decision. Any other trigger asks for its own action.
    #[must_use]
    pub fn calls_for_decision(&self) -> bool {
        self.toward.is_some() || is_decision(&self.action)
    }

    /// Returns what it asks for when it is met: "hold a decision meeting", or its own action.
    #[must_use]
    pub fn call(&self) -> &str {
        match self.action.trim() {
            _ if self.calls_for_decision() => t!("hold a decision meeting"),
            "" => t!("look at the crux again"),
            action => action,
        }
    }
}

/// Returns whether an action is a decision by its words: "Call a decision meeting", "Entscheidungsbesprechung
/// abhalten". English and German are known in every language: a board may be written in the other one.
fn is_decision(action: &str) -> bool {
    let action = folded(action);
    let mut words = action.split(|c: char| !c.is_alphanumeric());
    action.contains("decision")
        || action.contains("decide")
        || words.any(|word| {
            // An adjective ("die entscheidende Frage") and those who decide ("Entscheider fragen").
            let is_any = |parts: &[&str]| parts.iter().any(|part| word.contains(part));
            let begins = |starts: &[&str]| starts.iter().any(|start| word.starts_with(start));
            !is_any(&["entscheidend", "entscheider"])
                && (is_any(&["entscheid", "beschluss", "beschlüss"])
                    || begins(&["entschied", "beschließ", "beschliess"]))
        })
}

/// Returns the latest decision that answers a met trigger: one taken after the outcome was recorded, or, for
/// a computed trigger, after it was met. A trigger that is met a second time calls for another decision. Once
/// the standing decision has run out, every met trigger calls for one.
#[must_use]
pub fn answered_by<'a>(
    board: &'a Board,
    trigger: &Record<TriggerId, Trigger>,
    viewpoint: impl Into<Viewpoint>,
) -> Option<&'a Record<DecisionId, Decision>> {
    let last = board
        .decisions()
        .filter(|decision| decision.answers.contains(&trigger.id))
        .max_by_key(|decision| decision.id.0)?;
    let viewpoint = viewpoint.into();
    let today = viewpoint.now.today();
    let runs_out = board.standing_decision().and_then(|it| it.until);
    if runs_out.is_some_and(|until| until <= today) {
        return None;
    }
    let met = match trigger.rule {
        Some(_) => met_since(board, trigger, viewpoint),
        None => trigger.judgement().map(|judged| judged.id),
    };
    met.is_some_and(|met| last.id.0 > met).then_some(last)
}

/// Returns whether a decision answers a met trigger; see [`answered_by`].
#[must_use]
pub fn is_answered(
    board: &Board,
    trigger: &Record<TriggerId, Trigger>,
    viewpoint: impl Into<Viewpoint>,
) -> bool {
    answered_by(board, trigger, viewpoint).is_some()
}

/// Describes the call of a met trigger: "Met: hold a decision meeting. A trigger does not decide by itself.",
/// "Met: Hold a double-crux talk.", "Met, and answered by the decision of 30 Nov 2026."
#[must_use]
pub fn call_words(
    board: &Board,
    trigger: &Record<TriggerId, Trigger>,
    viewpoint: impl Into<Viewpoint>,
) -> String {
    let viewpoint = viewpoint.into();
    if let Some(decision) = answered_by(board, trigger, viewpoint) {
        return t!(
            "Met, and answered by the decision of {day}.",
            day = spelled(decision.day(viewpoint.now))
        );
    }
    let call = trigger.call();
    let stop = if call.ends_with(['.', '!', '?']) {
        ""
    } else {
        "."
    };
    let call = format!("{call}{stop}");
    match trigger.calls_for_decision() {
        true => t!("Met: {call} A trigger does not decide by itself.", call),
        false => t!("Met: {call}", call),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_a_decision_by_its_words_in_english_and_german() {
        for action in [
            "Call a decision meeting",
            "Decide at the next review",
            "Entscheidungsbesprechung abhalten",
            "Wir entscheiden in der nächsten Besprechung",
            "Eine Entscheidung treffen",
            "Grundsatzentscheidung herbeiführen",
            "Neu entscheiden",
            "Den Vorstand mitentscheiden lassen",
            "Dann wird entschieden",
            "Beschluss fassen",
            "Vorstandsbeschluss einholen",
            "Über die Fortführung beschließen",
        ] {
            assert!(is_decision(action), "{action}");
        }
        for action in [
            "",
            "Hold a double-crux talk",
            "Gespräch über die entscheidende Frage führen",
            "Entscheider informieren",
            "Fälle unterscheiden",
            "Unentschiedenen Fall prüfen",
            "Crux erneut ansehen",
            "Geschwindigkeit erhöhen",
        ] {
            assert!(!is_decision(action), "{action}");
        }
    }
}
