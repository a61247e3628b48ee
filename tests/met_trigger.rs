//! From a met trigger to a decision with its actions, and the messages at the top of the board.

use super::{
    example::c,
    harness::{Find as _, Page, Setup},
};

const STOP: &str = "two independent groups report";

/// The board of the worked example as the area lead, with a trigger of the first crux recorded as met on the
/// existing evidence.
fn with_met_trigger(setup: Setup) -> Page {
    let page = setup.start().open_example();
    page.be("Area lead");
    page.open_crux(c(1));
    let trigger = page.region("Triggers").with_text("article", STOP);
    trigger.fold("Record outcome").open();
    trigger.field("Status").choose("Met");
    trigger.field("Reason").fill("two preprints say so");
    let evidence = trigger.group("On which evidence").all("checkbox");
    evidence.at(0).tick(true);
    trigger.button("Save outcome").click();
    trigger.with_text("heading", "Wind down: met").wait();
    page.tab("Cruxes");
    page
}

fn icon(page: &Page) -> String {
    let icon = page.js(
        "return document.querySelector('link[rel=icon]').getAttribute('href');",
        &[],
    );
    icon.as_str().unwrap_or_default().to_owned()
}

fn wait_icon(page: &Page, name: &str) {
    page.eventually(name, || (icon(page) == name).then_some(()));
}

#[test]
fn a_met_trigger_becomes_a_decision_with_an_action_in_ten_clicks_and_comes_back_when_it_runs_out() {
    let page = with_met_trigger(Setup::default());
    let banner = page.region("Triggers met");
    for part in [
        "Wind down trigger met",
        "two preprints say so",
        "Recorded by Area lead",
        "Evidence: ",
    ] {
        banner.wait_text(part);
    }
    page.with_text("paragraph", "1 trigger is met and calls for a decision.")
        .wait();
    wait_icon(&page, "favicon-due.svg");

    // Choosing from a list is two clicks, and a text is typed into a field that was clicked.
    let mut clicks = 0;
    let mut clicked = |count: usize| clicks += count;
    banner.link("Decide now").click();
    clicked(1);
    page.field("Chosen option").choose("Continue");
    clicked(2);
    page.field("Decide again on").set_date("2027-03-31");
    clicked(1);
    page.field("Reason").fill("the preprints share one cohort");
    clicked(1);
    let action = page.group("Action 1");
    action.field("What").fill("Ask for the raw data");
    clicked(1);
    action.field("Owner").choose("Researcher");
    clicked(2);
    action.field("By").set_date("2026-12-15");
    clicked(1);
    page.button("Record the decision").click();
    clicked(1);
    assert_eq!(clicks, 10);

    // The banner was replaced by the decision.
    let standing = page.region("Standing decision");
    standing.wait_text("Decided: Continue, because the preprints share one cohort");
    standing.wait_text("Answers: ");
    assert!(!banner.is_there());
    page.with_text("paragraph", "1 met trigger is answered by a decision.")
        .wait();
    wait_icon(&page, "favicon.svg");

    // The action is in Due, among the follow-ups and with its decision.
    standing.link("1 open action").click();
    let card = page.with_text("article", "Ask for the raw data");
    card.wait_text("Researcher");
    page.tab("Due");
    page.fold("Later…").open();
    page.with_text("article", "Ask for the raw data")
        .wait_text("for Researcher");
    page.tab("Decisions");
    let listed = page.with_text("listitem", "Ask for the raw data");
    listed.wait_text("Researcher, by 15 Dec 2026");
    listed.wait_text("Owed");
    listed.button("Done…").click();
    listed.button("Reopen…").wait();
    page.wait_saved();

    // On the day on which the decision runs out, the trigger calls for another one.
    page.move_clock(127 * 86_400_000);
    page.reload();
    page.tab("Cruxes");
    banner.wait_text("two preprints say so");
    page.with_text(
        "paragraph",
        "The decision was to be looked at again on 31 Mar 2027: decide again.",
    )
    .wait();
    standing.link("Decide again").wait();
    wait_icon(&page, "favicon-due.svg");
}

#[test]
fn an_action_without_a_text_is_refused_at_its_field_and_nothing_is_recorded() {
    let page = Page::with_example();
    page.be("Area lead");
    page.tab("Decisions");
    page.link("Record a decision").click();
    page.field("Chosen option").choose("Continue");
    page.field("Reason").fill("all is well");
    page.group("Action 1").field("What").fill("Tell the funder");
    page.button("Add action").click();
    page.group("Action 2").field("Owner").choose("Researcher");
    page.button("Record the decision").click();
    let lacking = page.group("Action 2").field("What");
    lacking.wait_refused("still empty");
    lacking.fill("Hire two");
    page.button("Record the decision").click();
    page.with_text("listitem", "Tell the funder").wait();
    page.with_text("listitem", "Hire two").wait();
}

#[test]
fn the_line_of_time_is_one_tab_and_its_marks_lead_to_what_they_stand_for() {
    for setup in [Setup::phone(), Setup::default()] {
        let page = setup.start().open_example();
        page.row(c(1)).wait();
        let marks = page.group("What is coming").all("link");
        let names = marks.names();
        assert!(names.len() > 1, "{names:?}");
        // The areas do not overlap.
        let mut areas: Vec<[f64; 4]> = (0..names.len())
            .map(|at| marks.clone().at(at).area())
            .collect();
        areas.sort_by(|one, other| one[0].total_cmp(&other[0]));
        for pair in areas.windows(2) {
            assert!(pair[0][0] + 23.0 <= pair[1][0], "{areas:?}");
        }
        marks.clone().at(0).focus();
        page.press(super::harness::Key::End);
        let last = names.last().map_or("", String::as_str);
        page.wait_focus("link", last);
        page.press(super::harness::Key::Enter);
        page.group("What is coming").wait_gone();
    }
}

#[test]
fn the_bar_counts_each_crux_once_and_a_part_shows_its_cruxes() {
    let page = Page::with_example();
    page.with_text(
        "paragraph",
        "No trigger met. 4 of 9 cruxes point to Continue, 5 are in between.",
    )
    .wait();
    let parts = page.role("list", "Where the cruxes point").all("link");
    let counts = parts
        .texts()
        .iter()
        .map(|text| {
            let number = text.split(' ').next().unwrap_or_default();
            number.parse::<usize>().unwrap_or_default()
        })
        .collect::<Vec<_>>();
    assert_eq!(counts, [4, 5]);
    parts.at(0).click();
    page.eventually("four rows", || {
        (page.all("row").count() == 4 + 1).then_some(())
    });
}

#[test]
fn the_first_crux_is_on_the_first_screen_of_a_phone_and_of_a_laptop() {
    for (setup, height) in [(Setup::phone(), 844.0), (Setup::default(), 720.0)] {
        let page = setup.start().open_example();
        page.be("Red-teamer");
        let scale = page.row(c(1)).role("img", "…Aggregate…");
        let bottom = scale.on_element(
            "return arguments[0].getBoundingClientRect().bottom + scrollY;",
            &[],
        );
        let bottom = bottom.as_f64().unwrap_or(f64::MAX);
        assert!(bottom <= height, "the first scale ends at {bottom}");
    }
}
