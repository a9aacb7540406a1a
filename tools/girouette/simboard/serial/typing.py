"""`Typing`: a line being typed at MicroPython's friendly prompt: echo, backspace, history, lines that go on, paste
mode.

After shared/readline/readline.c and py/repl.c, without completion and without moving inside the line.
"""

import re
from collections.abc import Callable

_CTRL_C, _CTRL_D, _CTRL_E, _BACKSPACE, _TAB, _LF, _CR, _ESC, _DEL = 3, 4, 5, 8, 9, 10, 13, 27, 127
_COMPOUND = ("if", "while", "for", "try", "with", "def", "class", "async", "@")
_KEPT = 8  # lines of history, as a chip has
_STRINGS = re.compile(
    r"""'''.*?'''|\"{3}.*?\"{3}|(?<!')'(?!'')(?:\\.|[^'\\\n])*'|(?<!")"(?!"")(?:\\.|[^"\\\n])*"|#[^\n]*""",
    re.DOTALL,
)


def goes_on(text: str) -> bool:
    """Whether the prompt asks for more: an open bracket or string, a backslash, a block that no empty line ended."""
    rest = _STRINGS.sub("", text)
    opened = sum(rest.count(c) for c in "([{") - sum(rest.count(c) for c in ")]}")
    if "'''" in rest or '"""' in rest or opened > 0 or text.endswith("\\"):
        return True
    block = re.match(r"\s*(@|\w*)", text)[1] in _COMPOUND
    return block and not text.endswith("\n")


class Typing:
    """`key` returns the source once it is whole. Echo goes to `out`."""

    def __init__(self, out: Callable[[bytes], None]):
        self._out = out
        self._lines: list[str] = []
        self._line = bytearray()
        self._history: list[bytes] = []
        self._back = 0  # how far back in it
        self._escape: bytes | None = None
        self.pasting = False
        self.pasted = False  # the source that was returned last

    @property
    def empty(self) -> bool:
        """Nothing has been typed since the prompt."""
        return not self._lines and not self._line

    def prompt(self):
        self._lines, self.pasting = [], False
        self._next(b">>> ")

    def _next(self, prompt: bytes):
        self._line.clear()
        self._back = 0
        self._out(prompt)

    def key(self, byte: int) -> bytes:
        if self.pasting:
            return self._paste(byte)
        if self._escape is not None:
            self._arrow(byte)
        elif byte == _ESC:
            self._escape = b""
        elif byte in (_CR, _LF):
            return self._enter()
        elif byte == _CTRL_C:
            self._out(b"\r\n")
            self.prompt()
        elif byte == _CTRL_E and self.empty:
            self.pasting = True
            self._out(b"\r\npaste mode; Ctrl-C to cancel, Ctrl-D to finish\r\n=== ")
        elif byte in (_BACKSPACE, _DEL):
            self._rub(1)
        elif byte >= 32 or byte == _TAB:
            self._put(b"    " if byte == _TAB else bytes([byte]))
        return b""

    def _put(self, data: bytes):
        self._line += data
        self._out(data)

    def _rub(self, n: int):
        n = min(n, len(self._line))
        del self._line[len(self._line) - n :]
        self._out(b"\b \b" * n)

    def _arrow(self, byte: int):
        self._escape += bytes([byte])
        if self._escape in (b"[", b"O"):
            return
        step = {b"[A": 1, b"[B": -1}.get(self._escape, 0)
        self._escape = None
        if step and 0 <= self._back + step <= len(self._history):
            self._back += step
            self._rub(len(self._line))
            self._put(self._history[-self._back] if self._back else b"")

    def _enter(self) -> bytes:
        self._out(b"\r\n")
        line = bytes(self._line)
        if line.strip() and line not in self._history[-1:]:
            self._history = [*self._history, line][-_KEPT:]
        self._lines.append(line.decode("utf-8", "replace"))
        text = "\n".join(self._lines)
        if not text.strip():
            self.prompt()
            return b""
        if goes_on(text):
            self._next(b"... ")
            return b""
        self._lines, self.pasted = [], False
        self._line.clear()
        return text.encode()

    def _paste(self, byte: int) -> bytes:
        if byte == _CTRL_C:
            self._out(b"\r\n")
            self.prompt()
        elif byte == _CTRL_D:
            source = bytes(self._line)
            self._out(b"\r\n")
            self._line.clear()
            self.pasting, self.pasted = False, True
            if source:
                return source
            self.prompt()
        else:
            self._line.append(_LF if byte == _CR else byte)
            self._out(b"\r\n=== " if byte == _CR else bytes([byte]))
        return b""
