//! A snapshot that somebody sent: read-only, plainly dated, and nothing of it is kept here.

use cruxboard_domain::ChangeId;
use cruxboard_domain::date::{Now, relative, spelled};
use cruxboard_domain::snapshot::diff::Difference;
use cruxboard_domain::snapshot::file::{SnapshotError, SnapshotFile};
use cruxboard_domain::snapshot::link::{Lock, Parcel, unfold};
use cruxboard_domain::snapshot::{Addition, Merge, Snapshot};
use cruxboard_domain::text::counted;
use cruxboard_domain::view::{Filter, Sort};
use leptos::prelude::*;

use super::{Fetching, Unsealing};
use crate::component::{Check, ReadingView, live};
use crate::route::{HostedLink, Route, Screen};

/// Where a snapshot comes from.
#[derive(Clone)]
pub enum Source {
    /// What an address holds: the parcel, and behind a stroke the key if it goes along.
    Link(String),
    /// A file.
    File(SnapshotFile),
    /// A server, which keeps it sealed.
    Hosted(HostedLink),
}

/// How a snapshot is got and opened.
#[derive(Clone, Copy)]
pub struct Opening {
    /// Unlocks it.
    pub unseal: fn(Unsealing),
    /// Gets it from a server.
    pub fetch: fn(Fetching),
}

/// One's own copy of a snapshot's board beside it.
#[derive(Clone)]
pub struct Compared {
    /// Its question.
    pub question: String,
    /// What changed on it since.
    pub since: Vec<Difference>,
    /// What taking the snapshot in would add to it, or why that cannot be done.
    pub merge: Result<Merge, String>,
}

/// How a snapshot compares, or why nobody can say.
pub type Comparison = Result<Compared, String>;

/// A board of this browser that a snapshot was taken of, or that was made of one of its snapshots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnBoard {
    /// The board.
    pub id: ChangeId,
    /// Its question.
    pub title: String,
    /// Whether snapshots are taken of it here.
    pub is_origin: bool,
}

/// What the reader of a snapshot can ask for.
#[derive(Clone, Copy)]
pub struct Asking {
    /// The board of this browser that goes with a snapshot's board key.
    pub own_board: Callback<u32, Signal<Option<OwnBoard>>>,
    /// Makes a board of one's own of it.
    pub on_adopt: Callback<Snapshot>,
    /// Compares it with one's own copy of its board.
    pub on_compare: Callback<Snapshot>,
    /// What that came to.
    pub comparison: Signal<Option<Comparison>>,
    /// Takes it into one's own copy of its board; `true`: also what moves numbers there.
    pub on_merge: Callback<(Snapshot, bool)>,
}

/// What changed since, as a list, and what could be taken in.
fn compared(comparison: Comparison, merge: Callback<bool>) -> AnyView {
    let compared = match comparison {
        Ok(compared) => compared,
        Err(problem) => return view! { <p class="panel" role="status">{problem}</p> }.into_any(),
    };
    let list = if compared.since.is_empty() {
        view! { <p>"Nothing in this snapshot has changed on your copy."</p> }.into_any()
    } else {
        let items = compared.since.into_iter().map(|(name, said)| {
            let said = said
                .into_iter()
                .map(|one| view! { <li>{one}</li> }.into_any());
            view! { <dt>{name}</dt><dd><ul>{said.collect_view()}</ul></dd> }.into_any()
        });
        view! { <dl class="terms">{items.collect_view()}</dl> }.into_any()
    };
    view! {
        <section class="panel" aria-labelledby="since-title" aria-live="polite">
            <h2 id="since-title">"Changes on your copy since this snapshot"</h2>
            {list}
        </section>
        <section class="panel forms" aria-labelledby="merge-title">
            <h2 id="merge-title">"Merge into your copy"</h2>
            {match compared.merge {
                Ok(plan) => merging(compared.question, plan, merge),
                Err(problem) => view! { <p role="status">{problem}</p> }.into_any(),
            }}
        </section>
    }
    .into_any()
}

/// What taking it in would add, before it does.
fn merging(question: String, plan: Merge, merge: Callback<bool>) -> AnyView {
    let added = plan.added.len();
    let moves = plan.latest.len();
    let erased = plan.erased;
    let with_latest = RwSignal::new(false);
    let left_out = match erased {
        0 => None,
        n => Some(format!(
            "{}: something that was made in the same minute was erased here.",
            counted(n, "record stays out", "records stay out")
        )),
    };
    let left_out = left_out.map(|words| view! { <p class="soft">{words}</p> });
    if added + moves == 0 {
        return view! {
            <p role="status">"Your copy already has everything in this snapshot."</p>
            {left_out}
        }
        .into_any();
    }
    let says = match added {
        0 => "Only credences are new.".to_owned(),
        n => {
            let records = counted(n, "record", "records");
            format!("It would add {records}:")
        }
    };
    let credences = counted(
        moves,
        "credence that would be its person’s latest",
        "credences that would be their people’s latest",
    );
    let label = format!("Also add {credences}");
    let latest = (moves > 0).then(|| {
        view! {
            <div>
                <Check label value=with_latest on_commit=Callback::new(move |is_taken| with_latest.set(is_taken)) />
                {additions(&plan.latest)}
            </div>
        }
    });
    let is_nothing = move || added == 0 && !with_latest.get();
    let take_in = move |_| {
        if !untrack(is_nothing) {
            merge.run(with_latest.get_untracked());
        }
    };
    view! {
        <p class="soft">"Into “" {question} "”. Only missing records are added. Nothing of yours is changed or removed: where the two differ, yours stays. One undo reverses it."</p>
        <p role="status">{says}</p>
        {additions(&plan.added)}
        {latest}
        {left_out}
        <p class="actions">
            <button class="primary" aria-disabled=move || is_nothing().to_string() on:click=take_in>
                "Add to my board"
            </button>
        </p>
    }
    .into_any()
}

fn additions(additions: &[Addition]) -> AnyView {
    let items = additions.iter().map(|addition| {
        let says = addition.says.clone();
        view! { <li>{says}</li> }.into_any()
    });
    view! { <ul class="reading-list plan">{items.collect_view()}</ul> }.into_any()
}

/// Shows what a link or file holds, or says why it cannot be shown.
#[component]
pub fn SnapshotPage(
    source: Source,
    /// The wall clock, in Unix milliseconds.
    now: Now,
    ask: Asking,
    open: Opening,
) -> impl IntoView {
    let unseal = open.unseal;
    let (parcel, key) = match source {
        Source::File(SnapshotFile::Open(snapshot)) => return shown(*snapshot, now, ask),
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

/// Waits for what a server keeps, and goes on with it as with a file.
fn fetched(link: HostedLink, now: Now, ask: Asking, open: Opening) -> AnyView {
    let came = RwSignal::new(None::<Result<Parcel, String>>);
    let key = link.key.clone();
    let get = move || {
        came.set(None);
        let done = move |result: Result<String, String>| {
            // The page may be gone by now.
            if came.try_get_untracked().is_some() {
                came.set(Some(result.and_then(|text| sealed_in(&text))));
            }
        };
        (open.fetch)(Fetching {
            link: link.clone(),
            done: Box::new(done),
        });
    };
    get();
    let get = StoredValue::new_local(get);
    live(move || match came.get() {
        None => view! {
            <main id="main" tabindex="-1" class="page narrow">
                <h1>"A snapshot"</h1>
                <p role="status">"Getting it from the server that keeps it…"</p>
            </main>
        }
        .into_any(),
        Some(Ok(parcel)) => locked(parcel, key.clone(), now, ask, open.unseal),
        Some(Err(problem)) => view! {
            <main id="main" tabindex="-1" class="page narrow">
                <h1>"This snapshot cannot be shown"</h1>
                <p role="alert">{problem}</p>
                <p class="actions">
                    <button on:click=move |_| get.with_value(|get| get())>"Try again"</button>
                    <a class="button quiet" href=Route::Start.href()>"Go to your boards"</a>
                </p>
            </main>
        }
        .into_any(),
    })
    .into_any()
}

/// What a server has is for whoever has the key: anything else was not put there by this app.
fn sealed_in(text: &str) -> Result<Parcel, String> {
    match SnapshotFile::from_json(text) {
        Ok(SnapshotFile::Sealed(parcel)) => Ok(parcel),
        Ok(SnapshotFile::Open(_)) | Err(SnapshotError::NotOurs) => {
            Err("There is no snapshot at this address. Ask for the link again.".to_owned())
        }
        Err(problem) => Err(problem.to_string()),
    }
}

/// Asks for what unlocks it; tries at once when that came along.
fn locked(parcel: Parcel, key: String, now: Now, ask: Asking, unseal: fn(Unsealing)) -> AnyView {
    let takes_key = matches!(parcel.lock, Lock::Key { .. });
    let opened = RwSignal::new(None::<Snapshot>);
    let problem = RwSignal::new(String::new());
    let secret = RwSignal::new(key.clone());
    // The page may be gone by the time it is opened.
    let done = move |result: Result<Vec<u8>, String>| {
        if problem.try_get_untracked().is_none() {
            return;
        }
        let read = result.and_then(|folded| unfold(&folded).map_err(|wrong| wrong.to_string()));
        match read {
            Ok(snapshot) => opened.set(Some(snapshot)),
            Err(wrong) => problem.set(wrong),
        }
    };
    let open = move || {
        problem.set(String::new());
        let (parcel, secret) = (parcel.clone(), secret.get_untracked());
        unseal(Unsealing {
            parcel,
            secret,
            done: Box::new(done),
        });
    };
    if !key.is_empty() {
        open();
    }
    let label = if takes_key { "Key" } else { "Passphrase" };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        open();
    };
    let submit = StoredValue::new_local(submit);
    live(move || {
        if let Some(snapshot) = opened.get() {
            return shown(snapshot, now, ask);
        }
        view! {
            <main id="main" tabindex="-1" class="page narrow">
                <h1>"This snapshot is locked"</h1>
                <p>"Ask the sender for the " {label.to_lowercase()} ". It is opened in your browser; nothing is sent anywhere."</p>
                <form class="unlock" on:submit=move |event| submit.with_value(|submit| submit(event))>
                    <div class="field wide">
                        <label for="secret">{label}</label>
                        <input
                            id="secret"
                            type=if takes_key { "text" } else { "password" }
                            autocomplete="off"
                            prop:value=secret
                            on:input:target=move |event| secret.set(event.target().value())
                        />
                    </div>
                    <button class="primary" type="submit">"Open it"</button>
                </form>
                <p class="problem" role="alert">{problem}</p>
                <p><a href=Route::Start.href()>"Go to your boards"</a></p>
            </main>
        }
        .into_any()
    })
    .into_any()
}

fn refused(problem: String) -> AnyView {
    view! {
        <main id="main" tabindex="-1" class="page narrow">
            <h1>"This snapshot cannot be shown"</h1>
            <p role="alert">{problem}</p>
            <p>"Nothing of yours was changed."</p>
            <p><a href=Route::Start.href()>"Go to your boards"</a></p>
        </main>
    }
    .into_any()
}

/// What this browser has of a snapshot's board.
fn kept(own: Option<OwnBoard>) -> AnyView {
    let Some(own) = own else {
        return view! { <span>"nothing of it is kept in this browser."</span> }.into_any();
    };
    let says = match own.is_origin {
        true => "it was taken of your board ",
        false => "you took this board over as ",
    };
    let to = Route::Board(own.id, Screen::Cruxes(Filter::default(), Sort::Own)).href();
    let title = match own.title {
        title if title.is_empty() => "Untitled board".to_owned(),
        title => title,
    };
    view! { <span>{says} <a href=to>{title}</a> "."</span> }.into_any()
}

fn shown(snapshot: Snapshot, now: Now, ask: Asking) -> AnyView {
    let reading = snapshot.reading();
    let taken = now.day_of(snapshot.taken_at);
    let age = relative(taken, now.today());
    let name = reading.name.clone();
    let to_merge = snapshot.clone();
    let to_adopt = snapshot.clone();
    let own = ask.own_board.run(snapshot.board_key);
    let adopt = move |_| ask.on_adopt.run(to_adopt.clone());
    let compare = move |_| ask.on_compare.run(snapshot.clone());
    let merge = Callback::new(move |with_latest| ask.on_merge.run((to_merge.clone(), with_latest)));
    let comparison = move || ask.comparison.get().map(|found| compared(found, merge));
    view! {
        <header class="masthead snapshot-head">
            <div class="row">
                <a class="wordmark" href=Route::Start.href() title="Your boards">"Cruxboard"</a>
                <p class="snapshot-mark" role="note">
                    <b>"Snapshot of " <time datetime=taken.to_string()>{spelled(taken)}</time></b>
                    ", " {age} ". Read-only: " {live(move || kept(own.get()))}
                </p>
                <button on:click=compare>"Compare with my copy"</button>
                <button on:click=adopt>"Copy to my boards"</button>
            </div>
        </header>
        <main id="main" tabindex="-1" class="page snapshot-page">
            <h1>{name}</h1>
            {live(comparison)}
            <ReadingView reading />
        </main>
    }
    .into_any()
}
