#!/usr/bin/env python3
"""What somebody would write in an afternoon: PyYAML's C loader, Jinja2, cmarkgfm.

    pipeline.py PROJECT OUTPUT TODAY

Reads a project and its guide, works out what is answered, evidenced and met, and writes a checkpoint
matrix, an evidence report and a list of gaps as Markdown and HTML. It validates nothing, escapes
nothing and knows no places in the files: it is a little less than rfpgen does for the same three
documents.
"""

import pathlib
import sys

import cmarkgfm
import jinja2
import yaml

DOCUMENTS = ["checkpoint-matrix", "evidence-report", "gap-report"]
RUNGS = ["unanswered", "answered", "evidenced", "current"]
ON = True  # what YAML 1.1 makes of the key 'on'


def load(path):
    with open(path, "rb") as file:
        return yaml.load(file, Loader=yaml.CSafeLoader)


def rung_of(question, answer, today):
    if answer is None or answer.get("answer") is None:
        return "unanswered"
    if question.get("evidence", "none") == "none":
        return "current"
    pieces = answer.get("evidence") or []
    if not pieces:
        return "current" if question["evidence"] == "optional" else "answered"
    holds = [str(piece["collected"]) <= today <= str(piece.get("valid-until", "9999"))
             for piece in pieces]
    return "current" if all(holds) else "evidenced"


def reached(reliance, rungs, section):
    """How far what a checkpoint relies on has got: the lowest of all, the highest of any."""
    if isinstance(reliance, str):
        return rungs[f"{section}.{reliance}"]
    if "any-of" in reliance:
        return max(reached(item, rungs, section) for item in reliance["any-of"])
    return min(reached(item, rungs, section) for item in reliance["all-of"])


def shown(question, answer):
    """An answer as rows of a label and a text."""
    value = answer["answer"]
    if isinstance(value, dict):
        titles = {part["id"]: part["title"] for part in question.get("parts", [])}
        return [(titles.get(key, key), text) for key, text in value.items()]
    if isinstance(value, list):
        return [("", item) for item in value]
    return [("", value)]


def model(guide, project, today):
    answers, claims = project["answers"], project["checkpoints"]
    waived = {waiver["for"]: waiver for waiver in project["waivers"]}
    hosting = project["hosting"]
    rungs, phases, gaps = {}, [], []
    for phase in guide["phases"]:
        sections, met, count = [], 0, 0
        for section in phase["sections"]:
            questions = []
            for question in section["questions"]:
                identifier = f"{section['id']}.{question['id']}"
                answer = answers.get(identifier)
                wanted = (question.get("when") or {}).get("equals", {}).get("hosting", hosting)
                waiver = waived.get(identifier)
                rung = rung_of(question, answer, today)
                rungs[identifier] = 3 if waiver or wanted != hosting else RUNGS.index(rung)
                if not waiver and rung == "unanswered":
                    gaps.append((identifier, "there is no answer", "answer it"))
                elif not waiver and rung == "answered" and question["evidence"] == "required":
                    gaps.append((identifier, "there is no evidence", "name a file or a link"))
                questions.append({
                    "id": identifier, "title": question["title"], "ask": question["ask"],
                    "by": question["by"], "rung": rung, "kind": question["answer"],
                    "waiver": waiver, "answer": answer, "on": answer and answer.get(ON),
                    "evidence": (answer or {}).get("evidence", []),
                    "rows": shown(question, answer) if answer else [],
                })
            checkpoints = []
            for checkpoint in section["checkpoints"]:
                identifier = f"{section['id']}.{checkpoint['id']}"
                claim = claims.get(identifier, {})
                lowest = min(reached(item, rungs, section["id"])
                             for item in checkpoint["relies-on"])
                state = "open"
                if claim.get("claimed"):
                    state = "met" if lowest == 3 else "claimed, not shown"
                if state != "met":
                    gaps.append((identifier, f"the checkpoint is {state}", "close it"))
                met += state == "met"
                count += 1
                checkpoints.append({
                    "id": identifier, "statement": checkpoint["statement"], "state": state,
                    "relies_on": [(question["title"], question["rung"]) for question in questions
                                  if question["id"].endswith(tuple(flat(checkpoint["relies-on"])))],
                    "waits": [f"{section['id']}.{item}" for item in flat(checkpoint["relies-on"])
                              if rungs[f"{section['id']}.{item}"] < 3],
                    "claim": claim, "on": claim.get(ON),
                })
            sections.append({"number": section["number"], "title": section["title"],
                             "questions": questions, "checkpoints": checkpoints})
        phases.append({"number": phase["number"], "title": phase["title"], "sections": sections,
                       "met": met, "count": count, "gate": "open" if met == count else "closed"})
    return {"programme": project["programme"], "guide": guide, "phases": phases, "gaps": gaps,
            "today": today}


def flat(reliance):
    for item in reliance:
        if isinstance(item, str):
            yield item
        else:
            yield from flat(item.get("any-of") or item["all-of"])


def main(project_path, output, today):
    project_path, output = pathlib.Path(project_path), pathlib.Path(output)
    project = load(project_path)
    guide = load(project_path.parent / "guides" / f"{project['guide']}.yaml")
    context = model(guide, project, today)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(pathlib.Path(__file__).parent), trim_blocks=True,
        lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    output.mkdir(parents=True, exist_ok=True)
    for name in DOCUMENTS:
        markdown = environment.get_template(f"{name}.md.jinja").render(context)
        (output / f"{name}.md").write_text(markdown)
        body = cmarkgfm.markdown_to_html_with_extensions(markdown, extensions=["table"])
        page = f"<!DOCTYPE html>\n<meta charset=utf-8>\n<title>{name}</title>\n{body}"
        (output / f"{name}.html").write_text(page)


if __name__ == "__main__":
    main(*sys.argv[1:])
