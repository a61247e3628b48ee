//! The board's question, options, people and terms.

use cruxboard_domain::board::RecordRef;
use cruxboard_domain::change::Edited;
use cruxboard_domain::decide::Command;
use cruxboard_domain::limits::limit_of;
use cruxboard_domain::record::Fields as _;
use cruxboard_domain::record::{
    BoardInfoEdit, BoardOption, BoardOptionEdit, Mark, OptionId, Person, PersonEdit, PersonId,
    Term, TermEdit, TermId,
};
use leptos::prelude::*;

use crate::component::live;

use super::sync::SyncSection;
use super::{dispatch_from, dispatch_in_place};
use crate::component::{Field, FieldErrors, Form, Kind, MarkGlyph, TextField, field};
use crate::session::Session;

/// What the board is about, and who is on it.
#[component]
pub fn SetupPage(session: Session) -> impl IntoView {
    view! {
        <div class="page narrow">
            <h1>"Setup"</h1>
            <About session />
            <People session />
            <Options session />
            <Terms session />
            <SyncSection session />
        </div>
    }
}

const ABOUT: &[Field] = &[
    field("question", "Decision question", Kind::Claim, ""),
    field("about", "About", Kind::Area, "Background for readers."),
    field(
        "notice",
        "Notice",
        Kind::Area,
        "Shown above every screen, such as “All numbers are illustrations”.",
    ),
    field("next_review", "Next review", Kind::Day, ""),
    field(
        "stale_after_days",
        "Credences are stale after, in days",
        Kind::Number("90"),
        "",
    ),
];

const PERSON: &[Field] = &[
    field("name", "Name", Kind::Line, ""),
    field("role", "Role", Kind::Line, ""),
    field("initials", "Initials", Kind::Line, ""),
    field(
        "red_team",
        "Red team: looks for the case against",
        Kind::Yes,
        "",
    ),
];

const OPTION: &[Field] = &[
    field("name", "Name", Kind::Line, ""),
    field(
        "mark",
        "Kind",
        Kind::OneOf(Mark::CHOICES, Mark::Other.key()),
        "",
    ),
    field(
        "means",
        "Meaning in practice",
        Kind::Area,
        "What this option means in practice; for a change of direction, name the new one.",
    ),
];

const TERM: &[Field] = &[
    field("term", "Term", Kind::Line, ""),
    field("source", "Defined by", Kind::Line, ""),
    field("meaning", "Meaning", Kind::Area, ""),
];

#[component]
fn About(session: Session) -> impl IntoView {
    let info = Signal::derive(move || {
        session.follow(RecordRef::Board);
        session.with(|board| board.info().clone())
    });
    let errors = FieldErrors::provide();
    let set = Callback::new(move |set: BoardInfoEdit| {
        dispatch_in_place(session, errors, Command::Describe(set));
    });
    view! {
        <section class="panel form-grid">
            <h2>"Question and dates"</h2>
            {Form::of(info, set).fields(ABOUT)}
        </section>
    }
}

#[component]
fn People(session: Session) -> impl IntoView {
    let ids = Memo::new(move |_| {
        session.follow(RecordRef::Board);
        session.with(|board| board.people().map(|person| person.id.0).collect::<Vec<_>>())
    });
    let name = RwSignal::new(String::new());
    let errors = FieldErrors::provide();
    let add = Callback::new(move |text: String| {
        let command = Command::AddPerson(PersonEdit {
            name: Some(text.clone()),
            ..PersonEdit::default()
        });
        if dispatch_from(session, errors, command) {
            // The field shows what stands in the signal, so it is emptied by a change of it.
            name.set(text);
            name.set(String::new());
        }
    });
    view! {
        <section class="panel">
            <h2>"People"</h2>
            <p class="soft">"People who state credences. Names can be roles or aliases."</p>
            <For each=move || ids.get() key=|id| *id let(id)><PersonRow session id=PersonId(id) /></For>
            <TextField label="Add a person" name="name" placeholder="Name or role, then Enter" most=limit_of("name") value=name on_commit=add />
        </section>
    }
}

#[component]
fn PersonRow(session: Session, id: PersonId) -> impl IntoView {
    let person = Signal::derive(move || {
        session.follow(RecordRef::Board);
        session
            .with(|board| board.person(id).map(|person| Person::clone(person)))
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
            // Those they go by, also where none were chosen.
            "initials" => person.initials().into(),
            _ => person.field(key),
        })
    });
    let form = Form::new(read, set);
    view! {
        <div class="form-grid record" role="group" aria-label=move || person.with(|p| p.name.clone())>
            {form.fields(PERSON)}
            <button class="danger" aria-label=move || format!("Move {} to the trash", person.with(|p| p.name.clone())) on:click=move |_| { session.dispatch(Command::Trash(id.0)); }>"Trash"</button>
        </div>
    }
}

#[component]
fn Options(session: Session) -> impl IntoView {
    let ids = Memo::new(move |_| {
        session.follow(RecordRef::Board);
        session.with(|board| {
            board
                .options()
                .map(|option| option.id.0)
                .collect::<Vec<_>>()
        })
    });
    let name = RwSignal::new(String::new());
    let add = Callback::new(move |text: String| {
        if session.dispatch(Command::AddOption(BoardOptionEdit {
            name: Some(text.clone()),
            ..BoardOptionEdit::default()
        })) {
            name.set(text);
            name.set(String::new());
        }
    });
    view! {
        <section class="panel">
            <h2>"Options"</h2>
            <p class="soft">"The options to decide between."</p>
            <For each=move || ids.get() key=|id| *id let(id)><OptionRow session id=OptionId(id) /></For>
            <TextField label="Add an option" placeholder="Option, then Enter" most=limit_of("name") value=name on_commit=add />
        </section>
    }
}

#[component]
fn OptionRow(session: Session, id: OptionId) -> impl IntoView {
    let option = Signal::derive(move || {
        session.follow(RecordRef::Board);
        session
            .with(|board| board.option(id).map(|option| BoardOption::clone(option)))
            .unwrap_or_default()
    });
    let set = Callback::new(move |set: BoardOptionEdit| {
        session.dispatch(Command::EditOption(Edited {
            of: id,
            set,
            reason: String::new(),
        }));
    });
    view! {
        <div class="form-grid record" role="group" aria-label=move || option.with(|o| o.name.clone())>
            <span class="shape">{live(move || view! { <MarkGlyph mark=option.with(BoardOption::mark) /> })}</span>
            {Form::of(option, set).fields(OPTION)}
            <button class="danger" aria-label=move || format!("Move {} to the trash", option.with(|o| o.name.clone())) on:click=move |_| { session.dispatch(Command::Trash(id.0)); }>"Trash"</button>
        </div>
    }
}

#[component]
fn Terms(session: Session) -> impl IntoView {
    let ids = Memo::new(move |_| {
        session.follow(RecordRef::Board);
        session.with(|board| board.terms().map(|term| term.id.0).collect::<Vec<_>>())
    });
    let name = RwSignal::new(String::new());
    let add = Callback::new(move |text: String| {
        if session.dispatch(Command::DefineTerm(TermEdit {
            term: Some(text.clone()),
            ..TermEdit::default()
        })) {
            name.set(text);
            name.set(String::new());
        }
    });
    view! {
        <section class="panel">
            <h2>"Terms"</h2>
            <p class="soft">"Definitions of words on this board. A definition is shown on every crux whose claim uses the word."</p>
            <For each=move || ids.get() key=|id| *id let(id)><TermRow session id=TermId(id) /></For>
            <TextField label="Define a term" placeholder="Term, then Enter" most=limit_of("term") value=name on_commit=add />
        </section>
    }
}

#[component]
fn TermRow(session: Session, id: TermId) -> impl IntoView {
    let term = Signal::derive(move || {
        session.follow(RecordRef::Board);
        session
            .with(|board| board.term(id).map(|term| Term::clone(term)))
            .unwrap_or_default()
    });
    let set = Callback::new(move |set: TermEdit| {
        session.dispatch(Command::EditTerm(Edited {
            of: id,
            set,
            reason: String::new(),
        }));
    });
    view! {
        <div class="form-grid record" role="group" aria-label=move || term.with(|t| t.term.clone())>
            {Form::of(term, set).fields(TERM)}
            <button class="danger" aria-label=move || format!("Move {} to the trash", term.with(|t| t.term.clone())) on:click=move |_| { session.dispatch(Command::Trash(id.0)); }>"Trash"</button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::check_table;

    #[test]
    fn every_field_is_one_of_its_record() {
        check_table::<BoardInfoEdit>(ABOUT);
        check_table::<PersonEdit>(PERSON);
        check_table::<BoardOptionEdit>(OPTION);
        check_table::<TermEdit>(TERM);
    }
}
