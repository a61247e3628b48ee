//! The notices about actions and faults.

use crate::component::{Later, live, reserve_room, uncover_focused};
use cruxboard_domain::t;
use cruxboard_session::{NoticeKind, Session};
use leptos::ev;
use leptos::prelude::*;

/// The notices about actions and faults, with a button for undo.
#[component]
pub fn NoticeBar(session: Session) -> impl IntoView {
    let later = Later::from_context();
    let element = NodeRef::<leptos::html::Div>::new();
    let make_room = move || {
        if let Some(notices) = element.get_untracked() {
            reserve_room(&notices);
        }
    };
    let scrolled = window_event_listener(ev::scroll, move |_| make_room());
    on_cleanup(move || scrolled.remove());
    // Notices are short-lived. Undo stays in the masthead, and lasting problems are shown at their place.
    Effect::new(move |timed: Option<u32>| {
        let timed = timed.unwrap_or_default();
        let shown = session.notices.shown();
        later.run(0, make_room);
        for notice in shown.iter().filter(|notice| notice.id > timed) {
            let id = notice.id;
            match notice.stays_millis() {
                Some(stays) => later.run(stays, move || session.notices.dismiss(id)),
                // An error stays, so it must not cover the field that it is about.
                None => later.run(0, move || {
                    if let Some(notices) = element.get_untracked() {
                        uncover_focused(&notices);
                    }
                }),
            }
        }
        shown.iter().map(|notice| notice.id).fold(timed, u32::max)
    });
    let notices = move || {
        let shown = session.notices.shown().into_iter().map(|notice| {
            let class = match notice.kind {
                NoticeKind::Done | NoticeKind::Told => "notice",
                NoticeKind::Refused => "notice refused",
                NoticeKind::Failed | NoticeKind::Problem => "notice problem",
            };
            let can_undo = notice.kind == NoticeKind::Done;
            view! {
                <div class=class>
                    <span>{notice.text}</span>
                    {can_undo.then(|| view! {
                        <button class="quiet" on:click=move |_| take_back(session, notice.id)>{notice.reverse}</button>
                    })}
                    <button
                        class="quiet"
                        aria-label=t!("notice" => "Dismiss")
                        on:click=move |_| session.notices.dismiss(notice.id)
                    >
                        "×"
                    </button>
                </div>
            }
        });
        shown.collect_view()
    };
    view! { <div class="notices" aria-live="polite" node_ref=element>{live(notices)}</div> }
}

fn take_back(session: Session, notice: u32) {
    match session.notices.way_back(notice) {
        Some(take_back) => {
            session.notices.dismiss(notice);
            take_back();
        }
        None => session.undo(),
    }
}
