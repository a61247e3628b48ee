use super::{keyed_enum, record};

keyed_enum! {
    /// The kind of an option: what it means for the work. It decides the option's shape and colour.
    Mark {
        /// Stop the work.
        Stop = "stop", "Stop" in "option";
        /// Continue the work.
        Continue = "continue", "Continue" in "option";
        /// Change the direction of the work.
        Change = "change", "Change direction";
        /// Double down on the work.
        DoubleDown = "double-down", "Double down";
        /// Any other option.
        Other = "other", "Other";
    }
}

record! {
    /// An option of the decision question.
    BoardOption,
    /// An edit of an option.
    BoardOptionEdit,
    {
        /// The name, such as "Wind down".
        name: String { label: "Name", input: Line,
            search: no, snapshot: Always Text, since: "every-fact" }
        /// The kind: what it means for the work.
        mark: Option<Mark> { label: "Kind", input: OneOf(Mark::CHOICES, Mark::Other.key()),
            search: no, snapshot: Always Word(Mark::KEYS), since: "every-fact" }
        /// The consequences in practice; for a change of direction, the new one.
        means: String { label: "Meaning in practice", input: Area,
            hint: "What this option means in practice; for a change of direction, name the new one.",
            search: no, snapshot: WithDetails Text, since: "every-fact" }
    }
}

impl BoardOption {
    /// Returns the kind.
    #[must_use]
    pub fn mark(&self) -> Mark {
        self.mark.unwrap_or(Mark::Other)
    }
}
