//! The theme of a device: the system's, light or dark.

use super::{
    accessibility::violations,
    example::c,
    harness::{Find as _, Key, Page, Setup},
};
use serde_json::json;

const LIGHT: &str = "light light rgb(251, 250, 247)";
const DARK: &str = "dark dark rgb(20, 21, 23)";

/// Waits until the page has this theme: the attribute, the browser's own controls, the colour of the page.
#[track_caller]
fn wait_theme(page: &Page, expected: &str) {
    page.eventually(&format!("the theme to be {expected}"), || {
        let shown = page.js(
            "const root = document.documentElement, { colorScheme, backgroundColor } = getComputedStyle(root);
             return `${root.dataset.theme} ${colorScheme} ${backgroundColor}`",
            &[],
        );
        (shown == expected).then_some(())
    });
}

#[test]
fn a_chosen_theme_is_there_before_the_first_paint_survives_a_reload_and_reaches_a_second_tab() {
    let page = Setup::default()
        .before_load(
            "new MutationObserver((_, observer) => {
                if (!document.body) return;
                window.themeBeforeBody = document.documentElement.dataset.theme;
                observer.disconnect();
             }).observe(document, { childList: true, subtree: true });",
        )
        .start()
        .open_example();
    page.prefer_colours("light");
    page.row(c(9)).wait();
    wait_theme(&page, LIGHT);
    page.prefer_colours("dark");
    wait_theme(&page, DARK);
    page.prefer_colours("light");
    page.tab("Setup");
    page.field("Theme").choose("Dark");
    wait_theme(&page, DARK);
    assert_eq!(violations(&page), [""; 0], "in dark");
    page.reload();
    page.heading("Setup").wait();
    wait_theme(&page, DARK);
    assert_eq!(page.js("return window.themeBeforeBody", &[]), "dark");
    assert_eq!(page.field("Theme").chosen(), "Dark");

    let other = page.new_tab();
    other.go("");
    other
        .link("Keep, change or wind down the AI-character / propensity line?")
        .click();
    other.row(c(9)).wait();
    wait_theme(&other, DARK);
    // The palette has the other themes.
    other.leave_field();
    other.press_with(&[Key::Control], "k");
    other.wait_focus("combobox", "Find a crux, evidence…");
    other.press("theme light");
    other.press(Key::Enter);
    wait_theme(&other, LIGHT);
    wait_theme(&page, LIGHT);
    page.eventually("the choice to follow", || {
        (page.field("Theme").chosen() == "Light").then_some(())
    });
    assert_eq!(violations(&page), [""; 0], "in light");
    page.field("Theme").choose("System");
    page.prefer_colours("dark");
    wait_theme(&page, DARK);
    // Paper stays light.
    page.cdp("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    wait_theme(&page, "light light rgb(255, 255, 255)");
}
