"""A relay, or whatever else one output switches: a pump, a valve, a contactor, a solid state relay.

The pin comes unconfigured and is driven from the first moment on, to the level of the boot state: a relay must not
chatter while a node starts.
"""

from drivers.thing import LONG_MS, OFF, ON, known, put, ticks_diff, ticks_ms, word


class Relay:
    """A relay at a machine.Pin. active_low: it is on while the pin is low. boot: "off", "on", or "restored", which is
    off until it is told what it was; safe: "off", "on", or "keep", which is as it is; auto_off: s that
    it stays on, 0 for ever."""

    def __init__(self, pin, active_low=False, boot="off", safe="off", auto_off=0):  # cold: once a relay
        known(boot, safe)
        if not 0 <= auto_off <= 86400:
            raise ValueError("auto_off: expected 0 to 86400 s, found %r" % (auto_off,))
        self._most = auto_off * 1000
        self._since = ticks_ms()  # when it was told to be on
        self._pin = pin
        self._low = 1 if active_low else 0
        self._safe = safe
        self._on = boot == "on"
        pin.init(pin.OUT, value=self._on ^ self._low)

    def set(self, payload):
        self._switch(word(payload))

    def state(self, buf):
        return put(buf, 0, ON if self._on else OFF)

    def poll(self):
        """Off when it has been on for long enough; milliseconds until then."""
        if not self._on or not self._most:
            return LONG_MS
        left = self._most - ticks_diff(ticks_ms(), self._since)
        if left > 0:
            return min(left, LONG_MS)
        self._switch(False)
        return LONG_MS

    def safe(self):
        if self._safe != "keep":
            self._switch(self._safe == "on")

    def _switch(self, on):
        self._pin.value(on ^ self._low)
        self._on = on
        if on:
            self._since = ticks_ms()


driver = Relay
