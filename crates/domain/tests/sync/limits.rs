//! Requests, limits and erasures that were undone.

use std::time::Duration;

use super::*;
use cruxboard_domain::Millis;

#[test]
fn a_question_goes_out_with_what_it_hangs_on_and_an_answer_comes_in_with_what_it_says() {
    let address = "https://example.org/board?key=1";
    let ask = SyncRequest::Get {
        tag: None,
        after: Some("42".into()),
    };
    let request = Request::of(&ask, address).unwrap().waiting(25);
    assert_eq!(request.address, "https://example.org/board?key=1&after=42");
    assert!(request.headers.contains(&("Prefer", "wait=25".into())));
    for (condition, header) in [
        (Condition::Absent, Some(("If-None-Match", "*"))),
        (
            Condition::Unchanged("\"7\"".into()),
            Some(("If-Match", "\"7\"")),
        ),
        (Condition::None, None),
    ] {
        let ask = SyncRequest::Put {
            condition,
            body: "{}".into(),
            count: 1,
        };
        let request = Request::of(&ask, address).unwrap();
        assert_eq!((request.method, request.body), ("PUT", Some("{}")));
        let sent = request.headers.iter();
        let mut sent = sent.filter(|(name, _)| name.starts_with("If-"));
        assert_eq!(
            sent.next().map(|(name, value)| (*name, value.as_str())),
            header
        );
    }
    assert_eq!(Request::of(&SyncRequest::Rest, address), None);
    let answer = SyncResponse::of(
        429,
        &|name| match name {
            "Retry-After" => Some("3".into()),
            "Accept-Patch" => Some("text/x, application/json".into()),
            _ => None,
        },
        NOW,
    );
    assert_eq!(answer.retry_after, Some(Duration::from_secs(3)));
    assert!(answer.takes_patches);
}

#[test]
fn more_than_anybodys_board_is_neither_taken_in_nor_written_over() {
    let (id, devices) = devices(1);
    let board = &devices[0].board;
    let heading =
        format!("{{\"format\":\"cruxboard\",\"version\":1,\"board\":\"{id}\",\"changes\":[");
    let flood = |count: usize, from: usize| {
        let row = |number| {
            let id = ChangeId::new(Millis(1), number as u32, Replica::new(7, 7));
            format!("{{\"id\":\"{id}\",\"fact\":{{\"crux-added\":{{}}}}}}")
        };
        (from..from + count)
            .map(row)
            .collect::<Vec<_>>()
            .join(",\n")
    };
    let answer = |body: String| SyncResponse {
        status: 200,
        body,
        ..SyncResponse::default()
    };
    let too_long = SyncResponse {
        is_too_long: true,
        ..answer(String::new())
    };
    let million = flood(MOST_CHANGES + 1, 0);
    for (name, there) in [
        ("a million cruxes", answer(format!("{heading}{million}]}}"))),
        (
            "the same cut off",
            answer(format!("{heading}{million},{{\"id")),
        ),
        ("more bytes than are read", too_long),
    ] {
        let mut sync = Sync::new(BoardId(id));
        assert!(matches!(sync.next(board.log()), SyncRequest::Get { .. }));
        let entries = sync.answered(there.clone(), 0.5);
        assert!(entries.is_empty(), "{name}");
        assert!(
            matches!(sync.next(board.log()), SyncRequest::Pause(_)),
            "{name}"
        );
        assert_eq!(refused(&sync), EndpointError::TooLarge, "{name}");
        assert_eq!(document_of(&there), Err(EndpointError::TooLarge), "{name}");
    }
    // Exactly this many changes are accepted, but no more on top of them.
    let full = answer(format!("{heading}{}]}}", flood(MOST_CHANGES, 0)));
    let full = document_of(&full).unwrap();
    let mut log = Log::default();
    for entry in full.entries {
        log.add(entry);
    }
    let mut sync = Sync::new(BoardId(id));
    assert!(sync.has_room(&log, 0));
    assert!(!sync.has_room(&log, 1));
    assert!(matches!(sync.next(&log), SyncRequest::Pause(_)));
    assert_eq!(refused(&sync), EndpointError::TooLarge);
}

#[test]
fn an_erasure_that_was_undone_at_the_endpoint_and_is_refused_there_is_undone_here() {
    let (id, devices) = devices(1);
    let at = |counter| ChangeId::new(NOW + MILLI, counter, Replica::new(7, 7));
    let change = |counter, payload| {
        Entry::Known(Change {
            id: at(counter),
            by: None,
            part_of: None,
            payload,
        })
    };
    let founded: Vec<Entry> = devices[0].board.log().entries().cloned().collect();
    let named = |counter, name: &str| {
        let row = format!(
            "{{\"id\":\"{}\",\"fact\":{{\"option-added\":{{\"name\":\"{name}\"}}}}}}",
            at(counter)
        );
        Entry::from_json(&row).unwrap()
    };
    // Of four changes, a hostile person erased two, an honest person erased one, and both erased one.
    let contents: Vec<Entry> = (0..4).map(|n| named(n, &format!("Option {n}"))).collect();
    let rightly = change(8, Payload::Redacted(vec![at(2), at(3)]));
    let hostile = change(9, Payload::Redacted(vec![at(0), at(1), at(3)]));
    let log_of = |parts: &[&[Entry]]| {
        let mut log = Log::default();
        for entry in parts.concat() {
            log.add(entry);
        }
        log
    };
    let both = [rightly.clone(), hostile.clone()];
    let mut log = log_of(&[&founded, &contents, &both, &[named(10, "Only here")]]);
    let there = log_of(&[&founded, &contents, std::slice::from_ref(&rightly)]);

    let mut sync = Sync::new(BoardId(id));
    let answer = |body: String| SyncResponse {
        status: 200,
        takes_patches: true,
        cursor: Some("9".into()),
        body,
        ..SyncResponse::default()
    };
    assert!(matches!(sync.next(&log), SyncRequest::Get { .. }));
    let entries = sync.answered(answer(Document::to_json(BoardId(id), &there)), 0.5);
    assert_eq!(
        sync.unredact(&log, &entries),
        None,
        "it was not refused yet"
    );
    let SyncRequest::Patch { body, count } = sync.next(&log) else {
        panic!("nothing is sent");
    };
    // The erasure, two changes without content, and the change that is only here.
    assert_eq!(count, 4);
    assert!(body.contains(&hostile.to_json()));
    let refused = [at(0), at(1), at(9)]
        .map(|id| format!("\"{id}\""))
        .join(",");
    let outcome = format!("{{\"cursor\":10,\"added\":1,\"conflicts\":[{refused}]}}");
    sync.answered(answer(outcome), 0.5);
    assert_eq!(sync.waiting(&log), 1, "what is refused does not wait");
    let whole = SyncRequest::Get {
        tag: None,
        after: None,
    };
    assert_eq!(sync.next(&log), whole);
    let there = log_of(&[
        &founded,
        &contents,
        std::slice::from_ref(&rightly),
        &[named(10, "Only here")],
    ]);
    let entries = sync.answered(answer(Document::to_json(BoardId(id), &there)), 0.5);
    assert_eq!(
        sync.unredact(&log, &entries[1..]),
        None,
        "a part says nothing"
    );
    let pardon = sync.unredact(&log, &entries).unwrap();
    assert_eq!(pardon.undone, [at(9)]);
    assert_eq!(pardon.restored, contents[..2]);
    log = log_of(&[&pardon.applied_to(&log)]);
    assert_eq!(log, there);
    for (n, is_erased) in [(0, false), (1, false), (2, true), (3, true)] {
        assert_eq!(
            log.entry(at(n)) != Some(&contents[n as usize]),
            is_erased,
            "{n}"
        );
    }
    assert_eq!(sync.next(&log), SyncRequest::Rest);
    assert_eq!(sync.unredact(&log, &entries), None, "once is enough");
}
