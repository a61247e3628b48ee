use std::str::FromStr;

use crate::prelude::*;
use cruxboard_domain::VagueDate;
use cruxboard_domain::record::{
    Evidence, EvidenceEdit, EvidenceId, Inference, Kind, Origin, Reliability, Rival, Visibility,
};
use cruxboard_domain::web_address::check_address;

use crate::component::{Check, Choice, Lines, Pick, TextArea, TextField};
use crate::page::crux::Remembered;
use crate::page::{short, word_choices};
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
    let form = Form {
        session,
        own,
        evidence,
        set,
    };
    view! {
        <section class="panel form-grid">
            <h2>"What it says"</h2>
            {form.area("Text", "In your words: what is so, or what was seen.", |e| e.text.clone(), |e, t| e.text = Some(t))}
            {form.area("Quote, verbatim", "What its source said.", |e| e.quote.clone(), |e, t| e.quote = Some(t))}
            {form.checked("Link", "http, https or mailto.", |e| e.url.clone(), |e, t| e.url = Some(t), |t| check_address(t).err().map(|p| p.to_string()))}
            {form.choice("Kind", word_choices!(Kind), |e| key(e.kind.map(Kind::key)), |e, k| e.kind = Some(Kind::from_key(k)))}
            {form.text("Source", "A person or an alias.", |e| e.source.clone(), |e, t| e.source = Some(t))}
            {form.text("Message or page", "Which one of theirs.", |e| e.message.clone(), |e, t| e.message = Some(t))}
        </section>
        <div class="panel sections">
            <Remembered name="evidence-dates" title="When">{form.dates()}</Remembered>
            <Remembered name="evidence-trust" title="Who may see it, and how far to trust it">{form.trust()}</Remembered>
            <Remembered name="evidence-origin" title="Common origin, rival explanations, exceptions">{form.origin()}</Remembered>
        </div>
    }
}

#[derive(Clone, Copy)]
struct Form {
    session: Session,
    own: Option<EvidenceId>,
    evidence: Signal<Evidence>,
    set: Callback<EvidenceEdit>,
}

impl Form {
    fn read<T: Send + Sync + 'static>(self, read: fn(&Evidence) -> T) -> Signal<T> {
        Signal::derive(move || self.evidence.with(read))
    }

    fn write<T: 'static>(self, write: fn(&mut EvidenceEdit, T)) -> Callback<T> {
        Callback::new(move |value: T| {
            let mut edit = EvidenceEdit::default();
            write(&mut edit, value);
            self.set.run(edit);
        })
    }

    fn text(
        self,
        label: &'static str,
        hint: &'static str,
        read: fn(&Evidence) -> String,
        write: fn(&mut EvidenceEdit, String),
    ) -> AnyView {
        view! { <TextField label hint value=self.read(read) on_commit=self.write(write) /> }
            .into_any()
    }

    fn checked(
        self,
        label: &'static str,
        hint: &'static str,
        read: fn(&Evidence) -> String,
        write: fn(&mut EvidenceEdit, String),
        check: fn(&str) -> Option<String>,
    ) -> AnyView {
        view! { <TextField label hint value=self.read(read) on_commit=self.write(write) check /> }
            .into_any()
    }

    fn area(
        self,
        label: &'static str,
        hint: &'static str,
        read: fn(&Evidence) -> String,
        write: fn(&mut EvidenceEdit, String),
    ) -> AnyView {
        view! { <TextArea label hint value=self.read(read) on_commit=self.write(write) /> }
            .into_any()
    }

    fn lines(
        self,
        label: &'static str,
        hint: &'static str,
        read: fn(&Evidence) -> Vec<String>,
        write: fn(&mut EvidenceEdit, Vec<String>),
    ) -> AnyView {
        view! { <Lines label hint value=self.read(read) on_commit=self.write(write) /> }.into_any()
    }

    fn choice(
        self,
        label: &'static str,
        options: Vec<(String, String)>,
        read: fn(&Evidence) -> String,
        write: fn(&mut EvidenceEdit, &str),
    ) -> AnyView {
        let on_commit = Callback::new(move |key: String| {
            let mut edit = EvidenceEdit::default();
            write(&mut edit, &key);
            self.set.run(edit);
        });
        view! { <Choice label options=Signal::stored(options) value=self.read(read) on_commit /> }
            .into_any()
    }

    fn check(
        self,
        label: &'static str,
        read: fn(&Evidence) -> bool,
        write: fn(&mut EvidenceEdit, bool),
    ) -> AnyView {
        view! { <Check label value=self.read(read) on_commit=self.write(write) /> }.into_any()
    }

    fn dates(self) -> AnyView {
        let check = |text: &str| {
            VagueDate::from_str(text)
                .err()
                .map(|error| format!("{error}."))
        };
        let hint = "2026-11-23, 2026-11 or 2026; empty when it is unknown.";
        view! {
            {self.checked("Event date", hint, |e| dated(e.event_date), |e, t| e.event_date = t.parse().ok(), check)}
            {self.checked("Source date", hint, |e| dated(e.source_date), |e, t| e.source_date = t.parse().ok(), check)}
        }
        .into_any()
    }

    fn trust(self) -> AnyView {
        view! {
            {self.choice("Visibility", word_choices!(Visibility), |e| e.visibility().key().to_owned(), |e, k| e.visibility = Some(Visibility::from_key(k)))}
            {self.choice("Reliability", word_choices!(Reliability), |e| key(e.reliability.map(Reliability::key)), |e, k| e.reliability = Some(Reliability::from_key(k)))}
            {self.choice("Its source says it", word_choices!(Inference), |e| key(e.inference.map(Inference::key)), |e, k| e.inference = Some(Inference::from_key(k)))}
            {self.choice("Origin", word_choices!(Origin), |e| key(e.origin.map(Origin::key)), |e, k| e.origin = Some(Origin::from_key(k)))}
            {self.lines("Passed on by", "Nearest to its source first; one a line.", |e| e.passed_on_by.clone(), |e, v| e.passed_on_by = Some(v))}
            {self.lines("Seen by", "Who has seen it, where that is not everybody; one a line.", |e| e.seen_by.clone(), |e, v| e.seen_by = Some(v))}
            {self.check("Only its existence is known so far: not in hand", |e| e.not_in_hand, |e, v| e.not_in_hand = Some(v))}
            {self.check("We had read it already", |e| e.already_read, |e, v| e.already_read = Some(v))}
        }
        .into_any()
    }

    fn origin(self) -> AnyView {
        let session = self.session;
        let others = Signal::derive(move || {
            session.follow_all();
            session.with(|board| {
                let others = board
                    .all_evidence()
                    .filter(|evidence| Some(evidence.id) != self.own);
                others
                    .map(|e| (e.id.to_string(), short(e.headline(), 90).to_owned()))
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
        let answers = self.read(|e| e.answers.map(|id| id.to_string()).unwrap_or_default());
        let on_answers = Callback::new(move |key: String| {
            self.set.run(EvidenceEdit {
                answers: Some(key.parse().ok()),
                ..EvidenceEdit::default()
            });
        });
        view! {
            {self.lines("Rival explanations", "One a line; its weight after a bar: nobody knows why | about as likely", |e| e.rivals.iter().map(rival_line).collect(), |e, v| e.rivals = Some(v.iter().map(|line| parse_rival(line)).collect()))}
            {self.lines("Exceptions and counter-examples", "", |e| e.exceptions.clone(), |e, v| e.exceptions = Some(v))}
            <Choice label="It answers, or explains otherwise" options=others value=answers on_commit=on_answers />
            {self.lines("Tags", "One a line.", |e| e.tags.clone(), |e, v| e.tags = Some(v))}
            <Pick label="Same origin as (not to be counted twice)" options=others value=same on_commit=on_same />
        }
        .into_any()
    }
}

fn key(word: Option<&'static str>) -> String {
    word.unwrap_or_default().to_owned()
}

/// An unknown date is an empty field.
fn dated(date: VagueDate) -> String {
    if date == VagueDate::Unknown {
        String::new()
    } else {
        date.to_string()
    }
}

fn rival_line(rival: &Rival) -> String {
    if rival.weight.is_empty() {
        rival.text.clone()
    } else {
        format!("{} | {}", rival.text, rival.weight)
    }
}

fn parse_rival(line: &str) -> Rival {
    let (text, weight) = line.rsplit_once('|').unwrap_or((line, ""));
    Rival {
        text: text.trim().into(),
        weight: weight.trim().into(),
    }
}
