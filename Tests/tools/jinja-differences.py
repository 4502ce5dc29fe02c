"""Renders generated templates with rfpgen and with Jinja2, and shows where they differ.

usage: .build/venv/bin/python3 Tests/tools/jinja-differences.py SEED COUNT [PROGRAM]

PROGRAM is .build/debug/rfpgen if it is left out. Each difference is made smaller before it is shown.
"""

import concurrent.futures
import json
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "Tests/RenderersTests/Fixtures/template/referees"))
import generated  # noqa: E402


def ours(program, folder, name, template):
    path = pathlib.Path(folder, name)
    path.write_bytes(template.encode())
    run = subprocess.run(
        [program, "render", str(path), "--no-escape", "--data", str(pathlib.Path(folder, "data.json"))],
        capture_output=True, timeout=60)
    if run.returncode == 0:
        return {"text": run.stdout.decode()}
    if run.returncode < 0 or run.returncode > 2:
        return {"crash": run.stderr.decode(errors="replace")[:2000]}
    return {"error": run.stderr.decode(errors="replace")}


def differs(ours, theirs):
    if "crash" in ours:
        return True
    if "error" in ours:
        return "error" not in theirs and not any(word in ours["error"] for word in generated.LEFT_OUT)
    return ours["text"] != theirs.get("text")


def smaller(template, is_wrong):
    """Takes pieces out for as long as the difference stays."""
    pieces = [p for p in re.split(r"(\{%.*?%\}|\{\{.*?\}\}|\s+|[|,()\[\]~+*]|\b)", template, flags=re.S) if p]
    size = max(1, len(pieces) // 2)
    tries = 0
    while size >= 1 and tries < 400:
        index = 0
        while index < len(pieces) and tries < 400:
            fewer = pieces[:index] + pieces[index + size:]
            tries += 1
            if is_wrong("".join(fewer)):
                pieces = fewer
            else:
                index += size
        size //= 2
    return "".join(pieces)


def main():
    seed, count = sys.argv[1], int(sys.argv[2])
    program = sys.argv[3] if len(sys.argv) > 3 else str(ROOT / ".build/debug/rfpgen")
    wrong = left_out = errors = 0
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
        pathlib.Path(folder, "data.json").write_text(json.dumps(generated.CONTEXT))
        for name, text in generated.FILES.items():
            pathlib.Path(folder, name).write_text(text)

        def judged(numbered):
            number, case = numbered
            return case, ours(program, folder, f"t{number % 64}.jinja", case["template"])

        for case, result in pool.map(judged, enumerate(generated.generated(seed, count))):
            errors += "error" in case
            left_out += "error" in result and "error" not in case
            if not differs(result, case):
                continue
            wrong += 1

            def is_wrong(template):
                return differs(ours(program, folder, "smaller.jinja", template), generated.rendered(template))

            template = smaller(case["template"], is_wrong)
            print(f"--- difference {wrong}\n{template}\n--- Jinja2: {generated.rendered(template)}")
            print(f"--- rfpgen: {ours(program, folder, 'smaller.jinja', template)}\n", flush=True)
            if wrong >= 20:
                break
    print(f"{count} templates, {errors} of them errors, {left_out} left out by us, {wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
