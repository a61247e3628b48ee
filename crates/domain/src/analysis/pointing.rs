//! Pointing: the option that a crux supports, and how strongly. A crux has two ends and counts once.

use crate::Credence;
use crate::board::Board;
use crate::outcome::outcome;
use crate::record::{Crux, CruxId, Mark, OptionId, Record, Stage, keyed_enum};

keyed_enum! {
    /// The strength with which a crux points to an option, strongest first.
    Pull {
        /// The claim is settled, or a judged trigger shows whether it is true.
        Settled = "settled", "settled";
        /// The likelihood word is "very likely" or stronger, or "very unlikely" or stronger.
        Strong = "strong", "strongly";
        /// The likelihood word is "likely" or "unlikely".
        Likely = "likely", "likely";
    }
}

/// The options at the two ends of the scale of a crux.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ends {
    /// The option at 0%: the first option of the opposite kind, if the board has one.
    pub if_false: Option<OptionId>,
    /// The option at 100%: the one that the crux names.
    pub if_true: Option<OptionId>,
}

impl Ends {
    /// Returns the ends of a crux. The opposite of stopping and of changing direction is continuing; the
    /// opposite of continuing and of doubling down is stopping. Other kinds of options have none.
    #[must_use]
    pub fn of(board: &Board, crux: &Crux) -> Self {
        let option = crux.if_true.and_then(|option| board.option(option));
        let Some(option) = option.filter(|option| option.trashed.is_none()) else {
            return Self::default();
        };
        let opposite = option.mark().opposite();
        let mut options = board.options();
        let if_false = options.find(|other| Some(other.mark()) == opposite);
        Self {
            if_false: if_false.map(|option| option.id),
            if_true: Some(option.id),
        }
    }
}

/// The option at one end of a scale, with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScaleEnd {
    /// The kind of the option, which decides its shape.
    pub mark: Mark,
    /// The option's name on the board.
    pub name: String,
}

/// The options at the two ends of a scale: at 0%, at 100%.
pub type ScaleEnds = (Option<ScaleEnd>, Option<ScaleEnd>);

impl Ends {
    /// Returns the ends with the kinds and names of the options.
    #[must_use]
    pub fn named(&self, board: &Board) -> ScaleEnds {
        let named = |option: Option<OptionId>| {
            let option = board.option(option?)?;
            Some(ScaleEnd {
                mark: option.mark(),
                name: option.name.clone(),
            })
        };
        (named(self.if_false), named(self.if_true))
    }
}

impl Mark {
    /// Returns the kind of option that is supported if a claim for this kind is false.
    #[must_use]
    pub const fn opposite(self) -> Option<Self> {
        match self {
            Self::Stop | Self::Change => Some(Self::Continue),
            Self::Continue | Self::DoubleDown => Some(Self::Stop),
            Self::Other => None,
        }
    }
}

/// The direction in which a crux points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pointing {
    /// The crux points to an option.
    To(OptionId, Pull),
    /// The claim is neither likely nor unlikely.
    Either,
    /// There is no credence that counts.
    Unstated,
    /// The crux points to an end without an option.
    Nowhere,
}

impl Pointing {
    /// Returns where a crux points; `None` for a retired crux. A claim with an [`outcome`] points by that, any
    /// other by the group's aggregate. The bounds are those of [`Credence::word`]: likely above 66%, very
    /// likely above 90%, and the same from the other end.
    #[must_use]
    pub fn of(
        board: &Board,
        crux: &Record<CruxId, Crux>,
        aggregate: Option<Credence>,
    ) -> Option<Self> {
        if crux.stage() == Stage::Retired {
            return None;
        }
        let (is_true, pull) = match (outcome(board, crux), aggregate) {
            (Ok(outcome), _) => (outcome.came_true, Pull::Settled),
            (Err(_), None) => return Some(Self::Unstated),
            (Err(_), Some(it)) if it.is_likely() => (true, pull(it.percent())),
            (Err(_), Some(it)) if it.is_unlikely() => (false, pull(100.0 - it.percent())),
            (Err(_), Some(_)) => return Some(Self::Either),
        };
        let ends = Ends::of(board, crux);
        let end = if is_true { ends.if_true } else { ends.if_false };
        Some(end.map_or(Self::Nowhere, |option| Self::To(option, pull)))
    }

    /// Returns the value of the filter for cruxes that point there.
    #[must_use]
    pub fn filter_value(self) -> String {
        match self {
            Self::To(option, _) => option.to_string(),
            Self::Either => "either".to_owned(),
            Self::Unstated => "unstated".to_owned(),
            Self::Nowhere => "nowhere".to_owned(),
        }
    }
}

/// Returns the strength for a credence above 66%.
fn pull(percent: f64) -> Pull {
    if percent > 90.0 {
        Pull::Strong
    } else {
        Pull::Likely
    }
}

/// The numbers of cruxes that point to one option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PointedTo {
    /// The option.
    pub option: OptionId,
    /// Number of cruxes for each [`Pull`].
    pub pulls: [usize; Pull::ALL.len()],
}

impl PointedTo {
    /// Returns the number of cruxes that point to the option, with any strength.
    #[must_use]
    pub fn total(&self) -> usize {
        self.pulls.iter().sum()
    }

    /// Returns the number of cruxes that point to the option with this strength.
    #[must_use]
    pub const fn of(&self, pull: Pull) -> usize {
        self.pulls[pull as usize]
    }
}

/// The numbers of a board's cruxes by where they point. Each crux counts once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PointingCount {
    /// The counts for each option, in the board's order.
    pub options: Vec<PointedTo>,
    /// Number of cruxes that are neither likely nor unlikely.
    pub either: usize,
    /// Number of cruxes without a credence that counts.
    pub unstated: usize,
    /// Number of cruxes that point to an end without an option.
    pub nowhere: usize,
}

impl PointingCount {
    /// Creates the count with all numbers 0.
    #[must_use]
    pub fn new(board: &Board) -> Self {
        let options = board.options().map(|option| PointedTo {
            option: option.id,
            pulls: [0; Pull::ALL.len()],
        });
        Self {
            options: options.collect(),
            ..Self::default()
        }
    }

    /// Returns the number that counts cruxes which point there.
    pub(crate) fn of(&mut self, pointing: Pointing) -> &mut usize {
        match pointing {
            Pointing::To(option, pull) => {
                let mut options = self.options.iter_mut();
                match options.find(|pointed| pointed.option == option) {
                    Some(pointed) => &mut pointed.pulls[pull as usize],
                    None => &mut self.nowhere,
                }
            }
            Pointing::Either => &mut self.either,
            Pointing::Unstated => &mut self.unstated,
            Pointing::Nowhere => &mut self.nowhere,
        }
    }

    /// Returns the number of counted cruxes: all but retired ones.
    #[must_use]
    pub fn total(&self) -> usize {
        let to_options: usize = self.options.iter().map(PointedTo::total).sum();
        to_options + self.either + self.unstated + self.nowhere
    }

    /// Returns the number of settled cruxes that point to an option.
    #[must_use]
    pub fn settled(&self) -> usize {
        let settled = self.options.iter().map(|one| one.of(Pull::Settled));
        settled.sum()
    }

    /// Returns the options that cruxes point to, most cruxes first; ties in the board's order.
    #[must_use]
    pub fn ranked(&self) -> Vec<PointedTo> {
        let pointed = self.options.iter().filter(|one| one.total() > 0);
        let mut ranked: Vec<_> = pointed.copied().collect();
        ranked.sort_by_key(|one| std::cmp::Reverse(one.total()));
        ranked
    }
}
