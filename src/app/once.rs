//! What is begun once, when it is first needed, and then lives as long as the app.

use leptos::prelude::*;

/// Something that is not there until it is begun. Cheap to copy.
pub(super) struct Once<T: 'static> {
    value: StoredValue<Option<T>, LocalStorage>,
    /// Whoever asks for it first may go before the app does.
    owner: StoredValue<Option<Owner>, LocalStorage>,
}

impl<T> Clone for Once<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Once<T> {}

impl<T: Copy> Once<T> {
    /// Not begun yet. Must be called where it is to live.
    pub(super) fn new() -> Self {
        Self {
            value: StoredValue::new_local(None),
            owner: StoredValue::new_local(Owner::current()),
        }
    }

    pub(super) fn has_begun(self) -> bool {
        self.value.with_value(Option::is_some)
    }

    /// It, begun by `begin` unless it was before.
    pub(super) fn get(self, begin: impl FnOnce() -> T) -> T {
        if let Some(value) = self.value.get_value() {
            return value;
        }
        let value = match self.owner.get_value() {
            Some(owner) => owner.with(begin),
            None => begin(),
        };
        self.value.set_value(Some(value));
        value
    }
}
