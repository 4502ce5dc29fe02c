"""Makes templates at random from a seed and renders them with Jinja2.

In: {"seed": 1, "count": 100}; out: a list of {context, template, files} with the text or the error.
"""

import json
import random
import sys
import warnings

import jinja2

warnings.filterwarnings("ignore", category=SyntaxWarning)

CONTEXT = {
    "n": 7, "zero": 0, "neg": -3, "f": 2.5, "g": 0.1, "s": "Hello, World", "e": "", "w": "  pad  ",
    "u": "Straße ΑΣ é", "h": "<b>\"x\" & 'y'</b>", "m": "one\ntwo\n\nthree", "l": [3, 1, 2, 3],
    "words": ["b", "A", "a", "B", "c"], "none": None, "t": True, "no": False,
    "d": {"b": 2, "a": 1, "C": 3}, "empty": [],
    "people": [
        {"name": "bob", "age": 30, "tags": ["x", "y"], "boss": {"name": "Al"}},
        {"name": "Al", "age": 25, "tags": [], "boss": None},
        {"name": "carl", "age": 30, "tags": ["z"], "boss": {"name": "bob"}},
    ],
    "tree": [{"v": 1, "c": [{"v": 2, "c": []}, {"v": 3, "c": [{"v": 4, "c": []}]}]}, {"v": 5, "c": []}],
}

FILES = {
    "part": "[{{ n }}{{ inner|default('-') }}]\n",
    "loops": "{% for x in l %}{{ loop.index }}{{ x }}{% endfor %}",
    "macros": "{% macro show(x, y='?') %}<{{ x }}|{{ y }}>{% endmacro %}\n"
    "{% macro wrap() %}({{ caller() }}){% endmacro %}{% set version = 3 %}{% set _own = 1 %}\n"
    "{% macro outer() %}{{ n is defined }}{% endmacro %}",
    "base": "A{% block a %}a{{ n }}{% endblock %}B\n{% block b %}{% block c %}c{% endblock %}{% endblock %}\n"
    "{% for i in l %}{% block d scoped %}{{ i }}{% endblock %}{% endfor %}",
    "middle": "{% extends 'base' %}\n{% block a %}m{{ super() }}{% endblock %}{% block c %}mc{% endblock %}",
}


class Generator:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.macros = []
        self.names = []
        self.depth = 0

    def pick(self, *choices):
        return self.r.choice(choices)

    def chance(self, p):
        return self.r.random() < p

    # Expressions: each returns source text that mostly has the type asked for.

    def value(self, kind, depth=3):
        if self.chance(0.02):
            kind = self.pick("int", "float", "text", "list", "record", "bool", "none")
        if self.names and self.chance(0.12):
            return self.pick(*self.names)
        result = getattr(self, kind)(depth)
        if self.chance(0.06):
            result = f"({result})"
        if depth > 0 and self.chance(0.05):
            result = f"({result} if {self.bool(depth - 1)} else {getattr(self, kind)(depth - 1)})"
        elif depth > 0 and self.chance(0.01):
            result = f"({result} if {self.bool(depth - 1)})"
        return result

    def none(self, depth):
        return self.pick("none", "None", "people[1].boss", "missing")

    def any(self, depth):
        return self.value(self.pick("int", "float", "text", "list", "bool", "record"), depth)

    def number(self, depth):
        return self.value(self.pick("int", "float"), depth)

    def int(self, depth):
        if depth <= 0 or self.chance(0.25):
            return self.pick(
                "n", "zero", "neg", "1", "2", "3", "10", "42", "1_000", "0x1F", "l[0]", "d.b", "d['a']",
                "people[0].age", "true", str(self.r.randint(-5, 120)))
        i = lambda: self.value("int", depth - 1)
        a = self.r.randrange(20)
        if a < 5:
            return f"{i()} {self.pick('+', '-', '*', '//', '%')} {i()}"
        if a < 6:
            return f"{self.pick('2', '3', 'n', 'neg', '10')} ** {self.pick('0', '1', '2', '3', '5')}"
        if a < 7:
            return f"{self.pick('-', '+', '- -')}{i()}"
        if a < 9:
            return f"{self.pick(self.value('list', depth - 1), self.value('text', depth - 1))}|{self.pick('length', 'count')}"
        if a < 10:
            return f"{self.list(depth - 1)}|{self.pick('sum', 'max', 'min', 'first', 'last')}"
        if a < 11:
            return f"people|{self.pick('sum', 'max', 'min')}(attribute='age')"
        if a < 13:
            return f"({self.any(depth - 1)})|int{self.pick('', '(5)', '(default=-1)', '(0, 16)')}"
        if a < 14:
            return f"({i()})|abs"
        if a < 15:
            return f"({i()})|round({self.pick('', '-1', '-2', '1')})"
        if a < 16:
            return f"({self.text(depth - 1)})|wordcount"
        if a < 17:
            return f"({self.text(depth - 1)}).{self.pick('find', 'count', 'rfind')}({self.pick(repr('o'), repr('l'), repr(''), repr('xyz'))})"
        if a < 18:
            return f"[{i()}, {i()}, {i()}][{self.pick('0', '1', '-1', '2')}]"
        if a < 19:
            return f"({self.bool(depth - 1)}) + {i()}"
        return f"range({self.pick('0', '5', '7')}, {self.pick('3', '10', '-4')}, {self.pick('1', '2', '-1')})|{self.pick('length', 'sum')}"

    def float(self, depth):
        if depth <= 0 or self.chance(0.3):
            return self.pick("f", "g", "1.5", "0.1", "1e3", "2.675", "1e16", "1.5e-7", "-0.0", "100.0",
                             f"{self.r.uniform(-1000, 1000):.{self.r.randint(1, 6)}f}")
        x = lambda: self.value("float", depth - 1)
        a = self.r.randrange(12)
        if a < 5:
            return f"{self.number(depth - 1)} {self.pick('+', '-', '*', '/', '//', '%')} {x()}"
        if a < 6:
            return f"{self.number(depth - 1)} / {self.int(depth - 1)}"
        if a < 8:
            method = self.pick("'common'", "'ceil'", "'floor'", "method='floor'")
            return f"({x()})|round({self.pick('0', '1', '2', '3')}, {method})"
        if a < 9:
            return f"({self.any(depth - 1)})|float{self.pick('', '(1.5)', '(default=2)')}"
        if a < 10:
            return f"({x()})|abs"
        if a < 11:
            return f"{self.pick('1.1', '2.0', 'f')} ** {self.pick('2', '0.5', '10', '-1', '3')}"
        return f"[{x()}, {x()}]|{self.pick('sum', 'max', 'min')}"

    def literal(self):
        return self.pick(
            "s", "e", "w", "u", "h", "m", "'a'", "\"b c\"", "'it\\'s'", "'x\\ny'", "''", "'1'", "'2.5'",
            "'%s'", "'foo bar baz qux'", "'Ünï'", "people[0].name", "'a' 'b'", "words[0]", "'\\u00e9'",
            "'-1'", "' 12 '", "'a-b-c d_e'", "'{{ }}'", "'<i>x</i>'")

    def text(self, depth):
        if depth <= 0 or self.chance(0.25):
            return self.literal()
        t = lambda: self.value("text", depth - 1)
        a = self.r.randrange(30)
        if a < 3:
            return f"{t()} ~ {self.any(depth - 1)}"
        if a < 4:
            return f"{t()} + {t()}"
        if a < 5:
            return f"{t()} * {self.pick('0', '2', '3', '-1')}"
        if a < 11:
            name = self.pick("upper", "lower", "title", "capitalize", "trim", "string", "reverse", "striptags",
                             "urlencode", "e", "escape", "forceescape", "safe", "wordwrap(5)", "wordwrap(7, false)",
                             "wordwrap(4, wrapstring='|')", "indent", "indent(2, true)", "indent(1, blank=true)",
                             "center(15)", "center(width=4)", "trim('a')", "first", "last", "join('-')",
                             "truncate(5)", "truncate(7, true)", "truncate(6, end='…', leeway=0)", "truncate(9, false, '..', 2)",
                             "replace('a', 'X')", "replace('', '.')", "replace('l', 'LL', 1)", "filesizeformat")
            return f"({t()})|{name}"
        if a < 15:
            method = self.pick("upper()", "lower()", "title()", "capitalize()", "strip()", "lstrip()", "rstrip()",
                               "swapcase()", "replace('a', 'b')", "replace('l', 'L', 1)", "zfill(6)", "ljust(8)",
                               "rjust(8, '*')", "center(9)", "strip('ab ')", "removeprefix('H')", "removesuffix('d')",
                               "partition(' ')", "rpartition('a')", "expandtabs(4)", "split()|join('_')",
                               "splitlines()|join('/')", "split('a')|join('.')", "rsplit(none, 1)|first")
            return f"({t()}).{method}"
        if a < 17:
            return f"({t()})[{self.pick('0', '-1', '1:', ':3', '::-1', '1:5:2', '-3:', ':-1', 'n:')}]"
        if a < 19:
            return f"({self.list(depth - 1)})|join({self.pick('', repr(', '), repr('-'), 'd=' + repr('/'))})"
        if a < 20:
            return f"people|join(', ', attribute='{self.pick('name', 'age', 'boss.name', 'tags')}')"
        if a < 22:
            return f"({self.any(depth - 1)})|tojson{self.pick('', '(2)', '(indent=1)')}"
        if a < 24:
            form = self.pick("'%s|%s'", "'%5s|%-5s|'", "'%r %s'", "'%.2s%s'")
            return f"{form}|format({self.any(depth - 1)}, {self.any(depth - 1)})"
        if a < 25:
            form = self.pick("%d", "%05d", "%+d", "%x", "%#x", "%e", "%.3f", "%8.2f", "%g", "%-8d|", "%i", "% d", "%G", "%o")
            return f"'{form}' % ({self.number(depth - 1)})"
        if a < 26:
            return f"'%s %s' % ({self.any(depth - 1)}, {self.any(depth - 1)})"
        if a < 27:
            return f"({self.number(depth - 1)})|filesizeformat{self.pick('', '(true)', '(binary=true)')}"
        if a < 28:
            return f"({self.any(depth - 1)})|string"
        if a < 29:
            return f"({self.any(depth - 1)})|default({t()}{self.pick('', ', true')})"
        return f"{{'x': {t()}}}|{self.pick('xmlattr', 'urlencode', 'tojson')}"

    def bool(self, depth):
        if depth <= 0 or self.chance(0.15):
            return self.pick("t", "no", "true", "false", "True", "n > 3", "(missing is defined)")
        b = lambda: self.value("bool", depth - 1)
        a = self.r.randrange(16)
        if a < 3:
            kind = self.pick("number", "text", "list")
            operator = self.pick("==", "!=", "<", "<=", ">", ">=")
            return f"{self.value(kind, depth - 1)} {operator} {self.value(kind, depth - 1)}"
        if a < 4:
            return f"{self.int(depth - 1)} < {self.number(depth - 1)} <= {self.int(depth - 1)}"
        if a < 6:
            return f"{b()} {self.pick('and', 'or')} {b()}"
        if a < 7:
            return f"(not {b()})"
        if a < 9:
            return f"{self.any(depth - 1)} {self.pick('in', 'not in')} {self.value(self.pick('list', 'record', 'text'), depth - 1)}"
        if a < 13:
            test = self.pick("defined", "none", "string", "number", "integer", "float", "boolean", "mapping",
                             "sequence", "iterable", "true", "false", "undefined", "callable", "escaped", "lower", "upper",
                             "not none", "not string", "not defined")
            return f"(({self.any(depth - 1)}) is {test})"
        if a < 15:
            test = self.pick("odd", "even", "divisibleby 3", "divisibleby(2)", "eq 7", "gt(2)", "le 3", "in [1, 2]",
                             "sameas 7", "not odd", "ge 2", "ne 3", "lessthan 5", "equalto(1)")
            return f"(({self.number(depth - 1)}) is {test})"
        return f"({self.text(depth - 1)}).{self.pick('startswith', 'endswith')}({self.pick(repr('H'), repr('a'), repr(''))})"

    def items(self, depth):
        """Something to go through, that may be a stream."""
        if self.chance(0.5):
            return self.list(depth)
        a = self.r.randrange(11)
        base = self.list(depth - 1)
        if a < 2:
            return f"({base})|{self.pick('select', 'reject')}({self.pick(repr('odd'), repr('gt') + ', 1', repr('string'), repr('in') + ', [1, 2]', '')})"
        if a < 4:
            how = self.pick("'string'", "'float'", "'upper'", "'int'", "'default', 'x'", "'replace', 'a', 'b'", "'center', 5",
                            "'round', 1", "'length'", "'tojson'", "'title'")
            return f"({base})|map({how})"
        if a < 5:
            return f"people|map(attribute='{self.pick('name', 'age', 'tags', 'tags.0', 'boss', 'zip')}'{self.pick('', ', default=0')})"
        if a < 7:
            rest = self.pick("'age', 'gt', 26", "'tags'", "'boss'", "'name', 'eq', 'Al'", "'zip', 'defined'", "'boss', 'none'")
            return f"people|{self.pick('selectattr', 'rejectattr')}({rest})|map(attribute='name')"
        if a < 8:
            return f"({base})|{self.pick('batch', 'slice')}({self.pick('2', '3', '5')}{self.pick('', ', 0', ', fill_with=' + repr('-'))})"
        if a < 9:
            return f"({base})|{self.pick('reverse', 'unique', 'unique(true)')}"
        if a < 10:
            return f"({self.record(depth - 1)})|{self.pick('items', 'dictsort')}"
        return f"({self.record(depth - 1)}).{self.pick('items', 'keys', 'values')}()"

    def list(self, depth):
        if depth <= 0 or self.chance(0.25):
            return self.pick("l", "words", "empty", "[1, 2, 3]", "people[0].tags", "(1, 2)", "()", "[]", "range(4)", "['a']")
        a = self.r.randrange(14)
        sub = lambda: self.value("list", depth - 1)
        if a < 3:
            return "[" + ", ".join(self.any(depth - 1) for _ in range(self.r.randrange(4))) + "]"
        if a < 4:
            return "(" + ", ".join(self.any(depth - 1) for _ in range(self.r.randrange(4))) + ",)"
        if a < 7:
            return f"({self.items(depth - 1)})|list"
        if a < 8:
            return f"({sub()}) + {sub()}"
        if a < 9:
            return f"({sub()})[{self.pick('1:', ':2', '::-1', '-2:', '::2', '1:-1')}]"
        if a < 11:
            return f"({sub()})|sort{self.pick('', '(true)', '(reverse=true)', '(case_sensitive=true)')}"
        if a < 12:
            return f"({self.text(depth - 1)}).split({self.pick('', repr(' '), repr('a'), 'none, 1')})"
        if a < 13:
            return f"({sub()}) * {self.pick('0', '1', '2')}"
        return f"people|sort(attribute='{self.pick('name', 'age', 'age,name')}'{self.pick('', ', reverse=true')})|map(attribute='name')|list"

    def record(self, depth):
        if depth <= 0 or self.chance(0.4):
            return self.pick("d", "people[0]", "{}", "{'k': 1}", "tree[0]", "dict(a=1, b=2)")
        a = self.r.randrange(5)
        if a < 3:
            names = self.r.sample(["a", "b", "k", "name", "Z", "x y"], self.r.randrange(4))
            return "{" + ", ".join(f"'{name}': {self.any(depth - 1)}" for name in names) + "}"
        if a < 4:
            return f"dict({self.record(depth - 1)}, z={self.any(depth - 1)})"
        return f"{self.pick('people', '[d, d]')}|{self.pick('first', 'last')}"

    # Statements

    def begin(self):
        return self.pick("{%", "{%", "{%", "{%", "{%-", "{%+")

    def end(self):
        return self.pick("%}", "%}", "%}", "%}", "-%}", "+%}")

    def tag(self, content):
        return f"{self.begin()} {content} {self.end()}"

    def space(self):
        return self.pick("", "", " ", "\n", "\n", "\n  ", "  ", " \n", "\n\n", "\t", "\r\n")

    def body(self, depth):
        names = list(self.names)
        result = "".join(self.statement(depth) for _ in range(self.r.randrange(1, 4)))
        self.names = names
        return result

    def output(self, expression):
        return f"{self.pick('{{', '{{', '{{', '{{-', '{{+')} {expression} {self.pick('}}', '}}', '}}', '-}}')}"

    def statement(self, depth):
        a = self.r.randrange(40)
        space = self.space()
        if depth <= 0 or a < 6:
            return space + self.pick("text", "a b", "x", "# y", "- ", "|", "é", "{", "}", "%", "end") + self.space()
        if a < 16:
            return space + self.output(self.any(3)) + self.space()
        if a < 20:
            result = space + self.tag(f"if {self.bool(2)}") + self.body(depth - 1)
            for _ in range(self.r.randrange(2)):
                result += self.tag(f"elif {self.bool(2)}") + self.body(depth - 1)
            if self.chance(0.5):
                result += self.tag("else") + self.body(depth - 1)
            return result + space + self.tag("endif") + self.space()
        if a < 26:
            return self.loop(depth, space)
        if a < 29:
            name = self.pick("x", "y", "z", "inner")
            is_block = self.chance(0.2)
            if is_block:
                # Within its own block Jinja2 forgets what such a name means around it.
                name = "block" + str(len(self.names))
            kind = self.pick("int", "text", "list", "record", "float")
            result = self.tag(f"set {name} = {self.value(kind, 2)}") if not is_block else (
                self.tag(f"set {name}{self.pick('', ' | upper', ' | trim | length')}") + self.body(depth - 1) + self.tag("endset"))
            self.names.append(name)
            return space + result + self.space()
        if a < 30:
            names = self.names + ["q"]
            result = space + self.tag(f"with q = {self.any(2)}, n = {self.int(1)}")
            saved, self.names = self.names, names
            result += self.body(depth - 1) + self.tag("endwith")
            self.names = saved
            return result
        if a < 31:
            return space + self.tag(f"filter {self.pick('upper', 'trim', 'indent(2)', 'replace(' + repr('a') + ', ' + repr('b') + ')|title', 'e')}") + self.body(depth - 1) + self.tag("endfilter")
        if a < 33:
            return self.macro(depth, space)
        if a < 35 and self.macros:
            name, parameters, takes_caller = self.pick(*self.macros)
            arguments = ", ".join(self.any(1) for _ in range(self.r.randrange(parameters + 1)))
            if takes_caller and self.chance(0.7):
                return space + self.tag(f"call {name}({arguments})") + self.body(depth - 1) + self.tag("endcall")
            return space + self.output(f"{name}({arguments})")
        if a < 36:
            what = self.pick("'part'", "'part' without context", "'nope' ignore missing", "['nope', 'part']", "'loops'",
                             "'pa' ~ 'rt'", "none|default('part', true)")
            return space + self.tag(f"include {what}") + self.space()
        if a < 37:
            self_call = self.pick("mm.show(1)", "mm.show(n, y=s)", "mm.version", "mm.outer()", "mm.show('a')|upper", "mm._own is defined")
            return space + self.tag(f"import {self.pick(repr('macros'), repr('mac') + ' ~ ' + repr('ros'))} as mm{self.pick('', ' with context')}") + self.output(self_call)
        if a < 38:
            return space + self.tag(f"from 'macros' import show as sh, wrap{self.pick('', ' with context')}") + self.output("sh(2)") + self.tag("call wrap()") + self.body(depth - 1) + self.tag("endcall")
        if a < 39:
            return space + self.pick("{# a comment #}", "{#- c -#}", "{# c\nd -#}", "{% raw %}{{ x }}{% endraw %}", "{%- raw -%} {% if %} {%- endraw %}") + self.space()
        name = "ns" + str(len(self.names))
        self.names.append(f"{name}.v")
        return (space + self.tag(f"set {name} = namespace(v={self.int(1)})")
                + self.tag(f"for i in {self.list(1)}") + self.tag(f"set {name}.v = {self.pick('i', name + '.v + 1', name + '.v ~ ' + repr('x'))}") + self.tag("endfor"))

    def loop(self, depth, space):
        saved = list(self.names)
        a = self.r.randrange(10)
        if a < 1:
            inner = self.pick("loop(node.c)", "loop(node.c)|trim")
            result = (self.tag("for node in tree recursive") + self.output("node.v") + self.output(self.pick("loop.depth", "loop.depth0", "loop.index"))
                      + "(" + self.output(inner) + ")" + self.tag("endfor"))
            return space + result
        if a < 2:
            head = f"for k, v in ({self.record(1)}).items()"
            self.names += ["k", "v"]
        elif a < 3:
            head = f"for g, members in people|groupby('{self.pick('age', 'name')}')"
            self.names += ["g", "members|length"]
        elif a < 4:
            head = "for p in people"
            self.names += ["p.name", "p.age", "p.tags"]
        else:
            head = f"for i in {self.items(2)}"
            self.names += ["i"]
        if self.chance(0.2):
            head += f" if {self.bool(1)}"
        if self.chance(0.6):
            self.names += ["loop.index", "loop.first", "loop.last", "loop.length", "loop.revindex", "loop.revindex0", "loop.index0",
                           "loop.cycle('a', 'b')", "loop.changed(loop.index // 2)", "loop.previtem|default('-')",
                           "loop.nextitem|default('-')", "loop.depth"]
        result = space + self.tag(head) + self.body(depth - 1)
        self.names = saved
        if self.chance(0.3):
            result += self.tag("else") + self.body(depth - 1)
        return result + self.space() + self.tag("endfor") + self.space()

    def macro(self, depth, space):
        name = "m" + str(len(self.macros))
        saved, known = list(self.names), list(self.macros)
        parameters = self.r.sample(["p", "q", "r"], self.r.randrange(3))
        takes_caller = self.chance(0.3)
        head = ", ".join(p + (f"={self.any(1)}" if i == len(parameters) - 1 and self.chance(0.6) else "") for i, p in enumerate(parameters))
        self.names = saved + parameters
        self.macros = []
        body = self.body(depth - 1) + (self.output("caller()") if takes_caller else "") + (self.output("varargs") if self.chance(0.1) else "")
        self.names, self.macros = saved, known
        if depth == 3:
            self.macros.append((name, len(parameters), takes_caller))
        return space + self.tag(f"macro {name}({head})") + body + self.tag("endmacro")

    def template(self):
        if self.chance(0.1):
            base = self.pick("'base'", "'middle'", "'ba' ~ 'se'")
            result = self.tag(f"extends {base}")
            for block in self.r.sample(["a", "b", "c", "d"], self.r.randrange(4)):
                self.names = ["i"] if block == "d" else []
                self.macros = []
                inner = self.body(2) + self.pick("", "{{ super() }}", "{{ self.c() }}" if block == "a" else "")
                result += self.tag(f"block {block}{' scoped' if block == 'd' else ''}") + inner + self.tag("endblock")
            return result
        return "".join(self.statement(3) for _ in range(self.r.randrange(1, 5))) + self.pick("", "\n", "\n\n")


def rendered(template, files=FILES, context=CONTEXT):
    environment = jinja2.Environment(
        loader=jinja2.DictLoader(files), undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        autoescape=False)
    try:
        return {"text": environment.from_string(template).render(context)}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def generated(seed, count):
    """Templates with what Jinja2 makes of them; those that show Python's own objects are left out."""
    made = 0
    number = 0
    while made < count:
        template = Generator(f"{seed}-{number}").template()
        number += 1
        if len(template) > 3000:
            continue
        result = rendered(template)
        text = result.get("text", "")
        if " at 0x" in text or "<generator" in text or "Markup(" in text or len(text) > 100_000:
            continue
        made += 1
        yield {"template": template, **result}


# What the engine says it does not do, where Jinja2 does something.
LEFT_OUT = ["gone through before", "fit 64 bits", "made one by one", "is not supported", "parts in each other",
            "is not a real number", "larger than the limit", "cannot be sliced"]

if __name__ == "__main__":
    asked = json.load(sys.stdin)
    json.dump(
        {
            "context": json.dumps(CONTEXT), "files": FILES, "leftOut": LEFT_OUT,
            "cases": list(generated(asked["seed"], asked["count"])),
        }, sys.stdout)
