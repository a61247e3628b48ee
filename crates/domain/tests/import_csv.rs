//! Tables out and in: what comes back, what is passed over, and what no spreadsheet may run.

use cruxboard_domain::Credence;
use cruxboard_domain::board::Board;
use cruxboard_domain::change::Change;
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::{Command, Issuer, decide};
use cruxboard_domain::document::Document;
use cruxboard_domain::id::{Clock, Replica};
use cruxboard_domain::import::csv::{
    DayOrder, Layout, MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Meaning, Plan, Reading, RowOutcome,
    Scale, Sheet, SheetError, Undated, credences_csv, evidence_csv, guess, guess_evidence,
    holds_evidence, may_be_wide, plan, plan_evidence,
};
use cruxboard_domain::record::{CruxEdit, EvidenceEdit, PersonEdit, Visibility};
use proptest::prelude::*;

/// 25 November 2026.
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
    planned_as(board, text, |_| {})
}

/// With something chosen.
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

/// A board with one crux and three people, of whom the first is the reader.
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

/// The credences of a board: title, person, percent and day of each.
fn stated(board: &Board) -> Vec<(String, String, f64, String)> {
    let mut stated = Vec::new();
    for crux in board.cruxes() {
        for statement in board.statements_on(crux.id) {
            stated.push((
                crux.name().into_owned(),
                board.person(statement.person).unwrap().name.clone(),
                statement.credence.percent(),
                cruxboard_domain::date::day_of(statement.at).to_string(),
            ));
        }
    }
    stated
}

#[test]
fn our_own_table_taken_in_again_changes_nothing_and_elsewhere_makes_the_same_credences() {
    let board = example();
    let text = credences_csv(&board);
    assert_eq!(text.lines().count(), 28);
    assert!(text.starts_with("\u{feff}Question,Claim,Person,Credence in percent,Date,Reason\r\n"));
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

#[test]
fn a_table_with_semicolons_is_not_split_at_commas() {
    let text = include_str!("tables/semicolons.csv");
    let sheet = Sheet::read(text).unwrap();
    assert_eq!(
        sheet.head,
        [
            "Crux, in one sentence, as voted",
            "Name, not role",
            "Chance (%), rounded",
            "Day, ISO"
        ]
    );
    let columns = guess(&sheet);
    let expected = [
        (Meaning::Question, 0),
        (Meaning::Person, 1),
        (Meaning::Chance, 2),
        (Meaning::Date, 3),
    ];
    assert_eq!(columns, expected.into_iter().collect());
    let mut board = pilot();
    let plan = planned(&board, text);
    assert_eq!((plan.cruxes, plan.people, plan.credences), (1, 0, 2));
    act(&mut board, Command::TakeIn(plan.changes));
    let said = |person: &str, percent, day: &str| {
        let crux = "The river, as measured, floods by May".to_owned();
        (crux, person.to_owned(), percent, day.to_owned())
    };
    assert_eq!(
        stated(&board),
        [
            said("Area lead", 31.0, "2026-09-02"),
            said("Researcher", 27.5, "2026-09-03")
        ]
    );
}

#[test]
fn a_separator_is_found_with_quotes_respected_or_told_by_the_first_line() {
    for (text, head) in [
        ("a,b\n1,2\n", &["a", "b"][..]),
        ("a;b\n\"1,5;2\";3\n", &["a", "b"]),
        ("\"a;x\",\"b;y\",c\n1,2,3\n", &["a;x", "b;y", "c"]),
        ("a, b\tc\nd\te, f, g\n", &["a, b", "c"]),
        ("sep=;\na,b;c\n1;2\n", &["a,b", "c"]),
        ("\"sep=|\"\r\na|b\r\n1|2\r\n", &["a", "b"]),
        // One column has no separator.
        ("title\nfirst, and second\n", &["title"]),
        ("Votes, so far\nThe dam holds\n", &["Votes, so far"]),
        ("a,b,\n1,2,3\n", &["a", "b", "Column 3"]),
    ] {
        let sheet = Sheet::read(text).unwrap();
        assert_eq!(sheet.head, head, "{text:?}");
        assert!(sheet.overlong.is_empty(), "{text:?}");
    }
}

#[test]
fn a_row_has_the_number_that_a_spreadsheet_gives_it() {
    let numbers = |text: &str| Sheet::read(text).unwrap().numbers;
    assert_eq!(numbers("a,b\nc,d\ne,f\n"), [2, 3]);
    assert_eq!(numbers("a,b\r\n\r\n\"c\r\nc\",d\r\n,\r\ne,f"), [3, 5]);
    assert_eq!(numbers("sep=,\na,b\nc,d\n"), [3]);
    assert_eq!(numbers("Will it rain,30\nWill it snow,20\n"), [1, 2]);
    assert_eq!(numbers("# Votes\n\n| a | b |\n|---|---|\n| c | d |\n"), [5]);
}

#[test]
fn columns_are_guessed_by_whole_words_and_known_headings() {
    let guessed = |head: &str| {
        let head = head.replace('|', "\"\t\"");
        let sheet = Sheet::read(&format!("\"{head}\"\nx\tx\n")).unwrap();
        let both = [guess(&sheet), guess_evidence(&sheet)];
        both.map(|columns| {
            let named = columns
                .iter()
                .map(|(meaning, place)| (*meaning, sheet.head[*place].clone()));
            named.collect::<Vec<_>>()
        })
    };
    let is = |meaning, head: &str| (meaning, head.to_owned());
    // Parts of words are no words, and an id or a count of something is not the thing.
    for head in [
        "Residence",
        "Video",
        "Identity",
        "Confidential",
        "Author ID",
        "Evidence ID no.",
    ] {
        let [_, evidence] = guessed(head);
        assert!(!evidence.contains(&is(Meaning::Id, head)), "{head}");
        assert!(!evidence.contains(&is(Meaning::Source, head)), "{head}");
    }
    for head in [
        "Number of users",
        "User ID",
        "users",
        "Whole",
        "Forecast count",
        "Unlikelihoods",
    ] {
        assert_eq!(guessed(head)[0], [], "{head}");
    }
    for head in [
        "Resolve by date",
        "Due date",
        "Birth date",
        "Question created at",
    ] {
        assert_eq!(guessed(head)[0], [], "{head}");
    }
    for (head, meaning) in [
        ("Question", Meaning::Question),
        ("question_title", Meaning::Question),
        ("Crux, in one sentence", Meaning::Question),
        ("The claim (short)", Meaning::Claim),
        ("forecasterName", Meaning::Person),
        ("Probability of yes", Meaning::Chance),
        ("createdAt", Meaning::Date),
        ("Name", Meaning::Question),
    ] {
        assert_eq!(guessed(head)[0], [is(meaning, head)], "{head}");
    }
    for (head, meaning) in [
        ("Evidence", Meaning::Text),
        ("Evidence text", Meaning::Text),
        ("Id", Meaning::Id),
        ("Source URL", Meaning::Link),
        ("Source date", Meaning::SourceDate),
    ] {
        assert_eq!(guessed(head)[1], [is(meaning, head)], "{head}");
    }
    // Beside a question, a name is somebody's.
    assert_eq!(
        guessed("Question|Name")[0],
        [
            is(Meaning::Question, "Question"),
            is(Meaning::Person, "Name")
        ]
    );
}

#[test]
fn evidence_is_not_taken_for_an_id_and_keeps_its_apostrophe() {
    let text = include_str!("tables/evidence.csv");
    for text in [
        text.to_owned(),
        text.replacen("Evidence", "Evidence text", 1),
    ] {
        let sheet = Sheet::read(&text).unwrap();
        let columns = guess_evidence(&sheet);
        assert_eq!(
            columns,
            [(Meaning::Text, 0), (Meaning::Source, 1)]
                .into_iter()
                .collect()
        );
        let mut board = Board::default();
        let plan = planned_evidence(&board, &text);
        assert_eq!(plan.evidence, 3);
        act(&mut board, Command::TakeIn(plan.changes));
        assert!(
            board
                .all_evidence()
                .any(|evidence| evidence.text == "'twas the wettest year on record")
        );
    }
}

#[test]
fn a_table_without_headings_is_read_by_what_is_in_it() {
    let text = "Area lead,The dam holds until spring,30%,2026-09-02\nResearcher,The dam holds until spring,40%,2026-09-03\nArea lead,The bridge stays open,60%,2026-09-02\n";
    let sheet = Sheet::read(text).unwrap();
    assert!(!sheet.has_headings);
    assert_eq!(sheet.head, ["Column 1", "Column 2", "Column 3", "Column 4"]);
    let plan = planned(&pilot(), text);
    assert_eq!((plan.cruxes, plan.people, plan.credences), (2, 0, 3));
    // What was found out can be chosen otherwise.
    let as_headings = Sheet::read_with(text, Some(true)).unwrap();
    assert_eq!(as_headings.head[1], "The dam holds until spring");
    let sheet = Sheet::read_with("Question,Probability\nA,20\n", Some(false)).unwrap();
    assert_eq!(sheet.rows.len(), 2);
}

#[test]
fn headings_that_are_alike_are_told_apart() {
    let sheet =
        Sheet::read("Question,Date,Probability,Date\nA,2026-09-02,30,2026-09-03\n").unwrap();
    let labels: Vec<String> = (0..4).map(|place| sheet.column_label(place)).collect();
    assert_eq!(
        labels,
        [
            "Question",
            "Date (column 2)",
            "Probability",
            "Date (column 4)"
        ]
    );
    let columns = guess(&sheet);
    assert_eq!(columns.get(&Meaning::Date), Some(&1));
    assert_eq!(sheet.left_out(&columns, Layout::Rows), ["Date (column 4)"]);
}

#[test]
fn a_column_per_person_or_per_question_is_recognised_or_named_as_left_out() {
    let people = "Question,Area lead,Researcher,Guest,Cost\nThe dam holds,30%,40%,,high\nIt rains,,55%,60%,low\nIt snows,,,,\n";
    let mut board = pilot();
    let plan = planned(&board, people);
    assert_eq!(
        plan.row_outcomes,
        [
            added("new crux, 30%"),
            added("40%"),
            added("new crux, 55%"),
            added("new person Guest, 60%"),
            added("new crux"),
        ]
    );
    assert_eq!(
        (plan.about[1].number, plan.about[1].about.as_str()),
        (2, "“The dam holds” Researcher")
    );
    act(&mut board, Command::TakeIn(plan.changes));
    assert_eq!(planned(&board, people).changes, []);
    let sheet = Sheet::read(people).unwrap();
    let reading = Reading::guessed(&board, &sheet);
    assert_eq!(reading.layout, Layout::PersonColumns);
    assert_eq!(sheet.left_out(&reading.columns, reading.layout), ["Cost"]);

    let questions = "Timestamp,Name,Will it rain?,Will it snow?\n2026-09-02 10:00,Researcher,55%,20%\n2026-09-03 10:00,Red-teamer,45%,\n";
    let plan = planned(&pilot(), questions);
    assert_eq!((plan.cruxes, plan.people, plan.credences), (2, 0, 3));

    // Whatever else is counted is nobody, unless that is chosen.
    let counts = "Question,Number of users,Cost in percent\nThe dam holds,40,30\n";
    let sheet = Sheet::read(counts).unwrap();
    let reading = Reading::guessed(&pilot(), &sheet);
    assert_eq!(reading.layout, Layout::Rows);
    assert!(may_be_wide(&sheet, &Default::default()));
    let columns = [(Meaning::Question, 0)].into_iter().collect();
    assert_eq!(
        sheet.left_out(&columns, Layout::Rows),
        ["Number of users", "Cost in percent"]
    );
    let plan = planned_as(&pilot(), counts, |reading| {
        reading.columns.clone_from(&columns);
        reading.layout = Layout::PersonColumns;
    });
    assert_eq!((plan.people, plan.credences), (2, 2));
}

#[test]
fn a_scale_that_is_not_sure_is_asked_about_before_anything_is_taken_in() {
    let text = include_str!("tables/one-to-five.csv");
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
    // One date that can only be read one way tells for all.
    let told = format!("{text}Reach,55,30/4/2026\n");
    assert_eq!(
        days(&told, None),
        ["2026-04-03", "2026-04-05", "2026-04-30"]
    );
}

#[test]
fn the_same_title_with_another_claim_is_another_crux() {
    let text = "Question,Claim,Probability\nReach,The pilot reaches 40 users by June,30\nReach,The pilot reaches 80 users by June,20\nReach,The pilot reaches 80 users by June,25\nOther words,The pilot reaches 40 users by June,35\nReach,,40\n";
    let mut board = pilot();
    let plan = planned(&board, text);
    assert_eq!(
        plan.row_outcomes,
        [
            added("30%"),
            added("new crux, 20%"),
            added("25%"),
            added("35%"),
            held("two cruxes have this title, and no claim tells which is meant"),
        ]
    );
    act(&mut board, Command::TakeIn(plan.changes));
    assert_eq!(planned(&board, text).changes, []);
    assert_eq!(planned(&board, &credences_csv(&board)).changes, []);
    let mut other = Board::default();
    let plan = planned(&other, &credences_csv(&board));
    act(&mut other, Command::TakeIn(plan.changes));
    assert_eq!(credences_csv(&other), credences_csv(&board));
}

#[test]
fn markdown_tables_and_cells_pasted_from_a_spreadsheet_are_read() {
    let markdown = "# Votes\n\n| Question | Person | Probability |\n|:---|---|--:|\n| Cost \\| time | Researcher | 45% |\n| Reach | Red-teamer | 20% |\n\nSo much for that.\n";
    let sheet = Sheet::read(markdown).unwrap();
    assert_eq!(sheet.head, ["Question", "Person", "Probability"]);
    assert_eq!(sheet.rows[0], ["Cost | time", "Researcher", "45%"]);
    assert_eq!((sheet.rows.len(), sheet.remarks.len()), (2, 0));
    let two = format!("{markdown}\n| a |\n|---|\n| b |\n");
    assert_eq!(
        Sheet::read(&two).unwrap().remarks,
        ["Only the first table was read: 3 lines of another one were left out."]
    );

    let tabs = "Question\tProbability\n\"So\" he said, \"it goes\"\t45%\n\"two\nlines\"\t20%\n";
    let sheet = Sheet::read(tabs).unwrap();
    // Quotation marks that enclose no cell are letters, and then line breaks end rows.
    assert_eq!(sheet.rows[0], ["\"So\" he said, \"it goes\"", "45%"]);
    let sheet = Sheet::read("a\tb\n\"two\nlines\"\t20%\n").unwrap();
    assert_eq!(sheet.rows, [["two\nlines", "20%"]]);

    let bars = include_str!("tables/bars.csv");
    let mut board = pilot();
    let plan = planned(&board, bars);
    act(&mut board, Command::TakeIn(plan.changes));
    let crux = board.cruxes()[1].clone();
    assert_eq!(
        (crux.title.as_str(), crux.claim.as_str()),
        ("Cost | time", "Cost | time stays under 9")
    );
    assert_eq!(
        board.statements_on(crux.id)[0].reason,
        "see https://x.test/a|b_c_d"
    );
    assert_eq!(planned(&board, &credences_csv(&board)).changes, []);
}

#[test]
fn tables_that_go_out_say_that_they_are_utf_8_and_come_back() {
    let mut board = pilot();
    let text = include_str!("tables/greek.csv");
    let plan = planned(&board, text);
    assert_eq!((plan.cruxes, plan.credences), (1, 1));
    act(&mut board, Command::TakeIn(plan.changes));
    let evidence = EvidenceEdit {
        text: Some("Η στάθμη".into()),
        ..EvidenceEdit::default()
    };
    let (bears_on, moves) = (Vec::new(), Vec::new());
    act(
        &mut board,
        Command::FileEvidence {
            evidence,
            bears_on,
            moves,
        },
    );
    for table in [credences_csv(&board), evidence_csv(&board)] {
        assert_eq!(&table.as_bytes()[..3], b"\xef\xbb\xbf");
    }
    let sheet = Sheet::read(&credences_csv(&board)).unwrap();
    assert_eq!(sheet.head[0], "Question");
    assert_eq!(planned(&board, &credences_csv(&board)).changes, []);
    assert_eq!(planned_evidence(&board, &evidence_csv(&board)).changes, []);
    assert_eq!(planned(&board, text).changes, []);
}

/// The cells of a table for a spreadsheet that takes this mark for the separator.
fn as_split_at(text: &str, mark: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut is_quoted = false;
    let text = text.trim_start_matches('\u{feff}');
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let cell = cells.last_mut().unwrap();
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' if is_quoted => is_quoted = false,
            '"' if cell.is_empty() => is_quoted = true,
            letter if is_quoted => cell.push(letter),
            letter if letter == mark || matches!(letter, '\r' | '\n') => cells.push(String::new()),
            letter => cell.push(letter),
        }
    }
    cells
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
        "a;=1+1;b",
        "a;'b",
        "a\n=1+1",
        "a;\"=1+1",
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
        // As a spreadsheet splits it, whatever its separator, which knows quotation marks only at the
        // beginning of a cell.
        for mark in [',', ';', '\t'] {
            for cell in as_split_at(&text, mark) {
                let is_number = cell.trim_end().parse::<f64>().is_ok();
                assert!(
                    is_number || !cell.starts_with(['=', '+', '-', '@', '\t']),
                    "{cell:?} at {mark:?}"
                );
            }
        }
    }
    assert_eq!(evidence_csv(&board).matches("\r\n").count(), 18);
}

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
        "This is a spreadsheet (.xlsx), not a table. Open it in a spreadsheet program, save the sheet as CSV, and bring that in."
    );
    let slack = include_str!("pages/slack-two.json");
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
    // A wide table has as many rows as numbers.
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

    // The same numbers as other tables write them.
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
    // The others are taken in.
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
