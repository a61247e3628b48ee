//! The events in the history chart of a crux.

use crate::component::{Pin, PinKind};
use crate::page::{href, short};
use crate::route::Screen;
use cruxboard_domain::board::RecordRef;
use cruxboard_domain::date::spelled;
use cruxboard_domain::format::decision_headline;
use cruxboard_domain::record::{CruxId, Verdict};
use cruxboard_domain::t;
use cruxboard_domain::{ChangeId, Millis};
use cruxboard_session::Session;
use leptos::prelude::*;

/// Returns the events for the history chart: evidence saved, outcomes of triggers, reviews and decisions.
pub(in crate::page) fn pins(session: Session, id: CruxId) -> Signal<Vec<Pin>> {
    Signal::derive(move || {
        let pin = |at: Millis, kind: PinKind, words: &str, screen: Screen| Pin {
            at,
            kind,
            text: format!("{}: {}", spelled(session.day_of(at)), short(words, 80)),
            href: href(session, screen),
        };
        session.read([RecordRef::Crux(id), RecordRef::Board], |board| {
            let evidence = board.evidence_on(id).map(|evidence| {
                let words = t!("evidence, {name}", name = evidence.headline());
                let screen = Screen::EvidenceItem(evidence.id);
                pin(evidence.id.0.millis(), PinKind::Evidence, &words, screen)
            });
            let judged = board.triggers_of(id).flat_map(|trigger| {
                trigger.judgements.iter().map(move |judged| {
                    let words = judged_words(judged.verdict, &trigger.headline());
                    pin(
                        judged.id.millis(),
                        PinKind::Trigger,
                        &words,
                        Screen::Crux(id),
                    )
                })
            });
            let reviews = board.reviews_on(id, ChangeId::MIN).into_iter();
            let reviews = reviews.map(|at| {
                pin(
                    at.millis(),
                    PinKind::Review,
                    t!("a meeting" => "review"),
                    Screen::Reviews,
                )
            });
            let decisions = board.decisions().map(|decision| {
                let words = t!(
                    "decision, {name}",
                    name = decision_headline(board, decision)
                );
                let at = decision.id.0.millis();
                pin(at, PinKind::Decision, &words, Screen::Decisions)
            });
            let pins = evidence.chain(judged).chain(reviews);
            pins.chain(decisions).collect()
        })
    })
}

fn judged_words(verdict: Verdict, name: &str) -> String {
    match verdict {
        Verdict::Met => t!("trigger judged met, {name}", name),
        Verdict::NotMet => t!("trigger judged not met, {name}", name),
        Verdict::Near => t!("trigger judged near, {name}", name),
        Verdict::Void => t!("trigger judged void, {name}", name),
        Verdict::Disputed => t!("trigger judged disputed, {name}", name),
        Verdict::Open => t!("trigger reopened, {name}", name),
    }
}
