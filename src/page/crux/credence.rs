use cruxboard_domain::Credence;
use cruxboard_domain::board::{CurrentView, RecordRef};
use cruxboard_domain::date::{relative, spelled};
use cruxboard_domain::decide::{Command, Move};
use cruxboard_domain::estimate::{Estimate, estimate};
use cruxboard_domain::record::{CredenceRule, CruxId, Measure, PersonId, StatementId};
use cruxboard_domain::trigger_state::{TriggerState, trigger_state};

use crate::component::live;
use crate::component::{CredenceControl, HistoryChart, Pick, Scale, Section, TextArea};
use crate::page::{dots, person_name, points, read_crux, scale_ends, short};
use crate::session::Session;
use leptos::prelude::*;

/// For how long after a statement its reason can be added where it was made, in milliseconds.
const EXPLAIN_WITHIN: u64 = 15 * 60_000;

/// Everybody's credence on one scale, one's own as a control, and how it all came about.
#[component]
pub(super) fn CredencePanel(session: Session, id: CruxId) -> impl IntoView {
    let draft = RwSignal::new(None::<Credence>);
    let views = Memo::new(move |_| {
        session.follow(RecordRef::Crux(id));
        session.follow(RecordRef::Board);
        let now = session.now.get().millis;
        session.with(|board| board.current_views(id, now))
    });
    // While the thumb is held, one's own view is where it stands: nothing of it is stored.
    let previewed = Memo::new(move |_| {
        let mut all = views.get();
        if let (Some(credence), Some(me)) = (draft.get(), session.me.get()) {
            put_preview(&mut all, id, me, credence, session.now.get().millis);
        }
        all
    });
    let shown_dots = Signal::derive(move || {
        let me = session.me.get();
        previewed.with(|views| session.with(|board| dots(board, views, me, session.now.get())))
    });
    let shown_estimate = Memo::new(move |_| {
        let with_stale = session.with_stale.get();
        previewed.with(|views| estimate(views, with_stale))
    });
    let before =
        Signal::derive(move || views.with(|views| estimate(views, session.with_stale.get())));
    let ends = Signal::derive(move || {
        read_crux(session, id, |board, crux| scale_ends(board, crux)).unwrap_or_default()
    });
    let rules = Signal::derive(move || {
        read_crux(session, id, |board, _| board.credence_rules(id)).unwrap_or_default()
    });
    let history = Signal::derive(move || {
        session.follow(RecordRef::Crux(id));
        let now = session.now.get_untracked();
        session.with(|board| points(board, id, now))
    });
    view! {
        <section class="panel credences" aria-labelledby="credence-title">
            <h2 id="credence-title">"How likely"</h2>
            <Scale dots=shown_dots estimate=shown_estimate ends rules is_large=true />
            <Figures estimate=shown_estimate.into() before rules />
            <PreviewedTriggers session id now=shown_estimate.into() before draft />
            <Mine session id draft views=views.into() />
            <People session views=views.into() />
            <h3>"History"</h3>
            <HistoryChart points=history marks=marks(session, id) />
        </section>
    }
}

fn put_preview(
    views: &mut Vec<CurrentView>,
    crux: CruxId,
    me: PersonId,
    credence: Credence,
    now: u64,
) {
    if let Some(view) = views.iter_mut().find(|view| view.statement.person == me) {
        view.previous = Some(view.statement.credence);
        view.statement.credence = credence;
        view.is_stale = false;
        return;
    }
    views.push(CurrentView {
        id: StatementId::default(),
        statement: cruxboard_domain::record::Statement {
            crux,
            person: me,
            credence,
            reason: String::new(),
            evidence: Vec::new(),
            reaffirms: false,
            at: now,
            filed: now,
            order: now,
        },
        previous: None,
        is_stale: false,
    });
}

#[component]
fn Figures(
    estimate: Signal<Option<Estimate>>,
    before: Signal<Option<Estimate>>,
    rules: Signal<Vec<CredenceRule>>,
) -> impl IntoView {
    let figures = move || {
        let Some(now) = estimate.get() else {
            return view! { <p class="soft">"Nobody has stated a credence yet."</p> }.into_any();
        };
        let rules = rules.get();
        let before = before
            .get()
            .filter(|before| before.aggregate != now.aggregate);
        let was = before.map(|before| before.aggregate_beside(Some(now), &rules));
        let aggregate = now.aggregate_beside(before, &rules);
        let figures = now.figures(&rules);
        view! {
            <dl class="figures-line">
                <div>
                    <dt title="Geometric mean of the odds of everybody's latest credence">"Aggregate"</dt>
                    <dd translate="no"><b>{aggregate}</b> " " {was.map(|was| view! { <span class="soft">"was " {was}</span> })}</dd>
                </div>
                <div><dt>"Median"</dt><dd translate="no">{figures.median}</dd></div>
                <div><dt>"Spread"</dt><dd translate="no">{figures.spread}</dd></div>
                <div><dt>"In words"</dt><dd>{format!("{}, {}", now.aggregate.odds(), now.aggregate.word())}</dd></div>
            </dl>
        }
        .into_any()
    };
    view! { {live(figures)} }
}

/// Which credence triggers would stand otherwise if the draft were stated.
#[component]
fn PreviewedTriggers(
    session: Session,
    id: CruxId,
    now: Signal<Option<Estimate>>,
    before: Signal<Option<Estimate>>,
    draft: RwSignal<Option<Credence>>,
) -> impl IntoView {
    let crossed = move || {
        draft.get()?;
        let now = now.get()?;
        let before = before.get();
        let viewpoint = session.viewpoint();
        let crossed = session.with(|board| {
            let people = board.people().count();
            let rules = board.triggers_of(id).filter_map(|trigger| {
                let rule = trigger.rule?;
                let state = trigger_state(board, trigger, viewpoint);
                // Nobody waits for one that is void or still a draft.
                let waits = matches!(state, TriggerState::Armed | TriggerState::Near);
                let holds = |estimate: Option<Estimate>| {
                    let measured = trigger.measured(estimate, people);
                    measured.is_some_and(|measured| measured.holds())
                };
                let what = match rule.measure {
                    Measure::Aggregate => "aggregate",
                    Measure::Spread => "spread",
                };
                let does = match (holds(before), holds(Some(now))) {
                    (false, true) if waits => "reach",
                    (true, false) if waits || state == TriggerState::Met => "leave",
                    _ => return None,
                };
                Some(format!("This would {does} the {what} trigger: {rule}."))
            });
            rules.collect::<Vec<_>>().join(" ")
        });
        Some(crossed)
    };
    view! { <p class="crossing" role="status">{live(crossed)}</p> }
}

/// One's own credence, and the reason for it.
#[component]
fn Mine(
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
    view! {
        <Show
            when=move || session.me.get().is_some()
            fallback=|| view! {
                <p class="who-first">"Choose your name (“You are”, at the top) to state a credence."</p>
            }
        >
            <div class="mine">
                <h3>"Your credence"</h3>
                <CredenceControl value draft on_commit clause />
                <div class="mine-actions">
                    <button on:click=still disabled=move || value.get().is_none()>"Confirm unchanged"</button>
                    {live(move || mine.get().map(|view| view! {
                        <span class="soft">
                            {spelled(session.day_of(view.statement.at))} ", "
                            {relative(session.day_of(view.statement.at), session.now.get().today())}
                            {view.statement.reaffirms.then_some(", reaffirmed")}
                            {view.is_stale.then_some(": stale")}
                        </span>
                    }))}
                </div>
                {live(move || recent.get().map(|statement| view! { <Explain session crux=id statement /> }))}
            </div>
        </Show>
    }
}

/// Reason and evidence of a statement just made.
#[component]
fn Explain(session: Session, crux: CruxId, statement: StatementId) -> impl IntoView {
    let read = move || {
        session.follow(RecordRef::Crux(crux));
        session.with(|board| {
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
        session.follow(RecordRef::Crux(crux));
        session.with(|board| {
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
    view! {
        <div class="explain">
            <TextArea label="Why? (kept with this move)" value=reason on_commit=on_reason placeholder="What moved you, in a sentence" />
            <Show when=move || options.with(|options| !options.is_empty())>
                <Section title="On which evidence?" note=Signal::derive(move || evidence.with(|e| if e.is_empty() { String::new() } else { format!("{} chosen", e.len()) })) is_open on_toggle=Callback::new(move |open| is_open.set(open))>
                    <Pick label="Evidence behind this move" options value=evidence on_commit=on_evidence />
                </Section>
            </Show>
        </div>
    }
}

/// Everybody's latest word.
#[component]
fn People(session: Session, views: Signal<Vec<CurrentView>>) -> impl IntoView {
    let rows = move || {
        let today = session.now.get().today();
        let views = views.get();
        let rows = views.into_iter().map(|view| {
            let day = session.day_of(view.statement.at);
            let (name, is_red_team, evidence) = session.with(|board| {
                let evidence = view.statement.evidence.iter().filter_map(|id| board.evidence(*id));
                let evidence: Vec<_> = evidence.map(|e| short(e.headline(), 50)).collect();
                let person = view.statement.person;
                let is_red_team = board.person(person).is_some_and(|it| it.red_team);
                (person_name(board, person), is_red_team, evidence.join("; "))
            });
            let previous = view.previous.map(|previous| format!("{previous} → "));
            view! {
                <tr class:stale=view.is_stale>
                    <th scope="row">
                        {name} {is_red_team.then(|| view! { <small>"red team"</small> })}
                    </th>
                    <td class="number" translate="no"><span class="soft">{previous}</span> {view.statement.credence.shown()}</td>
                    <td>
                        {spelled(day)} <span class="soft">" · " {relative(day, today)}</span>
                        {view.is_stale.then(|| view! { <b class="stale-mark">" stale"</b> })}
                        {view.statement.reaffirms.then_some(" · confirmed")}
                    </td>
                    <td>
                        {view.statement.reason.clone()}
                        {(!evidence.is_empty()).then(|| view! { <span class="soft">" [" {evidence} "]"</span> })}
                    </td>
                </tr>
            }
        });
        rows.collect_view()
    };
    view! {
        <Show when=move || views.with(|views| !views.is_empty())>
            <div class="scroll" tabindex="0" role="region" aria-label="Everybody's credence">
                <table class="data people">
                    <thead>
                        <tr>
                            <th scope="col">"Who"</th>
                            <th scope="col" class="number">"Credence"</th>
                            <th scope="col">"When"</th>
                            <th scope="col">"Why [evidence]"</th>
                        </tr>
                    </thead>
                    <tbody>{live(rows)}</tbody>
                </table>
            </div>
        </Show>
    }
}

/// What else happened, for the history chart: evidence filed, triggers judged.
pub(in crate::page) fn marks(
    session: Session,
    id: CruxId,
) -> Signal<Vec<(u64, &'static str, String)>> {
    Signal::derive(move || {
        session.follow(RecordRef::Crux(id));
        session.with(|board| {
            let evidence = board.evidence_on(id).map(|evidence| {
                (
                    evidence.id.0.millis(),
                    "evidence",
                    format!("Evidence: {}", short(evidence.headline(), 80)),
                )
            });
            let judged = board.triggers_of(id).flat_map(|trigger| {
                trigger.judgements.iter().map(|judged| {
                    (
                        judged.id.millis(),
                        "judged",
                        format!("Trigger judged {}", judged.verdict.label()),
                    )
                })
            });
            evidence.chain(judged).collect()
        })
    })
}
