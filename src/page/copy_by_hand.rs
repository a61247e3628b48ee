//! The dialog for a text that the browser failed to copy.

use cruxboard_domain::t;
use leptos::html::{Dialog, Textarea};
use leptos::prelude::*;

use crate::component::live;
use cruxboard_session::Session;

/// Shows a text that the browser failed to copy, selected, with the reason.
#[component]
pub fn CopyByHand(session: Session) -> impl IntoView {
    let to_copy = session.notices.to_copy;
    let (dialog, field) = (NodeRef::<Dialog>::new(), NodeRef::<Textarea>::new());
    Effect::new(move |_| {
        let (Some(dialog), Some(field), Some(uncopied)) =
            (dialog.get(), field.get(), to_copy.get())
        else {
            return;
        };
        field.set_value(&uncopied.text);
        if !dialog.open() {
            // `show_modal` fails only if the element is not in the page.
            drop(dialog.show_modal());
        }
        drop(field.focus());
        field.select();
    });
    let why =
        move || to_copy.with(|uncopied| uncopied.as_ref().map(|uncopied| uncopied.why.clone()));
    view! {
        <dialog class="keys" node_ref=dialog aria-labelledby="by-hand-title" on:close=move |_| to_copy.set(None)>
            <h2 id="by-hand-title">{t!("Copy it by hand")}</h2>
            <p>{live(why)} " " {t!("It is selected: press Ctrl+C, or ⌘C on a Mac, or choose Copy from its menu.")}</p>
            <div class="field wide">
                <label for="by-hand">{t!("Text to copy")}</label>
                <textarea id="by-hand" node_ref=field readonly rows="6" spellcheck="false" translate="no"></textarea>
            </div>
            <form method="dialog" class="actions"><button class="primary">{t!("Close")}</button></form>
        </dialog>
    }
}
