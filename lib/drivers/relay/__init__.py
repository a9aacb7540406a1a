"""A relay, or whatever else one output switches: a pump, a valve, a contactor, a solid state relay.

The pin comes unconfigured and is driven from the first moment on, to the level of the boot state: a relay must not
chatter while a node starts.
"""

from drivers.thing import LONG_MS, OFF, ON, put, word


class Relay:
    """A relay at a machine.Pin. active_low: it is on while the pin is low. boot, safe: "off" or "on"."""

    def __init__(self, pin, active_low=False, boot="off", safe="off"):  # cold: once a relay
        for name, state in (("boot", boot), ("safe", safe)):
            if state not in ("off", "on"):
                raise ValueError('%s: expected "off" or "on", found %r' % (name, state))
        self._pin = pin
        self._low = 1 if active_low else 0
        self._safe = safe == "on"
        self._on = boot == "on"
        pin.init(pin.OUT, value=self._on ^ self._low)

    def set(self, payload):
        self._switch(word(payload))

    def state(self, buf):
        return put(buf, 0, ON if self._on else OFF)

    def poll(self):
        return LONG_MS

    def safe(self):
        self._switch(self._safe)

    def _switch(self, on):
        self._pin.value(on ^ self._low)
        self._on = on


driver = Relay
