use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cruxboard_domain::board::RecordRef;
use cruxboard_domain::date::{DAY, Now};
use cruxboard_domain::decide::{Command, Move, NewBoard};
use cruxboard_domain::id::Replica;
use cruxboard_domain::limits::TEXT_LIMIT;
use cruxboard_domain::log::Entry;
use cruxboard_domain::record::{
    Crux, CruxEdit, CruxId, FollowUpEdit, PersonEdit, PersonId, RoundEdit,
};
use cruxboard_domain::view::{Filter, Sort};
use cruxboard_domain::{BoardId, Credence, Millis};
use leptos::prelude::*;

use super::{ChangedDraft, NoticeKind, SaveState, Session};

fn noon() -> Now {
    Now::utc(Millis(1_795_435_200_000))
}

/// A session with an open board that has two people and two cruxes.
fn session(device: u32) -> (Session, Vec<CruxId>, PersonId) {
    let session = Session::new(Replica::new(device, 1), noon);
    let founded = session
        .found_board(&NewBoard::of("Go on?", &["Ann", "Bob"]))
        .unwrap();
    let board = founded[0].id;
    session.open_board(
        BoardId(board),
        founded.into_iter().map(Entry::Known).collect(),
    );
    for claim in ["It works.", "It pays."] {
        let crux = CruxEdit {
            claim: Some(claim.into()),
            ..CruxEdit::default()
        };
        assert!(session.dispatch(Command::AddCrux {
            crux,
            triggers: Vec::new()
        }));
    }
    let cruxes =
        session.read_untracked(|board| board.cruxes().iter().map(|crux| crux.id).collect());
    let person = session
        .read_untracked(|board| board.people().next().map(|person| person.id))
        .unwrap();
    (session, cruxes, person)
}

fn state(session: Session, crux: CruxId, person: PersonId, percent: f64) {
    let credence = Credence::from_percent(percent).unwrap();
    let moved = Move {
        crux,
        person,
        credence,
        reason: String::new(),
    };
    assert!(session.dispatch(Command::StateCredence {
        moved,
        evidence: Vec::new()
    }));
}

/// Returns a reader of one record, and a counter of its runs.
fn reader(session: Session, record: RecordRef) -> (Memo<usize>, Arc<AtomicUsize>) {
    let runs = Arc::new(AtomicUsize::new(0));
    let count = runs.clone();
    let memo = Memo::new(move |_| {
        session.track(record);
        count.fetch_add(1, Ordering::Relaxed)
    });
    (memo, runs)
}

#[test]
fn a_committed_statement_wakes_the_readers_of_one_crux() {
    let owner = Owner::new();
    owner.set();
    let (session, cruxes, person) = session(1);
    let (first, first_runs) = reader(session, RecordRef::Crux(cruxes[0]));
    let (second, second_runs) = reader(session, RecordRef::Crux(cruxes[1]));
    let (frame, frame_runs) = reader(session, RecordRef::Board);
    let read_all = || {
        (
            first.get_untracked(),
            second.get_untracked(),
            frame.get_untracked(),
        )
    };
    read_all();
    state(session, cruxes[0], person, 35.0);
    read_all();
    let runs = [first_runs, second_runs, frame_runs].map(|runs| runs.load(Ordering::Relaxed));
    assert_eq!(runs, [2, 1, 1]);
}

#[test]
fn the_list_and_the_due_items_wake_only_when_they_differ() {
    let owner = Owner::new();
    owner.set();
    let (session, cruxes, person) = session(1);
    let filter = Filter::default();
    let listed = Memo::new(move |_| session.listed(&filter, Sort::Own));
    let due = Memo::new(move |_| session.find(|_, found| found.due().count()));
    let runs = Arc::new(AtomicUsize::new(0));
    let count = runs.clone();
    let readers = Memo::new(move |_| {
        let lengths = (listed.with(|listed| listed.len()), due.get());
        count.fetch_add(1, Ordering::Relaxed);
        lengths
    });
    assert_eq!(readers.get_untracked(), (2, 0));
    state(session, cruxes[0], person, 35.0);
    session.tick();
    assert_eq!(readers.get_untracked(), (2, 0));
    assert_eq!(runs.load(Ordering::Relaxed), 1);
    assert!(session.dispatch(Command::Trash(cruxes[0].0)));
    assert_eq!(readers.get_untracked(), (1, 0));
    let follow_up = FollowUpEdit {
        what: Some("Call them".into()),
        ..FollowUpEdit::default()
    };
    assert!(session.dispatch(Command::AddFollowUp(follow_up)));
    assert_eq!(readers.get_untracked(), (1, 1));
    // Nothing of one board is left on the next.
    session.close_board();
    assert_eq!(readers.get_untracked(), (0, 0));
}

#[test]
fn the_clock_wakes_the_readers_of_the_cruxes_that_read_differently() {
    const MINUTE: Duration = Duration::from_secs(60);
    const SECOND: Duration = Duration::from_secs(1);
    thread_local! {
        static CLOCK: Cell<Millis> = const { Cell::new(Millis(0)) };
    }
    let owner = Owner::new();
    owner.set();
    let (mut session, cruxes, person) = session(1);
    state(session, cruxes[0], person, 35.0);
    let said = noon().millis;
    let entries = session.read_untracked(|board| board.log().entries().cloned().collect());
    let board = session.open.get_untracked().unwrap();
    session = Session::new(Replica::new(2, 1), || Now::utc(CLOCK.get()));
    CLOCK.set(said + 90 * DAY - MINUTE);
    session.open_board(board, entries);
    session.tick();
    let (first, first_runs) = reader(session, RecordRef::Crux(cruxes[0]));
    let (second, second_runs) = reader(session, RecordRef::Crux(cruxes[1]));
    let runs_at = |millis: Millis| {
        CLOCK.set(millis);
        session.tick();
        first.get_untracked();
        second.get_untracked();
        [&first_runs, &second_runs].map(|runs| runs.load(Ordering::Relaxed))
    };
    let expires = said + 90 * DAY;
    assert_eq!(runs_at(expires - SECOND), [1, 1]);
    // Ninety days after it was stated the credence is outdated.
    assert_eq!(runs_at(expires + SECOND), [2, 1]);
    assert_eq!(runs_at(expires + MINUTE + SECOND), [2, 1]);
    // On the next day, dates may have passed.
    assert_eq!(runs_at(expires + DAY), [3, 2]);
}

#[test]
fn our_own_echo_touches_nothing() {
    let owner = Owner::new();
    owner.set();
    let (session, cruxes, person) = session(1);
    state(session, cruxes[0], person, 35.0);
    let echo: Vec<Entry> = session.read_untracked(|board| board.log().entries().cloned().collect());
    let (memo, runs) = reader(session, RecordRef::Crux(cruxes[0]));
    memo.get_untracked();
    assert_eq!(session.receive(echo), 0);
    memo.get_untracked();
    assert_eq!(runs.load(Ordering::Relaxed), 1);
}

#[test]
fn what_is_done_waits_in_the_outbox_until_it_is_stored() {
    let owner = Owner::new();
    owner.set();
    let (session, cruxes, person) = session(1);
    let waiting = session.outbox.waiting();
    session.outbox.stored(&waiting);
    assert_eq!(session.outbox.state(), SaveState::Saved);
    state(session, cruxes[0], person, 35.0);
    assert_eq!(
        (session.outbox.len(), session.outbox.state()),
        (1, SaveState::Saving)
    );
    session.outbox.refused(SaveState::Failed("full".into()));
    assert_eq!(session.outbox.len(), 1, "what was refused is kept");
    session.outbox.stored(&session.outbox.waiting());
    assert_eq!(
        (session.outbox.len(), session.outbox.state()),
        (0, SaveState::Saved)
    );
}

#[test]
fn rows_that_changed_while_a_batch_was_stored_wait_again_in_their_place() {
    let owner = Owner::new();
    owner.set();
    let (session, cruxes, person) = session(1);
    for percent in [10.0, 20.0, 30.0, 40.0, 50.0] {
        state(session, cruxes[0], person, percent);
    }
    let board = session.open.get_untracked().unwrap();
    let ids = || -> Vec<_> { session.outbox.waiting().iter().map(|row| row.id).collect() };
    let all = ids();
    let mut batch = session.outbox.batch(4);
    assert_eq!(batch.len(), 4);
    // Two rows of the batch got other content meanwhile.
    for row in &mut batch[1..3] {
        row.json.push(' ');
    }
    session.outbox.stored(&batch);
    let left: Vec<_> = all[1..3].iter().chain(&all[4..]).copied().collect();
    assert_eq!(ids(), left);
    session.outbox.stored(&[]);
    assert_eq!(ids(), left);
    assert_eq!(session.outbox.batch(2).len(), 2);
    session.outbox.forget(board);
    assert_eq!(ids(), []);
}

#[test]
fn only_what_is_made_here_counts_for_the_reminder_of_backups() {
    let owner = Owner::new();
    owner.set();
    let (session, cruxes, person) = session(1);
    let own = || {
        let waiting = session.outbox.waiting();
        waiting.iter().filter(|row| row.is_own).count()
    };
    let all = session.outbox.len();
    assert_eq!(own(), all);
    // Imported or stored again: not made in this tab.
    let board = session.open.get_untracked().unwrap();
    let entries: Vec<Entry> =
        session.read_untracked(|board| board.log().entries().cloned().collect());
    session.outbox.stored(&session.outbox.waiting());
    session.outbox.put(board, entries);
    assert!(session.outbox.len() >= all);
    assert_eq!(own(), 0);
    state(session, cruxes[0], person, 35.0);
    assert_eq!(own(), 1);
}

#[test]
fn a_refusal_is_told_and_changes_nothing() {
    let owner = Owner::new();
    owner.set();
    let (session, ..) = session(1);
    let before = session.document();
    let crux = CruxEdit {
        claim: Some("x".repeat(TEXT_LIMIT + 1)),
        ..CruxEdit::default()
    };
    assert!(!session.dispatch(Command::AddCrux {
        crux,
        triggers: Vec::new()
    }));
    assert_eq!(session.document(), before);
    let shown = session.notices.shown();
    assert!(
        shown
            .iter()
            .any(|n| n.kind == NoticeKind::Refused && n.text.contains("5,000 is the most"))
    );
}

#[test]
fn undo_takes_back_what_this_device_did_and_nothing_of_another() {
    let owner = Owner::new();
    owner.set();
    let (here, cruxes, person) = session(1);
    let there = Session::new(Replica::new(2, 1), noon);
    let log: Vec<Entry> = here.read_untracked(|board| board.log().entries().cloned().collect());
    there.open_board(BoardId(log[0].id()), log);

    state(here, cruxes[0], person, 35.0);
    state(there, cruxes[0], person, 80.0);
    let theirs: Vec<Entry> = there.read_untracked(|board| board.log().entries().cloned().collect());
    assert_eq!(here.receive(theirs), 1);
    here.undo();
    let latest = |session: Session| {
        session.read_untracked(|board| {
            let views = board.current_views(cruxes[0], noon().millis);
            views
                .iter()
                .map(|view| view.statement.credence.percent())
                .collect::<Vec<_>>()
        })
    };
    assert_eq!(latest(here), [80.0]);
    assert_eq!(here.undo_label().as_deref(), Some("Crux added"));
    assert_eq!(here.redo_label().as_deref(), Some("Credence updated"));
    here.redo();
    let statements = here.read_untracked(|board| board.statements_on(cruxes[0]).len());
    assert_eq!(statements, 2);
}

#[test]
fn nothing_offers_to_undo_an_opened_round() {
    let owner = Owner::new();
    owner.set();
    let (here, cruxes, person) = session(1);
    assert!(here.dispatch(Command::OpenRound(RoundEdit {
        cruxes: Some(vec![cruxes[1]]),
        people: Some(vec![person]),
        held_at: None,
        ..RoundEdit::default()
    })));
    let kind = here.notices.shown().last().map(|notice| notice.kind);
    assert_eq!(kind, Some(NoticeKind::Told));
    // Undo says why it retracts nothing, and retracts nothing else instead.
    assert_eq!(here.undo_label(), None);
    here.undo();
    let said = here.notices.shown().pop().map(|notice| notice.text);
    assert_eq!(
        said.as_deref(),
        Some(
            "A blind round cannot be undone: somebody may be answering. Once its answers are revealed, earlier changes can be undone again."
        )
    );
    let left = here.read_untracked(|board| board.cruxes().len());
    assert_eq!(left, cruxes.len());
    assert_eq!(here.read_untracked(|board| board.rounds().count()), 1);
}

#[test]
fn undo_and_redo_outlive_a_reload() {
    let owner = Owner::new();
    owner.set();
    let (before, cruxes, person) = session(1);
    state(before, cruxes[0], person, 35.0);
    before.undo();
    let log: Vec<Entry> = before.read_untracked(|board| board.log().entries().cloned().collect());
    let after = Session::new(Replica::new(1, 2), noon);
    after.open_board(BoardId(log[0].id()), log);
    assert_eq!(after.redo_label().as_deref(), Some("Credence updated"));
    after.redo();
    assert_eq!(
        after.read_untracked(|board| board.statements_on(cruxes[0]).len()),
        1
    );
}

#[test]
fn taking_back_the_making_of_a_board_leaves_it_whole_for_the_trash() {
    let owner = Owner::new();
    owner.set();
    let (template, ..) = session(2);
    let payloads: Vec<_> =
        template.read_untracked(|board| board.log().changes().cloned().collect());
    let here = Session::new(Replica::new(1, 1), noon);
    let changes = here.adopt(&payloads);
    let board = changes[0].id;
    let entries: Vec<Entry> = changes.into_iter().map(Entry::Known).collect();
    let count = entries.len();
    here.open_board(BoardId(board), entries);
    assert_eq!(here.undo_label().as_deref(), Some("Board created"));
    here.dispatch(Command::AddPerson(PersonEdit {
        name: Some("Later".into()),
        ..PersonEdit::default()
    }));
    here.undo();
    assert_eq!(here.unmade.get_untracked(), None);
    here.undo();
    assert_eq!(here.unmade.get_untracked(), Some(BoardId(board)));
    let counting = here.read_untracked(|board| {
        let log = board.log();
        log.changes().filter(|change| log.counts(change.id)).count()
    });
    // The creation's changes still count, and so does the retraction of the person.
    assert_eq!(counting, count + 1);
}

#[test]
fn a_form_being_written_is_there_when_one_comes_back_and_each_record_has_its_own() {
    let owner = Owner::new();
    owner.set();
    let (session, cruxes, _) = session(1);
    let is_written = |text: &String| !text.is_empty();
    let draft = |crux: CruxId| session.draft("form", crux.0, String::new(), is_written);
    assert!(!session.drafts.is_any_at_risk());
    // A screen that closes disposes its own signals.
    let screen = owner.child();
    screen.with(|| draft(cruxes[0]).set("half a sentence".into()));
    screen.cleanup();
    assert!(session.drafts.is_any_at_risk());
    assert_eq!(draft(cruxes[0]).get_untracked(), "half a sentence");
    assert_eq!(draft(cruxes[1]).get_untracked(), "");
    draft(cruxes[0]).set(String::new());
    assert!(!session.drafts.is_any_at_risk());
}

#[test]
fn a_discarded_draft_is_restored_and_the_one_begun_meanwhile_offered_in_turn() {
    let owner = Owner::new();
    owner.set();
    let (session, ..) = session(1);
    let draft = session.draft_at("form".into(), String::new(), |text| !text.is_empty());
    let discard = || session.discard_draft(|| draft.set(String::new()), || ());
    let offer = || {
        let shown = untrack(|| session.notices.shown());
        let offer = shown.into_iter().find(|it| it.reverse == "Restore draft");
        offer.and_then(|offer| session.notices.way_back(offer.id))
    };
    discard();
    assert!(offer().is_none(), "nothing was lost");
    draft.set("one".into());
    discard();
    draft.set("two".into());
    offer().unwrap()();
    assert_eq!(draft.get_untracked(), "one");
    offer().unwrap()();
    assert_eq!(draft.get_untracked(), "two");
}

#[test]
fn a_form_that_is_empty_goes_on_with_a_draft_that_another_tab_left_meanwhile() {
    let owner = Owner::new();
    owner.set();
    let (session, ..) = session(1);
    let draft = || session.draft_at("form".into(), String::new(), |text| !text.is_empty());
    assert_eq!(draft().get_untracked(), "");
    session.drafts.read_with(|_| Some("of another tab".into()));
    assert_eq!(draft().get_untracked(), "of another tab");
    assert!(!session.drafts.is_any_at_risk(), "the device has it");
    // Text written in this tab is never replaced.
    draft().set("of this tab".into());
    assert_eq!(draft().get_untracked(), "of this tab");
}

#[test]
fn a_draft_comes_back_from_the_device_and_is_handed_to_it_as_it_changes() {
    let owner = Owner::new();
    owner.set();
    let (session, ..) = session(1);
    session.drafts.read_with(|key| {
        key.ends_with("/kept")
            .then(|| r#"{"claim":"It is so."}"#.into())
    });
    let is_written = |crux: &Crux| *crux != Crux::default();
    let crux = |form: &str| session.draft_at(form.into(), Crux::default(), is_written);
    assert_eq!(crux("kept").get_untracked().claim, "It is so.");
    let other = crux("other");
    let changed = || {
        let drafts = session.drafts.changed();
        let line =
            |draft: &ChangedDraft| format!("{} {:?} {:?}", draft.key, draft.text, draft.stored);
        drafts.iter().map(line).collect::<Vec<_>>()
    };
    assert_eq!(changed(), [""; 0]);
    assert!(!session.drafts.is_any_at_risk(), "the device has it");

    other.update(|crux| crux.title = "T".into());
    let board = session.open.get_untracked().unwrap();
    let key = format!("{board}/other");
    let text = r#"{"title":"T"}"#.to_owned();
    assert_eq!(changed(), [format!("{key} {:?} None", Some(&text))]);
    assert!(session.drafts.is_any_at_risk());
    session.drafts.note_stored(&key, Some(text.clone()), true);
    assert!(!session.drafts.is_any_at_risk());
    assert_eq!(changed(), [""; 0]);

    other.set(Crux::default());
    assert_eq!(changed(), [format!("{key} None {:?}", Some(&text))]);
    session.drafts.note_stored(&key, None, true);

    // A draft that storage refuses counts as at risk, so that leaving the page asks for
    // confirmation.
    other.update(|crux| crux.title = "U".into());
    let text = Some(r#"{"title":"U"}"#.to_owned());
    session.drafts.note_stored(&key, text, false);
    assert_eq!(changed(), [""; 0], "it is not tried again as it stands");
    assert!(session.drafts.is_any_at_risk());
}

/// A clock that is thirty years ahead of noon.
fn far_future() -> Now {
    Now::utc(noon().millis + 30 * 365 * DAY)
}

fn log_of(session: Session) -> Vec<Entry> {
    session.read_untracked(|board| board.log().entries().cloned().collect())
}

#[test]
fn an_id_from_the_far_future_dates_nothing_on_other_boards() {
    let owner = Owner::new();
    owner.set();
    let there = Session::new(Replica::new(9, 1), far_future);
    let poisoned = there.found_board(&NewBoard::of("Poisoned?", &[])).unwrap();
    let (here, cruxes, person) = session(1);
    let board = here.open.get_untracked().unwrap();
    let log = log_of(here);

    let late = poisoned[0].id;
    here.open_board(
        BoardId(late),
        poisoned.into_iter().map(Entry::Known).collect(),
    );
    here.dispatch(Command::AddPerson(PersonEdit {
        name: Some("Cy".into()),
        ..PersonEdit::default()
    }));
    let last = here.read_untracked(|board| board.log().last());
    assert!(last > late, "on that board ids go on after those it has");

    let founded = here.found_board(&NewBoard::of("A third?", &[])).unwrap();
    assert_eq!(founded[0].id.millis(), noon().millis);
    here.open_board(board, log);
    state(here, cruxes[0], person, 35.0);
    assert_eq!(
        here.read_untracked(|board| board.log().last()).millis(),
        noon().millis
    );
}

#[test]
fn a_board_that_is_opened_again_from_an_older_copy_mints_no_id_twice() {
    let owner = Owner::new();
    owner.set();
    let (here, cruxes, person) = session(1);
    let board = here.open.get_untracked().unwrap();
    let older = log_of(here);
    state(here, cruxes[0], person, 35.0);
    let minted = here.read_untracked(|board| board.log().last());
    let other = here.found_board(&NewBoard::of("Another?", &[])).unwrap();
    here.open_board(
        BoardId(other[0].id),
        other.into_iter().map(Entry::Known).collect(),
    );
    // The credence is not stored yet, and so missing in `older`.
    here.open_board(board, older);
    state(here, cruxes[0], person, 40.0);
    assert!(here.read_untracked(|board| board.log().last()) > minted);
}
