//! The entries of the palette: targets and actions.

use std::collections::BTreeMap;

use cruxboard_domain::board::Board;
use cruxboard_domain::record::PersonId;
use cruxboard_domain::view::{Filter, Sort};
use cruxboard_domain::{BoardId, Millis};
use leptos::prelude::*;

use super::ranking::{Match, Searchable};
use crate::route::{AnalysisPart, NewBoardStep, Route, Screen};
use cruxboard_domain::t;
use cruxboard_session::ports::{Language, Theme};
use cruxboard_session::{BoardLocation, Session};

/// A group of entries, in the order in which the groups are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    Actions,
    Screens,
    Cruxes,
    Evidence,
    Triggers,
    FollowUps,
    People,
    Boards,
}

impl Group {
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Actions => t!("palette" => "Actions"),
            Self::Screens => t!("Screens"),
            Self::Cruxes => t!("Cruxes"),
            Self::Evidence => t!("Evidence"),
            Self::Triggers => t!("Triggers"),
            Self::FollowUps => t!("Follow-ups"),
            Self::People => t!("People"),
            Self::Boards => t!("Boards"),
        }
    }

    /// Returns whether the group's entries are shown before anything is typed.
    fn is_shown_first(self) -> bool {
        match self {
            Self::Actions | Self::Screens | Self::Boards => true,
            Self::Cruxes | Self::Evidence | Self::Triggers | Self::FollowUps | Self::People => {
                false
            }
        }
    }
}

/// The effect of choosing an entry.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Act {
    Go(Route),
    Undo,
    Redo,
    Download,
    ListKeys,
    Theme(Theme),
    Language(Language),
    /// Makes a person the one who edits on this device.
    WorkAs(PersonId),
}

/// One line of the palette.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) group: Group,
    pub(super) label: String,
    /// The words beside the label: a claim, a key, the effect of choosing it.
    pub(super) detail: String,
    pub(super) act: Act,
    searchable: Searchable,
}

impl Entry {
    fn new(group: Group, label: &str, detail: &str, act: Act) -> Self {
        Self {
            group,
            label: label.to_owned(),
            detail: detail.to_owned(),
            act,
            searchable: Searchable::new(label, detail),
        }
    }
}

/// Maximum number of entries shown of one group.
const MOST_OF_A_GROUP: usize = 6;

/// The matching entries of a group, best first.
#[derive(Clone, Debug)]
pub(super) struct Found<'a> {
    pub(super) group: Group,
    pub(super) entries: Vec<&'a Entry>,
    /// Number of further matches.
    pub(super) more: usize,
}

/// Returns the entries that match a folded text. The group with the best match comes first.
pub(super) fn find<'a>(entries: &'a [Entry], wanted: &str) -> Vec<Found<'a>> {
    let mut groups: BTreeMap<Group, Vec<(Match, &Entry)>> = BTreeMap::new();
    for entry in entries {
        if wanted.trim().is_empty() && !entry.group.is_shown_first() {
            continue;
        }
        if let Some(rank) = entry.searchable.rank(wanted) {
            groups.entry(entry.group).or_default().push((rank, entry));
        }
    }
    for members in groups.values_mut() {
        members.sort_by_key(|(rank, _)| *rank);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(group, members)| (members.first().map(|(rank, _)| *rank), *group));
    let found = groups.into_iter().map(|(group, members)| Found {
        group,
        more: members.len().saturating_sub(MOST_OF_A_GROUP),
        entries: members
            .into_iter()
            .take(MOST_OF_A_GROUP)
            .map(|(_, entry)| entry)
            .collect(),
    });
    found.collect()
}

/// Collects the entries for the board of the address, if there is one, and for the whole app.
/// `theme` is the chosen theme; the others are offered.
pub(super) fn collect(session: Session, board: Option<BoardId>, theme: Theme) -> Vec<Entry> {
    let mut entries = Vec::new();
    if let Some(id) = board {
        entries.extend(of_board(session, id));
    }
    let action = |label, detail, act| Entry::new(Group::Actions, label, detail, act);
    entries.push(action(t!("Show the keys"), "?", Act::ListKeys));
    let themes = Theme::ALL.into_iter().filter(|other| *other != theme);
    entries.extend(themes.map(|theme| {
        let label = match theme {
            Theme::System => t!("Theme: as the system"),
            Theme::Light => t!("Theme: light"),
            Theme::Dark => t!("Theme: dark"),
        };
        action(label, t!("Colours on this device"), Act::Theme(theme))
    }));
    for (language, label) in [
        (Language::English, "Language: English"),
        (Language::German, "Sprache: Deutsch"),
    ] {
        let detail = t!("On this device");
        entries.push(action(label, detail, Act::Language(language)));
    }
    let screen = |label, route| Entry::new(Group::Screens, label, "", Act::Go(route));
    entries.push(screen(t!("All boards"), Route::Start));
    entries.push(screen(
        t!("New board"),
        Route::NewBoard(NewBoardStep::Question),
    ));
    entries.push(screen(t!("Backups"), Route::Backups));
    let boards = session.board_list.boards.get_untracked();
    let others = boards.unwrap_or_default().into_iter().filter(|listing| {
        Some(listing.id) != board
            && listing.place() != BoardLocation::Trash
            && !listing.title.is_empty()
    });
    entries.extend(others.map(|listing| {
        let detail = match listing.place() {
            BoardLocation::Archive => t!("In the archive"),
            BoardLocation::AtHand | BoardLocation::Trash => "",
        };
        let cruxes = Screen::Cruxes(Filter::default(), Sort::Own);
        let route = Route::Board(listing.id, cruxes);
        Entry::new(Group::Boards, &listing.title, detail, Act::Go(route))
    }));
    entries
}

fn of_board(session: Session, id: BoardId) -> Vec<Entry> {
    let to = |screen| Act::Go(Route::Board(id, screen));
    let action = |label, detail, act| Entry::new(Group::Actions, label, detail, act);
    let mut entries = vec![
        action(t!("New evidence"), "E", to(Screen::NewEvidence(None))),
        action(t!("New crux"), "C", to(Screen::NewCrux)),
        action(t!("Record a decision"), "", to(Screen::Decide(None))),
        action(
            t!("Share a snapshot"),
            t!("Link, file or page"),
            to(Screen::Share(None)),
        ),
    ];
    if let Some(what) = untrack(|| session.undo_label()) {
        entries.push(Entry::new(Group::Actions, t!("Undo"), &what, Act::Undo));
    }
    if let Some(what) = untrack(|| session.redo_label()) {
        entries.push(Entry::new(Group::Actions, t!("Redo"), &what, Act::Redo));
    }
    entries.push(action(
        t!("Download board"),
        t!("One file with the history"),
        Act::Download,
    ));
    let entry = |(label, detail, screen)| Entry::new(Group::Screens, label, detail, to(screen));
    entries.extend(screens().map(entry));
    let me = session.me.get_untracked();
    let now = session.now.get_untracked().millis;
    session.read_untracked(|board| entries.extend(records(board, id, me, now)));
    entries
}

/// Returns the screens of a board, each with its name and its content.
fn screens() -> [(&'static str, &'static str, Screen); 18] {
    [
        (
            t!("Cruxes"),
            t!("The board"),
            Screen::Cruxes(Filter::default(), Sort::Own),
        ),
        (t!("Evidence"), "", Screen::Evidence(Filter::default())),
        (t!("Due"), t!("What waits, reminders, overdue"), Screen::Due),
        (
            t!("Reviews"),
            t!("Meetings, minutes, blind rounds"),
            Screen::Reviews,
        ),
        (t!("Decisions"), "", Screen::Decisions),
        (
            t!("Follow-ups"),
            t!("Actions, questions, calls"),
            Screen::FollowUps(Filter::default()),
        ),
        (
            t!("Analysis"),
            t!("Value of information, what if"),
            Screen::Analysis(AnalysisPart::Overview),
        ),
        (
            t!("Arguments"),
            t!("Holes, ledger"),
            Screen::Analysis(AnalysisPart::Arguments),
        ),
        (
            t!("Movements"),
            t!("Biggest updates, who changed their mind"),
            Screen::Analysis(AnalysisPart::Moves),
        ),
        (
            t!("What changed"),
            t!("Since the last review"),
            Screen::Since(None, None),
        ),
        (t!("Outcomes and calibration"), t!("Scores"), Screen::Scores),
        (t!("Share"), t!("Snapshots, links"), Screen::Share(None)),
        (
            t!("Export / import"),
            t!("CSV, calendar, tables"),
            Screen::Tables,
        ),
        (
            t!("Copy cruxes"),
            t!("To another board"),
            Screen::CopyCruxes(None),
        ),
        (
            t!("Merge another board into this one"),
            t!("Two boards about one question"),
            Screen::MergeBoard,
        ),
        (t!("Reading list"), t!("Discussions"), Screen::Reading),
        (t!("History"), t!("Changes, trash"), Screen::History),
        (
            t!("Setup"),
            t!("Question, options, people, terms, sync"),
            Screen::Setup,
        ),
    ]
}

fn records(board: &Board, id: BoardId, me: Option<PersonId>, now: Millis) -> Vec<Entry> {
    let to = |screen| Act::Go(Route::Board(id, screen));
    let mut entries = Vec::new();
    entries.extend(board.cruxes().into_iter().map(|crux| {
        let act = to(Screen::Crux(crux.id));
        Entry::new(Group::Cruxes, &crux.name(), &crux.claim, act)
    }));
    entries.extend(board.all_evidence().rev().map(|evidence| {
        let act = to(Screen::EvidenceItem(evidence.id));
        Entry::new(Group::Evidence, evidence.headline(), &evidence.source, act)
    }));
    entries.extend(board.triggers().map(|trigger| {
        let crux = board.crux(trigger.crux);
        let crux = crux
            .map(|crux| crux.name().into_owned())
            .unwrap_or_default();
        let act = to(Screen::Crux(trigger.crux));
        Entry::new(Group::Triggers, &trigger.headline(), &crux, act)
    }));
    entries.extend(board.follow_ups().map(|follow_up| {
        let act = to(Screen::FollowUps(Filter::default()));
        let state = follow_up.state().label();
        Entry::new(Group::FollowUps, &follow_up.what, state, act)
    }));
    let others = board.people_at(now).filter(|person| Some(person.id) != me);
    entries.extend(others.map(|person| {
        let act = Act::WorkAs(person.id);
        Entry::new(
            Group::People,
            &person.name,
            t!("Work as this person here"),
            act,
        )
    }));
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crux(number: usize) -> Entry {
        Entry::new(
            Group::Cruxes,
            &format!("Crux {number}"),
            "Evidence would decide it",
            Act::ListKeys,
        )
    }

    fn entries() -> Vec<Entry> {
        let mut entries = vec![
            Entry::new(Group::Actions, "Save evidence", "E", Act::Undo),
            Entry::new(Group::Screens, "Evidence", "", Act::Undo),
        ];
        entries.extend((0..10).map(crux));
        entries
    }

    #[test]
    fn the_group_with_the_best_match_comes_first() {
        let entries = entries();
        let groups: Vec<Group> = find(&entries, "evidence")
            .iter()
            .map(|found| found.group)
            .collect();
        assert_eq!(groups, [Group::Screens, Group::Actions, Group::Cruxes]);
    }

    #[test]
    fn of_a_long_group_the_first_are_shown_and_the_rest_is_counted() {
        let entries = entries();
        let found = find(&entries, "crux");
        let [found] = found.as_slice() else {
            panic!("{found:?}")
        };
        assert_eq!((found.entries.len(), found.more), (MOST_OF_A_GROUP, 4));
        assert_eq!(found.entries[0].label, "Crux 0");
    }

    #[test]
    fn before_anything_is_typed_actions_and_screens_are_offered() {
        let entries = entries();
        let groups: Vec<Group> = find(&entries, " ")
            .iter()
            .map(|found| found.group)
            .collect();
        assert_eq!(groups, [Group::Actions, Group::Screens]);
    }
}
