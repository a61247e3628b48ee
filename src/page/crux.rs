//! The screen of a crux: its claim, everybody's credences, and all other parts.

mod claim;
mod credence;
mod details;
mod evidence;
mod follow_ups;
mod heading;
mod log;
mod outcome;
mod positions;
mod sensitivity;
mod triggers;

use cruxboard_domain::record::CruxId;
use cruxboard_domain::t;
use leptos::prelude::*;

use self::credence::CredencePanel;
pub(super) use self::credence::{People, pins};
use self::details::Details;
use self::evidence::EvidencePanel;
use self::follow_ups::FollowUpPanel;
use self::heading::{Heading, LackList};
use self::log::CruxLog;
use self::outcome::OutcomePanel;
use self::positions::PositionPanel;
pub(super) use self::triggers::Judge;
use self::triggers::TriggerPanel;
use super::{Services, href, read_crux};
use crate::component::Section;
use crate::route::Screen;
use cruxboard_session::Session;

/// The screen of a crux.
#[component]
pub fn CruxPage(session: Session, id: CruxId) -> impl IntoView {
    let is_there = Memo::new(move |_| read_crux(session, id, |_, _| ()).is_some());
    view! {
        <Show when=move || is_there.get() fallback=move || view! { <Gone session /> }>
            <article class="crux-page">
                <div class="main-column">
                    <Heading session id />
                    <OutcomePanel session id />
                    <CredencePanel session id />
                    <Details session id />
                    <Remembered name="crux-log" title=t!("Activity")>
                        <CruxLog session id />
                    </Remembered>
                </div>
                <div class="side-column">
                    <TriggerPanel session id />
                    <EvidencePanel session id />
                    <LackList session id />
                    <PositionPanel session id />
                    <FollowUpPanel session id />
                </div>
            </article>
        </Show>
    }
}

#[component]
fn Gone(session: Session) -> impl IntoView {
    use cruxboard_domain::view::{Filter, Sort};
    view! {
        <div class="empty">
            <h1>{t!("There is no such crux on this board")}</h1>
            <p>{t!("It may not have arrived yet, or its creation was undone. If you undid it, Redo brings it back.")}</p>
            <a class="button" href=href(session, Screen::Cruxes(Filter::default(), Sort::Own))>{t!("All cruxes")}</a>
        </div>
    }
}

/// A section that stores on this device whether it is open.
#[component]
pub(super) fn Remembered(
    name: &'static str,
    title: &'static str,
    #[prop(into, optional)] note: Signal<String>,
    #[prop(optional)] starts_open: bool,
    children: ChildrenFn,
) -> impl IntoView {
    let services = Services::from_context();
    let is_open = RwSignal::new(services.device.remembered.run(name).unwrap_or(starts_open));
    let on_toggle = Callback::new(move |open: bool| {
        is_open.set(open);
        services.device.remember.run((name, open));
    });
    view! {
        <Section title note is_open on_toggle>
            {children()}
        </Section>
    }
}
