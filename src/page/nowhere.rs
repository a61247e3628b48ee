//! Addresses at which there is nothing.

use cruxboard_domain::view::{Filter, Sort};
use leptos::prelude::*;

use super::href;
use crate::route::{Route, Screen};
use crate::session::Session;

/// An address within a board that no screen has.
#[component]
pub fn NothingHere(session: Session) -> impl IntoView {
    view! {
        <div class="empty">
            <h1>"There is nothing at this address"</h1>
            <p role="alert">"The link may have been cut off or changed on its way: copy it again, as text."</p>
            <a class="button" href=href(session, Screen::Cruxes(Filter::default(), Sort::Own))>"All cruxes of this board"</a>
        </div>
    }
}

/// The address of a board that cannot be opened.
#[component]
pub fn NoBoard(why: String) -> impl IntoView {
    view! {
        <div class="empty">
            <h1>"There is no board at this address"</h1>
            <p role="alert">{why}</p>
            <a class="button" href=Route::Start.href()>"To the start page"</a>
        </div>
    }
}
