//! The reader’s own credence, with its reason.

use std::time::Duration;

use super::super::claim::{rewording, words_stated_on};
use crate::component::{CredenceControl, Pick, Section, TextArea, live};
use crate::page::{read_crux, short};
use cruxboard_domain::Credence;
use cruxboard_domain::board::{CurrentView, RecordRef};
use cruxboard_domain::date::{relative, spelled};
use cruxboard_domain::decide::{Command, Move};
use cruxboard_domain::record::{CruxId, StatementId};
use cruxboard_domain::t;
use cruxboard_session::Session;
use leptos::prelude::*;

/// Time during which a reason can be added beside a new statement.
const EXPLAIN_WITHIN: Duration = Duration::from_secs(15 * 60);

/// The reader's own credence, with its reason.
#[component]
pub(super) fn Mine(
    session: Session,
    id: CruxId,
    draft: RwSignal<Option<Credence>>,
    views: Signal<Vec<CurrentView>>,
) -> impl IntoView {
    let mine = Memo::new(move |_| {
        let me = session.me.get()?;
        views.with(|views| {
            views
                .iter()
                .find(|view| view.statement.person == me)
                .cloned()
        })
    });
    let value =
        Signal::derive(move || mine.with(|mine| mine.as_ref().map(|view| view.statement.credence)));
    let clause =
        Signal::derive(move || read_crux(session, id, |_, crux| crux.clause()).unwrap_or_default());
    let on_commit = Callback::new(move |credence| {
        if let Some(person) = session.me.get_untracked() {
            let moved = Move {
                crux: id,
                person,
                credence,
                reason: String::new(),
            };
            session.dispatch(Command::StateCredence {
                moved,
                evidence: Vec::new(),
            });
        }
    });
    let still = move |_| {
        if let Some(person) = session.me.get_untracked() {
            session.dispatch(Command::Reaffirm { crux: id, person });
        }
    };
    let recent = Memo::new(move |_| {
        let now = session.now.get().millis;
        mine.with(|mine| {
            let view = mine.as_ref()?;
            let is_recent = view.id.0.millis() + EXPLAIN_WITHIN > now;
            (is_recent && !view.statement.reaffirms).then_some(view.id)
        })
    });
    let asked = move || {
        let view = mine.get()?;
        let words = words_stated_on(session, id, view.id)?;
        Some(view! {
            <div class="reworded" role="group" aria-label=t!("Reworded claim")>
                <p><b>{t!("The claim has other words since you stated this.")}</b> " " {t!("Confirm your credence, or state it anew.")}</p>
                {rewording(session, &words)}
            </div>
        })
    };
    view! {
        <Show
            when=move || session.me.get().is_some()
            fallback=|| view! {
                <p class="who-first">{t!("Choose your name (“You are”, at the top) to state a credence.")}</p>
            }
        >
            <div class="mine">
                <h3>{t!("Your credence")}</h3>
                {live(asked)}
                {live(move || session.me.get().map(|me| {
                    let kept = session.draft_at(format!("credence/{id}/{me}"), String::new(), |typed: &String| !typed.is_empty());
                    view! { <CredenceControl value draft on_commit clause kept /> }
                }))}
                <div class="mine-actions">
                    <button on:click=still disabled=move || value.get().is_none()>{t!("Confirm unchanged")}</button>
                    {live(move || mine.get().map(|view| view! {
                        <span class="soft">
                            {spelled(session.day_of(view.statement.at))} ", "
                            {relative(session.day_of(view.statement.at), session.now.get().today())}
                            {view.statement.reaffirms.then_some(t!(", reaffirmed"))}
                            {view.is_stale.then_some(t!(": stale"))}
                        </span>
                    }))}
                </div>
                {live(move || recent.get().map(|statement| view! { <Explain session crux=id statement /> }))}
            </div>
        </Show>
    }
}

/// The fields for the reason and evidence of a new statement.
#[component]
fn Explain(session: Session, crux: CruxId, statement: StatementId) -> impl IntoView {
    let read = move || {
        session.read(RecordRef::Crux(crux), |board| {
            board
                .statement(statement)
                .map(|s| (s.reason.clone(), s.evidence.clone(), s.credence))
        })
    };
    let reason = Signal::derive(move || read().map(|(reason, ..)| reason).unwrap_or_default());
    let evidence = Signal::derive(move || {
        let ids = read().map(|(_, evidence, _)| evidence).unwrap_or_default();
        ids.iter().map(ToString::to_string).collect::<Vec<_>>()
    });
    let options = Signal::derive(move || {
        session.read(RecordRef::Crux(crux), |board| {
            let items = board.evidence_on(crux);
            items
                .map(|e| (e.id.to_string(), short(e.headline(), 90).into_owned()))
                .collect::<Vec<_>>()
        })
    });
    let explain = move |reason: String, evidence: Vec<String>| {
        let evidence = evidence.iter().filter_map(|id| id.parse().ok()).collect();
        session.dispatch(Command::Explain {
            statement,
            reason,
            evidence,
        });
    };
    let on_reason = Callback::new(move |text| explain(text, evidence.get_untracked()));
    let on_evidence = Callback::new(move |ids| explain(reason.get_untracked(), ids));
    let is_open = RwSignal::new(false);
    let chosen = Signal::derive(move || match evidence.with(Vec::len) {
        0 => String::new(),
        count => t!("{count} chosen", count),
    });
    view! {
        <div class="explain">
            <TextArea label=t!("Why? (kept with this move)") value=reason on_commit=on_reason placeholder=t!("What moved you, in a sentence") />
            <Show when=move || options.with(|options| !options.is_empty())>
                <Section title=t!("On which evidence?") note=chosen is_open on_toggle=Callback::new(move |open| is_open.set(open))>
                    <Pick label=t!("Evidence behind this move") options value=evidence on_commit=on_evidence />
                </Section>
            </Show>
        </div>
    }
}
