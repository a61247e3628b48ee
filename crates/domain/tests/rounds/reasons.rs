//! The reasons of answers.

use super::*;

fn statement_of(table: &Table, person: PersonId) -> ChangeId {
    let stated = |payload: &Payload| matches!(payload, Payload::CredenceStated(said) if said.person == person);
    table.ids(stated)[0]
}

#[test]
fn a_reason_stands_once_in_the_log_and_is_checked_against_the_seal() {
    let mut table = over();
    let log = |table: &Table| {
        let changes = table.desk.board.log().changes();
        changes.map(Change::to_json).collect::<String>()
    };
    assert_eq!(log(&table).matches("so I think").count(), 2, "one each");
    let shown = |table: &Table| {
        let found = findings(&table.desk.board, table.round());
        let answers = found[0].answers.iter();
        let reasons = answers.map(|(.., answer)| reason_words(answer).to_owned());
        reasons.collect::<Vec<_>>()
    };
    assert_eq!(shown(&table), ["so I think", "so I think"]);
    // An erased reason leaves the number and the check, but nothing from which the reason could be guessed.
    let ann = statement_of(&table, table.ann);
    let salt = |table: &Table| match &table.desk.board.log().change(ann).unwrap().payload {
        Payload::CredenceStated(stated) => Some(stated.reason_salt.clone()),
        _ => None,
    };
    let kept = salt(&table).unwrap();
    assert_eq!(
        table.published(80.0)[0].reason_seal,
        reason_seal(&kept, Topic::Crux(table.crux), "so I think")
    );
    table.desk.does(Command::Redact(vec![ann]));
    assert_eq!(salt(&table), None);
    assert_eq!(log(&table).matches("so I think").count(), 1);
    assert_eq!(
        table.stands(table.ann),
        Standing::Revealed(table.published(80.0))
    );
    assert_eq!(shown(&table), ["so I think", "(The reason was erased.)"]);
}

#[test]
fn another_reason_than_was_sealed_is_not_shown_as_the_sealed_one() {
    let mut table = Table::new();
    table.seals(table.ann, 20.0);
    table.closes();
    let revealed = table.revealed(table.ann, 20.0);
    let (first, second) = (table.elsewhere(), table.elsewhere());
    table.arrives(first, Payload::RoundRevealed(Box::new(revealed)));
    let sealed = kept(table.crux, 20.0);
    let stated = CredenceStated {
        crux: table.crux,
        person: table.ann,
        credence: Credence::clamped(20.0),
        reason: "now that I have seen the others".into(),
        reason_salt: sealed.reason_salt(&sealed.answers[0]),
        evidence: Vec::new(),
        reaffirms: false,
        at: None,
        wall_clock: None,
    };
    table.arrives(second, Payload::CredenceStated(Box::new(stated)));
    let found = findings(&table.desk.board, table.round());
    assert_eq!(found[0].answers[0].2.reason, "");
}

#[test]
fn reasons_that_an_older_version_published_can_be_erased_and_reopen_nothing() {
    let mut table = Table::new();
    let sealed = SealedAnswers {
        reason_secret: String::new(),
        ..kept(table.crux, 37.0)
    };
    table.desk.does(Command::SealAnswers(RoundSealed {
        round: table.round,
        person: table.ann,
        seal: seal(table.round, table.ann, SALT, &answer(table.crux, 37.0)),
    }));
    table.closes();
    let reveal = table.desk.does(Command::RevealAnswers {
        round: table.round,
        person: table.ann,
        sealed: sealed.clone(),
    });
    assert_eq!(
        table.stands(table.ann),
        Standing::Revealed(answer(table.crux, 37.0))
    );
    table.desk.does(Command::Redact(vec![reveal]));
    let json = table.desk.board.log().entry(reveal).unwrap().to_json();
    assert!(
        !json.contains("so I think") && !json.contains(SALT),
        "{json}"
    );
    let bare = vec![Answer {
        reason: String::new(),
        ..answer(table.crux, 37.0)[0].clone()
    }];
    assert_eq!(table.stands(table.ann), Standing::Unchecked(bare));
    // A device that still has the answer does not publish it again.
    let again = Command::RevealAnswers {
        round: table.round,
        person: table.ann,
        sealed,
    };
    assert_eq!(table.desk.refuses(again), CommandError::NothingToDo);
    // The number is not counted, since anybody could have published it.
    assert!(
        findings(&table.desk.board, table.round())[0]
            .answers
            .is_empty()
    );
}
