//! Fuzzes snapshot links at three levels: the text, the compressed bytes, and the bytes that these unpack to.
//! Fuzzing only the text would hardly get past the checksum and the compression.
#![no_main]

use cruxboard_domain::snapshot::Snapshot;
use cruxboard_domain::snapshot::link::{
    Folded, Lock, MOST_BYTES, Parcel, bytes_of, fold, unfold,
};
use libfuzzer_sys::fuzz_target;
use miniz_oxide::deflate::compress_to_vec;

fuzz_target!(|data: &[u8]| {
    let Some((way, data)) = data.split_first() else {
        return;
    };
    match way % 3 {
        0 => {
            let text = String::from_utf8_lossy(data);
            if let Ok(parcel) = Parcel::from_text(&text)
                && parcel.lock == Lock::Open
            {
                look(unfold(&parcel.content).ok());
            }
        }
        1 => {
            let folded = Folded::from(data.to_vec());
            if let Ok(bytes) = bytes_of(&folded) {
                assert!(bytes.len() <= MOST_BYTES);
            }
            look(unfold(&folded).ok());
        }
        _ => look(unfold(&compress_to_vec(data, 1).into()).ok()),
    }
});

/// Renders a snapshot in every form, and folds and unfolds it again.
fn look(snapshot: Option<Snapshot>) {
    let Some(snapshot) = snapshot else { return };
    for form in [
        snapshot.to_html(),
        snapshot.to_embed("https://example.org/#/s/x"),
        snapshot.to_card(),
    ] {
        assert!(!form.contains("<script"));
    }
    drop(snapshot.to_markdown());
    let again = unfold(&fold(&snapshot)).expect("what was read can be read again");
    assert_eq!(
        again.board(),
        unfold(&fold(&again)).expect("and again").board()
    );
}
