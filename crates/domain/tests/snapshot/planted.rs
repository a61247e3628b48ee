//! Texts planted in random boards, and looked for in every form.

use std::time::Duration;

use super::*;
use cruxboard_domain::Millis;

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

/// Makes random evidence private, internal, or an answer to other evidence.
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
            id: clock.tick(Millis(0)),
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
            id: clock.tick(Millis(0)),
            by: None,
            part_of: None,
            payload,
        });
    }
}

/// Returns the words planted in a text: a `w`, digits, a `w`.
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

/// Returns the planted words that the audience may see. The rules are repeated here field by field, without
/// using the table in the code.
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
    let cruxes = board.cruxes();
    let has_credences = cruxes
        .iter()
        .any(|crux| !board.statements_on(crux.id).is_empty());
    if has_credences || audience == Audience::Internal {
        for option in board.options() {
            let said = board.current_option_credences(option.id).into_values();
            let said = said.filter(|said| {
                let is_there = |id| cruxes.iter().any(|crux| crux.id == id);
                said.if_true.is_none_or(is_there) && all_seen(&said.evidence)
            });
            texts.extend(said.map(|said| said.reason.clone()));
        }
    }
    if let Some(decision) = board.standing_decision() {
        texts.extend([decision.why.clone(), decision.reversal.clone()]);
        if audience == Audience::Internal {
            let voices = decision.voices.iter();
            let voices = voices.filter(|voice| board.people().any(|one| one.id == voice.person));
            texts.extend(voices.map(|voice| voice.reason.clone()));
        }
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

/// Returns the words in the names of options that decisions chose: a decision names its option, even if that
/// was removed or renamed later.
fn names_of_chosen_options(board: &Board) -> BTreeSet<String> {
    let options = board.decisions();
    let options = options.filter_map(|decision| board.option(decision.option?));
    options.flat_map(|option| planted(&option.name)).collect()
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
        let wish = SnapshotRequest { audience, ..everything() };
        let snapshot = take(&board, BoardId(ChangeId::MAX), &wish, NOW).snapshot;
        let folded = fold(&snapshot);
        let text = Parcel::open(&snapshot).to_text();
        let raw = String::from_utf8_lossy(&bytes_of(&folded).unwrap()).into_owned();
        let mut found = planted(&format!("{raw} {}", snapshot.to_json()));
        found.extend(planted(&snapshot.to_html()));
        found.extend(planted(&snapshot.to_markdown()));
        found.extend(planted(&snapshot.to_card()));
        found.extend(planted(&snapshot.to_embed("")));
        found.extend(planted(&snapshot.to_snippet("")));
        // In encoded letters and bytes, a short word can occur by chance.
        let bytes = [folded.base, folded.extension].concat();
        let shut = planted(&format!("{text} {}", String::from_utf8_lossy(&bytes)));
        found.extend(shut.into_iter().filter(|word| word.len() > 5));
        // Tables for other people are made from the snapshot.
        found.extend(planted(&credences_csv(&snapshot.board())));
        found.extend(planted(&evidence_csv(&snapshot.board())));
        let may = may_be_seen(&board, audience);
        let leaked: Vec<_> = found.difference(&may).collect();
        prop_assert!(leaked.is_empty(), "{leaked:?}");
        // Everything that may be seen is present; otherwise an empty snapshot would pass this test.
        let lacking: Vec<_> = may.difference(&found).collect();
        prop_assert!(lacking.is_empty(), "{lacking:?}");
        // No id shows which device made a change, or when to the second.
        for change in &snapshot.changes {
            prop_assert_eq!(change.id.replica(), Replica::default());
            prop_assert_eq!(change.id.millis().0 % 60_000, 0);
        }
        for id in board.log().entries().map(Entry::id).filter(|id| id.replica() != Replica::default()) {
            prop_assert!(!snapshot.to_json().contains(&id.to_string()));
        }
    }

    #[test]
    fn nothing_that_may_not_be_seen_is_in_the_calendar(steps in steps(Manners::Hostile), seed: u64) {
        let mut board = World::play(&steps).all();
        hide_some(&mut board, seed);
        let found = planted(&calendar(BoardId::default(), &board, Now::utc(NOW), "").replace("\r\n ", ""));
        let mut may = may_be_seen(&board, Audience::Internal);
        may.extend(names_of_chosen_options(&board));
        let leaked: Vec<_> = found.difference(&may).collect();
        prop_assert!(leaked.is_empty(), "{leaked:?} {}", calendar(BoardId::default(), &board, Now::utc(NOW), ""));
    }

    #[test]
    fn nothing_that_may_not_be_seen_is_in_public_minutes(steps in steps(Manners::Hostile), seed: u64) {
        let mut board = World::play(&steps).all();
        hide_some(&mut board, seed);
        let mut may = may_be_seen(&board, Audience::Public);
        // Texts that the rules of reviews make public: notes marked as public, and decisions.
        for decision in board.decisions() {
            let voices = decision.voices.iter().map(|voice| voice.reason.as_str());
            let texts = [decision.why.as_str(), decision.reversal.as_str()];
            may.extend(texts.into_iter().chain(voices).flat_map(planted));
        }
        may.extend(names_of_chosen_options(&board));
        for round in board.rounds() {
            // A round keeps each answer as it was given. Those in options are in no public minutes.
            let is_on_crux = |topic: Topic| topic.crux().is_some();
            let answers = round.revealed.iter().flat_map(|revealed| &revealed.answers);
            for answer in answers.filter(|answer| is_on_crux(answer.topic)) {
                may.extend(planted(&answer.reason));
            }
            let found = findings(&board, round);
            for finding in found.into_iter().filter(|finding| is_on_crux(finding.topic)) {
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
            // The minutes contain the names of people, including people who have left.
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
        let wish = SnapshotRequest {
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
        let snapshot = take(&board, BoardId(ChangeId::MAX), &wish, NOW).snapshot;
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
        // Two boards made from the same snapshot are equal.
        prop_assert_eq!(snapshot.board(), linked.unwrap().board());
    }

    #[test]
    fn whatever_a_link_claims_reading_it_neither_panics_nor_takes_long(
        mut numbers in prop::collection::vec(any::<u8>(), 0..300),
        texts in prop::collection::vec(any::<u8>(), 0..100),
        is_well_begun: bool,
    ) {
        if is_well_begun {
            numbers.splice(0..0, number(NOW.0 / 60_000).into_iter().chain([1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
        }
        let extension = Folded { extension: numbers.clone(), ..fold(&taken(&SnapshotRequest::default())) };
        let begun = Instant::now();
        drop(opened(&forged(content(&numbers, &texts))));
        drop(unfold(&numbers.clone().into()));
        drop(unfold(&extension));
        drop(Parcel::from_text(&to_base64(&numbers)));
        drop(Parcel::from_text(&String::from_utf8_lossy(&texts)));
        drop(SnapshotFile::from_json(&String::from_utf8_lossy(&texts)));
        prop_assert!(begun.elapsed() < Duration::from_millis(200));
    }

    #[test]
    fn a_snapshot_with_bytes_altered_behind_a_right_checksum_is_refused_or_read(at in 0_usize..2_000, byte: u8) {
        let mut folded = fold(&taken(&SnapshotRequest::default()));
        let at = at % folded.base.len();
        folded.base[at] = byte;
        if let Ok(snapshot) = unfold(&folded) {
            drop(snapshot.board());
        }
    }
}
