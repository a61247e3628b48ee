//! Time, randomness and timers: the only place where they come in.

use std::time::Duration;

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

/// Unix milliseconds, as the device's clock has it.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is where the time comes in")]
pub fn now_millis() -> u64 {
    // Negative before 1970, which the cast turns into 0.
    js_sys::Date::now() as u64
}

/// The time and the day as the device's clock shows them, summer time and all.
#[must_use]
pub fn now() -> Now {
    let millis = now_millis();
    Now {
        millis,
        offset_minutes: offset_at(millis),
        offset_at: OffsetAt(Some(offset_at)),
    }
}

/// How far the device's clock is ahead of UTC at a moment, in minutes.
fn offset_at(millis: u64) -> i32 {
    // The browser counts how far it is behind.
    let behind = js_sys::Date::new(&(millis as f64).into()).get_timezone_offset();
    -(behind as i32)
}

/// A random number that no other tab or device will have.
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
        // Good enough to tell devices apart, which is all it is for.
        Err(_) => (js_sys::Math::random() * f64::from(u32::MAX)) as u32,
    }
}

/// 128 random bits in hexadecimal that nobody can guess; `None` where the browser gives none.
#[must_use]
pub fn random_salt() -> Option<String> {
    let mut bytes = [0; 16];
    let crypto = window().crypto().ok()?;
    crypto.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Calls back once, unless it is dropped before.
#[must_use = "it is cancelled when it is dropped"]
pub struct Timer(Option<TimeoutHandle>);

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(handle) = &self.0 {
            handle.clear();
        }
    }
}

/// Calls back after a while.
pub fn after(millis: u64, callback: impl FnOnce() + 'static) -> Timer {
    Timer(set_timeout_with_handle(callback, Duration::from_millis(millis)).ok())
}

/// Resolves after a while. Dropping the future cancels the timer.
pub async fn sleep(millis: u64) {
    let (sender, receiver) = oneshot::channel();
    let _timer = after(millis, move || {
        // The receiver lives as long as the timer.
        sender.send(()).ok();
    });
    receiver.await.ok();
}

/// Calls back once the browser has shown what stands now; where nobody looks, when somebody does.
pub fn soon(callback: impl FnOnce() + 'static) {
    // What is done in the callback of a frame still belongs to that frame.
    request_animation_frame(move || set_timeout(callback, Duration::ZERO));
}

/// Calls back every minute, for as long as the page is there.
pub fn every_minute(callback: impl Fn() + 'static) {
    set_interval(callback, Duration::from_secs(60));
}

/// A browser with too much to do, or behind other windows, may find no idle moment at all; what waits
/// for one is about keeping what there is.
const IDLE_AT_LATEST_MILLIS: u32 = 2000;

/// Calls back when the browser has nothing better to do, or after two seconds.
pub fn on_idle(callback: impl FnOnce() + 'static) {
    let has_idle_callbacks = Reflect::has(&window(), &"requestIdleCallback".into());
    if has_idle_callbacks.unwrap_or(false) {
        let options = IdleRequestOptions::new();
        options.set_timeout(IDLE_AT_LATEST_MILLIS);
        let callback = Closure::once_into_js(callback);
        // A page that is going away has nothing to wait for.
        window()
            .request_idle_callback_with_options(callback.unchecked_ref(), &options)
            .ok();
    } else {
        // Safari. A moment later is as good as it gets.
        set_timeout(callback, Duration::from_millis(50));
    }
}
