//! The analysis screen: figures, scenarios, and the reader's own credences in options.

use super::{
    example::{CHANGES, c},
    harness::{Find as _, Key, Page},
    learning::{SHEETS, printed},
};

fn analysis() -> Page {
    let page = Page::with_example();
    page.tab("Analysis");
    page.role("heading", "Analysis").wait();
    page
}

#[test]
fn the_worked_example_says_what_is_worth_finding_out_first_and_why() {
    let page = analysis();
    page.region("Worth finding out first")
        .wait_text("“Coercive by default”: knowing whether it is true would move people’s views of “Wind down” by 11 points on average (the lower median of 3 people)");
    let table = page.region("What each crux would tell").all("table");
    assert_eq!(table.all("row").count(), 10, "nine cruxes and the heading");
    table.with_text("row", c(1)).wait_text("11 points");
    page.region("What moved the credence")
        .wait_text("joined with");
    page.region("What moved us")
        .wait_text("Nobody has moved since their first estimate.");
    page.region("Evidence by crux").wait_text("Tells apart");
    page.field("Option").choose("Continue");
    page.region("Worth finding out first")
        .wait_text(&format!("“{}”", c(4)));
}

#[test]
fn assuming_a_crux_true_moves_the_options_and_stores_nothing() {
    let page = analysis();
    page.wait_body("For the group “Continue” leads.");
    let crux = page.group(c(1));
    crux.button("True").click();
    page.wait_body("For the group “Wind down” would lead instead of “Continue”.");
    crux.slider(&format!("Chance of “{}”", c(1))).focus();
    page.press(Key::Home);
    page.wait_body("For the group “Continue” would still lead.");
    page.button("Reset all").click();
    page.wait_body("For the group “Continue” leads.");
    assert_eq!(page.stored_count(), CHANGES);
}

#[test]
fn a_scenario_and_the_choices_of_the_analysis_last_through_a_reload_and_a_look_at_a_crux() {
    let page = analysis();
    page.field("Option").choose("Continue");
    page.field("Order").choose("Disagreement");
    page.field("Whose view").choose("Red-teamer");
    page.group(c(1)).button("True").click();
    page.wait_body("“Wind down” would lead instead of “Continue”.");
    let holds = || {
        assert_eq!(page.field("Option").chosen(), "Continue");
        assert_eq!(page.field("Order").chosen(), "Disagreement");
        assert_eq!(page.field("Whose view").chosen(), "Red-teamer");
        page.wait_body("“Wind down” would lead instead of “Continue”.");
    };
    page.reload();
    page.group(c(1)).wait();
    holds();
    page.region("What each crux would tell").link(c(1)).click();
    page.heading(c(1)).wait();
    page.back();
    page.group(c(1)).wait();
    holds();
    page.button("Reset all").click();
    page.reload();
    page.wait_body("For the group “Continue” leads.");
    assert_eq!(page.stored_count(), CHANGES);
}

#[test]
fn a_conditional_credence_that_cannot_be_is_refused_beside_it_with_the_range_that_can() {
    let page = analysis();
    page.be("Red-teamer");
    page.field("If this crux is true").choose(c(1));
    let name = format!(
        "How likely “Wind down” is right if “{}” is true, in percent",
        c(1)
    );
    page.field(&name).wait_value("60");
    page.field(&name).retype("95");
    page.press(Key::Enter);
    page.field(&name)
        .wait_refused("between 0% and 85.71% likely");
    // The typed text stays, also once the field is left, until it is changed or given up.
    page.field(&name).wait_value("95");
    page.leave_field();
    page.field(&name).wait_value("95");
    page.wait_body("between 0% and 85.71% likely");
    assert_eq!(page.stored_count(), CHANGES);
    page.field(&name).retype("50");
    page.press(Key::Enter);
    page.wait_notice("Credence in an option updated");
    page.wait_body("If the crux is false, 19% follows.");
    page.wait_saved();
    assert_eq!(page.stored_count(), CHANGES + 1);
    page.undo();
    page.field(&name).wait_value("60");
}

#[test]
fn a_brief_says_the_decision_and_the_case_for_an_option_and_against_it_on_one_printed_sheet() {
    let page = analysis();
    page.link("The case for and against…").click();
    page.heading("“Wind down”: for and against").wait();
    page.heading("The case for “Wind down”").wait();
    page.heading("The case against “Wind down”").wait();
    page.wait_body("Nothing has been decided yet.");
    page.wait_body("The group finds it only 22% likely that");
    for option in ["Continue", "Change direction", "Double down", "Wind down"] {
        page.link(option).click();
        page.heading(&format!("The case for “{option}”")).wait();
        for (sheet, width, height) in SHEETS {
            let (sheets, _) = printed(&page, width, height);
            assert_eq!(sheets, 1, "“{option}” on {sheet}");
        }
    }
    page.reload();
    page.heading("The case for “Wind down”").wait();
    assert_eq!(page.stored_count(), CHANGES);
}

#[test]
fn charts_are_saved_as_pictures() {
    let page = analysis();
    let saved = page.region("How far each crux alone would move…");
    saved.button("Save as SVG").wait();
    page.region("What moved us").button("Save as SVG").click();
    let (name, text) = page.downloaded();
    assert!(
        name.contains("-waterfall-20") && name.ends_with(".svg"),
        "{name}"
    );
    assert!(text.starts_with("<svg xmlns="), "{text}");
    // The picture stands alone: title, axis and source are in it.
    for part in [">What moved “", ">Log-odds, in bits", "· Cruxboard, "] {
        assert!(text.contains(part), "{part}: {text}");
    }
    saved.button("Save as PNG").click();
    page.wait_notice("Saved.");
}

#[test]
fn the_joint_effect_of_two_cruxes_is_stated_refused_with_the_range_and_used() {
    let page = analysis();
    page.be("Red-teamer");
    page.wait_body("set exactly two of them to true or false above");
    for crux in [c(1), c(6)] {
        page.group(crux).button("True").click();
    }
    let effect = page.region("Joint effect of two cruxes");
    effect.wait_text("If the two were independent, it would be");
    let name = format!(
        "How likely “Wind down” is right if “{}” is true and “{}” is true, in percent",
        c(1),
        c(6)
    );
    page.field(&name).retype("1");
    page.press(Key::Enter);
    page.field(&name).wait_refused("can only be between");
    page.field(&name).wait_value("1");
    assert_eq!(page.stored_count(), CHANGES);
    page.field(&name).retype("61");
    page.press(Key::Enter);
    page.wait_notice("Joint effect of two cruxes updated");
    page.wait_body("the joint effect that Red-teamer stated counts, not independence");
    effect.with_text("row", "Red-teamer").wait_text("61%");
    page.wait_saved();
    assert_eq!(page.stored_count(), CHANGES + 1);
    page.undo();
    page.eventually("independence to count again", || {
        (!page.body().contains("counts, not independence")).then_some(())
    });
}

#[test]
fn two_groups_are_compared_by_role_or_chosen_by_hand() {
    let page = analysis();
    let ranking = page.region("What each crux would tell");
    page.field("Compare").choose("The red team");
    page.field("With").choose("All but the red team");
    ranking.with_text("columnheader", "For the red team").wait();
    page.field("With").choose("People chosen by hand");
    ranking.checkbox("Area lead").click();
    ranking.checkbox("Researcher").click();
    ranking.wait_text("For Area lead, Researcher");
}

#[test]
fn holes_and_the_ledger_lead_to_what_they_speak_of() {
    let page = analysis();
    page.link("Arguments and holes").click();
    page.heading("Arguments").wait();
    let holes = page.region("Holes");
    holes.wait_text("Sources never replied to");
    let ledger = page.region("Arguments");
    assert_eq!(ledger.all("row").count(), 10, "nine cruxes and the heading");
    ledger.with_text("row", c(1)).link(c(1)).click();
    page.heading(c(1)).wait();
}

#[test]
fn movements_show_the_biggest_update_and_everybodys_way_on_all_cruxes() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.open_crux(c(1));
    page.field("Your credence, in percent").retype("65");
    page.press(Key::Enter);
    page.wait_saved();
    page.tab("Analysis");
    page.link("Movements").click();
    page.heading("Movements").wait();
    let updates = page.region("Biggest updates");
    let row = updates.all("row").at(1).wait_text("Red-teamer");
    for part in [c(1), "35% → 65%", "30 points", "across 50%"] {
        assert!(row.contains(part), "{part}: {row}");
    }
    let minds = page.region("Who changed their mind");
    minds
        .with_text("row", "Red-teamer")
        .wait_text("changed their mind");
    minds.with_text("row", "Area lead").wait_text("never moved");
    page.with_text("listitem", "35% → 65%, 2 statements").wait();
    page.role("img", "From…").wait();
}

#[test]
fn the_rule_of_the_aggregate_is_chosen_in_setup_and_said_on_the_crux() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.tab("Setup");
    page.field("Aggregate").choose("Median");
    page.tab("Cruxes");
    page.open_crux(c(1));
    page.wait_body("Aggregate of 3 people");
    page.role("button", "How the aggregate is made");
    page.js("document.querySelector('.sensitivity').open = true", &[]);
    page.wait_body("Median of everybody’s latest credence. Credence triggers use the same.");
    page.wait_body("Without one person it would be:");
    // A certainty that contradicts other credences is named.
    page.tab("Setup");
    page.field("Aggregate").choose("Geometric mean of odds");
    page.tab("Cruxes");
    page.open_crux(c(1));
    page.field("Your credence, in percent").retype("0");
    page.press(Key::Enter);
    page.wait_body("Red-teamer’s certainty dominates the aggregate");
}
