"""Markdown to HTML: rfpgen's path beside cmark, cmark-gfm, pandoc and bare libcmark."""

import random
import shutil

import engines
from measure import Command, generate_project, mebibytes, median


def tables(count, has_markup):
    """A checkpoint matrix of tables with ten rows each."""
    r, lines = random.Random(count), ["# Checkpoints", ""]
    for row in range(count):
        if row % 10 == 0:
            topic = generate_project.TOPICS[row // 10 % len(generate_project.TOPICS)][1]
            lines += ["", f"## Section {row // 10 + 1}", "",
                      "| Checkpoint | State | Relies on | Waits for |", "| --- | --- | --- | ---: |"]
        aspect = generate_project.ASPECTS[row % 10][1].lower()
        statement = f"What {aspect} means for {topic.lower()} is settled and shown"
        identifier = f"section-{row // 10}.checkpoint-{row}"
        if has_markup:
            statement = f"What **{aspect}** means for {topic.lower()} is settled and shown"
            identifier = f"`{identifier}`"
        lines.append(f"| {statement} ({identifier}) | {r.choice(['✓ met', '◌ open', '✗ closed'])} "
                     f"| {aspect}, {aspect} in practice | {r.choice(['—', identifier])} |")
    return "\n".join(lines) + "\n"


def prose(count):
    """Paragraphs of some fifty words, with a heading now and then."""
    r, lines = random.Random(count), []
    for paragraph in range(count):
        if paragraph % 8 == 0:
            lines += [f"## Section {paragraph // 8 + 1}", ""]
        lines += generate_project.prose(r, "") + [""]
    return "\n".join(lines)


def compare(subject):
    subject.report.section("Markdown to HTML", """\
rfpgen's HTML path alone (a fragment, safe output), as a whole process that reads a file and writes
one, and from inside.""")
    program = engines.built()
    texts = {"tables with markup": tables(20000, True), "tables without": tables(20000, False),
             "prose": prose(12000)}
    files = {}
    for name, text in texts.items():
        files[name] = subject.folder / f"{name.replace(' ', '-')}.md"
        files[name].write_text(text)
    output = subject.folder / "path.html"
    other = str(subject.folder / "other.html")

    for name in ("tables with markup", "tables without"):
        print(f"  {name}: {mebibytes(files[name].stat().st_size)} MiB of Markdown\n")
        results = subject.bench.compare({
            "rfpgen": [Command([program, "html", 1, files[name], output])],
            "cmark-gfm -e table": [Command(["cmark-gfm", "-e", "table", files[name]], other)],
            "cmark (no tables)": [Command(["cmark", files[name]], other)],
        }, subject.runs(7))
        ours, gfm, _ = results.values()
        subject.report.times(results)
        subject.report.compared(f"{name} ÷ cmark-gfm", ours, gfm, "<= 0.75")
        subject.report.figure(f"{name}: peak memory ÷ output",
                              median(ours.peak) / output.stat().st_size, "<= 4")
        print()

    name = "prose"
    print(f"  {name}: {mebibytes(files[name].stat().st_size)} MiB of Markdown\n")
    results = subject.bench.compare({
        "rfpgen": [Command([program, "html", 1, files[name], output])],
        "cmark": [Command(["cmark", files[name]], other)],
        "cmark-gfm": [Command(["cmark-gfm", files[name]], other)],
    }, subject.runs(7))
    ours, cmark, _ = results.values()
    subject.report.times(results)
    subject.report.compared("prose ÷ cmark, whole processes", ours, cmark)
    subject.report.figure("prose: peak memory ÷ output",
                          median(ours.peak) / output.stat().st_size, "<= 4")
    print("\n  from inside, warm:\n")
    inside = engines.in_turns(subject, {
        "rfpgen": [program, "html", 4, files[name]],
        "libcmark": [subject.bench.floor("html"), 4, files[name]],
    }, subject.runs(3))
    engines.seconds(subject, inside)
    subject.report.compared("prose ÷ libcmark, from inside", *inside.values(), "<= 1.25",
                            of="cpu")

    if not shutil.which("pandoc"):
        print("\n  pandoc is not there; 'apt-get install pandoc' for a row about it")
        return
    small = subject.folder / "small.md"
    small.write_text(tables(2000, True) + "\n" + prose(1200))
    print(f"\n  tables and prose: {mebibytes(small.stat().st_size)} MiB of Markdown\n")
    results = subject.bench.compare({
        "rfpgen": [Command([program, "html", 1, small, output])],
        "pandoc -f gfm": [Command(["pandoc", "-f", "gfm", "-t", "html", small], other)],
    }, subject.runs(3), warm_up=0)
    ours, pandoc = results.values()
    subject.report.times(results)
    subject.report.compared("pandoc's time ÷ rfpgen's", pandoc, ours)
