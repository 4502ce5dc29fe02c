"""Compares what three Markdown parsers make of pairs of texts.

In: a list of {base, text, shown, isLoose}: `base` was rendered with a word in the value's place,
`text` with the value, and `shown` is what a reader sees of the value. Where `isLoose`, the value may
stand on several lines, behind a fence, or in captured text, and white space in code and isolates are
not compared. Out: for each pair a list of differences.
"""

import ctypes
import gc
import html
import json
import re
import sys
import urllib.parse
import xml.etree.ElementTree as ElementTree

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll

WORD = "xylo"
FILLER = "\u2060"


def load(pattern):
    import glob

    found = sorted(glob.glob(f"/usr/lib/*/{pattern}"))
    if not found:
        sys.exit(f"{pattern} is missing: apt install cmark cmark-gfm")
    return ctypes.CDLL(found[-1], mode=ctypes.RTLD_LOCAL)


class CMark:
    def __init__(self, pattern, extensions=(), extension_pattern=None, options=0):
        self.library = load(pattern)
        library = self.library
        library.cmark_parser_new.restype = ctypes.c_void_p
        library.cmark_parser_new.argtypes = [ctypes.c_int]
        library.cmark_parser_feed.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]
        library.cmark_parser_finish.restype = ctypes.c_void_p
        library.cmark_parser_finish.argtypes = [ctypes.c_void_p]
        library.cmark_parser_free.argtypes = [ctypes.c_void_p]
        library.cmark_render_xml.restype = ctypes.c_void_p
        library.cmark_render_xml.argtypes = [ctypes.c_void_p, ctypes.c_int]
        library.cmark_node_free.argtypes = [ctypes.c_void_p]
        self.options = options
        self.extensions = []
        if extensions:
            more = load(extension_pattern)
            more.cmark_gfm_core_extensions_ensure_registered()
            library.cmark_find_syntax_extension.restype = ctypes.c_void_p
            library.cmark_find_syntax_extension.argtypes = [ctypes.c_char_p]
            library.cmark_parser_attach_syntax_extension.argtypes = [
                ctypes.c_void_p,
                ctypes.c_void_p,
            ]
            self.extensions = [
                library.cmark_find_syntax_extension(name.encode()) for name in extensions
            ]
        self.free = ctypes.CDLL(None).free
        self.free.argtypes = [ctypes.c_void_p]

    def tree(self, text):
        library = self.library
        parser = library.cmark_parser_new(self.options)
        for extension in self.extensions:
            library.cmark_parser_attach_syntax_extension(parser, extension)
        data = text.encode()
        library.cmark_parser_feed(parser, data, len(data))
        document = library.cmark_parser_finish(parser)
        pointer = library.cmark_render_xml(document, 0)
        xml = ctypes.string_at(pointer).decode()
        self.free(pointer)
        library.cmark_node_free(document)
        library.cmark_parser_free(parser)
        xml = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "?", xml)
        return merge(element(ElementTree.fromstring(xml)))


def element(node):
    name = node.tag.split("}")[-1]
    attributes = {
        key: value
        for key, value in node.attrib.items()
        if key not in ("{http://www.w3.org/XML/1998/namespace}space", "tight")
    }
    text = node.text if len(node) == 0 else ""
    if name in ("text", "code", "code_block", "html_block", "html_inline"):
        return [name, attributes, text or ""]
    return [name, attributes, [element(child) for child in node]]


def merge(node):
    """Joins neighbouring texts, and takes e-mail addresses that became links for text."""
    name, attributes, content = node
    if isinstance(content, str):
        if name.startswith("html"):
            # References mean themselves within a comment.
            parts = re.split("(<!--.*?-->)", content, flags=re.S)
            content = "".join(
                part if part.startswith("<!--") else html.unescape(part) for part in parts
            )
        return [name, attributes, content]
    if "destination" in attributes:
        attributes = dict(attributes)
        attributes["destination"] = urllib.parse.unquote(attributes["destination"])
    children = []
    for child in content:
        child = merge(child)
        if child[0] == "link" and child[1].get("destination", "").startswith("mailto:"):
            if len(child[2]) == 1 and child[1]["destination"][7:] == child[2][0][2]:
                child = child[2][0]
        if child[0] == "text" and children and children[-1][0] == "text":
            children[-1] = ["text", {}, children[-1][2] + child[2]]
        elif not (child[0] == "text" and child[2] == ""):
            children.append(child)
    return [name, attributes, children]


class It:
    def __init__(self):
        self.parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])

    def tree(self, text):
        root = ["document", {}, []]
        stack = [root]

        def walk(tokens):
            for token in tokens:
                attributes = {
                    key: urllib.parse.unquote(str(value)) for key, value in token.attrs.items()
                }
                if token.type == "inline":
                    walk(token.children or [])
                elif token.nesting == 1:
                    node = [token.type[:-5] + token.tag, attributes, []]
                    stack[-1][2].append(node)
                    stack.append(node)
                elif token.nesting == -1:
                    stack.pop()
                elif token.type == "image":
                    attributes.pop("alt", None)
                    node = ["image", attributes, []]
                    stack[-1][2].append(node)
                    stack.append(node)
                    walk(token.children or [])
                    stack.pop()
                else:
                    name = token.type
                    if name == "text_special":
                        name = "text"
                    if token.info and token.type == "fence":
                        attributes["info"] = unescapeAll(token.info)
                    if name in ("softbreak", "hardbreak", "hr"):
                        stack[-1][2].append([name, attributes, []])
                    else:
                        name = {"code_inline": "code", "fence": "code_block"}.get(name, name)
                        stack[-1][2].append([name, attributes, token.content])

        walk(self.parser.parse(text))
        return merge(root)


def without_addresses(node):
    name, attributes, content = node
    attributes = {
        key: "" if key in ("destination", "href", "src") else value
        for key, value in attributes.items()
    }
    if isinstance(content, str):
        return [name, attributes, content]
    return [name, attributes, [without_addresses(child) for child in content]]


def put(node, word, shown):
    """The tree with the value's text in the place of the word, and without what nobody sees."""
    name, attributes, content = node
    attributes = {
        key: value.replace(word, shown).replace(FILLER, "").replace("\t", " ")
        for key, value in attributes.items()
    }
    if "info" in attributes:
        attributes["info"] = attributes["info"].replace(" ", "")
    for key in ("info", "title"):
        if attributes.get(key) == "":
            del attributes[key]
    if isinstance(content, str):
        content = content.replace(word, shown)
        if name in ("code", "html_inline"):
            # A parser without tables keeps the backslash that a cell needs.
            content = content.replace("\\" + FILLER + "\\|", "\\|").replace(FILLER, "")
        return [name, attributes, content.replace(FILLER, "")]
    children = [put(child, word, shown) for child in content]
    return [name, attributes, [child for child in children if child[0] != "text" or child[2]]]


def loose(node, isEdge=(True, True)):
    """The tree without what depends on how often a value was captured before it was written, and
    without white space at the edges of a line, which readers leave out in some places.

    cmark-gfm takes a task for a completed one if `[x]` stands anywhere behind its mark.
    """
    name, attributes, content = node
    without = str.maketrans("", "", "\u2068\u2069" + (" \n" if name.startswith("code") else ""))
    attributes = {
        key: value.translate(without).replace(" ", "") if key == "info" else value.translate(without)
        for key, value in attributes.items()
        if key != "completed"
    }
    if isinstance(content, str):
        content = content.translate(without)
        if name == "text":
            content = content.lstrip(" ") if isEdge[0] else content
            content = content.rstrip(" ") if isEdge[1] else content
        return [name, attributes, content]
    children, last = [], len(content) - 1
    for index, child in enumerate(content):
        before = index == 0 or content[index - 1][0].endswith("break")
        after = index == last or content[index + 1][0].endswith("break")
        children.append(loose(child, (before, after)))
    return [name, attributes, [child for child in children if child[0] != "text" or child[2]]]


def first_difference(wanted, found, path=""):
    """Where two trees part, and what stands there in each."""
    path = f"{path}/{wanted[0]}"
    children = [node[2] for node in (wanted, found)]
    if wanted[:2] == found[:2] and not any(isinstance(content, str) for content in children):
        for one, other in zip(*children):
            if one != other:
                return first_difference(one, other, path)
        rest = [content[min(map(len, children)) :] for content in children]
    else:
        rest = [wanted, found]
    return path + ": " + " != ".join(json.dumps(part, ensure_ascii=False)[:400] for part in rest)


parsers = {
    "libcmark": CMark("libcmark.so.0.*"),
    "cmark-gfm": CMark(
        "libcmark-gfm.so.0.*",
        ["table", "strikethrough", "autolink", "tasklist"],
        "libcmark-gfm-extensions.so.0.*",
        # GitHub reads footnotes, too (CMARK_OPT_FOOTNOTES).
        options=1 << 13,
    ),
    "markdown-it-py": It(),
}
# Hardly anything here refers to itself; to look for it as often as usual takes a third of the time.
gc.set_threshold(1_000_000)
cache = {}
results = []
for case in [] if "--import" in sys.argv else json.load(sys.stdin):
    differences = []
    for name, parser in parsers.items():
        key = (name, case["base"])
        if key not in cache:
            cache[key] = parser.tree(case["base"])
        wanted = put(cache[key], WORD, case["shown"])
        found = put(parser.tree(case["text"]), WORD, WORD)
        # Most trees are equal as they are.
        if wanted == found:
            continue
        if re.search(r"\]\([^\s()]*" + WORD, case["base"]):
            # What an address is made of is another test's matter; here only that it stays one.
            wanted, found = (without_addresses(tree) for tree in (wanted, found))
        # A line that begins as a row does may turn out not to be one; its code keeps the backslash.
        if re.search(r"^[ >*+0-9.)-]*\|.*(`|<!--)", case["base"], re.M):
            wanted, found = (
                json.loads(json.dumps(tree).replace("\\\\|", "|")) for tree in (wanted, found)
            )
        if case.get("isLoose"):
            wanted, found = loose(wanted), loose(found)
        if wanted != found:
            differences.append(f"{name}: {first_difference(wanted, found)}")
    results.append(differences)
if "--import" not in sys.argv:
    json.dump(results, sys.stdout)
