//! Reviews: due items, changes, walking through cruxes, blind rounds, decisions, minutes.

use serde_json::json;

use super::{
    example::{CREDENCES, TITLES, c},
    harness::{Find as _, Key, Page, Setup},
    rounds::reveal_without,
};

const DAY: i64 = 86_400_000;
const HOUR: i64 = 3_600_000;

/// Starts a review, and waits for its screen.
pub(crate) fn start_review(page: &Page) {
    page.tab("Reviews");
    page.button("Start a review").click();
    page.heading("Review of …").wait();
}

/// Shows a step of the review by its list, which is folded on a phone.
pub(crate) fn go_to_step(page: &Page, name: &str) {
    let steps = page.role("navigation", "Steps of the review");
    steps.wait();
    if !steps.link(name).is_there() {
        steps.button("Step …").click();
    }
    steps.link(name).click();
}

/// Takes the device as a person, gives their answers, and seals them.
pub(crate) fn answers(page: &Page, person: &str, numbers: &[(&str, u32)]) {
    page.button(&format!("Answer: {person}")).click();
    page.heading(&format!("Answers of {person}")).wait();
    for (title, percent) in numbers {
        page.field(&format!("Credence: {title}, in percent"))
            .retype(&percent.to_string());
        page.press(Key::Enter);
        page.field(&format!("Why? {title}")).wait();
    }
    seal(page);
    page.with_text("status", "are sealed").wait();
}

/// Seals the answers, and confirms blank ones.
pub(crate) fn seal(page: &Page) {
    page.button("Seal my answers").click();
    page.eventually("the answers to be sealed", || {
        let asked = page.role("dialog", "Seal with …").button("Seal with …");
        if asked.is_there() {
            asked.click();
        }
        page.region("Hand over").is_there().then_some(())
    });
}

pub(crate) fn back_on_the_table(page: &Page) {
    page.button("Back to the round").click();
    page.region("Who has answered").wait();
}

/// Copies the board of one browser to another, as a file.
fn pass_on(from: &Page, to: &Page) {
    from.wait_saved();
    to.drop_file("board.cruxboard.json", &from.download());
    to.table().wait();
    to.wait_saved();
}

#[test]
fn the_board_and_the_due_screen_count_what_is_due_alike() {
    let page = Page::with_example();
    let counted = |label: &str| {
        let text = page.link(&format!("{label} …")).text();
        text.split(' ').next_back().unwrap_or_default().to_owned()
    };
    let (due, one_sided) = (counted("Due"), counted("One-sided"));
    page.tab("Due");
    for (part, count) in [("Now", due), ("Evidence on one side only", one_sided)] {
        page.fold(&format!("{part}…{count}")).wait();
    }
}

#[test]
fn what_waits_is_listed_by_date_and_person_and_cleared_in_place() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.tab("Due");
    page.fold("Evidence on one side only…").wait();
    let now = page.fold("Now…");
    let reply = now.with_text("article", "Substantive reply to Commenter A");
    reply.button("Done").click();
    reply.wait_gone();
    let links = now.with_text("article", "Recover the two lost links");
    links.fold("Dismiss").open();
    links.button("Dismiss").click();
    page.wait_notice("empty");
    links
        .field("Reason for dismissing")
        .fill("found by other means");
    links.button("Dismiss").click();
    links.wait_gone();
    // For one person only.
    page.field("For").choose("Area lead …");
    let advice = page.fold("Evidence on one side only…");
    advice.open();
    page.eventually("only the area lead’s", || {
        let cards = advice.all("article").texts();
        (!cards.is_empty() && cards.iter().all(|card| card.contains("for Area lead"))).then_some(())
    });
}

#[test]
fn what_has_a_day_goes_into_a_calendar_and_keeps_its_id_when_it_goes_again() {
    let page = Page::with_example();
    page.tab("Due");
    let calendar = || {
        page.button("Calendar file").click();
        let (name, text) = page.downloaded();
        assert!(
            name.contains("-calendar-20") && name.ends_with(".ics"),
            "{name}"
        );
        assert!(text.starts_with("BEGIN:VCALENDAR\r\n"), "{text}");
        // The example's dates lie on few days, and each kind on a day is one entry with a link.
        let entries = text.matches("BEGIN:VEVENT").count();
        assert!((1..=10).contains(&entries), "{text}");
        assert_eq!(text.matches("\r\nURL:http").count(), entries, "{text}");
        let ids = text.lines().filter(|line| line.starts_with("UID:"));
        ids.map(str::to_owned).collect::<Vec<_>>()
    };
    let first = calendar();
    assert_eq!(calendar(), first);
}

#[test]
fn a_trigger_past_its_date_can_be_voided_by_any_person_with_a_reason_and_leaves_the_list() {
    let page = Page::with_example();
    page.move_clock(300 * DAY);
    page.reload();
    page.tab("Due");
    let late = page
        .fold("Now…")
        .with_text("article", "two independent groups report");
    late.wait_text("Overdue trigger");
    late.fold("Dismiss").open();
    let because = late.field("Reason for dismissing");
    because.fill("nobody trains such models any more");
    late.button("Dismiss").click();
    page.wait_notice("Choose your name");
    because.wait_value("nobody trains such models any more");
    page.be("Area lead");
    late.button("Dismiss").click();
    late.wait_gone();
}

#[test]
fn today_is_the_day_of_whoever_reads() {
    let page = Page::with_example();
    let past = "Overdue trigger";
    let first = || {
        page.fold("Now…")
            .with_text("article", "two independent groups report")
    };
    let in_zone = |zone: &str| {
        page.cdp(
            "Emulation.setTimezoneOverride",
            json!({ "timezoneId": zone }),
        );
        page.reload();
        page.tab("Due");
        page.fold("Now…").wait();
    };
    // 05:00 on 1 July in Tokyo, while 30 June goes on elsewhere.
    page.move_clock(219 * DAY - 13 * HOUR);
    in_zone("Asia/Tokyo");
    first().wait_text(past);
    start_review(&page);
    page.heading("Review of 1 Jul 2027").wait();
    page.wait_saved();
    in_zone("America/Los_Angeles");
    let said = first().wait_text("today");
    assert!(!said.contains(past), "it is the day before there: {said}");
    page.tab("Reviews");
    page.link("Review of 30 Jun 2027").wait();
    // 20:00 on 30 June in California, and 1 July in UTC.
    page.move_clock(7 * HOUR);
    in_zone("America/Los_Angeles");
    let said = first().wait_text("today");
    assert!(
        !said.contains(past),
        "it is the evening before there: {said}"
    );
    in_zone("UTC");
    first().wait_text(past);
}

#[test]
fn a_met_trigger_stands_above_the_board_and_in_the_title_until_a_decision_answers_it() {
    let page = Page::with_example();
    page.be("Red-teamer");
    assert!(!page.region("Triggers met").is_there());
    page.open_crux(c(1));
    let trigger = page
        .region("Triggers")
        .with_text("article", "two independent groups report");
    trigger.fold("Record outcome").open();
    trigger.field("Status").choose("Met");
    trigger.field("Reason").fill("two groups have");
    trigger.button("Save outcome").click();
    page.tab("Cruxes");
    let banner = page.region("Triggers met");
    for part in [
        "Wind down trigger met: ",
        "two independent groups report",
        c(1),
        "Recorded by Red-teamer on ",
        "two groups have",
    ] {
        banner.wait_text(part);
    }
    let title = || page.js("return document.title", &[]);
    page.eventually("the title to say so", || {
        let title = title().as_str().unwrap_or_default().to_owned();
        title.starts_with("(1 met) ").then_some(())
    });
    // One way to act is a review, …
    banner.button("Hold decision meeting").click();
    page.link(c(1)).wait();
    page.wait_notice("Review started");
    page.tab("Cruxes");
    // … the other one a decision.
    banner.link("Decide now").click();
    page.heading("Record a decision").wait();
    page.field("Chosen option").choose("Wind down");
    page.field("Reason").fill("the trigger says so");
    page.field("Decide again on").set_date("2027-03-31");
    page.button("Record the decision").click();
    page.region("Standing decision").wait_text("Wind down");
    banner.wait_gone();
    page.eventually("the title to say so no more", || {
        let title = title().as_str().unwrap_or_default().to_owned();
        (!title.contains("met)")).then_some(())
    });
}

#[test]
fn a_met_trigger_calls_a_decision_which_stands_above_the_board_until_its_day() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.open_crux(c(1));
    let trigger = page
        .region("Triggers")
        .with_text("article", "two independent groups report");
    trigger.fold("Record outcome").open();
    trigger.field("Status").choose("Met");
    trigger.field("Reason").fill("two groups have");
    trigger.button("Save outcome").click();
    trigger.link("Decide").click();
    page.heading("Record a decision").wait();
    let answers = page.group("Triggers answered");
    assert_eq!(answers.all("checkbox").count(), 1);
    page.button("Record the decision").click();
    page.wait_notice("still empty");
    page.field("Chosen option").wait_refused("still empty");
    page.field("Chosen option").choose("Continue");
    page.button("Record the decision").click();
    page.field("Reason").wait_refused("still empty");
    page.field("Reason")
        .fill("the effect is small; we go on in spite of it");
    page.field("Decide again on").set_date("2027-03-31");
    page.field("Area lead").choose("does not agree");
    page.button("Record the decision").click();
    page.wait_notice("dissenter’s reason");
    page.field("Area lead: because")
        .wait_refused("dissenter’s reason");
    page.field("Area lead: because").fill("it will grow");
    page.button("Record the decision").click();
    page.region("Standing decision").wait();
    page.tab("Decisions");
    let card = page.all("article").at(0);
    for part in [
        "Continue",
        "stands",
        "in spite of it",
        "Area lead did not agree: it will grow",
        "two independent groups report",
    ] {
        card.wait_text(part);
    }
    card.fold("Basis at the time").open();
    card.with_text("row", c(1)).wait_text("22%");
    page.tab("Due");
    page.heading("Due").wait();
    assert!(!page.body().contains("Trigger met"));
    page.tab("Cruxes");
    let standing = page.region("Standing decision");
    standing.wait_text("31 Mar 2027");
    assert!(!standing.text().contains("It is time to decide again"));
    page.wait_saved();
    page.move_clock(200 * DAY);
    page.reload();
    page.region("Standing decision")
        .wait_text("It is time to decide again");
    page.region("Standing decision").wait_text("Continue");
    page.tab("Due");
    page.fold("Now…").wait_text("Decision to revisit");
}

#[test]
fn what_changed_is_listed_by_crux_widest_move_first_and_leads_to_each_record() {
    let page = Page::with_example();
    page.be("Researcher");
    start_review(&page);
    page.button("Close the review").click();
    page.wait_notice("Review closed");
    page.tab("Cruxes");
    for (number, percent, reason) in [(1, "25", "a little"), (6, "55", "a study says so")] {
        page.open_crux(c(number));
        page.field("Your credence, in percent").retype(percent);
        page.press(Key::Enter);
        page.field("Why? (kept with this move)").fill(reason);
        page.tab("Cruxes");
    }
    page.tab("Due");
    page.link("What changed since…").click();
    page.heading("What changed").wait();
    page.wait_body("0 items of evidence, 2 moves, 0 triggers met");
    assert_eq!(page.all("heading").names()[1..3], [c(6), c(1)]);
    page.wait_body("a study says so");
    page.link("Researcher: 40% → 55%").click();
    page.heading(c(6)).wait();
    page.back();
    // Any two moments can be compared.
    page.field("Since").choose("the beginning");
    page.wait_body("New crux");
}

#[test]
fn a_review_is_walked_through_by_keys_with_notes_and_judgements() {
    let page = Setup::default().start().open_example();
    page.be("Red-teamer");
    start_review(&page);
    page.link("Next: …").click();
    page.eventually("the first crux", || {
        page.body().contains("2 of").then_some(())
    });
    let first = page.all("heading").names()[0].clone();
    page.field("Notes").fill("we talked about it");
    page.press(Key::Tab);
    page.press(Key::Right);
    page.eventually("the next crux", || {
        page.body().contains("3 of").then_some(())
    });
    assert_ne!(page.all("heading").names()[0], first);
    page.press(Key::Left);
    page.eventually("the first crux again", || {
        page.body().contains("2 of").then_some(())
    });
    page.field("Notes").wait_value("we talked about it");
    go_to_step(&page, "Minutes");
    page.wait_body("we talked about it");
}

/// Returns everything that the browser tells a screen reader.
fn told_to_readers(page: &Page) -> String {
    page.cdp("Accessibility.enable", json!({}));
    page.cdp("Accessibility.getFullAXTree", json!({}))
        .to_string()
}

#[test]
fn on_one_shared_device_nothing_of_an_answer_is_anywhere_before_closing() {
    let page = Page::with_example();
    page.be("Red-teamer");
    start_review(&page);
    page.button("Blind round on the agenda").click();
    page.region("Who has answered").wait();
    page.field("Question or clarification").fill("By when?");
    page.region("Questions").wait_text("By when?");
    page.button("Answer: Red-teamer").click();
    page.field(&format!("Credence: {}, in percent", c(5)))
        .retype("87");
    page.press(Key::Enter);
    page.field(&format!("Why? {}", c(5))).fill("quokkas do");
    // Typed texts are found there, so a leak would be found too.
    assert!(told_to_readers(&page).contains("quokkas"));
    seal(&page);
    page.with_text("status", "are sealed").wait();
    let seen = page.js("return document.querySelector('main').outerHTML", &[]);
    assert!(!seen.to_string().contains("87"), "the page shows it");
    back_on_the_table(&page);
    page.button("Change my answer: Red-teamer").wait();
    page.wait_saved();
    let told = told_to_readers(&page);
    assert!(!told.contains("quokkas"), "a screen reader tells it");
    let seen = page.js("return document.documentElement.outerHTML", &[]);
    assert!(!seen.to_string().contains("quokkas"), "the page holds it");
    let file = page.download();
    assert!(!file.contains("\"credence\":87"), "the log holds it");
    assert!(!file.contains("quokkas"), "the log holds it");
    let round = page.fragment();
    page.tab("Cruxes");
    page.role("searchbox", "Search cruxes").retype("quokkas");
    page.wait_body("No crux matches");
    page.go(&round);
    page.region("Who has answered").wait();
    answers(&page, "Area lead", &[(c(5), 12)]);
    back_on_the_table(&page);
    // A person can still see their own number.
    page.button("Change my answer: Red-teamer").click();
    page.heading("For Red-teamer only").wait();
    page.button("I am Red-teamer: go on").click();
    page.field(&format!("Credence: {}, in percent", c(5)))
        .wait_value("87");
    page.button("Leave without answering").click();
    reveal_without(&page, "1 answer");
    page.wait_body("75 points: Area lead 12%, Red-teamer 87%");
    page.wait_body("widest gap");
    page.wait_body("Researcher did not answer");
    // Both ends say what would change their mind, and the answers become records.
    let apart = page.region("What would change your mind?");
    apart
        .field("Area lead: what would raise your credence?")
        .fill("A second model does it.");
    apart.button("Make it a trigger, for Area lead").click();
    page.wait_notice("Trigger added");
    let lowers = apart.field("Red-teamer: what would lower your credence?");
    lowers.fill("A seed that does not do it.");
    apart.button("Make it a follow-up, for Red-teamer").click();
    page.wait_notice("Follow-up added");
    lowers.fill("It depends on the seed.");
    apart.button("Make it a crux, for Red-teamer").click();
    page.wait_notice("Crux added");
    page.tab("Cruxes");
    page.open_crux(c(5));
    page.region("Triggers").wait_text("A second model does it.");
    page.wait_body("A seed that does not do it.");
    page.link("It depends on the seed.").wait();
    // A move made now counts as influenced by the others' answers.
    page.field("Your credence, in percent").retype("60");
    page.press(Key::Enter);
    page.fold("As a table").open();
    page.wait_body("(after the reveal)");
}

#[test]
fn a_second_round_asks_the_same_people_about_the_same_cruxes_and_begins_blind() {
    let page = Page::with_example();
    page.be("Red-teamer");
    start_review(&page);
    page.button("Blind round on the agenda").click();
    page.region("Who has answered").wait();
    let first = page.fragment();
    answers(&page, "Red-teamer", &[(c(5), 87)]);
    back_on_the_table(&page);
    answers(&page, "Area lead", &[(c(5), 12)]);
    back_on_the_table(&page);
    reveal_without(&page, "1 answer");
    page.button("Second round").click();
    page.region("Who has answered").wait();
    assert_ne!(page.fragment(), first);
    answers(&page, "Red-teamer", &[(c(5), 64)]);
    back_on_the_table(&page);
    let file = page.download();
    assert!(!file.contains("\"credence\":64"), "the log holds it");
    answers(&page, "Area lead", &[(c(5), 31)]);
    back_on_the_table(&page);
    reveal_without(&page, "1 answer");
    page.wait_body("33 points: Area lead 31%, Red-teamer 64%");
    // Both reveals are reported at once, not only the last one.
    page.wait_notice("2 credences updated; answers of 2 people revealed");
}

/// Returns the element that has the keyboard.
fn keyboard_at(page: &Page) -> String {
    let at = page.js(
        "const at = document.activeElement;
         return at.id === 'main' ? `main: ${at.querySelector('h1')?.innerText}` : `${at.tagName} ${at.id}`",
        &[],
    );
    at.as_str().unwrap_or_default().to_owned()
}

fn wait_keyboard_at(page: &Page, place: &str) {
    page.eventually(&format!("the keyboard at {place}"), || {
        (keyboard_at(page) == place).then_some(())
    });
}

#[test]
fn the_keyboard_goes_on_where_the_button_it_was_on_is_gone() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.tab("Due");
    let reply = page.with_text("article", "Substantive reply to Commenter A");
    let next = page.with_text("article", "Ask Colleague 1 and Colleague 2");
    let next = next.attr("id").unwrap_or_default();
    reply.button("Done").click();
    wait_keyboard_at(&page, &format!("ARTICLE {next}"));
    start_review(&page);
    page.button("Blind round on the agenda").click();
    page.region("Who has answered").wait();
    page.button("Answer: Red-teamer").click();
    wait_keyboard_at(&page, "main: Answers of Red-teamer");
    page.field(&format!("Credence: {}, in percent", c(5)))
        .retype("70");
    page.press(Key::Enter);
    seal(&page);
    wait_keyboard_at(&page, "main: Sealed");
    back_on_the_table(&page);
    wait_keyboard_at(&page, "main: Blind round");
    reveal_without(&page, "2 answers");
    wait_keyboard_at(&page, "main: Revealed");
    page.link("Back to the review").click();
    page.button("Close the review").click();
    page.wait_notice("Review closed");
    page.eventually("the keyboard at the review", || {
        keyboard_at(&page)
            .starts_with("main: Review of")
            .then_some(())
    });
}

#[test]
fn what_cannot_be_taken_back_offers_no_undo_of_something_else() {
    let page = Page::with_example();
    page.be("Red-teamer");
    start_review(&page);
    page.button("Blind round on the agenda").click();
    page.wait_notice("Blind round opened");
    answers(&page, "Red-teamer", &[(c(5), 87)]);
    page.wait_notice("Blind round answered");
    let beside = "return document.querySelector('.notices').innerText";
    let said = page.js(beside, &[]);
    assert!(!said.to_string().contains("Undone"), "{said}");
    back_on_the_table(&page);
    page.button("Change my answer: Red-teamer").wait();
}

#[test]
fn undo_while_an_answer_is_being_typed_leaves_the_round_and_the_answer() {
    let page = Page::with_example();
    page.be("Red-teamer");
    start_review(&page);
    page.button("Blind round on the agenda").click();
    page.button("Answer: Area lead").click();
    page.heading("Answers of Area lead").wait();
    page.field(&format!("Credence: {}, in percent", c(5)))
        .retype("87");
    page.leave_field();
    page.press_with(&[Key::Control], "z");
    page.press_with(&[Key::Control], "z");
    page.heading("Answers of Area lead").wait();
    page.field(&format!("Credence: {}, in percent", c(5)))
        .wait_value("87");
    page.button("Leave without answering").click();
    page.region("Who has answered").wait();
    let undo = page.group("Undo and redo").button("Undo");
    assert_eq!(undo.attr("aria-disabled").as_deref(), Some("true"));
}

/// Starts a review and opens a blind round on all nine cruxes, whether or not anything is pressing.
fn open_round_on_all(page: &Page) {
    page.be("Red-teamer");
    start_review(page);
    page.button("Tick all").click();
    page.wait_body("9 cruxes, ");
    page.button("Blind round on the agenda").click();
    page.region("Who has answered").wait();
}

/// Returns a person's credence in each crux of the example.
fn all(person: usize) -> Vec<(&'static str, u32)> {
    let numbers = CREDENCES.iter().map(|(percents, _)| percents[person]);
    TITLES.into_iter().zip(numbers).collect()
}

/// Checks that the two cruxes with the widest gaps come first.
fn widest_gaps_first(page: &Page) {
    let headings = page.all("heading").names().into_iter();
    let widest: Vec<String> = headings
        .filter(|heading| TITLES.contains(&heading.as_str()))
        .take(2)
        .collect();
    assert_eq!(widest, [c(5), c(6)]);
}

#[test]
fn the_two_minute_story_on_one_shared_device() {
    let page = Page::with_example();
    open_round_on_all(&page);
    for (number, person) in ["Red-teamer", "Area lead", "Researcher"]
        .into_iter()
        .enumerate()
    {
        answers(&page, person, &all(number));
        back_on_the_table(&page);
    }
    page.button("Reveal answers").click();
    page.heading("Revealed").wait();
    page.wait_body("25 points: Area lead 30%, Red-teamer 55%");
    widest_gaps_first(&page);
    second_review(&page);
}

#[test]
fn the_two_minute_story_on_two_devices_that_exchange_the_board() {
    let page = Page::with_example();
    let other = Page::with_example();
    open_round_on_all(&page);
    let round = page.fragment();
    answers(&page, "Red-teamer", &all(0));
    back_on_the_table(&page);
    answers(&page, "Area lead", &all(1));
    back_on_the_table(&page);
    pass_on(&page, &other);
    other.be("Researcher");
    other.go(&round);
    other.region("Who has answered").wait();
    answers(&other, "Researcher", &all(2));
    back_on_the_table(&other);
    pass_on(&other, &page);
    page.go(&round);
    page.button("Reveal answers").click();
    page.heading("Revealed").wait();
    page.wait_body("Researcher answered; not revealed yet");
    // The other device reveals its answers as soon as it learns of the closing.
    pass_on(&page, &other);
    other.go(&round);
    other.heading("Revealed").wait();
    other.wait_body("25 points: Area lead 30%, Red-teamer 55%");
    pass_on(&other, &page);
    page.go(&round);
    page.heading("Revealed").wait();
    page.eventually("everybody’s answers", || {
        (!page.body().contains("not revealed yet")).then_some(())
    });
    widest_gaps_first(&page);
    second_review(&page);
}

/// From the first review’s end: evidence, a move, and a second review with its decision and minutes.
fn second_review(page: &Page) {
    page.link("Back to the review").click();
    page.button("Close the review").click();
    page.wait_notice("Review closed");

    // New evidence moves one credence; the trigger requires a third family and stays armed.
    page.be("Researcher");
    page.tab("Evidence");
    page.link("+ Evidence").click();
    page.field("Text")
        .fill("Base against post, in two families");
    page.checkbox(c(6)).tick(true);
    page.button("Save evidence").click();
    page.wait_notice("Evidence saved");
    page.tab("Cruxes");
    page.open_crux(c(6));
    page.field("Your credence, in percent").retype("55");
    page.press(Key::Enter);
    page.field("Why? (kept with this move)")
        .fill("it fits two of three");
    page.region("Triggers").wait_text("armed");
    start_review(page);
    page.wait_body("1 item of evidence, 1 move, 0 triggers met");
    page.wait_body("Researcher: 40% → 55%");
    go_to_step(page, "Decision");
    page.field("Chosen option").choose("Continue");
    page.field("Reason").fill("no trigger is met");
    page.field("Decide again on").set_date("2027-03-31");
    page.button("Record the decision").click();
    page.heading("More actions").wait();
    go_to_step(page, "Minutes");
    page.wait_body("Continue, because no trigger is met");
    page.field("For").choose("Anybody…");
    page.button("Download").at(1).click();
    let (name, text) = page.downloaded();
    assert!(
        name.contains("-minutes-20") && name.ends_with(".md"),
        "{name}"
    );
    assert!(text.contains("## Decisions"), "{text}");
}

#[test]
fn a_review_closed_on_two_devices_is_one_review_and_cannot_be_closed_again() {
    let page = Page::with_example();
    let other = Page::with_example();
    page.be("Red-teamer");
    start_review(&page);
    let review = page.fragment();
    pass_on(&page, &other);
    page.go(&review);
    for page in [&page, &other] {
        page.go(&review);
        page.button("Close the review").click();
        page.wait_notice("Review closed");
    }
    pass_on(&other, &page);
    page.tab("Reviews");
    page.eventually("one closed review", || {
        (page.link("Review of …").count() == 1).then_some(())
    });
    page.go(&review);
    page.wait_body("This review is closed.");
    // Values that can no longer be changed are text, not fields.
    assert!(!page.field("Notes on the review").is_there());
    assert!(!page.group("Participants").is_there());
    assert!(!page.role("list", "Agenda").all("checkbox").is_there());
    page.heading("Participants").wait();
    assert!(!page.button("Close the review").is_there());
}

#[test]
fn the_agenda_says_why_each_crux_is_on_it() {
    let page = Page::with_example();
    start_review(&page);
    page.button("Close the review").click();
    page.wait_notice("Review closed");
    page.be("Researcher");
    page.tab("Cruxes");
    page.open_crux(c(6));
    page.field("Your credence, in percent").retype("90");
    page.press(Key::Enter);
    page.wait_saved();
    start_review(&page);
    let agenda = page.role("list", "Agenda");
    let line = agenda.with_text("listitem", c(6));
    line.wait_text("credences moved, wide disagreement");
    page.button("Close the review").click();
    page.wait_notice("Review closed");
    page.eventually("what presses now is not what was talked about", || {
        (!page.body().contains("wide disagreement")).then_some(())
    });
}
