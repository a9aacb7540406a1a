"""Wi-Fi: keeps the node on one of its networks, one short step at a time.

The chips' habits shape it: a second connect() while one is under way raises, so disconnect() comes first and gets a
moment to take effect; the status may read idle in the middle of joining, so only a deadline is a failure; a name
looked up before there is an address may block for ever, so `up` is what the MQTT client asks before each lookup; and
scan() blocks for seconds, so it is done only where there is a choice, and while nothing else is due.
"""

import network
from micropython import const

_REST_MS = const(1_000)
_LOOK_MS = const(5_000)
_LOOKS = const(4)
_SCAN_MS = const(4_000)  # what a scan may take
_PATIENCE_MS = const(5_000)  # for a moment that is free for so long

_RESTING = const(0)
_JOINING = const(1)
_UP = const(2)


class Wifi:
    """Tries the networks of the settings, the one heard best first; the node's name is what the router shows."""

    def __init__(self, settings, voice, clock):
        self._networks = settings["network"]
        self._voice = voice
        self._clock = clock
        self._order = []  # the networks still to be tried in this round, by their numbers
        self._looks = 0
        network.hostname(settings["name"])
        self._wlan = network.WLAN(network.STA_IF)
        self._wlan.active(True)
        self._begin_round(0)

    def up(self):
        """True while there is an address."""
        return self._state == _UP

    def mac(self):
        """The six bytes of the hardware address."""
        return self._wlan.config("mac")

    def digits(self):
        """The last six digits of the hardware address."""
        return "".join(["%02x" % byte for byte in self._wlan.config("mac")[-3:]])

    def poll(self, free_ms):
        """One step, while nothing else is due for so long; waits only for a scan that fits in."""
        if self._state == _UP:
            if not self._wlan.isconnected():
                self._lost()
        elif self._state == _JOINING and self._wlan.isconnected():
            self._joined()
        elif self._since_due() >= 0:
            if self._state == _JOINING:
                self._look()
            elif self._order or self._ordered(free_ms):
                self._join()

    def _since_due(self):
        return self._clock.ticks_diff(self._clock.ticks_ms(), self._due)

    def _rest(self, ms):
        self._wlan.disconnect()
        self._enter(_RESTING, ms)

    def _begin_round(self, ms):
        self._rest(ms)
        self._order = [0] if len(self._networks) == 1 else []

    def _enter(self, state, ms):
        self._state = state
        self._due = self._clock.ticks_add(self._clock.ticks_ms(), ms)

    def _ordered(self, free_ms):
        # True once it is known in which order this round tries the networks.
        if free_ms < _SCAN_MS and self._since_due() < _PATIENCE_MS:
            return False
        heard = self._heard() if free_ms >= _SCAN_MS else {}
        # Those not heard come last, as they are listed: a hidden network is found only by asking for it.
        signals = [heard.get(one["ssid"], -1000) for one in self._networks]
        self._order = sorted(range(len(signals)), key=lambda i: (-signals[i], i))
        return True

    def _heard(self):
        # {SSID: signal in dBm}, of each the strongest.
        heard = {}
        try:
            for found in self._wlan.scan():
                heard.setdefault(found[0].decode(), found[3])
                heard[found[0].decode()] = max(heard[found[0].decode()], found[3])
        except (OSError, UnicodeError) as fault:
            self._voice.trouble("cannot scan: %s" % fault)
        return heard

    def _name(self):
        return '"%s"' % self._networks[self._order[0]]["ssid"]

    def _join(self):
        chosen = self._networks[self._order[0]]
        try:
            self._address(chosen["static"])
            self._wlan.connect(chosen["ssid"], chosen["password"])
        except OSError as fault:
            self._voice.trouble("cannot join %s: %s" % (self._name(), fault))
            self._next()
        else:
            self._looks = 0
            self._enter(_JOINING, _LOOK_MS)

    def _address(self, static):
        if static:
            gateway = static["gateway"]
            self._wlan.ifconfig((static["address"], static["netmask"], gateway, static["dns"] or gateway))
        elif any(one["static"] for one in self._networks):  # the last one tried may have left its own
            self._wlan.ifconfig("dhcp")

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
        if len(self._order) > 1:
            self._order.pop(0)
            self._rest(_REST_MS)
        else:
            self._begin_round(_REST_MS)

    def _reason(self):
        status = self._wlan.status()
        if status == getattr(network, "STAT_WRONG_PASSWORD", None):
            return "%s refused the password: check network[%d].password" % (self._name(), self._order[0])
        if status == getattr(network, "STAT_NO_AP_FOUND", None):
            return "%s is not in reach" % self._name()
