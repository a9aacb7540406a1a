"""A wind vane with 16 positions: eight reed contacts and a resistor for each, as in the weather meter of Argent.

Two contacts close half way between two neighbours, so every position has a resistance of its own. Measured against
10 kΩ to the supply, relative to the supply.
"""

from drivers.pinned import Pinned, within

# Of a converter of 16 bits with 10 kΩ to the supply, clockwise from north. SparkFun_Weather_Meter_Kit, Constants.h.
POSITIONS = (
    50294, 25985, 29527, 5361, 5958, 4219, 11818, 8099, 18388, 15661, 40329, 38365, 60494, 52961, 56785, 44978,
)  # fmt: skip
_SAMPLES = 16
_FAR = 2700  # no position lies further from what is read while a contact is closed
_LOW = 2100  # less is no resistor
_FULL = 65535


def nearest(raw):
    """The position, or -1 where there is none near."""
    i, found, least = 0, -1, _FAR
    while i < 16:
        d = raw - POSITIONS[i]
        d = -d if d < 0 else d
        if d < least:
            least = d
            found = i
        i += 1
    return found


def part_of(uv, supply):
    """Microvolts as 1/65535 of the supply in mV."""
    return min((uv >> 8) * _FULL // (supply * 1000 >> 8), _FULL)


class WindVane(Pinned):
    """A vane at a machine.ADC. north: where its mark for north points, degrees; supply: mV of its resistor."""

    quantities = (("wind_direction", "°", 1),)

    _name = "the wind vane"
    _folder = "wind_vane"

    def __init__(self, adc, north=0, supply=3300):  # cold: once a sensor
        self._adc = adc
        self._north = within("north", north, 0, 359) * 10
        self._supply = within("supply", supply, 1800, 3600)
        self._raw = 0
        self._knows = hasattr(adc, "read_uv")

    def start(self):
        """Nothing has to be waited for."""
        return 0

    def read(self, values):
        """Fill `values`. Raises SensorError."""
        try:
            self._raw = self._mean()
        except OSError:
            self._fail("busy")
        return self._made(values, nearest(self._raw))

    def _made(self, values, at):
        if at < 0 or self._raw < _LOW:
            self._fail("open" if self._raw > 60000 else "shorted" if self._raw < _LOW else "between")
        values[0] = (at * 225 + self._north) % 3600
        return True

    def _mean(self):
        n = total = 0
        while n < _SAMPLES:
            total += self._adc.read_uv() if self._knows else self._adc.read_u16()
            n += 1
        return part_of(total // _SAMPLES, self._supply) if self._knows else total // _SAMPLES


driver = WindVane
