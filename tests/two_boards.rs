//! Two boards merged into one.

use super::{
    accessibility::violations,
    example::c,
    harness::{Find as _, Page},
};

/// The second crux of the example, in other letters.
const SAME_CLAIM: &str = "these harms are unusually large for character/propensity training, compared with other post-training and RL.";
const EXAMPLE: &str = "Keep, change or wind down the AI-character / propensity line?";

/// Returns a page with a board that has a person, the options and one crux in common with the example, and its
/// address. The example is in the same browser.
fn two_boards() -> (Page, String) {
    let page = Page::with_example();
    page.row(c(1)).wait();
    page.go("");
    page.start_board("Go on with it?", "Ada, Researcher");
    page.wait_saved();
    let own = page.fragment();
    page.go(&format!("{own}/crux/new"));
    page.field("Claim").fill(SAME_CLAIM);
    page.button("Add the crux").click();
    page.wait_saved();
    (page, own)
}

#[test]
fn another_board_is_merged_into_this_one_and_one_undo_takes_it_back() {
    let (page, own) = two_boards();
    page.go("");
    page.button("Manage “Go on with it?”").click();
    page.link("Merge another board into this one…").click();
    page.heading("Merge another board into this one").wait();
    assert_eq!(page.fragment(), format!("{own}/merge"));
    page.field("From").choose(EXAMPLE);
    page.region("Joined").checkbox("Researcher").wait();
    assert_eq!(violations(&page), Vec::<String>::new());
    // A pair that is unticked stays apart, until it is ticked again.
    page.region("Added").with_text("summary", "2 people").wait();
    page.region("Joined").checkbox("Researcher").tick(false);
    page.region("Added").with_text("summary", "3 people").wait();
    page.region("Joined").checkbox("Researcher").tick(true);
    page.region("Added").with_text("summary", "2 people").wait();
    page.region("Added").with_text("summary", "8 cruxes").wait();
    page.button("Merge into this board").click();
    page.row(c(1)).wait();
    assert_eq!(page.fragment(), own);
    page.row(c(1)).role("img", "…Researcher…").wait();
    // Ada, Researcher, Red-teamer, Area lead and nobody.
    assert_eq!(page.field("You are").all("option").count(), 5);
    page.wait_saved();
    page.go(&format!("{own}/merge"));
    page.field("From").choose(EXAMPLE);
    page.region("Added")
        .wait_text("This board already has everything of the other one.");
    page.go(&own);
    page.undo();
    page.row(c(1)).wait_gone();
    assert_eq!(page.field("You are").all("option").count(), 3);
}

#[test]
fn a_copy_of_the_same_board_is_told_from_another_board() {
    let page = Page::with_example();
    page.row(c(1)).wait();
    let copy = page.download();
    let example = page.fragment();
    page.go(&format!("{example}/merge"));
    // A file that is no board is named, and nothing changes.
    page.choose_file(&page.button("Choose a board file"), "table.json", "{}");
    page.wait_body("not a board");
    page.choose_file(
        &page.button("Choose a board file"),
        "copy.cruxboard.json",
        &copy,
    );
    page.wait_body("Both are copies of one board: they share 211 changes.");
    page.wait_body("This board already has everything of the other one.");
    assert_eq!(violations(&page), Vec::<String>::new());
}
