//! The facets by which a board is filtered, and the labels of their values.

use crate::Credence;
use crate::board::Board;
use crate::record::keyed_enum;
use crate::t;
use crate::translation::translated;
use crate::trigger_state::TriggerState;

keyed_enum! {
    /// A property by which cruxes, evidence or follow-ups are filtered.
    Facet {
        /// The bearing of the claim on the work.
        Bearing = "bearing", "Bearing";
        /// The option that the crux names.
        IfTrue = "if-true", "If true";
        /// The option that the crux points to.
        PointsTo = "points-to", "Points to";
        /// The stage of the crux: open, settled or retired.
        Stage = "state", "State";
        /// The states of the crux's triggers.
        Trigger = "trigger", "Trigger";
        /// The people who have stated a credence in the crux.
        Person = "person", "Person";
        /// The owner of the crux.
        Owner = "owner", "Owner";
        /// The tags.
        Tag = "tag", "Tag";
        /// The sides on which the crux has evidence.
        Sides = "sides", "Evidence";
        /// Whether a credence in the crux is outdated.
        Stale = "stale", "Freshness";
        /// The gaps of the crux.
        Lacks = "lacks", "Still lacks";
        /// The importance of the crux.
        Importance = "importance", "Importance";
        /// The people whom the claim is about.
        Scope = "scope", "Scope";
        /// Whether the claim is specific to this work.
        Specificity = "specificity", "Specificity";
        /// The basis of comparison of the claim.
        Basis = "basis", "Basis";
        /// The weight that the source puts on the claim.
        Reliance = "reliance", "Reliance";
        /// The sense in which the claim is true.
        Modality = "modality", "Modality";
        /// The origin.
        Origin = "origin", "Origin";
        /// The visibility of the evidence.
        Visibility = "visibility", "Visibility of evidence";
        /// The kinds of the evidence.
        Kind = "kind", "Kind of evidence";
        /// The reliability of the sources of the evidence.
        Reliability = "reliability", "Reliability of evidence";
        /// The sources of the evidence.
        Source = "source", "Source of evidence";
        /// The people outside the board who take a position.
        Position = "position", "Position of";
        /// The positions that these people take.
        Holding = "holding", "Others' view";
        /// Whether these people stated their position or it was inferred.
        Grounds = "grounds", "Others’ view is";
        /// Whether these people accept our wording of their claim.
        Restatement = "restatement", "Our wording is";
        /// The strength of the inference that the sources of evidence draw.
        Inference = "inference", "Source says it";
        /// The states of the follow-ups.
        FollowUp = "follow-up", "Follow-up";
        /// The kinds of the follow-ups.
        FollowUpKind = "follow-up-kind", "Kind of follow-up";
        /// The person who has to do the follow-up.
        Who = "who", "By whom";
        /// The person for whom the follow-up is done.
        Whom = "whom", "For whom";
        /// The sections that are filled in, and other properties that a record has or lacks.
        Has = "has", "Has";
    }
}

/// Returns the label of a facet's value; for people and options it is their name.
#[must_use]
pub fn facet_label(board: &Board, facet: Facet, value: &str) -> String {
    macro_rules! word {
        ($word:ident) => {
            crate::record::$word::from_key(value).map(|word| word.label().to_owned())
        };
    }
    let label = match facet {
        Facet::Bearing => word!(BearingKind),
        Facet::Stage => word!(Stage),
        Facet::Importance => word!(Importance),
        Facet::Scope => word!(Scope),
        Facet::Specificity => word!(Specificity),
        Facet::Basis => word!(Basis),
        Facet::Reliance => word!(Reliance),
        Facet::Modality => word!(Modality),
        Facet::Origin => word!(Origin),
        Facet::Visibility => word!(Visibility),
        Facet::Kind => word!(Kind),
        Facet::FollowUp => word!(FollowUpState),
        Facet::FollowUpKind => word!(FollowUpKind),
        Facet::Reliability => word!(Reliability),
        Facet::Grounds => word!(Grounds),
        Facet::Holding => word!(Holding),
        Facet::Restatement => word!(Restatement),
        Facet::Inference => word!(Inference),
        Facet::Trigger => TriggerState::from_key(value).map(|state| state.label().to_owned()),
        Facet::Lacks => crate::completeness::Lack::from_key(value).map(|l| l.label().to_owned()),
        Facet::IfTrue => option_label(board, value),
        Facet::PointsTo => points_to_label(board, value),
        Facet::Person | Facet::Owner => value
            .parse()
            .ok()
            .and_then(|id| board.person(id))
            .map(|person| person.name.clone()),
        Facet::Tag | Facet::Position | Facet::Source | Facet::Who | Facet::Whom => None,
        Facet::Sides => Some(sides_label(value).to_owned()),
        Facet::Stale => Some(freshness_label(value).to_owned()),
        Facet::Has => Some(section_label(value).to_owned()),
    };
    label.unwrap_or_else(|| value.to_owned())
}

fn points_to_label(board: &Board, value: &str) -> Option<String> {
    match value {
        "either" => Some(t!(
            "Neither end: {words}",
            words = translated(Credence::IN_BETWEEN)
        )),
        "unstated" => Some(t!("Nothing stated").to_owned()),
        "nowhere" => Some(t!("No option").to_owned()),
        option => option_label(board, option),
    }
}

fn sides_label(value: &str) -> &'static str {
    match value {
        "none" => t!("None yet"),
        "for-only" => t!("For only"),
        "against-only" => t!("Against only"),
        _ => t!("Both sides"),
    }
}

fn freshness_label(value: &str) -> &'static str {
    match value {
        "stale" => t!("Some outdated"),
        _ => t!("All current"),
    }
}

fn section_label(value: &str) -> &str {
    match value {
        "alternative" => t!("A named alternative"),
        "already-read" => t!("Evidence we had read"),
        "assigned-number" => t!("A number assigned by us"),
        "conditions" => t!("Conditions"),
        "definition" => t!("Defined terms"),
        "degree" => t!("A size or certainty of its bearing"),
        "due-to" => t!("What it is due to"),
        "goalposts" => t!("Moved goalposts"),
        "hedge" => t!("A hedge, verbatim"),
        "implication" => t!("An implication for the work"),
        "idle" => t!("No crux it bears on yet"),
        "mitigations" => t!("Mitigations"),
        "mitigation-cost" => t!("A mitigation with its cost"),
        "no-crux" => t!("No crux"),
        "no-red-team" => t!("No credence of the red team yet"),
        "not-in-hand" => t!("Evidence not in hand"),
        "one-liner" => t!("A plain one-liner"),
        "private-evidence" => t!("Private evidence"),
        "red-team" => t!("A credence of the red team"),
        "rivals" => t!("Rival explanations"),
        "same-origin" => t!("Evidence of one origin"),
        "second-hand" => t!("Second-hand evidence"),
        "seen-by" => t!("Evidence that only some have seen"),
        "separate" => t!("Separate arguments"),
        "hits-alternative" => t!("A concern that hits the alternative too"),
        "exceptions" => t!("Evidence with exceptions or answers"),
        "split" => t!("Been split"),
        "test-cost" => t!("A test, with its cost"),
        "undated" => t!("Undated evidence"),
        "usually-missed" => t!("Usually missed"),
        "wider-class" => t!("A wider class it holds for"),
        other => other,
    }
}

fn option_label(board: &Board, id: &str) -> Option<String> {
    let option = id.parse().ok().and_then(|id| board.option(id))?;
    Some(option.name.clone())
}

/// Values of facets, each once, in the order in which they were added.
#[derive(Default)]
pub(super) struct FacetValues(Vec<(Facet, String)>);

impl FacetValues {
    /// Adds a value, unless it is there already.
    pub(super) fn add(&mut self, facet: Facet, value: &str) {
        let is_known = |(known, one): &(Facet, String)| *known == facet && one == value;
        if !self.0.iter().any(is_known) {
            self.0.push((facet, value.to_owned()));
        }
    }

    pub(super) fn into_vec(self) -> Vec<(Facet, String)> {
        self.0
    }
}
