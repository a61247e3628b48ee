//! The pace of sync: how often an endpoint is asked, how much is sent, and how a board fares with endpoints
//! that fail in realistic ways. Time is simulated.

use crate::desk::{Desk, MILLI, NOW};
use std::collections::BTreeSet;
use std::time::Duration;

use cruxboard_domain::board::Board;
use cruxboard_domain::document::Document;
use cruxboard_domain::id::Replica;
use cruxboard_domain::log::Entry;
use cruxboard_domain::sync::{
    Condition, EndpointError, Standing, Sync, SyncRequest, SyncResponse, listen_pause, patience,
};
use cruxboard_domain::{BoardId, ChangeId, Millis};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);
/// The interval between requests to an endpoint that does not announce changes.
const POLL: Duration = Duration::from_secs(15);

/// One request.
struct Sent<'a> {
    ask: &'a SyncRequest,
    now: Millis,
}

impl Sent<'_> {
    fn is_write(&self) -> bool {
        !matches!(self.ask, SyncRequest::Get { .. })
    }

    fn body(&self) -> &str {
        match self.ask {
            SyncRequest::Put { body, .. } | SyncRequest::Patch { body, .. } => body,
            _ => "",
        }
    }
}

/// A server that keeps one document and behaves correctly.
#[derive(Default)]
struct Server {
    body: Option<String>,
    version: u64,
    /// Whether the server accepts single changes, in the order in which they arrive.
    patches: bool,
    rows: Vec<Entry>,
    known: BTreeSet<ChangeId>,
    /// The number of changes received, counting repetitions.
    received: usize,
}

impl Server {
    fn patching() -> Self {
        Self {
            patches: true,
            ..Self::default()
        }
    }

    fn tag(&self) -> String {
        format!("\"{}\"", self.version)
    }

    fn plain(&self, status: u16) -> SyncResponse {
        SyncResponse {
            status,
            takes_patches: self.patches,
            ..SyncResponse::default()
        }
    }

    fn answer(&mut self, ask: &SyncRequest) -> SyncResponse {
        match ask {
            SyncRequest::Get { tag, after } => {
                let Some(body) = self.body.clone() else {
                    return self.plain(404);
                };
                let after = after.as_ref().and_then(|after| after.parse().ok());
                let body = match after {
                    Some(after) if after == self.rows.len() => return self.plain(304),
                    Some(after) => Document::of(board_of(&body), self.rows[after..].iter()),
                    None if *tag == Some(self.tag()) => return self.plain(304),
                    None => body,
                };
                SyncResponse {
                    tag: Some(self.tag()),
                    cursor: self.patches.then(|| self.rows.len().to_string()),
                    body,
                    ..self.plain(200)
                }
            }
            SyncRequest::Put {
                condition, body, ..
            } => {
                let holds = match condition {
                    Condition::Absent => self.body.is_none(),
                    Condition::Unchanged(tag) => self.body.is_some() && *tag == self.tag(),
                    Condition::None => true,
                };
                if !holds {
                    return self.plain(412);
                }
                self.store(body);
                self.plain(204)
            }
            SyncRequest::Patch { body, .. } => {
                self.store(body);
                self.plain(200)
            }
            SyncRequest::Pause(_) | SyncRequest::Rest => unreachable!("nothing is asked"),
        }
    }

    fn store(&mut self, body: &str) {
        let document = Document::from_json(body).unwrap();
        self.received += document.entries.len();
        self.version += 1;
        if !self.patches {
            self.body = Some(body.to_owned());
            return;
        }
        for entry in document.entries {
            if self.known.insert(entry.id()) {
                self.rows.push(entry);
            }
        }
        self.body = Some(Document::of(document.board, self.rows.iter()));
    }
}

fn board_of(body: &str) -> BoardId {
    Document::from_json(body).unwrap().board
}

/// A device with a board and the loop that sends its requests.
struct Device {
    board: Board,
    sync: Sync,
    now: Millis,
    /// The times of the edits on this device. Each edit is one change.
    edits: Vec<Millis>,
    made: u32,
    seed: u64,
    /// The time of each request, and whether it was a write.
    sent: Vec<(Millis, bool)>,
}

impl Device {
    fn new(seed: u64) -> Self {
        let desk = Desk::new();
        let id = desk.board.log().entries().next().unwrap().id();
        Self {
            board: desk.board,
            sync: Sync::new(BoardId(id)),
            now: NOW,
            edits: Vec::new(),
            made: 0,
            seed,
            sent: Vec::new(),
        }
    }

    fn with_changes(mut self, count: usize, bytes: usize) -> Self {
        for _ in 0..count {
            self.edit_with(bytes);
        }
        self
    }

    fn edit_with(&mut self, bytes: usize) -> ChangeId {
        self.made += 1;
        let id = ChangeId::new(NOW + MILLI, self.made, Replica::new(9, 9));
        let text = "x".repeat(bytes);
        let json =
            format!("{{\"id\":\"{id}\",\"fact\":{{\"option-added\":{{\"name\":\"{text}\"}}}}}}");
        self.board.apply_entry(Entry::from_json(&json).unwrap());
        id
    }

    fn chance(&mut self) -> f64 {
        // Splitmix64.
        self.seed = self.seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.seed;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % 1_001) as f64 / 1_000.0
    }

    /// Waits for `full`, or until the next edit, but at least for `least`.
    fn wait(&mut self, least: Duration, full: Duration) {
        let (earliest, mut end) = (self.now + least, self.now + full);
        if let Some(edit) = self.edits.iter().copied().find(|edit| *edit > self.now) {
            end = end.min(edit.max(earliest));
        }
        self.now = end;
        let due = self.edits.iter().take_while(|edit| **edit <= end).count();
        for _ in self.edits.drain(..due).collect::<Vec<_>>() {
            self.edit_with(10);
        }
    }

    /// Syncs for `time` and returns the number of requests. If `endpoint` returns `None`, there was no
    /// answer.
    fn run(
        &mut self,
        time: Duration,
        endpoint: &mut dyn FnMut(Sent<'_>) -> Option<SyncResponse>,
    ) -> usize {
        let (until, before) = (self.now + time, self.sent.len());
        while self.now < until {
            let ask = self.sync.next(self.board.log());
            match &ask {
                SyncRequest::Pause(pause) => self.wait(pause.least, pause.full),
                SyncRequest::Rest => {
                    self.wait(Duration::ZERO, POLL);
                    self.sync.wake();
                }
                _ => {
                    let sent = Sent {
                        ask: &ask,
                        now: self.now,
                    };
                    self.sent.push((self.now, sent.is_write()));
                    let answer = endpoint(sent);
                    let chance = self.chance();
                    match answer {
                        None => self.sync.unanswered(chance),
                        Some(answer) => {
                            let answer = SyncResponse {
                                now: Some(self.now),
                                ..answer
                            };
                            let entries = self.sync.answered(answer, chance);
                            self.board.receive(entries);
                        }
                    }
                    // The time for the request and its answer.
                    self.now += 20 * MILLI;
                }
            }
        }
        self.sent.len() - before
    }

    fn waiting(&mut self) -> usize {
        self.sync.waiting(self.board.log())
    }

    fn ids(&self) -> Vec<ChangeId> {
        self.board.log().entries().map(Entry::id).collect()
    }
}

fn ids_at(server: &Server) -> Vec<ChangeId> {
    let body = server.body.as_deref().unwrap_or_default();
    let document = Document::from_json(body).unwrap();
    let mut ids: Vec<ChangeId> = document.entries.iter().map(Entry::id).collect();
    ids.sort();
    ids
}

/// Returns the largest number of requests in any ten seconds.
fn busiest(sent: &[(Millis, bool)]) -> usize {
    let in_span = |at: usize| {
        let rest = &sent[at..];
        rest.iter()
            .take_while(|one| one.0 < sent[at].0 + 10 * SECOND)
            .count()
    };
    (0..sent.len()).map(in_span).max().unwrap_or_default()
}

/// Returns the answer of a failing endpoint.
fn fault(status: u16, body: &str, retry_after: Option<Duration>) -> SyncResponse {
    SyncResponse {
        status,
        body: body.to_owned(),
        retry_after,
        ..SyncResponse::default()
    }
}

const LOGIN: &str = "<!doctype html><title>Sign in</title>";

#[test]
fn whatever_fails_is_tried_again_ever_more_rarely_and_goes_on_by_itself_once_it_works() {
    let statuses = [
        204, 302, 400, 401, 403, 404, 405, 408, 409, 412, 413, 418, 422, 423, 425, 429, 500, 501,
        502, 503, 507, 511,
    ];
    let mut faults: Vec<(String, Option<SyncResponse>)> = Vec::new();
    for status in statuses {
        for retry_after in [None, Some(Duration::ZERO)] {
            faults.push((
                format!("{status}, {retry_after:?}"),
                Some(fault(status, "", retry_after)),
            ));
        }
    }
    faults.push((
        "a page to sign in".to_owned(),
        Some(fault(200, LOGIN, None)),
    ));
    faults.push(("no answer".to_owned(), None));
    for (name, answer) in faults {
        for patches in [false, true] {
            for fails_writes in [false, true] {
                if fails_writes && answer.as_ref().is_some_and(|answer| answer.status < 300) {
                    // For a write, this answer means success.
                    continue;
                }
                let name = format!("{name}, patches: {patches}, writes: {fails_writes}");
                let mut server = Server {
                    patches,
                    ..Server::default()
                };
                let mut device = Device::new(patches.into());
                device.run(MINUTE, &mut |sent| Some(server.answer(sent.ask)));
                assert_eq!(ids_at(&server), device.ids(), "{name}");
                device.edit_with(10);
                device.sync.wake();
                let begun = device.now;
                let mut failed = Vec::new();
                device.run(HOUR, &mut |sent| {
                    if sent.is_write() != fails_writes {
                        return Some(server.answer(sent.ask));
                    }
                    failed.push(sent.now);
                    answer.clone()
                });
                let early = failed.iter().filter(|at| **at < begun + 5 * MINUTE);
                // If the endpoint seems empty but cannot be written, each attempt reads twice.
                let is_nothing =
                    matches!(&answer, Some(answer) if [204, 404].contains(&answer.status));
                let most = if is_nothing && !fails_writes { 20 } else { 10 };
                assert!((1..most).contains(&early.count()), "{name}: {failed:?}");
                assert!(failed.len() < most + 6, "{name}: {failed:?}");
                assert!(busiest(&device.sent) <= 10, "{name}");
                // The endpoint works again: an edit follows, and sync goes on.
                device.edits = vec![device.now + MILLI];
                device.run(HOUR, &mut |sent| Some(server.answer(sent.ask)));
                assert_eq!(ids_at(&server), device.ids(), "{name}");
                assert_eq!(*device.sync.standing(), Standing::Reached, "{name}");
            }
        }
    }
}

#[test]
fn a_failing_endpoint_is_tried_soon_after_an_edit_and_not_after_each() {
    let mut server = Server::default();
    let mut device = Device::new(3);
    device.run(MINUTE, &mut |sent| Some(server.answer(sent.ask)));
    let broken = &mut |_: Sent<'_>| Some(fault(500, "", None));
    device.run(3 * HOUR, broken);
    // The pause has grown to half an hour or more.
    let edit = device.now + MINUTE;
    device.edits = vec![edit];
    let before = device.sent.len();
    while device.sent.len() == before {
        device.run(SECOND, broken);
    }
    assert!(device.sent[before].0 <= edit + SECOND, "an edit wakes it");
    // A person types for ten minutes.
    device.edits = (1..600).map(|at| device.now + SECOND * at).collect();
    let sent = device.run(10 * MINUTE, broken);
    assert!(sent <= 21, "{sent}");
}

#[test]
fn retry_after_is_kept_to_whatever_is_done_here_and_never_makes_a_hot_loop() {
    for (wanted, least, most) in [(Duration::ZERO, SECOND, 30), (2 * MINUTE, 2 * MINUTE, 5)] {
        for fails_writes in [false, true] {
            let mut server = Server::patching();
            let mut device = Device::new(4);
            device.run(MINUTE, &mut |sent| Some(server.answer(sent.ask)));
            device.edits = (1..600).map(|at| device.now + SECOND * at).collect();
            let mut failed: Vec<Millis> = Vec::new();
            device.run(10 * MINUTE, &mut |sent| {
                if sent.is_write() != fails_writes {
                    return Some(server.answer(sent.ask));
                }
                failed.push(sent.now);
                Some(fault(503, "", Some(wanted)))
            });
            let gaps = failed.windows(2).map(|pair| pair[1].since(pair[0]));
            assert!(gaps.clone().all(|gap| gap >= least), "{failed:?}");
            assert!(failed.len() <= most, "{failed:?}");
            // The gaps vary, so that devices do not all ask at the same moment.
            let gaps: Vec<Duration> = gaps.collect();
            assert!(gaps.iter().any(|gap| *gap != gaps[0]), "{gaps:?}");
        }
    }
}

#[test]
fn a_large_board_goes_over_a_slow_line_in_batches_of_a_quarter_of_a_megabyte() {
    const BYTES_PER_SECOND: u64 = 50_000;
    let mut server = Server::patching();
    let mut device = Device::new(5).with_changes(4_200, 900);
    let all = device.ids().len();
    let mut largest = 0;
    device.run(HOUR, &mut |sent| {
        let bytes = sent.body().len();
        largest = largest.max(bytes);
        let takes = Duration::from_millis(bytes as u64 * 1_000 / BYTES_PER_SECOND);
        (takes < patience(bytes)).then(|| server.answer(sent.ask))
    });
    assert!((200_000..(256 << 10) + 100).contains(&largest), "{largest}");
    assert_eq!((server.received, ids_at(&server).len()), (all, all));
    // If the document is sent as a whole, the time limit is long enough for all of it.
    let whole = Document::to_json(BoardId(device.ids()[0]), device.board.log()).len();
    assert!(whole > 4_000_000);
    assert!(patience(whole) > Duration::from_millis(whole as u64 * 1_000 / BYTES_PER_SECOND));
}

#[test]
fn a_store_that_shows_a_write_late_is_written_to_once() {
    for patches in [false, true] {
        let mut server = Server {
            patches,
            ..Server::default()
        };
        let mut device = Device::new(6);
        let (mut shown, mut stored_at, mut writes) = (Server::default(), Millis(0), 0);
        shown.patches = patches;
        for _ in 0..3 {
            device.edit_with(10);
            device.sync.wake();
            device.run(MINUTE, &mut |sent| {
                if sent.is_write() {
                    writes += 1;
                    stored_at = sent.now;
                    return Some(server.answer(sent.ask));
                }
                if sent.now >= stored_at + 2 * SECOND {
                    shown.body.clone_from(&server.body);
                    shown.rows.clone_from(&server.rows);
                    shown.version = server.version;
                }
                Some(shown.answer(sent.ask))
            });
            assert_eq!(ids_at(&server), device.ids());
            assert_eq!(device.waiting(), 0);
        }
        assert_eq!(writes, 3, "patches: {patches}");
    }
}

#[test]
fn an_endpoint_that_lets_pages_send_no_tag_is_read_without_one_and_never_called_offline() {
    let mut server = Server::default();
    let mut device = Device::new(7);
    let mut tagged = 0;
    for minute in 0..60 {
        device.run(MINUTE, &mut |sent| {
            if matches!(sent.ask, SyncRequest::Get { tag: Some(_), .. }) {
                tagged += 1;
                return None;
            }
            Some(server.answer(sent.ask))
        });
        assert_ne!(*device.sync.standing(), Standing::Unreached, "{minute}");
    }
    assert_eq!(tagged, 3);
    assert_eq!(ids_at(&server), device.ids());
}

#[test]
fn a_network_that_is_gone_is_called_offline_within_seconds() {
    let mut server = Server::default();
    let mut device = Device::new(8);
    device.run(MINUTE, &mut |sent| Some(server.answer(sent.ask)));
    device.sync.wake();
    device.run(4 * SECOND, &mut |_| None);
    assert_eq!(*device.sync.standing(), Standing::Unreached);
}

#[test]
fn changes_that_are_older_than_the_board_are_sent_once() {
    let mut server = Server::patching();
    let mut device = Device::new(9);
    for number in 0..2_500 {
        let id = ChangeId::new(NOW - Duration::from_secs(1_000), number, Replica::new(9, 9));
        let json =
            format!("{{\"id\":\"{id}\",\"fact\":{{\"option-added\":{{\"name\":\"{number}\"}}}}}}");
        device.board.apply_entry(Entry::from_json(&json).unwrap());
    }
    device.run(10 * MINUTE, &mut |sent| Some(server.answer(sent.ask)));
    assert_eq!(device.waiting(), 0);
    assert_eq!(ids_at(&server), device.ids());
    assert_eq!(server.received, device.ids().len());
    let first = Document::from_json(server.body.as_ref().unwrap()).unwrap();
    assert_eq!(
        first.entries[0].id(),
        first.board.0,
        "it must be founded first"
    );
}

#[test]
fn tags_that_a_proxy_alters_when_it_packs_answers_do_not_keep_writes_out() {
    for suffix in ["-gzip", ";gzip", "-br"] {
        let mut server = Server::default();
        let mut device = Device::new(10);
        let pack = |answer: SyncResponse| SyncResponse {
            tag: answer.tag.map(|tag| {
                let bare = tag.trim_end_matches('"');
                format!("{bare}{suffix}\"")
            }),
            ..answer
        };
        device.run(MINUTE, &mut |sent| Some(pack(server.answer(sent.ask))));
        device.edit_with(10);
        device.sync.wake();
        let sent = device.run(MINUTE, &mut |sent| Some(pack(server.answer(sent.ask))));
        assert_eq!(ids_at(&server), device.ids(), "{suffix}");
        assert!(sent < 20, "{suffix}: {sent}");
        device.edit_with(10);
        device.sync.wake();
        let before = device.sent.len();
        device.run(MINUTE, &mut |sent| Some(pack(server.answer(sent.ask))));
        let writes = device.sent[before..].iter().filter(|one| one.1).count();
        assert_eq!(writes, 1, "{suffix}: it is remembered");
    }
}

#[test]
fn an_endpoint_that_refuses_each_write_for_its_condition_is_said_to_and_keeps_what_it_has() {
    let mut server = Server::default();
    let mut device = Device::new(11);
    device.run(MINUTE, &mut |sent| Some(server.answer(sent.ask)));
    let before = server.body.clone();
    device.edit_with(10);
    device.sync.wake();
    let mut writes = 0;
    device.run(5 * MINUTE, &mut |sent| {
        if !sent.is_write() {
            return Some(server.answer(sent.ask));
        }
        writes += 1;
        Some(fault(412, "", None))
    });
    assert!(writes < 10, "{writes}");
    let refused = Standing::Refused(EndpointError::Conditions);
    assert_eq!(*device.sync.standing(), refused);
    assert_eq!(server.body, before);
}

/// Returns the answer of a proxy that limits the size of requests. Without `cors`, the page sees a refusal as
/// no answer.
fn limited(server: &mut Server, most: usize, cors: bool, sent: Sent<'_>) -> Option<SyncResponse> {
    if sent.body().len() <= most {
        return Some(server.answer(sent.ask));
    }
    cors.then(|| fault(413, "<html>413 Request Entity Too Large</html>", None))
}

#[test]
fn a_board_that_is_too_large_for_a_proxy_is_said_to_be_with_its_size() {
    for cors in [false, true] {
        let mut server = Server::default();
        let mut device = Device::new(12);
        device.run(MINUTE, &mut |sent| Some(server.answer(sent.ask)));
        device = device.with_changes(1_100, 1_000);
        device.sync.wake();
        let before = device.sent.len();
        device.run(5 * MINUTE, &mut |sent| {
            limited(&mut server, 1 << 20, cors, sent)
        });
        let writes = device.sent[before..].iter().filter(|one| one.1).count();
        assert!((2..10).contains(&writes), "{writes}");
        let Standing::Refused(refused) = device.sync.standing() else {
            unreachable!("{:?}", device.sync.standing());
        };
        let said = refused.to_string();
        assert!(said.contains("1.1 MB") && said.contains("limit"), "{said}");
        assert_eq!(device.waiting(), 1_100);
    }
}

#[test]
fn batches_shrink_until_they_fit_through_a_proxy_with_a_limit() {
    for cors in [false, true] {
        let mut server = Server::patching();
        let mut device = Device::new(13).with_changes(1_000, 250);
        device.run(HOUR, &mut |sent| limited(&mut server, 20_000, cors, sent));
        assert_eq!(ids_at(&server), device.ids());
        assert_eq!(device.waiting(), 0);
        assert_eq!(*device.sync.standing(), Standing::Reached);
    }
}

#[test]
fn one_change_that_cannot_be_taken_is_set_aside_and_the_rest_goes_on() {
    for status in [400, 413, 422] {
        for naming in ["", "dated_ahead", "refused_change"] {
            if !naming.is_empty() && status != 422 {
                continue;
            }
            let mut server = Server::patching();
            let mut device = Device::new(14);
            device.run(MINUTE, &mut |sent| Some(server.answer(sent.ask)));
            let mut device = device.with_changes(300, 100);
            let poison = device.edit_with(101);
            let mut device = device.with_changes(300, 100);
            device.sync.wake();
            device.run(10 * MINUTE, &mut |sent| {
                if !sent.body().contains(&poison.to_string()) {
                    return Some(server.answer(sent.ask));
                }
                let detail = "Change number 501 is odd";
                let problem = match naming {
                    "" => format!("{{\"detail\":\"{detail}\"}}"),
                    name => format!("{{\"detail\":\"{detail}\",\"{name}\":\"{poison}\"}}"),
                };
                Some(fault(status, &problem, None))
            });
            let mut all = device.ids();
            // With "dated_ahead", all changes have the same date, so the refusal concerns all of them.
            if naming != "dated_ahead" {
                all.retain(|id| *id != poison);
                assert_eq!(ids_at(&server), all, "{status}");
                assert_eq!(device.waiting(), 0);
                let left_out = device.sync.left_out(device.board.log());
                assert_eq!(left_out.len(), 1, "{status}");
                assert_eq!(left_out[0].0, poison);
                let said = left_out[0].1.to_string();
                assert!(said.contains("Change number 501 is odd"), "{said}");
            } else {
                assert!(!ids_at(&server).contains(&poison));
            }
            // Once the server accepts the change, it arrives without any action by a person.
            device.run(2 * HOUR, &mut |sent| Some(server.answer(sent.ask)));
            assert_eq!(ids_at(&server), device.ids(), "{status}");
            assert!(device.sync.left_out(device.board.log()).is_empty());
        }
    }
}

#[test]
fn an_endpoint_that_takes_no_change_at_all_is_not_asked_about_each_of_thousands() {
    let mut server = Server::patching();
    let mut device = Device::new(15);
    device.run(MINUTE, &mut |sent| Some(server.answer(sent.ask)));
    let mut device = device.with_changes(1_000, 100);
    device.sync.wake();
    let mut writes = 0;
    device.run(HOUR, &mut |sent| {
        if !sent.is_write() {
            return Some(server.answer(sent.ask));
        }
        writes += 1;
        Some(fault(422, "{\"detail\":\"No.\"}", None))
    });
    assert!(writes < 60, "{writes}");
    let refused = Standing::Refused(EndpointError::Other(422, ": No.".to_owned()));
    assert_eq!(*device.sync.standing(), refused);
    assert_eq!(device.waiting(), 1_000);
}

#[test]
fn what_is_dated_far_ahead_is_neither_taken_in_nor_sent_nor_lost_at_any_endpoint() {
    const YEAR: Duration = Duration::from_secs(365 * 86_400);
    for patches in [false, true] {
        let mut server = Server {
            patches,
            ..Server::default()
        };
        let (mut device, mut other) = (Device::new(16), Device::new(17));
        device.run(MINUTE, &mut |sent| Some(server.answer(sent.ask)));
        other.run(MINUTE, &mut |sent| Some(server.answer(sent.ask)));
        let ahead = |n| {
            let id = ChangeId::new(NOW + YEAR, n, Replica::new(8, 8));
            let json =
                format!("{{\"id\":\"{id}\",\"fact\":{{\"option-added\":{{\"name\":\"far\"}}}}}}");
            Entry::from_json(&json).unwrap()
        };
        // One change from the future is at the server, another on this device.
        let (there, here) = (ahead(1), ahead(2));
        let mut entries = Document::from_json(server.body.as_ref().unwrap())
            .unwrap()
            .entries;
        entries.push(there.clone());
        server.store(&Document::of(BoardId(device.ids()[0]), entries.iter()));
        device.board.apply_entry(here.clone());
        let usual = device.edit_with(10);
        device.sync.wake();
        device.run(MINUTE, &mut |sent| Some(server.answer(sent.ask)));
        assert!(device.board.log().entry(there.id()).is_none());
        assert_eq!(device.sync.ahead(), 1);
        let left_out = device.sync.left_out(device.board.log());
        assert_eq!(
            left_out,
            [(here.id(), EndpointError::Ahead(here.id(), ".".into()))]
        );
        let at_server = ids_at(&server);
        assert!(at_server.contains(&usual), "the rest goes on");
        assert!(at_server.contains(&there.id()), "it is lost there");
        assert!(!at_server.contains(&here.id()), "it was sent");
        // A year later, both changes are exchanged.
        device.now += YEAR;
        device.run(HOUR, &mut |sent| Some(server.answer(sent.ask)));
        assert!(device.board.log().entry(there.id()).is_some(), "{patches}");
        assert!(ids_at(&server).contains(&here.id()));
    }
}

#[test]
fn what_is_read_at_joining_is_not_read_again() {
    let mut server = Server::patching();
    let mut first = Device::new(18).with_changes(100, 100);
    first.run(MINUTE, &mut |sent| Some(server.answer(sent.ask)));
    let get = SyncRequest::Get {
        tag: None,
        after: None,
    };
    let (mut sync, document) = Sync::joined(server.answer(&get)).unwrap();
    let board: Board = document.entries.into_iter().collect();
    assert_eq!(board, first.board);
    assert_eq!(sync.next(board.log()), SyncRequest::Rest);
    assert_eq!(*sync.standing(), Standing::Reached);
    assert!(sync.listen().is_some());
    let page = fault(200, LOGIN, None);
    assert!(matches!(
        Sync::joined(page),
        Err(EndpointError::NotABoard(_))
    ));
}

#[test]
fn an_endpoint_that_says_that_it_may_only_be_read_is_not_written_to_at_all() {
    let mut server = Server::patching();
    let mut owner = Device::new(19);
    owner.run(MINUTE, &mut |sent| Some(server.answer(sent.ask)));
    let mut guest = Device::new(20);
    guest.edits = vec![guest.now + 5 * SECOND];
    let mut may_write = false;
    for _ in 0..2 {
        guest.run(MINUTE, &mut |sent| {
            assert!(may_write || !sent.is_write());
            Some(SyncResponse {
                allows_writes: Some(may_write),
                ..server.answer(sent.ask)
            })
        });
        assert_eq!(guest.sync.reads_only(), !may_write);
        assert_eq!(guest.waiting(), usize::from(!may_write));
        may_write = true;
    }
}

#[test]
fn an_endpoint_that_ends_waits_early_is_asked_again_within_two_seconds_and_then_less_often() {
    for chance in [0.0, 0.5, 1.0] {
        let pauses: Vec<Duration> = (1..10).map(|early| listen_pause(early, chance)).collect();
        assert!((SECOND..=2 * SECOND).contains(&pauses[0]), "{pauses:?}");
        assert!(pauses.is_sorted(), "{pauses:?}");
        assert!(
            (15 * SECOND / 2..=15 * SECOND).contains(&pauses[8]),
            "{pauses:?}"
        );
    }
}
