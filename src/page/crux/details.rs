use std::str::FromStr;

use crate::prelude::*;
use cruxboard_domain::board::RecordRef;
use cruxboard_domain::change::Edited;
use cruxboard_domain::decide::Command;
use cruxboard_domain::record::{
    Basis, Bearing, BearingKind, Crux, CruxEdit, CruxId, Importance, Mitigation, Modality, Origin,
    Reliance, Scope, Specificity, Stage,
};

use crate::component::Show;

use super::Remembered;
use crate::component::{Check, Choice, DateField, Lines, Pick, TextArea, TextField};
use crate::page::{option_choices, people_choices, word_choices};
use crate::session::Session;

/// Everything that can be said of a crux, by section. Each field saves itself when it is left.
#[component]
pub(super) fn Details(session: Session, id: CruxId) -> impl IntoView {
    let form = Form { session, id };
    view! {
        <div class="details">
            <h2 class="visually-hidden">"Everything about it"</h2>
            <Remembered name="crux-claim" title="Claim and option">{form.claim()}</Remembered>
            <Remembered name="crux-bearing" title="Bearing and scope">{form.bearing()}</Remembered>
            <Remembered name="crux-sense" title="In which sense">{form.sense()}</Remembered>
            <Remembered name="crux-source" title="Where it comes from">{form.source()}</Remembered>
            <Remembered name="crux-work" title="For the work">{form.work()}</Remembered>
            <Remembered name="crux-manage" title="Order, owner, state, split">{form.manage()}</Remembered>
        </div>
    }
}

/// The fields of one crux.
#[derive(Clone, Copy)]
struct Form {
    session: Session,
    id: CruxId,
}

impl Form {
    fn read<T: Default + Send + Sync + 'static>(self, read: fn(&Crux) -> T) -> Signal<T> {
        Signal::derive(move || {
            self.session.follow(RecordRef::Crux(self.id));
            self.session.with(|board| {
                board
                    .crux(self.id)
                    .map(|crux| read(crux))
                    .unwrap_or_default()
            })
        })
    }

    fn set(self, set: CruxEdit) {
        self.session.dispatch(Command::EditCrux(Edited {
            of: self.id,
            set,
            reason: String::new(),
        }));
    }

    fn text(
        self,
        label: &'static str,
        hint: &'static str,
        read: fn(&Crux) -> String,
        write: fn(&mut CruxEdit, String),
    ) -> AnyView {
        let on_commit = Callback::new(move |text| self.set(edit(|set| write(set, text))));
        view! { <TextField label hint value=self.read(read) on_commit /> }.into_any()
    }

    fn area(
        self,
        label: &'static str,
        hint: &'static str,
        read: fn(&Crux) -> String,
        write: fn(&mut CruxEdit, String),
    ) -> AnyView {
        let on_commit = Callback::new(move |text| self.set(edit(|set| write(set, text))));
        view! { <TextArea label hint value=self.read(read) on_commit /> }.into_any()
    }

    fn lines(
        self,
        label: &'static str,
        hint: &'static str,
        read: fn(&Crux) -> Vec<String>,
        write: fn(&mut CruxEdit, Vec<String>),
    ) -> AnyView {
        let on_commit = Callback::new(move |lines| self.set(edit(|set| write(set, lines))));
        view! { <Lines label hint value=self.read(read) on_commit /> }.into_any()
    }

    fn choice(
        self,
        label: &'static str,
        options: Signal<Vec<(String, String)>>,
        read: fn(&Crux) -> String,
        write: fn(&mut CruxEdit, &str),
    ) -> AnyView {
        let on_commit = Callback::new(move |key: String| self.set(edit(|set| write(set, &key))));
        view! { <Choice label options value=self.read(read) on_commit /> }.into_any()
    }

    fn claim(self) -> AnyView {
        let session = self.session;
        let options = Signal::derive(move || {
            session.follow(RecordRef::Board);
            session.with(option_choices)
        });
        view! {
            {self.text("Title", "A few words to call it by.", |c| c.title.clone(), |e, t| e.title = Some(t))}
            {self.area("Claim", "A sentence that is true or false.", |c| c.claim.clone(), |e, t| e.claim = Some(t))}
            {self.choice("Option if true", options, |c| key_of(c.if_true), |e, k| e.if_true = Some(k.parse().ok()))}
            {self.text("In what form", "“in changed form”, “at half the size”", |c| c.if_true_note.clone(), |e, t| e.if_true_note = Some(t))}
            {self.lines("Conditions", "To what degree, insofar as what, from whose point of view; one a line.", |c| c.conditions.clone(), |e, v| e.conditions = Some(v))}
            {self.area("In one plain line", "For somebody who will read only that.", |c| c.one_liner.clone(), |e, t| e.one_liner = Some(t))}
        }
        .into_any()
    }

    fn bearing(self) -> AnyView {
        view! {
            {bearings(self)}
            {self.choice("Scope", Signal::stored(word_choices!(Scope)), |c| word(c.scope.map(Scope::key)), |e, k| e.scope = Some(Scope::from_key(k)))}
            {self.text("Whom exactly", "", |c| c.scope_note.clone(), |e, t| e.scope_note = Some(t))}
            {self.choice("Specificity", Signal::stored(word_choices!(Specificity)), |c| word(c.specificity.map(Specificity::key)), |e, k| e.specificity = Some(Specificity::from_key(k)))}
            {self.text("Wider class", "If it is true of more than this work: of what?", |c| c.wider_class.clone(), |e, t| e.wider_class = Some(t))}
            {self.choice("Basis", Signal::stored(word_choices!(Basis)), |c| word(c.basis.map(Basis::key)), |e, k| e.basis = Some(Basis::from_key(k)))}
            {self.text("Alternative", "What the work is compared with.", |c| c.alternative.clone(), |e, t| e.alternative = Some(t))}
            {self.area("The same concern against the alternative", "", |c| c.hits_alternative.clone(), |e, t| e.hits_alternative = Some(t))}
        }
        .into_any()
    }

    fn sense(self) -> AnyView {
        view! {
            {self.choice("Modality", Signal::stored(word_choices!(Modality)), |c| word(c.modality.map(Modality::key)), |e, k| e.modality = Some(Modality::from_key(k)))}
            {self.text("Due to what", "If it is true now, but not necessarily.", |c| c.due_to.clone(), |e, t| e.due_to = Some(t))}
            {self.choice("Reliance", Signal::stored(word_choices!(Reliance)), |c| word(c.reliance.map(Reliance::key)), |e, k| e.reliance = Some(Reliance::from_key(k)))}
            {self.text("Hedge, verbatim", "The words its source hedged it with.", |c| c.hedge.clone(), |e, t| e.hedge = Some(t))}
        }
        .into_any()
    }

    fn source(self) -> AnyView {
        let missed = Callback::new(move |is_on| self.set(edit(|e| e.usually_missed = Some(is_on))));
        view! {
            {self.choice("Origin", Signal::stored(word_choices!(Origin)), |c| word(c.origin.map(Origin::key)), |e, k| e.origin = Some(Origin::from_key(k)))}
            {self.text("From whom", "", |c| c.sourced_from.clone(), |e, t| e.sourced_from = Some(t))}
            <Check label="The usual process would have missed it" value=self.read(|c| c.usually_missed) on_commit=missed />
        }
        .into_any()
    }

    fn work(self) -> AnyView {
        view! {
            {self.area("Implication for the work", "What to do differently, for those who go on.", |c| c.implication.clone(), |e, t| e.implication = Some(t))}
            {self.lines("Mitigations", "One a line; the cost after a bar: involve the model | a month of work", |c| c.mitigations.iter().map(mitigation_line).collect(), |e, v| e.mitigations = Some(v.iter().map(|line| parse_mitigation(line)).collect()))}
            {self.area("What a test would take", "", |c| c.test_cost.clone(), |e, t| e.test_cost = Some(t))}
        }
        .into_any()
    }

    fn manage(self) -> AnyView {
        let session = self.session;
        let people = Signal::derive(move || {
            session.follow(RecordRef::Board);
            session.with(people_choices)
        });
        let review = Callback::new(move |day| self.set(edit(|e| e.review_on = Some(day))));
        view! {
            {self.choice("Importance", Signal::stored(word_choices!(Importance)), |c| word(c.importance.map(Importance::key)), |e, k| e.importance = Some(Importance::from_key(k)))}
            {self.choice("Owner", people, |c| key_of(c.owner), |e, k| e.owner = Some(k.parse().ok()))}
            <DateField label="Review on" value=self.read(|c| c.review_on) on_commit=review />
            {self.lines("Tags", "One a line.", |c| c.tags.clone(), |e, v| e.tags = Some(v))}
            {separate(self)}
            <StageForm form=self />
            <SplitForm form=self />
            <p class="actions">
                <button class="danger" on:click=move |_| { session.dispatch(Command::Trash(self.id.0)); }>"Move to the trash"</button>
            </p>
        }
        .into_any()
    }
}

fn edit(write: impl FnOnce(&mut CruxEdit)) -> CruxEdit {
    let mut set = CruxEdit::default();
    write(&mut set);
    set
}

fn key_of<Id: ToString>(id: Option<Id>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

fn word(key: Option<&'static str>) -> String {
    key.unwrap_or_default().to_owned()
}

fn mitigation_line(mitigation: &Mitigation) -> String {
    if mitigation.cost.is_empty() {
        mitigation.what.clone()
    } else {
        format!("{} | {}", mitigation.what, mitigation.cost)
    }
}

fn parse_mitigation(line: &str) -> Mitigation {
    let (what, cost) = line.rsplit_once('|').unwrap_or((line, ""));
    Mitigation {
        what: what.trim().into(),
        cost: cost.trim().into(),
    }
}

/// Each way in which it can bear on the work, with its degree.
fn bearings(form: Form) -> AnyView {
    let rows = BearingKind::ALL.iter().map(|kind| {
        let kind = *kind;
        let all = form.read(|crux| crux.bearings.clone());
        let is_set = Signal::derive(move || all.with(|all| all.iter().any(|b| b.kind == kind)));
        let degree = Signal::derive(move || {
            all.with(|all| {
                all.iter()
                    .find(|b| b.kind == kind)
                    .map(|b| b.degree.clone())
                    .unwrap_or_default()
            })
        });
        let write = move |is_set: bool, degree: String| {
            let mut bearings = all.get_untracked();
            bearings.retain(|bearing| bearing.kind != kind);
            if is_set {
                bearings.push(Bearing { kind, degree });
            }
            bearings.sort_by_key(|bearing| bearing.kind);
            form.set(edit(|e| e.bearings = Some(bearings)));
        };
        let toggle = Callback::new(move |is_set| write(is_set, degree.get_untracked()));
        let on_degree = Callback::new(move |text| write(true, text));
        let what = match kind {
            BearingKind::NetNegative => "How large",
            BearingKind::Useless => "How certain",
            BearingKind::DirectionChange => "Which direction instead",
            BearingKind::Other => "In which way",
        };
        view! {
            <div class="bearing">
                <Check label=kind.label() value=is_set on_commit=toggle />
                <Show when=move || is_set.get()>
                    <TextField label=what value=degree on_commit=on_degree />
                </Show>
            </div>
        }
    });
    view! { <fieldset class="field wide bearings"><legend>"Bearing"</legend>{rows.collect_view()}</fieldset> }.into_any()
}

/// Which other cruxes are arguments of their own.
fn separate(form: Form) -> AnyView {
    let session = form.session;
    let options = Signal::derive(move || {
        session.follow(RecordRef::Board);
        session.with(|board| {
            let others = board.cruxes().into_iter().filter(|crux| crux.id != form.id);
            others
                .map(|crux| (crux.id.to_string(), crux.name().to_owned()))
                .collect::<Vec<_>>()
        })
    });
    let value = Signal::derive(move || {
        form.read(|crux| crux.separate_from.clone())
            .get()
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    });
    let on_commit = Callback::new(move |keys: Vec<String>| {
        let ids = keys
            .iter()
            .filter_map(|key| CruxId::from_str(key).ok())
            .collect();
        form.set(edit(|e| e.separate_from = Some(ids)));
    });
    view! { <Pick label="Separate arguments, not to be counted twice" options value on_commit /> }
        .into_any()
}

/// Settles, retires or reopens the crux; closing it asks for a reason.
#[component]
fn StageForm(form: Form) -> impl IntoView {
    let wanted = RwSignal::new(None::<Stage>);
    let value = Signal::derive(move || match wanted.get() {
        Some(stage) => stage.key().to_owned(),
        None => form.read(|crux| crux.stage().key().to_owned()).get(),
    });
    let reason = form.read(|crux| crux.stage_reason.clone());
    let on_choice = Callback::new(move |key: String| match Stage::from_key(&key) {
        Some(Stage::Open) => {
            wanted.set(None);
            form.set(edit(|e| e.stage = Some(Some(Stage::Open))));
        }
        other => wanted.set(other),
    });
    let on_reason = Callback::new(move |text: String| {
        let stage = wanted.get_untracked();
        form.set(edit(|e| {
            e.stage = stage.map(Some);
            e.stage_reason = Some(text);
        }));
        wanted.set(None);
    });
    let asks = move || wanted.get().is_some() || value.get() != Stage::Open.key();
    view! {
        <Choice label="State" options=Signal::stored(word_choices!(Stage)) value on_commit=on_choice none="" />
        <Show when=asks>
            <TextArea label="Why is it settled or retired?" value=reason on_commit=on_reason hint="It is closed once this is filled in; the reason stays with it." />
        </Show>
    }
}

/// Splits a claim that holds two.
#[component]
fn SplitForm(form: Form) -> impl IntoView {
    let session = form.session;
    let is_open = RwSignal::new(false);
    let keep = RwSignal::new(String::new());
    let part = RwSignal::new(String::new());
    let title = RwSignal::new(String::new());
    let begin = move |_| {
        keep.set(form.read(|crux| crux.claim.clone()).get_untracked());
        part.set(String::new());
        is_open.set(true);
    };
    let split = move |_| {
        let inherited = session.with(|board| {
            board.crux(form.id).map(|crux| CruxEdit {
                if_true: Some(crux.if_true),
                scope: Some(crux.scope),
                ..CruxEdit::default()
            })
        });
        let part = CruxEdit {
            claim: Some(part.get_untracked()),
            title: Some(title.get_untracked()),
            ..inherited.unwrap_or_default()
        };
        let keep = keep.get_untracked();
        if session.dispatch(Command::SplitCrux {
            crux: form.id,
            keep,
            part,
        }) {
            is_open.set(false);
        }
    };
    view! {
        <Show
            when=move || is_open.get()
            fallback=move || view! { <p class="actions"><button on:click=begin>"Split in two…"</button></p> }
        >
            <fieldset class="field wide split">
                <legend>"Split in two"</legend>
                <TextArea label="Claim that stays here" value=keep on_commit=Callback::new(move |t| keep.set(t)) is_claim=true />
                <TextField label="Title of the new crux" value=title on_commit=Callback::new(move |t| title.set(t)) />
                <TextArea label="Claim of the new crux" value=part on_commit=Callback::new(move |t| part.set(t)) is_claim=true />
                <p class="actions">
                    <button class="primary" on:click=split>"Split"</button>
                    <button on:click=move |_| is_open.set(false)>"Not now"</button>
                </p>
            </fieldset>
        </Show>
    }
}
