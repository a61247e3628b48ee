//! Syncing a board with an endpoint: its state and its setup.

use self::form::{Connect, Fields, Form, Found};
use cruxboard_domain::text::counted;
use leptos::prelude::*;

mod form;
mod invite;

use crate::component::{Check, Section, live};

use self::invite::Invite;
pub(super) use self::invite::{Asked, SPANS, choices, until};
use super::Services;
use crate::route::{Invitation, Route};
use cruxboard_session::ports::JoinAsk;
use cruxboard_session::{EndpointDraft, Session, SyncState};

/// Describes the state of saving and syncing, in a few words for the masthead.
pub(super) fn saved_and_synced(session: Session) -> String {
    match session.sync.state.get() {
        SyncState::Off => "Saved in this browser".to_owned(),
        SyncState::Connecting => "Saved · connecting…".to_owned(),
        SyncState::Sending(count) => format!("Saved · sending {count}…"),
        SyncState::Receiving(bytes) => format!("Saved · receiving {}…", size(bytes)),
        SyncState::Synced(at) => format!("Saved · synced {}", ago(session, at)),
        SyncState::ReadOnly(0) => "Saved · reading along, edits stay here".to_owned(),
        SyncState::ReadOnly(count) => format!("Saved · reading along, {count} only here"),
        SyncState::Offline(0) => "Saved · offline".to_owned(),
        SyncState::Offline(count) => format!("Saved · offline, {count} waiting"),
        SyncState::Struggling(count) => format!("Saved · endpoint busy, {count} waiting"),
        SyncState::LeftOut(count, _) => format!("Saved · synced except {}", changes(count)),
        SyncState::Refused(_) => "Saved · not synced".to_owned(),
    }
}

/// Returns whether the person has to do something before syncing can continue.
pub(super) fn needs_attention(session: Session) -> bool {
    session
        .sync
        .state
        .with(|state| matches!(state, SyncState::Refused(_) | SyncState::LeftOut(..)))
}

fn ago(session: Session, at: u64) -> String {
    match session.now.get().millis.saturating_sub(at) / 60_000 {
        0 => "just now".to_owned(),
        minutes @ 1..60 => format!("{minutes} min ago"),
        minutes @ 60..2880 => format!("{} h ago", minutes / 60),
        minutes => format!("{} days ago", minutes / 1440),
    }
}

/// Describes the state of syncing at length, with what to do.
fn standing(session: Session) -> String {
    match session.sync.state.get() {
        SyncState::Off => "Not connected: the board is stored in this browser only.".to_owned(),
        SyncState::Connecting => "Asking the endpoint…".to_owned(),
        SyncState::Sending(count) => format!("Sending {}…", changes(count)),
        SyncState::Receiving(bytes) => format!("Receiving: {} so far…", size(bytes)),
        SyncState::Synced(at) => format!("Both have the same, as checked {}.", ago(session, at)),
        SyncState::ReadOnly(0) => {
            "The endpoint is read-only for you: changes by others arrive here, and yours stay in this browser.".to_owned()
        }
        SyncState::ReadOnly(count) => format!(
            "The endpoint is read-only for you: changes by others arrive here. {} in this browser. “Sync now” tries again.",
            of_yours(count, "stays", "stay")
        ),
        SyncState::Offline(0) => {
            "The endpoint does not answer. Nothing is waiting to be sent. Cruxboard tries again by itself.".to_owned()
        }
        SyncState::Offline(count) => format!(
            "The endpoint does not answer. {} safely here and will be sent once it does. Cruxboard tries again at growing intervals; an edit or “Sync now” tries at once.",
            of_yours(count, "waits", "wait")
        ),
        SyncState::Struggling(count) => format!(
            "The endpoint is busy, or keeps losing changes. {} safely here and will be sent again at growing intervals; an edit or “Sync now” tries at once.",
            of_yours(count, "waits", "wait")
        ),
        SyncState::LeftOut(count, why) => format!(
            "Both have the same, except {} that stay in this browser. {why}",
            changes(count)
        ),
        SyncState::Refused(why) => format!(
            "{why} Your changes are safe in this browser. Cruxboard tries again at growing intervals; an edit or “Sync now” tries at once."
        ),
    }
}

fn changes(count: usize) -> String {
    counted(count, "change", "changes")
}

fn of_yours(count: usize, waits: &str, wait: &str) -> String {
    let one = format!("change of yours {waits}");
    counted(count, &one, &format!("changes of yours {wait}"))
}

/// The section for setting up the endpoint of the open board.
#[component]
pub(super) fn SyncSection(session: Session) -> impl IntoView {
    let is_connected = move || session.sync.address.with(Option::is_some);
    let clocks = move || {
        let said = session.sync.clock.get().into_iter();
        said.map(|said| view! { <p class="problem" role="status">{said}</p> })
            .collect_view()
    };
    view! {
        <section class="panel stack" aria-labelledby="sync-title">
            <h2 id="sync-title">"Sync"</h2>
            <p class="soft">"Syncs this board between devices and people through an endpoint: an address that stores one JSON document, such as a Cruxboard server, a WebDAV folder or Kinto. Address and credential stay in this browser; no file and no history contains them. The board keeps working here when the endpoint fails."</p>
            <p class:problem=move || needs_attention(session) role="status">{live(move || standing(session))}</p>
            {live(clocks)}
            <Show when=is_connected fallback=move || view! { <Connect session form=Form::new(EndpointDraft::default()) verb="Connect" /> }>
                <Connected session />
            </Show>
        </section>
    }
}

#[component]
fn Connected(session: Session) -> impl IntoView {
    let services = Services::from_context();
    let address = session.sync.address.get_untracked().unwrap_or_default();
    let form = Form::new(EndpointDraft {
        address,
        ..EndpointDraft::default()
    });
    // Open if the credential was refused, so that it can be replaced here.
    let is_mended = RwSignal::new(needs_attention(session));
    let shows_presence = session.sync.shows_presence;
    let (is_inviting, is_told) = (RwSignal::new(false), RwSignal::new(false));
    let toggle = |signal: RwSignal<bool>| Callback::new(move |is_open| signal.set(is_open));
    view! {
        <p class="endpoint">{live(move || session.sync.address.get())}</p>
        <p class="actions">
            <button class="primary" on:click=move |_| services.endpoint.sync_now.run(())>"Sync now"</button>
            <button on:click=move |_| services.endpoint.connect.run(None)>"Disconnect"</button>
        </p>
        <Check
            label="Show who has this board open, and show others that you do, where the server supports it"
            value=Signal::derive(move || shows_presence.get())
            on_commit=Callback::new(move |is_on| shows_presence.set(is_on))
        />
        <div>
            <Section title="Invite somebody" is_open=is_inviting on_toggle=toggle(is_inviting)>
                <Invite session />
            </Section>
            <Section title="Another address or credential" is_open=is_mended on_toggle=toggle(is_mended)>
                <div class="wide stack"><Connect session form verb="Use this one" /></div>
            </Section>
            <Section title="The last exchanges" is_open=is_told on_toggle=toggle(is_told)>
                <Records session />
            </Section>
        </div>
    }
}

/// The screen for joining a board by an invitation.
#[component]
pub fn JoinPage(invitation: Invitation) -> impl IntoView {
    let services = Services::from_context();
    let Invitation {
        address,
        header,
        value,
        guest,
    } = invitation;
    // An invitation contains the address and the credential already.
    let is_invited = !address.is_empty();
    let is_looking = RwSignal::new(false);
    let form = Form::new(EndpointDraft {
        address: address.clone(),
        header,
        value,
    });
    let invited_as = (!guest.is_empty()).then(|| {
        view! { <p>"You are invited as " <strong>{guest.clone()}</strong>". You can choose another name on the board."</p> }
    });
    let guest = StoredValue::new(guest);
    let join = move |is_sure: bool| {
        form.begin();
        if let Some(endpoint) = form.draft(None) {
            services.endpoint.join.run(JoinAsk {
                endpoint,
                guest: guest.get_value(),
                is_sure,
                said: form.found,
            });
        }
    };
    // For a board that is here already, the effect of joining is shown before a second confirmation.
    let asks = move || {
        form.found
            .with(|found| found.as_ref().is_some_and(|found| found.can_connect))
    };
    view! {
        <div class="page narrow">
            <h1>"Join a board"</h1>
            <p>"Somebody shares a board with you at this address. Joining copies it into this browser with its whole history and keeps both in sync. No account is needed."</p>
            {invited_as}
            <section class="panel stack" aria-label="Join a board">
                {is_invited.then(|| view! {
                    <p class="endpoint">{address}</p>
                    <Section title="Address and credential" is_open=is_looking on_toggle=Callback::new(move |is_open| is_looking.set(is_open))>
                        <div class="wide"><Fields form /></div>
                    </Section>
                })}
                {(!is_invited).then(|| view! { <Fields form /> })}
                <p class="actions">
                    <button class="primary" on:click=move |_| join(false)>"Join"</button>
                    <a class="button" href=Route::Start.href()>"Not now"</a>
                </p>
                <Found form />
                <Show when=asks>
                    <p class="actions"><button class="primary" on:click=move |_| join(true)>"Use this address from now on"</button></p>
                </Show>
            </section>
        </div>
    }
}

/// The latest exchanges with the endpoint.
#[component]
fn Records(session: Session) -> impl IntoView {
    let rows = move || {
        let records = session.sync.records.get().into_iter().map(|record| {
            let (sent, received) = record.bytes;
            view! {
                <tr>
                    <td>{live(move || ago(session, record.at))}</td>
                    <td>{record.what}</td>
                    <td class="number" translate="no">{size(sent)}</td>
                    <td class="number" translate="no">{size(received)}</td>
                </tr>
            }
        });
        records.collect_view()
    };
    view! {
        <table class="kept wide">
            <thead>
                <tr><th>"When"</th><th>"What"</th><th class="number">"Sent"</th><th class="number">"Received"</th></tr>
            </thead>
            <tbody>{live(rows)}</tbody>
        </table>
    }
}

fn size(bytes: usize) -> String {
    match bytes {
        0 => "—".to_owned(),
        1..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}
