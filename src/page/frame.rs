//! The frame around every screen of a board: its question, the state of saving, who edits, undo, and the
//! navigation.

mod icon;
mod notes;
mod notices;
mod screen_name;
mod tabs;

use cruxboard_domain::board::RecordRef;
use cruxboard_domain::t;
use cruxboard_domain::translation::in_sentence;
use cruxboard_domain::view::{Filter, Sort};
use leptos::prelude::*;

use crate::component::live;

use self::icon::word_or_icon;
pub use self::notes::BackupNote;
use self::notes::{TrashNote, Unsaved, UpdateNote};
pub use self::notices::NoticeBar;
use self::screen_name::name_the_screen;
use self::tabs::Tabs;
use super::sync::{needs_attention, saved_and_synced};
use super::{Services, href, present_choices};
use crate::component::{Choice, FieldErrors, Later};
use crate::route::{Route, Screen};
use cruxboard_session::{SaveState, Session};

/// The frame around the screens of the open board.
#[component]
pub fn Frame(session: Session, route: Signal<Route>, children: Children) -> impl IntoView {
    // For the fields of the frame; forms within have their own.
    FieldErrors::provide();
    name_the_screen(session, route);
    let question = move || session.read(RecordRef::Board, |board| board.info().question.clone());
    let notice = move || {
        let notice = session.read(RecordRef::Board, |board| board.info().notice.clone());
        (!notice.is_empty()).then(|| view! { <p class="board-notice" role="note">{notice}</p> })
    };
    let home = move || {
        // The frame outlives the board for which it was rendered.
        session.open.track();
        href(session, Screen::Cruxes(Filter::default(), Sort::Own))
    };
    // A review has a head of its own, with its steps.
    let is_full_screen = Memo::new(move |_| {
        route.with(|route| {
            matches!(
                route,
                Route::Board(
                    _,
                    Screen::Review(_)
                        | Screen::ReviewStep(..)
                        | Screen::Walk(..)
                        | Screen::Minutes(_)
                        | Screen::Round(_)
                )
            )
        })
    });
    let head = move || {
        view! {
            <header class="masthead">
                <div class="row">
                    <a class="wordmark" href=Route::Start.href() title=t!("All boards")>{word_or_icon(t!("Cruxboard"), icon::ALL_BOARDS)}</a>
                    <a class="question" href=home>{live(question)}</a>
                    <FindButton />
                    <SavedMark session />
                    <Present session />
                    <Me session />
                    <UndoRedo session />
                </div>
                <Tabs session route />
            </header>
        }
    };
    view! {
        <Show when=move || !is_full_screen.get()>{head()}</Show>
        <Unsaved session />
        <TrashNote session />
        <Show when=move || !is_full_screen.get()>
            <UpdateNote session />
            <BackupNote session />
            {live(notice)}
        </Show>
        <main id="main" tabindex="-1">{children()}</main>
    }
}

#[component]
fn FindButton() -> impl IntoView {
    let services = Services::from_context();
    view! {
        <button
            class="quiet"
            aria-keyshortcuts="Control+K Meta+K"
            title=t!("Find cruxes, evidence, people, boards and actions (Ctrl or ⌘ + K)")
            on:click=move |_| services.navigation.open_palette.run(())
        >
            {word_or_icon(t!("Find"), icon::FIND)}
        </button>
    }
}

#[component]
pub(super) fn SavedMark(session: Session) -> impl IntoView {
    let services = Services::from_context();
    let words = move || match session.outbox.state() {
        SaveState::Saved => saved_and_synced(session),
        SaveState::Saving => t!("Saving {count}…", count = session.outbox.len()),
        SaveState::Failed(_) => t!("Not saved: {count} waiting", count = session.outbox.len()),
        SaveState::MemoryOnly(_) => t!("Not saved: kept in this tab only").to_owned(),
    };
    let class = move || match session.outbox.state() {
        SaveState::Saved if needs_attention(session) => "saved is-failed",
        SaveState::Saved => "saved",
        SaveState::Saving => "saved is-saving",
        SaveState::Failed(_) | SaveState::MemoryOnly(_) => "saved is-failed",
    };
    view! {
        <span class=class role="status" translate="no"><span class="head-word">{live(words)}</span></span>
        <button class="quiet" on:click=move |_| services.files.download.run(()) title=t!("Download the whole board with its history as a readable file")>
            {word_or_icon(t!("Download"), icon::DOWNLOAD)}
        </button>
    }
}

/// The people who have the board open now, if its server reports presence.
#[component]
pub(super) fn Present(session: Session) -> impl IntoView {
    let dots = move || {
        let present = session.sync.present.get();
        if present.is_empty() {
            return ().into_any();
        }
        let dots = present.into_iter().map(|one| {
            let (initials, name) = session.read(RecordRef::Board, |board| {
                let person = one.and_then(|one| board.person(one));
                person.map_or_else(
                    || ("?".to_owned(), t!("Somebody without a name").to_owned()),
                    |person| (board.initials(person.id), person.name.clone()),
                )
            });
            view! {
                <li title=name.clone()>
                    <span aria-hidden="true">{initials}</span>
                    <span class="visually-hidden">{name.clone()}</span>
                </li>
            }
        });
        view! { <ul class="also-here" aria-label=t!("Also here now")>{dots.collect_view()}</ul> }
            .into_any()
    };
    live(dots)
}

#[component]
pub(super) fn Me(session: Session) -> impl IntoView {
    let services = Services::from_context();
    // Somebody who has left is offered only to themselves.
    let people = present_choices(session, move || session.me.get().into_iter().collect());
    let value = Signal::derive(move || {
        session
            .me
            .get()
            .map(|me| me.to_string())
            .unwrap_or_default()
    });
    let (later, is_pointed) = (Later::from_context(), StoredValue::new(false));
    let on_commit = Callback::new(move |key: String| {
        services.device.choose_me.run(key.parse().ok());
        // Letters that are meant as shortcuts would choose somebody else.
        if is_pointed.get_value() {
            later.run(0, move || services.navigation.focus.run("main".to_owned()));
        }
    });
    view! {
        <div
            class="me"
            on:pointerdown=move |_| is_pointed.set_value(true)
            on:keydown=move |_| is_pointed.set_value(false)
        >
            <Choice label=t!("You are") name=FieldErrors::ME options=people value on_commit none=t!("Choose your name") />
        </div>
    }
}

#[component]
pub(super) fn UndoRedo(session: Session) -> impl IntoView {
    let undo = Memo::new(move |_| session.undo_label());
    let redo = Memo::new(move |_| session.redo_label());
    let undo_title = move || match undo.get() {
        Some(label) => t!("Undo: {change}", change = in_sentence(label)),
        None => session
            .why_not_undone()
            .unwrap_or_else(|| t!("Nothing to undo").to_owned()),
    };
    let redo_title = move || match redo.get() {
        Some(label) => t!("Redo: {change}", change = in_sentence(label)),
        None => t!("Nothing to redo").to_owned(),
    };
    view! {
        <div class="undo" role="group" aria-label=t!("Undo and redo")>
            <button
                class="quiet"
                aria-disabled=move || undo.get().is_none().to_string()
                title=undo_title
                on:click=move |_| session.undo()
            >
                {word_or_icon(t!("Undo"), icon::UNDO)}
            </button>
            <button
                class="quiet"
                aria-disabled=move || redo.get().is_none().to_string()
                title=redo_title
                on:click=move |_| session.redo()
            >
                {word_or_icon(t!("Redo"), icon::REDO)}
            </button>
        </div>
    }
}
