"""What the tests of spreadsheets need of other programs' hands.

    spreadsheets.py show FILE.xlsx      what openpyxl finds in a workbook, as JSON
    spreadsheets.py csv FILE.csv        what Python's csv module finds, as JSON
    spreadsheets.py bad FOLDER          writes spreadsheets with which something is wrong
    spreadsheets.py sums FILE.xlsx      the sums of columns that hold numbers, as JSON
    spreadsheets.py options FOLDER      writes cost lines before the hosting options that they belong to
"""
import csv
import datetime
import io
import json
import sys
import zipfile
from pathlib import Path

import openpyxl
from openpyxl.styles import numbers
from openpyxl.utils import escape

HEADINGS = ["checkpoint", "statement", "confirm", "note", "hosts", "cost", "until", "level", "files"]


def show(path):
    book = openpyxl.load_workbook(path)
    sheets = []
    for sheet in book.worksheets:
        sheets.append({
            "name": sheet.title,
            "rows": [
                [None if c.value is None else escape.unescape(str(c.value)) for c in row]
                for row in sheet.iter_rows()
            ],
            "formulas": [c.coordinate for row in sheet.iter_rows() for c in row if c.data_type == "f"],
            "frozen": sheet.freeze_panes,
            "filter": sheet.auto_filter.ref,
            "isProtected": sheet.protection.sheet,
            "open": sorted(
                {c.column_letter for row in sheet.iter_rows(min_row=2) for c in row
                 if not c.protection.locked}),
            "lists": {str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation
                      if v.type == "list"},
            "widths": {k: d.width for k, d in sorted(sheet.column_dimensions.items())},
        })
    return sheets


def workbook(rows, name="checkpoints"):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = name
    for row in rows:
        sheet.append(row)
    return book, sheet


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(data, edit):
    """A workbook whose parts go through a function: their text, or None to leave them out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = edit(name, old.read(name).decode())
            if part is not None:
                new.writestr(name, part)
    return out.getvalue()


def in_sheet(data, old, new):
    def edit(name, text):
        if not name.startswith("xl/worksheets/"):
            return text
        assert old in text, (old, text)
        return text.replace(old, new)
    return changed(data, edit)


def row(id, confirm=None, note=None, hosts=None, cost=None, until=None, level=None, files=None):
    return [id, None, confirm, note, hosts, cost, until, level, files]


def bad(folder):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)

    def write(name, data):
        (folder / name).write_bytes(data)

    def write_csv(name, *lines):
        write(name, "\r\n".join([",".join(HEADINGS), *lines, ""]).encode())

    good = row("b.two", "yes", "fine")

    # Identifiers.
    write("unknown-identifier.xlsx", saved(workbook([HEADINGS, row("a.onne", "yes"), good])[0]))
    write("repeated-identifier.xlsx", saved(workbook(
        [HEADINGS, row("a.one", "yes"), good, row("a.one", "no")])[0]))
    write("no-identifier.xlsx", saved(workbook([HEADINGS, row(None, "yes"), good])[0]))
    write("number-as-identifier.xlsx", saved(workbook([HEADINGS, row(17, "yes"), good])[0]))

    # Headings.
    write("no-heading.xlsx", saved(workbook([row("a.one", "yes")])[0]))
    write("title-above-heading.xlsx", saved(workbook([["Our answers"], [], HEADINGS, good])[0]))
    shuffled = [6, 2, 0, 1, 3, 4, 5, 7, 8]
    write("reordered-columns.xlsx", saved(workbook(
        [[HEADINGS[i] for i in shuffled], [good[i] for i in shuffled]])[0]))
    renamed = ["Checkpoint ", "statement", "confirmed", *HEADINGS[3:], "remarks"]
    write("renamed-columns.xlsx", saved(workbook([renamed, good + ["hm"]])[0]))
    twice = HEADINGS[:8] + ["confirm"]
    write("repeated-heading.xlsx", saved(workbook([twice, good])[0]))
    book, sheet = workbook([HEADINGS, good])
    book.create_sheet("my notes").append(["ask Bo"])
    write("another-sheet.xlsx", saved(book))

    # Values.
    write("wrong-word.xlsx", saved(workbook([HEADINGS, row("a.one", "yess"), good])[0]))
    write("number-as-text.xlsx", saved(workbook([HEADINGS, row("a.one", hosts="3", cost="1,200.50")])[0]))
    write("wrong-number.xlsx", saved(workbook([HEADINGS, row("a.one", cost="12,50"), good])[0]))
    write("text-as-number.xlsx", saved(workbook([HEADINGS, row("a.one", note=2027, hosts=3.0)])[0]))
    book, sheet = workbook([HEADINGS, row("a.one", note="x", cost=0.1, level=0.9995), good])
    sheet["H2"].number_format = "0.00%"
    sheet["F2"].number_format = "#,##0.00"
    write("formats.xlsx", saved(book))
    book, sheet = workbook([HEADINGS, row("a.one", "=1+1"), row("b.two", note="=HYPERLINK(\"x\")")])
    write("formulas.xlsx", saved(book))
    cached = changed(saved(book), lambda name, text: text.replace(
        "<f>1+1</f><v />", "<f>1+1</f><v>yes</v>").replace("<f>1+1</f><v/>", "<f>1+1</f><v>yes</v>"))
    write("cached-formulas.xlsx", cached)
    write("errors.xlsx", in_sheet(
        saved(workbook([HEADINGS, row("a.one", "XX"), good])[0]), "</sheetData>",
        '<row r="9"><c r="A9" t="inlineStr"><is><t>c.three</t></is></c>'
        '<c r="C9" t="e"><v>#REF!</v></c></row></sheetData>'))
    write("too-long.xlsx", in_sheet(
        saved(workbook([HEADINGS, row("a.one", note="@@")])[0]), "</sheetData>",
        '<row r="9"><c r="A9" t="inlineStr"><is><t>b.two</t></is></c>'
        '<c r="D9" t="inlineStr"><is><t>' + "x" * 40_000 + "</t></is></c></row></sheetData>"))

    # Dates.
    day = datetime.date(2027, 1, 3)
    write("dates.xlsx", saved(workbook([HEADINGS, row("a.one", until=day), row("b.two", note=day)])[0]))
    write("numbers-for-dates.xlsx", saved(workbook([HEADINGS, row("a.one", until=46390), good])[0]))
    write("time-for-date.xlsx", saved(workbook(
        [HEADINGS, row("a.one", until=datetime.datetime(2027, 1, 3, 12)),
         row("b.two", note=datetime.time(4, 0))])[0]))
    book, sheet = workbook([HEADINGS, row("a.one", until=day)])
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    write("from-1904.xlsx", saved(book))
    write_csv("mangled-dates.csv", "a.one,,,,,,3-Jan,,", "b.two,,,3-Jan,,,,,", "c.three,,,,,,1/3/2027,,")

    # Layout.
    book, sheet = workbook([HEADINGS, row("a.one", "yes"), good, row("c.three", "no")])
    sheet.merge_cells("C2:D2")
    sheet.merge_cells("B3:B4")
    write("merged.xlsx", saved(book))
    write("cell-twice.xlsx", in_sheet(
        saved(workbook([HEADINGS, good])[0]), "</sheetData>",
        '<row r="9"><c r="A9" t="inlineStr"><is><t>a.one</t></is></c>'
        '<c r="C9" t="inlineStr"><is><t>yes</t></is></c>'
        '<c r="C9" t="inlineStr"><is><t>no</t></is></c></row></sheetData>'))
    write("no-positions.xlsx", changed(
        saved(workbook([HEADINGS, row("a.one", "yes")])[0]),
        lambda name, text: text if "sheet1" not in name else
        '<worksheet><sheetData><row><c t="inlineStr"><is><t>checkpoint</t></is></c>'
        '<c t="inlineStr"><is><r><t>con</t></r><rPh sb="0" eb="1"><t>zzz</t></rPh><r><t>firm</t></r></is></c></row>'
        '<row><c t="inlineStr"><is><t>a.one</t></is></c><c t="b"><v>1</v></c></row></sheetData></worksheet>'))
    write("out-of-range-string.xlsx", in_sheet(
        saved(workbook([HEADINGS, good])[0]), "</sheetData>",
        '<row r="9"><c r="A9" t="inlineStr"><is><t>a.one</t></is></c>'
        '<c r="C9" t="s"><v>4711</v></c><c r="D9" t="s"><v>-1</v></c></row></sheetData>'))

    # Files.
    simple = saved(workbook([HEADINGS, good])[0])
    write("empty.xlsx", b"")
    write("text.xlsx", b"checkpoint,confirm\r\n")
    write("truncated.xlsx", simple[:-200])
    write("old.xls", bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600))
    macro = io.BytesIO(simple)
    with zipfile.ZipFile(macro, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\0")
    write("macros.xlsm", macro.getvalue())
    document = io.BytesIO()
    with zipfile.ZipFile(document, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    write("open-document.ods", document.getvalue())
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("readme.txt", "hello")
    write("other-archive.xlsx", other.getvalue())
    write("missing-sheet.xlsx", changed(
        simple, lambda name, text: None if "sheet1" in name else text))
    repeated = io.BytesIO(simple)
    with zipfile.ZipFile(repeated, "a") as archive:
        archive.writestr("XL/workbook.xml", "<x/>")
    write("part-twice.xlsx", repeated.getvalue())
    write("damaged-xml.xlsx", in_sheet(simple, "</sheetData>", "</sheetDat>"))
    laughs = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(9)) + "]>"
    write("billion-laughs.xlsx", changed(
        simple, lambda name, text: text if "sheet1" not in name else
        laughs + text.replace("<?xml version=\"1.0\"?>", "").replace(">fine<", ">&j;<")))
    entity = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    write("external-entity.xlsx", changed(
        simple, lambda name, text: text if "workbook.xml" not in name or "rels" in name else entity + text))

    def bomb(name, body):
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(simple)) as old, \
                zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
            for part in old.namelist():
                if "sheet1" not in part:
                    new.writestr(part, old.read(part))
            with new.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
                head = old.read("xl/worksheets/sheet1.xml").decode().split("</sheetData>")[0]
                sheet.write(head.encode())
                body(sheet)
                sheet.write(b"</sheetData></worksheet>")
        write(name, out.getvalue())

    def fill(sheet):
        piece = b" " * (1 << 20)
        for _ in range(300):
            sheet.write(piece)

    def empty_rows(sheet):
        for start in range(10, 1_048_577, 10_000):
            sheet.write("".join(
                f'<row r="{i}" spans="1:9" s="1" customFormat="1"/>'
                for i in range(start, min(start + 10_000, 1_048_577))).encode())

    bomb("bomb.xlsx", fill)
    bomb("empty-rows.xlsx", empty_rows)

    # CSV.
    write("latin.csv", (",".join(HEADINGS) + "\r\na.one,,yes,d\u00e9j\u00e0,,,,,\r\n").encode("latin-1"))
    write("utf-16.csv", (",".join(HEADINGS) + "\r\na.one,,yes,,,,,,\r\n").encode("utf-16"))
    write("marked.csv", b"\xef\xbb\xbf" + (",".join(HEADINGS) + "\r\na.one,,yes,,,,,,\r\n").encode())
    write("semicolons.csv", (";".join(HEADINGS) + "\r\na.one;;yes;a, b;;12,50;;;\r\nb.two;;yes;\"x;y\";;;;;\r\n").encode())
    write("tabs.csv", ("\t".join(HEADINGS) + "\na.one\t\tyes\ta, b\t\t\t\t\t\n").encode())
    write("no-heading.csv", b"a.one,yes\r\n")
    write_csv("unclosed-quote.csv", "b.two,,yes,,,,,,", 'a.one,,yes,"never closed,,,,,', "c.three,,no,,,,,,")
    write_csv("stray-quotes.csv", 'a.one,,yes,5" disk,,,,,', 'b.two,,yes,"a"b,,,,,', "c.three,,yes,,,,,,")
    write_csv("short-rows.csv", "a.one,,yes", "b.two,,yes,,,,,,,,,")
    write("line-ends.csv", (",".join(HEADINGS) + "\na.one,,yes,\"two\nlines\",,,,,\rb.two,,no,,,,,,").encode())
    write_csv("formulas.csv", "a.one,,yes,'=1+1,,,,,", "b.two,,yes,=1+1,,,,,")
    write_csv("control.csv", "a.one,,yes,\u0007\u202e,,,,,")


def sums(path):
    found = {}
    for sheet in openpyxl.load_workbook(path).worksheets:
        for column in sheet.iter_cols():
            numbers = [cell.value for cell in column[1:] if isinstance(cell.value, (int, float))]
            if numbers:
                found[f"{sheet.title}/{column[0].value}"] = round(sum(numbers), 6)
    return found


def options(folder):
    book, _ = workbook([["cost-line", "item", "kind", "rate"], ["east.pump", "Pump", "monthly", 5],
                        ["west.pump", "Pump", "monthly", 5]], "cost-lines")
    sheet = book.create_sheet("host-options")
    for cells in [["host-option", "host"], ["east", "East Field"], ["west", None, "Navaria"]]:
        sheet.append(cells)
    sheet["C1"] = "country"
    book.save(Path(folder) / "options.xlsx")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["show", path]:
            print(json.dumps(show(path)))
        case ["csv", path]:
            with open(path, encoding="utf-8", newline="") as file:
                print(json.dumps(list(csv.reader(file, strict=True))))
        case ["sums", path]:
            print(json.dumps(sums(path)))
        case ["options", folder]:
            options(folder)
        case ["bad", folder]:
            bad(folder)
        case _:
            sys.exit(__doc__)
