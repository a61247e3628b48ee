mod words;

use std::borrow::Cow;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::table::entity::{CRUX, OPTION, PERSON};
use super::table::{Inclusion, SearchTexts, SharedField, ValueKind, shared};
use super::{CruxId, OptionId, PersonId, record};
use crate::Credence;
use crate::record::strict::objects_only;
use crate::translation::is_english;

pub use self::words::{
    Basis, BearingKind, Importance, Modality, Origin, Reliance, Scope, Specificity, Stage,
};

/// A bearing on the work if a claim is true, with its size, certainty or suggestion in words.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Bearing {
    /// The kind of bearing.
    pub kind: BearingKind,
    /// The size of the harm, the certainty of uselessness, or the other direction.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub degree: String,
}

/// A way to make the claim less damaging.
#[derive(Clone, Debug, Default, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Mitigation {
    /// The mitigation.
    pub what: String,
    /// The cost of the mitigation.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cost: String,
}

objects_only! {
    Bearing,
    Mitigation,
}

/// The fields of a bearing in snapshots.
const BEARING: &[SharedField] = &[
    shared(
        "kind",
        ValueKind::Word(BearingKind::KEYS),
        Inclusion::Always,
    ),
    shared("degree", ValueKind::Text, Inclusion::WithDetails),
];

/// The fields of a mitigation in snapshots.
const MITIGATION: &[SharedField] = &[
    shared("what", ValueKind::Text, Inclusion::Always),
    shared("cost", ValueKind::Text, Inclusion::Always),
];

impl SearchTexts for Bearing {
    fn add_texts<'a>(&'a self, all: &mut Vec<&'a str>) {
        all.push(&self.degree);
    }
}

impl SearchTexts for Mitigation {
    fn add_texts<'a>(&'a self, all: &mut Vec<&'a str>) {
        all.extend_from_slice(&[&self.what, &self.cost]);
    }
}

record! {
    /// A claim on which the decision hinges.
    Crux,
    /// An edit of a crux.
    CruxEdit,
    {
        /// The title: a few words.
        title: String { label: "Title", input: Line, hint: "A short name.",
            search: yes, snapshot: Always Text, since: "every-fact" }
        /// The claim: a sentence that is true or false.
        claim: String { label: "Claim", input: Claim, hint: "One sentence that is true or false.",
            search: yes, snapshot: Always Text, since: "every-fact" }
        /// The option that it points to if true.
        if_true: Option<OptionId> { label: "Option if true", input: Option("—"),
            search: no, snapshot: Always Ref(OPTION), since: "every-fact" }
        /// The form in which that option is meant, such as "in changed form".
        if_true_note: String { label: "Form", input: Line, hint: "“in changed form”, “at half the size”",
            search: yes, snapshot: Always Text, since: "every-fact" }
        /// The stage: open, settled or retired.
        stage: Option<Stage> { label: "State", input: Own,
            search: no, snapshot: Always Word(Stage::KEYS), since: "every-fact" }
        /// The reason why it was settled or retired.
        stage_reason: String { label: "Why it is settled or retired", input: Own,
            search: yes, snapshot: Always Text, since: "settled" }
        /// The importance for the decision.
        importance: Option<Importance> { label: "Importance", input: Word(Importance::CHOICES),
            search: no, snapshot: Always Word(Importance::KEYS), since: "every-fact" }
        /// The rank in the manual order, which sorts as text.
        rank: String { label: "Place on the board", input: Own,
            search: no, snapshot: Always Text, since: "every-fact" }
        /// The owner, a person of the board.
        owner: Option<PersonId> { label: "Owner", input: Person,
            search: no, snapshot: Always Ref(PERSON), since: "every-fact" }
        /// The date of its next review.
        review_on: Option<NaiveDate> { label: "Review on", input: DueDay,
            search: no, snapshot: Always Day, since: "every-fact" }
        /// Tags.
        tags: Vec<String> { label: "Tags", input: Lines, hint: "One per line.",
            search: yes, snapshot: WithDetails Texts, since: "every-fact" }
        /// The bearings on the work.
        bearings: Vec<Bearing> { label: "Bearing", input: Own,
            search: yes, snapshot: Always List(BEARING), since: "every-fact" }
        /// The people whom the claim is about.
        scope: Option<Scope> { label: "Scope", input: Word(Scope::CHOICES),
            search: no, snapshot: Always Word(Scope::KEYS), since: "every-fact" }
        /// A more exact description of these people.
        scope_note: String { label: "Who exactly", input: Line,
            search: yes, snapshot: WithDetails Text, since: "every-fact" }
        /// Whether the claim is specific to this work.
        specificity: Option<Specificity> { label: "Specificity", input: Word(Specificity::CHOICES),
            search: no, snapshot: Always Word(Specificity::KEYS), since: "every-fact" }
        /// The wider class of work for which the claim holds.
        wider_class: String { label: "Wider class", input: Line, hint: "What the claim is also true of.",
            search: yes, snapshot: WithDetails Text, since: "every-fact" }
        /// The yardstick by which the claim measures the work.
        basis: Option<Basis> { label: "Basis", input: Word(Basis::CHOICES),
            search: no, snapshot: Always Word(Basis::KEYS), since: "every-fact" }
        /// The alternative with which the work is compared.
        alternative: String { label: "Alternative", input: Line, hint: "What the work is compared with.",
            search: yes, snapshot: WithDetails Text, since: "every-fact" }
        /// The effect of the same concern on the alternative.
        hits_alternative: String { label: "The same concern against the alternative", input: Area,
            search: yes, snapshot: WithDetails Text, since: "every-fact" }
        /// The weight that the source puts on the claim.
        reliance: Option<Reliance> { label: "Reliance", input: Word(Reliance::CHOICES),
            search: no, snapshot: Always Word(Reliance::KEYS), since: "every-fact" }
        /// The sense in which the claim is true.
        modality: Option<Modality> { label: "Modality", input: Word(Modality::CHOICES),
            search: no, snapshot: Always Word(Modality::KEYS), since: "every-fact" }
        /// The circumstances due to which the claim is true now, if it need not be.
        due_to: String { label: "Cause", input: Line, hint: "If it is true now, but not necessarily.",
            search: yes, snapshot: WithDetails Text, since: "every-fact" }
        /// Conditions, degrees and points of view under which the claim is true.
        conditions: Vec<String> { label: "Conditions", input: Lines,
            hint: "Degree, respect or point of view; one per line.",
            search: yes, snapshot: WithDetails Texts, since: "every-fact" }
        /// The words with which the source hedged the claim, verbatim.
        hedge: String { label: "Hedge, verbatim", input: Line, hint: "The words its source hedged it with.",
            search: yes, snapshot: WithDetails Text, since: "every-fact" }
        /// The origin.
        origin: Option<Origin> { label: "Origin", input: Word(Origin::CHOICES),
            search: no, snapshot: Always Word(Origin::KEYS), since: "every-fact" }
        /// The person or document it is sourced from.
        sourced_from: String { label: "From whom", input: Line,
            search: yes, snapshot: WithDetails Name, since: "every-fact" }
        /// The case in one plain line, for readers who read only that.
        one_liner: String { label: "One-line summary", input: Area, hint: "For readers who read only this line.",
            search: yes, snapshot: Always Text, since: "every-fact" }
        /// The implication for those who continue the work.
        implication: String { label: "Implication for the work", input: Area,
            hint: "What to do differently if the work continues.",
            search: yes, snapshot: WithDetails Text, since: "every-fact" }
        /// Mitigations.
        mitigations: Vec<Mitigation> { label: "Mitigations", input: Pairs("what", "cost"),
            hint: "One per line; the cost after a bar: involve the model | a month of work",
            search: yes, snapshot: WithDetails List(MITIGATION), since: "every-fact" }
        /// The cost of a test of the claim.
        test_cost: String { label: "Cost of a test", input: Area,
            search: yes, snapshot: WithDetails Text, since: "every-fact" }
        /// Whether the usual process would have missed it.
        usually_missed: bool { label: "The usual process would have missed it", input: Yes,
            search: no, snapshot: Always Flag, since: "every-fact" }
        /// The crux it was split from.
        split_from: Option<CruxId> { label: "Split from", input: Own,
            search: no, snapshot: Always Ref(CRUX), since: "every-fact" }
        /// Cruxes that are separate arguments, so that they are not counted twice.
        separate_from: Vec<CruxId> { label: "Separate arguments that must not be counted twice", input: Own,
            search: no, snapshot: Always Refs(CRUX), since: "every-fact" }
        /// The last day, in UTC, whose credences are scored, since the outcome could be known on the next.
        /// `None`: credences count until the crux was settled or a trigger judged.
        scored_until: Option<NaiveDate> { label: "Score credences up to", input: Own,
            search: no, snapshot: Always Day, since: "settled" }
        /// Notes: background, a link.
        note: String { label: "Notes", input: Area, hint: "Background, a link.",
            search: yes, snapshot: Inside Text, since: "note" }
        /// Resolution criteria: what will count as true and as false, and who decides.
        resolution: String { label: "Resolution criteria", input: Area,
            hint: "What counts as true and as false, by which source.",
            search: yes, snapshot: WithDetails Text, since: "judging" }
        /// The day by which the claim is to be judged.
        judge_by: Option<NaiveDate> { label: "To be judged by", input: DueDay,
            search: no, snapshot: Always Day, since: "judging" }
        /// The base rate: how often claims of the reference class hold.
        base_rate: Option<Credence> { label: "Base rate", input: Credence,
            hint: "How often claims of the reference class hold.",
            search: no, snapshot: Always Percent, since: "judging" }
        /// The reference class of the base rate.
        reference_class: String { label: "Reference class", input: Line,
            hint: "“Bans of a technology within ten years of the first call for one”",
            search: yes, snapshot: WithDetails Text, since: "judging" }
    }
}

impl Crux {
    /// Returns the stage; open by default.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.stage.unwrap_or(Stage::Open)
    }

    /// Returns the title, or else the claim or its beginning.
    #[must_use]
    pub fn name(&self) -> Cow<'_, str> {
        /// Maximum number of characters of a claim used as name.
        const MOST: usize = 60;
        if !self.title.is_empty() {
            return Cow::Borrowed(&self.title);
        }
        let Some((end, _)) = self.claim.char_indices().nth(MOST) else {
            return Cow::Borrowed(&self.claim);
        };
        // Cut between two words, unless one of them is most of the name.
        let (beginning, rest) = self.claim.split_at(end);
        let is_between = !rest.starts_with(char::is_alphanumeric);
        let before = beginning.rfind(' ').filter(|at| *at > end / 2);
        let end = before.filter(|_| !is_between).unwrap_or(end);
        let beginning = beginning[..end].trim_end_matches([' ', ',', ';', ':', '.', '…']);
        Cow::Owned(format!("{beginning}…"))
    }

    /// Returns the claim in the form that follows "35% likely that": without its full stop, and with a small
    /// initial letter unless the first word is a name.
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
        // They are English words, some of which begin sentences of other languages too.
        if !is_english() || STARTERS.binary_search(&first).is_err() {
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
