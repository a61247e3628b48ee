//! Scales, numbers and dates.

use super::*;

#[test]
fn a_scale_that_is_not_sure_is_asked_about_before_anything_is_taken_in() {
    let text = include_str!("../tables/one-to-five.csv");
    let board = pilot();
    let plan = planned(&board, text);
    assert_eq!(plan.changes, []);
    assert_eq!((plan.cruxes, plan.people, plan.credences), (0, 0, 0));
    assert_eq!(
        plan.row_outcomes,
        vec![held("the scale of the probabilities is still to be chosen"); 3]
    );
    let scale = plan.scale.unwrap();
    assert_eq!(scale.scale, None);
    assert_eq!(
        scale.sentence,
        "All numbers in “Probability” are whole and from 1 to 5, and would be read as 1%, 4% and 5%. Choose the scale, or leave the column out, before anything is taken in."
    );
    let percents = |scale| {
        let mut board = pilot();
        let plan = planned_as(&board, text, |reading| reading.scale = Some(scale));
        act(&mut board, Command::TakeIn(plan.changes));
        let stated = stated(&board);
        stated
            .iter()
            .map(|(.., percent, _)| *percent)
            .collect::<Vec<_>>()
    };
    assert_eq!(percents(Scale::FiveMiddles), [70.0, 90.0, 10.0]);
    assert_eq!(percents(Scale::FiveEnds), [75.0, 100.0, 0.0]);
    assert_eq!(percents(Scale::Ten), [40.0, 50.0, 10.0]);
    assert_eq!(percents(Scale::Percent), [4.0, 5.0, 1.0]);
    let without = planned_as(&board, text, |reading| {
        reading.columns.remove(&Meaning::Chance);
    });
    assert_eq!((without.cruxes, without.credences), (2, 0));
}

#[test]
fn a_number_off_its_scale_is_not_taken_for_another_one() {
    let text = "Title,Forecast (scale = 0-1)\nA,0.4\nB,40\n";
    assert_eq!(
        planned(&pilot(), text).row_outcomes,
        [
            added("new crux, 40%"),
            added("new crux, without “40”: its probability is not on the scale"),
        ]
    );
}

#[test]
fn a_range_becomes_its_middle_and_stays_in_the_note() {
    let text = "Title,Probability,Note\nA,30-50%,\nB,20 – 30 %,so I guess\n";
    let mut board = pilot();
    let plan = planned(&board, text);
    assert_eq!(
        plan.row_outcomes[0],
        added("new crux, 40%, the middle of 30-50%")
    );
    act(&mut board, Command::TakeIn(plan.changes));
    let said: Vec<_> = board
        .cruxes()
        .iter()
        .flat_map(|crux| board.statements_on(crux.id))
        .map(|statement| (statement.credence.percent(), statement.reason.clone()))
        .collect();
    assert_eq!(
        said,
        [
            (40.0, "Range: 30-50%".to_owned()),
            (25.0, "so I guess (range: 20 – 30 %)".to_owned())
        ]
    );
}

#[test]
fn a_row_dated_in_the_future_or_illegibly_is_held_back_until_a_choice_is_made() {
    let text =
        "Title,Probability,Date\nReach,35,2031-01-01\nReach,45,next week\nReach,55,2026-11-20\n";
    let mut board = pilot();
    let plan = planned(&board, text);
    assert_eq!(
        plan.row_outcomes,
        [
            held("its date “2031-01-01” has not come yet"),
            held("its date “next week” cannot be read"),
            added("55%"),
        ]
    );
    assert_eq!(plan.bad_dates, 2);
    let chosen = planned_as(&board, text, |reading| reading.undated = Undated::AsOfNow);
    assert_eq!(
        chosen.row_outcomes[0],
        added("35% as of now, since its date “2031-01-01” has not come yet")
    );
    act(&mut board, Command::TakeIn(chosen.changes));
    assert!(board.cruxes().iter().all(|crux| {
        let statements = board.statements_on(crux.id);
        statements.iter().all(|statement| statement.at <= NOW)
    }));
    let again = planned_as(&board, text, |reading| reading.undated = Undated::AsOfNow);
    assert_eq!(again.changes, []);
}

#[test]
fn days_and_months_are_told_apart_once_for_the_column() {
    let text = "Title,Probability,Date\nReach,35,3/4/2026\nReach,45,5/4/2026\n";
    let board = pilot();
    let plan = planned(&board, text);
    assert_eq!(
        plan.row_outcomes[0],
        held("its date “3/4/2026” may be 3 Apr 2026 or 4 Mar 2026")
    );
    assert!(plan.asks_day_order && plan.changes.is_empty());
    let days = |text: &str, order| {
        let mut board = pilot();
        let plan = planned_as(&board, text, |reading| reading.day_order = order);
        act(&mut board, Command::TakeIn(plan.changes));
        stated(&board)
            .into_iter()
            .map(|(.., day)| day)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        days(text, Some(DayOrder::DayFirst)),
        ["2026-04-03", "2026-04-05"]
    );
    assert_eq!(
        days(text, Some(DayOrder::MonthFirst)),
        ["2026-03-04", "2026-05-04"]
    );
    // One date that can be read in only one way decides for all dates.
    let told = format!("{text}Reach,55,30/4/2026\n");
    assert_eq!(
        days(&told, None),
        ["2026-04-03", "2026-04-05", "2026-04-30"]
    );
}

#[test]
fn every_credence_comes_back_from_a_column_on_every_scale() {
    let mut board = pilot();
    let mut rows = String::from("Question,Person,Credence in percent,Date\n");
    for hundredths in 0..=10_000 {
        let credence = Credence::from_percent(f64::from(hundredths) / 100.0).unwrap();
        rows.push_str(&format!("Reach,Researcher,{credence},2026-01-01\n"));
    }
    let plan = planned(&board, &rows);
    act(&mut board, Command::TakeIn(plan.changes));
    let told = stated(&board);
    assert_eq!(told.len(), 10_001);
    assert_eq!(planned(&board, &credences_csv(&board)).changes, []);
    let mut other = Board::default();
    let plan = planned(&other, &credences_csv(&board));
    act(&mut other, Command::TakeIn(plan.changes));
    assert_eq!(stated(&other), told);

    // Notations of other tables for a number, given in hundredths of a percent.
    type Spelled = fn(u32) -> String;
    let spellings: [(&str, Spelled); 5] = [
        ("Probability", |n| format!("{}.{:02}%", n / 100, n % 100)),
        ("Probability", |n| format!("{},{:02} %", n / 100, n % 100)),
        ("Probability (0-1)", |n| {
            format!("{}.{:04}", n / 10_000, n % 10_000)
        }),
        ("Probability (0-1)", |n| {
            format!("{},{:04}", n / 10_000, n % 10_000)
        }),
        ("Probability (0-10)", |n| {
            format!("{}.{:03}", n / 1_000, n % 1_000)
        }),
    ];
    for (heading, spelled) in spellings {
        let mut rows = format!("Question;Person;{heading};Date\n");
        for hundredths in 0..=10_000 {
            rows.push_str(&format!(
                "Reach;Researcher;{};2026-01-01\n",
                spelled(hundredths)
            ));
        }
        assert_eq!(
            planned(&board, &rows).changes,
            [],
            "{heading} {}",
            spelled(1)
        );
    }
}
