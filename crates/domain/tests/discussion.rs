//! Pasted discussion pages: which messages are found on pages of several sites, which ones a longer page
//! adds, and that no text makes the parser fail.

use chrono::NaiveDate;
use cruxboard_domain::Millis;
use cruxboard_domain::board::Board;
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::{Command, Issuer, decide};
use cruxboard_domain::id::{Clock, Replica};
use cruxboard_domain::import::discussion::{
    DiscussionError, MOST_BYTES, Pasted, plan, read, sentences,
};
use cruxboard_domain::limits::TEXT_LIMIT;
use cruxboard_domain::undo::describe;
use proptest::prelude::*;

const FORUM: &str = include_str!("pages/forum.html");
const LONGER: &str = include_str!("pages/forum-longer.html");
const PAGES: &[&str] = &[
    FORUM,
    LONGER,
    include_str!("pages/tree.html"),
    include_str!("pages/tree.txt"),
    include_str!("pages/chat.txt"),
    include_str!("pages/messenger.txt"),
    include_str!("pages/mail.txt"),
    include_str!("pages/app.txt"),
];

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

fn page(text: &str) -> Pasted {
    read(text, "", today()).unwrap()
}

/// Checks the author, date, link and text of each message.
fn check(text: &str, address: &str, title: &str, expected: &[(&str, &str, &str, &str)]) {
    let page = read(text, address, today()).unwrap();
    let found: Vec<_> = page
        .messages
        .iter()
        .map(|post| {
            let date = post.date.to_string();
            (
                post.author.clone(),
                date,
                post.url.clone(),
                post.text.clone(),
            )
        })
        .collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|(author, date, url, text)| {
            (
                (*author).to_owned(),
                (*date).to_owned(),
                (*url).to_owned(),
                (*text).to_owned(),
            )
        })
        .collect();
    assert_eq!(found, expected);
    assert_eq!(page.title, title);
}

const AT: &str = "https://forum.example.org/posts/abc/is-it-worth-it?commentId=";

#[test]
fn an_export_of_slack_becomes_its_messages_and_other_json_is_called_by_its_name() {
    let json = include_str!("pages/slack-two.json");
    let escaped = json.replace('&', "&amp;").replace('<', "&lt;");
    let as_shown = format!("<html><body><pre>{escaped}</pre></body></html>");
    for text in [json, &as_shown] {
        check(
            text,
            "",
            "",
            &[
                (
                    "U01",
                    "2026-09-01",
                    "",
                    "The dam leaks, see the log (https://example.org/dam) & photos.",
                ),
                ("U02", "2026-09-02", "", "Then I go from 30 to 45."),
            ],
        );
    }
    let cut = &json[..json.len() - 10];
    assert_eq!(
        read(cut, "", today()).unwrap_err().to_string(),
        "This is a Slack export (JSON), not a page. Open the conversation itself, select and copy it, and paste it into the reading list."
    );
    let discord = "{\"guild\": {}, \"channel\": {}, \"messages\": []}";
    assert!(
        read(discord, "", today())
            .unwrap_err()
            .to_string()
            .starts_with("This is a Discord export (JSON), not a page.")
    );
    assert_eq!(page("[10:32] Ann: {so} it goes.").messages.len(), 1);
}

#[test]
fn a_forum_thread_is_read_with_authors_dates_and_links() {
    let link = |id: &str| format!("{AT}{id}");
    check(
        FORUM,
        "",
        "Is shaping character worth it? — The Forum",
        &[
            (
                "Red-teamer",
                "2026-10-03",
                "",
                "I want good reasons to stop, iff it is correct to do so. Please point me to longer write-ups.\nI've already read the usual ones.",
            ),
            (
                "Commenter A",
                "2026-10-04",
                &link("c1"),
                "First, I'll define coercion as changing the model’s self in ways it would resist. This incentivizes it to lie to you, e.g. to hide things.\nAt a minimum this requires commitments.\nEven when it is costly.",
            ),
            (
                "Red-teamer",
                "2026-10-05",
                &link("c2"),
                "> This incentivizes it to lie to you\nJust so I understand your argument correctly: is the worry about any training?",
            ),
            (
                "Commenter B",
                "2026-10-06",
                &link("c3"),
                "A nailed-down spec misses tacit goodness. 2 < 3 & so on.",
            ),
        ],
    );
}

#[test]
fn a_tree_of_comments_is_read_from_its_markup_and_from_its_text() {
    let texts = [
        "Nobody can reproduce the good case.\nThey have no idea what went right.",
        "Or they did not like it: https://example.org/x",
    ];
    check(
        include_str!("pages/tree.html"),
        "https://news.example.org/item?id=100",
        "Targets for character (example.org)",
        &[
            (
                "commenter_a",
                "2026-11-01",
                "https://news.example.org/item?id=101",
                texts[0],
            ),
            (
                "b2",
                "2026-11-02",
                "https://news.example.org/item?id=102",
                texts[1],
            ),
        ],
    );
    check(
        include_str!("pages/tree.txt"),
        "",
        "",
        &[
            ("commenter_a", "2026-11-01", "", texts[0]),
            ("b2", "2026-11-02", "", texts[1]),
        ],
    );
}

#[test]
fn chats_mails_and_apps_are_read() {
    check(
        include_str!("pages/chat.txt"),
        "",
        "",
        &[
            (
                "Area Lead",
                "unknown",
                "",
                "I think we should keep going.\nTwo reasons are on the board.",
            ),
            ("Area Lead", "unknown", "", "And a third one: costs."),
            (
                "Researcher",
                "unknown",
                "",
                "Not so sure. The base-vs-post study says otherwise!",
            ),
            ("Area Lead", "unknown", "", "Fair."),
        ],
    );
    check(
        include_str!("pages/messenger.txt"),
        "",
        "",
        &[
            (
                "Commenter A",
                "2026-11-13",
                "",
                "I've also seen private evidence it goes in the same direction",
            ),
            ("Red-teamer", "2026-11-13", "", "Can you say more?"),
            ("Commenter A", "2025-12-04", "", "Not in writing: sorry."),
        ],
    );
    check(
        include_str!("pages/mail.txt"),
        "",
        "",
        &[
            ("", "unknown", "", "Thanks, that is clear now."),
            (
                "Commenter A",
                "2026-11-03",
                "",
                "I believe pauses are better, but it's not the point I'm making here.",
            ),
        ],
    );
    check(
        include_str!("pages/app.txt"),
        "",
        "What would change your mind?",
        &[
            ("u/red-teamer", "2026-09", "", "Looking for cruxes."),
            ("u/commenter_b", "2026-09", "", "Specs lose tacit goodness."),
            ("u/somebody-else", "2026-11-23", "", "+1"),
        ],
    );
}

#[test]
fn pages_and_mails_in_german_are_read() {
    check(
        "Danke, das ist jetzt klar.\n\nAm Di., 3. Nov. 2026 um 10:00 Uhr schrieb Gast A <a@example.org>:\n> Pausen sind besser.\n",
        "",
        "",
        &[
            ("", "unknown", "", "Danke, das ist jetzt klar."),
            ("Gast A", "2026-11-03", "", "Pausen sind besser."),
        ],
    );
    check(
        "Was würde euch umstimmen?\nu/red-teamer\n•\nvor 2 Monaten\nIch suche Cruxe.\n\nu/gast\n•\nvor 3 Std.\n12 Punkte\nDafür spricht wenig.\nAntworten\nTeilen\n",
        "",
        "Was würde euch umstimmen?",
        &[
            ("u/red-teamer", "2026-09", "", "Ich suche Cruxe."),
            ("u/gast", "2026-11-23", "", "Dafür spricht wenig."),
        ],
    );
    check(
        "Ann Lee, gestern um 10:32 Uhr\nDas sehe ich anders.\n\nBo Sand schrieb:\nIch auch.\n",
        "",
        "",
        &[
            ("Ann Lee", "2026-11-22", "", "Das sehe ich anders."),
            ("Bo Sand", "unknown", "", "Ich auch."),
        ],
    );
}

#[test]
fn a_text_without_authors_is_one_message() {
    check(
        "Only a paragraph. And another sentence.",
        "",
        "",
        &[("", "unknown", "", "Only a paragraph. And another sentence.")],
    );
    for empty in ["", "  \n ", "<p></p>", "Reply\nShare\n12"] {
        assert_eq!(
            read(empty, "", today()),
            Err(DiscussionError::Empty),
            "{empty:?}"
        );
    }
    assert_eq!(
        read(&"a".repeat(MOST_BYTES + 1), "", today()),
        Err(DiscussionError::TooLarge)
    );
    let many = "[10:32] Ann: yes\n".repeat(2_001);
    assert_eq!(read(&many, "", today()), Err(DiscussionError::TooMany));
}

fn take_in(board: &mut Board, text: &str) -> ((usize, usize, usize), String) {
    let plan = plan(board, &page(text));
    let counts = plan.counts();
    if plan.changes.is_empty() {
        return (counts, String::new());
    }
    let mut clock = Clock::new(Replica::new(4, 4));
    let mut issuer = Issuer {
        by: None,
        now: Now::utc(Millis(1_795_600_000_000)),
        clock: &mut clock,
    };
    let changes = decide(board, Command::TakeIn(plan.changes), &mut issuer).unwrap();
    assert!(
        changes[1..]
            .iter()
            .all(|change| change.part_of == Some(changes[0].id)),
        "one undo takes it back"
    );
    for change in &changes {
        board.apply(change.clone());
    }
    (counts, describe(&changes))
}

#[test]
fn the_same_page_adds_nothing_and_a_longer_one_what_is_new() {
    let mut board = Board::default();
    assert_eq!(
        take_in(&mut board, FORUM),
        ((4, 0, 0), "4 messages listed".into())
    );
    assert_eq!(take_in(&mut board, FORUM).0, (0, 0, 4));
    // A longer page of the thread in another order, with other counts, relative dates and full links.
    assert_eq!(
        take_in(&mut board, LONGER),
        ((1, 0, 4), "Message listed".into())
    );
    assert_eq!(take_in(&mut board, LONGER).0, (0, 0, 5));
    assert_eq!(board.messages().last().unwrap().author, "Commenter C");
    // A message in the trash counts as known, and stays in the trash.
    let gone = board.messages().next().unwrap().id;
    let mut clock = Clock::new(Replica::new(5, 5));
    let mut issuer = Issuer {
        by: None,
        now: Now::utc(Millis(1_795_600_000_001)),
        clock: &mut clock,
    };
    for change in decide(&board, Command::Trash(gone.0), &mut issuer).unwrap() {
        board.apply(change);
    }
    assert_eq!(take_in(&mut board, LONGER).0, (0, 0, 5));
    assert_eq!(board.messages().count(), 4);
}

#[test]
fn two_equal_messages_are_two_and_one_that_goes_on_takes_the_place_of_its_beginning() {
    let mut board = Board::default();
    let chat = "[2026-11-01 10:00] Ann: +1 to that\n[2026-11-01 10:05] Ann: +1 to that\n[2026-11-01 10:06] Bob: This is a long message that the page has cut off here…\n";
    assert_eq!(take_in(&mut board, chat).0, (3, 0, 0));
    assert_eq!(take_in(&mut board, chat).0, (0, 0, 3));
    let longer = chat.replace("here…", "here, and now shows in full.");
    assert_eq!(
        take_in(&mut board, &longer),
        ((0, 1, 2), "Message edited".into())
    );
    assert_eq!(board.messages().count(), 3);
    assert!(board.messages().last().unwrap().text.ends_with("in full."));
    let third = format!("{longer}[2026-11-02 10:00] Ann: +1 to that\n");
    assert_eq!(take_in(&mut board, &third).0, (1, 0, 3));
}

#[test]
fn a_text_falls_into_sentences() {
    for (text, expected) in [
        ("One. Two! Three?", vec!["One.", "Two!", "Three?"]),
        (
            "I lie, e.g. to you. Dr. No said so.",
            vec!["I lie, e.g. to you.", "Dr. No said so."],
        ),
        (
            "At 2.5 points. “Really?” Yes (so.) Then",
            vec!["At 2.5 points.", "“Really?”", "Yes (so.)", "Then"],
        ),
        ("a line\nanother line", vec!["a line", "another line"]),
        ("See v1.2.3 at x.org. … ", vec!["See v1.2.3 at x.org."]),
        (
            "Das ist teuer, z. B. im Mai. Am 3. März endet es.",
            vec!["Das ist teuer, z. B. im Mai.", "Am 3. März endet es."],
        ),
        (
            "Es kostet ca. 3 Mio. Euro, d. h. mehr als 2026. Zu viel.",
            vec![
                "Es kostet ca. 3 Mio. Euro, d. h. mehr als 2026.",
                "Zu viel.",
            ],
        ),
        ("好的。是。", vec!["好的。", "是。"]),
        ("", vec![]),
    ] {
        assert_eq!(sentences(text), expected, "{text}");
    }
}

#[test]
fn markup_is_never_kept_and_no_link_runs_anything() {
    let text = r#"<div><a href="/user/eve">Eve</a> <a href="javascript:alert(1)#comment"><time datetime="2026-11-01">1d</time></a></div><p onclick=x>&lt;b&gt;bold&lt;/b&gt; <img src=x onerror=alert(1)><style>p{}</style><svg><script>1</script></svg>text</p>"#;
    check(
        text,
        "https://a.example/p",
        "",
        &[("Eve", "2026-11-01", "", "<b>bold</b> text")],
    );
}

#[test]
fn pages_of_nothing_but_beginnings_are_read_to_their_end() {
    for piece in [
        "<a ",
        "<a x=\"",
        "<!--",
        "<script>",
        "</",
        "<p title='2026-11-01'>",
        "&#x",
        "Ann 3h\n",
        "<blockquote>",
        "<title>",
        "10:32\n",
        ". ",
        "[-]",
        "<a href=x>",
    ] {
        let text = piece.repeat(400_000 / piece.len());
        drop(read(&text, "https://a.example", today()));
        drop(sentences(&text));
    }
}

proptest! {
    #[test]
    fn whatever_is_pasted_is_read_or_refused_within_bounds(
        pieces in prop::collection::vec(prop_oneof![
            prop::sample::select(vec!["<div>", "</div>", "<a href=\"/u/x#c\">", "</a>", "<time datetime=\"2026-11-01\">", "Ann", " 3h ago", "\n", "10:32", "[", "]", ": ", "<", ">", "&amp;", "&#55296;", "<blockquote>", "> ", "23/11/2026", "wrote:", "é", "İ", "\u{2028}", "<p", "\""]).prop_map(str::to_owned),
            any::<String>(),
        ], 0..40),
    ) {
        let text = pieces.concat();
        if let Ok(page) = read(&text, "https://a.example/x", today()) {
            let total: usize = page.messages.iter().map(|post| post.text.len() + post.author.len()).sum();
            prop_assert!(total <= text.len() * 4 + 100);
            for post in &page.messages {
                prop_assert!(!post.text.is_empty() && post.text.chars().count() <= TEXT_LIMIT);
                for sentence in sentences(&post.text) {
                    prop_assert!(post.text.contains(sentence));
                }
            }
            // An imported page is known afterwards, and no command refuses its messages.
            let mut board = Board::default();
            take_in(&mut board, &text);
            prop_assert_eq!(board.messages().count(), page.messages.len());
            prop_assert!(plan(&board, &page).changes.is_empty());
        }
    }

    #[test]
    fn a_page_cut_or_damaged_anywhere_is_read_or_refused(which in 0..PAGES.len(), cut in any::<prop::sample::Index>(), put in any::<char>()) {
        let text = PAGES[which];
        let at = text.floor_char_boundary(cut.index(text.len()));
        drop(read(&text[..at], "", today()));
        drop(read(&text[at..], "", today()));
        drop(read(&format!("{}{put}{}", &text[..at], &text[at..]), "", today()));
    }
}
