//! The second step of beginning a board: the people.

use cruxboard_domain::decide::StartingPoint;
use cruxboard_domain::t;
use cruxboard_domain::translation::translated;
use leptos::prelude::*;

use super::draft::{Draft, id_of};
use super::{UseExample, go_on_to};
use crate::component::{Choice, live};
use crate::route::{NewBoardStep, Route};

#[component]
pub(super) fn PeopleStep(draft: Draft) -> impl IntoView {
    let id = id_of(NewBoardStep::People);
    let refusal = move || draft.refusal_at(NewBoardStep::People);
    let example = Signal::derive(move || {
        let point = draft.starting_point();
        let names = |point: &StartingPoint| {
            let names = point.people.iter().map(|name| translated(name));
            names.collect::<Vec<_>>().join(", ")
        };
        point.map(names)
    });
    let placeholder = move || {
        let usual = || t!("Area lead, Researcher, Red-teamer").to_owned();
        example.get().unwrap_or_else(usual)
    };
    let count = Memo::new(move |_| draft.names().len());
    let only = move || draft.names().pop().filter(|_| count.get() == 1);
    let choices = Signal::derive(move || {
        let names = draft.names().into_iter();
        names.map(|name| (name.clone(), name)).collect::<Vec<_>>()
    });
    let me = Signal::derive(move || draft.chosen_me().unwrap_or_default());
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
                <div class="field wide">
                    <label for=id>{t!("People: names or roles, separated by commas")}</label>
                    <input
                        id=id
                        type="text"
                        autocomplete="off"
                        placeholder=placeholder
                        aria-invalid=move || refusal().is_some().then_some("true")
                        aria-describedby="new-people-hint new-people-problem"
                        prop:value=draft.people
                        on:input:target=move |event| draft.write(draft.people, event.target().value())
                    />
                    <p id="new-people-hint" class="hint">{t!("Each states credences of their own. Others can be added later under Setup.")}</p>
                    <p id="new-people-problem" class="hint problem" role="alert">{live(refusal)}</p>
                    <UseExample draft field=draft.people example id />
                </div>
                {live(move || only().map(|name| view! { <p>{t!("You are {name}.", name)}</p> }))}
                <Show when=move || { count.get() > 1 }>
                    <Choice
                        label=t!("You are")
                        options=choices
                        value=me
                        none=t!("Choose later")
                        on_commit=Callback::new(move |name| draft.write(draft.me, name))
                    />
                </Show>
            </section>
            <p class="actions">
                <button class="primary" type="submit">{live(next)}</button>
                <a class="button" href=Route::NewBoard(NewBoardStep::Question).href()>{t!("Back")}</a>
            </p>
        </form>
    }
}
