use super::*;

#[test]
fn dates_are_found_as_discussions_write_them() {
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    for (line, expected, text) in [
        ("Ann 2026-11-01", "2026-11-01", "2026-11-01"),
        (
            "Ann 1 November 2026 at 10:32",
            "2026-11-01",
            "1 November 2026 at 10:32",
        ),
        (
            "Ann · Nov 1, 2026, 9:05 PM",
            "2026-11-01",
            "Nov 1, 2026, 9:05 PM",
        ),
        ("23rd Nov 2025", "2025-11-23", "23rd Nov 2025"),
        ("Nov 30", "2025-11-30", "Nov 30"),
        ("May 2025", "2025-05", "May 2025"),
        ("Ann 3mo", "2026-08", "3mo"),
        ("Ann 3 months ago", "2026-08", "3 months ago"),
        ("2y", "2024", "2y"),
        ("5d ago", "2026-11-18", "5d ago"),
        ("an hour ago", "2026-11-23", "an hour ago"),
        (
            "Yesterday at 10:32 AM",
            "2026-11-22",
            "Yesterday at 10:32 AM",
        ),
        ("23/11/2026, 10:32", "2026-11-23", "23/11/2026, 10:32"),
        ("11/23/26", "2026-11-23", "11/23/26"),
        ("04/05/2026", "2026", "04/05/2026"),
        (
            "Tue, 3 Nov 2026 10:00:00 +0100",
            "2026-11-03",
            "Tue, 3 Nov 2026 10:00:00 +0100",
        ),
        ("[10:32] Ann", "unknown", "10:32"),
        ("Ann · vor 3 Monaten", "2026-08", "vor 3 Monaten"),
        ("Ann, vor einer Stunde", "2026-11-23", "vor einer Stunde"),
        ("vor 2 Std.", "2026-11-23", "vor 2 Std"),
        ("vor 5 Tagen", "2026-11-18", "vor 5 Tagen"),
        ("gestern um 10:32 Uhr", "2026-11-22", "gestern um 10:32 Uhr"),
        ("gerade eben", "2026-11-23", "gerade eben"),
        (
            "Am Di., 3. Nov. 2026 um 10:00 Uhr schrieb Ann",
            "2026-11-03",
            "Am Di., 3. Nov. 2026 um 10:00 Uhr",
        ),
        (
            "Freitag, 13. März 2026, 9:05",
            "2026-03-13",
            "Freitag, 13. März 2026, 9:05",
        ),
    ] {
        let found = find(line, today, DayOrder::Unknown).expect(line);
        assert_eq!(found.date.to_string(), expected, "{line}");
        assert_eq!(&line[found.start..found.end], text, "{line}");
    }
    for line in [
        "may I say so",
        "in march we did",
        "version 2.0.1",
        "2019 was long ago",
        "1/2",
        "",
        "we ate 3 dogs",
        "2026-13-45",
        "in 40 m2",
        "vor allem Ann",
        "vor 3 Leuten",
    ] {
        assert_eq!(find(line, today, DayOrder::Unknown), None, "{line}");
    }
}

#[test]
fn one_day_that_tells_gives_the_order_of_all() {
    assert_eq!(
        day_order(["04/05/2026", "[13/05/2026]"].into_iter()),
        DayOrder::DayFirst
    );
    assert_eq!(day_order(["04/13/2026"].into_iter()), DayOrder::MonthFirst);
    assert_eq!(day_order(["04/05/2026"].into_iter()), DayOrder::Unknown);
    assert_eq!(day_order(["04.05.2026"].into_iter()), DayOrder::DayFirst);
}
