"""Whatever gives a voltage: a soil moisture probe, a battery behind a divider, a light sensor, a potentiometer.

A converter that knows its own errors (an ESP32's read_uv) is asked for microvolts; any other for a part of the supply.
Integers stay within the 30 bits and a sign that MicroPython holds without allocating.
"""

from drivers.pinned import Pinned, within

_FULL = 65535
_POINTS = (0, 3300)  # as they are until somebody calibrates


def of_supply(raw, supply):
    """What a converter of 16 bits says, in 10 µV; supply in mV, up to 16000."""
    n = raw * supply
    return n // _FULL * 100 + n % _FULL * 100 // _FULL


def millivolts(pin, divider):
    """The voltage before a divider, from that at the pin in 10 µV; divider in hundredths."""
    return (pin * divider + 5000) // 10000


def level(mv, at_0, at_100):
    """0.1 %, beyond 0 and 1000 too: a straight line through two points in mV, which may fall."""
    return (mv - at_0) * 1000 // (at_100 - at_0)


class Analog(Pinned):
    """A voltage at a machine.ADC. samples: taken for one reading; supply, at_0, at_100: mV; divider: hundredths."""

    quantities = (("voltage", "V", 3), ("level", "%", 1))

    _name = "the analog input"
    _folder = "analog"

    def __init__(self, adc, samples=16, supply=3300, divider=100, at_0=0, at_100=3300):  # cold: once a sensor
        self._adc = adc
        self._samples = within("samples", samples, 1, 64)
        self._supply = within("supply", supply, 1800, 3600)
        self._divider = within("divider", divider, 100, 2000)
        self._at_0 = within("at_0", at_0, 0, 70000)
        self._at_100 = within("at_100", at_100, 1, 70000)
        if at_0 == at_100:
            raise ValueError("at_100: expected another voltage than at_0")
        self._points = (at_0, at_100) != _POINTS
        self._pin = 0  # 10 µV
        self._knows = hasattr(adc, "read_uv")

    def start(self):
        """Nothing has to be waited for."""
        return 0

    def read(self, values):
        """Fill `values`; takes as long as its samples do, an ESP32 some 0.1 ms for each."""
        try:
            self._pin = self._at_pin()
        except OSError:
            self._fail("busy")
        return self._made(values)

    def _made(self, values):
        values[0] = millivolts(self._pin, self._divider)
        values[1] = self._placed(level(values[0], self._at_0, self._at_100))
        return True

    def _at_pin(self):
        if self._adc.read_u16() >= _FULL:
            self._fail("over")
        return self._summed() // self._samples // 10 if self._knows else self._of_supply()

    def _summed(self):
        n = total = 0
        while n < self._samples:
            total += self._adc.read_uv() if self._knows else self._adc.read_u16()
            n += 1
        return total

    def _of_supply(self):
        return of_supply(self._summed() // self._samples, self._supply)

    def _placed(self, at):
        if self._points and not -250 <= at <= 1250:
            self._fail("beyond")
        return min(max(at, 0), 1000)


driver = Analog
