//! A limit of connections per client network, so that one address cannot use up all of them.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::network::Network;

/// Open connections by client network; clones share the counts.
#[derive(Clone)]
pub(super) struct ConnectionCounts {
    counts: Arc<Mutex<HashMap<Network, usize>>>,
    most: usize,
}

/// Counts one connection until it is dropped.
pub(super) struct ConnectionGuard {
    network: Network,
    counts: ConnectionCounts,
}

impl ConnectionCounts {
    /// Creates the counts with a limit per network; 0 means no limit.
    pub(super) fn new(most: usize) -> Self {
        Self {
            counts: Arc::default(),
            most: if most == 0 { usize::MAX } else { most },
        }
    }

    /// Counts one more connection. `None` when the network has reached its limit.
    pub(super) fn try_acquire(&self, from: IpAddr) -> Option<ConnectionGuard> {
        let network = Network::of(from);
        let mut counts = self.counts();
        let count = counts.entry(network).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        if *count == self.most {
            tracing::warn!(
                address = %from,
                connections = self.most,
                "an address has reached its connection limit; if it is a reverse proxy, name it with --trusted-proxy"
            );
        }
        Some(ConnectionGuard {
            network,
            counts: self.clone(),
        })
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<Network, usize>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for ConnectionGuard {
    fn drop(&mut self) {
        let mut counts = self.counts.counts();
        if let Some(count) = counts.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.network);
            }
        }
    }
}
