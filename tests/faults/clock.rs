//! A device whose clock is wrong.

use super::{NUMBER, on_first_crux};
use crate::{
    example::CHANGES,
    harness::{Find as _, Page},
};

const TEN_YEARS_MILLIS: i64 = 10 * 365 * 86_400_000;

#[test]
fn order_stays_and_nothing_is_lost_when_the_clock_jumps_ten_years_either_way() {
    let page = on_first_crux(Page::start(), "Red-teamer");
    let jumps = [
        -60_000,
        -TEN_YEARS_MILLIS,
        2 * TEN_YEARS_MILLIS,
        -TEN_YEARS_MILLIS,
        -1,
    ];
    for (at, jump) in jumps.into_iter().enumerate() {
        let before = page.stored_ids();
        page.move_clock(jump);
        page.state(60 + at);
        page.wait_stored(CHANGES + at + 1);
        let after = page.stored_ids();
        // The new id is later than all others, whatever the clock shows.
        assert_eq!(
            after[..before.len()],
            before[..],
            "after a jump by {jump} ms"
        );
        page.reload();
        page.field(NUMBER).wait_value(&(60 + at).to_string());
    }
    for _ in jumps {
        page.undo();
    }
    page.field(NUMBER).wait_value("35");
}
