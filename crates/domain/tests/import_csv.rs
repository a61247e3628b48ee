//! Export and import of tables: which cells survive, which rows are skipped, and that no exported cell runs
//! as a formula in a spreadsheet.

mod evidence;
mod export;
mod limits;
mod reading;
mod values;

use cruxboard_domain::{Credence, Millis};

use cruxboard_domain::board::Board;
use cruxboard_domain::change::Change;
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::{Command, Issuer, decide};
use cruxboard_domain::document::Document;
use cruxboard_domain::id::{Clock, Replica};
use cruxboard_domain::import::csv::{
    Columns, DayOrder, Layout, MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Meaning, Plan, Reading,
    RowOutcome, Scale, Sheet, SheetError, Undated, credences_csv, evidence_csv, guess,
    guess_evidence, holds_evidence, may_be_wide, plan, plan_evidence,
};
use cruxboard_domain::record::{CruxEdit, EvidenceEdit, PersonEdit, Visibility};
use proptest::prelude::*;

/// 25 November 2026.
const NOW: Millis = Millis(1_795_600_000_000);

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
    planned_as(board, text, |_| {})
}

/// Plans the import of a table, after `choose` has changed the guessed meanings of its columns.
fn planned_as(board: &Board, text: &str, choose: impl FnOnce(&mut Reading)) -> Plan {
    let sheet = Sheet::read(text).unwrap();
    let mut reading = Reading::guessed(board, &sheet);
    choose(&mut reading);
    let me = board.people().next().map(|person| person.id);
    let plan = plan(board, &sheet, &reading, me, Now::utc(NOW));
    assert_eq!(plan.row_outcomes.len(), plan.about.len());
    plan
}

fn added(text: &str) -> RowOutcome {
    RowOutcome::Added(text.into())
}

fn held(text: &str) -> RowOutcome {
    RowOutcome::Held(text.into())
}

/// A board with one crux and three people; the first person is the reader.
fn pilot() -> Board {
    let mut board = Board::default();
    for name in ["Area lead", "Researcher", "Red-teamer"] {
        let person = PersonEdit {
            name: Some(name.into()),
            ..PersonEdit::default()
        };
        act(&mut board, Command::AddPerson(person));
    }
    let crux = CruxEdit {
        title: Some("Reach".into()),
        claim: Some("The pilot reaches 40 users by June".into()),
        ..CruxEdit::default()
    };
    let triggers = Vec::new();
    act(&mut board, Command::AddCrux { crux, triggers });
    board
}

/// Returns the credences of a board: title, person, percentage and day of each.
fn stated(board: &Board) -> Vec<(String, String, f64, String)> {
    let mut stated = Vec::new();
    for crux in board.cruxes() {
        for statement in board.statements_on(crux.id) {
            stated.push((
                crux.name().into_owned(),
                board.person(statement.person).unwrap().name.clone(),
                statement.credence.percent(),
                statement.at.day().to_string(),
            ));
        }
    }
    stated
}

#[test]
fn our_own_table_taken_in_again_changes_nothing_and_elsewhere_makes_the_same_credences() {
    let board = example();
    let text = credences_csv(&board);
    assert!(text.starts_with(
        "\u{feff}Question,Claim,Person,Credence in percent,Date,Reason,Option,If true\r\n"
    ));
    // Credences in options are exported, and their import is left to the file of the whole board.
    let is_on_crux = |line: &&str| line.ends_with(",,") || line.ends_with("Option,If true");
    let on_cruxes: Vec<&str> = text.lines().filter(is_on_crux).collect();
    assert_eq!(on_cruxes.len(), 28);
    let in_options = text.lines().count() - on_cruxes.len();
    assert_eq!(in_options, board.option_credences().count());
    let option = board.options().next().unwrap().name.clone();
    let crux = board.cruxes()[0].name().into_owned();
    assert!(text.contains(&format!(",{option},\r\n")), "{text}");
    assert!(text.contains(&format!(",{option},{crux}\r\n")), "{text}");
    assert!(text.contains(",Red-teamer,35,2026-11-23T09:"), "{text}");
    let again = planned(&board, &text);
    assert_eq!((again.cruxes, again.people, again.credences), (0, 0, 0));
    assert!(again.changes.is_empty());
    let said = "it is a credence in an option, which is not imported from tables; the file of the whole board has it";
    let left = again.row_outcomes.iter();
    let left = left.filter(|row| **row == RowOutcome::Skipped(said));
    assert_eq!(left.count(), in_options);

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
    let taken_in = credences_csv(&other);
    assert_eq!(taken_in.lines().collect::<Vec<_>>(), on_cruxes);
    assert_eq!(planned(&other, &text).changes, []);
    // A table of before there were credences in options is still read as one of ours.
    let narrow = text
        .replace(",Option,If true\r\n", "\r\n")
        .replace(",,\r\n", "\r\n");
    assert_eq!(planned(&other, &narrow).changes, []);
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
        plan.row_outcomes[0],
        added("new crux, new person ann@example.org, 35%")
    );
    assert_eq!(plan.row_outcomes[1], added("100%"));
    assert_eq!(
        plan.row_outcomes[2],
        RowOutcome::Skipped("it is on the board already")
    );
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
    assert_eq!(board.statements_on(crux)[0].at, Millis(1_790_857_800_000));
}

#[test]
fn a_list_of_questions_with_other_columns_and_semicolons_is_understood() {
    let text = "\u{feff}Title;Probability;Date;Note\r\n\"A; b\";30 %;2026-11-01;\"two\nlines \"\"quoted\"\"\"\r\nC;;;\r\n;10;;\r\nD;lots;;\r\n";
    let sheet = Sheet::read(text).unwrap();
    assert_eq!(
        sheet.rows[0],
        ["A; b", "30 %", "2026-11-01", "two\nlines \"quoted\""]
    );
    assert_eq!(guess(&sheet).get(&Meaning::Chance), Some(&1));
    assert_eq!(
        planned(&pilot(), text).row_outcomes,
        [
            added("new crux, 30%"),
            added("new crux"),
            RowOutcome::Skipped("it has no title"),
            added("new crux, without “lots”: its probability is no number"),
        ]
    );
}

#[test]
fn a_row_says_why_a_part_of_it_is_not_taken() {
    let told = |row: &str, board: &Board| {
        let text = format!("Title,Probability,Date\n{row}\n");
        planned(board, &text).row_outcomes[0].clone()
    };
    let (board, empty) = (pilot(), Board::default());
    assert_eq!(told("A,30 %,2026-03-14", &board), added("new crux, 30%"));
    assert_eq!(
        told("A,30 %,", &empty),
        added("new crux, without “30 %”: it does not say whose credence this is")
    );
    assert_eq!(
        told(&format!("A,{},", "far too long a text ".repeat(9)), &board),
        added("new crux, without “far too long a text far…”: its probability is no number")
    );
    assert_eq!(
        told("A,130,", &board),
        added("new crux, without “130”: its probability is no number from 0 to 100")
    );
    assert_eq!(told("A,,", &empty), added("new crux"));
}

fn planned_evidence(board: &Board, text: &str) -> Plan {
    let sheet = Sheet::read(text).unwrap();
    assert!(holds_evidence(&sheet));
    plan_evidence(board, &sheet, &guess_evidence(&sheet))
}
