use cruxboard_domain::board::RecordRef;
use cruxboard_domain::record::{CruxId, FollowUpId};
use cruxboard_domain::t;
use leptos::prelude::*;

use super::Remembered;
use crate::page::follow_ups::{FollowUpCard, NewFollowUp};
use cruxboard_session::Session;

/// The follow-ups of the crux.
#[component]
pub(super) fn FollowUpPanel(session: Session, id: CruxId) -> impl IntoView {
    let ids = Memo::new(move |_| {
        session.read(RecordRef::Crux(id), |board| {
            board
                .follow_ups_on(id)
                .map(|follow_up| follow_up.id.0)
                .collect::<Vec<_>>()
        })
    });
    view! {
        <section class="panel" aria-labelledby="follow-ups-title">
            <h2 id="follow-ups-title">{t!("Follow-ups")}</h2>
            <Show when=move || ids.with(Vec::is_empty)>
                <p class="soft">{t!("No follow-ups on this crux.")}</p>
            </Show>
            <For each=move || ids.get() key=|id| *id let(follow_up)><FollowUpCard session id=FollowUpId(follow_up) /></For>
            <Remembered name="new-follow-up" title=t!("Add a follow-up")>
                <NewFollowUp session crux=Some(id) />
            </Remembered>
        </section>
    }
}
