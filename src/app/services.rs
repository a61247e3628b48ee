//! Implements the ports that pages use: storage, files, network and addresses of the browser.

use super::window::link_of;
use super::window::{show, show_in_place};
use cruxboard_domain::t;

use cruxboard_domain::change::Change;
use cruxboard_domain::decide::{Command, NewBoard};
use cruxboard_domain::document::{Document, Integrity};
use cruxboard_domain::export::file_name::file_stem;
use cruxboard_domain::log::Entry;
use cruxboard_domain::tn;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::board_admin::{BoardAction, BoardAdmin};
use super::endpoints::{EndpointAsk, Endpoints};
use super::lazy_chunks::LazyChunks;
use crate::page::{Navigation, Services};
use crate::route::Route;
use cruxboard_platform::persistence::Persistence;
use cruxboard_platform::{address, files, language, offline, settings, theme};
use cruxboard_session::ports::{
    BoardPort, BoardReading, CopyAsk, DevicePort, EndpointPort, FilePort, FileSort,
};
use cruxboard_session::{Linked, Session, Uncopied};

const FILE_ENDING: &str = ".cruxboard.json";

pub(super) fn services(
    session: Session,
    persistence: Persistence,
    endpoints: Endpoints,
    chunks: LazyChunks,
    route: RwSignal<Route>,
    is_palette_open: RwSignal<bool>,
) -> Services {
    Services {
        boards: board_port(session, persistence, chunks, route),
        files: file_port(session, persistence),
        endpoint: endpoint_port(session, endpoints),
        device: device_port(session, persistence),
        navigation: navigation(route, is_palette_open),
    }
}

fn board_port(
    session: Session,
    persistence: Persistence,
    chunks: LazyChunks,
    route: RwSignal<Route>,
) -> BoardPort {
    let board_admin = BoardAdmin {
        session,
        persistence,
        chunk: chunks.backups,
        sharing: chunks.sharing,
        route,
    };
    BoardPort {
        move_to: Callback::new(move |(board, place)| {
            board_admin.ask(BoardAction::Move(board, place))
        }),
        delete: Callback::new(move |board| board_admin.ask(BoardAction::Delete(board))),
        rename: Callback::new(move |(board, question)| {
            board_admin.ask(BoardAction::Rename(board, question));
        }),
        duplicate: Callback::new(move |board| board_admin.ask(BoardAction::Duplicate(board))),
        copy_cruxes: Callback::new(move |ask: CopyAsk| {
            copy_cruxes(session, persistence, route, ask);
        }),
        read: Callback::new(move |ask: BoardReading| {
            spawn_local(async move {
                let read = persistence.read_board(ask.board).await;
                (ask.done)(read.map_err(|problem| problem.to_string().into()));
            });
        }),
        join_log: Callback::new(move |entries: Vec<Entry>| {
            join_log(session, persistence, route, entries);
        }),
        measure: Callback::new(move |()| board_admin.ask(BoardAction::Measure)),
        found: Callback::new(move |new: NewBoard| {
            let changes = session.found_board(&new)?;
            if let Some(board) = persistence.create_board(changes) {
                let me = new.me.as_deref();
                let me =
                    me.and_then(|name| session.read_untracked(|board| board.person_named(name)));
                session.me.set(me);
                show_in_place(route, board);
            }
            Ok(())
        }),
        adopt: Callback::new(move |changes: Vec<Change>| {
            if let Some(board) = persistence.create_board_of(session.adopt(&changes), None) {
                show(route, board);
            }
        }),
    }
}

/// Opens another board and adds a copy to it, as one action there.
fn copy_cruxes(session: Session, persistence: Persistence, route: RwSignal<Route>, ask: CopyAsk) {
    spawn_local(async move {
        let opened = persistence.open_board(ask.to).await;
        if session.notices.report("copy-cruxes", opened).is_none() {
            return;
        }
        show(route, ask.to);
        let changes = session.read_untracked(|board| (ask.changes)(board));
        if changes.is_empty() {
            return session.notices.told(t!(
                "Nothing was copied: these claims are on this board already."
            ));
        }
        session.dispatch(Command::TakeIn(changes));
    });
}

/// Adds the changes of another copy of the open board, and shows the board.
fn join_log(
    session: Session,
    persistence: Persistence,
    route: RwSignal<Route>,
    entries: Vec<Entry>,
) {
    let Some(board) = session.open.get_untracked() else {
        return;
    };
    spawn_local(async move {
        let document = Document {
            board,
            entries,
            damaged: Vec::new(),
            integrity: Integrity::Whole,
        };
        let imported = persistence.import_document(document).await;
        show(route, board);
        session.notices.told(tn!(
            imported.new,
            "{count} change was added.",
            "{count} changes were added."
        ));
    });
}

fn file_port(session: Session, persistence: Persistence) -> FilePort {
    FilePort {
        download: Callback::new(move |()| {
            let Some(text) = session.document() else {
                return;
            };
            let name = session.read_untracked(|board| file_name(&board.info().question));
            let saved = files::download(&name, "application/json", &text);
            session.notices.report("download-board", saved);
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
                session.notices.report("download-set-aside", saved);
            });
        }),
        save: saving(session),
        copy: copying(session),
        print: Callback::new(|()| files::print()),
    }
}

/// Returns the callback that downloads a text as a file. Needs no storage, so it also works for guests.
pub(super) fn saving(session: Session) -> Callback<(String, FileSort, String)> {
    Callback::new(move |(name, sort, text): (String, FileSort, String)| {
        let (mime, ending) = match sort {
            FileSort::Snapshot => ("application/json", ".snapshot.cruxboard.json"),
            FileSort::Html => ("text/html", ".html"),
            FileSort::Markdown => ("text/markdown", ".md"),
            FileSort::Csv => ("text/csv", ".csv"),
            FileSort::Calendar => ("text/calendar", ".ics"),
            FileSort::Svg => ("image/svg+xml", ".svg"),
        };
        let name = name + ending;
        let saved = files::download(&name, mime, &text);
        session.notices.report("save-file", saved);
    })
}

/// Returns the callback that copies a text. Needs no storage, so it also works for guests.
pub(super) fn copying(session: Session) -> Callback<String> {
    Callback::new(move |text: String| {
        spawn_local(async move {
            match files::copy(&text).await {
                Ok(()) => session.notices.told(t!("Copied.")),
                Err(problem) => session.notices.to_copy.set(Some(Uncopied {
                    why: problem.to_string(),
                    text,
                })),
            }
        });
    })
}

fn endpoint_port(session: Session, endpoints: Endpoints) -> EndpointPort {
    EndpointPort {
        test: Callback::new(move |(draft, found)| {
            endpoints.ask(EndpointAsk::Test(draft, found));
        }),
        connect: Callback::new(move |draft| endpoints.ask(EndpointAsk::Connect(draft))),
        join: Callback::new(move |ask| endpoints.ask(EndpointAsk::Join(ask))),
        ask_server: Callback::new(move |ask| endpoints.ask(EndpointAsk::Server(ask))),
        own_invitation: Callback::new(move |guest: String| {
            let endpoint = endpoints.of_open_board().unwrap_or_default();
            link_of(Linked::Invitation { endpoint, guest })
        }),
        sync_now: Callback::new(move |()| endpoints.ask(EndpointAsk::Now)),
        own_address: Callback::new(move |()| {
            let board = session.open.get().map(|board| board.to_string());
            format!("{}/boards/{}", address::origin(), board.unwrap_or_default())
        }),
    }
}

fn device_port(session: Session, persistence: Persistence) -> DevicePort {
    let theme = theme::chosen();
    DevicePort {
        language: language::chosen,
        choose_language: language::choose,
        theme,
        choose_theme: Callback::new(move |chosen| {
            theme.set(chosen);
            theme::choose(chosen);
        }),
        choose_me: Callback::new(move |me| {
            session.me.set(me);
            // What was refused may have lacked a person.
            session.notices.put_right();
        }),
        remembered: Callback::new(|name: &'static str| settings::section_open(name).get()),
        remember: Callback::new(|(name, is_open): (&'static str, bool)| {
            settings::section_open(name).set(&is_open);
        }),
        choice: Callback::new(|key: String| settings::choice(&key).get()),
        keep_choice: Callback::new(|(key, text): (String, String)| {
            settings::choice(&key).set(&text)
        }),
        put_reminder_off: Callback::new(move |()| {
            persistence.note_backup(|record| record.be_quiet(session.now.get_untracked().millis));
        }),
        reload_into_update: Callback::new(move |()| offline::reload_into_update()),
        app_address: address::without_fragment,
    }
}

fn navigation(route: RwSignal<Route>, is_palette_open: RwSignal<bool>) -> Navigation {
    Navigation {
        filter: Signal::derive(move || route.with(Route::filter)),
        go: Callback::new(move |(to, replaces): (Route, bool)| {
            address::go(&to.href(), replaces);
            route.set(to);
        }),
        begin_anew: Callback::new(|()| address::begin_anew()),
        focus: Callback::new(|id: String| address::focus(&id)),
        focus_if_lost: Callback::new(|id: String| address::focus_if_lost(&id)),
        open_palette: Callback::new(move |()| is_palette_open.set(true)),
    }
}

/// Returns a file name made from the board's question.
fn file_name(question: &str) -> String {
    format!("{}{FILE_ENDING}", file_stem(question))
}
