"""The node's way to the network, Wi-Fi or a wired port: whether it is up, and what to do when it no longer is.

How it comes up is for wifi.py and wired.py, which are loaded for it and forgotten once there is an address. An
interface may believe in its link for ever while nothing gets through: one that brings no broker for long is switched
off and on.
"""

import network
from micropython import const

from . import lazy
from .log import Voice

_DEAF_MS = const(300_000)  # up, and no broker for so long: the interface starts anew,
_DEAFEST_MS = const(3_600_000)  # the next time after twice as long, and so on up to this
_SCAN_MS = const(4_000)  # what a look around may take


class Network:
    """What is asked of it at every turn allocates nothing.

    `port` is the interface of MicroPython's `network`. `known` and `curious` are the kind's own: what it wants to know
    the next time it joins, and what it would look around for (not None) when there is time.
    """

    def __init__(self, settings, log, clock):
        self._kind = "wired" if isinstance(settings["network"], dict) else "wifi"
        self.settings = settings["network"]
        self.voice = Voice(log, self._kind)
        self.clock = clock
        self.known = None
        self.curious = None
        self._patience = _DEAF_MS
        network.hostname(settings["name"])
        self.port = network.WLAN(network.STA_IF) if self._kind == "wifi" else self._wired()
        self.place = None  # where it is, for a person
        self._joining = None
        self._up = False

    def up(self):
        """True while there is an address."""
        return self._up

    def mac(self):
        """The hardware address, 6 bytes."""
        return self.port.config("mac")

    def digits(self):
        """The last six digits of the hardware address."""
        return "".join(["%02x" % byte for byte in self.mac()[-3:]])

    def rssi(self):
        """The Wi-Fi's signal in dBm; None while there is none."""
        return self.port.status("rssi") if self._kind == "wifi" and self._up else None

    def poll(self, free_ms, online=True):
        """One step; waits only for what fits into the time nothing else is due. online: whether the broker is heard."""
        if not self._up:
            if self._joining is None:
                self._join(None)
            elif self._joining.poll(free_ms):
                self._joined()
        elif not self.port.isconnected():
            self._join(False)
        elif online:
            self._patience = _DEAF_MS
            self._wait()
            if self.curious is not None and free_ms >= _SCAN_MS:
                self._look()
        elif self.since(self._due) >= 0:
            self._join(True)

    def since(self, due):
        """Milliseconds since a moment of the clock, less than 0 before it."""
        return self.clock.ticks_diff(self.clock.ticks_ms(), due)

    def after(self, ms):
        """The moment so many milliseconds from now."""
        return self.clock.ticks_add(self.clock.ticks_ms(), ms)

    def _wait(self):
        self._due = self.after(self._patience)

    def _wired(self):  # cold: once
        port = lazy.load("wired").opened(self.settings)
        lazy.forget("wired")  # the heap is needed by others before it is joined
        return port

    def _join(self, deaf):  # cold: deaf: it was up without a broker; None: it starts
        self._up = False
        self._joining = lazy.load(self._kind).Joining(self, deaf)

    def _joined(self):  # cold: once it is up
        self.voice.info("on %s, address %s" % (self.place, self.port.ifconfig()[0]))
        self._up = True
        self._joining = None
        lazy.forget(self._kind)
        self._wait()
        self._patience = min(2 * self._patience, _DEAFEST_MS)

    def _look(self):  # cold: once
        lazy.load(self._kind).look(self)
        lazy.forget(self._kind)
        self.curious = None


def fixed(static):
    """The address of a table `static` as ifconfig() wants it."""
    gateway = static["gateway"]
    return (static["address"], static["netmask"], gateway, static["dns"] or gateway)
