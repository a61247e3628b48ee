//! The command palette: finds any screen, crux, item of evidence, person, board or action by a part of its
//! name.

mod entries;
mod ranking;

use cruxboard_domain::t;
use cruxboard_domain::text::folded;
use cruxboard_domain::tn;
use leptos::ev;
use leptos::html::{Dialog, Div, Input};
use leptos::prelude::*;

use self::entries::{Act, Entry, Found, collect, find};
use super::Services;
use crate::component::{is_command, key_of, live, show_selected};
use crate::route::Route;
use cruxboard_session::Session;

/// Signals that the palette shares with the app, besides [`Services`]. Cheap to copy.
#[derive(Clone, Copy)]
pub struct PaletteAsks {
    /// Whether the palette is shown.
    pub is_open: RwSignal<bool>,
    /// Whether the list of keyboard shortcuts is shown.
    pub asks_for_keys: RwSignal<bool>,
}

/// The entries that match the typed text, and the selected one. Cheap to copy.
#[derive(Clone, Copy)]
struct Search {
    entries: StoredValue<Vec<Entry>>,
    typed: RwSignal<String>,
    chosen: RwSignal<usize>,
    count: Memo<usize>,
}

impl Search {
    fn new(entries: Vec<Entry>) -> Self {
        let entries = StoredValue::new(entries);
        let typed = RwSignal::new(String::new());
        let count = Memo::new(move |_| {
            let wanted = folded(&typed.get());
            entries.with_value(|entries| {
                let found = find(entries, &wanted).into_iter();
                found.map(|found| found.entries.len()).sum()
            })
        });
        Self {
            entries,
            typed,
            chosen: RwSignal::new(0),
            count,
        }
    }

    fn chosen_act(self) -> Option<Act> {
        let wanted = folded(&self.typed.get_untracked());
        self.entries.with_value(|entries| {
            let found = find(entries, &wanted);
            let mut entries = found.iter().flat_map(|found| &found.entries);
            let chosen = entries.nth(self.chosen.get_untracked())?;
            Some(chosen.act.clone())
        })
    }

    /// Selects the next or the previous entry, and wraps around at the ends.
    fn step(self, is_forward: bool) {
        let last = self.count.get_untracked().saturating_sub(1);
        let at = self.chosen.get_untracked();
        self.chosen.set(match is_forward {
            true if at < last => at + 1,
            true => 0,
            false if at > 0 => at - 1,
            false => last,
        });
    }
}

/// Shows the palette. Created each time it opens, so that its entries are up to date.
#[component]
pub fn Palette(session: Session, route: Signal<Route>, asks: PaletteAsks) -> impl IntoView {
    let services = Services::from_context();
    let search = Search::new(collect(
        session,
        route.with_untracked(Route::board),
        services.device.theme.get_untracked(),
    ));
    let (dialog, field) = (NodeRef::<Dialog>::new(), NodeRef::<Input>::new());
    Effect::new(move |_| {
        if let (Some(dialog), Some(field)) = (dialog.get(), field.get())
            && !dialog.open()
        {
            // `show_modal` fails only if the element is not in the page.
            drop(dialog.show_modal());
            drop(field.focus());
        }
    });
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let carry_out = move |act: Act| {
        // Closing returns the keyboard to the element that had it; the next screen may then take it.
        close();
        match act {
            Act::Go(route) => services.navigation.go.run((route, false)),
            Act::Undo => session.undo(),
            Act::Redo => session.redo(),
            Act::Download => services.files.download.run(()),
            Act::ListKeys => asks.asks_for_keys.set(true),
            Act::Language(language) => (services.device.choose_language)(language),
            Act::Theme(theme) => services.device.choose_theme.run(theme),
            Act::WorkAs(person) => services.device.choose_me.run(Some(person)),
        }
    };
    let on_key = move |event: ev::KeyboardEvent| {
        match key_of(&event).as_str() {
            "k" if is_command(&event) => close(),
            "ArrowDown" => search.step(true),
            "ArrowUp" => search.step(false),
            "Enter" => search.chosen_act().into_iter().for_each(carry_out),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <dialog
            class="palette"
            node_ref=dialog
            aria-label=t!("Find")
            on:close=move |_| asks.is_open.set(false)
            on:click=move |event| {
                // A click beside the dialog hits the dialog element itself; a click within it hits one of its
                // children.
                if event.target() == event.current_target() {
                    close();
                }
            }
        >
            <div class="content">
                <SearchField search field on_key />
                {view_matches(search, carry_out)}
            </div>
        </dialog>
    }
}

#[component]
fn SearchField(
    search: Search,
    field: NodeRef<Input>,
    on_key: impl Fn(ev::KeyboardEvent) + 'static,
) -> impl IntoView {
    let Search {
        typed,
        chosen,
        count,
        ..
    } = search;
    view! {
        <input
            node_ref=field
            type="text"
            role="combobox"
            aria-label=t!("Find a crux, evidence, a person, a board, a screen or an action")
            placeholder=t!("Find a crux, evidence, a board, an action…")
            aria-expanded="true"
            aria-autocomplete="list"
            aria-controls="palette-list"
            aria-activedescendant=move || (count.get() > 0).then(|| option_id(chosen.get()))
            autocomplete="off"
            spellcheck="false"
            prop:value=typed
            on:input=move |event| {
                chosen.set(0);
                typed.set(event_target_value(&event));
            }
            on:keydown=on_key
        />
    }
}

fn view_matches(search: Search, carry_out: impl Fn(Act) + Copy + Send + Sync + 'static) -> AnyView {
    let Search {
        entries,
        typed,
        chosen,
        count,
    } = search;
    let list_element = NodeRef::<Div>::new();
    // Runs after the attribute that it reads has changed.
    Effect::new(move |_| {
        chosen.track();
        if let Some(list) = list_element.get() {
            show_selected(&list);
        }
    });
    let list = move || {
        let wanted = folded(&typed.get());
        entries.with_value(|entries| view_groups(&find(entries, &wanted), chosen, carry_out))
    };
    view! {
        <div id="palette-list" node_ref=list_element role="listbox" aria-label=t!("Matches")>{live(list)}</div>
        <p class="soft" role="status">
            {live(move || match count.get() {
                0 => t!("Nothing matches.").to_owned(),
                count => tn!(count, "{count} match", "{count} matches"),
            })}
        </p>
    }
    .into_any()
}

/// Renders the groups, with the options numbered through all of them.
fn view_groups(
    groups: &[Found<'_>],
    chosen: RwSignal<usize>,
    carry_out: impl Fn(Act) + Copy + Send + Sync + 'static,
) -> AnyView {
    let mut place = 0;
    let groups = groups.iter().map(|found| {
        let options = found.entries.iter().map(|entry| {
            let option = view_option(entry, place, chosen, carry_out);
            place += 1;
            option
        });
        let options = options.collect_view();
        let more = (found.more > 0).then(|| {
            view! { <div class="soft more" role="presentation">{t!("{count} more: type to narrow down", count = found.more)}</div> }
        });
        let label = found.group.label();
        view! {
            <div role="group" aria-label=label>
                <div class="group" role="presentation" aria-hidden="true">{label}</div>
                {options}
                {more}
            </div>
        }
    });
    groups.collect_view().into_any()
}

fn view_option(
    entry: &Entry,
    place: usize,
    chosen: RwSignal<usize>,
    carry_out: impl Fn(Act) + Copy + Send + Sync + 'static,
) -> AnyView {
    let act = entry.act.clone();
    view! {
        <div
            id=option_id(place)
            class="option"
            role="option"
            aria-selected=move || (chosen.get() == place).to_string()
            // On move rather than on enter, since the list may move under a resting pointer.
            on:pointermove=move |_| {
                if chosen.get_untracked() != place {
                    chosen.set(place);
                }
            }
            on:click=move |_| carry_out(act.clone())
        >
            <span class="label">{entry.label.clone()}</span>
            <span class="detail soft">{entry.detail.clone()}</span>
        </div>
    }
    .into_any()
}

fn option_id(place: usize) -> String {
    format!("palette-{place}")
}
