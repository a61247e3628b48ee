//! The form that records the outcome of a trigger.

use cruxboard_domain::board::{Board, RecordRef};
use cruxboard_domain::decide::Command;
use cruxboard_domain::record::{CruxId, Trigger, TriggerId, Verdict};
use cruxboard_domain::t;
use leptos::prelude::*;

use crate::component::live;

use crate::component::{Choice, DraftBanner, FieldErrors, Pick, Section, TextArea};
use crate::page::{dispatch_from, short, word_choices};
use cruxboard_session::Session;

/// The form that records an outcome and its reason. A computed trigger can only be voided and reopened.
#[component]
pub(in crate::page) fn Judge(session: Session, crux: CruxId, id: TriggerId) -> impl IntoView {
    let is_written = |text: &String| !text.is_empty();
    let verdict = session.draft("judgement-verdict", id.0, String::new(), is_written);
    let reason = session.draft("judgement-reason", id.0, String::new(), is_written);
    let evidence = session.draft("judgement-evidence", id.0, Vec::<String>::new(), |_| false);
    let is_kept = verdict.with_untracked(is_written) || reason.with_untracked(is_written);
    let is_open = RwSignal::new(is_kept);
    let discard = Callback::new(move |()| {
        verdict.set(String::new());
        reason.set(String::new());
        evidence.set(Vec::new());
    });
    let options = Signal::derive(move || {
        session.read(RecordRef::Crux(crux), |board| evidence_choices(board, crux))
    });
    let verdicts = Signal::derive(move || {
        let is_computed = session.read(RecordRef::Crux(crux), |board| {
            board.trigger(id).is_some_and(|it| it.rule.is_some())
        });
        verdict_choices(is_computed)
    });
    let errors = FieldErrors::provide();
    let judge = move |_| {
        let Some(verdict_now) = Verdict::from_key(&verdict.get_untracked()) else {
            let why = t!("Choose a status.");
            session.notices.refused(why);
            errors.refuse("verdict", why);
            return;
        };
        let command = Command::JudgeTrigger {
            trigger: id,
            verdict: verdict_now,
            reason: reason.get_untracked(),
            evidence: evidence
                .get_untracked()
                .iter()
                .filter_map(|id| id.parse().ok())
                .collect(),
        };
        if dispatch_from(session, errors, command) {
            discard.run(());
            is_open.set(false);
        }
    };
    let is_disputed = Memo::new(move |_| {
        session.read(RecordRef::Crux(crux), |board| {
            board
                .trigger(id)
                .is_some_and(|it| cruxboard_domain::trigger_state::dispute(board, it).is_some())
        })
    });
    let button = move || {
        if is_disputed.get() {
            t!("Settle the dispute")
        } else {
            t!("Save outcome")
        }
    };
    view! {
        <Section title=t!("Record outcome") is_open on_toggle=Callback::new(move |open| is_open.set(open))>
            <DraftBanner is_kept on_discard=discard />
            <Choice label=t!("Status") name="verdict" options=verdicts value=verdict on_commit=Callback::new(move |key| verdict.set(key)) />
            <TextArea label=t!("Reason") name="reason" value=reason on_commit=Callback::new(move |text| reason.set(text)) />
            <Show when=move || options.with(|options| !options.is_empty())>
                <Pick label=t!("On which evidence") options value=evidence on_commit=Callback::new(move |ids| evidence.set(ids)) />
            </Show>
            <Consequences session crux id verdict is_disputed />
            <p class="actions"><button class="primary" on:click=judge>{live(button)}</button></p>
        </Section>
    }
}

/// Describes the consequences of an outcome before it is recorded.
#[component]
fn Consequences(
    session: Session,
    crux: CruxId,
    id: TriggerId,
    #[prop(into)] verdict: Signal<String>,
    is_disputed: Memo<bool>,
) -> impl IntoView {
    let shows = move || {
        let verdict = Verdict::from_key(&verdict.get())?;
        let words = session.read(RecordRef::Crux(crux), |board| {
            consequence(board.trigger(id)?, verdict)
        })?;
        Some(view! { <p class="soft">{words}</p> })
    };
    let settles = move || {
        let words =
            t!("This trigger is disputed: your outcome settles it. Earlier outcomes stay visible.");
        is_disputed
            .get()
            .then(|| view! { <p class="soft">{words}</p> })
    };
    view! { {live(shows)} {live(settles)} }
}

fn evidence_choices(board: &Board, crux: CruxId) -> Vec<(String, String)> {
    let items = board.evidence_on(crux);
    items
        .map(|e| (e.id.to_string(), short(e.headline(), 80).into_owned()))
        .collect()
}

/// Returns the outcomes that can be recorded. A computed trigger can only be voided and reopened.
fn verdict_choices(is_computed: bool) -> Vec<(String, String)> {
    let mut verdicts = word_choices!(Verdict);
    let by_hand = [Verdict::Void.key(), Verdict::Open.key()];
    verdicts.retain(|(key, _)| !is_computed || by_hand.contains(&key.as_str()));
    verdicts
}

/// Describes what an outcome shows about the claim; `None` if it shows nothing.
fn consequence(trigger: &Trigger, verdict: Verdict) -> Option<String> {
    if !matches!(verdict, Verdict::Met | Verdict::NotMet) {
        return None;
    }
    Some(match trigger.shows(verdict) {
        Some(shows) => t!(
            "By its terms the claim then counts as {outcome}, and everybody’s credences are scored.",
            outcome = shows.label()
        ),
        None => t!("Its terms do not say what that shows of the claim, so nobody is scored by it.")
            .into(),
    })
}
