#!/usr/bin/env python3
"""Writes a guide with many checkpoints and a project that answers most of its questions.

    generate_project.py 1000 FOLDER

FOLDER gets `guides/generated.yaml`, `project.yaml` and `evidence/`. N checkpoints stand in N/10
sections of six phases, with two guiding questions each. The programme stands in its third phase: what
is missing in the first two is waived, later checkpoints are not claimed yet. About one question in 25
lacks its answer or its evidence. The same N gives the same bytes.
"""

import argparse
import datetime
import pathlib
import random

GUIDE = "generated"
TODAY = "2026-11-21"

PHASES = ["Design", "Resources", "Installation", "Testing", "Migration", "Operation"]

TOPICS = [
    ("backups", "Backups and restores"),
    ("access", "Access of administrators"),
    ("monitoring", "Monitoring and alerts"),
    ("network", "Networks and latency"),
    ("power", "Power and cooling"),
    ("updates", "Updates and changelogs"),
    ("databases", "Databases and replicas"),
    ("support", "Support of users"),
    ("privacy", "Privacy of patients"),
    ("recovery", "Recovery after a disaster"),
    ("capacity", "Capacity and growth"),
]

ASPECTS = [
    ("ownership", "Who answers for it"),
    ("routine", "The routine of every week"),
    ("targets", "Targets and how they are measured"),
    ("rehearsals", "Rehearsals before going live"),
    ("records", "Records and how long they are kept"),
    ("exceptions", "Exceptions & who grants them"),
    ("tools", "Tools and their versions"),
    ("training", "Training of the team"),
    ("third-parties", "Third parties that it depends on"),
    ("reporting", "Reports to the programme"),
]

OPENINGS = [
    "The operations team", "A second engineer", "The *programme lead*", "Whoever is on call",
    "Our hosting partner", "The data manager", "An auditor from outside", "The national help desk",
]
DEEDS = [
    "restores last night's dump on `standby-2`", "reads the queue lengths in the dashboard",
    "walks through the runbook of **major incidents**", "compares the counts of forms and cases",
    "rotates the keys with `ansible-vault rekey`", "rehearses the switch to the second site",
    "checks the certificates of every `*.health.example.org` host",
    "signs the list of people with *root* access",
    "files the minutes in [the operations wiki](https://wiki.example.org/operations)",
    "measures the round trip from three district offices",
]
TIMES = [
    "every Monday before eight", "once a quarter", "after each upgrade", "within two working days",
    "before a release reaches phones", "whenever an alert stays open for an hour", "twice a year",
]
ENDINGS = [
    "and writes down who was there", "so that a stand-in can go on at any point",
    "unless the steering group has put it off in writing",
    "as [the deployment guide](https://docs.example.org/deploy?page=7&part=b) proposes",
    "and keeps the log for 7 years (see `RET-12`)", "because no outage may last longer than 4 h",
    "and tells the districts on the same day", "with the results shown to the ministry",
]


def sentence(r):
    return f"{r.choice(OPENINGS)} {r.choice(DEEDS)} {r.choice(TIMES)}, {r.choice(ENDINGS)}."


def prose(r, indent, words=40):
    """A paragraph of a little more than as many words, or two, wrapped as a person would."""
    sentences, count = [], 0
    while count < words:
        sentences.append(sentence(r))
        count += len(sentences[-1].split())
    paragraphs = [sentences]
    if len(sentences) > 2 and r.random() < 0.25:
        paragraphs = [sentences[:2], sentences[2:]]
    lines = []
    for paragraph in paragraphs:
        if lines:
            lines.append("")
        line = ""
        for word in " ".join(paragraph).split():
            if line and len(line) + 1 + len(word) > 90:
                lines.append(indent + line)
                line = word
            else:
                line = f"{line} {word}" if line else word
        lines.append(indent + line)
    return lines


# Kinds of second questions, with what a guide says about them and an answer to each.
def link(r, k):
    return [f"https://docs.example.org/runbooks/{k:05d}"]


def number(r, k):
    return [str(r.randint(2, 400))]


def duration(r, k):
    return [r.choice(["15 min", "4 h", "2 business days", "90 days"])]


def date(r, k):
    day = datetime.date(2026, 1, 5) + datetime.timedelta(days=k % 300)
    return [day.isoformat()]


def choice(r, k):
    return [r.choice(["daily", "weekly", "monthly"])]


def items(r, k):
    return [""] + [f"      - {sentence(r)}" for _ in range(3)]


def person(r, k):
    return ["", f"      name: Person {k}", "      job-function: Systems engineer",
            f"      email: person{k}@example.org"]


def parts(r, k):
    return ["", f"      share: {r.randint(50, 100)}", "      reason: |",
            *prose(r, "        ", 15)]


CHOICES = ["            choices:"] + [
    line for word in ("daily", "weekly", "monthly")
    for line in (f"              - id: {word}", f"                title: {word.capitalize()}")
]
PARTS = [
    "            parts:",
    "              - id: share", "                title: Share", "                answer: number",
    "                unit: \"%\"",
    "              - id: reason", "                title: Reason", "                answer: text",
]
KINDS = [
    ("text", [], None), ("link", [], link), ("text", [], None),
    ("number", ["            unit: servers"], number), ("text", [], None),
    ("duration", [], duration), ("list", [], items), ("date", [], date),
    ("choice", CHOICES, choice), ("person", [], person), ("parts", PARTS, parts),
]


def evidence(r, k, today):
    """One or two pieces of evidence; one in eight is a file."""
    lines = ["    evidence:"]
    for piece in range(r.randint(1, 2)):
        collected = today - datetime.timedelta(days=r.randint(5, 200))
        if r.random() < 0.125:
            lines.append(f"      - file: evidence/record-{k % 20:02d}.txt")
        else:
            lines.append(f"      - link: https://evidence.example.org/{k // 100:04d}/{k:05d}-{piece}.pdf")
        lines += [f"        title: Record {k}.{piece + 1}", f"        collected: {collected}",
                  f"        valid-until: {collected + datetime.timedelta(days=400)}"]
    return lines


def waiver(r, identifier, kind):
    return [f"  - for: {identifier}", f"    kind: {kind}", f"    reason: {sentence(r)}",
            "    decided-by: The steering group", "    on: 2026-10-01", "    until: 2027-10-01"]


GUIDE_HEAD = """\
guide: generated
edition: "2026-11"
title: A guide of {count} checkpoints
language: en
summary: Made by a program, to measure with.
source:
  title: A program
  publisher: Nobody
  url: https://example.org/
system:
  name: The system
  steward: Its community
  url: https://example.org/system
  summary: A system that collects data of visits to households.
hosting-options:
  - id: cloud
    title: A cloud
    text: Virtual servers that somebody else looks after.
  - id: on-premise
    title: An own data centre
    text: Servers that the programme looks after itself.
scale:
  - id: mobile-users
    title: Mobile users
    ask: How many people will use the application?
    answer: number
    unit: users
rfp:
  purpose: This request seeks a provider that operates the system.
  background: The system has been in use for some years.
  current-environment: It is hosted by its steward.
  proposed-environment: It is to run on servers of the programme.
  design-specifies: [The servers, The networks, The backups]
  design-service-levels: The design says how each service level is kept.
  scope: The provider installs and operates the system.
  hosting-elements: A hosting provider offers power, cooling and networks.
  scale: These figures are estimates.
  trade-offs: Cost is weighed against the following.
  requirements: A bidder shows these.
  period: The work begins on the day of the award.
  deliverables: A bid holds these parts.
  submission: Bids are sent as one PDF file.
  contacts: Questions go to these people.
  skills: Operating the system takes these skills.
  reading: [{{title: The manual, url: https://example.org/manual}}]
responsibilities:
  - {{id: operation, number: "1", activity: Operation of the servers, carried-by: provider}}
  - {{id: acceptance, number: "2", activity: Acceptance, carried-by: programme}}
components:
  - {{id: web, title: Web servers, text: They answer requests., software: [nginx, Django]}}
trade-offs:
  - {{id: speed, title: Speed, text: A faster disk costs more.}}
requirements:
  - {{id: references, title: References, text: "Three comparable projects, at least.", minimum: 3}}
roles:
  - {{id: engineer, title: Engineer, text: Looks after the servers., duties: [Updates, Backups]}}
deliverables:
  - {{id: design, title: A design, text: It describes the servers.}}
skills:
  - id: systems
    title: Systems
    text: Looking after servers.
    children: [{{id: linux, title: Linux}}, {{id: storage, title: Storage}}]
service-levels:
  - id: availability
    title: Availability
    group: Service
    text: The share of time in which the system answers.
    measure: Probes from outside, once a minute.
    window: each month
    better: higher
    answer: quantity
    unit: "%"
phases:
"""

PROJECT_HEAD = """\
guide: generated
programme:
  title: A programme with {count} checkpoints
  client: Ministry of Examples
  country: Exampleland
  language: en
  currency: USD
  summary: The programme measures how long a large project takes.
  current-hosting: The system is hosted by its steward.
rfp:
  reference: MOE/2026/001
  issued: 2026-12-01
  clarifications-by: 2026-12-15T17:00+03:00
  closes: 2027-01-15T17:00+03:00
  bids-valid-for: 120 days
  award-by: 2027-03-01
  submit-to: bids@example.org
  host-options: 3
  period: 18 months
  contacts:
    - {{name: Ada Example, title: Procurement, email: ada@example.org, phone: "+000 1"}}
  criteria:
    - {{id: quality, title: Quality, weight: 70, text: How well the design fits.}}
    - {{id: cost, title: Cost, weight: 30, method: lowest-cost, text: The lowest sum earns most.}}
  annexes:
    - {{title: Terms, link: https://example.org/terms}}
hosting: cloud
scale:
  mobile-users: 12000
service-levels:
  availability: {{target: "99.5 %"}}
"""


def generate(count, folder):
    """Writes guide, project and evidence of `count` checkpoints below `folder`."""
    folder = pathlib.Path(folder)
    (folder / "guides").mkdir(parents=True, exist_ok=True)
    (folder / "evidence").mkdir(exist_ok=True)
    for k in range(20):
        (folder / f"evidence/record-{k:02d}.txt").write_text(f"What was seen on visit {k}.\n")

    r = random.Random(count)
    today = datetime.date.fromisoformat(TODAY)
    guide = [GUIDE_HEAD.format(count=count).rstrip("\n")]
    answers, claims, waivers = ["answers:"], ["checkpoints:"], ["waivers:"]
    section_count = max(1, count // 10)
    k = phase = 0
    for s in range(section_count):
        while phase < len(PHASES) and s == section_count * phase // len(PHASES):
            guide += [f"  - id: phase-{phase + 1}", f"    number: \"{phase + 1}\"",
                      f"    title: {PHASES[phase]}", "    sections:"]
            phase += 1
        topic, title = TOPICS[s % len(TOPICS)]
        section = f"{topic}-{s + 1}"
        guide += [f"      - id: {section}", f"        number: \"{phase}.{s + 1}\"",
                  f"        title: {title}, part {s // len(TOPICS) + 1}",
                  f"        summary: {sentence(r)}", "        questions:"]
        checkpoints = ["        checkpoints:"]
        for c in range(min(10, count - k)):
            k += 1
            aspect, label = ASPECTS[c]
            kind, fields, answered = KINDS[k % len(KINDS)]
            provider = "provider" if k % 3 == 0 else "programme"
            guide += [
                f"          - id: {aspect}", f"            title: {label}",
                f"            ask: How is it settled who does what about {title.lower()}, and where is that written?",
                f"            help: A good answer names people and days. {sentence(r)}",
                "            answer: text", "            evidence: required",
                f"            by: {provider}",
                *(["            for: rfp"] if k % 10 == 0 else []),
                f"          - id: {aspect}-in-practice", f"            title: {label}, in practice",
                f"            ask: What shows that {title.lower()} worked during the last twelve months?",
                f"            answer: {kind}", *fields,
                f"            evidence: {'optional' if k % 5 else 'none'}", f"            by: {provider}",
                *(["            when: {equals: {hosting: cloud}}"] if k % 20 == 7 else []),
            ]
            relies = f"[{aspect}, {{any-of: [{aspect}-in-practice, {aspect}]}}]" if k % 9 == 4 else (
                f"[{aspect}, {aspect}-in-practice]")
            checkpoints += [
                f"          - id: {aspect}-settled", f"            title: {label}",
                f"            statement: What **{label.lower()}** means for {title.lower()} is settled and shown.",
                f"            relies-on: {relies}",
            ]
            for which, answered in enumerate([None, answered]):
                question = 2 * k + which
                identifier = f"{section}.{aspect}" + ("-in-practice" if which else "")
                if question % 101 == 0:
                    waivers += waiver(r, identifier, "not-applicable")
                    continue
                if question % 29 == 0:  # no answer
                    if phase <= 2:
                        waivers += waiver(r, identifier, "accepted-gap")
                    continue
                answers.append(f"  {identifier}:")
                if answered is None:
                    answers += ["    answer: |", *prose(r, "      ")]
                else:
                    value = answered(r, k)
                    answers += [f"    answer: {value[0]}".rstrip(), *value[1:]]
                if which == 0 and question % 31 == 0:  # no evidence
                    if phase <= 2:
                        waivers += waiver(r, identifier, "accepted-gap")
                elif which == 0 or k % 5 == 1:
                    answers += evidence(r, question, today)
                answers += [f"    by: Person {k}", "    on: 2026-11-02"]
            if phase <= 3:
                claims += [f"  {section}.{aspect}-settled: "
                           f"{{claimed: yes, by: Person {k}, on: 2026-11-03}}"]
        guide += checkpoints
    if len(waivers) == 1:
        waivers = ["waivers: []"]
    project = [PROJECT_HEAD.format(count=count).rstrip("\n")] + answers + claims + waivers
    (folder / "guides" / f"{GUIDE}.yaml").write_text("\n".join(guide) + "\n")
    (folder / "project.yaml").write_text("\n".join(project) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("count", type=int, help="how many checkpoints")
    parser.add_argument("folder", help="where to write")
    arguments = parser.parse_args()
    generate(arguments.count, arguments.folder)


if __name__ == "__main__":
    main()
