//! Laws that hold for every board, tested on random logs. In some logs, devices issue commands and exchange
//! part of their changes; others also contain changes that no app would make.
//!
//! Each law is tested on 10,000 logs in an optimised build (`--profile checked`), on 1,000 in other builds,
//! and on 100,000 if `CRUXBOARD_LONG` is set.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::RandomState;

use crate::world::{Manners, World, on_crux, shuffled, steps, visible};
use cruxboard_domain::board::{Board, RecordRef};
use cruxboard_domain::change::{Change, Payload, ReviewHeld};
use cruxboard_domain::document::Document;
use cruxboard_domain::id::{Clock, Replica};
use cruxboard_domain::log::{DigestKey, Entry};
use cruxboard_domain::record::CruxId;
use cruxboard_domain::undo::UndoStack;
use cruxboard_domain::{BoardId, ChangeId, Credence, Millis};
use proptest::prelude::*;

fn logs() -> ProptestConfig {
    let cases = if std::env::var_os("CRUXBOARD_LONG").is_some() {
        100_000
    } else if is_optimised() {
        10_000
    } else {
        1_000
    };
    ProptestConfig {
        cases,
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..ProptestConfig::default()
    }
}

/// Cargo puts unoptimised builds in a folder of this name.
fn is_optimised() -> bool {
    let program = std::env::current_exe().unwrap_or_default();
    !program.components().any(|part| part.as_os_str() == "debug")
}

fn json(board: &Board) -> String {
    Document::to_json(BoardId::default(), board.log())
}

fn entries_of(board: &Board) -> Vec<Entry> {
    board.log().entries().cloned().collect()
}

#[test]
fn one_other_letter_in_thousands_of_changes_is_found() {
    let change = |n: u64, reason: &str| {
        let id = ChangeId::new(Millis(1_795_429_733_409 + n), 0, Replica::new(1, 1));
        let held = ReviewHeld {
            note: format!("{reason} {n}"),
            ..ReviewHeld::default()
        };
        Entry::from(Change {
            id,
            by: None,
            part_of: None,
            payload: Payload::ReviewHeld(Box::new(held)),
        })
    };
    let key = DigestKey::from(RandomState::new());
    let mut one = Board::with_digests(key.clone());
    one.receive((0..5_000).map(|n| change(n, "As before")));
    for place in [0, 1, 63, 64, 2_500, 4_999] {
        let mut other = Board::with_digests(key.clone());
        let reason = |n| if n == place { "As befare" } else { "As before" };
        // Pages are cut off from the previous page, so the latest change comes first.
        for n in (0..5_000).rev() {
            other.apply_entry(change(n, reason(n)));
        }
        assert_eq!(
            one.log().lacks_of(other.log()),
            [&change(place, "As befare")]
        );
        let mut merged = one.clone();
        assert!(merged.merge(other.log()).clashes, "{place}");
    }
}

proptest! {
    #![proptest_config(logs())]

    #[test]
    fn the_same_changes_in_any_order_and_any_repetition_make_the_same_board(
        steps in steps(Manners::Hostile), seed: u64,
    ) {
        let world = World::play(&steps);
        let sorted = world.all();
        let mut one_by_one = Board::default();
        for entry in shuffled(&world.made, seed) {
            one_by_one.apply_entry(entry);
        }
        prop_assert_eq!(json(&one_by_one), json(&sorted));
        prop_assert_eq!(&one_by_one, &sorted);
        // A change that is known already changes nothing.
        for entry in &world.made {
            let touched = one_by_one.apply_entry(entry.clone());
            prop_assert!(!touched.is_new, "{}", entry.to_json());
            prop_assert!(touched.records.is_empty() && touched.rewritten.is_empty());
        }
        prop_assert_eq!(&one_by_one, &sorted);
    }

    #[test]
    fn a_board_kept_up_to_date_equals_one_folded_from_its_log_and_one_read_from_its_document(
        steps in steps(Manners::Hostile),
    ) {
        let world = World::play(&steps);
        for device in &world.devices {
            let folded: Board = entries_of(&device.board).into_iter().collect();
            prop_assert_eq!(&folded, &device.board);
            let text = json(&device.board);
            let document = Document::from_json(&text).unwrap();
            prop_assert_eq!(&document.damaged, &Vec::<String>::new());
            let read: Board = document.entries.into_iter().collect();
            prop_assert_eq!(&read, &device.board);
            prop_assert_eq!(json(&read), text);
        }
    }

    #[test]
    fn merging_is_commutative_associative_and_idempotent(steps in steps(Manners::Hostile)) {
        let world = World::play(&steps);
        let [a, b, c] = [0, 1, 2].map(|n| &world.devices[n].board);
        let merged = |left: &Board, right: &Board| {
            let mut merged = left.clone();
            merged.receive(entries_of(right));
            merged
        };
        prop_assert_eq!(merged(a, b), merged(b, a));
        prop_assert_eq!(merged(&merged(a, b), c), merged(a, &merged(b, c)));
        prop_assert_eq!(&merged(a, a), a);
        prop_assert_eq!(merged(&merged(a, b), b), merged(a, b));
    }

    #[test]
    fn merging_by_digests_comes_to_the_same_as_change_by_change(
        steps in steps(Manners::Hostile), seed: u64,
    ) {
        let world = World::play(&steps);
        let key = DigestKey::from(RandomState::new());
        let plain = [0, 1].map(|n| &world.devices[n].board);
        // The changes arrive in random order, so that pages are split and changes in them are erased and
        // replaced.
        let [mut one, other] = plain.map(|board| {
            let mut kept = Board::with_digests(key.clone());
            for entry in shuffled(&entries_of(board), seed) {
                kept.apply_entry(entry);
            }
            kept
        });
        let [plain_one, plain_other] = plain;
        prop_assert_eq!(
            one.log().lacks_of(other.log()),
            plain_one.log().lacks_of(plain_other.log())
        );
        let mut expected = plain_one.clone();
        let touched = expected.receive(entries_of(plain_other));
        let mut log = one.log().clone();
        let added = log.merge(other.log());
        let merged = one.merge(other.log());
        prop_assert_eq!(&one, &expected);
        prop_assert_eq!(&log, one.log());
        prop_assert_eq!((added.is_new, added.clashes), (merged.is_new, merged.clashes));
        prop_assert_eq!(merged.is_new, touched.is_new);
        prop_assert_eq!(merged.clashes, touched.clashes);
        prop_assert_eq!(one.log().lacks_of(other.log()), expected.log().lacks_of(plain_other.log()));
        // The digests after a merge equal those of a board that had all changes from the start.
        let mut anew = Board::with_digests(key);
        anew.receive(entries_of(&expected));
        prop_assert!(anew.log().lacks_of(one.log()).is_empty());
    }

    #[test]
    fn no_change_is_ever_lost(steps in steps(Manners::Hostile)) {
        let world = World::play(&steps);
        let all = world.all();
        let erased = targets_of_redactions(&world.made);
        let mut contents: BTreeMap<ChangeId, Vec<&Entry>> = BTreeMap::new();
        for entry in &world.made {
            contents.entry(entry.id()).or_default().push(entry);
        }
        prop_assert_eq!(all.log().len(), contents.len());
        for (id, contents) in contents {
            let kept = all.log().entry(id).unwrap();
            if contents.len() == 1 && !erased.contains(&id) {
                prop_assert_eq!(kept, contents[0]);
            }
        }
    }

    #[test]
    fn undo_restores_what_was_visible_and_redo_brings_it_back_whatever_others_did_meanwhile(
        steps in steps(Manners::Hostile), which: prop::sample::Index,
    ) {
        let world = World::play(&steps);
        let all = world.all();
        let erases = |action: &&Vec<ChangeId>| {
            let mut payloads = action.iter().filter_map(|id| all.log().change(*id)).map(|change| &change.payload);
            let keeps_closed = action.iter().any(|id| all.log().is_permanent(*id));
            keeps_closed || payloads.any(|payload| matches!(payload, Payload::Redacted(_)))
        };
        let of_devices = world.devices.iter().flat_map(|device| &device.actions);
        let actions: Vec<&Vec<ChangeId>> = of_devices.filter(|action| !erases(action)).collect();
        // All actions may have been replaced by hostile changes.
        prop_assume!(!actions.is_empty());
        let action = actions[which.index(actions.len())];

        let never: Board = world.made.iter().filter(|entry| !action.contains(&entry.id())).cloned().collect();
        let mut clock = Clock::new(Replica::new(8, 8));
        clock.observe(all.log().last());
        let by = None;
        let undo = Change { id: clock.tick(Millis(0)), by, part_of: None, payload: Payload::Retracted(action.clone()) };
        let redo = Change { id: clock.tick(Millis(0)), by, part_of: None, payload: Payload::Retracted(vec![undo.id]) };
        let mut board = all.clone();
        board.apply(undo);
        prop_assert_eq!(visible(&board), visible(&never));
        board.apply(redo);
        prop_assert_eq!(visible(&board), visible(&all));
    }

    #[test]
    fn undo_is_the_same_after_a_reload(steps in steps(Manners::Honest)) {
        let world = World::play(&steps);
        for (place, device) in world.devices.iter().enumerate() {
            let reloaded = UndoStack::of(device.board.log(), place as u32 + 1);
            prop_assert_eq!(&reloaded, &device.undo);
        }
    }

    #[test]
    fn undoing_everything_empties_the_board_and_redoing_everything_brings_it_back(
        steps in steps(Manners::Honest),
    ) {
        let steps: Vec<_> = steps.into_iter().map(|(_, kind, a, b)| (0, kind, a, b)).collect();
        let world = World::play(&steps);
        let device = world.devices.into_iter().next().unwrap();
        let (mut board, mut undo, mut clock) = (device.board, device.undo, device.clock);
        let mut retract = |board: &mut Board, undo: &mut UndoStack, targets: Vec<ChangeId>| {
            let change = Change { id: clock.tick(Millis(0)), by: None, part_of: None, payload: Payload::Retracted(targets) };
            board.apply(change.clone());
            undo.note(&change);
        };
        let mut seen = vec![visible(&board)];
        while let Some(targets) = undo.next_undo().map(<[ChangeId]>::to_vec) {
            retract(&mut board, &mut undo, targets);
            seen.push(visible(&board));
        }
        while let Some((by, _)) = undo.next_redo() {
            // Actions that could be redone before the test undid everything follow in the list.
            if seen.pop().is_none() || seen.is_empty() {
                break;
            }
            retract(&mut board, &mut undo, by);
            prop_assert_eq!(&visible(&board), seen.last().unwrap());
        }
        prop_assert!(seen.len() <= 1);
    }

    #[test]
    fn what_was_erased_is_gone_byte_for_byte_in_every_order(steps in steps(Manners::Hostile), seed: u64) {
        let world = World::play(&steps);
        let erased = targets_of_redactions(&world.made);
        let stays: BTreeSet<String> = world
            .made
            .iter()
            .filter(|entry| is_about_changes(entry) || !erased.contains(&entry.id()))
            .flat_map(|entry| words(&entry.to_json()))
            .collect();
        let mut board = Board::default();
        for entry in shuffled(&world.made, seed) {
            board.apply_entry(entry);
        }
        for word in words(&json(&board)) {
            prop_assert!(stays.contains(&word), "{word} was erased");
        }
        for id in erased {
            if let Some(entry) = board.log().entry(id) {
                prop_assert!(entry.is_erased(), "{entry:?}");
            }
        }
        for word in words(&format!("{:?}", visible(&board))) {
            prop_assert!(stays.contains(&word), "{word} was erased");
        }
    }

    #[test]
    fn every_change_comes_back_from_its_json(steps in steps(Manners::Hostile)) {
        for entry in World::play(&steps).made {
            let text = entry.to_json();
            let read = Entry::from_json(&text).unwrap();
            prop_assert_eq!(&read, &entry);
            prop_assert_eq!(read.to_json(), text);
        }
    }

    #[test]
    fn the_board_agrees_with_a_naive_reading_of_its_log(steps in steps(Manners::Hostile)) {
        let world = World::play(&steps);
        for device in &world.devices {
            crate::reference::agrees(&device.board)?;
        }
        crate::reference::agrees(&world.all())?;
    }

    #[test]
    fn what_is_not_said_to_be_touched_reads_as_before(steps in steps(Manners::Hostile), seed: u64) {
        let world = World::play(&steps);
        let mut board = Board::default();
        for entry in shuffled(&world.made, seed) {
            let before = board.clone();
            let touched = board.apply_entry(entry);
            if touched.everything {
                continue;
            }
            let is_touched = |record| touched.records.contains(&record);
            let cruxes: BTreeSet<CruxId> =
                before.cruxes().iter().chain(&board.cruxes()).map(|crux| crux.id).collect();
            for crux in cruxes {
                if !is_touched(RecordRef::Crux(crux)) {
                    prop_assert_eq!(before.crux(crux), board.crux(crux));
                    let (mut was, mut is) = (on_crux(&before, crux), on_crux(&board, crux));
                    if is_touched(RecordRef::Board) {
                        // The statements shown depend on the people of the board.
                        was.statements.clear();
                        is.statements.clear();
                    }
                    prop_assert_eq!(was, is);
                }
            }
            for item in board.all_evidence().chain(before.all_evidence()) {
                if !is_touched(RecordRef::Evidence(item.id)) {
                    prop_assert_eq!(before.evidence(item.id), board.evidence(item.id));
                }
            }
            for item in board.follow_ups().chain(before.follow_ups()) {
                if !is_touched(RecordRef::FollowUp(item.id)) {
                    prop_assert_eq!(before.follow_up(item.id), board.follow_up(item.id));
                }
            }
            if !is_touched(RecordRef::OptionCredences) && !is_touched(RecordRef::Board) {
                prop_assert!(before.option_credences().eq(board.option_credences()));
                prop_assert!(before.joint_credences().eq(board.joint_credences()));
            }
            if !is_touched(RecordRef::Board) {
                prop_assert_eq!(before.info(), board.info());
                prop_assert!(before.people().eq(board.people()));
                prop_assert!(before.options().eq(board.options()));
                prop_assert!(before.terms().eq(board.terms()));
                prop_assert!(before.recorded_reviews().eq(board.recorded_reviews()));
                prop_assert!(before.decisions().eq(board.decisions()));
                prop_assert!(before.reviews().eq(board.reviews()));
                prop_assert!(before.rounds().eq(board.rounds()));
            }
        }
    }

    #[test]
    fn what_is_issued_here_is_later_than_all_that_was_seen(steps in steps(Manners::Hostile)) {
        let world = World::play(&steps);
        for device in &world.devices {
            for action in &device.actions {
                prop_assert!(action.is_sorted());
            }
            let own: Vec<ChangeId> = device.actions.iter().flatten().copied().collect();
            prop_assert!(own.is_sorted_by(|a, b| a < b), "{own:?}");
        }
    }

    #[test]
    fn credences_of_every_hundredth_of_a_percent_come_back(hundredths in 0..=10_000_u16) {
        let credence = Credence::from_percent(f64::from(hundredths) / 100.0).unwrap();
        let text = serde_json::to_string(&credence).unwrap();
        prop_assert_eq!(serde_json::from_str::<Credence>(&text).unwrap(), credence);
        prop_assert_eq!(format!("{credence}%").parse::<Credence>().unwrap(), credence);
    }
}

fn is_about_changes(entry: &Entry) -> bool {
    entry
        .known()
        .is_some_and(|change| change.payload.is_about_changes())
}

fn targets_of_redactions(entries: &[Entry]) -> BTreeSet<ChangeId> {
    let payloads = entries
        .iter()
        .filter_map(Entry::known)
        .map(|change| &change.payload);
    payloads
        .flat_map(|payload| match payload {
            Payload::Redacted(targets) => targets.as_slice(),
            _ => &[],
        })
        .copied()
        .collect()
}

/// Returns the words that only one step of a world writes: "w", a number, "w".
fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let is_marked = |word: &&str| {
        let number = word
            .strip_prefix('w')
            .and_then(|word| word.strip_suffix('w'));
        number
            .is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
    };
    words.filter(is_marked).map(str::to_owned).collect()
}
