"""The static frame gate: no function of the client or of a driver may need a frame that goes to the heap.

MicroPython keeps a frame of up to 11 words on the C stack and allocates a larger one on every call. The frame's size
stands in the compiled file, so this is exact for every function, whether a test reaches it or not. A function that
runs only while connecting, at construction or on an error may say so on its `def` line: `# cold: <reason>`. A file that
a board's hot path never enters says so for all of its functions, in a line at its head: `# cold file: <reason>`.
"""

import ast
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from .errors import Failure
from .mpy import compile_tree
from .mpyfile import WORDS_PER_EXCEPTION_BLOCK, Function, read
from .paths import LIB, shown

LIMIT = 11  # VM_MAX_STATE_ON_STACK in MicroPython's py/objfun.c, in words
HOT = (LIB / "leanmqtt", LIB / "drivers")

_COLD = re.compile(r"# cold: (\S.*)")
_COLD_FILE = re.compile(r"(?m)^# cold file: (\S.*)")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Frame(NamedTuple):
    """One function's frame."""

    source: Path
    line: int
    name: str  # with the names it is inside of: `Client.poll`
    function: Function
    cold: str | None  # why its size does not matter, as the source says
    hot: bool  # whether the file belongs to a hot path at all

    @property
    def violates(self) -> bool:
        return self.hot and self.cold is None and self.function.words > LIMIT


def frames(folder: Path) -> list[Frame]:
    """Compile a folder as for a board and read every function's frame. Raises Failure where it does not compile."""
    folder = Path(folder).resolve()
    with tempfile.TemporaryDirectory() as build:
        compiled = compile_tree(folder, Path(build))
        found = []
        for target in compiled:
            source = folder / target.relative_to(build).with_suffix(".py")
            found += frames_of_file(source, read(target.read_bytes()))
        return found


def frames_of_file(source: Path, module: Function) -> list[Frame]:
    """The frames of one compiled file, with what its source says of them."""
    text = source.read_text()
    lines = text.splitlines()
    hot = any(source.is_relative_to(folder) for folder in HOT)
    whole = _COLD_FILE.search(text)
    return [
        Frame(source, line, name, function, whole[1] if whole else _cold(lines, node), hot)
        for name, line, function, node in _walk(module, ast.parse(text), "")
    ]


def _walk(parent: Function, node: ast.AST, prefix: str) -> Iterator[tuple]:
    """Name, line, Function and definition (None where it is an expression) of every function below `parent`.

    A compiled file has no lines. But both trees have their definitions in the same order, and those that the compiler
    left out (below `if False`) are passed over by name.
    """
    definitions = _definitions(node)
    for function in parent.children:
        name = prefix + function.name
        if function.name.startswith("<"):  # a lambda or comprehension
            definition, line = None, getattr(node, "lineno", 1)
            yield name, line, function, None
            yield from _walk(function, ast.Module([], []), name + ".")
            continue
        definition = next((d for d in definitions if d.name == function.name), None)
        if definition is None:
            raise Failure(f"{name} is in the compiled file but not, in that order, in its source")
        if not isinstance(definition, ast.ClassDef):  # a class body runs once
            yield name, definition.lineno, function, definition
        yield from _walk(function, definition, name + ".")


def _definitions(node: ast.AST) -> Iterator[ast.AST]:
    """The `def`s and `class`es directly inside, through `if`, `try` and loops, in the order of the source."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _DEFINITIONS):
            yield child
        else:
            yield from _definitions(child)


def _cold(lines: list[str], node) -> str | None:
    if node is None:
        return None
    signature = lines[node.lineno - 1 : max(node.lineno, node.body[0].lineno - 1)]
    marks = (_COLD.search(line) for line in signature)
    return next((mark[1].strip() for mark in marks if mark), None)


def describe(frame: Frame) -> str:
    """One line of the table."""
    compiled = frame.function
    size = f"{compiled.words:3} words = {compiled.state} + {WORDS_PER_EXCEPTION_BLOCK} * {compiled.blocks}"
    verdict = f"above {LIMIT}: on the heap" if frame.violates else f"cold: {frame.cold}" if frame.cold else ""
    return f"{shown(frame.source)}:{frame.line}: {frame.name:32} {size:22} {verdict}".rstrip()
