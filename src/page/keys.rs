//! The list of keyboard shortcuts, shown by "?".

use cruxboard_domain::translation::translated;
use cruxboard_domain::{t, translatable};
use leptos::html::Dialog;
use leptos::prelude::*;

const KEYS: &[(&str, &[(&str, &str)])] = &[
    (
        translatable!("Everywhere"),
        &[
            (
                translatable!("Ctrl or ⌘ + K"),
                translatable!("Find anything, or do it"),
            ),
            ("/", translatable!("Search cruxes")),
            (
                translatable!("J or K"),
                translatable!("Next or previous row of a list"),
            ),
            ("E", translatable!("New evidence")),
            ("C", translatable!("New crux")),
            (translatable!("Ctrl or ⌘ + Z"), translatable!("Undo")),
            (
                translatable!("Ctrl or ⌘ + Shift + Z"),
                translatable!("Redo"),
            ),
            ("?", translatable!("This list")),
        ],
    ),
    (
        translatable!("On a credence"),
        &[
            ("← → ↑ ↓", translatable!("1 point")),
            (
                translatable!("Page Up, Page Down"),
                translatable!("10 points"),
            ),
            (translatable!("Home, End"), translatable!("0 or 100")),
            (
                translatable!("35, 35% or 0.5"),
                translatable!("In the box: that many percent"),
            ),
            (
                translatable!(".35 or 1/3"),
                translatable!("In the box: a probability"),
            ),
            (translatable!("Escape"), translatable!("Cancel the change")),
        ],
    ),
    (
        translatable!("On your dot in a row of the board, and on any credence slider"),
        &[
            (translatable!("0 to 9"), translatable!("Type the number")),
            (
                translatable!("Enter"),
                translatable!("Save it and give a reason; Enter again leads to the next row"),
            ),
        ],
    ),
    (
        translatable!("On the number of a crux in manual order"),
        &[("↑ ↓", translatable!("Move the crux up or down"))],
    ),
    (
        translatable!("In a review"),
        &[("← →", translatable!("Previous or next crux"))],
    ),
    (
        translatable!("In a field"),
        &[
            (translatable!("Escape"), translatable!("Cancel the edit")),
            (
                translatable!("Ctrl or ⌘ + Enter"),
                translatable!("Save a text of several lines"),
            ),
        ],
    ),
];

/// The dialog with the list of keyboard shortcuts.
#[component]
pub fn KeysHelp(is_open: RwSignal<bool>) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get()
            && is_open.get()
            && !dialog.open()
        {
            // `show_modal` fails only if the element is not in the page.
            drop(dialog.show_modal());
        }
    });
    let groups = KEYS.iter().map(|(place, keys)| {
        let rows = keys.iter().map(|(key, what)| {
            view! { <div><dt><kbd>{translated(key)}</kbd></dt><dd>{translated(what)}</dd></div> }
        });
        view! { <h3>{translated(place)}</h3><dl>{rows.collect_view()}</dl> }
    });
    view! {
        <dialog class="keys" node_ref=dialog aria-labelledby="keys-title" on:close=move |_| is_open.set(false)>
            <h2 id="keys-title">{t!("Keys")}</h2>
            {groups.collect_view()}
            <form method="dialog" class="actions"><button class="primary">{t!("Close")}</button></form>
        </dialog>
    }
}
