//! The list of boards on the first screen.

use cruxboard_domain::BoardId;
use cruxboard_domain::date::spelled;
use cruxboard_domain::limits::limit_of;
use cruxboard_domain::translation;
use cruxboard_domain::view::{Filter, Sort};
use cruxboard_domain::{t, tn};
use leptos::prelude::*;

use super::Services;
use super::frame::BackupNote;
use super::language::LanguageChoice;
use super::theme::ThemeChoice;
use crate::component::{TextField, live};
use crate::route::{Route, Screen};
use cruxboard_session::{BoardListing, BoardLocation, Session};

/// The boards in use, the archive, the trash, the rows that were set aside, and the backup reminder.
#[component]
pub fn BoardListSection(session: Session) -> impl IntoView {
    let services = Services::from_context();
    let boards = session.board_list.boards;
    // A browser without boards opens its first one at once, without showing its size here.
    Effect::new(move |had_some: Option<Option<bool>>| {
        let has_some = boards.with(|boards| boards.as_ref().map(|boards| !boards.is_empty()));
        let had_some = had_some.flatten().or(has_some);
        if had_some == Some(true) {
            services.boards.measure.run(());
        }
        had_some
    });
    let at = move |place: BoardLocation| {
        Memo::new(move |_| {
            let all = boards.get().unwrap_or_default();
            let here = all.iter().filter(|board| board.place() == place);
            here.map(|board| board.id).collect::<Vec<BoardId>>()
        })
    };
    let (at_hand, archive, trash) = (
        at(BoardLocation::AtHand),
        at(BoardLocation::Archive),
        at(BoardLocation::Trash),
    );
    let section = move |ids: Memo<Vec<BoardId>>| {
        let row = move |id| view! { <BoardRow session id /> }.into_any();
        view! { <ul><For each=move || ids.get() key=|id| *id let(id)>{row(id)}</For></ul> }
            .into_any()
    };
    view! {
        <Show when=move || at_hand.with(|ids| !ids.is_empty())>
            <section class="boards" aria-labelledby="boards-title">
                <h2 id="boards-title">{t!("Boards in this browser")}</h2>
                {section(at_hand)}
            </section>
        </Show>
        <Show when=move || archive.with(|ids| !ids.is_empty())>
            <section class="boards" aria-labelledby="archive-title">
                <details>
                    <summary><h2 id="archive-title">{t!("In the archive")}</h2><span class="soft">{live(move || archive.with(Vec::len))}</span></summary>
                    {section(archive)}
                </details>
            </section>
        </Show>
        <Show when=move || trash.with(|ids| !ids.is_empty())>
            <section class="boards" aria-labelledby="trashed-title">
                <h2 id="trashed-title">{t!("In the trash")}</h2>
                {section(trash)}
            </section>
        </Show>
        <SetAside session />
        <BackupNote session />
        // Below a list that is not there yet, it would move when the list comes.
        <Show when=move || boards.with(Option::is_some)>
            <ThemeChoice />
            <LanguageChoice />
        </Show>
    }
}

/// A board: its link, its size, and the actions on it.
#[component]
fn BoardRow(session: Session, id: BoardId) -> impl IntoView {
    let services = Services::from_context();
    let listing = Memo::new(move |_| {
        session.board_list.boards.with(|boards| {
            let boards = boards.as_deref().unwrap_or_default();
            let listing = boards.iter().find(|board| board.id == id);
            listing
                .cloned()
                .unwrap_or_else(|| BoardListing::unknown(id))
        })
    });
    let title = Signal::derive(move || listing.with(|listing| listing.title.clone()));
    let name = move || match title.get() {
        title if title.is_empty() => t!("Untitled board").to_owned(),
        title => title,
    };
    let facts = move || {
        let opened = listing.with(|listing| spelled(session.day_of(listing.opened_at)));
        let size = session
            .board_list
            .sizes
            .with(|sizes| sizes.get(&id).copied());
        match size {
            Some(size) => tn!(
                size.changes,
                "opened {day} · {count} change · {size}",
                "opened {day} · {count} changes · {size}",
                day = opened,
                size = in_bytes(size.bytes)
            ),
            None => t!("opened {day}", day = opened),
        }
    };
    let to = Route::Board(id, Screen::Cruxes(Filter::default(), Sort::Own)).href();
    let rename = Callback::new(move |name: String| services.boards.rename.run((id, name)));
    let move_to = move |place| services.boards.move_to.run((id, place));
    let is_managed = RwSignal::new(false);
    let at_hand = move || {
        let (label, place) = match listing.with(BoardListing::place) {
            BoardLocation::Archive => (t!("Unarchive"), BoardLocation::AtHand),
            _ => (t!("verb" => "Archive"), BoardLocation::Archive),
        };
        view! {
            <a href=to.clone()>{live(name)}</a>
            <span class="soft facts">{live(facts)}</span>
            <button
                class="quiet"
                aria-label=move || t!("Manage “{name}”", name = name())
                aria-expanded=move || is_managed.get().to_string()
                on:click=move |_| is_managed.update(|is| *is = !*is)
            >
                {t!("Manage")}
            </button>
            <Show when=move || is_managed.get()>
                <div class="manage" role="group" aria-label=move || t!("“{text}”", text = name())>
                    <TextField label=t!("Decision question") most=limit_of("question") value=title on_commit=rename />
                    <p class="actions">
                        <button on:click=move |_| services.boards.duplicate.run(id)>{t!("Duplicate as a template")}</button>
                        <a class="button" href=Route::Board(id, Screen::MergeBoard).href()>{t!("Merge another board into this one…")}</a>
                        <button on:click=move |_| move_to(place)>{label}</button>
                        <button class="danger" on:click=move |_| move_to(BoardLocation::Trash)>{t!("Move to the trash")}</button>
                    </p>
                </div>
            </Show>
        }
        .into_any()
    };
    let in_trash = move || {
        view! {
            <span>{live(name)}</span>
            <span class="soft facts">{live(facts)}</span>
            <button aria-label=move || t!("Restore “{name}”", name = name()) on:click=move |_| move_to(BoardLocation::AtHand)>{t!("Restore")}</button>
            <Delete name=Signal::derive(name) on_delete=Callback::new(move |()| services.boards.delete.run(id)) />
        }
        .into_any()
    };
    let is_trashed = Memo::new(move |_| listing.with(BoardListing::place) == BoardLocation::Trash);
    view! {
        <li>{live(move || if is_trashed.get() { in_trash() } else { at_hand() })}</li>
    }
}

/// Deletes a board for good after a second press: only a backup file can restore it.
#[component]
fn Delete(name: Signal<String>, on_delete: Callback<()>) -> impl IntoView {
    let asks = RwSignal::new(false);
    let button = move || {
        if asks.get() {
            view! {
                <span class="asks" role="group" aria-label=move || t!("Delete “{name}” for good?", name = name.get())>
                    <button class="danger" autofocus on:click=move |_| on_delete.run(())>{t!("Yes, delete it for good")}</button>
                    <button class="quiet" on:click=move |_| asks.set(false)>{t!("Keep it")}</button>
                </span>
            }
            .into_any()
        } else {
            view! {
                <button class="quiet" aria-label=move || t!("Delete “{name}” for good", name = name.get()) on:click=move |_| asks.set(true)>{t!("Delete…")}</button>
            }
            .into_any()
        }
    };
    live(button)
}

/// Formats a size in bytes.
fn in_bytes(bytes: usize) -> String {
    match bytes {
        0..1_000 => t!("{bytes} bytes", bytes),
        1_000..1_000_000 => format!("{} kB", (bytes + 500) / 1_000),
        _ => {
            let number = format!("{}.{}", bytes / 1_000_000, bytes % 1_000_000 / 100_000);
            format!("{} MB", translation::number(number))
        }
    }
}

/// Offers the damaged rows that were set aside for download.
#[component]
fn SetAside(session: Session) -> impl IntoView {
    let services = Services::from_context();
    let count = session.board_list.set_aside;
    view! {
        <Show when=move || { count.get() > 0 }>
            <section class="boards" aria-labelledby="aside-title">
                <h2 id="aside-title">{t!("Set aside")}</h2>
                <p>
                    {live(move || tn!(
                        count.get(),
                        "{count} stored row was damaged and could not be read. Nothing was deleted; everything else was loaded.",
                        "{count} stored rows were damaged and could not be read. Nothing was deleted; everything else was loaded.",
                    ))}
                </p>
                <button on:click=move |_| services.files.download_set_aside.run(())>{t!("Download what was set aside")}</button>
            </section>
        </Show>
    }
}
