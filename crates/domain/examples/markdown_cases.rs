//! Prints texts and the results of `markdown::inline` for them, as JSON, for `tests/markdown`.
#![allow(
    clippy::print_stdout,
    reason = "its output is read by the tests of Markdown"
)]

use cruxboard_domain::markdown::inline;
use serde_json::json;

/// Texts, each with the web addresses that must be links in it.
const CASES: [(&str, &[&str]); 40] = [
    ("plain", &[]),
    ("<script>alert(1)</script>", &[]),
    ("<img src=x onerror=alert(1)>", &[]),
    ("<b>bold</b> & <i>italic</i>", &[]),
    ("</li></ul><h1>out</h1>", &[]),
    ("<!-- comment -->", &[]),
    ("<?php echo 1 ?>", &[]),
    ("<![CDATA[x]]>", &[]),
    ("&lt;b&gt; &amp; &copy; &#60;b&#62;", &[]),
    ("[x](javascript:alert(1))", &[]),
    (
        "![x](https://x.test/pixel.png)",
        &["https://x.test/pixel.png"],
    ),
    ("[x]: javascript:alert(1)", &[]),
    ("[x][y] [^1] [ ] [x]", &[]),
    ("<javascript:alert(1)>", &[]),
    ("<a@b.test>", &[]),
    ("**bold** __bold__ *it* _it_ ***x***", &[]),
    ("~~gone~~ ~x~ ==mark== ^sup^ ++ins++", &[]),
    ("`code` ``co`de`` ```block```", &[]),
    ("$x$ $$y$$", &[]),
    ("# heading #", &[]),
    ("- item", &[]),
    ("+ item", &[]),
    ("* item", &[]),
    ("1. item", &[]),
    ("12) item", &[]),
    ("> quote", &[]),
    ("---", &[]),
    ("===", &[]),
    ("***", &[]),
    ("    indented code", &[]),
    ("a | b | c", &[]),
    ("|---|---|", &[]),
    ("ends with a backslash\\", &[]),
    ("\\<b\\> \\&lt; \\\\", &[]),
    ("two\n\nparagraphs\r\nand\tmore", &[]),
    (
        "see https://x.test/a|b_c_d and (https://x.test/e_(f)).",
        &["https://x.test/a|b_c_d", "https://x.test/e_(f)"],
    ),
    (
        "https://x.test/?a=1&b=2&copy;=3",
        &["https://x.test/?a=1&b=2&copy;=3"],
    ),
    (
        "https://x.test/\"onmouseover=\"alert(1)",
        &["https://x.test/"],
    ),
    ("https://x.test/`*_~\\path", &["https://x.test/`*_~\\path"]),
    (
        "http://x.test/ä%20ö#part, http://x.test",
        &["http://x.test/ä%20ö#part", "http://x.test"],
    ),
];

fn main() {
    let cases: Vec<_> = CASES
        .iter()
        .map(|(text, addresses)| json!({ "text": text, "markdown": inline(text), "addresses": addresses }))
        .collect();
    println!("{}", serde_json::Value::Array(cases));
}
