"""Texas Instruments TMP117: temperature over I2C. Registers and values from its data sheet, SNOSD82.

The part measures by itself, once a second; what is read is its last result.
"""

from drivers import SensorError, const

_RESULT = const(0x00)
_DEVICE_ID = const(0x0F)
_TMP117 = const(0x117)
_NO_RESULT = const(0x8000)  # -256 °C: what the register says before the first conversion
_CONVERSION_MS = const(130)  # of eight averaged samples, and a little


def temperature(raw):
    """0.01 °C, rounded, from a result: two's complement of 16 bits in 1/128 °C."""
    return ((raw ^ 0x8000) - 0x8000) * 100 + 64 >> 7


class TMP117:
    """A TMP117 on an I2C bus."""

    quantities = (("temperature", "°C", 2),)

    def __init__(self, bus, address=0x48):
        self._bus = bus
        self._address = address
        self._buf = bytearray(2)
        self._known = False

    def start(self):
        """Milliseconds until a reading is ready. Raises SensorError."""
        if self._known:
            return 0
        if self._register(_DEVICE_ID) & 0xFFF != _TMP117:
            raise SensorError("another part answers at 0x%02x: this is no TMP117" % self._address)
        self._known = True
        return _CONVERSION_MS

    def read(self, values):
        """Fill `values`; False before the first conversion has ended. Raises SensorError."""
        raw = self._register(_RESULT)
        if raw == _NO_RESULT:
            return False
        values[0] = temperature(raw)
        return True

    def _register(self, register):
        try:
            self._bus.readfrom_mem_into(self._address, register, self._buf)
        except OSError:
            self._lost()
        return self._buf[0] << 8 | self._buf[1]

    def _lost(self):  # cold: on an error
        self._known = False
        raise SensorError(
            "no answer at 0x%02x: check that the TMP117 is powered, its SDA and SCL are not swapped, and its ADD0 pin"
            " chooses this address" % self._address
        )


driver = TMP117
