//! Hostile texts: scripts, endless words, other writing directions, a megabyte at once. A typed text must
//! never become anything but text.

use cruxboard_domain::{
    ChangeId,
    date::VagueDate,
    document::Document,
    log::Entry,
    record::{Answer, PersonId, RoundId},
    round::seal,
};
use serde_json::{Value, json};

use super::{
    example::{CHANGES, c},
    harness::{Find as _, Key, Page, Setup},
};

/// Records the texts of dialogs, since a real dialog would stop the test.
const WATCH_DIALOGUES: &str = "
    window.__dialogues = [];
    for (const name of ['alert', 'confirm', 'prompt', 'print', 'open']) {
        window[name] = (...said) => { window.__dialogues.push(`${name}: ${said}`); };
    }
";

/// Returns at least 150 strings that have run scripts in some page. Each would open a dialog or leave an
/// element marked `data-xss`.
fn payloads() -> Vec<String> {
    let run = "alert(1)";
    let mut all: Vec<String> = [
        "<script data-xss>RUN</script>",
        "<ScRiPt data-xss>RUN</sCrIpT>",
        "<script data-xss src=//example.org/x.js></script>",
        "<script data-xss type=module>RUN</script>",
        "<img data-xss src=x onerror=RUN>",
        "<img data-xss src=x onerror='RUN'>",
        "<img data-xss/src=x/onerror=RUN>",
        "<IMG DATA-XSS SRC=\"jav&#x09;ascript:RUN;\">",
        "<img data-xss src=`x` onerror=RUN>",
        "<image data-xss src=x onerror=RUN>",
        "<svg data-xss onload=RUN>",
        "<svg data-xss><script>RUN</script></svg>",
        "<svg data-xss><animate onbegin=RUN attributeName=x dur=1s>",
        "<svg data-xss><a xlink:href=javascript:RUN><text y=20>x</text></a></svg>",
        "<svg data-xss><use href=\"data:image/svg+xml,<svg id=x onload=RUN>#x\"/></svg>",
        "<svg data-xss><foreignObject><iframe srcdoc=\"<script>RUN</script>\"></foreignObject></svg>",
        "<math data-xss><mtext><table><mglyph><style><img src=x onerror=RUN>",
        "<iframe data-xss src=javascript:RUN></iframe>",
        "<iframe data-xss srcdoc=\"<script>parent.RUN</script>\"></iframe>",
        "<object data-xss data=javascript:RUN></object>",
        "<embed data-xss src=javascript:RUN>",
        "<body data-xss onload=RUN>",
        "<input data-xss autofocus onfocus=RUN>",
        "<textarea data-xss autofocus onfocus=RUN></textarea>",
        "<select data-xss autofocus onfocus=RUN></select>",
        "<details data-xss open ontoggle=RUN>x</details>",
        "<video data-xss><source onerror=RUN></video>",
        "<audio data-xss src=x onerror=RUN></audio>",
        "<marquee data-xss onstart=RUN>x</marquee>",
        "<style data-xss>@import 'javascript:RUN';</style>",
        "<link data-xss rel=stylesheet href=javascript:RUN>",
        "<meta data-xss http-equiv=refresh content=\"0;url=javascript:RUN\">",
        "<base data-xss href=javascript:RUN//>",
        "<form data-xss action=javascript:RUN><button>x</button></form>",
        "<button data-xss formaction=javascript:RUN>x</button>",
        "<isindex data-xss type=image src=x onerror=RUN>",
        "<a data-xss href=javascript:RUN>x</a>",
        "<a data-xss href=\" javascript:RUN\">x</a>",
        "<a data-xss href=\"java\tscript:RUN\">x</a>",
        "<a data-xss href=\"data:text/html,<script>RUN</script>\">x</a>",
        "<a data-xss href=vbscript:RUN>x</a>",
        "<div data-xss style=\"background:url(javascript:RUN)\">x</div>",
        "<div data-xss style=\"animation-name:x\" onanimationstart=RUN>x</div>",
        "<template data-xss><script>RUN</script></template>",
        "<noscript data-xss><p title=\"</noscript><img src=x onerror=RUN>\">",
        "<xss data-xss onpointerover=RUN tabindex=1 id=x>x</xss>",
        "<!--><img data-xss src=x onerror=RUN>-->",
        "<![CDATA[><img data-xss src=x onerror=RUN>]]>",
        "--><script data-xss>RUN</script><!--",
        "]]><script data-xss>RUN</script>",
        "</textarea><script data-xss>RUN</script>",
        "</title><script data-xss>RUN</script>",
        "</style><script data-xss>RUN</script>",
        "</script><script data-xss>RUN</script>",
        "</option></select><img data-xss src=x onerror=RUN>",
        "\"><script data-xss>RUN</script>",
        "'><script data-xss>RUN</script>",
        "\" onmouseover=\"RUN\" data-xss=\"",
        "' onmouseover='RUN' data-xss='",
        "` onmouseover=`RUN` data-xss=`",
        "\" autofocus onfocus=RUN data-xss x=\"",
        "javascript:RUN",
        "JaVaScRiPt:RUN",
        "java\tscript:RUN",
        "java\u{0}script:RUN",
        "\u{1}javascript:RUN",
        " javascript:RUN",
        "javascript&colon;RUN",
        "javascript://example.org/%0aRUN",
        "javascript:/*--></title></style></textarea></script><svg onload=RUN>",
        "data:text/html,<script>RUN</script>",
        "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
        "vbscript:RUN",
        "blob:https://example.org/x",
        "file:///etc/passwd",
        "//example.org/x",
        "\\\\example.org\\x",
        "https:javascript:RUN",
        "&lt;script data-xss&gt;RUN&lt;/script&gt;",
        "&#60;script data-xss&#62;RUN&#60;/script&#62;",
        "%3Cscript data-xss%3ERUN%3C/script%3E",
        "\\u003cscript data-xss\\u003eRUN\\u003c/script\\u003e",
        "\u{ff1c}script data-xss\u{ff1e}RUN\u{ff1c}/script\u{ff1e}",
        "+ADw-script data-xss+AD4-RUN+ADw-/script+AD4-",
        "{{constructor.constructor('RUN')()}}",
        "${RUN}",
        "#{RUN}",
        "<%= RUN %>",
        "[x](javascript:RUN)",
        "![x](x\"onerror=\"RUN)",
        "<javascript:RUN>",
        "[x]: javascript:RUN",
        "@import url(javascript:RUN);",
        "__proto__",
        "constructor",
        "'-RUN-'",
        "\";RUN;//",
        "\u{2028}RUN\u{2029}",
    ]
    .into_iter()
    .map(|payload| payload.replace("RUN", run))
    .collect();
    // Strings that create an element are repeated with other calls and in other wrappings.
    let elements: Vec<String> = all
        .iter()
        .filter(|one| one.starts_with('<'))
        .cloned()
        .collect();
    all.extend(elements.iter().map(|one| one.replace(run, "confirm`1`")));
    all.extend(elements.iter().map(|one| format!("x\" y='{one}")));
    assert!(all.len() >= 150, "{}", all.len());
    all
}

/// Returns the effects of the payloads: dialogs, elements, attributes and links that should not exist.
const HARM: &str = "
    const harm = () => {
        const found = [...window.__dialogues];
        const bad = '[data-xss], iframe, object, embed, img:not(.card-preview), image, audio, video, marquee, base, foreignObject, script:not([src]), template, xss, isindex';
        for (const element of document.querySelectorAll(bad)) found.push(`element: ${element.outerHTML.slice(0, 200)}`);
        for (const element of document.querySelectorAll('*')) {
            for (const { name } of element.attributes) if (name.startsWith('on')) found.push(`handler: ${element.outerHTML.slice(0, 200)}`);
        }
        // The one script that is offered: a link for the bookmarks bar, which holds nothing that anybody
        // typed.
        const bookmark = `javascript:void open('${location.href.split('#')[0]}#/save?url='+encodeURIComponent(location.href)`
            + `+'&title='+encodeURIComponent(document.title)+'&quote='+encodeURIComponent(getSelection()))`;
        for (const link of document.querySelectorAll('a[href]')) {
            if (link.getAttribute('href') === bookmark) continue;
            if (!['http:', 'https:', 'mailto:'].includes(link.protocol)) found.push(`link: ${link.outerHTML.slice(0, 200)}`);
        }
        // Drawn here as an image, where no script runs; but it may be saved and opened by itself.
        for (const { src } of document.querySelectorAll('img.card-preview')) {
            const card = new DOMParser().parseFromString(decodeURIComponent(src.slice(src.indexOf(',') + 1)), 'image/svg+xml');
            for (const element of card.querySelectorAll('parsererror, script, foreignObject, image, use, a, animate, style, [data-xss], [onload], [href]')) {
                found.push(`card: ${element.outerHTML.slice(0, 200)}`);
            }
        }
        return found;
    };
";

fn harm(page: &Page) -> Vec<String> {
    let found = page.js(&format!("{HARM} return harm()"), &[]);
    let found = found.as_array().cloned().unwrap_or_default();
    found.iter().map(ToString::to_string).collect()
}

#[track_caller]
fn assert_no_harm(page: &Page, at: &str) {
    let harm = harm(page);
    assert!(harm.is_empty(), "{at}: {} times: {harm:#?}", harm.len());
}

/// Opens all folds of the page, also nested ones.
fn unfold(page: &Page) {
    page.eventually("all folds to open", || {
        let closed = page.js(
            "const closed = [...document.querySelectorAll('main details:not([open])')];
             for (const fold of closed) fold.open = true;
             return closed.length",
            &[],
        );
        (closed == 0).then_some(())
    });
}

/// Pastes payloads into every text field of the page, one field after the other. Each field gets as many as a
/// name allows, so that all are used in turn.
fn fill_all(page: &Page, payloads: &mut dyn Iterator<Item = String>) -> usize {
    let names = page.all("textbox").names();
    let mut filled = 0;
    let mut waiting = None;
    for (at, name) in names.iter().enumerate() {
        // Number fields refuse texts with messages of their own.
        if name.contains("in percent") || name.contains("in %") {
            continue;
        }
        let field = page.all("textbox").at(at);
        if field.is_there() {
            let mut text = String::new();
            while let Some(next) = waiting.take().or_else(|| payloads.next()) {
                if !text.is_empty() && text.chars().count() + next.chars().count() > 190 {
                    waiting = Some(next);
                    break;
                }
                // Without line breaks between them, since a browser takes half a second to paste many lines.
                text.push_str(&next);
                text.push(' ');
            }
            // Forms refuse invalid links and dates.
            let text = match name.as_str() {
                "Link" => format!("https://example.org/?q={}", in_an_address(&text)),
                "Event date" | "Source date" => "2026-11".to_owned(),
                _ => text,
            };
            field.fill(&text);
            filled += 1;
        }
    }
    filled
}

/// Removes the spaces and control characters that addresses cannot contain.
fn in_an_address(text: &str) -> String {
    let parts = text.split(|c: char| c.is_whitespace() || c.is_control());
    parts.collect::<Vec<_>>().join("+")
}

#[test]
fn script_injections_typed_into_every_text_field_stay_text() {
    let page = Setup::default().before_load(WATCH_DIALOGUES).start();
    let all = payloads().join(" ");
    let mut payloads = payloads().into_iter().cycle();
    page.link("Start with your question…").click();
    for (step, next) in [
        ("Decision question", "Next"),
        ("People: names or roles, separated by commas", "Next"),
        ("Claims, one per line", "Open the board with…"),
    ] {
        page.field(step).wait();
        fill_all(&page, &mut payloads);
        assert_no_harm(&page, step);
        page.button(next).click();
    }
    page.role("navigation", "Board").wait();
    assert_no_harm(&page, "a board founded with them");
    page.tab("Setup");
    page.heading("Setup").wait();
    fill_all(&page, &mut payloads);
    assert_no_harm(&page, "the setup");
    page.press(Key::Enter);

    let page = Setup::default()
        .before_load(WATCH_DIALOGUES)
        .start()
        .open_example();
    page.be("Red-teamer");
    page.open_crux(c(1));
    unfold(&page);
    // Checked below. Rendering it again with every field would take minutes.
    page.fold("Activity…").set_open(false);
    let filled = fill_all(&page, &mut payloads);
    assert!(filled > 40, "only {filled} fields of a crux");
    for button in [
        "Add the trigger",
        "Record the position",
        "Add the follow-up",
    ] {
        page.button(button).at(0).click();
    }
    page.fold("Activity…").open();
    assert_no_harm(&page, "a crux");
    page.tab("Evidence");
    page.link("+ Evidence").click();
    unfold(&page);
    fill_all(&page, &mut payloads);
    page.button("Save evidence").click();
    page.wait_notice("Evidence saved");
    assert_no_harm(&page, "new evidence");
    for tab in ["Cruxes", "Evidence", "Follow-ups", "Setup", "History"] {
        page.tab(tab);
        page.with_text("link", tab).wait();
        unfold(&page);
        assert_no_harm(&page, tab);
    }
    page.tab("Cruxes");
    page.role("searchbox", "Search cruxes").retype(&all);
    page.eventually("the search in the address", || {
        page.fragment().contains("q=").then_some(())
    });
    assert_no_harm(&page, "the search");
    page.wait_saved();
    page.reload();
    page.role("navigation", "Board").wait();
    assert_no_harm(&page, "after a reload");
    page.go("");
    page.region("Boards in this browser").wait();
    assert_no_harm(&page, "the list of boards");
}

/// Files with every kind of fact. Their ids overlap, so those of each file but the first get an ending of
/// their own.
const GOLDEN: [&str; 4] = [
    include_str!("../crates/domain/tests/golden/v1-meeting.json"),
    include_str!("../crates/domain/tests/golden/v1-every-fact.json"),
    include_str!("../crates/domain/tests/golden/v1-learning.json"),
    include_str!("../crates/domain/tests/golden/v1-reading.json"),
];

/// Fields with keys of a vocabulary instead of text, or with values that are compared and never shown.
const WORDS: [&str; 27] = [
    "mark",
    "stage",
    "importance",
    "rank",
    "kind",
    "scope",
    "specificity",
    "basis",
    "reliance",
    "modality",
    "origin",
    "visibility",
    "reliability",
    "inference",
    "direction",
    "strength",
    "measure",
    "comparison",
    "verdict",
    "if_met",
    "if_not_met",
    "grounds",
    "holding",
    "restatement",
    "state",
    "salt",
    "seal",
];

/// Replaces every text in a fact that is not an id, a date or a key.
fn poison(name: &str, value: &mut Value, next: &mut dyn FnMut() -> String) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                poison(name, value, next);
            }
        }
        Value::Array(items) => {
            for item in items {
                poison(name, item, next);
            }
        }
        Value::String(text) => {
            let is_date = text.parse::<VagueDate>().is_ok();
            if !is_date && text.parse::<ChangeId>().is_err() && !WORDS.contains(&name) {
                *text = next();
            }
        }
        _ => {}
    }
}

/// Returns the worked example with every other kind of fact, with every free text replaced.
fn poisoned(page: &Page, payloads: &[String]) -> String {
    let text = page.js(
        "return fetch('example.cruxboard.json').then((r) => r.text())",
        &[],
    );
    let mut document: Value = serde_json::from_str(text.as_str().unwrap()).unwrap();
    let changes = document["changes"].as_array_mut().unwrap();
    for (at, golden) in GOLDEN.iter().enumerate() {
        let ending = format!("0000000000{}\"", at + 1);
        let golden: Value =
            serde_json::from_str(&golden.replace("00000000001\"", &ending)).unwrap();
        changes.extend(golden["changes"].as_array().unwrap().iter().cloned());
    }
    let mut at = 0;
    let mut next = || {
        at += 1;
        payloads[at % payloads.len()].clone()
    };
    for change in &mut *changes {
        if let Value::Object(payloads) = &mut change["fact"] {
            for payload in payloads.values_mut() {
                poison("", payload, &mut next);
            }
        }
    }
    // Sealed answers are shown only if they match their seal.
    let revealed = changes
        .iter()
        .map(|change| &change["fact"]["round-revealed"])
        .find(|revealed| revealed.is_object());
    let seal = seal_of(revealed.unwrap());
    for change in &mut *changes {
        if let Some(sealed) = change["fact"].get_mut("round-sealed") {
            sealed["seal"] = json!(seal);
        }
    }
    // One item of evidence, one follow-up and some unread messages, with the payload as their link.
    for (at, payload) in payloads.iter().enumerate() {
        let crux = "01M83T4QBR0000000000000000";
        changes.push(json!({
            "id": format!("01M83TZZZ0{at:016}"),
            "fact": { "evidence-filed": { "text": format!("item {at}"), "url": payload, "rivals": [{ "text": payload, "weight": payload }] } },
        }));
        changes.push(json!({
            "id": format!("01M83TZZZ1{at:016}"),
            "fact": { "follow-up-added": { "what": format!("task {at}"), "url": payload, "owner": payload, "whom": payload, "outcome": payload, "crux": crux } },
        }));
        // Each message is a page of its own with all its sentences, so a few of them are enough.
        if at % 8 == 0 {
            changes.push(json!({
                "id": format!("01M83TZZZ2{at:016}"),
                "fact": { "message-listed": { "page": payload, "author": payload, "url": payload, "text": payload } },
            }));
        }
    }
    document.to_string()
}

fn seal_of(revealed: &Value) -> String {
    let id = |name: &str| {
        revealed[name]
            .as_str()
            .unwrap()
            .parse::<ChangeId>()
            .unwrap()
    };
    let answers: Vec<Answer> = serde_json::from_value(revealed["answers"].clone()).unwrap();
    let salt = revealed["salt"].as_str().unwrap();
    seal(RoundId(id("round")), PersonId(id("person")), salt, &answers)
}

#[test]
fn script_injections_in_every_field_of_a_file_stay_text_and_link_nowhere() {
    let page = Setup::default().before_load(WATCH_DIALOGUES).start();
    page.region("Begin").wait();
    let payloads = payloads();
    let poisoned = poisoned(&page, &payloads);
    // A replaced key would make its change unreadable, and the test would check less.
    for entry in Document::from_json(&poisoned).unwrap().entries {
        assert!(matches!(entry, Entry::Known(_)), "{}", entry.to_json());
    }
    page.drop_file("poisoned.json", &poisoned);
    page.role("table", "Cruxes").all("row").at(9).wait();
    assert_no_harm(&page, "the board");
    page.fold("Filter…").open();
    assert_no_harm(&page, "the filters");
    page.wait_saved();
    let board = page.fragment();
    let screens = [
        ("crux/01M83T4QBR0000000000000000", "region", "Follow-ups"),
        ("crux/01M83T4CM00007000000000001", "region", "Follow-ups"),
        ("crux/01M83T4CM00007000000000002", "region", "Follow-ups"),
        ("crux/01M83T4CM00007000000000003", "region", "Follow-ups"),
        ("crux/new", "heading", "New crux"),
        ("evidence", "heading", "Evidence"),
        (
            "evidence/01M83T4CM00011000000000002",
            "heading",
            "Credences it moved",
        ),
        ("evidence/new", "heading", "New evidence"),
        ("follow-ups", "heading", "Follow-ups"),
        ("due", "heading", "Due"),
        (
            "changes-since?from=01M83T4CM00000000000000000",
            "heading",
            "What changed",
        ),
        ("reviews", "heading", "Reviews"),
        (
            "review/01M83T4CM00010000000000001",
            "heading",
            "Review of …",
        ),
        (
            "review/01M83T4CM00010000000000001/minutes",
            "button",
            "Copy",
        ),
        (
            "review/01M83T4CM00012000000000003/minutes",
            "button",
            "Copy",
        ),
        (
            "review/01M83T4CM00010000000000001/01M83T4CM00007000000000001",
            "link",
            "Agenda and changes",
        ),
        ("round/01M83T4CM00013000000000001", "heading", "Revealed"),
        ("decisions", "heading", "Decisions"),
        (
            "decisions/new?trigger=01M83T4CM00008000000000001",
            "heading",
            "Record a decision",
        ),
        ("scores", "heading", "Outcomes and calibration"),
        ("analysis", "heading", "Analysis"),
        ("share", "heading", "Share a snapshot"),
        (
            "share?crux=01M83T4CM00007000000000001",
            "heading",
            "Share a snapshot",
        ),
        ("reading", "heading", "Reading list"),
        ("tables", "heading", "Export / import"),
        ("setup", "heading", "Setup"),
        ("history", "heading", "History"),
    ];
    let mut bare = Vec::new();
    for (screen, role, name) in screens {
        page.go(&format!("{board}/{screen}"));
        page.role(role, name).wait();
        unfold(&page);
        if screen == "history" {
            page.button("Show earlier changes").click();
        }
        assert_no_harm(&page, screen);
        // A screen does not pass merely because it shows no payload.
        let shows_some = page.js(
            "const main = document.querySelector('main');
             const fields = [...main.querySelectorAll('input, textarea')].map((field) => field.value);
             return [main.textContent, ...fields].some((text) => /alert.1|confirm.1/.test(text))",
            &[],
        );
        if shows_some != json!(true) {
            bare.push(screen);
        }
    }
    // A list of dates and counts, and forms.
    assert_eq!(bare, ["reviews", "tables"], "which show none of them");
    page.go("#/backups");
    page.heading("Backups").wait();
    assert_no_harm(&page, "backups");
    page.go("");
    page.region("Boards in this browser").wait();
    assert_no_harm(&page, "the list of boards");
    page.go(&board);
    page.role("table", "Cruxes").wait();
    // Every item with its link.
    let links = page.js(
        "const [board, count] = arguments;
         const frame = () => new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
         return (async () => {
             const links = [];
             for (let at = 0; at < count; at++) {
                 location.hash = `${board}/evidence/01M83TZZZ0${String(at).padStart(16, '0')}`;
                 await frame();
                 links.push(...[...document.querySelectorAll('a.external')].map((a) => a.href));
             }
             return links;
         })()",
        &[json!(board), json!(payloads.len())],
    );
    assert_eq!(links, json!([]), "none of them may become a link");
    assert_no_harm(&page, "the items");
    // Each payload is exported unchanged.
    let out: Value = serde_json::from_str(&page.download()).unwrap();
    let changes = out["changes"].as_array().unwrap();
    for payload in &payloads {
        let is_there = changes
            .iter()
            .any(|change| change["fact"]["evidence-filed"]["url"] == json!(payload));
        assert!(is_there, "lost: {payload}");
    }
}

#[test]
fn script_injections_in_the_address_stay_text() {
    let page = Setup::default()
        .before_load(WATCH_DIALOGUES)
        .start()
        .open_example();
    let board = page.fragment();
    let payloads = payloads();
    // Two payloads form the name of a snapshot that no server has.
    page.expect_in_console("status of 404");
    let shapes = [
        "#/P",
        "#/h/P",
        "#/s/P",
        "#/join?at=P",
        "#/join?at=E&as=E&header=E&value=E",
        "BOARD/P",
        "BOARD/crux/P",
        "BOARD/evidence/P",
        "BOARD/round/P",
        "BOARD/review/P",
        "BOARD/changes-since?from=P",
        "BOARD?from=P",
        "BOARD?q=P",
        "BOARD?tag=P&sort=P",
        "BOARD?P=P",
        "BOARD?q=E",
        "BOARD?person=E",
    ];
    for (at, shape) in shapes.iter().enumerate() {
        // Unknown addresses all end at the same screen, so a part of them is enough.
        let is_read = ["?q", "?tag", "?P", "?person", "#/P", "?at"];
        let step = if is_read.iter().any(|part| shape.contains(part)) {
            1
        } else {
            4
        };
        let payloads: Vec<&String> = payloads.iter().skip(at % step).step_by(step).collect();
        // Checked after each payload, since rendering the next one replaces it.
        let found = page.js(
            &format!(
                "{HARM}
                 const [shape, board, payloads] = arguments;
                 const frame = () => new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
                 return (async () => {{
                     const found = [];
                     for (const payload of payloads) {{
                         const spelled = shape.includes('E') ? encodeURIComponent(payload) : payload;
                         location.hash = shape.replaceAll('BOARD', board).replace(/[PE]/g, () => spelled);
                         await frame();
                         for (const one of harm()) found.push(`${{payload}}: ${{one}}`);
                     }}
                     return found;
                 }})()"
            ),
            &[json!(shape), json!(board), json!(payloads)],
        );
        assert_eq!(found, json!([]), "{shape}");
    }
    page.go(&board);
    page.row(c(1)).wait();
    page.wait_saved();
    assert_eq!(page.stored_count(), CHANGES);
}

#[test]
fn a_pasted_megabyte_is_refused_with_the_limit_and_changes_nothing() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.open_crux(c(1));
    let megabyte = "a".repeat(1_000_000);
    page.fold("Claim and option").open();
    for (label, limit) in [
        ("Claim", "5,000 is the most"),
        ("Title", "1,000 is the most"),
    ] {
        let field = page.fold("Claim and option").field(label);
        field.fill(&megabyte);
        let said = page.with_text("status", limit).text();
        assert!(said.contains("1,000,000 characters are too many"), "{said}");
        field.focus();
        page.press(Key::Escape);
        page.with_text("status", limit).wait_gone();
    }
    page.heading(c(1)).wait();
    page.field("Your credence, in percent")
        .at(0)
        .fill(&megabyte);
    page.with_text("alert", "was not taken").wait();
    page.role("searchbox", "Search cruxes").count();
    page.tab("Cruxes");
    page.role("searchbox", "Search cruxes").retype(&megabyte);
    page.wait_body("No crux matches");
    page.role("searchbox", "Search cruxes").retype("");
    page.wait_shown(&[1, 2, 3, 4, 5, 6, 7, 8, 9], "all again");
    assert_eq!(page.stored_count(), CHANGES);

    let empty = Page::start();
    empty.link("Start with your question…").click();
    empty.field("Decision question").fill(&megabyte);
    empty.button("Next").click();
    empty.with_text("alert", "1,000 is the most").wait();
    assert_eq!(empty.stored_count(), 0);
    // A text of the maximum length is kept in full.
    empty.field("Decision question").fill(&"b".repeat(1_000));
    for next in ["Next", "Skip", "Skip and open the board"] {
        empty.button(next).click();
    }
    empty.role("navigation", "Board").wait();
    empty.wait_saved();
    assert!(empty.download().contains(&"b".repeat(1_000)));
}

/// Returns the elements that are wider than the window, if the page can be scrolled sideways.
fn too_wide(page: &Page) -> Value {
    page.js(
        "const width = document.documentElement.clientWidth;
         const excess = document.documentElement.scrollWidth - width;
         if (excess <= 0) return null;
         const holds = (element) => {
             for (let up = element.parentElement; up; up = up.parentElement)
                 if (getComputedStyle(up).overflowX !== 'visible') return true;
             return false;
         };
         const wide = [...document.body.querySelectorAll('*')]
             .filter((element) => element.getBoundingClientRect().right > width + 1 && !holds(element))
             .map((element) => `${element.parentElement.className} > ${element.localName}.${element.className}`);
         return { excess, wide: [...new Set(wide)].slice(0, 12) }",
        &[],
    )
}

#[test]
fn endless_words_other_directions_and_emoji_are_kept_and_never_widen_the_page() {
    let word = "w".repeat(1_000);
    let name = "w".repeat(200);
    let texts = [
        word.as_str(),
        "האם כדאי להמשיך? נכון או לא, ומה יקרה אם לא?",
        "هل يستحق الاستمرار؟ \u{202e}abc\u{202c} ١٢٣",
        "👩🏽‍🚀🏳️‍🌈👨‍👩‍👧‍👦🙂 e\u{301}\u{327} ﷽ Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!",
        "研究は続けるべきか、方向を変えるべきか、やめるべきか。",
        "line one\nline two\n\tindented\u{a0}\u{200b}end",
    ];
    let mut found = Vec::new();
    for setup in [Setup::default(), Setup::phone()] {
        let page = setup.start().open_example();
        page.be("Red-teamer");
        page.open_crux(c(1));
        for (at, text) in texts.iter().enumerate() {
            page.fold("Claim and option").open();
            page.fold("Claim and option").field("Claim").fill(text);
            let ask = page.group("Other words for this claim");
            ask.all("field").fill("words that are long");
            ask.button("Change the claim").click();
            ask.wait_gone();
            if !text.contains('\n') {
                page.fold("Claim and option").field("Title").fill(text);
            }
            page.wait_saved();
            for screen in ["", "Evidence", "Cruxes"] {
                match screen {
                    "" => {}
                    other => page.tab(other),
                }
                let wide = too_wide(&page);
                if wide != Value::Null {
                    found.push(format!("text {at} on the screen {screen:?}: {wide}"));
                }
            }
            page.back();
            page.back();
            page.fold("Claim and option").open();
            page.fold("Claim and option")
                .field("Claim")
                .wait_value(text);
        }
        // These texts in the narrowest places.
        page.tab("Setup");
        page.field("Decision question").fill(&word);
        page.group("Red-teamer").field("Name").fill(&name);
        page.field("Add an option").retype(&name);
        page.press(Key::Enter);
        page.wait_saved();
        for tab in [
            "Setup",
            "Cruxes",
            "Evidence",
            "Due",
            "Reviews",
            "Decisions",
            "Share",
            "History",
            "Follow-ups",
        ] {
            page.tab(tab);
            page.all("heading").wait();
            if tab == "Share" {
                // The preview for readers, with the tables of credences unfolded.
                let preview = page.region("What readers will see");
                for at in 0..preview.all("details").count() {
                    preview.all("details").at(at).open();
                }
                preview.role("table", "").at(0).wait();
            }
            let wide = too_wide(&page);
            if wide != Value::Null {
                found.push(format!("{tab}: {wide}"));
            }
        }
        assert!(found.is_empty(), "{}", found.join("\n"));
        page.reload();
        page.heading("Follow-ups").wait();
        let out = page.download();
        for text in texts {
            assert!(
                out.contains(json!(text).as_str().unwrap())
                    || out.contains(json!(text).to_string().trim_matches('"')),
                "lost"
            );
        }
    }
}

#[test]
fn texts_over_the_limits_from_elsewhere_are_kept_and_leave_the_page_usable() {
    let whole = include_str!("../public/example.cruxboard.json");
    let claim = format!("{} the end of it", "so it goes ".repeat(22_700));
    let option = format!("a{}", "\u{301}".repeat(4_500));
    let payloads = [
        json!({ "person-added": { "name": "n".repeat(300) } }),
        json!({ "option-added": { "name": "o".repeat(400) } }),
        json!({ "option-added": { "name": option } }),
        json!({ "crux-added": { "title": "Very long", "claim": claim, "rank": "A" } }),
    ];
    let rows = payloads.iter().enumerate().map(|(at, payload)| {
        json!({ "id": format!("01M83TZZZ0000000000000000{at}"), "fact": payload }).to_string()
    });
    let rows: Vec<String> = rows.collect();
    let end = whole.rfind("]}").unwrap();
    let file = format!("{},\n{}]}}", &whole[..end], rows.join(",\n"));
    for setup in [Setup::default(), Setup::phone()] {
        let page = setup.start();
        page.region("Begin").wait();
        page.drop_file("older.json", &file);
        page.with_text("status", "10 cruxes").wait();
        page.wait_saved();
        let out = page.download();
        for text in [&claim, &option, &"n".repeat(300), &"o".repeat(400)] {
            assert!(out.contains(text.as_str()), "kept as it came");
        }
        for tab in ["Setup", "History", "Follow-ups", "Cruxes"] {
            page.tab(tab);
            page.all("heading").wait();
            assert_eq!(too_wide(&page), Value::Null, "{tab}");
        }
        // All of the text can be read, in a box that is no higher than the window.
        page.link("Very long").click();
        page.heading("Very long").wait();
        assert_eq!(too_wide(&page), Value::Null, "the crux");
        let box_of_claim = page.js(
            "const claim = document.querySelector('.crux-heading .claim');
             return [claim.clientHeight < innerHeight, claim.scrollHeight > innerHeight,
                 claim.innerText.trim().endsWith('the end of it')]",
            &[],
        );
        assert_eq!(box_of_claim, json!([true, true, true]));
        // Combining marks stay at their letter.
        page.tab("Setup");
        let name = "n".repeat(300);
        page.group(&name).field("Name").wait_value(&name);
        // A field states its limit, and keeps the stored text.
        let field = page.group(&name).field("Name");
        field.fill(&"m".repeat(300));
        page.with_text("status", "300 characters are too many: 200 is the most")
            .wait();
        assert!(page.download().contains(&name));
    }
}
