//! The screens of a board: each with its case, and the part of its address after the board.

use cruxboard_domain::ChangeId;
use cruxboard_domain::import::clipping::Clipping;
use cruxboard_domain::record::{
    CruxId, Direction, EvidenceId, OptionId, ReviewId, RoundId, TriggerId,
};
use cruxboard_domain::view::{Filter, Sort};

use super::query::{clipping_in, crux_in, pairs, parse_query, spell_clipping, spell_query};

/// A screen of one board.
#[derive(Clone, Debug, PartialEq)]
pub enum Screen {
    /// The list of cruxes, filtered and sorted.
    Cruxes(Filter, Sort),
    /// One crux.
    Crux(CruxId),
    /// The form for a new crux.
    NewCrux,
    /// The list of evidence, filtered.
    Evidence(Filter),
    /// The form for new evidence, optionally on a crux.
    NewEvidence(Option<CruxId>),
    /// The form for new evidence on one side of a crux.
    NewEvidenceOn(CruxId, Direction),
    /// The form for new evidence, optionally on a crux, filled with a shared text or link.
    NewEvidenceFrom(Option<CruxId>, Clipping),
    /// One item of evidence.
    EvidenceItem(EvidenceId),
    /// The list of follow-ups, filtered.
    FollowUps(Filter),
    /// Everything that is due.
    Due,
    /// The changes since a moment (by default the last review) until another (by default now).
    Since(Option<ChangeId>, Option<ChangeId>),
    /// All decisions.
    Decisions,
    /// The form for a decision, optionally one that a trigger calls for.
    Decide(Option<TriggerId>),
    /// All reviews.
    Reviews,
    /// One review.
    Review(ReviewId),
    /// A step of a review about the board as a whole, after its cruxes.
    ReviewStep(ReviewId, ReviewStep),
    /// One crux of a review, full screen.
    Walk(ReviewId, CruxId),
    /// The minutes of a review.
    Minutes(ReviewId),
    /// Outcomes and calibration of credences.
    Scores,
    /// A blind round.
    Round(RoundId),
    /// A part of the analysis.
    Analysis(AnalysisPart),
    /// The board's setup: question, options, people and terms.
    Setup,
    /// The form for a snapshot, optionally of one crux.
    Share(Option<CruxId>),
    /// The form for copying cruxes to another board, optionally with one chosen.
    CopyCruxes(Option<CruxId>),
    /// The form for merging another board into this one.
    MergeBoard,
    /// Import of messages from discussions.
    Reading,
    /// Export and import of tables and files.
    Tables,
    /// The history of changes, and the trash.
    History,
    /// No screen has this address.
    Unknown,
}

impl Screen {
    /// Returns the part of the address after the board.
    pub(super) fn spelled(&self) -> String {
        match self {
            Self::Cruxes(filter, sort) => spell_query(filter, *sort),
            Self::Crux(id) => format!("/crux/{id}"),
            Self::NewCrux => "/crux/new".into(),
            Self::Evidence(filter) => format!("/evidence{}", spell_query(filter, Sort::Own)),
            Self::NewEvidence(None) => "/evidence/new".into(),
            Self::NewEvidence(Some(crux)) => format!("/evidence/new?crux={crux}"),
            Self::NewEvidenceOn(crux, side) => {
                format!("/evidence/new?crux={crux}&side={}", side.key())
            }
            Self::NewEvidenceFrom(crux, clipping) => {
                let crux = crux.map(|crux| ("crux", crux.to_string()));
                format!("/evidence/new{}", spell_clipping(crux, clipping))
            }
            Self::EvidenceItem(id) => format!("/evidence/{id}"),
            Self::FollowUps(filter) => format!("/follow-ups{}", spell_query(filter, Sort::Own)),
            Self::Due => "/due".into(),
            Self::Since(from, to) => {
                let moment = |key: &str, moment: &Option<ChangeId>| {
                    moment.map(|moment| format!("{key}={moment}"))
                };
                let query = [moment("from", from), moment("to", to)];
                let query: Vec<String> = query.into_iter().flatten().collect();
                let mark = if query.is_empty() { "" } else { "?" };
                format!("/changes-since{mark}{}", query.join("&"))
            }
            Self::Decisions => "/decisions".into(),
            Self::Decide(None) => "/decisions/new".into(),
            Self::Decide(Some(trigger)) => format!("/decisions/new?trigger={trigger}"),
            Self::Reviews => "/reviews".into(),
            Self::Review(id) => format!("/review/{id}"),
            Self::ReviewStep(id, step) => format!("/review/{id}/{}", step.key()),
            Self::Walk(id, crux) => format!("/review/{id}/{crux}"),
            Self::Minutes(id) => format!("/review/{id}/minutes"),
            Self::Scores => "/scores".into(),
            Self::Round(id) => format!("/round/{id}"),
            Self::Analysis(part) => match part {
                AnalysisPart::Overview => "/analysis".into(),
                AnalysisPart::Arguments => "/analysis/arguments".into(),
                AnalysisPart::Moves => "/analysis/moves".into(),
                AnalysisPart::Brief(option) => format!("/analysis/{option}"),
            },
            Self::Setup => "/setup".into(),
            Self::Reading => "/reading".into(),
            Self::Tables => "/tables".into(),
            Self::Share(None) => "/share".into(),
            Self::Share(Some(crux)) => format!("/share?crux={crux}"),
            Self::MergeBoard => "/merge".into(),
            Self::CopyCruxes(None) => "/copy".into(),
            Self::CopyCruxes(Some(crux)) => format!("/copy?crux={crux}"),
            Self::History => "/history".into(),
            Self::Unknown => String::new(),
        }
    }

    /// Parses the part of an address after the board; `None` if no screen has it.
    pub(super) fn parse(parts: &[&str], query: &str) -> Option<Self> {
        match parts {
            [] => {
                let (filter, sort) = parse_query(query);
                Some(Self::Cruxes(filter, sort))
            }
            ["crux", "new"] => Some(Self::NewCrux),
            ["crux", id] => id.parse().ok().map(Self::Crux),
            ["evidence"] => Some(Self::Evidence(parse_query(query).0)),
            ["evidence", "new"] => {
                let crux = crux_in(query);
                let side = pairs(query).find(|(key, _)| key == "side");
                let side = side.and_then(|(_, side)| Direction::from_key(&side));
                Some(match (crux, side) {
                    (Some(crux), Some(side)) => Self::NewEvidenceOn(crux, side),
                    (crux, _) => match clipping_in(query) {
                        clipping if clipping.is_empty() => Self::NewEvidence(crux),
                        clipping => Self::NewEvidenceFrom(crux, clipping),
                    },
                })
            }
            ["evidence", id] => id.parse().ok().map(Self::EvidenceItem),
            ["follow-ups"] => Some(Self::FollowUps(parse_query(query).0)),
            ["due"] => Some(Self::Due),
            ["changes-since"] => {
                let moment = |name: &str| {
                    let found = pairs(query).find(|(key, _)| key == name);
                    found.and_then(|(_, moment)| moment.parse().ok())
                };
                Some(Self::Since(moment("from"), moment("to")))
            }
            ["decisions"] => Some(Self::Decisions),
            ["decisions", "new"] => Some(Self::Decide(
                pairs(query)
                    .find(|(key, _)| key == "trigger")
                    .and_then(|(_, id)| id.parse().ok()),
            )),
            ["reviews"] => Some(Self::Reviews),
            ["review", id] => id.parse().ok().map(Self::Review),
            ["review", id, "minutes"] => id.parse().ok().map(Self::Minutes),
            ["review", id, part] => match (id.parse(), ReviewStep::from_key(part), part.parse()) {
                (Ok(id), Some(step), _) => Some(Self::ReviewStep(id, step)),
                (Ok(id), None, Ok(crux)) => Some(Self::Walk(id, crux)),
                _ => None,
            },
            ["scores"] => Some(Self::Scores),
            ["round", id] => id.parse().ok().map(Self::Round),
            ["analysis"] => Some(Self::Analysis(AnalysisPart::Overview)),
            ["analysis", part] => Some(Self::Analysis(match *part {
                "arguments" => AnalysisPart::Arguments,
                "moves" => AnalysisPart::Moves,
                option => AnalysisPart::Brief(option.parse().ok()?),
            })),
            ["setup"] => Some(Self::Setup),
            ["share"] => Some(Self::Share(crux_in(query))),
            ["merge"] => Some(Self::MergeBoard),
            ["copy"] => Some(Self::CopyCruxes(crux_in(query))),
            ["reading"] => Some(Self::Reading),
            ["tables"] => Some(Self::Tables),
            ["history"] => Some(Self::History),
            _ => None,
        }
    }
}

/// A part of the analysis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AnalysisPart {
    /// The value of information, and scenarios.
    Overview,
    /// Holes, and the ledger of arguments.
    Arguments,
    /// Movements: the updates of each person.
    Moves,
    /// The brief of an option: the case for it and against it.
    Brief(OptionId),
}

/// A step of a review after its cruxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewStep {
    /// The outcomes of triggers.
    Triggers,
    /// The decision.
    Decision,
    /// The actions of the decision.
    Actions,
}

impl ReviewStep {
    const ALL: [Self; 3] = [Self::Triggers, Self::Decision, Self::Actions];

    const fn key(self) -> &'static str {
        match self {
            Self::Triggers => "triggers",
            Self::Decision => "decision",
            Self::Actions => "actions",
        }
    }

    fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.key() == key)
    }
}
