//! The meanings that a column can have.

use crate::record::keyed_enum;

keyed_enum! {
    /// The meaning of a column.
    Meaning {
        /// The title of a crux.
        Question = "question", "Question or title";
        /// The claim, if it differs from the title.
        Claim = "claim", "Claim";
        /// The person.
        Person = "person", "Person";
        /// The credence.
        Chance = "chance", "Probability";
        /// The date.
        Date = "date", "Date";
        /// The reason.
        Note = "note", "Reason or note";
        /// An item of evidence, in our words.
        Text = "text", "Evidence";
        /// A quote from the source.
        Quote = "quote", "Quote";
        /// The link.
        Link = "link", "Link";
        /// The kind of evidence.
        Kind = "kind", "Kind";
        /// The person or alias it comes from.
        Source = "source", "Source";
        /// The place in the source: message, page or document.
        Message = "message", "Message";
        /// The date of the event.
        EventDate = "event-date", "Event date";
        /// The date of the source.
        SourceDate = "source-date", "Source date";
        /// The visibility of the evidence.
        Visibility = "visibility", "Visibility";
        /// The reliability of the source.
        Reliability = "reliability", "Reliability";
        /// The tags.
        Tags = "tags", "Tags";
        /// The cruxes that the evidence bears on, each with direction and strength.
        BearsOn = "bears-on", "Bears on";
        /// The record's id on its board.
        Id = "id", "Id";
        /// One answer of a question with several answers.
        Option = "option", "Answer option";
        /// The author of the question.
        Author = "author", "Author of the question";
        /// The owner of the crux.
        Owner = "owner", "Owner";
        /// Notes on the question itself.
        Background = "background", "Notes on the question";
        /// Comments on the question.
        Comments = "comments", "Comments";
        /// The day by which it is to be resolved.
        ResolveBy = "resolve-by", "Resolve by";
        /// The resolution: yes, no or neither.
        Resolution = "resolution", "Resolution";
        /// The date of the resolution.
        ResolvedAt = "resolved-at", "Resolved on";
        /// The importance of the crux.
        Importance = "importance", "Importance";
        /// Mitigations, one per line.
        Mitigation = "mitigation", "Mitigation";
    }
}

impl Meaning {
    /// The columns of a table of credences or questions.
    pub const OF_CREDENCES: &'static [Self] = &[
        Self::Question,
        Self::Claim,
        Self::Person,
        Self::Chance,
        Self::Date,
        Self::Note,
        Self::Option,
        Self::Resolution,
        Self::ResolvedAt,
        Self::ResolveBy,
        Self::Background,
        Self::Comments,
        Self::Tags,
        Self::Author,
        Self::Owner,
        Self::Importance,
        Self::Mitigation,
    ];
    /// The columns of a table of evidence.
    pub const OF_EVIDENCE: &'static [Self] = Self::ALL.split_at(6).1.split_at(13).0;
}
