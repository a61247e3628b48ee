//! Items of evidence in words.

use crate::VagueDate;
use crate::record::{CruxId, Evidence, EvidenceId, Record};
use crate::t;
use crate::text::joined;
use crate::translation::in_sentence;

/// One item of evidence on one crux, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct EvidenceReading {
    /// The item's text.
    pub headline: String,
    /// Weight, kind, source and date.
    pub meta: String,
    /// The source's own words, if they differ from the text.
    pub quote: String,
    /// The link.
    pub url: String,
}

/// Describes an item of evidence on a crux.
pub(super) fn item(evidence: &Record<EvidenceId, Evidence>, crux: CruxId) -> EvidenceReading {
    let strength = evidence.bears_on.get(&crux).map(|how| how.strength.label());
    let rivals = evidence.rivals.iter().map(|rival| {
        let weight = match rival.weight.as_str() {
            "" => String::new(),
            weight => format!(" ({weight})"),
        };
        t!(
            "or else: {explanation}",
            explanation = format!("{}{weight}", rival.text)
        )
    });
    let mut parts = vec![
        strength.unwrap_or_default().to_owned(),
        evidence
            .kind
            .map(|kind| in_sentence(kind.label()))
            .unwrap_or_default(),
        joined(&[evidence.source.clone(), evidence.message.clone()], ", "),
        match evidence.event_date {
            VagueDate::Unknown => String::new(),
            date => date.spelled(),
        },
        if evidence.not_in_hand {
            t!("not obtained").into()
        } else {
            String::new()
        },
    ];
    parts.extend(rivals);
    parts.extend(
        evidence
            .exceptions
            .iter()
            .map(|exception| t!("except: {exception}", exception)),
    );
    EvidenceReading {
        headline: evidence.headline().to_owned(),
        meta: joined(&parts, " · "),
        quote: if evidence.text.is_empty() {
            String::new()
        } else {
            evidence.quote.clone()
        },
        url: evidence.url.clone(),
    }
}
