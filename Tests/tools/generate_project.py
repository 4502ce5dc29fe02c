"""Writes a guide and a project of any size, for benchmarks and for tests of growth.

    generate_project.py CHECKPOINTS FOLDER

FOLDER gets `guide.yaml` and `project.yaml`: ten checkpoints and twenty guiding questions in each
section, the sections spread over six phases, and answers of about fifty words with links as
evidence. In the first four phases every question is answered and every checkpoint is claimed, in
the last two a fifth of the answers is missing. The same arguments give the same bytes.
"""

import pathlib
import sys

WORDS = (
    "the servers of the programme stand in a data centre that is guarded day and night and the "
    "operators check *every* morning whether backups were written and whether the disks still "
    "have room for `three months` of forms, photographs and reports that health workers send "
    "from villages along the river, the coast and the northern hills"
).split()
PHASES = 6


def prose(seed, count=50):
    return " ".join(WORDS[(seed * 7 + step * (1 + seed % 3)) % len(WORDS)] for step in range(count))


def section(number, index, count):
    yield f"      - id: section-{number}"
    yield f'        number: "{index}"'
    yield f"        title: Section {number} about the {WORDS[number % len(WORDS)].strip('*`,')}"
    yield "        questions:"
    for item in range(2 * count):
        kind = ("text", "link", "text", "line", "number", "date", "text", "yes-no", "list", "text")
        kind = kind[item % 10]
        evidence = "none" if kind in ("line", "yes-no") else "required"
        yield f"          - id: question-{item}"
        yield f"            title: Question {item} of section {number}"
        yield f"            ask: What is known about {prose(number + item, 12)}?"
        yield f"            answer: {kind}"
        yield f"            evidence: {evidence}"
        yield f"            for: {'rfp' if item % 4 == 0 else 'gate'}"
    yield "        checkpoints:"
    for item in range(count):
        yield f"          - id: checkpoint-{item}"
        yield f"            statement: It is shown that {prose(number * 3 + item, 15)}."
        yield f"            relies-on: [question-{2 * item}, question-{2 * item + 1}]"


def guide(checkpoints):
    sections = [10] * (checkpoints // 10) + ([checkpoints % 10] if checkpoints % 10 else [])
    yield "guide: generated"
    yield 'edition: "1"'
    yield "title: A guide of any size"
    yield "system: {name: Any}"
    yield "hosting-options: [{id: here, title: Here}, {id: there, title: There}]"
    yield "scale: [{id: users, title: Users, ask: How many?, answer: number, unit: users}]"
    yield "phases:"
    number = 0
    for phase in range(PHASES):
        share = sections[phase * len(sections) // PHASES : (phase + 1) * len(sections) // PHASES]
        yield f"  - id: phase-{phase + 1}"
        yield f'    number: "{phase + 1}"'
        yield f"    title: Phase {phase + 1}"
        yield "    sections:" + ("" if share else " []")
        for index, count in enumerate(share):
            yield from section(number, f"{phase + 1}.{index + 1}", count)
            number += 1


def answer(number, item):
    kind = item % 10
    if kind == 1:
        return f" https://docs.example.org/answers/{number}/{item}"
    if kind == 3:
        return f" {prose(number + item, 6)}"
    if kind == 4:
        return f" {number * 10 + item}"
    if kind == 5:
        return f" 2026-{1 + number % 10:02}-{1 + item:02}"
    if kind == 7:
        return " yes"
    if kind == 8:
        return "".join(f"\n      - {prose(number + item + step, 16)}" for step in range(3))
    return " |\n      " + prose(number + item, 25) + ".\n\n      " + prose(number - item, 25) + "."


def project(checkpoints):
    yield "guide: generated"
    yield "programme: {title: A programme of any size, client: A ministry, currency: EUR}"
    yield "rfp:"
    yield "  issued: 2026-12-01"
    yield "  closes: 2027-01-15T17:00+03:00"
    yield "hosting: here"
    yield "scale: {users: 12000}"
    yield "answers:"
    done = (checkpoints + 9) // 10 * 4 // PHASES
    for checkpoint in range(checkpoints):
        number = checkpoint // 10
        for item in (2 * (checkpoint % 10), 2 * (checkpoint % 10) + 1):
            if number >= done and (number + item) % 5 == 0:
                continue
            yield f"  section-{number}.question-{item}:"
            yield f"    answer:{answer(number, item)}"
            if item % 10 not in (3, 7):
                yield "    evidence:"
                yield f"      - link: https://evidence.example.org/{number}/{item}"
                yield f"        title: Protocol {item} of section {number}"
                yield "        collected: 2026-10-01"
                yield "        valid-until: 2027-10-01"
            yield "    by: Somebody"
            yield "    on: 2026-10-02"
    yield "checkpoints:"
    for checkpoint in range(checkpoints):
        if checkpoint // 10 < done:
            yield f"  section-{checkpoint // 10}.checkpoint-{checkpoint % 10}: {{claimed: yes}}"


def main():
    checkpoints, folder = int(sys.argv[1]), pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in (("guide.yaml", guide(checkpoints)), ("project.yaml", project(checkpoints))):
        text = "\n".join(lines) + "\n"
        folder.joinpath(name).write_text(text, encoding="utf-8")


main()
