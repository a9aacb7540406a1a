"""Plantower PMS5003: particles in the air, over a serial port at 9600 baud.

The part is asked for each frame (passive mode). Its laser lasts a year of running and its fan grows loud, so between
readings it sleeps, unless it may not: a reading then takes the 30 s that the fan needs first.
Data manual PMS5003 series, V2.5: appendix I has the frame, II the commands.
"""

from drivers import const
from drivers.clock import ticks_diff, ticks_ms
from drivers.pinned import Pinned

_PASSIVE = b"\x42\x4d\xe1\x00\x00\x01\x70"
_READ = b"\x42\x4d\xe2\x00\x00\x01\x71"
_SLEEP = b"\x42\x4d\xe4\x00\x00\x01\x73"
_WAKE = b"\x42\x4d\xe4\x00\x01\x01\x74"

_FRAME = const(32)
_DATA = const(28)  # what the length of a frame of data says; an answer to a command has 4
_WARM_MS = const(30_000)
_STEP_MS = const(1_000)
_ANSWER_MS = const(150)  # 32 bytes take 34 ms
_TRIES = const(6)
_AT_ONCE = const(64)  # bytes that are looked at in one step


# Conversion


def word(buf, at):
    return buf[at] << 8 | buf[at + 1]


def sound(buf):
    """Whether the sum at the end of a frame is right."""
    total = i = 0
    while i < 30:
        total += buf[i]
        i += 1
    return total == word(buf, 30)


class PMS5003(Pinned):
    """A PMS5003 at a machine.UART. sleep: between readings, which take half a minute then."""

    quantities = (("pm1", "μg/m³", 0), ("pm25", "μg/m³", 0), ("pm10", "μg/m³", 0))

    _name = "PMS5003"
    _folder = "pms5003"

    def __init__(self, uart, sleep=True):  # cold: once a sensor
        if sleep is not True and sleep is not False:
            raise ValueError("sleep: expected true or false, found %r" % (sleep,))
        self._uart = uart
        self._sleeps = sleep
        self._buf = bytearray(_FRAME)
        self._one = bytearray(1)
        self._n = 0  # bytes of a frame so far
        self._begin()

    def _begin(self):
        self._awake = self._warm = False
        self._heard = self._wrong = 0  # bytes, and frames whose sum was wrong, of this reading
        self._zeros = False
        self._left = _TRIES
        self._first = True  # the first frame is of what was there before

    def start(self):
        """Wake the part, wait for its fan, or ask for a frame: milliseconds until it is to be read."""
        if not self._awake:
            return self._wake()
        if not self._warm:
            left = _WARM_MS - ticks_diff(ticks_ms(), self._woken)
            self._forget()  # before the port's room is full of what is old
            if left > 0:
                return min(left, _STEP_MS)
            self._warm = True
            self._say(_PASSIVE)  # once more: as it woke it may not have heard
            return _ANSWER_MS
        self._forget()
        self._say(_READ)
        return _ANSWER_MS

    def _wake(self):
        self._say(_WAKE)
        self._say(_PASSIVE)
        self._woken = ticks_ms()
        self._awake = True
        return _STEP_MS

    def _say(self, command):
        self._uart.write(command)

    def _forget(self):
        # What came unasked.
        self._n = 0
        k = _AT_ONCE
        while k and self._uart.any():
            self._uart.readinto(self._one)
            k -= 1

    def read(self, values):
        """Fill `values`; False while it warms up, and for a frame that was damaged, a few times. Raises SensorError."""
        if not self._warm:
            return False
        if not self._frame():
            self._again()
            return False
        if self._buf[29]:
            self._fail("error")
        if not word(self._buf, 10) and self._empty():
            self._zeros = True
            self._again()
            return False
        if self._first:
            self._first = False
            return False
        self._convert(values)
        return True

    def _convert(self, values):
        # "Under atmospheric environment": the first three words are for a factory's dust.
        values[0] = word(self._buf, 10)
        values[1] = word(self._buf, 12)
        values[2] = word(self._buf, 14)
        self._heard = self._wrong = 0
        self._zeros = False
        self._left = _TRIES
        if self._sleeps:
            self._say(_SLEEP)
            self._begin()

    def _frame(self):
        # Whether a whole one has come.
        k = _AT_ONCE
        while k and self._uart.any():
            self._uart.readinto(self._one)
            self._heard += 1
            if self._took(self._one[0]):
                return True
            k -= 1
        return False

    def _took(self, c):
        n = self._n
        self._buf[n] = c
        if n < 2 and c != _READ[n]:
            n = 0 if c == 0x42 else -1
            self._buf[0] = c
        self._n = n = n + 1
        if n == 4 and word(self._buf, 2) != _DATA:
            self._n = 0  # an answer to a command, or nothing
        if n < _FRAME:
            return False
        self._n = 0
        if sound(self._buf):
            return True
        self._wrong += 1
        return False

    def _empty(self):
        # All zero: a part that has just been woken knows nothing yet, but its sum is right.
        i = 4
        while i < 28:
            if self._buf[i]:
                return False
            i += 1
        return True

    def _again(self):
        self._left -= 1
        if not self._left:
            self._fail("crc" if self._wrong else "zeros" if self._zeros else "foreign" if self._heard else "lost")

    def _fail(self, why):  # cold: on an error
        self._begin()
        super()._fail(why)


driver = PMS5003
