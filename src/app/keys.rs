//! Keys that work on every screen.

use crate::prelude::*;
use cruxboard_domain::letters::lower;
use leptos::ev;

use crate::component::is_typing;
use crate::edge::address;
use crate::route::{Route, Screen};
use crate::session::Session;

/// Undo, redo, search and the list of keys.
pub(super) fn listen(session: Session, route: RwSignal<Route>, asks_for_keys: RwSignal<bool>) {
    window_event_listener(ev::keydown, move |event| {
        let is_command = event.ctrl_key() || event.meta_key();
        match (lower(&event.key()).as_str(), is_command) {
            // Within a field these belong to its own text.
            _ if is_typing(&event) => {}
            ("z", true) if event.shift_key() => done(&event, || session.redo()),
            ("z", true) => done(&event, || session.undo()),
            ("y", true) => done(&event, || session.redo()),
            ("?", false) => done(&event, || asks_for_keys.set(true)),
            ("arrowleft", false) if is_walking(route) => address::press("walk-previous"),
            ("arrowright", false) if is_walking(route) => address::press("walk-next"),
            ("/", false) => done(&event, || address::focus("search")),
            _ => {}
        }
    });
}

fn is_walking(route: RwSignal<Route>) -> bool {
    matches!(route.get_untracked(), Route::Board(_, Screen::Walk(..)))
}

fn done(event: &ev::KeyboardEvent, act: impl FnOnce()) {
    event.prevent_default();
    act();
}
