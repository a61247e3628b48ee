use super::*;

#[test]
fn days_and_moments_are_read_as_people_and_programs_write_them() {
    for (text, millis) in [
        ("1970-01-01", Some(0)),
        ("1970-01-02T01:02:03Z", Some(90_123_000)),
        ("1970-01-02 01:02", Some(90_120_000)),
        ("1970-01-02T03:02:03.456+02:00", Some(90_123_000)),
        ("1970-01-01T23:02:03-0200", Some(90_123_000)),
        ("1970/1/2", Some(86_400_000)),
        ("1970/1/2 1:2:3", Some(90_123_000)),
        ("2.1.1970", Some(86_400_000)),
        ("19700102", Some(86_400_000)),
        ("2 Jan 1970", Some(86_400_000)),
        ("2nd January 1970", Some(86_400_000)),
        ("Jan 2, 1970", Some(86_400_000)),
        ("January 2, 1970, 1:02:03 AM", Some(90_123_000)),
        ("Fri, 2 Jan 1970 01:02:03 GMT", Some(90_123_000)),
        ("2-Jan-1970", Some(86_400_000)),
        ("2. Jan. 1970", Some(86_400_000)),
        ("1. März 1970", Some(5_097_600_000)),
        ("Fr., 2. Jan. 1970", Some(86_400_000)),
        ("Freitag, 2. Januar 1970", Some(86_400_000)),
        ("Sonntag, den 1. März 1970", None),
        ("2.1.1970 01:02 Uhr", Some(90_120_000)),
        ("2.1.1970, um 1 Uhr", Some(90_000_000)),
        ("2.1.1970 1", None),
        ("2/1/1970", None),
        ("1969-12-31", None),
        ("yesterday", None),
        ("2026-13-01", None),
        ("2026-09-02 in the morning", None),
        ("2026-09-02 25:00", None),
        ("0026-09-02", None),
        ("46000", None),
        ("", None),
    ] {
        assert_eq!(
            read(text, None).ok().map(|moment| moment.at),
            millis.map(Millis),
            "{text}"
        );
    }
}

#[test]
fn one_date_that_tells_gives_the_order_of_the_column() {
    use DayOrder::{DayFirst, MonthFirst};
    for (cells, order) in [
        (&["3/4/2026", "31/4/2026"][..], Some(DayFirst)),
        (&["3/4/2026", "4/31/2026 10:00"], Some(MonthFirst)),
        (&["3/4/2026", "4/4/2026"], None),
        (&["31/1/2026", "1/31/2026"], None),
        (&["31.1.2026"], None),
    ] {
        assert_eq!(shown_order(cells.iter().copied()), order, "{cells:?}");
    }
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    assert_eq!(
        read("3/4/2026", None),
        Err(MomentError::TwoWays(day("2026-04-03"), day("2026-03-04")))
    );
    let by = |order| read("3/4/2026", Some(order)).unwrap().day;
    assert_eq!(by(DayFirst), Some(day("2026-04-03")));
    assert_eq!(by(MonthFirst), Some(day("2026-03-04")));
    assert_eq!(read("4/4/2026", None).unwrap().day, Some(day("2026-04-04")));
}

#[test]
fn a_day_that_has_begun_for_the_reader_is_not_in_the_future() {
    // 20:00 UTC on 1 September is the morning of 2 September in Auckland.
    let at = Millis(1_788_220_800_000 + 20 * 3_600_000);
    let here = Now {
        millis: at,
        offset_minutes: 720,
        ..Now::default()
    };
    assert_eq!(here.today().to_string(), "2026-09-02");
    assert_eq!(moment("2026-09-02", None, here).unwrap().at, at);
    assert_eq!(
        moment("2026-09-02", None, Now::utc(at)),
        Err(MomentError::Future)
    );
    assert_eq!(moment("2026-09-03", None, here), Err(MomentError::Future));
    assert_eq!(
        moment("2026-09-01T20:00:01Z", None, here),
        Err(MomentError::Future)
    );
}
