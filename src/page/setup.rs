//! The board's question, options, people and terms.

use cruxboard_domain::board::RecordRef;
use cruxboard_domain::change::Edited;
use cruxboard_domain::decide::Command;
use cruxboard_domain::record::{
    BoardInfo, BoardInfoEdit, BoardOption, BoardOptionEdit, Mark, OptionId, Person, PersonEdit,
    PersonId, Term, TermEdit, TermId,
};
use leptos::prelude::*;

use crate::component::Each;

use crate::component::live;

use super::sync::SyncSection;
use super::word_choices;
use crate::component::{Check, Choice, DateField, MarkGlyph, TextArea, TextField};
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

#[component]
fn About(session: Session) -> impl IntoView {
    let info = Signal::derive(move || {
        session.follow(RecordRef::Board);
        session.with(|board| board.info().clone())
    });
    let read = move |read: fn(&BoardInfo) -> String| Signal::derive(move || info.with(read));
    let set = move |write: fn(&mut BoardInfoEdit, String)| {
        Callback::new(move |text: String| {
            let mut edit = BoardInfoEdit::default();
            write(&mut edit, text);
            session.dispatch(Command::Describe(edit));
        })
    };
    let next_review = Callback::new(move |day| {
        session.dispatch(Command::Describe(BoardInfoEdit {
            next_review: Some(day),
            ..BoardInfoEdit::default()
        }));
    });
    view! {
        <section class="panel form-grid">
            <h2>"The decision"</h2>
            <TextArea label="Decision question" value=read(|i| i.question.clone()) on_commit=set(|e, t| e.question = Some(t)) is_claim=true />
            <TextArea label="About" hint="What one should know before reading." value=read(|i| i.about.clone()) on_commit=set(|e, t| e.about = Some(t)) />
            <TextArea label="Notice" hint="Stands above every screen, such as “All numbers are illustrations”." value=read(|i| i.notice.clone()) on_commit=set(|e, t| e.notice = Some(t)) />
            <DateField label="Next review" value=Signal::derive(move || info.with(|i| i.next_review)) on_commit=next_review />
            <TextField label="Credences are stale after, in days" kind="number" value=read(|i| i.stale_days().to_string()) on_commit=set(|e, t| e.stale_after_days = t.parse().ok()) />
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
    let add = Callback::new(move |text: String| {
        if session.dispatch(Command::AddPerson(PersonEdit {
            name: Some(text.clone()),
            ..PersonEdit::default()
        })) {
            // The field shows what stands in the signal, so it is emptied by a change of it.
            name.set(text);
            name.set(String::new());
        }
    });
    view! {
        <section class="panel">
            <h2>"People"</h2>
            <p class="soft">"Everybody who states credences here. Names can be roles or aliases."</p>
            <Each ids=ids view=Callback::new(move |id| { let id = PersonId(id); view! {
                <PersonRow session id />
            }.into_any() }) />
            <TextField label="Add a person" placeholder="Name or role, then Enter" value=name on_commit=add />
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
    let read = move |read: fn(&Person) -> String| Signal::derive(move || person.with(read));
    let edit = move |set: PersonEdit| {
        session.dispatch(Command::EditPerson(Edited {
            of: id,
            set,
            reason: String::new(),
        }));
    };
    let set = move |write: fn(&mut PersonEdit, String)| {
        Callback::new(move |text: String| {
            let mut set = PersonEdit::default();
            write(&mut set, text);
            edit(set);
        })
    };
    let red_team = Callback::new(move |is_on| {
        edit(PersonEdit {
            red_team: Some(is_on),
            ..PersonEdit::default()
        })
    });
    view! {
        <div class="form-grid record" role="group" aria-label=move || person.with(|p| p.name.clone())>
            <TextField label="Name" value=read(|p| p.name.clone()) on_commit=set(|e, t| e.name = Some(t)) />
            <TextField label="Role" value=read(|p| p.role.clone()) on_commit=set(|e, t| e.role = Some(t)) />
            <TextField label="Initials" value=read(Person::initials) on_commit=set(|e, t| e.initials = Some(t)) />
            <Check label="Red team: looks for the case against" value=Signal::derive(move || person.with(|p| p.red_team)) on_commit=red_team />
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
            <p class="soft">"The ways the decision can go."</p>
            <Each ids=ids view=Callback::new(move |id| { let id = OptionId(id); view! {
                <OptionRow session id />
            }.into_any() }) />
            <TextField label="Add an option" placeholder="What one could decide, then Enter" value=name on_commit=add />
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
    let read = move |read: fn(&BoardOption) -> String| Signal::derive(move || option.with(read));
    let set = move |write: fn(&mut BoardOptionEdit, String)| {
        Callback::new(move |text: String| {
            let mut set = BoardOptionEdit::default();
            write(&mut set, text);
            session.dispatch(Command::EditOption(Edited {
                of: id,
                set,
                reason: String::new(),
            }));
        })
    };
    view! {
        <div class="form-grid record" role="group" aria-label=move || option.with(|o| o.name.clone())>
            <span class="shape">{live(move || view! { <MarkGlyph mark=option.with(BoardOption::mark) /> })}</span>
            <TextField label="Name" value=read(|o| o.name.clone()) on_commit=set(|e, t| e.name = Some(t)) />
            <Choice label="Kind" options=Signal::stored(word_choices!(Mark)) value=read(|o| o.mark().key().to_owned()) on_commit=set(|e, k| e.mark = Some(Mark::from_key(&k))) none="" />
            <TextArea label="What it would mean" hint="In practice; for a change of direction: which one." value=read(|o| o.means.clone()) on_commit=set(|e, t| e.means = Some(t)) />
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
            <p class="soft">"What words mean on this board. A definition shows on every crux whose claim uses the word."</p>
            <Each ids=ids view=Callback::new(move |id| { let id = TermId(id); view! {
                <TermRow session id />
            }.into_any() }) />
            <TextField label="Define a term" placeholder="The word, then Enter" value=name on_commit=add />
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
    let read = move |read: fn(&Term) -> String| Signal::derive(move || term.with(read));
    let set = move |write: fn(&mut TermEdit, String)| {
        Callback::new(move |text: String| {
            let mut set = TermEdit::default();
            write(&mut set, text);
            session.dispatch(Command::EditTerm(Edited {
                of: id,
                set,
                reason: String::new(),
            }));
        })
    };
    view! {
        <div class="form-grid record" role="group" aria-label=move || term.with(|t| t.term.clone())>
            <TextField label="Term" value=read(|t| t.term.clone()) on_commit=set(|e, t| e.term = Some(t)) />
            <TextField label="Defined by" value=read(|t| t.source.clone()) on_commit=set(|e, t| e.source = Some(t)) />
            <TextArea label="Meaning" value=read(|t| t.meaning.clone()) on_commit=set(|e, t| e.meaning = Some(t)) />
            <button class="danger" aria-label=move || format!("Move {} to the trash", term.with(|t| t.term.clone())) on:click=move |_| { session.dispatch(Command::Trash(id.0)); }>"Trash"</button>
        </div>
    }
}
