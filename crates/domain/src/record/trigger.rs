use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{CruxId, EvidenceId, OptionId, PersonId, keyed_enum, record};
use crate::change::TriggerChecked;
use crate::record::strict::objects_only;
use crate::{ChangeId, Credence};

keyed_enum! {
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
        Open = "open", "Reopen";
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

impl Verdict {
    /// Whether it says that the event happened or did not. It stands until its judge says
    /// otherwise or somebody settles the dispute.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Met | Self::NotMet)
    }
}

/// When a credence trigger is met.
#[derive(Clone, Copy, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
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

objects_only! {
    CredenceRule,
}

/// One judgement of an event trigger.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// When it was given, and the change that holds it.
    pub id: ChangeId,
    /// By whom.
    pub by: Option<PersonId>,
    /// What was judged.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// On what.
    pub evidence: Vec<EvidenceId>,
    /// The earlier judgements that it settles.
    pub settles: Vec<ChangeId>,
    /// Whether the trigger was a draft then: nobody had agreed to its terms, so it does not count.
    pub of_draft: bool,
}

/// Why a trigger is disputed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dispute {
    /// Somebody judged that it is.
    Declared,
    /// Judges say different things.
    Judges,
    /// It was judged before the observable, the threshold or the date was changed.
    Terms,
    /// A computed trigger was met before its rule, quorum or crux was changed.
    Rule,
}

/// A change of what a trigger asks for that is or was armed; it stays in sight for good.
#[derive(Clone, Debug, PartialEq)]
pub struct GoalpostMove {
    /// When, and the change that holds it.
    pub id: ChangeId,
    /// By whom.
    pub by: Option<PersonId>,
    /// Why.
    pub reason: String,
    /// Each field that moved: its name, what stood there, and what stands there since.
    pub fields: Vec<(&'static str, String, String)>,
}

/// The rule, quorum and crux of a computed trigger before they were changed.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleMove {
    /// When it was changed, and the change that holds it.
    pub id: ChangeId,
    /// Its crux before.
    pub crux: CruxId,
    /// Its rule before.
    pub rule: CredenceRule,
    /// Its quorum before.
    pub quorum: Option<u16>,
    /// The change since which reviews counted before.
    pub counts_from: ChangeId,
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
        /// For a credence trigger: how many people's credences it takes. `None`: more than half of
        /// the board's people, at least two.
        quorum: Option<u16>,
    }
    kept {
        /// What judges said, oldest first.
        judgements: Vec<Judgement>,
        /// Changes of what it asked for since it was first armed, oldest first.
        goalposts: Vec<GoalpostMove>,
        /// Changes of its rule, quorum or crux since it was first armed, oldest first.
        rule_moves: Vec<RuleMove>,
        /// What reviews found of it, by when that was written, oldest first.
        checks: Vec<TriggerChecked>,
        /// The change since which reviews count for it: the first that armed it, or a later one of
        /// its crux, rule or quorum. `None`: it was never armed.
        counts_from: Option<ChangeId>,
    }
}

impl Trigger {
    /// Whether it was ever armed: disarming it first hides no move.
    #[must_use]
    pub fn ever_armed(&self) -> bool {
        self.counts_from.is_some()
    }

    /// The latest judgement that counts.
    #[must_use]
    pub fn judgement(&self) -> Option<&Judgement> {
        self.judgements.iter().rfind(|judged| !judged.of_draft)
    }

    /// The judgements that stand, oldest first. A later one takes the place of those of the same
    /// judge, of those that it settles, of those given on earlier terms, and of everybody's that
    /// were not final.
    #[must_use]
    pub fn standing(&self) -> Vec<&Judgement> {
        let mut standing: Vec<&Judgement> = Vec::new();
        for judged in self.judgements.iter().filter(|judged| !judged.of_draft) {
            standing.retain(|earlier| {
                earlier.by != judged.by
                    && earlier.verdict.is_final()
                    && !judged.settles.contains(&earlier.id)
                    && !self.asked_otherwise(earlier.id, judged.id)
            });
            standing.push(judged);
        }
        standing
    }

    /// Whether the observable, the threshold or the date was changed between two changes.
    fn asked_otherwise(&self, after: ChangeId, before: ChangeId) -> bool {
        let mut moved = self.goalposts.iter();
        moved.any(|moved| {
            let is_asked = |field: &(&str, String, String)| ASKED.contains(&field.0);
            after < moved.id && moved.id < before && moved.fields.iter().any(is_asked)
        })
    }

    /// Why its verdict is disputed, if it is.
    #[must_use]
    pub fn dispute(&self) -> Option<Dispute> {
        let standing = self.standing();
        let latest = standing.last()?;
        let is = |verdict| standing.iter().any(|judged| judged.verdict == verdict);
        if is(Verdict::Disputed) {
            Some(Dispute::Declared)
        } else if standing.iter().any(|one| one.verdict != latest.verdict) {
            Some(Dispute::Judges)
        } else if latest.verdict.is_final() && self.asked_otherwise(latest.id, ChangeId::MAX) {
            Some(Dispute::Terms)
        } else {
            None
        }
    }

    /// What its judges say together; `None` while nobody has judged it.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        if self.dispute().is_some() {
            return Some(Verdict::Disputed);
        }
        self.judgement().map(|judged| judged.verdict)
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
        let option = |option: Option<OptionId>| option.map_or("none".into(), |id| id.to_string());
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
            (
                "quorum",
                quorum_text(self.quorum),
                quorum_text(after.quorum),
            ),
            (OPTION, option(self.toward), option(after.toward)),
            ("judge", self.judge.clone(), after.judge.clone()),
            ("source", self.source.clone(), after.source.clone()),
            ("action", self.action.clone(), after.action.clone()),
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

/// The field of a moved goalpost that holds ids of options instead of texts.
pub(crate) const OPTION: &str = "option";

/// The fields of a moved goalpost without which a verdict says nothing.
const ASKED: &[&str] = &["observable", "threshold", "by-date"];

fn quorum_text(quorum: Option<u16>) -> String {
    quorum.map_or("more than half".into(), |quorum| quorum.to_string())
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
