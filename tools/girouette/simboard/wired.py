"""A wired port: RMII with its PHY on an ESP32 or STM32, or a WIZnet chip over SPI. wifi.py has the other way.

The port has a link once it is switched on and its cable is plugged in, and an address a moment later.
"""

import asyncio
from collections.abc import Callable

from .interface import Interface
from .pace import Pace

_DHCP_S = 0.1  # seconds on a real network, shorter here so that a test is
OFF, NO_LINK, NO_ADDRESS, UP = range(4)
# What status() says, in this order: ETH_INITIALIZED, ETH_DISCONNECTED, ETH_CONNECTED, ETH_GOT_IP of an ESP32's
# network_lan.c. Other ports say 0 to 3 themselves.
_ESP32_STATUS = (0, 4, 3, 5)


class Wired(Interface):
    """Its cable is plugged in until `plug(False)`. Lives on the board's event loop."""

    def __init__(self, mac: bytes, pace: Pace, esp32: bool, on_change: Callable[[], None]):
        super().__init__(mac, on_change)
        self.cable = True
        self.state = OFF
        self._pace, self._esp32 = pace, esp32
        self._waiting: asyncio.TimerHandle | None = None

    @property
    def connected(self) -> bool:
        return self.state == UP

    @property
    def status(self) -> int:
        return _ESP32_STATUS[self.state] if self._esp32 else self.state

    def set_up(self, kind: str, settings: dict):
        """What the firmware made the port with."""
        self.settings.update(settings, kind=kind)

    def active(self, on: bool | None) -> bool:
        changes = on is not None and bool(on) != self._active
        was = super().active(on)
        if changes:
            self._link()
        return was

    def plug(self, there: bool):
        if there != self.cable:
            self.cable = there
            self._link()

    def ifconfig(self, settings) -> tuple:
        super().ifconfig(settings)
        if settings is not None and self.state == NO_ADDRESS and self.static:
            self._enter(UP)
        return super().ifconfig(None)

    def reset(self):
        super().reset()
        self._link()

    def _link(self):
        if not self._active:
            self._enter(OFF)
        elif not self.cable:
            self._enter(NO_LINK)
        elif self.static:
            self._enter(UP)
        else:
            self._enter(NO_ADDRESS)
            self._waiting = self._pace.later(_DHCP_S, self._enter, UP)

    def _enter(self, state: int):
        if self._waiting:
            self._waiting.cancel()
        self._waiting, self.state = None, state
        self.changed()
