//! Damaged links and files.

use std::time::Duration;

use super::*;

/// Returns twenty links of different sizes and kinds.
fn twenty_links() -> Vec<String> {
    let (_, board) = example();
    let ids: Vec<CruxId> = board.cruxes().iter().map(|crux| crux.id).collect();
    let wish = |n: usize| SnapshotRequest {
        cruxes: (n > 1).then(|| ids[n % 9..=n % 9].iter().copied().collect()),
        audience: Audience::ALL[n % 2],
        depth: if n.is_multiple_of(5) {
            Depth::Everything
        } else {
            Depth::Argument
        },
        aliases: n.is_multiple_of(3),
        title: "t".repeat(n),
        ..SnapshotRequest::default()
    };
    (0..20).map(|n| link(&taken(&wish(n)))).collect()
}

/// Returns the number of characters of a link from which on it is known how long its extension is; the front
/// if it has none.
fn extension_at(text: &str) -> usize {
    let content = Parcel::from_text(text).unwrap().content;
    let length = content.extension.len();
    let of_number = match length {
        0 => return 6,
        1..128 => 1,
        128..16_384 => 2,
        _ => 3,
    };
    // The length is read once there are six bytes after the first part: a number of two, and a checksum.
    let bytes = text.len() * 3 / 4 - length - of_number + 2;
    (bytes * 4).div_ceil(3)
}

#[test]
fn a_link_cut_at_any_character_says_so_and_how_much_arrived() {
    for text in twenty_links() {
        for there in 0..text.len() {
            match Parcel::from_text(&text[..there]) {
                // The length of an extension stands where it begins, and is not known before.
                Err(LinkError::CutOff { there: said, whole }) if there < extension_at(&text) => {
                    assert_eq!(said, there);
                    assert!(there < whole && whole <= text.len());
                }
                Err(LinkError::CutOff { there: said, whole }) => {
                    assert_eq!((said, whole), (there, text.len()));
                }
                Err(LinkError::AllCutOff) => assert!(there < 6),
                Err(LinkError::NotOurs) => assert_eq!(there, 1),
                other => panic!("{there} of {}: {other:?}", text.len()),
            }
        }
        assert!(opened(&text).is_ok());
        for end in [").", ">", " ", "…", "&x=1"] {
            assert!(opened(&format!("{text}{end}")).is_ok(), "before {end}");
        }
    }
}

#[test]
fn a_link_with_another_character_anywhere_is_not_believed() {
    for (n, text) in twenty_links().iter().enumerate().step_by(4) {
        for at in (0..text.len()).skip(n % 3).step_by(3) {
            for other in ["A", "-", "9", "%", " "] {
                let mut altered = text.clone();
                altered.replace_range(at..=at, other);
                if altered == *text {
                    continue;
                }
                // The last letter may hold bits that belong to no byte.
                if at + 1 == text.len() && opened(&altered).is_ok() {
                    continue;
                }
                let problem = opened(&altered).unwrap_err();
                assert!(
                    !matches!(problem, LinkError::Impossible | LinkError::TooLong),
                    "{at} as {other:?}: {problem:?}"
                );
                let extension = extension_at(text);
                let is_heading = at < 6 || (extension.saturating_sub(9)..extension).contains(&at);
                assert!(
                    is_heading || problem == LinkError::Changed,
                    "{at} as {other:?}: {problem:?}"
                );
            }
        }
    }
}

#[test]
fn a_link_of_a_newer_version_is_told_from_a_damaged_one() {
    let body = [0, 1, 2, 3];
    let link = |version: u8, body: &[u8], checksum: u32| {
        let head = [0xC0 | version, body.len() as u8];
        let bytes = [&head, &checksum.to_be_bytes()[..], body].concat();
        Parcel::from_text(&to_base64(&bytes))
    };
    assert_eq!(link(2, &body, crc32(&body)), Err(LinkError::Newer(2)));
    // A parcel in which only the version was altered is not called newer.
    assert_eq!(link(2, &body, 7), Err(LinkError::Changed));
    let text = Parcel::open(&taken(&everything())).to_text();
    for letter in "0123456789xyz".chars() {
        let altered = format!("w{letter}{}", &text[2..]);
        if altered != text {
            let problem = Parcel::from_text(&altered).unwrap_err();
            assert!(
                !matches!(problem, LinkError::Newer(_)),
                "{letter}: {problem}"
            );
        }
    }
    for junk in [
        "hello",
        "01KASQ2Y3G0000000000000000",
        "%%%",
        "AAAA",
        "eyJmb3JtYXQiOiJ4In0",
    ] {
        assert_eq!(Parcel::from_text(junk), Err(LinkError::NotOurs), "{junk}");
    }
    assert_eq!(
        Parcel::from_text(&"w".repeat(MOST_CHARS + 1)),
        Err(LinkError::TooLong)
    );
}

#[test]
fn locks_come_back_as_they_were() {
    for lock in [
        Lock::Open,
        Lock::Key { nonce: [7; 12] },
        Lock::Passphrase {
            salt: [1; 16],
            rounds: 600_000,
            nonce: [2; 12],
        },
    ] {
        let parcel = Parcel {
            lock,
            content: Folded {
                base: vec![1, 2, 3],
                extension: vec![4, 5],
            },
        };
        assert_eq!(Parcel::from_text(&parcel.to_text()), Ok(parcel.clone()));
        assert_eq!(
            SnapshotFile::from_json(&SnapshotFile::sealed(&parcel)),
            Ok(SnapshotFile::Sealed(parcel))
        );
    }
}

#[test]
fn a_bomb_goes_out_at_once() {
    let mut million_cruxes = number(NOW.0 / 60_000);
    million_cruxes.extend([1, 0, 0, 0]);
    million_cruxes.extend(number(1_000_000));
    million_cruxes.resize(900_000, 0);
    let mut repeated = number(NOW.0 / 60_000);
    repeated.extend([0; 11]);
    repeated.extend([0; 2]);
    // One review, without a head but with a note that is referred to again and again.
    let mut endless = vec![0x80; 64];
    endless.extend([1, 0, 1]);
    let claims: Vec<Vec<u8>> = vec![
        content(&[0; 1 << 20], b""),
        content(b"", &[b'x'; 1 << 20]),
        content(&million_cruxes, b""),
        content(&repeated, &[0; 400_000]),
        content(&endless, b""),
        content(&[0xFF; 4_000], &[0xFF; 4_000]),
        [number(u64::MAX), number(u64::MAX), vec![0; 10]].concat(),
        [number(1 << 20), number(1), vec![0; 10]].concat(),
        [number(5), number(u64::MAX - 2), vec![0; 10]].concat(),
        vec![0xFF; 40_000],
        vec![],
    ];
    for (n, claim) in claims.into_iter().enumerate() {
        let text = forged(claim);
        let begun = Instant::now();
        let problem = opened(&text).expect_err("a bomb was opened");
        let took = begun.elapsed();
        assert!(
            matches!(problem, LinkError::Impossible | LinkError::TooLong),
            "{n}: {problem:?}"
        );
        let limit = if cfg!(debug_assertions) { 400 } else { 50 };
        assert!(took < Duration::from_millis(limit), "{n} took {took:?}");
    }
}

#[test]
fn files_that_are_no_snapshot_are_refused_with_the_reason() {
    let whole = taken(&everything()).to_json();
    let newer = whole.replacen("\"version\":1", "\"version\":2", 1);
    assert_eq!(
        SnapshotFile::from_json(&newer),
        Err(SnapshotError::Newer(2))
    );
    assert_eq!(
        SnapshotFile::from_json("{\"format\":\"cruxboard\"}"),
        Err(SnapshotError::NotOurs)
    );
}

/// A kind of damage: its name, the function that damages a text at a byte, and words of the expected
/// messages.
type Harm = (
    &'static str,
    fn(&str, usize) -> String,
    &'static [&'static str],
);

const CUT: &[&str] = &["damaged", "cut off", "no snapshot"];

/// Kinds of damage. Each is done at 24 places, so more than two hundred files of each format are tested.
const HARMS: &[Harm] = &[
    ("cut off", |text, at| text[..at].to_owned(), CUT),
    ("its beginning lost", |text, at| text[at..].to_owned(), CUT),
    (
        "a quotation mark put in",
        |text, at| format!("{}\"{}", &text[..at], &text[at..]),
        CUT,
    ),
    (
        "a bracket put in",
        |text, at| format!("{}]{}", &text[..at], &text[at..]),
        CUT,
    ),
    (
        "line ends lost in a row, with what is between",
        |text, at| {
            let end = text[at..].find('}').map_or(text.len(), |end| at + end);
            format!("{}{}", &text[..at], &text[end + 1..])
        },
        CUT,
    ),
    (
        "a bracket nested too deeply",
        |text, at| format!("{}{}{}", &text[..at], "[".repeat(20_000), &text[at..]),
        CUT,
    ),
    (
        "another file after it",
        |text, at| format!("{text}{}", &text[..at]),
        CUT,
    ),
    (
        "zeros where a disk was full",
        |text, at| format!("{}{}", &text[..at], "\0".repeat(text.len() - at)),
        CUT,
    ),
    (
        "a sign that is none",
        |text, at| format!("{}\u{1}\u{fffd}{}", &text[..at], &text[at..]),
        CUT,
    ),
];

/// Returns 24 places in a text, each at the start of a character.
fn places(text: &str) -> impl Iterator<Item = usize> + '_ {
    (1..=24).map(|n| text.floor_char_boundary(n * (text.len() - 2) / 25))
}

#[test]
fn each_of_two_hundred_damaged_snapshot_files_is_refused_or_reads_as_what_was_sent() {
    let sent = taken(&everything());
    let whole = sent.to_json();
    let (mut files, mut refused) = (0, 0);
    for (harm, damage, reasons) in HARMS {
        for at in places(&whole) {
            let damaged = damage(&whole, at);
            files += 1;
            match SnapshotFile::from_json(&damaged) {
                // Damage within a text gives another text, which cannot be told from the intended one.
                Ok(SnapshotFile::Open(read)) => {
                    assert!(
                        matches!(
                            *harm,
                            "a bracket put in"
                                | "line ends lost in a row, with what is between"
                                | "a bracket nested too deeply"
                                | "a sign that is none"
                        ),
                        "{harm} at {at} was opened"
                    );
                    assert_eq!(read.board_key, sent.board_key);
                    assert_eq!(read.changes.len(), sent.changes.len(), "{at}");
                }
                Ok(SnapshotFile::Sealed(_)) => panic!("{harm} at {at}: it became a locked one"),
                Err(problem) => {
                    refused += 1;
                    let said = problem.to_string();
                    assert!(
                        reasons.iter().any(|reason| said.contains(reason)),
                        "{harm} at {at}: {said}"
                    );
                }
            }
        }
    }
    assert!(files >= 200 && refused >= 150, "{refused} of {files}");
}

#[test]
fn each_of_two_hundred_damaged_board_files_is_refused_or_holds_only_rows_of_that_board() {
    let whole = include_str!("../../../../public/example.cruxboard.json");
    let read = Document::from_json(whole).unwrap();
    let rows: BTreeSet<String> = read.entries.iter().map(Entry::to_json).collect();
    let (mut files, mut refused) = (0, 0);
    for (harm, damage, _) in HARMS {
        for at in places(whole) {
            files += 1;
            match Document::from_json(&damage(whole, at)) {
                Err(problem) => {
                    refused += 1;
                    let said = problem.to_string();
                    let is_specific = said.contains("is damaged")
                        || said.contains("is cut off")
                        || said.contains("This is a text, not a board");
                    assert!(is_specific, "{harm} at {at}: {said}");
                }
                Ok(document) => {
                    assert_eq!(document.board, read.board, "{harm} at {at}");
                    let strange = document.entries.iter().map(Entry::to_json);
                    let strange: Vec<String> = strange.filter(|row| !rows.contains(row)).collect();
                    // At most one row reads differently from the original: the damaged one.
                    assert!(strange.len() <= 1, "{harm} at {at}: {strange:?}");
                    let lost =
                        rows.len() - (document.entries.len() - strange.len()).min(rows.len());
                    let is_told = !document.damaged.is_empty();
                    assert!(
                        lost == 0 || is_told || !strange.is_empty(),
                        "{harm} at {at}: {lost} lost unsaid"
                    );
                }
            }
        }
    }
    assert!(files >= 200 && refused > 0, "{refused} of {files}");
}
