"""Renders templates with Jinja2: a list of {context, template, files} in, a list of results out."""

import json
import sys

import jinja2

results = []
for case in json.load(sys.stdin):
    environment = jinja2.Environment(
        loader=jinja2.DictLoader(case["files"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
        keep_trailing_newline=case.get("keep", False),
    )
    try:
        template = environment.from_string(case["template"])
        context = json.loads(case["context"]) if case["context"].strip() else {}
        results.append({"text": template.render(context)})
    except Exception as error:
        results.append({"error": f"{type(error).__name__}: {error}"})
json.dump(results, sys.stdout)
