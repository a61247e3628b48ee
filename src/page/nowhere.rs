//! Screens for addresses that lead nowhere.

use cruxboard_domain::t;
use cruxboard_domain::view::{Filter, Sort};
use leptos::prelude::*;

use super::href;
use crate::route::{Route, Screen};
use cruxboard_session::Session;

/// The screen for an unknown address within a board.
#[component]
pub fn NothingHere(session: Session) -> impl IntoView {
    view! {
        <div class="empty">
            <h1>{t!("There is nothing at this address")}</h1>
            <p role="alert">{t!("The link may have been cut off or changed on its way: copy it again, as text.")}</p>
            <a class="button" href=href(session, Screen::Cruxes(Filter::default(), Sort::Own))>{t!("All cruxes of this board")}</a>
        </div>
    }
}

/// The screen for an unknown address outside of boards.
#[component]
pub fn NoPage() -> impl IntoView {
    view! {
        <div class="empty">
            <h1>{t!("There is no page at this address")}</h1>
            <p role="alert">{t!("The link may have been cut off or changed on its way: copy it again, as text. Your boards are on the start page.")}</p>
            <a class="button" href=Route::Start.href()>{t!("To the start page")}</a>
        </div>
    }
}

/// The screen for a board that cannot be opened.
#[component]
pub fn NoBoard(why: String) -> impl IntoView {
    view! {
        <div class="empty">
            <h1>{t!("There is no board at this address")}</h1>
            <p role="alert">{why}</p>
            <a class="button" href=Route::Start.href()>{t!("To the start page")}</a>
        </div>
    }
}
