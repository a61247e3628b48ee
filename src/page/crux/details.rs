use std::str::FromStr;

use chrono::NaiveDate;
use cruxboard_domain::board::RecordRef;
use cruxboard_domain::change::Edited;
use cruxboard_domain::decide::Command;
use cruxboard_domain::limits::limit_of;
use cruxboard_domain::outcome::outcome;
use cruxboard_domain::record::Fields as _;
use cruxboard_domain::record::{
    Basis, Bearing, BearingKind, Crux, CruxEdit, CruxId, Importance, Modality, Origin, Reliance,
    Scope, Specificity, Stage,
};

use super::Remembered;
use crate::component::live;
use crate::component::{
    Check, Choice, DateField, DraftBanner, Field, FieldErrors, Form as Table, Kind, Pick, TextArea,
    TextField, field,
};
use crate::page::{dispatch_from, dispatch_in_place, option_choices, people_choices, word_choices};
use crate::session::Session;
use leptos::prelude::*;

/// Everything that can be said of a crux, by section. Each field saves itself when it is left.
#[component]
pub(super) fn Details(session: Session, id: CruxId) -> impl IntoView {
    let errors = FieldErrors::provide();
    let form = Form {
        session,
        id,
        errors,
    };
    view! {
        <div class="details">
            <h2 class="visually-hidden">"All fields"</h2>
            <Remembered name="crux-claim" title="Claim and option">{form.table().fields(CLAIM)}</Remembered>
            <Remembered name="crux-bearing" title="Bearing and scope">{bearings(form)} {form.table().fields(BEARING)}</Remembered>
            <Remembered name="crux-sense" title="Qualifications">{form.table().fields(SENSE)}</Remembered>
            <Remembered name="crux-source" title="Origin and notes">{form.table().fields(SOURCE)}</Remembered>
            <Remembered name="crux-work" title="Implications and mitigations">{form.table().fields(WORK)}</Remembered>
            <Remembered name="crux-manage" title="Settings">{form.manage()}</Remembered>
        </div>
    }
}

const CLAIM: &[Field] = &[
    field("title", "Title", Kind::Line, "A short name."),
    field(
        "claim",
        "Claim",
        Kind::Area,
        "A sentence that is true or false.",
    ),
    field("if_true", "Option if true", Kind::Option("—"), ""),
    field(
        "if_true_note",
        "Form",
        Kind::Line,
        "“in changed form”, “at half the size”",
    ),
    field(
        "conditions",
        "Conditions",
        Kind::Lines,
        "Degree, respect or point of view; one per line.",
    ),
    field(
        "one_liner",
        "One-line summary",
        Kind::Area,
        "For readers who read only this line.",
    ),
];

const BEARING: &[Field] = &[
    field("scope", "Scope", Kind::Word(Scope::CHOICES), ""),
    field("scope_note", "Who exactly", Kind::Line, ""),
    field(
        "specificity",
        "Specificity",
        Kind::Word(Specificity::CHOICES),
        "",
    ),
    field(
        "wider_class",
        "Wider class",
        Kind::Line,
        "What the claim is also true of.",
    ),
    field("basis", "Basis", Kind::Word(Basis::CHOICES), ""),
    field(
        "alternative",
        "Alternative",
        Kind::Line,
        "What the work is compared with.",
    ),
    field(
        "hits_alternative",
        "The same concern against the alternative",
        Kind::Area,
        "",
    ),
];

const SENSE: &[Field] = &[
    field("modality", "Modality", Kind::Word(Modality::CHOICES), ""),
    field(
        "due_to",
        "Cause",
        Kind::Line,
        "If it is true now, but not necessarily.",
    ),
    field("reliance", "Reliance", Kind::Word(Reliance::CHOICES), ""),
    field(
        "hedge",
        "Hedge, verbatim",
        Kind::Line,
        "The words its source hedged it with.",
    ),
];

const SOURCE: &[Field] = &[
    field("origin", "Origin", Kind::Word(Origin::CHOICES), ""),
    field("sourced_from", "From whom", Kind::Line, ""),
    field(
        "note",
        "Notes",
        Kind::Area,
        "Background, resolution criteria, a link.",
    ),
    field(
        "usually_missed",
        "The usual process would have missed it",
        Kind::Yes,
        "",
    ),
];

const WORK: &[Field] = &[
    field(
        "implication",
        "Implication for the work",
        Kind::Area,
        "What to do differently if the work continues.",
    ),
    field(
        "mitigations",
        "Mitigations",
        Kind::Pairs("what", "cost"),
        "One per line; the cost after a bar: involve the model | a month of work",
    ),
    field("test_cost", "Cost of a test", Kind::Area, ""),
];

const MANAGE: &[Field] = &[
    field(
        "importance",
        "Importance",
        Kind::Word(Importance::CHOICES),
        "",
    ),
    field("owner", "Owner", Kind::Person, ""),
    field("review_on", "Review on", Kind::Day, ""),
    field("tags", "Tags", Kind::Lines, "One per line."),
];

/// The fields of one crux.
#[derive(Clone, Copy)]
struct Form {
    session: Session,
    id: CruxId,
    errors: FieldErrors,
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
        let command = Command::EditCrux(Edited {
            of: self.id,
            set,
            reason: String::new(),
        });
        dispatch_in_place(self.session, self.errors, command);
    }

    /// The plain fields of it.
    fn table(self) -> Table {
        let session = self.session;
        let id = self.id;
        let read = Callback::new(move |key: &'static str| {
            session.follow(RecordRef::Crux(id));
            session
                .with(|board| board.crux(id).map(|crux| crux.field(key)))
                .unwrap_or_default()
        });
        Table::new(read, Callback::new(move |set| self.set(set)))
            .with_options(Signal::derive(move || {
                session.follow(RecordRef::Board);
                session.with(option_choices)
            }))
            .with_people(Signal::derive(move || {
                session.follow(RecordRef::Board);
                session.with(people_choices)
            }))
    }

    fn manage(self) -> AnyView {
        let session = self.session;
        view! {
            {self.table().fields(MANAGE)}
            <Place form=self />
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
            BearingKind::NetNegative => "Size",
            BearingKind::Useless => "Certainty",
            BearingKind::DirectionChange => "New direction",
            BearingKind::Other => "In what way",
        };
        view! {
            <div class="bearing">
                <Check label=kind.label() value=is_set on_commit=toggle />
                <Show when=move || is_set.get()>
                    <TextField label=what most=limit_of("degree") value=degree on_commit=on_degree />
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
                .map(|crux| (crux.id.to_string(), crux.name().into_owned()))
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
    view! { <Pick label="Separate arguments that must not be counted twice" options value on_commit /> }
        .into_any()
}

/// Where the crux stands in the board's own order, for hands that neither drag nor type.
#[component]
fn Place(form: Form) -> impl IntoView {
    let session = form.session;
    let order = Memo::new(move |_| {
        session.follow_all();
        session.with(|board| {
            let cruxes = board.cruxes().into_iter();
            cruxes.map(|crux| crux.id).collect::<Vec<_>>()
        })
    });
    let place = move || order.with(|order| order.iter().position(|crux| *crux == form.id));
    let count = move || order.with(Vec::len);
    let go = move |to: usize| {
        // What it comes to stand behind, once it is gone from where it was.
        let after = order.with_untracked(|order| {
            let mut others = order.iter().filter(|crux| **crux != form.id);
            to.checked_sub(1)
                .and_then(|before| others.nth(before).copied())
        });
        let crux = form.id;
        session.dispatch(Command::MoveCrux { crux, after });
    };
    let step = move |by: isize| {
        let to = place().and_then(|place| place.checked_add_signed(by));
        if let Some(to) = to.filter(|to| *to < count()) {
            go(to);
        }
    };
    let is_first = move || place() == Some(0);
    let is_last = move || place().is_none_or(|place| place + 1 == count());
    view! {
        <div class="field" role="group" aria-label="Place on the board">
            <p class="soft">
                "Number " {live(move || place().map_or(0, |place| place + 1))} " of " {live(count)} " on the board"
            </p>
            <p class="actions">
                <button aria-disabled=move || is_first().then_some("true") on:click=move |_| step(-1)>"Move up"</button>
                <button aria-disabled=move || is_last().then_some("true") on:click=move |_| step(1)>"Move down"</button>
            </p>
        </div>
    }
}

/// Settles, retires or reopens the crux; closing it asks for a reason.
#[component]
fn StageForm(form: Form) -> impl IntoView {
    // The state that waits for its reason, by its key; empty: none does.
    let draft = form
        .session
        .draft("stage", form.id.0, String::new(), |stage| !stage.is_empty());
    let wanted = Signal::derive(move || draft.with(|stage| Stage::from_key(stage)));
    let want = move |stage: Option<Stage>| {
        draft.set(stage.map_or("", Stage::key).to_owned());
    };
    let value = Signal::derive(move || match wanted.get() {
        Some(stage) => stage.key().to_owned(),
        None => form.read(|crux| crux.stage().key().to_owned()).get(),
    });
    // Another state is asked for anew: the reason of the one before is not its reason.
    let stored_reason = form.read(|crux| crux.stage_reason.clone());
    let reason = Signal::derive(move || match wanted.get() {
        Some(_) => String::new(),
        None => stored_reason.get(),
    });
    let on_choice = Callback::new(move |key: String| match Stage::from_key(&key) {
        Some(Stage::Open) => {
            want(None);
            form.set(edit(|e| {
                e.stage = Some(Some(Stage::Open));
                e.stage_reason = Some(String::new());
                e.scored_until = Some(None);
            }));
        }
        other => want(other),
    });
    // The day that is chosen before the reason is written goes with it.
    let chosen_until = RwSignal::new(None::<Option<NaiveDate>>);
    let on_reason = Callback::new(move |text: String| {
        let stage = wanted.get_untracked();
        let until = chosen_until.get_untracked();
        form.set(edit(|e| {
            e.stage = stage.map(Some);
            e.stage_reason = Some(text);
            e.scored_until = until;
        }));
        want(None);
        chosen_until.set(None);
    });
    let session = form.session;
    let until = Signal::derive(move || {
        session.follow(RecordRef::Crux(form.id));
        let stored = session.with(|board| {
            let crux = board.crux(form.id)?;
            let known = outcome(board, crux)
                .ok()
                .map(|outcome| outcome.scored_until);
            crux.scored_until.or(known)
        });
        let today = move || session.now.get().today();
        chosen_until
            .get()
            .flatten()
            .or(stored)
            .or_else(|| Some(today()))
    });
    let on_until = Callback::new(move |day: Option<NaiveDate>| {
        if wanted.get_untracked().is_some() {
            chosen_until.set(Some(day));
        } else {
            form.set(edit(|e| e.scored_until = Some(day)));
        }
    });
    let is_scored = move || {
        let settled = [Stage::SettledTrue, Stage::SettledFalse];
        settled.iter().any(|stage| value.get() == stage.key())
    };
    let asks = move || wanted.get().is_some() || value.get() != Stage::Open.key();
    view! {
        <Choice label="State" options=Signal::stored(word_choices!(Stage)) value on_commit=on_choice none="" />
        <Show when=is_scored>
            <DateField label="Score credences up to" value=until on_commit=on_until hint="The last day before the outcome could be known. Later credences are not scored as forecasts." />
        </Show>
        <Show when=asks>
            <TextArea label="Why is it settled or retired?" name="stage_reason" value=reason on_commit=on_reason hint="The crux is closed once a reason is given." />
        </Show>
    }
}

/// Splits a claim that holds two.
#[component]
fn SplitForm(form: Form) -> impl IntoView {
    let session = form.session;
    let is_written = |text: &String| !text.is_empty();
    let draft = |field, is_written| session.draft(field, form.id.0, String::new(), is_written);
    let keep = draft("split-keep", |_| false);
    let part = draft("split-part", is_written);
    let title = draft("split-title", is_written);
    let is_kept = part.with_untracked(is_written) || title.with_untracked(is_written);
    let is_open = RwSignal::new(is_kept);
    let begin = move |_| {
        keep.set(form.read(|crux| crux.claim.clone()).get_untracked());
        is_open.set(true);
    };
    let discard = Callback::new(move |()| {
        for text in [keep, part, title] {
            text.set(String::new());
        }
        is_open.set(false);
    });
    let errors = FieldErrors::provide();
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
        let command = Command::SplitCrux {
            crux: form.id,
            keep,
            part,
        };
        if dispatch_from(session, errors, command) {
            discard.run(());
        }
    };
    view! {
        <Show
            when=move || is_open.get()
            fallback=move || view! { <p class="actions"><button on:click=begin>"Split in two…"</button></p> }
        >
            <fieldset class="field wide split">
                <legend>"Split in two"</legend>
                <DraftBanner is_kept on_discard=discard />
                <TextArea label="Claim of this crux" name="keep" most=limit_of("claim") value=keep on_commit=Callback::new(move |t| keep.set(t)) is_claim=true />
                <TextField label="Title of the new crux" most=limit_of("title") value=title on_commit=Callback::new(move |t| title.set(t)) />
                <TextArea label="Claim of the new crux" name="claim" most=limit_of("claim") value=part on_commit=Callback::new(move |t| part.set(t)) is_claim=true />
                <p class="actions">
                    <button class="primary" on:click=split>"Split"</button>
                    <button on:click=move |_| discard.run(())>"Not now"</button>
                </p>
            </fieldset>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::check_table;

    #[test]
    fn every_field_is_one_of_a_crux() {
        for fields in [CLAIM, BEARING, SENSE, SOURCE, WORK, MANAGE] {
            check_table::<CruxEdit>(fields);
        }
    }
}
