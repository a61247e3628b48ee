//! Tables out and in: what comes back, what is passed over, and what no spreadsheet may run.

use cruxboard_domain::Credence;
use cruxboard_domain::board::Board;
use cruxboard_domain::change::Change;
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::{Command, Issuer, decide};
use cruxboard_domain::document::Document;
use cruxboard_domain::record::{CruxEdit, EvidenceEdit, PersonEdit, Visibility};
use cruxboard_domain::spreadsheet::{
    Fate, MOST_ROWS, Meaning, NotASheet, Plan, Sheet, credences_csv, evidence_csv, guess,
    guess_evidence, holds_evidence, plan, plan_evidence,
};
use cruxboard_domain::stamp::{Clock, Replica};
use proptest::prelude::*;

const NOW: u64 = 1_795_600_000_000;

fn example() -> Board {
    let text = include_str!("../../../public/example.cruxboard.json");
    Document::from_json(text)
        .unwrap()
        .entries
        .into_iter()
        .collect()
}

fn act(board: &mut Board, command: Command) -> Vec<Change> {
    let mut clock = Clock::new(Replica::new(4, 4));
    let mut issuer = Issuer {
        by: None,
        now: Now::utc(NOW),
        clock: &mut clock,
    };
    let changes = decide(board, command, &mut issuer).unwrap();
    for change in &changes {
        board.apply(change.clone());
    }
    changes
}

fn planned(board: &Board, text: &str) -> Plan {
    let sheet = Sheet::read(text).unwrap();
    let columns = guess(&sheet);
    plan(board, &sheet, &columns, None, NOW)
}

#[test]
fn our_own_table_taken_in_again_changes_nothing_and_elsewhere_makes_the_same_credences() {
    let board = example();
    let text = credences_csv(&board);
    assert_eq!(text.lines().count(), 28);
    assert!(text.starts_with("Question,Claim,Person,Credence in percent,Date,Reason\r\n"));
    assert!(text.contains(",Red-teamer,35,2026-11-23T09:"), "{text}");
    let again = planned(&board, &text);
    assert_eq!((again.cruxes, again.people, again.credences), (0, 0, 0));
    assert!(again.changes.is_empty());

    let mut other = Board::default();
    let first = planned(&other, &text);
    assert_eq!((first.cruxes, first.people, first.credences), (9, 3, 27));
    let changes = act(&mut other, Command::TakeIn(first.changes));
    assert!(
        changes[1..]
            .iter()
            .all(|change| change.part_of == Some(changes[0].id)),
        "one undo takes it back"
    );
    assert_eq!(credences_csv(&other), text);
    assert_eq!(planned(&other, &text).changes, []);
}

#[test]
fn a_table_of_fatebook_is_understood() {
    let text = "Question title,Forecast created by,Forecast (scale = 0-1),Forecast created at,Question created by,Notes\n\
        Will it ship?,ann@example.org,0.35,2026-10-01T12:30:00.000Z,Ann,\"so, so\"\n\
        Will it ship?,ann@example.org,1,2026-11-01T12:30:00.000Z,Ann,\n\
        Will it ship?,Bo,,2026-11-01T12:30:00.000Z,Ann,\n";
    let plan = planned(&Board::default(), text);
    assert_eq!((plan.cruxes, plan.people, plan.credences), (1, 1, 2));
    assert_eq!(
        plan.fates[0],
        Fate::Added("new crux, new person ann@example.org, 35 %".into())
    );
    assert_eq!(plan.fates[1], Fate::Added("100 %".into()));
    assert_eq!(plan.fates[2], Fate::Skipped("it is on the board already"));
    let mut board = Board::default();
    act(&mut board, Command::TakeIn(plan.changes));
    let crux = board.cruxes()[0].id;
    let said: Vec<_> = board
        .statements_on(crux)
        .iter()
        .map(|s| (s.credence, s.reason.clone()))
        .collect();
    assert_eq!(
        said[0],
        (Credence::from_percent(35.0).unwrap(), "so, so".into())
    );
    assert_eq!(board.statements_on(crux)[0].at, 1_790_857_800_000);
}

#[test]
fn a_list_of_questions_with_other_columns_and_semicolons_is_understood() {
    let text = "\u{feff}Title;Probability;Date;Note\r\n\"A; b\";30 %;2026-11-01;\"two\nlines \"\"quoted\"\"\"\r\nC;;;\r\n;10;;\r\nD;lots;;\r\n";
    let sheet = Sheet::read(text).unwrap();
    assert_eq!(
        sheet.rows[0],
        ["A; b", "30 %", "2026-11-01", "two\nlines \"quoted\""]
    );
    let columns = guess(&sheet);
    assert_eq!(columns.get(&Meaning::Chance), Some(&1));
    let mut board = Board::default();
    act(
        &mut board,
        Command::AddPerson(PersonEdit {
            name: Some("Me".into()),
            ..PersonEdit::default()
        }),
    );
    let me = board.people().next().map(|person| person.id);
    let plan = plan(&board, &sheet, &columns, me, NOW);
    assert_eq!(
        plan.fates,
        [
            Fate::Added("new crux, 30 %".into()),
            Fate::Added("new crux".into()),
            Fate::Skipped("it has no title"),
            Fate::Added(
                "new crux, without “lots”: its probability is no number from 0 to 100".into()
            ),
        ]
    );
}

#[test]
fn what_a_row_says_and_cannot_be_taken_is_said_of_it() {
    let board = example();
    let me = board.people().next().map(|person| person.id);
    let told = |row: &str, me| {
        let text = format!("Title,Probability,Date\n{row}\n");
        let sheet = Sheet::read(&text).unwrap();
        plan(&board, &sheet, &guess(&sheet), me, NOW).fates[0].clone()
    };
    let added = |text: &str| Fate::Added(text.into());
    assert_eq!(
        told("A,30 %,3/14/2026", me),
        added(
            "new crux, 30 % as of now, since its date “3/14/2026” is not written like 2026-03-14"
        )
    );
    assert_eq!(told("A,30 %,2026-03-14", me), added("new crux, 30 %"));
    assert_eq!(
        told("A,30 %,", None),
        added("new crux, without “30 %”: it does not say whose credence this is")
    );
    assert_eq!(
        told(&format!("A,{},", "far too long a text ".repeat(9)), me),
        added(
            "new crux, without “far too long a text far…”: its probability is no number from 0 to 100"
        )
    );
    assert_eq!(told("A,,", None), added("new crux"));
}

#[test]
fn no_cell_is_a_formula_and_none_loses_a_letter() {
    let mut board = example();
    for claim in [
        "=1+1",
        "+x",
        "-x",
        "@sum",
        "\tx",
        "'x",
        "'=x",
        "=\"a\",b\n",
        "-5",
    ] {
        act(
            &mut board,
            Command::AddCrux {
                crux: CruxEdit {
                    title: Some(claim.into()),
                    claim: Some(claim.into()),
                    ..CruxEdit::default()
                },
                triggers: Vec::new(),
            },
        );
        let crux = board.cruxes().last().unwrap().id;
        let person = board.people().next().unwrap().id;
        act(
            &mut board,
            Command::StateCredence {
                moved: cruxboard_domain::decide::Move {
                    crux,
                    person,
                    credence: Credence::HALF,
                    reason: claim.into(),
                },
                evidence: Vec::new(),
            },
        );
        let text = credences_csv(&board);
        let sheet = Sheet::read(&text).unwrap();
        assert_eq!(sheet.rows.last().unwrap()[5], claim, "{claim:?} comes back");
        for cell in text
            .split([',', '\n'])
            .map(|cell| cell.trim_start_matches('"'))
        {
            let is_number = cell.trim_end().parse::<f64>().is_ok();
            assert!(
                is_number || !cell.starts_with(['=', '+', '-', '@', '\t']) || claim.contains('\n'),
                "{cell:?}"
            );
        }
    }
    assert_eq!(evidence_csv(&board).matches("\r\n").count(), 18);
}

#[test]
fn what_is_no_table_is_refused_with_the_reason() {
    for (text, problem) in [
        ("", NotASheet::Empty),
        ("a,b\n", NotASheet::Empty),
        ("\n\n,,\n", NotASheet::Empty),
        ("a\n\"b", NotASheet::Unclosed(2)),
    ] {
        assert_eq!(Sheet::read(text), Err(problem), "{text:?}");
    }
    assert_eq!(
        Sheet::read(&"a\n".repeat(MOST_ROWS + 2)),
        Err(NotASheet::TooLong)
    );
}

proptest! {
    #[test]
    fn whatever_is_brought_in_neither_panics_nor_does_more_the_second_time(text in "[a-c0-9.,;\"'=\n\t%-]{0,200}") {
        let mut board = example();
        let head = "title,probability,person,date\n".to_owned() + &text;
        let Ok(sheet) = Sheet::read(&head) else { return Ok(()); };
        let columns = guess(&sheet);
        let first = plan(&board, &sheet, &columns, None, NOW);
        prop_assert_eq!(first.fates.len(), sheet.rows.len());
        if first.changes.is_empty() {
            return Ok(());
        }
        act(&mut board, Command::TakeIn(first.changes));
        let second = plan(&board, &sheet, &columns, None, NOW);
        prop_assert!(second.changes.is_empty(), "{:?}", second.changes);
    }
}

fn planned_evidence(board: &Board, text: &str) -> Plan {
    let sheet = Sheet::read(text).unwrap();
    assert!(holds_evidence(&sheet));
    plan_evidence(board, &sheet, &guess_evidence(&sheet))
}

/// Without what names the board: when it was filed, and as what.
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
            .fates
            .iter()
            .all(|fate| *fate == Fate::Skipped("it is on the board already"))
    );
    assert_eq!(again.fates.len(), 17);

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
    // And on an empty one the cruxes are made.
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
    let told = |place: usize| &plan.fates[place];
    assert_eq!(told(0), &Fate::Changed("tags".into()));
    assert_eq!(told(1), &Fate::Changed("reliability".into()));
    assert_eq!(told(2), &Fate::Skipped("it is on the board already"));
    assert_eq!(
        told(3),
        &Fate::Skipped("its visibility is not Public, Internal or Private")
    );
    assert_eq!(told(4), &Fate::Changed("new crux, what it bears on".into()));
    assert_eq!(told(5), &Fate::Skipped("it is on the board already"));
    assert_eq!(told(17), &Fate::Added("new evidence".into()));
    let count = plan
        .fates
        .iter()
        .filter(|fate| **fate == Fate::Skipped("it is on the board already"))
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
            prop_assert_eq!(plan.fates.len(), sheet.rows.len());
            if !plan.changes.is_empty() {
                act(&mut board, Command::TakeIn(plan.changes));
                prop_assert_eq!(plan_evidence(&board, &sheet, &columns).evidence, 0);
            }
        }
    }
}
