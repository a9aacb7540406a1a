"""The board's own access point. wifi.py has its station; who comes to it is the host, by served.py.

The habits are an ESP32's: it may be set up before it is switched on, its address is 192.168.4.1, and it shares one
radio with the station, whose channel it takes.
"""

from collections.abc import Callable

from .interface import Interface

_ADDRESS = ("192.168.4.1", "255.255.255.0", "192.168.4.1", "0.0.0.0")
_CHANNEL = 1
_OPEN, _STRANGEST = 0, 11
_OLD_NAMES = {"essid": "ssid", "authmode": "security", "password": "key"}
_SECRET = ("key", "password")


class SoftAp(Interface):
    """On the air while it is active."""

    status = 1000

    def __init__(self, mac: bytes, on_change: Callable[[], None]):
        super().__init__(mac, on_change)
        self.reset()

    @property
    def connected(self) -> bool:
        """Whether somebody has joined it; nobody is modelled who would do that and say nothing."""
        return False

    def ifconfig(self, settings) -> tuple:
        if settings is not None:
            self.address = tuple(settings)
        return self.address

    def configure(self, settings: dict):
        """ValueError, as the driver has it, for what no access point can be."""
        settings = {_OLD_NAMES.get(name, name): value for name, value in settings.items()}
        made = self.settings | settings
        if not 0 < len(made["ssid"].encode()) <= 32:
            raise ValueError("its name has 1 to 32 bytes")
        if made["security"] not in range(_STRANGEST + 1):
            raise ValueError("its security is a number of the driver's")
        if made["security"] != _OPEN and not 8 <= len(made["key"]) <= 63:
            raise ValueError("its password has 8 to 63 characters")
        self.settings = made

    def config(self, what: str):
        if what in _SECRET:
            raise ValueError("unknown config param")
        return super().config(_OLD_NAMES.get(what, what))

    def follow(self, channel: int) -> bool:
        """True when it is on the air and had to move: those who had joined it are gone for a moment."""
        moves = self._active and self.settings["channel"] != channel
        if moves:
            self.settings["channel"] = channel
        return moves

    def reset(self):
        super().reset()
        self.address = _ADDRESS
        self.settings = {"ssid": "ESP_" + self.mac.hex()[-6:], "security": _OPEN, "key": "", "channel": _CHANNEL}
