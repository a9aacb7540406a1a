"""A fan whose speed one PWM output sets: a four-wire PC fan at its blue wire, or a two-wire one behind a MOSFET.

Home Assistant's MQTT fan: ON and OFF, or a table with a percentage. Below `minimum` a fan would only hum, so every
speed is between that and full; a fan that starts gets full speed for a moment, which makes it turn. With the wire of
its tacho it tells how fast it turns, and when it stands still (tacho.py).
"""

from drivers.flat import NUMBER, Flat
from drivers.thing import LONG_MS, OFF, ON, known, put, put_number, ticks_diff, ticks_ms, word

_FULL = 65535


class Fan:
    """A fan at a machine.PWM, or at a list of that and the machine.Pin of its tacho, which is not configured.

    boot: "off", "on", or "restored", which is off until it is told what it was; minimum: % of the duty cycle; kick: ms
    at full speed as it starts; safe: % that it goes to when it is left alone. Of the tacho, pulses: for each turn;
    pull: "up" or "none". measure: a Tacho, or None.
    """

    def __init__(self, pins, active_low=False, boot="off", minimum=20, kick=500, safe=0, pulses=2, pull="up"):
        # cold: once a fan
        known(boot)
        for name, value, most in (("minimum", minimum, 90), ("kick", kick, 5000), ("safe", safe, 100)):
            if not 0 <= value <= most:
                raise ValueError("%s: expected 0 to %d, found %r" % (name, most, value))
        pins = pins if isinstance(pins, list) else [pins]
        self._pwm = pins[0]
        self._low = active_low
        self._minimum = minimum
        self._kick = kick
        self._safe = safe
        self._flat = Flat()
        self._percent = 100  # what it turns at when it is on
        self._on = self._kicks = False
        self._begin = ticks_ms()
        self._turn(boot == "on")
        self.measure = None
        if pins[1:]:
            from drivers.tacho import Tacho

            self.measure = Tacho(pins[1], pull, pulses, self._runs, "fan")

    def set(self, payload):
        """ON, OFF, or a table of state and percentage (0 to 100: 0 is off); other keys mean nothing."""
        if payload and payload[0] == 123:  # {
            self._read(payload)
        else:
            self._turn(word(payload))

    def _read(self, payload):
        flat = self._flat
        on = percent = -1
        flat.open(payload)
        while flat.next():
            if flat.key_is(b"state"):
                on = self._state(flat)
            elif flat.key_is(b"percentage"):
                percent = self._number(flat)
        if on < 0 and percent < 0:
            raise ValueError("expected a state or a percentage")
        self._go(on, percent)

    def _go(self, on, percent):
        if percent > 0:
            self._percent = percent
        self._turn(on != 0 and percent != 0)

    def _state(self, flat):
        if flat.text_is(ON):
            return 1
        return 0 if flat.text_is(OFF) else self._bad("state: expected ON or OFF")

    def _number(self, flat):
        if flat.kind != NUMBER or not 0 <= flat.number <= 100_000:
            self._bad("percentage: expected a number from 0 to 100")
        return (flat.number + 500) // 1000

    def _bad(self, expected):  # cold: only for a bad command
        raise ValueError(expected)

    def state(self, buf):
        at = put(buf, 0, b'{"state":"')
        at = put(buf, at, ON if self._on else OFF)
        at = put(buf, at, b'","percentage":')
        at = put_number(buf, at, self._percent)
        return put(buf, at, b"}")

    def poll(self):
        """Ends the moment at full speed; milliseconds until then."""
        if not self._kicks:
            return LONG_MS
        left = self._kick - ticks_diff(ticks_ms(), self._begin)
        if left > 0:
            return left
        self._kicks = False
        self._show()
        return LONG_MS

    def safe(self):
        """At once to the speed at which it may be left alone."""
        self._go(-1, self._safe)

    def _runs(self):
        return self._on

    def _turn(self, on):
        if on and not self._on and self._kick:
            self._begin = ticks_ms()
            self._kicks = True
        if not on:
            self._kicks = False
        self._on = on
        self._show()

    def _show(self):
        duty = self._duty()
        self._pwm.duty_u16(_FULL - duty if self._low else duty)

    def _duty(self):
        if not self._on:
            return 0
        if self._kicks or self._percent == 100:
            return _FULL
        return (self._minimum * 100 + (100 - self._minimum) * self._percent) * _FULL // 10000


driver = Fan
