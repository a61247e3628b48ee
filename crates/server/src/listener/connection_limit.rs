//! Counts connections by where they come from, so that one address cannot take every place.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::network::Network;

#[derive(Clone)]
pub(super) struct Crowds {
    counts: Arc<Mutex<HashMap<Network, usize>>>,
    most: usize,
}

/// A connection that is counted until this is dropped.
pub(super) struct Member {
    network: Network,
    crowds: Crowds,
}

impl Crowds {
    /// 0: any number.
    pub(super) fn of_at_most(most: usize) -> Self {
        Self {
            counts: Arc::default(),
            most: if most == 0 { usize::MAX } else { most },
        }
    }

    /// Counts one more; `None` when it is one too many.
    pub(super) fn enter(&self, from: IpAddr) -> Option<Member> {
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
                "one address has as many connections as it may; name it with --trusted-proxy if it is a proxy in front"
            );
        }
        Some(Member {
            network,
            crowds: self.clone(),
        })
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<Network, usize>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        let mut counts = self.crowds.counts();
        if let Some(count) = counts.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.network);
            }
        }
    }
}
