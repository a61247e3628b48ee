//! Keyboard shortcuts that work on every screen.

use cruxboard_domain::BoardId;
use cruxboard_domain::import::clipping::Clipping;
use cruxboard_domain::record::CruxId;
use cruxboard_domain::view::Sort;
use leptos::ev;
use leptos::prelude::*;

use crate::component::{is_command, is_in_group, is_on_field, is_typing, key_of};
use crate::page::PaletteAsks;
use crate::route::{Route, Screen};
use cruxboard_platform::{address, clock, files};
use cruxboard_session::Session;

/// Listens for undo, redo, the palette, search, the next row, new evidence, new crux and the list
/// of shortcuts.
pub(super) fn listen(session: Session, route: RwSignal<Route>, palette: PaletteAsks) {
    window_event_listener(ev::keydown, move |event| {
        match (key_of(&event).as_str(), is_command(&event)) {
            // Also within the field that an error is about. The event continues, so that the field restores
            // its stored text.
            ("Escape", false) if !event.default_prevented() => {
                session.notices.dismiss_latest();
            }
            // Within a field these keys edit its own text.
            _ if is_typing(&event) => {}
            ("z", true) if event.shift_key() => done(&event, || session.redo()),
            ("z", true) => done(&event, || session.undo()),
            ("y", true) => done(&event, || session.redo()),
            ("k", true) => done(&event, || palette.is_open.set(true)),
            // The palette is still being loaded; what is typed is meant for it.
            (_, false) if palette.is_open.get_untracked() => {}
            ("?", false) => done(&event, || palette.asks_for_keys.set(true)),
            // Sliders, lists and groups of buttons use the arrow keys themselves.
            ("ArrowLeft" | "ArrowRight", false) if is_on_field(&event) || is_in_group(&event) => {}
            ("ArrowLeft", false) if is_walking(route) => address::press("walk-previous"),
            ("ArrowRight", false) if is_walking(route) => address::press("walk-next"),
            ("/", false) => done(&event, || search(route)),
            // A list jumps to the entry that begins with the letter.
            _ if is_on_field(&event) || event.alt_key() => {}
            ("e", false) => go(&event, route, Screen::NewEvidence(None)),
            ("c", false) => go(&event, route, Screen::NewCrux),
            ("j", false) => done(&event, || address::focus_row(1)),
            ("k", false) => done(&event, || address::focus_row(-1)),
            _ => {}
        }
    });
}

/// Turns a text that is pasted outside of all fields into a draft of new evidence, on screens of
/// cruxes or evidence.
pub(super) fn take_pasted_text(session: Session, route: RwSignal<Route>) {
    window_event_listener(ev::paste, move |event| {
        let Some((board, crux)) = route.with_untracked(pasted_onto) else {
            return;
        };
        if is_typing(&event) {
            return;
        }
        let text = files::pasted_text(&event).unwrap_or_default();
        let clipping = Clipping::of_text(&text);
        if !clipping.is_empty() && text.len() <= LONGEST_CLIPPING {
            event.prevent_default();
            let is_on_form = |route: &Route| {
                matches!(
                    route,
                    Route::Board(_, Screen::NewEvidence(_) | Screen::NewEvidenceOn(..))
                )
            };
            if route.with_untracked(is_on_form) {
                return session.drafts.pasted.set(Some(clipping));
            }
            let form = Route::Board(board, Screen::NewEvidenceFrom(crux, clipping));
            address::go(&form.href(), false);
            route.set(form);
        }
    });
}

/// The longest pasted text, in bytes, that becomes a draft of evidence.
const LONGEST_CLIPPING: usize = 20_000;

/// Returns the board for whose evidence a pasted text is taken, and the crux if the screen is about
/// one.
fn pasted_onto(route: &Route) -> Option<(BoardId, Option<CruxId>)> {
    let Route::Board(board, screen) = route else {
        return None;
    };
    match screen {
        Screen::Crux(id) => Some((*board, Some(*id))),
        Screen::NewEvidence(crux) => Some((*board, *crux)),
        Screen::NewEvidenceOn(crux, _) => Some((*board, Some(*crux))),
        Screen::Cruxes(..) | Screen::Evidence(_) | Screen::EvidenceItem(_) | Screen::Due => {
            Some((*board, None))
        }
        _ => None,
    }
}

/// Moves the keyboard to the search field; on a screen without one, to the search field of the
/// board.
fn search(route: RwSignal<Route>) {
    if !address::is_there("search")
        && let Some(board) = route.with_untracked(Route::board)
    {
        let cruxes = Route::Board(board, Screen::Cruxes(Default::default(), Sort::Own));
        address::go(&cruxes.href(), false);
        route.set(cruxes);
        // Later, since a new screen first moves the keyboard to its top.
        clock::soon(|| address::focus("search"));
    } else {
        address::focus("search");
    }
}

/// Shows a screen of the open board; does nothing if no board is open.
fn go(event: &ev::KeyboardEvent, route: RwSignal<Route>, screen: Screen) {
    if let Some(board) = route.with_untracked(Route::board) {
        event.prevent_default();
        let to = Route::Board(board, screen);
        address::go(&to.href(), false);
        route.set(to);
    }
}

fn is_walking(route: RwSignal<Route>) -> bool {
    let screen = route.get_untracked();
    matches!(
        screen,
        Route::Board(
            _,
            Screen::Review(_) | Screen::ReviewStep(..) | Screen::Walk(..) | Screen::Minutes(_)
        )
    )
}

fn done(event: &ev::KeyboardEvent, act: impl FnOnce()) {
    event.prevent_default();
    act();
}
