"""The faults of wiring: what a board's pins cannot do, two parts on one pin, two at one address."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from girouette.boards import BoardInfo, Pin

from .config import Config, Entry
from .fault import Fault, Path, dotted, shown
from .keys import nearest

_SPI = ("sck", "mosi", "miso", "cs", "reset")  # what a W5500 has to be told
_WIRED = ("mdc", "mdio", "power", "ref_clk", *_SPI)
_TOLD = ("mdc", "mdio")  # what an ESP32's port has to be told; its other pins are fixed, or have a usual place
_CLOCKS = ("0", "16", "17")  # where an ESP32's ref_clk can be
_APART = {"i2c": "address", "onewire": "rom"}  # the key that tells the parts on a bus apart


@dataclass(frozen=True)
class Use:
    """A pin that the configuration names. `bus`: what may share it, in the same place; `key` is that place."""

    path: Path
    wanted: int | str
    bus: tuple = ()
    drives: bool = True
    analog: bool = False
    strapped: bool = False  # what is there is made for a pin that is read when the chip starts

    @property
    def owner(self) -> tuple:
        return (*self.bus, self.path[-1]) if self.bus else self.path


def faults(config: Config, board: BoardInfo | None, strapping: bool = False) -> list[Fault]:
    """strapping: whether pins that are read when the chip starts may be used. Without a board its part is left out."""
    found = [*_network(config, board), *_of_board(config, board, strapping)] if board else []
    return [*found, *_missing(config), *_shared(config, board), *_addresses(config, board)]


def cautions(config: Config, board: BoardInfo) -> list[str]:
    """What to have in mind with the pins that are used."""
    told = []
    for use in _used(config, board):
        pin = board.pin(use.wanted)
        if pin and pin.caution and not pin.taken:
            told.append(f"{dotted(use.path)}: pin {_called(use.wanted, pin)} is {pin.caution}")
    return told


def _used(config: Config, board: BoardInfo | None) -> Iterator[Use]:
    knows = board and config.wired.get("wired") == "rmii" and "rmii" not in board.buses  # its port, by itself
    for key in _WIRED:
        if config.wired.get(key) is not None and not knows:
            yield Use(("network", key), config.wired[key], strapped=key == "ref_clk")
    if config.led.get("pin") is not None:
        yield Use(("led", "pin"), config.led["pin"])
    if config.sleep.get("battery_pin") is not None:
        yield Use(("sleep", "battery_pin"), config.sleep["battery_pin"], drives=False, analog=True)
    for entry in config.entries:
        bus = _bus(entry, board)
        if entry.kind and not bus:
            continue  # a pin is missing: it cannot be told which bus this is
        for key, wanted in entry.pins().items():
            yield Use((*entry.path, key), wanted, bus or (), drives=not entry.only_reads(key), analog=entry.analog(key))


def _network(config: Config, board: BoardInfo) -> Iterator[Fault]:
    networks, way = config.found.get("network"), config.wired.get("wired")
    if isinstance(networks, list) and networks and "wifi" not in board.network:
        yield Fault(("network",), f"a board with Wi-Fi, which {board.id} has not", "Wi-Fi networks", at_key=True)
    if way and way not in board.network:
        known = f"a port that {board.id} has ({', '.join(board.network)})"
        yield Fault(("network", "wired"), known, shown(way))
    if way == "rmii" and way in board.network:
        yield from _port(config, board)
    if way:
        yield from _on_board(config, board, board.buses.get(way, {}))


def _on_board(config: Config, board: BoardInfo, wires: dict) -> Iterator[Fault]:
    """Where the chip of the port is on the board itself, its wires lie where they lie."""
    for key, pin in wires.items():
        wanted = config.wired.get(key)
        if key not in _WIRED or not board.pin(pin).taken:
            continue
        if wanted is None and key not in (*_TOLD, *_SPI):  # those are asked for on every board
            yield Fault(("network", key), f"{pin}, as {board.id} is wired", "nothing")
        elif wanted is not None and _same(board, wanted) != _same(board, pin):
            yield Fault(("network", key), f"{pin}, as {board.id} is wired", shown(wanted))


def _port(config: Config, board: BoardInfo) -> Iterator[Fault]:
    """An ESP32 has to be told its PHY's pins; other boards know their own."""
    told = "rmii" in board.buses
    for key in _TOLD:
        if told and config.wired.get(key) is None:
            hint = f"the number of a pin (often {board.buses['rmii'][key]})"
            yield Fault(("network", key), hint, "nothing")
        elif not told and config.wired.get(key) is not None:
            expected = f"no such key: the port of {board.id} has its own pins"
            yield Fault(("network", key), expected, shown(config.wired[key]), at_key=True)
    clock = config.wired.get("ref_clk")
    if told and clock is not None and str(clock) not in _CLOCKS:
        yield Fault(("network", "ref_clk"), "one of the pins 0, 16 and 17", shown(clock))


def _missing(config: Config) -> Iterator[Fault]:
    if config.wired.get("wired") == "w5500":
        for key in _SPI:
            if key not in config.found["network"]:
                yield Fault(("network", key), "the number or the name of a pin", "nothing")


def _of_board(config: Config, board: BoardInfo, strapping: bool) -> Iterator[Fault]:
    for use in _used_on(config, board):
        pin = board.pin(use.wanted)
        if pin is None:
            hint = nearest(use.wanted, board.spellings())
            yield Fault(use.path, f"a pin of {board.id}", shown(use.wanted), hint)
        elif not _is_own(config, board, use) and (why := _refused(pin, use, strapping)):
            expected, what = why
            yield Fault(use.path, expected, f"{_called(use.wanted, pin)}, {what}")
    yield from _pulled(config, board)


def _is_own(config: Config, board: BoardInfo, use: Use) -> bool:
    """Whether this is a wire of the board's own network port: `_on_board` judges it."""
    wires = board.buses.get(config.wired.get("wired"), {}) if use.path[0] == "network" else {}
    return use.path[-1] in wires and board.pin(wires[use.path[-1]]).taken is not None


def _pulled(config: Config, board: BoardInfo) -> Iterator[Fault]:
    """A pin that is input-only has no resistor to pull it."""
    for entry in config.entries:
        pull = entry.keys.get("pull", "none")
        for key, wanted in entry.pins().items():
            pin = board.pin(wanted)
            if pin and pin.input_only and not pin.taken and entry.only_reads(key) and pull != "none":
                expected = '"none", and a resistor of its own'
                yield Fault((*entry.path, "pull"), expected, f"{shown(pull)}, which pin {wanted} has not")


def _used_on(config: Config, board: BoardInfo) -> Iterator[Use]:
    """Also the pins of a part of whose bus one is missing."""
    yield from _used(config, board)
    for entry in config.entries:
        if entry.kind and not entry.bus():
            for key, wanted in entry.pins().items():
                yield Use((*entry.path, key), wanted)


def _refused(pin: Pin, use: Use, strapping: bool) -> tuple[str, str] | None:
    """What is expected instead of this pin, and what it is."""
    if pin.taken:
        return "a free pin", f"which is used by {pin.taken}"
    if use.analog:
        return None if pin.adc else ("a pin that is an analog input", "which is none")
    if use.drives and pin.input_only:
        return "a pin that can be driven", "which is input-only"
    if pin.strapping and not (strapping or use.strapped):
        return "a pin that is not read when the chip starts (or --allow-strapping)", f"a strapping pin: {pin.strapping}"
    return None


def _called(wanted: int | str, pin: Pin) -> str:
    return pin.name if str(wanted) == pin.name else f"{wanted} ({pin.name})"


def _same(board: BoardInfo | None, wanted: int | str) -> int | str:
    """One name for a pin, whatever it is called."""
    pin = board.pin(wanted) if board else None
    return pin.name if pin else str(wanted)


def _shared(config: Config, board: BoardInfo | None) -> Iterator[Fault]:
    """A pin belongs to one part, but for the parts on one bus: they have it in the same place of the same bus."""
    taken: dict[str, tuple] = dict(_fixed(config, board))
    for use in _used(config, board):
        first, where = taken.setdefault(_same(board, use.wanted), (use.owner, dotted(use.path)))
        if first != use.owner:
            yield Fault(use.path, "a pin of its own", f"{shown(use.wanted)}, which is that of {where}")


def _fixed(config: Config, board: BoardInfo | None) -> Iterator[tuple[str, tuple]]:
    """The pins a wired port has without being told."""
    if board and config.wired.get("wired") == "rmii":
        for key, pin in board.buses.get("rmii", {}).items():
            if key not in _TOLD and not (key == "ref_clk" and config.wired.get(key) is not None):
                yield str(pin), (("network", key), f"network ({key.upper()})")


def _bus(entry: Entry, board: BoardInfo | None) -> tuple | None:
    kind, *pins = entry.bus() or (None,)
    return (kind, *(_same(board, pin) for pin in pins)) if kind else None


def _addresses(config: Config, board: BoardInfo | None) -> Iterator[Fault]:
    """Parts on one bus differ in what tells them apart there; only one that is alone may do without."""
    taken: dict[tuple, str] = {}
    shared = Counter(_bus(entry, board) for entry in config.entries)
    for entry in config.entries:
        bus = _bus(entry, board)
        key = _APART.get(bus[0]) if bus else None
        rule = entry.driver["properties"].get(key)
        if rule is None:
            continue
        own = entry.keys[key]
        if own is None and shared[bus] > 1:
            yield Fault((*entry.path, key), f"its {key}, since it is not alone on this pin", "nothing")
        elif own is not None:
            where = taken.setdefault((*bus, int(own, 16)), dotted(entry.path))
            if where != dotted(entry.path):
                others = [other for other in rule.get("enum", ()) if other != own]
                hint = others[0] if len(others) == 1 else None
                a = "an address" if key == "address" else f"a {key}"
                yield Fault((*entry.path, key), f"{a} of its own on this bus", f"{shown(own)}, where {where} is", hint)
