//! The last step of beginning a board: the first cruxes.

use cruxboard_domain::import::claims::claims;
use cruxboard_domain::t;
use cruxboard_domain::tn;
use leptos::prelude::*;
use leptos::{ev, html};

use super::draft::Draft;
use super::examples::Examples;
use super::step_field::MeChoice;
use crate::component::{is_command, key_of, live};
use crate::page::Services;
use crate::page::claim_list::{ClaimListField, has_percentages};
use crate::route::{NewBoardStep, Route};

#[component]
pub(super) fn CruxesStep(draft: Draft) -> impl IntoView {
    let services = Services::from_context();
    let refusal = move || draft.refusal_at(NewBoardStep::Cruxes);
    let listed = Memo::new(move |_| draft.claims.with(|text| claims(text)));
    let has_numbers = Memo::new(move |_| has_percentages(listed));
    let count = move || {
        let is_written = |claim: &str| !claim.trim().is_empty();
        let written = draft.cruxes.with(|cruxes| {
            let claims = cruxes.0.iter().map(|crux| crux.claim.as_str());
            claims.filter(|claim| is_written(claim)).count()
        });
        written + listed.with(|list| list.claims.len())
    };
    let create = move || match count() {
        0 => t!("Skip and open the board").to_owned(),
        count => tn!(
            count,
            "Open the board with {count} crux",
            "Open the board with {count} cruxes"
        ),
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
            <h1>{t!("On which claims does it hinge?")}</h1>
            <p class="soft">{t!("A crux is a claim that would change the decision if it turned out true. Two or three are enough to begin.")}</p>
            <section class="panel form-grid">
                <ClaimListField
                    text=draft.claims
                    listed
                    problem=Signal::derive(refusal)
                    placeholder=t!("Users come back within a week 70%\nNobody else builds it")
                    on_key=Callback::new(on_key)
                />
            </section>
            <Examples draft />
            <div class="actions sticky">
                <Whose draft has_numbers />
                <button class="primary" type="submit" title=t!("Ctrl or ⌘ + Enter")>{live(create)}</button>
                <a class="button" href=Route::NewBoard(NewBoardStep::People).href()>{t!("Back")}</a>
                <span class="soft" role="status">{live(move || left_out_words(draft, has_numbers))}</span>
            </div>
        </form>
    }
}

/// Asks whose credences the percentages are, if nobody was chosen in the step before.
#[component]
fn Whose(draft: Draft, has_numbers: Memo<bool>) -> impl IntoView {
    let is_several = Memo::new(move |_| draft.names().len() > 1);
    // Once asked, the question stays, so that its answer can be changed.
    let was_chosen = untrack(|| draft.chosen_me().is_some());
    let asks = move || !was_chosen && has_numbers.get() && is_several.get();
    view! {
        <Show when=asks>
            <div class="begin-whose">
                <MeChoice draft label=t!("Whose credences are these?") none=t!("Choose") />
            </div>
        </Show>
    }
}

/// Says that the percentages are left out, while they are nobody's. Reactive.
fn left_out_words(draft: Draft, has_numbers: Memo<bool>) -> Option<&'static str> {
    let words = if draft.names().is_empty() {
        t!("The percentages are left out: the step before names nobody.")
    } else {
        t!("The percentages are left out until you choose whose they are.")
    };
    (has_numbers.get() && draft.chosen_me().is_none()).then_some(words)
}
