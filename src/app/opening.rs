//! Opening files: boards, backups and snapshots.

use super::file_text::read_text;
use super::lazy_chunks::LazyChunks;
use super::window::show;
use crate::page::Source;
use crate::route::Route;
use cruxboard_domain::backup::Backup;
use cruxboard_domain::document::Document;
use cruxboard_domain::snapshot::file::SnapshotFile;
use cruxboard_domain::sync::set_aside_in_words;
use cruxboard_domain::{t, tn};
use cruxboard_platform::persistence::Persistence;
use cruxboard_platform::{address, clock, files};
use cruxboard_session::ports::PortError;
use cruxboard_session::{Question, QuestionChoice, Session};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::sync::Arc;

/// The payload of the address of a snapshot from a file, which may be too long for an address.
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
        None if payload == IN_FILE => Source::FileGone,
        _ => Source::Link(payload),
    }
}

/// Opens a file. If the file cannot be opened, reports why and changes nothing.
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

pub(super) async fn open_text(
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
            .failed("open-file", t!("{problem} Nothing was changed.", problem));
    };
    if SnapshotFile::is_one(&text) {
        let sharing = chunks.sharing.get().await.map_err(PortError::from);
        match sharing.and_then(|sharing| (sharing.read_file)(&text)) {
            Ok(file) => {
                FROM_FILE.set(Some(file));
                let to = Route::Snapshot(IN_FILE.into());
                address::go(&to.href(), false);
                // The route is set twice, since it may already be that of another file.
                route.set(Route::Start);
                route.set(to);
            }
            Err(problem) => refuse(&problem.to_string()),
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
        return refuse(t!(
            "There is no change in this file that this version of Cruxboard can read."
        ));
    }
    let mut faults = document.faults();
    if let Ok(here) = persistence.read_board(document.board).await {
        let clashes = document.leave_out_clashes(here.log());
        if clashes > 0 {
            faults.push(tn!(
                clashes,
                "{count} change in it is on this board already with other content: those here stay.",
                "{count} changes in it are on this board already with other content: those here stay."
            ));
        }
    }
    if faults.is_empty() {
        return take_in_document(session, persistence, route, document).await;
    }
    let count = document.entries.len();
    faults.push(t!("Look for a whole copy first, perhaps a backup.").to_owned());
    session.notices.question.set(Some(Question {
        title: t!("This file is not whole").to_owned(),
        words: faults,
        choices: vec![QuestionChoice {
            label: tn!(count, "Import {count} change", "Import {count} changes"),
            sample: String::new(),
            take: Arc::new(move || {
                let document = document.clone();
                spawn_local(take_in_document(session, persistence, route, document));
            }),
        }],
    }));
}

pub(super) async fn take_in_document(
    session: Session,
    persistence: Persistence,
    route: RwSignal<Route>,
    document: Document,
) {
    let imported = persistence.import_document(document).await;
    show(route, imported.board);
    if imported.foreign > 0 {
        session.notices.problem(tn!(
            imported.foreign,
            "{count} change cannot be read by this version of Cruxboard: a newer version wrote them, or they are damaged. They are kept and synced unchanged, and not shown.",
            "{count} changes cannot be read by this version of Cruxboard: a newer version wrote them, or they are damaged. They are kept and synced unchanged, and not shown."
        ));
    }
}
