"""Renders templates with Jinja2: a list of {context, template, files} in, a list of results out.

A file named catalogue.po is compiled by GNU msgfmt and gives the translations.
"""

import gettext
import io
import json
import subprocess
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
        extensions=["jinja2.ext.i18n"],
    )
    translations = gettext.NullTranslations()
    if "catalogue.po" in case["files"]:
        compiled = subprocess.run(
            ["msgfmt", "-o", "-", "-"],
            input=case["files"]["catalogue.po"].encode(),
            stdout=subprocess.PIPE,
            check=True,
        )
        translations = gettext.GNUTranslations(io.BytesIO(compiled.stdout))
    environment.install_gettext_translations(translations, newstyle=True)
    try:
        template = environment.from_string(case["template"])
        context = json.loads(case["context"]) if case["context"].strip() else {}
        results.append({"text": template.render(context)})
    except Exception as error:
        results.append({"error": f"{type(error).__name__}: {error}"})
json.dump(results, sys.stdout)
