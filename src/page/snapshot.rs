//! The screen of a received snapshot: read-only, with its date, and without storing anything.

mod answer;
mod merging;
mod opening;

use cruxboard_domain::BoardId;
use cruxboard_domain::date::{Now, relative, spelled};
use cruxboard_domain::snapshot::diff::Differences;
use cruxboard_domain::snapshot::file::SnapshotFile;
use cruxboard_domain::snapshot::link::{Lock, Parcel, unfold};
use cruxboard_domain::snapshot::{Merge, Snapshot};
use cruxboard_domain::t;
use cruxboard_domain::view::{Filter, Sort};
use cruxboard_session::ports::PortError;
use cruxboard_session::ports::{Fetching, Unsealing};
use leptos::prelude::*;

use self::answer::Answer;
use self::merging::{MergeAs, compared};
use self::opening::{fetched, file_gone, locked, refused};
use crate::component::{ReadingView, live};
use crate::route::{HostedLink, Route, Screen};
use crate::t_view;
use cruxboard_session::ports::FileSort;

/// The source of a snapshot.
#[derive(Clone)]
pub enum Source {
    /// The payload of an address: the parcel, and after a slash the key if it is included.
    Link(String),
    /// A file.
    File(SnapshotFile),
    /// A file that was opened before the page was loaded again.
    FileGone,
    /// A server, which has it encrypted.
    Hosted(HostedLink),
}

/// The functions that fetch and decrypt a snapshot.
#[derive(Clone, Copy)]
pub struct Opening {
    /// Decrypts a parcel.
    pub unseal: fn(Unsealing),
    /// Fetches a parcel from a server.
    pub fetch: fn(Fetching),
}

/// A comparison of a snapshot with the reader's own copy of its board.
#[derive(Clone)]
pub struct Compared {
    /// The copy's question.
    pub question: String,
    /// How the copy differs from the snapshot.
    pub since: Differences,
    /// For answers under the name of a member: the name, and the effect of adding them as credences of that
    /// member.
    pub as_member: Option<(String, Merge)>,
    /// The effect of merging the snapshot into the copy, or why that is impossible.
    pub merge: Result<Merge, PortError>,
}

/// The result of a comparison, or why it is impossible.
pub type Comparison = Result<Compared, PortError>;

/// A board of this browser from which a snapshot was taken, or that was made from one of its snapshots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnBoard {
    /// The board.
    pub id: BoardId,
    /// Its question.
    pub title: String,
    /// Whether the snapshot was taken from this board itself.
    pub is_origin: bool,
    /// Whether it is in the trash.
    pub is_in_trash: bool,
}

/// The ways in which a reader sends answers back.
#[derive(Clone, Copy)]
pub struct Sending {
    /// Returns the address of the app, without its fragment.
    pub app_address: fn() -> String,
    /// Returns the answers to the snapshot with this checksum that this tab keeps.
    pub read_draft: fn(u32) -> Option<String>,
    /// Keeps answers to the snapshot with this checksum until the tab is closed; `None` forgets them.
    pub keep_draft: fn(u32, Option<String>),
    /// Copies a text, and confirms it with a notice.
    pub copy: Callback<String>,
    /// Downloads a text as a file. Arguments: file name without extension, kind of file, text.
    pub save: Callback<(String, FileSort, String)>,
}

/// The requests of a snapshot's reader.
#[derive(Clone, Copy)]
pub struct Asking {
    /// The ways of sending answers back.
    pub sending: Sending,
    /// Returns the board of this browser for a snapshot's board key.
    pub own_board: Callback<u32, Signal<Option<OwnBoard>>>,
    /// Asks for a file, and opens it.
    pub on_open_file: Callback<()>,
    /// Creates a board from the snapshot.
    pub on_adopt: Callback<Snapshot>,
    /// Compares the snapshot with the reader's copy of its board.
    pub on_compare: Callback<Snapshot>,
    /// The result of the comparison.
    pub comparison: Signal<Option<Comparison>>,
    /// The name of the screen, for the title of the window.
    pub screen_name: RwSignal<String>,
    /// Merges the snapshot into the reader's copy of its board; `true` includes the credences that change
    /// figures.
    pub on_merge: Callback<(Snapshot, bool)>,
}

/// Shows the snapshot of a link or file, or why it cannot be shown.
#[component]
pub fn SnapshotPage(
    source: Source,
    /// The wall clock.
    now: Now,
    ask: Asking,
    open: Opening,
) -> impl IntoView {
    let unseal = open.unseal;
    let (parcel, key) = match source {
        Source::File(SnapshotFile::Open(snapshot)) => return shown(*snapshot, now, ask),
        Source::FileGone => return file_gone(ask.on_open_file),
        Source::File(SnapshotFile::Sealed(parcel)) => (Ok(parcel), String::new()),
        Source::Hosted(link) => return fetched(link, now, ask, open),
        Source::Link(link) => {
            let (parcel, key) = link.split_once('/').unwrap_or((&link, ""));
            (Parcel::from_text(parcel), key.to_owned())
        }
    };
    let opened = parcel.and_then(|parcel| match parcel.lock {
        Lock::Open => unfold(&parcel.content).map(|snapshot| shown(snapshot, now, ask)),
        _ => Ok(locked(parcel, key, now, ask, unseal)),
    });
    opened.unwrap_or_else(|problem| refused(problem.to_string()))
}

/// Renders what this browser has of the snapshot's board.
fn kept(own: Option<OwnBoard>) -> AnyView {
    let Some(own) = own else {
        return t!("Read-only: nothing of it is kept in this browser.").into_any();
    };
    let to = Route::Board(own.id, Screen::Cruxes(Filter::default(), Sort::Own)).href();
    let title = match own.title {
        title if title.is_empty() => t!("Untitled board").to_owned(),
        title => title,
    };
    let link = view! { <a href=to>{title}</a> };
    match own.is_origin {
        true => t_view!("Read-only: it was taken of your board {link}.", link),
        false => t_view!("Read-only: you took this board over as {link}.", link),
    }
}

/// Asks whether to make another copy of a board of which this browser has one.
fn another(own: Option<OwnBoard>, adopt: Callback<()>, asks: RwSignal<bool>) -> AnyView {
    let Some(own) = own else {
        return ().into_any();
    };
    let (says, label, to) = match own.is_in_trash {
        true => (
            t!("You have a copy of this board in the trash."),
            t!("Go to the trash"),
            Route::Start,
        ),
        false => (
            t!("You have a copy of this board."),
            t!("Open the existing copy"),
            Route::Board(own.id, Screen::Cruxes(Filter::default(), Sort::Own)),
        ),
    };
    view! {
        <div class="row" role="group" aria-labelledby="another-title">
            <p id="another-title" role="status">{says}</p>
            <a class="button primary" href=to.href()>{label}</a>
            <button on:click=move |_| adopt.run(())>{t!("Make another copy")}</button>
            <button class="quiet" on:click=move |_| asks.set(false)>{t!("Cancel")}</button>
        </div>
    }
    .into_any()
}

fn shown(snapshot: Snapshot, now: Now, ask: Asking) -> AnyView {
    let reading = snapshot.reading();
    let taken = now.day_of(snapshot.taken_at);
    let age = relative(taken, now.today());
    let name = reading.name.clone();
    let to_merge = snapshot.clone();
    let to_adopt = snapshot.clone();
    let own = ask.own_board.run(snapshot.board_key);
    let is_answer = snapshot.is_answer();
    let can_answer = !is_answer && !snapshot.aliases;
    let form = can_answer.then(|| {
        let snapshot = snapshot.clone();
        view! { <Answer snapshot now sending=ask.sending /> }
    });
    ask.screen_name.set(name.clone());
    on_cleanup(move || ask.screen_name.set(String::new()));
    let has_aliases = snapshot.aliases;
    // The keys of snapshots with aliases do not identify boards made of them.
    let has_copy = Memo::new(move |_| {
        own.with(|own| {
            own.as_ref()
                .is_some_and(|own| own.is_origin || !has_aliases)
        })
    });
    let adopt = Callback::new(move |()| ask.on_adopt.run(to_adopt.clone()));
    let asks = RwSignal::new(false);
    let adopt_or_ask = move |_| {
        if own.with_untracked(Option::is_some) {
            asks.set(true);
        } else {
            adopt.run(());
        }
    };
    let compare = Callback::new(move |()| ask.on_compare.run(snapshot.clone()));
    let merge = Callback::new(move |how: MergeAs| match how {
        MergeAs::Found { with_latest } => ask.on_merge.run((to_merge.clone(), with_latest)),
        MergeAs::Member(name) => ask.on_merge.run((to_merge.as_stated_by(&name), true)),
    });
    let comparison = move || {
        ask.comparison
            .get()
            .map(|found| compared(found, merge, is_answer))
    };
    let day = view! { <time datetime=taken.to_string()>{spelled(taken)}</time> };
    view! {
        <header class="masthead snapshot-head">
            <div class="row">
                <a class="wordmark" href=Route::Start.href() title=t!("Your boards")>"Cruxboard"</a>
                <p class="snapshot-mark" role="note">
                    <b>{t_view!("Snapshot of {day}", day)}</b>
                    ", " {age} "."
                    <span class="snapshot-own">" " {live(move || kept(own.get()))}</span>
                </p>
                <Show when=move || is_answer || has_copy.get()>
                    <button class:primary=is_answer on:click=move |_| compare.run(())>
                        {if is_answer { t!("Add to my board…") } else { t!("Compare with my copy") }}
                    </button>
                </Show>
                {(!is_answer).then(|| view! { <button on:click=adopt_or_ask>{t!("Copy to my boards")}</button> })}
            </div>
            <Show when=move || asks.get()>{live(move || another(own.get(), adopt, asks))}</Show>
        </header>
        <main id="main" tabindex="-1" class="page snapshot-page">
            <h1>{name}</h1>
            {live(comparison)}
            <ReadingView reading />
            {form}
        </main>
    }
    .into_any()
}
