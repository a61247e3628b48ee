//! The requests of pages to the world outside the board, as one value.

use cruxboard_domain::view::Filter;
use cruxboard_session::ports::{BoardPort, DevicePort, EndpointPort, FilePort};
use leptos::prelude::*;

use crate::route::Route;

/// The address, and the focus of the keyboard.
#[derive(Clone, Copy)]
pub struct Navigation {
    /// The filter in the address.
    pub filter: Signal<Filter>,
    /// Navigates to an address; `true` replaces the current entry of the history.
    pub go: Callback<(Route, bool)>,
    /// Shows the screen from its top, with the keyboard at its beginning.
    pub begin_anew: Callback<()>,
    /// Moves the keyboard to the element with this id.
    pub focus: Callback<String>,
    /// Moves the keyboard to this element if the focused element was removed.
    pub focus_if_lost: Callback<String>,
    /// Opens the command palette.
    pub open_palette: Callback<()>,
}

/// The ports that any page of a board may use. The composition root provides them as context.
#[derive(Clone, Copy)]
pub struct Services {
    pub boards: BoardPort,
    pub files: FilePort,
    pub endpoint: EndpointPort,
    pub device: DevicePort,
    pub navigation: Navigation,
}

impl Services {
    /// Returns the value that the composition root has provided.
    #[must_use]
    pub fn from_context() -> Self {
        #[expect(
            clippy::expect_used,
            reason = "the composition root provides it before any page"
        )]
        use_context().expect("the outside of the app")
    }
}
