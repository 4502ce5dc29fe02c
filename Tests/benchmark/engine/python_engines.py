#!/usr/bin/env python3
"""Renders a template several times over in one process and prints each time's seconds of processor
time.

    python_engines.py jinja2|minijinja COUNT TEMPLATE DATA.json OUTPUT
    python_engines.py jinja2|minijinja COUNT TEMPLATE             (compiles only)
"""

import json
import pathlib
import sys
import time


def jinja2_engine():
    import jinja2
    environment = jinja2.Environment(
        trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined, cache_size=0)
    return environment.from_string, lambda template, data: template.render(data)


def minijinja_engine():
    import minijinja
    environment = minijinja.Environment(
        trim_blocks=True, lstrip_blocks=True, undefined_behavior="strict",
        auto_escape_callback=lambda _: False)

    def compiled(text):
        environment.add_template("report", text)
        return "report"
    return compiled, lambda name, data: environment.render_template(name, **data)


def main(engine, count, template, data=None, output=None):
    compiled, render = {"jinja2": jinja2_engine, "minijinja": minijinja_engine}[engine]()
    text = pathlib.Path(template).read_text()
    if data is None:
        for _ in range(int(count)):
            begin = time.process_time()
            compiled(text)
            print(time.process_time() - begin)
        return
    data = json.loads(pathlib.Path(data).read_text())
    template = compiled(text)
    for _ in range(int(count)):
        begin = time.process_time()
        result = render(template, data)
        print(time.process_time() - begin)
    pathlib.Path(output).write_text(result)


main(*sys.argv[1:])
