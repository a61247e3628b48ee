//! Which cruxes of a board are shown, and in which order: facets, search and sorting.

mod items;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use crate::board::Board;
use crate::completeness::lacks;
use crate::date::{Now, Viewpoint};
use crate::estimate::estimate;
use crate::record::{
    Crux, CruxId, Person, PersonId, Record, Stage, Statement, StatementId, keyed_enum,
};
use crate::trigger_state::{TriggerState, trigger_state};

pub use self::items::{evidence_facets, follow_up_facets, shown_evidence, shown_follow_ups};
use self::items::{of_evidence, of_follow_up, texts_of, texts_of_follow_up};
use crate::text::folded;

keyed_enum! {
    /// Something cruxes, evidence or follow-ups can be told apart by. Each is a filter.
    Facet {
        /// What it says against the work.
        Bearing = "bearing", "Bearing";
        /// The option it points to.
        IfTrue = "if-true", "If true";
        /// Open, settled or retired.
        Stage = "state", "State";
        /// How its triggers stand.
        Trigger = "trigger", "Trigger";
        /// Who has stated a credence on it.
        Person = "person", "Person";
        /// Who looks after it.
        Owner = "owner", "Owner";
        /// Free words.
        Tag = "tag", "Tag";
        /// On which side it has evidence.
        Sides = "sides", "Evidence";
        /// Whether somebody's word on it is stale.
        Stale = "stale", "Freshness";
        /// What it lacks to be concrete.
        Lacks = "lacks", "Still lacks";
        /// How much hangs on it.
        Importance = "importance", "Importance";
        /// Whom it is about.
        Scope = "scope", "Scope";
        /// Whether it is peculiar to this work.
        Specificity = "specificity", "Specificity";
        /// What it measures the work against.
        Basis = "basis", "Basis";
        /// How much weight its source puts on it.
        Reliance = "reliance", "Reliance";
        /// In which sense it is true.
        Modality = "modality", "Modality";
        /// Where it came from.
        Origin = "origin", "Origin";
        /// Whether evidence on it is withheld from others.
        Visibility = "visibility", "Visibility of evidence";
        /// What sort of evidence there is.
        Kind = "kind", "Kind of evidence";
        /// How far the sources of evidence can be trusted on it.
        Reliability = "reliability", "Reliability of evidence";
        /// Whom evidence comes from.
        Source = "source", "Source of evidence";
        /// Who outside the board holds something about it.
        Position = "position", "Position of";
        /// What they hold.
        Holding = "holding", "Others' view";
        /// How we know what they hold.
        Grounds = "grounds", "Others’ view is";
        /// Whether our wording of their claim is theirs too.
        Restatement = "restatement", "Our wording is";
        /// How strong an inference the sources of evidence draw.
        Inference = "inference", "Source says it";
        /// What is owed or awaited.
        FollowUp = "follow-up", "Follow-up";
        /// What sort of thing is owed or awaited.
        FollowUpKind = "follow-up-kind", "Kind of follow-up";
        /// Who has to do what is owed.
        Who = "who", "By whom";
        /// For whom it is.
        Whom = "whom", "For whom";
        /// Which of its sections are filled in.
        Has = "has", "Has";
    }
    /// The order of the cruxes.
    Sort {
        /// As people put them.
        Own = "own", "Manual order";
        /// Critical first.
        Importance = "importance", "Importance";
        /// Widest spread first.
        Disagreement = "disagreement", "Disagreement";
        /// Latest move first.
        Moved = "moved", "Recently updated";
        /// Earliest date first.
        Due = "due", "Due";
    }
}

/// What to show. Within a facet any chosen value will do; every facet chosen must agree.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Words that must all occur.
    pub search: String,
    /// The values chosen per facet.
    pub chosen: BTreeMap<Facet, BTreeSet<String>>,
}

impl Filter {
    /// Whether it lets everything through.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.search.trim().is_empty() && self.chosen.values().all(BTreeSet::is_empty)
    }

    /// Chooses a value, or takes it back.
    pub fn toggle(&mut self, facet: Facet, value: &str) {
        let values = self.chosen.entry(facet).or_default();
        if !values.remove(value) {
            values.insert(value.to_owned());
        }
        if values.is_empty() {
            self.chosen.remove(&facet);
        }
    }

    /// Whether a crux is shown.
    #[must_use]
    pub fn lets_through(
        &self,
        board: &Board,
        crux: &Record<CruxId, Crux>,
        viewpoint: impl Into<Viewpoint>,
    ) -> bool {
        self.finds(|| searchable(board, crux)) && self.agrees(|| facets(board, crux, viewpoint))
    }

    /// Whether all words looked for occur in a text.
    fn finds(&self, text: impl FnOnce() -> String) -> bool {
        let wanted = folded(&self.search);
        let mut words = wanted.split_whitespace().peekable();
        words.peek().is_none() || {
            let text = folded(&text());
            words.all(|word| text.contains(word))
        }
    }

    /// Whether something with these values is among what was chosen.
    fn agrees(&self, values: impl FnOnce() -> Vec<(Facet, String)>) -> bool {
        self.chosen.is_empty() || {
            let values = values();
            self.chosen.iter().all(|(facet, wanted)| {
                wanted.is_empty()
                    || wanted
                        .iter()
                        .any(|value| values.contains(&(*facet, value.clone())))
            })
        }
    }
}

fn searchable(board: &Board, crux: &Record<CruxId, Crux>) -> String {
    let mut all = vec![
        crux.title.as_str(),
        &crux.claim,
        &crux.if_true_note,
        &crux.stage_reason,
        &crux.scope_note,
        &crux.one_liner,
        &crux.hedge,
        &crux.alternative,
        &crux.hits_alternative,
        &crux.wider_class,
        &crux.due_to,
        &crux.implication,
        &crux.test_cost,
        &crux.sourced_from,
        &crux.note,
    ];
    for text in crux.tags.iter().chain(&crux.conditions) {
        all.push(text);
    }
    for bearing in &crux.bearings {
        all.push(&bearing.degree);
    }
    for mitigation in &crux.mitigations {
        all.extend_from_slice(&[&mitigation.what, &mitigation.cost]);
    }
    for trigger in board.triggers_of(crux.id) {
        all.extend_from_slice(&[
            &trigger.observable,
            &trigger.threshold,
            &trigger.source,
            &trigger.judge,
            &trigger.action,
        ]);
    }
    for evidence in board.evidence_on(crux.id) {
        texts_of(evidence, &mut all);
    }
    for position in board.positions_on(crux.id) {
        all.extend_from_slice(&[
            &position.holder,
            &position.quote,
            &position.hedge,
            &position.note,
            &position.message,
        ]);
    }
    for follow_up in board.follow_ups_on(crux.id) {
        all.extend_from_slice(&texts_of_follow_up(follow_up));
    }
    all.join("\n")
}

/// The values of every facet that a crux has, each once, by key: for people and options their id.
#[must_use]
pub fn facets(
    board: &Board,
    crux: &Record<CruxId, Crux>,
    viewpoint: impl Into<Viewpoint>,
) -> Vec<(Facet, String)> {
    let viewpoint = viewpoint.into();
    let now = viewpoint.now;
    let mut found: Vec<(Facet, String)> = Vec::new();
    let mut add = |facet: Facet, value: &str| {
        let is_known = |(known, one): &(Facet, String)| *known == facet && one == value;
        if !found.iter().any(is_known) {
            found.push((facet, value.to_owned()));
        }
    };
    for bearing in &crux.bearings {
        add(Facet::Bearing, bearing.kind.key());
    }
    if let Some(option) = crux.if_true {
        add(Facet::IfTrue, &option.to_string());
    }
    if let Some(owner) = crux.owner {
        add(Facet::Owner, &owner.to_string());
    }
    add(Facet::Stage, crux.stage().key());
    for tag in &crux.tags {
        add(Facet::Tag, tag);
    }
    let words = [
        (Facet::Importance, crux.importance.map(|word| word.key())),
        (Facet::Scope, crux.scope.map(|word| word.key())),
        (Facet::Specificity, crux.specificity.map(|word| word.key())),
        (Facet::Basis, crux.basis.map(|word| word.key())),
        (Facet::Reliance, crux.reliance.map(|word| word.key())),
        (Facet::Modality, crux.modality.map(|word| word.key())),
        (Facet::Origin, crux.origin.map(|word| word.key())),
    ];
    for (facet, word) in words {
        if let Some(word) = word {
            add(facet, word);
        }
    }
    for trigger in board.triggers_of(crux.id) {
        add(
            Facet::Trigger,
            trigger_state(board, trigger, viewpoint).key(),
        );
        if !trigger.goalposts.is_empty() {
            add(Facet::Has, "goalposts");
        }
    }
    let views = board.current_views(crux.id, now.millis);
    for view in &views {
        add(Facet::Person, &view.statement.person.to_string());
    }
    let mut red_team = board.people().filter(|person| person.red_team).peekable();
    if red_team.peek().is_some() {
        let has_stated = |person: &Record<PersonId, Person>| {
            views.iter().any(|view| view.statement.person == person.id)
        };
        let key = if red_team.any(has_stated) {
            "red-team"
        } else {
            "no-red-team"
        };
        add(Facet::Has, key);
    }
    if !views.is_empty() {
        add(
            Facet::Stale,
            if views.iter().any(|v| v.is_stale) {
                "stale"
            } else {
                "fresh"
            },
        );
    }
    add(
        Facet::Sides,
        match board.evidence_balance(crux.id) {
            (0, 0) => "none",
            (_, 0) => "for-only",
            (0, _) => "against-only",
            _ => "both",
        },
    );
    for evidence in board.evidence_on(crux.id) {
        of_evidence(evidence, &mut add);
    }
    if board.of_one_origin(crux.id) > 0 {
        add(Facet::Has, "same-origin");
    }
    for position in board.positions_on(crux.id) {
        add(Facet::Position, &position.holder);
        if let Some(holding) = position.holding {
            add(Facet::Holding, holding.key());
        }
        if let Some(restatement) = position.restatement {
            add(Facet::Restatement, restatement.key());
        }
        if let Some(grounds) = position.grounds {
            add(Facet::Grounds, grounds.key());
        }
        if position.assigned {
            add(Facet::Has, "assigned-number");
        }
        if !position.hedge.is_empty() {
            add(Facet::Has, "hedge");
        }
    }
    for follow_up in board.follow_ups_on(crux.id) {
        of_follow_up(follow_up, &mut add);
    }
    for lack in lacks(board, crux) {
        add(Facet::Lacks, lack.key());
    }
    let sections = [
        ("conditions", !crux.conditions.is_empty()),
        ("hedge", !crux.hedge.is_empty()),
        ("implication", !crux.implication.is_empty()),
        ("due-to", !crux.due_to.is_empty()),
        (
            "degree",
            crux.bearings.iter().any(|it| !it.degree.is_empty()),
        ),
        ("alternative", !crux.alternative.is_empty()),
        ("wider-class", !crux.wider_class.is_empty()),
        ("mitigations", !crux.mitigations.is_empty()),
        (
            "mitigation-cost",
            crux.mitigations.iter().any(|it| !it.cost.is_empty()),
        ),
        ("one-liner", !crux.one_liner.is_empty()),
        ("usually-missed", crux.usually_missed),
        (
            "split",
            crux.split_from.is_some() || board.parts_of(crux.id).next().is_some(),
        ),
        ("separate", !crux.separate_from.is_empty()),
        ("hits-alternative", !crux.hits_alternative.is_empty()),
        ("test-cost", !crux.test_cost.is_empty()),
        (
            "definition",
            board.terms().any(|term| term.occurs_in(&crux.claim)),
        ),
    ];
    for (key, is_there) in sections {
        if is_there {
            add(Facet::Has, key);
        }
    }
    found
}

/// How a facet's value reads.
#[must_use]
pub fn facet_label(board: &Board, facet: Facet, value: &str) -> String {
    macro_rules! word {
        ($word:ident) => {
            crate::record::$word::from_key(value).map(|word| word.label().to_owned())
        };
    }
    let label = match facet {
        Facet::Bearing => word!(BearingKind),
        Facet::Stage => word!(Stage),
        Facet::Importance => word!(Importance),
        Facet::Scope => word!(Scope),
        Facet::Specificity => word!(Specificity),
        Facet::Basis => word!(Basis),
        Facet::Reliance => word!(Reliance),
        Facet::Modality => word!(Modality),
        Facet::Origin => word!(Origin),
        Facet::Visibility => word!(Visibility),
        Facet::Kind => word!(Kind),
        Facet::FollowUp => word!(FollowUpState),
        Facet::FollowUpKind => word!(FollowUpKind),
        Facet::Reliability => word!(Reliability),
        Facet::Grounds => word!(Grounds),
        Facet::Holding => word!(Holding),
        Facet::Restatement => word!(Restatement),
        Facet::Inference => word!(Inference),
        Facet::Trigger => TriggerState::from_key(value).map(|state| state.label().to_owned()),
        Facet::Lacks => crate::completeness::Lack::from_key(value).map(|l| l.label().to_owned()),
        Facet::IfTrue => value
            .parse()
            .ok()
            .and_then(|id| board.option(id))
            .map(|option| option.name.clone()),
        Facet::Person | Facet::Owner => value
            .parse()
            .ok()
            .and_then(|id| board.person(id))
            .map(|person| person.name.clone()),
        Facet::Tag | Facet::Position | Facet::Source | Facet::Who | Facet::Whom => None,
        Facet::Sides => Some(
            match value {
                "none" => "None yet",
                "for-only" => "For only",
                "against-only" => "Against only",
                _ => "Both sides",
            }
            .to_owned(),
        ),
        Facet::Stale => Some(
            if value == "stale" {
                "Some outdated"
            } else {
                "All current"
            }
            .to_owned(),
        ),
        Facet::Has => Some(
            match value {
                "alternative" => "A named alternative",
                "already-read" => "Evidence we had read",
                "assigned-number" => "A number assigned by us",
                "conditions" => "Conditions",
                "definition" => "Defined terms",
                "degree" => "A size or certainty of its bearing",
                "due-to" => "What it is due to",
                "goalposts" => "Moved goalposts",
                "hedge" => "A hedge, verbatim",
                "implication" => "An implication for the work",
                "idle" => "No crux it bears on yet",
                "mitigations" => "Mitigations",
                "mitigation-cost" => "A mitigation with its cost",
                "no-crux" => "No crux",
                "no-red-team" => "No credence of the red team yet",
                "not-in-hand" => "Evidence not in hand",
                "one-liner" => "A plain one-liner",
                "private-evidence" => "Private evidence",
                "red-team" => "A credence of the red team",
                "rivals" => "Rival explanations",
                "same-origin" => "Evidence of one origin",
                "second-hand" => "Second-hand evidence",
                "seen-by" => "Evidence that only some have seen",
                "separate" => "Separate arguments",
                "hits-alternative" => "A concern that hits the alternative too",
                "exceptions" => "Evidence with exceptions or answers",
                "split" => "Been split",
                "test-cost" => "A test, with its cost",
                "undated" => "Undated evidence",
                "usually-missed" => "Usually missed",
                "wider-class" => "A wider class it holds for",
                other => other,
            }
            .to_owned(),
        ),
    };
    label.unwrap_or_else(|| value.to_owned())
}

/// The ids of the cruxes that the filter lets through, in order. `with_stale`: whether stale statements
/// count for the spread.
#[must_use]
pub fn shown(
    board: &Board,
    filter: &Filter,
    sort: Sort,
    now: Now,
    with_stale: bool,
) -> Vec<CruxId> {
    let viewpoint = Viewpoint { now, with_stale };
    let mut cruxes = board.cruxes();
    if !filter.is_empty() {
        cruxes.retain(|crux| filter.lets_through(board, crux, viewpoint));
    }
    // Equals stay in the board's own order.
    let mut places: Vec<(u128, usize)> = cruxes
        .iter()
        .enumerate()
        .map(|(place, crux)| (sort_key(board, crux, sort, viewpoint), place))
        .collect();
    places.sort();
    places
        .into_iter()
        .map(|(_, place)| cruxes[place].id)
        .collect()
}

/// A number by which a crux sorts: the lesser, the earlier.
fn sort_key(board: &Board, crux: &Record<CruxId, Crux>, sort: Sort, viewpoint: Viewpoint) -> u128 {
    let Viewpoint { now, with_stale } = viewpoint;
    match sort {
        Sort::Own => 0,
        Sort::Importance => crux
            .importance
            .map_or(u128::MAX, |importance| importance as u128),
        Sort::Disagreement => {
            let views = board.current_views(crux.id, now.millis);
            let spread = estimate(&views, with_stale).and_then(|e| e.spread());
            spread.map_or(u128::MAX, |points| {
                ((100.0 - points) * 100.0).round() as u128
            })
        }
        Sort::Moved => {
            // A clock that was set back makes many moves in one millisecond, told apart by counter.
            last_move(board, crux.id).map_or(u128::MAX, |last| {
                u128::MAX - 1 - (u128::from(last.at) << 32 | u128::from(last.id.0.counter()))
            })
        }
        Sort::Due => next_date(board, crux, viewpoint).map_or(u128::MAX, |(day, _)| {
            day.num_days_from_ce().unsigned_abs().into()
        }),
    }
}

/// The latest statement on a crux with another credence than its person had stated before, or with
/// their first.
fn last_move(board: &Board, crux: CruxId) -> Option<&Record<StatementId, Statement>> {
    let mut statements = board.statements_on(crux);
    while let Some(last) = statements.pop() {
        let before = statements.iter().rfind(|said| said.person == last.person);
        if before.is_none_or(|before| before.credence != last.credence) {
            return Some(last);
        }
    }
    None
}

/// The earliest date at which something about the crux waits, and what: "review", "trigger",
/// "by-date".
#[must_use]
pub fn next_date(
    board: &Board,
    crux: &Record<CruxId, Crux>,
    viewpoint: impl Into<Viewpoint>,
) -> Option<(NaiveDate, &'static str)> {
    let viewpoint = viewpoint.into();
    if crux.stage() != Stage::Open {
        return None;
    }
    let own = crux.review_on.map(|date| (date, "review"));
    let open = board
        .triggers_of(crux.id)
        .filter(|trigger| trigger.armed && (trigger.review_on.or(trigger.by_date)).is_some())
        .filter(|trigger| {
            let state = trigger_state(board, trigger, viewpoint);
            state.is_open() && state != TriggerState::Met
        });
    let of_triggers = open.flat_map(|trigger| {
        [
            trigger.review_on.map(|d| (d, "trigger review")),
            trigger.by_date.map(|d| (d, "by-date")),
        ]
    });
    of_triggers.chain([own]).flatten().min()
}

/// A rank that sorts between two others; empty stands for no neighbour. Ranks are texts of the
/// letters a to z that never end in `a`, so there is always room between two of them.
///
/// This is fractional indexing as Figma describes it ("Realtime editing of ordered sequences",
/// 2017), with base 26.
#[must_use]
pub fn rank_between(before: &str, after: &str) -> String {
    let digit = |text: &str, at: usize, missing: u8| {
        text.as_bytes()
            .get(at)
            .map_or(missing, |b| b.clamp(&b'a', &b'z') - b'a')
    };
    let mut rank = String::new();
    let mut is_tight = !after.is_empty() && before < after;
    for at in 0.. {
        let low = digit(before, at, 0);
        let high = if is_tight { digit(after, at, 26) } else { 26 };
        let middle = low.midpoint(high);
        if middle > low {
            rank.push(char::from(b'a' + middle));
            break;
        }
        rank.push(char::from(b'a' + low));
        is_tight &= low == high;
    }
    rank
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_always_room_between_two_ranks() {
        let mut ranks = vec![rank_between("", "")];
        for turn in 0..500_usize {
            let at = (turn * 7_919) % (ranks.len() + 1);
            let before = at.checked_sub(1).map_or("", |i| &ranks[i]).to_owned();
            let after = ranks.get(at).map_or("", |rank| rank).to_owned();
            let rank = rank_between(&before, &after);
            assert!(rank > before, "{before:?} {rank:?} {after:?}");
            assert!(
                after.is_empty() || rank < after,
                "{before:?} {rank:?} {after:?}"
            );
            assert!(!rank.ends_with('a'));
            ranks.insert(at, rank);
        }
        assert!(ranks.is_sorted());
    }

    #[test]
    fn the_same_place_over_and_over_keeps_ranks_short() {
        let mut rank = rank_between("", "");
        for _ in 0..100 {
            rank = rank_between(&rank, "");
        }
        assert!(rank.len() < 30, "{rank}");
    }
}
