"""Lists the messages of templates as Jinja's extension for gettext finds them: a list of templates in,
a list of lists of {line, function, texts} out."""

import io
import json
import sys

from jinja2.ext import babel_extract

KEYWORDS = ["_", "gettext", "ngettext", "pgettext", "npgettext"]
results = []
for template in json.load(sys.stdin):
    found = []
    options = {"newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true"}
    for line, function, texts, _ in babel_extract(
        io.BytesIO(template.encode()), KEYWORDS, [], options
    ):
        texts = [texts] if isinstance(texts, str) else [text for text in texts if text]
        function = "gettext" if function == "_" else function
        found.append({"line": line, "function": function, "texts": texts})
    results.append(found)
json.dump(results, sys.stdout)
