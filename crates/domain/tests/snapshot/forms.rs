//! The forms of a snapshot: link, file, page, Markdown.

use super::*;
use crate::desk::Desk;
use cruxboard_domain::Millis;

#[test]
fn links_made_by_this_format_open_for_ever() {
    let link = include_str!("../golden/snapshot-1.link.txt").trim_end();
    let file = include_str!("../golden/snapshot-1.cruxboard.json");
    let snapshot = opened(link).unwrap();
    assert_eq!(snapshot.to_json(), file);
    assert_eq!(
        SnapshotFile::from_json(file),
        Ok(SnapshotFile::Open(Box::new(snapshot)))
    );
}

#[test]
fn the_page_and_the_markdown_say_what_was_taken_and_what_is_not_shown() {
    let snapshot = taken(&SnapshotRequest {
        note: "For the funders".into(),
        ..everything()
    });
    for form in [snapshot.to_html(), snapshot.to_markdown()] {
        for part in [
            "Keep, change or wind down",
            "Taken on 23 Nov 2026, for readers inside the organisation.",
            "For the funders",
            "Confidential and not shown: ",
            "3 private items",
            "23 Nov 2026",
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
        id: clock.tick(Millis(0)),
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
            id: clock.tick(Millis(0)),
            by: None,
            part_of: None,
            payload,
        });
        let wish = SnapshotRequest {
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
            "details",
            "header",
            "html",
            "i",
            "li",
            "main",
            "meta",
            "p",
            "section",
            "span",
            "style",
            "summary",
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
fn the_page_and_the_markdown_say_a_claim_without_a_title_once_and_no_spread_of_one_person() {
    let claim =
        "Nobody who was asked could say at what point the whole of it, as planned, would end";
    for claim in ["It pays", claim] {
        let mut desk = Desk::new();
        let crux = desk.adds_crux(claim);
        desk.states(crux, "Ann", 62.0);
        let id = BoardId(desk.board.log().last());
        let snapshot = take(&desk.board, id, &everything(), NOW).snapshot;
        let (html, markdown) = (snapshot.to_html(), snapshot.to_markdown());
        for form in [&html, &markdown] {
            assert!(!form.contains("spread") && !form.contains('–'), "{form}");
            let beginning: String = claim.chars().take(20).collect();
            let places = form.matches(&beginning).count();
            assert_eq!(places, 2, "in the list and above its section: {form}");
        }
        assert_eq!(snapshot.to_embed("").matches(&claim[..7]).count(), 1);
        assert!(
            markdown.contains(&format!("1. **{claim}** (62%)")),
            "{markdown}"
        );
        desk.states(crux, "Bob", 40.0);
        let both = take(&desk.board, id, &everything(), NOW).snapshot;
        assert!(
            both.to_html().contains("spread 22 points"),
            "{}",
            both.to_html()
        );
        assert!(both.to_markdown().contains("spread 22 points"));
    }
}
