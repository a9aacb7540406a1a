"""What the board's two ways to the network have in common: a switch, an address, settings that are kept.

Whether bytes flow is net.py's business; it is told by `on_change`.
"""

from collections.abc import Callable

_ADDRESS = ("192.168.4.17", "255.255.255.0", "192.168.4.1", "192.168.4.1")


class Interface:
    """Off at first; `connected` is what makes one differ from the other."""

    def __init__(self, mac: bytes, on_change: Callable[[], None]):
        self.mac = mac
        self.address: tuple = _ADDRESS
        self.static = False  # the address was given, not asked for
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
        if settings is not None:
            self.static = settings != "dhcp"
            self.address = tuple(settings) if self.static else _ADDRESS
        return self.address if self.connected else ("0.0.0.0",) * 4

    def configure(self, settings: dict):
        self.settings.update(settings)

    def config(self, what: str):
        if what == "mac":
            return list(self.mac)
        return self.settings.get(what, "")

    def reset(self):
        """A chip that starts anew has forgotten everything."""
        self.settings.clear()
        self.address, self.static = _ADDRESS, False
        self._active = False
