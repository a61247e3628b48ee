//! The setup screen: the board's question, options, people and terms.

use cruxboard_domain::board::RecordRef;
use cruxboard_domain::change::Edited;
use cruxboard_domain::decide::Command;
use cruxboard_domain::format::changed_states_words;
use cruxboard_domain::limits::limit_of;
use cruxboard_domain::record::Fields as _;
use cruxboard_domain::record::table::{Field, assert_shown, pick};
use cruxboard_domain::record::{
    BoardInfo, BoardInfoEdit, BoardOption, BoardOptionEdit, OptionId, Person, PersonEdit, PersonId,
    Term, TermEdit, TermId,
};
use cruxboard_domain::t;
use cruxboard_domain::trigger_changes::credence_trigger_states;
use leptos::prelude::*;

use crate::component::live;

use super::language::LanguageChoice;
use super::sync::SyncSection;
use super::theme::ThemeChoice;
use super::{dispatch_from, dispatch_in_place};
use crate::component::{FieldErrors, Form, MarkGlyph, TextField};
use cruxboard_session::Session;

/// The setup screen.
#[component]
pub fn SetupPage(session: Session) -> impl IntoView {
    view! {
        <div class="page narrow">
            <h1>{t!("Setup")}</h1>
            <About session />
            <People session />
            <Options session />
            <Terms session />
            <SyncSection session />
            <section class="panel" aria-labelledby="device-title">
                <h2 id="device-title">{t!("This device")}</h2>
                <ThemeChoice />
                <LanguageChoice />
            </section>
        </div>
    }
}

const ABOUT: &[Field] = &pick(
    BoardInfo::FORM,
    [
        "question",
        "about",
        "notice",
        "next_review",
        "stale_after_days",
        "pooling",
        "weighting",
        "extremising",
    ],
);

const PERSON: &[Field] = &pick(
    Person::FORM,
    ["name", "role", "initials", "red_team", "left_on"],
);

const OPTION: &[Field] = &pick(BoardOption::FORM, ["name", "mark", "means"]);

const TERM: &[Field] = &pick(Term::FORM, ["term", "source", "meaning"]);

const _: () = {
    assert_shown(BoardInfo::FORM, &[ABOUT], &[]);
    assert_shown(Person::FORM, &[PERSON], &[]);
    assert_shown(BoardOption::FORM, &[OPTION], &[]);
    assert_shown(Term::FORM, &[TERM], &[]);
};

#[component]
fn About(session: Session) -> impl IntoView {
    let info = Signal::derive(move || session.read(RecordRef::Board, |board| board.info().clone()));
    let errors = FieldErrors::provide();
    let altered = RwSignal::new(None::<String>);
    let set = Callback::new(move |set: BoardInfoEdit| {
        let states = || {
            session.read_untracked(|board| {
                credence_trigger_states(board, session.viewpoint_untracked())
            })
        };
        let before = states();
        dispatch_in_place(session, errors, Command::Describe(set));
        let after = states();
        altered.set(session.read_untracked(|board| changed_states_words(board, &before, &after)));
    });
    view! {
        <section class="panel form-grid">
            <h2>{t!("Question and dates")}</h2>
            {Form::of(info, set).fields(ABOUT)}
            <p class="late wide" role="status">{live(move || altered.get())}</p>
        </section>
    }
}

#[component]
fn People(session: Session) -> impl IntoView {
    let ids = Memo::new(move |_| {
        session.read(RecordRef::Board, |board| {
            board.people().map(|person| person.id.0).collect::<Vec<_>>()
        })
    });
    let name = RwSignal::new(String::new());
    let errors = FieldErrors::provide();
    let add = Callback::new(move |text: String| {
        let command = Command::AddPerson(PersonEdit {
            name: Some(text.clone()),
            ..PersonEdit::default()
        });
        if dispatch_from(session, errors, command) {
            // Setting the signal to another value is what empties the field.
            name.set(text);
            name.set(String::new());
        }
    });
    view! {
        <section class="panel">
            <h2>{t!("People")}</h2>
            <p class="soft">{t!("People who state credences. Names can be roles or aliases.")}</p>
            <For each=move || ids.get() key=|id| *id let(id)><PersonRow session id=PersonId(id) /></For>
            <TextField label=t!("Add a person") name="name" placeholder=t!("Name or role, then Enter") most=limit_of("name") value=name on_commit=add />
        </section>
    }
}

#[component]
fn PersonRow(session: Session, id: PersonId) -> impl IntoView {
    let person = Signal::derive(move || {
        session
            .read(RecordRef::Board, |board| {
                board.person(id).map(|person| Person::clone(person))
            })
            .unwrap_or_default()
    });
    let errors = FieldErrors::provide();
    let set = Callback::new(move |set: PersonEdit| {
        let command = Command::EditPerson(Edited {
            of: id,
            set,
            reason: String::new(),
        });
        dispatch_in_place(session, errors, command);
    });
    let read = Callback::new(move |key| {
        person.with(|person| match key {
            // The initials in use, also if they are derived from the name.
            "initials" => person.initials().into(),
            _ => person.field(key),
        })
    });
    let form = Form::new(read, set);
    view! {
        <div class="form-grid record" role="group" aria-label=move || person.with(|p| p.name.clone())>
            {form.fields(PERSON)}
            <button class="danger" aria-label=move || t!("Move {name} to the trash", name = person.with(|p| p.name.clone())) on:click=move |_| { session.dispatch(Command::Trash(id.0)); }>{t!("verb" => "Trash")}</button>
        </div>
    }
}

#[component]
fn Options(session: Session) -> impl IntoView {
    let ids = Memo::new(move |_| {
        session.read(RecordRef::Board, |board| {
            board
                .options()
                .map(|option| option.id.0)
                .collect::<Vec<_>>()
        })
    });
    let name = RwSignal::new(String::new());
    let errors = FieldErrors::provide();
    let add = Callback::new(move |text: String| {
        let command = Command::AddOption(BoardOptionEdit {
            name: Some(text.clone()),
            ..BoardOptionEdit::default()
        });
        if dispatch_from(session, errors, command) {
            name.set(text);
            name.set(String::new());
        }
    });
    view! {
        <section class="panel">
            <h2>{t!("Options")}</h2>
            <p class="soft">{t!("The options to decide between.")}</p>
            <For each=move || ids.get() key=|id| *id let(id)><OptionRow session id=OptionId(id) /></For>
            <TextField label=t!("Add an option") name="name" placeholder=t!("Option, then Enter") most=limit_of("name") value=name on_commit=add />
        </section>
    }
}

#[component]
fn OptionRow(session: Session, id: OptionId) -> impl IntoView {
    let option = Signal::derive(move || {
        session
            .read(RecordRef::Board, |board| {
                board.option(id).map(|option| BoardOption::clone(option))
            })
            .unwrap_or_default()
    });
    let errors = FieldErrors::provide();
    let set = Callback::new(move |set: BoardOptionEdit| {
        let command = Command::EditOption(Edited {
            of: id,
            set,
            reason: String::new(),
        });
        dispatch_in_place(session, errors, command);
    });
    view! {
        <div class="form-grid record" role="group" aria-label=move || option.with(|o| o.name.clone())>
            <span class="shape">{live(move || view! { <MarkGlyph mark=option.with(BoardOption::mark) /> })}</span>
            {Form::of(option, set).fields(OPTION)}
            <button class="danger" aria-label=move || t!("Move {name} to the trash", name = option.with(|o| o.name.clone())) on:click=move |_| { session.dispatch(Command::Trash(id.0)); }>{t!("verb" => "Trash")}</button>
        </div>
    }
}

#[component]
fn Terms(session: Session) -> impl IntoView {
    let ids = Memo::new(move |_| {
        session.read(RecordRef::Board, |board| {
            board.terms().map(|term| term.id.0).collect::<Vec<_>>()
        })
    });
    let name = RwSignal::new(String::new());
    let errors = FieldErrors::provide();
    let add = Callback::new(move |text: String| {
        let command = Command::DefineTerm(TermEdit {
            term: Some(text.clone()),
            ..TermEdit::default()
        });
        if dispatch_from(session, errors, command) {
            name.set(text);
            name.set(String::new());
        }
    });
    view! {
        <section class="panel">
            <h2>{t!("Terms")}</h2>
            <p class="soft">{t!("Definitions of words on this board. A definition is shown on every crux whose claim uses the word.")}</p>
            <For each=move || ids.get() key=|id| *id let(id)><TermRow session id=TermId(id) /></For>
            <TextField label=t!("Define a term") name="term" placeholder=t!("Term, then Enter") most=limit_of("term") value=name on_commit=add />
        </section>
    }
}

#[component]
fn TermRow(session: Session, id: TermId) -> impl IntoView {
    let term = Signal::derive(move || {
        session
            .read(RecordRef::Board, |board| {
                board.term(id).map(|term| Term::clone(term))
            })
            .unwrap_or_default()
    });
    let errors = FieldErrors::provide();
    let set = Callback::new(move |set: TermEdit| {
        let command = Command::EditTerm(Edited {
            of: id,
            set,
            reason: String::new(),
        });
        dispatch_in_place(session, errors, command);
    });
    view! {
        <div class="form-grid record" role="group" aria-label=move || term.with(|t| t.term.clone())>
            {Form::of(term, set).fields(TERM)}
            <button class="danger" aria-label=move || t!("Move {name} to the trash", name = term.with(|t| t.term.clone())) on:click=move |_| { session.dispatch(Command::Trash(id.0)); }>{t!("verb" => "Trash")}</button>
        </div>
    }
}
