//! Concurrent writers that retry.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use cruxboard_domain::{BoardId, ChangeId, document::Document};
use reqwest::{Client, StatusCode};
use tokio::{sync::watch, task::JoinHandle, time};

use super::{
    header_of, option,
    program::{get, patch},
    stamp,
};

pub struct Load {
    writers: Vec<JoinHandle<BTreeMap<ChangeId, String>>>,
    done: Arc<AtomicBool>,
}

/// The acknowledged changes.
pub struct Acknowledged(pub BTreeMap<ChangeId, String>);

impl Load {
    /// Starts writers to an existing board; each alternates between the servers.
    pub fn start(
        writers: u32,
        addresses: watch::Receiver<Vec<SocketAddr>>,
        admin: String,
        board: BoardId,
    ) -> Self {
        let done = Arc::new(AtomicBool::new(false));
        let writers = (0..writers).map(|writer| {
            let (addresses, done, admin) = (addresses.clone(), Arc::clone(&done), admin.clone());
            tokio::spawn(async move {
                let client = Client::builder()
                    .timeout(Duration::from_secs(30))
                    .build()
                    .unwrap();
                let mut acknowledged = BTreeMap::new();
                let (mut next, mut turn) = (0, writer as usize);
                while !done.load(Ordering::Relaxed) {
                    let changes: Vec<_> = (next..next + 1 + next % 3)
                        .map(|n| (stamp(100 + writer, n), format!("{writer}-{n}")))
                        .collect();
                    let rows: Vec<_> = changes.iter().map(|(id, name)| option(*id, name)).collect();
                    let to = {
                        let addresses = addresses.borrow();
                        turn += 1;
                        addresses[turn % addresses.len()]
                    };
                    // Retries until there is a response, as a device does.
                    match patch(&client, to, &admin, board, &rows).await {
                        Ok(answer) if answer.status().is_success() => {
                            next += changes.len() as u64;
                            acknowledged.extend(changes);
                        }
                        Ok(answer) => {
                            assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
                            assert_ne!(header_of(&answer, "retry-after"), "");
                            time::sleep(Duration::from_millis(5)).await;
                        }
                        Err(_) => time::sleep(Duration::from_millis(5)).await,
                    }
                }
                acknowledged
            })
        });
        Self {
            writers: writers.collect(),
            done,
        }
    }

    /// Stops the writers after their current request.
    pub async fn end(self) -> Acknowledged {
        self.done.store(true, Ordering::Relaxed);
        let mut acknowledged = BTreeMap::new();
        for writer in self.writers {
            acknowledged.extend(writer.await.unwrap());
        }
        Acknowledged(acknowledged)
    }
}

impl Acknowledged {
    /// Asserts that no acknowledged change is lost and none is there twice.
    pub async fn are_there_once(&self, address: SocketAddr, admin: &str, board: BoardId) {
        let got = get(&Client::new(), address, admin, &format!("/boards/{board}")).await;
        assert_eq!(got.status(), StatusCode::OK);
        let cursor: usize = header_of(&got, "cursor").parse().unwrap();
        let text = got.text().await.unwrap();
        let rows = Document::from_json(&text).unwrap().entries;
        let ids: BTreeSet<_> = rows.iter().map(|entry| entry.id()).collect();
        assert_eq!(ids.len(), rows.len(), "a change is there twice");
        assert_eq!(cursor, rows.len(), "a change has taken two places");
        let rows: BTreeMap<_, _> = rows
            .iter()
            .map(|entry| (entry.id(), entry.to_json()))
            .collect();
        for (id, name) in &self.0 {
            assert_eq!(rows.get(id), Some(&option(*id, name)), "lost");
        }
    }
}
