//! Choices on screens, such as an order or a person, that last as long as the tab.

use cruxboard_session::{DraftText, Session};
use leptos::prelude::*;

use super::Services;

/// Returns a choice on a screen of the open board. It begins as it was last left in this tab, also after a
/// reload, or else with `fresh`. `name` tells it from the board's other choices.
pub(super) fn kept_choice<T>(session: Session, name: &'static str, fresh: T) -> RwSignal<T>
where
    T: DraftText + Send + Sync + 'static,
{
    let device = Services::from_context().device;
    let board = session.open.get_untracked().unwrap_or_default();
    let key = format!("{board}/{name}");
    let left = device.choice.run(key.clone());
    let choice = RwSignal::new(left.as_deref().and_then(T::from_text).unwrap_or(fresh));
    Effect::new(move |was_kept: Option<()>| {
        let text = choice.with(T::to_text);
        if was_kept.is_some() {
            device.keep_choice.run((key.clone(), text));
        }
    });
    choice
}
