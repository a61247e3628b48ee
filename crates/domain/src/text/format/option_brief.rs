//! A brief of one page on an option: the case for it and the case against, in plain sentences.

use super::{Holder, short};
use crate::Credence;
use crate::board::Board;
use crate::crux_value::{descending, levels};
use crate::date::Viewpoint;
use crate::estimate::{Estimate, estimate};
use crate::percent::rounded_apart;
use crate::pointing::Ends;
use crate::record::{
    Crux, CruxId, Direction, Evidence, EvidenceId, Importance, OptionId, Record, Stage, Strength,
    TriggerId,
};
use crate::status::decision_words;
use crate::trigger_state::{TriggerState, trigger_state};
use crate::what_if::{Assumed, option_models};
use crate::{t, tn};

/// Maximum number of points of a case, so that both fit on one page. Important ones are never left out.
const MOST_POINTS: usize = 5;
/// Maximum number of triggers.
const MOST_TRIGGERS: usize = 4;

/// One point of a case.
#[derive(Clone, Debug, PartialEq)]
pub struct BriefPoint {
    /// The crux.
    pub crux: CruxId,
    /// The point in a sentence or two.
    pub text: String,
    /// The strongest item of evidence on the point's side, with its headline.
    pub evidence: Option<(EvidenceId, String)>,
}

/// The case for one option and against it.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionBrief {
    /// The standing decision and the standing of the option, one sentence each.
    pub standing: Vec<String>,
    /// The points for the option, those that matter most first.
    pub case_for: Vec<BriefPoint>,
    /// The points against the option, those that matter most first.
    pub case_against: Vec<BriefPoint>,
    /// The important cruxes that bear on it and have no credence that counts, so that they are on no side.
    pub undecided: Vec<BriefPoint>,
    /// Number of further cruxes that bear on it: too weak for the page, or without credences.
    pub left_out: usize,
    /// The triggers towards the option, each with its crux and one sentence.
    pub triggers: Vec<(CruxId, String)>,
}

/// A point with its place among the others.
struct Weighed {
    /// Level value of information for the group, in percentage points; `None` if it is not known.
    level: Option<f64>,
    importance: Option<Importance>,
    /// The distance from 50%, from 0 to 0.5.
    certainty: f64,
    is_for: bool,
    point: BriefPoint,
}

impl Weighed {
    fn is_important(&self) -> bool {
        is_important(self.importance)
    }
}

/// Returns whether a crux is marked as important for the decision.
const fn is_important(importance: Option<Importance>) -> bool {
    matches!(importance, Some(Importance::Critical | Importance::High))
}

/// Sorts points by how much they matter: by value of information where it is known, then by importance, then
/// by distance from 50%.
fn sort(points: &mut [Weighed]) {
    let unimportant = |point: &Weighed| {
        let importance = point.importance;
        importance.map_or(u8::MAX, |importance| importance as u8)
    };
    points.sort_by(|one, other| {
        descending(one.level, other.level)
            .then_with(|| unimportant(one).cmp(&unimportant(other)))
            .then_with(|| other.certainty.total_cmp(&one.certainty))
    });
}

/// Returns the brief of an option at a viewpoint.
#[must_use]
pub fn option_brief(
    board: &Board,
    option: OptionId,
    viewpoint: impl Into<Viewpoint>,
) -> OptionBrief {
    let viewpoint = viewpoint.into();
    let levels = levels(board, option, viewpoint);
    let (mut points, mut undecided) = (Vec::new(), Vec::new());
    let mut left_out = 0;
    for crux in board.cruxes() {
        let ends = Ends::of(board, crux);
        let speaks_if = match option {
            one if ends.if_true == Some(one) => true,
            one if ends.if_false == Some(one) => false,
            _ => continue,
        };
        if crux.stage() == Stage::Retired {
            continue;
        }
        let level = levels.get(&crux.id).copied();
        match point(board, crux, speaks_if, level, viewpoint) {
            Some(found) => points.push(found),
            None if is_important(crux.importance) => {
                undecided.push((crux.importance, undecided_point(board, crux)));
            }
            None => left_out += 1,
        }
    }
    sort(&mut points);
    undecided.sort_by_key(|(importance, _)| importance.map(|it| it as u8));
    let (case_for, case_against): (Vec<_>, Vec<_>) = points.into_iter().partition(|it| it.is_for);
    let mut cut = |case: Vec<Weighed>| {
        let mut kept = Vec::new();
        for (place, found) in case.into_iter().enumerate() {
            if place < MOST_POINTS || found.is_important() {
                kept.push(found.point);
            } else {
                left_out += 1;
            }
        }
        kept
    };
    let (case_for, case_against) = (cut(case_for), cut(case_against));
    OptionBrief {
        standing: standing(board, option, viewpoint),
        case_for,
        case_against,
        undecided: undecided.into_iter().map(|(_, point)| point).collect(),
        left_out,
        triggers: triggers(board, option, viewpoint),
    }
}

/// Returns the point of a crux that has no credence that counts.
fn undecided_point(board: &Board, crux: &Record<CruxId, Crux>) -> BriefPoint {
    let text = match board.statements_on(crux.id).is_empty() {
        true => t!(
            "Nobody has said yet how likely it is that {claim}.",
            claim = crux.clause()
        ),
        false => t!(
            "No present credence says how likely it is that {claim}.",
            claim = crux.clause()
        ),
    };
    BriefPoint {
        crux: crux.id,
        text,
        evidence: None,
    }
}

/// Returns the point of a crux. `None` if nobody has stated a credence that counts.
fn point(
    board: &Board,
    crux: &Record<CruxId, Crux>,
    speaks_if: bool,
    level: Option<f64>,
    viewpoint: Viewpoint,
) -> Option<Weighed> {
    let views = board.current_views(crux.id, viewpoint.now.millis);
    let group = estimate(board, &views, viewpoint.with_stale);
    let chance = match crux.stage() {
        Stage::SettledTrue => 1.0,
        Stage::SettledFalse => 0.0,
        _ => group?.aggregate.percent() / 100.0,
    };
    let is_likely = chance >= 0.5;
    let mut text = match crux.stage() {
        Stage::SettledTrue => t!("It is settled that {claim}.", claim = crux.clause()),
        Stage::SettledFalse => t!(
            "It is settled that this is false: {claim}.",
            claim = crux.clause()
        ),
        _ => {
            let holder = Holder::of(board, viewpoint.now.millis);
            likely_words(crux, group?, &holder)
        }
    };
    let one_liner = crux.one_liner.trim();
    if !one_liner.is_empty() && is_likely {
        text = format!("{text} {one_liner}");
    }
    let side = if is_likely {
        Direction::For
    } else {
        Direction::Against
    };
    let evidence = strongest(board, crux.id, side)
        .map(|item| (item.id, short(item.headline(), 140).into_owned()));
    let point = BriefPoint {
        crux: crux.id,
        text,
        evidence,
    };
    Some(Weighed {
        level,
        importance: crux.importance,
        certainty: (chance - 0.5).abs(),
        is_for: is_likely == speaks_if,
        point,
    })
}

/// Describes a credence: "The group finds it 22% likely that the harm gets worse (3 people, 15% to 35%)."
fn likely_words(crux: &Crux, group: Estimate, holder: &Holder) -> String {
    let (credence, claim) = (group.aggregate.rounded(&[]), crux.clause());
    let (name, range) = (holder.first(), range_words(group));
    match (group.aggregate < Credence::HALF, holder.is_one_person()) {
        (true, true) => t!(
            "{name} finds it only {credence} likely that {claim}.",
            name,
            credence,
            claim
        ),
        (false, true) => t!(
            "{name} finds it {credence} likely that {claim}.",
            name,
            credence,
            claim
        ),
        (true, false) => t!(
            "{name} finds it only {credence} likely that {claim} ({range}).",
            name,
            credence,
            claim,
            range
        ),
        (false, false) => t!(
            "{name} finds it {credence} likely that {claim} ({range}).",
            name,
            credence,
            claim,
            range
        ),
    }
}

/// Describes the range: "3 people, 15% to 35%".
fn range_words(group: Estimate) -> String {
    let people = tn!(group.count, "{count} person", "{count} people");
    if group.count < 2 || group.low == group.high {
        return people;
    }
    let (low, high) = rounded_apart(group.low, group.high, &[]);
    t!("{people}, {low} to {high}", people, low, high)
}

/// Returns the strongest item on one side of a crux; in a tie, the newest.
fn strongest(
    board: &Board,
    crux: CruxId,
    side: Direction,
) -> Option<&Record<EvidenceId, Evidence>> {
    let weight = |item: &&Record<EvidenceId, Evidence>| {
        let bears_on = item.bears_on.get(&crux)?;
        (bears_on.direction == side).then_some(match bears_on.strength {
            Strength::Slight => 1,
            Strength::Moderate => 2,
            Strength::Strong => 3,
        })
    };
    let items = board
        .evidence_on(crux)
        .filter(|item| weight(item).is_some());
    items.max_by_key(|item| (weight(item), item.id))
}

fn standing(board: &Board, option: OptionId, viewpoint: Viewpoint) -> Vec<String> {
    let mut found = vec![match decision_words(board) {
        Some(decision) => t!(
            "Decided: {decision}.",
            decision = decision.trim_end_matches('.')
        ),
        None => t!("Nothing has been decided yet.").to_owned(),
    }];
    let models = option_models(board, viewpoint);
    let model = models.iter().find(|model| model.option == option);
    let held = model.and_then(|model| Some((model.of_group(&Assumed::new())?, model.people())));
    if let Some((credence, people)) = held {
        let holder = Holder::of(board, viewpoint.now.millis);
        let (name, credence) = (holder.first(), credence.rounded(&[]));
        found.push(match holder.is_one_person() {
            true => t!(
                "{name} finds it {credence} likely that it is right.",
                name,
                credence
            ),
            false => tn!(
                people,
                "{name} finds it {credence} likely that it is right ({count} person).",
                "{name} finds it {credence} likely that it is right ({count} people).",
                name,
                credence
            ),
        });
    }
    found
}

/// Returns the triggers towards an option that are met or armed, met ones first.
fn triggers(board: &Board, option: OptionId, viewpoint: Viewpoint) -> Vec<(CruxId, String)> {
    let holder = Holder::of(board, viewpoint.now.millis);
    let towards = board
        .triggers()
        .filter(|trigger| trigger.toward == Some(option));
    let mut found: Vec<(TriggerState, TriggerId, CruxId, String)> = towards
        .filter_map(|trigger| {
            let state = trigger_state(board, trigger, viewpoint);
            let headline = trigger.headline();
            let headline = short(headline.trim_end_matches('.'), 180);
            let what = headline.trim_end_matches('…');
            let end = if what == headline { "." } else { "…" };
            let what = format!("{what}{end}");
            let what = match trigger.rule {
                Some(_) if holder.is_one_person() => {
                    t!(
                        "{name}’s credence, {rule}",
                        name = holder.name(),
                        rule = what
                    )
                }
                Some(_) => t!("the group’s credence, {rule}", rule = what),
                None => what,
            };
            let words = match state {
                TriggerState::Met => t!("Met: {what}", what),
                TriggerState::Near => t!("Nearly met: {what}", what),
                TriggerState::Armed => t!("Not met yet: {what}", what),
                _ => return None,
            };
            Some((state, trigger.id, trigger.crux, words))
        })
        .collect();
    let rank = |state: TriggerState| match state {
        TriggerState::Met => 0,
        TriggerState::Near => 1,
        _ => 2,
    };
    found.sort_by_key(|(state, id, ..)| (rank(*state), *id));
    found.truncate(MOST_TRIGGERS);
    let words = found.into_iter().map(|(.., crux, words)| (crux, words));
    words.collect()
}
