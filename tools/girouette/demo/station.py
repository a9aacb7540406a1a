"""The demo's weather station: the firmware compiled for a board, a config.json, and the simulated board they run on."""

import json
import secrets
import time
from pathlib import Path

from girouette import firmware, toolchain
from girouette.errors import ToolMissing
from girouette.paths import LIB
from girouette.simboard import Board, Weather

from .account import Account
from .brokers import LocalBroker

NAME = "station"
PART = "bme280"
PRESENCE = f"ha/{NAME}/status"
LAMP = f"ha/{NAME}/lamp"
SPEED = 600  # a day of weather in 2.4 minutes, so that there is something to see
_INTERVAL = 1  # seconds
_OUTAGE = 8  # seconds; the Wi-Fi is back by itself after them
_A_WHILE = f"Wi-Fi gone for {_OUTAGE} s"


def topics() -> dict[str, str]:
    """The topics the station publishes to, and their units, as the driver's schema tells them."""
    schema = json.loads((LIB / "drivers" / PART / "schema.json").read_text())
    return {f"ha/{quantity['name']}": quantity["unit"] for quantity in schema["quantities"]}


def config(account: Account) -> dict:
    """The station's config.json."""
    # A short keep-alive, so that a dead link is told of while one is watching.
    broker = {"host": account.host, "port": account.port, "keepalive": 5, "client_id": f"{NAME}-{secrets.token_hex(4)}"}
    if account.user is not None:
        broker["user"] = account.user
    if account.password is not None:
        broker["password"] = account.password
    return {
        "name": NAME,
        "network": [{"ssid": "simulated", "password": "simulated"}],
        "broker": broker,
        "sensors": [{"type": PART, "scl": 22, "sda": 21, "interval": _INTERVAL}],
        "actuators": [{"type": "relay", "id": "lamp", "pin": 26}],
        "watchdog": 8,
    }


def flash(folder: Path, account: Account) -> Path:
    """Fill a folder as a board's flash."""
    firmware.build(folder)
    (folder / "config.json").write_text(json.dumps(config(account), indent=2))
    return folder


def bits() -> int:
    """32 where that MicroPython is to be had: it has the objects of a chip."""
    try:
        toolchain.micropython(32)
    except ToolMissing:
        return 64
    return 32


def board(folder: Path, on_line) -> Board:
    """A board with that flash; not powered yet."""
    return Board(folder, bits=bits(), weather=Weather(speed=SPEED), on_line=on_line)


class Faults:
    """What can happen to the demo's station at the press of a key; a second press undoes it.

    subscriber: who sends the lamp its commands.
    """

    def __init__(self, board: Board, broker, subscriber):
        self._board = board
        self._broker = broker
        self._subscriber = subscriber
        self._until: float | None = None  # the end of an outage that mends itself
        self.changed = 0.0  # when a fault last began or ended: what arrived before proves nothing of the time after
        self._on = dict.fromkeys((_A_WHILE, "Wi-Fi gone", "sensor unplugged", "no power", "broker down"), False)
        self.keys = {"l": self.lamp, "o": self.outage, "w": self.wifi, "s": self.sensor, "p": self.power}
        if isinstance(broker, LocalBroker):
            self.keys["b"] = self.broker

    @property
    def now(self) -> list[str]:
        """What is broken at the moment, in words."""
        return [what for what, broken in self._on.items() if broken]

    def _flip(self, what: str) -> bool:
        self._on[what] = not self._on[what]
        self.changed = time.monotonic()
        return self._on[what]

    def tick(self):
        """Ends an outage whose time is over."""
        if self._until and time.monotonic() > self._until:
            self.outage()

    def lamp(self):
        """Switches the lamp, as anyone may who can publish."""
        on = self._subscriber.words[LAMP].value == "ON"
        self._subscriber.send(LAMP + "/set", "OFF" if on else "ON")

    def outage(self):
        """An outage and its recovery: the readings of these seconds arrive afterwards."""
        over = not self._flip(_A_WHILE)
        self._until = None if over else time.monotonic() + _OUTAGE
        self._board.wifi(over)

    def wifi(self):
        self._board.wifi(not self._flip("Wi-Fi gone"))

    def sensor(self):
        model = self._board.sensor(PART)
        model.unplug() if self._flip("sensor unplugged") else model.plug()

    def power(self):
        self._board.power_off() if self._flip("no power") else self._board.power_on()

    def broker(self):
        self._broker.stop() if self._flip("broker down") else self._broker.start()
