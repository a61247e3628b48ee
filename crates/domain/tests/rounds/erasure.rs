//! Undo, erasure and blanks of a round, from here and elsewhere.

use std::time::Duration;

use super::*;

const IN_A_ROUND: [fn(&Payload) -> bool; 4] = [
    |payload| matches!(payload, Payload::RoundOpened(_)),
    |payload| matches!(payload, Payload::RoundSealed(_)),
    |payload| matches!(payload, Payload::RoundClosed(_)),
    |payload| matches!(payload, Payload::RoundRevealed(_)),
];

#[test]
fn nothing_of_an_answered_round_can_be_undone_erased_or_put_in_the_trash() {
    let mut table = over();
    for picks in IN_A_ROUND {
        for id in table.ids(picks) {
            for command in [Command::Retract(vec![id]), Command::Redact(vec![id])] {
                assert_eq!(table.desk.refuses(command), CommandError::RoundStays);
            }
        }
    }
    let trash = Command::Trash(table.round.0);
    assert_eq!(table.desk.refuses(trash), CommandError::RoundStays);
    // Before anybody has answered, the person who opened the round may undo that.
    let mut table = Table::new();
    table.desk.does(Command::Retract(vec![table.round.0]));
    assert!(table.desk.board.round(table.round).is_none());
}

#[test]
fn an_undo_or_erasure_from_elsewhere_leaves_an_answered_round_as_it_is_in_every_order() {
    let table = over();
    let standings = |board: &cruxboard_domain::board::Board| {
        let round = board.round(table.round).unwrap();
        [table.ann, table.bob].map(|person| standing(round, person))
    };
    let before = standings(&table.desk.board);
    for picks in IN_A_ROUND {
        for payload in [Payload::Retracted, Payload::Redacted] {
            let change = Change {
                id: ChangeId::new(
                    table.desk.now + Duration::from_secs(5),
                    0,
                    Replica::new(7, 7),
                ),
                by: None,
                part_of: None,
                payload: payload(table.ids(picks)),
            };
            let mut after = table.desk.board.clone();
            after.apply(change.clone());
            assert_eq!(standings(&after), before);
            let mut first = cruxboard_domain::board::Board::default();
            first.apply(change);
            first.merge(table.desk.board.log());
            assert_eq!(first, after);
        }
    }
}

#[test]
fn an_opening_that_was_undone_elsewhere_comes_back_with_the_first_answer() {
    let mut table = Table::new();
    let id = table.elsewhere();
    table.arrives(id, Payload::Retracted(vec![table.round.0]));
    assert!(table.desk.board.round(table.round).is_none());
    let seal = Payload::RoundSealed(Box::new(table.sealed(table.ann, 20.0)));
    let id = table.elsewhere();
    table.arrives(id, seal);
    assert_eq!(table.stands(table.ann), Standing::Answered);
}

#[test]
fn what_an_older_version_blanked_of_a_round_comes_back_from_whoever_has_it() {
    let table = over();
    for picks in IN_A_ROUND {
        for id in table.ids(picks) {
            let mut blanked = cruxboard_domain::board::Board::default();
            blanked.apply(Change {
                id,
                by: None,
                part_of: None,
                payload: Payload::Blank,
            });
            blanked.merge(table.desk.board.log());
            assert_eq!(&blanked, &table.desk.board);
            let entry =
                |board: &cruxboard_domain::board::Board| board.log().entry(id).map(Entry::to_json);
            let mut other_way = table.desk.board.clone();
            other_way.apply(Change {
                id,
                by: None,
                part_of: None,
                payload: Payload::Blank,
            });
            assert_eq!(entry(&other_way), entry(&table.desk.board));
        }
    }
}

#[test]
fn text_in_place_of_a_seal_or_a_salt_can_be_erased() {
    let mut table = Table::new();
    let mut sealed = table.sealed(table.ann, 20.0);
    sealed.seal = "an insult".into();
    let (first, second) = (table.elsewhere(), table.elsewhere());
    table.arrives(first, Payload::RoundSealed(Box::new(sealed)));
    let mut revealed = table.revealed(table.ann, 20.0);
    revealed.salt = "another insult".into();
    revealed.answers[0].reason_seal = "a third insult".into();
    table.arrives(second, Payload::RoundRevealed(Box::new(revealed)));
    table.desk.does(Command::Redact(vec![first, second]));
    let log = table.desk.board.log();
    for id in [first, second] {
        let json = log.entry(id).unwrap().to_json();
        assert!(!json.contains("insult"), "{json}");
    }
}

#[test]
fn a_seal_is_the_published_sha_256_of_what_it_seals() {
    // The hash was computed with another implementation from the same text.
    let of_nothing = seal(RoundId::default(), PersonId::default(), "salt", &[]);
    assert_eq!(of_nothing, SEAL_OF_NOTHING);
}

const SEAL_OF_NOTHING: &str = "aef35e9a9e67a6927f5d5880183019685e07da75b08d9ef59e50ef0edec21c29";
