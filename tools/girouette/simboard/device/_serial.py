# The board's side of a terminal at which something can be typed, loaded when the board has one: what comes from the
# prompt is run here, and `sys`, `os`, `vfs` and `micropython` get what tools look for on a chip (_sys.py and so on).
# The prompt itself, its modes and its echo are the host's (serial/repl.py).

import io
import sys

import _board

_SOURCE = const(23)
_LONGEST = const(32768)  # of a piece of source: one with its answer has at most 64 KB


def begin(about):
    """The names a chip has for itself, from the host."""
    import _micropython
    import _os
    import _sys

    _sys.begin(about)
    _os.begin(about)
    for name, module in (("sys", _sys), ("os", _os), ("micropython", _micropython)):
        sys.modules[name] = sys.modules["u" + name] = module
    try:
        import _vfs

        sys.modules["vfs"] = _vfs
    except ImportError:  # before MicroPython 1.23 all of it is in os
        pass


def ready():
    """From here on Ctrl-C interrupts the program."""
    sys.modules["micropython"].kbd_intr(3)


def _piece(at, n):
    _board._address(_SOURCE, 0, at & 0xFFFF, at >> 16)
    _board._send(n)
    _board._answer()
    return _board._rest(n)


def _source(size):
    if size <= _LONGEST:
        return _piece(0, size)
    return b"".join([_piece(at, min(_LONGEST, size - at)) for at in range(0, size, _LONGEST)])


def _told(error):
    try:
        text = io.StringIO()
        sys.print_exception(error, text)
        return text.getvalue()[-4000:]
    except MemoryError:
        return "MemoryError: \n"


def _run(kind, size, names):
    """Run what was typed; what an exception says, or nothing."""
    try:
        exec(compile(_source(size), "<stdin>", kind), names)
    except SystemExit:
        _board.ask("exit")
    except BaseException as e:
        return _told(e)
    return ""


def serve(names):
    """The prompt, for ever. Ctrl-C may come between a program's end and the question."""
    error = None
    while True:
        try:
            kind, size = _board.ask("prompt", error)
            error = _run(kind, size, names)
        except KeyboardInterrupt as e:
            error = _told(e)
