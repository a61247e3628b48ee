use super::bears_on::{AllBears, Bears, CruxLines, summary};
use cruxboard_domain::ChangeId;
use cruxboard_domain::decide::{Command, Move};
use cruxboard_domain::format::short;
use cruxboard_domain::import::clipping::Clipping;
use cruxboard_domain::record::{CruxId, Direction, Evidence, EvidenceEdit, PersonId};
use cruxboard_domain::t;

use std::sync::Arc;

use super::fields::{ContentFields, DetailFields};
use crate::component::{
    DraftBanner, FieldErrors, Later, focus_first_text, focus_invalid, is_sent_by, live,
    press_key_in_form,
};
use crate::page::{Services, dispatch_from};
use crate::route::{Route, Screen};
use cruxboard_session::{Question, QuestionChoice, Session};
use leptos::prelude::*;

fn is_written(evidence: &Evidence) -> bool {
    *evidence != Evidence::default()
}

fn draft(session: Session) -> RwSignal<Evidence> {
    session.draft("evidence", ChangeId::MIN, Evidence::default(), is_written)
}

fn moves(bears: &AllBears) -> bool {
    bears.0.values().any(|it| it.credence.is_some())
}

fn bears_draft(session: Session) -> RwSignal<AllBears> {
    session.draft("bears-on", ChangeId::MIN, AllBears::default(), moves)
}

/// Empties the draft of evidence, but for the crux that the form begins with.
fn begin_anew(session: Session, crux: Option<CruxId>, side: Direction) {
    draft(session).set(Evidence::default());
    let first = crux.map(|crux| (crux, Bears::on(side)));
    bears_draft(session).set(AllBears(first.into_iter().collect()));
}

/// Adds a pasted or shared text or link to the draft of evidence.
fn add_to_draft(session: Session, clipping: &Clipping) {
    let draft = draft(session);
    let was_written = draft.with_untracked(is_written);
    draft.update(|evidence| clipping.add_to(evidence));
    if was_written {
        session
            .notices
            .told(t!("Added to the evidence you had begun."));
    }
}

/// Begins new evidence with a pasted or shared text or link. If other evidence is begun and not saved, asks
/// whether it belongs there.
pub(super) fn begin_from(session: Session, crux: Option<CruxId>, clipping: Clipping) {
    let begun = draft(session).get_untracked();
    if !is_written(&begun) {
        return add_to_draft(session, &clipping);
    }
    let mut with_it = begun.clone();
    clipping.add_to(&mut with_it);
    if with_it == begun {
        return;
    }
    let anew = {
        let clipping = clipping.clone();
        move || {
            session.discard_draft(
                || {
                    begin_anew(session, crux, Direction::For);
                    draft(session).update(|evidence| clipping.add_to(evidence));
                },
                || (),
            );
        }
    };
    let choice = |label: &str, take: Arc<dyn Fn() + Send + Sync>| QuestionChoice {
        label: label.to_owned(),
        sample: String::new(),
        take,
    };
    session.notices.question.set(Some(Question {
        title: t!("Other evidence is not saved yet").to_owned(),
        words: vec![t!(
            "You have begun “{name}”. Is the new text a part of it?",
            name = short(begun.headline(), 80)
        )],
        choices: vec![
            choice(t!("Begin a new sheet"), Arc::new(anew)),
            choice(
                t!("Add it to the draft"),
                Arc::new(move || add_to_draft(session, &clipping)),
            ),
        ],
    }));
}

/// The form for a new item of evidence. Saving it stores the item, its weights and the moved credences as one
/// action.
#[component]
pub fn NewEvidencePage(
    session: Session,
    crux: Option<CruxId>,
    /// The side of that crux.
    side: Direction,
) -> impl IntoView {
    let services = Services::from_context();
    let evidence = draft(session);
    let bears = bears_draft(session);
    let is_kept = evidence.with_untracked(is_written) || bears.with_untracked(moves);
    let begin = move || begin_anew(session, crux, side);
    Effect::new(move |_| {
        if session.drafts.pasted.with(Option::is_some)
            && let Some(clipping) = session.drafts.pasted.write_untracked().take()
        {
            add_to_draft(session, &clipping);
        }
    });
    // A ticked crux alone is no draft.
    on_cleanup(move || {
        if !evidence.with_untracked(is_written) && !bears.with_untracked(moves) {
            bears.set(AllBears::default());
        }
    });
    if !is_kept {
        begin();
    } else if let Some(crux) = crux {
        bears.update(|bears| {
            bears.0.entry(crux).or_insert_with(|| Bears::on(side));
        });
    }
    let set =
        Callback::new(move |set: EvidenceEdit| evidence.update(|evidence| evidence.overlay(&set)));
    let errors = FieldErrors::provide();
    let later = Later::from_context();
    let form = NodeRef::<leptos::html::Form>::new();
    let write = move || {
        if let Some(form) = form.get_untracked() {
            focus_first_text(&form);
        }
    };
    // Later, since a new screen is first scrolled to its top. With a draft the keyboard stays there, so that
    // it can be read first.
    if !is_kept {
        later.run(0, write);
    }
    let file = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if focus_invalid(&event) {
            return;
        }
        let is_more_to_come = is_sent_by(&event, "more");
        let command = to_command(
            &evidence.get_untracked(),
            &bears.get_untracked(),
            session.me.get_untracked(),
        );
        if dispatch_from(session, errors, command)
            && let Some(board) = session.open.get_untracked()
        {
            begin();
            if is_more_to_come {
                write();
                return;
            }
            let back = crux.map_or_else(|| Screen::Evidence(Default::default()), Screen::Crux);
            services
                .navigation
                .go
                .run((Route::Board(board, back), true));
        }
    };
    view! {
        <form class="page narrow" novalidate node_ref=form on:submit=file on:keydown=press_key_in_form>
            <h1>{t!("New evidence")}</h1>
            <DraftBanner is_kept on_discard=Callback::new(move |()| begin()) />
            <ContentFields evidence set />
            <CruxLines session bears />
            <DetailFields session own=None evidence set />
            <p class="actions sticky">
                <button class="primary" type="submit" title=t!("Ctrl or ⌘ + Enter")>{t!("Save evidence")}</button>
                <button type="submit" value="more">{t!("Save and next")}</button>
                <span class="soft">{live(move || summary(&bears.get()))}</span>
            </p>
        </form>
    }
}

fn to_command(
    evidence: &Evidence,
    AllBears(bears): &AllBears,
    person: Option<PersonId>,
) -> Command {
    let moves = bears.iter().filter_map(|(crux, bears)| {
        Some(Move {
            crux: *crux,
            person: person?,
            credence: bears.credence?,
            reason: bears.reason.clone(),
        })
    });
    Command::FileEvidence {
        evidence: Evidence::default().edit_to(evidence),
        moves: moves.collect(),
        bears_on: bears
            .iter()
            .map(|(crux, bears)| (*crux, bears.on))
            .collect(),
    }
}
