"""Reads .mpy files of format 6 (MicroPython 1.19 and later), bytecode only: which functions are in one, and how large
the frame of each is.

The layout is that of MicroPython's py/persistentcode.c, the prelude that of py/bc.h. Knows no sources and no limits.
"""

from typing import NamedTuple

FORMAT = 6  # the major version of bytecode that MicroPython 1.19 and later load; within it any sub-version serves
OLDEST = (1, 22)  # MicroPython the firmware is written for

# py/objfun.c, py/bc.h: an exception block keeps its handler, its stack level and the block outside it.
WORDS_PER_EXCEPTION_BLOCK = 3

_KINDS_WITHOUT_DATA = range(0, 5)  # table of functions, None, False, True, Ellipsis
_STR, _BYTES, _INT, _FLOAT, _COMPLEX, _TUPLE = range(5, 11)

# Names so common that every MicroPython knows them by number (1 is the first). The numbers are part of format 6;
# `?` stands for what cannot name a function.
_STATIC_NAMES = """
? __dir__ ? ? ? ? <module> _ __call__ __class__ __delitem__ __enter__ __exit__ __getattr__ __getitem__ __hash__
__init__ __int__ __iter__ __len__ __main__ __module__ __name__ __new__ __next__ __qualname__ __repr__ __setitem__
__str__ ArithmeticError AssertionError AttributeError BaseException EOFError Ellipsis Exception GeneratorExit
ImportError IndentationError IndexError KeyError KeyboardInterrupt LookupError MemoryError NameError NoneType
NotImplementedError OSError OverflowError RuntimeError StopIteration SyntaxError SystemExit TypeError ValueError
ZeroDivisionError abs all any append args bool builtins bytearray bytecode bytes callable chr classmethod clear close
const copy count dict dir divmod end endswith eval exec extend find format from_bytes get getattr globals hasattr hash
id index insert int isalpha isdigit isinstance islower isspace issubclass isupper items iter join key keys len list
little locals lower lstrip main map micropython next object open ord pop popitem pow print range read readinto
readline remove replace repr reverse rfind rindex round rsplit rstrip self send sep set setattr setdefault sort sorted
split start startswith staticmethod step stop str strip sum super throw to_bytes tuple type update upper ? value
values write zip
""".split()  # noqa: SIM905 (as a list it would be 150 lines)


class MpyError(ValueError):
    """The bytes are not a bytecode .mpy file of format 6."""


class Function(NamedTuple):
    """A function, class body or module as it was compiled."""

    name: str  # as in its `def`; `<module>`, `<lambda>`, `<genexpr>` ... where it has none
    state: int  # S: words of locals and evaluation stack
    blocks: int  # E: how deep exception blocks are nested
    children: tuple  # the Functions defined in it, in the order of the source

    @property
    def words(self) -> int:
        """The words of one frame."""
        return self.state + WORDS_PER_EXCEPTION_BLOCK * self.blocks


class _Reader:
    def __init__(self, data: bytes):
        self.data = data
        self.at = 0

    def byte(self) -> int:
        self.at += 1
        try:
            return self.data[self.at - 1]
        except IndexError:
            raise MpyError("the file ends too early") from None

    def bytes(self, count: int) -> bytes:
        self.at += count
        if self.at > len(self.data):
            raise MpyError("the file ends too early")
        return self.data[self.at - count : self.at]

    def uint(self) -> int:
        """Seven bits a byte, the high ones first; bit 7 says that more follow."""
        value = 0
        while True:
            byte = self.byte()
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value


def header(data: bytes) -> tuple[int, int]:
    """(format, bits of a small integer) of a file of portable bytecode. Raises MpyError for any other."""
    if len(data) < 4 or data[0] != ord("M") or data[1] != FORMAT:
        raise MpyError(f"not a .mpy file of format {FORMAT}")
    if data[2] >> 2:
        raise MpyError("native code, which runs on one architecture only; its frames are not those of bytecode")
    return data[1], data[3]


def refusal(mpy: int | None, release: tuple[int, ...]) -> str | None:
    """Why a device cannot run what is built here; None if it can.

    mpy: its `sys.implementation._mpy`, None where it has none (before MicroPython 1.19 and where .mpy files are left
    out); release: its `sys.implementation.version`.
    """
    name = ".".join(map(str, release[:3]))
    found = None if mpy is None else mpy & 0xFF
    if found == FORMAT and tuple(release[:2]) >= OLDEST:
        return None
    needed = ".".join(map(str, OLDEST))
    if found is None or found < FORMAT or tuple(release[:2]) < OLDEST:
        return f"the device runs MicroPython {name}; {needed} or newer is needed: flash it first (girouette flash)"
    return f"the device runs MicroPython {name}, whose .mpy files have format {found}, not {FORMAT}: it is too new"


def read(data: bytes) -> Function:
    """The module's Function, with all others below it. Raises MpyError."""
    header(data)
    reader = _Reader(data)
    reader.bytes(4)
    name_count, object_count = reader.uint(), reader.uint()
    names = [_name(reader) for _ in range(name_count)]
    for _ in range(object_count):
        _skip_object(reader)
    module = _function(reader, names)
    if reader.at != len(data):
        raise MpyError(f"{len(data) - reader.at} bytes too many")
    return module


def _name(reader: _Reader) -> str:
    length = reader.uint()
    if length & 1:
        number = length >> 1
        return _STATIC_NAMES[number - 1] if number <= len(_STATIC_NAMES) else f"<name {number}>"
    text = reader.bytes(length >> 1)
    reader.byte()  # NUL
    return text.decode()


def _skip_object(reader: _Reader):
    kind = reader.byte()
    if kind in _KINDS_WITHOUT_DATA:
        return
    length = reader.uint()
    if kind == _TUPLE:
        for _ in range(length):
            _skip_object(reader)
    elif kind in (_STR, _BYTES):
        reader.bytes(length + 1)  # and a NUL
    elif kind in (_INT, _FLOAT, _COMPLEX):
        reader.bytes(length)
    else:
        raise MpyError(f"an object of unknown kind {kind}")


def _function(reader: _Reader, names: list[str]) -> Function:
    head = reader.uint()
    if head & 3:
        raise MpyError("native code: its frames are not those of bytecode")
    code = _Reader(reader.bytes(head >> 3))
    state, blocks = _signature(code)
    _skip_sizes(code)
    name = names[code.uint()]
    count = reader.uint() if head & 4 else 0
    return Function(name, state, blocks, tuple(_function(reader, names) for _ in range(count)))


def _signature(code: _Reader) -> tuple[int, int]:
    """S and E of MP_BC_PRELUDE_SIG_DECODE: first byte xSSSSEAA, each further one xFSSKAED, S without its 1."""
    byte = code.byte()
    state, blocks = byte >> 3 & 0xF, byte >> 2 & 1
    shift = 0
    while byte & 0x80:
        byte = code.byte()
        state |= (byte & 0x30) << 2 * shift
        blocks |= (byte & 2) << shift
        shift += 1
    return state + 1, blocks


def _skip_sizes(code: _Reader):
    """MP_BC_PRELUDE_SIZE: how long the names, lines and cells are, which nobody needs here."""
    while code.byte() & 0x80:
        pass
