//! A crux as a row of the board: its place, title and claim, and the cells when it is near the window.

use std::collections::HashMap;

use chrono::NaiveDate;
use cruxboard_domain::board::RecordRef;
use cruxboard_domain::decide::Command;
use cruxboard_domain::record::CruxId;
use cruxboard_domain::t;
use leptos::ev;
use leptos::prelude::*;

use super::cells::{Cells, Meta, Row};
use super::own_credence::OwnCredences;
use super::row_id;
use crate::component::{Later, Near, live};
use crate::page::{Services, href};
use crate::route::Screen;
use cruxboard_session::Session;

/// The state that all rows share.
#[derive(Clone, Copy)]
pub(super) struct Rows {
    pub(super) session: Session,
    /// The cruxes in order.
    pub(super) order: Memo<Vec<CruxId>>,
    /// The place of each crux in the order.
    pub(super) places: Memo<HashMap<CruxId, usize>>,
    pub(super) is_own_order: Memo<bool>,
    /// The crux that is being dragged.
    pub(super) dragged: RwSignal<Option<CruxId>>,
    pub(super) own: OwnCredences,
    pub(super) near: Near,
    pub(super) today: Memo<NaiveDate>,
}

/// The words of a row that are there also when it is far from the window.
#[derive(Clone, Default, PartialEq)]
struct Title {
    /// The name of the crux, for labels.
    name: String,
    /// The title, or the whole claim of a crux without one.
    link: String,
    /// The claim, where it is not the title.
    claim: Option<String>,
}

impl Title {
    fn follow(session: Session, id: CruxId) -> Memo<Self> {
        Memo::new(move |_| {
            let title = session.read(RecordRef::Crux(id), |board| {
                let crux = board.crux(id)?;
                let has_title = !crux.title.is_empty();
                let link = if has_title { &crux.title } else { &crux.claim };
                Some(Self {
                    name: crux.name().into_owned(),
                    link: link.clone(),
                    claim: has_title.then(|| crux.claim.clone()),
                })
            });
            title.unwrap_or_default()
        })
    }
}

/// A crux on the board. Far from the window, a row is only its title and claim, which the browser's search
/// finds; the rest is built when it comes near.
#[component]
pub(super) fn CruxRow(rows: Rows, id: CruxId) -> impl IntoView {
    let Rows {
        session,
        order,
        places,
        dragged,
        own,
        near,
        today,
        ..
    } = rows;
    let place = places.with_untracked(|places| places.get(&id).copied());
    let is_near = near.follow(row_id(id), place.is_none_or(|place| place < BUILT_AT_ONCE));
    let row = Row::follow(session, id);
    let title = Title::follow(session, id);
    let name = Signal::derive(move || title.with(|title| title.name.clone()));
    let is_over = RwSignal::new(false);
    let drop_here = move |event: ev::DragEvent| {
        event.prevent_default();
        is_over.set(false);
        if let Some(moved) = dragged.get_untracked() {
            order.with_untracked(|order| move_to(session, order, moved, id));
        }
    };
    // One effect for all three, since a long list has one of them for each row.
    let class = move || {
        let is_near = is_near.get();
        let is_closed = is_near && row.with(|row| row.as_ref().is_some_and(Row::is_closed));
        let states = [
            (!is_near, " far"),
            (is_closed, " closed"),
            (is_over.get(), " drop"),
        ];
        let states = states.map(|(holds, class)| if holds { class } else { "" });
        format!("crux-row is-row{}", states.concat())
    };
    view! {
        <div
            id=row_id(id)
            class=class
            hidden=move || places.with(|places| !places.contains_key(&id))
            role="row"
            on:dragover=move |event| {
                if dragged.get_untracked().is_some_and(|moved| moved != id) {
                    event.prevent_default();
                    is_over.set(true);
                }
            }
            on:dragleave=move |_| is_over.set(false)
            on:drop=drop_here
        >
            <span role="cell" class="order">
                {live(move || is_near.get().then(|| view! { <Handle rows id name /> }))}
            </span>
            <span role="cell" class="claim">
                <a href=href(session, Screen::Crux(id)) tabindex=move || own.tab_stop()>
                    {live(move || title.with(|title| title.link.clone()))}
                </a>
                {live(move || title.with(|title| {
                    title.claim.clone().map(|claim| view! { <span class="text">{claim}</span> })
                }))}
                {live(move || is_near.get().then(|| view! { <Meta row /> }))}
            </span>
            {live(move || is_near.get().then(|| view! { <Cells session own today id row name /> }))}
        </div>
    }
}

/// Number of rows at the top that are built whole at once. The others wait until they come near the window.
const BUILT_AT_ONCE: usize = 16;

/// Moves a crux to the position of another one: behind it when moved down, before it when moved up.
fn move_to(session: Session, order: &[CruxId], moved: CruxId, place: CruxId) {
    let position = |id: CruxId| order.iter().position(|other| *other == id);
    let (Some(from), Some(to)) = (position(moved), position(place)) else {
        return;
    };
    let after = if from < to {
        Some(place)
    } else {
        before(session, place, moved)
    };
    session.dispatch(Command::MoveCrux { crux: moved, after });
}

/// Moves a crux in the manual order, by dragging or with the arrow keys.
#[component]
fn Handle(rows: Rows, id: CruxId, name: Signal<String>) -> impl IntoView {
    let Rows {
        session,
        order,
        places,
        is_own_order,
        dragged,
        own,
        ..
    } = rows;
    let place = Memo::new(move |_| places.with(|places| places.get(&id).copied().unwrap_or(0)));
    let (later, services) = (Later::from_context(), Services::from_context());
    let step = move |event: ev::KeyboardEvent| {
        let at = place.get_untracked();
        let after = order.with_untracked(|order| match event.key().as_str() {
            "ArrowUp" if at > 0 => order.get(at - 1).map(|above| before(session, *above, id)),
            "ArrowDown" => order.get(at + 1).map(|next| Some(*next)),
            _ => None,
        });
        if let Some(after) = after {
            event.prevent_default();
            session.dispatch(Command::MoveCrux { crux: id, after });
            // Moving the row takes the keyboard away from its handle. It must be back before the next key
            // event: a held arrow key repeats every 30 ms.
            later.run(0, move || services.navigation.focus.run(handle_id(id)));
        }
    };
    view! {
        <Show
            when=move || is_own_order.get()
            fallback=move || view! { <span class="place">{live(move || place.get() + 1)}</span> }
        >
            <button
                id=handle_id(id)
                class="handle"
                draggable="true"
                tabindex=move || own.tab_stop()
                aria-label=move || t!("Move {name}, now number {number}: arrow up or down", name = name.get(), number = place.get() + 1)
                title=t!("Drag, or press the arrow keys, to reorder")
                on:keydown=step
                on:dragstart=move |event: ev::DragEvent| {
                    if let Some(transfer) = event.data_transfer() {
                        // Firefox starts a drag only if it carries data.
                        drop(transfer.set_data("text/plain", &name.get_untracked()));
                    }
                    dragged.set(Some(id));
                }
                on:dragend=move |_| dragged.set(None)
            >
                {live(move || place.get() + 1)}
            </button>
        </Show>
    }
}

/// Returns the crux after which `moved` must come to be right before `crux` in the manual order, of which a
/// filter may hide a part.
fn before(session: Session, crux: CruxId, moved: CruxId) -> Option<CruxId> {
    session.read_untracked(|board| {
        let mut order = board.cruxes();
        order.retain(|other| other.id != moved);
        let at = order.iter().position(|other| other.id == crux)?;
        Some(order.get(at.checked_sub(1)?)?.id)
    })
}

fn handle_id(crux: CruxId) -> String {
    format!("handle-{crux}")
}
