//! Time, randomness and timers. No other module reads the clock or draws random numbers.

use std::time::Duration;

use cruxboard_domain::Millis;
use cruxboard_domain::date::{Now, OffsetAt};
use futures::channel::oneshot;
use js_sys::Reflect;
use leptos::prelude::{
    TimeoutHandle, request_animation_frame, set_interval, set_timeout, set_timeout_with_handle,
    window,
};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::IdleRequestOptions;

/// Returns the time by the device's clock.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is where the time comes in")]
pub fn now_millis() -> Millis {
    // The number is negative before 1970; the cast turns it into 0.
    Millis(js_sys::Date::now() as u64)
}

/// Returns the present time and day in the device's time zone, with summer time.
#[must_use]
pub fn now() -> Now {
    let millis = now_millis();
    Now {
        millis,
        offset_minutes: offset_at(millis),
        offset_at: OffsetAt(Some(offset_at)),
    }
}

/// Returns how far the device's clock is ahead of UTC at a moment, in minutes.
fn offset_at(millis: Millis) -> i32 {
    // `getTimezoneOffset` is positive for clocks behind UTC.
    let behind = js_sys::Date::new(&(millis.0 as f64).into()).get_timezone_offset();
    -(behind as i32)
}

/// Returns 32 random bits, to tell tabs and devices apart.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "this is where randomness comes in"
)]
pub fn random_u32() -> u32 {
    let mut bytes = [0; 4];
    let filled = window()
        .crypto()
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    match filled {
        Ok(_) => u32::from_le_bytes(bytes),
        // `Math.random` is good enough to tell devices apart.
        Err(_) => (js_sys::Math::random() * f64::from(u32::MAX)) as u32,
    }
}

/// Returns 128 bits of cryptographic randomness in hexadecimal; `None` if the browser provides
/// none.
#[must_use]
pub fn random_salt() -> Option<String> {
    let mut bytes = [0; 16];
    let crypto = window().crypto().ok()?;
    crypto.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A pending callback. Dropping the timer cancels it.
#[must_use = "it is cancelled when it is dropped"]
pub struct Timer(Option<TimeoutHandle>);

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(handle) = &self.0 {
            handle.clear();
        }
    }
}

/// Calls back after `delay`.
pub fn after(delay: Duration, callback: impl FnOnce() + 'static) -> Timer {
    Timer(set_timeout_with_handle(callback, delay).ok())
}

/// Resolves after `delay`. Dropping the future cancels the timer.
pub async fn sleep(delay: Duration) {
    let (sender, receiver) = oneshot::channel();
    let _timer = after(delay, move || {
        // The receiver lives as long as the timer.
        sender.send(()).ok();
    });
    receiver.await.ok();
}

/// Calls back after the browser has painted the present state. In a hidden tab, that is when the
/// tab is shown.
pub fn soon(callback: impl FnOnce() + 'static) {
    // Everything done in the frame's callback still belongs to that frame, so the callback runs
    // after it.
    request_animation_frame(move || set_timeout(callback, Duration::ZERO));
}

/// Calls back every minute until the page is unloaded.
pub fn every_minute(callback: impl Fn() + 'static) {
    set_interval(callback, Duration::from_secs(60));
}

/// The longest wait for an idle moment, in milliseconds. A busy or hidden page may have none, and
/// callers store data.
const IDLE_AT_LATEST_MILLIS: u32 = 2000;

/// Calls back when the browser is idle, at the latest after two seconds.
pub fn on_idle(callback: impl FnOnce() + 'static) {
    let has_idle_callbacks = Reflect::has(&window(), &"requestIdleCallback".into());
    if has_idle_callbacks.unwrap_or(false) {
        let options = IdleRequestOptions::new();
        options.set_timeout(IDLE_AT_LATEST_MILLIS);
        let callback = Closure::once_into_js(callback);
        // No need to cancel it: when the page is unloaded, the callback is dropped.
        window()
            .request_idle_callback_with_options(callback.unchecked_ref(), &options)
            .ok();
    } else {
        // Safari has no idle callbacks; a short delay stands in for one.
        set_timeout(callback, Duration::from_millis(50));
    }
}
