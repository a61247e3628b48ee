mod rule;
mod words;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::table::entity::{CRUX, OPTION as OPTIONS};
use super::table::{Inclusion, SharedField, ValueKind, shared};
use super::{CruxId, EvidenceId, OptionId, PersonId, TriggerId, record};
use crate::record::strict::objects_only;
use crate::{ChangeId, Credence, t, translatable};

pub use self::words::{Comparison, Measure, Shows, Verdict};

impl Verdict {
    /// Returns whether it says that the event happened or did not happen. Such an outcome stands until its
    /// author records another one or somebody settles the dispute.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Met | Self::NotMet)
    }
}

/// The condition under which a credence trigger is met.
#[derive(Clone, Copy, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct CredenceRule {
    /// The figure that is watched.
    pub measure: Measure,
    /// The comparison.
    pub comparison: Comparison,
    /// The value: percent, or percentage points of spread.
    pub value: Credence,
    /// Number of consecutive reviews at which it must hold; 0 to be met at once.
    pub reviews: u8,
}

/// The result of a review for a computed trigger. It is recorded when the review is closed, so that later
/// credences, reveals and late arrivals do not change it.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct TriggerChecked {
    /// The trigger.
    pub trigger: TriggerId,
    /// The change that closed or recorded the review.
    pub review: ChangeId,
    /// Whether the rule held, with its quorum.
    pub held: bool,
    /// The aggregate in percent, or the spread in percentage points; `None` without credences.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figure: Option<Credence>,
    /// Number of people whose credences counted.
    pub people: u16,
    /// Number of people on the board.
    pub of: u16,
}

objects_only! {
    CredenceRule,
    TriggerChecked,
}

/// One outcome recorded for an event trigger.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// The change that recorded it, which is also its time.
    pub id: ChangeId,
    /// The author.
    pub by: Option<PersonId>,
    /// The outcome.
    pub verdict: Verdict,
    /// The reason.
    pub reason: String,
    /// The evidence it is based on.
    pub evidence: Vec<EvidenceId>,
    /// The earlier outcomes that it settles.
    pub settles: Vec<ChangeId>,
    /// Whether the trigger was a draft then. Nobody had agreed to its terms, so the outcome does not count.
    pub of_draft: bool,
}

/// The reason why a trigger is disputed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dispute {
    /// Somebody recorded that it is disputed.
    Declared,
    /// Different people recorded different outcomes.
    Judges,
    /// The outcome was recorded before the observable, the threshold or the date was changed.
    Terms,
    /// A computed trigger was met before its rule, quorum or crux was changed.
    Rule,
}

/// A change of the terms of a trigger that is or was armed. It stays visible for good.
#[derive(Clone, Debug, PartialEq)]
pub struct GoalpostMove {
    /// The change that moved it, which is also its time.
    pub id: ChangeId,
    /// The author.
    pub by: Option<PersonId>,
    /// The reason.
    pub reason: String,
    /// Each changed field: name, which is [`translatable!`], value before, value after.
    pub fields: Vec<(&'static str, String, String)>,
}

/// The rule, quorum and crux of a computed trigger before they were changed.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleMove {
    /// The change that replaced them, which is also its time.
    pub id: ChangeId,
    /// The crux before.
    pub crux: CruxId,
    /// The rule before.
    pub rule: CredenceRule,
    /// The quorum before.
    pub quorum: Option<u16>,
    /// The change since which reviews counted before.
    pub counts_from: ChangeId,
}

/// The fields of a rule in snapshots.
const RULE: &[SharedField] = &[
    shared("measure", ValueKind::Word(Measure::KEYS), Inclusion::Always),
    shared(
        "comparison",
        ValueKind::Word(Comparison::KEYS),
        Inclusion::Always,
    ),
    shared("value", ValueKind::Percent, Inclusion::Always),
    shared("reviews", ValueKind::Number, Inclusion::Always),
];

record! {
    /// A trigger on a crux, for one option. It calls for a decision; it never decides.
    Trigger,
    /// An edit of a trigger.
    TriggerEdit,
    {
        /// The crux it belongs to.
        crux: CruxId { label: "Crux", input: Own,
            search: no, snapshot: Always Ref(CRUX), since: "every-fact" }
        /// The option that it supports, if any.
        toward: Option<OptionId> { label: "Speaks for", input: Option("no option: look again"),
            search: no, snapshot: Always Ref(OPTIONS), since: "every-fact" }
        /// Whether it is armed; otherwise it is a draft.
        armed: bool { label: "Armed", input: Yes,
            search: no, snapshot: Always Flag, since: "every-fact" }
        /// The observable.
        observable: String { label: "Observable", input: Area, hint: "What would you see?",
            search: yes, snapshot: Always Text, since: "every-fact" }
        /// The place where it would be observed.
        source: String { label: "Source", input: Line, hint: "Where can it be observed?",
            search: yes, snapshot: WithDetails Text, since: "every-fact" }
        /// The threshold from which it counts.
        threshold: String { label: "Threshold", input: Line, hint: "Which figure counts as met?",
            search: yes, snapshot: WithDetails Text, since: "every-fact" }
        /// The date by which it must happen.
        by_date: Option<NaiveDate> { label: "By" in "date", input: DueDay,
            search: no, snapshot: Always Day, since: "every-fact" }
        /// The person who records the outcome.
        judge: String { label: "Judge", input: Line, hint: "Who decides whether it is met?",
            search: yes, snapshot: Always Name, since: "every-fact" }
        /// The action to take when it is met.
        action: String { label: "Action", input: Line, hint: "What will be done when it is met?",
            search: yes, snapshot: WithDetails Text, since: "every-fact" }
        /// The date of its next review.
        review_on: Option<NaiveDate> { label: "Review on", input: DueDay,
            search: no, snapshot: WithDetails Day, since: "every-fact" }
        /// The condition of a credence trigger; `None` for an event trigger.
        rule: Option<CredenceRule> { label: "Rule", input: Own,
            search: no, snapshot: Always One(RULE), since: "every-fact" }
        /// The conclusion about the claim if it is met; `None` for none.
        if_met: Option<Shows> { label: "If it is met, the claim is", input: Word(Shows::CHOICES),
            hint: "Credences are then scored. Leave it empty if the claim would still be open.",
            search: no, snapshot: Always Word(Shows::KEYS), since: "learning" }
        /// The conclusion about the claim if it is not met; `None` for none.
        if_not_met: Option<Shows> { label: "If it is judged not met, the claim is", input: Word(Shows::CHOICES),
            hint: "Leave it empty if a missed date proves nothing.",
            search: no, snapshot: Always Word(Shows::KEYS), since: "learning" }
        /// For a credence trigger, the number of people whose credences are required. `None`: more than half
        /// of the board's people, at least two.
        quorum: Option<u16> { label: "Quorum", input: Own,
            search: no, snapshot: Always Number, since: "triggers" }
    }
    kept {
        /// The recorded outcomes, oldest first.
        judgements: Vec<Judgement>,
        /// Changes of its terms since it was first armed, oldest first.
        goalposts: Vec<GoalpostMove>,
        /// Changes of its rule, quorum or crux since it was first armed, oldest first.
        rule_moves: Vec<RuleMove>,
        /// The results of reviews, by the time of their recording, oldest first.
        checks: Vec<TriggerChecked>,
        /// The change since which reviews count: the first that armed it, or a later one of its crux, rule or
        /// quorum. `None` if it was never armed.
        counts_from: Option<ChangeId>,
    }
}

impl Trigger {
    /// Returns whether it was ever armed. Disarming it first hides no move.
    #[must_use]
    pub fn ever_armed(&self) -> bool {
        self.counts_from.is_some()
    }

    /// Returns the latest outcome that counts.
    #[must_use]
    pub fn judgement(&self) -> Option<&Judgement> {
        self.judgements.iter().rfind(|judged| !judged.of_draft)
    }

    /// Returns the outcomes that stand, oldest first. A later outcome replaces those of the same author,
    /// those that it settles, those recorded on earlier terms, and everybody's that were not final.
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

    /// Returns whether the observable, the threshold or the date was changed between two changes.
    fn asked_otherwise(&self, after: ChangeId, before: ChangeId) -> bool {
        let mut moved = self.goalposts.iter();
        moved.any(|moved| {
            let is_asked = |field: &(&str, String, String)| ASKED.contains(&field.0);
            after < moved.id && moved.id < before && moved.fields.iter().any(is_asked)
        })
    }

    /// Returns why the outcome is disputed, if it is.
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

    /// Returns the combined outcome; `None` if none was recorded.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        if self.dispute().is_some() {
            return Some(Verdict::Disputed);
        }
        self.judgement().map(|judged| judged.verdict)
    }

    /// Returns what an outcome shows about the claim. Only event triggers show anything: a trigger computed
    /// from credences would make them confirm themselves.
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

    /// Describes the condition of the trigger, in one line.
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

    /// Returns the terms that `edit` would change.
    #[must_use]
    pub fn goalposts_moved_by(&self, edit: &TriggerEdit) -> Vec<(&'static str, String, String)> {
        let date = |date: Option<NaiveDate>| date.map_or(t!("none").into(), |d| d.to_string());
        let claim = |shows: Option<Shows>| {
            let text = match shows {
                None => t!("says nothing of the claim"),
                Some(Shows::ClaimTrue) => t!("the claim is true"),
                Some(Shows::ClaimFalse) => t!("the claim is false"),
            };
            text.to_owned()
        };
        let option =
            |option: Option<OptionId>| option.map_or(t!("none").into(), |id| id.to_string());
        let mut after = self.clone();
        after.overlay(edit);
        [
            (
                translatable!("observable"),
                self.observable.clone(),
                after.observable.clone(),
            ),
            (
                translatable!("threshold"),
                self.threshold.clone(),
                after.threshold.clone(),
            ),
            (
                translatable!("by-date"),
                date(self.by_date),
                date(after.by_date),
            ),
            (
                translatable!("rule"),
                rule_text(self.rule),
                rule_text(after.rule),
            ),
            (
                translatable!("quorum"),
                quorum_text(self.quorum),
                quorum_text(after.quorum),
            ),
            (OPTION, option(self.toward), option(after.toward)),
            (
                translatable!("judge"),
                self.judge.clone(),
                after.judge.clone(),
            ),
            (
                translatable!("source"),
                self.source.clone(),
                after.source.clone(),
            ),
            (
                translatable!("action"),
                self.action.clone(),
                after.action.clone(),
            ),
            (
                translatable!("if met"),
                claim(self.if_met),
                claim(after.if_met),
            ),
            (
                translatable!("if not met"),
                claim(self.if_not_met),
                claim(after.if_not_met),
            ),
        ]
        .into_iter()
        .filter(|(_, before, after)| before != after)
        .collect()
    }
}

/// The field of a moved goalpost that contains ids of options instead of texts.
pub(crate) const OPTION: &str = translatable!("option");

/// The fields of a moved goalpost on which the meaning of an outcome depends.
const ASKED: &[&str] = &["observable", "threshold", "by-date"];

fn quorum_text(quorum: Option<u16>) -> String {
    quorum.map_or(t!("more than half").into(), |quorum| quorum.to_string())
}

fn rule_text(rule: Option<CredenceRule>) -> String {
    rule.map_or(t!("none").into(), |rule| rule.to_string())
}
