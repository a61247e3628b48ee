//! Counts wrong tokens by where they come from.
//!
//! Guessing is hopeless anyway: a token has 192 random bits. This quiets a program that asks again and
//! again with a token that was revoked, and shows in the metrics that somebody tries. A valid token is
//! never refused, since whole offices share one address.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::network::Network;

/// Wrong tokens from one place in one window, before it is told to come later.
const MOST: u32 = 30;
const WINDOW: Duration = Duration::from_secs(60);
/// Places that are remembered at a time.
const PLACES: usize = 10_000;

#[derive(Debug, Default)]
pub(super) struct Guesses(Mutex<HashMap<Network, Window>>);

#[derive(Clone, Copy, Debug)]
struct Window {
    since: Instant,
    count: u32,
}

impl Guesses {
    /// Counts one more; returns how long to stay away when it is one too many.
    pub(super) fn count(&self, from: IpAddr, now: Instant) -> Option<Duration> {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if places.len() >= PLACES {
            places.retain(|_, window| now.duration_since(window.since) < WINDOW);
        }
        if places.len() >= PLACES {
            // So many at once are an attack, of which the ones counted so far are a small part.
            places.clear();
        }
        let fresh = Window {
            since: now,
            count: 0,
        };
        let window = places.entry(Network::of(from)).or_insert(fresh);
        if now.duration_since(window.since) >= WINDOW {
            *window = fresh;
        }
        window.count = window.count.saturating_add(1);
        let rest = WINDOW.saturating_sub(now.duration_since(window.since));
        (window.count > MOST).then_some(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_wrong_tokens_from_one_place_are_told_to_come_later() {
        let guesses = Guesses::default();
        let now = Instant::now();
        let here = "192.0.2.7".parse().unwrap();
        let mapped = "::ffff:192.0.2.7".parse().unwrap();
        for _ in 0..MOST {
            assert_eq!(guesses.count(here, now), None);
        }
        assert_eq!(guesses.count(mapped, now), Some(WINDOW));
        assert_eq!(guesses.count("192.0.2.8".parse().unwrap(), now), None);
        assert_eq!(guesses.count(here, now + WINDOW), None);
    }

    #[test]
    fn an_attack_from_everywhere_does_not_fill_the_memory() {
        let guesses = Guesses::default();
        let now = Instant::now();
        for n in 0..3 * PLACES as u32 {
            guesses.count(IpAddr::V4(n.into()), now);
        }
        assert!(guesses.0.lock().unwrap().len() <= PLACES);
    }
}
