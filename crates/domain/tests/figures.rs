//! The figures in the summary, in What changed and in comparisons add up and are true.

use std::time::Duration;

use crate::desk::{DAY, Desk, NOW, at_least};
use cruxboard_domain::board::Board;
use cruxboard_domain::change::{Change, CredenceStated, Payload};
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::Command;
use cruxboard_domain::diff::Since;
use cruxboard_domain::document::Document;
use cruxboard_domain::format::{set_fields, short, tally_words, tell};
use cruxboard_domain::id::Replica;
use cruxboard_domain::import::csv::{Reading, Sheet, credences_csv, plan};
use cruxboard_domain::minutes::{Audience, minutes};
use cruxboard_domain::record::*;
use cruxboard_domain::snapshot::{SnapshotRequest, take};
use cruxboard_domain::summary::{OptionCase, Summary, summary};
use cruxboard_domain::trigger_state::TriggerState;
use cruxboard_domain::view::{Filter, Sort, shown};
use cruxboard_domain::{BoardId, ChangeId, Credence};
use proptest::prelude::*;

use crate::world::{Manners, World, steps};

fn points_to(desk: &mut Desk, crux: CruxId, option: &str) {
    let option = desk.option(option);
    desk.edits_crux(
        crux,
        CruxEdit {
            if_true: Some(Some(option)),
            ..CruxEdit::default()
        },
    );
}

fn settles(desk: &mut Desk, crux: CruxId, stage: Stage) {
    desk.edits_crux(
        crux,
        CruxEdit {
            stage: Some(Some(stage)),
            stage_reason: Some("it came out".into()),
            ..CruxEdit::default()
        },
    );
}

fn summed(desk: &Desk) -> Summary {
    summary(&desk.board, Now::utc(NOW), true)
}

fn case(desk: &Desk, option: &str) -> OptionCase {
    let option = desk.option(option);
    let summary = summed(desk);
    let mut cases = summary.options.into_iter();
    cases.find(|case| case.option == Some(option)).unwrap()
}

#[test]
fn a_trigger_added_and_judged_met_since_then_is_told_as_met() {
    for is_new in [false, true] {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so");
        let early = (!is_new).then(|| desk.adds_trigger(crux, "Wind down"));
        let review = desk.reviews();
        desk.days_pass(1);
        let trigger = early.unwrap_or_else(|| desk.adds_trigger(crux, "Wind down"));
        desk.judges(trigger, Verdict::Met);
        let since = Since::between(&desk.board, review, ChangeId::MAX, Now::utc(desk.now));
        assert_eq!(since.tally().met, 1, "new: {is_new}");
        assert_eq!(
            tally_words(&since, 0),
            "0 items of evidence, 0 moves, 1 trigger met, 0 follow-ups owed now"
        );
        let review = ReviewId(desk.does(Command::StartReview(ReviewEdit::default())));
        desk.does(Command::CloseReview(review));
        let review = desk.board.review(review).unwrap();
        let text = minutes(&desk.board, review, Audience::Internal, Now::utc(desk.now));
        assert!(text.contains("1 trigger met"), "new: {is_new}: {text}");
    }
}

#[test]
fn a_credence_that_came_back_to_where_it_was_is_no_move() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.states(crux, "Ann", 20.0);
    let review = desk.reviews();
    desk.days_pass(1);
    desk.states(crux, "Ann", 30.0);
    desk.states(crux, "Ann", 20.0);
    desk.states(crux, "Bob", 0.3);
    let since = Since::between(&desk.board, review, ChangeId::MAX, Now::utc(desk.now));
    // A first estimate is no move either.
    let tally = since.tally();
    assert_eq!((tally.moves, tally.first_estimates), (0, 1), "{since:?}");
    assert_eq!(
        tally_words(&since, 0),
        "0 items of evidence, 1 first estimate, 0 triggers met, 0 follow-ups owed now"
    );
    let told: Vec<String> = since.groups[0]
        .lines
        .iter()
        .map(|line| tell(&desk.board, line).0)
        .collect();
    assert_eq!(told, ["Ann: still 20%", "Bob: first estimate 0.3%"]);
}

#[test]
fn an_option_is_told_of_what_was_stated_and_of_nothing_else() {
    let mut desk = Desk::new();
    let words = |desk: &Desk| case(desk, "Wind down").cruxes_words();
    assert_eq!(words(&desk), "No cruxes");
    let first = desk.adds_crux("It is so");
    points_to(&mut desk, first, "Wind down");
    assert_eq!(words(&desk), "1 crux: without credences");
    let second = desk.adds_crux("It is so, too");
    points_to(&mut desk, second, "Wind down");
    assert_eq!(words(&desk), "2 cruxes: all without credences");
    // 51% is in between; "likely" begins above 66%.
    desk.states(first, "Ann", 51.0);
    assert_eq!(words(&desk), "2 cruxes: 1 in between, 1 without credences");
    desk.states(second, "Ann", 67.0);
    assert_eq!(words(&desk), "2 cruxes: 1 likely, 1 in between");
    desk.states(first, "Ann", 10.0);
    assert_eq!(words(&desk), "2 cruxes: 1 likely, 1 unlikely");
    settles(&mut desk, second, Stage::SettledTrue);
    assert_eq!(words(&desk), "1 crux: unlikely; 1 settled as true");
    settles(&mut desk, first, Stage::SettledFalse);
    assert_eq!(
        words(&desk),
        "No open cruxes; 1 settled as true; 1 settled as false"
    );
}

#[test]
fn an_option_is_told_of_its_met_triggers() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_trigger(crux, "Wind down");
    assert_eq!(
        case(&desk, "Wind down").triggers.words(),
        "1 trigger: 1 armed"
    );
    desk.judges(trigger, Verdict::Met);
    let told = case(&desk, "Wind down");
    assert_eq!(told.triggers.words(), "1 trigger: 1 met");
    assert_eq!(case(&desk, "Continue").triggers.words(), "No triggers");
    // A crux that speaks for no option is counted separately, so that the parts add up to the whole.
    desk.adds_rule(crux, at_least(70.0, 0));
    let summary = summed(&desk);
    assert_eq!(summary.for_no_option.triggers.words(), "1 trigger: 1 armed");
    assert_eq!(summary.triggers.total(), 2);
}

#[test]
fn a_crux_that_names_no_option_is_counted_as_such() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    assert_eq!(
        summed(&desk).for_no_option.cruxes_words(),
        "1 crux: without credences"
    );
    points_to(&mut desk, crux, "Wind down");
    assert_eq!(summed(&desk).for_no_option, OptionCase::default());
    assert_eq!(
        case(&desk, "Wind down").cruxes_words(),
        "1 crux: without credences"
    );
}

#[test]
fn a_first_estimate_that_moved_since_is_told_with_both_numbers() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let review = desk.reviews();
    desk.states(crux, "Ann", 35.0);
    let told = |desk: &Desk| -> Vec<String> {
        let since = Since::between(&desk.board, review, ChangeId::MAX, Now::utc(desk.now));
        let lines = since.groups.iter().flat_map(|group| &group.lines);
        lines.map(|line| tell(&desk.board, line).0).collect()
    };
    assert!(told(&desk).contains(&"Ann: first estimate 35%".to_owned()));
    desk.states(crux, "Ann", 70.0);
    desk.states(crux, "Ann", 55.0);
    assert!(told(&desk).contains(&"Ann: first estimate 35%, then 55%".to_owned()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_counts_of_the_summary_add_up(steps in steps(Manners::Hostile)) {
        let board = World::play(&steps).all();
        let summary = summary(&board, Now::utc(crate::world::NOW), true);
        for state in TriggerState::ALL {
            let of_options = summary.options.iter().map(|case| case.triggers.of(*state));
            let parts = of_options.sum::<usize>() + summary.for_no_option.triggers.of(*state);
            prop_assert_eq!(parts, summary.triggers.of(*state));
        }
        let states = TriggerState::ALL.iter().map(|state| summary.triggers.of(*state));
        prop_assert_eq!(states.sum::<usize>(), summary.triggers.total());
        for case in &summary.options {
            let words = case.cruxes_words();
            let open = words.split(';').next().unwrap_or_default();
            if let Some((whole, parts)) = open.split_once(": ")
                && parts.starts_with(|first: char| first.is_ascii_digit())
            {
                let number = |text: &str| text.split(' ').next().and_then(|n| n.parse::<usize>().ok());
                let parts: Option<usize> = parts.split(", ").map(number).sum();
                prop_assert_eq!(number(whole), parts, "{}", words);
            }
        }
    }
}

#[test]
fn a_board_made_of_a_snapshot_is_compared_with_it_crux_by_crux() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.states(crux, "Ann", 69.96);
    desk.adds_rule(crux, at_least(70.0, 0));
    let taken = take(
        &desk.board,
        BoardId::default(),
        &SnapshotRequest::default(),
        desk.now,
    )
    .snapshot;
    let mut other = Desk::new();
    other.board = Default::default();
    let changes = cruxboard_domain::snapshot::adopted(
        &taken.changes,
        &mut cruxboard_domain::decide::Issuer {
            by: None,
            now: Now::utc(desk.now),
            clock: &mut other.clock,
        },
    );
    other.take(&changes);
    let id = changes[0].id;
    assert!(taken.since(&other.board, BoardId(id), desk.now).is_empty());
    assert_eq!(taken.merge(&other.board).unwrap().added, []);
    let crux = other.board.cruxes()[0].id;
    other.days_pass(1);
    other.states(crux, "Ann", 70.04);
    // The two credences are shown with enough digits to differ.
    let said = &taken.since(&other.board, BoardId(id), other.now).here[0].1;
    assert!(said[0].starts_with("All: 69.96%, now 70.04%."), "{said:?}");
}

#[test]
fn what_was_confirmed_or_said_again_is_not_recently_moved() {
    let mut desk = Desk::new();
    let [first, second] = ["It is so", "It is so, too"].map(|claim| desk.adds_crux(claim));
    desk.states(first, "Ann", 20.0);
    desk.days_pass(1);
    desk.states(second, "Ann", 20.0);
    let order = |desk: &Desk| {
        let now = Now::utc(desk.now);
        shown(&desk.board, &Filter::default(), Sort::Moved, now, true)
    };
    assert_eq!(order(&desk), [second, first]);
    desk.days_pass(1);
    let person = desk.person("Ann");
    desk.does(Command::Reaffirm {
        crux: first,
        person,
    });
    desk.states(first, "Ann", 20.0);
    assert_eq!(order(&desk), [second, first]);
    desk.states(first, "Ann", 21.0);
    assert_eq!(order(&desk), [first, second]);
}

/// Returns whether a text contains an id as a separate word.
fn has_id(text: &str) -> bool {
    let mut words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    words.any(|word| word.len() == 26 && word.parse::<ChangeId>().is_ok())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_history_and_no_difference_shows_an_id(steps in steps(Manners::Hostile)) {
        let board = World::play(&steps).all();
        for change in board.log().changes() {
            for field in set_fields(&board, change) {
                for text in [Some(field.after), field.before].into_iter().flatten() {
                    prop_assert!(!has_id(&text), "{}: {}", field.label, text);
                }
            }
        }
        let since = Since::between(&board, ChangeId::MIN, ChangeId::MAX, Now::utc(crate::world::NOW));
        for line in since.groups.iter().flat_map(|group| &group.lines) {
            let (what, rest) = tell(&board, line);
            prop_assert!(!has_id(&what) && !has_id(&rest), "{} {}", what, rest);
        }
    }
}

#[test]
fn every_credence_comes_back_through_every_text_format() {
    for part in [0..=5_000_u16, 5_001..=10_000] {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so");
        let person = desk.person("Ann");
        let credences: Vec<Credence> = part
            .map(|hundredths| Credence::clamped(f64::from(hundredths) / 100.0))
            .collect();
        for (place, credence) in credences.iter().enumerate() {
            let id = ChangeId::new(
                NOW + Duration::from_secs(place as u64 + 1),
                0,
                Replica::new(3, 1),
            );
            desk.board.apply(Change {
                id,
                by: None,
                part_of: None,
                payload: Payload::CredenceStated(Box::new(CredenceStated {
                    crux,
                    person,
                    credence: *credence,
                    reason: String::new(),
                    reason_salt: String::new(),
                    evidence: Vec::new(),
                    reaffirms: false,
                    at: None,
                    wall_clock: None,
                })),
            });
        }
        // The table of credences, as a file and as a spreadsheet copies it to the clipboard.
        let table = credences_csv(&desk.board);
        for text in [table.clone(), table.replace(',', "\t")] {
            let sheet = Sheet::read(&text).unwrap();
            let reading = Reading::guessed(&Board::default(), &sheet);
            let now = Now::utc(NOW + DAY);
            let plan = plan(&Board::default(), &sheet, &reading, None, now);
            let stated = plan
                .changes
                .iter()
                .filter_map(|change| match &change.payload {
                    Payload::CredenceStated(stated) => Some(stated.credence),
                    _ => None,
                });
            assert!(stated.eq(credences.iter().copied()));
        }
        // The board's document, and the number field.
        let json = Document::to_json(BoardId::default(), desk.board.log());
        let read: Board = Document::from_json(&json)
            .unwrap()
            .entries
            .into_iter()
            .collect();
        let statements = read.statements_on(crux);
        assert!(
            statements
                .iter()
                .map(|said| said.credence)
                .eq(credences.iter().copied())
        );
        for credence in credences {
            for text in [credence.to_string(), credence.shown()] {
                assert_eq!(text.parse(), Ok(credence));
            }
        }
    }
}

#[test]
fn a_text_that_is_cut_twice_has_one_ellipsis() {
    let claim = "If it were so, then ".to_owned() + &"everybody would ".repeat(9);
    let mut desk = Desk::new();
    let crux = desk.adds_crux(&claim);
    let name = desk.board.crux(crux).unwrap().name().into_owned();
    assert!(name.ends_with('…'), "{name}");
    for most in 10..name.chars().count() + 5 {
        let cut = short(&name, most);
        assert!(!cut.contains("……"), "{cut}");
        assert!(cut.ends_with('…'), "{cut}");
    }
    assert_eq!(short("It would… and more", 9), "It would…");
}

#[test]
fn the_word_never_contradicts_the_odds_beside_it() {
    for hundredths in 0..=10_000 {
        let credence = Credence::clamped(f64::from(hundredths) / 100.0);
        let (odds, word) = (credence.odds(), credence.word());
        let numbers = odds.trim_start_matches("about ").split_once(" in ");
        let share = match (odds.as_str(), numbers) {
            ("never", _) => 0.0,
            ("always", _) => 1.0,
            (_, numbers) => {
                let (part, whole) = numbers.unwrap();
                part.parse::<f64>().unwrap() / whole.parse::<f64>().unwrap()
            }
        };
        // Wide enough for the odds of each word, which are rounded, and narrow enough that no odds
        // suit two opposite words.
        let fits = match word {
            "impossible" => share == 0.0,
            "exceptionally unlikely" => 0.0 < share && share <= 0.01,
            "very unlikely" => 0.0 < share && share <= 0.11,
            "unlikely" => (0.09..=0.34).contains(&share),
            "more unlikely than likely" => (0.32..0.46).contains(&share),
            "about as likely as not" => (0.44..=0.56).contains(&share),
            "more likely than not" => (0.54..=0.68).contains(&share),
            "likely" => (0.66..=0.91).contains(&share),
            "very likely" => (0.89..1.0).contains(&share),
            "virtually certain" => (0.99..1.0).contains(&share),
            "certain" => share == 1.0,
            other => panic!("{other} is no likelihood word"),
        };
        assert!(fits, "{credence}% is said to be {odds}, {word}");
    }
}
