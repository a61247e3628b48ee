use std::cmp::Reverse;

use cruxboard_domain::board::RecordRef;
use cruxboard_domain::order::sort_by_key;
use cruxboard_domain::record::CruxId;

use crate::page::changes::ChangeList;
use crate::prelude::*;
use crate::session::Session;

/// Every change of the crux and of what belongs to it, latest first.
#[component]
pub(super) fn CruxLog(session: Session, id: CruxId) -> impl IntoView {
    let changes = Signal::derive(move || {
        session.follow(RecordRef::Crux(id));
        session.with(|board| {
            let records = std::iter::once(id.0)
                .chain(board.triggers_of(id).map(|trigger| trigger.id.0))
                .chain(board.positions_on(id).map(|position| position.id.0))
                .chain(
                    board
                        .statements_on(id)
                        .into_iter()
                        .map(|statement| statement.id.0),
                );
            let mut ids: Vec<_> = records
                .flat_map(|record| board.history(record).map(|(change, _)| change.id))
                .collect();
            sort_by_key(&mut ids, |id| Reverse(*id));
            ids
        })
    });
    view! { <ChangeList session changes /> }
}
