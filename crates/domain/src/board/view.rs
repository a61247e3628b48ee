//! The records of a board that are shown, and their order: facets, search and sorting.

mod crux;
mod evidence;
mod facet;
mod filter;
mod follow_up;
mod listing;
mod rank;
mod sort;

pub use self::crux::facets;
pub use self::evidence::{evidence_facets, shown_evidence};
pub use self::facet::{Facet, facet_label};
pub use self::filter::Filter;
pub use self::follow_up::{follow_up_facets, shown_follow_ups};
pub use self::listing::Listing;
pub use self::rank::rank_between;
pub use self::sort::{Sort, next_date, shown};
