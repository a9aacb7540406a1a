"""Buses on the pins that config.json names; sensors on the same pins share one.

I2C is driven by software: any two pins of any chip will do, and no number of a peripheral has to be known. 1-Wire is a
pin with what onewire.py does with it, loaded with the first; a serial port is one part's alone. Nothing here knows what
is wired to the bus.
"""

import machine

_I2C_HZ = 100_000
_BAUD = 9600  # of a serial port, until its driver says another
_STRETCH_US = 200_000  # an SCD30 holds the clock up to 150 ms while it calibrates itself (interface description, 1.1)


class Buses:
    """Opens each bus once."""

    def __init__(self):
        self._open = {}

    def get(self, kind, entry):
        """The bus of a sensor's entry; kind is what its driver asks for: "i2c", "onewire" or "uart"."""
        return getattr(self, kind)(entry)

    def i2c(self, entry):
        pins = (entry["scl"], entry["sda"])
        if pins not in self._open:
            scl, sda = machine.Pin(pins[0]), machine.Pin(pins[1])
            self._open[pins] = machine.SoftI2C(scl, sda, freq=_I2C_HZ, timeout=_STRETCH_US)
        return self._open[pins]

    def onewire(self, entry):
        pin = entry["pin"]
        if pin not in self._open:
            from .onewire import OneWire

            self._open[pin] = OneWire(machine.Pin(pin))
        return self._open[pin]

    def uart(self, entry):
        tx, rx = machine.Pin(entry["tx"]), machine.Pin(entry["rx"])
        try:
            return machine.UART(entry["uart"], _BAUD, tx=tx, rx=rx, timeout=0)
        except TypeError:  # the pins of an STM32's ports are fixed
            return machine.UART(entry["uart"], _BAUD, timeout=0)
