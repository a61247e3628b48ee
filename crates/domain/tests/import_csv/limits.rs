//! Refused tables, and limits of size.

use super::*;

#[test]
fn what_is_no_table_is_refused_with_the_reason() {
    for (text, problem) in [
        ("", SheetError::Empty),
        ("a,b\n", SheetError::Empty),
        ("\n\n,,\n", SheetError::Empty),
        ("a\n\"b", SheetError::Unclosed(2)),
    ] {
        assert_eq!(Sheet::read(text), Err(problem), "{text:?}");
    }
    let excel = String::from_utf8_lossy(b"PK\x03\x04\x14\0[Content_Types].xml\xb5 xl/workbook.xml");
    assert_eq!(
        Sheet::read(&excel).unwrap_err().to_string(),
        "This is a spreadsheet (.xlsx), not a table. Open it in a spreadsheet program, save the sheet as CSV, and import that."
    );
    let slack = include_str!("../pages/slack-two.json");
    assert!(
        Sheet::read(slack)
            .unwrap_err()
            .to_string()
            .starts_with("This is a Slack export (JSON), not a table.")
    );
}

#[test]
fn the_limits_of_a_table_are_200_columns_100_000_rows_and_20_mb() {
    let wide = |columns| {
        format!(
            "{}\n{}\n",
            vec!["a"; columns].join(","),
            vec!["b"; columns].join(",")
        )
    };
    assert_eq!(Sheet::read(&wide(MOST_COLUMNS)).unwrap().head.len(), 200);
    assert_eq!(Sheet::read(&wide(201)), Err(SheetError::TooWide(201)));
    let text = format!("title\n{}", "a\n".repeat(MOST_ROWS));
    assert_eq!(Sheet::read(&text).unwrap().rows.len(), 100_000);
    assert_eq!(Sheet::read(&(text + "a\n")), Err(SheetError::TooLong));
    let large = format!("title\n{}", "a".repeat(MOST_BYTES));
    assert_eq!(Sheet::read(&large), Err(SheetError::TooLarge));
    // In a wide table, each number becomes a row.
    let people: Vec<String> = (0..199).map(|n| format!("P{n}")).collect();
    let row = format!("\"q\",{}\n", vec!["50%"; 199].join(","));
    let text = format!("Question,{}\n{}", people.join(","), row.repeat(600));
    let plan = planned_as(&Board::default(), &text, |reading| {
        reading.layout = Layout::PersonColumns;
    });
    assert_eq!(plan.changes, []);
    assert_eq!(plan.row_outcomes, [held(&SheetError::TooLong.to_string())]);
}

#[test]
fn ten_thousand_new_cruxes_stay_in_their_order_with_short_ranks() {
    let mut text = "title\n".to_owned();
    for number in 0..10_000 {
        text.push_str(&format!("t{number}\n"));
    }
    let mut board = pilot();
    let plan = planned(&board, &text);
    act(&mut board, Command::TakeIn(plan.changes));
    let cruxes = board.cruxes();
    assert_eq!(cruxes.len(), 10_001);
    assert!(cruxes.iter().all(|crux| crux.rank.len() <= 8));
    assert!((0..10_000).all(|number| cruxes[number + 1].claim == format!("t{number}")));
}

proptest! {
    #[test]
    fn whatever_is_brought_in_neither_panics_nor_does_more_the_second_time(text in "[a-c0-9.,;\"'=\n\t%-]{0,200}") {
        let mut board = example();
        let head = "title,probability,person,date\n".to_owned() + &text;
        let Ok(sheet) = Sheet::read(&head) else { return Ok(()); };
        let reading = Reading { scale: Some(Scale::Percent), undated: Undated::AsOfNow, ..Reading::guessed(&board, &sheet) };
        let first = plan(&board, &sheet, &reading, None, Now::utc(NOW));
        prop_assert_eq!(first.row_outcomes.len(), sheet.rows.len());
        if first.changes.is_empty() {
            return Ok(());
        }
        act(&mut board, Command::TakeIn(first.changes));
        let second = plan(&board, &sheet, &reading, None, Now::utc(NOW));
        prop_assert!(second.changes.is_empty(), "{:?}", second.changes);
    }
}

#[test]
fn a_row_with_a_text_over_its_limit_is_held_back() {
    let board = pilot();
    let (name, claim) = ("n".repeat(300), "c".repeat(5_001));
    let marks = format!("a{}", "\u{301}".repeat(4_500));
    let text = format!(
        "claim,person,probability\n{claim},Researcher,40%\nShort,{name},40%\n{marks},Researcher,40%\nFits,Researcher,40%\n"
    );
    let plan = planned(&board, &text);
    assert_eq!(
        plan.row_outcomes,
        [
            held("its claim is too long: 5,001 characters are too many: 5,000 is the most"),
            held(
                "its name of the person is too long: 300 characters are too many: 200 is the most"
            ),
            held("its claim is too long: one letter has 4,500 marks on it: 30 is the most"),
            added("new crux, 40%"),
        ]
    );
    // The other rows are imported.
    let mut board = board;
    act(&mut board, Command::TakeIn(plan.changes));
    let link = format!("https://a.example/{}", "x".repeat(5_000));
    let text = format!("evidence,link\nSo,{link}\nSo it is,https://a.example/\n");
    let sheet = Sheet::read(&text).unwrap();
    let plan = plan_evidence(&board, &sheet, &guess_evidence(&sheet));
    assert!(
        matches!(&plan.row_outcomes[0], RowOutcome::Held(why) if why.contains("its link is too long"))
    );
    assert!(matches!(&plan.row_outcomes[1], RowOutcome::Added(_)));
}
