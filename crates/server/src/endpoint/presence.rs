//! Who has a board open now. It is held in memory for as long as their requests come, and stands in no
//! log: whoever waits for something new says who they are with the header `Present`, and is told in
//! the same header who else is there.
//!
//! Of several processes each knows only those who wait at it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::http::HeaderMap;
use cruxboard_domain::Stamp;
use tokio::{runtime::Handle, sync::watch, time};

/// Between two requests nobody is gone yet.
const GRACE: Duration = Duration::from_secs(4);
/// So many at one board are told of; a room has fewer.
const MOST: usize = 100;
/// Who has not said who they are.
const SOMEBODY: &str = "-";

/// Everybody at every board. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(super) struct Presence(Arc<Mutex<HashMap<Stamp, Room>>>);

#[derive(Debug, Default)]
struct Room {
    /// By the name that their browser has given itself.
    guests: BTreeMap<String, Guest>,
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
        }
        drop(rooms);
        Here {
            presence: self.clone(),
            board,
            announced,
            changed,
        }
    }

    fn rooms(&self) -> MutexGuard<'_, HashMap<Stamp, Room>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
        let guests = rooms.get(&self.board).map(|room| &room.guests);
        let others = guests.into_iter().flatten();
        let others: Vec<&str> = others
            .filter(|(browser, _)| **browser != self.announced.browser)
            .map(|(_, guest)| guest.person.as_str())
            .collect();
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
}
