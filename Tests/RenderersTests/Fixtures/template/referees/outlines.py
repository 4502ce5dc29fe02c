"""Judges what prose has done to the document around it.

In: a list of {base, text}: `base` was rendered with a word in the prose's place. Out: for each pair
a list of differences: where the words `before7` and `after7` stand, how many cells rows have, what
HTML there is, and addresses that could run something.
"""

import functools
import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(__file__))
sys.argv.append("--import")
from trees import parsers  # noqa: E402


def outline(tree):
    places, rows, markup, addresses = [], [], [], []

    def walk(node, path):
        name, attributes, content = node
        for key in ("destination", "href", "src", "url"):
            if re.match(r"\s*(javascript|data|vbscript|file):", attributes.get(key, ""), re.I):
                addresses.append(attributes[key])
        if isinstance(content, str):
            if name.startswith("html"):
                markup.append(re.sub('".*"', '""', content))
            for word in ("before7", "after7"):
                if word in content:
                    places.append([word, path, name])
            return
        if name in ("table_row", "table_header", "trtr"):
            rows.append(len(content))
        for child in content:
            walk(child, path + [name])

    walk(tree, [])
    return {"places": places, "rows": rows, "html": markup, "addresses": addresses}


@functools.cache
def outlined(name, text):
    return outline(parsers[name].tree(text))


results = []
for case in json.load(sys.stdin):
    differences = []
    for name in parsers:
        wanted, found = dict(outlined(name, case["base"])), dict(outlined(name, case["text"]))
        if not case["flat"]:
            del wanted["rows"], found["rows"]
        if wanted != found:
            differences.append(f"{name}: {json.dumps(wanted)} != {json.dumps(found)}")
    results.append(differences)
json.dump(results, sys.stdout)
