//! Small views. They depend only on their props: signals and callbacks.

mod choice;
mod credence_control;
mod credence_slider;
mod date_field;
mod draft_banner;
mod dynamic;
mod edit;
mod evidence_weight;
mod field;
mod field_errors;
mod form;
mod form_keys;
mod glyph;
mod history_chart;
mod key;
mod near;
mod number;
mod passed_day;
mod qr;
mod reading;
mod scale;
mod scroll;
mod share_link;
mod sparkline;
mod text;
mod translated;

use cruxboard_domain::t;
use leptos::prelude::*;

pub use self::choice::{Check, Choice, Pick};
pub use self::credence_control::{CredenceControl, CredenceHandle};
pub use self::credence_slider::MoveEnd;
pub use self::date_field::DateField;
pub use self::draft_banner::{Discarding, DraftBanner};
pub use self::dynamic::live;
pub use self::evidence_weight::EvidenceWeight;
pub use self::field::{
    TextArea, TextField, entered_number, focus_invalid, is_in_group, is_on_field, is_typing,
};
pub use self::field_errors::{FieldErrors, PutRight};
pub use self::form::Form;
pub use self::form_keys::{focus_first_text, is_sent_by, press_key_in_form};
pub use self::glyph::{MarkGlyph, StateGlyph, mark_class};
pub use self::history_chart::{HistoryChart, Pin, PinKind, Point};
pub use self::key::{KeyInField, is_command, is_plain, key_of};
pub use self::near::Near;
pub use self::number::{hundredths, plain, rounded};
pub use self::passed_day::Today;
pub use self::qr::Qr;
pub use self::reading::{ReadingView, outside_dot};
pub use self::scale::{Dot, Scale};
pub use self::scroll::{reserve_room, show_current, show_selected, uncover_focused};
pub use self::share_link::ShareLink;
pub use self::sparkline::Sparkline;
pub use self::text::{DateText, ExternalLink, Markdownish, Section};
pub use self::translated::with_views;

/// Runs a function after a number of milliseconds. Provided by the composition root, since only the
/// platform may use timers.
#[derive(Clone, Copy)]
pub struct Later(pub fn(u32, Box<dyn FnOnce()>));

impl Later {
    /// Returns the timer that the app has provided; without one, functions run at once.
    #[must_use]
    pub fn from_context() -> Self {
        use_context().unwrap_or(Self(|_, run| run()))
    }

    /// Runs `run` after `millis` milliseconds.
    pub fn run(self, millis: u32, run: impl FnOnce() + 'static) {
        (self.0)(millis, Box::new(run));
    }
}

/// Finds the author of a text. Provided by the composition root, since components do not access the
/// board.
#[derive(Clone, Copy)]
pub struct Author(pub Callback<String, String>);

impl Author {
    /// Returns the instance that the app has provided; without one, every author is "elsewhere".
    #[must_use]
    pub fn from_context() -> Self {
        use_context().unwrap_or_else(|| Self(Callback::new(|_| t!("elsewhere").to_owned())))
    }

    /// Returns the author of the newest change that contains `part`, such as `"title":"Reach"`: "by
    /// RE", "in another window", "elsewhere".
    #[must_use]
    pub fn of(self, part: &str) -> String {
        self.0.run(part.to_owned())
    }
}
