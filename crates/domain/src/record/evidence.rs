use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::table::entity::EVIDENCE;
use super::table::{Inclusion, SearchTexts, SharedField, ValueKind, shared};
use super::{CruxId, EvidenceId, Origin, keyed_enum, record};
use crate::VagueDate;
use crate::record::strict::objects_only;

keyed_enum! {
    /// The kind of an item of evidence.
    Kind {
        /// An argument.
        Argument = "argument", "Argument";
        /// An analogy with something known.
        Analogy = "analogy", "Analogy";
        /// An observation.
        Observation = "observation", "Observation";
        /// A study or experiment.
        Study = "study", "Study";
        /// A base rate or a historical record.
        BaseRate = "base-rate", "Base rate or history";
        /// A testimony.
        Testimony = "testimony", "Testimony";
        /// A position that somebody states.
        StatedPosition = "stated-position", "Stated position";
        /// Another explanation of an item.
        RivalExplanation = "rival-explanation", "Rival explanation";
        /// An exception or counter-example to an item.
        CounterExample = "counter-example", "Exception or counter-example";
        /// A pointer to a source that is not in hand yet.
        Pointer = "pointer", "Pointer, not in hand";
        /// Any other kind.
        Other = "other", "Other";
    }
    /// The readers who may see an item.
    Visibility {
        /// Anybody.
        Public = "public", "Public";
        /// The organisation.
        Internal = "internal", "Internal";
        /// The people of this board.
        Private = "private", "Private";
    }
    /// The reliability of the source on this item.
    Reliability {
        /// Reliable.
        High = "high", "High";
        /// Partly reliable.
        Medium = "medium", "Medium";
        /// Hardly reliable.
        Low = "low", "Low";
        /// Unknown.
        Unknown = "unknown", "Unknown";
    }
    /// The strength of the inference that the source draws.
    Inference {
        /// "shows", "proves".
        Shows = "shows", "shows";
        /// "indicates", "is evidence that".
        Indicates = "indicates", "indicates";
        /// "suggests".
        Suggests = "suggests", "suggests";
        /// "is consistent with".
        Consistent = "consistent-with", "is consistent with";
    }
    /// The direction in which an item moves a crux.
    Direction {
        /// Towards true.
        For = "for", "For" in "direction";
        /// Towards false.
        Against = "against", "Against" in "direction";
        /// In neither direction, although it bears on the crux.
        Neutral = "neutral", "Neutral";
    }
    /// The strength with which an item moves a crux.
    Strength {
        /// Slight.
        Slight = "slight", "Slight";
        /// Moderate.
        Moderate = "moderate", "Moderate";
        /// Strong.
        Strong = "strong", "Strong";
    }
}

/// The weight of an item on one crux.
#[derive(Clone, Copy, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct BearsOn {
    /// The direction.
    pub direction: Direction,
    /// The strength.
    pub strength: Strength,
}

/// A rival explanation of what was observed.
#[derive(Clone, Debug, Default, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Rival {
    /// The explanation.
    pub text: String,
    /// Its weight beside the main explanation, such as "about as likely".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub weight: String,
}

objects_only! {
    BearsOn,
    Rival,
}

/// The fields of a rival explanation in snapshots.
const RIVAL: &[SharedField] = &[
    shared("text", ValueKind::Text, Inclusion::Always),
    shared("weight", ValueKind::Text, Inclusion::Always),
];

impl SearchTexts for Rival {
    fn add_texts<'a>(&'a self, all: &mut Vec<&'a str>) {
        all.push(&self.text);
    }
}

record! {
    /// An item of evidence, saved once and linked to any number of cruxes.
    Evidence,
    /// An edit of an item of evidence.
    EvidenceEdit,
    {
        /// The item, in our words.
        text: String { label: "Text", input: Area, hint: "In your own words.",
            search: yes, snapshot: Always Text, since: "every-fact" }
        /// A verbatim quote from the source.
        quote: String { label: "Quote, verbatim", input: Area, hint: "The source’s exact words.",
            search: yes, snapshot: WithDetails Text, since: "every-fact" }
        /// The link.
        url: String { label: "Link", input: Link, hint: "http, https or mailto.",
            search: yes, snapshot: WithNames Text, since: "every-fact" }
        /// The kind.
        kind: Option<Kind> { label: "Kind", input: Word(Kind::CHOICES),
            search: no, snapshot: Always Word(Kind::KEYS), since: "every-fact" }
        /// The person or alias it comes from.
        source: String { label: "Source", input: Line, hint: "A person or an alias.",
            search: yes, snapshot: Always Name, since: "every-fact" }
        /// The place in the source: message, page or document.
        message: String { label: "Where in the source", input: Line, hint: "Which one of theirs.",
            search: yes, snapshot: WithDetails Text, since: "every-fact" }
        /// Whether it is the group's own research or sourced from others.
        origin: Option<Origin> { label: "Origin", input: Word(Origin::CHOICES),
            search: no, snapshot: Always Word(Origin::KEYS), since: "every-fact" }
        /// The people who passed it on, nearest to the source first.
        passed_on_by: Vec<String> { label: "Passed on by", input: Lines,
            hint: "Nearest to the source first; one per line.",
            search: yes, snapshot: WithDetails Names, since: "every-fact" }
        /// The date of the event that it is about.
        event_date: VagueDate { label: "Event date", input: VagueDate,
            hint: "23 Nov 2026, Nov 2026 or 2026; empty when it is unknown.",
            search: no, snapshot: Always VagueDay, since: "every-fact" }
        /// The date of the source.
        source_date: VagueDate { label: "Source date", input: VagueDate,
            hint: "23 Nov 2026, Nov 2026 or 2026; empty when it is unknown.",
            search: no, snapshot: Always VagueDay, since: "every-fact" }
        /// The visibility.
        visibility: Option<Visibility> { label: "Visibility", input: WordOr(Visibility::CHOICES, Visibility::Public.key()),
            search: no, snapshot: Inside Word(Visibility::KEYS), since: "every-fact" }
        /// The people who have seen it, if not everybody has.
        seen_by: Vec<String> { label: "Seen by", input: Lines,
            hint: "People who have seen it, if not everybody; one per line.",
            search: yes, snapshot: Inside Names, since: "every-fact" }
        /// The reliability of the source on this item.
        reliability: Option<Reliability> { label: "Reliability", input: Word(Reliability::CHOICES),
            search: no, snapshot: Always Word(Reliability::KEYS), since: "every-fact" }
        /// The strength of the inference that the source draws.
        inference: Option<Inference> { label: "The source itself says it", input: Word(Inference::CHOICES),
            search: no, snapshot: Always Word(Inference::KEYS), since: "every-fact" }
        /// Items with the same origin, which must not be counted twice.
        same_origin_as: Vec<EvidenceId> { label: "Same origin as (counted once)", input: Own,
            search: no, snapshot: Always Refs(EVIDENCE), since: "every-fact" }
        /// The item for which it is a rival explanation or a counter-example.
        answers: Option<EvidenceId> { label: "Answers or explains otherwise", input: Own,
            search: no, snapshot: Always Ref(EVIDENCE), since: "every-fact" }
        /// Rival explanations, with their weight.
        rivals: Vec<Rival> { label: "Rival explanations", input: Pairs("text", "weight"),
            hint: "One per line; its weight after a bar: nobody knows why | about as likely",
            search: yes, snapshot: Always List(RIVAL), since: "every-fact" }
        /// Exceptions and counter-examples.
        exceptions: Vec<String> { label: "Exceptions and counter-examples", input: Lines,
            search: yes, snapshot: WithDetails Texts, since: "every-fact" }
        /// Whether it is not in hand yet, so that only its existence is known.
        not_in_hand: bool { label: "Not obtained: only its existence is known", input: Yes,
            search: no, snapshot: Always Flag, since: "every-fact" }
        /// Whether the group had read it before it was sent.
        already_read: bool { label: "Already known to us", input: Yes,
            search: no, snapshot: Inside Flag, since: "every-fact" }
        /// Tags.
        tags: Vec<String> { label: "Tags", input: Lines, hint: "One per line.",
            search: yes, snapshot: WithDetails Texts, since: "every-fact" }
    }
    kept {
        /// The weights on cruxes.
        bears_on: BTreeMap<CruxId, BearsOn>,
    }
}

impl Evidence {
    /// Returns the visibility; public by default.
    #[must_use]
    pub fn visibility(&self) -> Visibility {
        self.visibility.unwrap_or(Visibility::Public)
    }

    /// Returns our words, or else the quote, or else the link.
    #[must_use]
    pub fn headline(&self) -> &str {
        let said = [&self.text, &self.quote, &self.url];
        said.into_iter()
            .find(|said| !said.is_empty())
            .map_or("", |said| said)
    }
}
