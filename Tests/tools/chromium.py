"""What the judges of HTML pages share: a headless Chromium, the pages of their arguments, and how they end.

Needs Debian's chromium and chromium-driver, and from PyPI what Tests/requirements.txt names.
"""

import shutil
import sys
from pathlib import Path


def need(command, package):
    """Stops with what to install where a command is not on the path."""
    if shutil.which(command) is None:
        raise SystemExit(f"{Path(sys.argv[0]).stem}: '{command}' is missing; apt-get install {package}")


def browser():
    """A Chromium without a window, which keeps a log of what pages ask the network for."""
    need("chromium", "chromium")
    need("chromedriver", "chromium-driver")
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    options = Options()
    options.binary_location = shutil.which("chromium")
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    options.set_capability("unhandledPromptBehavior", "dismiss")
    return webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))


def pages(arguments):
    """The pages that are named, and those of the folders that are."""
    for argument in map(Path, arguments):
        found = sorted(argument.rglob("*.html")) if argument.is_dir() else [argument]
        yield from (page.resolve() for page in found)


def run(main):
    """Runs a judge with the program's arguments; what it cannot do is told and makes the status 2."""
    try:
        main(sys.argv[1:])
    except SystemExit as stop:
        if isinstance(stop.code, str):
            print(stop.code, file=sys.stderr)
            sys.exit(2)
        raise
