//! A snapshot merged into one's own copy of the board: existing records stay, and missing ones are added
//! once.

use std::time::Duration;

use crate::world::{Manners, NOW, World, steps};
use cruxboard_domain::board::Board;
use cruxboard_domain::change::{Change, Edited, Payload};
use cruxboard_domain::date::{DAY, Now};
use cruxboard_domain::decide::{Command, Issuer, Move, decide};
use cruxboard_domain::document::Document;
use cruxboard_domain::id::{Clock, Replica};
use cruxboard_domain::record::*;
use cruxboard_domain::snapshot::answer::{CruxAnswer, member_called};
use cruxboard_domain::snapshot::link::{Parcel, unfold};
use cruxboard_domain::snapshot::{
    Audience, Depth, Merge, MergeError, Snapshot, SnapshotRequest, take,
};
use cruxboard_domain::undo::UndoStack;
use cruxboard_domain::{BoardId, ChangeId, Credence, Millis};
use proptest::prelude::*;

const READER: u32 = 40;

fn example() -> (BoardId, Board) {
    let text = include_str!("../../../public/example.cruxboard.json");
    let document = Document::from_json(text).unwrap();
    (document.board, document.entries.into_iter().collect())
}

/// Takes a snapshot of everything and passes it through a link.
fn sent(board: &Board, id: BoardId, now: Millis) -> Snapshot {
    let wish = SnapshotRequest {
        depth: Depth::Everything,
        ..SnapshotRequest::default()
    };
    let snapshot = take(board, id, &wish, now).snapshot;
    let parcel = Parcel::from_text(&Parcel::open(&snapshot).to_text()).unwrap();
    unfold(&parcel.content).unwrap()
}

/// A person working on a copy of a board.
struct Somebody {
    board: Board,
    clock: Clock,
    undo: UndoStack,
    now: Millis,
}

impl Somebody {
    fn with(board: Board, device: u32) -> Self {
        Self {
            undo: UndoStack::of(board.log(), device),
            board,
            clock: Clock::new(Replica::new(device, 1)),
            now: NOW + 2 * DAY,
        }
    }

    fn act(&mut self, command: Command) -> Vec<Change> {
        let mut issuer = Issuer {
            by: self.board.people().next().map(|person| person.id),
            now: Now::utc(self.now),
            clock: &mut self.clock,
        };
        let changes = decide(&self.board, command, &mut issuer).unwrap();
        for change in &changes {
            self.undo.note(change);
            self.board.apply(change.clone());
        }
        self.now += Duration::from_secs(60);
        changes
    }

    fn merge(&self, snapshot: &Snapshot) -> Merge {
        snapshot.merge(&self.board).unwrap()
    }

    /// Takes in the additions of a merge. If there are none, does nothing.
    fn take_in(&mut self, merge: &Merge, with_latest: bool) -> Vec<Change> {
        match merge.changes(with_latest) {
            changes if changes.is_empty() => Vec::new(),
            changes => self.act(Command::TakeIn(changes)),
        }
    }
}

fn crux_called(board: &Board, name: &str) -> CruxId {
    let cruxes = board.cruxes();
    cruxes.iter().find(|crux| crux.name() == name).unwrap().id
}

fn person_called(board: &Board, name: &str) -> PersonId {
    board
        .people()
        .find(|person| person.name == name)
        .unwrap()
        .id
}

fn evidence(text: &str) -> EvidenceEdit {
    EvidenceEdit {
        text: Some(text.into()),
        ..EvidenceEdit::default()
    }
}

fn says(merge: &Merge) -> Vec<&str> {
    merge.added.iter().map(|one| one.says.as_str()).collect()
}

#[test]
fn a_snapshot_of_what_one_has_adds_nothing_whatever_went_into_it() {
    let (id, board) = example();
    let reader = Somebody::with(board.clone(), READER);
    for audience in [Audience::Internal, Audience::Public] {
        for depth in [Depth::Argument, Depth::Everything] {
            let wish = SnapshotRequest {
                audience,
                depth,
                ..SnapshotRequest::default()
            };
            let merge = reader.merge(&take(&board, id, &wish, NOW + DAY).snapshot);
            assert_eq!(says(&merge), [""; 0], "{audience:?} {depth:?}");
            assert_eq!(merge.latest, []);
            assert!(merge.known > 100, "{}", merge.known);
        }
    }
}

#[test]
fn what_the_sender_wrote_since_is_added_beside_what_the_reader_wrote() {
    let (id, board) = example();
    let mut sender = Somebody::with(board.clone(), 1);
    let mut reader = Somebody::with(board, READER);

    let crux = crux_called(&sender.board, "Pre-training decides");
    let lead = person_called(&sender.board, "Area lead");
    sender.act(Command::AddPerson(PersonEdit {
        name: Some("Newcomer".into()),
        ..PersonEdit::default()
    }));
    sender.act(Command::AddCrux {
        crux: CruxEdit {
            claim: Some("A new claim".into()),
            ..CruxEdit::default()
        },
        triggers: vec![TriggerEdit {
            observable: Some("something new is seen".into()),
            ..TriggerEdit::default()
        }],
    });
    let bears_on = BearsOn {
        direction: Direction::For,
        strength: Strength::Strong,
    };
    let moved = Move {
        crux,
        person: lead,
        credence: Credence::clamped(91.0),
        reason: "read it".into(),
    };
    sender.act(Command::FileEvidence {
        evidence: evidence("A new study"),
        bears_on: vec![(crux, bears_on)],
        moves: vec![moved],
    });
    // Both people edit the same crux: the reader's words stay.
    for (somebody, claim) in [
        (&mut sender, "as the sender says"),
        (&mut reader, "as I say"),
    ] {
        somebody.act(Command::EditCrux(Edited {
            of: crux,
            set: CruxEdit {
                claim: Some(claim.into()),
                ..CruxEdit::default()
            },
            reason: "sharper".into(),
        }));
    }

    let snapshot = sent(&sender.board, id, sender.now);
    let merge = reader.merge(&snapshot);
    assert_eq!(
        says(&merge),
        [
            "Person: Newcomer",
            "Crux: A new claim",
            "Trigger on A new claim: something new is seen",
            "Evidence: A new study",
            "How evidence bears on Pre-training decides",
        ]
    );
    assert_eq!(merge.latest.len(), 1);
    assert_eq!(
        merge.latest[0].says,
        "Credence: Area lead on Pre-training decides, 91% on 25 Nov 2026"
    );

    let latest = |board: &Board| -> f64 {
        let views = board.current_views(crux, NOW + 3 * DAY);
        let view = views.iter().find(|view| view.statement.person == lead);
        view.unwrap().statement.credence.percent()
    };
    let before = latest(&reader.board);
    let taken = reader.take_in(&merge, false);
    assert_eq!(latest(&reader.board), before, "a number moved unasked");
    assert!(
        taken[1..]
            .iter()
            .all(|change| change.part_of == Some(taken[0].id))
    );
    assert_eq!(reader.board.crux(crux).unwrap().claim, "as I say");
    let cruxes = reader.board.cruxes();
    assert_eq!(cruxes.last().unwrap().claim, "A new claim");
    let items: Vec<_> = reader.board.evidence_on(crux).collect();
    assert_eq!(items.last().unwrap().text, "A new study");

    let again = reader.merge(&snapshot);
    assert_eq!(says(&again), [""; 0], "a second time");
    assert_eq!(again.latest.len(), 1, "not taken, so still to be had");
    reader.take_in(&again, true);
    assert_eq!(latest(&reader.board), 91.0);
    let third = reader.merge(&snapshot);
    assert!(
        third.added.is_empty() && third.latest.is_empty(),
        "{third:?}"
    );
}

#[test]
fn what_was_reworded_or_put_in_the_trash_here_is_still_known() {
    let (id, board) = example();
    let snapshot = sent(&board, id, NOW + DAY);
    let mut reader = Somebody::with(board, READER);
    let [first, second, ..] = reader.board.cruxes()[..] else {
        panic!()
    };
    let (first, second) = (first.id, second.id);
    reader.act(Command::EditCrux(Edited {
        of: first,
        set: CruxEdit {
            title: Some("Another name".into()),
            claim: Some("Another claim".into()),
            ..CruxEdit::default()
        },
        reason: "sharper".into(),
    }));
    reader.act(Command::Trash(second.0));
    let item = reader.board.all_evidence().next().unwrap().id;
    reader.act(Command::EditEvidence(Edited {
        of: item,
        set: evidence("In other words"),
        reason: String::new(),
    }));
    let merge = reader.merge(&snapshot);
    assert_eq!(says(&merge), [""; 0]);
    assert_eq!(merge.latest, []);
}

fn claiming(claim: &str, hedge: &str) -> Command {
    Command::AddCrux {
        crux: CruxEdit {
            claim: Some(claim.into()),
            hedge: Some(hedge.into()),
            ..CruxEdit::default()
        },
        triggers: Vec::new(),
    }
}

/// Returns the hedges of all cruxes with this claim, in the order of the board.
fn hedges(board: &Board, claim: &str) -> Vec<String> {
    let cruxes = board.cruxes().into_iter();
    let same = cruxes.filter(|crux| crux.claim == claim);
    same.map(|crux| crux.hedge.clone()).collect()
}

#[test]
fn a_second_crux_with_a_claim_that_is_there_is_told_from_the_first() {
    let (id, board) = example();
    let mut sender = Somebody::with(board, 1);
    sender.act(claiming("The same", "first"));
    let mut reader = Somebody::with(sender.board.clone(), READER);
    // The order of the snapshot does not matter: here the crux that both boards have comes last.
    let first = sender.board.cruxes().last().unwrap().id;
    sender.act(claiming("The same", "second"));
    let second = sender.board.cruxes().last().unwrap().id;
    sender.act(Command::EditCrux(Edited {
        of: second,
        set: CruxEdit {
            rank: Some("a".into()),
            ..CruxEdit::default()
        },
        reason: String::new(),
    }));
    let person = sender.board.people().next().unwrap().id;
    for (crux, percent) in [(first, 11.0), (second, 22.0)] {
        sender.act(Command::StateCredence {
            moved: Move {
                crux,
                person,
                credence: Credence::clamped(percent),
                reason: String::new(),
            },
            evidence: Vec::new(),
        });
    }
    let snapshot = sent(&sender.board, id, sender.now);
    let merge = reader.merge(&snapshot);
    // A credence on the new crux replaces nothing and is added; one on the existing crux is offered first.
    assert_eq!(says(&merge)[0], "Crux: The same");
    assert!(says(&merge)[1].contains(", 22% on"), "{merge:?}");
    assert_eq!((merge.added.len(), merge.latest.len()), (2, 1), "{merge:?}");
    assert!(merge.latest[0].says.contains(", 11% on"), "{merge:?}");
    reader.take_in(&merge, true);
    assert_eq!(hedges(&reader.board, "The same"), ["first", "second"]);
    let own = reader.board.current_views(first, reader.now);
    assert_eq!(own[0].statement.credence, Credence::clamped(11.0));
    let again = reader.merge(&snapshot);
    assert!(
        again.added.is_empty() && again.latest.is_empty(),
        "{again:?}"
    );
}

#[test]
fn cruxes_of_one_minute_and_one_claim_are_told_by_what_else_they_say() {
    let (id, board) = example();
    let mut sender = Somebody::with(board, 1);
    let in_that_minute = |somebody: &mut Somebody, hedge: &str| {
        somebody.act(claiming("The same", hedge));
        somebody.now -= Duration::from_secs(60);
        somebody.board.cruxes().last().unwrap().id
    };
    let one = in_that_minute(&mut sender, "one");
    let two = in_that_minute(&mut sender, "two");
    let mut reader = Somebody::with(sender.board.clone(), READER);
    // The reader never received the first crux, and the sender added a third.
    reader.act(Command::Retract(vec![one.0]));
    in_that_minute(&mut sender, "three");
    let merge = reader.merge(&sent(&sender.board, id, sender.now));
    assert_eq!(says(&merge), ["Crux: The same", "Crux: The same"]);
    reader.take_in(&merge, false);
    assert_eq!(hedges(&reader.board, "The same"), ["two", "one", "three"]);
    assert_eq!(reader.board.crux(two).unwrap().hedge, "two");
}

#[test]
fn nothing_new_is_hung_on_what_lies_in_the_trash() {
    let (id, board) = example();
    let mut sender = Somebody::with(board.clone(), 1);
    let mut reader = Somebody::with(board, READER);
    let crux = sender.board.cruxes()[0].id;
    let person = sender.board.people().next().unwrap().id;
    sender.act(Command::StateCredence {
        moved: Move {
            crux,
            person,
            credence: Credence::HALF,
            reason: String::new(),
        },
        evidence: Vec::new(),
    });
    reader.act(Command::Trash(crux.0));
    let merge = reader.merge(&sent(&sender.board, id, sender.now));
    assert!(
        merge.added.is_empty() && merge.latest.is_empty(),
        "{merge:?}"
    );
}

#[test]
fn a_judgement_stands_only_on_a_trigger_that_comes_with_it() {
    let (id, board) = example();
    let mut sender = Somebody::with(board.clone(), 1);
    let mut reader = Somebody::with(board, READER);
    let known = sender
        .board
        .triggers()
        .find(|trigger| trigger.rule.is_none());
    let known = known.unwrap().id;
    let crux = sender.board.trigger(known).unwrap().crux;
    let new = TriggerEdit {
        crux: Some(crux),
        observable: Some("a new sign".into()),
        armed: Some(true),
        ..TriggerEdit::default()
    };
    let new = TriggerId(sender.act(Command::AddTrigger(new))[0].id);
    for trigger in [known, new] {
        sender.act(Command::JudgeTrigger {
            trigger,
            verdict: Verdict::Met,
            reason: "seen".into(),
            evidence: Vec::new(),
        });
    }
    let before = reader.board.trigger(known).unwrap().clone();
    let merge = reader.merge(&sent(&sender.board, id, sender.now));
    reader.take_in(&merge, true);
    assert_eq!(*reader.board.trigger(known).unwrap(), before);
    let added = reader
        .board
        .triggers_of(crux)
        .find(|trigger| trigger.observable == "a new sign");
    assert_eq!(added.unwrap().judgement().unwrap().verdict, Verdict::Met);
}

#[test]
fn what_was_erased_here_does_not_come_back() {
    let (id, board) = example();
    let mut reader = Somebody::with(board, READER);
    let filed = reader.act(Command::FileEvidence {
        evidence: evidence("must go"),
        bears_on: Vec::new(),
        moves: Vec::new(),
    });
    let snapshot = sent(&reader.board, id, reader.now);
    assert!(snapshot.to_json().contains("must go"));
    reader.act(Command::Redact(vec![filed[0].id]));
    let merge = reader.merge(&snapshot);
    assert_eq!((says(&merge), merge.erased), (Vec::new(), 1));
}

#[test]
fn a_snapshot_with_aliases_is_refused_since_nobody_can_tell_who_is_who() {
    let (id, board) = example();
    let wish = SnapshotRequest {
        aliases: true,
        ..SnapshotRequest::default()
    };
    let snapshot = take(&board, id, &wish, NOW).snapshot;
    assert_eq!(snapshot.merge(&board), Err(MergeError::Aliases));
}

#[test]
fn a_forged_snapshot_adds_at_most_and_takes_nothing_away() {
    let (id, board) = example();
    let mut reader = Somebody::with(board.clone(), READER);
    let mut snapshot = sent(&board, id, NOW + DAY);
    let all: Vec<ChangeId> = board.log().entries().map(|entry| entry.id()).collect();
    let crux = board.cruxes()[0].id;
    let person = board.people().next().unwrap().id;
    let forged = [
        Payload::Redacted(all.clone()),
        Payload::Retracted(all.clone()),
        Payload::Trashed(crux.0),
        Payload::Blank,
        Payload::CruxEdited(Box::new(Edited {
            of: crux,
            set: CruxEdit {
                claim: Some("forged".into()),
                ..CruxEdit::default()
            },
            reason: String::new(),
        })),
        Payload::BoardDescribed(Box::new(BoardInfoEdit {
            question: Some("forged".into()),
            ..BoardInfoEdit::default()
        })),
        // A statement under an id from the reader's own board, dated long after the snapshot.
        Payload::CredenceStated(Box::new(cruxboard_domain::change::CredenceStated {
            crux,
            reason_salt: String::new(),
            person,
            credence: Credence::CERTAIN,
            reason: "forged".into(),
            evidence: Vec::new(),
            reaffirms: false,
            at: Some(NOW + 9_000 * DAY),
            wall_clock: None,
        })),
    ];
    for (place, payload) in forged.into_iter().enumerate() {
        snapshot.changes.push(Change {
            id: all[place],
            by: Some(person),
            part_of: Some(all[place]),
            payload,
        });
    }
    let merge = reader.merge(&snapshot);
    reader.take_in(&merge, true);
    assert_nothing_is_lost(&board, &reader.board);
    assert_eq!(reader.board.info().question, board.info().question);
    assert!(
        reader
            .board
            .statements_on(crux)
            .iter()
            .all(|said| said.at <= NOW + DAY)
    );
}

/// Asserts that `after` has all changes of `before` and that every record reads the same, except that
/// evidence may bear on more cruxes.
fn assert_nothing_is_lost(before: &Board, after: &Board) {
    for entry in before.log().entries() {
        assert_eq!(after.log().entry(entry.id()), Some(entry));
        assert_eq!(
            after.log().counts(entry.id()),
            before.log().counts(entry.id())
        );
    }
    assert_eq!(after.info(), before.info());
    for crux in before.cruxes() {
        assert_eq!(after.crux(crux.id), Some(crux));
        for trigger in before.triggers_of(crux.id) {
            assert_eq!(after.trigger(trigger.id), Some(trigger));
        }
        for statement in before.statements_on(crux.id) {
            assert_eq!(after.statement(statement.id), Some(statement));
        }
    }
    for person in before.people() {
        assert_eq!(after.person(person.id), Some(person));
    }
    for item in before.all_evidence() {
        let now = after.evidence(item.id).unwrap();
        for (crux, how) in &item.bears_on {
            assert_eq!(now.bears_on.get(crux), Some(how));
        }
        let mut same = Evidence::clone(now);
        same.bears_on.clone_from(&item.bears_on);
        assert_eq!(same, **item);
    }
    assert_eq!(after.trash(), before.trash());
}

fn claims_differ(board: &Board) -> bool {
    let cruxes = board.cruxes();
    let claims: std::collections::BTreeSet<&str> =
        cruxes.iter().map(|crux| crux.claim.as_str()).collect();
    claims.len() == cruxes.len()
}

fn cases() -> ProptestConfig {
    ProptestConfig {
        cases: if std::env::var_os("CRUXBOARD_LONG").is_some() {
            20_000
        } else {
            400
        },
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn merging_loses_nothing_adds_once_and_is_one_undo(steps in steps(Manners::Honest), from in 0..3usize, to in 0..3usize) {
        let mut world = World::play(&steps);
        let theirs = std::mem::take(&mut world.devices[from].board);
        let own = if from == to { theirs.clone() } else { std::mem::take(&mut world.devices[to].board) };
        let now = NOW + DAY;
        let snapshot = sent(&theirs, BoardId::default(), now);
        let mut reader = Somebody::with(own.clone(), READER);
        let first = reader.merge(&snapshot);
        if from == to {
            prop_assert_eq!(says(&first), Vec::<&str>::new());
            prop_assert_eq!(&first.latest, &Vec::new());
        }
        let taken = reader.take_in(&first, true);
        assert_nothing_is_lost(&own, &reader.board);
        // Among many random cruxes with one claim, added within minutes, about one in ten thousand is added
        // twice: only the minute in which they were taken in would distinguish them.
        if !claims_differ(&theirs) || !claims_differ(&own) {
            return Ok(());
        }
        let second = reader.merge(&snapshot);
        prop_assert_eq!(says(&second), Vec::<&str>::new());
        prop_assert_eq!(&second.latest, &Vec::new());

        if !taken.is_empty() {
            let undo = reader.undo.next_undo().unwrap().to_vec();
            prop_assert_eq!(undo.len(), taken.len());
            reader.act(Command::Retract(undo));
            let seen = |board: &Board| sent(board, BoardId::default(), now).changes;
            prop_assert_eq!(seen(&reader.board), seen(&own));
            let again = reader.merge(&snapshot);
            prop_assert_eq!(says(&again), says(&first));
        }
    }

    #[test]
    fn whatever_a_log_holds_merging_it_takes_nothing_away(steps in steps(Manners::Hostile), from in 0..3usize, to in 0..3usize) {
        let mut world = World::play(&steps);
        // A file can contain anything: here the whole log of another person, in the form of a snapshot.
        let theirs = &world.devices[from].board;
        let mut snapshot = sent(theirs, BoardId::default(), NOW + DAY);
        snapshot.changes.extend(theirs.log().changes().cloned());
        let own = std::mem::take(&mut world.devices[to].board);
        let mut reader = Somebody::with(own.clone(), READER);
        let merge = reader.merge(&snapshot);
        reader.take_in(&merge, true);
        assert_nothing_is_lost(&own, &reader.board);
    }
}

#[test]
fn answers_of_a_reader_come_back_as_positions_of_somebody_outside() {
    let (id, board) = example();
    let snapshot = sent(&board, id, NOW);
    let cruxes: Vec<CruxId> = snapshot
        .board()
        .cruxes()
        .iter()
        .map(|crux| crux.id)
        .collect();
    let answer = |percent: f64, reason: &str| CruxAnswer {
        credence: Credence::from_percent(percent),
        reason: reason.into(),
    };
    let answers = [
        (cruxes[0], answer(70.0, "seen it elsewhere")),
        (cruxes[1], CruxAnswer::default()),
        (cruxes[4], answer(12.5, "")),
    ];
    assert_eq!(snapshot.answered(" ", &answers, NOW), None, "nobody");
    assert_eq!(
        snapshot.answered("Jo", &answers[1..2], NOW),
        None,
        "nothing"
    );
    let answered = snapshot.answered("Jo", &answers, NOW + DAY).unwrap();
    assert!(answered.is_answer() && !snapshot.is_answer());
    let back = unfold(
        &Parcel::from_text(&Parcel::open(&answered).to_text())
            .unwrap()
            .content,
    )
    .unwrap();
    let forms = back.to_json() + &back.to_html();
    for other in ["Researcher", "Red-teamer", "Area lead"] {
        assert!(
            !forms.contains(other),
            "{other}: nothing of the group goes back"
        );
    }
    assert!(back.since(&board, id, NOW + DAY).is_empty());
    let merge = back.merge(&board).unwrap();
    let says: Vec<&str> = merge.added.iter().map(|it| &*it.says).collect();
    let names: Vec<String> = board
        .cruxes()
        .iter()
        .map(|crux| crux.name().into_owned())
        .collect();
    assert_eq!(
        says,
        [
            format!("Jo: 70% on {}. Reason: seen it elsewhere", names[0]),
            format!("Jo: 12.5% on {}", names[4]),
        ]
    );
    let mut own = board;
    for change in merge.changes(true) {
        own.apply(change);
    }
    let crux = own.cruxes()[0].id;
    let position = own.positions_on(crux).find(|it| it.holder == "Jo").unwrap();
    assert_eq!(position.credence, Credence::from_percent(70.0));
    assert_eq!(position.note, "seen it elsewhere");
    assert_eq!(position.grounds, Some(Grounds::Stated));
    assert_eq!(position.answered_at, Some(back.taken_at));
    assert!(back.merge(&own).unwrap().added.is_empty(), "once");
    // Under aliases, it would be unclear which alias has answered.
    let aliases = SnapshotRequest {
        aliases: true,
        ..SnapshotRequest::default()
    };
    let aliased = take(&own, id, &aliases, NOW).snapshot;
    assert_eq!(aliased.answered("Jo", &answers, NOW), None);
}

/// Answers of `reader` to the first crux of a snapshot.
fn answers(snapshot: &Snapshot, reader: &str, percent: f64, reason: &str, now: Millis) -> Snapshot {
    let crux = snapshot.board().cruxes()[0].id;
    let answer = CruxAnswer {
        credence: Credence::from_percent(percent),
        reason: reason.into(),
    };
    let answered = snapshot.answered(reader, &[(crux, answer)], now).unwrap();
    let parcel = Parcel::from_text(&Parcel::open(&answered).to_text()).unwrap();
    unfold(&parcel.content).unwrap()
}

#[test]
fn a_later_answer_of_a_reader_replaces_their_earlier_one_and_an_earlier_one_never() {
    let (id, board) = example();
    let mut owner = Somebody::with(board, READER);
    let crux = owner.board.cruxes()[0].id;
    let name = owner.board.cruxes()[0].name().into_owned();
    let snapshot = sent(&owner.board, id, NOW);
    let first = answers(&snapshot, "Zoë Reader", 80.0, "", NOW);
    let second = answers(&snapshot, "Zoë Reader", 40.0, "they stopped", NOW + DAY);
    // A position that was recorded on the board is no answer, and stays.
    owner.act(Command::RecordPosition(PositionEdit {
        crux: Some(crux),
        holder: Some("Zoë Reader".into()),
        quote: Some("I doubt it.".into()),
        ..PositionEdit::default()
    }));
    let held = |owner: &Somebody| -> Vec<(Option<Credence>, String)> {
        let positions = owner.board.positions_on(crux);
        let hers = positions.filter(|position| position.holder == "Zoë Reader");
        hers.map(|position| (position.credence, position.note.clone()))
            .collect()
    };
    let percent = Credence::from_percent;
    let by_hand = (None, String::new());
    let merge = owner.merge(&first);
    assert_eq!(says(&merge), [format!("Zoë Reader: 80% on {name}")]);
    owner.take_in(&merge, false);
    assert_eq!(
        held(&owner),
        [by_hand.clone(), (percent(80.0), String::new())]
    );

    let merge = owner.merge(&second);
    assert_eq!(
        says(&merge),
        [format!(
            "Zoë Reader: 80% → 40% on {name}. Reason: they stopped"
        )]
    );
    let added = owner.take_in(&merge, false);
    let now = [by_hand, (percent(40.0), "they stopped".to_owned())];
    assert_eq!(held(&owner), now);
    assert!(
        matches!(&added[0].payload, Payload::PositionEdited(_)),
        "the history has both"
    );
    for again in [&second, &first] {
        assert_eq!(says(&owner.merge(again)), [] as [&str; 0]);
    }
    // One undo brings the earlier answer back, and the later one can be taken again.
    let undo = owner.undo.next_undo().unwrap().to_vec();
    owner.act(Command::Retract(undo));
    assert_eq!(held(&owner)[1], (percent(80.0), String::new()));
    assert_eq!(owner.merge(&second).added.len(), 1);
    // Answers on the board that lie in the trash stay there.
    let position = owner.board.positions_on(crux).last().unwrap().id;
    owner.act(Command::Trash(position.0));
    assert_eq!(says(&owner.merge(&first)), [] as [&str; 0]);
    let merge = owner.merge(&second);
    assert!(matches!(
        &merge.added[0].change.payload,
        Payload::PositionRecorded(_)
    ));
}

#[test]
fn a_number_of_a_reader_is_published_as_a_number_and_not_as_a_stance() {
    let (id, board) = example();
    let snapshot = sent(&board, id, NOW);
    for percent in [0.0, 49.0, 50.0, 51.0, 100.0] {
        let answered = answers(&snapshot, "Jo", percent, "", NOW);
        let positions = &answered.reading().cruxes[0].positions;
        assert_eq!(
            positions[..],
            [format!("Jo: stated by them; {percent}%")],
            "{percent}"
        );
    }
}

#[test]
fn an_answer_under_a_members_name_can_be_taken_as_that_members_credence() {
    let (id, board) = example();
    let mut owner = Somebody::with(board, READER);
    let crux = owner.board.cruxes()[0].id;
    let snapshot = sent(&owner.board, id, NOW);
    let answered = answers(&snapshot, "red-teamer ", 40.0, "seen", NOW + DAY);
    let member = member_called(&owner.board, &answered.made_by);
    assert_eq!(member, Some("Red-teamer"));
    assert_eq!(member_called(&owner.board, "Zoë"), None);
    assert_eq!(member_called(&owner.board, " "), None);
    let stated = answered.as_stated_by("Red-teamer");
    assert!(!stated.is_answer());
    let merge = owner.merge(&stated);
    assert_eq!((merge.added.len(), merge.latest.len()), (0, 1), "{merge:?}");
    owner.take_in(&merge, true);
    let person = person_called(&owner.board, "Red-teamer");
    let statements = owner.board.statements_on(crux);
    let last = statements.iter().rfind(|said| said.person == person);
    let last = last.unwrap();
    assert_eq!(Some(last.credence), Credence::from_percent(40.0));
    assert_eq!((last.reason.as_str(), last.at), ("seen", answered.taken_at));
    let outside = owner.board.positions_on(crux);
    assert_eq!(
        outside.filter(|it| it.holder == "red-teamer").count(),
        0,
        "nobody outside"
    );
    assert!(owner.merge(&stated).latest.is_empty(), "once");
}
