#!/usr/bin/env python3
"""Writes bids for the tender of a generated project, each as YAML and, if wanted, as a workbook.

    generate_bids.py TENDER 200 FOLDER [--workbooks]

FOLDER gets `tender.yaml`, `bid-001.yaml` and so on, and `marks.yaml`; with --workbooks `bid-001.xlsx`
as well, with the sheets and headings of an export. A bid answers every checkpoint of the tender but
about one in 40, and confirms about one in 12 in part or not at all; it offers service levels, three
hosting options, a team and references. The same tender and number give the same bytes of YAML.
"""

import argparse
import pathlib
import random
import shutil

import yaml

from generate_project import sentence

LINES = [("set-up", "Design and installation", "one-off", "day"),
         ("training", "Training", "one-off", "day"),
         ("operation", "Operation and standby", "monthly", "engineer"),
         ("servers", "Virtual servers", "monthly", "server")]


def bid(tender, number):
    """What one bidder says: sheets with rows, of which the first holds the headings."""
    r = random.Random(number)
    checkpoints = [["checkpoint", "confirm", "approach", "example", "evidence", "note"]]
    for phase in tender["phases"]:
        for section in phase["sections"]:
            for checkpoint in section["checkpoints"]:
                if r.random() < 0.025:
                    continue
                word = r.choice(["partly", "no"]) if r.random() < 0.08 else "yes"
                link = f"https://bidder-{number}.example.org/{checkpoint['id'].replace('.', '/')}"
                checkpoints.append([
                    checkpoint["id"], word, sentence(r), sentence(r) if r.random() < 0.5 else None,
                    link if r.random() < 0.3 else None, None])
    levels = [["service-level", "offer", "upstream", "note"],
              ["availability", f"{r.choice(['99', '99.5', '99.9', '99.95'])} %", None, None]]
    options, lines = [["host-option", "host", "country"]], [
        ["cost-line", "item", "kind", "quantity", "unit", "rate", "tax"]]
    for index, option in enumerate(["first", "second", "third"]):
        options.append([option, f"Host {number}-{index + 1}", tender["country"]])
        for name, item, kind, unit in LINES:
            lines.append([f"{option}.{name}", item, kind, r.randint(1, 40), unit,
                          r.randint(8000, 60000) / 100, 18])
    roles, skills = ["engineer"], ["linux", "storage"]
    people = [["person", "name", "roles", "share", *skills]]
    for index in range(3):
        people.append([f"person-{index + 1}", f"Person {number}-{index + 1}", f"- {roles[0]}", 50,
                       r.choice(["basic", "able", "expert", None]), "able"])
    references = [["reference", "organisation", "work", "contact-name", "contact-email"]]
    for index in range(3):
        references.append([f"reference-{index + 1}", f"Health office {number}-{index + 1}",
                           sentence(r), f"Head {index + 1}", f"head{index + 1}@example.org"])
    requirements = [["requirement", "met", "how"], ["references", "yes", sentence(r)]]
    facts = [["fact", "value"], ["valid-until", "2027-06-30"],
             ["bidder.id", f"bidder-{number:03d}"], ["bidder.name", f"Bidder {number}"],
             ["costs.currency", tender["currency"]]]
    return {"checkpoints": checkpoints, "service-levels": levels, "requirements": requirements,
            "host-options": options, "cost-lines": lines, "people": people,
            "references": references, "facts": facts}


def text(value):
    """A value as YAML that means the same text to every reader."""
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def written(tender, sheets):
    """A bid's file."""
    facts = dict(sheets["facts"][1:])
    lines = ["bid-for:", f"  tender: {tender['tender']}", f"  edition: \"{tender['edition']}\"",
             f"  digest: {tender['digest']}", "bidder:", f"  id: {facts['bidder.id']}",
             f"  name: {facts['bidder.name']}", f"valid-until: {facts['valid-until']}",
             "contacts:", "  - {name: Ada Bidder, email: ada@bidder.example.com}", "checkpoints:"]
    for name, word, approach, example, evidence, _ in sheets["checkpoints"][1:]:
        lines += [f"  {name}:", f"    confirm: {word}", "    approach: >-", f"      {approach}"]
        if example:
            lines.append(f"    example: {text(example)}")
        if evidence:
            lines += ["    evidence:", f"      - link: {evidence}", "        collected: 2026-11-01"]
    lines.append("service-levels:")
    for name, offer, _, _ in sheets["service-levels"][1:]:
        lines.append(f"  {name}: {{offer: {offer}}}")
    lines += ["costs:", f"  currency: {facts['costs.currency']}", "  options:"]
    for option, host, country in sheets["host-options"][1:]:
        lines += [f"    - id: {option}", f"      host: {host}", f"      country: {country}",
                  "      lines:"]
        for name, item, kind, quantity, unit, rate, tax in sheets["cost-lines"][1:]:
            if name.startswith(f"{option}."):
                lines += [f"        - id: {name.split('.')[1]}", f"          item: {item}",
                          f"          kind: {kind}", f"          quantity: {quantity}",
                          f"          unit: {unit}", f"          rate: {rate}", f"          tax: {tax}"]
    lines += ["team:", "  people:"]
    for name, person, roles, share, *levels in sheets["people"][1:]:
        held = ", ".join(f"{skill}: {level}" for skill, level in zip(sheets["people"][0][4:], levels)
                         if level)
        lines += [f"    - id: {name}", f"      name: {person}", f"      roles: [{roles[2:]}]",
                  f"      share: {share}", f"      skills: {{{held}}}"]
    lines.append("requirements:")
    for name, met, how in sheets["requirements"][1:]:
        lines.append(f"  {name}: {{met: {met}, how: {text(how)}}}")
    lines.append("references:")
    for name, organisation, work, contact, email in sheets["references"][1:]:
        lines += [f"  - id: {name}", f"    organisation: {organisation}", f"    work: {text(work)}",
                  f"    contact: {{name: {contact}, email: {email}}}"]
    return "\n".join(lines) + "\n"


def workbook(sheets, path):
    import openpyxl
    book = openpyxl.Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


def generate(tender_path, count, folder, workbooks=False):
    """Writes bids for a tender below a folder, and the marks that two people gave."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with open(tender_path, "rb") as file:
        tender = yaml.load(file, Loader=yaml.CSafeLoader)
    shutil.copyfile(tender_path, folder / "tender.yaml")
    r = random.Random(count)
    judged = [item["id"] for item in tender["criteria"] if item.get("method") != "lowest-cost"]
    marks = [f"marks-for: {tender['tender']}", "most: 10", "scorers:"]
    for scorer in ("Ada Example", "Bo Example"):
        marks += [f"  - name: {scorer}", "    marks:"]
        for number in range(1, count + 1):
            given = ", ".join(f"{name}: {r.randint(0, 20) / 2:g}" for name in judged)
            marks.append(f"      bidder-{number:03d}: {{{given}}}")
    (folder / "marks.yaml").write_text("\n".join(marks) + "\n")
    for number in range(1, count + 1):
        sheets = bid(tender, number)
        (folder / f"bid-{number:03d}.yaml").write_text(written(tender, sheets))
        if workbooks:
            workbook(sheets, folder / f"bid-{number:03d}.xlsx")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("tender", help="the tender's file")
    parser.add_argument("count", type=int, help="how many bids")
    parser.add_argument("folder", help="where to write")
    parser.add_argument("--workbooks", action="store_true", help="write workbooks as well")
    arguments = parser.parse_args()
    generate(arguments.tender, arguments.count, arguments.folder, arguments.workbooks)


if __name__ == "__main__":
    main()
