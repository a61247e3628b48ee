//! The reader's own credences in an option: as things stand, and if a crux is true.

use cruxboard_domain::t;
use std::collections::BTreeMap;
use std::time::Duration;

use cruxboard_domain::crux_value::{Stated, stated, stated_by};
use cruxboard_domain::decide::{Command, OptionMove};
use cruxboard_domain::format::short;
use cruxboard_domain::percent::points;
use cruxboard_domain::record::{CruxId, OptionId, PersonId, Stage, StatementId};
use cruxboard_domain::value_of_information::{ConditionalView, coherent_range};
use cruxboard_domain::{ChangeId, Credence};
use leptos::prelude::*;

use super::limit::{Limit, more_cruxes};
use super::{Analysed, crux_name, option_name};
use crate::component::{Choice, CredenceControl, FieldErrors, Pick, TextArea, live};
use crate::page::{dispatch_in_place, href, kept_choice};
use crate::route::Screen;
use cruxboard_session::Session;

/// Time during which a reason can be added beside a new credence.
const EXPLAIN_WITHIN: Duration = Duration::from_secs(15 * 60);

/// The subject of a credence: person, option, and the crux that is assumed to be true.
#[derive(Clone, Copy, PartialEq)]
struct About {
    option: OptionId,
    if_true: Option<CruxId>,
    me: PersonId,
}

/// The controls for the reader's own credences, and a table of all of them.
#[component]
pub(super) fn OwnOptionCredences(analysed: Analysed) -> impl IntoView {
    FieldErrors::provide();
    let session = analysed.session;
    let chosen = kept_choice(session, "analysis-crux", String::new());
    let open = Memo::new(move |_| {
        session.read_all(|board| {
            let cruxes = board.cruxes().into_iter();
            let open = cruxes.filter(|crux| crux.stage() == Stage::Open);
            open.map(|crux| (crux.id, crux.name().into_owned()))
                .collect::<Vec<_>>()
        })
    });
    let crux = Memo::new(move |_| {
        let chosen = chosen.with(|chosen| chosen.parse::<CruxId>().ok());
        open.with(|open| {
            let is_open = |id: &CruxId| open.iter().any(|(open, _)| open == id);
            chosen
                .filter(is_open)
                .or_else(|| open.first().map(|(id, _)| *id))
        })
    });
    let about = move |if_true: Option<CruxId>| {
        let (option, me) = (analysed.option.get()?, session.me.get()?);
        Some(About {
            option,
            if_true,
            me,
        })
    };
    let plain = Memo::new(move |_| about(None));
    let conditional = Memo::new(move |_| about(Some(crux.get()?)));
    let choices = Signal::derive(move || {
        let open = open.get().into_iter();
        open.map(|(id, name)| (id.to_string(), name))
            .collect::<Vec<_>>()
    });
    let value = Signal::derive(move || crux.get().map(|id| id.to_string()).unwrap_or_default());
    let choose = Callback::new(move |key: String| chosen.set(key));
    let control = move |about: Memo<Option<About>>| {
        live(move || about.get().map(|about| view! { <Control session about /> }))
    };
    view! {
        <section class="panel own-option-credences" aria-labelledby="own-title">
            <h2 id="own-title">{t!("Your credences")}</h2>
            <Show
                when=move || session.me.get().is_some()
                fallback=|| view! { <p class="who-first">{t!("Choose your name (“You are”, at the top) to state credences.")}</p> }
            >
                {control(plain)}
                <Show when=move || crux.get().is_some()>
                    <Choice label=t!("If this crux is true") options=choices value on_commit=choose none="" />
                    {control(conditional)}
                    <OwnTable analysed chosen />
                </Show>
            </Show>
        </section>
    }
}

fn read(session: Session, about: About) -> Stated {
    session.read_all(|board| match about.if_true {
        Some(crux) => stated(board, about.option, crux, about.me),
        None => Stated {
            question: board
                .current_option_credences(about.option)
                .get(&(about.me, None))
                .map(|said| said.credence),
            ..Stated::default()
        },
    })
}

/// The control for one credence in an option, with its coherent range and its reason.
#[component]
fn Control(session: Session, about: About) -> impl IntoView {
    let errors = use_context::<FieldErrors>();
    let draft = RwSignal::new(None::<Credence>);
    let held = Memo::new(move |_| read(session, about));
    let is_conditional = about.if_true.is_some();
    let value = Signal::derive(move || {
        held.with(|held| {
            if is_conditional {
                held.if_true
            } else {
                held.question
            }
        })
    });
    let (option, crux) = session.read_untracked(|board| {
        let crux = about.if_true.map(|crux| crux_name(board, crux));
        (option_name(board, about.option), crux)
    });
    let (clause, label, name) = match &crux {
        Some(crux) => (
            t!("“{option}” is right if “{crux}” is true", option, crux),
            t!(
                "How likely “{option}” is right if “{crux}” is true",
                option,
                crux
            ),
            "if_true",
        ),
        None => (
            t!("“{option}” is right", option),
            t!("How likely “{option}” is right, as things stand", option),
            "",
        ),
    };
    let on_commit = Callback::new(move |credence| {
        let moved = OptionMove {
            option: about.option,
            if_true: about.if_true,
            person: about.me,
            credence,
            reason: String::new(),
        };
        let command = Command::StateOptionCredence {
            moved,
            evidence: Vec::new(),
        };
        match errors {
            Some(errors) => dispatch_in_place(session, errors, command),
            None => drop(session.dispatch(command)),
        }
    });
    let latest = Memo::new(move |_| {
        session.read_all(|board| {
            let current = board.current_option_credences(about.option);
            current
                .get(&(about.me, about.if_true))
                .map(|said| said.id.0)
        })
    });
    let heading = label.clone();
    let given = about.if_true.map_or(ChangeId::MIN, |crux| crux.0);
    let form = format!("option-credence/{}/{given}/{}", about.option, about.me);
    let kept = session.draft_at(form, String::new(), |typed: &String| !typed.is_empty());
    view! {
        <div class="mine">
            <h3>{heading}</h3>
            <CredenceControl value draft on_commit clause=Signal::stored(clause) label name kept />
            {about.if_true.map(|crux| view! { <Consequence session crux held draft /> })}
            <Basis session latest cruxes=about.if_true.into_iter().collect() />
        </div>
    }
}

/// Describes which credences agree with the reader's others, and what follows if the crux is false.
#[component]
fn Consequence(
    session: Session,
    crux: CruxId,
    held: Memo<Stated>,
    draft: RwSignal<Option<Credence>>,
) -> impl IntoView {
    let range = move || {
        let held = held.get();
        match (held.question, held.crux) {
            (Some(question), Some(crux)) => {
                let range = coherent_range(question, crux);
                t!(
                    "Your {own} for the option and your {in_crux} for the crux leave {low} to {high}.",
                    own = question.shown(),
                    in_crux = crux.shown(),
                    low = range.start().shown(),
                    high = range.end().shown()
                )
            }
            (None, _) => {
                t!("State first how likely the option is right as things stand.").to_owned()
            }
            (_, None) => t!("You have stated no credence in this crux yet.").to_owned(),
        }
    };
    let link = move || {
        let is_missing = held.with(|held| held.crux.is_none());
        is_missing.then(|| view! { <a href=href(session, Screen::Crux(crux))>{t!("State your credence in the crux")}</a> })
    };
    let follows = move || {
        let mut held = held.get();
        held.if_true = draft.get().or(held.if_true);
        match held.view() {
            Ok(view) => view.and_then(|view| {
                let if_false = Credence::clamped(100.0 * view.if_false()?).rounded(&[]);
                Some(t!("If the crux is false, {if_false} follows.", if_false))
            }),
            Err(problem) => Some(problem.to_string()),
        }
    };
    view! {
        <p class="soft">{live(range)} " " {live(link)}</p>
        <p role="status">{live(follows)}</p>
    }
}

/// The fields for the reason and evidence of a new statement.
#[component]
pub(super) fn Basis(
    session: Session,
    /// The latest statement.
    latest: Memo<Option<ChangeId>>,
    /// The cruxes whose evidence is offered.
    cruxes: Vec<CruxId>,
) -> impl IntoView {
    let is_new = move |said: &ChangeId| said.millis() + EXPLAIN_WITHIN > session.now.get().millis;
    let said = Memo::new(move |_| latest.get().filter(is_new));
    live(move || {
        let cruxes = cruxes.clone();
        said.get()
            .map(|said| view! { <Explain session said cruxes /> })
    })
}

#[component]
fn Explain(session: Session, said: ChangeId, cruxes: Vec<CruxId>) -> impl IntoView {
    let read = move || {
        session.read_all(|board| {
            let (reason, evidence) = board.basis_stated(said)?;
            Some((reason.to_owned(), evidence.to_vec()))
        })
    };
    let reason = Signal::derive(move || read().map(|(reason, _)| reason).unwrap_or_default());
    let evidence = Signal::derive(move || {
        let ids = read().map(|(_, evidence)| evidence).unwrap_or_default();
        ids.iter().map(ToString::to_string).collect::<Vec<_>>()
    });
    let options = Signal::derive(move || {
        session.read_all(|board| {
            let items = cruxes.iter().flat_map(|crux| board.evidence_on(*crux));
            let items: BTreeMap<_, _> = items.map(|item| (item.id, item)).collect();
            items
                .into_values()
                .map(|item| (item.id.to_string(), short(item.headline(), 90).into_owned()))
                .collect::<Vec<_>>()
        })
    });
    let explain = move |reason: String, evidence: Vec<String>| {
        let evidence = evidence.iter().filter_map(|id| id.parse().ok()).collect();
        session.dispatch(Command::Explain {
            statement: StatementId(said),
            reason,
            evidence,
        });
    };
    let on_reason = Callback::new(move |text| explain(text, evidence.get_untracked()));
    let on_evidence = Callback::new(move |ids| explain(reason.get_untracked(), ids));
    view! {
        <div class="explain">
            <TextArea label=t!("Why? (kept with this credence)") value=reason on_commit=on_reason placeholder=t!("What moved you, in a sentence") />
            <Show when=move || options.with(|options| !options.is_empty())>
                <details>
                    <summary>{t!("On which evidence?")}</summary>
                    <Pick label=t!("Evidence behind this credence") options value=evidence on_commit=on_evidence />
                </details>
            </Show>
        </div>
    }
}

/// A table of the reader's credences that bear on the option, by crux.
#[component]
fn OwnTable(analysed: Analysed, chosen: RwSignal<String>) -> impl IntoView {
    let session = analysed.session;
    let limit = Limit::new();
    let own = Memo::new(move |_| {
        let told = analysed.option.get().zip(session.me.get());
        told.map_or_else(Vec::new, |(option, me)| {
            session.read_all(|board| stated_by(board, option, me))
        })
    });
    let rows = move || {
        own.with(|own| {
            let rows = own.iter().take(limit.get());
            session.read_untracked(|board| {
                rows.map(|(crux, held)| own_row(*held, *crux, crux_name(board, *crux), chosen))
                    .collect::<Vec<_>>()
            })
        })
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=t!("Your credences by crux")>
            <table class="data">
                <thead>
                    <tr>
                        <th scope="col">{t!("Crux")}</th>
                        <th scope="col" class="number">{t!("The crux")}</th>
                        <th scope="col" class="number">{t!("If true")}</th>
                        <th scope="col" class="number">{t!("If false")}</th>
                        <th scope="col" class="number">{t!("Would move you by")}</th>
                        <th scope="col"><span class="visually-hidden">{t!("button" => "Action")}</span></th>
                    </tr>
                </thead>
                <tbody>{live(rows)}</tbody>
            </table>
        </div>
        {limit.more(move || own.with(Vec::len), more_cruxes)}
    }
}

fn own_row(held: Stated, crux: CruxId, name: String, chosen: RwSignal<String>) -> AnyView {
    let figure = |credence: Option<Credence>| {
        credence.map_or_else(|| "–".to_owned(), |credence| credence.shown())
    };
    let view = held.view();
    let is_contradictory = view.is_err();
    let view = view.ok().flatten();
    let if_false = view.and_then(|view| view.if_false());
    let if_false = if_false.map(|chance| Credence::clamped(100.0 * chance).rounded(&[]));
    let level = view
        .as_ref()
        .map(ConditionalView::level_voi)
        .map(|level| points(level, &[]));
    let (verb, label) = match held.if_true {
        Some(_) => (
            t!("verb" => "Change"),
            t!("Change: if “{name}” is true", name),
        ),
        None => (
            t!("verb" => "State"),
            t!("State: if “{name}” is true", name),
        ),
    };
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td class="number" translate="no">{figure(held.crux)}</td>
            <td class="number" class:late=is_contradictory translate="no">{figure(held.if_true)}</td>
            <td class="number" translate="no">
                {if is_contradictory { t!("contradiction").to_owned() } else { if_false.unwrap_or_else(|| "–".to_owned()) }}
            </td>
            <td class="number" translate="no">{level.unwrap_or_else(|| "–".to_owned())}</td>
            <td><button class="quiet" aria-label=label on:click=move |_| chosen.set(crux.to_string())>{verb}</button></td>
        </tr>
    }
    .into_any()
}
