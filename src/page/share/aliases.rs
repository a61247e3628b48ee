//! The names that a snapshot replaces by aliases.

use crate::component::Check;
use cruxboard_domain::ChangeId;
use cruxboard_domain::checksum::crc32;
use cruxboard_domain::id::Replica;
use cruxboard_domain::snapshot::{SnapshotRequest, Taken};
use cruxboard_domain::{Millis, t, tn};
use leptos::prelude::*;

/// Each name that occurs in the snapshot with its replacement, which can be switched off or on.
#[component]
pub(super) fn Aliases(taken: Signal<Taken>, wish: RwSignal<SnapshotRequest>) -> impl IntoView {
    // A row is identified by its name, so that it keeps its position while others appear and disappear.
    let key =
        |name: &str| ChangeId::new(Millis(crc32(name.as_bytes()).into()), 0, Replica::default());
    let found = move |id: ChangeId| {
        taken.with(|taken| {
            let mut aliases = taken.aliases.iter();
            aliases.find(|alias| key(&alias.name) == id).cloned()
        })
    };
    let ids = Memo::new(move |_| {
        taken.with(|taken| {
            // By name: switching one off gives others new numbers, and must not move their rows.
            let aliases = taken.aliases.iter();
            let mut names: Vec<&str> = aliases.map(|alias| alias.name.as_str()).collect();
            names.sort_unstable();
            names.into_iter().map(key).collect::<Vec<_>>()
        })
    });
    let row = move |id: ChangeId| {
        let Some(alias) = found(id) else {
            return ().into_any();
        };
        let label = Signal::derive(move || {
            let words = found(id).map(|alias| {
                tn!(
                    alias.count,
                    "{name} → {alias} (once)",
                    "{name} → {alias} ({count} times)",
                    name = alias.name,
                    alias = alias.alias,
                )
            });
            words.unwrap_or_default()
        });
        let value = Signal::derive(move || found(id).is_some_and(|alias| alias.is_on));
        let name = alias.name;
        let on_commit = Callback::new(move |is_on: bool| {
            wish.update(|wish| {
                wish.switched.insert(name.clone(), is_on);
            });
        });
        view! { <Check label value on_commit /> }.into_any()
    };
    view! {
        <fieldset class="panel">
            <legend>{t!("Names to replace")}</legend>
            <For each=move || ids.get() key=|id| *id let(id)>{row(id)}</For>
            <p class="soft">{t!("Only whole names are replaced, exactly as written here. Names that are also ordinary words, and parts of names, stay unless ticked. Read the preview before you share it. The numbers follow no order of people, and the snapshot does not name you. A snapshot with aliases takes no answers, since nobody could tell which of its people answered.")}</p>
        </fieldset>
    }
}
