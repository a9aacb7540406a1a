"""Buses on the pins that config.json names: sensors on the same pins share one; a pin of a part's own is opened once.

I2C is driven by software: any two pins of any chip will do, and no number of a peripheral has to be known. Nothing
here knows what is wired to the bus.
"""

import machine

_I2C_HZ = 100_000
_PWM_HZ = 1_000


class Buses:
    """Opens each bus once."""

    def __init__(self):
        self._open = {}

    def get(self, kind, entry, pins=()):
        """What a part's driver works on; kind is what its schema asks for: "i2c", "output", "pwm", "input".

        pins: the keys of its pins. A kind that has its pins for itself gives one for each of them, in a list where
        there are several. A ValueError begins with the key of the pin that cannot be had.
        """
        if kind == "i2c":
            return self.i2c(entry)
        made = [self._own(kind, key, entry) for key in pins if entry[key] is not None]
        return made[0] if len(pins) == 1 else made

    def i2c(self, entry):
        pins = (entry["scl"], entry["sda"])
        if pins not in self._open:
            self._open[pins] = machine.SoftI2C(machine.Pin(pins[0]), machine.Pin(pins[1]), freq=_I2C_HZ)
        return self._open[pins]

    def _own(self, kind, key, entry):
        pin = entry[key]
        if pin in self._open:
            raise ValueError("%s: pin %s is used by another part" % (key, pin))
        try:
            self._open[pin] = getattr(self, kind)(machine.Pin(pin), entry)
        except (ValueError, TypeError, OSError) as fault:
            raise ValueError("%s: this chip has no pin %s for %s (%s)" % (key, pin, kind, fault))
        return self._open[pin]

    def output(self, pin, entry):
        """The pin as it is: its driver says what it is driven to, so that it never has the wrong level."""
        return pin

    input = output

    def pwm(self, pin, entry):
        """Dark from the first moment on, with the part's keys `frequency` and `active_low` where it has them."""
        if not hasattr(machine, "PWM"):  # STM32, before 2026
            raise ValueError("this MicroPython has no PWM; a newer one may have")
        dark = 65535 if entry.get("active_low") else 0
        return machine.PWM(pin, freq=entry.get("frequency") or _PWM_HZ, duty_u16=dark)
