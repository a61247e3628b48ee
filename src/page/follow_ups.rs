//! The list of follow-ups.

use cruxboard_domain::ChangeId;
use cruxboard_domain::board::RecordRef;
use cruxboard_domain::change::Edited;
use cruxboard_domain::decide::Command;
use cruxboard_domain::record::table::{Field, assert_shown, pick};
use cruxboard_domain::record::{CruxId, FollowUp, FollowUpEdit, FollowUpId, FollowUpState};
use cruxboard_domain::view::{Filter, follow_up_facets, shown_follow_ups};
use cruxboard_domain::{t, tn};
use leptos::prelude::*;

use crate::component::live;
use crate::t_view;

use super::filters::{Chosen, Filters};
use super::{Services, dispatch_from, href, short, today};
use crate::component::{
    DateText, DraftBanner, ExternalLink, FieldErrors, Form, Section, focus_invalid,
};
use crate::route::{Route, Screen};
use cruxboard_session::Session;

/// The follow-ups of the open board, grouped by state.
#[component]
pub fn FollowUpsPage(session: Session) -> impl IntoView {
    let services = Services::from_context();
    let filter = services.navigation.filter;
    let on_filter = Callback::new(move |filter: Filter| {
        if let Some(board) = session.open.get_untracked() {
            let to = Route::Board(board, Screen::FollowUps(filter));
            services.navigation.go.run((to, true));
        }
    });
    let all = Memo::new(move |_| {
        session.read_all(|board| {
            let shown = filter.with(|filter| shown_follow_ups(board, filter));
            let shown = shown.into_iter().filter_map(|id| board.follow_up(id));
            shown
                .map(|follow_up| (follow_up.state(), follow_up.id.0))
                .collect::<Vec<_>>()
        })
    });
    let values = Callback::new(move |()| {
        session.read_untracked(|board| {
            let all = board.follow_ups();
            all.flat_map(|follow_up| follow_up_facets(follow_up))
                .collect()
        })
    });
    let is_filtered = move || filter.with(|filter| !filter.is_empty());
    let groups = FollowUpState::ALL.iter().map(|state| {
        let state = *state;
        let ids = Memo::new(move |_| {
            all.with(|all| all.iter().filter(|(s, _)| *s == state).map(|(_, id)| *id).collect::<Vec<_>>())
        });
        view! {
            <Show when=move || ids.with(|ids| !ids.is_empty())>
                <section class="panel">
                    <h2>{state.label()} " " <span class="soft">{live(move || ids.with(Vec::len))}</span></h2>
                    <For each=move || ids.get() key=|id| *id let(id)><FollowUpCard session id=FollowUpId(id) /></For>
                </section>
            </Show>
        }
    });
    view! {
        <div class="page narrow">
            <h1>{t!("Follow-ups")}</h1>
            <p class="soft">{t!("Replies, questions, calls, write-ups and pointers: what is owed, and what others owe.")}</p>
            <div class="toolbar flush">
                <input
                    id="search"
                    type="search"
                    placeholder=t!("Search  /")
                    aria-label=t!("Search follow-ups")
                    prop:value=move || filter.with(|filter| filter.search.clone())
                    on:input:target=move |event| on_filter.run(Filter {
                        search: event.target().value(),
                        ..filter.get_untracked()
                    })
                />
                <Filters session filter on_filter values />
                <span class="soft" role="status">{live(move || tn!(all.with(Vec::len), "{count} follow-up", "{count} follow-ups"))}</span>
            </div>
            <Chosen session filter on_filter />
            <Show when=move || all.with(Vec::is_empty) && is_filtered()>
                <div class="empty">
                    <p>{t!("No follow-up matches the filters.")}</p>
                    <button on:click=move |_| on_filter.run(Filter::default())>{t!("Show all follow-ups")}</button>
                </div>
            </Show>
            <Show when=move || all.with(Vec::is_empty) && !is_filtered()>
                <p class="empty">{t!("No follow-ups.")}</p>
            </Show>
            {groups.collect_view()}
            <section class="panel form-grid" aria-labelledby="new-follow-up">
                <h2 id="new-follow-up">{t!("Add a follow-up")}</h2>
                <NewFollowUp session crux=None />
            </section>
        </div>
    }
}

/// A follow-up, with a way to close it.
#[component]
pub(super) fn FollowUpCard(session: Session, id: FollowUpId) -> impl IntoView {
    let follow_up = Signal::derive(move || {
        session
            .read(RecordRef::FollowUp(id), |board| {
                board.follow_up(id).map(|f| FollowUp::clone(f))
            })
            .unwrap_or_default()
    });
    let edits = RwSignal::new(false);
    let set = Callback::new(move |set: FollowUpEdit| {
        session.dispatch(Command::EditFollowUp(Edited {
            of: id,
            set,
            reason: String::new(),
        }));
    });
    let put = move |state| {
        set.run(FollowUpEdit {
            state: Some(Some(state)),
            ..FollowUpEdit::default()
        })
    };
    let crux = move || {
        let crux = follow_up.with(|f| f.crux)?;
        let name = session
            .read_untracked(|board| board.crux(crux).map(|crux| crux.name().into_owned()))?;
        Some(view! { <a href=href(session, Screen::Crux(crux))>{name}</a> " " })
    };
    let evidence = move || {
        let item = follow_up.with(|f| f.evidence)?;
        let text = session.read_untracked(|board| {
            let item = board.evidence(item)?;
            Some(short(item.headline(), 60).into_owned())
        })?;
        let item = view! { <a href=href(session, Screen::EvidenceItem(item))>{text}</a> };
        Some(t_view!("on {item}", item))
    };
    view! {
        <article class="follow-up">
            {live(move || summary(&follow_up.get(), session))}
            <p class="soft">{live(crux)} {live(evidence)}</p>
            <div class="trigger-actions">
                <Show
                    when=move || follow_up.with(FollowUp::is_open)
                    fallback=move || view! { <button on:click=move |_| put(FollowUpState::Owed)>{t!("Reopen")}</button> }
                >
                    <button on:click=move |_| put(FollowUpState::Done)>{t!("Done")}</button>
                </Show>
                <Section title=t!("Edit") is_open=edits on_toggle=Callback::new(move |open| edits.set(open))>
                    <FollowUpFields session follow_up set />
                    <p class="actions">
                        <button class="danger" on:click=move |_| { session.dispatch(Command::Trash(id.0)); }>{t!("Move to the trash")}</button>
                    </p>
                </Section>
            </div>
        </article>
    }
}

fn summary(follow_up: &FollowUp, session: Session) -> AnyView {
    let kind = follow_up
        .kind
        .map(|kind| view! { <span class="badge">{kind.label()}</span> });
    let who = match (follow_up.owner.as_str(), follow_up.whom.as_str()) {
        ("", "") => String::new(),
        (owner, "") => owner.to_owned(),
        ("", whom) => t!("for {whom}", whom),
        (owner, whom) => t!("{owner}, for {whom}", owner, whom),
    };
    let url = (!follow_up.url.is_empty())
        .then(|| view! { <p><ExternalLink url=follow_up.url.clone() /></p> });
    view! {
        <p class="what">
            <span class:done=!follow_up.is_open()>{follow_up.what.clone()}</span> " "
            {kind} " "
            <span class="badge" translate="no">{follow_up.state().label()}</span>
        </p>
        <p class="soft">
            {who}
            {follow_up.by_date.map(|day| {
                let date = view! { <DateText day today=today(session) /> };
                view! { " " {t_view!("by {date}", date)} }
            })}
        </p>
        {(!follow_up.outcome.is_empty()).then(|| view! { <p>{follow_up.outcome.clone()}</p> })}
        {url}
    }
    .into_any()
}

#[component]
fn FollowUpFields(
    session: Session,
    #[prop(into)] follow_up: Signal<FollowUp>,
    set: Callback<FollowUpEdit>,
) -> impl IntoView {
    let cruxes = Signal::derive(move || {
        session.read_all(|board| {
            let all = board.cruxes().into_iter();
            all.map(|crux| (crux.id.to_string(), crux.name().into_owned()))
                .collect::<Vec<_>>()
        })
    });
    let items = Signal::derive(move || {
        session.read_all(|board| {
            let all = board.all_evidence();
            all.map(|e| (e.id.to_string(), short(e.headline(), 80).into_owned()))
                .collect::<Vec<_>>()
        })
    });
    let form = Form::of(follow_up, set);
    view! {
        {form.fields(FIELDS)}
        {form.with_options(cruxes).fields(CRUX)}
        {form.with_options(items).fields(EVIDENCE)}
    }
}

const CRUX: &[Field] = &pick(FollowUp::FORM, ["crux"]);

const EVIDENCE: &[Field] = &pick(FollowUp::FORM, ["evidence"]);

const FIELDS: &[Field] = &pick(
    FollowUp::FORM,
    [
        "what", "kind", "state", "owner", "whom", "by_date", "outcome", "url",
    ],
);

const _: () = assert_shown(FollowUp::FORM, &[FIELDS, CRUX, EVIDENCE], &[]);

/// The form for a new follow-up.
#[component]
pub(super) fn NewFollowUp(session: Session, crux: Option<CruxId>) -> impl IntoView {
    let fresh = move || FollowUp {
        crux,
        ..FollowUp::default()
    };
    let is_written = |follow_up: &FollowUp| !follow_up.what.is_empty();
    let about = crux.map_or(ChangeId::MIN, |crux| crux.0);
    let errors = FieldErrors::provide();
    let follow_up = session.draft("follow-up", about, fresh(), is_written);
    let is_kept = follow_up.with_untracked(is_written);
    let discard = Callback::new(move |()| follow_up.set(fresh()));
    let set = Callback::new(move |set: FollowUpEdit| follow_up.update(|f| f.overlay(&set)));
    let add = move |event: leptos::ev::MouseEvent| {
        if focus_invalid(&event) {
            return;
        }
        let edit = FollowUp::default().edit_to(&follow_up.get_untracked());
        if dispatch_from(session, errors, Command::AddFollowUp(edit)) {
            discard.run(());
        }
    };
    view! {
        <DraftBanner is_kept on_discard=discard />
        <FollowUpFields session follow_up set />
        <p class="actions"><button class="primary" on:click=add>{t!("Add the follow-up")}</button></p>
    }
}
