//! The form in which a reader of a snapshot states their own credences, and sends them back.

use cruxboard_domain::Credence;
use cruxboard_domain::checksum::crc32;
use cruxboard_domain::date::Now;
use cruxboard_domain::export::file_name::{ExportKind, export_name};
use cruxboard_domain::record::CruxId;
use cruxboard_domain::snapshot::Snapshot;
use cruxboard_domain::snapshot::answer::{CruxAnswer, member_called};
use cruxboard_domain::snapshot::link::{MOST_CHARS, Parcel};
use cruxboard_domain::t;
use cruxboard_session::DraftText as _;
use leptos::prelude::*;

use super::Sending;
use crate::component::{
    CredenceControl, DraftBanner, FieldErrors, Section, ShareLink, TextField, live,
};
use crate::route::Route;
use cruxboard_session::ports::FileSort;

/// A crux to answer.
#[derive(Clone)]
struct Asked {
    id: CruxId,
    name: String,
    claim: String,
    /// The claim as a clause that begins with "that".
    clause: String,
}

/// A reader's answers while they are being entered. This tab keeps them until it is closed.
#[derive(Clone, Copy)]
struct Answers {
    name: RwSignal<String>,
    given: RwSignal<Vec<(CruxId, CruxAnswer)>>,
}

impl Answers {
    /// Returns the answers as texts: the name, then credence and reason of each crux. `None` while nothing
    /// is entered.
    fn texts(self) -> Option<Vec<String>> {
        let mut texts = vec![self.name.get()];
        self.given.with(|given| {
            for (_, answer) in given {
                let percent = answer
                    .credence
                    .map(|credence| credence.percent().to_string());
                texts.push(percent.unwrap_or_default());
                texts.push(answer.reason.clone());
            }
        });
        let is_empty = texts.iter().all(|text| text.trim().is_empty());
        (!is_empty).then_some(texts)
    }

    /// Fills in the texts of an earlier visit.
    fn fill(self, texts: &[String]) {
        self.name.set(texts.first().cloned().unwrap_or_default());
        self.given.update(|given| {
            for (place, (_, answer)) in given.iter_mut().enumerate() {
                let text = |at: usize| texts.get(1 + 2 * place + at).cloned().unwrap_or_default();
                let percent = text(0).parse().ok();
                answer.credence = percent.and_then(Credence::from_percent);
                answer.reason = text(1);
            }
        });
    }
}

/// The form, folded by default.
#[component]
pub(super) fn Answer(snapshot: Snapshot, now: Now, sending: Sending) -> impl IntoView {
    FieldErrors::provide();
    let board = snapshot.board();
    let cruxes = board.cruxes();
    let cruxes = cruxes.iter().map(|crux| Asked {
        id: crux.id,
        name: crux.name().into_owned(),
        claim: crux.claim.clone(),
        clause: crux.clause(),
    });
    let cruxes: Vec<Asked> = cruxes.collect();
    let answers = Answers {
        name: RwSignal::new(String::new()),
        given: RwSignal::new(
            cruxes
                .iter()
                .map(|crux| (crux.id, CruxAnswer::default()))
                .collect(),
        ),
    };
    let key = crc32(snapshot.to_json().as_bytes());
    let kept = (sending.read_draft)(key).and_then(|text| Vec::<String>::from_text(&text));
    let is_kept = kept.is_some();
    if let Some(kept) = kept {
        answers.fill(&kept);
    }
    Effect::new(move |_| {
        let texts = answers.texts().map(|texts| texts.to_text());
        (sending.keep_draft)(key, texts);
    });
    let discard = Callback::new(move |()| answers.fill(&[]));
    let way_back = Callback::new(move |()| {
        let texts = untrack(|| answers.texts()).unwrap_or_default();
        Callback::new(move |()| answers.fill(&texts))
    });
    let cruxes = StoredValue::new(cruxes);
    let board = StoredValue::new_local(board);
    let snapshot = StoredValue::new(snapshot);
    let answered = Memo::new(move |_| {
        let name = answers.name.get();
        let given = answers.given.get();
        snapshot.with_value(|snapshot| snapshot.answered(&name, &given, now.millis))
    });
    let warning = move || {
        let name = answers.name.get();
        let member = board.with_value(|board| member_called(board, &name).map(str::to_owned));
        member.map(|member| view! {
            <p role="status" class="theirs">
                {t!("{member} is a member of this board. If that is you, tell the person to whom you send your answers: they can add them as your own credences. If not, add something to your name, so that nobody takes you for that member.", member)}
            </p>
        })
    };
    let is_open = RwSignal::new(is_kept);
    let form = move || {
        let fields = cruxes.get_value().into_iter();
        let fields = fields.map(|asked| view! { <AnswerField answers asked /> }.into_any());
        view! {
            <div class="answer-form">
                <DraftBanner is_kept on_discard=discard way_back />
                <p class="soft">{t!("Your answers go to nobody by themselves: send the link or the file below to the person from whom you have this snapshot. They add your name, numbers and reasons to their board, beside those of the group. Answer as many as you like; what you enter stays in this tab until you close it.")}</p>
                <p><b>{t!("Who will see it:")} " "</b>{t!("everybody who works on that board, and readers of its snapshots inside the organisation. Snapshots for anybody leave your answers out.")}</p>
                <TextField
                    label=t!("Your name")
                    value=answers.name
                    on_commit=Callback::new(move |name| answers.name.set(name))
                />
                {live(warning)}
                {fields.collect_view()}
                {live(move || view_answer(answered.get(), sending))}
            </div>
        }
    };
    view! {
        <section class="panel answer" aria-label=t!("Answer")>
            <Section title=t!("Answer with your own credences") is_open on_toggle=Callback::new(move |open| is_open.set(open))>
                {form()}
            </Section>
        </section>
    }
}

/// The fields for one crux: credence and reason, beside the claim.
#[component]
fn AnswerField(answers: Answers, asked: Asked) -> impl IntoView {
    let Asked {
        id,
        name,
        claim,
        clause,
    } = asked;
    let read = move || {
        answers.given.with(|given| {
            let answer = given.iter().find(|(crux, _)| *crux == id);
            answer.map(|(_, answer)| answer.clone()).unwrap_or_default()
        })
    };
    let set = move |change: &dyn Fn(&mut CruxAnswer)| {
        answers.given.update(|given| {
            let answer = given.iter_mut().find(|(crux, _)| *crux == id);
            answer.into_iter().for_each(|(_, answer)| change(answer));
        });
    };
    let draft = RwSignal::new(None::<Credence>);
    let label = t!("Your credence: {name}", name);
    let why = t!("Why? {name}", name);
    let claim = (claim != name).then(|| view! { <p class="soft">{claim}</p> });
    let title = format!("answer-{id}");
    let labelled_by = title.clone();
    view! {
        <div class="answer-field" role="group" aria-labelledby=labelled_by>
            <div>
                <h3 id=title>{name}</h3>
                {claim}
            </div>
            <div class="answer-inputs">
                <CredenceControl
                    value=Signal::derive(move || read().credence)
                    draft
                    on_commit=Callback::new(move |credence| set(&|answer| answer.credence = Some(credence)))
                    clause=Signal::stored(clause)
                    is_draft=true
                    label
                />
                <TextField
                    label=why
                    value=Signal::derive(move || read().reason)
                    on_commit=Callback::new(move |reason: String| set(&|answer| answer.reason.clone_from(&reason)))
                />
            </div>
        </div>
    }
}

/// Renders the answer to send back, once there is one.
fn view_answer(answered: Option<Snapshot>, sending: Sending) -> AnyView {
    let Some(answered) = answered else {
        return view! { <p class="soft" role="status">{t!("Give your name and at least one credence to get a link to send back.")}</p> }.into_any();
    };
    let payload = Parcel::open(&answered).to_text();
    let link = format!(
        "{}{}",
        (sending.app_address)(),
        Route::Snapshot(payload).href()
    );
    let fits = link.len() <= MOST_CHARS;
    let save = move |_| {
        let reading = answered.reading();
        let name = export_name(&reading.name, ExportKind::Answers, reading.day);
        sending
            .save
            .run((name, FileSort::Snapshot, answered.to_json()));
    };
    view! {
        <div class="answer-result">
            {fits.then(|| view! { <ShareLink label=t!("Link with your answers") link on_copy=sending.copy /> })}
            <p class="actions"><button on:click=save>{t!("Save as a file")}</button></p>
        </div>
    }
    .into_any()
}
