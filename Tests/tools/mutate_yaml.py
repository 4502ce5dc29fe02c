"""Writes variants of a YAML file, each with one thing changed, as 0.yaml, 1.yaml and so on.

    mutate_yaml.py FILE FOLDER

Each scalar becomes one of the things that it may not be, the next one the next, and each key a word
that nobody knows. Prints for each variant its line and what was changed.
"""

import itertools
import pathlib
import sys

import yaml

INSTEAD = ["[x]", "{x: y}", '"two\\nlines"', "-1", "a--B", "~", "2026-02-30"]
instead = itertools.cycle(INSTEAD)

text = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
folder = pathlib.Path(sys.argv[2])
changes = []


def change(node, new, what):
    start, end = node.start_mark.index, node.end_mark.index
    # A block scalar ends with its last line end.
    tail = "\n" if text[start:end].endswith("\n") else ""
    changes.append((node.start_mark.line + 1, what, text[:start] + new + tail + text[end:]))


def walk(node):
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            change(key, "nobody-knows", f"{key.value} renamed")
            walk(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            walk(item)
    elif node.start_mark.index < node.end_mark.index:
        new = next(instead)
        change(node, new, f"{node.value[:20]!r} became {new}")


walk(yaml.compose(text, Loader=yaml.CSafeLoader))
for number, (line, what, variant) in enumerate(changes):
    (folder / f"{number}.yaml").write_text(variant, encoding="utf-8")
    print(line, what)
