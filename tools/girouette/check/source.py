"""JSON text as a tree that knows where everything stands, and every way in which it is not JSON, in plain words.

MicroPython reads much that is no JSON, and drops what it does not understand, so here nothing passes that RFC 8259 does
not allow. The reader goes on after a fault wherever the meaning is plain, to find the others too.
"""

import json
import re
from dataclasses import dataclass, field

from .fault import Fault, Path

_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?(?![\w.+-])")
_WORD = re.compile(r"[\w.+-]+")
_STRING = re.compile(r'"((?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*)"')
_COMMENT = re.compile(r"#[^\n]*|//[^\n]*|/\*.*?(?:\*/|$)", re.DOTALL)
_WORDS = {"true": True, "false": False, "null": None}
_OTHERS = {"True": "true", "False": "false", "None": "null", "nil": "null", "undefined": "null"}
_DEPTH = 32


@dataclass
class Node:
    """A value and where it begins; tables and lists hold Nodes. `keys`: where each key of a table stands."""

    value: object
    at: int
    source: "Source"
    keys: dict[str, tuple["Source", int]] = field(default_factory=dict)

    def plain(self):
        """The value as Python has it."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


class Source:
    """A text of that name, read: `root` is its Node, or None where there is none; `faults` what is wrong with it."""

    def __init__(self, name: str, text: str):
        self.name = name
        self.text = text
        self.faults: list[Fault] = []
        self.root: Node | None = None
        self._at = 0
        self._path: Path = ()
        try:
            self._file()
        except _Lost:
            self.root = None

    def place(self, at: int) -> tuple[int, int]:
        """Line and column of a position, from 1."""
        return self.text.count("\n", 0, at) + 1, at - self.text.rfind("\n", 0, at)

    # Faults

    def _fault(self, at: int, expected: str, found: str):
        line, column = self.place(at)
        self.faults.append(Fault(self._path, expected, found, None, self.name, line, column))

    def _lost(self, expected: str, found: str | None = None):
        # There is no telling what the rest means.
        found = found or ("the end of the file" if self._at >= len(self.text) else f"{self.text[self._at]!r}")
        self._fault(min(self._at, len(self.text)), expected, found)
        raise _Lost

    # Reading

    def _next(self) -> str:
        """The next character that is neither space nor comment; empty at the end."""
        while True:
            self._at = _SPACE.match(self.text, self._at).end()
            comment = _COMMENT.match(self.text, self._at)
            if not comment:
                return self.text[self._at : self._at + 1]
            self._fault(self._at, "no comments, which JSON does not have", "a comment")
            self._at = comment.end()

    def _file(self):
        if self.text.startswith("\ufeff"):
            self._fault(0, "UTF-8 without a byte order mark", "a byte order mark: save the file without BOM")
            self._at = 1
        if not self._next():
            self._lost("a table { }", "an empty file")
        self.root = self._value(0)
        if self._next():
            self._fault(self._at, "the end of the file", f"{self.text[self._at]!r} behind the last brace")

    def _value(self, depth: int) -> Node:
        c, at = self._next(), self._at
        if depth > _DEPTH:
            self._lost(f"at most {_DEPTH} levels of brackets", "more")
        if c == "{":
            return self._table(depth)
        if c == "[":
            return self._list(depth)
        if c in ('"', "'") and c:
            return Node(self._string(), at, self)
        return Node(self._scalar(), at, self)

    def _string(self) -> str:
        at = self._at
        if self.text[at] == "'":
            return self._single()
        match = _STRING.match(self.text, at)
        if match:
            self._at = match.end()
            return json.loads(match[0])
        line = self.text[at + 1 :].split("\n", 1)[0]
        if re.match(r'(?:[^"\\]|\\.)*"', line):
            return self._lost("a text without control characters, and only JSON's escapes behind \\", "another")
        return self._lost('a " at the end of the text', "the end of the line")

    def _single(self) -> str:
        end = self.text.find("'", self._at + 1)
        if end < 0 or "\n" in self.text[self._at : end]:
            self._lost('text between "', "a single '")
        self._fault(self._at, 'text between "', "text between '")
        text, self._at = self.text[self._at + 1 : end], end + 1
        return text

    def _scalar(self):
        match = _NUMBER.match(self.text, self._at)
        if match:
            self._at = match.end()
            return json.loads(match[0])
        match = _WORD.match(self.text, self._at)
        if not match:
            self._lost("a value")
        word, at = match[0], self._at
        self._at = match.end()
        if word in _WORDS:
            return _WORDS[word]
        self._fault(at, *_told(word))
        return _UNKNOWN

    def _list(self, depth: int) -> Node:
        node, path = Node([], self._at, self), self._path
        self._at += 1
        while self._more("]", node.value):
            self._path = (*path, len(node.value))
            node.value.append(self._value(depth + 1))
            self._path = path
        return node

    def _table(self, depth: int) -> Node:
        node, path = Node({}, self._at, self), self._path
        self._at += 1
        while self._more("}", node.value):
            key, at = self._key()
            self._path = (*path, key)
            if key in node.value:
                self._fault(at, "each key once", f"{json.dumps(key, ensure_ascii=False)} a second time")
            if self._next() == ":":
                self._at += 1
            elif self._next() == "=":
                self._fault(self._at, "a : behind the key", "'='")
                self._at += 1
            else:
                self._lost("a : behind the key")
            node.value[key], node.keys[key] = self._value(depth + 1), (self, at)
            self._path = path
        return node

    def _key(self) -> tuple[str, int]:
        at = self._at
        if self.text[at] in "\"'":
            return self._string(), at
        word = _WORD.match(self.text, at)
        if not word:
            self._lost('a key between "')
        self._fault(at, 'a key between "', f"{word[0]} without")
        self._at = word.end()
        return word[0], at

    def _more(self, end: str, before) -> bool:
        """Step over the comma; False behind the closing bracket."""
        c, at = self._next(), self._at
        if c == ",":
            self._at += 1
            if not before or self._next() in (",", end):
                self._fault(at, "no comma here", "one too many" if before else "one before anything else")
            while self._next() == ",":
                self._at += 1
            c = self._next()
        elif before and c not in ("", end, *"]}"):
            self._fault(at, "a comma in front of this", "none")
        if c == end:
            self._at += 1
            return False
        if c in ("", *"]}"):
            self._lost(f"a {end} for the {'{' if end == '}' else '['} before")
        return True


class _Lost(Exception):
    """The reader cannot go on."""


_UNKNOWN = type("Unknown", (), {"__repr__": lambda self: "unknown"})()


def is_unknown(value) -> bool:
    """A value that was no JSON: a fault has been told for it, nothing more can be said."""
    return value is _UNKNOWN


def _told(word: str) -> tuple[str, str]:
    if word in _OTHERS:
        return f"{_OTHERS[word]}, as JSON spells it", word
    if word.lstrip("+-").lower() in ("nan", "inf", "infinity"):
        return "a number: JSON has neither NaN nor infinity", word.lstrip("+-")
    if word[0].isdigit() or word[0] in "+-.":
        return "a number as JSON has it: no leading zero or +, a digit before and behind the point, no 0x", "another"
    return 'true, false, null, a number, or text between "', "a word without quotes"
