//! Syncing a board with an endpoint: its state and its setup.

use self::form::{Connect, Fields, Form, Found};
use crate::t_view;
use cruxboard_domain::Millis;
use cruxboard_domain::t;
use cruxboard_domain::tn;
use cruxboard_domain::translation::number;
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
        SyncState::Off => t!("Saved in this browser").to_owned(),
        SyncState::Connecting => t!("Saved · connecting…").to_owned(),
        SyncState::Sending(count) => t!("Saved · sending {count}…", count),
        SyncState::Receiving(bytes) => t!("Saved · receiving {size}…", size = size(bytes)),
        SyncState::Synced(at) => t!("Saved · synced {ago}", ago = ago(session, at)),
        SyncState::ReadOnly(0) => t!("Saved · reading along, edits stay here").to_owned(),
        SyncState::ReadOnly(count) => t!("Saved · reading along, {count} only here", count),
        SyncState::Offline(0) => t!("Saved · offline").to_owned(),
        SyncState::Offline(count) => t!("Saved · offline, {count} waiting", count),
        SyncState::Struggling(count) => t!("Saved · endpoint busy, {count} waiting", count),
        SyncState::LeftOut(count, _) => tn!(
            count,
            "Saved · synced except {count} change",
            "Saved · synced except {count} changes"
        ),
        SyncState::Refused(_) => t!("Saved · not synced").to_owned(),
    }
}

/// Returns whether the person has to do something before syncing can continue.
pub(super) fn needs_attention(session: Session) -> bool {
    session
        .sync
        .state
        .with(|state| matches!(state, SyncState::Refused(_) | SyncState::LeftOut(..)))
}

fn ago(session: Session, at: Millis) -> String {
    match session.now.get().millis.since(at).as_secs() / 60 {
        0 => t!("just now").to_owned(),
        minutes @ 1..60 => t!("{minutes} min ago", minutes),
        minutes @ 60..2880 => t!("{hours} h ago", hours = minutes / 60),
        minutes => t!("{days} days ago", days = minutes / 1440),
    }
}

/// Describes the state of syncing at length, with what to do.
fn standing(session: Session) -> String {
    match session.sync.state.get() {
        SyncState::Off => t!("Not connected: the board is stored in this browser only.").to_owned(),
        SyncState::Connecting => t!("Asking the endpoint…").to_owned(),
        SyncState::Sending(count) => tn!(count, "Sending {count} change…", "Sending {count} changes…"),
        SyncState::Receiving(bytes) => t!("Receiving: {size} so far…", size = size(bytes)),
        SyncState::Synced(at) => t!("Both have the same, as checked {ago}.", ago = ago(session, at)),
        SyncState::ReadOnly(0) => {
            t!("The endpoint is read-only for you: changes by others arrive here, and yours stay in this browser.").to_owned()
        }
        SyncState::ReadOnly(count) => tn!(
            count,
            "The endpoint is read-only for you: changes by others arrive here. {count} change of yours stays in this browser. “Sync now” tries again.",
            "The endpoint is read-only for you: changes by others arrive here. {count} changes of yours stay in this browser. “Sync now” tries again."
        ),
        SyncState::Offline(0) => {
            t!("The endpoint does not answer. Nothing is waiting to be sent. Cruxboard tries again by itself.").to_owned()
        }
        SyncState::Offline(count) => tn!(
            count,
            "The endpoint does not answer. {count} change of yours waits safely here and will be sent once it does. Cruxboard tries again at growing intervals; an edit or “Sync now” tries at once.",
            "The endpoint does not answer. {count} changes of yours wait safely here and will be sent once it does. Cruxboard tries again at growing intervals; an edit or “Sync now” tries at once."
        ),
        SyncState::Struggling(count) => tn!(
            count,
            "The endpoint is busy, or keeps losing changes. {count} change of yours waits safely here and will be sent again at growing intervals; an edit or “Sync now” tries at once.",
            "The endpoint is busy, or keeps losing changes. {count} changes of yours wait safely here and will be sent again at growing intervals; an edit or “Sync now” tries at once."
        ),
        SyncState::LeftOut(count, why) => tn!(
            count,
            "Both have the same, except {count} change that stay in this browser. {why}",
            "Both have the same, except {count} changes that stay in this browser. {why}",
            why
        ),
        SyncState::Refused(why) => t!(
            "{why} Your changes are safe in this browser. Cruxboard tries again at growing intervals; an edit or “Sync now” tries at once.",
            why
        ),
    }
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
            <h2 id="sync-title">{t!("Sync")}</h2>
            <p class="soft">{t!("Syncs this board between devices and people through an endpoint: an address that stores one JSON document, such as a Cruxboard server, a WebDAV folder or Kinto. Address and credential stay in this browser; no file and no history contains them. The board keeps working here when the endpoint fails.")}</p>
            <p class:problem=move || needs_attention(session) role="status">{live(move || standing(session))}</p>
            {live(clocks)}
            <Show when=is_connected fallback=move || view! { <Connect session form=Form::new(EndpointDraft::default()) verb=t!("Connect") /> }>
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
            <button class="primary" on:click=move |_| services.endpoint.sync_now.run(())>{t!("Sync now")}</button>
            <button on:click=move |_| services.endpoint.connect.run(None)>{t!("Disconnect")}</button>
        </p>
        <Check
            label=t!("Show who has this board open, and show others that you do, where the server supports it")
            value=Signal::derive(move || shows_presence.get())
            on_commit=Callback::new(move |is_on| shows_presence.set(is_on))
        />
        <div>
            <Section title=t!("Invite somebody") is_open=is_inviting on_toggle=toggle(is_inviting)>
                <Invite session />
            </Section>
            <Section title=t!("Another address or credential") is_open=is_mended on_toggle=toggle(is_mended)>
                <div class="wide stack"><Connect session form verb=t!("Use this one") /></div>
            </Section>
            <Section title=t!("The last exchanges") is_open=is_told on_toggle=toggle(is_told)>
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
        let guest = view! { <strong>{guest.clone()}</strong> };
        view! { <p>{t_view!("You are invited as {guest}. You can choose another name on the board.", guest)}</p> }
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
            <h1>{t!("Join a board")}</h1>
            <p>{t!("Somebody shares a board with you at this address. Joining copies it into this browser with its whole history and keeps both in sync. No account is needed.")}</p>
            {invited_as}
            <section class="panel stack" aria-label=t!("Join a board")>
                {is_invited.then(|| view! {
                    <p class="endpoint">{address}</p>
                    <Section title=t!("Address and credential") is_open=is_looking on_toggle=Callback::new(move |is_open| is_looking.set(is_open))>
                        <div class="wide"><Fields form /></div>
                    </Section>
                })}
                {(!is_invited).then(|| view! { <Fields form /> })}
                <p class="actions">
                    <button class="primary" on:click=move |_| join(false)>{t!("Join")}</button>
                    <a class="button" href=Route::Start.href()>{t!("Not now")}</a>
                </p>
                <Found form />
                <Show when=asks>
                    <p class="actions"><button class="primary" on:click=move |_| join(true)>{t!("Use this address from now on")}</button></p>
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
                <tr><th>{t!("When")}</th><th>{t!("exchange" => "What")}</th><th class="number">{t!("bytes" => "Sent")}</th><th class="number">{t!("bytes" => "Received")}</th></tr>
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
        _ => {
            let megabytes = format!("{}.{}", bytes / 1_000_000, bytes / 100_000 % 10);
            number(megabytes) + " MB"
        }
    }
}
