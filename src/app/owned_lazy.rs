//! A lazy value with the lifetime of the [`Owner`] that it was declared under.

use leptos::prelude::*;

/// A value that is created on first use and owned by the [`Owner`] it was declared under.
///
/// The view that uses it first may be removed before the app is. Effects and signals of the value must
/// outlive that view. Cheap to copy.
pub(super) struct OwnedLazy<T: 'static> {
    value: StoredValue<Option<T>, LocalStorage>,
    owner: StoredValue<Option<Owner>, LocalStorage>,
}

impl<T> Clone for OwnedLazy<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for OwnedLazy<T> {}

impl<T: Copy> OwnedLazy<T> {
    /// Declares a value under the current owner, without creating it.
    pub(super) fn new() -> Self {
        Self {
            value: StoredValue::new_local(None),
            owner: StoredValue::new_local(Owner::current()),
        }
    }

    pub(super) fn is_initialized(self) -> bool {
        self.value.with_value(Option::is_some)
    }

    /// Returns the value. Creates it with `init`, if this is the first use.
    pub(super) fn get_or_init(self, init: impl FnOnce() -> T) -> T {
        if let Some(value) = self.value.get_value() {
            return value;
        }
        let value = match self.owner.get_value() {
            Some(owner) => owner.with(init),
            None => init(),
        };
        self.value.set_value(Some(value));
        value
    }
}
