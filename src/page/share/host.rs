//! A short link to an encrypted snapshot on a server. The key stays in the link.

use cruxboard_domain::snapshot::Taken;
use cruxboard_domain::snapshot::file::SnapshotFile;
use cruxboard_domain::snapshot::link::{Parcel, fold};
use cruxboard_domain::t;
use cruxboard_session::ports::PortError;
use leptos::prelude::*;

use crate::component::{Choice, ShareLink, live};
use crate::page::sync::{Asked, SPANS, choices, until};
use crate::page::{Services, href};
use crate::route::Screen;
use crate::t_view;
use cruxboard_session::ports::{Exchange, Sealing};
use cruxboard_session::{ServerWish, Session};

/// The section that stores a snapshot on the board's server.
#[component]
pub(super) fn Host(session: Session, taken: Signal<Taken>) -> impl IntoView {
    let is_connected = move || session.sync.address.with(Option::is_some);
    let fallback = move || {
        let link = view! { <a href=href(session, Screen::Setup)>{t!("Connect it in Setup")}</a> };
        let words = t_view!(
            "Needs a board on a Cruxboard server. {link}, or take the link or file above.",
            link,
        );
        view! { <p>{words}</p> }.into_any()
    };
    view! {
        <section class="panel forms" aria-labelledby="host-title">
            <h2 id="host-title">{t!("A short link, through your server")}</h2>
            <p class="soft">{t!("The snapshot is encrypted in your browser. The server stores it and cannot read it: the key is in the part of the link that browsers never send. It expires by itself, and you can revoke it earlier.")}</p>
            <Show when=is_connected fallback>
                <Hosting session taken />
            </Show>
        </section>
    }
}

#[component]
fn Hosting(session: Session, taken: Signal<Taken>) -> impl IntoView {
    let exchange = Exchange::from_context();
    let services = Services::from_context();
    let asked = Asked::new();
    asked.ask(services, ServerWish::Snapshots);
    let days = RwSignal::new("30".to_owned());
    let make = move |_| {
        let (content, title) =
            taken.with_untracked(|taken| (fold(&taken.snapshot), taken.snapshot.reading().name));
        let days = days.get_untracked().parse().unwrap_or(30);
        asked.problem.set(String::new());
        asked.is_waiting.set(true);
        let done = move |sealed: Result<(Parcel, String), PortError>| match sealed {
            _ if asked.is_waiting.try_get_untracked().is_none() => {}
            Ok((parcel, key)) => asked.ask(
                services,
                ServerWish::Host {
                    title,
                    sealed: SnapshotFile::sealed(&parcel),
                    key,
                    days,
                },
            ),
            Err(why) => {
                asked.is_waiting.set(false);
                asked.problem.set(why.to_string());
            }
        };
        (exchange.seal)(Sealing {
            content,
            passphrase: None,
            done: Box::new(done),
        });
    };
    let made = move || {
        let link = asked.link();
        (!link.is_empty()).then(
            || view! { <ShareLink label=t!("Short link") link on_copy=services.files.copy /> },
        )
    };
    let form = move || {
        view! {
            <Choice
                label=t!("Kept for")
                options=Signal::stored(choices(SPANS))
                value=days
                on_commit=Callback::new(move |chosen| days.set(chosen))
                none=""
            />
            <p class="actions">
                <button class="primary" aria-disabled=move || asked.is_waiting.get().to_string() on:click=make>{t!("Make a short link")}</button>
                <span role="status">{live(move || if asked.is_waiting.get() { t!("Asking the server…") } else { "" })}</span>
            </p>
            <div class="stack" aria-live="polite">{live(made)}</div>
            {live(move || hosted(session, asked, services))}
        }
        .into_any()
    };
    view! {
        <p class="problem" role="alert">{asked.problem}</p>
        <Show
            when=move || asked.answer.with(Option::is_some)
            fallback=move || view! { <p class="soft">{live(move || if asked.is_waiting.get() { t!("Asking the server…") } else { "" })}</p> }
        >
            {form()}
        </Show>
    }
}

/// Renders the snapshots that this browser's credential has stored there.
fn hosted(session: Session, asked: Asked, services: Services) -> AnyView {
    let now = session.now.get();
    let kept = asked.answer.get().unwrap_or_default().kept;
    if kept.is_empty() {
        return view! { <p class="soft">{t!("No short links.")}</p> }.into_any();
    }
    let rows = kept.into_iter().map(|one| {
        let name = if one.name.is_empty() { t!("Made in another browser").to_owned() } else { one.name.clone() };
        let until = until(&one, now);
        let label = t!("Take back {name}", name);
        let link = one.link.clone();
        let has_link = !link.is_empty();
        let copy_label = t!("Copy the link of {name}", name);
        let copy = move |_| services.files.copy.run(link.clone());
        let take_back = move |_| asked.ask(services, ServerWish::TakeBack(one.id.clone()));
        view! {
            <tr>
                <td>{name}</td>
                <td>{one.what.clone()} ", " {until}</td>
                <td>
                    {has_link.then(|| view! { <button class="quiet" aria-label=copy_label on:click=copy>{t!("Copy")}</button> })}
                    <button class="quiet" aria-label=label on:click=take_back>{t!("Take back")}</button>
                </td>
            </tr>
        }
    });
    view! {
        <table class="kept">
            <caption>{t!("Short links")}</caption>
            <thead>
                <tr><th>{t!("Snapshot")}</th><th>{t!("Kept")}</th><th><span class="visually-hidden">{t!("Copy or take back")}</span></th></tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
    .into_any()
}
