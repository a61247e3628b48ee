use super::{CruxId, keyed_enum, record};
use crate::Credence;

keyed_enum! {
    /// How we know what somebody holds.
    Grounds {
        /// They said so.
        Stated = "stated", "Stated by them";
        /// We take it to be so.
        Inferred = "inferred", "Inferred by us";
    }
    /// What somebody holds of a claim.
    Holding {
        /// That it is true.
        Endorses = "endorses", "Endorses it";
        /// That it is true, but their point does not rest on it.
        BelievesOnly = "believes-only", "Believes it, does not rely on it";
        /// They were asked and did not endorse it.
        DoesNotEndorse = "does-not-endorse", "Does not endorse it";
        /// That it is false.
        Rejects = "rejects", "Rejects it";
        /// Neither.
        Unsure = "unsure", "Unsure";
    }
    /// Whether our wording of somebody's claim is theirs too.
    Restatement {
        /// Not asked.
        NotAsked = "not-asked", "Not asked";
        /// Asked, no answer yet.
        Asked = "asked", "Asked";
        /// They agreed.
        Confirmed = "confirmed", "Confirmed";
        /// They put it differently.
        Corrected = "corrected", "Corrected";
    }
}

record! {
    /// What somebody who is not on the board holds.
    Position,
    /// What one change sets of a position.
    PositionEdit,
    {
        /// The crux it is about.
        crux: CruxId,
        /// The person or alias.
        holder: String,
        /// In which message or document.
        message: String,
        /// How we know.
        grounds: Option<Grounds>,
        /// What they hold.
        holding: Option<Holding>,
        /// In their words.
        quote: String,
        /// The words they hedged it with, verbatim.
        hedge: String,
        /// A number for it.
        credence: Option<Credence>,
        /// Whether the number is ours and not theirs.
        assigned: bool,
        /// Whether our wording is theirs too.
        restatement: Option<Restatement>,
        /// Whatever else matters.
        note: String,
    }
}
