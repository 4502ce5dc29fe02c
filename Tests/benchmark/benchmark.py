#!/usr/bin/env python3
"""Compares rfpgen with other programs on the same work, side by side in one run.

    sh dev bench                     everything
    benchmark.py --only startup      one part of it
    benchmark.py --profile           where the time goes
    benchmark.py --only packs --large 10G

All figures are ratios of medians; beside them stand the least and the most that single runs gave.
Nothing fails on a figure. The aims are those that the project has set itself.
"""

import argparse
import importlib.metadata
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile

import bids
import engines
import html_path
import packs
import profiles
from measure import Bench, Command, Failed, Report, factor, generate_project, mebibytes, median

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
SIZES = [1000, 20000]

# What the aims speak of: the documents about the programme's own state, in two formats.
DOCUMENTS = ["rfp", "sla-matrix", "skills-appendix", "checkpoint-matrix", "evidence-report",
             "gap-report"]


class Subject:
    """What every part of the benchmark needs: programs, folders, and where to report."""

    def __init__(self, program, folder, runs, large, report):
        self.program, self.folder, self.report = program, pathlib.Path(folder), report
        self.bench = Bench(folder)
        self.runs_wanted, self.large = runs, large

    def runs(self, usual):
        return self.runs_wanted or usual

    def build(self, project, output, *words):
        """The command that makes documents of a project."""
        return Command([self.program, "build", project, *words, "-o", output,
                        "--today", generate_project.TODAY], folder=output)

    def generated(self, count):
        """The folder of a generated project, made when it is first asked for."""
        folder = self.folder / f"generated-{count}"
        if not folder.exists():
            generate_project.generate(count, folder)
        return folder


def size(folder, *endings):
    return sum(file.stat().st_size for file in pathlib.Path(folder).iterdir()
               if file.suffix in endings)


def startup(subject):
    subject.report.section("Start-up", """\
'rfpgen --version' beside a C program (cc -O2, linked dynamically) that prints one line.""")
    results = subject.bench.compare({
        "rfpgen --version": [Command([subject.program, "--version"])],
        "C program": [Command([subject.bench.floor("start")])],
    }, subject.runs(100), warm_up=5)
    ours, floor = results.values()
    subject.report.times(results)
    subject.report.compared("start-up ÷ C program", ours, floor, "<= 2.5")


def example(subject):
    subject.report.section("The example", """\
Six documents of Examples/commcare as Markdown and HTML, beside 'cmark' on the Markdown of the RFP
alone. Whole processes.""")
    output = subject.folder / "example"
    build = subject.build(ROOT / "Examples/commcare/project.yaml", output, *DOCUMENTS)
    subject.bench.once(build)
    results = subject.bench.compare({
        "rfpgen build": [build],
        "cmark rfp.md": [Command(["cmark", output / "rfp.md"], str(subject.folder / "rfp.html"))],
    }, subject.runs(40), warm_up=3)
    ours, cmark = results.values()
    subject.report.times(results)
    files = len(list(output.iterdir()))
    subject.report.compared(f"{files} files ÷ cmark on the RFP", ours, cmark, "< 3")


def generated(subject):
    subject.report.section("Generated projects", """\
Six documents as Markdown and HTML, beside the sum of two bare steps on the same bytes: libyaml's
events of guide and project, taken and thrown away, and 'cmark' on all the Markdown that was written.
No tables, no checks and no templates in those.""")
    taken = {}
    for count in SIZES:
        folder, output = subject.generated(count), subject.folder / f"output-{count}"
        build = subject.build(folder / "project.yaml", output, *DOCUMENTS)
        subject.bench.once(build)
        markdown = sorted(output.glob("*.md"))
        results = subject.bench.compare({
            f"rfpgen build, {count:,} checkpoints": [build],
            "libyaml's events + cmark": [
                Command([subject.bench.floor("scan"), folder / "guides/generated.yaml",
                         folder / "project.yaml"]),
                Command(["cmark", *markdown], str(subject.folder / "floor.html"))],
        }, subject.runs(9 if count <= 1000 else 3))
        ours, floor = results.values()
        written = size(output, ".md", ".html")
        taken[count] = median(ours.wall)
        subject.report.times(results)
        print(f"  read {mebibytes(size(folder / 'guides', '.yaml') + size(folder, '.yaml'))} MiB, "
              f"wrote {mebibytes(size(output, '.md'))} MiB of Markdown and "
              f"{mebibytes(size(output, '.html'))} MiB of HTML\n")
        subject.report.compared(f"{count:,} checkpoints ÷ (events + cmark)", ours, floor, "<= 2")
        subject.report.figure(f"{count:,} checkpoints: peak memory ÷ output",
                              median(ours.peak) / written, "< 6")
        print()
    small, large = SIZES
    subject.report.figure(
        f"growth: time of {large:,} ÷ time of {small:,} ÷ {large // small} (linear is 1)",
        taken[large] / taken[small] / (large / small))


def python(subject):
    documents = ["checkpoint-matrix", "evidence-report", "gap-report"]
    subject.report.section("Beside Python", f"""\
{', '.join(documents)} as Markdown and HTML, beside a short
Python program for the same three from the same files: PyYAML's C loader, Jinja2, cmarkgfm with
tables. It checks and escapes nothing.""")
    for count in SIZES:
        folder = subject.generated(count)
        ours_to, theirs_to = subject.folder / f"ours-{count}", subject.folder / f"python-{count}"
        results = subject.bench.compare({
            f"rfpgen build, {count:,} checkpoints":
                [subject.build(folder / "project.yaml", ours_to, *documents)],
            "Python": [Command([sys.executable, HERE / "peer/pipeline.py",
                                folder / "project.yaml", theirs_to, generate_project.TODAY])],
        }, subject.runs(5 if count <= 1000 else 1), warm_up=1 if count <= 1000 else 0)
        ours, peer = results.values()
        subject.report.times(results)
        mine, theirs = size(ours_to, ".md", ".html"), size(theirs_to, ".md", ".html")
        print(f"  rfpgen wrote {mebibytes(mine)} MiB, Python {mebibytes(theirs)} MiB\n")
        subject.report.compared(f"{count:,} checkpoints: Python's time ÷ rfpgen's", peer, ours)
        subject.report.compared(f"{count:,} checkpoints: Python's peak ÷ rfpgen's", peer, ours,
                                of="peak")
        subject.report.figure(
            f"{count:,} checkpoints: rfpgen's bytes per second ÷ Python's",
            mine / median(ours.wall) / (theirs / median(peer.wall)))
        print()


def instructions(subject):
    if not shutil.which("valgrind"):
        print("\n  valgrind is not there; 'apt-get install valgrind' for a part about instructions")
        return
    subject.report.section("Instructions", """\
The same comparisons by the number of instructions, which does not change with the load of the
machine. Beside the wall time it leaves out waiting, page faults and the cost of shared counters.""")
    rows = [["", "rfpgen, millions", "the other, millions", "ratio"]]
    example_to, small_to = subject.folder / "counted", subject.folder / "counted-1000"
    example = subject.build(ROOT / "Examples/commcare/project.yaml", example_to,
                            *DOCUMENTS)
    folder = subject.generated(SIZES[0])
    small = subject.build(folder / "project.yaml", small_to, *DOCUMENTS)
    for command in (example, small):
        subject.bench.once(command)
    for title, ours, theirs in [
        ("rfpgen --version ÷ C program", [Command([subject.program, "--version"])],
         [Command([subject.bench.floor("start")])]),
        ("the example ÷ cmark on the RFP", [example], [Command(["cmark", example_to / "rfp.md"])]),
        (f"{SIZES[0]:,} checkpoints ÷ (events + cmark)", [small],
         [Command([subject.bench.floor("scan"), folder / "guides/generated.yaml",
                   folder / "project.yaml"]), Command(["cmark", *sorted(small_to.glob("*.md"))])]),
    ]:
        mine, other = subject.bench.instructions(ours), subject.bench.instructions(theirs)
        rows.append([title, f"{mine / 1e6:.2f}", f"{other / 1e6:.2f}", factor(mine / other)])
    subject.report.table(rows)


PARTS = {
    "startup": startup, "example": example, "generated": generated, "python": python,
    "engine": engines.compare, "html": html_path.compare, "packs": packs.compare,
    "memory": packs.memory, "bids": bids.compare,
    "instructions": instructions,
}


def first_line(words):
    try:
        return subprocess.run(words, capture_output=True, text=True).stdout.splitlines()[0]
    except (OSError, IndexError):
        return f"{words[0]} (not there)"


def machine(subject):
    model = platform.processor()
    try:
        with open("/proc/cpuinfo") as file:
            model = next(line.split(":")[1].strip() for line in file if "model name" in line)
    except (OSError, StopIteration):
        pass
    packages = ["PyYAML", "Jinja2", "cmarkgfm", "minijinja", "openpyxl", "bagit"]
    load = " ".join(f"{value:.2f}" for value in os.getloadavg())
    print(f"""\
# rfpgen beside others

  machine   {os.cpu_count()} cores, {model}; {platform.system()} {platform.release()}; load {load}
  programs  {first_line([subject.program, '--version'])}; {first_line(['cmark', '--version'])}; \
{first_line(['cmark-gfm', '--version'])}; {first_line(['pandoc', '--version'])}; \
{first_line(['openssl', 'version'])}; {first_line(['bsdtar', '--version'])}
  Python    {platform.python_version()}; \
{', '.join(f'{name} {importlib.metadata.version(name)}' for name in packages)}
  files in  {subject.folder}""")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=str(ROOT / ".build/release/rfpgen"),
                        help="the rfpgen to measure")
    parser.add_argument("--only", default=",".join(PARTS), metavar="PARTS",
                        help=f"parts with commas between: {','.join(PARTS)}")
    parser.add_argument("--runs", type=int, help="how many runs count, instead of the usual number")
    parser.add_argument("--large", metavar="SIZE",
                        help="how large the large file of packs is, instead of 1G")
    parser.add_argument("--profile", action="store_true",
                        help="show which functions take the time, instead of comparing")
    arguments = parser.parse_args()
    parts = arguments.only.split(",")
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        parser.error(f"there is no part '{unknown[0]}'; the parts are {', '.join(PARTS)}")
    program = shutil.which(arguments.program)
    if not program:
        sys.exit(f"benchmark: there is no program '{arguments.program}'; 'sh dev build' makes it")
    report = Report()
    with tempfile.TemporaryDirectory(prefix="rfpgen-benchmark-") as folder:
        try:
            subject = Subject(str(pathlib.Path(program).resolve()), folder, arguments.runs,
                              arguments.large, report)
            machine(subject)
            if arguments.profile:
                profiles.show(subject)
                return
            for part in parts:
                PARTS[part](subject)
        except (Failed, OSError) as error:
            sys.exit(f"benchmark: {error}")
    report.finish()


if __name__ == "__main__":
    main()
