//! The second step of beginning a board: the people.

use cruxboard_domain::decide::StartingPoint;
use cruxboard_domain::t;
use cruxboard_domain::translation::translated;
use leptos::prelude::*;

use super::draft::Draft;
use super::go_on_to;
use super::step_field::{MeChoice, StepField};
use crate::component::live;
use crate::route::{NewBoardStep, Route};

#[component]
pub(super) fn PeopleStep(draft: Draft) -> impl IntoView {
    let example = Signal::derive(move || {
        let point = draft.starting_point();
        let names = |point: &StartingPoint| {
            let names = point.people.iter().map(|name| translated(name));
            names.collect::<Vec<_>>().join(", ")
        };
        point.map(names)
    });
    let count = Memo::new(move |_| draft.names().len());
    let only = move || draft.names().pop().filter(|_| count.get() == 1);
    let next = move || {
        if count.get() > 0 {
            t!("button" => "Next")
        } else {
            t!("Skip")
        }
    };
    view! {
        <form novalidate on:submit=go_on_to(draft, NewBoardStep::Cruxes)>
            <h1>{t!("Who decides?")}</h1>
            <section class="panel stack">
                <StepField
                    draft
                    step=NewBoardStep::People
                    field=draft.people
                    example
                    label=t!("People: names or roles, separated by commas")
                    placeholder=t!("Area lead, Researcher, Red-teamer")
                    hint=t!("Each states credences of their own. Others can be added later under Setup.")
                />
                {live(move || only().map(|name| view! { <p>{t!("You are {name}.", name)}</p> }))}
                <Show when=move || { count.get() > 1 }>
                    <MeChoice draft label=t!("You are") none=t!("Choose later") />
                </Show>
            </section>
            <p class="actions">
                <button class="primary" type="submit">{live(next)}</button>
                <a class="button" href=Route::NewBoard(NewBoardStep::Question).href()>{t!("Back")}</a>
            </p>
        </form>
    }
}
