//! Tables out and in: what comes back, what is passed over, and what no spreadsheet may run.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use cruxboard_domain::Credence;
use cruxboard_domain::board::Board;
use cruxboard_domain::change::Change;
use cruxboard_domain::decide::{Command, Issuer, decide};
use cruxboard_domain::document::Document;
use cruxboard_domain::record::{CruxEdit, PersonEdit};
use cruxboard_domain::spreadsheet::{
    Fate, MOST_ROWS, Meaning, NotASheet, Plan, Sheet, credences_csv, evidence_csv, guess, plan,
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
        now: NOW,
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
            Fate::Added("new crux".into()),
        ]
    );
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
