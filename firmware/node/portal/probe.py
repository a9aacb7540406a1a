"""Tries what was entered, in the order in which it can fail: Wi-Fi, address, name, TCP, log-in. Loaded for the test.

The access point stays up meanwhile. Each step is short but one: a name that is looked up blocks, on every chip. What
the broker is asked goes by the node's own client, so what works here works later.
"""
# cold file: nothing of a node that is set up is here

import sys

import network
from micropython import const

from .. import lazy

_JOIN_MS = const(20_000)
_BELIEVED_MS = const(3_000)  # what the chip says after that is no longer of the time before
_NO_IP = const(2)  # CYW43_LINK_NOIP


class Probe:
    """step: the number of the step it is at. poll() returns None until it is known: {} or what went wrong, by field."""

    def __init__(self, desk):
        self._desk = desk
        self._clock = desk.door.clock
        self._port = desk.door.station
        self._client = None
        self.step = 0
        self._ssid = desk.values["ssid"]
        self._refused = None
        self._port.active(True)
        try:
            self._port.config(reconnects=0)  # an ESP32 that tries for ever never says why it fails
        except (OSError, TypeError, ValueError):
            pass
        self._begun = self._clock.ticks_ms()
        try:
            self._port.connect(self._ssid, desk.hidden.get("password", ""))
        except (OSError, ValueError) as fault:
            self._refused = "The radio cannot join it: %s" % fault

    def poll(self):
        """One step."""
        if self.step < 2:
            return self._join()
        if self.step == 2:
            return self._look_up()
        return self._log_in()

    def close(self):
        """Nothing of it stays: the radio is the portal's alone again."""
        if self._client:
            self._client.disconnect(500)
            self._client = None
        self._port.disconnect()
        lazy.forget("wifi", "network")
        for name in list(sys.modules):
            if name.startswith("leanmqtt"):
                lazy.drop(name)

    # -- Wi-Fi and address

    def _join(self):
        if self._refused:
            return {"ssid": self._refused}
        if self._port.isconnected():
            self.step = 2
            return None
        passed = self._clock.ticks_diff(self._clock.ticks_ms(), self._begun)
        self.step = 1 if self._associated() else 0
        if passed > _BELIEVED_MS and self.step == 0:
            said = self._said(self._port.status())
            if said:
                return said
        if passed <= _JOIN_MS:
            return None
        if self.step == 1:
            return {"": 'The Wi-Fi "%s" takes the password but gives no address: is its router well?' % self._ssid}
        return {"password": 'No answer from "%s": mostly a wrong password, or a signal too weak.' % self._ssid}

    def _associated(self):
        try:
            return self._port.status() == _NO_IP or bool(self._port.status("rssi"))
        except (OSError, RuntimeError, TypeError, ValueError):  # other chips, or none yet
            return False

    def _said(self, status):
        # Why joining failed, as far as the chip tells.
        from ..wifi import refused, refuses

        if status in refused():
            return {"password": 'The Wi-Fi "%s" refuses this password.' % self._ssid}
        if status == getattr(network, "STAT_NO_AP_FOUND", None):
            return {"ssid": '"%s" is not in reach: is the name right, the router on, and on 2.4 GHz?' % self._ssid}
        if refuses(status):
            return {"ssid": '"%s" refuses the node (status %d).' % (self._ssid, status)}
        return None

    # -- the broker

    def _look_up(self):
        from socket import getaddrinfo

        from leanmqtt import config

        host, port = config.host(self._desk.values["host"], int(self._desk.values["port"]))[0]
        try:
            getaddrinfo(host, port, 0, 1)
        except OSError as fault:
            words = 'The network does not know the name "%s" (DNS, errno %s): is it right? An address works too.'
            return {"host": words % (host, fault)}
        self.step = 3
        return None

    def _log_in(self):
        from leanmqtt import Client

        if self._client is None:
            self._client = Client(
                self._desk.values["name"] + "-" + self._desk.door.name[-6:],
                self._desk.values["host"],
                int(self._desk.values["port"]),
                user=self._desk.values["user"] or None,
                password=self._desk.hidden.get("secret"),
                reconnect=False,
                outbox_size=256,
                rx_size=128,
                transport=_watched(self),
            )
            self._client.start()
        self._client.poll(0)
        if self._client.connected:
            self.step = 5
            return {}
        told = self._client.last_error
        return told and self._why(str(told))

    def _why(self, told):
        told = told.split(": ", 1)[-1] if told.startswith(self._desk.values["host"]) else told
        if "(code 4)" in told or "(code 5" in told:
            return {"user": "The broker answers, but refuses the log-in: check user name and password."}
        if self.step == 3:
            return {"host": "The broker is not reached: " + told + "."}
        return {"port": "Something is there, but it is no broker that lets this node in: " + told + "."}


def _watched(probe):
    # The client's own way over TCP, which tells when it is through.
    from leanmqtt.transport import Tcp

    class Watched(Tcp):
        def opening(self):
            still = Tcp.opening(self)
            if not still:
                probe.step = 4
            return still

    return Watched()
