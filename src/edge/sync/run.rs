//! The loop that keeps one board in step with one endpoint, for as long as both stay the same.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use cruxboard_domain::ChangeId;
use cruxboard_domain::log::Entry;
use cruxboard_domain::record::PersonId;
use cruxboard_domain::sync::{
    EndpointError, Pause, Standing, Sync, SyncRequest, SyncResponse, ahead_in_words,
    clock_skew_in_words, listen_pause_millis,
};
use futures::future::{AbortHandle, Abortable};
use js_sys::Promise;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use super::endpoint::Endpoint;
use super::tab_channel::{TabChannel, TabStatus};
use crate::edge::clock;
use crate::edge::persistence::Persistence;
use crate::edge::web_lock::{WebLock, lock};
use crate::session::{Session, SyncRecord, SyncState};

/// How often an endpoint is asked that does not tell by itself; less often where nobody looks.
const POLL_MILLIS: u64 = 15_000;
const HIDDEN_POLL_MILLIS: u64 = 120_000;
/// What is done in one go is sent in one go, where everything is sent each time.
const GATHER_MILLIS: u64 = 400;
/// An answer that is longer than so many bytes is shown while it comes.
const LONG_BYTES: usize = 200_000;
/// What an endpoint that tells who is there says to who does not say so.
const UNTOLD: &str = "-";
/// An answer to a wait that comes sooner than this, and brings nothing, came too early.
const EARLY_MILLIS: u64 = 20_000;
/// How long to wait before asking again after somebody came or went; longer each time, up to this.
const COMING_MILLIS: u64 = 50;
const MOST_COMING_MILLIS: u64 = 2_000;
/// A tab that keeps the board in step and does not answer so often in a row is taken for asleep.
const MOST_SILENCES: u32 = 3;

/// The state of sync after joining has read the board once.
#[derive(Clone)]
pub(super) struct Seed {
    pub(super) sync: Sync,
    /// The other people there, where the endpoint tells.
    pub(super) present: Option<String>,
}

/// One tab's part in keeping a board in step: one of those that show the board asks the endpoint, the
/// others show what that one says and take its place when it goes.
pub(super) struct Run {
    session: Session,
    persistence: Persistence,
    board: ChangeId,
    endpoint: Endpoint,
    tabs: Rc<TabChannel>,
    sync: RefCell<Sync>,
    /// The state that joining has left, used once.
    seed: RefCell<Option<Seed>>,
    is_over: Cell<bool>,
    /// Whether this tab is the one that asks.
    leads: Cell<bool>,
    /// How often the tab that asks has not answered.
    silences: Cell<u32>,
    /// Who the endpoint has last said is there; `None`: it does not tell.
    present: RefCell<Option<String>>,
    /// How often in a row the endpoint has answered at once only to say who is there.
    comings: Cell<u32>,
    /// How often in a row it has ended a wait too early, with nothing new.
    early: Cell<u32>,
    /// Whether something was done here since the last pause began.
    has_changed: Cell<bool>,
    /// Whether nothing is done until it is time to ask again.
    is_polling: Cell<bool>,
    /// When the endpoint last answered.
    looked_at: Cell<u64>,
    /// Whether something done here is worth breaking the wait off for.
    is_resting: Cell<bool>,
    /// Breaks off what is being waited for.
    wake: RefCell<Option<Box<dyn FnOnce()>>>,
}

impl Run {
    pub(super) fn new(
        (session, persistence): (Session, Persistence),
        board: ChangeId,
        endpoint: Endpoint,
        seed: Option<Seed>,
        tabs: Rc<TabChannel>,
    ) -> Rc<Self> {
        Rc::new(Self {
            session,
            persistence,
            board,
            endpoint,
            tabs,
            sync: RefCell::new(Sync::new(board)),
            seed: RefCell::new(seed),
            is_over: Cell::new(false),
            leads: Cell::new(false),
            silences: Cell::new(0),
            present: RefCell::default(),
            comings: Cell::new(0),
            early: Cell::new(0),
            has_changed: Cell::new(false),
            is_polling: Cell::new(false),
            looked_at: Cell::new(0),
            is_resting: Cell::new(false),
            wake: RefCell::default(),
        })
    }

    /// Ends it after the answer that is being waited for, if any.
    pub(super) fn end(&self) {
        self.is_over.set(true);
        self.break_off();
    }

    /// Something was done on the board here.
    pub(super) fn on_change(&self) {
        self.has_changed.set(true);
        if self.is_resting.get() {
            self.break_off();
        }
    }

    /// Looks again at once, or has the tab do it that can.
    pub(super) fn look_again(&self) {
        if !self.leads.get() {
            return self.tabs.want_status(self.board, true);
        }
        self.sync.borrow_mut().try_again();
        self.has_changed.set(true);
        self.break_off();
    }

    fn break_off(&self) {
        if let Some(wake) = self.wake.take() {
            wake();
        }
    }

    /// Another tab shows the board, and wants the state of sync.
    pub(super) fn on_status_wanted(&self, at_once: bool) {
        if !self.leads.get() {
            return;
        }
        self.tabs.send_status(self.board, self.session.sync);
        if at_once {
            self.look_again();
        } else if self.is_polling.get()
            && clock::now_millis().saturating_sub(self.looked_at.get()) >= POLL_MILLIS
        {
            // This tab may be hidden and have all the time in the world.
            self.break_off();
        }
    }

    /// The tab that asks the endpoint reports the state of sync.
    pub(super) fn on_status(&self, status: TabStatus) {
        if !self.leads.get() {
            self.silences.set(0);
            status.show(self.session.sync);
        }
    }

    /// How it stands has changed: the other tabs are told.
    pub(super) fn on_shown(&self) {
        if self.leads.get() {
            self.tabs.send_status(self.board, self.session.sync);
        }
    }

    pub(super) async fn run(self: Rc<Self>) {
        self.show(SyncState::Connecting);
        while !self.is_over.get() {
            let turn = self.turn().await;
            if self.is_over.get() {
                break;
            }
            // What another tab has read since is not known here.
            let seed = self.seed.take();
            let (sync, present) = seed.map_or_else(
                || (Sync::new(self.board), None),
                |seed| (seed.sync, seed.present),
            );
            self.sync.replace(sync);
            self.present.replace(present);
            self.leads.set(true);
            self.lead().await;
            self.leads.set(false);
            drop(turn);
        }
    }

    /// Waits until this tab is the one that asks.
    async fn turn(self: &Rc<Self>) -> Option<WebLock> {
        let turn = Rc::new(RefCell::new(None));
        let mut steals = false;
        loop {
            let (run, its) = (self.clone(), turn.clone());
            spawn_local(async move { run.queue(steals, &its).await });
            while !self.is_over.get() && turn.borrow().is_none() {
                // Nobody looks at a hidden tab, so it need not know.
                if !document().hidden() {
                    self.tabs.want_status(self.board, false);
                    self.silences.set(self.silences.get() + 1);
                }
                self.sleep(POLL_MILLIS).await;
                if self.silences.get() >= MOST_SILENCES && !steals {
                    break;
                }
            }
            let got = turn.take();
            if got.is_some() || self.is_over.get() {
                return got;
            }
            self.silences.set(0);
            steals = true;
        }
    }

    /// Puts the lock there once this tab has it.
    async fn queue(self: Rc<Self>, steals: bool, turn: &RefCell<Option<WebLock>>) {
        let lost = self.clone();
        let on_end = move || {
            lost.leads.set(false);
            lost.break_off();
        };
        let lock = lock(&format!("cruxboard/sync/{}", self.board), steals, on_end).await;
        if !self.is_over.get() && !self.leads.get() {
            turn.replace(Some(lock));
            self.break_off();
        }
    }

    async fn lead(&self) {
        while !self.is_over.get() && self.leads.get() {
            let ask = self.with_log(|sync, log| sync.next(log));
            match &ask {
                SyncRequest::Pause(pause) => {
                    self.show_waiting();
                    self.pause(*pause).await;
                }
                SyncRequest::Rest => {
                    self.show_rest();
                    self.rest().await;
                }
                SyncRequest::Put { .. } | SyncRequest::Patch { .. } => {
                    let waiting = self.with_log(|sync, log| sync.waiting(log));
                    self.show(SyncState::Sending(waiting));
                    self.send(&ask).await;
                }
                SyncRequest::Get { .. } => self.send(&ask).await,
            }
        }
    }

    fn in_words(&self, why: &EndpointError) -> String {
        let EndpointError::Ahead(change, _) = why else {
            return why.to_string();
        };
        let here = self.session.replica().device();
        self.session
            .with(|board| ahead_in_words(board, *change, here, clock::now_millis()))
    }

    /// Waits, but not on for longer than need be once something was done here.
    async fn pause(&self, pause: Pause) {
        self.has_changed.set(false);
        self.sleep(pause.least_millis).await;
        let rest = pause.millis.saturating_sub(pause.least_millis);
        if rest > 0 && !self.has_changed.get() && !self.is_over.get() && self.leads.get() {
            self.is_resting.set(true);
            self.sleep(rest).await;
            self.is_resting.set(false);
        }
    }

    async fn send(&self, ask: &SyncRequest) {
        let on_progress = |bytes: usize| {
            if bytes > LONG_BYTES {
                self.show(SyncState::Receiving(bytes));
            }
        };
        let reply = self.endpoint.send(ask, &on_progress).await;
        if let Some(reply) = &reply {
            self.record(ask, &reply.answer);
            // Only who waits is told who is there; here one learns whether it tells at all.
            let mut present = self.present.borrow_mut();
            if present.is_none() || reply.present.is_none() {
                present.clone_from(&reply.present);
            }
        }
        self.take(reply.map(|reply| reply.answer));
    }

    fn take(&self, answer: Option<SyncResponse>) {
        let chance = chance();
        if self.is_over.get() {
            return;
        }
        let is_welcome = answer.as_ref().is_some_and(|answer| answer.status < 400);
        if !is_welcome {
            self.show_present("");
        }
        let Some(answer) = answer else {
            self.sync.borrow_mut().unanswered(chance);
            return;
        };
        self.looked_at.set(clock::now_millis());
        let entries = self.sync.borrow_mut().answered(answer, chance);
        self.show_clock();
        if self.session.open.get_untracked() != Some(self.board) {
            return;
        }
        if let Some(pardon) = self.with_log(|sync, log| sync.unredact(log, &entries)) {
            self.tabs.send_unredacted(self.board, &pardon);
            self.persistence.unredact(self.board, pardon);
        }
        self.receive(entries);
    }

    /// What is new goes the way of everything new: onto the board, into storage, to the other tabs.
    fn receive(&self, entries: Vec<Entry>) {
        let new: Vec<Entry> = self.session.with(|board| {
            let log = board.log();
            let new = entries
                .into_iter()
                .filter(|entry| log.entry(entry.id()) != Some(entry));
            new.collect()
        });
        if new.is_empty() || !self.with_log(|sync, log| sync.has_room(log, new.len())) {
            return;
        }
        let ids: Vec<ChangeId> = new.iter().map(Entry::id).collect();
        self.session.receive(new);
        let held: Vec<Entry> = self.session.with(|board| {
            let held = ids.into_iter().filter_map(|id| board.log().entry(id));
            held.cloned().collect()
        });
        self.session.outbox.put(self.board, held);
    }

    /// Both sides have the same: until something is done here, or the endpoint tells of something.
    async fn rest(&self) {
        self.is_resting.set(true);
        let listening = self.sync.borrow_mut().listen();
        if let Some(ask) = listening {
            self.listen(&ask).await;
            self.is_resting.set(false);
            return;
        }
        let is_hidden = document().hidden();
        self.is_polling.set(true);
        self.sleep(if is_hidden {
            HIDDEN_POLL_MILLIS
        } else {
            POLL_MILLIS
        })
        .await;
        self.is_polling.set(false);
        self.is_resting.set(false);
        if self.with_log(|sync, log| !sync.reads_only() && sync.waiting(log) > 0) {
            self.sleep(GATHER_MILLIS).await;
        }
        self.sync.borrow_mut().wake();
    }

    async fn listen(&self, ask: &SyncRequest) {
        let (abort, registration) = AbortHandle::new_pair();
        self.wake.replace(Some(Box::new(move || abort.abort())));
        let begun = clock::now_millis();
        let listening = self.endpoint.listen(ask, self.introduction());
        let reply = Abortable::new(listening, registration).await;
        self.wake.take();
        let Ok(reply) = reply else {
            self.sync.borrow_mut().called_off();
            return;
        };
        let is_nothing = reply.as_ref().is_some_and(|it| it.answer.status == 304);
        let before = self.session.with(|board| board.log().len());
        let is_answered = reply.is_some();
        let present = reply.as_ref().and_then(|reply| reply.present.clone());
        self.take(reply.map(|reply| reply.answer));
        let told_others = self.present.replace(present.clone()) != present;
        self.show_present(present.as_deref().unwrap_or_default());
        let took = clock::now_millis().saturating_sub(begun);
        if took >= MOST_COMING_MILLIS {
            self.comings.set(0);
        }
        if is_nothing && told_others {
            // Whoever comes is shown at once, but a crowd, or servers that know different people, do
            // not keep everybody asking without end.
            let comings = self.comings.get();
            self.comings.set(comings + 1);
            self.sleep((COMING_MILLIS << comings.min(8)).min(MOST_COMING_MILLIS))
                .await;
        } else if is_answered
            && took < EARLY_MILLIS
            && self.session.with(|board| board.log().len()) == before
        {
            // A server that stops ends all waits, and one that does not wait at all would otherwise be asked
            // without end.
            self.early.set(self.early.get() + 1);
            self.sleep(listen_pause_millis(self.early.get(), chance()))
                .await;
        } else {
            self.early.set(0);
        }
    }

    /// Who is here, and who is known to be there, for an endpoint that tells.
    fn introduction(&self) -> Option<String> {
        if !self.session.sync.shows_presence.get_untracked() {
            // Whoever is shown again is told anew.
            if let Some(told) = self.present.borrow_mut().as_mut() {
                UNTOLD.clone_into(told);
            }
            self.show_present("");
            return None;
        }
        let seen = self.present.borrow().clone()?;
        let device = self.session.replica().device();
        let me = self.session.me.get_untracked();
        let me = me.map_or_else(|| "-".to_owned(), |me| me.to_string());
        Some(format!("{device:x} {me} {seen}"))
    }

    /// What an endpoint says: how many others, and who. A person with two devices is one.
    fn show_present(&self, told: &str) {
        let mut present: Vec<Option<PersonId>> = Vec::new();
        for one in told.split(' ').skip(1).map(|one| one.parse().ok()) {
            if one.is_none() || !present.contains(&one) {
                present.push(one);
            }
        }
        let shown = self.session.sync.present;
        if !self.is_over.get() && shown.with_untracked(|shown| *shown != present) {
            shown.set(present);
        }
    }

    /// Waits so long, or until it is broken off.
    async fn sleep(&self, millis: u64) {
        let mut timer = None;
        let slept = Promise::new(&mut |resolve, _| {
            let wake = resolve.clone();
            let wake = move || drop(wake.call0(&JsValue::NULL));
            self.wake.replace(Some(Box::new(wake)));
            timer = Some(clock::after(millis, move || {
                drop(resolve.call0(&JsValue::NULL));
            }));
        });
        // It is only ever resolved.
        drop(slept.await);
        self.wake.take();
    }

    fn with_log<T>(&self, run: impl FnOnce(&mut Sync, &cruxboard_domain::log::Log) -> T) -> T {
        self.session
            .with(|board| run(&mut self.sync.borrow_mut(), board.log()))
    }

    fn show_rest(&self) {
        let (reads_only, waiting, left_out) =
            self.with_log(|sync, log| (sync.reads_only(), sync.waiting(log), sync.left_out(log)));
        self.show(match left_out.first() {
            _ if reads_only => SyncState::ReadOnly(waiting),
            Some((_, why)) => SyncState::LeftOut(left_out.len(), self.in_words(why)),
            None => SyncState::Synced(clock::now_millis()),
        });
    }

    fn show_waiting(&self) {
        let (standing, waiting) =
            self.with_log(|sync, log| (sync.standing().clone(), sync.waiting(log)));
        match standing {
            Standing::Unreached => self.show(SyncState::Offline(waiting)),
            Standing::Struggling => self.show(SyncState::Struggling(waiting)),
            Standing::Refused(why) => self.show(SyncState::Refused(self.in_words(&why))),
            Standing::Unknown | Standing::Reached => {}
        }
    }

    /// Says that this device's clock is off, and that something there is dated too far ahead.
    fn show_clock(&self) {
        let sync = self.sync.borrow();
        let skew = sync.clock_skew_millis().and_then(clock_skew_in_words);
        let ahead = match sync.ahead() {
            0 => None,
            1 => Some("One change at the endpoint is dated more than 30 days ahead of the clocks here and there: it stays there, and is taken in when its day comes.".to_owned()),
            count => Some(format!("{count} changes at the endpoint are dated more than 30 days ahead of the clocks here and there: they stay there, and are taken in when their day comes.")),
        };
        drop(sync);
        let said: Vec<String> = skew.into_iter().chain(ahead).collect();
        let shown = self.session.sync.clock;
        if !self.is_over.get() && shown.with_untracked(|shown| *shown != said) {
            shown.set(said);
        }
    }

    fn show(&self, state: SyncState) {
        if !self.is_over.get() {
            self.session.sync.state.set(state);
        }
    }

    fn record(&self, ask: &SyncRequest, answer: &SyncResponse) {
        let (what, sent) = match ask {
            SyncRequest::Get { .. } if answer.status == 304 => return,
            SyncRequest::Get { .. } => ("Read".to_owned(), 0),
            SyncRequest::Put { count, body, .. } | SyncRequest::Patch { count, body } => {
                (format!("Sent {count}"), body.len())
            }
            SyncRequest::Pause(_) | SyncRequest::Rest => return,
        };
        let result = match answer.status {
            200..=299 => String::new(),
            404 => ", nothing there yet".to_owned(),
            409 | 412 => ", somebody was quicker".to_owned(),
            status => format!(", refused with {status}"),
        };
        self.session.sync.record(SyncRecord {
            at: clock::now_millis(),
            what: what + &result,
            bytes: (sent, answer.body.len()),
        });
    }
}

/// From 0 to 1, and another one each time.
fn chance() -> f64 {
    f64::from(clock::random_u32()) / f64::from(u32::MAX)
}
