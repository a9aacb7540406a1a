"""Maxim DS18B20, and DS1822 and DS18S20: temperature over 1-Wire. Several share a pin, each known by its ROM.

It works on what MicroPython's onewire.OneWire(pin) is, or anything that has its reset(), readbit(), readbyte() and
writebyte(). Each part is told to convert by its ROM, never all at once: a conversion that begins anew because another
sensor on the pin is started would leave the old temperature to be read. So they overlap, each in its own time.
"""

from drivers import SensorError, const, release
from drivers.clock import ticks_diff, ticks_ms
from drivers.part import Part

_MATCH = const(0x55)
_CONVERT = const(0x44)
_READ = const(0xBE)

_DS18S20 = const(0x10)  # its family
_ANSWER = const(9)  # bytes of a scratchpad with its checksum


# Conversions


def sixteenths(data, family):
    """1/16 °C of a scratchpad's first 8 bytes. Bits that the resolution leaves undefined are 0."""
    raw = ((data[0] | data[1] << 8) ^ 0x8000) - 0x8000
    if family == _DS18S20:
        return _extended(raw >> 1, data[6], data[7])
    return raw & -1 << undefined(data[4])


def _extended(whole, remain, per):
    """A DS18S20 says half degrees, and how far it had counted (its data sheet, "Operation"); 16 counts are 1 °C."""
    return (whole << 4) - 4 + ((per - remain) * 16 // per if per else 4)


def undefined(config):
    """How many low bits of the temperature mean nothing: 0 for 12 bits, 3 for 9."""
    return 3 - (config >> 5 & 3)


def temperature(sixteenths):
    """0.01 °C, rounded."""
    return sixteenths * 25 + 2 >> 2


def crc8(buf, n):
    """Of buf[:n], Maxim's: x^8 + x^5 + x^4 + 1, low bit first, from 0. 0 where the last byte is the right checksum."""
    crc = 0
    for i in range(n):
        crc = _shifted(crc ^ buf[i])
    return crc


def _shifted(crc):
    for _ in range(8):
        crc = crc >> 1 ^ 0x8C if crc & 1 else crc >> 1
    return crc


class DS18B20(Part):
    """One of the parts on a 1-Wire bus: `rom` is its id as 16 hexadecimal digits, as the faults list them.

    Without a rom it has to be the only one there. `resolution` is 9 to 12 bits.
    """

    quantities = (("temperature", "°C", 2),)

    _name = "DS18B20"
    _families = (0x28, 0x22, _DS18S20)

    def __init__(self, bus, rom=None, resolution=12):
        if resolution not in (9, 10, 11, 12):
            raise ValueError("resolution is 9, 10, 11 or 12")
        self._wanted = rom and _parsed(rom)
        super().__init__(bus, None)
        self._resolution = resolution
        self._rom = self._wanted or bytes(8)
        self._config = 0
        self._parasite = False
        self._wait = self._begun = 0
        self._data = bytearray(_ANSWER)

    # Waking up: which part, what it is, its resolution

    def _wake(self):  # cold: when the part starts
        from . import wake

        try:
            return wake.step(self)
        finally:
            release(wake)

    # A reading

    def _measure(self):
        self._select(_CONVERT)
        self._bus.last = self
        self._begun = ticks_ms()
        return self._wait

    def _fetch(self):
        if self._early():
            self._fail("busy")
        self._take()
        self._check(self._data)

    def _early(self):
        """Whether it may still measure. It can be asked as long as nothing else was said on its wire."""
        if ticks_diff(ticks_ms(), self._begun) < self._wait - 2:
            return True
        return getattr(self._bus, "last", None) is self and not self._bus.readbit()

    def _check(self, data):
        if crc8(data, _ANSWER):
            self._fail("gone" if min(data) == 255 else "crc")
        if not data[4]:  # all of it: no part says so, a line at ground does
            self._fail("low")
        if data[4] != self._config:
            self._fail("supply")
        if data[6] == 0x0C and self._is_first(data):
            self._fail("parasite" if self._parasite else "supply")

    def _is_first(self, data):
        """Whether it says 85 °C as after power-on. With byte 6 at 0x0C no conversion of a DS18B20 gives that; of a
        DS18S20 85.00 does, which is given up."""
        if self._rom[0] == _DS18S20:
            return data[0] == 0xAA and not data[1]
        return data[0] == 0x50 and data[1] == 0x05

    def _convert(self, values):
        values[0] = temperature(sixteenths(self._data, self._rom[0]))
        if not -5500 <= values[0] <= 12500:
            self._fail("range")

    # The bus

    def _select(self, command):
        bus = self._bus
        bus.last = None
        if not bus.reset():
            self._fail("lost")
        bus.writebyte(_MATCH)
        for byte in self._rom:
            bus.writebyte(byte)
        bus.writebyte(command)

    def _take(self):
        self._select(_READ)
        for i in range(_ANSWER):
            self._data[i] = self._bus.readbyte()

    def _fail(self, why):  # cold: on an error
        from . import words

        self._step = self._wake
        self._awake = False
        text = words.told(self, why)
        release(words)
        raise SensorError(text)


def _parsed(rom):  # cold: once
    """The 8 bytes of a rom, ValueError where it is none."""
    found = bytearray(8)
    try:
        for i in range(8):
            found[i] = int(rom[2 * i : 2 * i + 2], 16)
    except (TypeError, ValueError):
        found[0] = 0
    if not found[0] or len(rom) != 16 or crc8(found, 8):
        raise ValueError("rom is the id of a part, 16 hexadecimal digits as the log lists them, the last two its check")
    return found


driver = DS18B20
