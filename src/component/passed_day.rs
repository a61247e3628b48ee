//! A note that the day in a field has passed.

use chrono::NaiveDate;
use cruxboard_domain::t;
use leptos::prelude::*;

/// The present day of the reader. Provided by the composition root, since only the platform reads the clock.
#[derive(Clone, Copy)]
pub struct Today(pub Signal<NaiveDate>);

/// Says that the day of a field has passed. The day may be meant, as for what was missed, so it is stored.
pub(super) fn view_passed(value: Signal<String>) -> AnyView {
    let today = use_context::<Today>();
    let passed = Memo::new(move |_| {
        let day = value.with(|text| text.parse::<NaiveDate>().ok())?;
        (day < today?.0.get()).then_some(t!("This day has passed."))
    });
    let is_empty = move || passed.get().is_none();
    view! { <p class="hint late" role="status" hidden=is_empty>{passed}</p> }.into_any()
}
