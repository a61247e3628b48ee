//! Changes in words: author, time and effect, field by field.

use cruxboard_domain::ChangeId;
use cruxboard_domain::board::Board;
use cruxboard_domain::change::{Change, Payload};
use cruxboard_domain::date::spelled;
use cruxboard_domain::decide::Command;
use cruxboard_domain::format::{SetField, pooling_note, set_fields};
use cruxboard_domain::t;
use cruxboard_domain::undo::describe;
use leptos::prelude::*;

use crate::component::live;

use super::person_name;
use cruxboard_session::Session;

/// Number of changes shown before "more".
const BATCH: usize = 30;

/// From this number on, lines that say the same are shown as one.
const MANY: usize = 5;

/// One change, in words.
#[derive(Clone, PartialEq)]
struct Line {
    id: ChangeId,
    what: String,
    who: String,
    when: String,
    counts: bool,
    /// Whether the change adds a record that can be put in the trash.
    can_trash: bool,
    /// Whether the change has content that can be redacted.
    can_erase: bool,
    fields: Vec<SetField>,
    /// An explanation of the effect, for a change that alters figures by itself.
    note: Option<&'static str>,
}

impl Line {
    /// Returns whether both lines read alike, and have nothing more to tell.
    fn says_the_same(&self, other: &Self) -> bool {
        let tells_more =
            |line: &Self| !line.fields.is_empty() || line.note.is_some() || line.can_trash;
        (&self.what, &self.who, &self.when, self.counts)
            == (&other.what, &other.who, &other.when, other.counts)
            && !tells_more(self)
            && !tells_more(other)
    }
}

/// Renders a list of changes, latest first.
#[component]
pub(super) fn ChangeList(session: Session, changes: Signal<Vec<ChangeId>>) -> impl IntoView {
    let limit = RwSignal::new(BATCH);
    let shown = Memo::new(move |_| {
        let ids = changes.get();
        session.read_all(|board| grouped(board, &ids, limit.get()))
    });
    let lines = move || {
        let (groups, _) = shown.get();
        let lines = groups.into_iter().map(|group| view_group(session, group));
        lines.collect_view()
    };
    view! {
        <ol class="changes">{live(lines)}</ol>
        <Show when=move || shown.with(|(_, has_more)| *has_more)>
            <button on:click=move |_| limit.update(|limit| *limit += 200)>{t!("Show earlier changes")}</button>
        </Show>
    }
}

/// Reads the changes as lines, with lines that say the same one after another in one group, and whether there
/// are more groups than the limit.
fn grouped(board: &Board, ids: &[ChangeId], limit: usize) -> (Vec<Vec<Line>>, bool) {
    let trashed: Vec<ChangeId> = board.trash().into_iter().map(|(id, ..)| id).collect();
    let mut groups: Vec<Vec<Line>> = Vec::new();
    let changes = ids.iter().filter_map(|id| board.log().change(*id));
    for line in changes.map(|change| line(board, change, &trashed)) {
        let is_repeated = groups
            .last()
            .is_some_and(|group| group[0].says_the_same(&line));
        if !is_repeated {
            if groups.len() == limit {
                return (groups, true);
            }
            groups.push(Vec::new());
        }
        if let Some(group) = groups.last_mut() {
            group.push(line);
        }
    }
    (groups, false)
}

/// Returns whether lines that say the same are shown as one.
fn is_folded(group: &[Line]) -> bool {
    group.len() >= MANY
}

/// Renders lines that say the same: many of them as one with their number, below which they fold.
fn view_group(session: Session, group: Vec<Line>) -> AnyView {
    let count = group.len();
    if !is_folded(&group) {
        let lines = group.into_iter().map(|line| view_line(session, line));
        return lines.collect_view().into_any();
    }
    let Line {
        what, who, when, ..
    } = group[0].clone();
    let lines = group.into_iter().map(|line| view_line(session, line));
    view! {
        <li>
            <details>
                <summary><b>{what} " × " {count}</b> " " <span class="soft">{who} ", " {when}</span></summary>
                <ol class="changes">{lines.collect_view()}</ol>
            </details>
        </li>
    }
    .into_any()
}

fn line(board: &Board, change: &Change, trashed: &[ChangeId]) -> Line {
    let minutes = change.id.millis().0 / 60_000 % 1_440;
    // A blind round cannot be undone, since its answers have been seen.
    let is_round = matches!(change.payload, Payload::RoundOpened(_));
    Line {
        id: change.id,
        can_trash: !is_round && board.is_record(change.id) && !trashed.contains(&change.id),
        can_erase: !change.payload.is_erased(),
        what: describe([change]),
        who: change
            .by
            .map_or_else(|| t!("somebody").into(), |by| person_name(board, by)),
        when: format!(
            "{} {:02}:{:02} UTC",
            spelled(change.id.day()),
            minutes / 60,
            minutes % 60
        ),
        counts: board.log().counts(change.id),
        fields: set_fields(board, change),
        note: pooling_note(&change.payload),
    }
}

fn view_line(session: Session, line: Line) -> AnyView {
    let id = line.id;
    let erase = line.can_erase.then(|| {
        view! {
            <details class="erase">
                <summary>{t!("Erase…")}</summary>
                <p>{t!("Its content is blanked for good: here, in every copy that this board is merged with, and in every file made from now on. This cannot be undone. Copies already handed out keep it; a Cruxboard server keeps it aside for a week, given out to nobody, in case it was erased by somebody who should not have.")}</p>
                <button class="danger" on:click=move |_| { session.dispatch(Command::Redact(vec![id])); }>{t!("Erase it for good")}</button>
            </details>
        }
    });
    let trash = line.can_trash.then(|| {
        view! {
            <button class="quiet" on:click=move |_| { session.dispatch(Command::Trash(id)); }>{t!("Move to the trash")}</button>
        }
    });
    let fields = line.fields.into_iter().map(|field| {
        let before = field.before.map(|before| {
            view! { <span class="soft"><span class="visually-hidden">{t!("before:")} " "</span>{before} " → "</span> }
        });
        view! { <div><dt>{field.label}</dt><dd>{before} {field.after}</dd></div> }
    });
    view! {
        <li class:retracted=!line.counts>
            <p>
                <b>{line.what}</b> " " <span class="soft">{line.who} ", " {line.when}</span>
                {(!line.counts).then(|| view! { " " <span class="badge">{t!("undone")}</span> })}
            </p>
            <dl>{fields.collect_view()}</dl>
            {line.note.map(|note| view! { <p class="soft">{note}</p> })}
            <div class="change-actions">{trash} {erase}</div>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use cruxboard_domain::Millis;
    use cruxboard_domain::id::Replica;
    use cruxboard_domain::record::PersonEdit;

    const MINUTE: Duration = Duration::from_secs(60);

    /// Returns a board with these changes, and their ids, latest first.
    fn board_with(payloads: Vec<(u32, Payload)>) -> (Board, Vec<ChangeId>) {
        let mut board = Board::default();
        let mut ids = Vec::new();
        for (count, (minute, payload)) in (0..).zip(payloads) {
            let id = ChangeId::new(Millis(0) + MINUTE * minute, count, Replica::default());
            ids.insert(0, id);
            board.apply(Change {
                id,
                by: None,
                part_of: None,
                payload,
            });
        }
        (board, ids)
    }

    fn erased(minute: u32, times: usize) -> Vec<(u32, Payload)> {
        vec![(minute, Payload::Blank); times]
    }

    fn sizes(groups: &[Vec<Line>]) -> Vec<usize> {
        groups.iter().map(Vec::len).collect()
    }

    #[test]
    fn lines_that_say_the_same_one_after_another_fold_from_five_on() {
        for (payloads, lines) in [
            (erased(1, 4), &[(4, false)][..]),
            (erased(1, 5), &[(5, true)]),
            // Another minute is another line.
            (
                [erased(1, 5), erased(2, 6)].concat(),
                &[(6, true), (5, true)],
            ),
            // Something else in between keeps them apart.
            (
                [
                    erased(1, 3),
                    vec![(1, Payload::Retracted(Vec::new()))],
                    erased(1, 3),
                ]
                .concat(),
                &[(3, false), (1, false), (3, false)],
            ),
        ] {
            let (board, ids) = board_with(payloads);
            let (groups, has_more) = grouped(&board, &ids, BATCH);
            let found: Vec<_> = groups
                .iter()
                .map(|group| (group.len(), is_folded(group)))
                .collect();
            assert_eq!(found, lines);
            assert!(!has_more);
        }
    }

    #[test]
    fn lines_with_more_to_tell_never_fold() {
        let added = Payload::PersonAdded(Box::new(PersonEdit {
            name: Some("Ann".into()),
            ..PersonEdit::default()
        }));
        let (board, ids) = board_with(vec![(1, added); 6]);
        let (groups, _) = grouped(&board, &ids, BATCH);
        assert_eq!(sizes(&groups), [1; 6]);
    }

    #[test]
    fn the_first_lines_are_counted_as_they_are_shown() {
        let (board, ids) = board_with([erased(1, 2), erased(2, 7), erased(3, 1)].concat());
        let (groups, has_more) = grouped(&board, &ids, 2);
        assert_eq!(sizes(&groups), [1, 7]);
        assert!(has_more);
        let (groups, has_more) = grouped(&board, &ids, 3);
        assert_eq!(sizes(&groups), [1, 7, 2]);
        assert!(!has_more);
    }
}
