"""A radio with the habits of the chips: what it must not be asked, it raises for."""

STA_IF = 0
STAT_IDLE = 1000
STAT_CONNECTING = 1001
STAT_WRONG_PASSWORD = 202
STAT_NO_AP_FOUND = 201
STAT_GOT_IP = 1010

names = []


def hostname(name):
    names.append(name)


class WLAN:
    """`air`: {ssid: password}; `signals`: {ssid: dBm}; a test sets `linked` when the radio has had its time."""

    last = None
    air = {}
    signals = {}

    def __init__(self, interface):
        self.calls = []
        self.linked = False
        self._active = self._connecting = False
        self._status = STAT_IDLE
        WLAN.last = self

    def active(self, on):
        self._active = on

    def connect(self, ssid, password, bssid=None):
        if not self._active or self._connecting or self.linked:
            raise OSError("Wifi Internal Error")
        self.calls.append(("connect", ssid, password))
        self._connecting = True
        self._status = STAT_CONNECTING
        if ssid not in self.air:
            self._status = STAT_NO_AP_FOUND
        elif self.air[ssid] != password:
            self._status = STAT_WRONG_PASSWORD

    def disconnect(self):
        self.calls.append(("disconnect",))
        self._connecting = self.linked = False

    def isconnected(self):
        return self.linked

    def status(self):
        return STAT_GOT_IP if self.linked else self._status

    def scan(self):
        self.calls.append(("scan",))
        if not self._active:
            raise OSError("STA must be active")
        return [(name.encode(), b"", 6, dbm, 3, False) for name, dbm in self.signals.items()]

    def config(self, what=None, **more):
        return what and {"mac": b"\x24\x6f\x28\x0a\xbc\xde"}[what]

    def ifconfig(self, settings=None):
        if settings is not None:
            self.calls.append(("ifconfig", settings))
        return ("10.0.0.7", "255.255.255.0", "10.0.0.1", "10.0.0.1")
