//! Findings and listings that are kept up to date equal those computed anew.

use std::time::Duration;

use crate::desk::{DAY, Desk, at_least};
use crate::world::{Manners, NOW, World, shuffled, steps};
use cruxboard_domain::board::{Board, Touched};
use cruxboard_domain::change::{Change, CredenceStated, Payload};
use cruxboard_domain::date::{Now, Viewpoint};
use cruxboard_domain::due::{Due, DueCount, DueKind, due};
use cruxboard_domain::findings::{Findings, Reread};
use cruxboard_domain::id::Replica;
use cruxboard_domain::record::*;
use cruxboard_domain::summary::summary;
use cruxboard_domain::view::{Facet, Filter, Listing, Sort, shown};
use cruxboard_domain::{ChangeId, Credence, Millis};
use proptest::prelude::*;

/// Findings and a listing by each sort, with one filter.
struct Kept {
    findings: Findings,
    listings: Vec<(Filter, Sort, Listing)>,
}

impl Kept {
    fn new(filters: &[Filter]) -> Self {
        let by = |(place, sort): (usize, &Sort)| {
            let filter = filters[place % filters.len()].clone();
            let empty = Board::default();
            let listing = Listing::new(&empty, filter.clone(), *sort, at(NOW));
            (filter, *sort, listing)
        };
        Self {
            findings: Findings::default(),
            listings: Sort::ALL.iter().enumerate().map(by).collect(),
        }
    }

    fn update(&mut self, board: &Board, viewpoint: Viewpoint) -> Reread {
        let reread = self.findings.update(board, viewpoint);
        for (.., listing) in &mut self.listings {
            listing.update(board, viewpoint, &reread);
        }
        reread
    }

    fn agrees(&self, board: &Board, viewpoint: Viewpoint) -> Result<(), TestCaseError> {
        let Viewpoint { now, with_stale } = viewpoint;
        let anew = due(board, viewpoint);
        let kept: Vec<Due> = self.findings.due().cloned().collect();
        prop_assert_eq!(&kept, &anew);
        let is_met = |item: &&Due| matches!(item.kind, DueKind::Met | DueKind::MetAction);
        prop_assert!(self.findings.met().eq(anew.iter().filter(is_met)));
        prop_assert_eq!(self.findings.count(), DueCount::of(&anew, now.today()));
        let has_stale = anew.iter().any(|item| item.kind == DueKind::Stale);
        prop_assert_eq!(self.findings.has_stale(), has_stale);
        prop_assert_eq!(self.findings.summary(), summary(board, now, with_stale));
        for (filter, sort, listing) in &self.listings {
            let anew = shown(board, filter, *sort, now, with_stale);
            prop_assert_eq!(&listing.cruxes()[..], &anew[..], "{:?} {:?}", sort, filter);
        }
        Ok(())
    }
}

fn at(millis: Millis) -> Viewpoint {
    Now::utc(millis).into()
}

fn chosen(facet: Facet, values: &[&str]) -> Filter {
    let mut filter = Filter::default();
    for value in values {
        filter.toggle(facet, value);
    }
    filter
}

fn searched(search: &str) -> Filter {
    Filter {
        search: search.into(),
        ..Filter::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn findings_kept_up_to_date_equal_those_computed_anew(
        steps in steps(Manners::Hostile), seed: u64, clock in prop::collection::vec(any::<u8>(), 1..40),
    ) {
        let world = World::play(&steps);
        let mut board = Board::default();
        let mut kept = Kept::new(&[
            Filter::default(),
            chosen(Facet::Stale, &["stale"]),
            chosen(Facet::Trigger, &["met", "undecided", "disputed"]),
            chosen(Facet::PointsTo, &["either", "nowhere"]),
            searched("w1"),
        ]);
        let mut viewpoint = at(NOW);
        for (place, entry) in shuffled(&world.made, seed).into_iter().enumerate() {
            kept.findings.mark(&board.apply_entry(entry));
            let number = clock[place % clock.len()];
            // Some changes arrive together.
            if number % 3 == 0 {
                continue;
            }
            let now = &mut viewpoint.now;
            now.millis = match number / 3 % 16 {
                0 => now.millis - Duration::from_secs(3_600),
                1 => now.millis + 40 * DAY,
                2 => now.millis + DAY,
                3 => now.millis + Duration::from_secs(7 * 3_600),
                4..=6 => now.millis + Duration::from_secs(60),
                _ => now.millis,
            };
            now.offset_minutes = if number > 240 { 540 } else { now.offset_minutes };
            viewpoint.with_stale ^= number == 1;
            kept.update(&board, viewpoint);
            kept.agrees(&board, viewpoint)?;
        }
    }
}

#[test]
fn a_change_to_one_crux_reads_no_other_crux_again() {
    let mut desk = Desk::new();
    let cruxes: Vec<CruxId> = (0..20).map(|_| desk.adds_crux("It is so")).collect();
    let mut findings = Findings::default();
    assert_eq!(findings.update(&desk.board, at(desk.now)), Reread::All);
    let (ann, now) = (desk.person("Ann"), desk.now);
    let touched = states(&mut desk.board, cruxes[7], ann, 80.0, now);
    findings.mark(&touched);
    let only = Reread::Some([cruxes[7]].into());
    assert_eq!(findings.update(&desk.board, at(desk.now)), only);
    let none = Reread::Some([].into());
    assert_eq!(
        findings.update(&desk.board, at(desk.now + Duration::from_secs(60))),
        none
    );
}

#[test]
fn a_credence_becomes_outdated_while_nothing_but_the_clock_changes() {
    let mut desk = Desk::new();
    let (first, second) = (desk.adds_crux("It is so"), desk.adds_crux("So is this"));
    desk.states(first, "Ann", 40.0);
    // Both moments are on the same day.
    desk.now += Duration::from_secs(3_600);
    desk.states(second, "Ann", 40.0);
    let mut findings = Findings::default();
    let ends = desk.now + 90 * DAY;
    findings.update(&desk.board, at(ends - Duration::from_secs(2 * 3_600)));
    assert!(!findings.has_stale());
    for (now, crux) in [
        (ends - Duration::from_secs(3_500), first),
        (ends + Duration::from_secs(1), second),
    ] {
        let reread = findings.update(&desk.board, at(now));
        assert_eq!(reread, Reread::Some([crux].into()));
        assert!(findings.due().eq(due(&desk.board, at(now)).iter()));
    }
    assert!(
        findings
            .due()
            .filter(|it| it.kind == DueKind::Stale)
            .count()
            == 2
    );
}

#[test]
fn a_trigger_that_was_moved_from_a_crux_follows_the_credences_of_that_crux() {
    let mut desk = Desk::new();
    let (before, after) = (desk.adds_crux("It is so"), desk.adds_crux("So is this"));
    let trigger = desk.adds_rule(before, at_least(70.0, 0));
    desk.states(before, "Ann", 80.0);
    desk.states(before, "Bob", 80.0);
    let late = desk.now + Duration::from_secs(1);
    desk.now += Duration::from_secs(2);
    let move_it = TriggerEdit {
        crux: Some(after),
        ..TriggerEdit::default()
    };
    desk.edits_trigger(trigger, move_it, "it was misplaced")
        .unwrap();
    let mut findings = Findings::default();
    findings.update(&desk.board, at(desk.now));
    let disputed = |findings: &Findings| findings.due().any(|it| it.kind == DueKind::Disputed);
    assert!(disputed(&findings));
    // A credence from before the move arrives late: the trigger was not met.
    let ann = desk.person("Ann");
    findings.mark(&states(&mut desk.board, before, ann, 10.0, late));
    findings.update(&desk.board, at(desk.now));
    assert!(!disputed(&findings));
    assert!(findings.due().eq(due(&desk.board, at(desk.now)).iter()));
}

/// Applies a statement of another device, made at a moment.
fn states(board: &mut Board, crux: CruxId, person: PersonId, percent: f64, at: Millis) -> Touched {
    let payload = Payload::CredenceStated(Box::new(CredenceStated {
        crux,
        reason_salt: String::new(),
        person,
        credence: Credence::clamped(percent),
        reason: String::new(),
        evidence: Vec::new(),
        reaffirms: false,
        at: None,
        wall_clock: None,
    }));
    board.apply(Change {
        id: ChangeId::new(at, 0, Replica::new(9, 9)),
        by: None,
        part_of: None,
        payload,
    })
}
