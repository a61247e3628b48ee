//! The vocabularies of cruxes.

use crate::record::keyed_enum;

keyed_enum! {
    /// The kind of a bearing: what follows for the work if the claim is true.
    BearingKind {
        /// The work does more harm than good; the degree is its size.
        NetNegative = "net-negative", "Net-negative";
        /// The work achieves nothing; the degree is the certainty of that.
        Useless = "useless", "Useless";
        /// The work should be done differently; the degree says how.
        DirectionChange = "direction-change", "Direction change";
        /// Any other bearing.
        Other = "other", "Other";
    }
    /// The people whom the claim is about.
    Scope {
        /// The whole field.
        Field = "field", "The field";
        /// This organisation.
        Us = "us", "Us";
        /// The whole field and this organisation.
        FieldAndUs = "field-and-us", "The field and us";
    }
    /// Whether the claim is specific to this work.
    Specificity {
        /// The claim is specific to this work.
        Peculiar = "peculiar", "Specific to this work";
        /// The claim holds for a wider class of work.
        WiderClass = "wider-class", "True of a wider class";
    }
    /// The yardstick by which the claim measures the work.
    Basis {
        /// None: the work by itself.
        Absolute = "absolute", "Absolute";
        /// A named alternative.
        Compared = "compared", "Compared with an alternative";
    }
    /// The weight that the source puts on the claim.
    Reliance {
        /// The source's argument rests on it.
        ReliedOn = "relied-on", "Relied on";
        /// The source believes it, but does not rely on it.
        BelievedOnly = "believed-only", "Believed, not relied on";
        /// The source was asked and did not endorse it.
        NotEndorsed = "not-endorsed", "Not endorsed by its source";
    }
    /// The sense in which the claim is true.
    Modality {
        /// True as things are.
        Now = "now", "True now";
        /// True as things are, but it could be otherwise.
        NowNotNecessarily = "now-not-necessarily", "True now, not necessarily";
        /// True in any case.
        Necessarily = "necessarily", "Necessarily true";
        /// True if a condition holds.
        Conditional = "conditional", "Conditional";
        /// It may turn out to be true.
        MayTurnOut = "may-turn-out", "May turn out true";
    }
    /// The importance of the crux for the decision.
    Importance {
        /// The crux could decide by itself.
        Critical = "critical", "Critical";
        /// High.
        High = "high", "High";
        /// Medium.
        Medium = "medium", "Medium";
        /// Low.
        Low = "low", "Low";
    }
    /// The origin of a crux or item of evidence.
    Origin {
        /// The group's own research.
        Own = "own", "Own research";
        /// Sourced from others.
        Sourced = "sourced", "Sourced from others";
    }
    /// The stage of a crux.
    Stage {
        /// Under discussion.
        Open = "open", "Open" in "state";
        /// Settled: the claim is true.
        SettledTrue = "settled-true", "Settled: true";
        /// Settled: the claim is false.
        SettledFalse = "settled-false", "Settled: false";
        /// Retired: the decision no longer hinges on it.
        Retired = "retired", "Retired";
    }
}
