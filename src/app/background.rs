//! Background work, independent of the screens.

use super::disk_backup::DiskBackup;
use super::lazy_chunks::LazyChunks;
use super::owned_lazy::OwnedLazy;
use crate::component::Discarding;
use crate::page::Services;
use crate::route::Route;
use cruxboard_platform::persistence::Persistence;
use cruxboard_platform::{clock, offline, settings};
use cruxboard_session::{BoardLocation, Session};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Publishes the answers that this device gave in blind rounds, once the rounds are closed.
pub(super) fn reveal_answers(session: Session, persistence: Persistence, chunks: LazyChunks) {
    let revealing = OwnedLazy::new();
    Effect::new(move |_| {
        // Runs once a minute too, since the chunk may have failed to load before.
        session.now.track();
        if revealing.is_initialized() || session.read_all(|board| board.rounds().next().is_none()) {
            return;
        }
        spawn_local(async move {
            if let Ok(chunk) = chunks.reviews.get().await {
                revealing.get_or_init(|| (chunk.reveal)(session, persistence));
            }
        });
    });
}

/// Starts to keep the backup file up to date, when the browser is first idle.
pub(super) fn keep_backups(
    session: Session,
    persistence: Persistence,
    chunks: LazyChunks,
) -> LazyBackup {
    let record = settings::backup().get().unwrap_or_default();
    session.backup.record.set(record);
    let backup = LazyBackup {
        session,
        persistence,
        disk_backup: OwnedLazy::new(),
    };
    if settings::backup_file().get().is_some() {
        clock::on_idle(move || {
            spawn_local(async move {
                // If the chunk fails to load, the backup screen reports it.
                if let Ok(chunk) = chunks.backups.get().await {
                    backup.disk_backup(chunk.start);
                }
            });
        });
    }
    backup
}

/// The backup service; created on first use. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct LazyBackup {
    session: Session,
    persistence: Persistence,
    disk_backup: OwnedLazy<DiskBackup>,
}

impl LazyBackup {
    pub(super) fn disk_backup(self, start: fn(Session, Persistence) -> DiskBackup) -> DiskBackup {
        self.disk_backup
            .get_or_init(|| start(self.session, self.persistence))
    }
}

/// Moves a board to the trash when its creation is undone.
pub(super) fn trash_undone_boards(session: Session) {
    let services = Services::from_context();
    Effect::new(move |_| {
        if let Some(board) = session.unmade.get() {
            session.unmade.set(None);
            services.boards.move_to.run((board, BoardLocation::Trash));
            services.navigation.go.run((Route::Start, true));
        }
    });
}

/// Once the user has chosen an identity, loads every chunk so that the board works offline.
pub(super) fn preload_chunks(session: Session, chunks: LazyChunks) {
    Effect::new(move |_| {
        if session.me.get().is_some() {
            clock::on_idle(move || {
                chunks.fetch();
                offline::keep_app(session);
            });
        }
    });
}

pub(super) fn remember_stale_switch(session: Session) {
    let setting = settings::with_stale();
    session.with_stale.set(setting.get().unwrap_or(true));
    Effect::new(move |_| setting.set(&session.with_stale.get()));
}

/// Discards drafts of the session, and offers to restore them.
pub(super) fn discarding(session: Session) -> Discarding {
    Discarding {
        drafts: Callback::new(move |(discard, restored): (Callback<()>, Callback<()>)| {
            session.discard_draft(
                || discard.run(()),
                move || {
                    restored.try_run(());
                },
            );
        }),
        offer: Callback::new(move |restore: Callback<()>| {
            session.notices.offer_draft(move || {
                restore.try_run(());
            });
        }),
    }
}
