//! Texts with a meaning: dates, links, sections.

use chrono::NaiveDate;
use cruxboard_domain::date::{relative, spelled};
use cruxboard_domain::web_address::check_address;
use leptos::prelude::*;

use super::live;

/// A date and its distance from today: "30 Jun 2027 · in 7 months".
#[component]
pub fn DateText(day: NaiveDate, #[prop(into)] today: Signal<NaiveDate>) -> impl IntoView {
    view! {
        <time datetime=day.to_string() class="date">
            {spelled(day)} <span class="soft">" · " {live(move || relative(day, today.get()))}</span>
        </time>
    }
}

/// An address as a link if it is a valid one, otherwise as plain text.
#[component]
pub fn ExternalLink(#[prop(into)] url: String) -> impl IntoView {
    match check_address(&url) {
        Ok(Some(address)) => {
            let address = address.into_owned();
            let shown = address.trim_start_matches("https://").to_owned();
            view! {
                <a class="external" href=address target="_blank" rel="noopener noreferrer nofollow">
                    {shown}
                </a>
            }
            .into_any()
        }
        _ => view! { <span class="external">{url}</span> }.into_any(),
    }
}

/// A text of several paragraphs. Line breaks are kept; nothing else is interpreted.
#[component]
pub fn Markdownish(#[prop(into)] text: String) -> impl IntoView {
    view! { <p class="prose">{text}</p> }
}

/// A part of a page that can be folded. `on_toggle` is called with the new state.
#[component]
pub fn Section(
    title: &'static str,
    /// A word or number beside the title.
    #[prop(into, optional)]
    note: Signal<String>,
    #[prop(into)] is_open: Signal<bool>,
    on_toggle: Callback<bool>,
    children: ChildrenFn,
) -> impl IntoView {
    // The content is built when the section is first opened, and kept from then on.
    let was_opened = RwSignal::new(is_open.get_untracked());
    view! {
        <details
            class="section"
            prop:open=is_open
            on:toggle:target=move |event| {
                let open = event.target().open();
                if open {
                    was_opened.set(true);
                }
                // The event comes later, when the page may have been closed.
                if is_open.try_get_untracked().is_some_and(|was_open| was_open != open) {
                    on_toggle.run(open);
                }
            }
        >
            <summary>
                <h2>{title}</h2>
                <span class="soft">{live(move || note.get())}</span>
            </summary>
            <Show when=move || was_opened.get()>{children()}</Show>
        </details>
    }
}
