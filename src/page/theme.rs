//! The choice of the theme.

use cruxboard_domain::t;
use cruxboard_session::ports::Theme;
use leptos::prelude::*;

use super::Services;
use crate::component::Choice;

/// The choice between light, dark, and whatever the system has.
#[component]
pub(super) fn ThemeChoice() -> impl IntoView {
    let device = Services::from_context().device;
    let themes = Theme::ALL.map(|theme| (theme.key().to_owned(), theme.label().to_owned()));
    let choose = Callback::new(move |key: String| {
        if let Ok(theme) = key.parse() {
            device.choose_theme.run(theme);
        }
    });
    view! {
        <div class="theme">
            <Choice
                label=t!("Theme")
                options=Signal::stored(themes.to_vec())
                value=Signal::derive(move || device.theme.get().key().to_owned())
                on_commit=choose
                none=""
                hint=t!("On this device. Prints and pictures stay light.")
            />
        </div>
    }
}
