//! Records: the entities of a board, one file each, and the macros that define them.

mod board_info;
mod brief_read;
mod crux;
mod decision;
mod evidence;
mod field_words;
mod follow_up;
mod input;
mod joint_credence;
mod label;
pub mod limits;
mod message;
mod option;
mod option_credence;
mod person;
mod position;
mod review;
mod round;
mod statement;
pub(crate) mod strict;
pub mod table;
mod term;
mod trigger;

use std::ops::Deref;

pub use self::board_info::{BoardInfo, BoardInfoEdit, Extremising, Pooling, Weighting};
pub use self::brief_read::{BriefRead, BriefReadEdit};
pub use self::crux::{
    Basis, Bearing, BearingKind, Crux, CruxEdit, Importance, Mitigation, Modality, Origin,
    Reliance, Scope, Specificity, Stage,
};
pub use self::decision::{Decision, DecisionEdit, Voice};
pub use self::evidence::{
    BearsOn, Direction, Evidence, EvidenceEdit, Inference, Kind, Reliability, Rival, Strength,
    Visibility,
};
pub(crate) use self::field_words::field_words;
pub use self::follow_up::{FollowUp, FollowUpEdit, FollowUpKind, FollowUpState};
pub use self::input::{Input, Word, Words};
pub use self::joint_credence::{Given, JointCredence};
pub use self::label::Label;
pub use self::message::{Message, MessageEdit};
pub use self::option::{BoardOption, BoardOptionEdit, Mark};
pub use self::option_credence::OptionCredence;
pub use self::person::{Person, PersonEdit, initials_of};
pub use self::position::{Grounds, Holding, Position, PositionEdit, Restatement};
pub use self::review::{AgendaItem, Note, Review, ReviewEdit};
pub use self::round::{
    Answer, Closing, OptionQuestion, Revealed, Round, RoundEdit, Said, Sealed, Topic,
};
pub use self::statement::Statement;
pub use self::term::{Term, TermEdit};
pub(crate) use self::trigger::OPTION as GOALPOST_OPTION;
pub use self::trigger::{
    Comparison, CredenceRule, Dispute, GoalpostMove, Judgement, Measure, RuleMove, Shows, Trigger,
    TriggerChecked, TriggerEdit, Verdict,
};
use crate::ChangeId;

/// A record whose fields can be read by name.
pub trait Fields {
    /// Returns one field as it is stored, or `null` if the record has no field of that name.
    fn field(&self, name: &str) -> serde_json::Value;
}

/// Defines the id type of an entity: the id of the change that added the record.
macro_rules! record_ids {
    ($($(#[$doc:meta])* $name:ident,)*) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, serde::Serialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub ChangeId);

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                ChangeId::deserialize(deserializer).map(Self)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<$name> for crate::ChangeId {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::ChangeIdError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

record_ids! {
    /// A board: the id of its first change.
    BoardId,
    /// An option of the board.
    OptionId,
    /// A person of the board.
    PersonId,
    /// A crux.
    CruxId,
    /// A trigger.
    TriggerId,
    /// An item of evidence.
    EvidenceId,
    /// One person's credence at one time.
    StatementId,
    /// One person's credence in an option at one time.
    OptionCredenceId,
    /// One person's credence in an option at one time, if two cruxes turn out in a certain way.
    JointCredenceId,
    /// A position of somebody outside the board.
    PositionId,
    /// A follow-up.
    FollowUpId,
    /// A term with its definition.
    TermId,
    /// A decision.
    DecisionId,
    /// A review.
    ReviewId,
    /// A blind round.
    RoundId,
    /// A message to read.
    MessageId,
    /// A record of who has read the brief.
    BriefReadId,
}

/// Defines an entity, its edit and its [tables](table) from one row for each field:
///
/// - `label`, `input` and `hint`: the field in forms, by [`Input`]; the label also in histories. They are
///   translated, the label perhaps with a context: `label: "By" in "date"`.
/// - `search`: whether the search of the board looks into it.
/// - `snapshot`: when snapshots include it ([`Inclusion`](table::Inclusion)), and its
///   [`ValueKind`](table::ValueKind) there; or `Never`.
/// - `since`: the golden file that first had it.
///
/// An edit has the same fields, all optional; a change sets some of them.
macro_rules! record {
    (
        $(#[$doc:meta])* $name:ident, $(#[$edit_doc:meta])* $edit:ident,
        { $($(#[$field_doc:meta])* $field:ident: $type:ty {
            label: $label:literal $(in $context:literal)?,
            input: $input:ident $(($($input_arg:tt)*))?,
            $(hint: $hint:literal,)?
            search: $search:ident,
            snapshot: $goes:ident $($kind:ident $(($($kind_arg:tt)*))?)?,
            since: $since:literal
        })* }
        $(kept { $($(#[$kept_doc:meta])* $kept:ident: $kept_type:ty,)* })?
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
            $($($(#[$kept_doc])* pub $kept: $kept_type,)*)?
        }

        $(#[$edit_doc])*
        #[derive(
            Clone, Debug, Default, PartialEq, Hash, serde::Serialize, serde::Deserialize,
        )]
        #[serde(default, deny_unknown_fields, remote = "Self")]
        pub struct $edit {
            $(
                $(#[$field_doc])*
                #[serde(
                    skip_serializing_if = "Option::is_none",
                    deserialize_with = "crate::record::strict::present"
                )]
                pub $field: Option<$type>,
            )*
        }

        crate::record::strict::objects_only! {
            $edit,
        }

        crate::record::table::tables! {
            $name { $(
                $field { $label $(in $context)?, $input $(($($input_arg)*))?, $($hint,)?
                    $search, $goes $($kind $(($($kind_arg)*))?)?, $since }
            )* }
        }

        impl $name {
            /// Applies the fields that `edit` sets.
            pub fn overlay(&mut self, edit: &$edit) {
                $(if let Some(value) = &edit.$field { self.$field.clone_from(value); })*
            }

            /// Returns the edit that turns this into `wanted`: only the fields that differ.
            #[must_use]
            pub fn edit_to(&self, wanted: &Self) -> $edit {
                $edit {
                    $($field: (self.$field != wanted.$field).then(|| wanted.$field.clone()),)*
                }
            }
        }

        impl crate::record::Fields for $name {
            fn field(&self, name: &str) -> serde_json::Value {
                match name {
                    // Serializing plain data with text keys cannot fail.
                    $(stringify!($field) => serde_json::to_value(&self.$field).unwrap_or_default(),)*
                    _ => serde_json::Value::Null,
                }
            }
        }

        impl $name {
            /// Returns the edit that turns this into `wanted`, as JSON.
            #[allow(dead_code, reason = "what is only read is no part of what changed")]
            pub(crate) fn json_to(&self, wanted: &Self) -> String {
                // Serializing plain data with text keys cannot fail.
                serde_json::to_string(&self.edit_to(wanted)).unwrap_or_default()
            }
        }

        impl $edit {
            /// Returns whether the edit sets nothing.
            #[must_use]
            pub fn is_empty(&self) -> bool {
                true $(&& self.$field.is_none())*
            }
        }
    };
}
pub(crate) use record;

/// Defines an enum whose variants have a key, for files and addresses, and a label for people. Labels are
/// translated, perhaps with a context: `Open = "open", "Open" in "state";`.
macro_rules! keyed_enum {
    ($(
        $(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $word:ident = $key:literal, $label:literal $(in $context:literal)?;)* }
    )*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name { $($(#[$word_doc])* $word,)* }

        impl $name {
            /// All variants, in the order in which they are offered.
            pub const ALL: &'static [Self] = &[$(Self::$word,)*];

            /// The key and label of each variant, in the same order.
            pub const CHOICES: $crate::record::Words = &[$($crate::record::Word {
                key: $key,
                label: $crate::record::Label::of(&[$label $(, $context)?]),
            },)*];
            /// The keys of all variants, in the same order. Links to snapshots store the position: add new
            /// variants last.
            pub const KEYS: &'static [&'static str] = &[$($key,)*];

            /// Returns the key, as in files and addresses.
            #[must_use]
            pub const fn key(self) -> &'static str {
                Self::CHOICES[self as usize].key
            }

            /// Returns the label in the language of the reader.
            #[must_use]
            pub fn label(self) -> &'static str {
                Self::CHOICES[self as usize].label.text()
            }

            /// Returns the English label, for files that programs read.
            #[must_use]
            pub const fn english_label(self) -> &'static str {
                Self::CHOICES[self as usize].label.english()
            }

            /// Returns the variant with this key.
            #[must_use]
            pub fn from_key(key: &str) -> Option<Self> {
                let place = crate::record::place_of(key, Self::CHOICES)?;
                Self::ALL.get(place).copied()
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.key())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let key = String::deserialize(deserializer)?;
                Self::from_key(&key)
                    .ok_or_else(|| serde::de::Error::custom(concat!("unknown ", stringify!($name))))
            }
        }
    )*};
}
pub(crate) use keyed_enum;

/// Returns the position of a key.
pub(crate) fn place_of(key: &str, choices: Words) -> Option<usize> {
    choices.iter().position(|known| known.key == key)
}

/// A record on the board: the fold of its changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Record<Id, T> {
    /// The record's id, which is also the time at which it was added.
    pub id: Id,
    /// The author of the change that added it, if stated.
    pub by: Option<PersonId>,
    /// The change that put it in the trash, if it is there.
    pub trashed: Option<ChangeId>,
    /// The latest change of the record.
    pub changed: ChangeId,
    pub(crate) value: T,
}

impl<Id, T> Deref for Record<Id, T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_by_its_name_as_it_is_stored() {
        let crux = Crux {
            title: "X".into(),
            stage: Some(Stage::SettledTrue),
            tags: vec!["a".into()],
            ..Crux::default()
        };
        for (name, value) in [
            ("title", r#""X""#),
            ("stage", r#""settled-true""#),
            ("tags", r#"["a"]"#),
            ("owner", "null"),
            ("usually_missed", "false"),
            ("no such field", "null"),
        ] {
            assert_eq!(crux.field(name).to_string(), value, "{name}");
        }
    }
}
