use cruxboard_domain::board::RecordRef;
use cruxboard_domain::record::{BearsOn, CruxId, Direction, EvidenceId, Strength, Visibility};
use cruxboard_domain::t;
use leptos::prelude::*;

use crate::component::live;

use crate::page::href;
use crate::route::Screen;
use cruxboard_session::Session;

/// The evidence for and against the claim, side by side.
#[component]
pub(super) fn EvidencePanel(session: Session, id: CruxId) -> impl IntoView {
    let items = Memo::new(move |_| {
        session.read(RecordRef::Crux(id), |board| {
            let item =
                |evidence: &cruxboard_domain::record::Record<EvidenceId, _>| Item::of(evidence, id);
            board.evidence_on(id).filter_map(item).collect::<Vec<_>>()
        })
    });
    let side = move |direction: Direction, empty: &'static str| {
        let of_side = Signal::derive(move || {
            items.with(|items| {
                items
                    .iter()
                    .filter(|i| i.bears_on.direction == direction)
                    .cloned()
                    .collect::<Vec<_>>()
            })
        });
        let list = move || {
            of_side
                .get()
                .into_iter()
                .map(|item| item.view(session))
                .collect_view()
        };
        view! {
            <div class="side">
                <h3>{direction.label()} " " <span class="soft">{live(move || of_side.with(Vec::len))}</span></h3>
                <Show
                    when=move || of_side.with(|items| !items.is_empty())
                    fallback=move || view! { <p class="missing">{empty}</p> }
                >
                    <ul class="evidence-list">{live(list)}</ul>
                </Show>
            </div>
        }
    };
    let neutral = move || {
        let items = items
            .get()
            .into_iter()
            .filter(|item| item.bears_on.direction == Direction::Neutral);
        let items: Vec<_> = items.map(|item| item.view(session)).collect();
        (!items.is_empty()).then(|| {
            view! {
                <div class="side neutral">
                    <h3>{t!("Neutral evidence")}</h3>
                    <ul class="evidence-list">{items}</ul>
                </div>
            }
        })
    };
    let same_origin = move || {
        let count = session.read(RecordRef::Crux(id), |board| board.of_one_origin(id));
        (count > 1).then(|| {
            view! {
                <p class="late">{t!("{count} of these share an origin: count them once.", count)}</p>
            }
        })
    };
    view! {
        <section class="panel evidence" aria-labelledby="evidence-title">
            <div class="panel-head">
                <h2 id="evidence-title">{t!("Evidence")}</h2>
                <a class="button" href=href(session, Screen::NewEvidence(Some(id)))>{t!("+ Evidence")}</a>
            </div>
            {live(same_origin)}
            <div class="sides">
                {side(Direction::For, t!("! Nothing speaks for it yet."))}
                {side(Direction::Against, t!("! Nothing speaks against it yet. What would?"))}
            </div>
            {live(neutral)}
        </section>
    }
}

#[derive(Clone, PartialEq)]
struct Item {
    id: EvidenceId,
    headline: String,
    source: String,
    bears_on: BearsOn,
    visibility: Visibility,
    rivals: usize,
}

impl Item {
    fn of(
        evidence: &cruxboard_domain::record::Record<EvidenceId, cruxboard_domain::record::Evidence>,
        crux: CruxId,
    ) -> Option<Self> {
        Some(Self {
            id: evidence.id,
            headline: evidence.headline().to_owned(),
            source: evidence.source.clone(),
            bears_on: *evidence.bears_on.get(&crux)?,
            visibility: evidence.visibility(),
            rivals: evidence.rivals.len(),
        })
    }

    fn view(self, session: Session) -> AnyView {
        let width = match self.bears_on.strength {
            Strength::Slight => "33%",
            Strength::Moderate => "66%",
            Strength::Strong => "100%",
        };
        let hidden = (self.visibility != Visibility::Public)
            .then(|| view! { <span class="badge">{self.visibility.label()}</span> });
        let rivals = (self.rivals > 0)
            .then(|| view! { <span class="badge">{t!("rival explanation")}</span> });
        view! {
            <li>
                <a href=href(session, Screen::EvidenceItem(self.id))>{self.headline}</a>
                <span class="strength" title=self.bears_on.strength.label()>
                    <span class="bar" style:width=width></span>
                </span>
                <span class="soft">{self.bears_on.strength.label()} {(!self.source.is_empty()).then(|| format!(" · {}", self.source))}</span>
                {hidden}
                {rivals}
            </li>
        }
        .into_any()
    }
}
