//! The app without its pages: a board, a clock, and a loop around the domain's sync.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context as _, Result, bail};
use cruxboard_domain::Millis;
use cruxboard_domain::{
    BoardId, ChangeId, Credence,
    board::Board,
    change::{Change, CredenceStated, Payload},
    id::{Clock, Replica},
    log::Entry,
    record::{CruxEdit, CruxId, PersonEdit, PersonId},
    sync::{Pause, Request, Standing, Sync, SyncRequest, SyncResponse},
};
use reqwest::{Client, Method, redirect};
use tokio::time::sleep;

/// Interval of polling an endpoint without long polling. The app waits longer.
const POLL: Duration = Duration::from_secs(1);
/// Time to collect changes before sending, as in the app.
const GATHER: Duration = Duration::from_millis(400);
const LISTEN_SECONDS: u64 = 25;
const PATIENCE: Duration = Duration::from_secs(60);

/// The address of a board, with its credential.
#[derive(Clone, Debug)]
pub struct Door {
    /// The board's address.
    pub address: String,
    /// Name and value of the header with the credential.
    pub key: Option<(&'static str, String)>,
}

/// A request with its response.
#[derive(Debug)]
pub struct Knock {
    /// The response in the domain's form.
    pub answer: SyncResponse,
    /// Bytes of the request's line, headers and body.
    pub sent: usize,
}

/// Sends a request; `None` without a response.
pub async fn send(client: &Client, door: &Door, request: Request<'_>) -> Option<Knock> {
    let method: Method = request.method.parse().ok()?;
    let mut asking = client.request(method, &request.address);
    for (name, value) in &request.headers {
        asking = asking.header(*name, value);
    }
    if let Some((name, value)) = &door.key {
        asking = asking.header(*name, value);
    }
    if let Some(body) = request.body {
        asking = asking.body(body.to_owned());
    }
    let asking = asking.build().ok()?;
    let headers = asking.headers().iter();
    let headers = headers.map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len());
    let sent = request.method.len()
        + request.address.len()
        + headers.sum::<usize>()
        + request.body.map_or(0, str::len);
    let answered = client.execute(asking).await.ok()?;
    let headers = answered.headers().clone();
    let header = |name: &str| Some(headers.get(name)?.to_str().ok()?.to_owned());
    let answer = SyncResponse::of(answered.status().as_u16(), &header, now());
    let body = answered.text().await.ok()?;
    let answer = SyncResponse { body, ..answer };
    Some(Knock { answer, sent })
}

/// Returns a board with a person and a crux, as it is when its devices first meet.
pub fn board() -> Vec<Entry> {
    let mut clock = Clock::new(Replica::new(1, 1));
    let mut say = |payload| {
        let id = clock.tick(now());
        Entry::from(Change {
            id,
            by: None,
            part_of: None,
            payload,
        })
    };
    let person = PersonEdit {
        name: Some("Ann".into()),
        ..PersonEdit::default()
    };
    let crux = CruxEdit {
        title: Some("Do readers stay?".into()),
        ..CruxEdit::default()
    };
    vec![
        say(Payload::PersonAdded(Box::new(person))),
        say(Payload::CruxAdded(Box::new(crux))),
    ]
}

/// One of the devices that share a board.
pub struct Device {
    number: u32,
    id: ChangeId,
    board: Board,
    person: PersonId,
    crux: CruxId,
    clock: Clock,
    sync: Sync,
    door: Door,
    client: Client,
    /// The changes of this device, in order.
    pub said: Vec<ChangeId>,
    /// Number of bytes that this device has sent.
    pub sent: usize,
}

impl Device {
    /// Creates a device with a board that begins with `entries`, which knows nothing of the endpoint.
    ///
    /// # Errors
    /// If there is no HTTP client, or no board.
    pub fn new(number: u32, entries: &[Entry], door: &Door) -> Result<Self> {
        let ids: Vec<ChangeId> = entries.iter().map(Entry::id).collect();
        let [person, crux, ..] = ids[..] else {
            bail!("the board begins with a person and a crux");
        };
        let mut device = Self {
            number,
            id: person,
            board: Board::default(),
            person: PersonId(person),
            crux: CruxId(crux),
            clock: Clock::new(Replica::new(number + 10, number)),
            sync: Sync::new(BoardId(person)),
            door: door.clone(),
            // As in the page: without cookies, and without following redirects.
            client: Client::builder()
                .redirect(redirect::Policy::none())
                .timeout(PATIENCE)
                .no_proxy()
                .build()?,
            said: Vec::new(),
            sent: 0,
        };
        device.receive(entries.to_vec());
        Ok(device)
    }

    /// Returns the board of this device.
    pub fn board(&self) -> &Board {
        &self.board
    }

    /// Returns the state of syncing.
    pub fn sync(&self) -> &Sync {
        &self.sync
    }

    /// States a credence. Every tenth time, adds a change that this version does not understand.
    pub fn edit(&mut self) {
        let id = self.clock.tick(now());
        let (number, at) = (self.number, self.said.len());
        let entry = if at % 10 == 9 {
            let json = format!(
                r#"{{"id":"{id}","fact":{{"dreamt-of":{{"z":[{at}.50,"\u00e9\ud83c\udf19"],"a":{{"device":{number}}}}}}}}}"#
            );
            Entry::from_json(&json)
        } else {
            let statement = CredenceStated {
                crux: self.crux,
                reason_salt: String::new(),
                person: self.person,
                credence: Credence::clamped(f64::from((at as u32 * 7 + number) % 100) + 0.5),
                reason: format!(
                    "“{at}” says device {number}: <b>\\o/</b> \"\u{1f319}\"\tand\u{2028}so on"
                ),
                evidence: Vec::new(),
                reaffirms: false,
                at: None,
                wall_clock: None,
            };
            Ok(Entry::from(Change {
                id,
                by: Some(self.person),
                part_of: None,
                payload: Payload::CredenceStated(Box::new(statement)),
            }))
        };
        // The text above is a valid entry.
        if let Ok(entry) = entry {
            self.board.apply_entry(entry);
            self.said.push(id);
        }
    }

    fn receive(&mut self, entries: Vec<Entry>) {
        for entry in entries {
            self.clock.observe(entry.id());
            self.board.apply_entry(entry);
        }
    }

    /// Sends requests until there is nothing left to send.
    ///
    /// # Errors
    /// The reason why the endpoint cannot be used.
    pub async fn until_rest(&mut self) -> Result<()> {
        self.sync.wake();
        loop {
            match self.sync.next(self.board.log()) {
                SyncRequest::Rest => return Ok(()),
                SyncRequest::Pause(pause) => self.pause(pause).await?,
                ask => self.ask(&ask).await,
            }
        }
    }

    /// Waits before the next try. An endpoint that refuses for a reason ends the test.
    async fn pause(&self, pause: Pause) -> Result<()> {
        if let Standing::Refused(why) = self.sync.standing() {
            return Err(why.clone().into());
        }
        sleep(pause.full).await;
        Ok(())
    }

    async fn ask(&mut self, ask: &SyncRequest) {
        let Some(request) = Request::of(ask, &self.door.address) else {
            return;
        };
        let knock = send(&self.client, &self.door, request).await;
        self.take(knock);
    }

    fn take(&mut self, knock: Option<Knock>) {
        let Some(Knock { answer, sent }) = knock else {
            self.sync.unanswered(self.chance());
            return;
        };
        self.sent += sent;
        let entries = self.sync.answered(answer, self.chance());
        self.receive(entries);
    }

    /// Returns whether the endpoint refuses a write by somebody who has an old version.
    ///
    /// # Errors
    /// If there is no response or no board.
    pub async fn refuses_stale_writes(&self) -> Result<bool> {
        let get = SyncRequest::Get {
            tag: None,
            after: None,
        };
        let there = self.once(&get).await?;
        let asked = self.once(&Sync::stale_write(&there.body)).await?;
        Ok(matches!(asked.status, 409 | 412 | 428))
    }

    /// Sends a request without updating the state of syncing.
    ///
    /// # Errors
    /// If there is no response.
    pub async fn once(&self, ask: &SyncRequest) -> Result<SyncResponse> {
        let request = Request::of(ask, &self.door.address).context("nothing is asked")?;
        let knock = send(&self.client, &self.door, request).await;
        Ok(knock.context("there is no answer")?.answer)
    }

    /// Makes `edits` edits, one every `every`, and syncs all the time except for periods without a network.
    /// Continues until `all` changes have arrived on every device of `everybody`.
    ///
    /// # Errors
    /// The reason why the endpoint cannot be used.
    pub async fn take_part(
        &mut self,
        edits: u32,
        every: Duration,
        all: usize,
        everybody: &Arc<[AtomicBool]>,
    ) -> Result<()> {
        let begun = Instant::now();
        let has_all = &everybody[self.number as usize];
        while !everybody.iter().all(|one| one.load(Ordering::SeqCst)) {
            let due = begun.elapsed().as_millis() / every.as_millis();
            while self.said.len() < edits.min(due as u32) as usize {
                self.edit();
            }
            // Each device is offline at different times, twice for a tenth of the run.
            let tenth = (begun.elapsed().as_millis() * 10 / (every * edits).as_millis()) as u32;
            let is_away = tenth == 1 + self.number % 4 || tenth == 5 + self.number % 5;
            let ask = self.sync.next(self.board.log());
            match &ask {
                SyncRequest::Pause(pause) => self.pause(*pause).await?,
                SyncRequest::Rest => {
                    let is_all = self.board.log().len() == all;
                    has_all.store(is_all, Ordering::SeqCst);
                    self.rest(every).await;
                }
                _ if is_away => {
                    self.sync.unanswered(self.chance());
                }
                SyncRequest::Get { .. } => self.ask(&ask).await,
                SyncRequest::Put { .. } | SyncRequest::Patch { .. } => {
                    has_all.store(false, Ordering::SeqCst);
                    self.ask(&ask).await;
                }
            }
        }
        Ok(())
    }

    /// Waits until a change is made here, the endpoint reports something, or it is time to poll.
    pub async fn rest(&mut self, every: Duration) {
        if let Some(ask) = self.sync.listen() {
            let request = Request::of(&ask, &self.door.address);
            let Some(request) = request.map(|request| request.waiting(LISTEN_SECONDS)) else {
                return;
            };
            let knock = tokio::select! {
                knock = send(&self.client, &self.door, request) => knock,
                () = sleep(every) => {
                    self.sync.called_off();
                    return;
                }
            };
            self.take(knock);
        } else {
            sleep(POLL.min(every * 4)).await;
            if self.sync.waiting(self.board.log()) > 0 {
                sleep(GATHER).await;
            }
            self.sync.wake();
        }
    }

    /// Returns a random number from 0 to 1.
    fn chance(&self) -> f64 {
        let nanos = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.subsec_nanos());
        f64::from((nanos / 100).wrapping_mul(2_654_435_761) ^ self.number) / f64::from(u32::MAX)
    }

    /// Returns the board's id.
    pub fn id(&self) -> ChangeId {
        self.id
    }
}

fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Millis(0) + since.unwrap_or_default()
}
