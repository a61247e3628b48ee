//! Fuzzes tables of credences and of evidence.
#![no_main]

use cruxboard_domain::Millis;
use cruxboard_domain::board::Board;
use cruxboard_domain::date::Now;
use cruxboard_domain::import::csv::{
    Layout, Reading, Scale, Sheet, Undated, guess_evidence, holds_evidence, plan, plan_evidence,
    table_in_archive,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = match table_in_archive(data) {
        Some(Ok(text)) => text.into(),
        _ => String::from_utf8_lossy(data),
    };
    let Ok(sheet) = Sheet::read(&text) else {
        return;
    };
    let board = Board::default();
    let now = Now::utc(Millis(1_795_600_000_000));
    let mut reading = Reading::guessed(&board, &sheet);
    let credences = plan(&board, &sheet, &reading, None, now);
    if reading.layout == Layout::Rows {
        assert_eq!(credences.row_outcomes.len(), sheet.rows.len());
    }
    reading.scale = Some(Scale::Percent);
    reading.undated = Undated::AsOfNow;
    for layout in Layout::ALL {
        reading.layout = *layout;
        let plan = plan(&board, &sheet, &reading, None, now);
        assert_eq!(plan.row_outcomes.len(), plan.about.len());
    }
    let evidence = plan_evidence(&board, &sheet, &guess_evidence(&sheet));
    assert_eq!(evidence.row_outcomes.len(), sheet.rows.len());
    let _ = holds_evidence(&sheet);
});
