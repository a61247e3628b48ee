//! Help for two people with a wide gap: asks each of them what would change their mind.

use cruxboard_domain::decide::Command;
use cruxboard_domain::record::{
    CruxEdit, CruxId, FollowUpEdit, FollowUpKind, Measure, PersonId, TriggerEdit,
};
use cruxboard_domain::round::Finding;
use cruxboard_domain::t;
use leptos::prelude::*;

use crate::component::{FieldErrors, TextArea, live};
use crate::page::person_name;
use cruxboard_session::Session;

/// The gap in percentage points from which the help is offered, on a crux without a trigger on the spread.
const APART_POINTS: f64 = 20.0;

/// Asks the two ends of a gap what would change their mind. Each answer becomes a crux, a trigger or a
/// follow-up, linked to this crux.
#[component]
pub(super) fn Apart(
    session: Session,
    crux: CruxId,
    finding: Signal<Option<Finding>>,
) -> impl IntoView {
    let threshold = session.read_untracked(|board| {
        let rules = board.triggers_of(crux).filter_map(|trigger| trigger.rule);
        let mut spreads = rules.filter(|rule| rule.measure == Measure::Spread);
        // The trigger on the spread calls for a discussion; the help is offered from half of its value on.
        let value = spreads.next().map(|rule| rule.value.percent() / 2.0);
        value.unwrap_or(APART_POINTS)
    });
    let ends = Memo::new(move |_| {
        let finding = finding.get().filter(|finding| finding.gap() >= threshold)?;
        let (low, high) = (finding.answers.first()?, finding.answers.last()?);
        Some((low.0, high.0))
    });
    let fields = move || {
        ends.get().map(|(low, high)| {
            view! {
                <EndField session crux person=low way="raise" />
                <EndField session crux person=high way="lower" />
            }
        })
    };
    view! {
        <Show when=move || ends.get().is_some()>
            <section class="apart" aria-label=t!("What would change your mind?")>
                <h3>{t!("What would change your mind?")}</h3>
                <p class="soft">{t!("The highest and the lowest credence each name what would move them towards the other. If both name the same thing, it is the crux between them.")}</p>
                {live(fields)}
            </section>
        </Show>
    }
}

#[component]
fn EndField(session: Session, crux: CruxId, person: PersonId, way: &'static str) -> impl IntoView {
    let name = session.read_untracked(|board| person_name(board, person));
    let form = format!("would-{way}/{crux}/{person}");
    let text = session.draft_at(form, String::new(), |text| !text.is_empty());
    let owner = name.clone();
    let errors = FieldErrors::provide();
    let add = move |make: &dyn Fn(String) -> Command| {
        let text_now = text.get_untracked();
        if text_now.is_empty() {
            let why = t!("First enter what would change their mind.");
            session.notices.refused(why);
            errors.refuse("text", why);
        } else if session.dispatch(make(text_now)) {
            text.set(String::new());
        }
    };
    let as_crux = move |_| {
        add(&|claim| Command::AddCrux {
            crux: CruxEdit {
                claim: Some(claim),
                split_from: Some(Some(crux)),
                ..CruxEdit::default()
            },
            triggers: Vec::new(),
        });
    };
    let as_trigger = move |_| {
        add(&|observable| {
            Command::AddTrigger(TriggerEdit {
                crux: Some(crux),
                observable: Some(observable),
                ..TriggerEdit::default()
            })
        });
    };
    let as_follow_up = move |_| {
        add(&|what| {
            Command::AddFollowUp(FollowUpEdit {
                what: Some(what),
                kind: Some(Some(FollowUpKind::Question)),
                owner: Some(owner.clone()),
                crux: Some(Some(crux)),
                ..FollowUpEdit::default()
            })
        });
    };
    let label = match way {
        "raise" => t!("{name}: what would raise your credence?", name),
        _ => t!("{name}: what would lower your credence?", name),
    };
    let crux_label = t!("Make it a crux, for {name}", name);
    let trigger_label = t!("Make it a trigger, for {name}", name);
    let follow_up_label = t!("Make it a follow-up, for {name}", name);
    view! {
        <div class="end">
            <TextArea label name="text" value=text on_commit=Callback::new(move |words| text.set(words)) />
            <p class="actions">
                <button aria-label=crux_label on:click=as_crux>{t!("Make it a crux")}</button>
                <button aria-label=trigger_label on:click=as_trigger>{t!("Make it a trigger")}</button>
                <button aria-label=follow_up_label on:click=as_follow_up>{t!("Make it a follow-up")}</button>
            </p>
        </div>
    }
}
