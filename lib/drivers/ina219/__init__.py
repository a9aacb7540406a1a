"""TI INA219: voltage, current and power of a load or a battery, over I2C.

The part measures the voltage across a small resistor in the line, the shunt, and behind it. Current and power are
computed here from the two, so nothing has to be written into its calibration register, and a part that lost its supply
in between measures on. Each reading is begun by a write of the configuration, in the largest range of the shunt.
Data sheet: SBOS448G.
"""

from drivers import const
from drivers.part import Part

_CONFIG = const(0)
_SHUNT = const(1)
_BUS = const(2)

_READY = const(2)
_FULL = const(32000)  # of the shunt, 10 µV each: 320 mV
_TRIGGERED = const(0x3803)  # 32 V, 320 mV, both voltages once
_SAMPLES = (1, 2, 4, 8, 16, 32, 64, 128)
_CODES = (3, 9, 10, 11, 12, 13, 14, 15)  # of the two converters, 12 bits
_SAMPLE_US = const(586)  # at most (6.5)


# Conversion


def voltage(raw):
    """mV behind the shunt."""
    return (raw >> 3) * 4


def current(raw, shunt):
    """0.1 mA: raw in 10 µV, with its sign, over a shunt in mΩ."""
    return raw * 100 // shunt


def power(mv, current):
    """mW, from mV and 0.1 mA."""
    return current // 10000 * mv + current % 10000 * mv // 10000


def signed(buf):
    """The 16-bit number with its high byte first."""
    return ((buf[0] << 8 | buf[1]) ^ 0x8000) - 0x8000


class INA219(Part):
    """An INA219 on an I2C bus. shunt: mΩ; samples: whose mean is a reading."""

    quantities = (("voltage", "V", 3), ("current", "A", 4), ("power", "W", 3))

    _name = "INA219"
    _folder = "ina219"

    def __init__(self, bus, address=0x40, shunt=100, samples=16):  # cold: once a part
        if not 1 <= shunt <= 10000:
            raise ValueError("shunt: expected 1 to 10000 mΩ, found %r" % (shunt,))
        if samples not in _SAMPLES:
            raise ValueError("samples: expected 1, 2, 4, ... or 128, found %r" % (samples,))
        super().__init__(bus, address)
        code = _CODES[_SAMPLES.index(samples)]
        config = _TRIGGERED | code << 7 | code << 3
        self._config = bytes((config >> 8, config & 255))
        self._wait_ms = 2 * samples * _SAMPLE_US // 1000 + 3
        self._shunt = shunt
        self._drop = bytearray(2)
        self._data = bytearray(2)

    def _wake(self):  # cold: when the part starts
        # It has no identification: who has this word in its first register after a reset is one.
        self._bus.writeto_mem(self._address, _CONFIG, b"\x80\x00")
        self._bus.readfrom_mem_into(self._address, _CONFIG, self._data)
        found = self._data[0] << 8 | self._data[1]
        if found != 0x399F:
            self._fail(found & 255 if found in (0x0000, 0xFFFF) else found)
        return self._woken()

    def _measure(self):
        self._bus.writeto_mem(self._address, _CONFIG, self._config)
        return self._wait_ms

    def _fetch(self):
        self._bus.readfrom_mem_into(self._address, _BUS, self._data)
        self._bus.readfrom_mem_into(self._address, _SHUNT, self._drop)

    def _convert(self, values):
        raw = self._data[0] << 8 | self._data[1]
        if not raw & _READY:
            self._fail("busy")
        drop = signed(self._drop)
        if not -_FULL < drop < _FULL:
            self._fail("over")
        values[0] = voltage(raw)
        values[1] = current(drop, self._shunt)
        values[2] = power(values[0], values[1])


driver = INA219
