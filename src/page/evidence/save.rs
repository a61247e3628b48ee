//! Adds a shared text or link to the form for new evidence of a board of this browser.

use cruxboard_domain::import::clipping::Clipping;
use cruxboard_domain::record::CruxId;
use cruxboard_domain::t;
use leptos::prelude::*;

use crate::component::live;
use crate::page::Services;
use crate::route::{Route, Screen};
use cruxboard_session::{BoardListing, BoardLocation, Session};

/// Asks for the board. With only one board, continues at once.
#[component]
pub fn SavePage(session: Session, clipping: Clipping) -> impl IntoView {
    let services = Services::from_context();
    let form_of = move |board: &BoardListing| {
        Route::Board(board.id, Screen::NewEvidenceFrom(None, clipping.clone()))
    };
    let boards = Memo::new(move |_| {
        let boards = session.board_list.boards.get()?;
        let used = boards
            .into_iter()
            .filter(|board| board.place() == BoardLocation::AtHand);
        Some(used.collect::<Vec<_>>())
    });
    let only = form_of.clone();
    Effect::new(move |_| {
        if let Some([board]) = boards.get().as_deref() {
            services.navigation.go.run((only(board), true));
        }
    });
    let choices = move || {
        match boards.get() {
        None => view! { <p class="soft" role="status">{t!("Opening…")}</p> }.into_any(),
        Some(boards) if boards.is_empty() => view! {
            <p role="alert">{t!("There is no board in this browser yet. Begin one, then save the evidence again.")}</p>
            <a class="button primary" href=Route::Start.href()>{t!("To the start page")}</a>
        }
        .into_any(),
        Some(boards) => {
            let links = boards.iter().map(|board| {
                let title = match board.title.as_str() {
                    "" => t!("Board without a question"),
                    title => title,
                };
                view! { <li><a href=form_of(board).href()>{title.to_owned()}</a></li> }
            });
            view! { <ul class="choices">{links.collect_view()}</ul> }.into_any()
        }
    }
    };
    view! {
        <div class="page narrow">
            <h1>{t!("Save evidence to which board?")}</h1>
            {live(choices)}
        </div>
    }
}

/// Begins new evidence of the open board with the clipping, and shows the form. The address is
/// replaced, so that going back or reloading does not add it again.
#[component]
pub fn NewEvidenceFromPage(
    session: Session,
    crux: Option<CruxId>,
    clipping: Clipping,
) -> impl IntoView {
    super::new::begin_from(session, crux, clipping);
    let services = Services::from_context();
    Effect::new(move |_| {
        if let Some(board) = session.open.get_untracked() {
            let form = Route::Board(board, Screen::NewEvidence(crux));
            services.navigation.go.run((form, true));
        }
    });
}
