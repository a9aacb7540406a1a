# `network`, played by the host: a Wi-Fi station and an access point with the habits of an ESP32; the wired ports are in
# _wired.py, loaded when asked for. `isconnected` and `status()`, which a node asks in its loop, allocate nothing.

from _board import ask, call, make_room

STA_IF = 0
AP_IF = 1

STAT_IDLE = 1000
STAT_CONNECTING = 1001
STAT_GOT_IP = 1010
STAT_NO_AP_FOUND = 201
STAT_WRONG_PASSWORD = 202


class _Interface:
    def isconnected(self):
        return call(7, self._unit) == 1

    def active(self, on=None):
        return ask("active", self._unit, on)

    def ifconfig(self, settings=None):
        """(address, netmask, gateway, DNS); given settings are kept as a fixed address."""
        return tuple(ask("ifconfig", self._unit, settings))

    def config(self, what=None, **settings):
        """One parameter ("mac", "ssid", "hostname"), or settings to keep (`pm=0`, `hostname="porch"`)."""
        if what is None:
            return ask("configure", self._unit, settings)
        value = ask("config", self._unit, what)
        return bytes(value) if what == "mac" else value


class WLAN(_Interface):
    IF_STA = STA_IF
    IF_AP = AP_IF
    PM_NONE = 0
    PM_PERFORMANCE = 1
    PM_POWERSAVE = 2

    def __init__(self, interface=STA_IF):
        self._unit = 2 * interface

    def connect(self, ssid=None, key=None, *, bssid=None):
        ask("connect", ssid, key, bssid and list(bssid))

    def disconnect(self):
        ask("disconnect")

    def status(self, what=None):
        return call(8, self._unit) if what is None else ask("config", self._unit, what)

    def scan(self):
        """[(ssid, bssid, channel, RSSI, security, hidden), ...]."""
        return [(n[0].encode(), bytes(n[1]), n[2], n[3], n[4], False) for n in ask("survey")]


def hostname(name=None):
    return ask("hostname", name)


def country(code=None):
    return ask("country", code)


def __getattr__(name):
    if name[0] == "_":
        raise AttributeError(name)
    make_room("_wired")
    import _wired

    return _wired.find(name)
