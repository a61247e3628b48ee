//! Two rules for reading stored records that serde's derive does not support.
//!
//! A change that this version does not fully understand must not be read in part: it is kept in its original
//! form. `deny_unknown_fields` does most of it.

use serde::de::{Deserialize, Deserializer, Visitor};

/// Implements `Serialize` and `Deserialize` for types derived with `#[serde(remote = "Self")]`, and
/// reads them from objects only.
///
/// Serde's derive reads an array as well, field by field in the order of the struct.
macro_rules! objects_only {
    ($($name:ident $(<$($of:ident),*>)?,)*) => {$(
        impl $(<$($of: serde::Serialize),*>)? serde::Serialize for $name $(<$($of),*>)? {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                Self::serialize(self, serializer)
            }
        }

        impl<'de $($(, $of: serde::Deserialize<'de>)*)?> serde::Deserialize<'de>
            for $name $(<$($of),*>)?
        {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::deserialize($crate::record::strict::Objects(deserializer))
            }
        }
    )*};
}
pub(crate) use objects_only;

/// A deserializer that asks the inner one for an object, whatever it is asked for.
pub(crate) struct Objects<D>(pub(crate) D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Objects<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// Deserializes a field that is present. Serde's derive reads `null` as `None`, as if the field were missing.
/// Here `null` is a value, which only some types accept.
pub(crate) fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use crate::change::{Change, CredenceStated};
    use crate::record::{CruxEdit, Mitigation};

    #[test]
    fn a_change_that_this_version_would_lose_is_not_read() {
        for edit in [
            r#"{"titel":"X"}"#,
            r#"{"title":"X","title":"Y"}"#,
            r#"{"title":null}"#,
            r#"{"stage":"adrift"}"#,
            r#"{"mitigations":[{"what":"X","how":"Y"}]}"#,
            r#"["X"]"#,
            "null",
            r#"{"bearings":[["useless","very"]]}"#,
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
}
