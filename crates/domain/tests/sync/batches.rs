//! How much is sent and read, and in which envelope.

use super::*;

#[test]
fn a_long_time_offline_goes_out_in_many_parts_without_a_pause() {
    let (_, mut devices) = devices(1);
    let device = &mut devices[0];
    let mut endpoint = Endpoint::new(Manners::Patching);
    let (mut late, mut dice) = (Vec::new(), Dice(1));
    while device.step(&mut endpoint, &mut late, &mut dice, false) {}
    for number in 0..20_000 {
        device.says(
            &format!("{{\"option-added\":{{\"name\":\"{number}\"}}}}"),
            NOW,
        );
    }
    let mut writes = 0;
    loop {
        let ask = device.sync.next(device.board.log());
        match ask {
            SyncRequest::Rest => break,
            SyncRequest::Get { .. } => {}
            SyncRequest::Patch { .. } => writes += 1,
            other => panic!("{other:?}"),
        }
        let answer = endpoint.answer(&ask, &mut dice);
        device.sync.answered(answer, 0.0);
    }
    // Each change has about 70 bytes.
    assert!((10..16).contains(&writes), "{writes}");
}

#[test]
fn a_large_board_is_begun_with_a_part_where_the_endpoint_takes_patches() {
    let (id, mut devices) = devices(2);
    let device = &mut devices[0];
    let mut endpoint = Endpoint::new(Manners::Patching);
    let mut dice = Dice(1);
    for number in 0..5_000 {
        device.says(
            &format!("{{\"option-added\":{{\"name\":\"{number}\"}}}}"),
            NOW,
        );
    }
    let mut counts = Vec::new();
    loop {
        let ask = device.sync.next(device.board.log());
        match &ask {
            SyncRequest::Rest => break,
            SyncRequest::Put { count, body, .. } => {
                // A request that creates a board must name the change that founds the board.
                assert_eq!(Document::from_json(body).unwrap().entries[0].id(), id);
                counts.push(*count);
            }
            SyncRequest::Patch { count, .. } => counts.push(*count),
            _ => {}
        }
        let answer = endpoint.answer(&ask, &mut dice);
        device.sync.answered(answer, 0.0);
    }
    assert!(counts.iter().all(|count| *count <= 2_000), "{counts:?}");
    assert_eq!(
        counts.iter().sum::<usize>(),
        device.board.log().entries().count()
    );
}

#[test]
fn who_may_only_read_goes_on_reading_and_writes_again_when_asked_to() {
    let (id, mut devices) = devices(2);
    let mut endpoint = Endpoint::new(Manners::Patching);
    let (mut late, mut dice) = (Vec::new(), Dice(1));
    while devices[0].step(&mut endpoint, &mut late, &mut dice, false) {}
    let mut guest = devices.pop().unwrap();
    guest.says("{\"option-added\":{\"name\":\"not mine to add\"}}", NOW);
    let read = guest.sync.next(guest.board.log());
    let answer = endpoint.answer(&read, &mut dice);
    let entries = guest.sync.answered(answer, 0.0);
    guest.receive(entries);
    assert!(matches!(
        guest.sync.next(guest.board.log()),
        SyncRequest::Patch { .. }
    ));
    guest.sync.answered(
        SyncResponse {
            status: 403,
            ..SyncResponse::default()
        },
        0.0,
    );
    assert_eq!(guest.sync.next(guest.board.log()), SyncRequest::Rest);
    assert!(guest.sync.reads_only());
    assert_eq!(guest.sync.waiting(guest.board.log()), 1);

    let said = devices[0].says("{\"option-added\":{\"name\":\"for all\"}}", NOW + MILLI);
    while devices[0].step(&mut endpoint, &mut late, &mut dice, false) {}
    guest.sync.wake();
    while guest.step(&mut endpoint, &mut late, &mut dice, false) {}
    assert!(guest.board.log().entry(said).is_some());
    guest.sync.try_again();
    let ask = guest.sync.next(guest.board.log());
    let answer = endpoint.answer(&ask, &mut dice);
    guest.sync.answered(answer, 0.0);
    assert!(matches!(
        guest.sync.next(guest.board.log()),
        SyncRequest::Patch { .. }
    ));
    assert_eq!(board_of(endpoint.body.as_ref().unwrap()), BoardId(id));
}

#[test]
fn an_envelope_is_found_by_what_comes_in_it_and_what_is_sent_goes_into_it() {
    let (id, devices) = devices(1);
    let board = &devices[0].board;
    let ours = Document::to_json(BoardId(id), board.log());
    let fields = &ours[1..];
    // The document lacks a change, so that the device has something to send.
    let (some, _) = fields.rsplit_once(",\n").unwrap();
    for (there, envelope, condition, begins) in [
        (
            format!("{{{some}]}}"),
            Envelope::Plain,
            Condition::Unchanged("\"7\"".into()),
            "{\"format\":\"cruxboard\"",
        ),
        (
            format!("{{\"permissions\":{{}},\"data\":{{\"id\":\"x\",{some}]}}}}"),
            Envelope::Kinto,
            Condition::Unchanged("\"7\"".into()),
            "{\"data\":{\"format\":\"cruxboard\"",
        ),
        (
            format!("{{\"_id\":\"x\",\"_rev\":\"3-ab\",{some}]}}"),
            Envelope::Couch,
            Condition::None,
            "{\"_rev\":\"3-ab\",\"format\":\"cruxboard\"",
        ),
    ] {
        let mut sync = Sync::new(BoardId(id));
        assert!(matches!(sync.next(board.log()), SyncRequest::Get { .. }));
        let answer = SyncResponse {
            status: 200,
            tag: Some("\"7\"".into()),
            body: there.clone(),
            ..SyncResponse::default()
        };
        assert!(!sync.answered(answer, 0.5).is_empty(), "{there}");
        assert_eq!(sync.envelope(), envelope);
        let SyncRequest::Put {
            condition: sent,
            body,
            count,
        } = sync.next(board.log())
        else {
            panic!("nothing is sent for {there}");
        };
        assert_eq!((sent, count), (condition, 1), "{there}");
        assert!(body.starts_with(begins), "{body}");
        let held: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert!(held.is_object());
    }
}

#[test]
fn the_question_whether_stale_writes_are_refused_changes_nothing_where_they_are_not() {
    let (id, devices) = devices(1);
    let ours = Document::to_json(BoardId(id), devices[0].board.log());
    for (there, asked, condition) in [
        (
            ours.clone(),
            ours.clone(),
            Condition::Unchanged("\"cruxboard-asks-whether-this-is-refused\"".into()),
        ),
        (
            format!("{{\"data\":{ours},\"permissions\":{{}}}}"),
            format!("{{\"data\":{ours}}}"),
            Condition::Unchanged("\"1\"".into()),
        ),
        (
            format!("{{\"_id\":\"x\",\"_rev\":\"3-ab\",{}", &ours[1..]),
            format!(
                "{{\"_rev\":\"1-00000000000000000000000000000000\",{}",
                &ours[1..]
            ),
            Condition::None,
        ),
    ] {
        let asks = SyncRequest::Put {
            condition,
            body: asked,
            count: 0,
        };
        assert_eq!(Sync::stale_write(&there), asks);
    }
}

#[test]
fn who_has_no_place_for_the_board_is_not_asked_for_ever() {
    let (id, devices) = devices(1);
    let board = &devices[0].board;
    for status in [404, 409] {
        let mut sync = Sync::new(BoardId(id));
        let mut writes = 0;
        while !matches!(sync.standing(), Standing::Refused(_)) {
            let status = match sync.next(board.log()) {
                SyncRequest::Get { .. } => 404,
                SyncRequest::Put { .. } => {
                    writes += 1;
                    status
                }
                SyncRequest::Pause(_) => continue,
                other => panic!("{other:?}"),
            };
            assert!(writes < 10);
            let answer = SyncResponse {
                status,
                ..SyncResponse::default()
            };
            sync.answered(answer, 0.0);
        }
        assert_eq!(writes, 3);
        let refused = refused(&sync);
        assert!(refused.to_string().contains("made first"), "{refused}");
    }
}
