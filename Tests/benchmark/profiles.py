"""Where rfpgen's time goes, by function."""

import collections
import pathlib
import re
import shutil
import subprocess

from measure import HERE, Failed

LINES = 40
# Steps between functions that say nothing by themselves.
THUNK = re.compile(r"^(\[unknown\]|partial apply for|thunk for|implicit closure|closure #\d+ in closure)")


def demangled(names):
    """Swift's names in a form that a person reads, where the Swift tools are there."""
    names = sorted(names)
    if not shutil.which("swift"):
        return dict(zip(names, names))
    done = subprocess.run(["swift", "demangle", "--simplified", "--compact"],
                          input="\n".join(names), capture_output=True, text=True)
    return dict(zip(names, done.stdout.split("\n"))) if done.returncode == 0 else dict(
        zip(names, names))


def samples(words, folder):
    """The functions on the stack at each sample of `perf`, innermost first."""
    data = str(pathlib.Path(folder) / "perf.data")
    done = subprocess.run(
        ["perf", "record", "-q", "-F", "1999", "--call-graph", "fp", "-o", data, *words],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise Failed(f"perf record failed: {done.stderr.strip()[-500:]}")
    done = subprocess.run(["perf", "script", "-i", data, "-F", "ip,sym"],
                          capture_output=True, text=True)
    stacks = [[line.split(None, 1)[-1] for line in block.splitlines() if line.strip()]
              for block in done.stdout.split("\n\n")]
    return [stack for stack in stacks if stack]


def show(subject):
    """Profiles the large generated project, and thirty runs over the example."""
    if not shutil.which("perf"):
        raise Failed("perf is not there; install linux-perf")
    example = HERE.parent.parent / "Examples/commcare/project.yaml"
    for title, project, times in [
        ("20,000 checkpoints", subject.generated(20000) / "project.yaml", 1),
        ("the example", example, 30),
    ]:
        words = [str(word) for word in subject.build(project, subject.folder / "profiled").words]
        if times > 1:
            words = ["sh", "-c", f'for i in $(seq {times}); do "$@"; done', "sh", *words]
        stacks = samples(words, subject.folder)
        names = demangled({name for stack in stacks for name in stack})
        own, inside = collections.Counter(), collections.Counter()
        for stack in stacks:
            own[names[stack[0]]] += 1
            inside.update({names[name] for name in stack})
        print(f"\n## {title}: {len(stacks)} samples\n")
        print("  with all that it calls:\n")
        table({name: count for name, count in inside.items() if not THUNK.match(name)}, len(stacks))
        print("\n  by itself:\n")
        table(own, len(stacks))


def table(counts, total):
    for name, count in collections.Counter(counts).most_common(LINES):
        print(f"  {100 * count / total:5.1f} %  {name[:130]}")
