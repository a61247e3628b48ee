//! Where on a screen the person was, for each entry of the browser's history, so that going back leads there
//! and not to the screen's top.

use std::cell::RefCell;
use std::collections::HashMap;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Element, FocusOptions, HtmlElement};

use super::{clock, settings};

/// Number of entries of the history whose places outlive a reload.
const MOST_KEPT: usize = 50;
/// Number of frames within which a page has to have after a reload what was there before.
const FRAMES_OF_RELOAD: u32 = 600;
/// Number of frames within which a screen has to have what was there before.
const FRAMES: u32 = 180;
/// Number of frames in which a place is kept in sight after it was found: rows above it may still be given
/// their height.
const SETTLING: u32 = 12;

#[derive(Clone, Debug, Default, PartialEq)]
struct ScreenPlace {
    /// The scroll position, in pixels.
    y: f64,
    /// The link that was followed from here: its address, and its distance from the window's upper edge.
    link: Option<(String, f64)>,
}

#[derive(Default)]
struct Places {
    /// The entry of the browser's history that is shown.
    current: f64,
    /// The key of the next entry. Keys begin with the time, so that those from before a reload differ.
    next: f64,
    by_entry: HashMap<u64, ScreenPlace>,
    /// The place that the next screen is to show, after going back or forward.
    returning: Option<ScreenPlace>,
    /// Whether a place is being restored. The browser scrolls as well, and that is not where the person was.
    is_restoring: bool,
}

thread_local! {
    static PLACES: RefCell<Places> = RefCell::default();
}

/// Starts to remember places. It has to come before what else follows the address.
pub fn start() {
    let known = state_of_entry();
    let y = PLACES.with_borrow_mut(|places| {
        places.next = clock::now_millis().0 as f64;
        places.current = known.unwrap_or(0.0);
        places.by_entry = parsed(&settings::places().unwrap_or_default());
        let y = places.here().y;
        places.is_restoring = y > 0.0;
        y
    });
    if known.is_none() {
        name_entry(new_key());
    } else if y > 0.0 {
        try_to_restore(ScreenPlace { y, link: None }, FRAMES_OF_RELOAD);
    }
    window_event_listener(ev::popstate, |_| arrive());
    window_event_listener(ev::pagehide, |_| {
        leave();
        settings::set_places(&PLACES.with_borrow(|places| spelled(&places.by_entry)));
    });
    window_event_listener(ev::scroll, |_| {
        let y = window().scroll_y().unwrap_or_default();
        PLACES.with_borrow_mut(|places| {
            if !places.is_restoring && places.returning.is_none() {
                *places.here() = ScreenPlace { y, link: None };
            }
        });
    });
    window_event_listener(ev::click, |event| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        // Not the links around a screen, of which a narrow window shows only some.
        let link = target.and_then(|target| target.closest("main a[href]").ok().flatten());
        let link = link.and_then(|link| {
            let top = link.get_bounding_client_rect().top();
            Some((link.get_attribute("href")?, top))
        });
        PLACES.with_borrow_mut(|places| places.here().link = link);
    });
    for kind in ["wheel", "touchstart", "pointerdown", "keydown"] {
        window_event_listener_untyped(kind, |_| {
            PLACES.with_borrow_mut(|places| places.is_restoring = false);
        });
    }
}

/// Returns the state to store with an entry of the history that is about to be added, or to replace the
/// current one.
pub(super) fn state_of_next(replaces: bool) -> JsValue {
    if !replaces {
        leave();
        new_key();
    }
    PLACES.with_borrow(|places| JsValue::from_f64(places.current))
}

/// Shows the place in which the person was, if they came back to this entry of the history.
pub(super) fn restore() {
    let Some(place) = PLACES.with_borrow_mut(|places| {
        let place = places.returning.take();
        places.is_restoring = place.is_some();
        place
    }) else {
        return;
    };
    try_to_restore(place, FRAMES);
}

impl Places {
    fn here(&mut self) -> &mut ScreenPlace {
        self.by_entry.entry(self.current.to_bits()).or_default()
    }
}

/// Notes how far the screen was scrolled that is being left. The event of the last scrolling may not have come.
fn leave() {
    let y = window().scroll_y().unwrap_or_default();
    PLACES.with_borrow_mut(|places| {
        if !places.is_restoring && places.returning.is_none() {
            places.here().y = y;
        }
    });
}

fn arrive() {
    let key = state_of_entry();
    if key != Some(PLACES.with_borrow(|places| places.current)) {
        leave();
    }
    let is_new = PLACES.with_borrow_mut(|places| {
        if key == Some(places.current) {
            return false;
        }
        if let Some(key) = key {
            places.current = key;
        }
        let place = key.and_then(|key| places.by_entry.get(&key.to_bits()));
        places.returning = place.cloned();
        key.is_none()
    });
    if is_new {
        name_entry(new_key());
    }
}

/// Makes a key for an entry of the history, which becomes the current one.
fn new_key() -> f64 {
    PLACES.with_borrow_mut(|places| {
        places.next += 1.0;
        places.current = places.next;
        places.current
    })
}

/// Stores the key with the current entry. A page opened from a disk may not, and then begins each screen at
/// its top.
fn name_entry(key: f64) {
    if let Ok(history) = window().history() {
        drop(history.replace_state(&JsValue::from_f64(key), ""));
    }
}

fn state_of_entry() -> Option<f64> {
    window().history().ok()?.state().ok()?.as_f64()
}

/// Tries in each frame until the screen has what was there, or somebody scrolls.
fn try_to_restore(place: ScreenPlace, frames: u32) {
    request_animation_frame(move || {
        if !PLACES.with_borrow(|places| places.is_restoring) {
            return;
        }
        let is_there = match &place.link {
            Some((href, top)) => show_link(href, *top),
            None => show_height(place.y),
        };
        let frames = if is_there {
            frames.min(SETTLING)
        } else {
            frames
        };
        if frames > 0 {
            try_to_restore(place, frames - 1);
        } else {
            PLACES.with_borrow_mut(|places| places.is_restoring = false);
        }
    });
}

/// Brings a link back to its distance from the window's upper edge, and the keyboard to it.
fn show_link(href: &str, top: f64) -> bool {
    let Ok(links) = document().query_selector_all("main a[href]") else {
        return false;
    };
    let link = (0..links.length())
        .filter_map(|at| links.item(at)?.dyn_into::<HtmlElement>().ok())
        .find(|link| link.get_attribute("href").as_deref() == Some(href));
    let Some(link) = link else { return false };
    let area = link.get_bounding_client_rect();
    // In a fold that is closed now.
    if area.height() == 0.0 {
        return false;
    }
    let off = area.top() - top;
    window().scroll_by_with_x_and_y(0.0, off);
    // Unless the screen has put it into a field.
    let focused = document().active_element();
    if focused.is_none_or(|focused| matches!(&*focused.tag_name(), "BODY" | "MAIN")) {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        drop(link.focus_with_options(&options));
    }
    true
}

/// Scrolls to a position once the screen is high enough for it. One that stays lower is not scrolled, since
/// it would go on moving under the person's hands.
fn show_height(y: f64) -> bool {
    let window = window();
    let height = window
        .inner_height()
        .ok()
        .and_then(|height| height.as_f64());
    let root = document().document_element();
    let whole = root.map_or(0, |root| root.scroll_height());
    let is_high_enough = f64::from(whole) - height.unwrap_or_default() >= y - 1.0;
    if is_high_enough {
        window.scroll_to_with_x_and_y(0.0, y);
    }
    is_high_enough
}

/// Spells places for storage, one in a line: entry, scroll position and, of a link, distance and address.
fn spelled(places: &HashMap<u64, ScreenPlace>) -> String {
    let mut entries: Vec<_> = places.iter().collect();
    // The bits of positive numbers have the order of the numbers, which begin with the time.
    entries.sort_unstable_by_key(|(entry, _)| std::cmp::Reverse(**entry));
    let lines = entries.into_iter().take(MOST_KEPT).map(|(entry, place)| {
        let y = place.y as i64;
        match &place.link {
            Some((href, top)) => format!("{entry} {y} {} {href}", *top as i64),
            None => format!("{entry} {y}"),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn parsed(text: &str) -> HashMap<u64, ScreenPlace> {
    let place = |line: &str| {
        let mut parts = line.splitn(4, ' ');
        let mut number = || parts.next()?.parse::<i64>().ok();
        let (entry, y, top) = (number()?, number()?, number());
        let link = top.and_then(|top| Some((parts.next()?.to_owned(), top as f64)));
        let place = ScreenPlace { y: y as f64, link };
        Some((u64::try_from(entry).ok()?, place))
    };
    text.lines().filter_map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_stored_and_read_back() {
        let link = Some(("#/b/crux/c?a b".to_owned(), 312.0));
        let places = HashMap::from([
            (7, ScreenPlace { y: 1500.0, link }),
            (8, ScreenPlace { y: 0.0, link: None }),
        ]);
        assert_eq!(parsed(&spelled(&places)), places);
        assert_eq!(parsed("no places\n1"), HashMap::new());
    }
}
