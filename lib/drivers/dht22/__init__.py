"""Aosong DHT22 (AM2302): temperature and humidity over a wire of its own protocol. dht11 builds on it.

It works on a machine.Pin. MicroPython's machine.dht_readinto(pin, buf) reads the frame: it blocks for a quarter of a
second (250 ms high, 18 ms low, then the part's 5 ms with the interrupts off, 25 ms at worst). There is no other way: 40
pulses of 26 or 70 us are too fast for bytecode.

A part answers with what it measured when it was asked before (data sheet of the AM2302, 2013: "each read out the
results of the last measurement"). So unless it was asked a moment ago it is asked twice, with the pause it needs.
"""

from drivers import SensorError, const, release
from drivers.clock import ticks_diff, ticks_ms
from drivers.part import Part

try:
    from machine import dht_readinto
except ImportError:  # CPython, whose tests put theirs here
    dht_readinto = None

_FRAME_MS = const(400)  # more than dht_readinto takes
_MARGIN_MS = const(20)  # whoever waits may count from before start() was called, and collect garbage meanwhile
_PATIENCE = const(2)  # frames: one that is damaged happens, and is asked for again


# Conversions


def temperature(high, low):
    """0.1 °C: sign and magnitude, as the data sheet says, or two's complement of 16 or 12 bits, as newer parts have."""
    raw = high << 8 | low
    if raw & 0x0800:  # above 204.7 °C otherwise
        return (raw & 0xFFF) - 0x1000
    return -(raw & 0x7FFF) if raw & 0x8000 else raw


def humidity(high, low):
    """0.1 %."""
    return high << 8 | low


def fault(data):
    """What is wrong with a frame, whatever the part; None: nothing. That of zeros has a sound sum."""
    if data[0] == data[1] == data[2] == data[3]:
        if data[0] in (0, 255):
            return "ones" if data[0] else "zeros"
    return None if data[0] + data[1] + data[2] + data[3] & 255 == data[4] else "crc"


class DHT22(Part):
    """A DHT22 or AM2302 on a pin."""

    quantities = (("temperature", "°C", 1), ("humidity", "%", 1))

    _name = "DHT22"
    _pause = 2000  # ms from one frame to the next

    def __init__(self, pin):
        super().__init__(pin, None)
        self._data = bytearray(5)
        self._asked = 0
        self._left = _PATIENCE

    def _wake(self):  # cold: when the part starts
        # It cannot be identified. Its supply may have come a moment ago, and what it was asked before is not known.
        if not self._tries:
            self._tries = 1
            return self._pause
        self._asked = ticks_ms() - 2 * self._pause
        self._left = _PATIENCE
        return self._woken()

    def _measure(self):
        passed = ticks_diff(ticks_ms(), self._asked)
        if passed < _FRAME_MS:  # a frame that was damaged took this long, which is not counted again
            passed = 0
        if passed < self._pause:
            return self._pause - passed + _MARGIN_MS
        if passed < 2 * self._pause:  # what it measured then is what this reading gets
            return 0
        self._ask()  # what it answers is old
        return self._pause + _MARGIN_MS

    def read(self, values):
        """As every sensor's; False also for a damaged frame, the first time."""
        if not self._awake:
            return False
        if ticks_diff(ticks_ms(), self._asked) < self._pause:
            self._fail("early")
        why = self._ask() or fault(self._data)
        if why:
            return self._again(why)
        self._left = _PATIENCE
        self._convert(values)
        return True

    def _ask(self):
        """A frame; "lost" where there is none."""
        self._asked = ticks_ms()
        try:
            dht_readinto(self._bus, self._data)
        except OSError:
            return "lost"

    def _again(self, why):  # cold: on an error
        self._left -= 1
        if not self._left:
            self._fail(why)
        return False

    def _convert(self, values):
        data = self._data
        values[0] = temperature(data[2], data[3])
        values[1] = humidity(data[0], data[1])
        if values[1] > 1000 or not -400 <= values[0] <= 1250:
            self._strange(data)

    def _strange(self, data):  # cold: on an error
        # No DHT22 says more than 100.0 %, 0x03e8; a DHT11's first byte is whole percent, and its decimals are digits.
        other = data[0] > 3 and data[1] < 10 and data[2] <= 80 and data[3] & 127 < 10
        self._fail("dht11" if other else "range")

    def _fail(self, why):  # cold: on an error
        words = __import__("drivers.dht22.words", None, None, ("FAULTS",))
        self._step = self._wake
        self._awake = False
        self._tries = 0
        text = "%s %s" % (self._name, words.FAULTS[why])
        release(words)
        raise SensorError(text)


driver = DHT22
