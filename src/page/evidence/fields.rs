use cruxboard_domain::record::{
    Evidence, EvidenceEdit, EvidenceId, Inference, Kind as EvidenceKind, Origin, Reliability,
    Visibility,
};
use leptos::prelude::*;

use crate::component::{Choice, Field, Form, Kind, Pick, field};
use crate::page::crux::Remembered;
use crate::page::short;
use crate::session::Session;

/// The fields of an item of evidence, for one that is filed and for one being written.
#[component]
pub(super) fn EvidenceFields(
    session: Session,
    /// The item itself, which cannot share an origin with itself.
    own: Option<EvidenceId>,
    #[prop(into)] evidence: Signal<Evidence>,
    set: Callback<EvidenceEdit>,
) -> impl IntoView {
    let form = Form::of(evidence, set);
    let links = Links {
        session,
        own,
        evidence,
        set,
    };
    view! {
        <section class="panel form-grid">
            <h2>"Content"</h2>
            {form.fields(SAYS)}
        </section>
        <div class="panel sections">
            <Remembered name="evidence-dates" title="When">{form.fields(DATES)}</Remembered>
            <Remembered name="evidence-trust" title="Visibility and reliability">{form.fields(TRUST)}</Remembered>
            <Remembered name="evidence-origin" title="Common origin, rival explanations, exceptions">{links.view(form)}</Remembered>
        </div>
    }
}

const SAYS: &[Field] = &[
    field("text", "Text", Kind::Area, "In your own words."),
    field(
        "quote",
        "Quote, verbatim",
        Kind::Area,
        "The source’s exact words.",
    ),
    field("url", "Link", Kind::Link, "http, https or mailto."),
    field("kind", "Kind", Kind::Word(EvidenceKind::CHOICES), ""),
    field("source", "Source", Kind::Line, "A person or an alias."),
    field(
        "message",
        "Where in the source",
        Kind::Line,
        "Which one of theirs.",
    ),
];

const DATES: &[Field] = &[
    field("event_date", "Event date", Kind::VagueDate, VAGUE),
    field("source_date", "Source date", Kind::VagueDate, VAGUE),
];

const VAGUE: &str = "2026-11-23, 2026-11 or 2026; empty when it is unknown.";

const TRUST: &[Field] = &[
    field(
        "visibility",
        "Visibility",
        Kind::WordOr(Visibility::CHOICES, Visibility::Public.key()),
        "",
    ),
    field(
        "reliability",
        "Reliability",
        Kind::Word(Reliability::CHOICES),
        "",
    ),
    field(
        "inference",
        "The source itself says it",
        Kind::Word(Inference::CHOICES),
        "",
    ),
    field("origin", "Origin", Kind::Word(Origin::CHOICES), ""),
    field(
        "passed_on_by",
        "Passed on by",
        Kind::Lines,
        "Nearest to the source first; one per line.",
    ),
    field(
        "seen_by",
        "Seen by",
        Kind::Lines,
        "People who have seen it, if not everybody; one per line.",
    ),
    field(
        "not_in_hand",
        "Not obtained: only its existence is known",
        Kind::Yes,
        "",
    ),
    field("already_read", "Already known to us", Kind::Yes, ""),
];

const RIVALS: &[Field] = &[
    field(
        "rivals",
        "Rival explanations",
        Kind::Pairs("text", "weight"),
        "One per line; its weight after a bar: nobody knows why | about as likely",
    ),
    field(
        "exceptions",
        "Exceptions and counter-examples",
        Kind::Lines,
        "",
    ),
];

const TAGS: &[Field] = &[field("tags", "Tags", Kind::Lines, "One per line.")];

/// What ties an item of evidence to others.
#[derive(Clone, Copy)]
struct Links {
    session: Session,
    own: Option<EvidenceId>,
    evidence: Signal<Evidence>,
    set: Callback<EvidenceEdit>,
}

impl Links {
    fn view(self, form: Form) -> AnyView {
        let session = self.session;
        let others = Signal::derive(move || {
            session.follow_all();
            session.with(|board| {
                let others = board
                    .all_evidence()
                    .filter(|evidence| Some(evidence.id) != self.own);
                others
                    .map(|e| (e.id.to_string(), short(e.headline(), 90).into_owned()))
                    .collect::<Vec<_>>()
            })
        });
        let same = Signal::derive(move || {
            self.evidence.with(|e| {
                e.same_origin_as
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
            })
        });
        let on_same = Callback::new(move |keys: Vec<String>| {
            let ids = keys.iter().filter_map(|key| key.parse().ok()).collect();
            self.set.run(EvidenceEdit {
                same_origin_as: Some(ids),
                ..EvidenceEdit::default()
            });
        });
        let answers = Signal::derive(move || {
            let answers = self.evidence.with(|evidence| evidence.answers);
            answers.map(|id| id.to_string()).unwrap_or_default()
        });
        let on_answers = Callback::new(move |key: String| {
            self.set.run(EvidenceEdit {
                answers: Some(key.parse().ok()),
                ..EvidenceEdit::default()
            });
        });
        view! {
            {form.fields(RIVALS)}
            <Choice label="Answers or explains otherwise" options=others value=answers on_commit=on_answers />
            {form.fields(TAGS)}
            <Pick label="Same origin as (counted once)" options=others value=same on_commit=on_same />
        }
        .into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::check_table;

    #[test]
    fn every_field_is_one_of_an_item_of_evidence() {
        for fields in [SAYS, DATES, TRUST, RIVALS, TAGS] {
            check_table::<EvidenceEdit>(fields);
        }
    }
}
