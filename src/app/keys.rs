//! Keys that work on every screen.

use cruxboard_domain::view::Sort;
use leptos::ev;
use leptos::prelude::*;

use crate::component::{is_command, is_on_field, is_typing, key_of};
use crate::edge::{address, clock};
use crate::route::{Route, Screen};
use crate::session::Session;

/// Undo, redo, search, new evidence, new crux and the list of keys.
pub(super) fn listen(session: Session, route: RwSignal<Route>, asks_for_keys: RwSignal<bool>) {
    window_event_listener(ev::keydown, move |event| {
        match (key_of(&event).as_str(), is_command(&event)) {
            // Within a field these belong to its own text.
            _ if is_typing(&event) => {}
            ("z", true) if event.shift_key() => done(&event, || session.redo()),
            ("z", true) => done(&event, || session.undo()),
            ("y", true) => done(&event, || session.redo()),
            ("?", false) => done(&event, || asks_for_keys.set(true)),
            // Sliders and lists go by the arrows themselves.
            ("ArrowLeft" | "ArrowRight", false) if is_on_field(&event) => {}
            ("ArrowLeft", false) if is_walking(route) => address::press("walk-previous"),
            ("ArrowRight", false) if is_walking(route) => address::press("walk-next"),
            ("/", false) => done(&event, || search(route)),
            // A list jumps to the entry that begins with the letter.
            _ if is_on_field(&event) || event.alt_key() => {}
            ("e", false) => go(&event, route, Screen::NewEvidence(None)),
            ("c", false) => go(&event, route, Screen::NewCrux),
            _ => {}
        }
    });
}

/// Puts the keyboard in the field that searches; where a screen has none, in that of its board.
fn search(route: RwSignal<Route>) {
    if !address::is_there("search")
        && let Some(board) = route.with_untracked(Route::board)
    {
        let cruxes = Route::Board(board, Screen::Cruxes(Default::default(), Sort::Own));
        address::go(&cruxes.href(), false);
        route.set(cruxes);
        // The new screen begins with the keyboard at its top.
        clock::soon(|| address::focus("search"));
    } else {
        address::focus("search");
    }
}

/// Shows a screen of the board that is open; does nothing where there is none.
fn go(event: &ev::KeyboardEvent, route: RwSignal<Route>, screen: Screen) {
    if let Some(board) = route.with_untracked(Route::board) {
        event.prevent_default();
        let to = Route::Board(board, screen);
        address::go(&to.href(), false);
        route.set(to);
    }
}

fn is_walking(route: RwSignal<Route>) -> bool {
    matches!(route.get_untracked(), Route::Board(_, Screen::Walk(..)))
}

fn done(event: &ev::KeyboardEvent, act: impl FnOnce()) {
    event.prevent_default();
    act();
}
