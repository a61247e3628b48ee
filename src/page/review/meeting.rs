//! One review: who is here, what changed, what is gone through, and how it ends.

use cruxboard_domain::ChangeId;
use cruxboard_domain::agenda::suggest_agenda;
use cruxboard_domain::board::RecordRef;
use cruxboard_domain::change::Edited;
use cruxboard_domain::date::spelled;
use cruxboard_domain::decide::Command;
use cruxboard_domain::record::{
    AgendaItem, CruxId, PersonId, Review, ReviewEdit, ReviewId, RoundEdit, RoundId,
};
use cruxboard_domain::text::counted;
use leptos::prelude::*;

use super::Gone;
use crate::component::{Choice, Later, Pick, Section, TextArea, TextField, live};
use crate::page::since::SinceList;
use crate::page::{Services, href, people_choices};
use crate::route::{Route, Screen};
use crate::session::Session;

/// Reads a review and follows it.
pub(super) fn follow_meeting(session: Session, id: ReviewId) -> Review {
    session.follow(RecordRef::Board);
    session
        .with(|board| board.review(id).map(|meeting| Review::clone(meeting)))
        .unwrap_or_default()
}

/// The review before this one: what changed is counted from there.
pub(super) fn moment_before(session: Session, id: ReviewId) -> ChangeId {
    session.with(|board| {
        let before = board.review_moments().into_iter().rev();
        let mut before = before.filter(|moment| *moment < id.0);
        before.next().unwrap_or_default()
    })
}

/// Opens a blind round and goes to it.
pub(super) fn open_round(session: Session, services: Services, round: RoundEdit) {
    match session.try_dispatch(Command::OpenRound(round)) {
        Ok(changes) => {
            if let (Some(first), Some(board)) = (changes.first(), session.open.get_untracked()) {
                let screen = Screen::Round(RoundId(first.id));
                services.go.run((Route::Board(board, screen), false));
            }
        }
        Err(refusal) => session.notices.refuse(&refusal),
    }
}

/// One review of the open board.
#[component]
pub fn ReviewPage(session: Session, id: ReviewId) -> impl IntoView {
    let is_there = Memo::new(move |_| {
        session.follow(RecordRef::Board);
        session.with(|board| board.review(id).is_some())
    });
    view! {
        <Show when=move || is_there.get() fallback=move || view! { <Gone session /> }>
            <Content session id />
        </Show>
    }
}

#[component]
fn Content(session: Session, id: ReviewId) -> impl IntoView {
    let services = Services::from_context();
    let meeting = Memo::new(move |_| follow_meeting(session, id));
    let is_open = Signal::derive(move || meeting.with(|meeting| meeting.closed().is_none()));
    let set = Callback::new(move |set: ReviewEdit| {
        session.dispatch(Command::EditReview(Edited {
            of: id,
            set,
            reason: String::new(),
        }));
    });
    let here = Signal::derive(move || {
        meeting.with(|meeting| {
            meeting
                .here
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        })
    });
    let people = Signal::derive(move || {
        session.follow(RecordRef::Board);
        session.with(people_choices)
    });
    let on_here = Callback::new(move |keys: Vec<String>| {
        set.run(ReviewEdit {
            here: Some(keys.iter().filter_map(|key| key.parse().ok()).collect()),
            ..ReviewEdit::default()
        });
    });
    let first = move || {
        let first = meeting.with(|meeting| meeting.agenda.first().map(|item| item.crux));
        first.map(|crux| {
            let to = href(session, Screen::Walk(id, crux));
            view! { <a class="button primary" href=to>"Start walkthrough"</a> }
        })
    };
    let blind = move |_| {
        let meeting = meeting.get_untracked();
        let cruxes = meeting.agenda.iter().map(|item| item.crux).collect();
        open_round(
            session,
            services,
            RoundEdit {
                cruxes: Some(cruxes),
                people: Some(meeting.here),
                held_at: Some(Some(id)),
            },
        );
    };
    let note = Signal::derive(move || meeting.with(|meeting| meeting.note.clone()));
    let written = move || match note.get() {
        note if note.is_empty() => "None.".to_owned(),
        note => note,
    };
    let names = move || {
        let here = here.get();
        let names = people.get().into_iter();
        let names: Vec<String> = names
            .filter(|(key, _)| here.contains(key))
            .map(|(_, name)| name)
            .collect();
        match names.is_empty() {
            true => "None.".to_owned(),
            false => names.join(", "),
        }
    };
    let on_note = Callback::new(move |note| {
        set.run(ReviewEdit {
            note: Some(note),
            ..ReviewEdit::default()
        });
    });
    let close = move |_| {
        if session.dispatch(Command::CloseReview(id)) {
            services.begin_anew.run(());
        }
    };
    let since_open = RwSignal::new(true);
    let from = moment_before(session, id);
    let until = move || {
        meeting
            .with(|meeting| meeting.closed())
            .unwrap_or(ChangeId::MAX)
    };
    let changed =
        move || view! { <SinceList session from=Signal::stored(from) to=until() first=3 /> };
    view! {
        <div class="page narrow">
            <div class="panel-head">
                <h1>"Review of " {spelled(session.day_of(id.0.millis()))}</h1>
                <span class="badge" translate="no">{live(move || if is_open.get() { "open" } else { "closed" })}</span>
            </div>
            <p class="actions">
                {live(first)}
                <Show when=move || is_open.get()>
                    <button on:click=blind>"Blind round on the agenda"</button>
                </Show>
                <a class="button" href=href(session, Screen::Decide(None))>"Record a decision"</a>
                <a class="button" href=href(session, Screen::Minutes(id))>"Minutes"</a>
            </p>
            <Rounds session id />
            <section class="panel here">
                <Show when=move || is_open.get() fallback=move || view! { <h2>"Participants"</h2><p>{live(names)}</p> }>
                    <Pick label="Participants" options=people value=here on_commit=on_here />
                    {live(move || online(session, here, on_here))}
                </Show>
            </section>
            <section class="panel">
                <h2>"Agenda"</h2>
                <Agenda session id meeting=meeting.into() set />
            </section>
            <div class="panel sections">
                <Section title="What changed since the last review" is_open=since_open on_toggle=Callback::new(move |open| since_open.set(open))>
                    <div class="wide since-list">{live(changed)}</div>
                </Section>
            </div>
            <section class="panel">
                <Show when=move || is_open.get() fallback=move || view! { <h2>"Notes on the review"</h2><p class="written">{live(written)}</p> }>
                    <TextArea label="Notes on the review" hint="Public minutes leave notes out unless you include them there." value=note on_commit=on_note />
                </Show>
            </section>
            <Show when=move || is_open.get() fallback=move || view! {
                <p class="soft">"This review is closed."</p>
            }>
                <p class="actions sticky">
                    <button class="primary" on:click=close>"Close the review"</button>
                    <span class="soft">"Computed triggers that count reviews use the board as it is at that moment."</span>
                </p>
            </Show>
        </div>
    }
}

/// Who has the board open now, and a way to put them on the list.
fn online(session: Session, here: Signal<Vec<String>>, on_here: Callback<Vec<String>>) -> AnyView {
    session.follow(RecordRef::Board);
    let present: Vec<PersonId> = session.sync.present.get().into_iter().flatten().collect();
    let people: Vec<(String, String)> = session.with(|board| {
        let people = present.iter().filter_map(|one| board.person(*one));
        people
            .map(|person| (person.id.to_string(), person.name.clone()))
            .collect()
    });
    if people.is_empty() {
        return ().into_any();
    }
    let names: Vec<&str> = people.iter().map(|(_, name)| name.as_str()).collect();
    let names = names.join(", ");
    let is_lacking = move |people: &[(String, String)]| {
        here.with(|here| people.iter().any(|(key, _)| !here.contains(key)))
    };
    let lacks = is_lacking(&people);
    let add = move |_| {
        let mut all = here.get_untracked();
        for (key, _) in &people {
            if !all.contains(key) {
                all.push(key.clone());
            }
        }
        on_here.run(all);
    };
    view! {
        <p class="actions soft">
            "Have this board open: " {names}
            {lacks.then(|| view! { <button class="quiet" on:click=add>"Add them"</button> })}
        </p>
    }
    .into_any()
}

/// The blind rounds of this review.
#[component]
fn Rounds(session: Session, id: ReviewId) -> impl IntoView {
    let rounds = move || {
        session.follow(RecordRef::Board);
        session.with(|board| {
            let own = board.rounds().filter(|round| round.held_at == Some(id));
            let lines: Vec<_> = own
                .map(|round| {
                    let to = href(session, Screen::Round(round.id));
                    let state = if round.closing().is_some() { "revealed" } else { "open" };
                    let count = counted(round.cruxes.len(), "crux", "cruxes");
                    view! { <li><a href=to>"Blind round on " {count}</a> " " <span class="badge" translate="no">{state}</span></li> }
                })
                .collect();
            (!lines.is_empty()).then(|| view! {
                <section class="panel linked"><h2>"Blind rounds"</h2><ul>{lines}</ul></section>
            })
        })
    };
    live(rounds)
}

#[component]
fn Agenda(
    session: Session,
    id: ReviewId,
    meeting: Signal<Review>,
    set: Callback<ReviewEdit>,
) -> impl IntoView {
    let ids = Memo::new(move |_| {
        meeting.with(|meeting| {
            meeting
                .agenda
                .iter()
                .map(|item| item.crux.0)
                .collect::<Vec<_>>()
        })
    });
    let change = move |change: &dyn Fn(&mut Vec<AgendaItem>)| {
        let mut agenda = meeting.get_untracked().agenda;
        change(&mut agenda);
        set.run(ReviewEdit {
            agenda: Some(agenda),
            ..ReviewEdit::default()
        });
    };
    // One callback for all three, told apart by a number: what is moved by how many places, or dropped.
    let move_by = Callback::new(move |(crux, places): (CruxId, Option<isize>)| {
        change(&|agenda| {
            let Some(at) = agenda.iter().position(|item| item.crux == crux) else {
                return;
            };
            match places {
                Some(places) => {
                    let to = at.saturating_add_signed(places).min(agenda.len() - 1);
                    agenda.swap(at, to);
                }
                None => drop(agenda.remove(at)),
            }
        });
    });
    let minutes = Callback::new(move |(crux, minutes): (CruxId, u16)| {
        change(&|agenda| {
            for item in agenda.iter_mut().filter(|item| item.crux == crux) {
                item.minutes = minutes;
            }
        });
    });
    let missing = Signal::derive(move || {
        session.follow(RecordRef::Board);
        let there = ids.get();
        session.with(|board| {
            let cruxes = board.cruxes().into_iter();
            cruxes
                .filter(|crux| !there.contains(&crux.id.0))
                .map(|crux| (crux.id.to_string(), crux.name().into_owned()))
                .collect::<Vec<_>>()
        })
    });
    // Put back once the list is another one, or the browser would take its next item for chosen.
    let chosen = RwSignal::new(String::new());
    let later = Later::from_context();
    let add = Callback::new(move |key: String| {
        if let Ok(crux) = key.parse() {
            chosen.set(key);
            change(&|agenda| {
                agenda.push(AgendaItem {
                    crux,
                    minutes: super::FIRST_MINUTES,
                })
            });
            later.run(0, move || {
                // By then the page may be gone, and the choice with it.
                if chosen.try_get_untracked().is_some() {
                    chosen.set(String::new());
                }
            });
        }
    });
    // What a review that is over was about is in its minutes; what presses now says nothing of it.
    let is_open = Memo::new(move |_| meeting.with(|meeting| meeting.closed().is_none()));
    let proposed = Memo::new(move |_| {
        session.follow(RecordRef::Board);
        let since = moment_before(session, id);
        let viewpoint = session.viewpoint();
        let propose = || session.with(|board| suggest_agenda(board, since, viewpoint));
        is_open.get().then(propose).unwrap_or_default()
    });
    let line = move |crux: ChangeId| {
        let crux = CruxId(crux);
        let why = move || {
            proposed.with(|proposed| {
                let it = proposed.iter().find(|proposed| proposed.crux == crux)?;
                let reasons: Vec<_> = it.reasons.iter().map(|reason| reason.label()).collect();
                Some(view! { <span class="why soft">{reasons.join(", ")}</span> })
            })
        };
        let name = session.with(|board| {
            board
                .crux(crux)
                .map_or_else(|| "Deleted crux".into(), |c| c.name().into_owned())
        });
        let own = Signal::derive(move || {
            let own = meeting.with(|meeting| {
                meeting
                    .agenda
                    .iter()
                    .find(|item| item.crux == crux)
                    .map(|item| item.minutes)
            });
            own.unwrap_or_default().to_string()
        });
        let on_minutes = Callback::new(move |text: String| {
            minutes.run((crux, text.trim().parse().unwrap_or_default()));
        });
        let check = Some(no_minutes as fn(&str) -> Option<String>);
        let named = name.clone();
        let buttons = move || {
            let button = |words: &'static str, places: Option<isize>| {
                let label = format!("{words}: {named}");
                view! { <button class="quiet" aria-label=label on:click=move |_| move_by.run((crux, places))>{words}</button> }
            };
            (
                button("Up", Some(-1)),
                button("Down", Some(1)),
                button("Drop", None),
            )
        };
        let label = format!("Minutes for {name}");
        view! {
            <li class="agenda-item">
                <span class="what">
                    <a href=href(session, Screen::Walk(id, crux))>{name}</a>
                    {live(why)}
                </span>
                <Show when=move || is_open.get() fallback=move || view! { <span>{live(move || own.get())} " min"</span> }>
                    <span class="minutes-field"><TextField label=label.clone() kind="number" value=own on_commit=on_minutes check /> "min"</span>
                    <span class="actions">{buttons()}</span>
                </Show>
            </li>
        }
        .into_any()
    };
    let total = move || {
        let minutes = meeting.with(|meeting| {
            let minutes = meeting.agenda.iter().map(|item| usize::from(item.minutes));
            minutes.sum()
        });
        counted(minutes, "minute in all.", "minutes in all.")
    };
    view! {
        <ol class="agenda"><For each=move || ids.get() key=|id| *id let(id)>{line(id)}</For></ol>
        <p class="soft">{live(total)}</p>
        <Show when=move || is_open.get()>
            <Choice label="Add a crux" options=missing value=chosen on_commit=add />
        </Show>
    }
}

/// The error of a text for minutes; `None` when it is valid.
fn no_minutes(text: &str) -> Option<String> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let words = match text.parse::<u16>() {
        _ if text.is_empty() => return None,
        Ok(_) => return None,
        Err(_) if is_number => "Not taken: that is more than a review can last.",
        Err(_) => "Not taken: minutes are a whole number, such as 10.",
    };
    Some(words.to_owned())
}

#[cfg(test)]
mod tests {
    use super::no_minutes;

    #[test]
    fn minutes_are_a_whole_number_or_nothing() {
        for text in ["", "0", "10", "65535"] {
            assert_eq!(no_minutes(text), None, "{text}");
        }
        for text in ["-1", "1.5", "ten"] {
            assert!(no_minutes(text).is_some_and(|why| why.contains("whole number")));
        }
        assert!(no_minutes("99999").is_some_and(|why| why.contains("more than")));
    }
}
