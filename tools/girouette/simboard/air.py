"""The world around a board, as a test changes it: its time, radio, cable, sensors, pins, and its links (`Board.net`).

Only hands on what is said to the models, on the board's event loop.
"""

from .pins import PinModel


class World:
    """The part of `Board` that is outside the chip."""

    def advance(self, seconds: float):
        """Let so much of the board's time pass, as fast as the host can; returns when the board waits for more.

        For a Board(steps=True). What is done to the board between two advances is done at one moment of its time."""
        self._run(self._pace.advance(seconds))

    @property
    def now(self) -> float:
        """Its time: seconds, of a Board(steps=True) since it was made."""
        return self._pace.now()

    def wifi(self, there: bool, bssid: bytes | None = None):
        """The access points vanish, or come back; or the one with that BSSID. The chip notices."""
        self._call(lambda: self._chip.station.range(there, bssid))

    def wifi_hang(self):
        """Its Wi-Fi says that it is connecting, and is not, until the firmware switches it off and on."""
        self._call(self._chip.station.hang)

    def wifi_settings(self) -> dict:
        """What the firmware set with `config` (pm, ssid, ...)."""
        return self._call(lambda: dict(self._chip.station.settings))

    def wired_settings(self) -> dict:
        """What the firmware made its wired port with: `kind` ("LAN", "WIZNET5K"), pins and PHY."""
        return self._call(lambda: dict(self._chip.wired.settings))

    def access_point(self) -> dict | None:
        """What the board's own access point is set to (ssid, security, key, channel); None while it is off."""
        point = self._chip.point
        return self._call(lambda: dict(point.settings) if point.active(None) else None)

    def reach(self, port: int) -> tuple[str, int]:
        """Where this host finds what the board serves on its own `port`, TCP and UDP, while it is on the air."""
        return "127.0.0.1", self._call(lambda: self._chip.served.outside(port))

    def cable(self, there: bool):
        """The same for the wired port."""
        self._call(lambda: self._chip.wired.plug(there))

    def sensor(self, name: str):
        """The model of that name ("bme280") on this board; its methods are the faults it can have."""
        for sensor in self.sensors:
            if sensor.name == name:
                return sensor
        raise KeyError(f"no {name} on this board; it has {', '.join(s.name for s in self.sensors) or 'nothing'}")

    def pin(self, number: int | str) -> PinModel:
        """`.value`, `.duty` and `.frequency` of a pin; `.drive(level)` and `.volts = 3.1` for an input."""
        return self._chip.pin(number)


class Net:
    """What can happen to a board's links. `Board.net`."""

    def __init__(self, board):
        self._board = board

    def freeze(self):
        """Nothing gets through and nobody is told; the chip still believes in its Wi-Fi."""
        self._each("freeze", True)

    def thaw(self):
        self._each("freeze", False)

    def cut(self):
        """Reset every open link."""
        self._each("cut")

    def slow(self, bytes_per_second: float | None):
        """Limit what goes through, each way of each link; None: as fast as it can."""
        self._each("slow", bytes_per_second)

    @property
    def links(self) -> int:
        """How many TCP links the board has open."""
        return len(self._board._chip.net.links)

    def _each(self, what: str, *args):
        """To the links that the board made, and to those made to it."""
        chip = self._board._chip
        self._board._call(lambda: [getattr(way, what)(*args) for way in (chip.net, chip.served)])
