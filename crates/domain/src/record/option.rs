use super::{keyed_enum, record};

keyed_enum! {
    /// What an option does with the line of work; it gives the option its shape and colour.
    Mark {
        /// End it.
        Stop = "stop", "Stop";
        /// Go on as before.
        Continue = "continue", "Continue";
        /// Go on differently.
        Change = "change", "Change direction";
        /// Do more of it.
        DoubleDown = "double-down", "Double down";
        /// Anything else.
        Other = "other", "Other";
    }
}

record! {
    /// A way the decision can go.
    BoardOption,
    /// What one change sets of an option.
    BoardOptionEdit,
    {
        /// "Wind down".
        name: String,
        /// What it does with the line of work.
        mark: Option<Mark>,
        /// What choosing it would mean in practice; for a change of direction, which one.
        means: String,
    }
}

impl BoardOption {
    /// What it does with the line of work.
    #[must_use]
    pub fn mark(&self) -> Mark {
        self.mark.unwrap_or(Mark::Other)
    }
}
