//! The list of keyboard shortcuts, shown by "?".

use leptos::html::Dialog;
use leptos::prelude::*;

const KEYS: &[(&str, &[(&str, &str)])] = &[
    (
        "Everywhere",
        &[
            ("Ctrl or ⌘ + K", "Find anything, or do it"),
            ("/", "Search cruxes"),
            ("J or K", "Next or previous row of a list"),
            ("E", "New evidence"),
            ("C", "New crux"),
            ("Ctrl or ⌘ + Z", "Undo"),
            ("Ctrl or ⌘ + Shift + Z", "Redo"),
            ("?", "This list"),
        ],
    ),
    (
        "On a credence",
        &[
            ("← → ↑ ↓", "1 point"),
            ("Page Up, Page Down", "10 points"),
            ("Home, End", "0 or 100"),
            ("35, 35% or 0.5", "In the box: that many percent"),
            (".35 or 1/3", "In the box: a probability"),
            ("Escape", "Cancel the change"),
        ],
    ),
    (
        "On your dot in a row of the board, and on any credence slider",
        &[
            ("0 to 9", "Type the number"),
            (
                "Enter",
                "Save it and give a reason; Enter again leads to the next row",
            ),
        ],
    ),
    (
        "On the number of a crux in manual order",
        &[("↑ ↓", "Move the crux up or down")],
    ),
    ("In a review", &[("← →", "Previous or next crux")]),
    (
        "In a field",
        &[
            ("Escape", "Cancel the edit"),
            ("Ctrl or ⌘ + Enter", "Save a text of several lines"),
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
            view! { <div><dt><kbd>{*key}</kbd></dt><dd>{*what}</dd></div> }
        });
        view! { <h3>{*place}</h3><dl>{rows.collect_view()}</dl> }
    });
    view! {
        <dialog class="keys" node_ref=dialog aria-labelledby="keys-title" on:close=move |_| is_open.set(false)>
            <h2 id="keys-title">"Keys"</h2>
            {groups.collect_view()}
            <form method="dialog" class="actions"><button class="primary">"Close"</button></form>
        </dialog>
    }
}
