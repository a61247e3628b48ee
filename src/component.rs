//! Small views. They take signals and callbacks as props and know nothing else.

mod credence_control;
mod credence_slider;
mod draft_banner;
mod dynamic;
mod edit;
mod field;
mod field_errors;
mod form;
mod glyph;
mod history_chart;
mod key;
mod number;
mod qr;
mod reading;
mod scale;
mod share_link;
mod tabs;
mod text;

use leptos::prelude::*;

pub use self::credence_control::{CredenceControl, CredenceHandle};
pub use self::credence_slider::MoveEnd;
pub use self::draft_banner::DraftBanner;
pub use self::dynamic::live;
pub use self::field::{
    Check, Choice, DateField, Pick, TextArea, TextField, focus_invalid, is_on_field, is_typing,
};
pub use self::field_errors::FieldErrors;
#[cfg(test)]
pub(crate) use self::form::check_table;
pub use self::form::{Field, Form, Kind, field};
pub use self::glyph::{MarkGlyph, StateGlyph, mark_class};
pub use self::history_chart::{HistoryChart, Point, Sparkline};
pub use self::key::{is_command, key_of};
pub use self::number::{hundredths, plain, rounded, signed};
pub use self::qr::Qr;
pub use self::reading::ReadingView;
pub use self::scale::{Dot, Scale};
pub use self::share_link::ShareLink;
pub use self::tabs::show_current;
pub use self::text::{DateText, ExternalLink, Markdownish, Section};

/// Runs something after a while, in milliseconds. Comes in from the composition root, since only
/// the edge may use timers.
#[derive(Clone, Copy)]
pub struct Later(pub fn(u32, Box<dyn FnOnce()>));

impl Later {
    /// The timer of this app; without one, at once.
    #[must_use]
    pub fn from_context() -> Self {
        use_context().unwrap_or(Self(|_, run| run()))
    }

    /// Runs `run` after `millis` milliseconds.
    pub fn run(self, millis: u32, run: impl FnOnce() + 'static) {
        (self.0)(millis, Box::new(run));
    }
}

/// Finds out who wrote a text. Comes in from the composition root, since components know no board.
#[derive(Clone, Copy)]
pub struct Author(pub Callback<String, String>);

impl Author {
    /// The one of this app, where there is one.
    #[must_use]
    pub fn from_context() -> Self {
        use_context().unwrap_or_else(|| Self(Callback::new(|_| "elsewhere".to_owned())))
    }

    /// Says by whom the newest change was made that holds `part`, such as `"title":"Reach"`:
    /// "by RE", "in another window", "elsewhere".
    #[must_use]
    pub fn of(self, part: &str) -> String {
        self.0.run(part.to_owned())
    }
}
