//! The columns of the tables of records.
//!
//! Each row of `record!` describes a field once. From it follow the field of the record and of its edit, the
//! field in forms, the label in histories and differences, the texts for the search and the field in snapshots.

use super::Label;
use super::input::Input;
use crate::translation::translated;

/// A field as forms show it.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The stored name of its value.
    pub name: &'static str,
    /// The label.
    pub(crate) label: Label,
    /// The hint below the field, in English; may be empty.
    pub(crate) hint: &'static str,
    /// The kind of input.
    pub input: Input,
}

impl Field {
    /// Returns the label in the language of the reader.
    #[must_use]
    pub fn label(&self) -> &'static str {
        self.label.text()
    }

    /// Returns the hint in the language of the reader; may be empty.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        translated(self.hint)
    }

    /// Returns the field of this name.
    ///
    /// # Panics
    /// If the table has none; in a constant, the program then does not compile.
    #[must_use]
    pub const fn named(table: &[Self], name: &str) -> Self {
        let mut place = 0;
        while place < table.len() {
            if is_same(table[place].name, name) {
                return table[place];
            }
            place += 1;
        }
        panic!("the table has no field of this name")
    }

    /// Returns the field with another hint, which is [`translatable!`](crate::translatable).
    #[must_use]
    pub const fn with_hint(self, hint: &'static str) -> Self {
        Self { hint, ..self }
    }

    /// Returns the field with another input.
    #[must_use]
    pub const fn with_input(self, input: Input) -> Self {
        Self { input, ..self }
    }
}

/// Returns the fields of these names, in this order.
///
/// # Panics
/// If the table lacks one; in a constant, the program then does not compile.
#[must_use]
pub const fn pick<const COUNT: usize>(table: &[Field], names: [&str; COUNT]) -> [Field; COUNT] {
    let mut picked = [table[0]; COUNT];
    let mut place = 0;
    while place < COUNT {
        picked[place] = Field::named(table, names[place]);
        place += 1;
    }
    picked
}

/// Checks that a form shows every field that has an input exactly once: in one of its sections, or in a view
/// of its own.
///
/// # Panics
/// If it does not; in a constant, the program then does not compile.
pub const fn assert_shown(table: &[Field], sections: &[&[Field]], own: &[&str]) {
    let mut place = 0;
    while place < table.len() {
        let field = table[place];
        let mut count = 0;
        let mut at = 0;
        while at < own.len() {
            if is_same(own[at], field.name) {
                count += 1;
            }
            at += 1;
        }
        let mut section = 0;
        while section < sections.len() {
            let mut row = 0;
            while row < sections[section].len() {
                if is_same(sections[section][row].name, field.name) {
                    count += 1;
                }
                row += 1;
            }
            section += 1;
        }
        assert!(
            count == 1 || (count == 0 && matches!(field.input, Input::Own)),
            "a form must show every field of its record that has an input once"
        );
        place += 1;
    }
}

const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut place = 0;
    while place < one.len() {
        if one[place] != other[place] {
            return false;
        }
        place += 1;
    }
    true
}

/// A field as snapshots hold it. Links store the position among the fields of its record that are not
/// [`Inclusion::Never`]: add fields last.
#[derive(Clone, Copy)]
pub(crate) struct SharedField {
    pub(crate) name: &'static str,
    pub(crate) kind: ValueKind,
    pub(crate) goes: Inclusion,
}

/// The condition for including a field in a snapshot.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Inclusion {
    /// In no snapshot.
    Never,
    Always,
    /// At full depth only.
    WithDetails,
    /// For internal readers at full depth only.
    Inside,
    /// Only without aliases, since it would identify the person.
    WithNames,
}

/// The type of a field in a snapshot, which decides how it is redacted and packed.
#[derive(Clone, Copy)]
pub(crate) enum ValueKind {
    Text,
    /// The name of a person.
    Name,
    Texts,
    Names,
    Flag,
    Number,
    /// Credence, in percent.
    Percent,
    Day,
    VagueDay,
    /// A moment, stored as minutes from the time at which the record was added.
    Moment,
    Word(&'static [&'static str]),
    /// A reference to a record of the entity with this index in [`entity`].
    Ref(usize),
    Refs(usize),
    /// Several values, each with fields of its own.
    List(&'static [SharedField]),
    /// One value with fields of its own.
    One(&'static [SharedField]),
}

/// The positions in links of the entities that others refer to.
pub(crate) mod entity {
    pub(crate) const OPTION: usize = 1;
    pub(crate) const PERSON: usize = 2;
    pub(crate) const CRUX: usize = 3;
    pub(crate) const TRIGGER: usize = 4;
    pub(crate) const JUDGEMENT: usize = 5;
    pub(crate) const EVIDENCE: usize = 6;
    pub(crate) const STATEMENT: usize = 8;
    pub(crate) const FOLLOW_UP: usize = 10;
    pub(crate) const DECISION: usize = 13;
}

/// Creates a row of a table for snapshots.
pub(crate) const fn shared(name: &'static str, kind: ValueKind, goes: Inclusion) -> SharedField {
    SharedField { name, kind, goes }
}

/// Counts the fields that a snapshot may include.
pub(crate) const fn count_shared(fields: &[SharedField]) -> usize {
    let (mut count, mut place) = (0, 0);
    while place < fields.len() {
        if !matches!(fields[place].goes, Inclusion::Never) {
            count += 1;
        }
        place += 1;
    }
    count
}

/// Returns the fields that a snapshot may include. `COUNT` is their number.
pub(crate) const fn only_shared<const COUNT: usize>(
    fields: &[SharedField],
) -> [SharedField; COUNT] {
    let mut kept = [fields[0]; COUNT];
    let (mut count, mut place) = (0, 0);
    while place < fields.len() {
        if !matches!(fields[place].goes, Inclusion::Never) {
            kept[count] = fields[place];
            count += 1;
        }
        place += 1;
    }
    kept
}

/// A value with texts for the search.
pub(crate) trait SearchTexts {
    /// Adds its texts.
    fn add_texts<'a>(&'a self, all: &mut Vec<&'a str>);
}

impl SearchTexts for String {
    fn add_texts<'a>(&'a self, all: &mut Vec<&'a str>) {
        all.push(self);
    }
}

impl<T: SearchTexts> SearchTexts for Vec<T> {
    fn add_texts<'a>(&'a self, all: &mut Vec<&'a str>) {
        for one in self {
            one.add_texts(all);
        }
    }
}

/// Defines the tables of a record from the rows of `record!`.
macro_rules! tables {
    ($name:ident { $(
        $field:ident { $label:literal $(in $context:literal)?, $input:ident $(($($input_arg:tt)*))?, $($hint:literal,)?
            $search:ident, $goes:ident $($kind:ident $(($($kind_arg:tt)*))?)?, $since:literal }
    )* }) => {
        impl $name {
            /// Every field as forms show it.
            pub const FORM: &'static [crate::record::table::Field] = &[$(
                crate::record::table::Field {
                    name: stringify!($field),
                    label: crate::record::Label::of(&[$label $(, $context)?]),
                    hint: crate::record::table::first!($($hint,)? ""),
                    input: crate::record::Input::$input $(($($input_arg)*))?,
                },
            )*];

            /// The name of every field, with the golden file that first had it, as `tests/golden/v1-*.json`.
            pub const SINCE: &'static [(&'static str, &'static str)] =
                &[$((stringify!($field), $since),)*];

            /// The fields that a snapshot may include.
            #[allow(dead_code, reason = "some records are in no snapshot")]
            pub(crate) const SHARED: &'static [crate::record::table::SharedField] = {
                const ALL: &[crate::record::table::SharedField] = &[$(
                    crate::record::table::shared_column!(
                        $field, $goes $($kind $(($($kind_arg)*))?)?
                    ),
                )*];
                const COUNT: usize = crate::record::table::count_shared(ALL);
                &crate::record::table::only_shared::<COUNT>(ALL)
            };

            /// Adds the texts that the search looks into.
            #[allow(
                dead_code,
                unused_variables,
                clippy::ptr_arg,
                reason = "some records are not searched"
            )]
            pub(crate) fn add_search_texts<'a>(&'a self, all: &mut Vec<&'a str>) {
                $(crate::record::table::searched!($search, self.$field, all);)*
            }
        }
    };
}
pub(crate) use tables;

/// Returns the first of its arguments.
macro_rules! first {
    ($first:expr $(, $others:expr)*) => {
        $first
    };
}
pub(crate) use first;

/// Creates the row of a field for snapshots from its column.
macro_rules! shared_column {
    ($field:ident, Never) => {
        crate::record::table::shared(
            stringify!($field),
            crate::record::table::ValueKind::Text,
            crate::record::table::Inclusion::Never,
        )
    };
    ($field:ident, $goes:ident $kind:ident $(($($kind_arg:tt)*))?) => {
        crate::record::table::shared(
            stringify!($field),
            crate::record::table::ValueKind::$kind $(($($kind_arg)*))?,
            crate::record::table::Inclusion::$goes,
        )
    };
}
pub(crate) use shared_column;

/// Adds the texts of a field that the search looks into.
macro_rules! searched {
    (yes, $value:expr, $all:ident) => {
        crate::record::table::SearchTexts::add_texts(&$value, $all)
    };
    (no, $value:expr, $all:ident) => {};
}
pub(crate) use searched;
