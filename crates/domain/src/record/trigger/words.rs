//! The vocabularies of triggers.

use crate::record::keyed_enum;

keyed_enum! {
    /// The outcome of an event trigger, as recorded by a person.
    Verdict {
        /// It is not met yet, but near.
        Near = "near", "Near";
        /// The event has happened.
        Met = "met", "Met";
        /// The event did not happen by its date.
        NotMet = "not-met", "Not met";
        /// The question has become meaningless.
        Void = "void", "Void";
        /// People disagree about the outcome.
        Disputed = "disputed", "Disputed";
        /// An earlier outcome is withdrawn, and the trigger is open again.
        Open = "open", "Reopen";
    }
    /// The conclusion from an outcome about the claim of the crux.
    Shows {
        /// The claim is true.
        ClaimTrue = "true", "true" in "claim";
        /// The claim is false.
        ClaimFalse = "false", "false" in "claim";
    }
    /// The figure that a credence trigger watches.
    Measure {
        /// The group's aggregate, in percent.
        Aggregate = "aggregate", "Aggregate";
        /// The distance between the lowest and the highest credence, in percentage points.
        Spread = "spread", "Spread";
    }
    /// The comparison with its value by which a credence trigger is met.
    Comparison {
        /// At the value or above it.
        AtLeast = "at-least", "at or above";
        /// At the value or below it.
        AtMost = "at-most", "at or below";
    }
}
