"""The portal from its opening to its end: the access point, the loop that serves it, the time it is open.

It is open for ten minutes after a start. Who has not finished then switches the node off and on: so only somebody who
can get at the node can open it. In between the radio is off, and the node looks whether somebody has written a
config.json. No watchdog runs before the first visitor, so that a tool at the console finds a node that waits; what
may hang comes later. Knows nothing of HTTP, of names or of what the page asks for: those are http.py's, names.py's
and desk.py's.
"""
# cold file: nothing of a node that is set up is here

import time

import machine
import network
from micropython import const

from .. import lazy
from ..log import Voice

_OPEN_S = const(600)
_LATEST_S = const(660)  # for a test that was begun in time
_TURN_MS = const(100)
_LOOK_MS = const(2_000)
_WATCHDOG_S = const(30)
_GOODBYE_MS = const(2_000)  # for the last page to arrive in
_NOT_SEEN_MS = const(20_000)  # a phone that has left does not hold the node up
_OPEN = const(0)  # security


class Door:
    """Owns both interfaces, the servers and the desk they answer for."""

    def __init__(self, log, clock):
        self.log = log
        self.clock = clock
        self.voice = Voice(log, "portal")
        self.watchdog = self.led = self._saved = None
        self.station = network.WLAN(network.STA_IF)
        self.station.active(True)
        self.name = "girouette-" + "".join(["%02x" % byte for byte in self.station.config("mac")[-3:]])
        self.networks = []
        self.scan()
        self.point = network.WLAN(network.AP_IF)
        self._set_up()  # a CYW43 looks at it only when it is switched on,
        self.point.active(True)
        self._set_up()  # an ESP32 may take it only then
        self.address = self.point.ifconfig()[0]
        self._looked = clock.ticks_ms()
        self._serve()

    def _set_up(self):
        try:
            self.point.config(ssid=self.name, security=_OPEN)
        except (OSError, RuntimeError):
            pass

    def _serve(self):
        import select

        from .desk import Desk
        from .http import Server
        from .names import Names

        self._poller = select.poll()
        self.desk = Desk(self)
        self._names = Names(self.address, self._poller)
        self._server = Server(self.desk.answer, self._poller, self.clock)
        lamp = self.desk.found.get("led")
        if lamp:
            from .lamp import lamp as made

            self.led = made(lamp, self.clock)

    def run(self):
        """Until the node is set up, which ends in a reset, or a person has repaired config.json by other means."""
        self.voice.info("nothing is set up: join the Wi-Fi %s and open http://%s/" % (self.name, self.address))
        while self.left() > 0 or self.desk.busy() and self.log.uptime.seconds < _LATEST_S:
            self._turn()
            if self._written():
                return self._again("config.json was written")
        self._close("ten minutes are over: switch the node off and on to open the portal again")
        while not self._written():
            self._feed()
            self.clock.sleep_ms(1_000)
        self._again("config.json was written")

    def left(self):
        """Seconds until it closes."""
        self.log.uptime.fold()
        return _OPEN_S - self.log.uptime.seconds

    def scan(self):
        """Look around; takes seconds. The networks heard are in `networks`: (name, dBm, whether it has a password)."""
        heard = {}
        try:
            found = self.station.scan()
        except OSError as fault:
            self.voice.trouble("cannot look around: %s" % fault)
            found = ()
        for ssid, _, _, rssi, security, *_ in found:
            try:
                name = ssid.decode()
            except UnicodeError:  # JSON has no other names
                continue
            if name and "\0" not in name and (name not in heard or heard[name][0] < rssi):
                heard[name] = (rssi, security != _OPEN)
        self.networks = sorted([(name,) + heard[name] for name in heard], key=lambda one: -one[1])[:12]

    def visited(self):
        """Somebody is here."""
        if not self.watchdog:
            self.watchdog = lazy.once("watchdog", "start", _WATCHDOG_S, self.log)

    def saved(self):
        """The desk has written the files: the node starts anew once that was shown."""
        self._saved = self.clock.ticks_add(self.clock.ticks_ms(), _NOT_SEEN_MS)

    def shown(self):
        """The last page went out."""
        if self._saved is not None:
            self._saved = self.clock.ticks_add(self.clock.ticks_ms(), _GOODBYE_MS)

    def stop(self):
        """As a Station's."""
        if self.led:
            self.led.stop()
        self.station.active(False)
        self.point.active(False)

    def restart(self):
        """As a Station's: goodbye, and start anew. Does not return."""
        try:
            lazy.once("boots", "proven")
            self.stop()
        finally:
            machine.reset()

    def _turn(self):
        self._feed()
        wait = _TURN_MS
        if self.led:
            wait = min(wait, self.led.poll())
        self._poller.poll(wait)
        self._names.turn()
        self._server.turn()
        self.desk.turn()
        if self._saved is not None and self._past(self._saved):
            self._again("set up")

    def _feed(self):
        if self.watchdog:
            self.watchdog.feed()

    def _past(self, moment):
        return self.clock.ticks_diff(self.clock.ticks_ms(), moment) >= 0

    def _written(self):
        # By somebody at the console. What the desk itself has written is not meant.
        if self._saved is not None or not self._past(self._looked):
            return False
        self._looked = self.clock.ticks_add(self.clock.ticks_ms(), _LOOK_MS)
        return not lazy.once("portal.fresh", "needed")

    def _close(self, why):
        self._server.close()
        self._names.close()
        self.desk.forget()
        self.stop()
        self.voice.info(why)

    def _again(self, why):
        self.voice.info("restarts: " + why)
        self.restart()


def run(log):
    """Open the portal. Returns only where this chip cannot have one: then a file is waited for, as ever."""
    if not (hasattr(network, "WLAN") and hasattr(network, "AP_IF")):
        return
    lazy.once("boots", "proven")  # to switch a node off and on that asks to be set up is no failure
    door = Door(log, time)
    try:
        door.run()
    except KeyboardInterrupt:
        if log.watched:  # it cannot be stopped: by a reset, which does not return
            lazy.load("upkeep").interrupted(door, log)
        door.stop()
        raise
