//! Rate limit for requests with wrong tokens, per client network.
//!
//! The limit slows down programs that retry with a revoked token. Against guessing it is not needed, since a
//! token has 192 random bits. Valid tokens are never limited, since a whole office may share one address.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::network::Network;

/// Failures per network and window before further ones are answered with 429.
const MAX_FAILURES: u32 = 30;
const WINDOW: Duration = Duration::from_secs(60);
/// Largest number of networks that are tracked.
const MAX_NETWORKS: usize = 10_000;

/// Failed authentications by network, in fixed windows.
#[derive(Debug, Default)]
pub(super) struct AuthRateLimit(Mutex<HashMap<Network, Window>>);

#[derive(Clone, Copy, Debug)]
struct Window {
    since: Instant,
    count: u32,
}

impl AuthRateLimit {
    /// Counts a failure. Returns the time to wait when the network is over the limit.
    pub(super) fn record_failure(&self, from: IpAddr, now: Instant) -> Option<Duration> {
        let mut networks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if networks.len() >= MAX_NETWORKS {
            networks.retain(|_, window| now.duration_since(window.since) < WINDOW);
        }
        if networks.len() >= MAX_NETWORKS {
            // This many networks at once are an attack, of which the tracked ones are a small part.
            networks.clear();
        }
        let fresh = Window {
            since: now,
            count: 0,
        };
        let window = networks.entry(Network::of(from)).or_insert(fresh);
        if now.duration_since(window.since) >= WINDOW {
            *window = fresh;
        }
        window.count = window.count.saturating_add(1);
        let rest = WINDOW.saturating_sub(now.duration_since(window.since));
        (window.count > MAX_FAILURES).then_some(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_wrong_tokens_from_one_network_are_limited() {
        let limit = AuthRateLimit::default();
        let now = Instant::now();
        let here = "192.0.2.7".parse().unwrap();
        let mapped = "::ffff:192.0.2.7".parse().unwrap();
        for _ in 0..MAX_FAILURES {
            assert_eq!(limit.record_failure(here, now), None);
        }
        assert_eq!(limit.record_failure(mapped, now), Some(WINDOW));
        assert_eq!(
            limit.record_failure("192.0.2.8".parse().unwrap(), now),
            None
        );
        assert_eq!(limit.record_failure(here, now + WINDOW), None);
    }

    #[test]
    fn an_attack_from_everywhere_does_not_fill_the_memory() {
        let limit = AuthRateLimit::default();
        let now = Instant::now();
        for n in 0..3 * MAX_NETWORKS as u32 {
            limit.record_failure(IpAddr::V4(n.into()), now);
        }
        assert!(limit.0.lock().unwrap().len() <= MAX_NETWORKS);
    }
}
