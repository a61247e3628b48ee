//! Who has a board open now. It is held in memory for as long as their requests come, and stands in no
//! log: whoever waits for something new says who they are with the header `Present`, and is told in
//! the same header who else is there.
//!
//! Of several processes at one database each tells the others whom it has, where the database passes
//! that on; what it passes on is kept nowhere.

use std::{
    collections::{BTreeMap, BTreeSet},
    iter,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::http::HeaderMap;
use cruxboard_domain::Stamp;
use tokio::{
    runtime::Handle,
    sync::{
        broadcast::{self, error::RecvError},
        mpsc, watch,
    },
    time::{self, Instant},
};

use crate::{store::Store, token::random_name};

/// Between two requests nobody is gone yet.
const GRACE: Duration = Duration::from_secs(4);
/// So many at one board are told of; a room has fewer.
const MOST: usize = 100;
/// How often a process says again whom it has, and after which silence nobody is there any more.
const REPEAT: Duration = Duration::from_secs(10);
const LAPSE: Duration = Duration::from_secs(25);
/// Who has not said who they are.
const SOMEBODY: &str = "-";

/// Everybody at every board. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(super) struct Presence {
    rooms: Arc<Mutex<BTreeMap<Stamp, Room>>>,
    /// Takes the boards where somebody came or went, for other processes to hear of it.
    changes: Option<mpsc::UnboundedSender<Stamp>>,
}

#[derive(Debug, Default)]
struct Room {
    /// By the name that their browser has given itself.
    guests: BTreeMap<String, Guest>,
    /// Whom other processes have, by the name of the process.
    elsewhere: BTreeMap<String, Roster>,
    changed: watch::Sender<()>,
}

#[derive(Debug)]
struct Guest {
    person: String,
    /// Requests that wait at this moment.
    waiting: usize,
    /// Counts their comings, so that who came back is not taken for gone.
    came: u64,
}

/// Whom another process has.
#[derive(Debug)]
struct Roster {
    /// Persons by browser.
    guests: BTreeMap<String, String>,
    heard_at: Instant,
}

/// What a request says with `Present`: a name for the browser, the person, and what it was told last.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Announced {
    browser: String,
    person: String,
    seen: String,
}

impl Announced {
    /// `None` where nothing is announced, or nothing that makes sense.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let text = headers.get("present")?.to_str().ok()?;
        let mut words = text.split_ascii_whitespace();
        let (browser, person) = (words.next()?, words.next()?);
        let is_name = (1..=16).contains(&browser.len())
            && browser.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let is_person = person == SOMEBODY || person.parse::<Stamp>().is_ok();
        let seen: Vec<&str> = words.take(MOST + 1).collect();
        (is_name && is_person).then(|| Self {
            browser: browser.to_owned(),
            person: person.to_owned(),
            seen: seen.join(" "),
        })
    }
}

/// Somebody's being there: over a moment after the last of theirs is dropped.
#[derive(Debug)]
pub(super) struct Here {
    presence: Presence,
    board: Stamp,
    announced: Announced,
    changed: watch::Receiver<()>,
}

impl Presence {
    /// The same for all processes at the store's database, as far as that passes on what is said.
    pub(super) fn shared_through(store: &Store) -> Self {
        let mut presence = Self::default();
        if let (Some(heard), Ok(process)) = (store.rosters(), random_name::<8>()) {
            let (sender, changes) = mpsc::unbounded_channel();
            // Without the sender, so that it ends when nobody is left who could come or go.
            tokio::spawn(
                presence
                    .clone()
                    .exchange(process, store.when_open(), heard, changes),
            );
            presence.changes = Some(sender);
        }
        presence
    }

    /// Tells other processes whom this one has, and hears whom they have.
    async fn exchange(
        self,
        process: String,
        store: impl Fn() -> Option<Store>,
        mut heard: broadcast::Receiver<Arc<str>>,
        mut changes: mpsc::UnboundedReceiver<Stamp>,
    ) {
        let mut repeat = time::interval(REPEAT);
        loop {
            let boards: BTreeSet<Stamp> = tokio::select! {
                changed = changes.recv() => {
                    let Some(board) = changed else { return };
                    // Many who come at once are told of at once.
                    let more = iter::from_fn(|| changes.try_recv().ok());
                    iter::once(board).chain(more).collect()
                }
                heard = heard.recv() => match heard {
                    Ok(roster) => self.hear(&process, &roster).into_iter().collect(),
                    // It is said again.
                    Err(RecvError::Lagged(_)) => BTreeSet::new(),
                    Err(RecvError::Closed) => return,
                },
                _ = repeat.tick() => {
                    self.lapse();
                    self.rooms().keys().copied().collect()
                }
            };
            for board in boards {
                let Some(store) = store() else { return };
                let roster = self.roster(&process, board);
                if let Err(error) = store.tell_roster(&roster).await {
                    tracing::debug!(%error, "other servers do not hear who is here");
                }
            }
        }
    }

    /// Whom this process has at a board, in one line.
    fn roster(&self, process: &str, board: Stamp) -> String {
        let rooms = self.rooms();
        let guests = rooms.get(&board).map(|room| &room.guests);
        // What a database passes on in one go is bounded, and nobody is told of more.
        let guests = guests.into_iter().flatten().take(MOST);
        let guests = guests.map(|(browser, guest)| format!(" {browser}:{}", guest.person));
        format!("{process} {board}{}", guests.collect::<String>())
    }

    /// Takes in whom another process has. Gives the board if that one may not know whom this one has.
    fn hear(&self, process: &str, roster: &str) -> Option<Stamp> {
        let mut words = roster.split(' ');
        let (from, board) = (words.next()?, words.next()?.parse().ok()?);
        let mut rooms = self.rooms();
        // Where nobody is, nobody asks.
        let room = rooms.get_mut(&board).filter(|_| from != process)?;
        let guests: BTreeMap<String, String> = words
            .take(MOST)
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

    /// Forgets whom processes had that say nothing any more.
    fn lapse(&self) {
        for room in self.rooms().values_mut() {
            let before = room.elsewhere.len();
            room.elsewhere
                .retain(|_, roster| roster.heard_at.elapsed() < LAPSE);
            if room.elsewhere.len() < before {
                room.changed.send_replace(());
            }
        }
    }

    /// Somebody has come or gone.
    fn on_change(&self, board: Stamp) {
        if let Some(changes) = &self.changes {
            // An error means that the store has gone.
            changes.send(board).ok();
        }
    }

    /// Somebody comes, or goes on being there.
    pub(super) fn enter(&self, board: Stamp, announced: Announced) -> Here {
        let mut rooms = self.rooms();
        let room = rooms.entry(board).or_default();
        let changed = room.changed.subscribe();
        let is_full = room.guests.len() >= MOST;
        let (browser, person) = (&announced.browser, &announced.person);
        let mut is_new = false;
        if let Some(guest) = room.guests.get_mut(browser) {
            is_new = guest.person != *person;
            guest.person.clone_from(person);
            guest.waiting += 1;
            guest.came += 1;
        } else if !is_full {
            is_new = true;
            let guest = Guest {
                person: person.clone(),
                waiting: 1,
                came: 0,
            };
            room.guests.insert(browser.clone(), guest);
        }
        if is_new {
            room.changed.send_replace(());
            self.on_change(board);
        }
        drop(rooms);
        Here {
            presence: self.clone(),
            board,
            announced,
            changed,
        }
    }

    fn rooms(&self) -> MutexGuard<'_, BTreeMap<Stamp, Room>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One request of theirs has ended. Says how often they had come by then, if no other waits.
    fn leave(&self, board: Stamp, browser: &str) -> Option<u64> {
        let mut rooms = self.rooms();
        let guest = rooms.get_mut(&board)?.guests.get_mut(browser)?;
        guest.waiting = guest.waiting.saturating_sub(1);
        (guest.waiting == 0).then_some(guest.came)
    }

    /// Takes them off the list unless they have come again.
    fn forget(&self, board: Stamp, browser: &str, came: u64) {
        let mut rooms = self.rooms();
        let Some(room) = rooms.get_mut(&board) else {
            return;
        };
        let is_gone = room
            .guests
            .get(browser)
            .is_some_and(|guest| guest.waiting == 0 && guest.came == came);
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

impl Here {
    /// The others: how many, and who.
    pub(super) fn others(&self) -> String {
        let rooms = self.presence.rooms();
        let mut present: BTreeMap<&str, &str> = BTreeMap::new();
        if let Some(room) = rooms.get(&self.board) {
            let elsewhere = room.elsewhere.values().flat_map(|roster| &roster.guests);
            present.extend(elsewhere.map(|(browser, person)| (&**browser, &**person)));
            // Who has just come from another process is there still, for a moment.
            let here = room.guests.iter();
            present.extend(here.map(|(browser, guest)| (&**browser, &*guest.person)));
        }
        present.remove(&*self.announced.browser);
        let others: Vec<&str> = present.into_values().take(MOST).collect();
        let count = others.len().to_string();
        [&[count.as_str()], others.as_slice()].concat().join(" ")
    }

    /// Waits until the others are not those whom this client was told of last.
    pub(super) async fn differs(&mut self) {
        while self.others() == self.announced.seen {
            // The sender lives as long as anybody is in the room, and this one is.
            if self.changed.changed().await.is_err() {
                return;
            }
        }
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        let (board, browser) = (self.board, self.announced.browser.clone());
        let left = self.presence.leave(board, &browser);
        // Without a runtime the server is going, and everybody with it.
        if let (Some(came), Ok(runtime)) = (left, Handle::try_current()) {
            let presence = self.presence.clone();
            runtime.spawn(async move {
                time::sleep(GRACE).await;
                presence.forget(board, &browser, came);
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn announced(text: &str) -> Option<Announced> {
        let mut headers = HeaderMap::new();
        headers.insert("present", text.parse().unwrap());
        Announced::of(&headers)
    }

    const ANN: &str = "01M83T4CM00001000000000001";

    #[test]
    fn only_a_name_and_a_person_announce_somebody() {
        for (text, is_taken) in [
            ("a1 -", true),
            (&format!("a1 {ANN} 1 -"), true),
            ("a1", false),
            ("a.1 -", false),
            ("a1 Ann", false),
            ("aaaaaaaaaaaaaaaaa -", false),
            ("", false),
        ] {
            assert_eq!(announced(text).is_some(), is_taken, "{text}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_comes_is_told_to_the_others_and_who_goes_is_gone_in_seconds() {
        let presence = Presence::default();
        let board = Stamp::MIN;
        let enter = |text: &str| presence.enter(board, announced(text).unwrap());
        let ann = enter(&format!("a {ANN}"));
        assert_eq!(ann.others(), "0");
        let mut bob = enter("b - 0");
        assert_eq!(bob.others(), format!("1 {ANN}"));
        // He was told of nobody, so he is told at once.
        bob.differs().await;
        assert_eq!(ann.others(), "1 -");

        // Between two requests nothing changes.
        drop((ann, bob));
        let mut bob = enter(&format!("b - 1 {ANN}"));
        let again = enter(&format!("a {ANN} 1 -"));
        assert!(time::timeout(GRACE * 2, bob.differs()).await.is_err());
        // Another board's people are not here.
        let elsewhere = presence.enter(Stamp::MAX, announced("c -").unwrap());
        assert_eq!(elsewhere.others(), "0");

        drop(again);
        time::timeout(GRACE * 2, bob.differs()).await.unwrap();
        assert_eq!(bob.others(), "0");
        drop((bob, elsewhere));
        time::sleep(GRACE * 2).await;
        assert!(presence.rooms().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn of_two_processes_each_knows_whom_the_other_has_until_that_says_nothing_any_more() {
        let (one, two) = (Presence::default(), Presence::default());
        let board = Stamp::MIN;
        let ann = one.enter(board, announced(&format!("a {ANN}")).unwrap());
        // Nobody is at the other one yet, so it need not know.
        assert_eq!(two.hear("two", &one.roster("one", board)), None);
        assert!(two.rooms().is_empty());

        let mut bob = two.enter(board, announced("b - 0").unwrap());
        // Who hears of a process for the first time says whom it has.
        assert_eq!(one.hear("one", &two.roster("two", board)), Some(board));
        assert_eq!(ann.others(), "1 -");
        assert_eq!(two.hear("two", &one.roster("one", board)), Some(board));
        bob.differs().await;
        assert_eq!(bob.others(), format!("1 {ANN}"));
        assert_eq!(one.hear("one", &two.roster("two", board)), None);
        // One's own line comes back, and says nothing.
        assert_eq!(one.hear("one", &one.roster("one", board)), None);
        assert_eq!(ann.others(), "1 -");
        // Whoever is at both, on the way from one to the other, is one.
        let again = two.enter(board, announced(&format!("a {ANN} 1 -")).unwrap());
        assert_eq!(bob.others(), format!("1 {ANN}"));
        assert_eq!(again.others(), "1 -");

        // A killed process says no goodbye.
        drop(again);
        time::sleep(LAPSE).await;
        two.lapse();
        assert_eq!(bob.others(), "0");
        // One whose people have all gone does.
        drop(bob);
        time::sleep(GRACE * 2).await;
        assert_eq!(two.roster("two", board), format!("two {board}"));
        assert_eq!(one.hear("one", &two.roster("two", board)), None);
        assert_eq!(ann.others(), "0");
    }
}
