//! The form for a new crux: the claim, the option it points to, one trigger; the rest can wait.

use crate::prelude::*;
use cruxboard_domain::board::RecordRef;
use cruxboard_domain::decide::Command;
use cruxboard_domain::record::{Crux, CruxEdit, Mark, Trigger, TriggerEdit};

use super::{Outside, option_choices};
use crate::component::{Choice, DateField, TextArea, TextField};
use crate::route::{Route, Screen};
use crate::session::Session;
use cruxboard_domain::record::CruxId;

/// A crux being written.
#[component]
pub fn NewCruxPage(session: Session) -> impl IntoView {
    let outside = Outside::from_context();
    let crux = RwSignal::new(Crux::default());
    let option_toward = move |mark: Mark| {
        session.with(|board| board.options().find(|o| o.mark() == mark).map(|o| o.id))
    };
    let fresh = move |mark: Mark| Trigger {
        armed: true,
        toward: option_toward(mark),
        ..Trigger::default()
    };
    let stop = RwSignal::new(fresh(Mark::Stop));
    let go_on = RwSignal::new(fresh(Mark::Continue));
    let options = Signal::derive(move || {
        session.follow(RecordRef::Board);
        session.with(option_choices)
    });
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let triggers = [stop, go_on]
            .into_iter()
            .map(|trigger| trigger.get_untracked());
        let triggers = triggers.filter(|trigger| !trigger.observable.is_empty());
        let command = Command::AddCrux {
            crux: Crux::default().edit_to(&crux.get_untracked()),
            triggers: triggers
                .map(|trigger| Trigger::default().edit_to(&trigger))
                .collect::<Vec<TriggerEdit>>(),
        };
        match session.try_dispatch(command) {
            Ok(changes) => {
                let added = changes.first().map(|change| CruxId(change.id));
                if let (Some(board), Some(id)) = (session.open.get_untracked(), added) {
                    outside
                        .go
                        .run((Route::Board(board, Screen::Crux(id)), true));
                }
            }
            Err(refusal) => session.notices.refuse(&refusal),
        }
    };
    let set = move |write: fn(&mut CruxEdit, String)| {
        Callback::new(move |text: String| {
            let mut edit = CruxEdit::default();
            write(&mut edit, text);
            crux.update(|crux| crux.overlay(&edit));
        })
    };
    let read = move |read: fn(&Crux) -> String| Signal::derive(move || crux.with(read));
    view! {
        <form class="page narrow" on:submit=add>
            <h1>"A new crux"</h1>
            <p class="soft">"A claim on which the decision hinges: if it turned out true, you would choose another option. The claim, the option and one trigger are enough to begin."</p>
            <section class="panel form-grid">
                <TextArea label="Claim" hint="One sentence that is true or false." value=read(|c| c.claim.clone()) on_commit=set(|e, t| e.claim = Some(t)) is_claim=true />
                <TextField label="Title" hint="A few words to call it by." value=read(|c| c.title.clone()) on_commit=set(|e, t| e.title = Some(t)) />
                <Choice label="Option if true" options value=read(|c| c.if_true.map(|o| o.to_string()).unwrap_or_default()) on_commit=set(|e, k| e.if_true = Some(k.parse().ok())) />
            </section>
            <FirstTrigger title="What would make you stop or change?" trigger=stop options />
            <FirstTrigger title="What would make you go on?" trigger=go_on options />
            <p class="actions">
                <button class="primary" type="submit">"Add the crux"</button>
                <span class="soft">"Everything else can be filled in afterwards, section by section."</span>
            </p>
        </form>
    }
}

#[component]
fn FirstTrigger(
    title: &'static str,
    trigger: RwSignal<Trigger>,
    options: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    let read = move |read: fn(&Trigger) -> String| Signal::derive(move || trigger.with(read));
    let set = move |write: fn(&mut TriggerEdit, String)| {
        Callback::new(move |text: String| {
            let mut edit = TriggerEdit::default();
            write(&mut edit, text);
            trigger.update(|trigger| trigger.overlay(&edit));
        })
    };
    let by_date = Callback::new(move |day| trigger.update(|trigger| trigger.by_date = day));
    view! {
        <fieldset class="panel form-grid">
            <legend><h2>{title}</h2></legend>
            <TextArea label="Observable" hint="What would be seen? Left empty, no trigger is added." value=read(|t| t.observable.clone()) on_commit=set(|e, t| e.observable = Some(t)) />
            <Choice label="Speaks for" options value=read(|t| t.toward.map(|o| o.to_string()).unwrap_or_default()) on_commit=set(|e, k| e.toward = Some(k.parse().ok())) />
            <TextField label="Threshold" hint="From which figure on?" value=read(|t| t.threshold.clone()) on_commit=set(|e, t| e.threshold = Some(t)) />
            <DateField label="By" value=Signal::derive(move || trigger.with(|t| t.by_date)) on_commit=by_date />
            <TextField label="Judge" hint="Who says whether it is met?" value=read(|t| t.judge.clone()) on_commit=set(|e, t| e.judge = Some(t)) />
        </fieldset>
    }
}
