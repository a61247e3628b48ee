//! Icons of the buttons in the head. Each stands for the word of its button where there is no room for all words.

use leptos::prelude::*;

pub(super) const ALL_BOARDS: &str = "M2.5 7.5 8 2.5l5.5 5M4 6.5v7h8v-7";
pub(super) const FIND: &str = "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 1 1 0-9zM10.3 10.3 14 14";
pub(super) const DOWNLOAD: &str = "M8 2v8.5M4.5 7 8 10.5 11.5 7M2.5 13.5h11";
pub(super) const UNDO: &str = "M6 3 2.5 6.5 6 10M2.5 6.5H10a3.5 3.5 0 0 1 0 7H6";
pub(super) const REDO: &str = "M10 3l3.5 3.5L10 10M13.5 6.5H6a3.5 3.5 0 0 0 0 7h4";

/// Renders the word and the icon of a button, of which the style sheet shows one. The word stays its name.
pub(super) fn word_or_icon(word: &'static str, path: &'static str) -> impl IntoView {
    view! {
        <svg class="head-icon" viewBox="0 0 16 16" aria-hidden="true"><path d=path /></svg>
        <span class="head-word">{word}</span>
    }
}
