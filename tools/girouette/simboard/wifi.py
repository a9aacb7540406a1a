"""The board's two ways to the network, as its chip sees them: a Wi-Fi station and a wired port.

The habits are an ESP32's: connecting takes a moment, goes on for ever once asked for, and starts again by itself when
the access point comes back. Whether bytes flow is net.py's business; it is told by `on_change`.
"""

import asyncio
from collections.abc import Callable

IDLE, CONNECTING, GOT_IP, NO_AP_FOUND, WRONG_PASSWORD = 1000, 1001, 1010, 201, 202
_JOIN_S = 0.1  # association and DHCP; seconds on a real chip, shorter here so that a test is
_ADDRESS = ("192.168.4.17", "255.255.255.0", "192.168.4.1", "192.168.4.1")


class Interface:
    """What both have: a switch, an address, settings that are kept and returned."""

    def __init__(self, mac: bytes, on_change: Callable[[], None]):
        self.mac = mac
        self.address: tuple = _ADDRESS
        self.settings: dict = {}
        self._on_change = on_change
        self._active = False

    def active(self, on: bool | None) -> bool:
        if on is not None:
            self._active = bool(on)
            self.changed()
        return self._active

    def changed(self):
        self._on_change()

    @property
    def connected(self) -> bool:
        raise NotImplementedError

    def ifconfig(self, settings) -> tuple:
        if settings is not None and settings != "dhcp":
            self.address = tuple(settings)
        return self.address if self.connected else ("0.0.0.0",) * 4

    def config(self, what: str):
        if what == "mac":
            return list(self.mac)
        return self.settings.get(what, "")


class Wired(Interface):
    """A LAN port; its cable is plugged in until `plug(False)`."""

    cable = True

    @property
    def connected(self) -> bool:
        return self._active and self.cable

    def plug(self, there: bool):
        self.cable = there
        self.changed()


class Station(Interface):
    """The Wi-Fi station. `networks` maps SSID to password; None accepts any. Lives on the board's event loop."""

    def __init__(self, mac: bytes, networks: dict[str, str] | None, on_change: Callable[[], None]):
        super().__init__(mac, on_change)
        self.networks = networks
        self.in_range = True
        self.status = IDLE
        self._wanted: tuple | None = None
        self._joining: asyncio.TimerHandle | None = None

    @property
    def connected(self) -> bool:
        return self.status == GOT_IP

    def active(self, on: bool | None) -> bool:
        if on is False:
            self.leave()
        return super().active(on)

    def connect(self, ssid: str | None, key: str | None):
        """Raises OSError with the words of the ESP32's driver."""
        if not self._active:
            raise OSError("Wifi Not Started")
        if self._joining:
            raise OSError("Wifi Internal Error")
        if ssid is not None:
            self._wanted = (ssid, key)
        if self._wanted is None:
            raise OSError("Wifi Invalid Argument")
        self.settings.update(ssid=self._wanted[0], essid=self._wanted[0])
        self._join()

    def leave(self):
        """Disconnect, and stop trying."""
        self._wanted = None
        self._stop(IDLE)

    def reset(self):
        """A chip that starts anew has forgotten everything."""
        self.leave()
        self.settings.clear()
        self.address = _ADDRESS
        self._active = False

    def range(self, there: bool):
        """The access points are heard, or not."""
        self.in_range = there
        if not self._wanted:
            return
        if not there:
            self._stop(NO_AP_FOUND)
        elif not self._joining and self.status != GOT_IP:
            self._join()

    def config(self, what: str):
        if what == "rssi":
            return -52 if self.connected else 0
        return super().config(what)

    def survey(self) -> list:
        """(SSID, BSSID, channel, RSSI, security) of each network heard; 3 is WPA2."""
        names = (self.networks or {"girouette": ""}) if self.in_range and self._active else {}
        return [(ssid, [2, 0, 0, 0, 0, i], 6, -52, 3) for i, ssid in enumerate(names)]

    def _stop(self, status: int):
        if self._joining:
            self._joining.cancel()
        self._joining = None
        self.status = status
        self.changed()

    def _join(self):
        self._stop(CONNECTING)
        self._joining = asyncio.get_running_loop().call_later(_JOIN_S, self._joined)

    def _joined(self):
        self._joining = None
        ssid, key = self._wanted
        if not self.in_range or (self.networks is not None and ssid not in self.networks):
            self._stop(NO_AP_FOUND)
        elif self.networks is not None and self.networks[ssid] != (key or ""):
            self._stop(WRONG_PASSWORD)
        else:
            self._stop(GOT_IP)
