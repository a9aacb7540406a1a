"""A part that counts: each reading is the next number, so that every one of them can be accounted for."""

from drivers import SensorError

_ADDRESS = 0x40


class Counter:
    """On an I2C bus; its model is host_tests/soak/counter.py."""

    quantities = (("count", "", 0),)

    def __init__(self, bus):
        self._bus = bus
        self._data = bytearray(3)

    def start(self):
        return 20

    def read(self, values):
        try:
            self._bus.readfrom_mem_into(_ADDRESS, 0, self._data)
        except OSError:
            raise SensorError("no answer at 0x40") from None
        data = self._data
        values[0] = data[0] << 16 | data[1] << 8 | data[2]
        return True


driver = Counter
