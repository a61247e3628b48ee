//! Inviting somebody to a board: with a token of their own if the server makes them, otherwise with the
//! reader's own credential, after a warning.

use cruxboard_domain::date::{Now, spelled};
use cruxboard_domain::t;
use cruxboard_domain::translatable;
use cruxboard_domain::translation::translated;
use cruxboard_session::ports::PortError;
use leptos::prelude::*;

use crate::component::{Choice, ShareLink, TextField, live};
use crate::page::Services;
use cruxboard_session::ports::ServerAsk;
use cruxboard_session::{Kept, ServerAnswer, ServerWish, Session};

const RIGHTS: &[(&str, &str)] = &[
    ("write", translatable!("Read and write")),
    ("read", translatable!("Read only")),
];
/// The lifetimes of an invitation: days and label.
pub(in crate::page) const SPANS: &[(&str, &str)] = &[
    ("1", translatable!("A day")),
    ("7", translatable!("A week")),
    ("30", translatable!("A month")),
    ("365", translatable!("A year")),
];

/// The answer of the server to the latest requests.
#[derive(Clone, Copy)]
pub(in crate::page) struct Asked {
    /// The lists on the server; `None` while they are unknown.
    pub(in crate::page) answer: RwSignal<Option<ServerAnswer>>,
    /// The reason why the latest request failed; empty otherwise.
    pub(in crate::page) problem: RwSignal<String>,
    /// Whether an answer is being awaited.
    pub(in crate::page) is_waiting: RwSignal<bool>,
}

impl Asked {
    pub(in crate::page) fn new() -> Self {
        Self {
            answer: RwSignal::new(None),
            problem: RwSignal::new(String::new()),
            is_waiting: RwSignal::new(false),
        }
    }

    pub(in crate::page) fn ask(self, services: Services, wish: ServerWish) {
        self.is_waiting.set(true);
        let done = move |result: Result<ServerAnswer, PortError>| {
            // The page may have been closed meanwhile.
            if self.is_waiting.try_get_untracked().is_none() {
                return;
            }
            self.is_waiting.set(false);
            match result {
                Ok(answer) => {
                    self.problem.set(String::new());
                    self.answer.set(Some(answer));
                }
                Err(why) => self.problem.set(why.to_string()),
            }
        };
        services.endpoint.ask_server.run(ServerAsk {
            wish,
            done: Box::new(done),
        });
    }

    /// Returns the link that was created last.
    pub(in crate::page) fn link(self) -> String {
        self.answer
            .with(|answer| answer.as_ref().map(|answer| answer.link.clone()))
            .unwrap_or_default()
    }
}

/// Converts pairs of keys and translatable labels to choices for a list.
pub(in crate::page) fn choices(pairs: &[(&'static str, &'static str)]) -> Vec<(String, String)> {
    let pairs = pairs.iter();
    pairs
        .map(|(key, words)| ((*key).to_owned(), translated(words).to_owned()))
        .collect()
}

/// Describes when something expires.
pub(in crate::page) fn until(kept: &Kept, now: Now) -> String {
    match kept.ends_at {
        _ if kept.is_revoked => t!("revoked").to_owned(),
        None => t!("until it is revoked").to_owned(),
        Some(end) if end <= now.millis => t!("expired").to_owned(),
        Some(end) => t!("until {day}", day = spelled(now.day_of(end))),
    }
}

/// The section that makes invitations.
#[component]
pub(super) fn Invite(session: Session) -> impl IntoView {
    let services = Services::from_context();
    let asked = Asked::new();
    asked.ask(services, ServerWish::Invitations);
    let makes_tokens = move || asked.answer.with(Option::is_some);
    let fallback = move || {
        let problem = asked.problem.get();
        if problem.is_empty() {
            return view! { <p class="wide" role="status">{t!("Asking the server…")}</p> }
                .into_any();
        }
        view! { <OwnCredential session problem /> }.into_any()
    };
    let fallback = move || live(fallback);
    view! {
        <Show when=makes_tokens fallback>
            <Tokens session asked />
        </Show>
    }
}

/// The invitations, if the server makes tokens for guests.
#[component]
fn Tokens(session: Session, asked: Asked) -> impl IntoView {
    let services = Services::from_context();
    let name = RwSignal::new(String::new());
    let rights = RwSignal::new("write".to_owned());
    let days = RwSignal::new("30".to_owned());
    let put = |signal: RwSignal<String>| Callback::new(move |text| signal.set(text));
    let make = move |_| {
        let wish = ServerWish::Invite {
            name: name.get_untracked(),
            guest: person_on_board(session, &name.get_untracked()),
            may_write: rights.with_untracked(|rights| rights == "write"),
            days: days.get_untracked().parse().ok(),
        };
        asked.ask(services, wish);
        name.set(String::new());
    };
    let made = move || {
        let link = asked.link();
        if link.is_empty() {
            return ().into_any();
        }
        view! {
            <ShareLink label=t!("The invitation") link on_copy=services.files.copy />
            <p class="soft">{t!("It is shown only once. It contains a token for this board alone, which you can revoke below. Send it to one person, over a channel that only they read.")}</p>
        }
        .into_any()
    };
    view! {
        <div class="wide thirds">
            <ForWhom session name hint=t!("A name for the list below.") />
            <Choice label=t!("They may") options=Signal::stored(choices(RIGHTS)) value=rights on_commit=put(rights) none="" />
            <Choice label=t!("duration" => "For") options=Signal::stored(choices(SPANS)) value=days on_commit=put(days) none=t!("Until it is revoked") />
        </div>
        <p class="actions">
            <button class="primary" aria-disabled=move || asked.is_waiting.get().to_string() on:click=make>{t!("Make an invitation")}</button>
        </p>
        <p class="problem wide" role="alert">{asked.problem}</p>
        <div class="wide stack" aria-live="polite">{live(made)}</div>
        <div class="wide">{live(move || guests(session, asked, services))}</div>
    }
}

/// The field for the name of the guest. Somebody who is on the board joins under that name.
#[component]
fn ForWhom(session: Session, name: RwSignal<String>, hint: &'static str) -> impl IntoView {
    let now = session.now.get_untracked().millis;
    let people = session.read_untracked(|board| {
        let people = board.people_at(now).map(|person| person.name.clone());
        people.collect::<Vec<_>>()
    });
    let guest = move || name.with(|name| person_on_board(session, name));
    let joins = move || {
        let guest = guest();
        (!guest.is_empty()).then(|| t!("They join as {guest}, who is on the board.", guest))
    };
    view! {
        <div>
            <TextField label=t!("For whom") hint offers=people value=name on_commit=Callback::new(move |text| name.set(text)) />
            <p class="hint" role="status">{live(joins)}</p>
        </div>
    }
}

/// Returns the name of the person of the board with this name, as it is written there; empty if there is none.
fn person_on_board(session: Session, name: &str) -> String {
    session.read_untracked(|board| {
        let person = board.person_named(name).and_then(|id| board.person(id));
        person.map(|person| person.name.clone()).unwrap_or_default()
    })
}

/// Renders the guests who were invited from this browser.
fn guests(session: Session, asked: Asked, services: Services) -> AnyView {
    let now = session.now.get();
    let kept = asked.answer.get().unwrap_or_default().kept;
    if kept.is_empty() {
        return view! { <p class="soft">{t!("No invitations yet.")}</p> }.into_any();
    }
    let rows = kept.into_iter().map(|one| {
        let may = if one.what == "read" { t!("reads") } else { t!("reads and writes") };
        let name = if one.name.is_empty() { t!("No name").to_owned() } else { one.name.clone() };
        let until = until(&one, now);
        let is_over = one.is_revoked || one.ends_at.is_some_and(|end| end <= now.millis);
        let label = t!("Revoke the invitation of {name}", name);
        let revoke = move |_| asked.ask(services, ServerWish::Revoke(one.id.clone()));
        view! {
            <tr class:is-over=is_over>
                <td>{name}</td>
                <td>{may} ", " {until}</td>
                <td>
                    {(!is_over).then(|| view! { <button class="quiet" aria-label=label on:click=revoke>{t!("Revoke")}</button> })}
                </td>
            </tr>
        }
    });
    view! {
        <table class="kept">
            <caption>{t!("Invited from here")}</caption>
            <thead>
                <tr><th>{t!("Who")}</th><th>{t!("What it allows")}</th><th><span class="visually-hidden">{t!("Revoke")}</span></th></tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// The explanation if only the reader's own credential can be shared.
#[component]
fn OwnCredential(session: Session, problem: String) -> impl IntoView {
    let services = Services::from_context();
    let name = RwSignal::new(String::new());
    let link = RwSignal::new(String::new());
    let show = move |_| {
        let guest = person_on_board(session, &name.get_untracked());
        link.set(services.endpoint.own_invitation.run(guest));
    };
    let shown = move || {
        let link = link.get();
        (!link.is_empty()).then(
            || view! { <ShareLink label=t!("The invitation") link on_copy=services.files.copy /> },
        )
    };
    view! {
        <div class="wide stack">
            <p role="status">{problem} " " {t!("So there is no token for a guest: an invitation carries your own credential, if you have put one in.")}</p>
            <p class="soft">{t!("Whoever has it can do here, and at anything else that this credential opens, what you can, until you change the credential there. Nobody can be shut out alone.")}</p>
            <ForWhom session name hint="" />
            <p class="actions"><button on:click=show>{t!("Make an invitation with my credential")}</button></p>
            {live(shown)}
        </div>
    }
}
