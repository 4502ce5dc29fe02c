"""Templates rendered by rfpgen's engine, Jinja2 and minijinja, in processes that stay warm."""

import json
import pathlib
import subprocess
import sys

import peer.pipeline
from measure import Command, Failed, Runs, factor, generate_project, median, mebibytes, milliseconds, spread

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
SCRATCH = ROOT / ".build/benchmark"


def built():
    """The program that measures rfpgen's library from inside, built where that is needed."""
    # Without its plan, SwiftPM looks for new files in rfpgen's folders too.
    for plan in SCRATCH.glob("*.yaml"):
        plan.unlink()
    done = subprocess.run(
        ["swift", "build", "-c", "release", "--package-path", str(HERE / "engine"),
         "--scratch-path", str(SCRATCH), "-Xswiftc", "-static-executable"],
        capture_output=True, text=True)
    if done.returncode != 0:
        raise Failed(f"swift build failed:\n{(done.stdout + done.stderr)[-3000:]}")
    return str(SCRATCH / "release/engine-benchmark")


def plain(text):
    return " ".join(str(text).split())


def data(subject):
    """A report's data as one JSON file: values with the marks that people type."""
    folder = subject.generated(1000)
    project = peer.pipeline.load(folder / "project.yaml")
    guide = peer.pipeline.load(folder / "guides/generated.yaml")
    model = peer.pipeline.model(guide, project, generate_project.TODAY)
    phases, answered, questions, checkpoints, met = [], 0, 0, 0, 0
    for phase in model["phases"]:
        sections = []
        for section in phase["sections"]:
            questions += len(section["questions"])
            answered += sum(question["answer"] is not None for question in section["questions"])
            sections.append({
                "number": section["number"], "title": section["title"],
                "questions": [{
                    "id": question["id"], "title": question["title"], "ask": question["ask"],
                    "rung": question["rung"], "by": (question["answer"] or {}).get("by", ""),
                    "answer": plain("; ".join(f"{label}: {text}" if label else plain(text)
                                              for label, text in question["rows"])),
                    "evidence": [{"title": item["title"], "link": item["link"],
                                  "collected": str(item["collected"])}
                                 for item in question["evidence"] if "link" in item],
                } for question in section["questions"]],
                "checkpoints": [{
                    "id": checkpoint["id"], "statement": plain(checkpoint["statement"]),
                    "state": checkpoint["state"],
                    "relies_on": [{"title": title, "rung": rung}
                                  for title, rung in checkpoint["relies_on"]],
                } for checkpoint in section["checkpoints"]],
            })
        checkpoints += phase["count"]
        met += phase["met"]
        phases.append({"number": phase["number"], "title": phase["title"], "gate": phase["gate"],
                       "count": phase["count"], "met": phase["met"], "sections": sections})
    path = subject.folder / "report.json"
    path.write_text(json.dumps({
        "programme": model["programme"]["title"], "phases": phases,
        "summary": {"questions": questions, "answered": answered, "checkpoints": checkpoints,
                    "met": met},
    }, ensure_ascii=False))
    return path


def in_turns(subject, commands, rounds):
    """Runs in turns programs that do their work several times and print the processor time of each;
    the first time is warm-up."""
    results = {name: Runs(name) for name in commands}
    for _ in range(rounds):
        for name, words in commands.items():
            seconds = [float(line) for line in subject.bench.lines(words)]
            results[name].cpu += seconds[1:]
    return results


def seconds(subject, results):
    """One row of times for each subject."""
    subject.report.table([["", "processor ms (min–max)"]] + [
        [runs.name, spread(runs.cpu, milliseconds)] for runs in results.values()])


def compare(subject):
    subject.report.section("Template engine", """\
One template, compiled once and rendered many times in one process, from the same data: a report with
tables, headings, quotes and links. rfpgen fits every value to its place; the others, and rfpgen
where it says 'without escaping', write values as they are.""")
    program = built()
    template, values = HERE / "engine/report.md.jinja", data(subject)
    output = {name: subject.folder / f"report-{name}.md"
              for name in ("escaped", "plain", "jinja2", "minijinja")}
    peers = [sys.executable, HERE / "engine/python_engines.py"]
    count, rounds = 12, subject.runs(3)
    results = in_turns(subject, {
        "rfpgen": [program, "render", count, template, values, "escaped", output["escaped"]],
        "rfpgen, without escaping":
            [program, "render", count, template, values, "plain", output["plain"]],
        "minijinja": [*peers, "minijinja", count, template, values, output["minijinja"]],
        "Jinja2": [*peers, "jinja2", count, template, values, output["jinja2"]],
    }, rounds)
    written = [path.stat().st_size for path in output.values()]
    rows = [["", "processor ms (min–max)", "output MiB", "MB/s"]]
    for runs, size in zip(results.values(), [written[0], written[1], written[3], written[2]]):
        rows.append([runs.name, spread(runs.cpu, milliseconds), mebibytes(size),
                     factor(size / 1e6 / median(runs.cpu))])
    subject.report.table(rows)
    same = output["plain"].read_bytes() == output["jinja2"].read_bytes()
    print(f"  rfpgen without escaping and Jinja2 wrote {'the same' if same else 'DIFFERENT'} bytes\n")
    ours, plainly, minijinja, jinja2 = results.values()
    subject.report.compared("minijinja's time ÷ rfpgen's with escaping", minijinja, ours, ">= 2", of="cpu")
    subject.report.compared("Jinja2's time ÷ rfpgen's with escaping", jinja2, ours, ">= 4", of="cpu")
    subject.report.compared("minijinja's time ÷ rfpgen's without", minijinja, plainly, of="cpu")
    subject.report.compared("Jinja2's time ÷ rfpgen's without", jinja2, plainly, of="cpu")

    words = [template, values, "escaped", output["escaped"]]
    peaks = subject.bench.compare({
        "ready": [Command([program, "render", 0, *words])],
        "rendered": [Command([program, "render", 1, *words])],
    }, subject.runs(3))
    ready, rendered = (median(runs.peak) for runs in peaks.values())
    print(f"\n  peak memory of the process: {mebibytes(ready)} MiB when the data is read and the "
          f"template compiled,\n  {mebibytes(rendered)} MiB when it has rendered once\n")
    subject.report.figure("a rendering: what it adds to the peak ÷ output",
                          (rendered - ready) / written[0], "<= 4")

    compiled = in_turns(subject, {
        "rfpgen": [program, "compile", count, template, "escaped"],
        "minijinja": [*peers, "minijinja", count, template],
        "Jinja2": [*peers, "jinja2", count, template],
    }, 2)
    print("\n  compiling the template:\n")
    seconds(subject, compiled)
