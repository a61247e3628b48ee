//! The time that a review has spent on each of its cruxes in this tab.

use std::time::Duration;

use cruxboard_domain::record::ReviewId;
use leptos::prelude::*;

use super::step::Step;
use crate::page::Services;
use cruxboard_session::Session;

/// Counts the time on a step of a review for as long as the present owner lives, and returns the time spent
/// on it in all. The count outlives the owner, so that the next screen of the step goes on with it.
pub(super) fn time_spent(session: Session, review: ReviewId, at: Step) -> Signal<Duration> {
    let Step::Crux(crux) = at else {
        return Signal::stored(Duration::ZERO);
    };
    let device = Services::from_context().device;
    let board = session.open.get_untracked().unwrap_or_default();
    let key = format!("{board}/time/{}/{}", review.0, crux.0);
    let counted = StoredValue::new(session.present().millis);
    let count = move || {
        let before = device.choice.run(key.clone());
        let before = before.and_then(|text| text.parse().ok()).unwrap_or(0);
        let present = session.present().millis;
        let since = counted.try_get_value().unwrap_or(present);
        counted.try_set_value(present);
        let spent = Duration::from_millis(before) + present.since(since);
        device
            .keep_choice
            .run((key.clone(), spent.as_millis().to_string()));
        spent
    };
    let spent = RwSignal::new(Duration::ZERO);
    on_cleanup({
        let count = count.clone();
        move || {
            count();
        }
    });
    // Not before the screen is there: the one before has added its time by then.
    Effect::new(move |_| {
        session.now.track();
        spent.set(count());
    });
    spent.into()
}
