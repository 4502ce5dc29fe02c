"""Prints HTML pages on A4, requests for proposals on Letter too, and says what is wrong on paper.

    python3 Tests/tools/print-pages.py PAGE-OR-FOLDER...

Prints one JSON object: `pages` (how many were printed), `sheets` (how many they take) and `findings`: words
that run off the paper, sheets without their number, headings at the foot of a sheet, sheets that hold nothing,
rows that may be split, tables whose head is not repeated, and parts that stay folded. Before that, a page that
does all of it is printed, to see that each is noticed. Exit status 0 when all pages could be judged, whatever
was found; 2 otherwise.

Needs Debian's chromium, chromium-driver and poppler-utils, and from PyPI what Tests/requirements.txt names.
"""

import base64
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import chromium

PAPERS = {"A4": (595.3, 841.9), "Letter": (612, 792)}

CONTROL = """<!DOCTYPE html><html lang="en"><title>t</title><style>
@page { margin: 20mm 5mm; } h2 { page-break-after: always; } tr { break-inside: auto; }
thead { display: table-row-group; }</style>
<p>far out</p><h2>Alone</h2><table><thead><tr><th>a<tbody><tr><td>b</table>
<details><summary>s</summary>folded</details>"""

LOOK = """
const findings = [];
const style = element => getComputedStyle(element);
for (const row of document.querySelectorAll('tr'))
  if (style(row).breakInside !== 'avoid') { findings.push('a row may be split'); break; }
for (const head of document.querySelectorAll('thead'))
  if (style(head).display !== 'table-header-group') { findings.push('a head is not repeated'); break; }
return findings;
"""

HEADINGS = """return [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(h => h.textContent);"""
FOLDED = """return [...document.querySelectorAll('details')].map(
  d => [...d.querySelectorAll('li, p, td')].map(e => e.textContent.trim().split(/\\s+/)[0])
    .concat(d.lastChild.textContent.trim().split(/\\s+/)[0]).filter(w => w).slice(-1)[0]);"""

WORD = re.compile(
    r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')


def squeezed(text):
    return re.sub(r"\s+", "", text)


def foot(words, height):
    """The last line of a sheet's text, and the height of its letters."""
    text = [word for word in words if float(word[3]) < height - 60]
    if not text:
        return "", 0
    last = max(float(word[3]) for word in text)
    line = [word for word in text if float(word[3]) > last - 3]
    tall = min(float(word[3]) - float(word[1]) for word in line)
    return squeezed("".join(word[4] for word in line)), tall


def judge(driver, file, folder):
    """What is wrong with a page on each paper, and how many sheets it takes on the first."""
    findings = []
    sheets = []
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    driver.get(file.as_uri())
    findings += driver.execute_script(LOOK)
    headings = {squeezed(text) for text in driver.execute_script(HEADINGS)}
    folded = driver.execute_script(FOLDED)
    text = file.read_text(encoding="utf-8")
    for paper, (width, height) in PAPERS.items():
        if paper != "A4" and file.name not in ("rfp.html", "control.html"):
            continue
        copy = folder / "page.html"
        copy.write_text(re.sub(r"(?<![-\w])size: \w+;", f"size: {paper};", text), encoding="utf-8")
        driver.get(copy.as_uri())
        result = driver.execute_cdp_cmd("Page.printToPDF", {
            "preferCSSPageSize": True, "printBackground": True,
            "paperWidth": width / 72, "paperHeight": height / 72})
        pdf = folder / "page.pdf"
        pdf.write_bytes(base64.b64decode(result["data"]))
        boxes = subprocess.run(
            ["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
        parts = boxes.split("<page ")[1:]
        sheets.append(len(parts))
        seen = set()
        for number, part in enumerate(parts, 1):
            words = WORD.findall(part)
            seen.update(squeezed(word[4]) for word in words)
            if [word[4] for word in words[-3:]] != [str(number), "/", str(len(parts))]:
                findings.append(f"{paper} {number}: no number")
            if len(words) < 8 and number > 1:
                findings.append(f"{paper} {number}: hardly anything on it")
            lowest = max((float(word[3]) for word in words[:-3]), default=0)
            if number < len(parts) and lowest < height / 2:
                findings.append(f"{paper} {number}: half empty")
            for word in words:
                if float(word[0]) < 45 or float(word[2]) > width - 45 or float(word[3]) > height - 12:
                    findings.append(f"{paper} {number}: '{word[4]}' runs off")
                    break
            line, tall = foot(words, height)
            if tall > 12 and any(line and heading.endswith(line) for heading in headings):
                findings.append(f"{paper} {number}: the heading '{line}' at the foot")
        findings += [
            f"{paper}: '{word}' stays folded" for word in folded
            if word and not any(squeezed(word)[:8] in other for other in seen)]
    return findings, sheets[0]


def main(arguments):
    if not arguments:
        raise SystemExit(__doc__)
    chromium.need("pdftotext", "poppler-utils")
    files = list(chromium.pages(arguments))
    driver = chromium.browser()
    findings = []
    total = 0
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            control = folder / "control.html"
            control.write_text(CONTROL, encoding="utf-8")
            noticed = " ".join(judge(driver, control, folder)[0])
            for wanted in (
                    "runs off", "no number", "the heading 'Alone' at the foot", "may be split",
                    "not repeated", "'folded' stays folded", "hardly anything"):
                if wanted not in noticed:
                    raise SystemExit(f"print-pages: '{wanted}' was not noticed: {noticed}")
            for file in files:
                found, sheets = judge(driver, file, folder)
                findings += [f"{file}: {finding}" for finding in found]
                total += sheets
    finally:
        driver.quit()
    json.dump({"pages": len(files), "sheets": total, "findings": findings}, sys.stdout, indent=2)
    print()


chromium.run(main)
