//! The implementation of [`Services`] for pages: storage, files, network and addresses of the browser.

use std::cell::RefCell;
use std::sync::Arc;

use cruxboard_domain::ChangeId;
use cruxboard_domain::backup::Backup;
use cruxboard_domain::change::Change;
use cruxboard_domain::document::Document;
use cruxboard_domain::snapshot::file::SnapshotFile;
use cruxboard_domain::sync::set_aside_in_words;
use cruxboard_domain::text::counted;
use cruxboard_domain::view::{Filter, Sort};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::board_admin::{BoardAction, BoardAdmin};
use super::endpoints::{EndpointAsk, Endpoints};
use super::file_name::file_stem;
use super::file_text::{ask_about_cut, read_text};
use super::lazy_chunks::LazyChunks;
use crate::edge::persistence::Persistence;
use crate::edge::sync::server_features::hosted;
use crate::edge::{address, clock, files, offline, picture, sealed, settings, snapshot_crypto};
use crate::page::{Exchange, Fetching, FileSort, Sealing, Secrets, Services, Source, Unsealing};
use crate::route::{HostedLink, Invitation, Route, Screen};
use crate::session::{EndpointDraft, Linked, Question, QuestionChoice, Session, Uncopied};

const FILE_ENDING: &str = ".cruxboard.json";

pub(super) fn services(
    session: Session,
    persistence: Persistence,
    endpoints: Endpoints,
    chunks: LazyChunks,
    route: RwSignal<Route>,
) -> Services {
    let board_admin = BoardAdmin {
        session,
        persistence,
        chunks,
        route,
    };
    Services {
        move_board: Callback::new(move |(board, place)| {
            board_admin.ask(BoardAction::Move(board, place))
        }),
        delete_board: Callback::new(move |board| board_admin.ask(BoardAction::Delete(board))),
        rename_board: Callback::new(move |(board, question)| {
            board_admin.ask(BoardAction::Rename(board, question));
        }),
        duplicate_board: Callback::new(move |board| board_admin.ask(BoardAction::Duplicate(board))),
        put_reminder_off: Callback::new(move |()| {
            persistence.note_backup(|record| record.be_quiet(session.now.get_untracked().millis));
        }),
        reload_into_update: Callback::new(move |()| offline::reload_into_update()),
        measure_boards: Callback::new(move |()| board_admin.ask(BoardAction::Measure)),
        download: Callback::new(move |()| {
            let Some(text) = session.document() else {
                return;
            };
            let name = session.with(|board| file_name(&board.info().question));
            if let Err(problem) = files::download(&name, "application/json", &text) {
                session.notices.problem(problem.to_string());
            }
        }),
        download_set_aside: Callback::new(move |()| {
            spawn_local(async move {
                let found = persistence
                    .set_aside()
                    .await
                    .map_err(|problem| problem.to_string());
                let saved = found.and_then(|rows| {
                    let text = serde_json::to_string_pretty(&rows).unwrap_or_default();
                    files::download("cruxboard-set-aside.json", "application/json", &text)
                        .map_err(|problem| problem.to_string())
                });
                if let Err(problem) = saved {
                    session.notices.problem(problem);
                }
            });
        }),
        filter: Signal::derive(move || route.with(Route::filter)),
        go: Callback::new(move |(to, replaces): (Route, bool)| {
            address::go(&to.href(), replaces);
            route.set(to);
        }),
        remembered: Callback::new(|name: &'static str| settings::section_open(name).get()),
        remember: Callback::new(|(name, is_open): (&'static str, bool)| {
            settings::section_open(name).set(&is_open);
        }),
        begin_anew: Callback::new(|()| address::begin_anew()),
        focus: Callback::new(|id: String| address::focus(&id)),
        focus_if_lost: Callback::new(|id: String| address::focus_if_lost(&id)),
        test_endpoint: Callback::new(move |(draft, found)| {
            endpoints.ask(EndpointAsk::Test(draft, found));
        }),
        join: Callback::new(move |(draft, is_sure, said)| {
            endpoints.ask(EndpointAsk::Join(draft, is_sure, said));
        }),
        ask_server: Callback::new(move |ask| endpoints.ask(EndpointAsk::Server(ask))),
        own_invitation: Callback::new(move |()| {
            let draft = endpoints.of_open_board().unwrap_or_default();
            link_of(Linked::Invitation(draft))
        }),
        connect: Callback::new(move |draft| endpoints.ask(EndpointAsk::Connect(draft))),
        sync_now: Callback::new(move |()| endpoints.ask(EndpointAsk::Now)),
        own_endpoint: Callback::new(move |()| {
            let board = session.open.get().map(|board| board.to_string());
            format!("{}/boards/{}", address::origin(), board.unwrap_or_default())
        }),
        print: Callback::new(|()| files::print()),
        choose_me: Callback::new(move |me| session.me.set(me)),
        copy: Callback::new(move |text: String| {
            spawn_local(async move {
                match files::copy(&text).await {
                    Ok(()) => session.notices.told("Copied."),
                    Err(problem) => session.notices.to_copy.set(Some(Uncopied {
                        why: problem.to_string(),
                        text,
                    })),
                }
            });
        }),
        save: Callback::new(move |(name, sort, text): (String, FileSort, String)| {
            let (mime, ending) = match sort {
                FileSort::Snapshot => ("application/json", ".snapshot.cruxboard.json"),
                FileSort::Html => ("text/html", ".html"),
                FileSort::Markdown => ("text/markdown", ".md"),
                FileSort::Csv => ("text/csv", ".csv"),
                FileSort::Calendar => ("text/calendar", ".ics"),
                FileSort::Svg => ("image/svg+xml", ".svg"),
            };
            let name = format!("{}{ending}", file_stem(&name));
            if let Err(problem) = files::download(&name, mime, &text) {
                session.notices.problem(problem.to_string());
            }
        }),
        app_address: address::without_fragment,
        adopt: Callback::new(move |changes: Vec<Change>| {
            if let Some(board) = persistence.create_board_of(session.adopt(&changes), None) {
                show(route, board);
            }
        }),
    }
}

/// The services that only the sharing chunk needs. Called only from that chunk.
pub(super) fn exchange(session: Session) -> Exchange {
    Exchange {
        pick_table: Callback::new(move |take: Callback<String>| {
            spawn_local(async move {
                match files::pick_table().await {
                    Some(Ok(file)) => {
                        let name = file.name.clone();
                        read_text(session, file, move |text, is_cut_off| {
                            // The page may be gone by now.
                            if is_cut_off {
                                ask_about_cut(session, &name, text, take);
                            } else {
                                take.try_run(text);
                            }
                        });
                    }
                    Some(Err(problem)) => session.notices.problem(problem.to_string()),
                    None => {}
                }
            });
        }),
        picture: Callback::new(move |(name, svg, copies): (String, String, bool)| {
            spawn_local(async move {
                let done = if copies {
                    picture::copy(&svg).await.map(|()| "Copied.")
                } else {
                    let name = format!("{}.png", file_stem(&name));
                    picture::save(&name, &svg).await.map(|()| "Saved.")
                };
                match done {
                    Ok(words) => session.notices.told(words),
                    Err(problem) => session.notices.problem(problem.to_string()),
                }
            });
        }),
        picture_address: picture::address_of,
        pasted_markup: |event| files::pasted_markup(event),
        pasted_text: |event| files::pasted_text(event),
        seal: |sealing: Sealing| {
            spawn_local(async move {
                let sealed =
                    snapshot_crypto::seal(&sealing.content, sealing.passphrase.as_deref()).await;
                (sealing.done)(sealed.map_err(|problem| problem.to_string()));
            });
        },
        soon: |then| clock::soon(then),
    }
}

/// The services that only the review chunk needs. Called only from that chunk.
pub(super) fn secrets(session: Session, persistence: Persistence) -> Secrets {
    Secrets {
        seal_answers: Callback::new(move |(who, answers, done)| {
            sealed::seal_answers(session, persistence, who, answers, done);
        }),
        kept_answers: Callback::new(move |(round, person)| {
            sealed::kept_answers(session, round, person)
        }),
    }
}

/// Decrypts a snapshot. Needs no storage, so it also works for guests.
pub(super) fn unseal(unsealing: Unsealing) {
    spawn_local(async move {
        let opened = snapshot_crypto::unseal(&unsealing.parcel, &unsealing.secret).await;
        (unsealing.done)(opened.map_err(|problem| problem.to_string()));
    });
}

/// Fetches an encrypted snapshot from a server. Needs no storage, so it also works for guests.
pub(super) fn fetch_hosted(fetching: Fetching) {
    spawn_local(async move {
        let HostedLink { at, id, .. } = fetching.link;
        (fetching.done)(hosted(&at, &id).await);
    });
}

/// Returns the full address of a route, to share it.
pub(super) fn link_of(linked: Linked) -> String {
    let to = match linked {
        Linked::Invitation(EndpointDraft {
            address,
            header,
            value,
        }) => Route::Join(Invitation {
            address,
            header,
            value,
        }),
        Linked::Snapshot { at, id, key } => Route::Hosted(HostedLink { at, id, key }),
    };
    format!("{}{}", address::without_fragment(), to.href())
}

/// Stands in the address for a snapshot from a file, which may be too long for an address.
const IN_FILE: &str = "file";

thread_local! {
    /// The snapshot that was opened from a file. A reload forgets it.
    static FROM_FILE: RefCell<Option<SnapshotFile>> = const { RefCell::new(None) };
}

/// Resolves the payload of a snapshot's address.
pub(super) fn source(payload: String) -> Source {
    let file = FROM_FILE.with_borrow(Clone::clone);
    match file {
        Some(file) if payload == IN_FILE => Source::File(file),
        _ => Source::Link(payload),
    }
}

/// Opens a file. Reports why a file cannot be opened, and changes nothing then.
pub(super) fn open_file(
    session: Session,
    persistence: Persistence,
    chunks: LazyChunks,
    route: RwSignal<Route>,
    file: files::RawFile,
) {
    session.notices.clear();
    // A truncated board file is reported where it is read.
    read_text(session, file, move |text, _| {
        spawn_local(open_text(session, persistence, chunks, route, text));
    });
}

async fn open_text(
    session: Session,
    persistence: Persistence,
    chunks: LazyChunks,
    route: RwSignal<Route>,
    text: String,
) {
    if Backup::is_one(&text) {
        session.backup.arriving.set(Some(text));
        address::go(&Route::Backups.href(), false);
        route.set(Route::Backups);
        return;
    }
    let refuse = |problem: &str| {
        session
            .notices
            .problem(format!("{problem} Nothing was changed."));
    };
    if SnapshotFile::is_one(&text) {
        let sharing = chunks.sharing.get().await.map_err(str::to_owned);
        match sharing.and_then(|sharing| (sharing.read_file)(&text)) {
            Ok(file) => {
                FROM_FILE.set(Some(file));
                let to = Route::Snapshot(IN_FILE.into());
                address::go(&to.href(), false);
                // Another file may have been opened before.
                route.set(Route::Start);
                route.set(to);
            }
            Err(problem) => refuse(&problem),
        }
        return;
    }
    let mut document = match Document::from_json(&text) {
        Ok(document) => document,
        Err(problem) => return refuse(&problem.to_string()),
    };
    let set_aside = document.set_aside_ahead(clock::now_millis());
    if let Some(said) = set_aside_in_words(set_aside) {
        if document.entries.is_empty() {
            return refuse(&said);
        }
        session.notices.problem(said);
    }
    if !document.is_readable() {
        return refuse("There is no change in this file that this version of Cruxboard can read.");
    }
    let mut faults = document.faults();
    if let Ok(here) = persistence.read_board(document.board).await {
        let clashes = document.leave_out_clashes(here.log());
        if clashes > 0 {
            let changes = counted(clashes, "change in it is", "changes in it are");
            faults.push(format!(
                "{changes} on this board already with other content: those here stay."
            ));
        }
    }
    if faults.is_empty() {
        return take_in_document(session, persistence, route, document).await;
    }
    let changes = counted(document.entries.len(), "change", "changes");
    faults.push("Look for a whole copy first, perhaps a backup.".to_owned());
    session.notices.question.set(Some(Question {
        title: "This file is not whole".to_owned(),
        words: faults,
        choices: vec![QuestionChoice {
            label: format!("Import {changes}"),
            sample: String::new(),
            take: Arc::new(move || {
                let document = document.clone();
                spawn_local(take_in_document(session, persistence, route, document));
            }),
        }],
    }));
}

async fn take_in_document(
    session: Session,
    persistence: Persistence,
    route: RwSignal<Route>,
    document: Document,
) {
    let imported = persistence.import_document(document).await;
    show(route, imported.board);
    if imported.foreign > 0 {
        session.notices.problem(format!(
            "{} cannot be read by this version of Cruxboard: a newer version wrote them, or they are damaged. They are kept and synced unchanged, and not shown.",
            counted(imported.foreign, "change", "changes")
        ));
    }
}

pub(super) fn show(route: RwSignal<Route>, board: ChangeId) {
    go_to_board(route, board, false);
}

/// Shows a board, and replaces the address in the history of the tab: it may hold a snapshot or a
/// credential.
pub(super) fn show_in_place(route: RwSignal<Route>, board: ChangeId) {
    go_to_board(route, board, true);
}

fn go_to_board(route: RwSignal<Route>, board: ChangeId, replaces: bool) {
    let to = Route::Board(board, Screen::Cruxes(Filter::default(), Sort::Own));
    address::go(&to.href(), replaces);
    route.set(to);
}

/// Returns a file name made from the board's question.
fn file_name(question: &str) -> String {
    format!("{}{FILE_ENDING}", file_stem(question))
}
