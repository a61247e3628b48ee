use std::str::FromStr;

mod splitting;
mod stage;

use self::splitting::SplitForm;
use self::stage::StageForm;
use cruxboard_domain::board::RecordRef;
use cruxboard_domain::change::Edited;
use cruxboard_domain::decide::Command;
use cruxboard_domain::limits::limit_of;
use cruxboard_domain::record::Fields as _;
use cruxboard_domain::record::table::{Field, assert_shown, pick};
use cruxboard_domain::record::{Bearing, BearingKind, Crux, CruxEdit, CruxId};
use cruxboard_domain::t;

use super::Remembered;
use super::claim::ClaimField;
use crate::component::{Check, FieldErrors, Form as Table, Pick, TextField, live};
use crate::page::{dispatch_in_place, href, option_choices, present_choices, read_crux};
use crate::route::Screen;
use cruxboard_session::Session;
use leptos::prelude::*;

/// All fields of a crux, by section. Each field saves itself when it is left.
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
            <h2 class="visually-hidden">{t!("All fields")}</h2>
            <Remembered name="crux-claim" title=t!("Claim and option")>
                {form.table().fields(TITLE)}
                <ClaimField session id />
                {form.table().fields(CLAIM)}
            </Remembered>
            <Remembered name="crux-judging" title=t!("How it is judged")>{form.table().fields(JUDGING)}</Remembered>
            <Remembered name="crux-bearing" title=t!("Bearing and scope")>{bearings(form)} {form.table().fields(BEARING)}</Remembered>
            <Remembered name="crux-sense" title=t!("Qualifications")>{form.table().fields(SENSE)}</Remembered>
            <Remembered name="crux-source" title=t!("Origin and notes")>{form.table().fields(SOURCE)}</Remembered>
            <Remembered name="crux-work" title=t!("Implications and mitigations")>{form.table().fields(WORK)}</Remembered>
            <Remembered name="crux-manage" title=t!("Settings")>{form.manage()}</Remembered>
        </div>
    }
}

const TITLE: &[Field] = &pick(Crux::FORM, ["title"]);

const CLAIM: &[Field] = &pick(
    Crux::FORM,
    ["if_true", "if_true_note", "conditions", "one_liner"],
);

const JUDGING: &[Field] = &pick(
    Crux::FORM,
    ["resolution", "judge_by", "base_rate", "reference_class"],
);

const BEARING: &[Field] = &pick(
    Crux::FORM,
    [
        "scope",
        "scope_note",
        "specificity",
        "wider_class",
        "basis",
        "alternative",
        "hits_alternative",
    ],
);

const SENSE: &[Field] = &pick(Crux::FORM, ["modality", "due_to", "reliance", "hedge"]);

const SOURCE: &[Field] = &pick(
    Crux::FORM,
    ["origin", "sourced_from", "note", "usually_missed"],
);

const WORK: &[Field] = &pick(Crux::FORM, ["implication", "mitigations", "test_cost"]);

const MANAGE: &[Field] = &pick(Crux::FORM, ["importance", "owner", "review_on", "tags"]);

const BEARINGS: Field = Field::named(Crux::FORM, "bearings");

const SEPARATE: Field = Field::named(Crux::FORM, "separate_from");

// The claim and the bearings have views of their own.
const _: () = assert_shown(
    Crux::FORM,
    &[TITLE, CLAIM, JUDGING, BEARING, SENSE, SOURCE, WORK, MANAGE],
    &["claim", "bearings"],
);

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
            self.session.read(RecordRef::Crux(self.id), |board| {
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

    /// Returns the form for the plain fields.
    fn table(self) -> Table {
        let session = self.session;
        let id = self.id;
        let read = Callback::new(move |key: &'static str| {
            session
                .read(RecordRef::Crux(id), |board| {
                    board.crux(id).map(|crux| crux.field(key))
                })
                .unwrap_or_default()
        });
        Table::new(read, Callback::new(move |set| self.set(set)))
            .with_options(Signal::derive(move || {
                session.read(RecordRef::Board, option_choices)
            }))
            .with_people(present_choices(session, move || {
                let owner = read_crux(session, id, |_, crux| crux.owner);
                owner.flatten().into_iter().collect()
            }))
    }

    fn manage(self) -> AnyView {
        let session = self.session;
        view! {
            {self.table().fields(MANAGE)}
            <OrderField form=self />
            {separate(self)}
            <StageForm form=self />
            <SplitForm form=self />
            <p class="actions">
                <a class="button" href=href(session, Screen::CopyCruxes(Some(self.id)))>{t!("Copy to another board…")}</a>
                <button class="danger" on:click=move |_| { session.dispatch(Command::Trash(self.id.0)); }>{t!("Move to the trash")}</button>
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

/// Renders each kind of bearing with its degree.
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
            BearingKind::NetNegative => t!("Size"),
            BearingKind::Useless => t!("Certainty"),
            BearingKind::DirectionChange => t!("New direction"),
            BearingKind::Other => t!("In what way"),
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
    view! { <fieldset class="field wide bearings"><legend>{BEARINGS.label()}</legend>{rows.collect_view()}</fieldset> }.into_any()
}

/// Renders the choice of cruxes that are separate arguments.
fn separate(form: Form) -> AnyView {
    let session = form.session;
    let options = Signal::derive(move || {
        session.read(RecordRef::Board, |board| {
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
    view! { <Pick label=SEPARATE.label() options value on_commit /> }.into_any()
}

/// The position in the manual order, for people who can neither drag nor type.
#[component]
fn OrderField(form: Form) -> impl IntoView {
    let session = form.session;
    let order = Memo::new(move |_| {
        session.read_all(|board| {
            let cruxes = board.cruxes().into_iter();
            cruxes.map(|crux| crux.id).collect::<Vec<_>>()
        })
    });
    let place = move || order.with(|order| order.iter().position(|crux| *crux == form.id));
    let count = move || order.with(Vec::len);
    let go = move |to: usize| {
        // The crux behind which it will be, after it was removed from its old position.
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
        <div class="field" role="group" aria-label=t!("Place on the board")>
            <p class="soft">
                {live(move || {
                    let number = place().map_or(0, |place| place + 1);
                    t!("Number {number} of {count} on the board", number, count = count())
                })}
            </p>
            <p class="actions">
                <button aria-disabled=move || is_first().then_some("true") on:click=move |_| step(-1)>{t!("Move up")}</button>
                <button aria-disabled=move || is_last().then_some("true") on:click=move |_| step(1)>{t!("Move down")}</button>
            </p>
        </div>
    }
}
