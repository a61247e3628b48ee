//! The joint effect of two cruxes that are assumed in a what-if: stated by the reader, and a table of all.

use cruxboard_domain::Credence;
use cruxboard_domain::decide::{Command, JointMove};
use cruxboard_domain::format::given_words;
use cruxboard_domain::joint_effect::{Case, JointView, joint_range};
use cruxboard_domain::record::{CruxId, Given, JointCredenceId, OptionId, PersonId};
use cruxboard_domain::t;
use cruxboard_domain::text::listed;
use cruxboard_domain::what_if::{Assumed, OptionModel};
use leptos::prelude::*;

use super::credences::Basis;
use super::{Analysed, option_name};
use crate::component::{CredenceControl, FieldErrors, live};
use crate::page::{dispatch_in_place, person_name};
use cruxboard_session::Session;

/// The subject of a joint effect.
#[derive(Clone, Copy, PartialEq)]
struct About {
    option: OptionId,
    given: [Given; 2],
    me: PersonId,
}

/// The control for the reader's joint effect of the two assumed cruxes, and a table of all joint effects.
#[component]
pub(super) fn JointEffects(analysed: Analysed, assumed: RwSignal<Assumed>) -> impl IntoView {
    FieldErrors::provide();
    let session = analysed.session;
    let about = Memo::new(move |_| {
        Some(About {
            option: analysed.option.get()?,
            given: assumed.with(two_certain)?,
            me: session.me.get()?,
        })
    });
    let control = move || {
        if let Some(about) = about.get() {
            return view! { <Control session about /> }.into_any();
        }
        let words = if session.me.get().is_none() {
            t!("Choose your name (“You are”, at the top) to state the joint effect of two cruxes.")
        } else {
            t!(
                "To state the joint effect of two cruxes, set exactly two of them to true or false above."
            )
        };
        view! { <p class="soft">{words}</p> }.into_any()
    };
    view! {
        <section class="joint-effects" aria-labelledby="joint-title">
            <h3 id="joint-title">{t!("Joint effect of two cruxes")}</h3>
            {live(control)}
            {live(move || table(analysed))}
        </section>
    }
}

/// Returns the assumptions, if they are that two cruxes are true or false.
fn two_certain(assumed: &Assumed) -> Option<[Given; 2]> {
    let given = assumed.iter().map(|(crux, chance)| {
        let is_certain = [Credence::ZERO, Credence::CERTAIN].contains(chance);
        is_certain.then_some(Given {
            crux: *crux,
            is_true: *chance == Credence::CERTAIN,
        })
    });
    let given: Vec<Given> = given.collect::<Option<_>>()?;
    given.try_into().ok()
}

/// The control for one joint effect, with the range that agrees with the reader's other credences.
#[component]
fn Control(session: Session, about: About) -> impl IntoView {
    let errors = use_context::<FieldErrors>();
    let draft = RwSignal::new(None::<Credence>);
    let latest = Memo::new(move |_| {
        session.read_all(|board| {
            let now = session.now.get_untracked().millis;
            let current = board.joint_credences_at(about.option, now);
            let said = current.get(&(about.me, about.given))?;
            Some((said.id, said.credence))
        })
    });
    let said = Memo::new(move |_| latest.get().map(|(JointCredenceId(id), _)| id));
    let value = Signal::derive(move || latest.get().map(|(_, credence)| credence));
    let (option, given) = session.read_untracked(|board| {
        (
            option_name(board, about.option),
            given_words(board, &about.given),
        )
    });
    let label = t!("How likely “{option}” is right if {given}", option, given);
    let clause = t!("“{option}” is right if {given}", option, given);
    let on_commit = Callback::new(move |credence| {
        let moved = JointMove {
            option: about.option,
            given: about.given,
            person: about.me,
            credence,
            reason: String::new(),
        };
        let command = Command::StateJointCredence {
            moved,
            evidence: Vec::new(),
        };
        match errors {
            Some(errors) => dispatch_in_place(session, errors, command),
            None => drop(session.dispatch(command)),
        }
    });
    let range = move || {
        let found =
            session.read_all(|board| joint_range(board, about.option, about.me, about.given))?;
        let (low, high) = (found.range.start().shown(), found.range.end().shown());
        Some(match found.independent {
            Some(independent) => t!(
                "If the two were independent, it would be {independent}. Your other credences leave {low} to {high}.",
                independent = independent.rounded(&[]),
                low,
                high
            ),
            None => t!("Your other credences leave {low} to {high}.", low, high),
        })
    };
    let words = move || {
        range().unwrap_or_else(|| {
            t!("It counts once you have stated, without contradiction, your credence in the option, in both cruxes, and in the option if each of them is true.").to_owned()
        })
    };
    let heading = label.clone();
    view! {
        <div class="mine">
            <h4>{heading}</h4>
            <CredenceControl value draft on_commit clause=Signal::stored(clause) label name="joint" />
            <p class="soft">{live(words)}</p>
            <Basis session latest=said cruxes=about.given.map(|one| one.crux).to_vec() />
        </div>
    }
}

/// The joint effects that people have stated on the selected option.
fn table(analysed: Analysed) -> Option<AnyView> {
    let option = analysed.option.get()?;
    let rows = analysed.models.with(|models| {
        let model = models.iter().find(|model| model.option == option)?;
        let rows = model
            .joint_views()
            .flat_map(|(person, view)| joint_rows(analysed.session, person, view));
        Some(rows.collect::<Vec<_>>())
    })?;
    (!rows.is_empty()).then(|| {
        view! {
            <div class="scroll" tabindex="0" role="region" aria-label=t!("Joint effects that people have stated")>
                <table class="data">
                    <thead>
                        <tr>
                            <th scope="col">{t!("case" => "If")}</th>
                            <th scope="col">{t!("Person")}</th>
                            <th scope="col" class="number">{t!("Stated")}</th>
                            <th scope="col" class="number">{t!("If independent")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    })
}

fn joint_rows(session: Session, person: PersonId, view: &JointView) -> Vec<AnyView> {
    let row = |(case, credence): &(Case, Credence), is_contradictory: bool| {
        let (given, who) = session.read_untracked(|board| {
            let given = given_words(board, &given(view.cruxes, *case));
            (given, person_name(board, person))
        });
        let independent = view.independent(*case);
        let independent = independent.map_or_else(|| "–".to_owned(), |it| it.rounded(&[]));
        view! {
            <tr>
                <th scope="row">{given}</th>
                <td>{who}</td>
                <td class="number" class:late=is_contradictory translate="no">
                    {credence.shown()}
                    {is_contradictory.then(|| view! { " " {t!("(contradicts their other credences, not counted)")} })}
                </td>
                <td class="number" translate="no">{independent}</td>
            </tr>
        }
        .into_any()
    };
    let counted = view.stated.iter().map(|said| row(said, false));
    let others = view.contradictory.iter().map(|said| row(said, true));
    counted.chain(others).collect()
}

fn given(cruxes: [CruxId; 2], case: Case) -> [Given; 2] {
    [0, 1].map(|place| Given {
        crux: cruxes[place],
        is_true: case[place],
    })
}

/// Describes the joint effects that count in place of independence under the assumptions, one line for each
/// option and case.
pub(super) fn counted_words(
    session: Session,
    models: &[OptionModel],
    assumed: &Assumed,
) -> Vec<String> {
    let mut lines: Vec<(OptionId, [Given; 2], Vec<PersonId>)> = Vec::new();
    for model in models {
        for (person, view) in model.joint_views() {
            let Some((case, _)) = view.counted_in(assumed) else {
                continue;
            };
            let given = given(view.cruxes, case);
            let same = |line: &&mut (OptionId, [Given; 2], Vec<PersonId>)| {
                line.0 == model.option && line.1 == given
            };
            match lines.iter_mut().find(same) {
                Some(line) => line.2.push(person),
                None => lines.push((model.option, given, vec![person])),
            }
        }
    }
    let words = lines.into_iter().map(|(option, given, people)| {
        session.read_untracked(|board| {
            let people: Vec<String> = people.iter().map(|one| person_name(board, *one)).collect();
            t!(
                "“{option}” if {given}: the joint effect that {people} stated counts, not independence.",
                option = option_name(board, option),
                given = given_words(board, &given),
                people = listed(&people)
            )
        })
    });
    words.collect()
}
