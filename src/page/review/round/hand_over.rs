//! The screens between two holders of a shared device.

use super::{Hands, read_round};
use crate::component::live;
use crate::page::person_name;
use crate::t_view;
use cruxboard_domain::board::Board;
use cruxboard_domain::decide::Command;
use cruxboard_domain::record::{PersonId, Record, Round, RoundId};
use cruxboard_domain::round::waiting_for;
use cruxboard_domain::t;
use cruxboard_session::Session;
use leptos::prelude::*;

/// Renders the screen before a person sees their earlier answers, without anything private.
pub(super) fn before_answering(
    session: Session,
    person: PersonId,
    hands: RwSignal<Hands>,
) -> AnyView {
    let name = session.read_untracked(|board| person_name(board, person));
    view! {
        <section class="hand-over" aria-label=t!("Hand over")>
            <h1>{t!("For {name} only", name)}</h1>
            <p>{t!("If this device is shared, hand it to {name}. Nobody else should look until it is handed back.", name)}</p>
            <p class="actions">
                <button class="primary" on:click=move |_| hands.set(Hands::With(person))>{t!("I am {name}: go on", name)}</button>
                <button on:click=move |_| hands.set(Hands::Table)>{t!("Not now")}</button>
            </p>
        </section>
    }
    .into_any()
}

/// Returns the next person to answer, in the order of those who were asked.
fn next_to_answer(
    board: &Board,
    round: &Record<RoundId, Round>,
    after: PersonId,
) -> Option<PersonId> {
    let waited_for = waiting_for(board, round);
    let asked = &round.people;
    let place = asked.iter().position(|person| *person == after);
    let (before, later) = asked.split_at(place.map_or(0, |place| place + 1));
    let mut in_turn = later.iter().chain(before);
    in_turn.find(|person| waited_for.contains(person)).copied()
}

/// The screen after a person has answered: hands the device to the next person, or closes the round.
#[component]
pub(super) fn Sealed(
    session: Session,
    id: RoundId,
    person: PersonId,
    hands: RwSignal<Hands>,
) -> impl IntoView {
    let name = session.read_untracked(|board| person_name(board, person));
    let next = Memo::new(move |_| {
        read_round(session, id, |board, round| {
            next_to_answer(board, round, person)
        })
        .flatten()
    });
    let close = move |_| {
        session.dispatch(Command::CloseRound(id));
    };
    let on = move || match next.get() {
        Some(next) => {
            let name = session.read_untracked(|board| person_name(board, next));
            let go_on = move |_| hands.set(Hands::With(next));
            view! {
                <p>{t_view!("Hand the device to {name}, or back to the others.", name = view! { <b>{name.clone()}</b> })}</p>
                <p class="actions">
                    <button class="primary" on:click=go_on>{t!("I am {name}: go on", name)}</button>
                    <button on:click=move |_| hands.set(Hands::Table)>{t!("Back to the round")}</button>
                </p>
            }
            .into_any()
        }
        None => view! {
            <p>{t!("Everybody has sealed their answers.")}</p>
            <p class="actions">
                <button class="primary" on:click=close>{t!("Reveal answers")}</button>
                <button on:click=move |_| hands.set(Hands::Table)>{t!("Back to the round")}</button>
            </p>
        }
        .into_any(),
    };
    view! {
        <section class="hand-over" aria-label=t!("Hand over")>
            <h1>{t!("Sealed")}</h1>
            <p role="status">{t!("The answers of {name} are sealed and no longer on this screen.", name)}</p>
            {live(on)}
        </section>
    }
}
