//! Lines above every screen: unsaved changes, the trash, updates and backups.

use crate::component::live;
use crate::page::Services;
use crate::route::Route;
use cruxboard_domain::t;
use cruxboard_session::{BackupFile, BoardLocation, SaveState, Session};
use leptos::prelude::*;

/// Says why changes are not saved and what to do, as long as that is the case.
#[component]
pub(super) fn Unsaved(session: Session) -> impl IntoView {
    let services = Services::from_context();
    // A memo, so that a failed retry does not announce the message again.
    let words = Memo::new(move |_| match session.outbox.state() {
        SaveState::Failed(words) | SaveState::MemoryOnly(words) => Some(words),
        SaveState::Saved | SaveState::Saving => None,
    });
    let alert = move || {
        words.get().map(|words| {
            view! {
                <p class="board-notice is-problem" role="alert">
                    {words}
                    " "
                    <button class="quiet" on:click=move |_| services.files.download.run(())>
                        {t!("Download a copy")}
                    </button>
                </p>
            }
        })
    };
    live(alert)
}

/// Says that the open board is in the trash, and offers to restore it.
#[component]
pub(super) fn TrashNote(session: Session) -> impl IntoView {
    let services = Services::from_context();
    let trashed = Memo::new(move |_| {
        let open = session.open.get()?;
        session.board_list.boards.with(|boards| {
            let boards = boards.as_deref().unwrap_or_default();
            let listing = boards.iter().find(|board| board.id == open)?;
            (listing.place() == BoardLocation::Trash).then_some(open)
        })
    });
    let note = move || {
        trashed.get().map(|board| {
            let restore = move |_| services.boards.move_to.run((board, BoardLocation::AtHand));
            view! {
                <p class="board-notice is-problem" role="alert">
                    {t!("This board is in the trash.")} " "
                    <button on:click=restore>{t!("Restore")}</button>
                </p>
            }
        })
    };
    live(note)
}

/// Announces a newer build of the app. The page is reloaded only on request.
#[component]
pub fn UpdateNote(session: Session) -> impl IntoView {
    let services = Services::from_context();
    let note = move || {
        session.update_is_ready.get().then(|| {
            view! {
                <p class="board-notice backup-note" role="status" aria-label=t!("Update")>
                    {t!("A new version of Cruxboard is ready.")} " "
                    <button class="quiet" on:click=move |_| services.device.reload_into_update.run(())>
                        {t!("Reload")}
                    </button>
                </p>
            }
        })
    };
    live(note)
}

/// Says in one line that a backup is due, or that the file on disk cannot be written.
#[component]
pub fn BackupNote(session: Session) -> impl IntoView {
    let services = Services::from_context();
    let stands = Memo::new(move |_| match session.backup.file.get() {
        BackupFile::NeedsPermission { name } => Some((
            t!(
                "The browser wants your permission before it writes to “{name}” again.",
                name
            ),
            false,
        )),
        BackupFile::Failed { name, .. } => Some((t!("“{name}” is not up to date.", name), false)),
        BackupFile::Written { .. } | BackupFile::Writing { .. } => None,
        BackupFile::Off => {
            let (record, now) = (session.backup.record.get(), session.now.get().millis);
            record.is_due(now).then(|| (record.says(now), true))
        }
    });
    let note = move || {
        stands.get().map(|(words, can_wait)| {
            let later = can_wait.then(|| {
                view! {
                    <button class="quiet" on:click=move |_| services.device.put_reminder_off.run(())>{t!("Not this week")}</button>
                }
            });
            view! {
                <p class="board-notice backup-note" role="note" aria-label=t!("Backup")>
                    {words}
                    " "
                    <a href=Route::Backups.href()>{t!("To backups")}</a>
                    {later}
                </p>
            }
        })
    };
    live(note)
}
