"""Runs programs beside each other and compares what they took."""

import dataclasses
import pathlib
import re
import shutil
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tools"))
import generate_bids  # noqa: E402,F401 - the tests' generators make the workload here too
import generate_evidence  # noqa: E402,F401
import generate_project  # noqa: E402,F401


class Failed(Exception):
    """A program that is measured could not do its work."""


@dataclasses.dataclass(frozen=True)
class Command:
    """A program with its words; its output goes to a file, or nowhere.

    A folder that it makes is taken away before each run: what stands there already need not be written.
    """

    words: list
    output: str | None = None
    folder: pathlib.Path | None = None


@dataclasses.dataclass
class Runs:
    """What several runs of the same work took."""

    name: str
    wall: list = dataclasses.field(default_factory=list)  # seconds
    cpu: list = dataclasses.field(default_factory=list)  # seconds
    peak: list = dataclasses.field(default_factory=list)  # bytes


class Bench:
    """Builds the small C programs into a folder and runs commands from there."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        compiler = shutil.which("cc") or shutil.which("clang")
        if not compiler:
            raise Failed("no C compiler is on the path; install gcc or clang")
        self.compiler = compiler
        for source in sorted((HERE / "floor").glob("*.c")):
            self._call([compiler, "-O2", str(source), "-o", str(self.folder / source.stem),
                        "-lyaml", "-lcmark"])

    def floor(self, name):
        """The path of one of the small C programs."""
        return str(self.folder / name)

    @staticmethod
    def _call(words):
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode != 0:
            raise Failed(f"{words[0]} failed ({done.returncode}):\n{done.stderr.strip()}")
        return done.stdout

    def lines(self, words):
        """The lines that a program prints."""
        return self._call([str(word) for word in words]).splitlines()

    def once(self, command):
        """Runs one command; gives seconds of wall time, of processor time, and bytes at the peak."""
        words = [self.floor("run")]
        if command.output:
            words += ["-o", command.output]
        words += [str(word) for word in command.words]
        if command.folder:
            shutil.rmtree(command.folder, ignore_errors=True)
        done = subprocess.run(words, capture_output=True, text=True)
        figures = done.stdout.split()
        if done.returncode != 0 or figures[0] != "0":
            raise Failed(f"{' '.join(words)} failed:\n{done.stderr.strip()[-2000:]}")
        return float(figures[1]), float(figures[2]), int(figures[3])

    def instructions(self, commands):
        """How many instructions commands execute together, as valgrind counts them: a figure that
        does not depend on what else the machine does."""
        total = 0
        for number, command in enumerate(commands):
            words = [str(word) for word in command.words]
            # valgrind cannot read the debugging information of static Swift programs.
            lean = self.folder / f"lean-{number}"
            self._call(["strip", "--strip-debug", "-o", str(lean), shutil.which(words[0])])
            done = subprocess.run(
                ["valgrind", "--tool=cachegrind", "--cache-sim=no",
                 "--cachegrind-out-file=/dev/null", str(lean), *words[1:]],
                capture_output=True, text=True)
            found = re.search(r"I +refs: +([\d,]+)", done.stderr)
            if done.returncode != 0 or not found:
                raise Failed(f"valgrind {' '.join(words)} failed:\n{done.stderr[-2000:]}")
            total += int(found.group(1).replace(",", ""))
        return total

    def compare(self, subjects, runs, warm_up=1):
        """Runs the commands of each subject in turns (A B A B), after a few turns that don't count.

        A subject is a name with a list of commands: their times are added, of their peaks the
        highest counts.
        """
        results = {name: Runs(name) for name in subjects}
        for turn in range(warm_up + runs):
            for name, commands in subjects.items():
                figures = [self.once(command) for command in commands]
                if turn >= warm_up:
                    results[name].wall.append(sum(wall for wall, _, _ in figures))
                    results[name].cpu.append(sum(cpu for _, cpu, _ in figures))
                    results[name].peak.append(max(peak for _, _, peak in figures))
        return results


def median(values):
    return statistics.median(values)


def spread(values, form):
    """The median with the least and the most: `1.2 (1.1–1.5)`."""
    return f"{form(median(values))} ({form(min(values))}–{form(max(values))})"


def milliseconds(seconds):
    value = seconds * 1000
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def mebibytes(count):
    return f"{count / (1 << 20):.1f}"


def factor(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 20 else f"{value:.2f}"


def ratios(ours, theirs):
    """The ratio of each run to the run of the other that stood beside it."""
    return [a / b for a, b in zip(ours, theirs)]


class Report:
    """Prints sections of rows, and keeps the verdicts for the end."""

    def __init__(self):
        self.verdicts = []

    def section(self, title, text):
        print(f"\n## {title}\n\n{text}\n")
        sys.stdout.flush()

    def times(self, results):
        """One row for each subject: wall time, processor time, peak memory."""
        rows = [["", "wall ms (min–max)", "processor ms", "peak MiB"]]
        for runs in results.values():
            rows.append([runs.name, spread(runs.wall, milliseconds),
                         milliseconds(median(runs.cpu)), mebibytes(median(runs.peak))])
        self.table(rows)

    def table(self, rows):
        widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
        for row in rows:
            cells = [cell.ljust(widths[0]) if i == 0 else cell.rjust(widths[i])
                     for i, cell in enumerate(row)]
            print("  " + "  ".join(cells).rstrip())
        print()
        sys.stdout.flush()

    def compared(self, what, ours, theirs, aim=None, of="wall"):
        """A ratio of medians, with the least and the most of the pairs."""
        mine, other = getattr(ours, of), getattr(theirs, of)
        pairs = ratios(mine, other)
        note = f"{factor(min(pairs))}–{factor(max(pairs))}"
        if of == "wall" and ours.cpu and theirs.cpu:
            note += f"; processor {factor(median(ours.cpu) / median(theirs.cpu))}"
        self.figure(what, median(mine) / median(other), aim, note)

    def figure(self, what, value, aim=None, note=""):
        """One figure and, where there is an aim such as `<= 2.5`, whether it is within it."""
        verdict = ""
        if aim:
            sign, limit = aim.split()
            limit = float(limit)
            reached = {"<=": value <= limit, "<": value < limit, ">=": value >= limit}[sign]
            verdict = f"   aim {sign} {limit:g}: {'within' if reached else 'BEYOND'}"
            self.verdicts.append((what, value, aim, reached))
        print(f"  {what}: {factor(value)}{f' ({note})' if note else ''}{verdict}")
        sys.stdout.flush()

    def finish(self):
        if not self.verdicts:
            return
        print("\n## Aims\n")
        rows = [["", "figure", "aim", ""]]
        for what, value, aim, reached in self.verdicts:
            rows.append([what, factor(value), aim, "within" if reached else "BEYOND"])
        self.table(rows)
