"""TI ADS1115: four voltages with 16 bits over I2C, for what a chip's own inputs measure too coarsely.

There is one converter: the inputs are measured one after the other, each in a turn of its own, and `read` says False
until all four are there. Data sheet: SBAS444E.
"""

from drivers import const, scaled
from drivers.part import Part

_CONVERSION = const(0)
_CONFIG = const(1)

_RANGES = (6144, 4096, 2048, 1024, 512, 256)  # mV
_RATES = (8, 16, 32, 64, 128, 250, 475, 860)
_SINGLE = const(0x81)  # begin one conversion, and sleep afterwards
_COMPARATOR_OFF = const(3)
_INPUTS = const(4)


# Conversion


def voltage(raw, full):
    """10 µV: raw with its sign, full scale in mV."""
    return scaled(raw * full, 100, 15)


def signed(buf):
    """The 16-bit number with its high byte first."""
    return ((buf[0] << 8 | buf[1]) ^ 0x8000) - 0x8000


class ADS1115(Part):
    """An ADS1115 on an I2C bus. range: mV; rate: conversions in a second; reference: what A0 to A2 are measured
    against, "GND" or "A3"."""

    quantities = (("a0", "V", 5), ("a1", "V", 5), ("a2", "V", 5), ("a3", "V", 5))

    _name = "ADS1115"
    _folder = "ads1115"

    def __init__(self, bus, address=0x48, range=4096, rate=128, reference="GND"):  # cold: once a part
        for name, value, known in (
            ("range", range, _RANGES),
            ("rate", rate, _RATES),
            ("reference", reference, ("GND", "A3")),
        ):
            if value not in known:
                raise ValueError("%s: expected one of %s, found %r" % (name, known, value))
        super().__init__(bus, address)
        self._full = range
        self._high = _SINGLE | _RANGES.index(range) << 1
        self._low = _RATES.index(rate) << 5 | _COMPARATOR_OFF
        self._against = reference == "A3"
        self._wait_ms = 1100 // rate + 2  # its clock may be a tenth slow
        self._input = 0
        self._config = bytearray(2)
        self._data = bytearray(2)
        self._done = False

    def _wake(self):  # cold: when the part starts
        # It has no identification: who keeps its configuration, and nothing else, is one.
        self._choose(0)
        self._config[0] &= 0x7F
        self._bus.writeto_mem(self._address, _CONFIG, self._config)
        self._bus.readfrom_mem_into(self._address, _CONFIG, self._data)
        if (self._data[0] & 0x7F, self._data[1]) != (self._config[0], self._config[1]):
            found = self._data[0] << 8 | self._data[1]
            self._fail(found & 255 if found in (0x0000, 0xFFFF) else found)
        self._input = 0
        return self._woken()

    def read(self, values):
        """Fill `values`; False while not all four inputs are measured. Raises SensorError."""
        self._done = False
        return super().read(values) and self._done

    def _measure(self):
        self._choose(self._input)
        self._bus.writeto_mem(self._address, _CONFIG, self._config)
        return self._wait_ms

    def _choose(self, i):
        mux = i + 1 if self._against and i < 3 else i + 4
        self._config[0] = self._high | mux << 4
        self._config[1] = self._low

    def _fetch(self):
        self._bus.readfrom_mem_into(self._address, _CONFIG, self._data)
        self._check()
        self._bus.readfrom_mem_into(self._address, _CONVERSION, self._data)

    def _check(self):
        if not self._data[0] & 0x80:
            self._fail("busy")
        if self._data[0] != self._config[0] or self._data[1] != self._low:
            self._fail("supply")

    def _convert(self, values):
        i = self._input
        raw = signed(self._data)
        if raw == 32767 or raw == -32768:
            self._fail(_OVER[i])
        values[i] = voltage(raw, self._full)
        self._input = i = i + 1 & _INPUTS - 1
        self._done = i == 0


_OVER = ("over0", "over1", "over2", "over3")

driver = ADS1115
