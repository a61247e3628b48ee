//! A snapshot that somebody sent: read-only, plainly dated, and nothing of it is kept here.

use cruxboard_domain::change::Change;
use cruxboard_domain::date::{day_of, relative, spelled};
use cruxboard_domain::snapshot::Snapshot;
use cruxboard_domain::snapshot::link::{Parcel, unfold};
use leptos::prelude::*;

use crate::component::ReadingView;
use crate::route::Route;

/// Shows what a link holds, or says why it cannot be shown.
#[component]
pub fn SnapshotPage(
    payload: String,
    /// The wall clock, in Unix milliseconds.
    now: u64,
    /// Makes a board of one's own of it.
    on_adopt: Callback<Vec<Change>>,
) -> impl IntoView {
    let opened = Parcel::from_text(&payload).and_then(|parcel| unfold(&parcel.content));
    match opened {
        Ok(snapshot) => shown(snapshot, now, on_adopt),
        Err(problem) => refused(problem.to_string()),
    }
}

fn refused(problem: String) -> AnyView {
    view! {
        <main id="main" tabindex="-1" class="page narrow">
            <h1>"This snapshot cannot be shown"</h1>
            <p role="alert">{problem}</p>
            <p>"Nothing of yours was changed."</p>
            <p><a href=Route::Start.href()>"To your own boards"</a></p>
        </main>
    }
    .into_any()
}

fn shown(snapshot: Snapshot, now: u64, on_adopt: Callback<Vec<Change>>) -> AnyView {
    let reading = snapshot.reading();
    let taken = day_of(snapshot.taken_at);
    let age = relative(taken, day_of(now));
    let name = reading.name.clone();
    let adopt = move |_| on_adopt.run(snapshot.changes.clone());
    view! {
        <header class="masthead snapshot-head">
            <div class="row">
                <a class="wordmark" href=Route::Start.href() title="Your own boards">"Cruxboard"</a>
                <p class="snapshot-mark" role="note">
                    <b>"Snapshot of " <time datetime=taken.to_string()>{spelled(taken)}</time></b>
                    ", " {age} ". Read-only: nothing of it is kept in this browser."
                </p>
                <button on:click=adopt>"Make it a board of my own"</button>
            </div>
        </header>
        <main id="main" tabindex="-1" class="page snapshot-page">
            <h1>{name}</h1>
            <ReadingView reading />
        </main>
    }
    .into_any()
}
