"""Judges texts by regular expressions, as Python reads them.

    patterns.py FILE

FILE holds JSON: [[pattern, text], ...]. Prints `1` for each text that its pattern finds and that
has no line end, `0` for each other one, on one line.
"""

import json
import re
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    pairs = json.load(file)
print("".join("1" if "\n" not in text and re.search(pattern, text) else "0" for pattern, text in pairs))
