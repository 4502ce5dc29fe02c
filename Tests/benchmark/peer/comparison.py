#!/usr/bin/env python3
"""What an evaluator's office would write in an afternoon: openpyxl, PyYAML, Jinja2.

    comparison.py TENDER MARKS OUTPUT BID.xlsx...

Reads bids from workbooks, sets them beside one another and writes the comparison as Markdown and
HTML. It validates nothing, escapes nothing in the Markdown and knows no places in the files: it is a
little less than `rfpgen compare` does.
"""

import decimal
import pathlib
import sys

import jinja2
import openpyxl
import yaml

HERE = pathlib.Path(__file__).parent
STATES = {"yes": "✓ yes", "partly": "◔ partly", "no": "✗ no", None: "◌ not answered"}


def load(path):
    """The sheets of a workbook: rows as dictionaries, by the identifier in their first column."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    sheets = {}
    for sheet in book.worksheets:
        rows = sheet.iter_rows(values_only=True)
        headings = next(rows)
        sheets[sheet.title] = {row[0]: dict(zip(headings, row)) for row in rows if row[0]}
    book.close()
    return sheets


def total(sheets, months):
    """What the cheapest option costs over the period, with taxes."""
    sums = {}
    for name, line in sheets["cost-lines"].items():
        option = name.split(".")[0]
        amount = decimal.Decimal(str(line["rate"])) * line["quantity"]
        amount += amount * line["tax"] / 100
        once, monthly = sums.get(option, (0, 0))
        sums[option] = (once + amount, monthly) if line["kind"] == "one-off" else (
            once, monthly + amount)
    option, (once, monthly) = min(sums.items(), key=lambda item: item[1][0] + item[1][1] * months)
    return sheets["host-options"][option]["host"], once, once + monthly * months


def percent(text):
    return decimal.Decimal(text.split()[0])


def compared(tender, marks, bids):
    months = int(tender["period"].split()[0])
    statements = [(checkpoint["id"], checkpoint["statement"]) for phase in tender["phases"]
                  for section in phase["sections"] for checkpoint in section["checkpoints"]]
    people = []
    for sheets in bids:
        facts = {name: row["value"] for name, row in sheets["facts"].items()}
        words = [sheets["checkpoints"].get(name, {}).get("confirm") for name, _ in statements]
        host, once, sum_of_all = total(sheets, months)
        skills = [skill["id"] for area in tender["skills"] for skill in area.get("children", [area])]
        holders = [sum(1 for row in sheets["people"].values() if row.get(name)) for name in skills]
        gaps = [(name, "the checkpoint is not answered" if word is None
                 else "the answer gives no example")
                for (name, _), word in zip(statements, words)
                if word is None or (word != "no" and not sheets["checkpoints"][name].get("example"))]
        people.append({
            "id": facts["bidder.id"], "name": facts["bidder.name"], "all": len(words),
            "yes": words.count("yes"), "partly": words.count("partly"), "no": words.count("no"),
            "missing": words.count(None), "gaps": gaps, "host": host, "once": once,
            "total": sum_of_all, "currency": facts["costs.currency"],
            "people": len(sheets["people"]),
            "unheld": holders.count(0), "single": holders.count(1),
            "references": len(sheets["references"]),
        })
    lowest = min(person["total"] for person in people)
    for person in people:
        person["points"] = []
        for criterion in tender["criteria"]:
            if criterion.get("method") == "lowest-cost":
                points = lowest * criterion["weight"] / person["total"]
            else:
                given = [decimal.Decimal(str(scorer["marks"][person["id"]][criterion["id"]]))
                         for scorer in marks["scorers"]]
                points = sum(given) * criterion["weight"] / (marks["most"] * len(given))
            person["points"].append(points.quantize(decimal.Decimal("0.01"), decimal.ROUND_HALF_UP))
        person["sum"] = sum(person["points"])
    sums = sorted((person["sum"] for person in people), reverse=True)
    for person in people:
        person["place"] = sums.index(person["sum"]) + 1
    rows = []
    for name, statement in statements:
        cells = [sheets["checkpoints"].get(name, {}) for sheets in bids]
        rows.append({
            "id": name, "statement": statement,
            "cells": [(STATES[cell.get("confirm")], cell.get("approach")) for cell in cells],
            "differs": len({cell.get("confirm") for cell in cells}) > 1})
    levels = []
    for level in tender["service-levels"]:
        offers = [sheets["service-levels"].get(level["id"], {}).get("offer") for sheets in bids]
        asked = level.get("target")
        levels.append({"title": level["title"], "asked": asked, "cells": [
            (offer, "✓ as asked for" if percent(offer) == percent(asked) else
             "★ better" if percent(offer) > percent(asked) else "✗ weaker") for offer in offers]})
    requirements = [{"id": item["id"], "statement": item["text"], "cells": [
        (STATES[sheets["requirements"][item["id"]]["met"]],
         sheets["requirements"][item["id"]]["how"]) for sheets in bids]}
        for item in tender["requirements"]]
    return {"tender": tender, "marks": marks, "bids": people, "rows": rows, "levels": levels,
            "requirements": requirements, "months": months}


def main():
    tender_path, marks_path, output, *paths = sys.argv[1:]
    with open(tender_path, "rb") as file:
        tender = yaml.load(file, Loader=yaml.CSafeLoader)
    with open(marks_path, "rb") as file:
        marks = yaml.load(file, Loader=yaml.CSafeLoader)
    values = compared(tender, marks, [load(path) for path in paths])
    output = pathlib.Path(output)
    output.mkdir(parents=True, exist_ok=True)
    for ending, escapes in (("md", False), ("html", True)):
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE), trim_blocks=True, lstrip_blocks=True,
            autoescape=escapes)
        with open(output / f"comparison.{ending}", "w", encoding="utf-8") as file:
            environment.get_template(f"comparison.{ending}.jinja").stream(values).dump(file)


if __name__ == "__main__":
    main()
