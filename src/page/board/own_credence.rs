//! The reader's own credence in a row of the board: a handle on the scale, and the question "Why?" after a
//! move.

use cruxboard_domain::Credence;
use cruxboard_domain::board::{Board, RecordRef};
use cruxboard_domain::decide::{Command, Move};
use cruxboard_domain::record::{CruxId, PersonId, Stage, StatementId};
use cruxboard_domain::{t, tn};

use super::row_id;
use crate::component::{
    CredenceHandle, KeyInField, Later, MoveEnd, Near, is_command, key_of, live,
};
use crate::page::Services;
use cruxboard_session::Session;
use leptos::prelude::*;

/// The state of the reader's own credences that all rows of the board share.
#[derive(Clone, Copy)]
pub(super) struct OwnCredences {
    /// Whether the reader goes through all cruxes in one pass. Tab then leads from handle to handle, and no
    /// reason is asked for.
    pub(super) is_filling: RwSignal<bool>,
    /// Number of credences stated in this pass.
    pub(super) filled: RwSignal<usize>,
    /// The move whose reason is asked for; only one at a time.
    explaining: RwSignal<Option<(CruxId, StatementId)>>,
    /// The cruxes that are shown, in order.
    order: Signal<Vec<CruxId>>,
    near: Near,
    session: Session,
    services: Services,
    later: Later,
}

impl OwnCredences {
    pub(super) fn new(session: Session, order: Signal<Vec<CruxId>>, near: Near) -> Self {
        Self {
            is_filling: RwSignal::new(false),
            filled: RwSignal::new(0),
            explaining: RwSignal::new(None),
            order,
            near,
            session,
            services: Services::from_context(),
            later: Later::from_context(),
        }
    }

    /// Starts or ends a pass through all cruxes.
    pub(super) fn toggle_pass(self) {
        if self.is_filling.get_untracked() {
            self.is_filling.set(false);
            // The button that was pressed may go with the bar.
            self.focus(FILL_IN.to_owned());
            return;
        }
        if self.session.me.get_untracked().is_none() {
            self.session.notices.refused(t!(
                "Choose your name (“You are”, at the top) to state credences."
            ));
            return;
        }
        self.explaining.set(None);
        self.filled.set(0);
        self.is_filling.set(true);
        let order = self.order.get_untracked();
        let start = self.first_unstated(&order).unwrap_or_default();
        self.focus_first_of(&order[start..]);
    }

    /// Returns the place of the first open crux in which the reader has stated no credence.
    fn first_unstated(self, order: &[CruxId]) -> Option<usize> {
        let me = self.session.me.get_untracked()?;
        let now = self.session.now.get_untracked().millis;
        self.session.read_untracked(|board| {
            order.iter().position(|crux| {
                let mut views = board.current_views(*crux, now).into_iter();
                takes_credences(board, *crux) && !views.any(|view| view.statement.person == me)
            })
        })
    }

    /// Removes the tab stop of other controls in a row during a pass.
    pub(super) fn tab_stop(self) -> Option<&'static str> {
        self.is_filling.get().then_some("-1")
    }

    fn commit(self, crux: CruxId, credence: Credence, end: MoveEnd) {
        let Some(person) = self.session.me.get_untracked() else {
            return;
        };
        let moved = Move {
            crux,
            person,
            credence,
            reason: String::new(),
        };
        let evidence = Vec::new();
        let stated = self
            .session
            .dispatch(Command::StateCredence { moved, evidence });
        if !stated {
            return;
        }
        if self.is_filling.get_untracked() {
            self.filled.update(|count| *count += 1);
            return;
        }
        let now = self.session.now.get_untracked().millis;
        let statement = self.session.read_untracked(|board| {
            let mut views = board.current_views(crux, now).into_iter();
            views
                .find(|view| view.statement.person == person)
                .map(|view| view.id)
        });
        let Some(statement) = statement else { return };
        self.explaining.set(Some((crux, statement)));
        // After a touch, focusing would open the phone's keyboard; and a pause may only be for thought.
        if end == MoveEnd::Deliberate {
            self.focus(why_id(crux));
        }
    }

    /// Focuses an element that may exist only after the row has been rendered again.
    fn focus(self, id: String) {
        let services = self.services;
        self.later.run(0, move || services.navigation.focus.run(id));
    }

    fn focus_next(self, crux: CruxId) {
        let order = self.order.get_untracked();
        let after = order.iter().position(|other| *other == crux);
        self.focus_first_of(&order[after.map_or(0, |at| at + 1)..]);
    }

    fn focus_first_of(self, cruxes: &[CruxId]) {
        let open = self.session.read_untracked(|board| {
            let mut cruxes = cruxes.iter().copied();
            cruxes.find(|crux| takes_credences(board, *crux))
        });
        if let Some(crux) = open {
            self.near.show(&row_id(crux));
            self.focus(handle_id(crux));
        }
    }
}

/// Returns whether a credence in this crux would still be a forecast.
fn takes_credences(board: &Board, crux: CruxId) -> bool {
    board
        .crux(crux)
        .is_some_and(|crux| crux.stage() == Stage::Open)
}

/// The id of the button that begins a pass.
pub(super) const FILL_IN: &str = "fill-in";

fn handle_id(crux: CruxId) -> String {
    format!("credence-{crux}")
}

fn why_id(crux: CruxId) -> String {
    format!("why-{crux}")
}

/// The handle of the person of this device, if one is chosen and the crux is open.
#[component]
pub(super) fn OwnHandle(
    own: OwnCredences,
    crux: CruxId,
    person: PersonId,
    value: Signal<Option<Credence>>,
    draft: RwSignal<Option<Credence>>,
    clause: Signal<String>,
    name: Signal<String>,
) -> impl IntoView {
    let initials = Signal::derive(move || {
        own.session
            .read(RecordRef::Board, |board| board.initials(person))
    });
    let label = Signal::derive(move || t!("Your credence: {name}", name = name.get()));
    let on_commit = Callback::new(move |(credence, end)| own.commit(crux, credence, end));
    view! { <CredenceHandle id=handle_id(crux) value draft on_commit clause label initials /> }
}

/// The end of a pass: how many credences were updated, and the button that ends it. It follows the list, so
/// that Tab leads there from the last row.
#[component]
pub(super) fn PassBar(own: OwnCredences) -> impl IntoView {
    let count = move || {
        tn!(
            own.filled.get(),
            "{count} credence updated",
            "{count} credences updated"
        )
    };
    live(move || {
        own.is_filling.get().then(|| {
            view! {
                <div class="filling">
                    <span>{t!("Type a number for each crux; Tab goes to the next one.")} " "</span>
                    <b role="status">{live(count)}</b>
                    <button on:click=move |_| own.toggle_pass()>{t!("Done")}</button>
                </div>
            }
        })
    })
}

/// Asks for the reason of a move, right after it.
#[component]
pub(super) fn Why(own: OwnCredences, crux: CruxId) -> impl IntoView {
    let statement = Memo::new(move |_| {
        let (of, statement) = own.explaining.get()?;
        (of == crux).then_some(statement)
    });
    live(move || {
        statement
            .get()
            .map(|statement| view! { <WhyField own crux statement /> })
    })
}

#[component]
fn WhyField(own: OwnCredences, crux: CruxId, statement: StatementId) -> impl IntoView {
    let session = own.session;
    let stored = move || {
        session.read_untracked(|board| {
            let statement = board.statement(statement)?;
            Some(statement.reason.clone())
        })
    };
    // The change event also fires after Enter, and when the field is removed with its text. By then the
    // reason is stored, or the statement undone.
    let save = move |reason: String| {
        if stored().is_some_and(|stored| stored != reason) {
            let evidence = Vec::new();
            session.dispatch(Command::Explain {
                statement,
                reason,
                evidence,
            });
        }
    };
    let close = move || own.explaining.set(None);
    let undo = move || {
        close();
        session.undo();
        own.focus(handle_id(crux));
    };
    let press_key = move |event: KeyInField| {
        match key_of(&event).as_str() {
            "Enter" => {
                event.prevent_default();
                save(event.target().value());
                close();
                own.focus_next(crux);
            }
            "Escape" => {
                event.target().set_value(&stored().unwrap_or_default());
                close();
                own.focus(handle_id(crux));
            }
            // In an empty field, undo applies to the move itself.
            "z" if is_command(&event) && event.target().value().is_empty() => {
                event.prevent_default();
                undo();
            }
            _ => {}
        }
    };
    view! {
        <span role="cell" class="why">
            <label for=why_id(crux)>{t!("Why?")}</label>
            <input
                id=why_id(crux)
                type="text"
                autocomplete="off"
                placeholder=t!("Reason for the update")
                on:keydown:target=press_key
                on:change:target=move |event| save(event.target().value())
            />
            <button class="quiet" on:click=move |_| undo()>{t!("Undo")}</button>
            <button class="quiet" aria-label=t!("Close") on:click=move |_| close()>"×"</button>
        </span>
    }
}
