//! The track and the thumb of a credence, which pointers and arrow keys move.

use cruxboard_domain::Credence;
use cruxboard_domain::t;
use leptos::ev;
use leptos::html;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;

use super::{Later, is_command, key_of, live, plain};
use leptos::prelude::*;

/// Time without a key press after which a value is committed, in milliseconds.
const PAUSE: u32 = 900;
/// The largest distance from the thumb at which a finger grabs it, in pixels.
const REACH: f64 = 28.0;
/// Half the width of the thumb, in pixels.
const THUMB: f64 = 12.0;

/// The way in which a move ended. It decides where the keyboard goes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveEnd {
    /// The mouse released the thumb, or Enter was pressed.
    Deliberate,
    /// A finger released the thumb or tapped the track.
    Touch,
    /// No key was pressed for a while.
    Pause,
    /// The focus left the control.
    Leave,
}

/// A credence while a person moves it: the stored value, the draft and the text typed so far.
#[derive(Clone, Copy)]
pub(super) struct Moving {
    value: Signal<Option<Credence>>,
    draft: RwSignal<Option<Credence>>,
    on_commit: Callback<(Credence, MoveEnd)>,
    /// The text of the number while it is typed.
    pub(super) typed: RwSignal<Option<String>>,
    /// The reason why the typed text is not a credence.
    pub(super) problem: RwSignal<Option<String>>,
    is_held: RwSignal<bool>,
    /// Counter of moves, so that an interrupted pause commits nothing.
    moves: StoredValue<u32>,
    later: Later,
}

impl Moving {
    pub(super) fn new(
        value: Signal<Option<Credence>>,
        draft: RwSignal<Option<Credence>>,
        on_commit: Callback<(Credence, MoveEnd)>,
    ) -> Self {
        Self {
            value,
            draft,
            on_commit,
            typed: RwSignal::new(None),
            problem: RwSignal::new(None),
            is_held: RwSignal::new(false),
            moves: StoredValue::new(0),
            later: Later::from_context(),
        }
    }

    /// Returns the draft, or else the stored value.
    pub(super) fn shown(self) -> Option<Credence> {
        self.draft.get().or(self.value.get())
    }

    fn percent(self) -> f64 {
        self.shown().unwrap_or(Credence::HALF).percent()
    }

    /// Returns whether a pointer holds the thumb. Events may still arrive after the page is closed.
    fn is_held(self) -> bool {
        self.is_held.try_get_untracked() == Some(true)
    }

    pub(super) fn restore(self) {
        self.moves.update_value(|moves| *moves += 1);
        self.draft.set(None);
        self.typed.set(None);
        self.problem.set(None);
        self.is_held.set(false);
    }

    pub(super) fn preview(self, credence: Credence) {
        self.problem.set(None);
        self.draft.set(Some(credence));
    }

    pub(super) fn commit(self, end: MoveEnd) {
        let Some(credence) = self.draft.try_get_untracked().flatten() else {
            return;
        };
        self.moves.update_value(|moves| *moves += 1);
        self.typed.set(None);
        self.problem.set(None);
        if self.value.try_get_untracked().flatten() != Some(credence) {
            self.on_commit.run((credence, end));
        }
        self.draft.set(None);
    }

    fn commit_after_pause(self) {
        self.moves.update_value(|moves| *moves += 1);
        let mine = self.moves.get_value();
        self.later.run(PAUSE, move || {
            if self.moves.try_get_value() == Some(mine) {
                self.commit(MoveEnd::Pause);
            }
        });
    }

    /// Ends the preview of a number that is not entered. The control may be closed already.
    pub(super) fn drop_preview(self) {
        self.draft.try_set(None);
    }

    /// Takes the text of the number as typed so far. A text that cannot be parsed gives no preview.
    pub(super) fn type_number(self, text: String) {
        let parsed = text.parse::<Credence>();
        self.typed.set(Some(text));
        match parsed {
            Ok(credence) => self.preview(credence),
            Err(_) => self.draft.set(None),
        }
    }

    /// Takes one more character of a number that is typed on the thumb. Returns `false` if the
    /// character cannot be part of a number.
    fn type_on_thumb(self, key: &str) -> bool {
        let mut text = self.typed.get_untracked().unwrap_or_default();
        match key {
            "Backspace" => drop(text.pop()),
            key => text.push_str(key),
        }
        let may_go_on = text.trim_end_matches(['.', ',', '/']);
        if !may_go_on.is_empty() && may_go_on.parse::<Credence>().is_err() {
            return false;
        }
        // Cancels a running pause, which would commit half a number.
        self.moves.update_value(|moves| *moves += 1);
        if text.is_empty() {
            self.restore();
        } else {
            self.type_number(text);
        }
        true
    }
}

/// A mouse or finger on the track. Cheap to copy.
#[derive(Clone, Copy)]
struct Pointer {
    moving: Moving,
    track: NodeRef<html::Div>,
    /// Whether a finger is down beside the thumb and the touch may become a tap.
    may_tap: StoredValue<bool>,
    is_mouse: StoredValue<bool>,
}

impl Pointer {
    fn new(moving: Moving) -> Self {
        Self {
            moving,
            track: NodeRef::new(),
            may_tap: StoredValue::new(false),
            is_mouse: StoredValue::new(false),
        }
    }

    /// Returns the credence at the pointer, and the width of the track in pixels.
    fn place(self, event: &ev::MouseEvent) -> Option<(Credence, f64)> {
        let track = self.track.get_untracked()?;
        let rect = track.get_bounding_client_rect();
        let share = (f64::from(event.client_x()) - rect.left()) / rect.width().max(1.0);
        Some((Credence::clamped((share * 100.0).round()), rect.width()))
    }

    fn take_hold(self, event: &ev::PointerEvent) {
        let moving = self.moving;
        let Some((credence, width)) = self.place(event) else {
            return;
        };
        let from_thumb = (credence.percent() - moving.percent()).abs() / 100.0 * width;
        let is_mouse = event.pointer_type() == "mouse";
        self.is_mouse.set_value(is_mouse);
        self.may_tap
            .set_value(!is_mouse && (from_thumb > THUMB || moving.shown().is_none()));
        if event.button() != 0 || (!is_mouse && from_thumb > REACH) {
            return;
        }
        let target = event
            .current_target()
            .and_then(|t| t.dyn_into::<Element>().ok());
        let captured = target.map(|target| target.set_pointer_capture(event.pointer_id()));
        if matches!(captured, Some(Ok(()))) {
            event.prevent_default();
            moving.is_held.set(true);
            if is_mouse {
                moving.preview(credence);
            }
        }
    }

    fn drag(self, event: &ev::PointerEvent) {
        if let Some((credence, _)) = self.place(event).filter(|_| self.moving.is_held()) {
            self.may_tap.set_value(false);
            self.moving.preview(credence);
        }
    }

    fn release(self) {
        if self.moving.is_held() {
            self.moving.is_held.set(false);
            self.moving.commit(match self.is_mouse.get_value() {
                true => MoveEnd::Deliberate,
                false => MoveEnd::Touch,
            });
        }
    }

    /// Handles a click. Browsers fire it only for a tap, not after scrolling, nor for a finger that
    /// stops the scrolling.
    fn tap(self, event: &ev::MouseEvent) {
        let is_tap = self.may_tap.try_update_value(std::mem::take) == Some(true);
        if let Some((credence, _)) = self.place(event).filter(|_| is_tap) {
            self.moving.preview(credence);
            self.moving.commit(MoveEnd::Touch);
        }
    }
}

fn press_key(moving: Moving, event: &ev::KeyboardEvent) {
    let now = moving.shown().unwrap_or(Credence::HALF);
    let next = match key_of(event).as_str() {
        "ArrowRight" | "ArrowUp" => now.moved(1.0),
        "ArrowLeft" | "ArrowDown" => now.moved(-1.0),
        "PageUp" => now.moved(10.0),
        "PageDown" => now.moved(-10.0),
        "Home" => Credence::ZERO,
        "End" => Credence::CERTAIN,
        "Enter" => {
            event.prevent_default();
            return moving.commit(MoveEnd::Deliberate);
        }
        "Escape" => return moving.restore(),
        // Undo first discards a value that is not stored yet, and only that.
        "z" if is_command(event) && moving.draft.get_untracked().is_some() => {
            event.prevent_default();
            event.stop_propagation();
            return moving.restore();
        }
        key if !is_command(event) && is_of_number(key, moving.typed.get_untracked().is_some()) => {
            if moving.type_on_thumb(key) {
                event.prevent_default();
                event.stop_propagation();
            }
            return;
        }
        _ => return,
    };
    event.prevent_default();
    moving.typed.set(None);
    moving.preview(next);
    moving.commit_after_pause();
}

/// The track and its thumb. While the thumb is moved, the draft holds the value and nothing is
/// stored. Releasing it, or a pause at the keyboard, commits the value. Escape restores the stored
/// value.
///
/// Fingers drag only the thumb, so that scrolling past never moves it; a tap beside the thumb moves
/// it there. The mouse may press anywhere on the track. The wheel does nothing.
#[component]
pub(super) fn CredenceSlider(
    moving: Moving,
    /// The claim in the form that follows "35% likely that".
    clause: Signal<String>,
    label: Signal<String>,
    #[prop(optional, into)] id: Option<String>,
    /// The text on the thumb. If set, digits typed on the slider are taken as its number.
    #[prop(optional, into)]
    initials: Option<Signal<String>>,
) -> impl IntoView {
    let pointer = Pointer::new(moving);
    let percent = move || moving.percent();
    let sentence = move || match moving.shown() {
        Some(credence) => t!(
            "{credence} likely that {clause}",
            credence = credence.shown(),
            clause = clause.get()
        ),
        None => t!(
            "Not stated yet how likely it is that {clause}",
            clause = clause.get()
        ),
    };
    let on_thumb = initials.map(|initials| move || moving.typed.get().unwrap_or(initials.get()));
    view! {
        <div
            class="track"
            class:held=move || moving.is_held.get()
            class:unset=move || moving.shown().is_none()
            node_ref=pointer.track
            on:pointerdown=move |event| pointer.take_hold(&event)
            on:pointermove=move |event| pointer.drag(&event)
            on:pointerup=move |_| pointer.release()
            on:click=move |event| pointer.tap(&event)
            on:pointercancel=move |_| moving.restore()
            on:lostpointercapture=move |_| {
                if moving.is_held() {
                    moving.restore();
                }
            }
        >
            <div class="groove"></div>
            <div class="fill" style:width=move || format!("{}%", plain(percent()))></div>
            <input
                id=id
                type="range"
                min="0"
                max="100"
                step="1"
                aria-label=move || label.get()
                aria-valuetext=sentence
                prop:value=move || plain(percent())
                on:keydown=move |event| press_key(moving, &event)
                on:input:target=move |event| {
                    if let Some(credence) = Credence::from_percent(event.target().value_as_number()) {
                        moving.preview(credence);
                        moving.commit_after_pause();
                    }
                }
                on:blur=move |_| {
                    if !moving.is_held() {
                        moving.commit(MoveEnd::Leave);
                    }
                }
            />
            <div class="thumb" translate="no" style:left=move || format!("{}%", plain(percent()))>
                {on_thumb.map(live)}
            </div>
        </div>
    }
}

/// Returns whether a key may be part of a number: a digit, a decimal point or comma, Backspace, and the
/// slash of a fraction that has begun. Alone, a slash leads to the search.
fn is_of_number(key: &str, has_begun: bool) -> bool {
    key == "Backspace"
        || (key == "/" && has_begun)
        || (key.len() == 1
            && key
                .bytes()
                .all(|byte| byte.is_ascii_digit() || b".,".contains(&byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_keys_of_a_number_are_taken_on_the_thumb() {
        for key in ["0", "9", ".", ",", "Backspace"] {
            assert!(is_of_number(key, false), "{key}");
        }
        for key in ["", "e", "-", "+", "Tab", "10", "٣", "Delete"] {
            assert!(!is_of_number(key, true), "{key}");
        }
        assert!(is_of_number("/", true));
        assert!(!is_of_number("/", false));
    }
}
