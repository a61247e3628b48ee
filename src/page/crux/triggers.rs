use cruxboard_domain::Credence;
use cruxboard_domain::board::{Board, RecordRef};
use cruxboard_domain::change::Edited;
use cruxboard_domain::completeness::trigger_lacks;
use cruxboard_domain::date::{Viewpoint, spelled};
use cruxboard_domain::decide::{Command, CommandError};
use cruxboard_domain::format::{
    NO_OPTION, dispute_words, finding_words, goalpost_fields, measured_words,
};
use cruxboard_domain::record::{
    Comparison, CredenceRule, CruxId, Mark, Measure, Record, Shows, Trigger, TriggerEdit,
    TriggerId, Verdict,
};
use cruxboard_domain::trigger_state::{TriggerState, counted_reviews, measured, trigger_state};
use leptos::prelude::*;

use crate::component::live;

use super::Remembered;
use crate::component::{
    Check, Choice, DateText, DraftBanner, Field, FieldErrors, Form, Kind, Pick, Section,
    StateGlyph, TextArea, TextField, field, focus_invalid, mark_class,
};
use crate::page::{
    dispatch_from, href, mark_of, option_choices, person_name, short, today, word_choices,
};
use crate::route::Screen;
use crate::session::Session;

/// The tripwires of a crux, with what judges said of them.
#[component]
pub(super) fn TriggerPanel(session: Session, id: CruxId) -> impl IntoView {
    let ids = Memo::new(move |_| {
        session.follow(RecordRef::Crux(id));
        session.with(|board| {
            let (events, rules): (Vec<_>, Vec<_>) = board
                .triggers_of(id)
                .partition(|trigger| trigger.rule.is_none());
            events
                .into_iter()
                .chain(rules)
                .map(|trigger| trigger.id.0)
                .collect::<Vec<_>>()
        })
    });
    view! {
        <section class="panel triggers" aria-labelledby="triggers-title">
            <h2 id="triggers-title">"Triggers"</h2>
            <Show when=move || ids.with(Vec::is_empty)>
                <p class="soft">"What observation would make you stop, and which would make you go on? A trigger calls for a decision; it never decides by itself."</p>
            </Show>
            <For each=move || ids.get() key=|id| *id let(trigger)><TriggerCard session crux=id id=TriggerId(trigger) /></For>
            <Remembered name="new-trigger" title="Add a trigger">
                <NewTrigger session crux=id />
            </Remembered>
        </section>
    }
}

/// What one trigger shows.
#[derive(Clone, PartialEq)]
struct Card {
    mark: Mark,
    option: String,
    state: TriggerState,
    trigger: Trigger,
    lacks: Vec<&'static str>,
    judged: Vec<(Judged, String)>,
    measured: Option<String>,
    reviews: Vec<String>,
    dispute: Option<String>,
    moved: Vec<(String, String, String)>,
}

/// How a judgement is shown: its verdict, who gave it, when and on what.
#[derive(Clone, PartialEq)]
struct Judged {
    verdict: &'static str,
    who: String,
    when: String,
    reason: String,
    evidence: String,
}

/// The most reviews that a card lists.
const REVIEWS: usize = 6;

impl Card {
    fn read(board: &Board, trigger: &Record<TriggerId, Trigger>, viewpoint: Viewpoint) -> Self {
        let now = viewpoint.now;
        let standing: Vec<_> = trigger.standing().iter().map(|one| one.id).collect();
        let by = |person: Option<_>| person.map_or("somebody".into(), |p| person_name(board, p));
        Self {
            mark: mark_of(board, trigger.toward),
            option: trigger
                .toward
                .and_then(|option| board.option(option))
                .map(|option| option.name.clone())
                .unwrap_or_default(),
            state: trigger_state(board, trigger, viewpoint),
            measured: measured(board, trigger, viewpoint)
                .map(|measured| measured_words(&measured, viewpoint.with_stale)),
            reviews: counted_reviews(board, trigger)
                .iter()
                .rev()
                .take(REVIEWS)
                .filter_map(|found| finding_words(trigger, found, now))
                .collect(),
            dispute: dispute_words(board, trigger),
            trigger: Trigger::clone(trigger),
            lacks: trigger_lacks(trigger)
                .into_iter()
                .map(|lack| lack.label())
                .collect(),
            judged: trigger
                .judgements
                .iter()
                .rev()
                .map(|judged| {
                    let evidence = judged.evidence.iter().filter_map(|id| board.evidence(*id));
                    let evidence: Vec<_> = evidence.map(|e| short(e.headline(), 60)).collect();
                    let when = spelled(now.day_of(judged.id.millis()));
                    let note = if judged.of_draft {
                        "given on a draft: does not count"
                    } else if !standing.contains(&judged.id) {
                        "corrected since"
                    } else if !judged.settles.is_empty() {
                        "settles the dispute"
                    } else {
                        ""
                    };
                    let judged = Judged {
                        verdict: judged.verdict.label(),
                        who: by(judged.by),
                        when,
                        reason: judged.reason.clone(),
                        evidence: evidence.join("; "),
                    };
                    (judged, note.to_owned())
                })
                .collect(),
            moved: trigger
                .goalposts
                .iter()
                .rev()
                .map(|moved| {
                    let fields = goalpost_fields(board, moved).into_iter();
                    let fields = fields.map(|(field, before, after)| {
                        format!("{field}: “{before}” became “{after}”")
                    });
                    let what = fields.collect::<Vec<_>>().join("; ");
                    (
                        what,
                        moved.reason.clone(),
                        format!(
                            "{}, {}",
                            by(moved.by),
                            spelled(now.day_of(moved.id.millis()))
                        ),
                    )
                })
                .collect(),
        }
    }
}

#[component]
fn TriggerCard(session: Session, crux: CruxId, id: TriggerId) -> impl IntoView {
    let card = Memo::new(move |_| {
        session.follow(RecordRef::Crux(crux));
        session.follow(RecordRef::Board);
        let viewpoint = session.viewpoint();
        session.with(|board| {
            board
                .trigger(id)
                .map(|trigger| Card::read(board, trigger, viewpoint))
        })
    });
    let edits = RwSignal::new(false);
    let is_met =
        move || card.with(|card| card.as_ref().is_some_and(|c| c.state == TriggerState::Met));
    let is_armed = move || card.with(|card| card.as_ref().is_some_and(|c| c.trigger.armed));
    view! {
        <article class="trigger">
            {live(move || card.get().map(|card| card_view(card, today(session))))}
            <div class="trigger-actions">
                <Show when=is_met>
                    <a class="button" href=href(session, Screen::Decide(Some(id)))>"Decide"</a>
                </Show>
                // Nobody has agreed to the terms of a draft.
                <Show when=is_armed><Judge session crux id /></Show>
                <Section title="Edit its terms" is_open=edits on_toggle=Callback::new(move |open| edits.set(open))>
                    <EditTerms session crux id />
                </Section>
            </div>
        </article>
    }
}

fn card_view(card: Card, today: Signal<chrono::NaiveDate>) -> AnyView {
    let Card {
        mark,
        option,
        state,
        trigger,
        lacks,
        judged,
        measured,
        reviews,
        dispute,
        moved,
    } = card;
    let toward = if option.is_empty() {
        NO_OPTION.to_owned()
    } else {
        option
    };
    let shown = |verdict| {
        let shows = trigger.shows(verdict);
        shows.map_or_else(String::new, |shows| {
            format!("the claim counts as {}", shows.label())
        })
    };
    let line = |label: &'static str, text: String| {
        (!text.is_empty()).then(|| view! { <div><dt>{label}</dt><dd>{text}</dd></div> })
    };
    let date = |label: &'static str, day: Option<chrono::NaiveDate>| {
        day.map(|day| view! { <div><dt>{label}</dt><dd><DateText day today /></dd></div> })
    };
    let judged = judged.into_iter().map(|(judged, note)| {
        let Judged {
            verdict,
            who,
            when,
            reason,
            evidence,
        } = judged;
        let evidence = (!evidence.is_empty()).then(|| format!(" [{evidence}]"));
        let is_over = note.starts_with("corrected") || note.starts_with("given");
        let note = (!note.is_empty()).then(|| format!(" ({note})"));
        view! {
            <li class:corrected=move || is_over>
                <b>{verdict}</b> ", " {who} ", " {when} ": " {reason} {evidence} {note}
            </li>
        }
    });
    let moved = moved.into_iter().map(|(what, reason, who)| {
        let why = (!reason.is_empty()).then(|| format!(" Why: {reason}"));
        view! { <li><b>"Goalpost moved"</b> " by " {who} ". " {what} "." {why}</li> }
    });
    let reviews = (!reviews.is_empty()).then(|| {
        let lines = reviews.into_iter().map(|words| view! { <li>{words}</li> });
        view! { <div><dt>"Reviews"</dt><dd><ul>{lines.collect_view()}</ul></dd></div> }
    });
    let disputed = (state == TriggerState::Disputed).then(|| {
        let why = dispute.map(|why| format!("{why} "));
        view! { <p class="late">{why} "It counts for no option until the dispute is settled."</p> }
    });
    view! {
        <h3>
            <span translate="no" class=format!("chip is-{}", state.key())>
                <StateGlyph mark state />
                <span class=mark_class(mark)>{toward} ": "</span>
                <b>{state.label()}</b>
            </span>
        </h3>
        <p class="observable">{trigger.headline()}</p>
        <dl class="terms-list">
            {trigger.rule.map(|rule| view! { <div><dt>"Watches"</dt><dd>{rule.to_string()}</dd></div> })}
            {measured.map(|words| view! { <div><dt>"Now"</dt><dd translate="no">{words}</dd></div> })}
            {reviews}
            {line("Threshold", trigger.threshold.clone())}
            {line("Seen in", trigger.source.clone())}
            {date("By", trigger.by_date)}
            {line("Judge", trigger.judge.clone())}
            {line("Then", trigger.action.clone())}
            {line("If met", shown(Verdict::Met))}
            {line("If not met", shown(Verdict::NotMet))}
            {date("Review", trigger.review_on)}
        </dl>
        {(state == TriggerState::Undecided).then(|| view! {
            <p class="late">"Its date has passed without a recorded outcome. It counts for no option until one is recorded."</p>
        })}
        {disputed}
        {(state == TriggerState::Met).then(|| view! {
            <p class="called">"Met: hold a decision meeting. A trigger does not decide by itself."</p>
        })}
        <ul class="judged">{judged.collect_view()}</ul>
        <ul class="goalposts">{moved.collect_view()}</ul>
        {(!lacks.is_empty()).then(|| view! {
            <ul class="lack-hints soft">{lacks.into_iter().map(|lack| view! { <li>{lack}</li> }).collect_view()}</ul>
        })}
    }
    .into_any()
}

/// Says how a trigger stands, and why. One that is computed can only be voided, and opened again.
#[component]
pub(in crate::page) fn Judge(session: Session, crux: CruxId, id: TriggerId) -> impl IntoView {
    let is_written = |text: &String| !text.is_empty();
    let verdict = session.draft("judgement-verdict", id.0, String::new(), is_written);
    let reason = session.draft("judgement-reason", id.0, String::new(), is_written);
    let evidence = session.draft("judgement-evidence", id.0, Vec::new(), |_| false);
    let is_kept = verdict.with_untracked(is_written) || reason.with_untracked(is_written);
    let is_open = RwSignal::new(is_kept);
    let discard = Callback::new(move |()| {
        verdict.set(String::new());
        reason.set(String::new());
        evidence.set(Vec::new());
    });
    let options = Signal::derive(move || {
        session.follow(RecordRef::Crux(crux));
        session.with(|board| {
            let items = board.evidence_on(crux);
            items
                .map(|e| (e.id.to_string(), short(e.headline(), 80).into_owned()))
                .collect::<Vec<_>>()
        })
    });
    let verdicts = Signal::derive(move || {
        session.follow(RecordRef::Crux(crux));
        let is_computed =
            session.with(|board| board.trigger(id).is_some_and(|it| it.rule.is_some()));
        let mut verdicts = word_choices!(Verdict);
        verdicts.retain(|(key, _)| {
            !is_computed
                || [Verdict::Void, Verdict::Open]
                    .iter()
                    .any(|it| it.key() == key)
        });
        verdicts
    });
    let errors = FieldErrors::provide();
    let judge = move |_| {
        let Some(verdict_now) = Verdict::from_key(&verdict.get_untracked()) else {
            let why = "Choose a status.";
            session.notices.refused(why);
            errors.refuse("verdict", why);
            return;
        };
        let command = Command::JudgeTrigger {
            trigger: id,
            verdict: verdict_now,
            reason: reason.get_untracked(),
            evidence: evidence
                .get_untracked()
                .iter()
                .filter_map(|id| id.parse().ok())
                .collect(),
        };
        if dispatch_from(session, errors, command) {
            discard.run(());
            is_open.set(false);
        }
    };
    let shows = move || {
        session.follow(RecordRef::Crux(crux));
        let verdict = Verdict::from_key(&verdict.get())
            .filter(|verdict| matches!(verdict, Verdict::Met | Verdict::NotMet))?;
        let shows = session.with(|board| Some(board.trigger(id)?.shows(verdict)))?;
        let words = match shows {
            Some(shows) => format!(
                "By its terms the claim then counts as {}, and everybody’s credences are scored.",
                shows.label()
            ),
            None => "Its terms do not say what that shows of the claim, so nobody is scored by it."
                .into(),
        };
        Some(view! { <p class="soft">{words}</p> })
    };
    let is_disputed = Memo::new(move |_| {
        session.follow(RecordRef::Crux(crux));
        session.with(|board| {
            board
                .trigger(id)
                .is_some_and(|it| cruxboard_domain::trigger_state::dispute(board, it).is_some())
        })
    });
    let settles = move || {
        let words =
            "This trigger is disputed: your outcome settles it. Earlier outcomes stay visible.";
        is_disputed
            .get()
            .then(|| view! { <p class="soft">{words}</p> })
    };
    let button = move || {
        if is_disputed.get() {
            "Settle the dispute"
        } else {
            "Save outcome"
        }
    };
    view! {
        <Section title="Record outcome" is_open on_toggle=Callback::new(move |open| is_open.set(open))>
            <DraftBanner is_kept on_discard=discard />
            <Choice label="Status" name="verdict" options=verdicts value=verdict on_commit=Callback::new(move |key| verdict.set(key)) />
            <TextArea label="Reason" name="reason" value=reason on_commit=Callback::new(move |text| reason.set(text)) />
            <Show when=move || options.with(|options| !options.is_empty())>
                <Pick label="On which evidence" options value=evidence on_commit=Callback::new(move |ids| evidence.set(ids)) />
            </Show>
            {live(shows)}
            {live(settles)}
            <p class="actions"><button class="primary" on:click=judge>{live(button)}</button></p>
        </Section>
    }
}

/// The terms of a trigger. Moving an armed one's asks for a reason first.
#[component]
fn EditTerms(session: Session, crux: CruxId, id: TriggerId) -> impl IntoView {
    // The terms that wait for a reason; those that are not set stay as they are.
    let is_changed = |terms: &TriggerEdit| *terms != TriggerEdit::default();
    let pending = session.draft("goalpost", id.0, TriggerEdit::default(), is_changed);
    let reason = session.draft("goalpost-reason", id.0, String::new(), |text| {
        !text.is_empty()
    });
    let stored = move || {
        session
            .with(|board| board.trigger(id).map(|trigger| Trigger::clone(trigger)))
            .unwrap_or_default()
    };
    // What waits for its reason stands in the fields, so that a second term can be changed with the
    // first, and so that leaving it shows again what is stored.
    let trigger = Signal::derive(move || {
        session.follow(RecordRef::Crux(crux));
        let mut trigger = stored();
        pending.with(|pending| trigger.overlay(pending));
        trigger
    });
    let set = Callback::new(move |set: TriggerEdit| {
        let mut wanted = trigger.get_untracked();
        wanted.overlay(&set);
        let set = stored().edit_to(&wanted);
        let edited = Edited {
            of: id,
            set: set.clone(),
            reason: String::new(),
        };
        match session.try_dispatch(Command::EditTrigger(edited)) {
            Err(CommandError::GoalpostNeedsReason) => pending.set(set),
            Err(CommandError::NothingToDo) | Ok(_) => pending.set(TriggerEdit::default()),
            Err(refusal) => session.notices.refuse(&refusal),
        }
    });
    let errors = FieldErrors::provide();
    let leave = move || {
        pending.set(TriggerEdit::default());
        reason.set(String::new());
    };
    let confirm = move |_| {
        let set = pending.get_untracked();
        let edited = Edited {
            of: id,
            set,
            reason: reason.get_untracked(),
        };
        if dispatch_from(session, errors, Command::EditTrigger(edited)) {
            leave();
        }
    };
    view! {
        <TermFields session trigger set />
        <Show when=move || pending.with(is_changed)>
            <div class="goalpost-ask" role="group" aria-label="Change of terms after arming">
                <TextArea
                    label="This trigger has been armed. Why are its terms changed?"
                    name="reason"
                    hint="The old terms and this reason stay visible."
                    value=reason
                    on_commit=Callback::new(move |text| reason.set(text))
                />
                <p class="actions">
                    <button class="primary" on:click=confirm>"Change the terms"</button>
                    <button on:click=move |_| leave()>"Keep the old terms"</button>
                </p>
            </div>
        </Show>
        <p class="actions">
            <button class="danger" on:click=move |_| { session.dispatch(Command::Trash(id.0)); }>"Move to the trash"</button>
        </p>
    }
}

/// The fields of a trigger, for one that is there and for one being written.
#[component]
fn TermFields(
    session: Session,
    #[prop(into)] trigger: Signal<Trigger>,
    set: Callback<TriggerEdit>,
) -> impl IntoView {
    let options = Signal::derive(move || {
        session.follow(RecordRef::Board);
        session.with(option_choices)
    });
    let form = Form::of(trigger, set).with_options(options);
    let is_rule = move || trigger.with(|trigger| trigger.rule.is_some());
    view! {
        {form.fields(TOWARD)}
        <Show when=is_rule fallback=move || form.fields(EVENT)>
            <RuleFields trigger set />
        </Show>
        {form.fields(ACTION)}
        <Show when=move || !is_rule()>{form.fields(SHOWS)}</Show>
    }
}

const TOWARD: &[Field] = &[field(
    "toward",
    "Speaks for",
    Kind::Option("no option: look again"),
    "",
)];

const EVENT: &[Field] = &[
    field(
        "observable",
        "Observable",
        Kind::Area,
        "What would you see?",
    ),
    field(
        "threshold",
        "Threshold",
        Kind::Line,
        "Which figure counts as met?",
    ),
    field("source", "Source", Kind::Line, "Where can it be observed?"),
    field("by_date", "By", Kind::Day, ""),
    field(
        "judge",
        "Judge",
        Kind::Line,
        "Who decides whether it is met?",
    ),
];

/// What verdicts show, which only events do.
const SHOWS: &[Field] = &[
    field(
        "if_met",
        "If it is met, the claim is",
        Kind::Word(Shows::CHOICES),
        "Credences are then scored. Leave it empty if the claim would still be open.",
    ),
    field(
        "if_not_met",
        "If it is judged not met, the claim is",
        Kind::Word(Shows::CHOICES),
        "Leave it empty if a missed date proves nothing.",
    ),
];

const ACTION: &[Field] = &[
    field(
        "action",
        "Action",
        Kind::Line,
        "What will be done when it is met?",
    ),
    field("review_on", "Review on", Kind::Day, ""),
    field("armed", "Armed", Kind::Yes, ""),
];

#[component]
fn RuleFields(trigger: Signal<Trigger>, set: Callback<TriggerEdit>) -> impl IntoView {
    let rule = move || trigger.with(|t| t.rule).unwrap_or(FIRST_RULE);
    let put = move |rule: CredenceRule| {
        set.run(TriggerEdit {
            rule: Some(Some(rule)),
            ..TriggerEdit::default()
        })
    };
    let on_measure = Callback::new(move |key: String| {
        put(CredenceRule {
            measure: Measure::from_key(&key).unwrap_or(rule().measure),
            ..rule()
        });
    });
    let on_side = Callback::new(move |key: String| {
        put(CredenceRule {
            comparison: Comparison::from_key(&key).unwrap_or(rule().comparison),
            ..rule()
        });
    });
    let on_value = Callback::new(move |text: String| {
        put(CredenceRule {
            value: text.parse().unwrap_or(rule().value),
            ..rule()
        });
    });
    let quorum = Signal::derive(move || {
        let quorum = trigger.with(|t| t.quorum);
        quorum.map(|quorum| quorum.to_string()).unwrap_or_default()
    });
    let on_quorum = Callback::new(move |text: String| {
        set.run(TriggerEdit {
            quorum: Some(text.trim().parse().ok()),
            ..TriggerEdit::default()
        });
    });
    let on_reviews = Callback::new(move |text: String| {
        put(CredenceRule {
            reviews: text.parse().unwrap_or(rule().reviews),
            ..rule()
        });
    });
    view! {
        <Choice label="Watches the" options=Signal::stored(word_choices!(Measure)) value=Signal::derive(move || rule().measure.key().to_owned()) on_commit=on_measure none="" />
        <Choice label="When it is" options=Signal::stored(word_choices!(Comparison)) value=Signal::derive(move || rule().comparison.key().to_owned()) on_commit=on_side none="" />
        <TextField label="Value, in % or points" value=Signal::derive(move || rule().value.to_string()) on_commit=on_value check=Some(no_credence as fn(&str) -> Option<String>) />
        <TextField label="From at least how many people" hint="Empty: more than half of the board’s people, at least two." kind="number" value=quorum on_commit=on_quorum check=Some(no_quorum as fn(&str) -> Option<String>) />
        <TextField label="At how many reviews in a row" hint="0: as soon as it holds." kind="number" value=Signal::derive(move || rule().reviews.to_string()) on_commit=on_reviews check=Some(no_count as fn(&str) -> Option<String>) />
    }
}

fn no_credence(text: &str) -> Option<String> {
    let problem = text.parse::<Credence>().err()?;
    Some(format!("Not stored: {problem}."))
}

fn no_count(text: &str) -> Option<String> {
    let is_count = text.parse::<u8>().is_ok();
    (!is_count).then(|| "Not stored: enter how many, such as 2; 255 at most.".to_owned())
}

fn no_quorum(text: &str) -> Option<String> {
    let text = text.trim();
    let is_quorum = text.is_empty() || text.parse::<u16>().is_ok_and(|quorum| quorum > 0);
    (!is_quorum)
        .then(|| "Not stored: enter a number of people, at least 1, or leave it empty.".to_owned())
}

const FIRST_RULE: CredenceRule = CredenceRule {
    measure: Measure::Aggregate,
    comparison: Comparison::AtLeast,
    value: Credence::HALF,
    reviews: 2,
};

/// A trigger being written: it joins the board when it is added.
#[component]
fn NewTrigger(session: Session, crux: CruxId) -> impl IntoView {
    let fresh = move || Trigger {
        armed: true,
        ..Trigger::default()
    };
    let is_written = |trigger: &Trigger| {
        let texts = [&trigger.observable, &trigger.threshold, &trigger.action];
        trigger.rule.is_some() || texts.iter().any(|text| !text.is_empty())
    };
    let errors = FieldErrors::provide();
    let trigger = session.draft("trigger", crux.0, fresh(), is_written);
    let is_kept = trigger.with_untracked(is_written);
    let discard = Callback::new(move |()| trigger.set(fresh()));
    let set =
        Callback::new(move |set: TriggerEdit| trigger.update(|trigger| trigger.overlay(&set)));
    let watches = Signal::derive(move || trigger.with(|t| t.rule.is_some()));
    let on_kind = Callback::new(move |is_rule: bool| {
        trigger.update(|trigger| trigger.rule = is_rule.then_some(FIRST_RULE));
    });
    let add = move |event: leptos::ev::MouseEvent| {
        if focus_invalid(&event) {
            return;
        }
        let edit = Trigger::default().edit_to(&trigger.get_untracked());
        let command = Command::AddTrigger(TriggerEdit {
            crux: Some(crux),
            ..edit
        });
        if dispatch_from(session, errors, command) {
            discard.run(());
        }
    };
    view! {
        <DraftBanner is_kept on_discard=discard />
        <Check label="Computed from credences instead of judged" value=watches on_commit=on_kind />
        <TermFields session trigger set />
        <p class="actions"><button class="primary" on:click=add>"Add the trigger"</button></p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::check_table;

    #[test]
    fn every_field_is_one_of_a_trigger() {
        for fields in [TOWARD, EVENT, ACTION, SHOWS] {
            check_table::<TriggerEdit>(fields);
        }
    }
}
