use cruxboard_domain::board::RecordRef;
use cruxboard_domain::change::Edited;
use cruxboard_domain::decide::Command;
use cruxboard_domain::record::table::{Field, assert_shown, pick};
use cruxboard_domain::record::{
    CruxId, Grounds, Holding, Position, PositionEdit, PositionId, Restatement,
};
use cruxboard_domain::t;
use leptos::prelude::*;

use crate::component::live;
use crate::t_view;

use super::Remembered;
use crate::component::{DraftBanner, FieldErrors, Form, Section, focus_invalid};
use crate::page::{dispatch_from, read_crux};
use cruxboard_session::Session;

/// The positions of people outside the board.
#[component]
pub(super) fn PositionPanel(session: Session, id: CruxId) -> impl IntoView {
    let ids = Memo::new(move |_| {
        session.read(RecordRef::Crux(id), |board| {
            board
                .positions_on(id)
                .map(|position| position.id.0)
                .collect::<Vec<_>>()
        })
    });
    view! {
        <section class="panel positions" aria-labelledby="positions-title">
            <h2 id="positions-title">{t!("Positions of others")}</h2>
            <Show when=move || ids.with(Vec::is_empty)>
                <p class="soft">{t!("Views of people who are not on the board. Mark what they said and what you infer.")}</p>
            </Show>
            <For each=move || ids.get() key=|id| *id let(position)><PositionCard session crux=id id=PositionId(position) /></For>
            <Remembered name="new-position" title=t!("Record a position")>
                <NewPosition session crux=id />
            </Remembered>
        </section>
    }
}

#[component]
fn PositionCard(session: Session, crux: CruxId, id: PositionId) -> impl IntoView {
    let position = Signal::derive(move || {
        session
            .read(RecordRef::Crux(crux), |board| {
                board.position(id).map(|position| Position::clone(position))
            })
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
            <Section title=t!("Edit") is_open=edits on_toggle=Callback::new(move |open| edits.set(open))>
                <PositionFields position set />
                <p class="actions">
                    <button class="danger" on:click=move |_| { session.dispatch(Command::Trash(id.0)); }>{t!("Move to the trash")}</button>
                </p>
            </Section>
        </article>
    }
}

fn said(position: &Position, clause: &str) -> AnyView {
    let grounds = position.grounds.unwrap_or(Grounds::Inferred);
    // A number alone says all that the person said.
    let holding = match position.holding {
        None if position.credence.is_some() => None,
        holding => Some(holding.map_or_else(|| t!("Holds something about it"), Holding::label)),
    };
    let number = position.credence.map(|credence| {
        let credence = credence.shown();
        if position.assigned {
            t!("{credence} (number assigned by us)", credence)
        } else {
            credence
        }
    });
    let restated = match position.restatement {
        Some(Restatement::NotAsked) | None => None,
        Some(Restatement::Asked) => Some(t!("Restatement: asked")),
        Some(Restatement::Confirmed) => Some(t!("Restatement: confirmed")),
        Some(Restatement::Corrected) => Some(t!("Restatement: corrected")),
    };
    let quote = (!position.quote.is_empty())
        .then(|| view! { <blockquote>{position.quote.clone()}</blockquote> });
    let hedge = (!position.hedge.is_empty())
        .then(|| view! { <p class="hedge">{t_view!("Hedge: {words}", words = view! { <q>{position.hedge.clone()}</q> })}</p> });
    view! {
        <h3>
            {position.holder.clone()}
            <span class="soft">{(!position.message.is_empty()).then(|| format!(" · {}", position.message))}</span>
        </h3>
        <p title=t!("That {clause}", clause)>
            {holding.map(|holding| view! { <b>{holding}</b> " " })}
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
    Form::of(position, set).fields(FIELDS)
}

const FIELDS: &[Field] = &pick(
    Position::FORM,
    [
        "holder",
        "message",
        "grounds",
        "holding",
        "quote",
        "hedge",
        "credence",
        "assigned",
        "restatement",
        "note",
    ],
);

const _: () = assert_shown(Position::FORM, &[FIELDS], &[]);

#[component]
fn NewPosition(session: Session, crux: CruxId) -> impl IntoView {
    let is_written = |position: &Position| *position != Position::default();
    let errors = FieldErrors::provide();
    let position = session.draft("position", crux.0, Position::default(), is_written);
    let is_kept = position.with_untracked(is_written);
    let discard = Callback::new(move |()| position.set(Position::default()));
    let set =
        Callback::new(move |set: PositionEdit| position.update(|position| position.overlay(&set)));
    let add = move |event: leptos::ev::MouseEvent| {
        if focus_invalid(&event) {
            return;
        }
        let edit = Position::default().edit_to(&position.get_untracked());
        let command = Command::RecordPosition(PositionEdit {
            crux: Some(crux),
            ..edit
        });
        if dispatch_from(session, errors, command) {
            discard.run(());
        }
    };
    view! {
        <DraftBanner is_kept on_discard=discard />
        <PositionFields position set />
        <p class="actions"><button class="primary" on:click=add>{t!("Record the position")}</button></p>
    }
}
