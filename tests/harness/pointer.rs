//! Mouse, wheel and touch.

use serde_json::json;

use super::Page;

/// A place on the page, in CSS pixels from the window's top left corner.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

impl Page {
    #[track_caller]
    fn mouse(&self, kind: &str, at: Place, buttons: u32) {
        let button = if kind == "mouseMoved" && buttons == 0 {
            "none"
        } else {
            "left"
        };
        self.cdp(
            "Input.dispatchMouseEvent",
            json!({ "type": kind, "x": at.x, "y": at.y, "button": button, "buttons": buttons, "clickCount": 1 }),
        );
    }

    /// Presses the mouse button.
    pub(crate) fn mouse_down(&self, at: Place) {
        self.mouse("mouseMoved", at, 0);
        self.mouse("mousePressed", at, 1);
    }

    /// Moves the mouse with its button held.
    pub(crate) fn mouse_drag(&self, to: Place) {
        self.mouse("mouseMoved", to, 1);
    }

    /// Releases the mouse button.
    pub(crate) fn mouse_up(&self, at: Place) {
        self.mouse("mouseReleased", at, 0);
    }

    /// Turns the wheel over a place.
    #[track_caller]
    pub(crate) fn wheel(&self, at: Place, delta_y: f64) {
        self.cdp(
            "Input.dispatchMouseEvent",
            json!({ "type": "mouseWheel", "x": at.x, "y": at.y, "deltaX": 0, "deltaY": delta_y }),
        );
    }

    /// Taps with a finger.
    #[track_caller]
    pub(crate) fn tap(&self, at: Place) {
        let touch = |kind: &str, points: serde_json::Value| {
            self.cdp(
                "Input.dispatchTouchEvent",
                json!({ "type": kind, "touchPoints": points }),
            );
        };
        touch("touchStart", json!([{ "x": at.x, "y": at.y }]));
        touch("touchEnd", json!([]));
    }

    /// Swipes with a finger from one place to another, as for scrolling.
    #[track_caller]
    pub(crate) fn swipe(&self, from: Place, to: Place) {
        let touch = |kind: &str, points: serde_json::Value| {
            self.cdp(
                "Input.dispatchTouchEvent",
                json!({ "type": kind, "touchPoints": points }),
            );
        };
        touch("touchStart", json!([{ "x": from.x, "y": from.y }]));
        for step in 1..=8 {
            let share = f64::from(step) / 8.0;
            let x = from.x + (to.x - from.x) * share;
            let y = from.y + (to.y - from.y) * share;
            touch("touchMove", json!([{ "x": x, "y": y }]));
        }
        touch("touchEnd", json!([]));
    }
}

impl Page {
    /// Drags one element onto another.
    #[track_caller]
    pub(crate) fn drag(&self, what: &super::Found, onto: &super::Found) {
        // Both in view, and neither under the bar at the top.
        let middle = (what.middle_as_is().y + onto.middle_as_is().y) / 2.0;
        self.js(
            "scrollBy(0, arguments[0] - innerHeight / 2)",
            &[json!(middle)],
        );
        let (from, to) = (what.middle_as_is(), onto.middle_as_is());
        let session = self.session();
        let chain =
            session.action_chain_with_delay(None, Some(std::time::Duration::from_millis(20)));
        #[expect(clippy::cast_possible_truncation, reason = "pixels of a window")]
        let at = |place: Place| (place.x.round() as i64, place.y.round() as i64);
        let (from, to) = (at(from), at(to));
        let chain = chain
            .move_to(from.0, from.1)
            .click_and_hold()
            .move_to(from.0 + 4, from.1 + 4)
            .move_to(to.0, to.1 + 2)
            .move_to(to.0, to.1)
            .release();
        self.expect_done("drag", super::site::RUNTIME.block_on(chain.perform()));
    }
}
