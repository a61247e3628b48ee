//! Devices that keep in step through one URL, played out with every kind of endpoint and fault, and
//! no network.

#![allow(clippy::panic)]

use crate::desk::{DAY, Desk, NOW};
use cruxboard_domain::ChangeId;
use cruxboard_domain::board::Board;
use cruxboard_domain::change::{Change, Payload};
use cruxboard_domain::document::Document;
use cruxboard_domain::id::{Clock, Replica};
use cruxboard_domain::log::{Entry, Log};
use cruxboard_domain::sync::{
    Condition, EndpointError, Envelope, MOST_CHANGES, Request, Standing, Sync, SyncRequest,
    SyncResponse, ahead_in_words, document_of,
};

/// Splitmix64: the same numbers for the same seed, everywhere.
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

/// How an endpoint treats what it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manners {
    /// Refuses every stale write.
    Exact,
    /// Refuses some.
    Sometimes,
    /// Takes every write.
    Never,
    /// Refuses them, but no tag can be read.
    Untagged,
    /// Its tag stays the same, whatever it holds.
    Lying,
    /// Its tag is weak at first.
    Weak,
    /// Takes changes one by one, and can say what is new.
    Patching,
    /// Keeps records in an envelope, and writes them anew in its own way.
    Kinto,
    /// Keeps documents with a revision among their fields, and looks at no header.
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

/// An endpoint: what it holds, and every version of that before.
struct Endpoint {
    manners: Manners,
    body: Option<String>,
    version: u64,
    before: Vec<Option<String>>,
    /// For `Patching`: rows in the order in which they came.
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
            // Somewhere between the two there is something that packs, and weakens its tags.
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
                // Its own order of fields, as from a database that keeps JSON taken apart.
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

    /// What is to be stored on what condition; nothing if it is not as it should be.
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
            // What is erased comes again, as a row of its own.
            let erased = touched.rewritten.iter();
            self.rows
                .extend(erased.filter_map(|id| board.log().entry(*id).cloned()));
        }
        self.store(Document::to_json(sent.board, board.log()));
    }

    /// Somebody restores an older version.
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

fn board_of(body: &str) -> ChangeId {
    Document::from_json(body).unwrap().board
}

struct Device {
    board: Board,
    clock: Clock,
    skew: i64,
    sync: Sync,
    made: Vec<ChangeId>,
}

impl Device {
    fn says(&mut self, payload: &str, now: u64) -> ChangeId {
        let id = self.clock.tick(now.saturating_add_signed(self.skew));
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

    /// One question and its answer, with what a network does to both.
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
                    // A network that loses answers looks so at times.
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
                // It never arrives.
                0..8 => {
                    self.sync.unanswered(chance);
                    return true;
                }
                // It arrives, but its answer does not.
                8..16 => {
                    endpoint.answer(&ask, dice);
                    self.sync.unanswered(chance);
                    return true;
                }
                // It arrives a second time, later.
                16..22 => late.push(ask.clone()),
                // The server has a bad moment.
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
            // Clocks off by up to two days in either direction.
            skew: (i64::from(number) - 2) * DAY as i64,
            sync: Sync::new(board),
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
        let now = NOW + step * 1_000;
        let at = dice.roll(5) as usize;
        match dice.roll(10) {
            0..4 => {
                devices[at].says(
                    &format!("{{\"option-added\":{{\"name\":\"{step}\"}}}}"),
                    now,
                );
            }
            // Somebody erases something of their own.
            4 if dice.is_hit(20) && !devices[at].made.is_empty() => {
                let of = devices[at].made.len() as u64;
                let which = devices[at].made[dice.roll(of) as usize];
                devices[at].says(&format!("{{\"redacted\":[\"{which}\"]}}"), now);
            }
            // A newer version says something that this one does not know.
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
                // The page is loaded anew: nothing is known of the endpoint any more.
                devices[at].sync = Sync::new(board);
            }
            _ => {
                devices[at].step(&mut endpoint, &mut late, &mut dice, true);
            }
        }
    }
    // Peace: everybody asks until nobody has anything left to say.
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
        Document::to_json(board, devices[0].board.log()),
        {
            let mut held = Board::default();
            held.receive(there.entries.iter().cloned());
            Document::to_json(board, held.log())
        },
        "{manners:?}, seed {seed}: the endpoint holds something else"
    );
    // What was erased is nowhere in full.
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

#[test]
fn nothing_is_ever_written_over_what_is_no_board_another_board_or_a_newer_one() {
    let (id, devices) = devices(1);
    let board = &devices[0].board;
    let ours = Document::to_json(id, board.log());
    let other = ours.replace(&id.to_string(), "01M83T4CM00000000000000009");
    let newer = ours.replace("\"version\":1", "\"version\":2");
    for (body, why) in [
        ("<html>Sign in to the network</html>", None),
        ("{\"hello\":\"world\"}", None),
        ("[]", None),
        (&ours[..40], None),
        (other.as_str(), Some(EndpointError::AnotherBoard)),
        (newer.as_str(), Some(EndpointError::Newer)),
    ] {
        let mut sync = Sync::new(id);
        let next = read(&mut sync, board, 200, body);
        assert!(matches!(next, SyncRequest::Pause(_)), "{body}: {next:?}");
        let refused = refused(&sync);
        match why {
            Some(why) => assert_eq!(refused, why),
            None => assert!(
                matches!(refused, EndpointError::NotABoard(_)),
                "{body}: {refused:?}"
            ),
        }
    }
}

#[test]
fn refusals_are_said_in_words_and_followed_by_a_pause() {
    let (id, devices) = devices(1);
    let board = &devices[0].board;
    let problem = r#"{"title":"x","detail":"This token may only read."}"#;
    for (status, words) in [
        (401, "valid token"),
        (403, "This token may only read."),
        (507, "no room"),
        (428, "428"),
        (302, "leads on"),
    ] {
        let mut sync = Sync::new(id);
        let next = read(&mut sync, board, status, problem);
        assert!(matches!(next, SyncRequest::Pause(_)), "{status}: {next:?}");
        let refused = refused(&sync);
        assert!(refused.to_string().contains(words), "{refused}");
        sync.wake();
        assert!(matches!(sync.next(board.log()), SyncRequest::Get { .. }));
    }
}

#[test]
fn of_a_change_dated_too_far_ahead_it_is_said_whose_clock_it_was_and_what_to_do() {
    let (id, mut devices) = devices(2);
    let year = 365 * 86_400_000;
    let name = "{\"person-added\":{\"name\":\"Ann\"}}";
    let ann = devices[0].says(name, NOW);
    let ahead = devices[0].says("{\"option-added\":{\"name\":\"far\"}}", NOW + year);
    let json = devices[0].board.log().entry(ahead).unwrap().to_json();
    let signed = json.replacen(",", &format!(",\"by\":\"{ann}\","), 1);
    let with_name = Entry::from_json(&signed).unwrap();
    let of_ann = devices[0].board.log().entry(ann).unwrap().clone();
    let unsigned = devices[0].board.clone();
    let signed: Board = [of_ann, with_name].into_iter().collect();
    let problem = format!(
        "{{\"status\":422,\"detail\":\"Change {ahead} is dated 365 days ahead.\",\"dated_ahead\":\"{ahead}\"}}"
    );
    let mut sync = Sync::new(id);
    read(&mut sync, &unsigned, 422, &problem);
    let EndpointError::Ahead(change, _) = refused(&sync) else {
        panic!("{:?}", sync.standing());
    };
    assert_eq!(change, ahead);
    let here = ahead.replica().device();
    let (then, now) = (ahead.millis(), ahead.millis() - year);
    for (board, device, now, words) in [
        (
            &signed,
            here,
            now,
            [
                "made on this device is dated 365 days ahead",
                "Set this device’s clock",
            ],
        ),
        (
            &signed,
            here + 1,
            now,
            [
                "made by Ann on another device is",
                "Set that device’s clock",
            ],
        ),
        (
            &unsigned,
            here + 1,
            now,
            ["made on another device is", "Set that device’s clock"],
        ),
        (
            &signed,
            here,
            then,
            ["too far ahead of the server’s clock", "join it again"],
        ),
    ] {
        let said = ahead_in_words(board, change, device, now);
        for word in words {
            assert!(said.contains(word), "{said}");
        }
    }
    // Any other refusal with that status says what the endpoint says.
    let refused = sync_refusal(422, "{\"detail\":\"No.\"}");
    assert_eq!(refused, "The endpoint refused with the status 422: No.");
}

/// Lets a device ask until it rests, or until it is clear that it will not.
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
            // So often, since a tag that lies is believed for eight reads.
            for _ in 0..20 {
                for device in &mut devices {
                    // Without a readable beginning it has stopped until somebody looks.
                    device.sync.wake();
                    settle(device, &mut endpoint, &mut late, &mut dice);
                }
            }
            let [one, other] =
                [0, 1].map(|n| Document::to_json(ChangeId::MIN, devices[n].board.log()));
            assert_eq!(one, other, "{manners:?}, {cut} of {CUTS}");
            for name in ["\"mine\"", "\"19\""] {
                assert!(one.contains(name), "{manners:?}");
            }
        }
        // One whose tag lies says at times that nothing has changed.
        assert!(is_cut > 0 || manners == Manners::Lying, "{manners:?}");
    }
}

fn sync_refusal(status: u16, body: &str) -> String {
    cruxboard_domain::sync::refusal(status, body).to_string()
}

#[test]
fn who_loses_a_write_is_read_again_before_it_is_written_again_and_said_to_lose_it() {
    let (id, devices) = devices(1);
    let board = &devices[0].board;
    let mut sync = Sync::new(id);
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
                pauses.push(pause.millis);
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
    assert_eq!(pauses[..5], [2_000, 4_000, 8_000, 2_000, 2_000]);
    assert!(pauses[19] >= 32_000, "{pauses:?}");
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
    assert_eq!((count, board_of(&body)), (1, id));
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
    let next = read(&mut Sync::new(id), board, 404, "");
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
    let full = Document::to_json(id, device.board.log());
    let redacted = device.says(&format!("{{\"redacted\":[\"{erased}\"]}}"), NOW);
    let told = device.board.log().entry(redacted).unwrap().to_json();
    let there = format!("{},\n{told}]}}", full.trim_end_matches("]}"));
    let sent = read(&mut Sync::new(id), &device.board, 200, &there);
    let SyncRequest::Put { body, count, .. } = sent else {
        panic!("{sent:?} for {there}");
    };
    assert_eq!(count, 1);
    assert!(!body.contains("a secret"));
}

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
                // Whoever makes a board must name the change that founds it.
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

    let said = devices[0].says("{\"option-added\":{\"name\":\"for all\"}}", NOW + 1);
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
    assert_eq!(board_of(endpoint.body.as_ref().unwrap()), id);
}

#[test]
fn an_envelope_is_found_by_what_comes_in_it_and_what_is_sent_goes_into_it() {
    let (id, devices) = devices(1);
    let board = &devices[0].board;
    let ours = Document::to_json(id, board.log());
    let fields = &ours[1..];
    // A document that lacks something, so that there is something to send.
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
        let mut sync = Sync::new(id);
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
    let ours = Document::to_json(id, devices[0].board.log());
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
        let mut sync = Sync::new(id);
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
    assert_eq!(answer.retry_after_millis, Some(3_000));
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
            let id = ChangeId::new(1, number as u32, Replica::new(7, 7));
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
        let mut sync = Sync::new(id);
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
    // Just so many are welcome, but not others on top of them.
    let full = answer(format!("{heading}{}]}}", flood(MOST_CHANGES, 0)));
    let full = document_of(&full).unwrap();
    let mut log = Log::default();
    for entry in full.entries {
        log.add(entry);
    }
    let mut sync = Sync::new(id);
    assert!(sync.has_room(&log, 0));
    assert!(!sync.has_room(&log, 1));
    assert!(matches!(sync.next(&log), SyncRequest::Pause(_)));
    assert_eq!(refused(&sync), EndpointError::TooLarge);
}

#[test]
fn an_erasure_that_was_undone_at_the_endpoint_and_is_refused_there_is_undone_here() {
    let (id, devices) = devices(1);
    let at = |counter| ChangeId::new(NOW + 1, counter, Replica::new(7, 7));
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
    // Of four, two were erased by somebody hostile, one in good faith, and one by both.
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

    let mut sync = Sync::new(id);
    let answer = |body: String| SyncResponse {
        status: 200,
        takes_patches: true,
        cursor: Some("9".into()),
        body,
        ..SyncResponse::default()
    };
    assert!(matches!(sync.next(&log), SyncRequest::Get { .. }));
    let entries = sync.answered(answer(Document::to_json(id, &there)), 0.5);
    assert_eq!(
        sync.unredact(&log, &entries),
        None,
        "it was not refused yet"
    );
    let SyncRequest::Patch { body, count } = sync.next(&log) else {
        panic!("nothing is sent");
    };
    // The erasure, two without content, and what is only here.
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
    let entries = sync.answered(answer(Document::to_json(id, &there)), 0.5);
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
