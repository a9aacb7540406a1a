"""A radio and wired ports with the habits of the chips: what they must not be asked, they raise for."""

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
    """`air`: {ssid: password}; `signals`: {ssid: dBm}; a test sets `linked` when the radio has had its time.

    `points`: {ssid: address of its access point}, as the scan tells it.
    """

    PM_NONE = 0
    PM_POWERSAVE = 2

    last = None
    air = {}
    signals = {}
    points = {}

    def __init__(self, interface):
        self.calls = []
        self.linked = False
        self._active = self._connecting = False
        self._status = STAT_IDLE
        WLAN.last = self

    def active(self, on):
        self._active = on
        self.calls.append(("active", on))

    def connect(self, ssid, password, bssid=None):
        if not self._active or self._connecting or self.linked:
            raise OSError("Wifi Internal Error")
        self.calls.append(("connect", ssid, password) + ((bssid,) if bssid else ()))
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

    def status(self, what=None):
        if what == "rssi":
            return -61
        return STAT_GOT_IP if self.linked else self._status

    def scan(self):
        self.calls.append(("scan",))
        if not self._active:
            raise OSError("STA must be active")
        return [(name.encode(), self.points.get(name, b""), 6, dbm, 3, False) for name, dbm in self.signals.items()]

    def config(self, what=None, **more):
        if what is None:
            self.calls.append(("config", more))
        else:
            return {"mac": b"\x24\x6f\x28\x0a\xbc\xde"}[what]

    def ifconfig(self, settings=None):
        if settings is not None:
            self.calls.append(("ifconfig", settings))
        return ("10.0.0.7", "255.255.255.0", "10.0.0.1", "10.0.0.1")


PHY_LAN8720 = 1
PHY_IP101 = 2


class LAN:
    """A wired port: a test says whether the cable is in and what the address is. `kind`: "esp32" or "stm32"."""

    last = None
    kind = "esp32"

    def __init__(self, **told):
        if self.kind == "esp32" and not ("mdc" in told and "mdio" in told):
            raise TypeError("'mdc' argument required")
        if self.kind == "stm32" and told:
            raise TypeError("function takes 0 positional arguments")
        self.told = {key: getattr(value, "id", value) for key, value in told.items()}
        self.calls = []
        self.cable = True
        self.address = "10.0.0.7"
        LAN.last = self

    def active(self, on):
        self.calls.append(("active", on))

    def isconnected(self):
        return self.cable

    def ifconfig(self, settings=None):
        if settings is not None:
            self.calls.append(("ifconfig", settings))
            self.address = settings[0]
        return (self.address, "255.255.255.0", "10.0.0.1", "10.0.0.1")

    def config(self, what):
        return {"mac": b"\x24\x6f\x28\x0a\xbc\xdf"}[what]


class WIZNET5K(LAN):
    def __init__(self, spi, cs, rst):
        self.kind = "w5500"
        super().__init__(spi=spi, cs=cs, rst=rst)
