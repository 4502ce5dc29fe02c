#!/usr/bin/env python3
"""Notes in linking/functions.txt which functions usual builds of documents run.

The linker puts them side by side, so that the program takes only their pages into memory. A name that
is there no more is passed over, and a function that is not noted yet stands with the others: it is enough
to note them anew now and then, by 'sh dev order'.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Tests/tools"))

import generate_project  # noqa: E402

DOCUMENTS = ["rfp", "sla-matrix", "skills-appendix", "checkpoint-matrix", "evidence-report",
             "gap-report"]


def functions(program, project, folder):
    """The names of the functions that a build runs, as the linker knows them."""
    trace = folder / "trace"
    subprocess.run(
        ["valgrind", "-q", "--tool=callgrind", "--demangle=no", f"--callgrind-out-file={trace}",
         program, "build", project, *DOCUMENTS, "-o", folder / "output",
         "--today", generate_project.TODAY],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    names = re.findall(r"^c?fn=\(\d+\) (.+)$", trace.read_text(), re.MULTILINE)
    # Of a function that calls itself, each level is counted.
    return {re.sub(r"'\d+$", "", name) for name in names}


def main():
    found = set()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        program = folder / "rfpgen"
        # Valgrind stumbles over what is there for debuggers.
        subprocess.run(
            ["strip", "--strip-debug", "-o", program, ROOT / ".build/release/rfpgen"], check=True)
        generate_project.generate(1000, folder / "generated")
        for project in [ROOT / "Examples/commcare/project.yaml", folder / "generated/project.yaml"]:
            found |= functions(program, project, folder)
    names = sorted(name for name in found if re.fullmatch(r"[\w.$]+", name)
                   and not name.startswith("0x"))
    (ROOT / "linking/functions.txt").write_text("".join(name + "\n" for name in names))
    print(f"{len(names)} functions")


if __name__ == "__main__":
    main()
