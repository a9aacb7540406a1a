"""A lamp at one PWM output: an LED strip with a MOSFET, a driver with a PWM input. Brightness, fades, gamma.

It talks as Home Assistant's MQTT light with the `json` schema does: one table on one topic carries state, brightness
and the time of a transition, so they can neither come apart nor in the wrong order. Brightness is linear to the eye;
the curve from it to the duty cycle is a table of 33 points made once, with straight lines between them. A fade is a
place between two levels that poll() works out from the time: late calls make it coarser, never longer.
"""

from array import array

from drivers import const
from drivers.flat import NUMBER, Flat
from drivers.thing import LONG_MS, OFF, ON, known, put, put_number, ticks_diff, ticks_ms, word

_STEP_MS = const(20)  # of a fade
_FULL = const(65535)  # duty cycle
_TOP = const(65535)  # level: brightness with eight more bits
_TOP_MS = const(86_400_000)


class Dimmer:
    """A lamp at a machine.PWM that is dark as long as nothing is set.

    active_low: lit while the pin is low. boot: "off", "on", or "restored", which is off until it is told what it was.
    gamma: hundredths; minimum: % of the duty cycle below which the lamp does not light; fade: ms, where a command names
    no transition; safe: "off", "on", or "keep", which is as it is.
    """

    def __init__(self, pwm, active_low=False, boot="off", gamma=220, minimum=1, fade=500, safe="off"):
        # cold: once a lamp
        known(boot, safe)
        _check("gamma", gamma, 100, 300)
        _check("minimum", minimum, 0, 50)
        _check("fade", fade, 0, 60_000)
        self._pwm = pwm
        self._low = active_low
        self._curve = _curve(gamma / 100, minimum * _FULL // 100)
        self._fade = fade
        self._safe = safe
        self._flat = Flat()
        self._on = boot == "on"
        self._brightness = 255
        self._level = self._from = self._to = self._goal()
        self._begin = self._span = self._shift = 0
        self._show()

    def set(self, payload):
        """ON, OFF, or a table of state, brightness (0 to 255) and transition (seconds); other keys mean nothing."""
        self._state = self._wish = self._time = -1
        if payload and payload[0] == 123:  # {
            self._read(payload)
        else:
            self._state = word(payload)
        if self._wish == 0:
            self._state = 0
        elif self._wish > 0:
            self._brightness = self._wish
        self._on = self._state != 0
        self._start(self._fade if self._time < 0 else self._time)

    def state(self, buf):
        at = put(buf, 0, b'{"state":"')
        at = put(buf, at, ON if self._on else OFF)
        at = put(buf, at, b'","brightness":')
        at = put_number(buf, at, self._brightness)
        return put(buf, at, b"}")

    def poll(self):
        """One step of a fade; milliseconds until the next."""
        if self._level == self._to:
            return LONG_MS
        past = ticks_diff(ticks_ms(), self._begin) >> self._shift
        if past >= self._span:
            self._level = self._to
        else:
            self._level = self._from + (self._to - self._from) * past // self._span
        self._show()
        return LONG_MS if self._level == self._to else _STEP_MS

    def safe(self):
        """At once what it may be left alone as; a fade is at its end."""
        if self._safe != "keep":
            self._on = self._safe == "on"
        self._start(0)

    # A command

    def _read(self, payload):
        flat = self._flat
        flat.open(payload)
        while flat.next():
            self._key(flat)
        if self._state < 0 and self._wish < 0:
            raise ValueError("expected a state or a brightness")

    def _key(self, flat):
        if flat.key_is(b"state"):
            self._state = 1 if flat.text_is(ON) else 0 if flat.text_is(OFF) else self._bad("state: expected ON or OFF")
        elif flat.key_is(b"brightness"):
            self._wish = self._number(flat, 255_000, "brightness: expected a number from 0 to 255")
            self._wish = (self._wish + 500) // 1000
        elif flat.key_is(b"transition"):
            self._time = self._number(flat, _TOP_MS, "transition: expected seconds, at most a day")

    def _number(self, flat, most, expected):
        if flat.kind != NUMBER or not 0 <= flat.number <= most:
            self._bad(expected)
        return flat.number

    def _bad(self, expected):  # cold: only for a bad command
        raise ValueError(expected)

    # Light

    def _goal(self):
        return self._brightness * 257 if self._on else 0

    def _start(self, ms):
        # Past and span are halved until a product of level and past fits into a small integer.
        self._from = self._level
        self._to = self._goal()
        self._begin = ticks_ms()
        self._shift = 0
        while ms >> self._shift > 16_000:
            self._shift += 1
        self._span = ms >> self._shift
        self.poll()

    def _show(self):
        duty = self._duty()
        self._pwm.duty_u16(_FULL - duty if self._low else duty)

    def _duty(self):
        level = self._level
        if level == 0 or level == _TOP:
            return level
        at = level >> 11
        low = self._curve[at]
        return low + ((self._curve[at + 1] - low) * (level & 2047) >> 11)


def _check(name, value, least, most):
    if not least <= value <= most:
        raise ValueError("%s: expected %d to %d, found %r" % (name, least, most, value))


def _curve(gamma, least):  # cold: once a lamp
    # 33 points over 32 * 2048 levels.
    made = array("H", bytes(66))
    for i in range(33):
        made[i] = least + round((_FULL - least) * (i / 32) ** gamma)
    return made


driver = Dimmer
