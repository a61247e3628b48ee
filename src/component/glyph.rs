//! Shapes of options. The drawing of the shape shows the state of a trigger.

use cruxboard_domain::record::Mark;
use cruxboard_domain::trigger_state::TriggerState;
use leptos::prelude::*;

/// Returns the class for the colour of an option of this kind.
#[must_use]
pub const fn mark_class(mark: Mark) -> &'static str {
    match mark {
        Mark::Stop => "stop",
        Mark::Continue => "continue",
        Mark::Change => "change",
        Mark::DoubleDown => "double",
        Mark::Other => "other",
    }
}

/// Returns the path of a shape in a box of 16 × 16, and that of its left half.
const fn outline(mark: Mark) -> (&'static str, &'static str) {
    match mark {
        Mark::Stop => (
            "M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2l-3.7-3.7V5.2z",
            "M8 1.5H5.2L1.5 5.2v5.6l3.7 3.7H8z",
        ),
        Mark::Continue => (
            "M1.5 5.2h6V1.8L14.5 8l-7 6.2v-3.4h-6z",
            "M1.5 5.2h6v5.6h-6z",
        ),
        Mark::Change => ("M8 1 15 8 8 15 1 8z", "M8 1v14L1 8z"),
        Mark::DoubleDown => (
            "M1.5 2h3.2l4 6-4 6H1.5l4-6zM7.3 2h3.2l4 6-4 6H7.3l4-6z",
            "M1.5 2h3.2l4 6-4 6H1.5l4-6z",
        ),
        Mark::Other => (
            "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 1 1 0-13z",
            "M8 1.5v13a6.5 6.5 0 0 1 0-13z",
        ),
    }
}

/// The shape of an option. Hidden from screen readers, since the option's name is beside it.
#[component]
pub fn MarkGlyph(mark: Mark) -> impl IntoView {
    view! {
        <svg class=format!("glyph solid {}", mark_class(mark)) viewBox="0 0 16 16" aria-hidden="true">
            <path d=outline(mark).0 />
        </svg>
    }
}

/// The shape of a trigger's option, drawn according to the trigger's state.
#[component]
pub fn StateGlyph(mark: Mark, state: TriggerState) -> impl IntoView {
    let (whole, half) = outline(mark);
    let inner = match state {
        TriggerState::Near => Some(("half", half)),
        TriggerState::Met => Some(("check", "M4.6 8.2 7 10.7 11.4 5.6")),
        TriggerState::NotMet => Some(("strike", "M1.5 14.5 14.5 1.5")),
        TriggerState::Undecided => Some((
            "query",
            "M6.2 6.2a1.9 1.9 0 1 1 2.6 1.8c-.6.3-.8.7-.8 1.3M8 11.4v.2",
        )),
        TriggerState::Disputed => Some(("second", whole)),
        TriggerState::Draft | TriggerState::Armed | TriggerState::Void => None,
    };
    view! {
        <svg
            class=format!("glyph {} is-{}", mark_class(mark), state.key())
            viewBox="-1 -1 20 18"
            aria-hidden="true"
        >
            <path class="outline" d=whole />
            {inner.map(|(class, path)| view! { <path class=class d=path /> })}
        </svg>
    }
}
