use super::*;

fn decided(heading: &str, cells: &[&str]) -> Option<Scale> {
    column_scale(heading, cells.iter().copied(), None)
        .unwrap()
        .scale
}

#[test]
fn a_scale_is_decided_for_the_whole_column() {
    use Scale::{Fraction, Percent, Ten};
    for (heading, cells, scale) in [
        ("Probability", &["35", "0.5", "100"][..], Some(Percent)),
        ("Probability", &["0.35", "1", "0"], Some(Fraction)),
        ("Probability", &["0,35", ",5"], Some(Fraction)),
        ("Probability", &["35%", "1%", "0,5 %"], Some(Percent)),
        ("Probability", &["27,5", "31"], Some(Percent)),
        // 0 and 1 alone, and whole numbers up to 10, fit several scales.
        ("Probability", &["0", "1", "1"], None),
        ("Probability", &["4", "5", "1"], None),
        ("Probability", &["7", "10", "0"], None),
        ("Probability", &["7.5", "2"], None),
        ("Probability", &["35%", "10"], Some(Percent)),
        ("Probability", &["35%", "1"], None),
        ("Probability", &["35%", "0.4"], None),
        // A heading takes precedence.
        ("Probability (%)", &["4", "5", "1"], Some(Percent)),
        ("Credence in percent", &["0.5", "1"], Some(Percent)),
        ("Credence per cent", &["1"], Some(Percent)),
        ("Forecast (scale = 0-1)", &["0", "1"], Some(Fraction)),
        ("Chance, 0–1", &["1"], Some(Fraction)),
        ("Chance (0 to 100)", &["1"], Some(Percent)),
        ("Votes 0-10", &["7"], Some(Ten)),
        ("Votes, out of 10", &["7"], Some(Ten)),
        ("Votes (/ 10)", &["7"], Some(Ten)),
        ("Votes on 3/10/2026", &["7"], None),
        ("Probability", &["1.0", "0.0"], None),
        ("Vote (1-5)", &["4"], Some(Scale::FiveMiddles)),
        ("Vote (1-7)", &["4", "50"], None),
        ("Probability by 2026-27", &["40"], Some(Percent)),
        ("Einschätzung in Prozent", &["4", "1"], Some(Percent)),
        ("Einschätzung (0 bis 100)", &["1"], Some(Percent)),
        ("Einschätzung von 0 bis 10", &["7"], Some(Ten)),
        ("Bewertung von 1 bis 5", &["4"], Some(Scale::FiveMiddles)),
        ("Punkte von 10", &["7"], Some(Ten)),
        ("Skala von 0 bis 7", &["4"], None),
        ("Antworten von 3 Personen", &["40"], Some(Percent)),
        ("Probability 11", &["40"], Some(Percent)),
    ] {
        assert_eq!(decided(heading, cells), scale, "{heading} {cells:?}");
    }
    assert_eq!(column_scale("P", ["", "x"].into_iter(), None), None);
    let chosen = column_scale("P", ["4"].into_iter(), Some(Scale::FiveEnds)).unwrap();
    assert_eq!(chosen.scale, Some(Scale::FiveEnds));
    assert!(
        chosen.sentence.ends_with("“4” is 75%."),
        "{}",
        chosen.sentence
    );
}

#[test]
fn a_column_is_asked_about_in_its_own_numbers() {
    let sentence = |cells: &[&str]| {
        column_scale("P", cells.iter().copied(), None)
            .unwrap()
            .sentence
    };
    assert_eq!(
        sentence(&["4", "5", "1"]),
        "All numbers in “P” are whole and from 1 to 5, and would be read as 1%, 4% and 5%. Choose the scale, or leave the column out, before anything is taken in."
    );
    assert!(
        sentence(&["1", "0"]).starts_with("All numbers in “P” are 0 or 1: 1 may be 1% or 100%.")
    );
    assert_eq!(
        sentence(&["31", "27,5"]),
        "“P” is read as percent, from 0 to 100, since some are above 10. “27,5” is 27.5%."
    );
}

#[test]
fn figures_are_read_as_people_write_them_and_nothing_else_is_one() {
    let percent = |text: &str| {
        let credence = Figure::read(text)?.credence(Scale::Percent)?;
        Some(credence.percent())
    };
    for (text, value) in [
        ("35", Some(35.0)),
        (" 35 % ", Some(35.0)),
        ("27,5", Some(27.5)),
        (".5", Some(0.5)),
        ("4/5", Some(80.0)),
        ("4 of 5", Some(80.0)),
        ("30-50%", Some(40.0)),
        ("30% – 50%", Some(40.0)),
        ("30 to 50", Some(40.0)),
        ("1e1", Some(10.0)),
        ("1e-7", Some(0.01)),
        ("99.999", Some(99.99)),
        ("101", None),
        ("-5", None),
        ("50-30", None),
        ("2026-09-02", None),
        ("1/0", None),
        ("likely", None),
        ("inf", None),
        ("NaN", None),
        ("e5", None),
        ("", None),
    ] {
        assert_eq!(percent(text), value, "{text:?}");
    }
    assert_eq!(
        Figure::read("1e-7").unwrap().credence(Scale::Fraction),
        Credence::from_percent(0.01)
    );
}
