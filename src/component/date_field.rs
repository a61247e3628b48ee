//! A field for a date, and questions about unlikely dates.

use super::field::{TextField, date_is_incomplete};
use chrono::{Datelike as _, NaiveDate};
use cruxboard_domain::VagueDate;
use cruxboard_domain::date::{USUAL_DUE_YEARS, USUAL_YEARS};
use cruxboard_domain::record::Input;
use cruxboard_domain::t;
use leptos::prelude::*;

/// A field for a date; it may be empty.
#[component]
pub fn DateField(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<Option<NaiveDate>>,
    on_commit: Callback<Option<NaiveDate>>,
    #[prop(into, optional)] hint: String,
    #[prop(into, optional)] name: String,
    /// Whether something is to be done on that day. The field then says if it has passed.
    #[prop(optional)]
    is_due: bool,
) -> impl IntoView {
    let text = Signal::derive(move || value.get().map(|day| day.to_string()).unwrap_or_default());
    let on_commit = Callback::new(move |text: String| on_commit.run(text.parse().ok()));
    let (check, doubt) = (Some(no_day as Says), Some(unusual_day as Says));
    view! { <TextField label kind="date" value=text on_commit hint name check doubt is_due /> }
}

/// Returns a message about a typed text, if there is one.
pub(super) type Says = fn(&str) -> Option<String>;

/// Returns a message if the text is neither empty nor a date.
pub(super) fn no_day(text: &str) -> Option<String> {
    let is_one = text.is_empty() || text.parse::<NaiveDate>().is_ok();
    (!is_one).then(date_is_incomplete)
}

/// Returns the date of evidence in the form in which its field shows it; a text that is none as it is.
pub(super) fn as_shown(text: &str) -> String {
    let date = Input::VagueDate.stored(text);
    date.map_or_else(|| text.to_owned(), |date| Input::VagueDate.shown(date))
}

/// Asks about a due date with an unlikely year.
pub(super) fn unusual_day(text: &str) -> Option<String> {
    let year = text.parse::<NaiveDate>().ok()?.year();
    (!USUAL_DUE_YEARS.contains(&year)).then(|| ask_about(year))
}

/// Asks about a date of evidence with an unlikely year.
pub(super) fn unusual_date(text: &str) -> Option<String> {
    let year = text.parse::<VagueDate>().ok()?.earliest()?.year();
    (!USUAL_YEARS.contains(&year)).then(|| ask_about(year))
}

pub(super) fn ask_about(year: i32) -> String {
    t!("Is the year {year} meant? It is not stored yet.", year)
}
