//! The functions of one chunk, loaded on demand.

use crate::component::live;
use cruxboard_domain::t;
use std::future::Future;
use std::pin::Pin;

use leptos::prelude::*;
use leptos::task::spawn_local;

/// Resolves to the functions of a chunk, as pointers, since their code is in the chunk. `None` if
/// the chunk cannot be loaded.
pub(super) type Loading<T> = Pin<Box<dyn Future<Output = Option<T>>>>;

/// Declares the entry point of a chunk.
macro_rules! entry {
    ($name:ident: $kind:ty = $what:expr) => {
        #[cfg(not(debug_assertions))]
        #[wasm_split_helpers::wasm_split($name, fallible)]
        fn $name() -> Result<$kind, SplitLoaderError> {
            Ok($what)
        }

        #[cfg(debug_assertions)]
        async fn $name() -> Result<$kind, SplitLoaderError> {
            Ok($what)
        }
    };
}
pub(super) use entry;

/// The functions of a chunk, loaded on demand. Cheap to copy.
pub(super) struct LazyChunk<T: Copy + Send + Sync + 'static> {
    load: fn() -> Loading<T>,
    state: RwSignal<State<T>>,
}

#[derive(Clone, Copy)]
enum State<T> {
    NotLoaded,
    Loading,
    Loaded(T),
    /// Loading failed. Another try may succeed.
    Failed,
}

impl<T: Copy + Send + Sync + 'static> Clone for LazyChunk<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Copy + Send + Sync + 'static> Copy for LazyChunk<T> {}

impl<T: Copy + Send + Sync + 'static> LazyChunk<T> {
    pub(super) fn new(load: fn() -> Loading<T>) -> Self {
        Self {
            load,
            state: RwSignal::new(State::NotLoaded),
        }
    }

    /// Loads the chunk ahead of its use. Does nothing after a failure, since its use tries again.
    pub(super) fn fetch_early(self) {
        if matches!(self.state.get_untracked(), State::NotLoaded) {
            self.fetch();
        }
    }

    /// Returns whether the chunk is loaded. Reactive.
    pub(super) fn is_loaded(self) -> bool {
        matches!(self.state.get(), State::Loaded(_))
    }

    /// Loads the chunk, unless it is loaded or being loaded.
    pub(super) fn fetch(self) {
        if matches!(
            self.state.get_untracked(),
            State::Loading | State::Loaded(_)
        ) {
            return;
        }
        self.state.set(State::Loading);
        let loading = (self.load)();
        spawn_local(async move {
            self.set_state(match loading.await {
                Some(what) => State::Loaded(what),
                None => State::Failed,
            });
        });
    }

    /// Sets the state, unless the chunk is loaded, since a new state would render its views again.
    fn set_state(self, state: State<T>) {
        if !matches!(self.state.get_untracked(), State::Loaded(_)) {
            self.state.set(state);
        }
    }

    /// Returns the functions once the chunk is loaded.
    ///
    /// # Errors
    /// A message for the user, if loading fails.
    pub(super) async fn get(self) -> Result<T, &'static str> {
        if let State::Loaded(what) = self.state.get_untracked() {
            return Ok(what);
        }
        let what = (self.load)().await.ok_or_else(|| {
            t!("A part of Cruxboard could not be loaded. Nothing was changed. There may be no connection, or a new version is out: reload the page to get it.")
        })?;
        self.set_state(State::Loaded(what));
        Ok(what)
    }

    /// Renders `make` once the chunk is loaded, and a notice until then.
    pub(super) fn view(self, make: impl Fn(T) -> AnyView + Send + Sync + 'static) -> AnyView {
        self.view_within(|waiting| waiting, make)
    }

    /// Like [`Self::view`], with `around` wrapped around the notice.
    pub(super) fn view_within(
        self,
        around: impl Fn(AnyView) -> AnyView + Send + Sync + 'static,
        make: impl Fn(T) -> AnyView + Send + Sync + 'static,
    ) -> AnyView {
        self.fetch();
        live(move || match self.state.get() {
            State::Loaded(what) => make(what),
            State::NotLoaded | State::Loading => {
                let waiting = view! { <p class="awaited" role="status">{t!("Loading…")}</p> };
                around(waiting.into_any())
            }
            State::Failed => {
                let failed = view! {
                    <div class="unloaded" role="alert">
                        <p>{t!("This part of Cruxboard could not be loaded. Your boards are safe. There may be no connection, or a new version is out: reload the page to get it.")}</p>
                        <button on:click=move |_| self.fetch()>{t!("Try again")}</button>
                    </div>
                };
                around(failed.into_any())
            }
        })
        .into_any()
    }
}
