//! A brief of one page on an option: the case for it and the case against.

use crate::t_view;
use cruxboard_domain::date::spelled;
use cruxboard_domain::option_brief::{BriefPoint, OptionBrief, option_brief};
use cruxboard_domain::record::OptionId;
use cruxboard_domain::{t, tn};
use leptos::prelude::*;

use super::{crux_name, option_name};
use crate::component::live;
use crate::page::{Services, href};
use crate::route::{AnalysisPart, Screen};
use cruxboard_session::Session;

/// The screen with the brief: the case for an option and the case against it, on one page.
#[component]
pub fn OptionBriefPage(session: Session, option: OptionId) -> impl IntoView {
    let services = Services::from_context();
    let brief = Memo::new(move |_| {
        let viewpoint = session.viewpoint();
        session.read_all(|board| {
            board.option(option)?;
            Some(option_brief(board, option, viewpoint))
        })
    });
    let told = move || match brief.get() {
        Some(brief) => view_brief(session, option, brief),
        None => view! { <p class="empty">{t!("This option is not on the board.")}</p> }.into_any(),
    };
    let others = move || {
        let others = session.read_all(|board| {
            let others = board.options().filter(|other| other.id != option);
            others
                .map(|other| (other.id, other.name.clone()))
                .collect::<Vec<_>>()
        });
        let links = others.into_iter().map(|(id, name)| {
            let screen = Screen::Analysis(AnalysisPart::Brief(id));
            view! { <a class="button" href=href(session, screen)>{name}</a> }
        });
        links.collect_view()
    };
    view! {
        <div class="page narrow option-brief">
            <nav class="actions" aria-label=t!("Briefs")>
                <button class="primary" on:click=move |_| services.files.print.run(())>{t!("Print")}</button>
                {live(others)}
                <a class="button" href=href(session, Screen::Analysis(AnalysisPart::Overview))>{t!("Back to the analysis")}</a>
            </nav>
            {live(told)}
        </div>
    }
}

fn view_brief(session: Session, option: OptionId, brief: OptionBrief) -> AnyView {
    let (name, question) =
        session.read_untracked(|board| (option_name(board, option), board.info().question.clone()));
    let day = spelled(session.now.get().today());
    let case = |title: String, points: Vec<BriefPoint>, empty: &'static str| {
        let is_empty = points.is_empty();
        let points = points.into_iter().map(|point| view_point(session, point));
        view! {
            <h2>{title}</h2>
            <ol class="points">{points.collect_view()}</ol>
            {is_empty.then(|| view! { <p class="soft">{empty}</p> })}
        }
    };
    let triggers = brief.triggers.into_iter().map(|(crux, words)| {
        let name = session.read_untracked(|board| crux_name(board, crux));
        view! { <li>{words} " " <a href=href(session, Screen::Crux(crux))>{name}</a></li> }
    });
    let triggers: Vec<_> = triggers.collect();
    let undecided = brief.undecided.into_iter();
    let undecided: Vec<_> = undecided.map(|point| view_point(session, point)).collect();
    let left_out = (brief.left_out > 0).then(|| {
        let words = tn!(
            brief.left_out,
            "{count} further crux bears on it: with less weight, or without credences.",
            "{count} further cruxes bear on it: with less weight, or without credences."
        );
        view! { <p class="soft">{words}</p> }
    });
    view! {
        <article>
            <p class="soft">{question} " · " {day}</p>
            <h1>{t!("“{name}”: for and against", name)}</h1>
            <p>{brief.standing.join(" ")}</p>
            {case(t!("The case for “{name}”", name), brief.case_for, t!("No crux speaks for it."))}
            {case(t!("The case against “{name}”", name), brief.case_against, t!("No crux speaks against it."))}
            {(!undecided.is_empty()).then(|| view! {
                <h2>{t!("Important, without a credence")}</h2>
                <ul class="points">{undecided}</ul>
            })}
            {(!triggers.is_empty()).then(|| view! {
                <h2>{t!("What calls for a decision towards it")}</h2>
                <ul>{triggers}</ul>
            })}
            {left_out}
        </article>
    }
    .into_any()
}

fn view_point(session: Session, point: BriefPoint) -> AnyView {
    let name = session.read_untracked(|board| crux_name(board, point.crux));
    let evidence = point.evidence.map(|(id, headline)| {
        let link = view! { <a href=href(session, Screen::EvidenceItem(id))>{headline}</a> };
        view! { <span class="soft">" " {t_view!("Strongest evidence: {link}", link)}</span> }
    });
    view! {
        <li>
            <a href=href(session, Screen::Crux(point.crux))><b>{name}</b></a> ". "
            {point.text} {evidence}
        </li>
    }
    .into_any()
}
