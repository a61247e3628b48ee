use std::borrow::Cow;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{CruxId, OptionId, PersonId, keyed_enum, record};
use crate::record::strict::objects_only;

keyed_enum! {
    /// What a claim says against the work, if it is true.
    BearingKind {
        /// It does more harm than good; its size is said.
        NetNegative = "net-negative", "Net-negative";
        /// It achieves nothing; how certain that is, is said.
        Useless = "useless", "Useless";
        /// It should be done differently; how, is said.
        DirectionChange = "direction-change", "Direction change";
        /// Anything else, so that nothing is turned away.
        Other = "other", "Other";
    }
    /// Whom the claim is about.
    Scope {
        /// The whole field.
        Field = "field", "The field";
        /// This organisation.
        Us = "us", "Us";
        /// Both.
        FieldAndUs = "field-and-us", "The field and us";
    }
    /// Whether the claim is peculiar to this work.
    Specificity {
        /// It is.
        Peculiar = "peculiar", "Specific to this work";
        /// It holds for a wider class of work.
        WiderClass = "wider-class", "True of a wider class";
    }
    /// What the claim measures the work against.
    Basis {
        /// Nothing: the work taken by itself.
        Absolute = "absolute", "Absolute";
        /// A named alternative.
        Compared = "compared", "Compared with an alternative";
    }
    /// How much weight its source puts on the claim.
    Reliance {
        /// The argument rests on it.
        ReliedOn = "relied-on", "Relied on";
        /// Believed, but it is not the point being made.
        BelievedOnly = "believed-only", "Believed, not relied on";
        /// Put to its source, who did not endorse it.
        NotEndorsed = "not-endorsed", "Not endorsed by its source";
    }
    /// In which sense the claim is true.
    Modality {
        /// As things are.
        Now = "now", "True now";
        /// As things are, but it could be otherwise.
        NowNotNecessarily = "now-not-necessarily", "True now, not necessarily";
        /// It could not be otherwise.
        Necessarily = "necessarily", "Necessarily true";
        /// If a condition holds.
        Conditional = "conditional", "Conditional";
        /// It may turn out so.
        MayTurnOut = "may-turn-out", "May turn out true";
    }
    /// How much hangs on the crux.
    Importance {
        /// It could decide by itself.
        Critical = "critical", "Critical";
        /// Much.
        High = "high", "High";
        /// Some.
        Medium = "medium", "Medium";
        /// Little.
        Low = "low", "Low";
    }
    /// Where the crux came from.
    Origin {
        /// Worked out here.
        Own = "own", "Own research";
        /// Heard or read elsewhere.
        Sourced = "sourced", "Sourced from others";
    }
    /// Where the crux is in its life.
    Stage {
        /// Under discussion.
        Open = "open", "Open";
        /// Settled: the claim is true.
        SettledTrue = "settled-true", "Settled: true";
        /// Settled: the claim is false.
        SettledFalse = "settled-false", "Settled: false";
        /// No longer one on which the decision hinges.
        Retired = "retired", "Retired";
    }
}

/// What a claim says against the work, with its size, certainty or suggestion in words.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Bearing {
    /// In which way.
    pub kind: BearingKind,
    /// How large a harm, how certainly useless, which other direction.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub degree: String,
}

/// A way to make the claim less damaging.
#[derive(Clone, Debug, Default, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Mitigation {
    /// What one would do.
    pub what: String,
    /// What it would cost.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cost: String,
}

objects_only! {
    Bearing,
    Mitigation,
}

record! {
    /// A claim on which the decision hinges.
    Crux,
    /// What one change sets of a crux.
    CruxEdit,
    {
        /// A few words to call it by.
        title: String,
        /// The claim: a sentence that is true or false.
        claim: String,
        /// The option it points to if it is true.
        if_true: Option<OptionId>,
        /// In what form that option is meant: "in changed form".
        if_true_note: String,
        /// Whether it is open, settled or retired.
        stage: Option<Stage>,
        /// Why it was settled or retired.
        stage_reason: String,
        /// How much hangs on it.
        importance: Option<Importance>,
        /// Its place in the board's own order: sorts as text.
        rank: String,
        /// Who looks after it.
        owner: Option<PersonId>,
        /// When to look at it again.
        review_on: Option<NaiveDate>,
        /// Free words to find it by.
        tags: Vec<String>,
        /// What it says against the work.
        bearings: Vec<Bearing>,
        /// Whom it is about.
        scope: Option<Scope>,
        /// Whom exactly.
        scope_note: String,
        /// Whether it is peculiar to this work.
        specificity: Option<Specificity>,
        /// The wider class it holds for.
        wider_class: String,
        /// What it measures the work against.
        basis: Option<Basis>,
        /// The alternative it is compared with.
        alternative: String,
        /// How the same concern would strike that alternative too.
        hits_alternative: String,
        /// How much weight its source puts on it.
        reliance: Option<Reliance>,
        /// In which sense it is true.
        modality: Option<Modality>,
        /// Due to what it is true now, if it need not be.
        due_to: String,
        /// Under which conditions, to what degree, from whose point of view.
        conditions: Vec<String>,
        /// The words its source hedged it with, verbatim.
        hedge: String,
        /// Where it came from.
        origin: Option<Origin>,
        /// From whom.
        sourced_from: String,
        /// The case in one plain line, for somebody who will read only that.
        one_liner: String,
        /// What to do differently, for those who go on with the work.
        implication: String,
        /// What could be done about it.
        mitigations: Vec<Mitigation>,
        /// What a test of it would take.
        test_cost: String,
        /// Whether the usual process would have missed it.
        usually_missed: bool,
        /// The crux it was split from.
        split_from: Option<CruxId>,
        /// Cruxes that are separate arguments, so that they are not counted twice.
        separate_from: Vec<CruxId>,
        /// The last day, in UTC, whose credences are scored: on the next the outcome could be known.
        /// `None`: credences count until it was settled or judged.
        scored_until: Option<NaiveDate>,
        /// Notes: background, resolution criteria, a link.
        note: String,
    }
}

impl Crux {
    /// Where it is in its life.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.stage.unwrap_or(Stage::Open)
    }

    /// The title, or the claim when it has none; of a long one the beginning.
    #[must_use]
    pub fn name(&self) -> Cow<'_, str> {
        /// So many characters of a claim stand for it.
        const MOST: usize = 60;
        if !self.title.is_empty() {
            return Cow::Borrowed(&self.title);
        }
        let Some((end, _)) = self.claim.char_indices().nth(MOST) else {
            return Cow::Borrowed(&self.claim);
        };
        // Between two words, unless one of them is most of it.
        let (beginning, rest) = self.claim.split_at(end);
        let is_between = !rest.starts_with(char::is_alphanumeric);
        let before = beginning.rfind(' ').filter(|at| *at > end / 2);
        let end = before.filter(|_| !is_between).unwrap_or(end);
        let beginning = beginning[..end].trim_end_matches([' ', ',', ';', ':', '.', '…']);
        Cow::Owned(format!("{beginning}…"))
    }

    /// The claim as it stands after "35% likely that": without its full stop, and with a small
    /// letter where the first word is not a name.
    #[must_use]
    pub fn clause(&self) -> String {
        const STARTERS: &[&str] = &[
            "A", "After", "All", "An", "Any", "At", "Because", "By", "Each", "Every", "For", "He",
            "If", "In", "It", "Its", "Many", "More", "Most", "No", "Nobody", "On", "Only", "Our",
            "She", "Some", "Such", "That", "The", "Their", "There", "These", "They", "This",
            "Those", "To", "Training", "Under", "Using", "We", "When", "Within", "Without",
            "Working",
        ];
        let claim = self.claim.trim().trim_end_matches('.');
        let first = claim
            .split(|c: char| !c.is_alphanumeric())
            .next()
            .unwrap_or("");
        if STARTERS.binary_search(&first).is_err() {
            return claim.into();
        }
        let mut letters = claim.chars();
        letters
            .next()
            .into_iter()
            .flat_map(char::to_lowercase)
            .chain(letters)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_reads_on_after_likely_that() {
        for (claim, clause) in [
            ("The harm gets worse.", "the harm gets worse"),
            (
                "In the current paradigm, it is so.",
                "in the current paradigm, it is so",
            ),
            ("Anthropic will ship it.", "Anthropic will ship it"),
            ("AI pauses are better.", "AI pauses are better"),
            ("", ""),
        ] {
            let crux = Crux {
                claim: claim.into(),
                ..Crux::default()
            };
            assert_eq!(crux.clause(), clause);
        }
    }

    #[test]
    fn an_edit_holds_the_fields_that_differ_and_no_others() {
        let before = Crux {
            claim: "X".into(),
            tags: vec!["a".into()],
            ..Crux::default()
        };
        let after = Crux {
            tags: vec![],
            review_on: "2027-01-15".parse().ok(),
            ..before.clone()
        };
        let edit = before.edit_to(&after);
        assert_eq!(
            serde_json::to_string(&edit).unwrap(),
            r#"{"review_on":"2027-01-15","tags":[]}"#
        );
        let mut folded = before;
        folded.overlay(&edit);
        assert_eq!(folded, after);
    }

    #[test]
    fn a_field_set_to_nothing_is_not_a_field_left_alone() {
        let edit: CruxEdit = serde_json::from_str(r#"{"owner":null}"#).unwrap();
        assert_eq!(
            edit,
            CruxEdit {
                owner: Some(None),
                ..CruxEdit::default()
            }
        );
        assert_eq!(serde_json::to_string(&edit).unwrap(), r#"{"owner":null}"#);
    }

    #[test]
    fn a_crux_without_a_title_is_called_by_its_claim_and_a_long_one_is_cut_between_words() {
        let long =
            "Nobody who was asked could say at what point the whole of it, as planned, would end";
        let unbroken = "x".repeat(80);
        for (title, claim, name) in [
            ("Title", long, "Title"),
            ("", "It ends.", "It ends."),
            (
                "",
                long,
                "Nobody who was asked could say at what point the whole of it…",
            ),
            ("", &unbroken, &format!("{}…", &unbroken[..60])),
            ("", "", ""),
        ] {
            let crux = Crux {
                title: title.into(),
                claim: claim.into(),
                ..Crux::default()
            };
            assert_eq!(crux.name(), name);
        }
    }
}
