//! Reviews: blind rounds, minutes, and the calendar of what is due.

pub mod calendar;
pub mod minutes;
pub mod round;
