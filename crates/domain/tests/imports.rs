//! Exports of other programs: the resulting board in every field, and that a second import adds nothing.

use std::fmt::Write as _;

use cruxboard_domain::Millis;
use cruxboard_domain::board::Board;
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::{Command, Issuer, decide};
use cruxboard_domain::id::{Clock, Replica};
use cruxboard_domain::import::csv::{
    Format, Meaning, Plan, Reading, RowOutcome, Scale, Sheet, SheetError, plan, table_in_archive,
};
use cruxboard_domain::record::{PersonEdit, Stage};

/// 25 November 2026.
const NOW: Millis = Millis(1_795_600_000_000);

fn act(board: &mut Board, command: Command) {
    let mut clock = Clock::new(Replica::new(4, 4));
    let mut issuer = Issuer {
        by: None,
        now: Now::utc(NOW),
        clock: &mut clock,
    };
    for change in decide(board, command, &mut issuer).unwrap() {
        board.apply(change);
    }
}

/// Returns a board with one person, the reader.
fn begun() -> Board {
    let mut board = Board::default();
    let person = PersonEdit {
        name: Some("Area lead".into()),
        ..PersonEdit::default()
    };
    act(&mut board, Command::AddPerson(person));
    board
}

fn planned(board: &Board, sheet: &Sheet, scale: Option<Scale>) -> Plan {
    let reading = Reading {
        scale,
        ..Reading::guessed(board, sheet)
    };
    let me = board.people().next().map(|person| person.id);
    plan(board, sheet, &reading, me, Now::utc(NOW))
}

/// Imports a table into a board, and asserts that a second import adds nothing. Returns the board and the
/// outcome of each row.
fn taken_in(text: &str, format: Format, scale: Option<Scale>) -> (Board, Vec<RowOutcome>) {
    let mut board = begun();
    let sheet = Sheet::read(text).unwrap();
    assert_eq!(sheet.format, Some(format));
    let plan = planned(&board, &sheet, scale);
    act(&mut board, Command::TakeIn(plan.changes));
    assert_eq!(planned(&board, &sheet, scale).changes, [], "a second time");
    (board, plan.row_outcomes)
}

/// Returns all that an import can add to a board, one line for each record.
fn told(board: &Board) -> String {
    let mut text = String::new();
    let mut line = |parts: &[String]| {
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        writeln!(text, "{}", parts.join(" | ")).unwrap();
    };
    let names: Vec<String> = board.people().map(|person| person.name.clone()).collect();
    line(&["people".into(), names.join(", ")]);
    for crux in board.cruxes() {
        let with = |name: &str, value: String| match value.as_str() {
            "" => String::new(),
            value => format!("{name}={value}"),
        };
        let day =
            |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let owner = crux.owner.and_then(|owner| board.person(owner));
        let mitigations = crux.mitigations.iter().map(|one| one.what.clone());
        line(&[
            "crux".into(),
            with("title", crux.title.clone()),
            crux.claim.clone(),
            match crux.stage() {
                Stage::Open => String::new(),
                stage => stage.key().into(),
            },
            with("reason", crux.stage_reason.clone()),
            with("until", day(crux.scored_until)),
            with("review", day(crux.review_on)),
            with("tags", crux.tags.join(",")),
            with("from", crux.sourced_from.clone()),
            with(
                "owner",
                owner.map(|owner| owner.name.clone()).unwrap_or_default(),
            ),
            with(
                "importance",
                crux.importance
                    .map(|it| it.key().to_owned())
                    .unwrap_or_default(),
            ),
            with("mitigations", mitigations.collect::<Vec<_>>().join(",")),
            with("note", crux.note.replace('\n', "/")),
        ]);
        for statement in board.statements_on(crux.id) {
            line(&[
                "  says".into(),
                board.person(statement.person).unwrap().name.clone(),
                format!("{}%", statement.credence),
                statement.at.day().to_string(),
                (statement.at.0 / 1000 % 86_400).to_string(),
                statement.reason.clone(),
            ]);
        }
    }
    for message in board.messages() {
        line(&[
            "message".into(),
            message.page.clone(),
            message.author.clone(),
            message.date.to_string(),
            message.text.clone(),
        ]);
    }
    text
}

fn added(text: &str) -> RowOutcome {
    RowOutcome::Added(text.into())
}

#[test]
fn an_export_of_fatebook_brings_options_resolutions_notes_tags_comments_and_authors() {
    let text = include_str!("tables/fatebook.csv");
    let (board, row_outcomes) = taken_in(text, Format::Fatebook, None);
    assert_eq!(
        told(&board),
        "people | Area lead, Ann Lee, Bo
crux | title=Will the dam hold until spring? | Will the dam hold until spring? | review=2027-04-01 | tags=dam,2027 | from=Ann Lee | note=Counts as held if the gauge stays below 4 m.
  says | Ann Lee | 35% | 2026-09-02 | 45005
  says | Bo | 0.01% | 2026-09-03 | 32707
crux | Which town floods first? Upton | settled-true | reason=Resolved YES on 20 Oct 2026, says Fatebook. | until=2026-10-20 | from=Bo
  says | Bo | 60% | 2026-09-04 | 36000
crux | Which town floods first? Downham | settled-false | reason=Resolved NO on 20 Oct 2026, says Fatebook. | until=2026-10-20 | from=Bo
  says | Bo | 30% | 2026-09-04 | 36000
crux | Will the pump arrive? | retired | reason=Resolved AMBIGUOUS on 2 Oct 2026, says Fatebook. | from=Ann Lee
  says | Ann Lee | 50% | 2026-09-05 | 36000
message | Fatebook: Will the dam hold until spring? | Ann Lee | unknown | I looked at the gauge; it is fine
message | Fatebook: Will the dam hold until spring? | Cy | unknown | the north side: less so
"
        .replace("title=Will the dam hold until spring? | ", "")
    );
    assert_eq!(
        row_outcomes[0],
        added("new crux, new person Ann Lee, 2 comments for the reading list, 35%")
    );
    assert_eq!(row_outcomes[2], added("new crux, 60%, settled as true"));
}

#[test]
fn a_resolution_settles_an_open_crux_and_never_one_that_is_settled_otherwise() {
    let head = "Question title,Forecast created by,Forecast (scale = 0-1),Forecast created at,Resolution,Resolved at\n";
    let row = |resolution: &str| {
        format!("{head}Will it rain?,Bo,0.5,2026-09-05 10:00:0,{resolution},2026-10-02 10:00:0\n")
    };
    let unresolved = format!("{head}Will it rain?,Bo,0.5,2026-09-05 10:00:0,,\n");
    let mut board = begun();
    let takes = |board: &mut Board, text: &str| {
        let plan = planned(board, &Sheet::read(text).unwrap(), None);
        if !plan.changes.is_empty() {
            act(board, Command::TakeIn(plan.changes));
        }
        plan.row_outcomes
    };
    assert_eq!(
        takes(&mut board, &unresolved),
        [added("new crux, new person Bo, 50%")]
    );
    assert_eq!(
        takes(&mut board, &row("YES")),
        [RowOutcome::Changed("settled as true".into())]
    );
    assert_eq!(
        takes(&mut board, &row("YES")),
        [RowOutcome::Skipped("this credence is there already")]
    );
    assert_eq!(
        takes(&mut board, &row("NO")),
        [RowOutcome::Held(
            "its crux is settled or retired otherwise".into()
        )]
    );
    assert_eq!(board.cruxes()[0].stage(), Stage::SettledTrue);
    assert_eq!(
        takes(&mut begun(), &row("maybe")),
        [added(
            "new crux, new person Bo, 50%, without its resolution “maybe”, which is not yes or no"
        )]
    );
}

#[test]
fn a_number_without_a_name_in_an_export_is_nobodys() {
    let text = "Question title,Forecast created by,Forecast (scale = 0-1),Forecast created at\nWill it rain?,,0.5,2026-09-05 10:00:0\n";
    let (board, row_outcomes) = taken_in(text, Format::Fatebook, None);
    assert_eq!(
        row_outcomes,
        [added(
            "new crux, without “0.5”: it does not say whose credence this is"
        )]
    );
    assert_eq!(told(&board), "people | Area lead\ncrux | Will it rain?\n");
    // Every table with a column for people is treated in this way.
    let board = begun();
    let sheet = Sheet::read("Question,Person,Probability\nWill it rain?,,50%\n").unwrap();
    assert_eq!(
        planned(&board, &sheet, None).row_outcomes,
        [added(
            "new crux, without “50%”: it does not say whose credence this is"
        )]
    );
}

/// A file in an archive.
struct Packed {
    name: String,
    is_deflated: bool,
    data: Vec<u8>,
    crc: u32,
    len: usize,
}

fn packed(name: &str, content: &[u8], is_deflated: bool) -> Packed {
    Packed {
        name: name.into(),
        is_deflated,
        data: match is_deflated {
            true => miniz_oxide::deflate::compress_to_vec(content, 6),
            false => content.to_vec(),
        },
        crc: rawzip::crc32(content),
        len: content.len(),
    }
}

/// Returns a file of `copies` times 258 letters and one: a fixed Huffman block (RFC 1951, 3.2.6) with one
/// letter and copies of it.
fn bomb(name: &str, copies: usize) -> Packed {
    let (mut data, mut byte, mut count) = (Vec::new(), 0_u8, 0);
    let mut bit = |bit: u8| {
        byte |= bit << count;
        count += 1;
        if count == 8 {
            data.push(byte);
            (byte, count) = (0, 0);
        }
    };
    // The header (last block, fixed codes), then "a"; each copy has length code 285 and distance code 0.
    "110".bytes().for_each(|sign| bit(sign - b'0'));
    "10010001".bytes().for_each(|sign| bit(sign - b'0'));
    for _ in 0..copies {
        "1100010100000".bytes().for_each(|sign| bit(sign - b'0'));
    }
    // The end of the block, and bits to fill the last byte.
    "000000000000000".bytes().for_each(|sign| bit(sign - b'0'));
    let len = 1 + copies * 258;
    Packed {
        name: name.into(),
        is_deflated: true,
        data,
        crc: rawzip::crc32(&vec![b'a'; len]),
        len,
    }
}

/// Returns a zip archive of the files.
fn archive(files: &[Packed]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for file in files {
        let offset = bytes.len() as u32;
        let mut common = Vec::new();
        for number in [20_u16, 0, if file.is_deflated { 8 } else { 0 }, 0, 0] {
            common.extend(number.to_le_bytes());
        }
        for number in [file.crc, file.data.len() as u32, file.len as u32] {
            common.extend(number.to_le_bytes());
        }
        common.extend((file.name.len() as u16).to_le_bytes());
        common.extend(0_u16.to_le_bytes());
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&common);
        bytes.extend(file.name.as_bytes());
        bytes.extend(&file.data);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(file.name.as_bytes());
    }
    let start = bytes.len() as u32;
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\x00\x00\x00\x00");
    for _ in 0..2 {
        bytes.extend((files.len() as u16).to_le_bytes());
    }
    bytes.extend((directory.len() as u32).to_le_bytes());
    bytes.extend(start.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

fn zip(files: &[(&str, &[u8])], is_deflated: bool) -> Vec<u8> {
    let files = files
        .iter()
        .map(|(name, content)| packed(name, content, is_deflated));
    archive(&files.collect::<Vec<_>>())
}

fn metaculus(forecasts: &str) -> String {
    let questions = include_bytes!("tables/metaculus-questions.csv");
    let archive = zip(
        &[
            ("question_data.csv", questions),
            ("forecast_data.csv", forecasts.as_bytes()),
            ("comment_data.csv", b"Post ID\n"),
        ],
        true,
    );
    table_in_archive(&archive).unwrap().unwrap()
}

#[test]
fn the_archive_of_metaculus_is_joined_by_id_and_its_aggregates_are_nobody() {
    let expected = |ann: &str, bo: &str| {
        format!(
            "people | Area lead, {ann}, {bo}
crux | Will the dam hold until spring? | review=2027-04-01 | tags=Rivers | note=https://www.metaculus.com/questions/1/dam/
  says | {ann} | 35% | 2026-09-02 | 45005
  says | {bo} | 40% | 2026-09-03 | 45005
crux | Which town floods first? Upton | settled-true | reason=Resolved yes on 20 Oct 2026, says Metaculus. | until=2026-10-20 | tags=Rivers | note=https://www.metaculus.com/questions/2/town/
  says | {ann} | 60% | 2026-09-02 | 45005
crux | Which town floods first? Downham's end | settled-false | reason=Resolved no on 20 Oct 2026, says Metaculus. | until=2026-10-20 | tags=Rivers | note=https://www.metaculus.com/questions/2/town/
  says | {ann} | 40% | 2026-09-02 | 45005
crux | Will the pump arrive? | settled-false | reason=Resolved no on 2 Oct 2026, says Metaculus. | until=2026-10-02 | tags=Rivers | note=https://www.metaculus.com/questions/4/pump/
"
        )
    };
    let forecasts = include_str!("tables/metaculus-forecasts.csv");
    let (board, _) = taken_in(&metaculus(forecasts), Format::Metaculus, None);
    assert_eq!(told(&board), expected("ann", "bo"));

    // The archive as packed by Python, which Metaculus uses.
    let archive = include_bytes!("tables/metaculus.zip");
    let text = table_in_archive(archive).unwrap().unwrap();
    let (board, _) = taken_in(&text, Format::Metaculus, None);
    assert_eq!(told(&board), expected("ann", "bo"));

    // If usernames are replaced by hashes, their column contains a method.
    let (one, two) = ("1a2b3c4d".repeat(8), "5e6f7a8b".repeat(8));
    let hidden = forecasts
        .replacen(
            "Forecaster ID,Forecaster Username",
            "Forecaster (Anonymized)",
            1,
        )
        .replace("501,ann", &one)
        .replace("502,bo", &two)
        .replace(",,recency_weighted", ",recency_weighted")
        .replace(",,unweighted", ",unweighted");
    let (board, _) = taken_in(&metaculus(&hidden), Format::Metaculus, None);
    assert_eq!(
        told(&board),
        expected("Forecaster 1a2b3c4d", "Forecaster 5e6f7a8b")
    );
}

#[test]
fn half_an_export_of_metaculus_asks_for_the_whole() {
    let forecasts = include_str!("tables/metaculus-forecasts.csv");
    assert_eq!(
        Sheet::read(forecasts).unwrap_err().to_string(),
        "This is the part of a Metaculus export that holds the forecasts, without their questions. Please bring in the whole .zip file."
    );
}

#[test]
fn an_archive_is_read_within_limits_or_says_what_to_do() {
    let table = b"Question,Probability\nWill it rain?,50%\n";
    let read = |archive: &[u8]| table_in_archive(archive).unwrap();
    // Google Forms exports a table within an archive.
    for is_packed in [true, false] {
        let archive = zip(&[("Votes.csv", table)], is_packed);
        assert_eq!(read(&archive).unwrap().as_bytes(), table);
        let shadow = zip(
            &[("Votes.csv", table), ("__MACOSX/._Votes.csv", b"\0\x05")],
            is_packed,
        );
        assert_eq!(read(&shadow).unwrap().as_bytes(), table);
        // Each cut and each changed byte is noticed.
        for end in [4, 40, archive.len() / 2, archive.len() - 1] {
            assert!(read(&archive[..end]).is_err(), "{end}");
        }
        let mut changed = archive.clone();
        changed[50] ^= 1;
        assert!(read(&changed).is_err());
    }
    let why = |archive: &[u8]| read(archive).unwrap_err().to_string();
    assert!(why(&zip(&[("a.csv", table), ("b.csv", table)], true)).contains("several tables"));
    assert!(why(&zip(&[("a.png", table)], true)).contains("no table in this archive"));
    assert!(why(&zip(&[("a.csv", b"Stra\xdfe,1")], true)).contains("not in UTF-8"));
    let too_large = "unpacks to more than 64 MB or holds more than 1,000 files";
    let large = archive(&[bomb("a.csv", 65 * 1024 * 1024 / 258)]);
    assert!(large.len() < 1024 * 1024, "it is a bomb");
    assert!(why(&large).contains(too_large));
    let half = |name| bomb(name, 33 * 1024 * 1024 / 258);
    let two = archive(&[half("question_data.csv"), half("forecast_data.csv")]);
    assert!(why(&two).contains(too_large));
    let names: Vec<String> = (0..1_001).map(|number| format!("{number}.png")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert!(why(&zip(&many, false)).contains(too_large));
    // Workbooks are archives too, but are recognised by `file_kind`.
    assert_eq!(
        table_in_archive(&zip(
            &[("[Content_Types].xml", b""), ("xl/a.txt", b"")],
            true
        )),
        None
    );
    assert_eq!(table_in_archive(table), None);
    // A workbook that is cut off is not taken for an archive of tables either; `file_kind` recognises it.
    let cut_workbook = b"PK\x03\x04\x14\0[Content_Types].xml xl/workbook.xml";
    assert_eq!(table_in_archive(cut_workbook), None);
}

#[test]
fn a_changed_byte_of_an_archive_is_noticed_or_changes_nothing() {
    let table = b"Question,Probability\nWill it rain?,50%\n";
    let whole = zip(&[("Votes.csv", table)], true);
    for place in 0..whole.len() {
        for bit in 0..8 {
            let mut changed = whole.clone();
            changed[place] ^= 1 << bit;
            if let Some(Ok(text)) = table_in_archive(&changed) {
                assert_eq!(text.as_bytes(), table, "byte {place}, bit {bit}");
            }
        }
    }
}

#[test]
fn predictionbook_brings_estimates_and_no_credence_where_there_is_none() {
    let text = include_str!("tables/predictionbook.json");
    let (board, _) = taken_in(text, Format::PredictionBook, None);
    assert_eq!(
        told(&board),
        "people | Area lead, Ann, Bo
crux | The dam holds until November | settled-true | reason=Resolved true on 2 Nov 2026, says PredictionBook. | until=2026-11-02 | from=Ann | note=[Rivers] The dam holds until November
  says | Ann | 70% | 2026-09-02 | 45005 | The gauge is low.
  says | Bo | 40% | 2026-09-04 | 45005
crux | The pump arrives | review=2027-04-01 | from=Ann
message | PredictionBook: The dam holds until November | Bo | 2026-09-03 | Which gauge?
"
    );
    // A single prediction, and a list of predictions.
    for around in [("[", "]"), ("", "")] {
        let one = "{\"description\":\"It rains\",\"description_with_group\":\"It rains\",\"deadline\":\"2027-04-01T00:00:00.000Z\",\"outcome\":null,\"creator_label\":\"Ann\",\"responses\":[]}";
        let (board, _) = taken_in(
            &format!("{}{one}{}", around.0, around.1),
            Format::PredictionBook,
            None,
        );
        assert_eq!(
            told(&board),
            "people | Area lead\ncrux | It rains | review=2027-04-01 | from=Ann\n"
        );
    }
}

#[test]
fn the_table_of_predictionbook_brings_no_mean_for_a_credence() {
    let text = include_str!("tables/predictionbook.csv");
    let (board, _) = taken_in(text, Format::PredictionBook, None);
    assert_eq!(
        told(&board),
        "people | Area lead
crux | The dam holds until November | settled-true | reason=Resolved true on 2 Nov 2026, says PredictionBook. | until=2026-11-02 | from=Ann | note=[Rivers] The dam holds until November
crux | The pump arrives | review=2027-04-01 | from=Ann
"
    );
}

#[test]
fn markets_of_manifold_bring_questions_and_no_price_for_a_credence() {
    let text = include_str!("tables/manifold.json");
    let (board, _) = taken_in(text, Format::Manifold, None);
    assert_eq!(
        told(&board),
        "people | Area lead
crux | Will the dam hold until spring? | review=2027-04-01 | tags=rivers,weather | from=Ann | note=By the gauge.//https://manifold.markets/ann/dam
crux | Which town floods first? Upton | settled-true | reason=Resolved YES on 20 Oct 2026, says Manifold. | until=2026-10-20 | from=Bo | note=https://manifold.markets/bo/town
crux | Which town floods first? Downham | settled-false | reason=Resolved NO on 20 Oct 2026, says Manifold. | until=2026-10-20 | from=Bo | note=https://manifold.markets/bo/town
"
    );
    let sheet = Sheet::read(text).unwrap();
    assert_eq!(
        sheet.remarks[1],
        "Left out: 1 market that asks for a number, a poll or a bounty."
    );
    let bets = "[{\"id\":\"b\",\"contractId\":\"m1\",\"userId\":\"u\",\"probBefore\":0.5,\"probAfter\":0.6,\"amount\":10,\"createdTime\":1659482775970}]";
    assert!(
        matches!(Sheet::read(bets), Err(SheetError::Part(words)) if words.contains("no credence"))
    );
    // A file that was cut off is refused as a whole.
    assert_eq!(
        Sheet::read(&text[..text.len() - 20]).unwrap_err(),
        SheetError::CutOff
    );
}

#[test]
fn the_answers_of_a_google_form_are_read_question_by_question_each_on_its_scale() {
    let text = include_str!("tables/google-form.csv");
    let (board, _) = taken_in(text, Format::GoogleForms, None);
    assert_eq!(
        told(&board),
        "people | Area lead, ann@example.org, bo@example.org
crux | Will the dam hold until spring?
  says | ann@example.org | 70% | 2026-09-02 | 50645
  says | bo@example.org | 55% | 2026-09-03 | 29045
crux | Will the pump arrive? (1-5)
  says | ann@example.org | 70% | 2026-09-02 | 50645
  says | bo@example.org | 90% | 2026-09-03 | 29045
"
    );
    // A scale without limits in the heading is asked for, and chosen for that question only.
    let untold = text.replace(" (1-5)", "");
    let board = begun();
    let sheet = Sheet::read(&untold).unwrap();
    let plan = planned(&board, &sheet, None);
    assert_eq!(plan.changes, []);
    assert_eq!(plan.scale.unwrap().scale, None);
    let (board, _) = taken_in(&untold, Format::GoogleForms, Some(Scale::FiveEnds));
    assert!(told(&board).contains("says | ann@example.org | 70% | 2026-09-02"));
    assert!(told(&board).contains("says | ann@example.org | 75% | 2026-09-02"));

    // Answers without a name belong to nobody, not to the reader.
    let nameless = "Timestamp,Will it rain?\n2026/09/02 3:04:05 PM GMT+1,70%\n";
    let (board, _) = taken_in(nameless, Format::GoogleForms, None);
    assert_eq!(told(&board), "people | Area lead\ncrux | Will it rain?\n");
}

#[test]
fn key_results_bring_their_owners_confidence_and_no_progress() {
    let text = include_str!("tables/okr.csv");
    let (board, _) = taken_in(text, Format::Okr, None);
    let told = told(&board);
    assert_eq!(
        told.lines()
            .map(|line| line.split(" | 2026-11-25").next().unwrap())
            .collect::<Vec<_>>(),
        [
            "people | Area lead, Bo, Ann",
            "crux | Ten pumps are in place | review=2027-03-31 | owner=Bo | note=Fewer floods",
            "  says | Bo | 70%",
            "crux | Nobody waits for more than an hour | review=2027-03-31 | owner=Ann | note=Fewer floods",
            "  says | Ann | 30%",
        ]
    );
    assert!(told.contains("| Two are late\n"));
}

#[test]
fn a_risk_register_brings_risks_with_owner_impact_and_mitigations() {
    let text = include_str!("tables/risk-register.csv");
    let (board, _) = taken_in(text, Format::RiskRegister, None);
    let told = told(&board);
    assert_eq!(
        told.lines()
            .map(|line| line.split(" | 2026-11-25").next().unwrap())
            .collect::<Vec<_>>(),
        [
            "people | Area lead",
            "crux | title=Dam | The dam breaks before spring | review=2027-01-15 | tags=Structure | importance=high | mitigations=Lower the level,Watch the gauge | note=Owner: Bo",
            "  says | Area lead | 70%",
            "crux | title=Pump | The pump is late | tags=Supply | owner=Area lead | mitigations=Order two | note=Impact: 3",
            "  says | Area lead | 30%",
        ]
    );
    let german = "Risiko,Risikobeschreibung,Kategorie,Eintrittswahrscheinlichkeit,Auswirkung,Verantwortlich,Maßnahmen\nDamm,Der Damm bricht,Bau,70 Prozent,hoch,Bo,Pegel senken\n";
    let (board, _) = taken_in(german, Format::RiskRegister, None);
    assert!(
        self::told(&board).starts_with(
            "people | Area lead\ncrux | title=Damm | Der Damm bricht | tags=Bau | mitigations=Pegel senken | note="
        ),
        "{}",
        self::told(&board)
    );
    // A likelihood in words is not turned into a number.
    let words = "Risk,Likelihood,Impact\nThe dam breaks,Likely,High\n";
    let (board, row_outcomes) = taken_in(words, Format::RiskRegister, None);
    assert_eq!(
        row_outcomes,
        [added(
            "new crux, without “Likely”: its probability is no number"
        )]
    );
    assert_eq!(board.cruxes().len(), 1);
}

#[test]
fn headings_of_other_tables_are_taken_for_no_known_format() {
    for head in [
        "Question,Person,Probability,Date",
        "Title,Probability,Note",
        "Risk appetite,Owner",
        "Question,Timestamp",
        "Objective,Owner,Status",
        "Date,Timestamp,Probability",
        "Frage,Person,Wahrscheinlichkeit,Datum",
        "Ziel,Verantwortlich,Status",
        "Risiko,Verantwortlich",
    ] {
        let width = head.split(',').count();
        let row = vec!["x"; width].join(",");
        let sheet = Sheet::read(&format!("{head}\n{row}\n")).unwrap();
        assert_eq!(sheet.format, None, "{head}");
    }
    // The other columns can be chosen.
    let sheet = Sheet::read("Question,Resolution,Labels\nWill it rain?,yes,a; b\n").unwrap();
    let reading = Reading::guessed(&begun(), &sheet);
    assert_eq!(reading.columns.get(&Meaning::Resolution), Some(&1));
    assert_eq!(reading.columns.get(&Meaning::Tags), Some(&2));
}

#[test]
fn a_row_with_a_text_that_no_field_takes_is_held_back_and_the_others_come_in() {
    let head = "Question title,Forecast created by,Forecast (scale = 0-1),Forecast created at,Question created by,Question notes,Question comments,Multiple choice option\n";
    let long = "a".repeat(20_001);
    for (place, words) in [
        (4, "author"),
        (5, "notes on the question"),
        (6, "comments"),
        (7, "answer option"),
    ] {
        let mut row = [
            "Will it rain?",
            "Bo",
            "0.5",
            "2026-09-02 10:00:0",
            "",
            "",
            "",
            "",
        ];
        row[place] = &long;
        let text = format!(
            "{head}{}\nWill it snow?,Bo,0.5,2026-09-02 10:00:0,,,,\n",
            row.join(",")
        );
        let mut board = begun();
        let plan = planned(&board, &Sheet::read(&text).unwrap(), None);
        assert!(
            matches!(&plan.row_outcomes[0], RowOutcome::Held(why) if why.starts_with(&format!("its {words} is too long")))
        );
        act(&mut board, Command::TakeIn(plan.changes));
        assert_eq!(board.cruxes().len(), 1);
    }
}

#[test]
fn comments_that_stand_in_each_row_are_listed_once() {
    let comments: Vec<String> = (0..20)
        .map(|number| format!("Bo: remark {number}"))
        .collect();
    let comments = comments.join("; ");
    let mut text = String::from(
        "Question title,Forecast created by,Forecast (scale = 0-1),Forecast created at,Question comments\n",
    );
    for minute in 0..60 {
        let row = "Will it rain?,Bo,0.5,2026-09-02";
        writeln!(text, "{row} 10:{minute:02}:0,\"{comments}\"").unwrap();
    }
    let plan = planned(&begun(), &Sheet::read(&text).unwrap(), None);
    assert_eq!((plan.credences, plan.messages), (60, 20));
}
