use cruxboard_domain::record::table::{Field, assert_shown, pick};
use cruxboard_domain::record::{Evidence, EvidenceEdit, EvidenceId};
use cruxboard_domain::t;
use leptos::prelude::*;

use crate::component::{Choice, Form, Pick};
use crate::page::crux::Remembered;
use crate::page::short;
use cruxboard_session::Session;

/// The fields for an item's text, quote and link.
#[component]
pub(super) fn ContentFields(
    #[prop(into)] evidence: Signal<Evidence>,
    set: Callback<EvidenceEdit>,
) -> impl IntoView {
    let form = Form::of(evidence, set);
    view! {
        <section class="panel form-grid">
            <h2>{t!("Content")}</h2>
            {form.fields(CONTENT)}
        </section>
    }
}

/// All other fields of an item of evidence.
#[component]
pub(super) fn DetailFields(
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
        <div class="panel sections">
            <Remembered name="evidence-source" title=t!("Source") starts_open=true>
                <div class="form-grid">{form.fields(SOURCE)}</div>
            </Remembered>
            <Remembered name="evidence-dates" title=t!("When")>{form.fields(DATES)}</Remembered>
            <Remembered name="evidence-trust" title=t!("Visibility and reliability")>{form.fields(TRUST)}</Remembered>
            <Remembered name="evidence-origin" title=t!("Common origin, rival explanations, exceptions")>{links.view(form)}</Remembered>
        </div>
    }
}

const CONTENT: &[Field] = &pick(Evidence::FORM, ["text", "quote", "url"]);

const SOURCE: &[Field] = &pick(Evidence::FORM, ["kind", "source", "message"]);

const DATES: &[Field] = &pick(Evidence::FORM, ["event_date", "source_date"]);

const TRUST: &[Field] = &pick(
    Evidence::FORM,
    [
        "visibility",
        "reliability",
        "inference",
        "origin",
        "passed_on_by",
        "seen_by",
        "not_in_hand",
        "already_read",
    ],
);

const RIVALS: &[Field] = &pick(Evidence::FORM, ["rivals", "exceptions"]);

const TAGS: &[Field] = &pick(Evidence::FORM, ["tags"]);

const _: () = assert_shown(
    Evidence::FORM,
    &[CONTENT, SOURCE, DATES, TRUST, RIVALS, TAGS],
    &[],
);

const ANSWERS: Field = Field::named(Evidence::FORM, "answers");
const SAME_ORIGIN: Field = Field::named(Evidence::FORM, "same_origin_as");

/// The links of an item of evidence to other items.
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
            session.read_all(|board| {
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
            <Choice label=ANSWERS.label() options=others value=answers on_commit=on_answers />
            {form.fields(TAGS)}
            <Pick label=SAME_ORIGIN.label() options=others value=same on_commit=on_same />
        }
        .into_any()
    }
}
