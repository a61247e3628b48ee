//! Backups: export and import of all boards as one file, the reminder, and the automatic backup file on disk.

use serde_json::{Value, json};

use super::{
    example::{CHANGES, c},
    harness::{Find as _, Key, Page, Setup},
};

const DAY: i64 = 86_400_000;

/// A stand-in for the file dialog, which cannot be clicked in a headless browser. It returns a file in the
/// page's own folder, which is written through the same interface.
const PICKER: &str = "
    window.showSaveFilePicker = async () => {
        const folder = await navigator.storage.getDirectory();
        return folder.getFileHandle('mine.json', { create: true });
    };";

/// Makes the browser forget its permission with every visit, until it is asked for after a click.
const FORGETS_PERMISSION: &str = "
    let isAllowed = !localStorage.getItem('cruxboard/backup-file');
    FileSystemHandle.prototype.queryPermission = async () => isAllowed ? 'granted' : 'prompt';
    FileSystemHandle.prototype.requestPermission = async () => {
        isAllowed = navigator.userActivation.isActive;
        return isAllowed ? 'granted' : 'denied';
    };";

/// Returns the content of that file; empty while there is none. A file that is written between opening and
/// reading cannot be read, and is opened again.
fn on_disk(page: &Page) -> String {
    let text = page.js(
        "return (async () => {
            const folder = await navigator.storage.getDirectory();
            for (;;) {
                try {
                    const handle = await folder.getFileHandle('mine.json');
                    return await (await handle.getFile()).text();
                } catch (error) {
                    if (error.name === 'NotFoundError') return '';
                    if (error.name !== 'NotReadableError') throw error;
                }
            }
        })()",
        &[],
    );
    text.as_str().unwrap_or_default().to_owned()
}

fn put_on_disk(page: &Page, text: &str) {
    page.js(
        "return (async () => {
            const folder = await navigator.storage.getDirectory();
            const file = await folder.getFileHandle('mine.json', { create: true });
            const stream = await file.createWritable();
            await stream.write(arguments[0]);
            await stream.close();
        })()",
        &[json!(text)],
    );
}

fn wait_on_disk(page: &Page, part: &str) -> String {
    page.eventually(&format!("“{part}” in the file"), || {
        Some(on_disk(page)).filter(|text| text.contains(part))
    })
}

fn to_backups(page: &Page) {
    page.go("#/backups");
    page.heading("Backups").wait();
}

/// Two boards: the worked example, and another one in the archive.
fn two_boards() -> Page {
    let page = Page::with_example();
    page.go("");
    page.start_board("Sell the press?", "");
    page.link("Write the first crux").wait();
    page.wait_saved();
    page.go("");
    let boards = page.region("Boards in this browser");
    boards.button("Manage “Sell the press?”").click();
    boards.button("Archive").click();
    page.region("In the archive").wait();
    page
}

fn save_all(page: &Page) -> String {
    page.button("Save all boards").click();
    let (name, text) = page.downloaded();
    assert_eq!(name, "cruxboard-boards.cruxboard.json");
    text
}

#[test]
fn all_boards_taken_out_and_brought_in_elsewhere_are_the_same_to_the_byte() {
    let page = two_boards();
    to_backups(&page);
    page.with_text("status", "there is no backup yet").wait();
    let text = save_all(&page);
    page.with_text(
        "status",
        "Nothing was changed here since the last backup, just now",
    )
    .wait();
    let whole: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(whole["boards"].as_array().map(Vec::len), Some(2));

    let other = Setup::phone().start();
    other.region("Begin").wait();
    // Dropped like any file, the backup is shown before anything is imported.
    other.drop_file("boards.json", &text);
    let plan = other.region("Preview");
    plan.wait_text(&format!("a new board with {CHANGES} changes"));
    plan.wait_text("“Sell the press?”: a new board with 5 changes");
    assert_eq!(other.stored_count(), 0);
    plan.button("Import").click();
    other.wait_notice("The boards are here");
    let imported = other.region("Imported");
    imported.link("Keep, change or wind down…").wait();
    imported.wait_text("Sell the press?, in the archive");
    assert_eq!(other.stored_count(), CHANGES + 5);
    assert_eq!(save_all(&other), text, "taken out again");

    let again = |page: &Page| {
        page.choose_file(&page.button("Import boards"), "boards.json", &text);
        plan.with_text("status", "Everything in it is here already")
            .wait();
        assert!(!plan.button("Import").is_there());
        plan.button("Close").click();
        plan.wait_gone();
    };
    again(&other);
    assert_eq!(other.stored_count(), CHANGES + 5, "a second time");
    other.go("");
    other.region("In the archive").wait();
    other
        .region("Boards in this browser")
        .link("Keep, change or wind down…")
        .click();
    other.row(c(1)).wait();
}

#[test]
fn what_a_backup_adds_to_a_board_that_is_here_is_one_undo_that_can_be_taken_back() {
    let page = Page::with_example();
    let sender = Page::with_example();
    sender.be("Red-teamer");
    sender.open_crux(c(1));
    sender.field("Your credence, in percent").retype("77");
    sender.press(Key::Enter);
    sender.wait_notice("Credence updated");
    sender.wait_saved();
    to_backups(&sender);
    let text = save_all(&sender);

    to_backups(&page);
    page.choose_file(&page.button("Import boards"), "boards.json", &text);
    let plan = page.region("Preview");
    plan.wait_text("adds 1 change to the board that is here");
    plan.button("Import").click();
    page.wait_notice("The boards are here");
    let shows = |percent: &str| {
        let tab = page.new_tab();
        tab.go("");
        tab.region("Boards in this browser")
            .link("Keep, change…")
            .click();
        tab.row(c(1))
            .role("img", &format!("Red-teamer {percent}%…"))
            .wait();
    };
    shows("77");
    page.button("Undo").click();
    page.wait_notice("The boards were taken back");
    shows("35");
    page.button("Undo").click();
    shows("77");
}

#[test]
fn a_new_board_that_was_brought_in_goes_to_the_trash_by_undo_and_comes_back_by_the_file() {
    let text = {
        let page = two_boards();
        to_backups(&page);
        save_all(&page)
    };
    let page = Page::start();
    to_backups(&page);
    page.choose_file(&page.button("Import boards"), "boards.json", &text);
    let plan = page.region("Preview");
    plan.button("Import").click();
    page.wait_notice("The boards are here");
    let imported = page.region("Imported");
    imported.wait();
    page.button("Undo").click();
    page.wait_notice("The boards were taken back");
    imported.wait_gone();
    page.choose_file(&page.button("Import boards"), "boards.json", &text);
    plan.wait_text("comes back from the trash");
    plan.button("Import").click();
    page.wait_notice("The boards are here");
    page.go("");
    page.region("Boards in this browser").wait();
    assert!(!page.region("In the trash").is_there());
}

#[test]
fn the_file_of_a_single_board_is_imported_here_and_the_board_is_linked() {
    let page = Page::start();
    to_backups(&page);
    let choose = |text: &str| {
        page.choose_file(&page.button("Import boards"), "board.json", text);
    };
    let whole = include_str!("../public/example.cruxboard.json");
    let plan = page.region("Preview");
    choose(whole);
    plan.wait_text(&format!("a new board with {CHANGES} changes"));
    plan.button("Import").click();
    plan.wait_gone();
    // A file that is cut off holds nothing more, and there is nothing to import.
    choose(&whole[..whole.floor_char_boundary(whole.len() / 2)]);
    plan.with_text("alert", "This file is cut off: its end is missing.")
        .wait();
    plan.with_text("status", "All that can be read of it is here already.")
        .wait();
    assert!(!plan.button("Import…").is_there());
    plan.button("Close").click();
    let imported = page.region("Imported");
    imported.link("Keep, change or wind down…").click();
    page.row(c(1)).wait();
}

#[test]
fn a_damaged_backup_is_refused_with_the_reason() {
    let page = Page::with_example();
    to_backups(&page);
    page.choose_file(
        &page.button("Import boards"),
        "x.json",
        "{\"format\":\"tldraw\"}",
    );
    page.with_text("alert", "This is JSON").wait();
    assert_eq!(page.stored_count(), CHANGES);
}

#[test]
fn a_reminder_comes_after_two_weeks_can_be_put_off_and_goes_with_a_backup() {
    let page = Page::with_example();
    page.be("Researcher");
    let note = page.role("note", "Backup");
    page.move_clock(20 * DAY);
    page.reload();
    page.row(c(1)).wait();
    assert!(!note.is_there(), "nothing was changed here");
    page.open_crux(c(2));
    page.field("Your credence, in percent").retype("41");
    page.press(Key::Enter);
    page.wait_notice("Credence updated");
    page.wait_saved();
    assert!(!note.is_there(), "it was changed just now");
    page.move_clock(14 * DAY);
    page.reload();
    note.wait_text("1 change was made here, and there is no backup yet.");
    note.button("Not this week").click();
    note.wait_gone();
    page.reload();
    page.heading(c(2)).wait();
    assert!(!note.is_there(), "it was put off");
    page.move_clock(8 * DAY);
    page.reload();
    note.link("To backups").click();
    save_all(&page);
    page.with_text("status", "Nothing was changed here since the last backup")
        .wait();
    page.back();
    page.heading(c(2)).wait();
    assert!(!note.is_there(), "there is a backup");
}

#[test]
fn when_to_remind_is_for_the_person_to_say() {
    let page = Page::with_example();
    to_backups(&page);
    page.field("After so many changes").retype("1");
    page.press(Key::Enter);
    page.field("Or after so many days with one").retype("");
    page.press(Key::Enter);
    page.back();
    page.be("Researcher");
    page.open_crux(c(2));
    page.field("Your credence, in percent").retype("41");
    page.press(Key::Enter);
    page.role("note", "Backup").wait();
    to_backups(&page);
    page.field("After so many changes").wait_value("1");
    page.field("After so many changes").retype("");
    page.press(Key::Enter);
    page.with_text("status", "Reminders are off.").wait();
    page.back();
    page.heading(c(2)).wait();
    assert!(!page.role("note", "Backup").is_there());
}

#[test]
fn a_file_on_the_disk_is_kept_up_to_date_across_visits_and_tabs() {
    let page = Setup::default().before_load(PICKER).start().open_example();
    to_backups(&page);
    let section = page.region("Automatic backup file");
    section.button("Choose a file").click();
    section
        .with_text("status", "“mine.json” has everything. Written just now.")
        .wait();
    let text = on_disk(&page);
    assert_eq!(save_all(&page), text, "the same as by hand");
    page.reload();
    section
        .with_text("status", "“mine.json” has everything.")
        .wait();

    page.go("");
    page.region("Boards in this browser")
        .link("Keep, change…")
        .click();
    page.be("Researcher");
    page.open_crux(c(2));
    page.field("Your credence, in percent").retype("43");
    page.press(Key::Enter);
    wait_on_disk(&page, "\"credence\":43");
    // The changes of another tab are in the file as well.
    let other = page.new_tab();
    other.go("");
    let boards = other.region("Boards in this browser");
    boards.button("Manage “Keep, change…").click();
    boards.field("Decision question").fill("Renamed elsewhere?");
    let text = wait_on_disk(&other, "Renamed elsewhere?");
    assert!(text.contains("\"credence\":43"));

    to_backups(&page);
    section.button("Stop writing to it").click();
    section.button("Choose a file").wait();
    page.reload();
    section.button("Choose a file").wait();
}

#[test]
fn when_the_browser_wants_permission_again_the_page_says_so_and_one_click_gives_it() {
    let page = Setup::default()
        .before_load(PICKER)
        .before_load(FORGETS_PERMISSION)
        .start()
        .open_example();
    to_backups(&page);
    let section = page.region("Automatic backup file");
    section.button("Choose a file").click();
    section.with_text("status", "has everything").wait();
    page.reload();
    section
        .with_text("status", "The browser wants your permission again")
        .wait();
    page.go("");
    let note = page.role("note", "Backup");
    note.wait_text("wants your permission before it writes to “mine.json” again");
    page.region("Boards in this browser")
        .link("Keep, change…")
        .click();
    page.be("Researcher");
    page.open_crux(c(2));
    page.field("Your credence, in percent").retype("43");
    page.press(Key::Enter);
    page.wait_saved();
    assert!(!on_disk(&page).contains("\"credence\":43"));
    note.link("To backups").click();
    section.button("Resume writing").click();
    section.with_text("status", "has everything").wait();
    assert!(on_disk(&page).contains("\"credence\":43"));
}

#[test]
fn what_only_the_file_has_stays_in_it_and_what_is_no_backup_is_not_written_over_unasked() {
    let other = {
        let page = two_boards();
        to_backups(&page);
        save_all(&page)
    };
    let page = Setup::default().before_load(PICKER).start().open_example();
    put_on_disk(&page, &other);
    to_backups(&page);
    let section = page.region("Automatic backup file");
    section.button("Choose a file").click();
    section.with_text("status", "has everything").wait();
    assert!(
        on_disk(&page).contains("Sell the press?"),
        "a board that only the file had"
    );

    put_on_disk(&page, "a poem");
    page.reload();
    section
        .with_text(
            "status",
            "The file holds something that Cruxboard did not write",
        )
        .wait();
    assert_eq!(on_disk(&page), "a poem");
    section.button("Choose another file").click();
    section.with_text("status", "has everything").wait();
    assert!(on_disk(&page).contains("cruxboard-boards"));
}

#[test]
fn a_browser_that_cannot_write_files_says_so_and_offers_the_download() {
    let page = Setup::phone()
        .before_load(
            "delete window.showSaveFilePicker; delete Window.prototype.showSaveFilePicker;",
        )
        .start()
        .open_example();
    to_backups(&page);
    page.wait_body("This browser cannot update a file automatically.");
    assert!(!page.button("Choose a file").is_there());
    save_all(&page);
}
