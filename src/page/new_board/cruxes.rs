//! The last step of beginning a board: the first cruxes.

use cruxboard_domain::import::claims::claims;
use cruxboard_domain::text::counted;
use leptos::prelude::*;
use leptos::{ev, html};

use super::draft::Draft;
use super::examples::Examples;
use crate::component::{is_command, key_of, live};
use crate::page::Services;
use crate::page::claim_list::ClaimListField;
use crate::route::{NewBoardStep, Route};

#[component]
pub(super) fn CruxesStep(draft: Draft) -> impl IntoView {
    let services = Services::from_context();
    let refusal = move || draft.refusal_at(NewBoardStep::Cruxes);
    let listed = Memo::new(move |_| draft.claims.with(|text| claims(text)));
    let note = Signal::derive(move || {
        let words =
            "Choose who you are in the step before, to state the percentages as your credences.";
        draft.chosen_me().is_none().then_some(words)
    });
    let count = move || {
        let is_written = |claim: &str| !claim.trim().is_empty();
        let written = draft.cruxes.with(|cruxes| {
            let claims = cruxes.0.iter().map(|crux| crux.claim.as_str());
            claims.filter(|claim| is_written(claim)).count()
        });
        written + listed.with(|list| list.claims.len())
    };
    let create = move || match count() {
        0 => "Skip and open the board".to_owned(),
        count => format!("Open the board with {}", counted(count, "crux", "cruxes")),
    };
    let element = NodeRef::<html::Form>::new();
    let submit = move || {
        if let Some(form) = element.get_untracked() {
            drop(form.request_submit());
        }
    };
    // Nobody begins a list of claims with an empty line: Enter goes on, as in the steps before.
    let on_key = move |event: ev::KeyboardEvent| {
        let is_empty = draft.claims.with_untracked(|text| text.trim().is_empty());
        if key_of(&event) == "Enter" && (is_empty || is_command(&event)) {
            event.prevent_default();
            submit();
        }
    };
    view! {
        <form
            novalidate
            node_ref=element
            on:submit=move |event| {
                event.prevent_default();
                draft.create_board(services);
            }
        >
            <h1>"On which claims does it hinge?"</h1>
            <p class="soft">"A crux is a claim that would change the decision if it turned out true. Two or three are enough to begin."</p>
            <section class="panel form-grid">
                <ClaimListField
                    text=draft.claims
                    listed
                    note
                    problem=Signal::derive(refusal)
                    placeholder="Users come back within a week 70%\nNobody else builds it"
                    on_key=Callback::new(on_key)
                />
            </section>
            <Examples draft />
            <p class="actions sticky">
                <button class="primary" type="submit" title="Ctrl or ⌘ + Enter">{live(create)}</button>
                <a class="button" href=Route::NewBoard(NewBoardStep::People).href()>"Back"</a>
            </p>
        </form>
    }
}
