"""Evidence packs: packing and verifying beside openssl and bsdtar in a row, and beside Python's bagit."""

import itertools
import pathlib
import shutil
import subprocess
import sys

from measure import Command, Failed, generate_evidence, generate_project, mebibytes

SIZES = {"one large file": (1, "1G"), "100,000 small files": (100_000, "2K")}
# As many files and as many bytes of each, and then of each sixteen times as many.
GROWING = {"one file": (1, ("64M", "1G")), "10,000 files": (10_000, ("2K", "32K"))}
# What bsdtar is told: its compressor stays at its usual level 6, as ours does.
FORMATS = {"folder": ("", ["-cf"]), "zip": (".zip", ["--format", "zip", "-cf"]),
           "tar.gz": (".tar.gz", ["-czf"])}


class Workplace:
    """A folder in which every run has names of its own: what was removed a moment before makes the
    file system slow for whoever comes next."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.numbers = itertools.count()

    def new(self, ending=""):
        return self.folder / f"run-{next(self.numbers)}{ending}"

    def clear(self):
        for item in self.folder.iterdir():
            shutil.rmtree(item) if item.is_dir() else item.unlink()


class Fresh:
    """A command made anew for each run, since it writes to a new place each time."""

    def __init__(self, make):
        self.make = make

    @property
    def words(self):
        return self.make()

    output = folder = None


def digests(subject, project, place):
    """Fails unless bagit and openssl find the digests that rfpgen's manifest states."""
    pack = place.new()
    subject.bench.once(Command([subject.program, "pack", project / "project.yaml", "-o", pack,
                                "--today", generate_project.TODAY]))
    ours = {}
    for line in (pack / "manifest-sha256.txt").read_text().splitlines():
        digest, path = line.split("  ", 1)
        ours[path] = digest
    evidence = sorted(digest for path, digest in ours.items() if path.startswith("data/evidence/"))
    files = sorted(str(file) for file in (project / "evidence").rglob("*") if file.is_file())
    theirs = subprocess.run(["xargs", "-0", "openssl", "dgst", "-sha256", "-r"], text=True,
                            input="\0".join(files), capture_output=True, check=True).stdout
    if sorted(line.split(" ", 1)[0] for line in theirs.splitlines()) != evidence:
        raise Failed("openssl and rfpgen differ over the evidence")
    bag = place.new()
    shutil.copytree(pack / "data", bag)
    bagit(subject, "--sha256", bag)
    manifest = (bag / "manifest-sha256.txt").read_text().splitlines()
    if {path: digest for digest, path in (line.split("  ", 1) for line in manifest)} != ours:
        raise Failed("bagit and rfpgen differ over the manifest")


def durably(target, *words):
    """A command that ends when what it wrote is on the disk, as a pack is when it has its name."""
    return ["sh", "-c", 'target=$1; shift; "$@" && sync -f "$target"', "sh", target, *words]


def bagit(subject, *words):
    subject.bench.once(Command([sys.executable, "-m", "bagit", "--quiet", *words]))


def start_afresh(evidence):
    """Has the kernel forget the files that it knows, and reads the evidence again.

    What it knows of each file that was ever made or read it keeps until memory runs short, and the more that is,
    the longer it takes to make another one: five times as long after some million. Only root may ask for that.
    """
    subprocess.run(["sync"], check=False)
    try:
        pathlib.Path("/proc/sys/vm/drop_caches").write_text("3\n")
    except OSError as error:
        print(f"  The kernel keeps what it knows of files, which slows down those that make many: {error}")
    for file in evidence.rglob("*"):
        if file.is_file():
            with file.open("rb") as bytes_of:
                while bytes_of.read(1 << 20):
                    pass


def compare(subject):
    for name, (files, size) in SIZES.items():
        one(subject, name, files, subject.large if files == 1 and subject.large else size)


def memory(subject):
    subject.report.section("Packs: memory", """\
The same number of evidence files with sixteen times as many bytes: 'rfpgen pack' and 'rfpgen verify' need as
much memory for the ones as for the others. What they need grows with the number of files that a project names,
of which each has its places in the reports, the statement and the manifests.""")
    rows = [["", "bytes of evidence", "pack MiB", "verify MiB"]]
    ratios = {}
    for name, (files, sizes) in GROWING.items():
        peaks = {}
        for size in sizes:
            count = generate_evidence.byte_count(size)
            project = subject.folder / f"growing-{files}-{size}"
            generate_evidence.generate(project, files, count)
            for kind, (ending, _) in FORMATS.items():
                pack = subject.folder / f"grown-{files}-{size}{ending}"
                figures = [
                    subject.bench.once(Command(words)) for words in (
                        [subject.program, "pack", project / "project.yaml", "-o", pack,
                         "--today", generate_project.TODAY],
                        [subject.program, "verify", pack])]
                peaks[size, kind] = [peak for _, _, peak in figures]
                rows.append([f"{name}, {kind}", f"{mebibytes(files * count)} MiB",
                             *(mebibytes(peak) for peak in peaks[size, kind])])
                shutil.rmtree(pack) if pack.is_dir() else pack.unlink()
            shutil.rmtree(project)
        ratios[name] = max(after / before for kind in FORMATS
                           for before, after in zip(peaks[sizes[0], kind], peaks[sizes[1], kind]))
    subject.report.table(rows)
    for name, ratio in ratios.items():
        subject.report.figure(f"{name}: peak ÷ that for a sixteenth of the bytes", ratio, "<= 1.1")


def one(subject, name, files, size):
    subject.report.section(f"Packs: {name}", """\
'rfpgen pack' and 'rfpgen verify' beside 'openssl dgst -sha256' and then 'bsdtar' on the same evidence:
an archive of the same kind, with the same level of compression, or for a folder a plain copy through
bsdtar. Beside 'bagit', which makes a bag in place, of a copy that 'cp -r' makes. Each ends when all is
on the disk, for which 'sync -f' waits behind those that do not. rfpgen's times include reading the
project and making its reports. Digests were compared first and are the same.""")
    project = subject.folder / f"evidence-{files}"
    generate_evidence.generate(project, files, generate_evidence.byte_count(size))
    evidence = project / "evidence"
    place = Workplace(subject.folder / f"packs-{files}")
    # What this makes is left until the first turns are over: to remove it would slow them down.
    digests(subject, project, place)
    subprocess.run(["sync"], check=False)
    peak = {}
    for kind, (ending, words) in FORMATS.items():
        start_afresh(evidence)
        packs, tars, bags = [], [], []
        # Compressing takes so long that one run says enough.
        turns = (subject.runs(1), 0) if ending else (subject.runs(3), 1)

        def pack():
            packs.append(place.new(ending))
            return [subject.program, "pack", project / "project.yaml", "-o", packs[-1],
                    "--today", generate_project.TODAY]

        def tar():
            tars.append(place.new(ending))
            if ending:
                return durably(tars[-1], "bsdtar", *words, tars[-1], evidence)
            tars[-1].mkdir()
            return durably(tars[-1], "sh", "-c", 'bsdtar -cf - "$1" | bsdtar -xf - -C "$2"', "sh",
                           evidence, tars[-1])

        def copy():
            bags.append(place.new())
            return ["cp", "-r", evidence, bags[-1]]

        digest = Command(["sh", "-c", 'find "$1" -type f -print0 | xargs -0 openssl dgst -sha256',
                          "sh", evidence])
        subjects = {f"rfpgen pack, {kind}": [Fresh(pack)],
                    "openssl, then bsdtar": [digest, Fresh(tar)]}
        if not ending:
            subjects["cp -r, then bagit"] = [
                Fresh(copy),
                Fresh(lambda: durably(bags[-1], sys.executable, "-m", "bagit", "--quiet", "--sha256",
                                      bags[-1]))]
        results = subject.bench.compare(subjects, *turns)
        subject.report.times(results)
        ours, theirs = list(results.values())[:2]
        peak[kind] = max(ours.peak)
        subject.report.compared(f"{name}, {kind}: packing ÷ (openssl + bsdtar)", ours, theirs, "<= 0.8")
        if not ending:
            aim = ">= 3" if files > 1 else None
            subject.report.compared(f"{name}: bagit's time ÷ packing",
                                    results["cp -r, then bagit"], ours, aim)
        else:
            subject.report.figure(f"{name}, {kind}: size ÷ bsdtar's",
                                  packs[-1].stat().st_size / tars[-1].stat().st_size)
        print()

        def unpack():
            folder = place.new()
            folder.mkdir()
            return ["bsdtar", "-xf", tars[-1], "-C", folder]

        unpacking = [Fresh(unpack)] if ending else []
        subjects = {f"rfpgen verify, {kind}": [Command([subject.program, "verify", packs[-1]])],
                    "bsdtar -x, then openssl" if ending else "openssl": [*unpacking, digest]}
        if not ending:
            subjects["bagit --validate"] = [
                Command([sys.executable, "-m", "bagit", "--quiet", "--validate", bags[-1]])]
        results = subject.bench.compare(subjects, *turns)
        subject.report.times(results)
        ours, theirs = list(results.values())[:2]
        peak[kind] = max(peak[kind], *ours.peak)
        subject.report.compared(
            f"{name}, {kind}: verifying ÷ ({'bsdtar + ' if ending else ''}openssl)", ours, theirs,
            "<= 0.8" if ending else None)
        if not ending:
            subject.report.compared(f"{name}: bagit's time ÷ verifying",
                                    results["bagit --validate"], ours, ">= 3" if files > 1 else None)
        print()
        place.clear()
        # The file system remembers for some seconds what was removed.
        subprocess.run(["sh", "-c", "sync; sleep 6"], check=False)
    if files == 1:
        size = generate_evidence.byte_count(size)
        subject.report.figure(f"{name}: peak memory in MiB for {mebibytes(size)} MiB",
                              max(peak.values()) / (1 << 20), "<= 64")
    shutil.rmtree(project)
