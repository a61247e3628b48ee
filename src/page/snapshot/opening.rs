//! Fetches and unlocks a snapshot before it is shown.

use super::{Asking, Opening, shown};
use crate::component::live;
use crate::route::{HostedLink, Route};
use cruxboard_domain::date::Now;
use cruxboard_domain::snapshot::Snapshot;
use cruxboard_domain::snapshot::file::{SnapshotError, SnapshotFile};
use cruxboard_domain::snapshot::link::{Folded, Lock, Parcel, unfold};
use cruxboard_domain::t;
use cruxboard_session::ports::PortError;
use cruxboard_session::ports::{Fetching, Unsealing};
use leptos::prelude::*;

/// Waits for a snapshot from a server, and then treats it like a file.
pub(super) fn fetched(link: HostedLink, now: Now, ask: Asking, open: Opening) -> AnyView {
    let came = RwSignal::new(None::<Result<Parcel, PortError>>);
    let key = link.key.clone();
    let get = move || {
        came.set(None);
        let done = move |result: Result<String, PortError>| {
            // The page may have been closed meanwhile.
            if came.try_get_untracked().is_some() {
                came.set(Some(result.and_then(|text| sealed_in(&text))));
            }
        };
        (open.fetch)(Fetching {
            at: link.at.clone(),
            id: link.id.clone(),
            done: Box::new(done),
        });
    };
    get();
    let get = StoredValue::new_local(get);
    live(move || match came.get() {
        None => view! {
            <main id="main" tabindex="-1" class="page narrow">
                <h1>{t!("A snapshot")}</h1>
                <p role="status">{t!("Getting it from the server that keeps it…")}</p>
            </main>
        }
        .into_any(),
        Some(Ok(parcel)) => locked(parcel, key.clone(), now, ask, open.unseal),
        Some(Err(problem)) => view! {
            <main id="main" tabindex="-1" class="page narrow">
                <h1>{t!("This snapshot cannot be shown")}</h1>
                <p role="alert">{problem.to_string()}</p>
                <p class="actions">
                    <button on:click=move |_| get.with_value(|get| get())>{t!("Try again")}</button>
                    <a class="button quiet" href=Route::Start.href()>{t!("Go to your boards")}</a>
                </p>
            </main>
        }
        .into_any(),
    })
    .into_any()
}

/// Returns the encrypted snapshot in a server's answer. The app stores only encrypted ones, so anything else
/// is refused.
fn sealed_in(text: &str) -> Result<Parcel, PortError> {
    match SnapshotFile::from_json(text) {
        Ok(SnapshotFile::Sealed(parcel)) => Ok(parcel),
        Ok(SnapshotFile::Open(_)) | Err(SnapshotError::NotOurs) => {
            Err(t!("There is no snapshot at this address. Ask for the link again.").into())
        }
        Err(problem) => Err(problem.to_string().into()),
    }
}

/// Asks for the passphrase or key. Tries at once if the key was in the link.
pub(super) fn locked(
    parcel: Parcel,
    key: String,
    now: Now,
    ask: Asking,
    unseal: fn(Unsealing),
) -> AnyView {
    let takes_key = matches!(parcel.lock, Lock::Key { .. });
    let opened = RwSignal::new(None::<Snapshot>);
    let problem = RwSignal::new(String::new());
    let secret = RwSignal::new(key.clone());
    // The page may have been closed before decryption ends.
    let done = move |result: Result<Folded, PortError>| {
        if problem.try_get_untracked().is_none() {
            return;
        }
        let read =
            result.and_then(|folded| unfold(&folded).map_err(|wrong| wrong.to_string().into()));
        match read {
            Ok(snapshot) => opened.set(Some(snapshot)),
            Err(wrong) => problem.set(wrong.to_string()),
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
    let (label, how_to) = match takes_key {
        true => (
            t!("Key"),
            t!(
                "Ask the sender for the key. It is opened in your browser; nothing is sent anywhere."
            ),
        ),
        false => (
            t!("Passphrase"),
            t!(
                "Ask the sender for the passphrase. It is opened in your browser; nothing is sent anywhere."
            ),
        ),
    };
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
                <h1>{t!("This snapshot is locked")}</h1>
                <p>{how_to}</p>
                <form class="unlock" on:submit=move |event| submit.with_value(|submit| submit(event))>
                    <div class="field wide">
                        <label for="secret">{label}</label>
                        <input
                            id="secret"
                            aria-invalid=move || problem.with(|problem| !problem.is_empty()).then_some("true")
                            aria-describedby="secret-problem"
                            type=if takes_key { "text" } else { "password" }
                            autocomplete="off"
                            prop:value=secret
                            on:input:target=move |event| secret.set(event.target().value())
                        />
                    </div>
                    <button class="primary" type="submit">{t!("Open it")}</button>
                </form>
                <p id="secret-problem" class="problem" role="alert">{problem}</p>
                <p><a href=Route::Start.href()>{t!("Go to your boards")}</a></p>
            </main>
        }
        .into_any()
    })
    .into_any()
}

/// Says that the file of the address has to be opened again.
pub(super) fn file_gone(on_open_file: Callback<()>) -> AnyView {
    view! {
        <main id="main" tabindex="-1" class="page narrow">
            <h1>{t!("Open the snapshot’s file again")}</h1>
            <p role="status">{t!("This snapshot came from a file. Nothing of it is kept in this browser, so after a reload the file has to be opened again.")}</p>
            <p class="actions">
                <button class="primary" on:click=move |_| on_open_file.run(())>{t!("Open the file…")}</button>
                <a class="button quiet" href=Route::Start.href()>{t!("Go to your boards")}</a>
            </p>
        </main>
    }
    .into_any()
}

pub(super) fn refused(problem: String) -> AnyView {
    view! {
        <main id="main" tabindex="-1" class="page narrow">
            <h1>{t!("This snapshot cannot be shown")}</h1>
            <p role="alert">{problem.to_string()}</p>
            <p>{t!("Nothing of yours was changed.")}</p>
            <p><a href=Route::Start.href()>{t!("Go to your boards")}</a></p>
        </main>
    }
    .into_any()
}
