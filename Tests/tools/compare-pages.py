"""Compares pages with what cmark-gfm makes of the Markdown beside them.

    python3 Tests/tools/compare-pages.py FOLDER

For each `x.md` with its `x.html`: the headings with their levels, the texts of table cells, the links and all
visible words have to be the same. Not compared is what a page adds: its frame, contents, labels of alerts, names
of tables that are only heard, and drawings, each of which stands beside the numbers that it draws.

Prints one JSON object: `pages`, and `findings` with `page`, `what` and both sides where they part.
"""

import html.parser
import json
import re
import subprocess
import sys
from pathlib import Path

VOID = {"br", "hr", "wbr", "img", "input", "meta", "rect", "line", "path", "circle"}
GFM = ["--unsafe", "-e", "table", "-e", "autolink", "-e", "strikethrough", "-e", "tasklist"]


class Outline(html.parser.HTMLParser):
    """What a reader meets, in order."""

    def __init__(self, is_page):
        super().__init__(convert_charrefs=True)
        self.is_page = is_page
        self.open = []
        self.words, self.headings, self.cells, self.links = [], [], [], []
        self.parts = []
        # Whether only a place to break the line stands before what comes.
        self.goes_on = False

    def is_left_out(self, tag, attributes):
        kind = (attributes.get("class") or "").split()
        return tag in ("nav", "svg") or "chart" in kind or "alert-title" in kind or "unseen" in kind

    @property
    def is_visible(self):
        tags = [tag for tag, _ in self.open]
        return not any(left_out for _, left_out in self.open) and (
            not self.is_page or "main" in tags)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag in VOID:
            self.goes_on = tag == "wbr"
            return
        self.open.append((tag, self.is_page and self.is_left_out(tag, attributes)))
        if not self.is_visible:
            return
        if re.fullmatch("h[1-6]", tag):
            self.parts.append((tag, self.headings, [tag]))
        elif tag in ("td", "th"):
            self.parts.append((tag, self.cells, []))
        elif tag == "a" and attributes.get("href"):
            self.parts.append((tag, self.links, [attributes["href"]]))

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        if tag in VOID or tag not in [name for name, _ in self.open]:
            return
        while self.open.pop()[0] != tag:
            pass
        if self.parts and self.parts[-1][0] == tag:
            _, kept, words = self.parts.pop()
            kept.append(" ".join(words))

    def handle_data(self, data):
        if not self.is_visible:
            return
        words = data.split()
        goes_on, self.goes_on = self.goes_on, False
        for part in [self.words, *(part for _, _, part in self.parts)]:
            if goes_on and part and words and not data[0].isspace():
                part[-1] += words[0]
                part += words[1:]
            else:
                part += words


def outline(text, is_page):
    reader = Outline(is_page)
    reader.feed(text)
    reader.close()
    joined = "".join(reader.words)
    return {
        "headings": reader.headings, "cells": reader.cells, "links": reader.links,
        "words": re.findall(r".{1,80}", joined),
    }


def compare(page):
    markdown = page.with_suffix(".md").read_text(encoding="utf-8")
    # cmark-gfm knows no alerts: their label would be text.
    markdown = re.sub(r"> \[!([A-Z]+)\]\n", "> \n", markdown)
    result = subprocess.run(
        ["cmark-gfm", *GFM], input=markdown, capture_output=True, text=True, check=True)
    theirs = outline(result.stdout, False)
    ours = outline(page.read_text(encoding="utf-8"), True)
    for what in theirs:
        pairs = [*zip(theirs[what], ours[what])]
        parted = next((pair for pair in pairs if pair[0] != pair[1]), None)
        if parted is None and len(theirs[what]) != len(ours[what]):
            parted = (len(theirs[what]), len(ours[what]))
        if parted:
            yield {"page": page.name, "what": what, "theirs": parted[0], "ours": parted[1]}


pages = sorted(Path(sys.argv[1]).glob("*.html"))
findings = [finding for page in pages for finding in compare(page)]
json.dump({"pages": len(pages), "findings": findings}, sys.stdout, indent=2, ensure_ascii=False)
print()
