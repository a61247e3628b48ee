//! The minutes of a review, to read, copy, download or print.

use crate::prelude::*;
use cruxboard_domain::board::RecordRef;
use cruxboard_domain::minutes::{Audience, minutes};
use cruxboard_domain::record::MeetingId;

use super::Gone;
use crate::component::{Choice, Show, live};
use crate::page::{FileSort, Outside, href, word_choices};
use crate::route::Screen;
use crate::session::Session;

/// The minutes of one review.
#[component]
pub fn MinutesPage(session: Session, id: MeetingId) -> impl IntoView {
    let outside = Outside::from_context();
    let audience = RwSignal::new(Audience::Internal);
    let text = Memo::new(move |_| {
        session.follow_all();
        let (audience, now) = (audience.get(), session.now.get());
        session.with(|board| {
            let meeting = board.meeting(id)?;
            Some(minutes(board, meeting, audience, now))
        })
    });
    let is_there = Memo::new(move |_| {
        session.follow(RecordRef::Board);
        text.with(Option::is_some)
    });
    let file = move |_| {
        let name = format!("minutes-{}", id.0.day());
        let text = text.get_untracked().unwrap_or_default();
        outside.save.run((name, FileSort::Markdown, text));
    };
    let copy = move |_| outside.copy.run(text.get_untracked().unwrap_or_default());
    let on_audience = Callback::new(move |key: String| {
        audience.set(Audience::from_key(&key).unwrap_or(Audience::Internal));
    });
    view! {
        <div class="page narrow">
            <Show when=move || is_there.get() fallback=move || view! { <Gone session /> }>
                <div class="actions minutes-head">
                    <Choice label="For" options=Signal::stored(word_choices!(Audience)) value=Signal::derive(move || audience.get().key().to_owned()) on_commit=on_audience none="" />
                    <button class="primary" on:click=copy>"Copy"</button>
                    <button on:click=file>"Download"</button>
                    <button on:click=move |_| outside.print.run(())>"Print"</button>
                    <a class="button" href=href(session, Screen::Review(id))>"Back to the review"</a>
                </div>
                <article class="minutes">{live(move || view_markdown(&text.get().unwrap_or_default()))}</article>
            </Show>
        </div>
    }
}

/// The few marks that minutes use, as elements; everything else stays text.
fn view_markdown(text: &str) -> Vec<AnyView> {
    let plain = |text: &str| {
        let mut plain = String::new();
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            plain.push(if letter == '\\' {
                letters.next().unwrap_or(letter)
            } else {
                letter
            });
        }
        plain
    };
    text.lines()
        .filter(|line| !line.is_empty())
        .map(|line| {
            if let Some(title) = line.strip_prefix("# ") {
                view! { <h1>{plain(title)}</h1> }.into_any()
            } else if let Some(title) = line.strip_prefix("## ") {
                view! { <h2>{plain(title)}</h2> }.into_any()
            } else if let Some(title) = line.strip_prefix("### ") {
                view! { <h3>{plain(title)}</h3> }.into_any()
            } else if let Some(item) = line.strip_prefix("- ") {
                view! { <p class="item">{plain(item)}</p> }.into_any()
            } else {
                view! { <p>{plain(line)}</p> }.into_any()
            }
        })
        .collect()
}
