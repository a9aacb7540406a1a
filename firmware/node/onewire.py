"""A 1-Wire bus on a pin: the calls of MicroPython's onewire.OneWire that drivers use, on the C helper beneath it.

Bits and their microseconds are the helper's, which turns the interrupts off for 70 us at most. Nothing here allocates.
The helper is in every build for ESP32, RP2 and STM32; the Python module over it is not.
"""

import _onewire


class OneWire:
    """`last`: the driver that spoke last, of those that keep to it."""

    def __init__(self, pin):
        pin.init(pin.OPEN_DRAIN, pin.PULL_UP)
        self._pin = pin
        self.last = None

    def reset(self):
        """Whether any part is there. It also is where the line is at ground."""
        return _onewire.reset(self._pin)

    def readbit(self):
        return _onewire.readbit(self._pin)

    def writebit(self, bit):
        _onewire.writebit(self._pin, bit)

    def readbyte(self):
        return _onewire.readbyte(self._pin)

    def writebyte(self, byte):
        _onewire.writebyte(self._pin, byte)
