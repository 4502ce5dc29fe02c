"""Comparing many bids: rfpgen beside a Python program on openpyxl and Jinja2."""

import sys

from measure import HERE, Command, generate_bids, generate_project, mebibytes, median

CHECKPOINTS = 1000
BIDS = [50, 100, 200]


def compare(subject):
    subject.report.section("Comparing bids", f"""\
'rfpgen compare' on bids for {CHECKPOINTS:,} checkpoints, as Markdown and HTML, beside a Python program that reads
the same bids as workbooks: openpyxl, Jinja2. It checks and escapes nothing.""")
    project = subject.generated(CHECKPOINTS) / "project.yaml"
    folder = subject.folder / "bids"
    tender = folder / "tender.yaml"
    subject.bench.once(subject.build(project, folder, "tender", "--format", "markdown"))
    taken = {}
    for count in BIDS:
        # Fewer bids are the first of more, but for the marks.
        bids = folder / f"of-{count}"
        generate_bids.generate(tender, count, bids, workbooks=True)
        ours_to, theirs_to = subject.folder / f"compared-{count}", subject.folder / f"peer-{count}"
        results = subject.bench.compare({
            f"rfpgen compare, {count} bids": [Command([
                subject.program, "compare", project, *sorted(bids.glob("bid-*.yaml")),
                "--tender", tender, "--marks", bids / "marks.yaml", "-o", ours_to,
                "--today", generate_project.TODAY], folder=ours_to)],
            "Python": [Command([sys.executable, HERE / "peer/comparison.py", tender,
                                bids / "marks.yaml", theirs_to, *sorted(bids.glob("*.xlsx"))])],
        }, subject.runs(3 if count <= 100 else 1), warm_up=1 if count <= 50 else 0)
        ours, peer = results.values()
        subject.report.times(results)
        read = sum(file.stat().st_size for file in bids.glob("bid-*.yaml"))
        written = sum(file.stat().st_size for file in ours_to.iterdir())
        print(f"  rfpgen read {mebibytes(read)} MiB and wrote {mebibytes(written)} MiB, "
              f"Python {mebibytes(sum(file.stat().st_size for file in theirs_to.iterdir()))} MiB\n")
        taken[count] = median(ours.cpu)
        subject.report.compared(f"{count} bids: Python's time ÷ rfpgen's", peer, ours)
        subject.report.compared(f"{count} bids: Python's peak ÷ rfpgen's", peer, ours, of="peak")
        print()
    for fewer, more in zip(BIDS, BIDS[1:]):
        subject.report.figure(
            f"growth: processor time of {more} bids ÷ time of {fewer} ÷ {more // fewer} (linear is 1)",
            taken[more] / taken[fewer] / (more / fewer), "<= 1.2")
