//! What surrounds every screen of a board: its question, how it is saved, who edits, undo, and the
//! way to the other screens.

use cruxboard_domain::board::RecordRef;
use cruxboard_domain::view::{Filter, Sort};
use leptos::ev;
use leptos::html::Ul;
use leptos::prelude::*;

use crate::component::{Later, live, show_current};

use super::sync::{needs_attention, saved_and_synced};
use super::{Services, href, people_choices};
use crate::component::{Choice, FieldErrors};
use crate::route::{Route, Screen};
use crate::session::{BackupFile, NoticeKind, Place, SaveState, Session};

/// The frame around the screens of the open board.
#[component]
pub fn Frame(session: Session, route: Signal<Route>, children: Children) -> impl IntoView {
    // The fields of the frame; forms within have their own.
    FieldErrors::provide();
    let question = move || {
        session.follow(RecordRef::Board);
        session.with(|board| board.info().question.clone())
    };
    let notice = move || {
        session.follow(RecordRef::Board);
        let notice = session.with(|board| board.info().notice.clone());
        (!notice.is_empty()).then(|| view! { <p class="board-notice" role="note">{notice}</p> })
    };
    let home = move || {
        // The frame outlives the board it was built for.
        session.open.track();
        href(session, Screen::Cruxes(Filter::default(), Sort::Own))
    };
    view! {
        <header class="masthead">
            <div class="row">
                <a class="wordmark" href=Route::Start.href() title="All boards">"Cruxboard"</a>
                <a class="question" href=home>{live(question)}</a>
                <SavedMark session />
                <Present session />
                <Me session />
                <UndoRedo session />
            </div>
            <Tabs session route />
        </header>
        <Unsaved session />
        <TrashNote session />
        <UpdateNote session />
        <BackupNote session />
        {live(notice)}
        <main id="main" tabindex="-1">{children()}</main>
    }
}

#[component]
fn Tabs(session: Session, route: Signal<Route>) -> impl IntoView {
    let tab = move |name: &'static str, screen: fn() -> Screen, is_here: fn(&Screen) -> bool| {
        let current = move || {
            route.with(|route| match route {
                Route::Board(_, screen) => is_here(screen).then_some("page"),
                _ => None,
            })
        };
        view! {
            <li><a href=move || { session.open.track(); href(session, screen()) } aria-current=current>{name}</a></li>
        }
    };
    // On a phone the list is wider than the screen.
    let list = NodeRef::<Ul>::new();
    // Turning the phone changes the width, too.
    let width = RwSignal::new(());
    let resized = window_event_listener(ev::resize, move |_| width.set(()));
    on_cleanup(move || resized.remove());
    Effect::new(move |_| {
        route.track();
        width.track();
        if let Some(list) = list.get() {
            show_current(&list);
        }
    });
    view! {
        <nav class="tabs" aria-label="Board">
            <ul node_ref=list>
                {tab(
                    "Cruxes",
                    || Screen::Cruxes(Filter::default(), Sort::Own),
                    |screen| matches!(screen, Screen::Cruxes(..) | Screen::Crux(_) | Screen::NewCrux),
                )}
                {tab(
                    "Evidence",
                    || Screen::Evidence(Filter::default()),
                    |screen| matches!(screen, Screen::Evidence(_) | Screen::EvidenceItem(_) | Screen::NewEvidence(_) | Screen::NewEvidenceOn(..) | Screen::Reading),
                )}
                {tab("Due", || Screen::Due, |screen| matches!(screen, Screen::Due | Screen::Since(..)))}
                {tab(
                    "Reviews",
                    || Screen::Reviews,
                    |screen| matches!(
                        screen,
                        Screen::Reviews | Screen::Review(_) | Screen::Walk(..) | Screen::Minutes(_) | Screen::Round(_) | Screen::Scores
                    ),
                )}
                {tab(
                    "Decisions",
                    || Screen::Decisions,
                    |screen| matches!(screen, Screen::Decisions | Screen::Decide(_)),
                )}
                {tab("Follow-ups", || Screen::FollowUps(Filter::default()), |screen| matches!(screen, Screen::FollowUps(_)))}
                {tab("Share", || Screen::Share(None), |screen| matches!(screen, Screen::Share(_) | Screen::Tables))}
                {tab("History", || Screen::History, |screen| matches!(screen, Screen::History))}
                {tab("Setup", || Screen::Setup, |screen| matches!(screen, Screen::Setup))}
            </ul>
        </nav>
    }
}

#[component]
fn SavedMark(session: Session) -> impl IntoView {
    let services = Services::from_context();
    let words = move || match session.outbox.state() {
        SaveState::Saved => saved_and_synced(session),
        SaveState::Saving => format!("Saving {}…", session.outbox.len()),
        SaveState::Failed(_) => format!("Not saved: {} waiting", session.outbox.len()),
        SaveState::MemoryOnly(_) => "Not saved: kept in this tab only".to_owned(),
    };
    let class = move || match session.outbox.state() {
        SaveState::Saved if needs_attention(session) => "saved is-failed",
        SaveState::Saved => "saved",
        SaveState::Saving => "saved is-saving",
        SaveState::Failed(_) | SaveState::MemoryOnly(_) => "saved is-failed",
    };
    view! {
        <span class=class role="status" translate="no">{live(words)}</span>
        <button class="quiet" on:click=move |_| services.download.run(()) title="Download the whole board with its history as a readable file">
            "Download"
        </button>
    }
}

/// Who else has the board open now, where its server tells.
#[component]
fn Present(session: Session) -> impl IntoView {
    let dots = move || {
        let present = session.sync.present.get();
        if present.is_empty() {
            return ().into_any();
        }
        let dots = present.into_iter().map(|one| {
            session.follow(RecordRef::Board);
            let (initials, name) = session.with(|board| {
                let person = one.and_then(|one| board.person(one));
                person.map_or_else(
                    || ("?".to_owned(), "Somebody without a name".to_owned()),
                    |person| (person.initials(), person.name.clone()),
                )
            });
            view! {
                <li title=name.clone()>
                    <span aria-hidden="true">{initials}</span>
                    <span class="visually-hidden">{name.clone()}</span>
                </li>
            }
        });
        view! { <ul class="also-here" aria-label="Also here now">{dots.collect_view()}</ul> }
            .into_any()
    };
    live(dots)
}

/// Says why something is not saved, and what to do, for as long as that is so.
#[component]
fn Unsaved(session: Session) -> impl IntoView {
    let services = Services::from_context();
    // A memo, so that trying again in vain does not say it again.
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
                    <button class="quiet" on:click=move |_| services.download.run(())>
                        "Download a copy"
                    </button>
                </p>
            }
        })
    };
    live(alert)
}

/// Says that the open board is in the trash, and takes it out.
#[component]
fn TrashNote(session: Session) -> impl IntoView {
    let services = Services::from_context();
    let trashed = Memo::new(move |_| {
        let open = session.open.get()?;
        session.board_list.boards.with(|boards| {
            let boards = boards.as_deref().unwrap_or_default();
            let listing = boards.iter().find(|board| board.id == open)?;
            (listing.place() == Place::Trash).then_some(open)
        })
    });
    let note = move || {
        trashed.get().map(|board| {
            let restore = move |_| services.move_board.run((board, Place::AtHand));
            view! {
                <p class="board-notice is-problem" role="alert">
                    "This board is in the trash. "
                    <button on:click=restore>"Restore"</button>
                </p>
            }
        })
    };
    live(note)
}

/// Announces a newer build of the app. Nothing is loaded anew before somebody asks for it.
#[component]
pub fn UpdateNote(session: Session) -> impl IntoView {
    let services = Services::from_context();
    let note = move || {
        session.update_is_ready.get().then(|| {
            view! {
                <p class="board-notice backup-note" role="status" aria-label="Update">
                    "A new version of Cruxboard is ready. "
                    <button class="quiet" on:click=move |_| services.reload_into_update.run(())>
                        "Reload"
                    </button>
                </p>
            }
        })
    };
    live(note)
}

/// Says in one line when it is time for a backup, or when the file on the disk is not written.
#[component]
pub fn BackupNote(session: Session) -> impl IntoView {
    let services = Services::from_context();
    let stands = Memo::new(move |_| match session.backup.file.get() {
        BackupFile::NeedsPermission { name } => Some((
            format!("The browser wants your permission before it writes to “{name}” again."),
            false,
        )),
        BackupFile::Failed { name, .. } => Some((format!("“{name}” is not up to date."), false)),
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
                    <button class="quiet" on:click=move |_| services.put_reminder_off.run(())>"Not this week"</button>
                }
            });
            view! {
                <p class="board-notice backup-note" role="note" aria-label="Backup">
                    {words}
                    " "
                    <a href=Route::Backups.href()>"To backups"</a>
                    {later}
                </p>
            }
        })
    };
    live(note)
}

#[component]
fn Me(session: Session) -> impl IntoView {
    let services = Services::from_context();
    let people = Signal::derive(move || {
        session.follow(RecordRef::Board);
        session.with(people_choices)
    });
    let value = Signal::derive(move || {
        session
            .me
            .get()
            .map(|me| me.to_string())
            .unwrap_or_default()
    });
    let on_commit = Callback::new(move |key: String| services.choose_me.run(key.parse().ok()));
    view! {
        <div class="me">
            <Choice label="You are" name=FieldErrors::ME options=people value on_commit none="Choose your name" />
        </div>
    }
}

#[component]
fn UndoRedo(session: Session) -> impl IntoView {
    let undo = Memo::new(move |_| session.undo_label());
    let redo = Memo::new(move |_| session.redo_label());
    let title = |what: &'static str, label: Option<String>| match label {
        Some(label) => format!("{what}: {}", label.to_lowercase()),
        None => format!("Nothing to {}", what.to_lowercase()),
    };
    view! {
        <div class="undo" role="group" aria-label="Undo and redo">
            <button
                class="quiet"
                aria-disabled=move || undo.get().is_none().to_string()
                title=move || title("Undo", undo.get())
                on:click=move |_| session.undo()
            >
                "Undo"
            </button>
            <button
                class="quiet"
                aria-disabled=move || redo.get().is_none().to_string()
                title=move || title("Redo", redo.get())
                on:click=move |_| session.redo()
            >
                "Redo"
            </button>
        </div>
    }
}

/// What was done and what went wrong, with undo beside it.
#[component]
pub fn NoticeBar(session: Session) -> impl IntoView {
    let later = Later::from_context();
    // Every notice goes away by itself: undo stays in the masthead, and what is wrong for longer is
    // said where it is wrong.
    Effect::new(move |timed: Option<u32>| {
        let timed = timed.unwrap_or_default();
        let shown = session.notices.shown();
        for notice in shown.iter().filter(|notice| notice.id > timed) {
            let id = notice.id;
            later.run(notice.kind.stays_millis(), move || {
                session.notices.dismiss(id)
            });
        }
        shown.iter().map(|notice| notice.id).fold(timed, u32::max)
    });
    let notices = move || {
        let shown = session.notices.shown().into_iter().map(|notice| {
            let class = match notice.kind {
                NoticeKind::Done | NoticeKind::Told => "notice",
                NoticeKind::Refused => "notice refused",
                NoticeKind::Problem => "notice problem",
            };
            let can_undo = notice.kind == NoticeKind::Done;
            view! {
                <div class=class>
                    <span>{notice.text}</span>
                    {can_undo.then(|| view! {
                        <button class="quiet" on:click=move |_| take_back(session, notice.id)>"Undo"</button>
                    })}
                    <button
                        class="quiet"
                        aria-label="Dismiss"
                        on:click=move |_| session.notices.dismiss(notice.id)
                    >
                        "×"
                    </button>
                </div>
            }
        });
        shown.collect_view()
    };
    view! { <div class="notices" aria-live="polite">{live(notices)}</div> }
}

fn take_back(session: Session, notice: u32) {
    match session.notices.way_back(notice) {
        Some(take_back) => {
            session.notices.dismiss(notice);
            take_back();
        }
        None => session.undo(),
    }
}
