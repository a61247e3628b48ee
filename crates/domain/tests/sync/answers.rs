//! Answers that are cut off, lost or about another state.

use super::*;

/// Runs a device until it rests, or until it clearly will not.
fn settle(
    device: &mut Device,
    endpoint: &mut Endpoint,
    late: &mut Vec<SyncRequest>,
    dice: &mut Dice,
) {
    for _ in 0..100 {
        if !device.step(endpoint, late, dice, false) {
            break;
        }
    }
}

#[test]
fn answers_that_are_cut_off_on_the_way_cost_nobody_a_change() {
    const CUTS: usize = 40;
    for manners in ALL {
        let mut is_cut = 0;
        for cut in 0..CUTS {
            let (_, mut devices) = devices(2);
            let mut endpoint = Endpoint::new(manners);
            let (mut late, mut dice) = (Vec::new(), Dice(cut as u64));
            for device in &mut devices {
                settle(device, &mut endpoint, &mut late, &mut dice);
            }
            for number in 0..20 {
                let payload = format!("{{\"option-added\":{{\"name\":\"{number}\"}}}}");
                devices[0].says(&payload, NOW);
            }
            settle(&mut devices[0], &mut endpoint, &mut late, &mut dice);
            let reader = &mut devices[1];
            reader.says("{\"option-added\":{\"name\":\"mine\"}}", NOW);
            reader.sync.wake();
            let ask = reader.sync.next(reader.board.log());
            let mut answer = endpoint.answer(&ask, &mut dice);
            if answer.status == 200 {
                let end = (0..=answer.body.len() * cut / CUTS).rev();
                let end = end
                    .into_iter()
                    .find(|end| answer.body.is_char_boundary(*end));
                answer.body.truncate(end.unwrap());
                is_cut += 1;
            }
            let entries = reader.sync.answered(answer, 0.5);
            reader.receive(entries);
            // Twenty rounds are needed, since a false tag is believed for eight reads.
            for _ in 0..20 {
                for device in &mut devices {
                    // If the beginning of the document is unreadable, the device stops until somebody looks.
                    device.sync.wake();
                    settle(device, &mut endpoint, &mut late, &mut dice);
                }
            }
            let [one, other] =
                [0, 1].map(|n| Document::to_json(BoardId::default(), devices[n].board.log()));
            assert_eq!(one, other, "{manners:?}, {cut} of {CUTS}");
            for name in ["\"mine\"", "\"19\""] {
                assert!(one.contains(name), "{manners:?}");
            }
        }
        // An endpoint with false tags sometimes answers that nothing has changed.
        assert!(is_cut > 0 || manners == Manners::Lying, "{manners:?}");
    }
}

#[test]
fn who_loses_a_write_is_read_again_before_it_is_written_again_and_said_to_lose_it() {
    let (id, devices) = devices(1);
    let board = &devices[0].board;
    let mut sync = Sync::new(BoardId(id));
    let (mut writes, mut reads, mut pauses) = (0, 0, Vec::new());
    while pauses.len() < 20 {
        let status = match sync.next(board.log()) {
            SyncRequest::Get { .. } => {
                reads += 1;
                404
            }
            SyncRequest::Put { .. } => {
                writes += 1;
                201
            }
            SyncRequest::Pause(pause) => {
                pauses.push(pause.full);
                continue;
            }
            other => panic!("{other:?}"),
        };
        let answer = SyncResponse {
            status,
            ..SyncResponse::default()
        };
        sync.answered(answer, 1.0);
    }
    assert_eq!(*sync.standing(), Standing::Struggling);
    assert_eq!((writes, reads), (5, 25));
    assert_eq!(pauses[..5], [2, 4, 8, 2, 2].map(Duration::from_secs));
    assert!(pauses[19] >= Duration::from_secs(32), "{pauses:?}");
}

#[test]
fn one_more_change_on_a_large_board_sends_only_itself_where_the_endpoint_takes_patches() {
    let (id, mut devices) = devices(1);
    let device = &mut devices[0];
    let mut endpoint = Endpoint::new(Manners::Patching);
    let (mut late, mut dice) = (Vec::new(), Dice(1));
    for number in 0..3_000 {
        device.says(
            &format!("{{\"option-added\":{{\"name\":\"{number}\"}}}}"),
            NOW,
        );
    }
    while device.step(&mut endpoint, &mut late, &mut dice, false) {}
    device.says("{\"option-added\":{\"name\":\"one more\"}}", NOW);
    assert_eq!(device.sync.waiting(device.board.log()), 1);
    let SyncRequest::Patch { body, count } = device.sync.next(device.board.log()) else {
        panic!("no patch");
    };
    assert_eq!((count, board_of(&body)), (1, BoardId(id)));
    assert!(body.len() < 300, "{}", body.len());
    let answer = endpoint.answer(&SyncRequest::Patch { body, count }, &mut dice);
    device.sync.answered(answer, 0.0);
    let read = device.sync.next(device.board.log());
    let answer = endpoint.answer(&read, &mut dice);
    assert!(
        answer.body.len() < 300,
        "the answer brings everything again"
    );
    device.sync.answered(answer, 0.0);
    assert_eq!(device.sync.next(device.board.log()), SyncRequest::Rest);
}

#[test]
fn a_document_that_is_not_there_is_only_written_while_it_still_is_not() {
    let (id, devices) = devices(1);
    let board = &devices[0].board;
    let next = read(&mut Sync::new(BoardId(id)), board, 404, "");
    assert!(
        matches!(
            &next,
            SyncRequest::Put {
                condition: Condition::Absent,
                ..
            }
        ),
        "{next:?}"
    );
}

#[test]
fn what_was_erased_here_does_not_stay_in_full_where_only_that_it_was_erased_arrived() {
    let (id, mut devices) = devices(1);
    let device = &mut devices[0];
    let erased = device.says("{\"option-added\":{\"name\":\"a secret\"}}", NOW);
    let full = Document::to_json(BoardId(id), device.board.log());
    let redacted = device.says(&format!("{{\"redacted\":[\"{erased}\"]}}"), NOW);
    let told = device.board.log().entry(redacted).unwrap().to_json();
    let there = format!("{},\n{told}]}}", full.trim_end_matches("]}"));
    let sent = read(&mut Sync::new(BoardId(id)), &device.board, 200, &there);
    let SyncRequest::Put { body, count, .. } = sent else {
        panic!("{sent:?} for {there}");
    };
    assert_eq!(count, 1);
    assert!(!body.contains("a secret"));
}
