"""The boards of boards/: what each is, and what its pins are good for. Nothing of a configuration is known here."""

import json
from dataclasses import dataclass

from .errors import Failure
from .paths import BOARDS


@dataclass(frozen=True)
class Pin:
    """A pin of a board; the texts are None where there is nothing to say, and as in boards/schema.json."""

    name: str
    input_only: bool = False
    strapping: str | None = None
    taken: str | None = None
    caution: str | None = None
    adc: bool = False


@dataclass(frozen=True)
class Firmware:
    """MicroPython for a board: where it is, what its file is called, and how it is written (boards/schema.json)."""

    url: str
    pattern: str
    method: str  # esptool, uf2 or dfu
    offset: int | None = None
    family: int | None = None
    volume: str | None = None
    address: int | None = None


class BoardInfo:
    """A board.json. Its keys are those of boards/schema.json, which says what they mean."""

    def __init__(self, about: dict):
        self.about = about
        self.id: str = about["id"]
        self.name: str = about["name"]
        self.micropython: str = about["micropython"]
        self.chip: str = about["chip"]
        self.arch: str = about["arch"]
        self.heap: int = about["heap"]  # KB
        self.filesystem: str = about["filesystem"]
        self.watchdog_ms: int = about["watchdog_ms"]
        self.sleep: str = about["sleep"]
        self.led: dict | None = about.get("led")
        self.since: dict[str, str] = about.get("since", {})
        self.firmware = Firmware(**{key: _number(key, value) for key, value in about["firmware"].items()})
        self.network: list[str] = about["network"]
        self.buses: dict[str, dict] = about["buses"]
        self.header: dict = about["header"]
        self.sources: list[str] = about["sources"]
        self._names: dict[str, str] = about.get("names", {})
        self._pins = {name: Pin(name, **what) for name, what in about["pins"].items()}

    def pin(self, wanted: int | str) -> Pin | None:
        """The pin of that number or name, as the board's firmware finds it."""
        if isinstance(wanted, int):
            return self._pins.get(str(wanted))
        name = self._names.get(wanted, wanted)
        return None if wanted.isdigit() else self._pins.get(name)

    @property
    def pins(self) -> list[Pin]:
        """All of them, in the order of the file."""
        return list(self._pins.values())

    def called(self, pin: Pin) -> list[str]:
        """The other names of a pin."""
        return [name for name, of in self._names.items() if of == pin.name]

    def spellings(self) -> list[str]:
        """Everything a pin can be called."""
        return [*self._pins, *self._names]


def _number(key: str, value: str) -> str | int:
    """What JSON cannot write in hexadecimal stands there as text."""
    return int(value, 16) if key in ("offset", "family", "address") else value


def ids() -> list[str]:
    """All boards there are."""
    return sorted(path.parent.name for path in BOARDS.glob("*/board.json"))


def load(board: str) -> BoardInfo:
    """The board of that id. Raises Failure with those there are."""
    path = BOARDS / board / "board.json"
    if not path.is_file():
        raise Failure(f"there is no board {board}; there are {', '.join(ids())}")
    return BoardInfo(json.loads(path.read_text()))
