"""Opens HTML pages in headless Chromium and says what ran or left.

    python3 Tests/tools/attack-pages.py FOLDER

Prints one JSON object: `pages` (how many were opened) and `findings`: scripts that set `window.hit`,
dialogs, requests other than for the page itself, and addresses of links that could run something.
Before that, a page that does all of it is opened, to see that each is noticed. Exit status 0 when all
pages could be judged, whatever was found; 2 otherwise.

Needs Debian's chromium and chromium-driver, and from PyPI what Tests/requirements.txt names.
"""

import json
import sys
import tempfile
from pathlib import Path

import chromium

CONTROL = """<!DOCTYPE html><title>t</title><img src="http://attack.invalid/hit">
<script>window.hit=1;fetch('http://attack.invalid/hit')</script>
<a href="javascript:window.hit=1">x</a>"""

LOOK = """
const findings = [];
if (window.hit) findings.push('a script ran');
for (const element of document.querySelectorAll('*'))
  for (const attribute of element.attributes) {
    if (/^on/i.test(attribute.name)) findings.push('a handler: ' + attribute.name);
    if (/^(href|src|action|formaction|data|xlink:href)$/i.test(attribute.name)
        && /^(javascript|vbscript|data):/i.test(attribute.value.replace(/[\\0-\\x20]/g, '')))
      findings.push('an address: ' + attribute.value);
  }
return findings;
"""


def judge(driver, file):
    """What the page did."""
    driver.get(file.as_uri())
    findings = driver.execute_script(LOOK)
    for entry in driver.get_log("performance"):
        event = json.loads(entry["message"])["message"]
        if event["method"] == "Network.requestWillBeSent":
            url = event["params"]["request"]["url"]
            if url.split("#")[0] != file.as_uri() and not url.startswith("data:image/"):
                findings.append(f"a request: {url}")
        elif event["method"] == "Page.javascriptDialogOpening":
            findings.append("a dialog")
    return findings


def main(arguments):
    if len(arguments) != 1:
        raise SystemExit(__doc__)
    files = sorted(Path(arguments[0]).resolve().glob("*.html"))
    driver = chromium.browser()
    try:
        with tempfile.TemporaryDirectory() as folder:
            control = Path(folder) / "control.html"
            control.write_text(CONTROL, encoding="utf-8")
            noticed = " ".join(judge(driver, control))
            for wanted in ("a script ran", "a request: http://attack.invalid", "an address"):
                if wanted not in noticed:
                    raise SystemExit(f"attack-pages: '{wanted}' was not noticed: {noticed}")
        findings = [
            f"{file.name}: {finding}" for file in files for finding in judge(driver, file)]
    finally:
        driver.quit()
    json.dump({"pages": len(files), "findings": findings}, sys.stdout, indent=2)
    print()


chromium.run(main)
