use chrono::NaiveDate;
use serde::Serialize;

use super::{CruxId, EvidenceId, OptionId, PersonId, record, words};
use crate::by_name::readable;
use crate::{Credence, Stamp};

words! {
    /// What a judge says of an event trigger.
    Verdict {
        /// Not yet, but it is getting there.
        Near = "near", "Near";
        /// It has happened.
        Met = "met", "Met";
        /// It did not happen, and by the date it should have.
        NotMet = "not-met", "Not met";
        /// The question has become meaningless.
        Void = "void", "Void";
        /// People judge it differently.
        Disputed = "disputed", "Disputed";
        /// An earlier judgement is taken back; the trigger waits again.
        Open = "open", "Open again";
    }
    /// What the verdict on a trigger says of the claim of its crux.
    Shows {
        /// The claim is true.
        ClaimTrue = "true", "true";
        /// The claim is false.
        ClaimFalse = "false", "false";
    }
    /// What a credence trigger looks at.
    Measure {
        /// The group's aggregate, in percent.
        Aggregate = "aggregate", "Aggregate";
        /// The distance between the lowest and the highest credence, in points.
        Spread = "spread", "Spread";
    }
    /// On which side of its value a credence trigger is met.
    Comparison {
        /// At the value or above it.
        AtLeast = "at-least", "at or above";
        /// At the value or below it.
        AtMost = "at-most", "at or below";
    }
}

/// When a credence trigger is met.
#[derive(Clone, Copy, Debug, PartialEq, Hash, Serialize)]
pub struct CredenceRule {
    /// What it looks at.
    pub measure: Measure,
    /// On which side.
    pub comparison: Comparison,
    /// Of what value: percent, or points of spread.
    pub value: Credence,
    /// At how many reviews running; 0: as soon as it happens.
    pub reviews: u8,
}

readable! {
    CredenceRule { must measure, must comparison, must value, must reviews, }
}

/// One judgement of an event trigger.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// When it was given, and the change that holds it.
    pub id: Stamp,
    /// By whom.
    pub by: Option<PersonId>,
    /// What was judged.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// On what.
    pub evidence: Vec<EvidenceId>,
}

/// A change of what a trigger asks for that is or was armed; it stays in sight for good.
#[derive(Clone, Debug, PartialEq)]
pub struct GoalpostMove {
    /// When, and the change that holds it.
    pub id: Stamp,
    /// By whom.
    pub by: Option<PersonId>,
    /// Why.
    pub reason: String,
    /// Each field that moved: its name, what stood there, and what stands there since.
    pub fields: Vec<(&'static str, String, String)>,
}

record! {
    /// An agreed tripwire on a crux, towards one option. It calls a decision; it never decides.
    Trigger,
    /// What one change sets of a trigger.
    TriggerEdit,
    {
        /// The crux it belongs to.
        crux: CruxId,
        /// The option it speaks for, if it speaks for one.
        toward: Option<OptionId>,
        /// Whether it waits for its event, or is still being written.
        armed: bool,
        /// What would be observed.
        observable: String,
        /// Where one would see it.
        source: String,
        /// From which figure on it counts.
        threshold: String,
        /// Until when.
        by_date: Option<NaiveDate>,
        /// Who judges.
        judge: String,
        /// What is done when it is met.
        action: String,
        /// When to look at it again.
        review_on: Option<NaiveDate>,
        /// For a credence trigger: when it is met. `None`: an event trigger.
        rule: Option<CredenceRule>,
        /// What it would say of the claim if it is met; `None`: nothing.
        if_met: Option<Shows>,
        /// What it would say of the claim if it is judged not met; `None`: nothing.
        if_not_met: Option<Shows>,
    }
    kept {
        /// What judges said, oldest first.
        judgements: Vec<Judgement>,
        /// Changes of what it asked for since it was first armed, oldest first.
        goalposts: Vec<GoalpostMove>,
        /// Whether it was ever armed: to disarm it first hides no move.
        ever_armed: bool,
    }
}

impl Trigger {
    /// The latest judgement, which is the one that counts.
    #[must_use]
    pub fn judgement(&self) -> Option<&Judgement> {
        self.judgements.last()
    }

    /// What a verdict on it says of the claim. Only events say anything: a trigger computed from
    /// credences would make them true of themselves.
    #[must_use]
    pub fn shows(&self, verdict: Verdict) -> Option<Shows> {
        if self.rule.is_some() {
            return None;
        }
        match verdict {
            Verdict::Met => self.if_met,
            Verdict::NotMet => self.if_not_met,
            Verdict::Near | Verdict::Void | Verdict::Disputed | Verdict::Open => None,
        }
    }

    /// What it waits for, in one line.
    #[must_use]
    pub fn headline(&self) -> String {
        match self.rule {
            Some(rule) if self.observable.is_empty() => rule.to_string(),
            None if self.observable.is_empty() => match self.threshold.is_empty() {
                true => self.action.clone(),
                false => self.threshold.clone(),
            },
            _ => self.observable.clone(),
        }
    }

    /// What it asks for that `edit` would move.
    #[must_use]
    pub fn goalposts_moved_by(&self, edit: &TriggerEdit) -> Vec<(&'static str, String, String)> {
        let date = |date: Option<NaiveDate>| date.map_or("none".into(), |d| d.to_string());
        let claim = |shows: Option<Shows>| {
            shows.map_or("says nothing of the claim".into(), |shows| {
                format!("the claim is {}", shows.label())
            })
        };
        let mut after = self.clone();
        after.overlay(edit);
        [
            (
                "observable",
                self.observable.clone(),
                after.observable.clone(),
            ),
            ("threshold", self.threshold.clone(), after.threshold.clone()),
            ("by-date", date(self.by_date), date(after.by_date)),
            ("rule", rule_text(self.rule), rule_text(after.rule)),
            ("if met", claim(self.if_met), claim(after.if_met)),
            (
                "if not met",
                claim(self.if_not_met),
                claim(after.if_not_met),
            ),
        ]
        .into_iter()
        .filter(|(_, before, after)| before != after)
        .collect()
    }
}

fn rule_text(rule: Option<CredenceRule>) -> String {
    rule.map_or("none".into(), |rule| rule.to_string())
}

impl std::fmt::Display for CredenceRule {
    /// "aggregate at or above 70% at 2 reviews running".
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let side = self.comparison.label();
        match self.measure {
            Measure::Aggregate => write!(f, "aggregate {side} {}", self.value.shown())?,
            Measure::Spread => {
                let value = self.value;
                write!(f, "spread {side} {value} {}", value.points_noun())?;
            }
        }
        match self.reviews {
            0 => Ok(()),
            1 => f.write_str(" at a review"),
            n => write!(f, " at {n} reviews running"),
        }
    }
}
