//! A credence as slider and number box: one control with two handles.

use cruxboard_domain::Credence;
use leptos::ev;
use leptos::html;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;

use super::field::next_id;
use super::field_errors::Refused;
use super::{Later, is_command, key_of, live, plain};
use leptos::prelude::*;

/// How long the keyboard must rest before what it set is committed, in milliseconds.
const PAUSE: u32 = 900;
/// How near to the thumb a finger must land to take hold of it, in pixels.
const REACH: f64 = 28.0;
/// Half the width of the thumb, in pixels.
const THUMB: f64 = 12.0;

/// States a credence. While it is moved, `draft` holds the value and nothing is stored; releasing
/// it, or a pause at the keyboard, commits; Escape brings back what stood before.
///
/// Fingers drag the thumb only, so that scrolling past never moves it; a tap beside it moves it there.
/// The mouse may press anywhere on the track. The wheel does nothing.
#[component]
pub fn CredenceControl(
    /// What is stated now; `None`: nothing yet.
    #[prop(into)]
    value: Signal<Option<Credence>>,
    /// Where it is being moved to; `None` while it rests.
    draft: RwSignal<Option<Credence>>,
    on_commit: Callback<Credence>,
    /// The claim as it reads after "35% likely that".
    #[prop(into)]
    clause: Signal<String>,
    #[prop(into, default = "Your credence".to_owned())] label: String,
    /// By what the form calls it that says what is wrong: see `FieldErrors`.
    #[prop(into, optional)]
    name: String,
) -> impl IntoView {
    let track = NodeRef::<html::Div>::new();
    let is_held = RwSignal::new(false);
    // Whether a finger is down beside the thumb and may yet turn out to have tapped.
    let may_tap = StoredValue::new(false);
    let typed = RwSignal::new(None::<String>);
    let problem = RwSignal::new(None::<String>);
    // How the number was read that was stored last, where it could be read in two ways.
    let read_as = RwSignal::new(None::<String>);
    let id = next_id();
    let refused = Refused::of(name, id.clone());
    let is_refused = move || problem.with(Option::is_none) && refused.why().is_some();
    let shown_problem = Signal::derive(move || problem.get().or_else(|| refused.why()));
    // Counts moves, so that a pause that was interrupted commits nothing.
    let moves = StoredValue::new(0_u32);
    let later = Later::from_context();

    let shown = move || draft.get().or(value.get());
    let percent = move || shown().unwrap_or(Credence::HALF).percent();
    // Events may still come when the page they belong to has gone, and with it the signals.
    let holds = move || is_held.try_get_untracked() == Some(true);
    let restore = move || {
        moves.update_value(|moves| *moves += 1);
        draft.set(None);
        typed.set(None);
        problem.set(None);
        is_held.set(false);
    };
    let commit = move || {
        let Some(credence) = draft.try_get_untracked().flatten() else {
            return;
        };
        moves.update_value(|moves| *moves += 1);
        typed.set(None);
        problem.set(None);
        read_as.set(None);
        if value.try_get_untracked().flatten() != Some(credence) {
            on_commit.run(credence);
        }
        draft.set(None);
    };
    let preview = move |credence: Credence| {
        refused.clear();
        problem.set(None);
        draft.set(Some(credence));
    };
    let commit_after_pause = move || {
        moves.update_value(|moves| *moves += 1);
        let mine = moves.get_value();
        later.run(PAUSE, move || {
            if moves.try_get_value() == Some(mine) {
                commit();
            }
        });
    };

    let at_pointer = move |event: &ev::MouseEvent| {
        let rect = track
            .get_untracked()
            .map(|track| track.get_bounding_client_rect())?;
        let share = (f64::from(event.client_x()) - rect.left()) / rect.width().max(1.0);
        Some((Credence::clamped((share * 100.0).round()), rect.width()))
    };
    let take_hold = move |event: ev::PointerEvent| {
        let Some((credence, width)) = at_pointer(&event) else {
            return;
        };
        let from_thumb = (credence.percent() - percent()).abs() / 100.0 * width;
        let is_mouse = event.pointer_type() == "mouse";
        may_tap.set_value(!is_mouse && (from_thumb > THUMB || shown().is_none()));
        if event.button() != 0 || (!is_mouse && from_thumb > REACH) {
            return;
        }
        let target = event
            .current_target()
            .and_then(|t| t.dyn_into::<Element>().ok());
        let captured = target.map(|target| target.set_pointer_capture(event.pointer_id()));
        if matches!(captured, Some(Ok(()))) {
            event.prevent_default();
            is_held.set(true);
            if is_mouse {
                preview(credence);
            }
        }
    };
    let drag = move |event: ev::PointerEvent| {
        if let Some((credence, _)) = at_pointer(&event).filter(|_| holds()) {
            may_tap.set_value(false);
            preview(credence);
        }
    };
    let release = move |_: ev::PointerEvent| {
        if holds() {
            is_held.set(false);
            commit();
        }
    };

    // Browsers report a click only for a tap: not after scrolling, nor for a finger that stops it.
    let tap = move |event: ev::MouseEvent| {
        let is_tap = may_tap.try_update_value(std::mem::take) == Some(true);
        if let Some((credence, _)) = at_pointer(&event).filter(|_| is_tap) {
            preview(credence);
            commit();
        }
    };

    let press_key = move |event: ev::KeyboardEvent| {
        let now = shown().unwrap_or(Credence::HALF);
        let next = match key_of(&event).as_str() {
            "ArrowRight" | "ArrowUp" => now.moved(1.0),
            "ArrowLeft" | "ArrowDown" => now.moved(-1.0),
            "PageUp" => now.moved(10.0),
            "PageDown" => now.moved(-10.0),
            "Home" => Credence::ZERO,
            "End" => Credence::CERTAIN,
            "Enter" => {
                event.prevent_default();
                return commit();
            }
            "Escape" => return restore(),
            // What is not stored yet is taken back by letting go of it, and nothing before it.
            "z" if is_command(&event) && draft.get_untracked().is_some() => {
                event.prevent_default();
                event.stop_propagation();
                return restore();
            }
            _ => return,
        };
        event.prevent_default();
        preview(next);
        commit_after_pause();
    };
    let type_number = move |text: String| {
        let parsed = text.parse::<Credence>();
        typed.set(Some(text));
        match parsed {
            Ok(credence) => preview(credence),
            Err(_) => draft.set(None),
        }
    };
    let leave_number = move |text: String| {
        if typed.try_get_untracked().flatten().is_none() || text.trim().is_empty() {
            return restore();
        }
        match text.parse::<Credence>() {
            Ok(credence) => {
                preview(credence);
                commit();
                read_as.set(Credence::reading_in_words(&text));
            }
            Err(error) => problem.set(Some(format!("“{}” was not taken: {error}.", cut(&text)))),
        }
    };

    let number = move || {
        typed
            .get()
            .unwrap_or_else(|| shown().map(|c| c.to_string()).unwrap_or_default())
    };
    let words = move || {
        shown().map_or_else(
            || "not stated yet".to_owned(),
            |credence| format!("{} · {}", credence.odds(), credence.word()),
        )
    };
    // Somebody may have meant the other reading: what is taken is said before it is, and stays said.
    let reading = move || match typed.get() {
        Some(text) => Credence::reading_in_words(&text),
        None => read_as.get(),
    };
    let sentence = move || match shown() {
        Some(credence) => format!("{} likely that {}", credence.shown(), clause.get()),
        None => format!("Not stated yet how likely it is that {}", clause.get()),
    };
    let number_label = format!("{label}, in percent");
    view! {
        <div class="credence" class:held=move || is_held.get() class:unset=move || shown().is_none()>
            <div
                class="track"
                node_ref=track
                on:pointerdown=take_hold
                on:pointermove=drag
                on:pointerup=release
                on:click=tap
                on:pointercancel=move |_| restore()
                on:lostpointercapture=move |_| {
                    if holds() {
                        restore();
                    }
                }
            >
                <div class="groove"></div>
                <div class="fill" style:width=move || format!("{}%", plain(percent()))></div>
                <input
                    type="range"
                    min="0"
                    max="100"
                    step="1"
                    aria-label=label
                    aria-valuetext=sentence
                    prop:value=move || plain(percent())
                    on:keydown=press_key
                    on:input:target=move |event| {
                        if let Some(credence) = Credence::from_percent(event.target().value_as_number()) {
                            preview(credence);
                            commit_after_pause();
                        }
                    }
                    on:blur=move |_| {
                        if !holds() {
                            commit();
                        }
                    }
                />
                <div class="thumb" style:left=move || format!("{}%", plain(percent()))></div>
            </div>
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
                    prop:value=number
                    on:input:target=move |event| type_number(event.target().value())
                    on:change:target=move |event| leave_number(event.target().value())
                    on:keydown:target=move |event| match key_of(&event).as_str() {
                        "Enter" => {
                            // Here it means "take this number", not "send the form around it".
                            event.prevent_default();
                            leave_number(event.target().value());
                        }
                        "Escape" => restore(),
                        _ => {}
                    }
                />
                <span aria-hidden="true">"%"</span>
            </div>
            <p class="words">{live(words)}</p>
            <p class="words" role="status">{live(reading)}</p>
            <p id=format!("{id}-problem") class="problem" role="alert">{live(move || shown_problem.get())}</p>
        </div>
    }
}

/// The beginning of a text somebody typed, for saying it back to them.
fn cut(text: &str) -> String {
    text.chars().take(20).collect()
}
