//! Reviews: blind rounds, minutes, and the calendar of due dates.

pub mod calendar;
pub mod minutes;
pub mod round;
