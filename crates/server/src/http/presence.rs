//! Presence: the people who have a board open now.
//!
//! A client that follows a board announces its user in the header `Present`, and gets the other users in the
//! same header. Presence is kept in memory only, for as long as requests come, and in no log.
//!
//! Several servers at one database exchange rosters through PostgreSQL's NOTIFY, which stores nothing.

mod announcement;

use std::{
    collections::{BTreeMap, BTreeSet},
    iter,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use cruxboard_domain::BoardId;
use tokio::{
    runtime::Handle,
    sync::{
        broadcast::{self, error::RecvError},
        mpsc, watch,
    },
    time::{self, Instant},
};

pub(super) use self::announcement::Announcement;
use crate::{store::Store, token::random_name};

/// Time after the last request before a user counts as gone, so that gaps between long polls do not matter.
const GRACE: Duration = Duration::from_secs(4);
/// Largest number of users per board that are tracked and sent.
const MAX_USERS: usize = 100;
/// Interval at which a server repeats its rosters, and the age at which a roster expires.
const REPEAT: Duration = Duration::from_secs(10);
const ROSTER_EXPIRY: Duration = Duration::from_secs(25);

/// The users at all boards. Clones share the state.
#[derive(Clone, Debug, Default)]
pub(super) struct Presence {
    rooms: Arc<Mutex<BTreeMap<BoardId, Room>>>,
    /// Sends the boards whose users changed to the task that tells other servers.
    changes: Option<mpsc::UnboundedSender<BoardId>>,
}

/// The users at one board.
#[derive(Debug, Default)]
struct Room {
    /// Users at this server, by the random name of their browser.
    guests: BTreeMap<String, Guest>,
    /// Users at other servers, by the random name of the server process.
    elsewhere: BTreeMap<String, Roster>,
    changed: watch::Sender<()>,
}

/// A user at this server.
#[derive(Debug)]
struct Guest {
    person: String,
    /// Number of requests that are waiting.
    waiting: usize,
    /// Number of requests so far. A pending removal is dropped when it has grown since.
    visits: u64,
}

/// The users at another server, for one board.
#[derive(Debug)]
struct Roster {
    /// Users by browser.
    guests: BTreeMap<String, String>,
    heard_at: Instant,
}

/// Keeps a user present. The user is removed [`GRACE`] after the last guard was dropped.
#[derive(Debug)]
pub(super) struct PresenceGuard {
    presence: Presence,
    board: BoardId,
    announced: Announcement,
    changed: watch::Receiver<()>,
}

impl Presence {
    /// Creates the state, shared with other servers at the store's database if that supports NOTIFY.
    pub(super) fn shared_through(store: &Store) -> Self {
        let mut presence = Self::default();
        if let (Some(heard), Ok(process)) = (store.rosters(), random_name::<8>()) {
            let (sender, changes) = mpsc::unbounded_channel();
            // A clone without the sender, so that the task ends with the last `Presence`.
            tokio::spawn(
                presence
                    .clone()
                    .exchange(process, store.when_open(), heard, changes),
            );
            presence.changes = Some(sender);
        }
        presence
    }

    /// Exchanges rosters with other servers, until the store is dropped.
    async fn exchange(
        self,
        process: String,
        store: impl Fn() -> Option<Store>,
        mut heard: broadcast::Receiver<Arc<str>>,
        mut changes: mpsc::UnboundedReceiver<BoardId>,
    ) {
        let mut repeat = time::interval(REPEAT);
        loop {
            let boards: BTreeSet<BoardId> = tokio::select! {
                changed = changes.recv() => {
                    let Some(board) = changed else { return };
                    // Combines changes that are pending together.
                    let more = iter::from_fn(|| changes.try_recv().ok());
                    iter::once(board).chain(more).collect()
                }
                heard = heard.recv() => match heard {
                    Ok(roster) => self.receive(&process, &roster).into_iter().collect(),
                    // Rosters are repeated.
                    Err(RecvError::Lagged(_)) => BTreeSet::new(),
                    Err(RecvError::Closed) => return,
                },
                _ = repeat.tick() => {
                    self.expire_rosters();
                    self.rooms().keys().copied().collect()
                }
            };
            for board in boards {
                let Some(store) = store() else { return };
                let roster = self.roster(&process, board);
                if let Err(error) = store.send_roster(&roster).await {
                    tracing::debug!(%error, "could not send a roster to other servers");
                }
            }
        }
    }

    /// Formats the users of this server at a board, as one line.
    fn roster(&self, process: &str, board: BoardId) -> String {
        let rooms = self.rooms();
        let guests = rooms.get(&board).map(|room| &room.guests);
        // The payload of NOTIFY is limited to 8,000 bytes.
        let guests = guests.into_iter().flatten().take(MAX_USERS);
        let guests = guests.map(|(browser, guest)| format!(" {browser}:{}", guest.person));
        format!("{process} {board}{}", guests.collect::<String>())
    }

    /// Stores the roster of another server. Returns the board when that server is new, so that it is sent
    /// the roster of this one.
    fn receive(&self, process: &str, roster: &str) -> Option<BoardId> {
        let mut words = roster.split(' ');
        let (from, board) = (words.next()?, words.next()?.parse().ok()?);
        let mut rooms = self.rooms();
        // Without users at this server, the roster is not needed.
        let room = rooms.get_mut(&board).filter(|_| from != process)?;
        let guests: BTreeMap<String, String> = words
            .take(MAX_USERS)
            .filter_map(|word| word.split_once(':'))
            .map(|(browser, person)| (browser.to_owned(), person.to_owned()))
            .collect();
        let is_first = !guests.is_empty() && !room.elsewhere.contains_key(from);
        let before = room.elsewhere.remove(from);
        if before.map(|before| before.guests).unwrap_or_default() != guests {
            room.changed.send_replace(());
        }
        if !guests.is_empty() {
            let heard_at = Instant::now();
            room.elsewhere
                .insert(from.to_owned(), Roster { guests, heard_at });
        }
        is_first.then_some(board)
    }

    /// Removes the rosters of servers that have stopped sending them.
    fn expire_rosters(&self) {
        for room in self.rooms().values_mut() {
            let before = room.elsewhere.len();
            room.elsewhere
                .retain(|_, roster| roster.heard_at.elapsed() < ROSTER_EXPIRY);
            if room.elsewhere.len() < before {
                room.changed.send_replace(());
            }
        }
    }

    /// Notes that the users of a board changed.
    fn on_change(&self, board: BoardId) {
        if let Some(changes) = &self.changes {
            // An error means that the store was dropped.
            changes.send(board).ok();
        }
    }

    /// Adds a user to a board, or keeps one present.
    pub(super) fn enter(&self, board: BoardId, announced: Announcement) -> PresenceGuard {
        let mut rooms = self.rooms();
        let room = rooms.entry(board).or_default();
        let changed = room.changed.subscribe();
        let is_full = room.guests.len() >= MAX_USERS;
        let (browser, person) = (&announced.browser, &announced.person);
        let mut is_new = false;
        if let Some(guest) = room.guests.get_mut(browser) {
            is_new = guest.person != *person;
            guest.person.clone_from(person);
            guest.waiting += 1;
            guest.visits += 1;
        } else if !is_full {
            is_new = true;
            let guest = Guest {
                person: person.clone(),
                waiting: 1,
                visits: 0,
            };
            room.guests.insert(browser.clone(), guest);
        }
        if is_new {
            room.changed.send_replace(());
            self.on_change(board);
        }
        drop(rooms);
        PresenceGuard {
            presence: self.clone(),
            board,
            announced,
            changed,
        }
    }

    fn rooms(&self) -> MutexGuard<'_, BTreeMap<BoardId, Room>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes the end of a request. Returns the number of requests so far if no other one is waiting.
    fn leave(&self, board: BoardId, browser: &str) -> Option<u64> {
        let mut rooms = self.rooms();
        let guest = rooms.get_mut(&board)?.guests.get_mut(browser)?;
        guest.waiting = guest.waiting.saturating_sub(1);
        (guest.waiting == 0).then_some(guest.visits)
    }

    /// Removes a user, unless another request has come since.
    fn forget(&self, board: BoardId, browser: &str, visits: u64) {
        let mut rooms = self.rooms();
        let Some(room) = rooms.get_mut(&board) else {
            return;
        };
        let is_gone = room
            .guests
            .get(browser)
            .is_some_and(|guest| guest.waiting == 0 && guest.visits == visits);
        if is_gone {
            room.guests.remove(browser);
            room.changed.send_replace(());
            self.on_change(board);
            if room.guests.is_empty() {
                rooms.remove(&board);
            }
        }
    }
}

impl PresenceGuard {
    /// Formats the other users: their number, then their ids.
    pub(super) fn others(&self) -> String {
        let rooms = self.presence.rooms();
        let mut present: BTreeMap<&str, &str> = BTreeMap::new();
        if let Some(room) = rooms.get(&self.board) {
            let elsewhere = room.elsewhere.values().flat_map(|roster| &roster.guests);
            present.extend(elsewhere.map(|(browser, person)| (&**browser, &**person)));
            // This server's entry wins: a browser that switched servers is in the other roster for a moment.
            let here = room.guests.iter();
            present.extend(here.map(|(browser, guest)| (&**browser, &*guest.person)));
        }
        present.remove(&*self.announced.browser);
        let others: Vec<&str> = present.into_values().take(MAX_USERS).collect();
        let count = others.len().to_string();
        [&[count.as_str()], others.as_slice()].concat().join(" ")
    }

    /// Waits until the other users differ from those the client knows of.
    pub(super) async fn differs(&mut self) {
        while self.others() == self.announced.seen {
            // The sender lives as long as the room has users, and this is one.
            if self.changed.changed().await.is_err() {
                return;
            }
        }
    }
}

impl Drop for PresenceGuard {
    fn drop(&mut self) {
        let (board, browser) = (self.board, self.announced.browser.clone());
        let left = self.presence.leave(board, &browser);
        // Without a runtime the process is ending.
        if let (Some(visits), Ok(runtime)) = (left, Handle::try_current()) {
            let presence = self.presence.clone();
            runtime.spawn(async move {
                time::sleep(GRACE).await;
                presence.forget(board, &browser, visits);
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;
    use cruxboard_domain::ChangeId;

    use super::*;

    fn announced(text: &str) -> Option<Announcement> {
        let mut headers = HeaderMap::new();
        headers.insert("present", text.parse().unwrap());
        Announcement::of(&headers)
    }

    const ANN: &str = "01M83T4CM00001000000000001";

    #[tokio::test(start_paused = true)]
    async fn a_user_who_comes_or_goes_is_seen_by_the_others_within_seconds() {
        let presence = Presence::default();
        let board = BoardId::default();
        let enter = |text: &str| presence.enter(board, announced(text).unwrap());
        let ann = enter(&format!("a {ANN}"));
        assert_eq!(ann.others(), "0");
        let mut bob = enter("b - 0");
        assert_eq!(bob.others(), format!("1 {ANN}"));
        // Bob knew of nobody, so this completes at once.
        bob.differs().await;
        assert_eq!(ann.others(), "1 -");

        // Between two requests nothing changes.
        drop((ann, bob));
        let mut bob = enter(&format!("b - 1 {ANN}"));
        let again = enter(&format!("a {ANN} 1 -"));
        assert!(time::timeout(GRACE * 2, bob.differs()).await.is_err());
        // Users of another board are not listed.
        let elsewhere = presence.enter(BoardId(ChangeId::MAX), announced("c -").unwrap());
        assert_eq!(elsewhere.others(), "0");

        drop(again);
        time::timeout(GRACE * 2, bob.differs()).await.unwrap();
        assert_eq!(bob.others(), "0");
        drop((bob, elsewhere));
        time::sleep(GRACE * 2).await;
        assert!(presence.rooms().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn two_servers_know_each_others_users_until_one_falls_silent() {
        let (one, two) = (Presence::default(), Presence::default());
        let board = BoardId::default();
        let ann = one.enter(board, announced(&format!("a {ANN}")).unwrap());
        // The other server has no users yet, so it ignores the roster.
        assert_eq!(two.receive("two", &one.roster("one", board)), None);
        assert!(two.rooms().is_empty());

        let mut bob = two.enter(board, announced("b - 0").unwrap());
        // The first roster of a server is answered.
        assert_eq!(one.receive("one", &two.roster("two", board)), Some(board));
        assert_eq!(ann.others(), "1 -");
        assert_eq!(two.receive("two", &one.roster("one", board)), Some(board));
        bob.differs().await;
        assert_eq!(bob.others(), format!("1 {ANN}"));
        assert_eq!(one.receive("one", &two.roster("two", board)), None);
        // A server ignores its own roster.
        assert_eq!(one.receive("one", &one.roster("one", board)), None);
        assert_eq!(ann.others(), "1 -");
        // A browser that is at both servers counts once.
        let again = two.enter(board, announced(&format!("a {ANN} 1 -")).unwrap());
        assert_eq!(bob.others(), format!("1 {ANN}"));
        assert_eq!(again.others(), "1 -");

        // A killed server sends no empty roster.
        drop(again);
        time::sleep(ROSTER_EXPIRY).await;
        two.expire_rosters();
        assert_eq!(bob.others(), "0");
        // A server without users does.
        drop(bob);
        time::sleep(GRACE * 2).await;
        assert_eq!(two.roster("two", board), format!("two {board}"));
        assert_eq!(one.receive("one", &two.roster("two", board)), None);
        assert_eq!(ann.others(), "0");
    }
}
