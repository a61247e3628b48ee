use super::*;
use cruxboard_domain::ChangeId;
use cruxboard_domain::record::{
    CruxId, Direction, EvidenceId, OptionId, ReviewId, RoundId, TriggerId,
};
use cruxboard_domain::view::Facet;

#[test]
fn the_first_screen_is_told_by_its_address_before_any_other_is_read() {
    for fragment in ["", "#", "#/", "#//", "#/?", "#/?sort=due", "#?a=/b"] {
        assert!(is_start(fragment), "{fragment}");
        assert_eq!(Route::parse(fragment), Route::Start, "{fragment}");
    }
    let board = "#/01KASQ2Y3G0000000000000000";
    for fragment in [
        board,
        TO_JOIN,
        TO_BACKUPS,
        TO_NEW_BOARD,
        "#/nowhere",
        "#nowhere",
        "#/s/",
        "#/h/",
    ] {
        assert!(!is_start(fragment), "{fragment}");
        assert_ne!(Route::parse(fragment), Route::Start, "{fragment}");
    }
    assert_eq!(Route::parse(TO_JOIN), Route::Join(Invitation::default()));
    assert_eq!(Route::parse(TO_BACKUPS), Route::Backups);
    let first = Route::NewBoard(NewBoardStep::Question);
    assert_eq!(Route::parse(TO_NEW_BOARD), first);
    for step in NewBoardStep::ALL {
        let route = Route::NewBoard(step);
        assert_eq!(Route::parse(&route.href()), route);
    }
    assert_eq!(Route::parse("#/new/nothing"), Route::Unknown);
}

#[test]
fn a_text_from_elsewhere_arrives_as_it_was() {
    let board: BoardId = "01KASQ2Y3G0000000000000000".parse().unwrap();
    let clipping = Clipping {
        title: "50% & more?".into(),
        text: "a+b = c\n#2 ä".into(),
        quote: "“No”".into(),
        url: "https://x.test/a?b=c&d#e".into(),
    };
    let crux = Some(CruxId(board.0));
    for route in [
        Route::Save(clipping.clone()),
        Route::Save(Clipping::default()),
        Route::Board(board, Screen::NewEvidenceFrom(None, clipping.clone())),
        Route::Board(board, Screen::NewEvidenceFrom(crux, clipping)),
    ] {
        assert_eq!(Route::parse(&route.href()), route);
    }
}

#[test]
fn a_link_that_was_changed_on_its_way_leads_where_it_led() {
    let snapshot = Route::Snapshot("wQ-x_y/k-_9".into());
    let hosted = Route::Hosted(HostedLink {
        at: "https://example.org/a-b".into(),
        id: "aB-_9".into(),
        key: "k-_9".into(),
    });
    let join = Route::Join(Invitation {
        address: "https://example.org/boards/x-y_z?a=b&c".into(),
        header: AUTHORIZATION.into(),
        value: format!("{BEARER}t-o_k.e+n&"),
        guest: "Zoë O’Neil & Co.”".into(),
    });
    let board: BoardId = "01KASQ2Y3G0000000000000000".parse().unwrap();
    let crux = Route::Board(board, Screen::Crux(CruxId(board.0)));
    let escaped = |text: &str, escapes: &str| -> String {
        let escape = |letter: char| match escapes.contains(letter) {
            true => format!("%{:02X}", u32::from(letter)),
            false => letter.to_string(),
        };
        text.chars().map(escape).collect()
    };
    for route in [snapshot, hosted, join, crux] {
        let link = route.href();
        let fragment = link.trim_start_matches('#');
        let once = escaped(fragment, "/-_.");
        let whole = escaped(fragment, "/-_.?=&%:+#");
        for changed in [
            format!("#%23{fragment}"),
            format!("##{fragment}"),
            format!("#{once}"),
            format!("#{}", escaped(&once, "%")),
            format!("#{whole}"),
            format!("#{}", escaped(&whole, "%")),
            format!("#%2523{}", escaped(&whole, "%")),
            format!("{link}."),
            format!("{link})."),
            format!("{link}>"),
            format!("{link}%3E"),
            format!("{link}”,"),
            format!("{link}%E2%80%9D"),
        ] {
            assert_eq!(Route::parse(&changed), route, "{changed}");
        }
    }
    assert_eq!(
        Route::parse("#/s/wQ-x_y?fbclid=1#"),
        Route::Snapshot("wQ-x_y".into()),
    );
    // A search may contain any text.
    let filter = Filter {
        search: "why?".into(),
        ..Filter::default()
    };
    let search = Route::Board(board, Screen::Cruxes(filter, Sort::Own));
    assert_eq!(Route::parse(&format!("#/{board}?q=why?")), search);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of addresses")]
fn every_address_leads_back_to_its_screen() {
    let board: BoardId = "01KASQ2Y3G0000000000000000".parse().unwrap();
    let crux = CruxId(board.0);
    let mut filter = Filter {
        search: "a&b=ü %41+".into(),
        ..Filter::default()
    };
    filter.toggle(Facet::Tag, "50% / “x”");
    filter.toggle(Facet::Tag, "y");
    filter.toggle(Facet::Bearing, "net-negative");
    for screen in [
        Screen::Cruxes(Filter::default(), Sort::Own),
        Screen::Cruxes(filter.clone(), Sort::Due),
        Screen::Crux(crux),
        Screen::NewCrux,
        Screen::Evidence(Filter::default()),
        Screen::Evidence(filter.clone()),
        Screen::NewEvidence(None),
        Screen::NewEvidence(Some(crux)),
        Screen::NewEvidenceOn(crux, Direction::Against),
        Screen::EvidenceItem(EvidenceId(board.0)),
        Screen::FollowUps(Filter::default()),
        Screen::FollowUps(filter),
        Screen::Due,
        Screen::Since(None, None),
        Screen::Since(None, Some(board.0)),
        Screen::Since(Some(board.0), Some(ChangeId::MIN)),
        Screen::Decisions,
        Screen::Decide(None),
        Screen::Decide(Some(TriggerId(board.0))),
        Screen::Reviews,
        Screen::Review(ReviewId(board.0)),
        Screen::ReviewStep(ReviewId(board.0), ReviewStep::Triggers),
        Screen::ReviewStep(ReviewId(board.0), ReviewStep::Decision),
        Screen::ReviewStep(ReviewId(board.0), ReviewStep::Actions),
        Screen::Walk(ReviewId(board.0), crux),
        Screen::Minutes(ReviewId(board.0)),
        Screen::Round(RoundId(board.0)),
        Screen::Scores,
        Screen::Analysis(AnalysisPart::Overview),
        Screen::Analysis(AnalysisPart::Arguments),
        Screen::Analysis(AnalysisPart::Moves),
        Screen::Analysis(AnalysisPart::Brief(OptionId(board.0))),
        Screen::Setup,
        Screen::Share(None),
        Screen::Share(Some(crux)),
        Screen::CopyCruxes(None),
        Screen::MergeBoard,
        Screen::CopyCruxes(Some(crux)),
        Screen::Reading,
        Screen::Tables,
        Screen::History,
    ] {
        let route = Route::Board(board, screen);
        assert_eq!(Route::parse(&route.href()), route, "{}", route.href());
    }
    assert_eq!(Route::parse(&Route::Start.href()), Route::Start);
    assert_eq!(Route::parse(&Route::Backups.href()), Route::Backups);
    assert_eq!(Route::parse(""), Route::Start);
    for payload in ["", "wQ-_x", "wQ/key", "%%"] {
        let route = Route::Snapshot(payload.into());
        assert_eq!(Route::parse(&route.href()), route);
    }
    let invitation = |header: &str, value: &str, guest: &str| {
        Route::Join(Invitation {
            address: "https://example.org/boards/x?y=ü&z".into(),
            header: header.into(),
            value: value.into(),
            guest: guest.into(),
        })
    };
    for route in [
        invitation("", "", ""),
        invitation("", "", "Zoë & Co."),
        invitation("Authorization", "Bearer a+b/c=", ""),
        invitation("Authorization", "Bearer a+b/c=", "Zoë & Co."),
        invitation("Authorization", "Bearer a.b.", ""),
        invitation("Authorization", "Bearer a.b.", "Zoë & Co."),
        invitation("Authorization", "Basic a+b/c=", ""),
        invitation("Authorization", "Basic a+b/c=", "Zoë & Co."),
        invitation("X-Key", "Bearer x y", ""),
        invitation("X-Key", "Bearer x y", "Zoë & Co."),
    ] {
        assert_eq!(Route::parse(&route.href()), route, "{}", route.href());
    }
    for (at, key) in [("", "k-_9"), ("", ""), ("https://example.org/a b", "k")] {
        let route = Route::Hosted(HostedLink {
            at: at.into(),
            id: "aB-_9".into(),
            key: key.into(),
        });
        assert_eq!(Route::parse(&route.href()), route, "{}", route.href());
    }
    let as_before = "#/join?at=https%3A%2F%2Fexample.org%2Fx&header=Authorization&value=Bearer%20t";
    let Route::Join(invitation) = Route::parse(as_before) else {
        panic!("an invitation of the first version opens for ever");
    };
    assert_eq!(invitation.address, "https://example.org/x");
    assert_eq!(invitation.value, "Bearer t");
    for wrong in [
        "#/h/",
        "#/h/a.b/c",
        "#/h/a/k?at=javascript:x",
        "#/nowhere",
        "#/%%%/crux",
    ] {
        assert_eq!(Route::parse(wrong), Route::Unknown, "{wrong}");
    }
    let board = "01KASQ2Y3G0000000000000000";
    for wrong in ["x", "crux", "crux/nonsense", "crux/1/2", "review/x/minutes"] {
        let address = format!("#/{board}/{wrong}");
        let unknown = Route::Board(board.parse().unwrap(), Screen::Unknown);
        assert_eq!(Route::parse(&address), unknown, "{wrong}");
    }
}
