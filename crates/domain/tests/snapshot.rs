//! Snapshots: what goes, what must not, and what becomes of a link that was damaged on its way.

#![allow(
    clippy::disallowed_methods,
    reason = "how long a bomb takes is what is tested"
)]

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::world::{Manners, NOW, World, steps};
use cruxboard_domain::board::Board;
use cruxboard_domain::change::{Change, Edited, Payload};
use cruxboard_domain::checksum::crc32;
use cruxboard_domain::date::{Now, Viewpoint};
use cruxboard_domain::decide::{Command, Issuer, Move, decide};
use cruxboard_domain::document::Document;
use cruxboard_domain::id::{Clock, Replica};
use cruxboard_domain::import::csv::{credences_csv, evidence_csv};
use cruxboard_domain::log::Entry;
use cruxboard_domain::minutes::{self, minutes};
use cruxboard_domain::record::*;
use cruxboard_domain::round::findings;
use cruxboard_domain::snapshot::file::{SnapshotError, SnapshotFile};
use cruxboard_domain::snapshot::link::{
    LinkError, Lock, MOST_CHARS, Parcel, bytes_of, fold, to_base64, unfold,
};
use cruxboard_domain::snapshot::{
    Audience, Depth, RedactionReason, Snapshot, Wish, adopted, take, template,
};
use cruxboard_domain::trigger_state::trigger_state;
use cruxboard_domain::{ChangeId, Credence};
use proptest::prelude::*;

/// The longest address under which the app is likely to live, with what stands before a payload.
const ADDRESS: usize = 60;

fn example() -> (ChangeId, Board) {
    let text = include_str!("../../../public/example.cruxboard.json");
    let document = Document::from_json(text).unwrap();
    (document.board, document.entries.into_iter().collect())
}

fn taken(wish: &Wish) -> Snapshot {
    let (id, board) = example();
    take(&board, id, wish, NOW).snapshot
}

fn link(snapshot: &Snapshot) -> String {
    Parcel::open(snapshot).to_text()
}

fn opened(text: &str) -> Result<Snapshot, LinkError> {
    unfold(&Parcel::from_text(text)?.content)
}

fn everything() -> Wish {
    Wish {
        depth: Depth::Everything,
        ..Wish::default()
    }
}

#[test]
fn the_worked_example_fits_in_a_chat_message_and_one_crux_in_a_shorter_one() {
    let whole = link(&taken(&Wish::default()));
    assert!(whole.len() + ADDRESS <= 4_000, "{}", whole.len());
    let (_, board) = example();
    for crux in board.cruxes() {
        let wish = Wish {
            cruxes: Some([crux.id].into()),
            ..Wish::default()
        };
        let one = link(&taken(&wish));
        assert!(
            one.len() + ADDRESS <= 1_000,
            "{}: {}",
            crux.name(),
            one.len()
        );
    }
}

/// As any program could do without knowing boards: what a link would take.
fn as_json_characters(json: &str) -> usize {
    let folded = miniz_oxide::deflate::compress_to_vec(json.as_bytes(), 10);
    to_base64(&folded).len()
}

/// As it was first listed, with its quotes and follow-ups, the whole example goes into one message.
/// What the app ships has grown since: of that the argument does.
#[test]
fn the_whole_worked_example_as_it_was_listed_fits_in_a_chat_message_with_every_detail() {
    let board = crate::listing::listed(NOW);
    let taken = take(&board, ChangeId::MAX, &everything(), NOW);
    assert!(
        !taken
            .withheld
            .iter()
            .any(|(why, _)| matches!(why, RedactionReason::Detail | RedactionReason::Inside)),
        "{:?}",
        taken.withheld
    );
    let gaps: Vec<String> = taken.snapshot.gaps().collect();
    assert_eq!(gaps[0], "3 private items");
    let whole = link(&taken.snapshot);
    let plain: serde_json::Value = serde_json::from_str(crate::listing::LISTING).unwrap();
    let plain = as_json_characters(&plain.to_string());
    assert!((5_100..5_300).contains(&plain), "{plain}");
    assert!(whole.len() + ADDRESS <= 4_000, "{}", whole.len());
    // And it is all there: what was listed and is not private.
    let json = opened(&whole).unwrap().to_json();
    for said in [
        "hand it to whoever owns that question",
        "a desire for vengeance",
        "recover the two lost",
    ] {
        assert!(json.contains(said), "{said}");
    }
}

#[test]
fn the_private_items_of_the_worked_example_are_counted_and_nowhere_to_be_found() {
    let snapshot = taken(&everything());
    let gaps: Vec<String> = snapshot.gaps().collect();
    assert_eq!(gaps[0], "3 private items");
    let forms = snapshot.to_json() + &String::from_utf8_lossy(&bytes_of(&fold(&snapshot)).unwrap());
    for private in [
        "Private evidence",
        "private evidence",
        "characteristic traits",
        "in terms of internals",
        "Unnamed",
        "Notes received privately",
        "useful notes",
        "Colleague 3",
    ] {
        assert!(!forms.contains(private), "{private}");
    }
    assert!(forms.contains("Coercive by default"));
}

#[test]
fn a_snapshot_reads_as_the_board_it_was_taken_of() {
    let (_, board) = example();
    let shown = taken(&everything()).board();
    let names = |board: &Board| -> Vec<String> {
        board
            .cruxes()
            .iter()
            .map(|crux| crux.name().into_owned())
            .collect()
    };
    assert_eq!(names(&shown), names(&board));
    for (one, other) in shown.cruxes().iter().zip(board.cruxes()) {
        let views = |board: &Board, crux| -> Vec<_> {
            let views = board.current_views(crux, NOW);
            views.iter().map(|view| view.statement.credence).collect()
        };
        assert_eq!(
            views(&shown, one.id),
            views(&board, other.id),
            "{}",
            one.name()
        );
        let triggers = |board: &Board, crux| -> Vec<String> {
            board
                .triggers_of(crux)
                .map(|trigger| trigger.headline())
                .collect()
        };
        assert_eq!(triggers(&shown, one.id), triggers(&board, other.id));
        assert_eq!(one.bearings, other.bearings);
        assert_eq!(one.separate_from.len(), other.separate_from.len());
    }
    assert_eq!(shown.all_evidence().count(), 14);
}

/// The names of the worked example that are replaced, and the three that are only so in fields that
/// hold a name.
const NAMES: [&str; 8] = [
    "Red-teamer",
    "Area lead",
    "Researcher",
    "Commenter A",
    "Commenter B",
    "Commenter C",
    "Colleague 1",
    "Colleague 2",
];
const TITLES: [&str; 2] = ["research lead", "director"];

/// Every text of a snapshot, with the field that it stands in.
fn texts_of(snapshot: &Snapshot) -> Vec<(String, String)> {
    fn walk(name: &str, value: &serde_json::Value, found: &mut Vec<(String, String)>) {
        match value {
            serde_json::Value::String(text) => found.push((name.to_owned(), text.clone())),
            serde_json::Value::Array(items) => {
                items.iter().for_each(|item| walk(name, item, found))
            }
            serde_json::Value::Object(fields) => {
                for (name, value) in fields {
                    // What would lead to a person is withheld under aliases.
                    if !["initials", "role", "url"].contains(&name.as_str()) {
                        walk(name, value, found);
                    }
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    for change in &snapshot.changes {
        walk(
            "",
            &serde_json::to_value(&change.payload).unwrap(),
            &mut found,
        );
    }
    found
}

#[test]
fn under_aliases_the_worked_example_reads_as_before_but_for_whole_names() {
    let (id, board) = example();
    let me = board.people().find(|person| person.name == "Red-teamer");
    let wish = Wish {
        aliases: true,
        made_by: me.map(|me| me.id),
        note: "Red-teamer made this for Commenter A".into(),
        ..everything()
    };
    let taken = take(&board, id, &wish, NOW);
    let alias = |name: &str| {
        let found = taken.aliases.iter().find(|alias| alias.name == name);
        found
            .unwrap_or_else(|| panic!("{name} has no alias"))
            .alias
            .clone()
    };
    let renamed = |(field, text): &(String, String)| {
        let mut text = text.clone();
        for name in NAMES {
            text = text.replace(name, &alias(name));
        }
        if field == "judge" {
            for name in TITLES {
                text = text.replace(name, &alias(name));
            }
        }
        (field.clone(), text)
    };
    let plain = take(&board, id, &everything(), NOW).snapshot;
    let expected: Vec<_> = texts_of(&plain).iter().map(renamed).collect();
    assert_eq!(texts_of(&taken.snapshot), expected);
    assert_eq!(
        taken.snapshot.note,
        format!("Person 1 made this for {}", alias("Commenter A"))
    );
    let mut on: Vec<&str> = taken
        .aliases
        .iter()
        .filter(|alias| alias.is_on)
        .map(|alias| alias.name.as_str())
        .collect();
    on.sort_unstable();
    let mut names = [&NAMES[..], &TITLES[..]].concat();
    names.sort_unstable();
    assert_eq!(on, names);
}

#[test]
fn one_replacement_can_be_switched_off_and_a_part_of_a_name_on() {
    let mut desk = crate::desk::Desk::new();
    desk.adds_crux("Ann Lee will say so, and Bob, says Lee");
    desk.does(Command::AddPerson(PersonEdit {
        name: Some("Ann Lee".into()),
        ..PersonEdit::default()
    }));
    let claim = |desk: &crate::desk::Desk, switches: &[(&str, bool)]| {
        let wish = Wish {
            aliases: true,
            switched: switches
                .iter()
                .map(|(name, is_on)| ((*name).to_owned(), *is_on))
                .collect(),
            ..everything()
        };
        let taken = take(&desk.board, ChangeId::MAX, &wish, NOW);
        let board = taken.snapshot.board();
        (board.cruxes()[0].claim.clone(), taken.aliases)
    };
    let (text, aliases) = claim(&desk, &[]);
    assert_eq!(text, "Person 3 will say so, and Person 2, says Lee");
    let found: Vec<_> = aliases
        .iter()
        .map(|alias| (alias.name.as_str(), alias.alias.as_str(), alias.is_on))
        .collect();
    // People are named once in their own record, too.
    assert_eq!(
        found,
        [
            ("Ann", "Person 1", true),
            ("Bob", "Person 2", true),
            ("Ann Lee", "Person 3", true),
            ("Lee", "Person 3", false),
        ]
    );
    let (text, _) = claim(&desk, &[("Bob", false), ("Lee", true)]);
    assert_eq!(text, "Person 3 will say so, and Bob, says Person 3");
    // Somebody in the trash is still named in texts.
    desk.does(Command::Trash(desk.person("Ann Lee").0));
    let (text, _) = claim(&desk, &[]);
    assert!(!text.contains("Ann Lee"), "{text}");
}

#[test]
fn words_of_a_source_are_no_names() {
    let mut desk = crate::desk::Desk::new();
    let crux = desk.adds_crux("The survey of Survey Monkey, and Anna");
    for source in ["The Survey of Anna", "Survey", "Anna"] {
        let filed = desk.files("Survey says so, Anna too", &[(crux, Direction::For)]);
        desk.does(Command::EditEvidence(Edited {
            of: filed,
            set: EvidenceEdit {
                source: Some(source.into()),
                ..EvidenceEdit::default()
            },
            reason: String::new(),
        }));
    }
    let wish = Wish {
        aliases: true,
        ..everything()
    };
    let board = take(&desk.board, ChangeId::MAX, &wish, NOW)
        .snapshot
        .board();
    let read: Vec<_> = board
        .all_evidence()
        .map(|evidence| (evidence.source.clone(), evidence.text.clone()))
        .collect();
    let said = "Survey says so, Person 5 too";
    assert_eq!(
        read,
        [
            ("The Survey of Person 5".to_owned(), said.to_owned()),
            ("Survey".to_owned(), said.to_owned()),
            ("Person 5".to_owned(), said.to_owned()),
        ]
    );
    assert_eq!(
        board.cruxes()[0].claim,
        "The survey of Survey Monkey, and Person 5"
    );
}

#[test]
fn aliased_snapshots_of_one_board_have_no_key_in_common() {
    let (id, board) = example();
    let wish = |title: &str, aliases| Wish {
        aliases,
        title: title.into(),
        cruxes: (title == "one").then(|| [board.cruxes()[0].id].into()),
        ..Wish::default()
    };
    let key = |title, aliases, now| {
        take(&board, id, &wish(title, aliases), now)
            .snapshot
            .board_key
    };
    assert_eq!(key("all", false, NOW), key("one", false, NOW));
    let keys = [
        key("all", false, NOW),
        key("all", true, NOW),
        key("one", true, NOW),
        key("all", true, NOW + 60_000),
    ];
    assert_eq!(BTreeSet::from(keys).len(), 4, "{keys:?}");
}

#[test]
fn a_snapshot_of_one_crux_holds_only_the_people_who_appear_in_it() {
    let mut desk = crate::desk::Desk::new();
    let (first, second) = (desk.adds_crux("First"), desk.adds_crux("Second"));
    desk.states(first, "Bob", 40.0);
    desk.states(second, "Ann", 60.0);
    desk.does(Command::AddPerson(PersonEdit {
        name: Some("Cyn".into()),
        ..PersonEdit::default()
    }));
    desk.edits_crux(
        second,
        CruxEdit {
            owner: Some(Some(desk.person("Cyn"))),
            ..CruxEdit::default()
        },
    );
    let people = |cruxes: Option<BTreeSet<CruxId>>| -> Vec<String> {
        let wish = Wish {
            cruxes,
            ..everything()
        };
        let board = take(&desk.board, ChangeId::MAX, &wish, NOW)
            .snapshot
            .board();
        board.people().map(|person| person.name.clone()).collect()
    };
    assert_eq!(people(Some([first].into())), ["Bob"]);
    assert_eq!(people(Some([second].into())), ["Ann", "Cyn"]);
    assert_eq!(people(None), ["Ann", "Bob", "Cyn"]);
}

#[test]
fn a_whole_board_counts_its_blind_rounds_among_what_is_withheld() {
    let mut desk = crate::desk::Desk::new();
    let crux = desk.adds_crux("It is so");
    for _ in 0..2 {
        desk.does(Command::OpenRound(RoundEdit {
            cruxes: Some(vec![crux]),
            ..RoundEdit::default()
        }));
    }
    let gaps = |cruxes| -> Vec<String> {
        let wish = Wish {
            cruxes,
            ..everything()
        };
        let snapshot = take(&desk.board, ChangeId::MAX, &wish, NOW).snapshot;
        let read = opened(&link(&snapshot)).unwrap();
        assert_eq!(read, snapshot);
        read.gaps().collect()
    };
    assert_eq!(gaps(None), ["2 blind rounds"]);
    assert_eq!(gaps(Some([crux].into())), Vec::<String>::new());
}

#[test]
fn a_kind_of_record_that_is_not_known_to_be_shareable_stays_at_home() {
    let (id, mut board) = example();
    board.apply_entry(
        Entry::from_json(
            r#"{"id":"01M83TZZZ00000000000000001","fact":{"vote-cast":{"secret":"w1w"}}}"#,
        )
        .unwrap(),
    );
    let taken = take(&board, id, &everything(), NOW);
    assert!(!taken.snapshot.to_json().contains("w1w"));
    assert!(
        taken
            .withheld
            .iter()
            .any(|(what, _)| *what == RedactionReason::Unknown)
    );
}

#[test]
fn links_made_by_this_format_open_for_ever() {
    let link = include_str!("golden/snapshot-1.link.txt").trim_end();
    let file = include_str!("golden/snapshot-1.cruxboard.json");
    let snapshot = opened(link).unwrap();
    assert_eq!(snapshot.to_json(), file);
    assert_eq!(
        SnapshotFile::from_json(file),
        Ok(SnapshotFile::Open(Box::new(snapshot)))
    );
}

#[test]
fn the_page_and_the_markdown_say_what_was_taken_and_what_is_not_shown() {
    let snapshot = taken(&Wish {
        note: "For the funders".into(),
        ..everything()
    });
    for form in [snapshot.to_html(), snapshot.to_markdown()] {
        for part in [
            "Keep, change or wind down",
            "Taken on 23 Nov 2026, for readers inside the organisation.",
            "For the funders",
            "3 private items",
            "Training a character in may teach a model to hide what it resists.",
            "Coercive by default",
            "first estimate",
            "Evidence against it",
            "armed",
            "spread 20 points",
        ] {
            assert!(form.contains(part), "{part}");
        }
    }
}

#[test]
fn the_page_holds_no_script_and_loads_nothing() {
    let nasty = "<script>alert(1)</script><img src=x onerror=alert(1)>\" onload=x ' </style> ]]> &lt; \u{202e}";
    let (id, mut board) = example();
    let mut clock = Clock::new(Replica::new(3, 3));
    clock.observe(board.log().last());
    let crux = board.cruxes()[0].id;
    let set = CruxEdit {
        title: Some(nasty.into()),
        claim: Some(nasty.into()),
        one_liner: Some(nasty.into()),
        ..CruxEdit::default()
    };
    let payload = Payload::CruxEdited(Box::new(Edited {
        of: crux,
        set,
        reason: String::new(),
    }));
    board.apply(Change {
        id: clock.tick(0),
        by: None,
        part_of: None,
        payload,
    });
    let evidence = board
        .evidence_on(crux)
        .next()
        .map(|evidence| evidence.id)
        .unwrap();
    for url in ["javascript:alert(1)", "https://example.org/\"><script>"] {
        let set = EvidenceEdit {
            text: Some(nasty.into()),
            url: Some(url.into()),
            ..EvidenceEdit::default()
        };
        let payload = Payload::EvidenceEdited(Box::new(Edited {
            of: evidence,
            set,
            reason: String::new(),
        }));
        board.apply(Change {
            id: clock.tick(0),
            by: None,
            part_of: None,
            payload,
        });
        let wish = Wish {
            title: nasty.into(),
            note: nasty.into(),
            ..everything()
        };
        let snapshot = take(&board, id, &wish, NOW).snapshot;
        let html = snapshot.to_html();
        let tags: BTreeSet<&str> = html
            .match_indices('<')
            .map(|(at, _)| {
                html[at + 1..]
                    .trim_start_matches('/')
                    .split([' ', '>'])
                    .next()
                    .unwrap()
            })
            .collect();
        let known = BTreeSet::from([
            "!DOCTYPE",
            "a",
            "article",
            "b",
            "blockquote",
            "body",
            "dd",
            "div",
            "dl",
            "dt",
            "h1",
            "h2",
            "h3",
            "head",
            "header",
            "html",
            "i",
            "li",
            "main",
            "meta",
            "p",
            "section",
            "style",
            "table",
            "tbody",
            "td",
            "th",
            "thead",
            "title",
            "tr",
            "ul",
        ]);
        let strange: Vec<_> = tags.difference(&known).collect();
        assert!(strange.is_empty(), "{strange:?}");
        assert!(!html.contains("href=\"javascript"), "{url}");
        for loads in ["src=", "url(", "@import", "<link", "http-equiv=\"refresh"] {
            let ours = html.replace("&lt;img src=x", "");
            assert!(!ours.contains(loads), "{loads}");
        }
        let markdown = snapshot.to_markdown();
        let tags = markdown.replace("<https://", "");
        assert!(!tags.contains('<'), "a tag is left in Markdown");
    }
}

#[test]
fn a_snapshot_becomes_a_board_of_ones_own_with_ids_of_its_own_and_dates_as_they_were() {
    let (_, board) = example();
    let snapshot = taken(&everything());
    let mut clock = Clock::new(Replica::new(5, 5));
    let mut issuer = Issuer {
        by: None,
        now: Now::utc(NOW + 86_400_000),
        clock: &mut clock,
    };
    let changes = adopted(&snapshot.changes, &mut issuer);
    assert_eq!(changes.len(), snapshot.changes.len());
    let own: Board = changes.iter().cloned().map(Entry::Known).collect();
    assert!(
        changes
            .iter()
            .all(|change| change.id.replica() == Replica::new(5, 5))
    );
    assert!(
        changes[1..]
            .iter()
            .all(|change| change.part_of == Some(changes[0].id))
    );
    assert_eq!(own.info().question, board.info().question);
    for (mine, theirs) in own.cruxes().iter().zip(board.cruxes()) {
        assert_eq!(mine.name(), theirs.name());
        let days = |board: &Board, crux| -> Vec<_> {
            board
                .statements_on(crux)
                .iter()
                .map(|s| (s.credence, s.at / 60_000))
                .collect()
        };
        assert_eq!(days(&own, mine.id), days(&board, theirs.id));
        assert_eq!(
            own.triggers_of(mine.id).count(),
            board.triggers_of(theirs.id).count()
        );
    }
}

#[test]
fn what_changed_since_a_snapshot_is_what_was_done_since() {
    let (id, mut board) = example();
    for wish in [
        Wish::default(),
        everything(),
        Wish {
            cruxes: Some([board.cruxes()[0].id].into()),
            ..Wish::default()
        },
    ] {
        let snapshot = take(&board, id, &wish, NOW).snapshot;
        assert_eq!(snapshot.since(&board, id, NOW), []);
    }
    let one = Wish {
        cruxes: Some([board.cruxes()[0].id].into()),
        ..Wish::default()
    };
    let (whole, part) = (taken(&everything()), taken(&one));
    let mut clock = Clock::new(Replica::new(3, 3));
    clock.observe(board.log().last());
    let cruxes: Vec<CruxId> = board.cruxes().iter().map(|crux| crux.id).collect();
    let person = board.people().nth(2).unwrap().id;
    let bears_on = BearsOn {
        direction: Direction::Against,
        strength: Strength::Strong,
    };
    let move_of = |crux, percent| Move {
        crux,
        person,
        credence: Credence::clamped(percent),
        reason: "r".into(),
    };
    for command in [
        Command::FileEvidence {
            evidence: EvidenceEdit {
                text: Some("A study of two families".into()),
                ..EvidenceEdit::default()
            },
            bears_on: vec![(cruxes[0], bears_on)],
            moves: vec![move_of(cruxes[0], 40.0)],
        },
        Command::FileEvidence {
            evidence: EvidenceEdit {
                text: Some("Nobody outside may know".into()),
                visibility: Some(Some(Visibility::Private)),
                ..EvidenceEdit::default()
            },
            bears_on: vec![(cruxes[1], bears_on)],
            moves: Vec::new(),
        },
        Command::Trash(cruxes[3].0),
        Command::AddCrux {
            crux: CruxEdit {
                claim: Some("Something else".into()),
                ..CruxEdit::default()
            },
            triggers: Vec::new(),
        },
    ] {
        let mut issuer = Issuer {
            by: None,
            now: Now::utc(NOW),
            clock: &mut clock,
        };
        for change in decide(&board, command, &mut issuer).unwrap() {
            board.apply(change);
        }
    }
    let differences = whole.since(&board, id, NOW);
    let said = |n: usize| (differences[n].0.as_str(), differences[n].1.join(" "));
    assert_eq!(said(0), ("Coercive by default", "All: 22%, now 29%. Researcher: 20%, now 40%. Evidence: “A study of two families”: against (new).".into()));
    assert_eq!(said(1), ("Something else", "It is new.".into()));
    assert_eq!(
        said(2),
        (
            "A non-coercive route exists",
            "It is no longer there.".into()
        )
    );
    assert_eq!(
        differences.len(),
        3,
        "what is private is no difference: {differences:?}"
    );
    assert_eq!(part.since(&board, id, NOW), differences[..1]);
}

#[test]
fn a_template_has_the_questions_of_a_board_and_nobodys_answers() {
    let (_, board) = example();
    let new: Board = template(&board, NOW)
        .into_iter()
        .map(Entry::Known)
        .collect();
    assert_eq!(new.info().question, board.info().question);
    assert_eq!(new.cruxes().len(), 9);
    assert_eq!(new.triggers().count(), 36);
    assert_eq!(new.people().count(), 3);
    assert_eq!(new.terms().count(), 3);
    assert_eq!(new.all_evidence().count(), 0);
    assert_eq!(new.follow_ups().count(), 0);
    assert!(
        new.cruxes()
            .iter()
            .all(|crux| new.statements_on(crux.id).is_empty())
    );
}

/// Twenty links of every size and sort.
fn twenty_links() -> Vec<String> {
    let (_, board) = example();
    let ids: Vec<CruxId> = board.cruxes().iter().map(|crux| crux.id).collect();
    let wish = |n: usize| Wish {
        cruxes: (n > 1).then(|| ids[n % 9..=n % 9].iter().copied().collect()),
        audience: Audience::ALL[n % 2],
        depth: if n.is_multiple_of(5) {
            Depth::Everything
        } else {
            Depth::Argument
        },
        aliases: n.is_multiple_of(3),
        title: "t".repeat(n),
        ..Wish::default()
    };
    (0..20).map(|n| link(&taken(&wish(n)))).collect()
}

#[test]
fn a_link_cut_at_any_character_says_so_and_how_much_arrived() {
    for text in twenty_links() {
        for there in 0..text.len() {
            match Parcel::from_text(&text[..there]) {
                Err(LinkError::CutOff { there: said, whole }) => {
                    assert_eq!((said, whole), (there, text.len()));
                }
                Err(LinkError::AllCutOff) => assert!(there < 4),
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
                // The last letter may hold bits that are in no byte.
                if at + 1 == text.len() && opened(&altered).is_ok() {
                    continue;
                }
                let problem = opened(&altered).unwrap_err();
                assert!(
                    !matches!(problem, LinkError::Impossible | LinkError::TooLong),
                    "{at} as {other:?}: {problem:?}"
                );
                let is_heading = at < 5;
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
    // One whose version alone was altered on its way is not called newer.
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
            content: vec![1, 2, 3],
        };
        assert_eq!(Parcel::from_text(&parcel.to_text()), Ok(parcel.clone()));
        assert_eq!(
            SnapshotFile::from_json(&SnapshotFile::sealed(&parcel)),
            Ok(SnapshotFile::Sealed(parcel))
        );
    }
}

/// A parcel whose checksum is right, whatever is in it.
fn forged(content: Vec<u8>) -> String {
    Parcel {
        lock: Lock::Open,
        content,
    }
    .to_text()
}

fn number(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// Content that claims these numbers and texts.
fn content(numbers: &[u8], texts: &[u8]) -> Vec<u8> {
    let squeezed = |bytes: &[u8]| miniz_oxide::deflate::compress_to_vec(bytes, 9);
    [
        number(numbers.len() as u64),
        number(texts.len() as u64),
        squeezed(numbers),
        squeezed(texts),
    ]
    .concat()
}

#[test]
fn a_bomb_goes_out_at_once() {
    let mut million_cruxes = number(NOW / 60_000);
    million_cruxes.extend([1, 0, 0, 0]);
    million_cruxes.extend(number(1_000_000));
    million_cruxes.resize(900_000, 0);
    let mut repeated = number(NOW / 60_000);
    repeated.extend([0; 11]);
    repeated.extend([0; 2]);
    // One review, no head but a note that is named again and again.
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

/// Ways in which files come to harm, and what is to be said of each; by how far into the file.
type Harm = (
    &'static str,
    fn(&str, usize) -> String,
    &'static [&'static str],
);

const CUT: &[&str] = &["damaged", "cut off", "no snapshot"];

/// Each at 24 places: more than two hundred files of every kind.
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

/// Each place once, at the beginning of a letter.
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
                // What came into a text is text, and nothing tells it from what was meant.
                Ok(SnapshotFile::Open(read)) => {
                    assert!(
                        matches!(
                            *harm,
                            "a bracket put in"
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
    let whole = include_str!("../../../public/example.cruxboard.json");
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
                    // One row at most reads otherwise than it was written: the damaged one.
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

fn cases() -> ProptestConfig {
    ProptestConfig {
        cases: if std::env::var_os("CRUXBOARD_LONG").is_some() {
            20_000
        } else {
            400
        },
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Makes evidence private, internal, or an answer to other evidence, at random.
fn hide_some(board: &mut Board, seed: u64) {
    let mut clock = Clock::new(Replica::new(77, 7));
    clock.observe(board.log().last());
    let ids: Vec<EvidenceId> = board.all_evidence().map(|evidence| evidence.id).collect();
    for (n, id) in ids.iter().enumerate() {
        let dice = seed.rotate_left(n as u32 * 7) as usize;
        let set = EvidenceEdit {
            visibility: (dice & 1 > 0).then_some(Some(Visibility::ALL[dice / 2 % 3])),
            answers: (dice & 8 > 0).then_some(Some(ids[dice / 16 % ids.len()])),
            same_origin_as: (dice & 64 > 0).then(|| vec![ids[dice / 128 % ids.len()]]),
            source: Some(format!("w9{n}999w")),
            ..EvidenceEdit::default()
        };
        let payload = Payload::EvidenceEdited(Box::new(Edited {
            of: *id,
            set,
            reason: "w88888w".into(),
        }));
        board.apply(Change {
            id: clock.tick(0),
            by: None,
            part_of: None,
            payload,
        });
        let follow_up = FollowUpEdit {
            what: Some(format!("w7{n}777w")),
            evidence: Some(Some(*id)),
            ..FollowUpEdit::default()
        };
        let payload = Payload::FollowUpAdded(Box::new(follow_up));
        board.apply(Change {
            id: clock.tick(0),
            by: None,
            part_of: None,
            payload,
        });
    }
}

/// The words planted in a text: a `w`, digits, a `w`.
fn planted(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices('w') {
        let digits = text[at + 1..]
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count();
        let end = at + 1 + digits;
        if digits > 0 && text[end..].starts_with('w') {
            found.insert(text[at..=end].to_owned());
        }
    }
    found
}

/// Which planted words may be seen: said once more, field by field, and not by the table.
fn may_be_seen(board: &Board, audience: Audience) -> BTreeSet<String> {
    let mut texts: Vec<String> = Vec::new();
    let info = board.info();
    texts.extend([
        info.question.clone(),
        info.notice.clone(),
        info.about.clone(),
    ]);
    texts.extend(
        board
            .options()
            .flat_map(|o| [o.name.clone(), o.means.clone()]),
    );
    texts.extend(
        board
            .people()
            .flat_map(|p| [p.name.clone(), p.role.clone(), p.initials.clone()]),
    );
    texts.extend(
        board
            .terms()
            .flat_map(|t| [t.term.clone(), t.meaning.clone(), t.source.clone()]),
    );
    let shows = |e: &Evidence| match e.visibility() {
        Visibility::Public => true,
        Visibility::Internal => audience == Audience::Internal,
        Visibility::Private => false,
    };
    let mut seen: BTreeSet<EvidenceId> = board
        .all_evidence()
        .filter(|e| shows(e))
        .map(|e| e.id)
        .collect();
    loop {
        let before = seen.len();
        let now = seen.clone();
        seen.retain(|id| {
            board
                .evidence(*id)
                .unwrap()
                .answers
                .is_none_or(|of| now.contains(&of))
        });
        if seen.len() == before {
            break;
        }
    }
    for id in &seen {
        let e = board.evidence(*id).unwrap();
        texts.extend([e.text.clone(), e.quote.clone(), e.source.clone()]);
    }
    let all_seen = |ids: &[EvidenceId]| ids.iter().all(|id| seen.contains(id));
    for crux in board.cruxes() {
        texts.extend([
            crux.title.clone(),
            crux.claim.clone(),
            crux.stage_reason.clone(),
        ]);
        texts.extend(crux.tags.clone());
        for trigger in board.triggers_of(crux.id) {
            texts.extend([trigger.observable.clone(), trigger.threshold.clone()]);
            let judgements = trigger.judgements.iter().filter(|j| all_seen(&j.evidence));
            texts.extend(judgements.map(|j| j.reason.clone()));
        }
        let statements = board.statements_on(crux.id);
        texts.extend(
            statements
                .iter()
                .filter(|s| all_seen(&s.evidence))
                .map(|s| s.reason.clone()),
        );
        texts.extend(
            board
                .positions_on(crux.id)
                .flat_map(|p| [p.holder.clone(), p.note.clone()]),
        );
    }
    if audience == Audience::Internal {
        for f in board.follow_ups() {
            let is_on_trash = f
                .crux
                .is_some_and(|c| board.crux(c).is_none_or(|c| c.trashed.is_some()));
            if !is_on_trash && f.evidence.is_none_or(|e| seen.contains(&e)) {
                texts.extend([f.what.clone(), f.outcome.clone()]);
            }
        }
    }
    texts.iter().flat_map(|text| planted(text)).collect()
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn nothing_that_may_not_be_seen_is_in_any_form(
        steps in steps(Manners::Hostile), seed: u64, is_public: bool,
    ) {
        let mut board = World::play(&steps).all();
        hide_some(&mut board, seed);
        let audience = if is_public { Audience::Public } else { Audience::Internal };
        let wish = Wish { audience, ..everything() };
        let snapshot = take(&board, ChangeId::MAX, &wish, NOW).snapshot;
        let folded = fold(&snapshot);
        let text = Parcel::open(&snapshot).to_text();
        let raw = String::from_utf8_lossy(&bytes_of(&folded).unwrap()).into_owned();
        let mut found = planted(&format!("{raw} {}", snapshot.to_json()));
        found.extend(planted(&snapshot.to_html()));
        found.extend(planted(&snapshot.to_markdown()));
        found.extend(planted(&snapshot.to_card()));
        found.extend(planted(&snapshot.to_embed("")));
        found.extend(planted(&snapshot.to_snippet("")));
        // In letters and bytes that stand for others a short word is found by chance.
        let shut = planted(&format!("{text} {}", String::from_utf8_lossy(&folded)));
        found.extend(shut.into_iter().filter(|word| word.len() > 5));
        // Tables for others are tables of the snapshot.
        found.extend(planted(&credences_csv(&snapshot.board())));
        found.extend(planted(&evidence_csv(&snapshot.board())));
        let may = may_be_seen(&board, audience);
        let leaked: Vec<_> = found.difference(&may).collect();
        prop_assert!(leaked.is_empty(), "{leaked:?}");
        // And what may be seen is there, so that the test would notice a snapshot that holds nothing.
        let lacking: Vec<_> = may.difference(&found).collect();
        prop_assert!(lacking.is_empty(), "{lacking:?}");
        // No id says which device made what, or when to the second.
        for change in &snapshot.changes {
            prop_assert_eq!(change.id.replica(), Replica::default());
            prop_assert_eq!(change.id.millis() % 60_000, 0);
        }
        for id in board.log().entries().map(Entry::id).filter(|id| id.replica() != Replica::default()) {
            prop_assert!(!snapshot.to_json().contains(&id.to_string()));
        }
    }

    #[test]
    fn nothing_that_may_not_be_seen_is_in_public_minutes(steps in steps(Manners::Hostile), seed: u64) {
        let mut board = World::play(&steps).all();
        hide_some(&mut board, seed);
        let mut may = may_be_seen(&board, Audience::Public);
        // What a review has let out by its own rules: notes so marked, and its decisions.
        for decision in board.decisions() {
            let voices = decision.voices.iter().map(|voice| voice.reason.as_str());
            let texts = [decision.why.as_str(), decision.reversal.as_str()];
            may.extend(texts.into_iter().chain(voices).flat_map(planted));
        }
        for round in board.rounds() {
            // An answer stands in its round as it was given.
            for answer in round.revealed.iter().flat_map(|revealed| &revealed.answers) {
                may.extend(planted(&answer.reason));
            }
            for finding in findings(&board, round) {
                may.extend(finding.answers.iter().flat_map(|(.., answer)| planted(&answer.reason)));
            }
        }
        for review in board.reviews() {
            let mut may = may.clone();
            if review.note_is_public {
                may.extend(planted(&review.note));
            }
            let public = review.notes.values().filter(|note| note.is_public);
            may.extend(public.flat_map(|note| planted(&note.text)));
            let now = Now::utc(NOW);
            let text = minutes(&board, review, minutes::Audience::Public, now);
            // The names of people are on the minutes, also of those who have left.
            let people = board.log().changes().filter_map(|change| match &change.payload {
                Payload::PersonAdded(person) => person.name.clone(),
                Payload::PersonEdited(edited) => edited.set.name.clone(),
                _ => None,
            });
            may.extend(people.flat_map(|name| planted(&name)));
            let found = planted(&text);
            let leaked: Vec<_> = found.difference(&may).collect();
            prop_assert!(leaked.is_empty(), "{leaked:?} in {text}");
        }
    }

    #[test]
    fn a_snapshot_comes_out_of_a_link_and_of_a_file_as_it_went_in(
        steps in steps(Manners::Hostile), seed: u64, dice: u8,
    ) {
        let mut board = World::play(&steps).all();
        hide_some(&mut board, seed);
        let wish = Wish {
            cruxes: (dice & 1 > 0).then(|| board.cruxes().iter().take(2).map(|crux| crux.id).collect()),
            audience: Audience::ALL[usize::from(dice / 2 % 2)],
            depth: Depth::ALL[usize::from(dice / 4 % 2)],
            aliases: dice & 8 > 0,
            switched: std::collections::BTreeMap::new(),
            title: "w\0“ä”".repeat(usize::from(dice % 3)),
            note: "🙂\n".into(),
            made_by: board.people().next().map(|person| person.id),
            with_stale: dice & 16 == 0,
        };
        let snapshot = take(&board, ChangeId::MAX, &wish, NOW).snapshot;
        let viewpoint = Viewpoint { now: Now::utc(NOW), with_stale: wish.with_stale };
        let cruxes = board.cruxes().into_iter().filter(|crux| {
            wish.cruxes.as_ref().is_none_or(|wanted| wanted.contains(&crux.id))
        });
        let states: Vec<_> = cruxes
            .flat_map(|crux| board.triggers_of(crux.id))
            .map(|trigger| trigger_state(&board, trigger, viewpoint))
            .collect();
        let reading = snapshot.reading();
        let shown = reading.cruxes.iter().flat_map(|crux| &crux.triggers);
        prop_assert_eq!(shown.map(|trigger| trigger.state).collect::<Vec<_>>(), states);
        let linked = unfold(&fold(&snapshot));
        prop_assert_eq!(linked.as_ref(), Ok(&snapshot));
        prop_assert_eq!(SnapshotFile::from_json(&snapshot.to_json()), Ok(SnapshotFile::Open(Box::new(snapshot.clone()))));
        prop_assert_eq!(snapshot.board().cruxes().len(), wish.cruxes.map_or(board.cruxes().len(), |wanted| wanted.len()));
        // What is taken of the same board twice is the same.
        prop_assert_eq!(snapshot.board(), linked.unwrap().board());
    }

    #[test]
    fn whatever_a_link_claims_reading_it_neither_panics_nor_takes_long(
        mut numbers in prop::collection::vec(any::<u8>(), 0..300),
        texts in prop::collection::vec(any::<u8>(), 0..100),
        is_well_begun: bool,
    ) {
        if is_well_begun {
            numbers.splice(0..0, number(NOW / 60_000).into_iter().chain([1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
        }
        let begun = Instant::now();
        drop(opened(&forged(content(&numbers, &texts))));
        drop(unfold(&numbers));
        drop(Parcel::from_text(&to_base64(&numbers)));
        drop(Parcel::from_text(&String::from_utf8_lossy(&texts)));
        drop(SnapshotFile::from_json(&String::from_utf8_lossy(&texts)));
        prop_assert!(begun.elapsed() < Duration::from_millis(200));
    }

    #[test]
    fn a_snapshot_with_bytes_altered_behind_a_right_checksum_is_refused_or_read(at in 0_usize..2_000, byte: u8) {
        let mut folded = fold(&taken(&Wish::default()));
        let at = at % folded.len();
        folded[at] = byte;
        if let Ok(snapshot) = unfold(&folded) {
            drop(snapshot.board());
        }
    }
}
