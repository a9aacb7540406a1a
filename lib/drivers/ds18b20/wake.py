"""Finds a DS18B20 on its pin and gets it ready: its ROM, its resolution, how it is powered. Loaded meanwhile."""

from drivers import const

from . import crc8, undefined

_SEARCH = const(0xF0)
_WRITE = const(0x4E)
_POWER = const(0xB4)

_DS18S20 = const(0x10)
_FULL_MS = const(750)  # a conversion of 12 bits; half of it for each bit less

_MOST = 32  # parts that are looked for on one pin


def step(d):
    """All of it at once, for it takes 50 ms at most: milliseconds until d's first reading is ready."""
    d._rom = d._wanted or bytes(8)
    _look(d)
    d._rom = d._wanted or _only(d)
    if d._rom[0] not in d._families:
        d._fail(d._rom[0])
    _take(d)
    d._select(_POWER)
    d._parasite = not d._bus.readbit()
    if d._rom[0] != _DS18S20 and undefined(d._data[4]) != 12 - d._resolution:
        _resolve(d)
    # A counterfeit may keep its resolution whatever it is told; then that is what it is read with.
    d._config = d._data[4]
    d._wait = (_FULL_MS >> (0 if d._rom[0] == _DS18S20 else undefined(d._config))) + 2
    return d._woken()


def _look(d):
    """Whether there is anybody, and a line that can be pulled and let go."""
    if not d._bus.reset():
        d._fail("lost")
    if not d._bus.readbit():  # nobody speaks before it is asked
        d._fail("low")


def _only(d):
    roms = search(d._bus)
    if len(roms) != 1:
        d._fail("several" if roms else "crc")
    return roms[0]


def _take(d):
    d._take()
    if min(d._data) == 255:
        d._fail("gone")
    if crc8(d._data, 9):
        d._fail("crc")


def _resolve(d):
    """Set the resolution, for as long as the part has power: its EEPROM is not worn. The alarm bytes stay."""
    high, low = d._data[2], d._data[3]
    d._select(_WRITE)
    for byte in (high, low, d._resolution - 9 << 5 | 0x1F):
        d._bus.writebyte(byte)
    _take(d)


def search(bus):
    """The ROMs of all parts on the bus whose checksum is right (Maxim's application note 187)."""
    found = []
    bus.last = None
    rom, turn = bytearray(8), 0
    for _ in range(_MOST):
        turn = _next(bus, rom, turn)
        if turn is None:
            break
        if rom[0] and not crc8(rom, 8):
            found.append(bytes(rom))
        if not turn:
            break
    return found


def _next(bus, rom, turn):  # cold: when the part starts, and on an error
    """Go down to the next ROM: as the last one up to bit `turn` (from 1 on), where that had 0 and this has 1.

    Returns the last bit at which this one has 0 and another 1; 0 where it is the last of all, None if nobody answers.
    """
    if not bus.reset():
        return None
    bus.writebyte(_SEARCH)
    left = 0
    for i in range(1, 65):
        bit, opposite = bus.readbit(), bus.readbit()
        if bit and opposite:
            return None
        if not bit and not opposite:  # there are parts with either
            bit = 1 if i == turn else 0 if i > turn else rom[i - 1 >> 3] >> (i - 1 & 7) & 1
            left = left if bit else i
        bus.writebit(bit)
        _put(rom, i - 1, bit)
    return left


def _put(rom, i, bit):
    mask = 1 << (i & 7)
    rom[i >> 3] = rom[i >> 3] | mask if bit else rom[i >> 3] & ~mask
