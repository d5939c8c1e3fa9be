//! The tests of rich text: hostile HTML, round trips, bounds.

mod bounds;
mod hostile;
mod judge;
mod properties;
mod round_trips;
mod wire;
