//! Tables of evidence.

use super::*;

/// Returns the rows without the columns that depend on the board: the date of filing and the id.
fn without_ids(csv: &str) -> Vec<Vec<String>> {
    let rows = Sheet::read(csv).unwrap().rows;
    rows.into_iter().map(|row| row[..12].to_vec()).collect()
}

#[test]
fn evidence_taken_in_again_changes_nothing_and_elsewhere_makes_the_same_table() {
    let board = example();
    let text = evidence_csv(&board);
    let again = planned_evidence(&board, &text);
    assert_eq!(again.changes, []);
    assert!(
        again
            .row_outcomes
            .iter()
            .all(|row_outcome| *row_outcome == RowOutcome::Skipped("it is on the board already"))
    );
    assert_eq!(again.row_outcomes.len(), 17);

    // Another board with the same cruxes.
    let mut other = Board::default();
    let first = planned(&other, &credences_csv(&board));
    act(&mut other, Command::TakeIn(first.changes));
    let plan = planned_evidence(&other, &text);
    assert_eq!((plan.evidence, plan.cruxes), (17, 0));
    let changes = act(&mut other, Command::TakeIn(plan.changes));
    assert!(
        changes[1..]
            .iter()
            .all(|change| change.part_of == Some(changes[0].id)),
        "one undo takes it back"
    );
    assert_eq!(without_ids(&evidence_csv(&other)), without_ids(&text));
    assert_eq!(
        planned_evidence(&other, &text).changes,
        [],
        "also under the ids of the first board"
    );
    // On an empty board, the import adds the cruxes.
    let plan = planned_evidence(&Board::default(), &text);
    assert_eq!((plan.evidence, plan.cruxes), (17, 9));
}

#[test]
fn cells_that_were_edited_are_taken_over_and_no_others() {
    let mut board = example();
    let before = evidence_csv(&board);
    let mut rows: Vec<Vec<String>> = vec![Sheet::read(&before).unwrap().head];
    rows.extend(Sheet::read(&before).unwrap().rows);
    let names: Vec<String> = rows[0].clone();
    let column = |name: &str| names.iter().position(|other| other == name).unwrap();
    rows[1][column("Tags")] = "new, tags".into();
    rows[2][column("Reliability")] = "high".into();
    rows[3][column("Event date")] = "Nov-26".into();
    rows[4][column("Visibility")] = "everybody".into();
    rows[5][column("Bears on")] = "Another; crux (odd) (against, slight)".into();
    rows[6][column("Link")] = "javascript:alert(1)".into();
    let extra = vec![String::new(); rows[0].len()];
    rows.push(extra);
    let last = rows.len() - 1;
    rows[last][column("Quote")] = "=1+1 is a formula".into();
    let csv: String = rows
        .iter()
        .map(|row| {
            let cells = row
                .iter()
                .map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
            cells.collect::<Vec<_>>().join(",") + "\r\n"
        })
        .collect();
    let plan = planned_evidence(&board, &csv);
    let told = |place: usize| &plan.row_outcomes[place];
    assert_eq!(told(0), &RowOutcome::Changed("tags".into()));
    assert_eq!(told(1), &RowOutcome::Changed("reliability".into()));
    assert_eq!(told(2), &RowOutcome::Skipped("it is on the board already"));
    assert_eq!(
        told(3),
        &RowOutcome::Skipped("its visibility is not Public, Internal or Private")
    );
    assert_eq!(
        told(4),
        &RowOutcome::Changed("new crux, what it bears on".into())
    );
    assert_eq!(told(5), &RowOutcome::Skipped("it is on the board already"));
    assert_eq!(told(17), &RowOutcome::Added("new evidence".into()));
    let count = plan
        .row_outcomes
        .iter()
        .filter(|row_outcome| **row_outcome == RowOutcome::Skipped("it is on the board already"))
        .count();
    assert_eq!(count, 17 - 4);
    act(&mut board, Command::TakeIn(plan.changes));
    let (old, new) = (without_ids(&before), without_ids(&evidence_csv(&board)));
    for (place, (old, new)) in old.iter().zip(&new).enumerate() {
        let differs: Vec<&str> = (0..12)
            .filter(|at| old[*at] != new[*at])
            .map(|at| names[at].as_str())
            .collect();
        let expected: &[&str] = match place {
            0 => &["Tags"],
            1 => &["Reliability"],
            4 => &["Bears on"],
            _ => &[],
        };
        assert_eq!(differs, expected, "row {place}");
    }
    assert_eq!(new[4][11], "Another; crux (odd) (against, slight)");
    assert_eq!(new[17][1], "=1+1 is a formula");
    assert_eq!(planned_evidence(&board, &evidence_csv(&board)).changes, []);
}

#[test]
fn private_evidence_stays_private_on_its_way_through_a_table() {
    let board = example();
    let plan = planned_evidence(&Board::default(), &evidence_csv(&board));
    let mut other = Board::default();
    act(&mut other, Command::TakeIn(plan.changes));
    let private = |board: &Board| {
        board
            .all_evidence()
            .filter(|e| e.visibility() == Visibility::Private)
            .count()
    };
    assert_eq!(private(&board), 3);
    assert_eq!(private(&other), 3);
}

#[test]
fn dates_of_evidence_are_read_where_they_can_be_read_only_one_way() {
    let text = "Evidence,Event date,Source date\na,2026/9/2,2 Sep 2026\nb,2026-09,3/4/2026\n";
    let mut board = Board::default();
    let plan = planned_evidence(&board, text);
    assert_eq!(
        plan.row_outcomes[1],
        added("new evidence, without its source date, which cannot be read")
    );
    act(&mut board, Command::TakeIn(plan.changes));
    let dates: Vec<_> = board
        .all_evidence()
        .map(|evidence| {
            (
                evidence.event_date.to_string(),
                evidence.source_date.to_string(),
            )
        })
        .collect();
    let pair = |event: &str, source: &str| (event.to_owned(), source.to_owned());
    assert_eq!(
        dates,
        [pair("2026-09-02", "2026-09-02"), pair("2026-09", "unknown")]
    );
    assert_eq!(planned_evidence(&board, text).evidence, 0);
}

proptest! {
    #[test]
    fn evidence_of_any_text_comes_back_as_it_was(text in "\\PC{0,30}", quote in "[ -~\n\"',;=+@-]{1,40}", tag in "[a-z]{1,9}") {
        let mut board = Board::default();
        let evidence = EvidenceEdit {
            text: Some(text.trim().to_owned()),
            quote: Some(format!("q{}", quote.trim())),
            tags: Some(vec![tag]),
            ..EvidenceEdit::default()
        };
        act(&mut board, Command::FileEvidence { evidence, bears_on: Vec::new(), moves: Vec::new() });
        let csv = evidence_csv(&board);
        prop_assert_eq!(planned_evidence(&board, &csv).changes, vec![]);
        let mut other = Board::default();
        let plan = planned_evidence(&other, &csv);
        act(&mut other, Command::TakeIn(plan.changes));
        prop_assert_eq!(without_ids(&evidence_csv(&other)), without_ids(&csv));
    }

    #[test]
    fn whatever_a_table_of_evidence_holds_it_is_taken_in_once(text in "(id|evidence|quote|link|tags|bears on|[a-z( ),;=\"]{0,8}|[,;\n]){0,60}") {
        if let Ok(sheet) = Sheet::read(&format!("evidence,bears on,link,visibility\n{text}")) {
            let columns = guess_evidence(&sheet);
            let mut board = Board::default();
            let plan = plan_evidence(&board, &sheet, &columns);
            prop_assert_eq!(plan.row_outcomes.len(), sheet.rows.len());
            if !plan.changes.is_empty() {
                act(&mut board, Command::TakeIn(plan.changes));
                prop_assert_eq!(plan_evidence(&board, &sheet, &columns).evidence, 0);
            }
        }
    }
}
