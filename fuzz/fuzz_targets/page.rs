//! Fuzzes pasted pages.
#![no_main]

use chrono::NaiveDate;
use cruxboard_domain::board::Board;
use cruxboard_domain::limits::TEXT_LIMIT;
use cruxboard_domain::import::discussion::{plan, read, sentences};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let Some(today) = NaiveDate::from_ymd_opt(2026, 11, 23) else {
        return;
    };
    let Ok(page) = read(&text, "https://example.org/thread", today) else {
        return;
    };
    for post in &page.messages {
        assert!(!post.text.is_empty() && post.text.chars().count() <= TEXT_LIMIT);
        for sentence in sentences(&post.text) {
            assert!(post.text.contains(sentence));
        }
    }
    let plan = plan(&Board::default(), &page);
    assert_eq!(plan.row_outcomes.len(), page.messages.len());
});
