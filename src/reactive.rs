//! Signals and memos as Leptos has them, but with one type inside, whatever they hold: Leptos would
//! copy its code for every type of value, and here are some fifty.

use std::any::Any;
use std::marker::PhantomData;

use leptos::prelude as graph;
use leptos::prelude::{Set as _, Track as _, Update as _, With as _, WithUntracked as _};

/// A value of any type.
type Held = Box<dyn Any + Send + Sync>;

fn hold<T: Send + Sync + 'static>(value: T) -> Held {
    Box::new(value)
}

macro_rules! handle {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub struct $name<T>(graph::$name<Held>, PhantomData<fn() -> T>);

        impl<T> Clone for $name<T> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<T> Copy for $name<T> {}

        impl<T: 'static> $name<T> {
            /// Reads the value and follows it.
            pub fn with<U>(&self, read: impl FnOnce(&T) -> U) -> U {
                reading(read, |read| self.0.with(|held| read(&**held)))
            }

            /// Reads the value without following it.
            pub fn with_untracked<U>(&self, read: impl FnOnce(&T) -> U) -> U {
                reading(read, |read| self.0.with_untracked(|held| read(&**held)))
            }

            /// The value; follows it.
            pub fn get(&self) -> T
            where
                T: Clone,
            {
                self.with(T::clone)
            }

            /// The value; does not follow it.
            pub fn get_untracked(&self) -> T
            where
                T: Clone,
            {
                self.with_untracked(T::clone)
            }

            /// Reads the value without following it, if whoever made it is still there.
            pub fn try_with_untracked<U>(&self, read: impl FnOnce(&T) -> U) -> Option<U> {
                let mut read = Some(read);
                let mut out = None;
                self.0.try_with_untracked(|held| {
                    out = held
                        .downcast_ref()
                        .and_then(|value| read.take().map(|read| read(value)));
                });
                out
            }

            /// The value, if whoever made it is still there; does not follow it.
            pub fn try_get_untracked(&self) -> Option<T>
            where
                T: Clone,
            {
                self.try_with_untracked(T::clone)
            }

            /// Follows the value without reading it.
            pub fn track(&self) {
                self.0.track();
            }
        }
    };
}

handle! {
    /// A value that can be read and set.
    RwSignal
}
handle! {
    /// A value worked out of others, once for all that read it.
    Memo
}
handle! {
    /// A value that can be read.
    Signal
}

/// Hands the value on to `read`, through one type of call for all.
fn reading<T: 'static, U>(
    read: impl FnOnce(&T) -> U,
    run: impl FnOnce(&mut dyn FnMut(&dyn Any)),
) -> U {
    let mut read = Some(read);
    let mut out = None;
    run(&mut |any: &dyn Any| {
        out = any
            .downcast_ref()
            .and_then(|value| read.take().map(|read| read(value)));
    });
    let Some(out) = out else {
        unreachable!("each handle holds what its type says")
    };
    out
}

impl<T: Send + Sync + 'static> RwSignal<T> {
    /// A signal that holds `value`.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self(graph::RwSignal::new(hold(value)), PhantomData)
    }

    /// Puts another value in.
    pub fn set(&self, value: T) {
        self.0.set(hold(value));
    }

    /// Changes the value where it is.
    pub fn update(&self, change: impl FnOnce(&mut T)) {
        let mut change = Some(change);
        self.update_dyn(&mut |any| {
            if let (Some(value), Some(change)) = (any.downcast_mut(), change.take()) {
                change(value);
            }
        });
    }

    fn update_dyn(&self, change: &mut dyn FnMut(&mut dyn Any)) {
        self.0.update(|held| change(&mut **held));
    }
}

impl<T: PartialEq + Send + Sync + 'static> Memo<T> {
    /// A memo of what `work_out` makes of the value before; its readers wake when it differs.
    #[must_use]
    pub fn new(work_out: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Self {
        let work_out = move |before: Option<&Held>| {
            hold(work_out(before.and_then(|held| held.downcast_ref())))
        };
        Self(memo(Box::new(work_out), differ::<T>), PhantomData)
    }
}

impl<T: Send + Sync + 'static> Memo<T> {
    /// A memo whose readers wake each time, for what is not worth comparing.
    #[must_use]
    pub fn new_each_time(work_out: impl Fn() -> T + Send + Sync + 'static) -> Self {
        let work_out = move |_: Option<&Held>| hold(work_out());
        Self(memo(Box::new(work_out), |_, _| true), PhantomData)
    }
}

type WorkOut = Box<dyn Fn(Option<&Held>) -> Held + Send + Sync>;

#[inline(never)]
fn memo(work_out: WorkOut, differ: fn(Option<&Held>, Option<&Held>) -> bool) -> graph::Memo<Held> {
    graph::Memo::new_with_compare(work_out, differ)
}

fn differ<T: PartialEq + 'static>(this: Option<&Held>, that: Option<&Held>) -> bool {
    let this: Option<&T> = this.and_then(|held| held.downcast_ref());
    let that: Option<&T> = that.and_then(|held| held.downcast_ref());
    this != that
}

impl<T: Send + Sync + 'static> Signal<T> {
    /// What `read` gives, each time anew.
    #[must_use]
    pub fn derive(read: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self(derived(Box::new(move || hold(read()))), PhantomData)
    }

    /// A value that never changes.
    #[must_use]
    pub fn stored(value: T) -> Self {
        RwSignal::new(value).into()
    }
}

#[inline(never)]
fn derived(read: Box<dyn Fn() -> Held + Send + Sync>) -> graph::Signal<Held> {
    graph::Signal::derive(read)
}

impl<T: Default + Send + Sync + 'static> Default for Signal<T> {
    fn default() -> Self {
        Self::stored(T::default())
    }
}

impl<T> From<RwSignal<T>> for Signal<T> {
    fn from(signal: RwSignal<T>) -> Self {
        Self(signal.0.into(), PhantomData)
    }
}

impl<T> From<Memo<T>> for Signal<T> {
    fn from(memo: Memo<T>) -> Self {
        Self(memo.0.into(), PhantomData)
    }
}

impl<T, F> From<F> for Signal<T>
where
    T: Send + Sync + 'static,
    F: Fn() -> T + Send + Sync + 'static,
{
    fn from(read: F) -> Self {
        Self::derive(read)
    }
}

impl From<&'static str> for Signal<String> {
    fn from(text: &'static str) -> Self {
        Self::stored(text.to_owned())
    }
}

impl From<String> for Signal<String> {
    fn from(text: String) -> Self {
        Self::stored(text)
    }
}

impl From<bool> for Signal<bool> {
    fn from(flag: bool) -> Self {
        Self::stored(flag)
    }
}
