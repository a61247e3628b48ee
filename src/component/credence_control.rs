//! A control for a credence: a slider and a number field.

use cruxboard_domain::Credence;
use cruxboard_domain::{t, translation};

use super::credence_slider::{CredenceSlider, MoveEnd, Moving};
use super::field::{mark_invalid, next_id};
use super::field_errors::Refused;
use super::{key_of, live};
use leptos::prelude::*;
use leptos::web_sys::HtmlInputElement;

/// States a credence. While it is moved, `draft` holds the value and nothing is stored. Releasing
/// it, or a pause at the keyboard, commits the value. Escape restores the stored value.
///
/// Fingers drag only the thumb, so that scrolling past never moves it; a tap beside the thumb moves
/// it there. The mouse may press anywhere on the track. The wheel does nothing.
#[component]
pub fn CredenceControl(
    /// The stated credence; `None` before the first one.
    #[prop(into)]
    value: Signal<Option<Credence>>,
    /// The value while it is moved; `None` otherwise.
    draft: RwSignal<Option<Credence>>,
    on_commit: Callback<Credence>,
    /// The claim in the form that follows "35% likely that".
    #[prop(into)]
    clause: Signal<String>,
    #[prop(into, default = t!("Your credence").to_owned())] label: String,
    /// The form's name of this field, for its errors: see `FieldErrors`.
    #[prop(into, optional)]
    name: String,
    /// Keeps a number that is typed and not entered, so that a reload does not lose it. Nothing is committed
    /// before it is entered.
    #[prop(optional)]
    kept: Option<RwSignal<String>>,
    /// Whether `on_commit` only writes a draft. The typed number is then committed when the page is closed.
    #[prop(optional)]
    is_draft: bool,
) -> impl IntoView {
    // The interpretation of the last stored number, if it was ambiguous.
    let read_as = RwSignal::new(None::<String>);
    let committed = Callback::new(move |(credence, _)| {
        read_as.set(None);
        on_commit.run(credence);
    });
    let moving = Moving::new(value, draft, committed);
    let left = kept.map(|kept| keep_typed(moving, kept));
    let shown = move || moving.shown();
    let id = next_id();
    let refused = Refused::of(name, id.clone());
    Effect::new(move |_| {
        if draft.with(Option::is_some) {
            refused.clear();
        }
    });
    let is_refused = move || moving.problem.with(Option::is_none) && refused.why().is_some();
    let shown_problem = Signal::derive(move || moving.problem.get().or_else(|| refused.why()));
    let leave_number = move |text: String| leave(moving, refused, read_as, text);
    let leave_field = move |field: HtmlInputElement| {
        leave_number(field.value());
        mark_invalid(&field, shown_problem, None);
    };
    let number = move || {
        moving
            .typed
            .get()
            .unwrap_or_else(|| shown().map(translation::number).unwrap_or_default())
    };
    let words = move || {
        shown().map_or_else(
            || t!("not stated yet").to_owned(),
            |credence| format!("{} · {}", credence.odds(), credence.word()),
        )
    };
    // For an ambiguous number, shows its interpretation while it is typed and afterwards.
    let reading = move || match moving.typed.get() {
        Some(text) => Credence::reading_in_words(&text),
        None => read_as.get(),
    };
    let number_label = t!("{label}, in percent", label);
    view! {
        <div class="credence">
            <CredenceSlider moving clause label=Signal::stored(label) />
            <div class="number-box">
                <input
                    id=id.clone()
                    type="text"
                    inputmode="decimal"
                    autocomplete="off"
                    aria-label=number_label
                    aria-invalid=move || shown_problem.with(Option::is_some).then_some("true")
                    data-refused=move || is_refused().then_some("true")
                    aria-describedby=format!("{id}-problem")
                    data-draft=is_draft.then_some("true")
                    prop:value=number
                    on:input:target=move |event| moving.type_number(event.target().value())
                    on:change:target=move |event| leave_field(event.target())
                    on:keydown:target=move |event| match key_of(&event).as_str() {
                        "Enter" => {
                            // Enter commits the number here. It must not submit the form.
                            event.prevent_default();
                            leave_field(event.target());
                        }
                        "Escape" => {
                            refused.clear();
                            moving.restore();
                        }
                        _ => {}
                    }
                />
                <span aria-hidden="true">"%"</span>
            </div>
            <p class="words">{live(words)}</p>
            {left.map(|left| view_left(moving, left, leave_number))}
            <p class="words" role="status">{live(reading)}</p>
            <p id=format!("{id}-problem") class="problem" role="alert">{live(move || shown_problem.get())}</p>
        </div>
    }
}

/// Takes a typed number, or says why it is not taken.
fn leave(moving: Moving, refused: Refused, read_as: RwSignal<Option<String>>, text: String) {
    if moving.typed.try_get_untracked().flatten().is_none() || text.trim().is_empty() {
        return moving.restore();
    }
    match text.parse::<Credence>() {
        Ok(credence) => {
            moving.preview(credence);
            moving.commit(MoveEnd::Deliberate);
            if refused.is_there() {
                // The form has refused it. The text stays, to be changed.
                return moving.typed.set(Some(text));
            }
            read_as.set(Credence::reading_in_words(&text));
        }
        Err(error) => moving.problem.set(Some(t!(
            "“{text}” was not taken: {error}.",
            text = cut(&text),
            error
        ))),
    }
}

/// Takes up the number that was typed before the page was loaded anew, and keeps the one that is being typed.
/// Returns whether the field holds one from before.
fn keep_typed(moving: Moving, kept: RwSignal<String>) -> RwSignal<bool> {
    let before = kept.get_untracked();
    let is_left = RwSignal::new(!before.is_empty());
    if !before.is_empty() {
        moving.type_number(before.clone());
    }
    // The next control may be somebody else's.
    on_cleanup(move || moving.drop_preview());
    Effect::new(move |_| {
        let typed = moving.typed.get().unwrap_or_default();
        if typed != before {
            is_left.set(false);
        }
        if kept.with_untracked(|kept| *kept != typed) {
            kept.set(typed);
        }
    });
    is_left
}

/// Says that a number from before is not entered, and offers both ways out of that.
fn view_left(
    moving: Moving,
    is_left: RwSignal<bool>,
    enter: impl Fn(String) + Copy + Send + Sync + 'static,
) -> AnyView {
    let save = move |_| enter(moving.typed.get_untracked().unwrap_or_default());
    view! {
        <Show when=move || is_left.get()>
            <p class="words left" role="status">
                {t!("Typed before and not saved.")} " "
                <button type="button" on:click=save>{t!("Save it")}</button>
                " "
                <button type="button" on:click=move |_| moving.restore()>{t!("Drop it")}</button>
            </p>
        </Show>
    }
    .into_any()
}

/// The reader's own dot on a scale: a slider whose thumb shows the initials. It commits on release,
/// on Enter and when the focus leaves it. Digits typed on it are taken as its number.
#[component]
pub fn CredenceHandle(
    /// The id of the slider, to move the focus to it.
    id: String,
    /// The stated credence; `None` before the first one.
    #[prop(into)]
    value: Signal<Option<Credence>>,
    /// The value while it is moved; `None` otherwise.
    draft: RwSignal<Option<Credence>>,
    on_commit: Callback<(Credence, MoveEnd)>,
    /// The claim in the form that follows "35% likely that".
    #[prop(into)]
    clause: Signal<String>,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] initials: Signal<String>,
) -> impl IntoView {
    let moving = Moving::new(value, draft, on_commit);
    view! { <CredenceSlider moving clause label id initials /> }
}

/// Returns the beginning of a typed text, to quote it in a message.
fn cut(text: &str) -> String {
    text.chars().take(20).collect()
}
