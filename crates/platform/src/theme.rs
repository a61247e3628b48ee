//! The theme of this device. The page's script `theme.js` applies it, before the app is there.

use cruxboard_session::ports::Theme;
use leptos::ev;
use leptos::prelude::*;
use web_sys::Event;

use super::settings;

/// The event that asks `theme.js` to apply the theme again.
const CHANGED: &str = "cruxboard-theme";

/// Returns the signal of the chosen theme, which follows choices in other tabs.
#[must_use]
pub fn chosen() -> RwSignal<Theme> {
    let stored = || settings::theme().get().unwrap_or_default();
    let theme = RwSignal::new(stored());
    window_event_listener(ev::storage, move |event| {
        // Without a key, all of the storage was cleared.
        let is_theme = event.key().is_none_or(|key| settings::theme().is_at(&key));
        if is_theme && theme.try_get_untracked() != Some(stored()) {
            theme.try_set(stored());
        }
    });
    theme
}

/// Stores a theme for all tabs, and applies it.
pub fn choose(theme: Theme) {
    match theme {
        Theme::System => settings::theme().clear(),
        _ => settings::theme().set(&theme),
    }
    if let Some(root) = document().document_element() {
        drop(root.set_attribute("data-theme-choice", theme.key()));
    }
    if let Ok(event) = Event::new(CHANGED) {
        drop(window().dispatch_event(&event));
    }
}
