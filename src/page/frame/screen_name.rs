//! The name of the present screen, for the title of the window.

use crate::route::{Route, Screen};
use cruxboard_domain::board::RecordRef;
use cruxboard_domain::t;
use cruxboard_session::Session;
use leptos::prelude::*;

/// Keeps the name of the screen in step with the address; empty once the board is left.
pub(super) fn name_the_screen(session: Session, route: Signal<Route>) {
    Effect::new(move |_| {
        let name = route.with(|route| match route {
            Route::Board(_, Screen::Crux(id)) => session.read(RecordRef::Crux(*id), |board| {
                board
                    .crux(*id)
                    .map(|crux| crux.name().into_owned())
                    .unwrap_or_default()
            }),
            Route::Board(_, screen) => name_of(screen).to_owned(),
            _ => String::new(),
        });
        session.screen_name.set(name);
    });
    on_cleanup(move || session.screen_name.set(String::new()));
}

/// Returns the name of a screen, as its heading or its tab says it.
fn name_of(screen: &Screen) -> &'static str {
    match screen {
        Screen::Cruxes(..) | Screen::Crux(_) => t!("Cruxes"),
        Screen::NewCrux => t!("New crux"),
        Screen::Evidence(_) | Screen::EvidenceItem(_) => t!("Evidence"),
        Screen::NewEvidence(_) | Screen::NewEvidenceOn(..) | Screen::NewEvidenceFrom(..) => {
            t!("New evidence")
        }
        Screen::FollowUps(_) => t!("Follow-ups"),
        Screen::Due => t!("Due"),
        Screen::Since(..) => t!("What changed"),
        Screen::Decisions => t!("Decisions"),
        Screen::Decide(_) => t!("Record a decision"),
        Screen::Reviews => t!("Reviews"),
        Screen::Review(_) | Screen::ReviewStep(..) | Screen::Walk(..) => t!("Review"),
        Screen::Minutes(_) => t!("Minutes"),
        Screen::Scores => t!("Outcomes and calibration"),
        Screen::Round(_) => t!("Blind round"),
        Screen::Analysis(_) => t!("Analysis"),
        Screen::Setup => t!("Setup"),
        Screen::Share(_) => t!("Share"),
        Screen::Reading => t!("Reading list"),
        Screen::MergeBoard => t!("Merge another board into this one"),
        Screen::CopyCruxes(_) => t!("Copy cruxes"),
        Screen::Tables => t!("Export / import"),
        Screen::History => t!("History"),
        Screen::Unknown => t!("No such page"),
    }
}
