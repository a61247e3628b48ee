"""Renders texts that the domain wrote as Markdown, and checks that they show the text and nothing else.

Standard input: a JSON list of {"text", "markdown", "addresses"}. Argument: the folder of render.mjs.
Raw HTML is on in all renderers, so a text that was not escaped becomes an element.
"""

import json
import subprocess
import sys
from html.parser import HTMLParser
from urllib.parse import unquote

import cmarkgfm
import mistune
from cmarkgfm.cmark import Options

# Each: how a text is put into a document, and the elements that the place itself makes.
PLACES = {
    "paragraph": ("{}\n", {"p"}),
    "heading": ("## {}\n", {"h2"}),
    "item": ("- {}\n- next\n", {"ul", "li"}),
    "cell": ("| a | b |\n| --- | --- |\n| {} | next |\n", {"table", "thead", "tbody", "tr", "th", "td"}),
}


def cmark(text):
    extensions = ["table", "autolink", "strikethrough", "tasklist"]
    return cmarkgfm.markdown_to_html_with_extensions(text, options=Options.CMARK_OPT_UNSAFE, extensions=extensions)


PLUGINS = ["strikethrough", "footnotes", "table", "url", "task_lists"]
mistune_render = mistune.create_markdown(escape=False, plugins=PLUGINS)


def markdown_it(texts):
    run = subprocess.run(["node", sys.argv[1] + "/render.mjs"], input=json.dumps(texts), text=True, capture_output=True, check=True)
    return json.loads(run.stdout)


class Reader(HTMLParser):
    """Collects the elements, links and text of a page."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.links, self.text = set(), [], ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.add(tag)
        if tag == "a":
            self.links.append(dict(attributes).get("href", ""))

    def handle_comment(self, data):
        self.elements.add("comment")

    def handle_decl(self, declaration):
        self.elements.add("declaration")

    def unknown_decl(self, data):
        self.elements.add("declaration")

    def handle_pi(self, data):
        self.elements.add("instruction")

    def handle_data(self, data):
        self.text += data


def words(text):
    return unquote(" ".join(text.split()))


def main():
    cases = json.load(sys.stdin)
    faults, looked_at = [], 0
    for place, (frame, own) in PLACES.items():
        texts = [frame.format(case["markdown"]) for case in cases]
        renderers = {
            "cmark-gfm": [cmark(text) for text in texts],
            "mistune": [mistune_render(text) for text in texts],
            "markdown-it": markdown_it(texts),
        }
        around = Reader(renderers["cmark-gfm"][0]).text.split(cases[0]["text"])
        for renderer, pages in renderers.items():
            for case, page in zip(cases, pages, strict=True):
                looked_at += 1
                read = Reader(page)
                expected = case["text"].join(around)
                # GitHub makes links of mail addresses in any text; they lead where they say.
                links = [unquote(link) for link in read.links if not link.startswith("mailto:")]
                if (
                    not read.elements <= own | {"a"}
                    or links != [unquote(address) for address in case["addresses"]]
                    or words(read.text) != words(expected)
                ):
                    faults.append(f"{renderer}, {place}: {case['text']!r} as {case['markdown']!r} became {page!r}")
    for fault in faults:
        print(fault)
    if faults or not looked_at:
        sys.exit(f"{len(faults)} of {looked_at} renderings show more or less than the text")
    print(f"{looked_at} renderings show the text and nothing else")


main()
