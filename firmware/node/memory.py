"""What outlives a reset and a deep sleep, in small named slots: the RTC memory of an ESP32, a file on other chips.

Read once per start, written whole by save(); flash is written only where something has changed. A loss of power empties
the RTC memory, so what must survive one goes to a file as well. What a slot means is known to whoever owns it.
"""

from binascii import crc32

import machine

_FILE = "memory"
_MAGIC = 0x47  # G
_ROOM = 2048  # of an ESP32's RTC memory
_HEAD = 7  # magic, length (2 bytes), CRC-32 of what follows


def _rtc():
    # Of the chips only the ESP32 (and the ESP8266, 492 bytes) has this method.
    rtc = machine.RTC()
    return rtc if hasattr(rtc, "memory") else None


class Memory:
    """`slots`: {name: bytes}; a name has 1 to 255 bytes of ASCII."""

    def __init__(self):
        self._rtc = _rtc()
        self._last = self._load()
        self.slots = _unpacked(self._last)

    @property
    def room(self):
        """Bytes still free in the RTC memory, or a large number where the slots are in a file."""
        return _ROOM - len(_packed(self.slots)) if self._rtc else 1 << 20

    @property
    def volatile(self):
        """Whether a loss of power empties it."""
        return self._rtc is not None

    def save(self):
        """Write the slots if they have changed; raises OSError when the flash cannot be written, ValueError when
        they do not fit."""
        packed = _packed(self.slots)
        if packed == self._last:
            return
        if self._rtc:
            if len(packed) > _ROOM:
                raise ValueError("memory: %d bytes do not fit into the RTC's %d" % (len(packed), _ROOM))
            self._rtc.memory(packed)
        else:
            _write(packed)
        self._last = packed

    def _load(self):
        if self._rtc:
            return self._rtc.memory()
        try:
            with open(_FILE, "rb") as file:
                return file.read()
        except OSError:
            return b""


def _write(packed):
    import os

    draft = _FILE + ".new"  # a power cut leaves the old ones or the new ones
    with open(draft, "wb") as file:
        file.write(packed)
    os.rename(draft, _FILE)


def _packed(slots):
    body = b""
    for name in sorted(slots):
        data = slots[name]
        body += bytes((len(name),)) + name.encode() + bytes((len(data) >> 8, len(data) & 255)) + data
    return bytes((_MAGIC, len(body) >> 8, len(body) & 255)) + _sum(body) + body


def _unpacked(packed):
    # Nothing, unless it is whole: after power on an RTC memory holds whatever it likes.
    size = packed[1] << 8 | packed[2] if len(packed) >= _HEAD and packed[0] == _MAGIC else -1
    body = packed[_HEAD : _HEAD + size] if size >= 0 else b""
    if len(body) != size or packed[3:_HEAD] != _sum(body):
        return {}
    slots = {}
    at = 0
    while at < size:
        name = body[at + 1 : at + 1 + body[at]].decode()
        at += 1 + body[at]
        length = body[at] << 8 | body[at + 1]
        slots[name] = body[at + 2 : at + 2 + length]
        at += 2 + length
    return slots


def _sum(body):
    return (crc32(body) & 0xFFFFFFFF).to_bytes(4, "big")
