//! Tables of credences and of evidence.
#![no_main]

use cruxboard_domain::board::Board;
use cruxboard_domain::spreadsheet::{
    Sheet, guess, guess_evidence, holds_evidence, plan, plan_evidence,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let Ok(sheet) = Sheet::read(&text) else {
        return;
    };
    let board = Board::default();
    let credences = plan(&board, &sheet, &guess(&sheet), None, 1_795_600_000_000);
    assert_eq!(credences.fates.len(), sheet.rows.len());
    let evidence = plan_evidence(&board, &sheet, &guess_evidence(&sheet));
    assert_eq!(evidence.fates.len(), sheet.rows.len());
    let _ = holds_evidence(&sheet);
});
