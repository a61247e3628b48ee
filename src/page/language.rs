//! The choice of the language.

use cruxboard_domain::t;
use cruxboard_session::ports::Language;
use leptos::prelude::*;

use super::Services;
use crate::component::Choice;

/// The choice between the languages of the app, and the browser's.
#[component]
pub(super) fn LanguageChoice() -> impl IntoView {
    let device = Services::from_context().device;
    let languages = Language::ALL.map(|it| (it.key().to_owned(), it.label().to_owned()));
    let choose = Callback::new(move |key: String| {
        if let Ok(language) = key.parse() {
            (device.choose_language)(language);
        }
    });
    view! {
        <div class="theme">
            <Choice
                label=t!("Language")
                options=Signal::stored(languages.to_vec())
                value=Signal::derive(move || (device.language)().key().to_owned())
                on_commit=choose
                none=""
                hint=t!("On this device. Boards stay in the language in which they are written.")
            />
        </div>
    }
}
