//! The form for a new crux: the claim, the option it points to, and one trigger. Everything else can be added
//! later.

use cruxboard_domain::ChangeId;
use cruxboard_domain::board::{Board, RecordRef};
use cruxboard_domain::decide::Command;
use cruxboard_domain::import::claims::claims;
use cruxboard_domain::record::table::{Field, pick};
use cruxboard_domain::record::{Crux, CruxEdit, Input, Mark, Trigger, TriggerEdit};
use cruxboard_domain::t;
use cruxboard_domain::text::folded_name;
use cruxboard_domain::view::{Filter, Sort};
use cruxboard_domain::{tn, translatable};
use leptos::prelude::*;

use super::claim_list::{ClaimListField, has_percentages};
use super::{Services, changes_from, option_choices};
use crate::component::{
    DraftBanner, FieldErrors, Form, Later, Section, focus_first_text, focus_invalid, is_sent_by,
    live, press_key_in_form,
};
use crate::route::{Route, Screen};
use cruxboard_domain::record::CruxId;
use cruxboard_session::Session;

/// The form for a new crux.
#[component]
pub fn NewCruxPage(session: Session) -> impl IntoView {
    let services = Services::from_context();
    let is_written = |crux: &Crux| *crux != Crux::default();
    let crux = session.draft("crux", ChangeId::MIN, Crux::default(), is_written);
    let option_toward = move |mark: Mark| {
        session.read_untracked(|board| board.options().find(|o| o.mark() == mark).map(|o| o.id))
    };
    let fresh = move |mark: Mark| Trigger {
        armed: true,
        toward: option_toward(mark),
        ..Trigger::default()
    };
    let stop = session.draft("crux-stop", ChangeId::MIN, fresh(Mark::Stop), says);
    let go_on = session.draft("crux-go-on", ChangeId::MIN, fresh(Mark::Continue), says);
    let is_kept =
        crux.with_untracked(is_written) || stop.with_untracked(says) || go_on.with_untracked(says);
    let begin = move || {
        crux.set(Crux::default());
        stop.set(fresh(Mark::Stop));
        go_on.set(fresh(Mark::Continue));
    };
    let options = Signal::derive(move || session.read(RecordRef::Board, option_choices));
    let title = Memo::new(move |_| crux.with(|crux| folded_name(&crux.title)));
    let namesake = move || session.read(RecordRef::Board, |board| namesake_of(board, &title.get()));
    let errors = FieldErrors::provide();
    let later = Later::from_context();
    let element = NodeRef::<leptos::html::Form>::new();
    let write = move || {
        if let Some(form) = element.get_untracked() {
            focus_first_text(&form);
        }
    };
    // Later, since a new screen is first scrolled to its top. With a draft the keyboard stays there, so that
    // it can be read first.
    if !is_kept {
        later.run(0, write);
    }
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if focus_invalid(&event) {
            return;
        }
        let is_more_to_come = is_sent_by(&event, "more");
        let triggers = [stop, go_on].map(|trigger| trigger.get_untracked());
        let command = to_command(&crux.get_untracked(), &triggers);
        let Some(changes) = changes_from(session, errors, command) else {
            return;
        };
        begin();
        if is_more_to_come {
            return write();
        }
        let added = changes.first().map(|change| CruxId(change.id));
        if let (Some(board), Some(id)) = (session.open.get_untracked(), added) {
            let crux = Route::Board(board, Screen::Crux(id));
            services.navigation.go.run((crux, true));
        }
    };
    let set = Callback::new(move |set: CruxEdit| crux.update(|crux| crux.overlay(&set)));
    let form = Form::of(Signal::<Crux>::from(crux), set).with_options(options);
    view! {
        <form class="page narrow" novalidate node_ref=element on:submit=add on:keydown=press_key_in_form>
            <h1>{t!("New crux")}</h1>
            <DraftBanner is_kept on_discard=Callback::new(move |()| begin()) />
            <p class="soft">{t!("A claim on which the decision hinges: if it turned out true, you would choose another option. The claim, the option and one trigger are enough to begin.")}</p>
            <section class="panel form-grid">
                {form.fields(CLAIM)}
                <p class="soft wide" role="status">{live(namesake)}</p>
            </section>
            <FirstTrigger title=t!("What would make you stop or change?") trigger=stop options />
            <FirstTrigger title=t!("What would make you go on?") trigger=go_on options />
            <p class="actions sticky">
                <button class="primary" type="submit" title=t!("Ctrl or ⌘ + Enter")>{t!("Add the crux")}</button>
                <button type="submit" value="more">{t!("Add and write another")}</button>
                <span class="soft">{t!("Everything else can be added later.")}</span>
            </p>
        </form>
        <div class="page narrow"><AddSeveral session /></div>
    }
}

fn to_command(crux: &Crux, triggers: &[Trigger]) -> Command {
    let triggers = triggers.iter().filter(|trigger| says(trigger));
    Command::AddCrux {
        crux: Crux::default().edit_to(crux),
        triggers: triggers
            .map(|trigger| Trigger::default().edit_to(trigger))
            .collect::<Vec<TriggerEdit>>(),
    }
}

/// Adds cruxes from a list of claims, one per line.
#[component]
fn AddSeveral(session: Session) -> impl IntoView {
    let services = Services::from_context();
    let is_written = |text: &String| !text.trim().is_empty();
    let text = session.draft("cruxes", ChangeId::MIN, String::new(), is_written);
    let is_open = RwSignal::new(text.with_untracked(is_written));
    let listed = Memo::new(move |_| {
        let list = text.with(|text| claims(text));
        session.read(RecordRef::Board, |board| list.without_those_of(board))
    });
    let add = move |_| {
        let command = Command::AddCruxes {
            claims: listed.with_untracked(|list| list.claims.clone()),
            person: session.me.get_untracked(),
        };
        if session.dispatch(command)
            && let Some(board) = session.open.get_untracked()
        {
            text.set(String::new());
            let board = Route::Board(board, Screen::Cruxes(Filter::default(), Sort::Own));
            services.navigation.go.run((board, true));
        }
    };
    let note = move || {
        let words = t!("Choose your name, at the top, to state the percentages as your credences.");
        (session.me.get().is_none() && has_percentages(listed)).then_some(words)
    };
    let label = move || {
        let count = listed.with(|list| list.claims.len());
        tn!(count, "Add {count} crux", "Add {count} cruxes")
    };
    view! {
        <Section title=t!("Add several at once") is_open on_toggle=Callback::new(move |open| is_open.set(open))>
            <ClaimListField text listed />
            <Show when=move || listed.with(|list| !list.claims.is_empty())>
                <p class="actions">
                    <button type="button" class="primary" on:click=add>{live(label)}</button>
                    <span class="soft" role="status">{live(note)}</span>
                </p>
            </Show>
        </Section>
    }
}

/// Returns a sentence if a crux with this title, in the form of [`folded_name`], is on the board. Claims tell
/// such cruxes apart.
fn namesake_of(board: &Board, title: &str) -> Option<String> {
    let cruxes = board.cruxes().into_iter();
    let mut named = cruxes.filter(|crux| !title.is_empty() && folded_name(&crux.title) == title);
    let namesake = named.next();
    namesake.map(|crux| {
        let claim = &crux.claim;
        t!("There is a crux with this title already: “{claim}”. With another claim it is another crux; another title tells them apart on the board.", claim)
    })
}

/// Returns whether anything was written of a trigger.
fn says(trigger: &Trigger) -> bool {
    let texts = [&trigger.observable, &trigger.threshold, &trigger.judge];
    trigger.by_date.is_some() || texts.iter().any(|text| !text.is_empty())
}

const CLAIM: &[Field] = &pick(Crux::FORM, ["claim", "title", "if_true"]);

const TRIGGER: &[Field] = &[
    Field::named(Trigger::FORM, "observable").with_hint(translatable!(
        "What would you see? Leave all of this empty to add no trigger."
    )),
    Field::named(Trigger::FORM, "toward").with_input(Input::Option("—")),
    Field::named(Trigger::FORM, "threshold"),
    Field::named(Trigger::FORM, "by_date"),
    Field::named(Trigger::FORM, "judge"),
];

#[component]
fn FirstTrigger(
    title: &'static str,
    trigger: RwSignal<Trigger>,
    options: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    let set =
        Callback::new(move |set: TriggerEdit| trigger.update(|trigger| trigger.overlay(&set)));
    let form = Form::of(Signal::<Trigger>::from(trigger), set).with_options(options);
    view! {
        <fieldset class="panel form-grid">
            <legend><h2>{title}</h2></legend>
            {form.fields(TRIGGER)}
        </fieldset>
    }
}
