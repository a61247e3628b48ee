//! Emulates the properties of a device and its owner: size, touch, colours, motion, network, clock.

use serde_json::json;

use super::Page;

impl Page {
    /// Sets the preferred colour scheme, `light` or `dark`.
    pub(crate) fn prefer_colours(&self, scheme: &str) {
        self.media(&[("prefers-color-scheme", scheme)]);
    }

    /// Sets media features.
    #[track_caller]
    pub(crate) fn media(&self, features: &[(&str, &str)]) {
        let features: Vec<_> = features
            .iter()
            .map(|(name, value)| json!({ "name": name, "value": value }))
            .collect();
        self.cdp(
            "Emulation.setEmulatedMedia",
            json!({ "features": features }),
        );
    }

    /// Sets the size of the window, in CSS pixels.
    #[track_caller]
    pub(crate) fn resize(&self, width: u32, height: u32) {
        let is_phone = width < 600;
        self.cdp(
            "Emulation.setDeviceMetricsOverride",
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": is_phone }),
        );
        self.cdp(
            "Emulation.setTouchEmulationEnabled",
            json!({ "enabled": is_phone }),
        );
    }

    /// Disconnects the network, or reconnects it.
    #[track_caller]
    pub(crate) fn set_offline(&self, is_offline: bool) {
        self.cdp("Network.enable", json!({}));
        self.cdp(
            "Network.emulateNetworkConditions",
            json!({ "offline": is_offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 }),
        );
    }

    /// Returns the names of the loaded chunks of the app, and of the files that several chunks share.
    #[track_caller]
    pub(crate) fn chunks(&self) -> Vec<String> {
        let found = self.js(
            "return performance.getEntriesByType('resource')
                .map(entry => /\\/([a-z]+(?:-\\d+)?)-[0-9a-f]{16}\\.wasm$/.exec(entry.name)?.[1])
                .filter(Boolean)",
            &[],
        );
        serde_json::from_value(found).unwrap_or_default()
    }

    /// Waits until the page has been idle for a while.
    pub(crate) fn wait_idle(&self) {
        self.js(
            "return new Promise(done => requestIdleCallback(() => setTimeout(
                () => requestIdleCallback(() => done()), 300)))",
            &[],
        );
    }

    /// Waits until every chunk of the app is loaded.
    #[track_caller]
    pub(crate) fn wait_chunks(&self) {
        self.eventually("every chunk of the app", || {
            let chunks = self.chunks();
            let all = ["board", "editing", "reviews", "sync", "sharing", "backups"];
            all.iter()
                .all(|chunk| chunks.contains(&(*chunk).to_owned()))
                .then_some(())
        });
    }

    /// Returns the number of the app's files that the browser has stored for offline use, without those of a
    /// worker that is still being installed.
    #[track_caller]
    pub(crate) fn files_kept(&self) -> u64 {
        let count = self.js(
            "return (async () => {
             const registration = await navigator.serviceWorker.getRegistration();
             if (!registration?.active) return 0;
             const names = await caches.keys();
             const kept = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).length));
             return kept.reduce((sum, count) => sum + count, 0);
             })()",
            &[],
        );
        count.as_u64().unwrap_or_default()
    }

    /// Moves the page's clock by this number of milliseconds, at once and for pages loaded later.
    #[track_caller]
    pub(crate) fn move_clock(&self, millis: i64) {
        let offset = self.browser().clock_offset.get() + millis;
        self.browser().clock_offset.set(offset);
        self.js("window.__setClockOffset?.(arguments[0])", &[json!(offset)]);
        self.prepare();
    }
}
