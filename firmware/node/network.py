"""Wi-Fi: keeps the node on one of its networks, one short step at a time.

The chips' habits shape it: a second connect() while one is under way raises, so disconnect() comes first and gets a
moment to take effect; the status may read idle in the middle of joining, so only a deadline is a failure; and a name
looked up before there is an address may block for ever, so `up` is what the MQTT client asks before each lookup.
"""

import network
from micropython import const

_REST_MS = const(1_000)
_LOOK_MS = const(5_000)
_LOOKS = const(4)

_RESTING = const(0)
_JOINING = const(1)
_UP = const(2)


class Wifi:
    """Tries the networks of the settings in turn; the node's name is what the router shows."""

    def __init__(self, settings, voice, clock):
        self._networks = settings["network"]
        self._voice = voice
        self._clock = clock
        self._turn = 0
        self._looks = 0
        network.hostname(settings["name"])
        self._wlan = network.WLAN(network.STA_IF)
        self._wlan.active(True)
        self._rest(0)

    def up(self):
        """True while there is an address."""
        return self._state == _UP

    def poll(self):
        """One step; never waits."""
        if self._state == _UP:
            if not self._wlan.isconnected():
                self._lost()
        elif self._state == _JOINING and self._wlan.isconnected():
            self._joined()
        elif self._clock.ticks_diff(self._clock.ticks_ms(), self._due) >= 0:
            if self._state == _JOINING:
                self._look()
            else:
                self._join()

    def _rest(self, ms):
        self._wlan.disconnect()
        self._enter(_RESTING, ms)

    def _enter(self, state, ms):
        self._state = state
        self._due = self._clock.ticks_add(self._clock.ticks_ms(), ms)

    def _name(self):
        return '"%s"' % self._networks[self._turn]["ssid"]

    def _join(self):
        chosen = self._networks[self._turn]
        try:
            self._wlan.connect(chosen["ssid"], chosen["password"])
        except OSError as fault:
            self._voice.trouble("cannot join %s: %s" % (self._name(), fault))
            self._next()
        else:
            self._looks = 0
            self._enter(_JOINING, _LOOK_MS)

    def _look(self):
        # What the chip says after a while is believed when it is no; anything else gets the whole time.
        self._looks += 1
        reason = self._reason()
        if reason or self._looks == _LOOKS:
            self._voice.trouble(reason or "no answer from %s" % self._name())
            self._next()
        else:
            self._enter(_JOINING, _LOOK_MS)

    def _joined(self):
        self._enter(_UP, 0)
        self._voice.info("on %s, address %s" % (self._name(), self._wlan.ifconfig()[0]))

    def _lost(self):
        self._voice.trouble("%s is lost" % self._name())
        self._rest(_REST_MS)

    def _next(self):
        self._turn = (self._turn + 1) % len(self._networks)
        self._rest(_REST_MS)

    def _reason(self):
        status = self._wlan.status()
        if status == getattr(network, "STAT_WRONG_PASSWORD", None):
            return "%s refused the password: check network[%d].password" % (self._name(), self._turn)
        if status == getattr(network, "STAT_NO_AP_FOUND", None):
            return "%s is not in reach" % self._name()
