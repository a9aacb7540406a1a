# `sys` as on a chip: its platform, and a stdout whose `buffer` passes bytes on as they are, while the terminal turns
# the line ends of everything else into CR LF.

import io
from sys import *

import _board

_PRINT = const(24)
_write = stdout.write


class _Bytes:
    def write(self, buf, n=None):
        data = memoryview(buf) if n is None else memoryview(buf)[:n]
        _board.write_from(_PRINT, 0, 0, 0, data)
        return len(data)

    def flush(self):
        pass


class _Out(io.IOBase):
    buffer = _Bytes()

    def write(self, text):
        return _write(text)

    def flush(self):
        pass


def begin(about):
    global platform, implementation, stdout
    from collections import namedtuple

    platform = about["platform"]
    kind = namedtuple("implementation", ("name", "version", "_machine", "_mpy", "_build"))
    implementation = kind("micropython", tuple(about["version"]), about["machine"], about["mpy"], about["build"])
    stdout = _Out()
