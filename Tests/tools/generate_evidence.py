#!/usr/bin/env python3
"""Writes a project with very many, or very large, evidence files.

    generate_evidence.py FOLDER --files 100000 --size 2048
    generate_evidence.py FOLDER --files 1 --size 10G --sparse

FOLDER gets `guides/files.yaml`, `project.yaml` and `evidence/`. A guiding question has up to a
thousand files. A half of each file is text and a half noise, unless it is sparse. The same words
give the same bytes.
"""

import argparse
import pathlib
import random

PER_QUESTION = 1000
PER_FOLDER = 1000
PIECE = 1 << 20

GUIDE = """\
guide: files
edition: "2026-11"
title: A guide to files
language: en
summary: Made by a program, to measure with.
source: {title: A program, publisher: Nobody, url: https://example.org/}
system:
  name: The system
  steward: Its community
  url: https://example.org/system
  summary: A system that keeps files.
phases:
  - id: design
    number: "1"
    title: Design
    sections:
      - id: files
        number: "1.1"
        title: Files
        questions:
"""

QUESTION = """\
          - id: records-{number}
            title: Records {number}
            ask: Which records are kept?
            answer: text
            evidence: required
"""

PROJECT = """\
guide: files
programme: {title: A programme with many files}
answers:
"""

WORDS = """backups restores queue lengths districts servers phones forms cases keys certificates
runbook incidents counts ministry steering group quarter upgrade release alert standby dashboard
engineer programme deployment minutes network latency power cooling access support""".split()


def content(r, size):
    """Bytes of which a half are words and a half noise."""
    text = bytearray()
    while len(text) < size // 2:
        text += r.choice(WORDS).encode() + b" "
    return bytes(text[: size // 2]) + r.randbytes(size - size // 2)


def write(path, r, size, is_sparse):
    with open(path, "wb") as out:
        if is_sparse:
            out.truncate(size)
            return
        if size < PIECE:
            out.write(content(r, size))
            return
        # Pieces out of a pool that is larger than what a compressor looks back on.
        pool = [content(r, PIECE) for _ in range(16)]
        for piece in range(size // PIECE):
            out.write(pool[piece % len(pool)])
        out.write(content(r, size % PIECE))


def generate(folder, files, size, is_sparse=False):
    """Writes a project with as many files of that size."""
    folder = pathlib.Path(folder)
    (folder / "guides").mkdir(parents=True)
    guide, project = [GUIDE], [PROJECT]
    r = random.Random(files)
    for number in range(files):
        if number % PER_QUESTION == 0:
            question = number // PER_QUESTION + 1
            guide.append(QUESTION.format(number=question))
            project.append(f"  files.records-{question}:\n    answer: They are kept.\n    evidence:\n")
        path = f"evidence/{number // PER_FOLDER:03d}/record-{number:06d}.txt"
        project.append(f"      - {{file: {path}, collected: 2026-11-01}}\n")
        target = folder / path
        if number % PER_FOLDER == 0:
            target.parent.mkdir(parents=True)
        write(target, r, size, is_sparse)
    (folder / "guides/files.yaml").write_text("".join(guide))
    (folder / "project.yaml").write_text("".join(project))


def byte_count(text):
    """`2048`, `64K`, `300M` or `10G`."""
    factors = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
    return int(text[:-1]) * factors[text[-1]] if text[-1] in factors else int(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", help="where to write")
    parser.add_argument("--files", type=int, default=1, help="how many")
    parser.add_argument("--size", type=byte_count, default=2048, help="bytes of each: 2048, 64K, 10G")
    parser.add_argument("--sparse", action="store_true", help="leave the files holes")
    arguments = parser.parse_args()
    generate(arguments.folder, arguments.files, arguments.size, arguments.sparse)


if __name__ == "__main__":
    main()
