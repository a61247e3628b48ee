//! The actions of a decision. Each is a follow-up.

use chrono::NaiveDate;
use cruxboard_domain::board::{Board, RecordRef};
use cruxboard_domain::change::Edited;
use cruxboard_domain::decide::Command;
use cruxboard_domain::record::{
    DecisionId, FollowUp, FollowUpEdit, FollowUpId, FollowUpState, Record,
};
use cruxboard_domain::t;
use leptos::prelude::*;

use crate::component::{Choice, DateField, DateText, Later, TextField, live};
use crate::page::{Services, today};
use crate::t_view;
use cruxboard_session::Session;

/// Returns the actions written in the form, without empty rows.
pub(in crate::page) fn written_actions(actions: &[FollowUp]) -> Vec<FollowUpEdit> {
    let written = actions.iter().filter(|it| is_written(it));
    written.map(|it| FollowUp::default().edit_to(it)).collect()
}

/// Returns the name of the field of an action without a text, if there is one.
pub(in crate::page) fn unnamed_field(actions: &[FollowUp]) -> Option<String> {
    let is_unnamed = |it: &FollowUp| is_written(it) && it.what.trim().is_empty();
    actions.iter().position(is_unnamed).map(what_field)
}

fn is_written(action: &FollowUp) -> bool {
    let is_owed = action.state() == FollowUpState::Owed;
    !(action.what.is_empty() && action.owner.is_empty() && action.by_date.is_none() && is_owed)
}

fn what_field(number: usize) -> String {
    format!("actions/{number}")
}

/// Changes one row. A row that exists only on the screen is created.
fn put(actions: RwSignal<Vec<FollowUp>>, number: usize, write: impl FnOnce(&mut FollowUp)) {
    actions.update(|actions| {
        if actions.len() <= number {
            actions.resize(number + 1, FollowUp::default());
        }
        if let Some(action) = actions.get_mut(number) {
            write(action);
        }
    });
}

/// The rows of the form for the actions of a decision.
#[component]
pub(in crate::page) fn ActionFields(
    session: Session,
    actions: RwSignal<Vec<FollowUp>>,
    #[prop(default = t!("Actions"))] title: &'static str,
) -> impl IntoView {
    let services = Services::from_context();
    // There is always an empty row to write in.
    let count = Memo::new(move |_| actions.with(Vec::len).max(1));
    let later = Later::from_context();
    let add = move |_| {
        let next = count.get_untracked();
        actions.update(|actions| actions.resize(next + 1, FollowUp::default()));
        later.run(0, move || {
            services.navigation.focus.run(action_row_id(next))
        });
    };
    // Rows are identified by their number, so all are rendered again when one is removed.
    let rows = move || {
        let rows = (0..count.get()).map(|number| view! { <ActionRow session actions number /> });
        rows.collect_view()
    };
    view! {
        <section class="panel" aria-labelledby="actions-of-decision">
            <h2 id="actions-of-decision">{title}</h2>
            <p class="soft">{t!("What has to be done about it. Actions are among the follow-ups, in Due and in the minutes.")}</p>
            {live(rows)}
            <p><button on:click=add>{t!("Add action")}</button></p>
        </section>
    }
}

/// Returns the id of the row of an action.
pub(in crate::page) fn action_row_id(number: usize) -> String {
    format!("action-{number}")
}

#[component]
fn ActionRow(session: Session, actions: RwSignal<Vec<FollowUp>>, number: usize) -> impl IntoView {
    let text = move |read: fn(&FollowUp) -> String| {
        Signal::derive(move || {
            actions.with(|actions| read(actions.get(number).unwrap_or(&FollowUp::default())))
        })
    };
    let put_text = move |write: fn(&mut FollowUp, String)| {
        Callback::new(move |text: String| put(actions, number, |action| write(action, text)))
    };
    let by_date = Signal::derive(move || {
        actions.with(|actions| actions.get(number).and_then(|action| action.by_date))
    });
    let put_date = Callback::new(move |day: Option<NaiveDate>| {
        put(actions, number, |action| action.by_date = day);
    });
    let owners = Signal::derive(move || {
        let now = session.now.get().millis;
        let owner = actions.with(|actions| {
            let action = actions.get(number);
            action
                .map(|action| action.owner.clone())
                .unwrap_or_default()
        });
        session.read(RecordRef::Board, |board| {
            let people = board.people();
            let people = people.filter(|person| !person.has_left(now) || person.name == owner);
            let names = people.map(|person| person.name.clone());
            names.map(|name| (name.clone(), name)).collect::<Vec<_>>()
        })
    });
    let states = [
        FollowUpState::Owed,
        FollowUpState::Awaited,
        FollowUpState::Done,
    ];
    let states = states.map(|state| (state.key().to_owned(), state.label().to_owned()));
    let remove = move |_| {
        actions.update(|actions| {
            if number < actions.len() {
                actions.remove(number);
            }
        });
    };
    view! {
        <div class="action-row" role="group" aria-label=t!("Action {number}", number = number + 1) id=action_row_id(number) tabindex="-1">
            <TextField label=t!("What") value=text(|it| it.what.clone()) on_commit=put_text(|it, text| it.what = text) name=what_field(number) />
            <Choice label=t!("Owner") options=owners value=text(|it| it.owner.clone()) on_commit=put_text(|it, name| it.owner = name) none=t!("Unassigned") />
            <DateField label=t!("date" => "By") value=by_date on_commit=put_date is_due=true />
            <Choice
                label=t!("State")
                options=Signal::stored(states.to_vec())
                value=text(|it| it.state().key().to_owned())
                on_commit=put_text(|it, key| it.state = FollowUpState::from_key(&key))
                none=""
            />
            <button class="quiet" on:click=remove aria-label=t!("Remove action {number}", number = number + 1)>{t!("Remove")}</button>
        </div>
    }
}

/// Tracks the actions of a decision. Must not be called while the board is being read.
pub(in crate::page) fn track_actions(session: Session, decision: DecisionId) {
    let ids = session.read_untracked(|board| {
        let actions = board.actions_of(decision);
        actions.map(|action| action.id).collect::<Vec<_>>()
    });
    for id in ids {
        session.track(RecordRef::FollowUp(id));
    }
}

/// Renders the actions of a recorded decision, each with a way to close it.
pub(in crate::page) fn view_actions(
    session: Session,
    board: &Board,
    decision: DecisionId,
) -> AnyView {
    let actions = board.actions_of(decision);
    let items: Vec<_> = actions.map(|action| one(session, action)).collect();
    if items.is_empty() {
        return ().into_any();
    }
    view! {
        <h3>{t!("Actions")}</h3>
        <ul class="action-list" aria-label=t!("Actions")>{items}</ul>
    }
    .into_any()
}

fn one(session: Session, action: &Record<FollowUpId, FollowUp>) -> AnyView {
    let (next, label) = if action.is_open() {
        (FollowUpState::Done, t!("Done"))
    } else {
        (FollowUpState::Owed, t!("Reopen"))
    };
    let id = action.id;
    let put = move |_| {
        session.dispatch(Command::EditFollowUp(Edited {
            of: id,
            set: FollowUpEdit {
                state: Some(Some(next)),
                ..FollowUpEdit::default()
            },
            reason: String::new(),
        }));
    };
    let owner = match action.owner.as_str() {
        "" => t!("Unassigned").to_owned(),
        owner => owner.to_owned(),
    };
    let owner_and_day = match action.by_date {
        Some(day) => t_view!(
            "{owner}, by {day}",
            owner,
            day = view! { <DateText day today=today(session) /> },
        ),
        None => owner.into_any(),
    };
    view! {
        <li>
            <span class:done=!action.is_open()>{action.what.clone()}</span>
            <span class="soft">{owner_and_day}</span>
            <span class="badge" translate="no">{action.state().label()}</span>
            <button class="quiet" on:click=put aria-label=format!("{label}: {}", action.what)>{label}</button>
        </li>
    }
    .into_any()
}
