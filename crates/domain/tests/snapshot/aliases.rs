//! The names that aliases replace, and the content of a snapshot of a part.

use std::time::Duration;

use cruxboard_domain::date::DAY;

use super::*;

/// The names in the worked example that are replaced everywhere. Those in `TITLES` are replaced only in
/// fields that hold a name.
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

/// Returns every text of a snapshot, with its field.
fn texts_of(snapshot: &Snapshot) -> Vec<(String, String)> {
    fn walk(name: &str, value: &serde_json::Value, found: &mut Vec<(String, String)>) {
        match value {
            serde_json::Value::String(text) => found.push((name.to_owned(), text.clone())),
            serde_json::Value::Array(items) => {
                items.iter().for_each(|item| walk(name, item, found))
            }
            serde_json::Value::Object(fields) => {
                for (name, value) in fields {
                    // Fields that could identify a person are withheld under aliases.
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
    let wish = SnapshotRequest {
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
    let mut expected: Vec<_> = texts_of(&plain).iter().map(renamed).collect();
    let mut found = texts_of(&taken.snapshot);
    // People come in the order of their aliases, under other ids.
    for texts in [&mut expected, &mut found] {
        texts.retain(|(_, text)| text.parse::<ChangeId>().is_err());
        texts.sort_unstable();
    }
    assert_eq!(found, expected);
    assert_eq!(
        taken.snapshot.note,
        format!(
            "{} made this for {}",
            alias("Red-teamer"),
            alias("Commenter A")
        )
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
        let wish = SnapshotRequest {
            aliases: true,
            switched: switches
                .iter()
                .map(|(name, is_on)| ((*name).to_owned(), *is_on))
                .collect(),
            ..everything()
        };
        let taken = take(&desk.board, BoardId(ChangeId::MAX), &wish, NOW);
        let board = taken.snapshot.board();
        (board.cruxes()[0].claim.clone(), taken.aliases)
    };
    let (text, aliases) = claim(&desk, &[]);
    // A person's own record also contains the name once.
    let found: BTreeSet<(&str, bool)> = aliases
        .iter()
        .map(|alias| (alias.name.as_str(), alias.is_on))
        .collect();
    let expected = [
        ("Ann", true),
        ("Bob", true),
        ("Ann Lee", true),
        ("Lee", false),
    ];
    assert_eq!(found, expected.into());
    let alias = |aliases: &[Alias], name: &str| -> String {
        let mut aliases = aliases.iter();
        aliases
            .find(|alias| alias.name == name)
            .unwrap()
            .alias
            .clone()
    };
    let (lee, bob) = (alias(&aliases, "Ann Lee"), alias(&aliases, "Bob"));
    assert_eq!(alias(&aliases, "Lee"), lee);
    assert_eq!(text, format!("{lee} will say so, and {bob}, says Lee"));
    let (text, aliases) = claim(&desk, &[("Bob", false), ("Lee", true)]);
    let lee = alias(&aliases, "Ann Lee");
    assert_eq!(text, format!("{lee} will say so, and Bob, says {lee}"));
    // A person in the trash is still named in texts.
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
    let wish = SnapshotRequest {
        aliases: true,
        ..everything()
    };
    let taken = take(&desk.board, BoardId(ChangeId::MAX), &wish, NOW);
    let board = taken.snapshot.board();
    let anna = taken.aliases.iter().find(|alias| alias.name == "Anna");
    let anna = anna.unwrap().alias.clone();
    let read: Vec<_> = board
        .all_evidence()
        .map(|evidence| (evidence.source.clone(), evidence.text.clone()))
        .collect();
    let said = format!("Survey says so, {anna} too");
    assert_eq!(
        read,
        [
            (format!("The Survey of {anna}"), said.clone()),
            ("Survey".to_owned(), said.clone()),
            (anna.clone(), said),
        ]
    );
    assert_eq!(
        board.cruxes()[0].claim,
        format!("The survey of Survey Monkey, and {anna}")
    );
}

#[test]
fn aliased_snapshots_of_one_board_have_no_key_in_common() {
    let (id, board) = example();
    let wish = |title: &str, aliases| SnapshotRequest {
        aliases,
        title: title.into(),
        cruxes: (title == "one").then(|| [board.cruxes()[0].id].into()),
        ..SnapshotRequest::default()
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
        key("all", true, NOW + Duration::from_secs(60)),
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
        let wish = SnapshotRequest {
            cruxes,
            ..everything()
        };
        let board = take(&desk.board, BoardId(ChangeId::MAX), &wish, NOW)
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
        let wish = SnapshotRequest {
            cruxes,
            ..everything()
        };
        let snapshot = take(&desk.board, BoardId(ChangeId::MAX), &wish, NOW).snapshot;
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
fn aliases_tell_neither_who_sends_nor_in_which_order_people_joined() {
    let (id, board) = example();
    let people: Vec<PersonId> = board.people().map(|person| person.id).collect();
    let by = |me: PersonId, day: u32| {
        let wish = SnapshotRequest {
            aliases: true,
            made_by: Some(me),
            ..everything()
        };
        take(&board, id, &wish, NOW + DAY * day)
    };
    let first = by(people[0], 0);
    for me in &people {
        let taken = by(*me, 0);
        assert_eq!(taken.snapshot, first.snapshot, "whoever sends it");
        assert_eq!(taken.snapshot.made_by, "");
        assert!(!taken.snapshot.reading().dated.contains("by Person"));
    }
    // The order differs from day to day, so that a number tells nothing.
    let orders: BTreeSet<String> = (0..20)
        .map(|day| {
            let taken = by(people[0], day);
            let alias = taken.aliases.iter().find(|one| one.name == "Red-teamer");
            alias.unwrap().alias.clone()
        })
        .collect();
    assert!(orders.len() > 3, "{orders:?}");
    // Every number up to the last is in use, and people come in the order of their numbers.
    let on = first.aliases.iter().filter(|alias| alias.is_on);
    let mut numbers: Vec<usize> = on
        .map(|alias| alias.alias["Person ".len()..].parse().unwrap())
        .collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>());
    let shown = first.snapshot.board();
    let shown: Vec<usize> = shown
        .people()
        .map(|person| person.name["Person ".len()..].parse().unwrap())
        .collect();
    assert!(shown.is_sorted(), "{shown:?}");
    assert!(first.snapshot.reading().dated.contains("takes no answers"));
}

#[test]
fn a_group_of_people_has_no_alias_of_a_person() {
    let mut desk = crate::desk::Desk::new();
    let crux = desk.adds_crux("It is so");
    for holder in ["2 blinded raters", "Anna Lee"] {
        desk.does(Command::RecordPosition(PositionEdit {
            crux: Some(crux),
            holder: Some(holder.into()),
            ..PositionEdit::default()
        }));
    }
    let wish = SnapshotRequest {
        aliases: true,
        ..everything()
    };
    let board = take(&desk.board, BoardId(ChangeId::MAX), &wish, NOW)
        .snapshot
        .board();
    let holders: Vec<&str> = board
        .positions_on(board.cruxes()[0].id)
        .map(|position| position.holder.as_str())
        .collect();
    assert_eq!(holders[0], "2 blinded raters");
    assert!(holders[1].starts_with("Person "), "{holders:?}");
}
