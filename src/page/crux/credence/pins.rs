//! The events in the history chart of a crux.

use crate::component::{Pin, PinKind};
use crate::page::{href, short};
use crate::route::Screen;
use cruxboard_domain::ChangeId;
use cruxboard_domain::board::RecordRef;
use cruxboard_domain::date::spelled;
use cruxboard_domain::format::decision_headline;
use cruxboard_domain::record::CruxId;
use cruxboard_session::Session;
use leptos::prelude::*;

/// Returns the events for the history chart: evidence saved, outcomes of triggers, reviews and decisions.
pub(in crate::page) fn pins(session: Session, id: CruxId) -> Signal<Vec<Pin>> {
    Signal::derive(move || {
        let pin = |at: u64, kind: PinKind, words: &str, screen: Screen| Pin {
            at,
            kind,
            text: format!("{}: {}", spelled(session.day_of(at)), short(words, 80)),
            href: href(session, screen),
        };
        session.read([RecordRef::Crux(id), RecordRef::Board], |board| {
            let evidence = board.evidence_on(id).map(|evidence| {
                let words = format!("evidence, {}", evidence.headline());
                let screen = Screen::EvidenceItem(evidence.id);
                pin(evidence.id.0.millis(), PinKind::Evidence, &words, screen)
            });
            let judged = board.triggers_of(id).flat_map(|trigger| {
                trigger.judgements.iter().map(move |judged| {
                    let verdict = judged.verdict.label().to_lowercase();
                    let words = format!("trigger judged {verdict}, {}", trigger.headline());
                    pin(
                        judged.id.millis(),
                        PinKind::Trigger,
                        &words,
                        Screen::Crux(id),
                    )
                })
            });
            let reviews = board.reviews_on(id, ChangeId::MIN).into_iter();
            let reviews =
                reviews.map(|at| pin(at.millis(), PinKind::Review, "review", Screen::Reviews));
            let decisions = board.decisions().map(|decision| {
                let words = format!("decision, {}", decision_headline(board, decision));
                let at = decision.id.0.millis();
                pin(at, PinKind::Decision, &words, Screen::Decisions)
            });
            let pins = evidence.chain(judged).chain(reviews);
            pins.chain(decisions).collect()
        })
    })
}
