//! The form for a snapshot: its content, its readers, what is withheld, and its form.

mod aliases;
mod content;
mod host;
mod link_and_files;
mod pictures;
mod readers;
mod withheld;

use std::collections::BTreeSet;

use cruxboard_domain::ChangeId;
use cruxboard_domain::record::CruxId;
use cruxboard_domain::snapshot::reading::Reading;
use cruxboard_domain::snapshot::{SnapshotRequest, take};
use cruxboard_domain::t;
use leptos::prelude::*;

use self::aliases::Aliases;
use self::content::Wishes;
use self::host::Host;
use self::link_and_files::Forms;
use self::pictures::Pictures;
use self::readers::Readers;
use self::withheld::Withholds;
use super::href;
use crate::component::{DraftBanner, ReadingView, live};
use crate::route::Screen;
use cruxboard_session::Session;
use cruxboard_session::ports::Exchange;

/// The screen with the form for a snapshot.
#[component]
pub fn SharePage(session: Session, crux: Option<CruxId>) -> impl IntoView {
    let about = crux.map_or(ChangeId::MIN, |crux| crux.0);
    let is_written = |text: &String| !text.is_empty();
    let draft = |field| session.draft(field, about, String::new(), is_written);
    let (title, note) = (draft("snapshot-title"), draft("snapshot-note"));
    let is_kept = title.with_untracked(is_written) || note.with_untracked(is_written);
    let wish = RwSignal::new(SnapshotRequest {
        cruxes: crux.map(|crux| BTreeSet::from([crux])),
        title: title.get_untracked(),
        note: note.get_untracked(),
        ..SnapshotRequest::default()
    });
    let put_title = Callback::new(move |text: String| title.set(text));
    let put_note = Callback::new(move |text: String| note.set(text));
    // A discarded draft that is restored is written without the fields.
    Effect::new(move |_| {
        let (title, note) = (title.get(), note.get());
        let is_other = wish.with_untracked(|wish| wish.title != title || wish.note != note);
        if is_other {
            wish.update(|wish| {
                wish.title = title;
                wish.note = note;
            });
        }
    });
    let discard = Callback::new(move |()| {
        put_title.run(String::new());
        put_note.run(String::new());
    });
    // Recomputed with every change, so comparing it would be useless.
    let taking = move || {
        let now = session.now.get().millis;
        let mut wish = wish.get();
        wish.made_by = session.me.get();
        wish.with_stale = session.with_stale.get();
        let id = session.open.get().unwrap_or_default();
        session.read_all(|board| take(board, id, &wish, now))
    };
    let taken = Memo::new_with_compare(move |_| taking(), |_, _| true);
    let exchange = Exchange::from_context();
    let preview = RwSignal::new(None::<Reading>);
    Effect::new(move |_| {
        taken.track();
        // The link is shown first: rendering all of a large board takes longer than packing it.
        (exchange.soon)(Box::new(move || {
            if let Some(reading) = taken.try_with_untracked(|taken| taken.snapshot.reading()) {
                preview.set(Some(reading));
            }
        }));
    });
    view! {
        <div class="page">
            <h1>{t!("Share a snapshot")}</h1>
            <p class="lead">
                {t!("A frozen, dated copy for readers without an account. It is made in your browser; nothing is sent anywhere unless you make a short link, which is encrypted. Everybody who has the link or file can read it, and it cannot be recalled.")}
            </p>
            <p><a href=href(session, Screen::Tables)>{t!("Export / import")}</a></p>
            <div class="share">
                <div class="share-form">
                    <DraftBanner is_kept on_discard=discard />
                    <Wishes session wish put_title put_note />
                    <Show when=move || wish.with(|wish| wish.aliases)>
                        <Aliases taken=taken.into() wish />
                    </Show>
                    <Withholds taken=taken.into() />
                    <Forms taken=taken.into() />
                    <Host session taken=taken.into() />
                    <Pictures taken=taken.into() />
                    <Readers session />
                </div>
                <section class="share-preview" aria-labelledby="preview-title">
                    <h2 id="preview-title">{t!("What readers will see")}</h2>
                    {live(move || {
                        preview.get().map(|reading| {
                            let name = reading.name.clone();
                            view! { <p class="preview-name">{name}</p><ReadingView reading /> }
                        })
                    })}
                </section>
            </div>
        </div>
    }
}
