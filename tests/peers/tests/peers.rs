//! Eight devices that sync one board through third-party servers.
//!
//! `cargo xtask test peers` fetches the servers and runs these.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "the helpers are outside of a test function, where clippy's own exception does not reach"
)]

/// The module of the server's own tests that starts PostgreSQL.
#[allow(
    dead_code,
    reason = "the server's tests have standbys too, which nothing here needs"
)]
#[path = "../../../crates/server/tests/cluster/mod.rs"]
mod cluster;

use std::{
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use anyhow::Result;
use cluster::Cluster;
use cruxboard_domain::BoardId;
use cruxboard_domain::{
    document::Document,
    log::Entry,
    sync::{EndpointError, Envelope, SyncRequest, open},
};
use cruxboard_peers::{Counted, Device, ORIGIN, Peer, board};
use reqwest::Method;
use tokio::{task::JoinSet, time::timeout};

const DEVICES: u32 = 8;
const EDITS: u32 = 50;
const EVERY: Duration = Duration::from_millis(200);
/// Timeout of a test, for faults that would keep the devices apart forever.
const PATIENCE: Duration = Duration::from_secs(180);

/// The expected features of a server, besides losing nothing.
struct Expected {
    envelope: Envelope,
    refuses_stale_writes: bool,
    /// Whether it can be configured for pages on another origin, and is.
    lets_pages_in: bool,
}

impl Default for Expected {
    fn default() -> Self {
        Self {
            envelope: Envelope::Plain,
            refuses_stale_writes: true,
            lets_pages_in: true,
        }
    }
}

async fn play(peer: Peer, entries: Vec<Entry>, expected: Expected) {
    lets_nobody_in_without_its_key(&peer, &entries).await;
    let mut first = Device::new(0, &entries, &peer.door).expect("a device");
    let put = timeout(PATIENCE, first.until_rest()).await;
    let put = put.unwrap_or_else(|_| panic!("no rest; it says:\n{}", peer.last_words()));
    put.expect("the board to be put there");
    assert_eq!(first.sync().envelope(), expected.envelope);
    let refuses = first.refuses_stale_writes().await.expect("an answer");
    assert_eq!(refuses, expected.refuses_stale_writes);
    if expected.lets_pages_in {
        lets_pages_in(&peer).await;
    }

    let all = entries.len() + (DEVICES * EDITS) as usize;
    let everybody: Arc<[AtomicBool]> = (0..DEVICES).map(|_| AtomicBool::new(false)).collect();
    let mut at_work = JoinSet::new();
    for number in 0..DEVICES {
        let mut device = Device::new(number, &entries, &peer.door).expect("a device");
        let everybody = Arc::clone(&everybody);
        at_work.spawn(async move {
            let done = device.take_part(EDITS, EVERY, all, &everybody);
            let done: Result<()> = match timeout(PATIENCE, done).await {
                Ok(done) => done,
                Err(_) => Err(anyhow::anyhow!("they do not come together")),
            };
            (device, done)
        });
    }
    let devices = at_work.join_all().await;
    for (device, done) in &devices {
        if let Err(error) = done {
            let there = devices.iter().map(|(device, _)| device.board().log().len());
            let there: Vec<usize> = there.collect();
            panic!(
                "{error:#}; of {all} changes the devices have {there:?}, and {} waits for {:?}; the server says:\n{}",
                device.id(),
                device.sync(),
                peer.last_words()
            );
        }
    }
    let get = SyncRequest::Get {
        tag: None,
        after: None,
    };
    let there = first.once(&get).await.expect("an answer").body;
    let there = Document::from_json(open(&there).document).expect("a board");
    assert_eq!(there.entries.len(), all);
    for (device, _) in &devices {
        assert_eq!(device.said.len(), EDITS as usize);
        for (other, _) in &devices {
            for id in &device.said {
                let here = other.board().log().entry(*id);
                let mine = device.board().log().entry(*id);
                assert!(here.is_some(), "{id} is lost");
                // A server may rewrite changes that this version does not understand.
                if mine.is_some_and(|entry| entry.known().is_some()) {
                    assert_eq!(here, mine);
                }
            }
        }
    }
}

async fn lets_nobody_in_without_its_key(peer: &Peer, entries: &[Entry]) {
    if peer.door.key.is_none() {
        return;
    }
    let mut stranger = Device::new(9, entries, &peer.without_key()).expect("a device");
    let refused = stranger.until_rest().await.expect_err("nobody gets in");
    let refused = refused.downcast_ref::<EndpointError>();
    // armadietto does not distinguish a missing token from one for something else.
    assert!(
        matches!(
            refused,
            Some(EndpointError::Unauthorized | EndpointError::Forbidden(_))
        ),
        "{refused:?}"
    );
}

/// Checks the CORS settings recommended in `docs/endpoint/`.
async fn lets_pages_in(peer: &Peer) {
    let asked = peer.asked_by_a_page(Method::OPTIONS).await;
    let asked = asked.expect("an answer");
    assert!(asked.status().is_success(), "{asked:?}");
    let said = |name: &str| {
        let value = asked.headers().get(name);
        let value = value.and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_lowercase()
    };
    let origin = said("access-control-allow-origin");
    assert!([ORIGIN, "*"].contains(&origin.as_str()), "{asked:?}");
    let methods = said("access-control-allow-methods");
    assert!(
        methods.contains("get") && methods.contains("put"),
        "{asked:?}"
    );
    let headers = said("access-control-allow-headers");
    let key = peer.door.key.as_ref().map_or("", |(name, _)| name);
    for name in [
        "content-type",
        "if-match",
        "if-none-match",
        &key.to_lowercase(),
    ] {
        assert!(headers.contains(name), "{name}: {asked:?}");
    }
    let read = peer.asked_by_a_page(Method::GET).await.expect("an answer");
    let exposed = read.headers().get("access-control-expose-headers");
    let exposed = exposed.and_then(|value| value.to_str().ok());
    let exposed = exposed.unwrap_or_default().to_lowercase();
    assert!(exposed.contains("etag"), "{read:?}");
    assert!(read.headers().contains_key("access-control-allow-origin"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_devices_lose_nothing_through_our_own_server() {
    let entries = board();
    let peer = Peer::ours(BoardId(entries[0].id())).expect("our server");
    play(
        peer,
        entries,
        Expected {
            // Our server accepts single changes, and a whole document adds to the existing one.
            ..Expected::default()
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_devices_lose_nothing_through_our_own_server_on_postgresql() {
    let entries = board();
    let cluster = Cluster::start(&[]);
    cluster.database("boards").await;
    let peer = Peer::ours_on_postgres(BoardId(entries[0].id()), &cluster.url("boards"));
    play(peer.expect("our server"), entries, Expected::default()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_credence_on_a_board_of_20000_changes_sends_less_than_two_kilobytes() {
    let entries = board();
    let peer = Peer::ours(BoardId(entries[0].id())).expect("our server");
    let counted = Counted::way_to(&peer.door).await.expect("a way");
    let mut device = Device::new(1, &entries, &counted.door).expect("a device");
    while device.board().log().len() < 20_000 {
        device.edit();
    }
    device.until_rest().await.expect("the board to be there");
    assert!(counted.sent() > 2_000_000, "not everything is counted");
    for _ in 0..9 {
        device.edit();
        device.until_rest().await.expect("it to be there");
        // The device continues with long polling, which takes another request.
        device.rest(Duration::from_millis(100)).await;
        let sent = counted.sent();
        assert!((300..2_000).contains(&sent), "{sent} bytes");
    }
    let get = SyncRequest::Get {
        tag: None,
        after: None,
    };
    let there = device.once(&get).await.expect("an answer").body;
    let there = Document::from_json(&there).expect("a board");
    assert_eq!(there.entries.len(), 20_009);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_devices_lose_nothing_through_kinto() {
    let peer = Peer::kinto().await.expect("Kinto");
    let envelope = Envelope::Kinto;
    play(
        peer,
        board(),
        Expected {
            envelope,
            ..Expected::default()
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_devices_lose_nothing_through_armadietto() {
    let peer = Peer::armadietto().await.expect("armadietto");
    play(peer, board(), Expected::default()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_devices_lose_nothing_through_apache_whose_tags_are_weak_at_first() {
    let peer = Peer::apache().expect("Apache");
    play(peer, board(), Expected::default()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_devices_lose_nothing_through_nginx_which_refuses_no_write() {
    let peer = Peer::nginx().expect("nginx");
    play(
        peer,
        board(),
        Expected {
            refuses_stale_writes: false,
            ..Expected::default()
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_devices_lose_nothing_through_couchdbs_protocol() {
    let peer = Peer::pouchdb().await.expect("PouchDB's server");
    play(
        peer,
        board(),
        Expected {
            envelope: Envelope::Couch,
            // PouchDB's server has no such setting; CouchDB's is in docs/endpoint/couchdb.ini.
            lets_pages_in: false,
            ..Expected::default()
        },
    )
    .await;
}
