//! Tables that are exported.

use super::*;

#[test]
fn tables_that_go_out_say_that_they_are_utf_8_and_come_back() {
    let mut board = pilot();
    let text = include_str!("../tables/greek.csv");
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

/// Returns the cells that a spreadsheet with this separator finds in a table.
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
        let mut on_cruxes = sheet.rows.iter().filter(|row| row[6].is_empty());
        let last = on_cruxes.next_back().unwrap();
        assert_eq!(last[5], claim, "{claim:?} comes back");
        // The table is split as a spreadsheet with any separator splits it; a spreadsheet knows quotation
        // marks only at the beginning of a cell.
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
