//! The draft of a new board.

use cruxboard_domain::decide::{CommandError, ExampleCrux, NewBoard, NewCrux, StartingPoint};
use cruxboard_domain::import::claims::claims;
use cruxboard_domain::record::Mark;
use cruxboard_domain::translation::translated;
use cruxboard_session::{DraftText, Session};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::page::Services;
use crate::route::{NewBoardStep, Route};

/// The draft of a new board, which this device keeps until the board is created. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    pub(super) question: RwSignal<String>,
    /// Names, separated by commas.
    pub(super) people: RwSignal<String>,
    /// The name of the person who writes.
    pub(super) me: RwSignal<String>,
    /// Claims, one per line.
    pub(super) claims: RwSignal<String>,
    /// Cruxes made from examples.
    pub(super) cruxes: RwSignal<WrittenCruxes>,
    /// The key of the starting point; empty for none.
    pub(super) begun_from: RwSignal<String>,
    /// The reason why no board can be made of the draft.
    pub(super) refusal: RwSignal<Option<CommandError>>,
}

impl Draft {
    pub(super) fn of(session: Session) -> Self {
        let text = |field| {
            let is_written = |text: &String| !text.trim().is_empty();
            session.new_board_draft(field, String::new(), is_written)
        };
        Self {
            question: text("question"),
            people: text("people"),
            me: text("me"),
            claims: text("claims"),
            cruxes: session.new_board_draft(
                "cruxes",
                WrittenCruxes::default(),
                |WrittenCruxes(cruxes)| !cruxes.is_empty(),
            ),
            begun_from: text("begun-from"),
            refusal: RwSignal::new(None),
        }
    }

    fn texts(self) -> [RwSignal<String>; 5] {
        let Self {
            question,
            people,
            me,
            claims,
            begun_from,
            ..
        } = self;
        [question, people, me, claims, begun_from]
    }

    /// Returns whether anything is written. Not reactive.
    pub(super) fn is_written(self) -> bool {
        let mut texts = self.texts().into_iter();
        texts.any(|text| text.with_untracked(|text| !text.is_empty()))
            || self.cruxes.with_untracked(|cruxes| !cruxes.0.is_empty())
    }

    pub(super) fn discard(self) {
        for text in self.texts() {
            text.set(String::new());
        }
        self.cruxes.set(WrittenCruxes::default());
        self.refusal.set(None);
    }

    /// Replaces one text of the draft. It may be valid now.
    pub(super) fn write(self, field: RwSignal<String>, text: String) {
        self.refusal.set(None);
        field.set(text);
    }

    /// Returns the names of the people. Reactive.
    pub(super) fn names(self) -> Vec<String> {
        self.people.with(|people| {
            let names = people.split([',', '\n']).map(str::trim);
            let names = names.filter(|name| !name.is_empty());
            names.map(str::to_owned).collect()
        })
    }

    /// Returns the name of the person who writes, if it is still one of the people, or the only one of them.
    /// Reactive.
    pub(super) fn chosen_me(self) -> Option<String> {
        let mut names = self.names();
        match names.len() {
            1 => names.pop(),
            _ => Some(self.me.get()).filter(|me| names.contains(me)),
        }
    }

    /// Returns the starting point. Reactive.
    pub(super) fn starting_point(self) -> Option<&'static StartingPoint> {
        self.begun_from.with(|key| StartingPoint::of_key(key))
    }

    fn to_board(self) -> NewBoard {
        untrack(|| NewBoard {
            question: self.question.get(),
            people: self.names(),
            options: self
                .starting_point()
                .map(StartingPoint::named_options)
                .unwrap_or_default(),
            cruxes: self
                .cruxes
                .with(|cruxes| cruxes.0.iter().map(WrittenCrux::to_crux).collect()),
            claims: self.claims.with(|text| claims(text)).claims,
            me: self.chosen_me(),
        })
    }

    /// Returns whether a board can be made of the draft. If not, shows the field that is refused, and why.
    pub(super) fn check(self, services: Services) -> bool {
        match self.to_board().check() {
            Ok(()) => true,
            Err(refusal) => {
                self.refuse(services, refusal);
                false
            }
        }
    }

    /// Creates the board and forgets the draft, or shows the field that is refused, and why.
    pub(super) fn create_board(self, services: Services) {
        match services.boards.found.run(self.to_board()) {
            Ok(()) => self.discard(),
            Err(refusal) => self.refuse(services, refusal),
        }
    }

    fn refuse(self, services: Services, refusal: CommandError) {
        let step = step_of(&refusal);
        self.refusal.set(Some(refusal));
        services.navigation.go.run((Route::NewBoard(step), false));
        services.navigation.focus.run(id_of(step).to_owned());
    }

    /// Returns why the field of a step is refused. Reactive.
    pub(super) fn refusal_at(self, step: NewBoardStep) -> Option<String> {
        self.refusal.with(|refusal| {
            let refusal = refusal.as_ref().filter(|refusal| step_of(refusal) == step);
            refusal.map(ToString::to_string)
        })
    }
}

/// Returns the step with the field that a refusal is about.
fn step_of(refusal: &CommandError) -> NewBoardStep {
    match refusal.field() {
        Some("question") => NewBoardStep::Question,
        Some("name") => NewBoardStep::People,
        _ => NewBoardStep::Cruxes,
    }
}

/// Returns the id of the field of a step.
pub(super) const fn id_of(step: NewBoardStep) -> &'static str {
    match step {
        NewBoardStep::Question => "new-question",
        NewBoardStep::People => "new-people",
        NewBoardStep::Cruxes => "claims",
    }
}

/// A crux made from an example.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct WrittenCrux {
    /// The claim of the example.
    pub(super) example: String,
    pub(super) claim: String,
    /// The key of the kind of the option that the claim supports.
    if_true: String,
    pub(super) stop: String,
    pub(super) go_on: String,
}

impl WrittenCrux {
    pub(super) fn of(example: &ExampleCrux) -> Self {
        Self {
            example: example.claim.to_owned(),
            claim: translated(example.claim).to_owned(),
            if_true: example.if_true.key().to_owned(),
            stop: translated(example.stop).to_owned(),
            go_on: translated(example.go_on).to_owned(),
        }
    }

    fn to_crux(&self) -> NewCrux {
        NewCrux {
            claim: self.claim.clone(),
            if_true: Mark::from_key(&self.if_true),
            stop: self.stop.clone(),
            go_on: self.go_on.clone(),
        }
    }
}

/// The cruxes made from examples, in the order in which they were chosen.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct WrittenCruxes(pub(super) Vec<WrittenCrux>);

impl DraftText for WrittenCruxes {
    fn to_text(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }

    fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }
}
