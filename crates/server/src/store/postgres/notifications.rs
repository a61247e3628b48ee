//! Receives the writes of other servers (LISTEN/NOTIFY), and notifies this server's followers.

use std::{
    collections::BTreeSet,
    sync::{PoisonError, Weak},
    time::Duration,
};

use cruxboard_domain::BoardId;
use tokio::{
    sync::mpsc,
    time::{self, MissedTickBehavior},
};
use tokio_postgres::{Client, types::Type};

use super::{PostgresError, Shared, page};
use crate::{
    error_chain::with_causes,
    store::{Cursor, Tip},
};

/// The channel of NOTIFY. A payload is a board's id and its new cursor, or a roster.
pub(super) const CHANNEL: &str = "cruxboard";
/// Prefix of the payload of a roster.
pub(super) const ROSTER: &str = "here ";
/// Interval of polling, besides NOTIFY, which some poolers and compatible databases do not support.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// Runs until the store is dropped.
pub(super) async fn listen(shared: Weak<Shared>) {
    // Connects before the first tick, since earlier notifications are lost.
    let Some(opened) = shared.upgrade() else {
        return;
    };
    let mut present = connect(&opened).await.ok();
    drop(opened);
    // One interval for the whole loop, so that frequent notifications do not delay polling.
    let mut clock = time::interval(POLL_INTERVAL);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let event = match &mut present {
            Some((_, notices)) => tokio::select! {
                biased;
                _ = clock.tick() => Event::Tick,
                notice = notices.recv() => Event::Notice(notice),
            },
            None => {
                clock.tick().await;
                Event::Tick
            }
        };
        let Some(shared) = shared.upgrade() else {
            return;
        };
        let handled = match event {
            Event::Notice(Some(notice)) => on_notification(&shared, &notice).await,
            // The connection was lost; polling catches up.
            Event::Notice(None) => {
                present = None;
                poll(&shared).await
            }
            Event::Tick => {
                if present.is_none() {
                    present = connect(&shared).await.ok();
                }
                poll(&shared).await
            }
        };
        if let Err(error) = handled {
            tracing::warn!(
                error = with_causes(&error),
                "cannot receive the writes of other servers"
            );
        }
    }
}

/// An event of the loop.
enum Event {
    Notice(Option<String>),
    Tick,
}

async fn connect(
    shared: &Shared,
) -> Result<(Client, mpsc::UnboundedReceiver<String>), PostgresError> {
    let (sender, notices) = mpsc::unbounded_channel();
    let client = shared.pool.connect(Some(sender)).await?;
    client.batch_execute(&format!("LISTEN {CHANNEL}")).await?;
    Ok((client, notices))
}

/// Handles a notification: a roster, or the new cursor of a board.
async fn on_notification(shared: &Shared, notice: &str) -> Result<(), PostgresError> {
    if let Some(roster) = notice.strip_prefix(ROSTER) {
        if let Some(rosters) = &shared.rosters {
            // An error means that there is no receiver.
            rosters.send(roster.into()).ok();
        }
        return Ok(());
    }
    let named = notice
        .split_once(' ')
        .and_then(|(board, cursor)| Some((board.parse().ok()?, cursor.parse().ok()?)));
    let Some((board, cursor)) = named else {
        return Ok(());
    };
    publish(shared, board, cursor).await
}

/// Queries the cursors of all followed boards, and the nonce of the store.
async fn poll(shared: &Shared) -> Result<(), PostgresError> {
    let boards = shared.subscriptions.boards();
    let ids: Vec<_> = boards.iter().map(ToString::to_string).collect();
    let query = "SELECT store.value, boards.id, boards.cursor
        FROM cruxboard.store LEFT JOIN cruxboard.boards
            ON boards.id = ANY($1) AND deleted_at IS NULL
        WHERE store.name = 'nonce'";
    let rows = shared.pool.read(query, &[(&ids, Type::TEXT_ARRAY)]).await?;
    let mut gone: BTreeSet<BoardId> = boards.into_iter().collect();
    for row in rows {
        let nonce: &str = row.get(0);
        if *shared.nonce() != *nonce {
            let mut kept = shared.nonce.write().unwrap_or_else(PoisonError::into_inner);
            *kept = nonce.into();
        }
        let (id, cursor): (Option<&str>, Option<Cursor>) = (row.get(1), row.get(2));
        if let (Some(Ok(board)), Some(cursor)) = (id.map(str::parse), cursor) {
            gone.remove(&board);
            publish(shared, board, cursor).await?;
        }
    }
    // These boards were deleted, perhaps by another server.
    for board in gone {
        shared.subscriptions.remove(board);
    }
    Ok(())
}

/// Publishes the new cursor of a board to its followers.
async fn publish(shared: &Shared, board: BoardId, cursor: Cursor) -> Result<(), PostgresError> {
    let known = shared.subscriptions.cursor(board);
    let Some(known) = known.filter(|known| *known < cursor) else {
        return Ok(());
    };
    if !shared.subscriptions.has_followers(board) {
        return Ok(());
    }
    // One query for all followers. Those at another cursor run their own.
    let page = page::read(&shared.pool, board, known).await?;
    if let Some(page) = page {
        let tip = Tip {
            cursor: page.cursor,
            latest: (known > 0).then(|| (known, page.document.into())),
        };
        shared.subscriptions.publish_if_later(board, tip);
    }
    Ok(())
}
