//! The time to read anything that a person can paste or open grows in proportion to its length.

#![allow(clippy::disallowed_methods, reason = "it measures time")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use cruxboard_domain::backup::Backup;
use cruxboard_domain::board::Board;
use cruxboard_domain::date::Now;
use cruxboard_domain::document::Document;
use cruxboard_domain::file_kind::{text_kind, text_of};
use cruxboard_domain::import::csv::{Layout, Reading, Sheet, guess_evidence, plan, plan_evidence};
use cruxboard_domain::import::discussion::{self, sentences};
use cruxboard_domain::snapshot::file::SnapshotFile;

use crate::world::NOW;

/// The length of the shortest of the three inputs, in bytes.
const BASE: usize = 8_000;
/// The shortest time to measure: an input is read repeatedly until then, so that clock steps do not matter.
const MEASURED: Duration = Duration::from_millis(60);
/// The time below which growth is not judged.
const SHORT: Duration = Duration::from_millis(15);
/// The most by which the time may grow if the input grows fourfold. Quadratic growth would be 16.
const MOST_GROWTH: f64 = 8.0;

/// A function that makes a text of a given length in bytes.
type Make = Box<dyn Fn(usize) -> String>;
/// Kinds of texts, with their names.
type Shapes = Vec<(String, Make)>;

/// An importer, with kinds of texts that are hard for it.
struct Importer {
    name: &'static str,
    read: fn(&str),
    texts: Shapes,
}

fn repeated(pieces: &[&'static str]) -> Shapes {
    let shape = |piece: &&'static str| {
        let piece = *piece;
        let make = move |length: usize| piece.repeat(length / piece.len());
        let make: Make = Box::new(make);
        (
            format!("{:?}", &piece[..piece.floor_char_boundary(30)]),
            make,
        )
    };
    pieces.iter().map(shape).collect()
}

/// Returns texts that repeat a piece with a running number in it.
fn numbered(pieces: &[&'static str]) -> Shapes {
    let shape = |piece: &&'static str| {
        let piece = *piece;
        let make = move |length: usize| {
            let count = length / (piece.len() + 3);
            (0..count)
                .map(|n| piece.replace('#', &n.to_string()))
                .collect()
        };
        let make: Make = Box::new(make);
        (
            format!("{:?}, numbered", &piece[..piece.floor_char_boundary(30)]),
            make,
        )
    };
    pieces.iter().map(shape).collect()
}

fn with(before: &'static str, of: Shapes) -> Shapes {
    let begun = of.into_iter().map(|(name, make)| {
        let make: Box<dyn Fn(usize) -> String> =
            Box::new(move |length| before.to_owned() + &make(length));
        (format!("{before:?} and {name}"), make)
    });
    begun.collect()
}

fn read_page(text: &str) {
    let today = Now::utc(NOW).today();
    if let Ok(page) = discussion::read(text, "https://a.example/", today) {
        black_box(discussion::plan(&Board::default(), &page));
        for message in &page.messages {
            black_box(sentences(&message.text).len());
        }
    }
}

fn read_table(text: &str) {
    let board = Board::default();
    if let Ok(sheet) = Sheet::read(text) {
        let mut reading = Reading::guessed(&board, &sheet);
        black_box(plan(&board, &sheet, &reading, None, Now::utc(NOW)));
        if sheet.head.len() > 2 {
            reading.layout = Layout::PersonColumns;
            black_box(plan(&board, &sheet, &reading, None, Now::utc(NOW)));
        }
        black_box(plan_evidence(&board, &sheet, &guess_evidence(&sheet)));
    }
}

fn read_file(text: &str) {
    black_box(text_of(text.as_bytes()).is_ok());
    black_box(text_kind(text));
    if Backup::is_one(text) {
        black_box(
            Backup::from_json(text)
                .map(|backup| backup.faults())
                .is_ok(),
        );
    } else if SnapshotFile::is_one(text) {
        black_box(SnapshotFile::from_json(text).is_ok());
    } else if let Ok(document) = Document::from_json(text) {
        black_box(document.faults());
        black_box(document.entries.into_iter().collect::<Board>());
    }
}

const ROW: &str =
    "{\"id\":\"01M83T4CM0000100000#\",\"fact\":{\"person-added\":{\"name\":\"Ann\"}}},\n";

fn importers() -> Vec<Importer> {
    let mut page = repeated(&[
        "so it goes on and on ",
        "So it goes. And on it goes! ",
        "so it goes on and on, and nobody says who wrote what\n",
        "Nobody says who wrote what.\n\n",
        "w",
        "é",
        "🙂 ",
        " ",
        "\n",
        "\t",
        "< ",
        "<",
        "<<",
        "a < b and c > d\n",
        "if x < y then <z> else\n",
        "<a ",
        "<a x=\"",
        "<a x='y' ",
        "<!--",
        "<![CDATA[",
        "<script>",
        "</",
        "</div>",
        "<div>",
        "<div>a",
        "<p>so it goes</p>\n",
        "<p title='2026-11-01'>a",
        "<blockquote>a",
        "<ul><li>a",
        "<title>",
        "<a href=x>a",
        "<a href=x>Ann</a> 3h ago",
        "<time datetime=2026-11-01>",
        "&#x",
        "&amp;",
        "&",
        "> ",
        "> so it goes\n",
        "Ann 3h\n",
        "Ann\n3 hours ago\nso it goes\n",
        "[10:32] Ann: so it goes\n",
        "10:32\n",
        "10:32 ",
        "Ann: ",
        "Ann, Bob, Cy: so\n",
        "On 1 Nov 2026, Ann wrote:\n> so\n",
        "2026-11-01 ",
        "1 Nov 2026, ",
        "23/11/2026\n",
        "https://a.example/b?c=d#e ",
        "https://a.example/b?c=d#e\n",
        "(",
        "[",
        "[-]",
        "]",
        "\"",
        "{",
        "{\"",
        "[\"",
        ". ",
        "e.g. ",
        "—",
        ":",
        "·",
        "|",
        "@a ",
        "#1 ",
    ]);
    page.extend(numbered(&[
        "Ann # 3h\nso it goes # and on\n",
        "[10:32] Ann#: so it goes\n",
        "[10:32] Ann: so it goes on and on and on and on and on #\n",
        "<p><a href=/u/#>Ann#</a> <a href=#c#>3h ago</a></p><p>so #</p>\n",
        "line # of a text without any heading\n",
    ]));
    page.extend(with(
        "<p>",
        repeated(&[
            "so it goes < on ",
            "a<b ",
            "<",
            "so it goes\n",
            "<x",
            "&lt;",
        ]),
    ));
    page.extend(with(
        "[",
        numbered(&["{\"type\":\"message\",\"ts\":\"#\",\"text\":\"so\"},"]),
    ));
    let mut table = repeated(&[
        "a,b\n",
        "\"a\",\"b\"\n",
        "a",
        ",",
        "\"",
        "\"\"",
        ";",
        "\t",
        "|",
        "|---|\n",
        "sep=;\n",
        "\n",
        "a\"b,",
        "1,",
    ]);
    table.extend(with(
        "title,probability\n",
        numbered(&[
            "A #,40%\n",
            "A,#\n",
            "\"A, #\",0.4\n",
            "A #,30-50%\n",
            "A #\n",
            "\"#\n",
            "A #,40%,x\n",
        ]),
    ));
    table.extend(with(
        "title,claim,person,probability,date,note\n",
        numbered(&[
            "A,So #,Ann,4#%,2026-11-01,so\n",
            "A #,So,Ann #,40%,1/2/2026,#\n",
        ]),
    ));
    table.extend(with("title,Ann,Bob,Cy\n", numbered(&["A #,40,50,60\n"])));
    table.extend(with(
        "evidence,link,bears on,tags\n",
        numbered(&["So #,https://a.example/#,A (for),a # b\n", "So,,,\n"]),
    ));
    table.extend(with(
        "| title | probability |\n|---|---|\n",
        numbered(&["| A # | 40% |\n", "| A \\| # |\n", "|", "A"]),
    ));
    let board = "{\"format\":\"cruxboard\",\"version\":1,\"board\":\"01M83T4CM00001000000000001\",\"changes\":[";
    let backup = "{\"format\":\"cruxboard-boards\",\"version\":1,\"archived\":[],\"trashed\":[],\"boards\":[\n";
    let mut file = repeated(&[
        "{",
        "[",
        "{\"",
        "\"",
        "\0",
        "a",
        "a\n",
        "<",
        "[[",
        "{\"a\":1}\n",
    ]);
    file.extend(with(
        board,
        numbered(&[
            ROW,
            "#,",
            "#\n",
            "{\"id\":\"01M83T4CM00001000000000001\",\"x\":#},\n",
        ]),
    ));
    file.extend(with(board, repeated(&["[", "\"", "{\"", "\0"])));
    file.extend(with(
        backup,
        repeated(&[
            "{\"format\":\"cruxboard\",\"version\":1,",
            "{\"format\":\"cruxboard\",\n",
            "[",
            "\n{\"format\":\"cruxboard\",",
        ]),
    ));
    file.extend(with(
        "{\"format\":\"cruxboard-snapshot\",\"version\":1,\"changes\":[",
        repeated(&["{\"id\":1},", "[", "\""]),
    ));
    vec![
        Importer {
            name: "a page",
            read: read_page,
            texts: page,
        },
        Importer {
            name: "a table",
            read: read_table,
            texts: table,
        },
        Importer {
            name: "a file",
            read: read_file,
            texts: file,
        },
    ]
}

/// Returns the time that this thread has been running. On Linux, time spent in other programs is not counted;
/// elsewhere it is the elapsed time.
fn time_running(begun: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.and_then(|told| told.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| begun.elapsed(), Duration::from_nanos)
}

/// Returns the time that it takes to read a text.
fn time(read: fn(&str), text: &str) -> Duration {
    let begun = Instant::now();
    let before = time_running(begun);
    let mut runs = 0;
    loop {
        read(text);
        runs += 1;
        let taken = time_running(begun) - before;
        if taken >= MEASURED {
            return taken / runs;
        }
    }
}

#[test]
fn four_times_as_much_takes_about_four_times_as_long_in_every_importer() {
    let mut slow = Vec::new();
    for Importer { name, read, texts } in importers() {
        for (shape, make) in texts {
            let text = make(4 * BASE);
            let begun = Instant::now();
            read(&text);
            if begun.elapsed() < SHORT {
                continue;
            }
            let long = time(read, &text);
            let (short, middle) = (time(read, &make(BASE)), time(read, &make(2 * BASE)));
            let growth = long.as_secs_f64() / short.as_secs_f64();
            if growth > MOST_GROWTH {
                slow.push(format!(
                    "{name} of {shape}: {short:?}, {middle:?}, {long:?}"
                ));
            }
        }
    }
    assert!(slow.is_empty(), "not in proportion:\n{}", slow.join("\n"));
}

#[test]
fn a_megabyte_is_read_within_a_second_by_every_importer() {
    let ordinary = [
        Importer {
            name: "a page as text",
            read: read_page,
            texts: numbered(&["Ann # 3h\nso it goes # and on and on, and on\n\n"]),
        },
        Importer {
            name: "a page as HTML",
            read: read_page,
            texts: numbered(&[
                "<p><a href=/u/#>Ann#</a> <a href=#c#>3h ago</a></p><p>so it goes # </p>\n",
            ]),
        },
        Importer {
            name: "a table of credences",
            read: read_table,
            texts: with(
                "title,claim,person,probability,date,note\n",
                numbered(&["Crux #,So it is #,Ann,40%,2026-11-01,because of #\n"]),
            ),
        },
        Importer {
            name: "a table of evidence",
            read: read_table,
            texts: with(
                "evidence,link,bears on,tags\n",
                numbered(&["So #,https://a.example/#,A (for),a b\n"]),
            ),
        },
        Importer {
            name: "a board",
            read: read_file,
            texts: with(
                "{\"format\":\"cruxboard\",\"version\":1,\"board\":\"01M83T4CM00001000000000001\",\"changes\":[",
                numbered(&[ROW]),
            ),
        },
    ];
    for Importer { name, read, texts } in ordinary {
        for (_, make) in texts {
            let text = make(1_000_000);
            let taken = time(read, &text);
            assert!(taken < Duration::from_secs(1), "{name}: {taken:?}");
        }
    }
}

#[test]
fn a_reader_that_goes_over_its_text_again_and_again_is_found_out() {
    let again_and_again = |text: &str| {
        for at in 0..text.len() {
            black_box(
                text.as_bytes()[..at]
                    .iter()
                    .filter(|byte| **byte == b'a')
                    .count(),
            );
        }
    };
    let (short, long) = ("b".repeat(1_000), "b".repeat(4_000));
    let growth =
        time(again_and_again, &long).as_secs_f64() / time(again_and_again, &short).as_secs_f64();
    assert!(growth > MOST_GROWTH, "{growth}");
}
