//! The form for a new crux: the claim, the option it points to, one trigger; the rest can wait.

use cruxboard_domain::ChangeId;
use cruxboard_domain::board::RecordRef;
use cruxboard_domain::decide::Command;
use cruxboard_domain::record::{Crux, CruxEdit, Mark, Trigger, TriggerEdit};
use leptos::prelude::*;

use super::{Services, option_choices};
use crate::component::{DraftBanner, Field, FieldErrors, Form, Kind, field, focus_invalid};
use crate::route::{Route, Screen};
use crate::session::Session;
use cruxboard_domain::record::CruxId;

/// A crux being written.
#[component]
pub fn NewCruxPage(session: Session) -> impl IntoView {
    let services = Services::from_context();
    let is_written = |crux: &Crux| *crux != Crux::default();
    let crux = session.draft("crux", ChangeId::MIN, Crux::default(), is_written);
    let option_toward = move |mark: Mark| {
        session.with(|board| board.options().find(|o| o.mark() == mark).map(|o| o.id))
    };
    let fresh = move |mark: Mark| Trigger {
        armed: true,
        toward: option_toward(mark),
        ..Trigger::default()
    };
    let stop = session.draft("crux-stop", ChangeId::MIN, fresh(Mark::Stop), says);
    let go_on = session.draft("crux-go-on", ChangeId::MIN, fresh(Mark::Continue), says);
    let is_kept =
        crux.with_untracked(is_written) || stop.with_untracked(says) || go_on.with_untracked(says);
    let begin = move || {
        crux.set(Crux::default());
        stop.set(fresh(Mark::Stop));
        go_on.set(fresh(Mark::Continue));
    };
    let options = Signal::derive(move || {
        session.follow(RecordRef::Board);
        session.with(option_choices)
    });
    let errors = FieldErrors::provide();
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if focus_invalid(&event) {
            return;
        }
        let triggers = [stop, go_on]
            .into_iter()
            .map(|trigger| trigger.get_untracked());
        let triggers = triggers.filter(says);
        let command = Command::AddCrux {
            crux: Crux::default().edit_to(&crux.get_untracked()),
            triggers: triggers
                .map(|trigger| Trigger::default().edit_to(&trigger))
                .collect::<Vec<TriggerEdit>>(),
        };
        match session.try_dispatch(command) {
            Ok(changes) => {
                begin();
                let added = changes.first().map(|change| CruxId(change.id));
                if let (Some(board), Some(id)) = (session.open.get_untracked(), added) {
                    services
                        .go
                        .run((Route::Board(board, Screen::Crux(id)), true));
                }
            }
            Err(refusal) => {
                session.notices.refuse(&refusal);
                if let Some(field) = refusal.field() {
                    errors.refuse(field, refusal.to_string());
                }
            }
        }
    };
    let set = Callback::new(move |set: CruxEdit| crux.update(|crux| crux.overlay(&set)));
    let form = Form::of(Signal::<Crux>::from(crux), set).with_options(options);
    view! {
        <form class="page narrow" novalidate on:submit=add>
            <h1>"New crux"</h1>
            <DraftBanner is_kept on_discard=Callback::new(move |()| begin()) />
            <p class="soft">"A claim on which the decision hinges: if it turned out true, you would choose another option. The claim, the option and one trigger are enough to begin."</p>
            <section class="panel form-grid">
                {form.fields(CLAIM)}
            </section>
            <FirstTrigger title="What would make you stop or change?" trigger=stop options />
            <FirstTrigger title="What would make you go on?" trigger=go_on options />
            <p class="actions">
                <button class="primary" type="submit">"Add the crux"</button>
                <span class="soft">"Everything else can be added later."</span>
            </p>
        </form>
    }
}

/// Whether anything was written of a trigger.
fn says(trigger: &Trigger) -> bool {
    let texts = [&trigger.observable, &trigger.threshold, &trigger.judge];
    trigger.by_date.is_some() || texts.iter().any(|text| !text.is_empty())
}

const CLAIM: &[Field] = &[
    field(
        "claim",
        "Claim",
        Kind::Claim,
        "One sentence that is true or false.",
    ),
    field("title", "Title", Kind::Line, "A short name."),
    field("if_true", "Option if true", Kind::Option("—"), ""),
];

const TRIGGER: &[Field] = &[
    field(
        "observable",
        "Observable",
        Kind::Area,
        "What would you see? Leave all of this empty to add no trigger.",
    ),
    field("toward", "Speaks for", Kind::Option("—"), ""),
    field(
        "threshold",
        "Threshold",
        Kind::Line,
        "Which figure counts as met?",
    ),
    field("by_date", "By", Kind::Day, ""),
    field(
        "judge",
        "Judge",
        Kind::Line,
        "Who decides whether it is met?",
    ),
];

#[component]
fn FirstTrigger(
    title: &'static str,
    trigger: RwSignal<Trigger>,
    options: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    let set =
        Callback::new(move |set: TriggerEdit| trigger.update(|trigger| trigger.overlay(&set)));
    let form = Form::of(Signal::<Trigger>::from(trigger), set).with_options(options);
    view! {
        <fieldset class="panel form-grid">
            <legend><h2>{title}</h2></legend>
            {form.fields(TRIGGER)}
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::check_table;

    #[test]
    fn every_field_is_one_of_its_record() {
        check_table::<CruxEdit>(CLAIM);
        check_table::<TriggerEdit>(TRIGGER);
    }
}
