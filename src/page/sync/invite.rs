//! Bringing somebody else to a board: with a token of their own where the server makes them, and
//! otherwise with one's own credential, said plainly.

use cruxboard_domain::date::{Now, spelled};
use leptos::prelude::*;

use crate::component::{Choice, ShareLink, TextField, live};
use crate::page::{ServerAsk, Services};
use crate::session::{Kept, ServerAnswer, ServerWish, Session};

const RIGHTS: &[(&str, &str)] = &[("write", "Read and write"), ("read", "Read only")];
/// For how many days, and how people say it.
pub(in crate::page) const SPANS: &[(&str, &str)] = &[
    ("1", "A day"),
    ("7", "A week"),
    ("30", "A month"),
    ("365", "A year"),
];

/// What is known of what the server keeps, and how that was learned.
#[derive(Clone, Copy)]
pub(in crate::page) struct Asked {
    /// What there is; `None`: that is not known yet.
    pub(in crate::page) answer: RwSignal<Option<ServerAnswer>>,
    /// Why nothing came of what was asked last; empty otherwise.
    pub(in crate::page) problem: RwSignal<String>,
    /// Whether an answer is waited for.
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
        let done = move |result: Result<ServerAnswer, String>| {
            // The page may be gone by now.
            if self.is_waiting.try_get_untracked().is_none() {
                return;
            }
            self.is_waiting.set(false);
            match result {
                Ok(answer) => {
                    self.problem.set(String::new());
                    self.answer.set(Some(answer));
                }
                Err(why) => self.problem.set(why),
            }
        };
        services.ask_server.run(ServerAsk {
            wish,
            done: Box::new(done),
        });
    }

    /// The link that was made last.
    pub(in crate::page) fn link(self) -> String {
        self.answer
            .with(|answer| answer.as_ref().map(|answer| answer.link.clone()))
            .unwrap_or_default()
    }
}

/// Pairs as a list to choose from.
pub(in crate::page) fn choices(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = pairs.iter();
    pairs
        .map(|(key, words)| ((*key).to_owned(), (*words).to_owned()))
        .collect()
}

/// Until when something is good.
pub(in crate::page) fn until(kept: &Kept, now: Now) -> String {
    match kept.ends_at {
        _ if kept.is_revoked => "revoked".to_owned(),
        None => "until it is revoked".to_owned(),
        Some(end) if end <= now.millis => "expired".to_owned(),
        Some(end) => format!("until {}", spelled(now.day_of(end))),
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
            return view! { <p class="wide" role="status">"Asking the server…"</p> }.into_any();
        }
        view! { <OwnCredential problem /> }.into_any()
    };
    let fallback = move || live(fallback);
    view! {
        <Show when=makes_tokens fallback>
            <Tokens session asked />
        </Show>
    }
}

/// Where a server makes tokens for guests.
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
            <ShareLink label="The invitation" link on_copy=services.copy />
            <p class="soft">"It is shown only once. It contains a token for this board alone, which you can revoke below. Send it to one person, over a channel that only they read."</p>
        }
        .into_any()
    };
    view! {
        <div class="wide thirds">
            <TextField label="For whom" hint="A name for the list below." value=name on_commit=put(name) />
            <Choice label="They may" options=Signal::stored(choices(RIGHTS)) value=rights on_commit=put(rights) none="" />
            <Choice label="For" options=Signal::stored(choices(SPANS)) value=days on_commit=put(days) none="Until it is revoked" />
        </div>
        <p class="actions">
            <button class="primary" aria-disabled=move || asked.is_waiting.get().to_string() on:click=make>"Make an invitation"</button>
        </p>
        <p class="problem wide" role="alert">{asked.problem}</p>
        <div class="wide stack" aria-live="polite">{live(made)}</div>
        <div class="wide">{live(move || guests(session, asked, services))}</div>
    }
}

/// Who was invited from here.
fn guests(session: Session, asked: Asked, services: Services) -> AnyView {
    let now = session.now.get();
    let kept = asked.answer.get().unwrap_or_default().kept;
    if kept.is_empty() {
        return view! { <p class="soft">"No invitations yet."</p> }.into_any();
    }
    let rows = kept.into_iter().map(|one| {
        let may = if one.what == "read" { "reads" } else { "reads and writes" };
        let name = if one.name.is_empty() { "No name".to_owned() } else { one.name.clone() };
        let until = until(&one, now);
        let is_over = one.is_revoked || one.ends_at.is_some_and(|end| end <= now.millis);
        let label = format!("Revoke the invitation of {name}");
        let revoke = move |_| asked.ask(services, ServerWish::Revoke(one.id.clone()));
        view! {
            <tr class:is-over=is_over>
                <td>{name}</td>
                <td>{may} ", " {until}</td>
                <td>
                    {(!is_over).then(|| view! { <button class="quiet" aria-label=label on:click=revoke>"Revoke"</button> })}
                </td>
            </tr>
        }
    });
    view! {
        <table class="kept">
            <caption>"Invited from here"</caption>
            <thead>
                <tr><th>"Who"</th><th>"What it allows"</th><th><span class="visually-hidden">"Revoke"</span></th></tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// Where there is nothing to hand over but one's own.
#[component]
fn OwnCredential(problem: String) -> impl IntoView {
    let services = Services::from_context();
    let link = RwSignal::new(String::new());
    let show = move |_| link.set(services.own_invitation.run(()));
    let shown = move || {
        let link = link.get();
        (!link.is_empty())
            .then(|| view! { <ShareLink label="The invitation" link on_copy=services.copy /> })
    };
    view! {
        <div class="wide stack">
            <p role="status">{problem} " So there is no token for a guest: an invitation carries your own credential, if you have put one in."</p>
            <p class="soft">"Whoever has it can do here, and at anything else that this credential opens, what you can, until you change the credential there. Nobody can be shut out alone."</p>
            <p class="actions"><button on:click=show>"Make an invitation with my credential"</button></p>
            {live(shown)}
        </div>
    }
}
