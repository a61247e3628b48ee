//! Beginning a board in three short steps: the question, the people, the first cruxes.

mod cruxes;
mod draft;
mod examples;
mod people;
mod question;
mod step_field;

use cruxboard_domain::t;
use leptos::prelude::*;
use leptos::{ev, html};

use self::cruxes::CruxesStep;
use self::draft::Draft;
use self::people::PeopleStep;
use self::question::QuestionStep;
use super::Services;
use crate::component::{DraftBanner, Later, focus_first_text, live};
use crate::route::{NewBoardStep, Route};
use cruxboard_session::Session;

/// The steps of beginning a board. Everything is a draft until the last one creates the board.
#[component]
pub fn NewBoardPage(session: Session, step: Signal<NewBoardStep>) -> impl IntoView {
    let draft = Draft::of(session);
    let is_kept = draft.is_written();
    let step = Memo::new(move |_| step.get());
    let form = move || {
        let step = step.get();
        match step {
            NewBoardStep::Question => view! { <QuestionStep draft /> }.into_any(),
            NewBoardStep::People => view! { <PeopleStep draft /> }.into_any(),
            NewBoardStep::Cruxes => view! { <CruxesStep draft /> }.into_any(),
        }
    };
    let later = Later::from_context();
    let element = NodeRef::<html::Div>::new();
    Effect::new(move |before: Option<()>| {
        step.track();
        // With a draft the keyboard stays at the top, so that it can be read first.
        if before.is_some() || !is_kept {
            // Later, since a new screen is first scrolled to its top.
            later.run(0, move || {
                if let Some(page) = element.get_untracked() {
                    focus_first_text(&page);
                }
            });
        }
    });
    view! {
        <header class="masthead">
            <div class="row"><a class="wordmark" href=Route::Start.href() title=t!("All boards")>"Cruxboard"</a></div>
        </header>
        <div class="page narrow begin" node_ref=element>
            {live(move || view_steps(step.get()))}
            <DraftBanner is_kept on_discard=Callback::new(move |()| draft.discard()) />
            {live(form)}
        </div>
    }
}

/// Renders the list of the steps.
fn view_steps(current: NewBoardStep) -> AnyView {
    let steps = NewBoardStep::ALL.into_iter().map(|step| {
        let is_current = (step == current).then_some("step");
        view! {
            <li><a href=Route::NewBoard(step).href() aria-current=is_current>{name_of(step)}</a></li>
        }
    });
    view! { <nav aria-label=t!("Steps")><ol class="begin-steps">{steps.collect_view()}</ol></nav> }
        .into_any()
}

fn name_of(step: NewBoardStep) -> &'static str {
    match step {
        NewBoardStep::Question => t!("Question"),
        NewBoardStep::People => t!("People"),
        NewBoardStep::Cruxes => t!("First cruxes"),
    }
}

/// Returns the handler of a step's form that goes on to another step, unless the draft is refused so far.
fn go_on_to(draft: Draft, next: NewBoardStep) -> impl Fn(ev::SubmitEvent) + 'static {
    let services = Services::from_context();
    move |event| {
        event.prevent_default();
        if draft.check(services) {
            services.navigation.go.run((Route::NewBoard(next), false));
        }
    }
}
