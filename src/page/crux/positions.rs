use crate::prelude::*;
use cruxboard_domain::board::RecordRef;
use cruxboard_domain::change::Edited;
use cruxboard_domain::decide::Command;
use cruxboard_domain::record::{
    CruxId, Grounds, Holding, Position, PositionEdit, PositionId, Restatement,
};

use crate::component::Each;

use crate::component::{Show, live};

use super::Remembered;
use crate::component::{Check, Choice, Section, TextArea, TextField};
use crate::page::{read_crux, word_choices};
use crate::session::Session;

/// What people hold who are not on the board.
#[component]
pub(super) fn PositionPanel(session: Session, id: CruxId) -> impl IntoView {
    let ids = Memo::new(move |_| {
        session.follow(RecordRef::Crux(id));
        session.with(|board| {
            board
                .positions_on(id)
                .map(|position| position.id.0)
                .collect::<Vec<_>>()
        })
    });
    view! {
        <section class="panel positions" aria-labelledby="positions-title">
            <h2 id="positions-title">"Positions of others"</h2>
            <Show when=move || ids.with(Vec::is_empty)>
                <p class="soft">"What do people hold who are not on the board? Mark what they said and what you infer."</p>
            </Show>
            <Each ids=ids view=Callback::new(move |position| { let position = PositionId(position); view! {
                <PositionCard session crux=id id=position />
            }.into_any() }) />
            <Remembered name="new-position" title="Record a position">
                <NewPosition session crux=id />
            </Remembered>
        </section>
    }
}

#[component]
fn PositionCard(session: Session, crux: CruxId, id: PositionId) -> impl IntoView {
    let position = Signal::derive(move || {
        session.follow(RecordRef::Crux(crux));
        session
            .with(|board| board.position(id).map(|position| Position::clone(position)))
            .unwrap_or_default()
    });
    let edits = RwSignal::new(false);
    let set = Callback::new(move |set: PositionEdit| {
        session.dispatch(Command::EditPosition(Edited {
            of: id,
            set,
            reason: String::new(),
        }));
    });
    view! {
        <article class="position">
            {live(move || said(&position.get(), &read_crux(session, crux, |_, crux| crux.clause()).unwrap_or_default()))}
            <Section title="Edit" is_open=edits on_toggle=Callback::new(move |open| edits.set(open))>
                <PositionFields position set />
                <p class="actions">
                    <button class="danger" on:click=move |_| { session.dispatch(Command::Trash(id.0)); }>"Move to the trash"</button>
                </p>
            </Section>
        </article>
    }
}

fn said(position: &Position, clause: &str) -> AnyView {
    let grounds = position.grounds.unwrap_or(Grounds::Inferred);
    let holding = position
        .holding
        .map_or("Holds something about it", Holding::label);
    let number = position.credence.map(|credence| {
        let whose = if position.assigned {
            " (number assigned by us)"
        } else {
            ""
        };
        format!("{credence} %{whose}")
    });
    let restated = match position.restatement {
        Some(Restatement::NotAsked) | None => None,
        Some(word) => Some(format!("Restatement: {}", word.label().to_lowercase())),
    };
    let quote = (!position.quote.is_empty())
        .then(|| view! { <blockquote>{position.quote.clone()}</blockquote> });
    let hedge = (!position.hedge.is_empty())
        .then(|| view! { <p class="hedge">"Hedge: " <q>{position.hedge.clone()}</q></p> });
    view! {
        <h3>
            {position.holder.clone()}
            <span class="soft">{(!position.message.is_empty()).then(|| format!(" · {}", position.message))}</span>
        </h3>
        <p title=format!("That {clause}")>
            <b>{holding}</b> " "
            <span class=format!("badge {}", grounds.key())>{grounds.label()}</span>
            {number.map(|number| view! { " " <span class="badge">{number}</span> })}
        </p>
        {quote}
        {hedge}
        {(!position.note.is_empty()).then(|| view! { <p>{position.note.clone()}</p> })}
        <p class="soft">{restated}</p>
    }
    .into_any()
}

#[component]
fn PositionFields(
    #[prop(into)] position: Signal<Position>,
    set: Callback<PositionEdit>,
) -> impl IntoView {
    let read = move |read: fn(&Position) -> String| Signal::derive(move || position.with(read));
    let write = move |write: fn(&mut PositionEdit, String)| {
        Callback::new(move |text: String| {
            let mut edit = PositionEdit::default();
            write(&mut edit, text);
            set.run(edit);
        })
    };
    let assigned = Callback::new(move |is_on| {
        set.run(PositionEdit {
            assigned: Some(is_on),
            ..PositionEdit::default()
        })
    });
    view! {
        <TextField label="Who" hint="A person or an alias." value=read(|p| p.holder.clone()) on_commit=write(|e, t| e.holder = Some(t)) />
        <TextField label="Message or document" value=read(|p| p.message.clone()) on_commit=write(|e, t| e.message = Some(t)) />
        <Choice label="Grounds" options=Signal::stored(word_choices!(Grounds)) value=read(|p| p.grounds.map(|w| w.key().to_owned()).unwrap_or_default()) on_commit=write(|e, k| e.grounds = Some(Grounds::from_key(&k))) />
        <Choice label="Holding" options=Signal::stored(word_choices!(Holding)) value=read(|p| p.holding.map(|w| w.key().to_owned()).unwrap_or_default()) on_commit=write(|e, k| e.holding = Some(Holding::from_key(&k))) />
        <TextArea label="Quote, verbatim" value=read(|p| p.quote.clone()) on_commit=write(|e, t| e.quote = Some(t)) />
        <TextField label="Hedge, verbatim" value=read(|p| p.hedge.clone()) on_commit=write(|e, t| e.hedge = Some(t)) />
        <TextField label="Number, in %" value=read(|p| p.credence.map(|c| c.to_string()).unwrap_or_default()) on_commit=write(|e, t| e.credence = Some(t.parse().ok())) />
        <Check label="The number is ours, not theirs" value=Signal::derive(move || position.with(|p| p.assigned)) on_commit=assigned />
        <Choice label="Our wording is" options=Signal::stored(word_choices!(Restatement)) value=read(|p| p.restatement.map(|w| w.key().to_owned()).unwrap_or_default()) on_commit=write(|e, k| e.restatement = Some(Restatement::from_key(&k))) />
        <TextArea label="Note" value=read(|p| p.note.clone()) on_commit=write(|e, t| e.note = Some(t)) />
    }
}

#[component]
fn NewPosition(session: Session, crux: CruxId) -> impl IntoView {
    let position = RwSignal::new(Position::default());
    let set =
        Callback::new(move |set: PositionEdit| position.update(|position| position.overlay(&set)));
    let add = move |_| {
        let edit = Position::default().edit_to(&position.get_untracked());
        if session.dispatch(Command::RecordPosition(PositionEdit {
            crux: Some(crux),
            ..edit
        })) {
            position.set(Position::default());
        }
    };
    view! {
        <PositionFields position set />
        <p class="actions"><button class="primary" on:click=add>"Record the position"</button></p>
    }
}
