"""The board's Wi-Fi station, and the access points in the air. wired.py has the other way to the network.

The habits are an ESP32's: connecting takes a moment, goes on for ever once asked for, and starts again by itself when
the access point comes back. Whether bytes flow is net.py's business; it is told by `on_change`.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from .interface import Interface
from .pace import Pace

IDLE, CONNECTING, GOT_IP, NO_AP_FOUND, WRONG_PASSWORD = 1000, 1001, 1010, 201, 202
_JOIN_S = 0.1  # association and DHCP; seconds on a real chip, shorter here so that a test is
_OPEN, _WPA2 = 0, 3
_RSSI = -52


@dataclass
class AccessPoint:
    """One of the boxes in the air. An ssid or password of None: any will do."""

    ssid: str | None
    password: str | None
    bssid: bytes
    rssi: int = _RSSI
    channel: int = 6
    there: bool = True
    dhcp: bool = True  # it gives addresses; else who joins it goes on "connecting", as on an ESP32

    @property
    def security(self) -> int:
        return _OPEN if self.password == "" else _WPA2


def access_points(wifi: dict | list | None) -> list[AccessPoint]:
    """Of {ssid: password}, or of a list of the fields above, of which ssid is needed; None: one for any name."""
    if wifi is None:
        wifi = [{"ssid": None, "password": None}]
    elif isinstance(wifi, dict):
        wifi = [{"ssid": ssid, "password": password} for ssid, password in wifi.items()]
    return [AccessPoint(**{"bssid": bytes([2, 0, 0, 0, 0, i]), "password": "", **one}) for i, one in enumerate(wifi)]


class Station(Interface):
    """Lives on the board's event loop. `scan_s`: how long a scan blocks the board."""

    def __init__(self, mac: bytes, points: list[AccessPoint], pace: Pace, scan_s: float, on_change: Callable[[], None]):
        super().__init__(mac, on_change)
        self.points = points
        self.in_range = True
        self.status = IDLE
        self.point: AccessPoint | None = None  # the one it is connected to
        self._pace, self._scan_s = pace, scan_s
        self._hung = False
        self._wanted: tuple | None = None  # ssid, password, BSSID or None
        self._joining: asyncio.TimerHandle | None = None

    # What the firmware does

    @property
    def connected(self) -> bool:
        return self.status == GOT_IP

    def active(self, on: bool | None) -> bool:
        if on is False:
            self._hung = False  # switching off is what helps
            self.leave()
        return super().active(on)

    def connect(self, ssid: str | None, key: str | None, bssid: bytes | None = None):
        """Raises OSError with the words of the ESP32's driver."""
        if not self._active:
            raise OSError("Wifi Not Started")
        if self._joining:
            raise OSError("Wifi Internal Error")
        if ssid is not None:
            self._wanted = (ssid, key or "", bssid)
        if self._wanted is None:
            raise OSError("Wifi Invalid Argument")
        self.settings.update(ssid=self._wanted[0], essid=self._wanted[0])
        self._join()

    def leave(self):
        """Disconnect, and stop trying."""
        self._wanted = None
        self._stop(IDLE)

    def reset(self):
        self._hung = False
        self.leave()
        super().reset()

    def config(self, what: str):
        if what == "rssi":
            return self.point.rssi if self.point else 0
        return super().config(what)

    async def survey(self) -> list:
        """(SSID, BSSID, channel, RSSI, security) of each access point heard, the strongest first."""
        await self._pace.sleep(self._scan_s)
        heard = sorted(self._heard(), key=lambda p: -p.rssi) if self._active else []
        return [(p.ssid or "girouette", list(p.bssid), p.channel, p.rssi, p.security) for p in heard]

    # What happens to it

    def range(self, there: bool, bssid: bytes | None = None):
        """The access points are heard, or not; or the one with that BSSID."""
        if bssid is None:
            self.in_range = there
        for point in self.points:
            if point.bssid == bssid:
                point.there = there
        if not self._wanted or self._hung:
            return
        if self.point and self.point not in self._heard():
            self._stop(NO_AP_FOUND)
        if self._heard() and not self._joining and self.status != GOT_IP:
            self._join()

    def hang(self):
        """The radio's software is stuck: it says that it is connecting until the interface is switched off and on."""
        self._hung = True
        self._stop(CONNECTING)

    def _heard(self) -> list[AccessPoint]:
        return [point for point in self.points if point.there and self.in_range]

    def _stop(self, status: int, point: AccessPoint | None = None):
        if self._joining:
            self._joining.cancel()
        self._joining = None
        self.point = point
        self.status = CONNECTING if self._hung else status
        self.changed()

    def _join(self):
        self._stop(CONNECTING)
        if not self._hung:
            self._joining = self._pace.later(_JOIN_S, self._joined)

    def _joined(self):
        ssid, key, bssid = self._wanted
        fit = [p for p in self._heard() if p.ssid in (None, ssid) and bssid in (None, p.bssid)]
        best = max(fit, key=lambda p: p.rssi, default=None)
        if best is None:
            self._stop(NO_AP_FOUND)
        elif best.password not in (None, key):
            self._stop(WRONG_PASSWORD)
        else:
            self._stop(GOT_IP if best.dhcp or self.static else CONNECTING, best)
