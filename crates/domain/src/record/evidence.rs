use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{CruxId, EvidenceId, Origin, keyed_enum, record};
use crate::VagueDate;
use crate::record::strict::objects_only;

keyed_enum! {
    /// What sort of thing an item of evidence is.
    Kind {
        /// Reasoning.
        Argument = "argument", "Argument";
        /// A likeness to something known.
        Analogy = "analogy", "Analogy";
        /// Something seen.
        Observation = "observation", "Observation";
        /// A study or experiment.
        Study = "study", "Study";
        /// A base rate or a historical record.
        BaseRate = "base-rate", "Base rate or history";
        /// What somebody says is so.
        Testimony = "testimony", "Testimony";
        /// What somebody says they hold.
        StatedPosition = "stated-position", "Stated position";
        /// Another explanation of an item.
        RivalExplanation = "rival-explanation", "Rival explanation";
        /// An exception or counter-example to an item.
        CounterExample = "counter-example", "Exception or counter-example";
        /// Where something is to be had that is not in hand yet.
        Pointer = "pointer", "Pointer, not in hand";
        /// Anything else.
        Other = "other", "Other";
    }
    /// Who may see it.
    Visibility {
        /// Anybody.
        Public = "public", "Public";
        /// The organisation.
        Internal = "internal", "Internal";
        /// The people of this board.
        Private = "private", "Private";
    }
    /// How far its source can be trusted on it.
    Reliability {
        /// Fully.
        High = "high", "High";
        /// Partly.
        Medium = "medium", "Medium";
        /// Hardly.
        Low = "low", "Low";
        /// Nobody can say.
        Unknown = "unknown", "Unknown";
    }
    /// How strong an inference its source draws.
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
    /// Which way an item moves a crux.
    Direction {
        /// Towards true.
        For = "for", "For";
        /// Towards false.
        Against = "against", "Against";
        /// It bears on it, but neither way.
        Neutral = "neutral", "Neutral";
    }
    /// How far it moves a crux.
    Strength {
        /// A little.
        Slight = "slight", "Slight";
        /// Some way.
        Moderate = "moderate", "Moderate";
        /// Far.
        Strong = "strong", "Strong";
    }
}

/// How an item bears on one crux.
#[derive(Clone, Copy, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct BearsOn {
    /// Which way.
    pub direction: Direction,
    /// How far.
    pub strength: Strength,
}

/// Another explanation of what was observed.
#[derive(Clone, Debug, Default, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Rival {
    /// The explanation.
    pub text: String,
    /// How it weighs beside the main one: "about as likely".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub weight: String,
}

objects_only! {
    BearsOn,
    Rival,
}

record! {
    /// One item of evidence, filed once, bearing on any number of cruxes.
    Evidence,
    /// What one change sets of an item of evidence.
    EvidenceEdit,
    {
        /// What it says, in our words.
        text: String,
        /// What its source said, verbatim.
        quote: String,
        /// Where it is to be read.
        url: String,
        /// What sort of thing it is.
        kind: Option<Kind>,
        /// The person or alias it comes from.
        source: String,
        /// Which message, page or document of theirs.
        message: String,
        /// Whether it was worked out here.
        origin: Option<Origin>,
        /// Who passed it on, nearest to its source first.
        passed_on_by: Vec<String>,
        /// When what it speaks of happened.
        event_date: VagueDate,
        /// When its source said so.
        source_date: VagueDate,
        /// Who may see it.
        visibility: Option<Visibility>,
        /// Who has seen it, where that is not everybody.
        seen_by: Vec<String>,
        /// How far its source can be trusted on it.
        reliability: Option<Reliability>,
        /// How strong an inference its source draws.
        inference: Option<Inference>,
        /// Items with the same origin, which must not be counted twice.
        same_origin_as: Vec<EvidenceId>,
        /// The item it explains otherwise, or is an exception to.
        answers: Option<EvidenceId>,
        /// Other explanations, with their weight.
        rivals: Vec<Rival>,
        /// Exceptions and counter-examples.
        exceptions: Vec<String>,
        /// Whether only its existence is known so far.
        not_in_hand: bool,
        /// Whether we had read it before it was sent.
        already_read: bool,
        /// Free words to find it by.
        tags: Vec<String>,
    }
    kept {
        /// How it bears on cruxes.
        bears_on: BTreeMap<CruxId, BearsOn>,
    }
}

impl Evidence {
    /// Who may see it.
    #[must_use]
    pub fn visibility(&self) -> Visibility {
        self.visibility.unwrap_or(Visibility::Public)
    }

    /// Our words, or else the quote.
    #[must_use]
    pub fn headline(&self) -> &str {
        if self.text.is_empty() {
            &self.quote
        } else {
            &self.text
        }
    }
}
