"""Readings that wait in the memory of a node which sleeps: a few bytes each, kept over many wakes, sent together.

They are in a slot of memory.py (an ESP32's RTC memory, which costs no wear), and go on to a file when that is full,
when the battery is low, or on a chip without one. Nothing here knows sensors or topics: a reading is the number of its
quantity, its value and its time.
"""

import os
import struct
from binascii import crc32

_FILE = "pocket"
_SLOT = "pocket"
_FORM = ">BiI"  # which, value, seconds since 2000
_SIZE = 10  # with a byte to tell a torn record by
_LEAST = 64  # bytes of the RTC memory that others may need


class Pocket:
    """The waiting readings, oldest first.

    memory: a Memory; layout: bytes that change whenever the numbers of the quantities mean something else. `lost`
    counts the readings of another layout, which nobody could name any more.
    """

    def __init__(self, memory, layout):
        self._memory = memory
        self._mark = (crc32(layout) & 0xFFFFFFFF).to_bytes(4, "big")
        self.lost = 0
        kept = memory.slots.get(_SLOT, b"")
        self._near = kept[6:]
        self._gone = kept[4] << 8 | kept[5] if kept else 0  # records at the head of the file that are delivered
        if _size() and _mark() != self._mark:
            self.lost = _size() - self._gone
            self._gone = 0
            _remove()
        if kept[:4] != self._mark:
            self.lost += len(self._near) // _SIZE
            self._near = b""

    def __len__(self):
        return _size() - self._gone + len(self._near) // _SIZE

    def add(self, which, value, at):
        """One reading: the number of its quantity, its value, its time in seconds since 2000."""
        record = struct.pack(_FORM, which, value, at & 0xFFFFFFFF)
        self._near += record + bytes((crc32(record) & 255,))

    def keep(self, on_flash=False):
        """Put what was added where it outlives a deep sleep; on_flash: where it outlives a loss of power too."""
        self._slot()
        if self._near and (on_flash or not self._memory.volatile or self._memory.room < _LEAST):
            _append(self._mark, self._near)
            self._near = b""
            self._slot()

    def _slot(self):
        if self._near or self._gone:
            self._memory.slots[_SLOT] = self._mark + bytes((self._gone >> 8, self._gone & 255)) + self._near
        else:
            self._memory.slots.pop(_SLOT, None)

    def each(self):
        """(which, value, at) of each, oldest first; None for one that is damaged."""
        if _size() > self._gone:
            with open(_FILE, "rb") as file:
                file.seek(4 + self._gone * _SIZE)
                record = file.read(_SIZE)
                while len(record) == _SIZE:
                    yield _sound(record)
                    record = file.read(_SIZE)
        for at in range(0, len(self._near), _SIZE):
            yield _sound(self._near[at : at + _SIZE])

    def drop(self, count):
        """The first `count` are delivered."""
        there = _size() - self._gone
        self._gone += min(count, there)
        if count >= there:
            self._near = self._near[(count - there) * _SIZE :]
            self._gone = 0
            _remove()


def _sound(record):
    # (which, value, at), or None when its last byte does not fit the others.
    return struct.unpack(_FORM, record[:-1]) if crc32(record[:-1]) & 255 == record[-1] else None


def _size():
    """Whole records in the file."""
    try:
        return max(os.stat(_FILE)[6] - 4, 0) // _SIZE
    except OSError:
        return 0


def _mark():
    with open(_FILE, "rb") as file:
        return file.read(4)


def _append(mark, data):
    size = _size()
    if not size:
        _remove()
    with open(_FILE, "r+b" if size else "wb") as file:
        if not size:
            file.write(mark)
        file.seek(4 + size * _SIZE)  # over a record that a power cut has torn
        file.write(data)


def _remove():
    try:
        os.remove(_FILE)
    except OSError:
        pass
