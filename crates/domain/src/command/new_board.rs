//! A new board: its question, options, people and first cruxes.

use super::action::{Action, check_texts, filled};
use super::{Command, CommandError, Issuer, decide};
use crate::Millis;
use crate::board::Board;
use crate::change::{Change, Payload};
use crate::date::Now;
use crate::id::{Clock, Replica};
use crate::import::claims::ListedClaim;
use crate::record::{
    BoardInfoEdit, BoardOptionEdit, CruxEdit, Mark, OptionId, PersonEdit, TriggerEdit,
};
use crate::text::folded_name;
use crate::translatable;
use crate::translation::translated;

/// The usual options. A new board has them in the language of its first reader.
pub const USUAL_OPTIONS: &[(&str, Mark)] = &[
    (translatable!("Continue"), Mark::Continue),
    (translatable!("Change direction"), Mark::Change),
    (translatable!("Wind down"), Mark::Stop),
    (translatable!("Double down"), Mark::DoubleDown),
];

/// The content of a new board.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewBoard {
    /// The decision question.
    pub question: String,
    /// Name and kind of each option; [`USUAL_OPTIONS`] if empty.
    pub options: Vec<(String, Mark)>,
    /// The names of the people. Empty names are left out.
    pub people: Vec<String>,
    /// Cruxes with their triggers. Those without a claim are left out.
    pub cruxes: Vec<NewCrux>,
    /// Further cruxes, from a list of claims.
    pub claims: Vec<ListedClaim>,
    /// The name of the person whose credences the list of claims states.
    pub me: Option<String>,
}

/// A first crux, with at most one trigger for stopping and one for going on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewCrux {
    /// The claim.
    pub claim: String,
    /// The kind of the option that the claim supports if it is true.
    pub if_true: Option<Mark>,
    /// The observable of the trigger for stopping; empty for none.
    pub stop: String,
    /// The observable of the trigger for going on; empty for none.
    pub go_on: String,
}

impl NewBoard {
    /// Returns a board with a question, the usual options and people.
    #[must_use]
    pub fn of(question: &str, people: &[&str]) -> Self {
        Self {
            question: question.to_owned(),
            people: people.iter().map(|&name| name.to_owned()).collect(),
            ..Self::default()
        }
    }

    /// Checks whether a board can be made from this.
    ///
    /// # Errors
    /// [`CommandError`] as for [`found_board`].
    pub fn check(&self) -> Result<(), CommandError> {
        let mut issuer = Issuer {
            by: None,
            now: Now::utc(Millis(0)),
            clock: &mut Clock::new(Replica::default()),
        };
        found_board(self, &mut issuer).map(drop)
    }

    fn check_names(&self) -> Result<(), CommandError> {
        for (index, name) in self.people.iter().enumerate() {
            let folded = folded_name(name);
            let mut before = self.people[..index].iter();
            if !folded.is_empty() && before.any(|other| folded_name(other) == folded) {
                return Err(CommandError::NameTaken(name.clone()));
            }
        }
        Ok(())
    }
}

/// Returns the first changes of a new board.
///
/// # Errors
/// [`CommandError`] if the question is empty, a text too long, or a name given twice.
pub fn found_board(new: &NewBoard, issuer: &mut Issuer<'_>) -> Result<Vec<Change>, CommandError> {
    let question = filled(&new.question, "decision question")?;
    new.check_names()?;
    let mut action = Action {
        issuer,
        changes: Vec::new(),
    };
    action.say(Payload::BoardDescribed(Box::new(BoardInfoEdit {
        question: Some(question),
        ..BoardInfoEdit::default()
    })));
    let usual = USUAL_OPTIONS.iter();
    let usual = usual.map(|&(name, mark)| (translated(name).to_owned(), mark));
    let options = match new.options.is_empty() {
        true => usual.collect(),
        false => new.options.clone(),
    };
    for (name, mark) in options {
        action.say(Payload::OptionAdded(Box::new(BoardOptionEdit {
            name: Some(name),
            mark: Some(Some(mark)),
            means: None,
        })));
    }
    for name in new.people.iter().map(|name| name.trim()) {
        if !name.is_empty() {
            action.say(Payload::PersonAdded(Box::new(PersonEdit {
                name: Some(name.into()),
                ..PersonEdit::default()
            })));
        }
    }
    for change in &action.changes {
        check_texts(change)?;
    }
    let changes = action.changes;
    add_cruxes(new, changes, issuer)
}

/// Adds the first cruxes to the changes of a new board.
fn add_cruxes(
    new: &NewBoard,
    mut changes: Vec<Change>,
    issuer: &mut Issuer<'_>,
) -> Result<Vec<Change>, CommandError> {
    let mut board = Board::default();
    for change in &changes {
        board.apply(change.clone());
    }
    let me = new.me.as_deref().and_then(|name| board.person_named(name));
    issuer.by = me;
    let founding = changes.first().map(|first| first.id);
    let mut commands = Vec::new();
    let written = new.cruxes.iter();
    for crux in written.filter(|crux| !crux.claim.trim().is_empty()) {
        commands.push(crux.to_command(&board));
    }
    if !new.claims.is_empty() {
        commands.push(Command::AddCruxes {
            claims: new.claims.clone(),
            person: me,
        });
    }
    for command in commands {
        let added = match decide(&board, command, issuer) {
            // Every claim of the list is a crux already.
            Err(CommandError::NothingToDo) => continue,
            decided => decided?,
        };
        for mut change in added {
            // One undo takes back the whole board.
            change.part_of = founding;
            board.apply(change.clone());
            changes.push(change);
        }
    }
    Ok(changes)
}

impl NewCrux {
    fn to_command(&self, board: &Board) -> Command {
        let option = |mark: Mark| -> Option<OptionId> {
            let mut options = board.options();
            options.find(|option| option.mark() == mark).map(|it| it.id)
        };
        let triggers = [(&self.stop, Mark::Stop), (&self.go_on, Mark::Continue)];
        let triggers = triggers
            .into_iter()
            .map(|(observable, mark)| (observable.trim(), mark))
            .filter(|(observable, _)| !observable.is_empty());
        let triggers = triggers.map(|(observable, mark)| TriggerEdit {
            observable: Some(observable.to_owned()),
            toward: Some(option(mark)),
            armed: Some(true),
            ..TriggerEdit::default()
        });
        Command::AddCrux {
            crux: CruxEdit {
                claim: Some(self.claim.trim().to_owned()),
                if_true: self.if_true.and_then(option).map(Some),
                ..CruxEdit::default()
            },
            triggers: triggers.collect(),
        }
    }
}
