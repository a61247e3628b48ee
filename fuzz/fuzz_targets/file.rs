//! Fuzzes snapshots in files.
#![no_main]

use cruxboard_domain::snapshot::file::SnapshotFile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    if let Ok(SnapshotFile::Open(snapshot)) = SnapshotFile::from_json(&text) {
        drop(snapshot.reading());
        let written = snapshot.to_json();
        let again = SnapshotFile::from_json(&written).expect("what was read can be read again");
        let SnapshotFile::Open(again) = again else {
            panic!("an open file has become a locked one");
        };
        assert_eq!(again.board(), snapshot.board());
    }
});
