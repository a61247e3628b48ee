//! Answers of readers in snapshots.

use super::*;

#[test]
fn answers_of_readers_are_withheld_from_snapshots_for_anybody() {
    let mut desk = crate::desk::Desk::new();
    let crux = desk.adds_crux("It is so");
    for (holder, answered_at) in [("Zoë Reader", Some(NOW)), ("A commenter", None)] {
        desk.does(Command::RecordPosition(PositionEdit {
            crux: Some(crux),
            holder: Some(holder.into()),
            note: Some(format!("{holder} says so")),
            credence: Some(Credence::from_percent(80.0)),
            answered_at: Some(answered_at),
            ..PositionEdit::default()
        }));
    }
    for (audience, is_there) in [(Audience::Public, false), (Audience::Internal, true)] {
        for aliases in [false, true] {
            let wish = SnapshotRequest {
                audience,
                aliases,
                ..everything()
            };
            let taken = take(&desk.board, BoardId(ChangeId::MAX), &wish, NOW);
            let bytes = bytes_of(&fold(&taken.snapshot)).unwrap();
            let forms = taken.snapshot.to_json()
                + &taken.snapshot.to_html()
                + &String::from_utf8_lossy(&bytes);
            assert!(forms.contains("says so"), "the commenter stays");
            assert_eq!(forms.contains("Zoë"), is_there && !aliases);
            let answers = taken.snapshot.board();
            let answers = answers.positions_on(answers.cruxes()[0].id).count();
            assert_eq!(answers, 1 + usize::from(is_there));
            let gaps: Vec<String> = taken.snapshot.gaps().collect();
            let says = gaps.contains(&"1 answer of a reader".to_owned());
            assert_eq!(says, !is_there, "{gaps:?}");
        }
    }
}
