//! Devices that sync through one URL, simulated with every kind of endpoint and fault, without a network.

#![allow(clippy::panic)]

mod answers;
mod batches;
mod limits;
mod refusals;

use std::time::Duration;

use crate::desk::{Desk, MILLI, NOW};

use cruxboard_domain::board::Board;
use cruxboard_domain::change::{Change, Payload};
use cruxboard_domain::document::Document;
use cruxboard_domain::id::{Clock, Replica};
use cruxboard_domain::log::{Entry, Log};
use cruxboard_domain::sync::{
    Condition, EndpointError, Envelope, MOST_CHANGES, Request, Standing, Sync, SyncRequest,
    SyncResponse, ahead_in_words, document_of,
};
use cruxboard_domain::{BoardId, ChangeId, Millis};

/// Splitmix64, a generator that gives the same numbers for the same seed on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides
    }

    fn is_hit(&mut self, percent: u64) -> bool {
        self.roll(100) < percent
    }
}

/// The way in which an endpoint treats requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manners {
    /// Refuses every stale write.
    Exact,
    /// Refuses some stale writes.
    Sometimes,
    /// Accepts every write.
    Never,
    /// Refuses stale writes, but gives no readable tag.
    Untagged,
    /// Always gives the same tag, whatever it holds.
    Lying,
    /// Gives a weak tag at first.
    Weak,
    /// Accepts single changes, and can return only new ones.
    Patching,
    /// Keeps records in an envelope, and rewrites them in its own notation.
    Kinto,
    /// Keeps documents with a revision among their fields, and ignores headers.
    Couch,
}

const ALL: [Manners; 9] = [
    Manners::Exact,
    Manners::Sometimes,
    Manners::Never,
    Manners::Untagged,
    Manners::Lying,
    Manners::Weak,
    Manners::Patching,
    Manners::Kinto,
    Manners::Couch,
];

/// An endpoint: its document, and every earlier version.
struct Endpoint {
    manners: Manners,
    body: Option<String>,
    version: u64,
    before: Vec<Option<String>>,
    /// For `Patching`: rows in the order in which they arrived.
    rows: Vec<Entry>,
    weak_for: u32,
}

impl Endpoint {
    fn new(manners: Manners) -> Self {
        Self {
            manners,
            body: None,
            version: 0,
            before: Vec::new(),
            rows: Vec::new(),
            weak_for: 0,
        }
    }

    fn tag(&mut self) -> Option<String> {
        match self.manners {
            Manners::Untagged => None,
            Manners::Lying => Some("\"same\"".into()),
            // A proxy in between compresses answers and makes their tags weak.
            Manners::Couch => Some("W/\"packed\"".into()),
            Manners::Weak if self.weak_for > 0 => {
                self.weak_for -= 1;
                Some(format!("W/\"{}\"", self.version))
            }
            _ => Some(format!("\"{}\"", self.version)),
        }
    }

    fn store(&mut self, body: String) {
        self.before.push(self.body.replace(body));
        self.version += 1;
        self.weak_for = 2;
    }

    fn answer(&mut self, ask: &SyncRequest, dice: &mut Dice) -> SyncResponse {
        let patching = self.manners == Manners::Patching;
        let plain = |status| SyncResponse {
            status,
            takes_patches: patching,
            ..SyncResponse::default()
        };
        match ask {
            SyncRequest::Get { tag, after } => {
                let Some(body) = self.body.clone() else {
                    return SyncResponse {
                        body: self.nothing().into(),
                        ..plain(404)
                    };
                };
                let now = self.tag();
                if after.is_none() && tag.is_some() && *tag == now {
                    return plain(304);
                }
                let body = match after.as_ref().and_then(|after| after.parse::<usize>().ok()) {
                    Some(after) if patching && after == self.rows.len() => return plain(304),
                    Some(after) if patching && after < self.rows.len() => {
                        Document::of(board_of(&body), self.rows[after..].iter())
                    }
                    _ => self.in_envelope(body),
                };
                SyncResponse {
                    tag: now,
                    cursor: patching.then(|| self.rows.len().to_string()),
                    body,
                    ..plain(200)
                }
            }
            SyncRequest::Put {
                condition, body, ..
            } => {
                let Some((condition, body)) = self.out_of_envelope(condition, body) else {
                    return plain(400);
                };
                let holds = match &condition {
                    Condition::Absent => self.body.is_none(),
                    Condition::Unchanged(tag) => *tag == format!("\"{}\"", self.version),
                    Condition::None => true,
                };
                let refuses = match self.manners {
                    Manners::Sometimes => dice.is_hit(50),
                    Manners::Never | Manners::Lying => false,
                    _ => true,
                };
                if !holds && refuses {
                    return plain(412);
                }
                if patching {
                    self.add(&body);
                } else {
                    self.store(body);
                }
                plain(204)
            }
            SyncRequest::Patch { body, .. } => {
                self.add(body);
                plain(200)
            }
            SyncRequest::Pause(_) | SyncRequest::Rest => panic!("nothing was asked"),
        }
    }

    fn nothing(&self) -> &'static str {
        match self.manners {
            Manners::Kinto => r#"{"code":404,"errno":110,"error":"Not Found"}"#,
            Manners::Couch => r#"{"error":"not_found","reason":"missing"}"#,
            _ => "",
        }
    }

    fn in_envelope(&self, body: String) -> String {
        let version = self.version;
        match self.manners {
            Manners::Kinto => {
                // The order of the fields changes, as in a database that stores JSON in parsed form.
                let mut data: serde_json::Value = serde_json::from_str(&body).unwrap();
                data["last_modified"] = version.into();
                format!(r#"{{"permissions":{{}},"data":{data}}}"#)
            }
            Manners::Couch => {
                let fields = body.strip_prefix('{').unwrap();
                format!(r#"{{"_id":"board","_rev":"{version}-abc",{fields}"#)
            }
            _ => body,
        }
    }

    /// Returns the condition and the document of a write, or `None` if the write is malformed.
    fn out_of_envelope(&self, condition: &Condition, body: &str) -> Option<(Condition, String)> {
        let mut fields: serde_json::Value = serde_json::from_str(body).unwrap();
        match self.manners {
            Manners::Kinto => Some((condition.clone(), fields.get("data")?.to_string())),
            Manners::Couch => {
                let revision = fields.as_object_mut().unwrap().remove("_rev");
                let condition = match revision {
                    Some(revision) => {
                        let version = revision.as_str().unwrap().strip_suffix("-abc")?;
                        Condition::Unchanged(format!("\"{version}\""))
                    }
                    None => Condition::Absent,
                };
                Some((condition, fields.to_string()))
            }
            _ => Some((condition.clone(), body.to_owned())),
        }
    }

    fn add(&mut self, body: &str) {
        let sent = Document::from_json(body).unwrap();
        let mut board = Board::default();
        board.receive(self.rows.iter().cloned());
        for entry in sent.entries {
            let touched = board.apply_entry(entry.clone());
            if touched.is_new {
                self.rows.push(entry);
            }
            // An erased change is sent again, as a new row.
            let erased = touched.rewritten.iter();
            self.rows
                .extend(erased.filter_map(|id| board.log().entry(*id).cloned()));
        }
        self.store(Document::to_json(sent.board, board.log()));
    }

    /// Restores an older version, as an administrator might.
    fn restore(&mut self, dice: &mut Dice) {
        if self.manners == Manners::Patching || self.before.is_empty() {
            return;
        }
        let at = dice.roll(self.before.len() as u64) as usize;
        if let Some(body) = self.before[at].clone() {
            self.store(body);
        }
    }
}

fn board_of(body: &str) -> BoardId {
    Document::from_json(body).unwrap().board
}

struct Device {
    board: Board,
    clock: Clock,
    skew_millis: i64,
    sync: Sync,
    made: Vec<ChangeId>,
}

impl Device {
    fn says(&mut self, payload: &str, now: Millis) -> ChangeId {
        let id = self
            .clock
            .tick(Millis(now.0.saturating_add_signed(self.skew_millis)));
        let json = format!("{{\"id\":\"{id}\",\"fact\":{payload}}}");
        self.board.apply_entry(Entry::from_json(&json).unwrap());
        self.made.push(id);
        id
    }

    fn receive(&mut self, entries: Vec<Entry>) {
        for entry in entries {
            self.clock.observe(entry.id());
            self.board.apply_entry(entry);
        }
    }

    /// Sends one request and receives its answer, with random faults of the network.
    fn step(
        &mut self,
        endpoint: &mut Endpoint,
        late: &mut Vec<SyncRequest>,
        dice: &mut Dice,
        faults: bool,
    ) -> bool {
        let ask = self.sync.next(self.board.log());
        match ask {
            SyncRequest::Rest => return false,
            SyncRequest::Pause(_) => {
                match self.sync.standing() {
                    // A network that loses answers can look like an endpoint that does not answer writes.
                    Standing::Refused(EndpointError::NoAnswerToWrites { .. }) => {}
                    Standing::Refused(why) => panic!("{why}"),
                    _ => {}
                }
                return true;
            }
            _ => {}
        }
        let chance = dice.roll(100) as f64 / 100.0;
        if faults {
            match dice.roll(100) {
                // The request never arrives.
                0..8 => {
                    self.sync.unanswered(chance);
                    return true;
                }
                // The request arrives, but the answer does not.
                8..16 => {
                    endpoint.answer(&ask, dice);
                    self.sync.unanswered(chance);
                    return true;
                }
                // The request arrives a second time later.
                16..22 => late.push(ask.clone()),
                // The server fails for a moment.
                22..26 => {
                    let answer = SyncResponse {
                        status: 503,
                        ..SyncResponse::default()
                    };
                    self.sync.answered(answer, chance);
                    return true;
                }
                _ => {}
            }
        }
        let answer = endpoint.answer(&ask, dice);
        let entries = self.sync.answered(answer, chance);
        self.receive(entries);
        true
    }
}

fn devices(count: u32) -> (ChangeId, Vec<Device>) {
    let desk = Desk::new();
    let board = desk.board.log().entries().next().unwrap().id();
    let devices = (0..count).map(|number| {
        let mut device = Device {
            board: Board::default(),
            clock: Clock::new(Replica::new(number + 10, number)),
            // Clocks that are wrong by up to two days in either direction.
            skew_millis: (i64::from(number) - 2) * 86_400_000,
            sync: Sync::new(BoardId(board)),
            made: Vec::new(),
        };
        device.receive(desk.board.log().entries().cloned().collect());
        device
    });
    (board, devices.collect())
}

fn play(manners: Manners, seed: u64) {
    let mut dice = Dice(seed);
    let (board, mut devices) = devices(5);
    let mut endpoint = Endpoint::new(manners);
    let mut late = Vec::new();
    for step in 0..200u64 {
        let now = NOW + Duration::from_secs(step);
        let at = dice.roll(5) as usize;
        match dice.roll(10) {
            0..4 => {
                devices[at].says(
                    &format!("{{\"option-added\":{{\"name\":\"{step}\"}}}}"),
                    now,
                );
            }
            // A person erases a change of their own.
            4 if dice.is_hit(20) && !devices[at].made.is_empty() => {
                let of = devices[at].made.len() as u64;
                let which = devices[at].made[dice.roll(of) as usize];
                devices[at].says(&format!("{{\"redacted\":[\"{which}\"]}}"), now);
            }
            // A newer version makes a change that this one does not know.
            5 if dice.is_hit(20) => {
                devices[at].says(&format!("{{\"dreamt-of\":{{\"step\":{step}}}}}"), now);
            }
            6 if dice.is_hit(30) => devices[at].sync.wake(),
            7 if dice.is_hit(10) => endpoint.restore(&mut dice),
            8 if !late.is_empty() => {
                let which = dice.roll(late.len() as u64) as usize;
                let ask = late.swap_remove(which);
                endpoint.answer(&ask, &mut dice);
            }
            9 if dice.is_hit(20) => {
                // The page is loaded anew, so the device knows nothing of the endpoint any more.
                devices[at].sync = Sync::new(BoardId(board));
            }
            _ => {
                devices[at].step(&mut endpoint, &mut late, &mut dice, true);
            }
        }
    }
    // From here on without faults: all devices sync until none has anything left to send.
    for round in 0.. {
        assert!(
            round < 50,
            "{manners:?}, seed {seed}: they do not come to rest"
        );
        let before = endpoint.version;
        for device in &mut devices {
            device.sync.wake();
            for turn in 0.. {
                assert!(
                    turn < 60,
                    "{manners:?}, seed {seed}: a device does not come to rest"
                );
                if !device.step(&mut endpoint, &mut late, &mut dice, false) {
                    break;
                }
            }
        }
        let is_equal = devices
            .windows(2)
            .all(|pair| pair[0].board.log() == pair[1].board.log());
        if is_equal && before == endpoint.version {
            break;
        }
    }
    let everything: Vec<ChangeId> = devices
        .iter()
        .flat_map(|device| device.made.clone())
        .collect();
    let there = Document::from_json(endpoint.body.as_ref().unwrap()).unwrap();
    let first = devices[0].board.clone();
    for device in &mut devices {
        assert_eq!(device.board, first, "{manners:?}, seed {seed}");
        assert_eq!(device.sync.waiting(device.board.log()), 0);
        for id in &everything {
            assert!(
                device.board.log().entry(*id).is_some(),
                "{manners:?}, seed {seed}: {id} is lost"
            );
        }
    }
    assert_eq!(
        Document::to_json(BoardId(board), devices[0].board.log()),
        {
            let mut held = Board::default();
            held.receive(there.entries.iter().cloned());
            Document::to_json(BoardId(board), held.log())
        },
        "{manners:?}, seed {seed}: the endpoint holds something else"
    );
    // No copy contains the content of an erased change.
    for entry in &there.entries {
        let here = devices[0].board.log().entry(entry.id());
        let is_erased = here.is_some_and(is_blank);
        assert_eq!(is_erased, is_blank(entry), "{manners:?}, seed {seed}");
    }
}

fn is_blank(entry: &Entry) -> bool {
    entry
        .known()
        .is_some_and(|change| change.payload == Payload::Blank)
}

#[test]
fn five_devices_lose_nothing_and_agree_whatever_the_endpoint_and_the_network_do() {
    let seeds = if std::env::var_os("CRUXBOARD_LONG").is_some() {
        2_000
    } else {
        200
    };
    for manners in ALL {
        for seed in 0..seeds {
            play(manners, seed);
        }
    }
}

fn read(sync: &mut Sync, board: &Board, status: u16, body: &str) -> SyncRequest {
    sync.wake();
    assert!(matches!(sync.next(board.log()), SyncRequest::Get { .. }));
    let answer = SyncResponse {
        status,
        body: body.into(),
        ..SyncResponse::default()
    };
    sync.answered(answer, 0.5);
    sync.next(board.log())
}

fn refused(sync: &Sync) -> EndpointError {
    match sync.standing() {
        Standing::Refused(refused) => refused.clone(),
        other => panic!("{other:?}"),
    }
}

fn sync_refusal(status: u16, body: &str) -> String {
    cruxboard_domain::sync::refusal(status, body).to_string()
}
