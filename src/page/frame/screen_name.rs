//! The name of the present screen, for the title of the window.

use crate::route::{Route, Screen};
use cruxboard_domain::board::RecordRef;
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
        Screen::Cruxes(..) | Screen::Crux(_) => "Cruxes",
        Screen::NewCrux => "New crux",
        Screen::Evidence(_) | Screen::EvidenceItem(_) => "Evidence",
        Screen::NewEvidence(_) | Screen::NewEvidenceOn(..) | Screen::NewEvidenceFrom(..) => {
            "New evidence"
        }
        Screen::FollowUps(_) => "Follow-ups",
        Screen::Due => "Due",
        Screen::Since(..) => "What changed",
        Screen::Decisions => "Decisions",
        Screen::Decide(_) => "Record a decision",
        Screen::Reviews => "Reviews",
        Screen::Review(_) | Screen::ReviewStep(..) | Screen::Walk(..) => "Review",
        Screen::Minutes(_) => "Minutes",
        Screen::Scores => "Outcomes and calibration",
        Screen::Round(_) => "Blind round",
        Screen::Analysis(_) => "Analysis",
        Screen::Setup => "Setup",
        Screen::Share(_) => "Share",
        Screen::Reading => "Reading list",
        Screen::CopyCruxes(_) => "Copy cruxes",
        Screen::Tables => "Export / import",
        Screen::History => "History",
        Screen::Unknown => "No such page",
    }
}
