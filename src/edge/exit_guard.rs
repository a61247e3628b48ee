//! Asks before the page is left while something is not stored: a change, or a draft of a form.

use leptos::ev;
use leptos::prelude::*;

use crate::session::Session;

/// Guards the page for as long as it is there.
pub fn watch(session: Session) {
    let waits = Memo::new(move |_| !session.outbox.is_empty() || session.drafts.is_any_at_risk());
    // Only while needed: a page that might ask is one that browsers do not keep for the back button.
    Effect::new(move |listener: Option<Option<WindowListenerHandle>>| {
        if let Some(Some(listener)) = listener {
            listener.remove();
        }
        waits.get().then(|| {
            window_event_listener(ev::beforeunload, |event| {
                event.prevent_default();
                // Older browsers go by this; the text itself is never shown.
                event.set_return_value("Some changes are not saved yet.");
            })
        })
    });
}
