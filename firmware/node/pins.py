"""Pins that a part has for itself, opened once each: outputs, PWM, inputs, analog inputs, serial ports. Loaded for
parts on such pins only.

What levels mean and how a pin is pulled is its driver's business. A fault begins with the key of the pin.
"""

import machine

_PWM_HZ = 1_000


class Pins:
    """The pins of one node."""

    def __init__(self):
        self._taken = set()

    def get(self, kind, keys, entry, kinds={}):  # noqa: B006 (never changed)
        """What a part's driver works on: one of that kind for each of its pins, in a list where there may be several.

        kinds: {key: kind} of the pins that are of another kind.
        """
        made = [self._own(kinds.get(key, kind), key, entry) for key in keys if entry[key] is not None]
        return made[0] if len(keys) == 1 else made

    def _own(self, kind, key, entry):
        pin = entry[key]
        if pin in self._taken:
            raise ValueError("%s: pin %s is used by another part" % (key, pin))
        self._taken.add(pin)
        try:
            return KINDS[kind](machine.Pin(pin), entry)
        except (ValueError, TypeError, OSError) as fault:
            raise ValueError("%s: this chip has no pin %s for %s (%s)" % (key, pin, kind, fault))


def _plain(pin, entry):
    # As it is: the driver says what it is driven to first, so that it never has the wrong level.
    return pin


def _pwm(pin, entry):
    # Dark from the first moment on, with the part's keys `frequency` and `active_low` where it has them.
    if not hasattr(machine, "PWM"):  # STM32, before MicroPython of 2026
        raise ValueError("this MicroPython has no PWM; a newer one may have")
    dark = 65535 if entry.get("active_low") else 0
    return machine.PWM(pin, freq=entry.get("frequency") or _PWM_HZ, duty_u16=dark)


def _adc(pin, entry):
    # An ESP32 measures 1.1 V at most unless it is told otherwise; others have the whole supply.
    if hasattr(machine.ADC, "ATTN_11DB"):
        return machine.ADC(pin, atten=machine.ADC.ATTN_11DB)
    return machine.ADC(pin)


KINDS = {"output": _plain, "input": _plain, "open_drain": _plain, "pwm": _pwm, "adc": _adc}
