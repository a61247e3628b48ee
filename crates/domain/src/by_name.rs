//! Fields by their names: how records are read, and one field of them shown.
//!
//! What serde derives reads every struct by code of its own, two or three kilobytes in the browser.
//! Here the fields of a struct are a table, and code is there once for each type of value.

use std::fmt;

use serde::de::{DeserializeOwned, Deserializer, Error, MapAccess, Visitor};
use serde::ser::Serialize;
use serde_json::Value;

/// A record whose fields can be asked for by name.
pub trait Fields {
    /// One field as it is stored; nothing when there is no field of that name.
    fn field(&self, name: &str) -> Value;
}

/// Where the value of one field goes.
pub(crate) trait Slot {
    /// Takes the value in; `null` is one as well, and is another thing than none.
    fn fill(&mut self, value: Value) -> Result<(), serde_json::Error>;

    /// Whether it has taken one in.
    fn is_filled(&self) -> bool;
}

impl<T: DeserializeOwned> Slot for Option<T> {
    fn fill(&mut self, value: Value) -> Result<(), serde_json::Error> {
        *self = Some(T::deserialize(value)?);
        Ok(())
    }

    fn is_filled(&self) -> bool {
        self.is_some()
    }
}

/// Reads an object into the slots of these names. One that has no slot is an error, so that the
/// change of a newer version is kept as it came.
pub(crate) fn read<'de, D: Deserializer<'de>>(
    deserializer: D,
    names: &'static [&'static str],
    slots: &mut [&mut dyn Slot],
) -> Result<(), D::Error> {
    deserializer.deserialize_map(Slots { names, slots })
}

struct Slots<'a, 's> {
    names: &'static [&'static str],
    slots: &'a mut [&'s mut dyn Slot],
}

impl Slots<'_, '_> {
    fn fill(&mut self, name: &str, value: Value) -> Result<(), serde_json::Error> {
        let place = self.names.iter().position(|known| *known == name);
        match place.and_then(|place| self.slots.get_mut(place)) {
            None => Err(Error::unknown_field(name, self.names)),
            Some(slot) if slot.is_filled() => Err(Error::custom("a field is there twice")),
            Some(slot) => slot.fill(value),
        }
    }
}

impl<'de> Visitor<'de> for Slots<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut fields: A) -> Result<(), A::Error> {
        while let Some(name) = fields.next_key::<String>()? {
            self.fill(&name, fields.next_value()?)
                .map_err(Error::custom)?;
        }
        Ok(())
    }
}

/// Makes structs readable: `must` fields have to be there, `may` fields are empty where they are
/// not.
macro_rules! readable {
    (@value must $field:ident) => {
        $field.ok_or_else(|| serde::de::Error::missing_field(stringify!($field)))?
    };
    (@value may $field:ident) => { $field.unwrap_or_default() };
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $name:literal) => { $name };
    ($($name:ident $(<$($of:ident),*>)? { $($kind:ident $field:ident $(as $key:literal)?,)* })*) => {$(
        impl<'de $($(, $of: serde::de::DeserializeOwned)*)?> serde::Deserialize<'de>
            for $name $(<$($of),*>)?
        {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $(let mut $field = None;)*
                $crate::by_name::read(
                    deserializer,
                    &[$($crate::by_name::readable!(@name $field $($key)?)),*],
                    &mut [$(&mut $field),*],
                )?;
                Ok(Self { $($field: $crate::by_name::readable!(@value $kind $field),)* })
            }
        }
    )*};
}
pub(crate) use readable;

/// A value that can be shown as it is stored.
pub(crate) trait Shown {
    fn shown(&self) -> String;
}

impl<T: Serialize> Shown for T {
    fn shown(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The value that has this name. It goes through text, as it is stored anyway: a second way to
/// write each type of value would weigh as much again.
pub(crate) fn field(wanted: &str, names: &[&str], values: &[&dyn Shown]) -> Value {
    let mut fields = names.iter().zip(values);
    let found = fields.find(|(name, _)| **name == wanted);
    let text = found.map(|(_, value)| value.shown()).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{Change, CredenceStated};
    use crate::record::{Crux, CruxEdit, Mitigation, Stage};

    #[test]
    fn what_this_version_would_lose_is_not_read() {
        for edit in [
            r#"{"titel":"X"}"#,
            r#"{"title":"X","title":"Y"}"#,
            r#"{"title":null}"#,
            r#"{"stage":"adrift"}"#,
            r#"{"mitigations":[{"what":"X","how":"Y"}]}"#,
            r#"["X"]"#,
            "null",
        ] {
            assert!(serde_json::from_str::<CruxEdit>(edit).is_err(), "{edit}");
        }
        for change in [
            r#"{"id":"01M83T4CM00001000000000001","fact":"blank","why":"X"}"#,
            r#"{"id":"01M83T4CM00001000000000001"}"#,
            r#"{"fact":"blank"}"#,
        ] {
            assert!(serde_json::from_str::<Change>(change).is_err(), "{change}");
        }
    }

    #[test]
    fn a_field_may_be_left_out_where_it_says_nothing() {
        let stated: CredenceStated = serde_json::from_str(
            r#"{"crux":"01M83T4CM00001000000000001","person":"01M83T4CM00002000000000001","credence":35}"#,
        )
        .unwrap();
        assert_eq!((stated.reason.as_str(), stated.at), ("", None));
        let mitigation: Mitigation = serde_json::from_str(r#"{"what":"X"}"#).unwrap();
        assert_eq!(mitigation.cost, "");
        assert!(serde_json::from_str::<Mitigation>(r#"{"cost":"X"}"#).is_err());
    }

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
