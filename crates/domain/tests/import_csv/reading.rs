//! How a text becomes a table with columns.

use super::*;

#[test]
fn a_table_with_semicolons_is_not_split_at_commas() {
    let text = include_str!("../tables/semicolons.csv");
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
        // A table of one column has no separator.
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
    // A column's meaning is not guessed from part of a word; an id or a count of people, say, is not a
    // person.
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
    // In a table with a column of questions, a column "Name" holds people.
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
    let text = include_str!("../tables/evidence.csv");
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
fn german_headings_are_known() {
    let guessed = |head: &str, guess: fn(&Sheet) -> Columns| {
        let line = head.replace('|', "\t");
        let cells = head.replace(|c| c != '|', "").replace('|', "\tx");
        let sheet = Sheet::read(&format!("{line}\nx{cells}\n")).unwrap();
        assert!(sheet.has_headings, "{head}");
        let columns = guess(&sheet);
        let mut places: Vec<_> = columns.iter().map(|(it, place)| (*place, *it)).collect();
        places.sort_by_key(|(place, _)| *place);
        places.into_iter().map(|(_, it)| it).collect::<Vec<_>>()
    };
    use Meaning::*;
    for (head, meanings) in [
        (
            "Frage|Person|Wahrscheinlichkeit|Datum|Begründung",
            &[Question, Person, Chance, Date, Note][..],
        ),
        (
            "Titel|Aussage|Name|Einschätzung in Prozent|Datum|Notiz",
            &[Question, Claim, Person, Chance, Date, Note],
        ),
        (
            "Frage|Name|Prognose|Kommentar",
            &[Question, Person, Chance, Note],
        ),
        ("Datum der Prognose|Wer|These", &[Date, Person, Claim]),
        (
            "Frage|Schlagwörter|Zu klären bis",
            &[Question, Tags, ResolveBy],
        ),
    ] {
        assert_eq!(guessed(head, guess), meanings, "{head}");
    }
    for (head, meanings) in [
        (
            "Beleg|Zitat|Link|Art|Quelle|Datum|Schlagworte",
            &[Text, Quote, Link, Kind, Source, EventDate, Tags][..],
        ),
        (
            "Beleg|Datum der Quelle|Sichtbarkeit|Verlässlichkeit|Betrifft",
            &[Text, SourceDate, Visibility, Reliability, BearsOn],
        ),
    ] {
        assert_eq!(guessed(head, guess_evidence), meanings, "{head}");
    }
    assert_eq!(guessed("Geburtsdatum|Personen-ID", guess), []);
}

#[test]
fn a_table_without_headings_is_read_by_what_is_in_it() {
    let text = "Area lead,The dam holds until spring,30%,2026-09-02\nResearcher,The dam holds until spring,40%,2026-09-03\nArea lead,The bridge stays open,60%,2026-09-02\n";
    let sheet = Sheet::read(text).unwrap();
    assert!(!sheet.has_headings);
    assert_eq!(sheet.head, ["Column 1", "Column 2", "Column 3", "Column 4"]);
    let plan = planned(&pilot(), text);
    assert_eq!((plan.cruxes, plan.people, plan.credences), (2, 0, 3));
    // The guess about headings can be overridden.
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

    // Columns with other counts are not people, unless the user chooses so.
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
    // Quotation marks within cells are ordinary characters, and then every line break ends a row.
    assert_eq!(sheet.rows[0], ["\"So\" he said, \"it goes\"", "45%"]);
    let sheet = Sheet::read("a\tb\n\"two\nlines\"\t20%\n").unwrap();
    assert_eq!(sheet.rows, [["two\nlines", "20%"]]);

    let bars = include_str!("../tables/bars.csv");
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
