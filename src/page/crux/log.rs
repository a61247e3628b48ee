use std::cmp::Reverse;

use cruxboard_domain::board::RecordRef;
use cruxboard_domain::change::Payload;
use cruxboard_domain::record::{CruxId, StatementId};

use crate::page::changes::ChangeList;
use cruxboard_session::Session;
use leptos::prelude::*;

/// The changes of the crux and of the records that belong to it, latest first.
#[component]
pub(super) fn CruxLog(session: Session, id: CruxId) -> impl IntoView {
    let changes = Signal::derive(move || {
        session.read(RecordRef::Crux(id), |board| {
            let records = std::iter::once(id.0)
                .chain(board.triggers_of(id).map(|trigger| trigger.id.0))
                .chain(board.positions_on(id).map(|position| position.id.0))
                .chain(board.statements_ever(id).filter(|said| {
                    let said = board.statement(StatementId(*said));
                    said.is_some_and(|said| said.trashed.is_none())
                }));
            let records = records.chain(board.follow_ups_on(id).map(|follow_up| follow_up.id.0));
            // For an item of evidence, only its weight on this crux: its other changes are in its own
            // history.
            let weighings = board.evidence_on(id).flat_map(|evidence| {
                board.history(evidence.id.0).filter(
                    |(change, _)| matches!(&change.payload, Payload::EvidenceWeighed(weighed) if weighed.crux == id),
                )
            });
            let changes = records.flat_map(|record| board.history(record)).chain(weighings);
            let mut ids: Vec<_> = changes.map(|(change, _)| change.id).collect();
            ids.sort_by_key(|id| Reverse(*id));
            ids
        })
    });
    view! { <ChangeList session changes /> }
}
