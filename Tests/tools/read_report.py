"""Reads reports of `check` as other programs do, and prints what they understood as JSON.

    read_report.py github|sarif|junit FILE...

Prints for each file a list of findings: level, rule, id, file, line and text.
"""

import json
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from jsonschema import Draft202012Validator
from junitparser import Failure, JUnitXml
from sarif_pydantic import Sarif


def github(text):
    """The parser of workflow commands, as GitHub's runner works."""

    def unescaped(text, pairs):
        for code, character in pairs:
            text = text.replace(code, character)
        return text.replace("%25", "%")

    line_ends = [("%0D", "\r"), ("%0A", "\n")]
    found = []
    for line in text.splitlines():
        assert line.startswith("::"), line
        end = line.index("::", 2)
        kind, _, properties = line[2:end].partition(" ")
        values = dict(part.split("=", 1) for part in properties.split(",") if part)
        values = {
            key: unescaped(value, line_ends + [("%3A", ":"), ("%2C", ",")])
            for key, value in values.items()
        }
        title, _, rule = values["title"].rpartition(" (")
        found.append(
            {
                "level": kind.replace("notice", "note"), "rule": rule[:-1], "id": title,
                "file": values["file"], "line": int(values["line"]),
                "text": unescaped(line[end + 2 :], line_ends),
            }
        )
    return found


def broken(log):
    """The log with one thing changed, over and over, so that it is none any more."""
    def at(run, *path):
        for step in path:
            run = run[step]
        return run

    result = ("results", 0)
    place = (*result, "locations", 0, "physicalLocation")
    for path, key, value in [
        ((), "tool", None), (("tool", "driver"), "name", None), ((), "columnKind", "bytes"),
        (result, "message", None), (result, "level", "fatal"), (result, "ruleIndex", "0"),
        (result, "line", 3), ((*place, "region"), "startLine", 0),
        ((*place, "artifactLocation"), "uri", "a b"), (("invocations", 0), "executionSuccessful", 1),
    ]:
        copy = json.loads(json.dumps(log))
        part = at(copy["runs"][0], *path)
        if value is None:
            del part[key]
        else:
            part[key] = value
        yield key, copy


def judge(log):
    """Fails where the log is none of SARIF 2.1.0, or where the schema would take one that is not."""
    schema = json.loads(Path(__file__).with_name("sarif-2.1.0.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    problems = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(log)]
    assert not problems, problems
    if log["runs"][0]["results"]:
        for key, other in broken(log):
            assert not validator.is_valid(other), key


def sarif(text):
    judge(json.loads(text))
    run = Sarif.model_validate(json.loads(text)).runs[0]
    rules = run.tool.driver.rules
    prints = [result.partial_fingerprints["finding/v1"] for result in run.results]
    assert len(set(prints)) == len(prints), prints
    found = []
    for result in run.results:
        assert rules[result.rule_index].id == result.rule_id
        location = result.locations[0]
        uri = location.physical_location.artifact_location.uri
        assert uri.isascii() and not urlsplit(uri).query and not urlsplit(uri).fragment
        assert urlsplit(uri).scheme in ("", "file"), uri
        found.append(
            {
                "level": result.level.value, "rule": result.rule_id,
                "id": location.logical_locations[0].fully_qualified_name,
                "file": unquote(urlsplit(uri).path),
                "line": location.physical_location.region.start_line,
                "text": result.message.text.replace("{{", "{").replace("}}", "}"),
            }
        )
    return found


def junit(text):
    xml = JUnitXml.fromstring(text.encode())
    cases = [case for suite in xml for case in suite]
    assert xml.tests == len(cases)
    assert sum(suite.tests for suite in xml) == len(cases)
    found = []
    for case in cases:
        failures = [result for result in case.result if isinstance(result, Failure)]
        assert len(case.result) <= 1
        for failure in failures:
            place, _, text = failure.text.partition(": error: ")
            found.append(
                {
                    "level": "error", "rule": failure.type, "id": case.name,
                    "file": case._elem.get("file"), "line": int(case._elem.get("line")),
                    "text": text,
                }
            )
    assert xml.failures == len(found)
    return found


def read(name):
    with open(name, encoding="utf-8", newline="") as file:
        return globals()[sys.argv[1]](file.read())


print(json.dumps([read(name) for name in sys.argv[2:]]))
