"""Judges YAML or JSON files by a JSON Schema and prints the lines that it refuses.

    schema_lines.py SCHEMA FILE...

Prints one line for each file: its name, then the refused lines, such as `project.yaml: 3 17`.
Plain scalars are resolved by the core schema of YAML 1.2, as editors do. A second judge, which shares
no code with the first, has to take and to refuse the same files; and the schema says only what the YAML
service of editors understands, which is not all of JSON Schema.
"""

import json
import re
import sys

import jsonschema_rs
import yaml
from jsonschema import Draft202012Validator, validators

# What VS Code's JSON and YAML services judge or show; `patternErrorMessage` is a word of theirs.
EDITORS = {
    "$schema", "$comment", "$ref", "$defs", "title", "description", "examples", "type", "enum",
    "const", "properties", "patternProperties", "additionalProperties", "required", "items",
    "anyOf", "not", "minimum", "maximum", "minLength", "maxLength", "pattern",
    "patternErrorMessage",
}

INTEGER = re.compile(r"[-+]?[0-9]+\Z")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")


def scalar(node):
    text = node.value
    if node.style in ("'", '"', "|", ">"):
        return text
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return text.lower() == "true"
    if INTEGER.match(text):
        return int(text)
    if FLOAT.match(text):
        return float(text)
    return text


# Each mapping and list once, however many files hold an equal one.
known = {}


def once(data, parts):
    """The first data of their kind that were made of these parts."""
    key = (type(data), tuple(id(p) if isinstance(p, (dict, list)) else (type(p), p) for p in parts))
    return known.setdefault(key, data)


def remembering(keyword):
    """Judges by a keyword, but what it has nothing against only once: most files differ little."""
    plain = Draft202012Validator.VALIDATORS[keyword]
    right = set()

    def judge(validator, value, instance, schema):
        pair = (value if isinstance(value, str) else id(value), id(instance))
        if pair in right:
            return
        is_right = True
        for error in plain(validator, value, instance, schema):
            is_right = False
            yield error
        if is_right and isinstance(instance, (dict, list)):
            right.add(pair)

    return judge


Judge = validators.extend(
    Draft202012Validator,
    {word: remembering(word) for word in ("$ref", "properties", "patternProperties", "items")},
)


def build(node):
    """The data of a node, and a tree of the same form that knows lines."""
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        data, places = {}, {}
        for key, value in node.value:
            data[key.value], below = build(value)
            places[key.value] = (key.start_mark.line + 1, below)
        return once(data, [*data, *data.values()]), (line, places)
    if isinstance(node, yaml.SequenceNode):
        built = [build(item) for item in node.value]
        data = [data for data, _ in built]
        return once(data, data), (line, [(below[0], below) for _, below in built])
    return scalar(node), (line, None)


def deepest(error):
    """The errors of the alternative that got furthest, for an `anyOf`."""
    if not error.context:
        return [error]
    branches = {}
    for inner in error.context:
        branches.setdefault(inner.schema_path[0], []).extend(deepest(inner))

    def reach(errors):
        wrong_kind = any(
            inner.validator == "type" and inner.absolute_path == error.absolute_path
            for inner in errors
        )
        return (not wrong_kind, max(len(inner.absolute_path) for inner in errors))

    return max(branches.values(), key=reach)


def lines(error, places):
    place = places
    for step in error.absolute_path:
        place = place[1][step][1]
    if error.validator == "additionalProperties" and isinstance(place[1], dict):
        known = set(error.schema.get("properties", {}))
        patterns = error.schema.get("patternProperties", {})
        for key, (line, _) in place[1].items():
            if key not in known and not any(re.search(pattern, key) for pattern in patterns):
                yield line
    else:
        yield place[0]


def words(schema):
    """The keywords of a schema and of those in it."""
    yield from schema
    for key, value in schema.items():
        if key in ("properties", "patternProperties", "$defs"):
            below = list(value.values())
        elif key in ("anyOf",):
            below = value
        else:
            below = [value] if key in ("items", "not", "additionalProperties") else []
        for inner in below:
            if isinstance(inner, dict):
                yield from words(inner)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    assert set(words(schema)) <= EDITORS, set(words(schema)) - EDITORS
    validator = Judge(schema)
    second = jsonschema_rs.Draft202012Validator(schema)
    for name in sys.argv[2:]:
        with open(name, encoding="utf-8") as file:
            data, places = build(yaml.compose(file, Loader=yaml.CSafeLoader))
        refused = sorted(
            {
                line
                for error in validator.iter_errors(data)
                for inner in deepest(error)
                for line in lines(inner, places)
            }
        )
        assert second.is_valid(data) == (not refused), f"{name}: {refused}"
        print(" ".join([f"{name}:", *map(str, refused)]))


main()
