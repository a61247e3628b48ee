//! What every view needs: Leptos, but for what the app has in a form that weighs less.

pub use cruxboard_markup::view;
pub use leptos::prelude::*;

pub use crate::reactive::{Memo, RwSignal, Signal};
