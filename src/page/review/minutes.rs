//! The minutes of a review, to read, copy, download or print.

use cruxboard_domain::ChangeId;
use cruxboard_domain::change::{Edited, ReviewNoted};
use cruxboard_domain::decide::Command;
use cruxboard_domain::export::file_name::{ExportKind, export_name};
use cruxboard_domain::minutes::{Audience, minutes};
use cruxboard_domain::record::{CruxId, Note, Review, ReviewEdit, ReviewId};
use cruxboard_domain::t;
use cruxboard_domain::web_address::check_address;
use leptos::prelude::*;

use super::ending::Ending;
use super::stepper::{Step, Stepper};
use super::{Gone, follow_meeting};
use crate::component::{Check, Choice, live};
use crate::page::{Services, short, word_choices};
use cruxboard_session::Session;
use cruxboard_session::ports::FileSort;

/// The minutes of one review.
#[component]
pub fn MinutesPage(session: Session, id: ReviewId) -> impl IntoView {
    let services = Services::from_context();
    let audience = RwSignal::new(Audience::Internal);
    let text = Memo::new(move |_| {
        let (audience, now) = (audience.get(), session.now.get());
        session.read_all(|board| {
            let meeting = board.review(id)?;
            Some(minutes(board, meeting, audience, now))
        })
    });
    let is_there = Memo::new(move |_| text.with(Option::is_some));
    let file = move |_| {
        let kind = match audience.get_untracked() {
            Audience::Internal => ExportKind::Minutes,
            Audience::Public => ExportKind::PublicMinutes,
        };
        let day = session.day_of(id.0.millis());
        let name = session.read_untracked(|board| export_name(&board.info().question, kind, day));
        let text = text.get_untracked().unwrap_or_default();
        services.files.save.run((name, FileSort::Markdown, text));
    };
    let copy = move |_| {
        services
            .files
            .copy
            .run(text.get_untracked().unwrap_or_default())
    };
    let on_audience = Callback::new(move |key: String| {
        audience.set(Audience::from_key(&key).unwrap_or(Audience::Internal));
    });
    view! {
        <Show when=move || is_there.get() fallback=move || view! { <Gone session /> }>
            <Stepper session id at=Step::Minutes>
                <div class="actions minutes-head">
                    <Choice label=t!("whom" => "For") options=Signal::stored(word_choices!(Audience)) value=Signal::derive(move || audience.get().key().to_owned()) on_commit=on_audience none="" />
                    <button class="primary" on:click=copy>{t!("Copy")}</button>
                    <button on:click=file>{t!("Download")}</button>
                    <button on:click=move |_| services.files.print.run(())>{t!("Print")}</button>
                </div>
                <Show when=move || audience.get() == Audience::Public>
                    <LetIn session id />
                </Show>
                <Ending session id />
                <article class="minutes">{live(move || view_markdown(&text.get().unwrap_or_default()))}</article>
            </Stepper>
        </Show>
    }
}

/// The choice of notes that anybody may read. None is public by default, and each choice applies to one text
/// only.
#[component]
fn LetIn(session: Session, id: ReviewId) -> impl IntoView {
    let meeting = Memo::new(move |_| follow_meeting(session, id));
    let ids = Memo::new(move |_| {
        meeting.with(|meeting| {
            let on_cruxes = meeting.notes.keys().map(|crux| crux.0);
            let all = [ChangeId::MIN].into_iter().chain(on_cruxes);
            all.filter(|of| !note_of(meeting, *of).text.trim().is_empty())
                .collect::<Vec<_>>()
        })
    });
    let check = move |of: ChangeId| {
        let crux = CruxId(of);
        let name =
            match session.read_untracked(|board| board.crux(crux).map(|c| c.name().into_owned())) {
                Some(name) => name,
                None if of == ChangeId::MIN => t!("The review as a whole").to_owned(),
                None => t!("Deleted crux").to_owned(),
            };
        let note = meeting.with_untracked(|meeting| note_of(meeting, of));
        let label = t!("{name}: “{text}”", name, text = short(&note.text, 120));
        let value = Signal::derive(move || meeting.with(|meeting| note_of(meeting, of).is_public));
        let on_commit = Callback::new(move |is_public| {
            if meeting.with_untracked(|meeting| note_of(meeting, of).text != note.text) {
                session.notices.refused(t!(
                    "This note has changed since. Open the minutes again and read it."
                ));
                return;
            }
            session.dispatch(if of == ChangeId::MIN {
                Command::EditReview(Edited {
                    of: id,
                    set: ReviewEdit {
                        note_is_public: Some(is_public),
                        ..ReviewEdit::default()
                    },
                    reason: String::new(),
                })
            } else {
                Command::NoteInReview(ReviewNoted {
                    review: id,
                    crux,
                    text: note.text.clone(),
                    is_public,
                })
            });
        });
        view! { <Check label value on_commit /> }.into_any()
    };
    view! {
        <Show when=move || ids.with(|ids| !ids.is_empty())>
            <fieldset class="panel let-in">
                <legend>{t!("Notes to include")}</legend>
                <For each=move || ids.get() key=|id| *id let(id)>{check(id)}</For>
            </fieldset>
        </Show>
        <p class="soft let-in">{t!("Left out: follow-ups, earlier wordings, and reasons that cite items that are not public. Other reasons, blind answers and decisions are included as written. Read everything before you share it.")}</p>
    }
}

/// Returns the note on a crux, or on the review as a whole.
fn note_of(meeting: &Review, of: ChangeId) -> Note {
    if of == ChangeId::MIN {
        return Note {
            text: meeting.note.clone(),
            is_public: meeting.note_is_public,
        };
    }
    let note = meeting.notes.get(&CruxId(of));
    note.cloned().unwrap_or_default()
}

/// Renders the few Markdown marks that minutes use as elements; everything else stays text.
fn view_markdown(text: &str) -> Vec<AnyView> {
    let mut views = Vec::new();
    let mut lines = text.lines().filter(|line| !line.is_empty()).peekable();
    while let Some(line) = lines.next() {
        if line.starts_with('|') {
            // The line below the head only contains the rule.
            lines.next();
            let mut rows = Vec::new();
            while let Some(row) = lines.next_if(|line| line.starts_with('|')) {
                rows.push(row);
            }
            views.push(view_table(line, &rows));
            continue;
        }
        views.push(if let Some(title) = line.strip_prefix("# ") {
            view! { <h1>{plain(title)}</h1> }.into_any()
        } else if let Some(title) = line.strip_prefix("## ") {
            view! { <h2>{plain(title)}</h2> }.into_any()
        } else if let Some(title) = line.strip_prefix("### ") {
            view! { <h3>{plain(title)}</h3> }.into_any()
        } else if let Some(item) = line.strip_prefix("- ") {
            view! { <p class="item">{with_link(item)}</p> }.into_any()
        } else {
            view! { <p>{plain(line)}</p> }.into_any()
        });
    }
    views
}

fn view_table(head: &str, rows: &[&str]) -> AnyView {
    let head = cells(head)
        .into_iter()
        .map(|cell| view! { <th scope="col">{cell}</th> })
        .collect_view();
    let rows = rows.iter().map(|row| {
        let cells = cells(row).into_iter().enumerate().map(|(place, cell)| {
            if place == 0 {
                view! { <th scope="row">{cell}</th> }.into_any()
            } else {
                view! { <td>{cell}</td> }.into_any()
            }
        });
        view! { <tr>{cells.collect_view()}</tr> }
    });
    view! {
        <table class="data">
            <thead><tr>{head}</tr></thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// Splits a row at the bars that are not escaped.
fn cells(row: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut letters = row.trim().trim_start_matches('|').chars();
    while let Some(letter) = letters.next() {
        match letter {
            '|' => cells.push(String::new()),
            _ => {
                if let Some(cell) = cells.last_mut() {
                    cell.push(letter);
                    if letter == '\\' {
                        cell.extend(letters.next());
                    }
                }
            }
        }
    }
    // The part after the last bar is empty.
    cells.pop();
    cells.iter().map(|cell| plain(cell.trim())).collect()
}

/// Renders a text, with an address at its end as a link.
fn with_link(text: &str) -> AnyView {
    let found = text
        .strip_suffix('>')
        .and_then(|text| text.rsplit_once(" <"));
    match found.filter(|(_, address)| check_address(address).is_ok()) {
        Some((text, address)) => {
            let address = address.to_owned();
            view! { {plain(text)} " " <a href=address.clone() rel="noreferrer">{address.clone()}</a> }
                .into_any()
        }
        None => view! { {plain(text)} }.into_any(),
    }
}

/// Removes the backslashes before escaped marks.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        plain.push(if letter == '\\' {
            letters.next().unwrap_or(letter)
        } else {
            letter
        });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read_back_as_it_was_written() {
        for (row, read) in [
            ("| a | b |", &["a", "b"][..]),
            (r"| a\|b | c\\ |", &["a|b", r"c\"]),
            ("| 🙂, \"x\" |  |", &["🙂, \"x\"", ""]),
        ] {
            assert_eq!(cells(row), read, "{row}");
        }
    }
}
