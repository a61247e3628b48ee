//! The inputs on a crux during a review: credences with their reasons, and new evidence.

use cruxboard_domain::board::{CurrentView, RecordRef};
use cruxboard_domain::decide::{Command, Move};
use cruxboard_domain::record::{
    BearsOn, CruxId, Direction, Evidence, EvidenceEdit, PersonId, ReviewId, StatementId, Strength,
};
use cruxboard_domain::t;
use cruxboard_domain::{ChangeId, Credence};
use leptos::prelude::*;

use super::follow_meeting;
use crate::component::{
    Choice, CredenceControl, EvidenceWeight, FieldErrors, TextArea, TextField, focus_invalid, live,
};
use crate::page::{dispatch_from, people_choices, read_crux, short};
use cruxboard_session::Session;

/// The field for a participant's credence, with its reason.
#[component]
pub(super) fn StateCredence(
    session: Session,
    review: ReviewId,
    crux: CruxId,
    views: Signal<Vec<CurrentView>>,
) -> impl IntoView {
    let people = Signal::derive(move || {
        session.track(RecordRef::Board);
        let here = follow_meeting(session, review).here;
        let mut people = session.read_untracked(people_choices);
        people.retain(|(key, _)| here.iter().any(|person| person.to_string() == *key));
        people
    });
    let chosen = RwSignal::new(None::<PersonId>);
    let person = Memo::new(move |_| {
        let first = || people.with(|people| people.first()?.0.parse().ok());
        chosen.get().or(session.me.get()).or_else(first)
    });
    let latest = Memo::new(move |_| {
        let person = person.get()?;
        views.with(|views| {
            let own = views.iter().find(|view| view.statement.person == person)?;
            let statement = &own.statement;
            Some((own.id, statement.credence, statement.reason.clone()))
        })
    });
    let value = Signal::derive(move || latest.get().map(|(_, credence, _)| credence));
    // A reason can only be added to a credence stated during this review.
    let stated_here = move |latest: Option<(StatementId, Credence, String)>| {
        latest.filter(|(id, ..)| id.0 > review.0)
    };
    let typed = TypedReasons(reason_draft(session, review, crux));
    let reason = Signal::derive(move || match stated_here(latest.get()) {
        Some((.., reason)) => reason,
        None => person
            .get()
            .map(|person| typed.of(person))
            .unwrap_or_default(),
    });
    let on_commit = Callback::new(move |credence| {
        if let Some(person) = person.get_untracked() {
            let moved = Move {
                crux,
                person,
                credence,
                reason: untrack(|| typed.of(person)),
            };
            let is_stated = session.dispatch(Command::StateCredence {
                moved,
                evidence: Vec::new(),
            });
            if is_stated {
                typed.put(person, String::new());
            }
        }
    });
    let on_reason = Callback::new(move |reason: String| {
        let Some((statement, ..)) = stated_here(latest.get_untracked()) else {
            if let Some(person) = person.get_untracked() {
                typed.put(person, reason);
            }
            return;
        };
        let evidence = session.read_untracked(|board| {
            let said = board.statement(statement);
            said.map(|said| said.evidence.clone()).unwrap_or_default()
        });
        session.dispatch(Command::Explain {
            statement,
            reason,
            evidence,
        });
    });
    let control = move || {
        person.get().map(|person| {
            view! { <TypedCredence session crux person value on_commit /> }
        })
    };
    let key = Signal::derive(move || person.get().map_or_else(String::new, |it| it.to_string()));
    let on_person = Callback::new(move |key: String| chosen.set(key.parse().ok()));
    view! {
        <div class="state-credence" id=CREDENCE_FORM>
            <Choice label=t!("Credence of") options=people value=key on_commit=on_person none="" />
            {live(control)}
            <TextField label=t!("Why?") value=reason on_commit=on_reason />
        </div>
    }
}

/// The control for a person's credence, which keeps a number that is typed and not entered.
#[component]
fn TypedCredence(
    session: Session,
    crux: CruxId,
    person: PersonId,
    value: Signal<Option<Credence>>,
    on_commit: Callback<Credence>,
) -> impl IntoView {
    let draft = RwSignal::new(None::<Credence>);
    let clause = Signal::derive(move || {
        read_crux(session, crux, |_, crux| crux.clause()).unwrap_or_default()
    });
    let form = format!("review-credence/{crux}/{person}");
    let kept = session.draft_at(form, String::new(), |typed: &String| !typed.is_empty());
    view! { <CredenceControl value draft on_commit clause kept label=t!("Credence") /> }
}

/// Number of items shown on each side.
const STRONGEST: usize = 3;

/// Renders the strongest evidence on each side of a crux.
pub(super) fn view_evidence(session: Session, crux: CruxId) -> AnyView {
    session.track(RecordRef::Crux(crux));
    let side = |direction: Direction, none: &'static str| {
        let (items, more) = session.read_untracked(|board| {
            let items = board.evidence_on(crux).filter_map(|item| {
                let bears_on = item.bears_on.get(&crux)?;
                (bears_on.direction == direction).then_some((bears_on.strength, item))
            });
            let mut items: Vec<_> = items.collect();
            items.sort_by_key(|(strength, _)| std::cmp::Reverse(*strength));
            let more = items.len().saturating_sub(STRONGEST);
            let shown = items.into_iter().take(STRONGEST).map(|(strength, item)| {
                let words = short(item.headline(), 220).into_owned();
                let source = match item.source.as_str() {
                    "" => String::new(),
                    source => format!(" · {source}"),
                };
                view! { <li>{words} " " <span class="soft">{strength.label()} {source}</span></li> }
            });
            (shown.collect_view(), more)
        });
        let is_empty = items.is_empty();
        view! {
            <div>
                <h3>{direction.label()}</h3>
                {is_empty.then(|| view! { <p class="soft">{none}</p> })}
                <ul>{items}</ul>
                {(more > 0).then(|| view! { <p class="soft">{t!("and {more} more", more)}</p> })}
            </div>
        }
    };
    view! {
        <div class="walk-sides">
            {side(Direction::For, t!("Nothing speaks for it yet."))}
            {side(Direction::Against, t!("Nothing speaks against it yet."))}
        </div>
    }
    .into_any()
}

/// The reasons that were typed before a credence, which is stored together with its reason.
#[derive(Clone, Copy)]
struct TypedReasons(RwSignal<Vec<String>>);

impl TypedReasons {
    /// Returns the reason of a person. Follows it.
    fn of(self, person: PersonId) -> String {
        let person = person.to_string();
        self.0.with(|typed| {
            let mut pairs = typed.chunks_exact(2);
            let own = pairs.find(|pair| pair.first() == Some(&person));
            own.and_then(|pair| pair.get(1).cloned())
                .unwrap_or_default()
        })
    }

    /// Stores the reason of a person, and keeps those of the others.
    fn put(self, person: PersonId, reason: String) {
        let person = person.to_string();
        self.0.update(|typed| {
            let others = typed.chunks_exact(2);
            let others = others.filter(|pair| pair.first() != Some(&person));
            let mut kept: Vec<String> = others.flatten().cloned().collect();
            if !reason.is_empty() {
                kept.extend([person, reason]);
            }
            *typed = kept;
        });
    }
}

/// Returns the draft of the reasons that have no credence yet: the id of each person, then their reason.
pub(super) fn reason_draft(
    session: Session,
    review: ReviewId,
    crux: CruxId,
) -> RwSignal<Vec<String>> {
    let form = format!("review-reason/{review}/{crux}");
    session.draft_at(form, Vec::new(), |typed: &Vec<String>| !typed.is_empty())
}

/// Returns the draft of new evidence on a crux of a review.
pub(super) fn evidence_draft(session: Session, crux: CruxId) -> RwSignal<Evidence> {
    let is_written = |evidence: &Evidence| *evidence != Evidence::default();
    session.draft("review-evidence", crux.0, Evidence::default(), is_written)
}

/// The id of the form for a credence.
pub(super) const CREDENCE_FORM: &str = "state-credence";
/// The id of the form for evidence.
pub(super) const EVIDENCE_FORM: &str = "add-evidence";

/// The form for a new item of evidence on one crux.
#[component]
pub(super) fn AddEvidence(session: Session, crux: CruxId) -> impl IntoView {
    let evidence = evidence_draft(session, crux);
    let weight = RwSignal::new(BearsOn {
        direction: Direction::For,
        strength: Strength::Moderate,
    });
    let errors = FieldErrors::provide();
    let put = move |write: fn(&mut Evidence, String)| {
        Callback::new(move |text: String| evidence.update(|evidence| write(evidence, text)))
    };
    let text = move |read: fn(&Evidence) -> String| Signal::derive(move || evidence.with(read));
    let save = move |event: leptos::ev::MouseEvent| {
        if focus_invalid(&event) {
            return;
        }
        let set: EvidenceEdit = Evidence::default().edit_to(&evidence.get_untracked());
        let command = Command::FileEvidence {
            evidence: set,
            bears_on: vec![(crux, weight.get_untracked())],
            moves: Vec::new(),
        };
        if dispatch_from(session, errors, command) {
            evidence.set(Evidence::default());
        }
    };
    view! {
        <TextArea label=t!("What did you learn?") name="text" value=text(|it| it.text.clone()) on_commit=put(|it, text| it.text = text) />
        <div class="form-grid">
            <TextField label=t!("Source") value=text(|it| it.source.clone()) on_commit=put(|it, text| it.source = text) />
            <TextField label=t!("Link") name="url" value=text(|it| it.url.clone()) on_commit=put(|it, text| it.url = text) />
        </div>
        <div class="which">
            <span>{t!("against … for")}</span>
            <EvidenceWeight label=t!("Weight") value=Signal::derive(move || Some(weight.get())) on_commit=Callback::new(move |on| weight.set(on)) />
        </div>
        <p class="actions"><button class="primary" on:click=save>{t!("Save evidence")}</button></p>
    }
}

/// Describes from when changes are counted: the end of the previous review.
pub(super) fn since_words(from: ChangeId) -> &'static str {
    if from == ChangeId::MIN {
        t!("Latest changes")
    } else {
        t!("Since the last review")
    }
}
