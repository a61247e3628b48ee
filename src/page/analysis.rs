//! The analysis screen: which crux is worth finding out first, and where the options would stand if cruxes
//! turned out true or false. It uses everybody's credences in the options.

mod arguments;
mod brief;
mod credences;
mod evidence;
mod flips;
mod group_time;
mod joint;
mod limit;
mod moved;
mod moves;
mod ranking;
mod sides;
mod tornado;
mod what_if;

use cruxboard_domain::board::Board;
use cruxboard_domain::crux_value::{CruxValue, crux_values, sort_by_information};
use cruxboard_domain::format::first_words;
use cruxboard_domain::record::{CruxId, OptionId};
use cruxboard_domain::t;
use cruxboard_domain::what_if::{OptionModel, option_models};
use leptos::prelude::*;

pub use self::arguments::ArgumentsPage;
pub use self::brief::OptionBriefPage;
use self::credences::OwnOptionCredences;
use self::evidence::EvidenceAtAGlance;
use self::moved::WhatMoved;
pub use self::moves::MovesPage;
use self::ranking::Ranking;
use self::tornado::Tornado;
use self::what_if::WhatIf;
use crate::component::{Choice, live};
use crate::page::{href, kept_choice, option_choices};
use crate::route::{AnalysisPart, Screen};
use cruxboard_session::Session;

/// The part of the board that the screen reads.
#[derive(Clone, Copy)]
struct Analysed {
    session: Session,
    /// The selected option; `None` on a board without options.
    option: Memo<Option<OptionId>>,
    /// The figures of each open crux for that option, most informative first.
    values: Memo<Vec<CruxValue>>,
    /// All options with everybody's credences in them, in the board's order.
    models: Memo<Vec<OptionModel>>,
}

impl Analysed {
    fn new(session: Session, chosen: RwSignal<String>) -> Self {
        let option = Memo::new(move |_| {
            let chosen = chosen.get().parse().ok();
            session.read_all(|board| {
                let is_there = |id: &OptionId| board.options().any(|option| option.id == *id);
                chosen.filter(is_there).or_else(|| most_stated(board))
            })
        });
        let values = Memo::new(move |_| {
            let viewpoint = session.viewpoint();
            let mut values = option.get().map_or_else(Vec::new, |option| {
                session.read_all(|board| crux_values(board, option, viewpoint))
            });
            sort_by_information(&mut values);
            values
        });
        let models = Memo::new(move |_| {
            let viewpoint = session.viewpoint();
            session.read_all(|board| option_models(board, viewpoint))
        });
        Self {
            session,
            option,
            values,
            models,
        }
    }

    /// Returns whether anybody has a view of the option and a crux that counts.
    fn has_figures(self) -> bool {
        self.values
            .with(|values| values.iter().any(|value| value.level.is_some()))
    }

    /// Returns the option's name.
    fn option_name(self) -> String {
        let option = self.option.get();
        self.session
            .read_untracked(|board| option.map(|option| option_name(board, option)))
            .unwrap_or_default()
    }
}

/// Returns the option in which most credences were stated; in a tie, the first.
fn most_stated(board: &Board) -> Option<OptionId> {
    let count = |option: OptionId| board.current_option_credences(option).len();
    let options = board.options().map(|option| (count(option.id), option.id));
    let most = options.reduce(|best, next| if next.0 > best.0 { next } else { best });
    most.map(|(_, option)| option)
}

fn option_name(board: &Board, option: OptionId) -> String {
    board.option(option).map_or_else(
        || t!("a deleted option").into(),
        |option| option.name.clone(),
    )
}

fn crux_name(board: &Board, crux: CruxId) -> String {
    board.crux(crux).map_or_else(
        || t!("a deleted crux").into(),
        |crux| crux.name().into_owned(),
    )
}

/// The analysis screen.
#[component]
pub fn AnalysisPage(session: Session) -> impl IntoView {
    let chosen = kept_choice(session, "analysis-option", String::new());
    let analysed = Analysed::new(session, chosen);
    let options = Signal::derive(move || session.read_all(option_choices));
    let value = Signal::derive(move || {
        let option = analysed.option.get();
        option.map(|option| option.to_string()).unwrap_or_default()
    });
    let choose = Callback::new(move |key| chosen.set(key));
    let first = move || {
        let option = analysed.option.get()?;
        let words = analysed
            .values
            .with(|values| session.read_untracked(|board| first_words(board, option, values)))?;
        Some(view! {
            <section class="panel" aria-labelledby="first-title">
                <h2 id="first-title">{t!("Worth finding out first")}</h2>
                <p>{words}</p>
            </section>
        })
    };
    let brief = move || {
        let option = analysed.option.get()?;
        let screen = Screen::Analysis(AnalysisPart::Brief(option));
        Some(view! {
            <p><a href=href(session, screen)>{t!("The case for and against “{option}”, on one page", option = analysed.option_name())}</a></p>
        })
    };
    view! {
        <div class="page analysis">
            <h1>{t!("Analysis")}</h1>
            <p class="soft">{t!("Shows which crux is most worth finding out, and where the options would stand if cruxes turned out true or false.")}</p>
            <p class="actions">
                <a class="button" href=href(session, Screen::Analysis(AnalysisPart::Arguments))>{t!("Arguments and holes")}</a>
                <a class="button" href=href(session, Screen::Analysis(AnalysisPart::Moves))>{t!("Movements")}</a>
            </p>
            <Choice label=t!("Option") options value on_commit=choose none="" />
            {live(brief)}
            {live(first)}
            <Show when=move || analysed.has_figures() fallback=move || view! { <NothingYet analysed /> }>
                <Ranking analysed />
                <WhatIf analysed />
                <Tornado analysed />
            </Show>
            <OwnOptionCredences analysed />
            <WhatMoved session />
            <EvidenceAtAGlance session />
        </div>
    }
}

/// Explains what to do while no crux has a figure.
#[component]
fn NothingYet(analysed: Analysed) -> impl IntoView {
    view! {
        <section class="panel">
            <h2>{t!("No figures yet")}</h2>
            <p>{t!("Three credences of one person are enough:")}</p>
            <ol>
                <li>{t!("how likely the crux is true, stated on the page of the crux;")}</li>
                <li>{live(move || t!("how likely it is that “{option}” is right, stated below;", option = analysed.option_name()))}</li>
                <li>{t!("how likely that would be if the crux were true, stated below.")}</li>
            </ol>
            <p>{t!("From these follows how much knowing the crux would tell, and how likely the option would be if the crux were false.")}</p>
        </section>
    }
}
