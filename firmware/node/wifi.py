"""Joining Wi-Fi: from an interface that is off to an address on one of the networks, one short step at a time.

The chips' habits shape it: a second connect() while one is under way raises, so disconnect() comes first and gets a
moment to take effect; the status may read idle in the middle of joining, so only a deadline is a failure; a name
looked up before there is an address may block for ever, so network.up is what the MQTT client asks before each lookup;
and scan() blocks for seconds, so it is done only where there is a choice, and while nothing else is due. The access
point that was joined last is tried first, without a scan, also after a restart. An interface that hangs is switched off
and on. Loaded by network.py while there is no address; what air.py has are the looks into the air.

A choice is (number of the network in the settings, address of its access point or None).
"""

import network
from micropython import const

from . import lazy
from .network import fixed

_REST_MS = const(1_000)
_LOOK_MS = const(5_000)
_LOOKS = const(4)
_SHORT_LOOKS = const(2)  # for an access point that is only remembered
_SCAN_MS = const(4_000)  # what a scan may take
_PATIENCE_MS = const(5_000)  # for a moment that is free for so long
_SILENT = const(3)  # networks that neither came nor were refused: then the interface is taken to hang
_NO_SLEEP = const(0xA11140)  # the CYW43's, where the firmware has no name for it
_SLEEP = const(0xA11C82)

_RESTING = const(0)
_JOINING = const(1)
_OFF = const(2)


class Joining:
    """Tries the networks, the one heard best first, until poll() returns True. deaf: see network.py."""

    def __init__(self, net, deaf):
        self._net = net
        self._port = net.port
        self._networks = net.settings
        self._silent = 0
        if deaf is None:
            net.known = _air("remembered", self._networks)
            self._switch_on()
        elif deaf:
            net.known = None
            net.voice.trouble("on %s, but no broker is heard: the Wi-Fi starts anew" % net.place)
            self._switch_off()
        else:
            net.voice.trouble("%s is lost" % net.place)
            self._begin_round(_REST_MS)

    def poll(self, free_ms):
        """One step; True once there is an address. Waits only for a scan, while nothing else is due for so long."""
        if self._state == _JOINING and self._port.isconnected():
            return self._joined()
        if self._net.since(self._due) >= 0:
            if self._state == _JOINING:
                self._look()
            elif self._state == _OFF:
                self._switch_on()
            elif self._order or self._ordered(free_ms):
                self._join()

    def _enter(self, state, ms):
        self._state = state
        self._due = self._net.after(ms)

    # -- the interface

    def _switch_on(self):
        self._port.active(True)
        self._begin_round(0)

    def _switch_off(self):
        self._port.disconnect()
        self._port.active(False)
        self._enter(_OFF, _REST_MS)

    def _rest(self, ms):
        self._port.disconnect()
        self._enter(_RESTING, ms)

    # -- the round: which networks are tried, in which order

    def _begin_round(self, ms):
        self._rest(ms)
        if self._net.known:
            self._order = [self._net.known]
        else:
            self._order = [(0, None)] if len(self._networks) == 1 else []

    def _ordered(self, free_ms):
        # True once it is known in which order this round tries the networks.
        if free_ms < _SCAN_MS and self._net.since(self._due) < _PATIENCE_MS:
            return False
        if free_ms < _SCAN_MS:
            self._order = [(number, None) for number in range(len(self._networks))]
        else:
            self._order = _air("ordered", self._port, self._networks, self._net.voice)
        return True

    def _next(self):
        if self._net.known:  # it was worth a try, and tells nothing of the network
            self._net.known = None
            self._begin_round(_REST_MS)
        elif len(self._order) > 1:
            self._order.pop(0)
            self._rest(_REST_MS)
        elif self._silent < _SILENT:
            self._begin_round(_REST_MS)
        else:
            self._silent = 0
            self._switch_off()

    # -- joining

    def _join(self):
        number, point = self._order[0]
        chosen = self._networks[number]
        try:
            self._prepare(chosen)
            self._port.connect(chosen["ssid"], chosen["password"], **({"bssid": point} if point else {}))
        except OSError as fault:
            self._net.voice.trouble('cannot join "%s": %s' % (chosen["ssid"], fault))
            self._next()
        else:
            self._looks = _SHORT_LOOKS if self._net.known else _LOOKS
            self._enter(_JOINING, _LOOK_MS)

    def _prepare(self, chosen):
        if chosen["static"]:
            self._port.ifconfig(fixed(chosen["static"]))
        elif any(one["static"] for one in self._networks):  # the last one tried may have left its own
            self._port.ifconfig("dhcp")
        name, otherwise = ("PM_POWERSAVE", _SLEEP) if chosen["power_save"] else ("PM_NONE", _NO_SLEEP)
        _configure(self._port, pm=getattr(self._port, name, otherwise))
        _configure(self._port, reconnects=0)  # an ESP32 that tries for ever never says why it fails

    def _look(self):
        # What the chip says after a while is believed when it is no; anything else gets the whole time.
        self._looks -= 1
        number = self._order[0][0]
        name = '"%s"' % self._networks[number]["ssid"]
        reason = _reason(self._port.status(), name, number)
        if reason or not self._looks:
            self._silent = 0 if reason else self._silent + 1
            if not self._net.known:
                self._net.voice.trouble(reason or "no answer from " + name)
            self._next()
        else:
            self._enter(_JOINING, _LOOK_MS)

    def _joined(self):
        choice = self._order[0]
        self._net.place = '"%s"' % self._networks[choice[0]]["ssid"]
        self._net.curious = None if choice[1] else choice[0]
        _remember(self._net, choice)
        return True


def look(net):
    """Which access point of the network that was joined is heard best, for the next time."""
    for choice in _air("ordered", net.port, net.settings, net.voice):
        if choice[0] == net.curious:
            _remember(net, choice)


def _remember(net, choice):
    if choice[1]:
        net.known = choice
        _air("remember", net.settings, choice, net.voice)


def _air(what, *args):
    made = getattr(lazy.load("air"), what)(*args)
    lazy.forget("air")
    return made


def _configure(port, **what):
    try:
        port.config(**what)
    except (OSError, TypeError, ValueError):  # other chips have other parameters
        pass


def _reason(status, name, number):
    # Why joining failed, as far as the chip's status tells; None while it may still succeed.
    if status in refused():
        return "%s refused the password: check network[%d].password" % (name, number)
    if status == getattr(network, "STAT_NO_AP_FOUND", None):
        return "%s is not in reach" % name
    if refuses(status):
        return "%s refuses the node (status %d)" % (name, status)


def refuses(status):
    """Whether a status says that joining failed, for whatever reason."""
    return status < 0 or _is_esp32() and 0 < status < network.STAT_IDLE


def refused():
    """What a wrong password looks like. 15 is Wi-Fi's own number for an ESP32 that is not answered any more."""
    names = [name for name in ("STAT_WRONG_PASSWORD", "STAT_HANDSHAKE_TIMEOUT") if hasattr(network, name)]
    return [getattr(network, name) for name in names] + ([15] if _is_esp32() else [])


def _is_esp32():
    return getattr(network, "STAT_IDLE", 0) == 1000  # it hands Wi-Fi's own reasons on as the status
