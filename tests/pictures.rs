//! Pictures of the main screens on the worked example, for the README and the documents.
//!
//! `cargo xtask pictures` runs it; the files are docs/images/*.webp.

#[cfg(test)]
#[allow(dead_code, unused_imports, reason = "the tests use the rest of it")]
mod example;
#[cfg(test)]
#[allow(dead_code, unused_imports, reason = "the tests use the rest of it")]
mod harness;

#[cfg(test)]
mod pictures {
    use std::fs;
    use std::path::Path;

    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde_json::json;

    use super::example::c;
    use super::harness::{Find as _, Key, Page, Setup, named};

    /// The quality of WebP, in percent: texts stay sharp, and a picture has about 60 kB.
    const QUALITY: u32 = 84;

    /// A picture with fewer bytes would be an empty page.
    const FEWEST_BYTES: usize = 10_000;

    fn save(page: &Page, name: &str) {
        page.leave_field();
        page.wait_idle();
        let taken = page.cdp(
            "Page.captureScreenshot",
            json!({ "format": "webp", "quality": QUALITY }),
        );
        let data = taken["data"].as_str().expect("a picture");
        let picture = STANDARD.decode(data).expect("base64");
        assert!(picture.len() > FEWEST_BYTES, "{name} is empty");
        let folder = named("CRUXBOARD_PICTURES", "../docs/images");
        fs::create_dir_all(&folder).expect("a folder for pictures");
        fs::write(folder.join(Path::new(name).with_extension("webp")), picture)
            .expect("a file for the picture");
    }

    fn example(setup: Setup) -> Page {
        let page = setup.start().open_example();
        page.be("Red-teamer");
        page.row(c(9)).wait();
        page
    }

    #[test]
    fn the_main_screens_on_a_desk() {
        let page = example(Setup::default());
        page.resize(1280, 860);
        save(&page, "board");
        page.open_crux(c(4));
        save(&page, "crux");
        page.tab("Evidence");
        page.link("+ Evidence").click();
        page.field("Text")
            .fill("Two labs replicated it on base models.");
        page.radio_on(c(1), "−2, against").click();
        page.radio_on(c(6), "+2, for").click();
        save(&page, "evidence");
        page.tab("Due");
        page.heading("Due").wait();
        save(&page, "due");
        page.tab("Analysis");
        save(&page, "analysis");
        page.tab("Decisions");
        page.heading("Decisions").wait();
        save(&page, "decisions");
        page.tab("Share");
        page.heading("Share a snapshot").wait();
        page.field("Link").wait();
        save(&page, "share");
        page.press_with(&[Key::Control], "k");
        page.role("dialog", "Find").wait();
        page.press("re");
        let taken = page.role("option", "Record a decision…");
        taken.wait();
        save(&page, "find");
    }

    #[test]
    fn a_review_in_the_dark_and_the_board_on_a_phone() {
        let page = example(Setup::default());
        page.prefer_colours("dark");
        page.resize(1280, 720);
        page.tab("Reviews");
        page.button("Start a review").click();
        save(&page, "review");
        let phone = example(Setup::phone());
        save(&phone, "phone");
        assert!(phone.row(c(9)).is_there(), "the board is what was drawn");
    }
}
