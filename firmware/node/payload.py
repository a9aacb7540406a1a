"""A reading as a table: {"value":21.53,"time":"2026-11-25T03:50:10Z","unit":"°C"}, in one buffer made once.

Its `text` is called as that of text.Decimal. The time is the one it is called at; where that comes from is wall.py's.
"""

from struct import pack_into

from .text import Decimal

_VALUE = b'{"value":'
_TIME = b',"time":"'
_UNIT = b'","unit":"'
_STAMP = 20
_STEP = 64  # what a copy writes beyond its end is written afterwards, or is slack
_DIGITS = 24


class Json:
    """Writes readings from the right into one buffer; what `text` returns is valid until its next call."""

    def __init__(self, wall, units):
        self._wall = wall
        self._decimal = Decimal()
        ends = [_UNIT + unit.encode() + b'"}' for unit in units]
        if max(len(end) for end in ends) > _STEP:
            raise ValueError("a unit is longer than %d bytes" % (_STEP - len(_UNIT) - 2))
        self._ends = dict(zip(units, ends))
        self._size = len(_VALUE) + _DIGITS + len(_TIME) + _STAMP + max(len(end) for end in ends)
        self._buf = bytearray(self._size + _STEP)
        view = memoryview(self._buf)
        least = min(len(end) for end in ends)
        most = self._size - len(_VALUE) - len(_TIME) - _STAMP - least
        self._tails = [view[at : self._size] for at in range(most)]

    def text(self, value, decimals, unit):
        """The view of value / 10**decimals as a table with the time and that unit."""
        value = self._decimal.text(value, decimals)
        unit = self._ends[unit]
        at = self._size - len(unit) - _STAMP - len(_TIME) - len(value) - len(_VALUE)
        self._fill(at, value, unit)
        return self._tails[at]

    def _fill(self, at, value, end):
        buf = self._buf
        n = at + len(_VALUE)
        pack_into("64s", buf, at, _VALUE)
        pack_into("64s", buf, n, value)
        n += len(value)
        pack_into("64s", buf, n, _TIME)
        n += len(_TIME)
        self._wall.stamp(buf, n)
        pack_into("64s", buf, n + _STAMP, end)
