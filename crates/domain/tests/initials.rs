//! Initials by which the people of a board are told apart.

use crate::desk::Desk;
use cruxboard_domain::decide::Command;
use cruxboard_domain::record::PersonEdit;

#[test]
fn people_with_equal_initials_get_more_letters_or_a_number() {
    // A chosen abbreviation follows the name after a colon.
    for (people, expected) in [
        (&["Ann Lee", "Bo Berg"][..], &["AL", "BB"][..]),
        (&["Ann Lee", "Al Lund"], &["ALe", "ALu"]),
        (&["Ann Lee", "Al Lund", "Bo Berg"], &["ALe", "ALu", "BB"]),
        (&["Ann Lee", "Alice Lee"], &["AnL", "AlL"]),
        (&["Robert", "Researcher"], &["Ro", "Re"]),
        (&["Rob", "Robert"], &["R1", "R2"]),
        (&["Robert", "Rosa"], &["Rob", "Ros"]),
        (&["Robert", "Researcher", "Rex:Re"], &["Rob", "Res", "Re"]),
        (&["Ann Lee", "Al Lee", "Amy Lee"], &["AnL", "AlL", "AmL"]),
        (&["Ann Lee", "An Lee", "A Lee"], &["AL1", "AL2", "AL3"]),
        (&["Area lead:AL", "Al Lund:AL"], &["ALe", "ALu"]),
        (&["élodie Durand", "Éric Dupont"], &["ÉlD", "ÉrD"]),
        (&["🙂", "🙃"], &["?1", "?2"]),
        (&["Jean-Luc", "Jan Lund"], &["JeL", "JaL"]),
    ] {
        let mut desk = Desk::new();
        let before = desk.board.people().count();
        for person in people {
            let (name, initials) = person.split_once(':').unwrap_or((person, ""));
            desk.does(Command::AddPerson(PersonEdit {
                name: Some(name.into()),
                initials: Some(initials.into()),
                ..PersonEdit::default()
            }));
        }
        let ids: Vec<_> = desk
            .board
            .people()
            .skip(before)
            .map(|person| person.id)
            .collect();
        let initials: Vec<String> = ids.iter().map(|id| desk.board.initials(*id)).collect();
        assert_eq!(initials, expected, "{people:?}");
    }
}
