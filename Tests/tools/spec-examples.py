"""Prints the examples of the CommonMark 0.30 and GitHub Flavored Markdown 0.29 specifications as JSON.

    python3 Tests/tools/spec-examples.py CACHE-FOLDER

Both texts are part of the source package of `marko` 1.3.1 on PyPI, which is fetched into the folder
by pip the first time. Nothing of them is kept in this repository.
"""

import json
import subprocess
import sys
import tarfile
from pathlib import Path

PACKAGE = "marko"
VERSION = "1.3.1"
FENCE = "`" * 32


def source_package(folder):
    archive = folder / f"{PACKAGE}-{VERSION}.tar.gz"
    if not archive.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary",
             PACKAGE, "--dest", str(folder), f"{PACKAGE}=={VERSION}"], check=True)
    return tarfile.open(archive)


def examples(text):
    number = 0
    section = ""
    parts = None
    for line in text.splitlines(keepends=True):
        if parts is None and line.startswith(FENCE + " example"):
            kind = line[len(FENCE + " example"):].strip()
            parts = [""]
        elif parts is None:
            if line.startswith("#"):
                section = line.strip("# \n")
        elif line.rstrip() == FENCE:
            number += 1
            markdown, html = (part.replace("→", "\t") for part in parts)
            yield {"number": number, "section": section, "kind": kind, "markdown": markdown,
                   "html": html}
            parts = None
        elif line == ".\n" and len(parts) == 1:
            parts.append("")
        else:
            parts[-1] += line


def main(folder):
    with source_package(folder) as archive:
        def text(name):
            member = f"{PACKAGE}-{VERSION}/tests/spec/{name}.txt"
            return archive.extractfile(member).read().decode("utf-8")

        json.dump({name: list(examples(text(name))) for name in ("commonmark", "gfm")}, sys.stdout)


main(Path(sys.argv[1]))
