//! The first step of beginning a board: the decision question.

use cruxboard_domain::decide::{STARTING_POINTS, StartingPoint, USUAL_OPTIONS};
use cruxboard_domain::t;
use cruxboard_domain::translation::translated;
use leptos::prelude::*;

use super::draft::Draft;
use super::go_on_to;
use super::step_field::StepField;
use crate::component::{MarkGlyph, live};
use crate::route::{NewBoardStep, Route};

#[component]
pub(super) fn QuestionStep(draft: Draft) -> impl IntoView {
    let example = Signal::derive(move || {
        let point = draft.starting_point();
        point.map(|point| translated(point.question).to_owned())
    });
    view! {
        <form novalidate on:submit=go_on_to(draft, NewBoardStep::People)>
            <h1>{t!("What do you have to decide?")}</h1>
            <section class="panel stack">
                <BeginFrom draft />
                <StepField
                    draft
                    step=NewBoardStep::Question
                    field=draft.question
                    example
                    label=t!("Decision question")
                    placeholder=t!("Keep, change or wind down the … line?")
                    hint=t!("A question about going on: the answer can be to continue, to change direction or to stop.")
                />
                {live(move || view_options(draft.starting_point()))}
            </section>
            <p class="actions">
                <button class="primary" type="submit">{t!("button" => "Next")}</button>
                <a class="button" href=Route::Start.href()>{t!("Not now")}</a>
            </p>
        </form>
    }
}

/// The choice of a starting point, whose texts are the examples of all steps.
#[component]
fn BeginFrom(draft: Draft) -> impl IntoView {
    let points = STARTING_POINTS
        .iter()
        .map(|point| (point.key, translated(point.name)));
    let choices = std::iter::once(("", t!("starting point" => "Nothing"))).chain(points);
    let choices = choices.map(|(key, name)| {
        let is_chosen = move || draft.begun_from.with(|chosen| chosen == key);
        view! {
            <label>
                <input
                    type="radio"
                    name="begin-from"
                    prop:checked=is_chosen
                    on:change=move |_| draft.begun_from.set(key.to_owned())
                />
                <span>{name}</span>
            </label>
        }
    });
    view! {
        <fieldset class="field wide begin-from">
            <legend>{t!("Begin from")}</legend>
            <div>{choices.collect_view()}</div>
        </fieldset>
    }
}

/// Renders the options of the new board.
fn view_options(point: Option<&'static StartingPoint>) -> AnyView {
    let options = point.map_or(USUAL_OPTIONS, |point| point.options);
    let options = options
        .iter()
        .map(|&(name, mark)| view! { <li><MarkGlyph mark />{translated(name)}</li> });
    view! {
        <div class="field">
            <h2 class="begin-label">{t!("Options")}</h2>
            <ul class="begin-options">{options.collect_view()}</ul>
            <p class="hint">{t!("They can be renamed under Setup, and others added.")}</p>
        </div>
    }
    .into_any()
}
