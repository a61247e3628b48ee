//! The readers of the brief: when, and up to which change they read.

use chrono::NaiveDate;
use cruxboard_domain::ChangeId;
use cruxboard_domain::board::RecordRef;
use cruxboard_domain::decide::Command;
use cruxboard_domain::limits::limit_of;
use cruxboard_domain::record::{BriefRead, BriefReadEdit, BriefReadId};
use cruxboard_domain::{t, tn};
use leptos::prelude::*;

use crate::component::{
    DateField, DateText, DraftBanner, FieldErrors, TextField, focus_invalid, live,
};
use crate::page::{dispatch_from, href, today};
use crate::route::Screen;
use cruxboard_session::Session;

/// The readers of the brief, and the form for another one.
#[component]
pub(super) fn Readers(session: Session) -> impl IntoView {
    let ids = Memo::new(move |_| {
        session.read(RecordRef::Board, |board| {
            let ids = board.brief_reads().rev().map(|brief_read| brief_read.id.0);
            ids.collect::<Vec<_>>()
        })
    });
    let is_written = |text: &String| !text.is_empty();
    let draft = |field| session.draft(field, ChangeId::MIN, String::new(), is_written);
    let [who, note, on] = ["reader", "reader-note", "reader-day"].map(draft);
    let is_kept = who.with_untracked(is_written) || note.with_untracked(is_written);
    let discard = Callback::new(move |()| {
        for text in [who, note, on] {
            text.set(String::new());
        }
    });
    let day = move || on.with(|on| on.parse::<NaiveDate>().ok());
    let today = today(session);
    let errors = FieldErrors::provide();
    let add = move |event: leptos::ev::MouseEvent| {
        if focus_invalid(&event) {
            return;
        }
        let day = on.with_untracked(|on| on.parse::<NaiveDate>().ok());
        let brief_read = BriefReadEdit {
            who: Some(who.get_untracked()),
            on: Some(day.or(Some(today.get_untracked()))),
            note: Some(note.get_untracked()).filter(|note| !note.is_empty()),
            ..BriefReadEdit::default()
        };
        if dispatch_from(session, errors, Command::NoteBriefSeen(brief_read)) {
            discard.run(());
        }
    };
    view! {
        <section class="panel forms" aria-labelledby="readers-title">
            <h2 id="readers-title">{t!("Who has seen the brief")}</h2>
            <p class="soft">{t!("Markdown and HTML page begin with one line per crux, for colleagues who read only that. Note here who has read it, and what they said.")}</p>
            <DraftBanner is_kept on_discard=discard />
            <div class="fields columns">
                <TextField
                    label=t!("Who")
                    name="name"
                    most=limit_of("who")
                    value=Signal::derive(move || who.get())
                    on_commit=Callback::new(move |name| who.set(name))
                />
                <DateField
                    label=t!("When (empty: today)")
                    value=Signal::derive(day)
                    on_commit=Callback::new(move |day: Option<NaiveDate>| {
                        on.set(day.map(|day| day.to_string()).unwrap_or_default());
                    })
                />
            </div>
            <TextField
                label=t!("What they said")
                value=Signal::derive(move || note.get())
                on_commit=Callback::new(move |words| note.set(words))
            />
            <p class="actions"><button on:click=add>{t!("Add reader")}</button></p>
            <Show when=move || ids.with(Vec::is_empty)>
                <p class="soft">{t!("No readers yet.")}</p>
            </Show>
            <ul class="reading-list readers">
                <For each=move || ids.get() key=|id| *id let(id)>{view_reader(session, id)}</For>
            </ul>
        </section>
    }
}

fn view_reader(session: Session, id: ChangeId) -> AnyView {
    let line = move || {
        let (brief_read, later) = session.read_all(|board| {
            let brief_read = board.brief_read(BriefReadId(id))?;
            let through = brief_read.through.unwrap_or(id);
            Some((BriefRead::clone(brief_read), board.changes_after(through)))
        })?;
        let since = Screen::Since(brief_read.through, None);
        let later = match later {
            0 => view! { <span class="soft">{t!("the board as it is now")}</span> }.into_any(),
            count => {
                let changes = tn!(count, "{count} change since", "{count} changes since");
                view! { <a href=href(session, since)>{changes}</a> }.into_any()
            }
        };
        let day = brief_read
            .on
            .map(|day| view! { <DateText day today=today(session) /> " · " });
        let note =
            (!brief_read.note.is_empty()).then(|| view! { <p>{brief_read.note.clone()}</p> });
        Some(view! {
            <p><b>{brief_read.who.clone()}</b> " · " {day} {later}</p>
            {note}
        })
    };
    let remove = move |_| {
        session.dispatch(Command::Trash(id));
    };
    let name = session.read_untracked(|board| {
        let brief_read = board.brief_read(BriefReadId(id));
        brief_read.map(|brief_read| t!("Remove {name}", name = brief_read.who))
    });
    view! {
        <li>
            <div>{live(line)}</div>
            <button class="quiet" aria-label=name.unwrap_or_default() on:click=remove>{t!("Remove")}</button>
        </li>
    }
    .into_any()
}
