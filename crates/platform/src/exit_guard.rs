//! Asks for confirmation before the page is left while a change or a draft is not stored.

use leptos::ev;
use leptos::prelude::*;

use cruxboard_session::Session;

/// Guards the page until it is unloaded.
pub fn watch(session: Session) {
    let waits = Memo::new(move |_| !session.outbox.is_empty() || session.drafts.is_any_at_risk());
    // Listens only while needed, since browsers do not put a page with this listener into the
    // back-forward cache.
    Effect::new(move |listener: Option<Option<WindowListenerHandle>>| {
        if let Some(Some(listener)) = listener {
            listener.remove();
        }
        waits.get().then(|| {
            window_event_listener(ev::beforeunload, |event| {
                event.prevent_default();
                // Older browsers need a return value. They never show the text itself.
                event.set_return_value("Some changes are not saved yet.");
            })
        })
    });
}
