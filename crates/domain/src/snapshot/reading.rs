//! A snapshot in words, the same for the screen, the HTML page and Markdown.

mod crux;
mod decision;
mod heading;
mod item;
mod outside;
mod triggers;

use chrono::NaiveDate;

use super::{Audience, Depth, Snapshot};
use crate::board::Board;
use crate::date::spelled;
use crate::format::person_name;
use crate::record::{BoardOption, CruxId, FollowUp, Mark, OptionId, Record};
use crate::text::joined;
use crate::translation::{is_english, translated};
use crate::{t, translatable};

pub use self::crux::{CruxReading, TriggerReading, ViewReading};
pub use self::decision::DecisionReading;
pub use self::item::EvidenceReading;
pub use self::outside::OutsideReading;

/// The heading of credences in options.
pub(super) const HOW_LIKELY: &str =
    translatable!("How likely each option is right, as things stand");

/// The whole content of a snapshot, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The title.
    pub name: String,
    /// The decision question.
    pub question: String,
    /// An explanation of snapshots, for a reader who has never seen one.
    pub about: &'static str,
    /// The legend: the meaning of dots and marks, and the names for the initials; empty without credences.
    pub legend: String,
    /// The standing decision when the snapshot was taken.
    pub decision: Option<DecisionReading>,
    /// The date line: "Taken on 23 Nov 2026 by Area lead, for readers inside the organisation."
    pub dated: String,
    /// The day on which it was taken.
    pub day: NaiveDate,
    /// The introduction: the maker's note, the board's notice and description.
    pub notes: Vec<String>,
    /// The content that is left out, named in one or two sentences; empty if nothing is.
    pub left_out: String,
    /// The kinds of records that are left out, each with its count.
    pub gaps: Vec<String>,
    /// The options: kind, name, meaning.
    pub options: Vec<(Mark, String, String)>,
    /// Everybody's credences in the options, as things stand: "Wind down: Ann 30%, Bob 10%".
    pub right: Vec<String>,
    /// The cruxes, in the board's order.
    pub cruxes: Vec<CruxReading>,
    /// The terms and their meanings.
    pub terms: Vec<(String, String)>,
    /// The follow-ups.
    pub follow_ups: Vec<String>,
}

impl Snapshot {
    /// Returns the whole content of the snapshot, in words.
    #[must_use]
    pub fn reading(&self) -> Reading {
        let board = self.board();
        let day = self.taken_at.day();
        let shown = board.cruxes().len();
        let info = board.info();
        let notes = [&self.note, &info.notice, &info.about];
        let cruxes = board.cruxes().into_iter();
        let cruxes: Vec<CruxReading> = cruxes
            .map(|crux| CruxReading::of(self, &board, crux))
            .collect();
        Reading {
            name: self.name(&board).to_owned(),
            question: info.question.clone(),
            about: match shown == self.all_cruxes && board.people().count() == 1 {
                _ if self.is_answer() => translated(ABOUT_ANSWER),
                true => translated(ABOUT_OF_ONE),
                false => translated(ABOUT),
            },
            legend: legend(&cruxes),
            decision: DecisionReading::of(&board),
            dated: self.date_line(shown),
            day,
            notes: notes
                .into_iter()
                .filter(|note| !note.is_empty())
                .cloned()
                .collect(),
            left_out: self.left_out(),
            gaps: self.gaps().collect(),
            options: board
                .options()
                .map(|option| (option.mark(), option.name.clone(), meaning(&board, option)))
                .collect(),
            right: right(&board),
            cruxes,
            terms: board
                .terms()
                .map(|term| (term.term.clone(), term.meaning.clone()))
                .collect(),
            follow_ups: board
                .follow_ups()
                .filter(|follow_up| follow_up.decision.is_none())
                .map(|follow_up| owed(follow_up))
                .collect(),
        }
    }

    /// Says when, by whom and for whom it was taken, and in which respects it is incomplete.
    fn date_line(&self, shown: usize) -> String {
        let day = spelled(self.taken_at.day());
        let name = &self.made_by;
        let taken = match (self.audience, name.is_empty()) {
            (Audience::Internal, true) => {
                t!("Taken on {day}, for readers inside the organisation.", day)
            }
            (Audience::Internal, false) => {
                t!(
                    "Taken on {day} by {name}, for readers inside the organisation.",
                    day,
                    name
                )
            }
            (Audience::Public, true) => t!("Taken on {day}, for anybody.", day),
            (Audience::Public, false) => t!("Taken on {day} by {name}, for anybody.", day, name),
        };
        let mut said = vec![taken];
        let all = self.all_cruxes;
        if shown < all {
            said.push(t!("It shows {shown} of {all} cruxes.", shown, all));
        }
        if self.depth == Depth::Argument {
            said.push(t!("It holds the argument, without all its details.").into());
        }
        if self.aliases {
            said.push(t!("People go by aliases, so it takes no answers.").into());
        }
        if self.without_stale {
            said.push(t!("Stale credences are left out of the figures.").into());
        }
        said.join(" ")
    }
}

/// The explanation of snapshots.
const ABOUT: &str = translatable!(
    "This is a decision as a group saw it on one day: the question, the claims on which the answer hinges (cruxes), how likely each person finds each claim, and what would make the group stop or go on (triggers)."
);

/// The explanation of snapshots of a board with one person.
const ABOUT_OF_ONE: &str = translatable!(
    "This is a decision as one person saw it on one day: the question, the claims on which the answer hinges (cruxes), how likely that person finds each claim, and what would make them stop or go on (triggers)."
);

/// The explanation of a reader's answers.
const ABOUT_ANSWER: &str = translatable!(
    "These are the answers of a reader of a snapshot: how likely they find each claim, and why. Nothing of them is on a board until somebody adds them."
);

/// Describes the meaning of dots and marks, and the names for the initials.
fn legend(cruxes: &[CruxReading]) -> String {
    let mut people: Vec<(&str, &str)> = Vec::new();
    for view in cruxes.iter().flat_map(|crux| &crux.views) {
        let one = (view.initials.as_str(), view.name.as_str());
        if !people.contains(&one) {
            people.push(one);
        }
    }
    let mut outside: Vec<(&str, &str)> = Vec::new();
    for view in cruxes.iter().flat_map(|crux| &crux.outside) {
        let one = (view.initials.as_str(), view.name.as_str());
        if !outside.contains(&one) {
            outside.push(one);
        }
    }
    let named = |people: &[(&str, &str)]| {
        let people = people
            .iter()
            .map(|(initials, name)| t!("{initials} is {name}", initials, name));
        people.collect::<Vec<_>>().join(", ")
    };
    let mut said = Vec::new();
    if let [(initials, name)] = people.as_slice() {
        said.push(t!(
            "Each dot is the credence of {name} ({initials}): how likely they find the claim, from 0% (surely false) to 100% (surely true).",
            name,
            initials
        ));
    } else if !people.is_empty() {
        said.push(t!(
            "Each dot is one person’s credence: how likely they find the claim, from 0% (surely false) to 100% (surely true). The tall mark is the group’s aggregate. {people}.",
            people = named(&people)
        ));
    }
    if !outside.is_empty() {
        said.push(t!(
            "Each square is the credence of somebody outside the board, and does not count in the aggregate. {people}.",
            people = named(&outside)
        ));
    }
    said.join(" ")
}

/// Returns what an option means, and how likely people find it right.
fn meaning(board: &Board, option: &Record<OptionId, BoardOption>) -> String {
    let held = match held_words(board, option.id) {
        held if held.is_empty() => held,
        held => t!("Right, as things stand: {held}.", held),
    };
    joined(&[option.means.clone(), held], " ")
}

/// Returns how likely people find each option right, where somebody has said.
fn right(board: &Board) -> Vec<String> {
    let options = board.options();
    options
        .map(|option| (&option.name, held_words(board, option.id)))
        .filter(|(_, held)| !held.is_empty())
        .map(|(name, held)| format!("{name}: {held}"))
        .collect()
}

/// Describes how likely people find an option right, as things stand: "Ann 30%, Bob 10%"; empty if nobody has
/// said.
fn held_words(board: &Board, option: OptionId) -> String {
    let stated = board.current_option_credences(option);
    let plain = stated.iter().filter(|((_, given), _)| given.is_none());
    let plain = plain.map(|((person, _), said)| {
        format!("{} {}", person_name(board, *person), said.credence.shown())
    });
    plain.collect::<Vec<_>>().join(", ")
}

/// Describes how likely people find the options right if a crux is true, and as things stand: "Wind down: Ann
/// 60% (now 30%), Bob 8% (now 10%)"; empty if nobody has said.
fn if_true_words(board: &Board, crux: CruxId) -> String {
    let options = board.options().filter_map(|option| {
        let stated = board.current_option_credences(option.id);
        let given = stated.iter().filter(|((_, given), _)| *given == Some(crux));
        let given = given.map(|((person, _), said)| {
            let name = person_name(board, *person);
            let credence = said.credence.shown();
            match stated.get(&(*person, None)) {
                Some(plain) => {
                    let now = plain.credence.shown();
                    t!("{name} {credence} (now {now})", name, credence, now)
                }
                None => format!("{name} {credence}"),
            }
        });
        let given: Vec<String> = given.collect();
        (!given.is_empty()).then(|| format!("{}: {}", option.name, given.join(", ")))
    });
    options.collect::<Vec<_>>().join("; ")
}

/// Describes a follow-up: "Reply (owed, Ann, by 1 Dec 2026)".
fn owed(follow_up: &FollowUp) -> String {
    let parts = [
        follow_up.state().label().to_owned(),
        follow_up.owner.clone(),
        follow_up
            .by_date
            .map(|day| t!("by {day}", day = spelled(day)))
            .unwrap_or_default(),
        follow_up.outcome.clone(),
    ];
    format!("{} ({})", follow_up.what, joined(&parts, ", "))
}

fn mark(board: &Board, option: Option<OptionId>) -> Mark {
    option
        .and_then(|id| board.option(id))
        .map_or(Mark::Other, |option| option.mark())
}

fn present<const N: usize>(payloads: [(&'static str, String); N]) -> Vec<(&'static str, String)> {
    payloads
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .collect()
}

fn dated(day: Option<NaiveDate>) -> String {
    day.map(spelled).unwrap_or_default()
}

/// Returns the name of an option within a sentence. In English it begins in lower case.
fn lower(text: &str) -> String {
    if !is_english() {
        return text.to_owned();
    }
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_lowercase);
    first.chain(letters).collect()
}
